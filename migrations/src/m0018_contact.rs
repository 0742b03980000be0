//! The contact book: receipts of learners.

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
        // A learner has read a notice; who counts the receipts of families does not count this.
        let t = Table::create()
            .table("learner_receipt")
            .col(uuid("school_id"))
            .col(uuid("notice_id"))
            .col(uuid("learner_id"))
            .col(timestamp_with_time_zone("read_at"))
            .primary_key(&mut key(&["school_id", "notice_id", "learner_id"]))
            .to_owned();
        clustered(manager, t).await
    }
}
