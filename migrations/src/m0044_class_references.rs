//! Indexes by which a class that goes finds what leads to it.

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
        // Both engines look for rows that still lead to a class when it is deleted. The keys begin with the school, so that each class
        // that a rollover takes back would have them read from one end to the other.
        index(manager, "enrolment_class", "enrolment", &["class_id"], false).await?;
        index(manager, "subject_enrolment_class", "subject_enrolment", &["class_id"], false).await
    }
}
