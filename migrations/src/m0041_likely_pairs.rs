//! Records that may be of one child though something was typed wrongly: a key for the name as it sounds, and the pairs that were found.
//! And what each decision on units changed, so that it can be taken back.

use crate::table::{clustered, index, key};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;
use sea_orm_migration::sea_orm::ConnectionTrait;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // The syllables of the folded name as they sound, in one order. A server fills it for the rows that are there.
        let t = Table::alter().table("learner").add_column(string_len_null("name_key", 340)).to_owned();
        manager.alter_table(t).await?;
        index(manager, "learner_name_key", "learner", &["name_key"], false).await?;
        index(manager, "learner_born", "learner", &["birth_date"], false).await?;
        // Two who look alike, the smaller id first. Nothing but what a search found: whatever is in no record any more is found no more,
        // and is swept each night.
        let t = Table::create()
            .table("learner_pair")
            .col(uuid("low_id"))
            .col(uuid("high_id"))
            .col(small_integer("score"))
            .primary_key(&mut key(&["low_id", "high_id"]))
            .to_owned();
        clustered(manager, t).await?;
        index(manager, "learner_pair_high", "learner_pair", &["high_id"], false).await?;
        // On which days all records were searched, how many they were and how many pairs were found.
        let t = Table::create()
            .table("learner_pair_day")
            .col(date("day"))
            .col(integer("learners"))
            .col(integer("pairs"))
            .col(timestamp_with_time_zone("searched_at"))
            .primary_key(&mut key(&["day"]))
            .to_owned();
        manager.create_table(t).await?;
        // What a decision changed, as JSON; who took it back.
        let t = Table::create()
            .table("unit_decision")
            .col(uuid("id"))
            .col(text("trace"))
            .col(timestamp_with_time_zone_null("undone_at"))
            .col(uuid_null("undone_by"))
            .col(string_len_null("undone_reason", 500))
            .primary_key(&mut key(&["id"]))
            .to_owned();
        manager.create_table(t).await?;
        let t = Table::alter().table("unit_event").add_column(uuid_null("decision_id")).to_owned();
        manager.alter_table(t).await?;
        index(manager, "unit_event_decision", "unit_event", &["decision_id"], false).await?;
        // What was found by name and birth date alone, until all records are searched.
        let fill = "INSERT INTO learner_pair (low_id, high_id, score) SELECT a.id, b.id, 90 FROM learner a \
            JOIN learner b ON b.match_key = a.match_key AND b.id > a.id";
        manager.get_connection().execute_unprepared(fill).await.map(|_| ())
    }
}
