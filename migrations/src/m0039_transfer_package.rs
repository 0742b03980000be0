//! Signed packages that carry a learner's record from another installation, as they came, and what became of each.

use crate::table::{index, key};
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
            .table("transfer_package")
            .col(uuid("school_id"))
            .col(uuid("id"))
            .col(uuid("package"))
            .col(string_len("state", 10))
            .col(text("about"))
            .col(blob("bytes"))
            .col(timestamp_with_time_zone("received_at"))
            .col(uuid_null("received_by"))
            .col(timestamp_with_time_zone_null("decided_at"))
            .col(uuid_null("decided_by"))
            .col(uuid_null("learner_id"))
            .col(text_null("note"))
            .primary_key(&mut key(&["school_id", "id"]))
            .to_owned();
        manager.create_table(t).await?;
        // The same package is received once by a school.
        index(manager, "transfer_package_key", "transfer_package", &["school_id", "package"], true).await?;
        index(manager, "transfer_package_id_idx", "transfer_package", &["id"], false).await
    }
}
