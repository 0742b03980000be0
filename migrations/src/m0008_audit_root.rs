//! The daily signed roots over the chains of the log.

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
            .table("audit_root")
            .col(date("day"))
            .col(string_len("root", 64))
            .col(text("jws"))
            .col(timestamp_with_time_zone("sealed_at"))
            .primary_key(&mut key(&["day"]))
            .to_owned();
        manager.create_table(t).await?;
        let t = Table::create()
            .table("audit_seal")
            .col(uuid("school_id"))
            .col(big_integer("seq"))
            .col(string_len("hash", 64))
            .col(date("day"))
            .primary_key(&mut key(&["school_id", "seq"]))
            .to_owned();
        clustered(manager, t).await
    }
}
