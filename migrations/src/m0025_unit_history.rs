//! What decisions did to units, what units were called before, and which school goes on for which.

use crate::table::{index, key, references};
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
            .table("unit_event")
            .col(uuid("id"))
            .col(uuid("unit_id"))
            .col(string_len("kind", 20))
            .col(date("effective_on"))
            .col(string_len("decision_number", 60))
            .col(date("decided_on"))
            .col(text_null("note"))
            .col(string_len("unit_name", 200))
            .col(text("detail"))
            .col(timestamp_with_time_zone("recorded_at"))
            .col(uuid_null("recorded_by"))
            .primary_key(&mut key(&["id"]))
            .foreign_key(&mut references("unit_event", "unit_id", "unit", "id"))
            .to_owned();
        manager.create_table(t).await?;
        index(manager, "unit_event_unit", "unit_event", &["unit_id", "effective_on", "id"], false).await?;
        // What a unit was until a day (excluded); from the last such day on, the row of the unit itself says it.
        let t = Table::create()
            .table("unit_former")
            .col(uuid("unit_id"))
            .col(date("valid_to"))
            .col(string_len("name", 200))
            .col(string_len("short_name", 60))
            .col(string_len("levels", 60))
            .primary_key(&mut key(&["unit_id", "valid_to"]))
            .foreign_key(&mut references("unit_former", "unit_id", "unit", "id"))
            .to_owned();
        manager.create_table(t).await?;
        let t = Table::create()
            .table("unit_successor")
            .col(uuid("unit_id"))
            .col(uuid("successor_id"))
            .col(date("since"))
            .primary_key(&mut key(&["unit_id"]))
            .foreign_key(&mut references("unit_successor", "unit_id", "unit", "id"))
            .foreign_key(&mut references("unit_successor", "successor_id", "unit", "id"))
            .to_owned();
        manager.create_table(t).await?;
        index(manager, "unit_successor_successor", "unit_successor", &["successor_id"], false).await
    }
}
