//! The order in which staff is listed, with the text in which it is searched.

use crate::table::index;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // A list of the whole province walks it and stops at the end of a page; a search reads nothing else of who does not fit.
        index(manager, "staff_order", "staff", &["sort_key", "id", "search_text"], false).await
    }
}
