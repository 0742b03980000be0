//! The order in which a school shows the photos of its facilities, and a version for what is said of each.

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
        // The greatest comes first; nobody has arranged those without one, which stand by their day.
        let t = Table::alter().table("facility_photo").add_column(integer_null("position")).to_owned();
        manager.alter_table(t).await?;
        // Nothing was changed since this was counted: the first.
        let t = Table::alter().table("facility_photo").add_column(big_integer_null("version")).to_owned();
        manager.alter_table(t).await
    }
}
