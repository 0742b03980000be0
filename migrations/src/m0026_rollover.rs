//! Kết chuyển năm học: what a school changed in its plan, and the runs over many schools.

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
        // The school year that ends.
        let t = Table::create()
            .table("rollover_plan")
            .col(uuid("school_id"))
            .col(uuid("school_year_id"))
            .col(text("edits"))
            .col(big_integer("version"))
            .col(timestamp_with_time_zone("updated_at"))
            .col(uuid_null("updated_by"))
            .primary_key(&mut key(&["school_id", "school_year_id"]))
            .to_owned();
        clustered(manager, t).await?;
        let t = Table::create()
            .table("rollover_run")
            .col(uuid("id"))
            .col(uuid("unit_id"))
            .col(uuid("school_year_id"))
            .col(boolean("undo"))
            .col(uuid_null("account_id"))
            .col(string_len("state", 7))
            .col(timestamp_with_time_zone("started_at"))
            .col(timestamp_with_time_zone_null("finished_at"))
            .col(integer("schools"))
            .primary_key(&mut key(&["id"]))
            .to_owned();
        manager.create_table(t).await?;
        index(manager, "rollover_run_unit", "rollover_run", &["unit_id", "id"], false).await?;
        let t = Table::create()
            .table("rollover_run_school")
            .col(uuid("school_id"))
            .col(uuid("run_id"))
            .col(integer("classes"))
            .col(integer("learners"))
            .col(integer("opened"))
            .col(integer("waiting"))
            .col(string_len_null("fault", 60))
            .primary_key(&mut key(&["school_id", "run_id"]))
            .to_owned();
        clustered(manager, t).await?;
        index(manager, "rollover_run_school_run", "rollover_run_school", &["run_id"], false).await
    }
}
