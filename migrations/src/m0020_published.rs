//! What families were shown of a result before it was opened again: compared with what stands once it is closed again. And who takes
//! the specialised topics (cụm chuyên đề) of a subject.

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
            .table("result_published")
            .col(uuid("school_id"))
            .col(uuid("class_id"))
            .col(string_len("period", 4))
            .col(uuid("learner_id"))
            .col(text("outcome"))
            .primary_key(&mut key(&["school_id", "class_id", "period", "learner_id"]))
            .to_owned();
        clustered(manager, t).await?;
        let t = Table::create()
            .table("topic_enrolment")
            .col(uuid("school_id"))
            .col(uuid("class_id"))
            .col(string_len("subject_code", 20))
            .col(uuid("learner_id"))
            .primary_key(&mut key(&["school_id", "class_id", "subject_code", "learner_id"]))
            .to_owned();
        clustered(manager, t).await
    }
}
