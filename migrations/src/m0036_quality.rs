//! Data quality: what the rules have found, what became of it, and how much was open on each day.

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
            .table("quality_finding")
            .col(uuid("school_id"))
            .col(string_len("rule", 30))
            .col(uuid("subject_id"))
            .col(uuid("id"))
            .col(string_len("title", 200))
            .col(string_len("vi", 500))
            .col(string_len("en", 500))
            .col(string_len("state", 10))
            .col(date("due_on"))
            .col(timestamp_with_time_zone("found_at"))
            .col(timestamp_with_time_zone_null("settled_at"))
            .col(uuid_null("settled_by"))
            .col(string_len_null("reason", 300))
            .col(big_integer("version"))
            .primary_key(&mut key(&["school_id", "rule", "subject_id"]))
            .to_owned();
        clustered(manager, t).await?;
        index(manager, "quality_finding_id", "quality_finding", &["id"], false).await?;
        index(manager, "quality_finding_subject", "quality_finding", &["subject_id"], false).await?;
        let t = Table::create()
            .table("quality_step")
            .col(uuid("school_id"))
            .col(uuid("finding_id"))
            .col(big_integer("version"))
            .col(string_len("state", 10))
            .col(timestamp_with_time_zone("at"))
            .col(uuid_null("account_id"))
            .col(string_len_null("reason", 300))
            .primary_key(&mut key(&["school_id", "finding_id", "version"]))
            .to_owned();
        clustered(manager, t).await?;
        let t = Table::create()
            .table("quality_count")
            .col(uuid("school_id"))
            .col(string_len("rule", 30))
            .col(integer("open"))
            .col(integer("overdue"))
            .col(integer("accepted"))
            .primary_key(&mut key(&["school_id", "rule"]))
            .to_owned();
        clustered(manager, t).await?;
        let t = Table::create()
            .table("quality_day")
            .col(uuid("school_id"))
            .col(date("day"))
            .col(integer("open"))
            .col(integer("overdue"))
            .col(timestamp_with_time_zone("checked_at"))
            .primary_key(&mut key(&["school_id", "day"]))
            .to_owned();
        clustered(manager, t).await?;
        index(manager, "quality_day_day", "quality_day", &["day"], false).await?;
        Ok(())
    }
}
