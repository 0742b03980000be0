//! Classes, who is in them, what they study and who teaches it.

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
        let t = Table::create()
            .table("class")
            .col(uuid("id"))
            .col(uuid("school_id"))
            .col(uuid("school_year_id"))
            .col(string_len("grade", 2))
            .col(small_integer("grade_order"))
            .col(string_len("name", 30))
            .col(blob("sort_key"))
            .col(uuid_null("homeroom_staff_id"))
            .col(timestamp_with_time_zone_null("ordinals_frozen_at"))
            .col(big_integer("version"))
            .primary_key(&mut key(&["id"]))
            .foreign_key(&mut references("class", "school_id", "unit", "id"))
            .foreign_key(&mut references("class", "school_year_id", "school_year", "id"))
            .foreign_key(&mut references("class", "homeroom_staff_id", "staff", "id"))
            .to_owned();
        manager.create_table(t).await?;
        index(manager, "class_name_key", "class", &["school_id", "school_year_id", "name"], true).await?;
        index(manager, "class_homeroom", "class", &["homeroom_staff_id"], false).await?;
        let t = Table::create()
            .table("enrolment")
            .col(uuid("school_id"))
            .col(uuid("class_id"))
            .col(uuid("learner_id"))
            .col(integer("ordinal"))
            .col(date("enrolled_on"))
            .col(date_null("left_on"))
            .primary_key(&mut key(&["school_id", "class_id", "learner_id"]))
            .foreign_key(&mut references("enrolment", "class_id", "class", "id"))
            .foreign_key(&mut references("enrolment", "learner_id", "learner", "id"))
            .to_owned();
        clustered(manager, t).await?;
        index(manager, "enrolment_learner", "enrolment", &["learner_id"], false).await?;
        let t = Table::create()
            .table("class_subject")
            .col(uuid("class_id"))
            .col(string_len("subject_code", 20))
            .col(small_integer("position"))
            .col(string_len("kind", 10))
            .col(small_integer("annual_periods"))
            .col(boolean("whole_class"))
            .primary_key(&mut key(&["class_id", "subject_code"]))
            .foreign_key(&mut references("class_subject", "class_id", "class", "id"))
            .foreign_key(&mut references("class_subject", "subject_code", "subject", "code"))
            .to_owned();
        clustered(manager, t).await?;
        let t = Table::create()
            .table("teaching")
            .col(uuid("class_id"))
            .col(string_len("subject_code", 20))
            .col(uuid("staff_id"))
            .col(date("valid_from"))
            .col(date_null("valid_to"))
            .primary_key(&mut key(&["class_id", "subject_code", "staff_id", "valid_from"]))
            .foreign_key(&mut references("teaching", "class_id", "class", "id"))
            .foreign_key(&mut references("teaching", "staff_id", "staff", "id"))
            .to_owned();
        clustered(manager, t).await?;
        index(manager, "teaching_staff", "teaching", &["staff_id"], false).await?;
        let t = Table::create()
            .table("subject_enrolment")
            .col(uuid("school_id"))
            .col(uuid("class_id"))
            .col(string_len("subject_code", 20))
            .col(uuid("learner_id"))
            .primary_key(&mut key(&["school_id", "class_id", "subject_code", "learner_id"]))
            .foreign_key(&mut references("subject_enrolment", "class_id", "class", "id"))
            .foreign_key(&mut references("subject_enrolment", "learner_id", "learner", "id"))
            .to_owned();
        clustered(manager, t).await?;
        Ok(())
    }
}
