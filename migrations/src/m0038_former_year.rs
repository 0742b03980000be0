//! Whole school years at schools outside of these records: from a signed transcript, whose file is kept, or typed from a paper one.

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
        let t = Table::create()
            .table("former_year")
            .col(uuid("school_id"))
            .col(uuid("learner_id"))
            .col(string_len("school_year", 9))
            .col(text("content"))
            .col(text_null("signed"))
            .col(big_integer("version"))
            .col(timestamp_with_time_zone("updated_at"))
            .col(uuid_null("updated_by"))
            .primary_key(&mut key(&["school_id", "learner_id", "school_year"]))
            .to_owned();
        clustered(manager, t).await?;
        // Beside the rows: a list of years reads no files.
        let t = Table::create()
            .table("former_year_file")
            .col(uuid("school_id"))
            .col(uuid("learner_id"))
            .col(string_len("school_year", 9))
            .col(string_len("form", 3))
            .col(blob("bytes"))
            .primary_key(&mut key(&["school_id", "learner_id", "school_year"]))
            .to_owned();
        manager.create_table(t).await
    }
}
