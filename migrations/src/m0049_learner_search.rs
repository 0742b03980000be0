//! The index by which a name is searched in a whole province.

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
        // A rare name is looked for in every school. With all that the search reads in the index, no learner's row is touched for it.
        index(manager, "learner_search", "learner", &["school_id", "search_text", "sort_key", "id"], false).await
    }
}
