//! Yearly figures of schools with sign-off, campaigns for them, and the inventory of equipment.

use crate::table::{clustered, index, key};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // One row a school, kind and year. `figures` is what is being entered, `sealed` what was signed last: {"code":value}.
        let t = Table::create()
            .table("yearly_sheet")
            .col(uuid("school_id"))
            .col(string_len("kind", 20))
            .col(small_integer("year"))
            .col(string_len("state", 10))
            .col(text("figures"))
            .col(text_null("sealed"))
            .col(timestamp_with_time_zone_null("signed_at"))
            .col(uuid_null("signed_by"))
            .col(timestamp_with_time_zone("updated_at"))
            .col(uuid_null("updated_by"))
            .col(big_integer("version"))
            .primary_key(&mut key(&["school_id", "kind", "year"]))
            .to_owned();
        clustered(manager, t).await?;
        index(manager, "yearly_sheet_year", "yearly_sheet", &["kind", "year"], false).await?;
        // Every signing, with what was signed and how it ended.
        let t = Table::create()
            .table("yearly_seal")
            .col(uuid("school_id"))
            .col(string_len("kind", 20))
            .col(small_integer("year"))
            .col(uuid("id"))
            .col(text("figures"))
            .col(timestamp_with_time_zone("signed_at"))
            .col(uuid_null("signed_by"))
            .col(timestamp_with_time_zone_null("reopened_at"))
            .col(uuid_null("reopened_by"))
            .col(string_len_null("reason", 500))
            .primary_key(&mut key(&["school_id", "kind", "year", "id"]))
            .to_owned();
        clustered(manager, t).await?;
        // What the province asks its schools for, and by when.
        let t = Table::create()
            .table("yearly_campaign")
            .col(string_len("kind", 20))
            .col(small_integer("year"))
            .col(date("as_of"))
            .col(date("due_on"))
            .col(string_len_null("note", 500))
            .col(big_integer("version"))
            .primary_key(&mut key(&["kind", "year"]))
            .to_owned();
        manager.create_table(t).await?;
        let t = Table::create()
            .table("equipment")
            .col(uuid("school_id"))
            .col(string_len("code", 10))
            .col(string_len("name", 200))
            .col(string_len("kind", 20))
            .col(string_len_null("number", 40))
            .col(string_len("place", 120))
            .col(string_len("state", 10))
            .col(small_integer_null("acquired_year"))
            .col(string_len_null("source", 120))
            .col(big_integer_null("price"))
            .col(string_len_null("note", 500))
            .col(date_null("seen_on"))
            .col(uuid_null("seen_by"))
            .col(blob("sort_key"))
            .col(string_len("search_text", 500))
            .col(timestamp_with_time_zone("created_at"))
            .col(big_integer("version"))
            .primary_key(&mut key(&["school_id", "code"]))
            .to_owned();
        clustered(manager, t).await?;
        index(manager, "equipment_code", "equipment", &["code"], false).await?;
        index(manager, "equipment_name", "equipment", &["school_id", "sort_key", "code"], false).await?;
        // What became of an item: added, found, moved, changed in state.
        let t = Table::create()
            .table("equipment_event")
            .col(uuid("school_id"))
            .col(string_len("equipment_code", 10))
            .col(uuid("id"))
            .col(timestamp_with_time_zone("happened_at"))
            .col(uuid_null("by_account"))
            .col(string_len("place", 120))
            .col(string_len("state", 10))
            .col(string_len_null("note", 500))
            .primary_key(&mut key(&["school_id", "equipment_code", "id"]))
            .to_owned();
        clustered(manager, t).await?;
        // A photo of what the school has; the picture itself is a stored file that belongs to this row.
        let t = Table::create()
            .table("facility_photo")
            .col(uuid("school_id"))
            .col(uuid("id"))
            .col(string_len("topic", 20))
            .col(string_len_null("equipment_code", 10))
            .col(date("taken_on"))
            .col(string_len_null("caption", 300))
            .col(uuid("file_id"))
            .primary_key(&mut key(&["school_id", "id"]))
            .to_owned();
        clustered(manager, t).await?;
        index(manager, "facility_photo_taken", "facility_photo", &["school_id", "taken_on"], false).await
    }
}
