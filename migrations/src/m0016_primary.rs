//! What a primary pupil was assessed at again, the principal's decision, and what was superseded of comments.

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
        // TT 27/2020 Đ.11: a column of the end of the year assessed again, or what the principal decided (subject "decision"); both
        // value columns null where it was taken back.
        for (name, past) in [("reassessment", false), ("reassessment_history", true)] {
            let mut own = vec!["school_id", "class_id", "learner_id", "subject_code", "slot"];
            if past {
                own.push("version");
            }
            let t = Table::create()
                .table(name)
                .col(uuid("school_id"))
                .col(uuid("class_id"))
                .col(uuid("learner_id"))
                .col(string_len("subject_code", 20))
                .col(string_len("slot", 4))
                .col(small_integer_null("mark"))
                .col(string_len_null("flag", 6))
                .col(big_integer("version"))
                .col(timestamp_with_time_zone("updated_at"))
                .col(uuid_null("updated_by"))
                .col(string_len_null("reason", 500))
                .primary_key(&mut key(&own))
                .to_owned();
            clustered(manager, t).await?;
        }
        // A comment that was superseded.
        let t = Table::create()
            .table("subject_comment_history")
            .col(uuid("school_id"))
            .col(uuid("class_id"))
            .col(string_len("subject_code", 20))
            .col(small_integer("term"))
            .col(uuid("learner_id"))
            .col(big_integer("version"))
            .col(string_len_null("comment", 1000))
            .col(timestamp_with_time_zone("updated_at"))
            .col(uuid_null("updated_by"))
            .primary_key(&mut key(&["school_id", "class_id", "subject_code", "term", "learner_id", "version"]))
            .to_owned();
        clustered(manager, t).await
    }
}
