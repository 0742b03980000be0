//! Marks with their history, conduct, closing and frozen results.

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
            .table("mark")
            .col(uuid("school_id"))
            .col(uuid("class_id"))
            .col(string_len("subject_code", 20))
            .col(small_integer("term"))
            .col(uuid("learner_id"))
            .col(string_len("slot", 3))
            .col(small_integer_null("mark"))
            .col(string_len_null("flag", 6))
            .col(big_integer("version"))
            .col(timestamp_with_time_zone("updated_at"))
            .col(uuid_null("updated_by"))
            .col(string_len("source", 10))
            .col(string_len_null("reason", 500))
            .primary_key(&mut key(&["school_id", "class_id", "subject_code", "term", "learner_id", "slot"]))
            .to_owned();
        clustered(manager, t).await?;
        let t = Table::create()
            .table("mark_history")
            .col(uuid("school_id"))
            .col(uuid("class_id"))
            .col(string_len("subject_code", 20))
            .col(small_integer("term"))
            .col(uuid("learner_id"))
            .col(string_len("slot", 3))
            .col(big_integer("version"))
            .col(small_integer_null("mark"))
            .col(string_len_null("flag", 6))
            .col(timestamp_with_time_zone("updated_at"))
            .col(uuid_null("updated_by"))
            .col(string_len("source", 10))
            .col(string_len_null("reason", 500))
            .primary_key(&mut key(&["school_id", "class_id", "subject_code", "term", "learner_id", "slot", "version"]))
            .to_owned();
        clustered(manager, t).await?;
        let t = Table::create()
            .table("conduct")
            .col(uuid("school_id"))
            .col(uuid("class_id"))
            .col(small_integer("term"))
            .col(uuid("learner_id"))
            .col(string_len_null("level", 4))
            .col(small_integer_null("absences"))
            .col(big_integer("version"))
            .col(timestamp_with_time_zone("updated_at"))
            .col(uuid_null("updated_by"))
            .primary_key(&mut key(&["school_id", "class_id", "term", "learner_id"]))
            .to_owned();
        clustered(manager, t).await?;
        let t = Table::create()
            .table("class_term")
            .col(uuid("school_id"))
            .col(uuid("class_id"))
            .col(small_integer("term"))
            .col(string_len("state", 6))
            .col(timestamp_with_time_zone("changed_at"))
            .col(uuid_null("changed_by"))
            .col(big_integer("version"))
            .primary_key(&mut key(&["school_id", "class_id", "term"]))
            .to_owned();
        clustered(manager, t).await?;
        let t = Table::create()
            .table("class_term_event")
            .col(uuid("school_id"))
            .col(uuid("class_id"))
            .col(small_integer("term"))
            .col(integer("seq"))
            .col(string_len("state", 6))
            .col(timestamp_with_time_zone("at"))
            .col(uuid_null("by"))
            .col(string_len_null("reason", 500))
            .primary_key(&mut key(&["school_id", "class_id", "term", "seq"]))
            .to_owned();
        clustered(manager, t).await?;
        let t = Table::create()
            .table("result")
            .col(uuid("school_id"))
            .col(uuid("class_id"))
            .col(string_len("period", 4))
            .col(uuid("learner_id"))
            .col(text("outcome"))
            .col(string_len("policy", 40))
            .col(timestamp_with_time_zone("computed_at"))
            .primary_key(&mut key(&["school_id", "class_id", "period", "learner_id"]))
            .to_owned();
        clustered(manager, t).await?;
        Ok(())
    }
}
