//! The contact book: receipts of learners, and addresses of guardians that were confirmed.

use crate::table::{clustered, key, references};
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
        // A learner has read a notice; who counts the receipts of families does not count this.
        let t = Table::create()
            .table("learner_receipt")
            .col(uuid("school_id"))
            .col(uuid("notice_id"))
            .col(uuid("learner_id"))
            .col(timestamp_with_time_zone("read_at"))
            .primary_key(&mut key(&["school_id", "notice_id", "learner_id"]))
            .to_owned();
        clustered(manager, t).await?;
        let mut confirmed = timestamp_with_time_zone_null("email_confirmed_at");
        let t = Table::alter().table("contact_preference").add_column(&mut confirmed).to_owned();
        manager.alter_table(t).await?;
        // The last code that was mailed; `sent` codes since `since`.
        let t = Table::create()
            .table("email_code")
            .col(uuid("guardian_id"))
            .col(uuid("id"))
            .col(string_len("email", 200))
            .col(string_len("code", 6))
            .col(timestamp_with_time_zone("expires_at"))
            .col(small_integer("tries"))
            .col(timestamp_with_time_zone("sent_at"))
            .col(small_integer("sent"))
            .col(timestamp_with_time_zone("since"))
            .primary_key(&mut key(&["guardian_id"]))
            .foreign_key(&mut references("email_code", "guardian_id", "guardian", "id"))
            .to_owned();
        manager.create_table(t).await
    }
}
