//! Closing a term of all classes of a unit at once: the run, and the classes that were not ready.

use crate::table::{clustered, index, key};
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
            .table("closing_run")
            .col(uuid("id"))
            .col(uuid("unit_id"))
            .col(uuid("school_year_id"))
            .col(small_integer("term"))
            .col(uuid_null("account_id"))
            .col(string_len("state", 7))
            .col(timestamp_with_time_zone("started_at"))
            .col(timestamp_with_time_zone_null("finished_at"))
            .col(integer("classes"))
            .col(integer("closed"))
            .col(integer("learners"))
            .primary_key(&mut key(&["id"]))
            .to_owned();
        manager.create_table(t).await?;
        index(manager, "closing_run_unit_idx", "closing_run", &["unit_id", "id"], false).await?;
        let t = Table::create()
            .table("closing_run_class")
            .col(uuid("school_id"))
            .col(uuid("run_id"))
            .col(uuid("class_id"))
            .col(integer("missing"))
            .primary_key(&mut key(&["school_id", "run_id", "class_id"]))
            .to_owned();
        clustered(manager, t).await
    }
}
