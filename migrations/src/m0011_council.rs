//! The end of a school year: absences and evidence by date, the summer, the council of a class, the next year's classes.

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
        // A half-day missed; kind is null where an entry was taken back.
        let t = Table::create()
            .table("absence")
            .col(uuid("school_id"))
            .col(uuid("class_id"))
            .col(date("day"))
            .col(string_len("session", 9))
            .col(uuid("learner_id"))
            .col(string_len_null("kind", 9))
            .col(string_len_null("note", 200))
            .col(big_integer("version"))
            .col(timestamp_with_time_zone("updated_at"))
            .col(uuid_null("updated_by"))
            .primary_key(&mut key(&["school_id", "class_id", "day", "session", "learner_id"]))
            .to_owned();
        clustered(manager, t).await?;
        let t = Table::create()
            .table("conduct_note")
            .col(uuid("school_id"))
            .col(uuid("class_id"))
            .col(uuid("id"))
            .col(uuid("learner_id"))
            .col(date("day"))
            .col(string_len("kind", 9))
            .col(string_len("text", 500))
            .col(timestamp_with_time_zone("written_at"))
            .col(uuid_null("written_by"))
            .col(timestamp_with_time_zone_null("removed_at"))
            .primary_key(&mut key(&["school_id", "class_id", "id"]))
            .to_owned();
        clustered(manager, t).await?;
        // What the summer made of a subject, or of conduct (item "conduct"); both value columns null where it was taken back.
        let t = Table::create()
            .table("summer_result")
            .col(uuid("school_id"))
            .col(uuid("class_id"))
            .col(uuid("learner_id"))
            .col(string_len("item", 20))
            .col(small_integer_null("mark"))
            .col(string_len_null("flag", 6))
            .col(big_integer("version"))
            .col(timestamp_with_time_zone("updated_at"))
            .col(uuid_null("updated_by"))
            .col(string_len_null("reason", 500))
            .primary_key(&mut key(&["school_id", "class_id", "learner_id", "item"]))
            .to_owned();
        clustered(manager, t).await?;
        let t = Table::create()
            .table("summer_result_history")
            .col(uuid("school_id"))
            .col(uuid("class_id"))
            .col(uuid("learner_id"))
            .col(string_len("item", 20))
            .col(big_integer("version"))
            .col(small_integer_null("mark"))
            .col(string_len_null("flag", 6))
            .col(timestamp_with_time_zone("updated_at"))
            .col(uuid_null("updated_by"))
            .col(string_len_null("reason", 500))
            .primary_key(&mut key(&["school_id", "class_id", "learner_id", "item", "version"]))
            .to_owned();
        clustered(manager, t).await?;
        let t = Table::create()
            .table("council")
            .col(uuid("school_id"))
            .col(uuid("class_id"))
            .col(string_len("state", 6))
            .col(date_null("met_on"))
            .col(text("members"))
            .col(text("minutes"))
            .col(text_null("policy"))
            .col(timestamp_with_time_zone("updated_at"))
            .col(uuid_null("updated_by"))
            .col(timestamp_with_time_zone_null("closed_at"))
            .col(uuid_null("closed_by"))
            .col(big_integer("version"))
            .primary_key(&mut key(&["school_id", "class_id"]))
            .to_owned();
        clustered(manager, t).await?;
        // What the council decided against the proposal. All decisions null where it was taken back.
        let t = Table::create()
            .table("council_override")
            .col(uuid("school_id"))
            .col(uuid("class_id"))
            .col(uuid("learner_id"))
            .col(string_len_null("learning", 4))
            .col(string_len_null("conduct", 4))
            .col(string_len_null("promotion", 15))
            .col(string_len("reason", 500))
            .col(big_integer("version"))
            .col(timestamp_with_time_zone("proposed_at"))
            .col(uuid_null("proposed_by"))
            .col(timestamp_with_time_zone_null("approved_at"))
            .col(uuid_null("approved_by"))
            .primary_key(&mut key(&["school_id", "class_id", "learner_id"]))
            .to_owned();
        clustered(manager, t).await?;
        // The decision of a closed year, as it was made.
        let t = Table::create()
            .table("year_decision")
            .col(uuid("school_id"))
            .col(uuid("class_id"))
            .col(uuid("learner_id"))
            .col(text("outcome"))
            .col(string_len("policy", 40))
            .col(timestamp_with_time_zone("decided_at"))
            .primary_key(&mut key(&["school_id", "class_id", "learner_id"]))
            .to_owned();
        clustered(manager, t).await?;
        // The next year's enrolment, prepared from a class as one action.
        let t = Table::create()
            .table("next_year")
            .col(uuid("school_id"))
            .col(uuid("class_id"))
            .col(uuid("school_year_id"))
            .col(text("made_classes"))
            .col(timestamp_with_time_zone("applied_at"))
            .col(uuid_null("applied_by"))
            .primary_key(&mut key(&["school_id", "class_id"]))
            .to_owned();
        clustered(manager, t).await?;
        let t = Table::create()
            .table("next_year_line")
            .col(uuid("school_id"))
            .col(uuid("class_id"))
            .col(uuid("learner_id"))
            .col(uuid("to_class_id"))
            .primary_key(&mut key(&["school_id", "class_id", "learner_id"]))
            .to_owned();
        clustered(manager, t).await?;
        Ok(())
    }
}
