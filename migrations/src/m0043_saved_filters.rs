//! Filters of lists that a person keeps under a name.

use crate::table::{key, references};
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
        // Read by account alone, some dozens at once, so the key is the only index.
        let t = Table::create()
            .table("saved_filter")
            .col(uuid("account_id"))
            .col(uuid("id"))
            .col(string_len("page", 200))
            .col(string_len("name", 80))
            .col(string_len("query", 1000))
            .col(big_integer("version"))
            .primary_key(&mut key(&["account_id", "id"]))
            .foreign_key(&mut references("saved_filter", "account_id", "account", "id"))
            .to_owned();
        manager.create_table(t).await
    }
}
