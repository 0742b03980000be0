//! The append-only log, hash-chained per school.

use crate::table::{clustered, key};
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
        let t = Table::create()
            .table("audit_head")
            .col(uuid("school_id"))
            .col(big_integer("seq"))
            .col(string_len("hash", 64))
            .primary_key(&mut key(&["school_id"]))
            .to_owned();
        manager.create_table(t).await?;
        let t = Table::create()
            .table("audit")
            .col(uuid("school_id"))
            .col(big_integer("seq"))
            .col(uuid("id"))
            .col(timestamp_with_time_zone("at"))
            .col(uuid_null("account_id"))
            .col(string_len("request_id", 64))
            .col(string_len("verb", 60))
            .col(string_len("subject", 40))
            .col(string_len("subject_id", 100))
            .col(text_null("before"))
            .col(text_null("after"))
            .col(string_len("prev_hash", 64))
            .col(string_len("hash", 64))
            .primary_key(&mut key(&["school_id", "seq"]))
            .to_owned();
        clustered(manager, t).await?;
        Ok(())
    }
}
