//! One person, one record: the key by which likely duplicates are found, codes with their history, merges that can be undone.

use crate::table::{clustered, index, key, references};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;
use sea_orm_migration::sea_orm::ConnectionTrait;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Folded name and birth date in one text; and the record that this one was merged into.
        let t = Table::alter().table("learner").add_column(string_len_null("match_key", 340)).to_owned();
        manager.alter_table(t).await?;
        let t = Table::alter().table("learner").add_column(uuid_null("merged_into")).to_owned();
        manager.alter_table(t).await?;
        // What is searched begins with the folded name, which has as many letters as the name.
        let fill =
            "UPDATE learner SET match_key = substr(search_text, 1, length(full_name)) || ' ' || CAST(birth_date AS varchar(10))";
        manager.get_connection().execute_unprepared(fill).await?;
        // Wide enough to find what stands twice without the table.
        index(manager, "learner_match", "learner", &["match_key", "personal_id", "school_id", "id"], false).await?;
        index(manager, "learner_merged", "learner", &["merged_into"], false).await?;
        // A code of a learner and when it was theirs. `held` is the code with its kind (and school, for a school's own) as long as it
        // is, and null afterwards: of those that are held each is there once.
        let t = Table::create()
            .table("learner_code")
            .col(uuid("learner_id"))
            .col(uuid("id"))
            .col(string_len("kind", 12))
            .col(string_len("value", 40))
            .col(uuid_null("school_id"))
            .col(string_len_null("held", 120))
            .col(date_null("valid_from"))
            .col(date_null("valid_to"))
            .col(string_len_null("reason", 500))
            .col(timestamp_with_time_zone("set_at"))
            .col(uuid_null("set_by"))
            .primary_key(&mut key(&["learner_id", "id"]))
            .foreign_key(&mut references("learner_code", "learner_id", "learner", "id"))
            .to_owned();
        clustered(manager, t).await?;
        index(manager, "learner_code_held_key", "learner_code", &["held"], true).await?;
        // `moved`: what was moved and what both records were, as JSON, so that a merge can be split again.
        let t = Table::create()
            .table("learner_merge")
            .col(uuid("id"))
            .col(uuid("kept_id"))
            .col(uuid("merged_id"))
            .col(string_len("reason", 500))
            .col(text("moved"))
            .col(timestamp_with_time_zone("merged_at"))
            .col(uuid_null("merged_by"))
            .col(timestamp_with_time_zone_null("split_at"))
            .col(uuid_null("split_by"))
            .col(string_len_null("split_reason", 500))
            .primary_key(&mut key(&["id"]))
            .foreign_key(&mut references("learner_merge", "kept_id", "learner", "id"))
            .foreign_key(&mut references("learner_merge", "merged_id", "learner", "id"))
            .to_owned();
        manager.create_table(t).await?;
        index(manager, "learner_merge_kept", "learner_merge", &["kept_id"], false).await?;
        index(manager, "learner_merge_merged", "learner_merge", &["merged_id"], false).await?;
        // Two who look like one child and are not; the smaller id first.
        let t = Table::create()
            .table("learner_distinct")
            .col(uuid("low_id"))
            .col(uuid("high_id"))
            .col(string_len_null("reason", 500))
            .col(timestamp_with_time_zone("said_at"))
            .col(uuid_null("said_by"))
            .primary_key(&mut key(&["low_id", "high_id"]))
            .foreign_key(&mut references("learner_distinct", "low_id", "learner", "id"))
            .foreign_key(&mut references("learner_distinct", "high_id", "learner", "id"))
            .to_owned();
        clustered(manager, t).await
    }
}
