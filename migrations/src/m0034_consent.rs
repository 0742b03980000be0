//! Consent: texts of purposes, what was said about them (never changed, only added to), requests about data.

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
            .table("consent_purpose")
            .col(string_len("code", 40))
            .col(integer("version"))
            .col(integer("holds_from"))
            .col(string_len("title_vi", 120))
            .col(string_len("title_en", 120))
            .col(text("text_vi"))
            .col(text("text_en"))
            .col(timestamp_with_time_zone("published_at"))
            .col(uuid_null("published_by"))
            .primary_key(&mut key(&["code", "version"]))
            .to_owned();
        manager.create_table(t).await?;
        let t = Table::create()
            .table("consent")
            .col(uuid("school_id"))
            .col(uuid("learner_id"))
            .col(uuid("id"))
            .col(string_len("purpose", 40))
            .col(integer("version"))
            .col(string_len("act", 10))
            .col(string_len("party", 16))
            .col(uuid_null("guardian_id"))
            .col(uuid_null("account_id"))
            .col(string_len("evidence", 10))
            .col(string_len_null("note", 300))
            .col(string_len("request_id", 100))
            .col(timestamp_with_time_zone("at"))
            .primary_key(&mut key(&["school_id", "learner_id", "id"]))
            .to_owned();
        clustered(manager, t).await?;
        index(manager, "consent_purpose_of_school", "consent", &["school_id", "purpose"], false).await?;
        index(manager, "consent_learner", "consent", &["learner_id"], false).await?;
        let t = Table::create()
            .table("data_request")
            .col(uuid("school_id"))
            .col(uuid("id"))
            .col(uuid("learner_id"))
            .col(string_len("kind", 10))
            .col(text("body"))
            .col(string_len("state", 10))
            .col(uuid_null("asked_by"))
            .col(timestamp_with_time_zone("asked_at"))
            .col(date("due_on"))
            .col(text_null("answer"))
            .col(uuid_null("answered_by"))
            .col(timestamp_with_time_zone_null("answered_at"))
            .col(big_integer("version"))
            .primary_key(&mut key(&["school_id", "id"]))
            .to_owned();
        clustered(manager, t).await?;
        index(manager, "data_request_id", "data_request", &["id"], false).await?;
        index(manager, "data_request_learner", "data_request", &["learner_id"], false).await
    }
}
