//! Erasing personal data with four eyes: what one person asks for and another confirms or declines; what a school says about it.

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
        // `rows`: kinds with their counts, as JSON: what was there when it was asked, then what went.
        let t = Table::create()
            .table("erasure")
            .col(uuid("school_id"))
            .col(uuid("id"))
            .col(uuid("learner_id"))
            .col(text("rows"))
            .col(string_len("reason", 500))
            .col(string_len("state", 10))
            .col(uuid_null("asked_by"))
            .col(uuid_null("asked_person"))
            .col(timestamp_with_time_zone("asked_at"))
            .col(date("until_on"))
            .col(uuid_null("decided_by"))
            .col(timestamp_with_time_zone_null("decided_at"))
            .col(string_len_null("note", 500))
            .primary_key(&mut key(&["school_id", "id"]))
            .to_owned();
        clustered(manager, t).await?;
        index(manager, "erasure_id", "erasure", &["id"], false).await?;
        index(manager, "erasure_learner", "erasure", &["learner_id"], false).await?;
        let t = Table::create()
            .table("erasure_policy")
            .col(uuid("school_id"))
            .col(small_integer("confirm_days"))
            .col(boolean("from_above"))
            .col(big_integer("version"))
            .primary_key(&mut key(&["school_id"]))
            .to_owned();
        manager.create_table(t).await
    }
}
