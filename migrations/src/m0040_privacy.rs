//! Where a check of health was held, if at a school elsewhere; the scan of a consent that was given on paper; what a school shows to the
//! public, and who is in it.

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
        let t = Table::alter().table("health_round").add_column(string_len_null("origin", 200)).to_owned();
        manager.alter_table(t).await?;
        let t = Table::alter().table("consent").add_column(uuid_null("file_id")).to_owned();
        manager.alter_table(t).await?;
        let t = Table::create()
            .table("publication")
            .col(uuid("school_id"))
            .col(uuid("id"))
            .col(string_len("title", 200))
            .col(text_null("body"))
            .col(uuid_null("file_id"))
            .col(timestamp_with_time_zone("published_at"))
            .col(uuid_null("published_by"))
            .col(timestamp_with_time_zone_null("withdrawn_at"))
            .primary_key(&mut key(&["school_id", "id"]))
            .to_owned();
        clustered(manager, t).await?;
        let t = Table::create()
            .table("publication_person")
            .col(uuid("school_id"))
            .col(uuid("publication_id"))
            .col(uuid("learner_id"))
            .col(boolean("shown"))
            .col(boolean("named"))
            .primary_key(&mut key(&["school_id", "publication_id", "learner_id"]))
            .to_owned();
        clustered(manager, t).await?;
        index(manager, "publication_person_learner", "publication_person", &["learner_id"], false).await
    }
}
