//! Transfers of learners between two schools of one installation.

use crate::table::{index, key, references};
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
        // `open_of` is the learner until the transfer has ended one way or another: one at a time. `due_on` is the last day of the
        // step that is waited for, null where nothing is.
        let t = Table::create()
            .table("transfer")
            .col(uuid("id"))
            .col(uuid("learner_id"))
            .col(uuid_null("open_of"))
            .col(uuid("from_school_id"))
            .col(uuid("to_school_id"))
            .col(string_len("asked_by", 10))
            .col(string_len("state", 10))
            .col(date("wished_on"))
            .col(string_len_null("reason", 500))
            .col(string_len("clock", 20))
            .col(date_null("due_on"))
            .col(timestamp_with_time_zone("requested_at"))
            .col(uuid_null("requested_by"))
            .col(timestamp_with_time_zone_null("answered_at"))
            .col(uuid_null("answered_by"))
            .col(string_len_null("answer", 500))
            .col(uuid_null("class_id"))
            .col(timestamp_with_time_zone_null("released_at"))
            .col(uuid_null("released_by"))
            .col(string_len_null("release_note", 500))
            .col(date_null("moved_on"))
            .col(timestamp_with_time_zone_null("placed_at"))
            .col(uuid_null("placed_by"))
            .col(timestamp_with_time_zone_null("withdrawn_at"))
            .col(uuid_null("withdrawn_by"))
            .col(string_len_null("withdrawal", 500))
            .col(big_integer("version"))
            .primary_key(&mut key(&["id"]))
            .foreign_key(&mut references("transfer", "learner_id", "learner", "id"))
            .foreign_key(&mut references("transfer", "from_school_id", "unit", "id"))
            .foreign_key(&mut references("transfer", "to_school_id", "unit", "id"))
            .to_owned();
        manager.create_table(t).await?;
        index(manager, "transfer_open_key", "transfer", &["open_of"], true).await?;
        index(manager, "transfer_learner", "transfer", &["learner_id"], false).await?;
        index(manager, "transfer_from", "transfer", &["from_school_id", "id"], false).await?;
        index(manager, "transfer_to", "transfer", &["to_school_id", "id"], false).await
    }
}
