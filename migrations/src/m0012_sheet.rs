//! Deadlines of marks with their openings, comments on learners, phrases for them.

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
            .table("mark_deadline")
            .col(uuid("school_id"))
            .col(uuid("school_year_id"))
            .col(small_integer("term"))
            .col(date_null("regular_on"))
            .col(date_null("midterm_on"))
            .col(date_null("final_on"))
            .col(timestamp_with_time_zone("updated_at"))
            .col(uuid_null("updated_by"))
            .col(big_integer("version"))
            .primary_key(&mut key(&["school_id", "school_year_id", "term"]))
            .to_owned();
        clustered(manager, t).await?;
        let t = Table::create()
            .table("mark_opening")
            .col(uuid("school_id"))
            .col(uuid("id"))
            .col(uuid("class_id"))
            .col(string_len("subject_code", 20))
            .col(small_integer("term"))
            .col(string_len("slot_groups", 40))
            .col(string_len("state", 10))
            .col(string_len("reason", 500))
            .col(uuid_null("requested_by"))
            .col(timestamp_with_time_zone("requested_at"))
            .col(uuid_null("decided_by"))
            .col(timestamp_with_time_zone_null("decided_at"))
            .col(string_len_null("note", 500))
            .col(date_null("open_until"))
            .col(big_integer("version"))
            .primary_key(&mut key(&["school_id", "id"]))
            .to_owned();
        clustered(manager, t).await?;
        index(manager, "mark_opening_section", "mark_opening", &["school_id", "class_id", "term", "subject_code"], false).await?;
        let t = Table::create()
            .table("subject_comment")
            .col(uuid("school_id"))
            .col(uuid("class_id"))
            .col(string_len("subject_code", 20))
            .col(small_integer("term"))
            .col(uuid("learner_id"))
            .col(string_len_null("comment", 1000))
            .col(timestamp_with_time_zone("updated_at"))
            .col(uuid_null("updated_by"))
            .col(big_integer("version"))
            .primary_key(&mut key(&["school_id", "class_id", "subject_code", "term", "learner_id"]))
            .to_owned();
        clustered(manager, t).await?;
        let t = Table::create()
            .table("phrase")
            .col(uuid("school_id"))
            .col(uuid("id"))
            .col(string_len_null("subject_code", 20))
            .col(string_len_null("level", 4))
            .col(string_len("phrase", 500))
            .col(uuid_null("created_by"))
            .col(big_integer("version"))
            .primary_key(&mut key(&["school_id", "id"]))
            .to_owned();
        clustered(manager, t).await
    }
}
