//! The contact book: notices with their receipts, threads between families and teachers, requests for leave, what a guardian
//! wants to be told and how.

use crate::table::{clustered, index, key, references};
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
        notices(manager).await?;
        threads(manager).await?;
        guardians(manager).await
    }
}

async fn notices(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    // One row however many families it is for: a feed finds it by its target.
    let t = Table::create()
        .table("notice")
        .col(uuid("school_id"))
        .col(uuid("id"))
        .col(string_len("event_key", 120))
        .col(string_len("kind", 12))
        .col(string_len("target_kind", 8))
        .col(string_len("target", 36))
        .col(string_len_null("title", 200))
        .col(text_null("body"))
        .col(text_null("params"))
        .col(uuid_null("learner_id"))
        .col(uuid_null("created_by"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone_null("recalled_at"))
        .primary_key(&mut key(&["school_id", "id"]))
        .to_owned();
    clustered(manager, t).await?;
    index(manager, "notice_event_key", "notice", &["school_id", "event_key"], true).await?;
    index(manager, "notice_target", "notice", &["school_id", "target_kind", "target", "id"], false).await?;
    index(manager, "notice_id", "notice", &["id"], false).await?;
    let t = Table::create()
        .table("notice_receipt")
        .col(uuid("school_id"))
        .col(uuid("notice_id"))
        .col(uuid("guardian_id"))
        .col(timestamp_with_time_zone("read_at"))
        .primary_key(&mut key(&["school_id", "notice_id", "guardian_id"]))
        .to_owned();
    clustered(manager, t).await
}

async fn threads(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    // `subject_code` is empty for the thread with the homeroom teacher.
    let t = Table::create()
        .table("thread")
        .col(uuid("school_id"))
        .col(uuid("id"))
        .col(uuid("class_id"))
        .col(uuid("learner_id"))
        .col(string_len("subject_code", 20))
        .col(integer("last_seq"))
        .col(timestamp_with_time_zone("last_at"))
        .primary_key(&mut key(&["school_id", "id"]))
        .to_owned();
    clustered(manager, t).await?;
    index(manager, "thread_of_learner_key", "thread", &["school_id", "class_id", "learner_id", "subject_code"], true).await?;
    index(manager, "thread_learner", "thread", &["learner_id"], false).await?;
    index(manager, "thread_id", "thread", &["id"], false).await?;
    let t = Table::create()
        .table("thread_message")
        .col(uuid("school_id"))
        .col(uuid("thread_id"))
        .col(integer("seq"))
        .col(string_len("client_key", 40))
        .col(uuid_null("account_id"))
        .col(string_len("side", 8))
        .col(text("body"))
        .col(timestamp_with_time_zone("sent_at"))
        .primary_key(&mut key(&["school_id", "thread_id", "seq"]))
        .to_owned();
    clustered(manager, t).await?;
    index(manager, "thread_message_client_key", "thread_message", &["school_id", "thread_id", "account_id", "client_key"], true)
        .await?;
    let t = Table::create()
        .table("thread_member")
        .col(uuid("school_id"))
        .col(uuid("thread_id"))
        .col(uuid("account_id"))
        .col(integer("seen_seq"))
        .col(timestamp_with_time_zone_null("seen_at"))
        .col(boolean("muted"))
        .primary_key(&mut key(&["school_id", "thread_id", "account_id"]))
        .to_owned();
    clustered(manager, t).await?;
    let t = Table::create()
        .table("message_report")
        .col(uuid("school_id"))
        .col(uuid("thread_id"))
        .col(integer("seq"))
        .col(uuid("account_id"))
        .col(uuid("id"))
        .col(string_len("reason", 500))
        .col(timestamp_with_time_zone("reported_at"))
        .col(timestamp_with_time_zone_null("resolved_at"))
        .col(uuid_null("resolved_by"))
        .col(string_len_null("resolution", 500))
        .primary_key(&mut key(&["school_id", "thread_id", "seq", "account_id"]))
        .to_owned();
    clustered(manager, t).await?;
    index(manager, "message_report_id", "message_report", &["id"], false).await?;
    let t = Table::create()
        .table("leave_request")
        .col(uuid("school_id"))
        .col(uuid("id"))
        .col(uuid("class_id"))
        .col(uuid("learner_id"))
        .col(uuid("guardian_id"))
        .col(date("from_on"))
        .col(date("to_on"))
        .col(string_len("sessions", 10))
        .col(string_len("reason", 500))
        .col(string_len("state", 10))
        .col(string_len_null("answer", 500))
        .col(uuid_null("answered_by"))
        .col(timestamp_with_time_zone_null("answered_at"))
        .col(timestamp_with_time_zone("created_at"))
        .col(big_integer("version"))
        .primary_key(&mut key(&["school_id", "id"]))
        .to_owned();
    clustered(manager, t).await?;
    index(manager, "leave_request_class", "leave_request", &["school_id", "class_id", "id"], false).await?;
    index(manager, "leave_request_learner", "leave_request", &["learner_id"], false).await?;
    index(manager, "leave_request_id", "leave_request", &["id"], false).await
}

/// Small and not of one school: a guardian has children in several.
async fn guardians(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let t = Table::create()
        .table("contact_preference")
        .col(uuid("guardian_id"))
        .col(text("channels"))
        .col(string_len_null("email", 200))
        .col(small_integer_null("quiet_from"))
        .col(small_integer_null("quiet_to"))
        .col(big_integer("version"))
        .primary_key(&mut key(&["guardian_id"]))
        .foreign_key(&mut references("contact_preference", "guardian_id", "guardian", "id"))
        .to_owned();
    manager.create_table(t).await?;
    let t = Table::create()
        .table("contact_opened")
        .col(uuid("guardian_id"))
        .col(timestamp_with_time_zone("first_at"))
        .col(timestamp_with_time_zone("last_at"))
        .primary_key(&mut key(&["guardian_id"]))
        .foreign_key(&mut references("contact_opened", "guardian_id", "guardian", "id"))
        .to_owned();
    manager.create_table(t).await?;
    let t = Table::create()
        .table("push_subscription")
        .col(uuid("id"))
        .col(uuid("account_id"))
        .col(uuid_null("session_id"))
        .col(string_len("endpoint", 1000))
        .col(string_len("endpoint_hash", 64))
        .col(string_len("p256dh", 100))
        .col(string_len("auth", 40))
        .col(string_len("device", 100))
        .col(timestamp_with_time_zone("created_at"))
        .primary_key(&mut key(&["id"]))
        .foreign_key(&mut references("push_subscription", "account_id", "account", "id"))
        .to_owned();
    manager.create_table(t).await?;
    index(manager, "push_subscription_endpoint_key", "push_subscription", &["endpoint_hash"], true).await?;
    index(manager, "push_subscription_account", "push_subscription", &["account_id"], false).await
}
