//! What is a learner's own: the specialised topics (cụm chuyên đề) of a subject, a term at a former school, an
//! individual education plan.

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
        // None for the classes that are there: no class had topics before.
        let alter = Table::alter().table("class_subject").add_column(boolean_null("topics")).to_owned();
        manager.alter_table(alter).await?;
        let t = Table::create()
            .table("former_term")
            .col(uuid("school_id"))
            .col(uuid("class_id"))
            .col(uuid("learner_id"))
            .col(small_integer("term"))
            .col(string_len("from_school", 200))
            .col(string_len("document", 300))
            .col(string_len_null("conduct", 10))
            .col(small_integer_null("absences"))
            .col(text("subjects"))
            .col(big_integer("version"))
            .col(timestamp_with_time_zone("updated_at"))
            .col(uuid_null("updated_by"))
            .primary_key(&mut key(&["school_id", "class_id", "learner_id", "term"]))
            .to_owned();
        clustered(manager, t).await?;
        let t = Table::create()
            .table("individual_plan")
            .col(uuid("school_id"))
            .col(uuid("school_year_id"))
            .col(uuid("learner_id"))
            .col(string_len("state", 10))
            .col(text("subjects"))
            .col(text("in_force"))
            .col(string_len("document", 300))
            .col(timestamp_with_time_zone("proposed_at"))
            .col(uuid_null("proposed_by"))
            .col(timestamp_with_time_zone_null("decided_at"))
            .col(uuid_null("decided_by"))
            .col(string_len_null("note", 500))
            .col(big_integer("version"))
            .primary_key(&mut key(&["school_id", "school_year_id", "learner_id"]))
            .to_owned();
        clustered(manager, t).await
    }
}
