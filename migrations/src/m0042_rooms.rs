//! The register of rooms, with what stands in them and who sits there; signed teaching plans; registers of a whole school in one run.

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
        rooms(manager).await?;
        signed_plans(manager).await?;
        register_runs(manager).await
    }
}

async fn rooms(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    // `code_key` is the code folded: a school has no two rooms of one code. `building` is "" where the school has one house.
    let t = Table::create()
        .table("room")
        .col(uuid("school_id"))
        .col(uuid("id"))
        .col(string_len("code", 20))
        .col(string_len("code_key", 80))
        .col(string_len("name", 120))
        .col(string_len("building", 60))
        .col(small_integer("floor"))
        .col(string_len("kind", 20))
        .col(string_len("construction", 10))
        .col(string_len("condition", 10))
        .col(integer_null("area_dm2"))
        .col(small_integer_null("seats"))
        .col(small_integer_null("built_year"))
        .col(date_null("ended_on"))
        .col(string_len_null("note", 500))
        .col(blob("sort_key"))
        .col(string_len("search_text", 500))
        .col(big_integer("version"))
        .primary_key(&mut key(&["school_id", "id"]))
        .to_owned();
    clustered(manager, t).await?;
    index(manager, "room_code_key", "room", &["school_id", "code_key"], true).await?;
    index(manager, "room_place", "room", &["school_id", "sort_key", "id"], false).await?;
    // A class sits in one room; a room may have more than one, in shifts and over the years.
    let t = Table::create()
        .table("room_class")
        .col(uuid("school_id"))
        .col(uuid("class_id"))
        .col(uuid("room_id"))
        .primary_key(&mut key(&["school_id", "class_id"]))
        .to_owned();
    clustered(manager, t).await?;
    index(manager, "room_class_room", "room_class", &["school_id", "room_id"], false).await?;
    // Each version whole, as JSON: the history of a room, and its condition over the years.
    let t = Table::create()
        .table("room_version")
        .col(uuid("school_id"))
        .col(uuid("room_id"))
        .col(big_integer("version"))
        .col(timestamp_with_time_zone("written_at"))
        .col(uuid_null("written_by"))
        .col(text("body"))
        .primary_key(&mut key(&["school_id", "room_id", "version"]))
        .to_owned();
    clustered(manager, t).await?;
    for table in ["equipment", "facility_photo"] {
        let alter = Table::alter().table(table).add_column(uuid_null("room_id")).to_owned();
        manager.alter_table(alter).await?;
    }
    index(manager, "equipment_room", "equipment", &["school_id", "room_id"], false).await
}

/// An approved plan as a signed PDF; whether a school's approvals must be signed.
async fn signed_plans(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let t = Table::create()
        .table("teaching_plan_paper")
        .col(uuid("school_id"))
        .col(uuid("plan_id"))
        .col(integer("revision"))
        .col(blob("bytes"))
        .col(string_len("sha256", 64))
        .col(string_len("subject", 300))
        .col(string_len("fingerprint", 64))
        .col(timestamp_with_time_zone("signed_at"))
        .col(uuid_null("signed_by"))
        .primary_key(&mut key(&["school_id", "plan_id", "revision"]))
        .to_owned();
    manager.create_table(t).await?;
    let t = Table::create()
        .table("teaching_plan_policy")
        .col(uuid("school_id"))
        .col(boolean("signature_required"))
        .col(big_integer("version"))
        .primary_key(&mut key(&["school_id"]))
        .to_owned();
    manager.create_table(t).await
}

async fn register_runs(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let t = Table::create()
        .table("register_run")
        .col(uuid("school_id"))
        .col(uuid("id"))
        .col(uuid("school_year_id"))
        .col(uuid_null("account_id"))
        .col(text("asked"))
        .col(string_len("state", 10))
        .col(integer("total"))
        .col(integer("done"))
        .col(text("skipped"))
        .col(timestamp_with_time_zone("started_at"))
        .col(timestamp_with_time_zone_null("finished_at"))
        .primary_key(&mut key(&["school_id", "id"]))
        .to_owned();
    manager.create_table(t).await?;
    // One register of one class: what is there is done, so a run goes on where it stopped.
    let t = Table::create()
        .table("register_run_part")
        .col(uuid("school_id"))
        .col(uuid("run_id"))
        .col(integer("seq"))
        .col(string_len("name", 200))
        .col(blob("bytes"))
        .primary_key(&mut key(&["school_id", "run_id", "seq"]))
        .to_owned();
    manager.create_table(t).await
}
