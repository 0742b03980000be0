//! The index by which the learners of a class on a day are counted.

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
        // Still that of a class that goes; with the days in it a province is counted without touching 250,000 rows.
        manager.drop_index(Index::drop().name("enrolment_class").table("enrolment").to_owned()).await?;
        index(manager, "enrolment_class", "enrolment", &["class_id", "enrolled_on", "left_on"], false).await
    }
}
