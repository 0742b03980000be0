//! School health. What is sealed is a text with the id of its key in it; `key_id` says the same for who looks for rows of an old key.

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
        checks(manager).await?;
        files(manager).await
    }
}

async fn checks(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let t = Table::create()
        .table("health_round")
        .col(uuid("school_id"))
        .col(uuid("id"))
        .col(string_len("name", 120))
        .col(string_len("kind", 20))
        .col(date("held_on"))
        .col(string_len_null("examiner", 200))
        .col(boolean("finished"))
        .col(big_integer("version"))
        .primary_key(&mut key(&["school_id", "id"]))
        .to_owned();
    clustered(manager, t).await?;
    index(manager, "health_round_id", "health_round", &["id"], false).await?;
    let t = Table::create()
        .table("health_check")
        .col(uuid("school_id"))
        .col(uuid("round_id"))
        .col(uuid("learner_id"))
        .col(uuid("class_id"))
        .col(small_integer_null("systolic"))
        .col(small_integer_null("diastolic"))
        .col(small_integer_null("pulse"))
        .col(small_integer_null("vision_right"))
        .col(small_integer_null("vision_left"))
        .col(boolean("glasses"))
        .col(small_integer_null("caries"))
        .col(string_len_null("spine", 20))
        .col(text_null("sealed"))
        .col(integer_null("key_id"))
        .col(big_integer("version"))
        .col(timestamp_with_time_zone("updated_at"))
        .col(uuid_null("updated_by"))
        .primary_key(&mut key(&["school_id", "round_id", "learner_id"]))
        .to_owned();
    clustered(manager, t).await?;
    index(manager, "health_check_learner", "health_check", &["learner_id"], false).await?;
    index(manager, "health_check_key", "health_check", &["key_id"], false).await
}

async fn files(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let t = Table::create()
        .table("vaccination")
        .col(uuid("school_id"))
        .col(uuid("learner_id"))
        .col(uuid("id"))
        .col(string_len("vaccine", 120))
        .col(small_integer("dose"))
        .col(date_null("given_on"))
        .col(string_len("source", 20))
        .col(timestamp_with_time_zone("created_at"))
        .col(uuid_null("created_by"))
        .primary_key(&mut key(&["school_id", "learner_id", "id"]))
        .to_owned();
    clustered(manager, t).await?;
    // A child who changes the school keeps one file.
    index(manager, "vaccination_learner", "vaccination", &["learner_id"], false).await?;
    let t = Table::create()
        .table("health_condition")
        .col(uuid("school_id"))
        .col(uuid("learner_id"))
        .col(uuid("id"))
        .col(string_len("kind", 20))
        .col(date_null("since"))
        .col(boolean("active"))
        .col(text("sealed"))
        .col(text_null("alert"))
        .col(integer("key_id"))
        .col(big_integer("version"))
        .col(timestamp_with_time_zone("updated_at"))
        .col(uuid_null("updated_by"))
        .primary_key(&mut key(&["school_id", "learner_id", "id"]))
        .to_owned();
    clustered(manager, t).await?;
    index(manager, "health_condition_learner", "health_condition", &["learner_id"], false).await?;
    index(manager, "health_condition_key", "health_condition", &["key_id"], false).await?;
    let t = Table::create()
        .table("first_aid")
        .col(uuid("school_id"))
        .col(uuid("id"))
        .col(uuid("learner_id"))
        .col(uuid_null("class_id"))
        .col(timestamp_with_time_zone("at"))
        .col(string_len("kind", 20))
        .col(text("sealed"))
        .col(integer("key_id"))
        .col(string_len_null("referred_to", 200))
        .col(timestamp_with_time_zone_null("told_at"))
        .col(string_len_null("told_how", 200))
        .col(uuid_null("created_by"))
        .col(big_integer("version"))
        .primary_key(&mut key(&["school_id", "id"]))
        .to_owned();
    clustered(manager, t).await?;
    index(manager, "first_aid_id", "first_aid", &["id"], false).await?;
    index(manager, "first_aid_learner", "first_aid", &["learner_id"], false).await?;
    index(manager, "first_aid_key", "first_aid", &["key_id"], false).await?;
    let t = Table::create()
        .table("health_view")
        .col(uuid("school_id"))
        .col(uuid("learner_id"))
        .col(uuid("id"))
        .col(timestamp_with_time_zone("at"))
        .col(uuid_null("account_id"))
        .col(string_len("purpose", 20))
        .col(string_len_null("note", 300))
        .col(boolean("alerts_only"))
        .primary_key(&mut key(&["school_id", "learner_id", "id"]))
        .to_owned();
    clustered(manager, t).await?;
    index(manager, "health_view_learner", "health_view", &["learner_id"], false).await
}
