//! Subject groups of schools, and teaching plans with their submissions and what happened to them.

use crate::table::{clustered, index, key};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Bits over the words of a plan, in 32 numbers: see `records::teaching_plans::search`.
const BITS: [&str; 32] = [
    "b0", "b1", "b2", "b3", "b4", "b5", "b6", "b7", "b8", "b9", "b10", "b11", "b12", "b13", "b14", "b15", "b16", "b17", "b18",
    "b19", "b20", "b21", "b22", "b23", "b24", "b25", "b26", "b27", "b28", "b29", "b30", "b31",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let t = Table::create()
            .table("subject_group")
            .col(uuid("school_id"))
            .col(uuid("id"))
            .col(string_len("name", 100))
            .col(uuid_null("head_id"))
            .col(big_integer("version"))
            .primary_key(&mut key(&["school_id", "id"]))
            .to_owned();
        manager.create_table(t).await?;
        index(manager, "subject_group_id_idx", "subject_group", &["id"], false).await?;
        index(manager, "subject_group_head_idx", "subject_group", &["head_id"], false).await?;
        let t = Table::create()
            .table("subject_group_member")
            .col(uuid("school_id"))
            .col(uuid("group_id"))
            .col(uuid("staff_id"))
            .primary_key(&mut key(&["school_id", "group_id", "staff_id"]))
            .to_owned();
        clustered(manager, t).await?;
        // The row is narrow, since a search reads many; what it says lies beside it. subject_code is "" where there is none.
        let mut t = Table::create();
        t.table("teaching_plan")
            .col(uuid("school_id"))
            .col(uuid("id"))
            .col(uuid("staff_id"))
            .col(uuid_null("group_id"))
            .col(uuid("school_year_id"))
            .col(string_len("kind", 6))
            .col(string_len("grade", 2))
            .col(string_len("subject_code", 20))
            .col(small_integer_null("week"))
            .col(string_len("state", 10))
            .col(integer("revision"))
            .col(uuid_null("file_id"))
            .col(big_integer("version"))
            .col(timestamp_with_time_zone("updated_at"))
            .col(string_len("title", 200));
        for bits in BITS {
            t.col(big_integer(bits));
        }
        t.primary_key(&mut key(&["school_id", "id"]));
        clustered(manager, t.to_owned()).await?;
        index(manager, "teaching_plan_id_idx", "teaching_plan", &["id"], false).await?;
        index(manager, "teaching_plan_staff_idx", "teaching_plan", &["school_id", "staff_id", "id"], false).await?;
        index(manager, "teaching_plan_state_idx", "teaching_plan", &["school_id", "state", "id"], false).await?;
        let of = ["school_id", "school_year_id", "subject_code", "grade", "id"];
        index(manager, "teaching_plan_year_idx", "teaching_plan", &of, false).await?;
        let t = Table::create()
            .table("teaching_plan_text")
            .col(uuid("school_id"))
            .col(uuid("plan_id"))
            .col(text("body"))
            .primary_key(&mut key(&["school_id", "plan_id"]))
            .to_owned();
        manager.create_table(t).await?;
        // Each word once, folded, with a space before and after: what a search looks at last.
        let t = Table::create()
            .table("teaching_plan_words")
            .col(uuid("school_id"))
            .col(uuid("plan_id"))
            .col(text("words"))
            .primary_key(&mut key(&["school_id", "plan_id"]))
            .to_owned();
        manager.create_table(t).await?;
        let t = Table::create()
            .table("teaching_plan_version")
            .col(uuid("school_id"))
            .col(uuid("plan_id"))
            .col(integer("revision"))
            .col(string_len("title", 200))
            .col(text("body"))
            .col(uuid_null("file_id"))
            .col(string_len("content_hash", 64))
            .col(timestamp_with_time_zone("submitted_at"))
            .primary_key(&mut key(&["school_id", "plan_id", "revision"]))
            .to_owned();
        manager.create_table(t).await?;
        let t = Table::create()
            .table("teaching_plan_event")
            .col(uuid("school_id"))
            .col(uuid("plan_id"))
            .col(uuid("id"))
            .col(string_len("act", 10))
            .col(timestamp_with_time_zone("at"))
            .col(uuid_null("by"))
            .col(integer("revision"))
            .col(text_null("note"))
            .col(string_len_null("content_hash", 64))
            .primary_key(&mut key(&["school_id", "plan_id", "id"]))
            .to_owned();
        clustered(manager, t).await
    }
}
