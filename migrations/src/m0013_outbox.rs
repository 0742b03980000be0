//! The outbox: what is to leave the house, written in the same transaction as the change that causes it.

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
        // The key is the promise: one row for an event, a channel and a recipient, and so one message.
        let t = Table::create()
            .table("outbox")
            .col(uuid("school_id"))
            .col(string_len("event_key", 120))
            .col(string_len("channel", 10))
            .col(string_len("recipient", 80))
            .col(uuid("id"))
            .col(string_len("state", 8))
            .col(small_integer("attempts"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("due_at"))
            .col(timestamp_with_time_zone_null("done_at"))
            .col(string_len_null("last_error", 200))
            .primary_key(&mut key(&["school_id", "event_key", "channel", "recipient"]))
            .to_owned();
        clustered(manager, t).await?;
        index(manager, "outbox_due", "outbox", &["state", "due_at", "school_id", "id"], false).await?;
        index(manager, "outbox_id", "outbox", &["id"], false).await?;
        Ok(())
    }
}
