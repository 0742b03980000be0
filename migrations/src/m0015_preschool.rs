//! Growth of children, and what preschool children reach.

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
            .table("growth")
            .col(uuid("school_id"))
            .col(uuid("learner_id"))
            .col(date("measured_on"))
            .col(uuid("class_id"))
            .col(integer_null("weight_g"))
            .col(integer_null("height_mm"))
            .col(string_len("position", 10))
            .col(big_integer("version"))
            .col(timestamp_with_time_zone("updated_at"))
            .col(uuid_null("updated_by"))
            .primary_key(&mut key(&["school_id", "learner_id", "measured_on"]))
            .to_owned();
        clustered(manager, t).await?;
        // A child who changes the school keeps one curve.
        index(manager, "growth_learner", "growth", &["learner_id", "measured_on"], false).await?;
        let t = Table::create()
            .table("preschool_item")
            .col(uuid("school_id"))
            .col(string_len("list", 10))
            .col(string_len("grade", 2))
            .col(string_len("code", 20))
            .col(small_integer("position"))
            .col(string_len("domain", 20))
            .col(small_integer_null("standard"))
            .col(string_len("text", 500))
            .col(big_integer("version"))
            .primary_key(&mut key(&["school_id", "list", "grade", "code"]))
            .to_owned();
        clustered(manager, t).await?;
        let t = Table::create()
            .table("preschool_stage")
            .col(uuid("school_id"))
            .col(uuid("class_id"))
            .col(small_integer("stage"))
            .col(string_len("name", 200))
            .col(date_null("ends_on"))
            .col(big_integer("version"))
            .primary_key(&mut key(&["school_id", "class_id", "stage"]))
            .to_owned();
        clustered(manager, t).await?;
        let t = Table::create()
            .table("preschool_mark")
            .col(uuid("school_id"))
            .col(uuid("class_id"))
            .col(string_len("list", 10))
            .col(small_integer("stage"))
            .col(uuid("learner_id"))
            .col(string_len("code", 20))
            .col(string_len_null("outcome", 10))
            .col(big_integer("version"))
            .col(timestamp_with_time_zone("updated_at"))
            .col(uuid_null("updated_by"))
            .primary_key(&mut key(&["school_id", "class_id", "list", "stage", "learner_id", "code"]))
            .to_owned();
        clustered(manager, t).await?;
        let t = Table::create()
            .table("preschool_mark_history")
            .col(uuid("school_id"))
            .col(uuid("class_id"))
            .col(string_len("list", 10))
            .col(small_integer("stage"))
            .col(uuid("learner_id"))
            .col(string_len("code", 20))
            .col(big_integer("version"))
            .col(string_len_null("outcome", 10))
            .col(timestamp_with_time_zone("updated_at"))
            .col(uuid_null("updated_by"))
            .primary_key(&mut key(&["school_id", "class_id", "list", "stage", "learner_id", "code", "version"]))
            .to_owned();
        clustered(manager, t).await?;
        Ok(())
    }
}
