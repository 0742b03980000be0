//! Staff, learners and guardians: one record each, for life.

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
            .table("staff")
            .col(uuid("id"))
            .col(string_len("family", 50))
            .col(string_len("middle", 80))
            .col(string_len("given", 50))
            .col(string_len("full_name", 200))
            .col(blob("sort_key"))
            .col(string_len("search_text", 320))
            .col(date_null("birth_date"))
            .col(string_len("sex", 6))
            .col(string_len_null("ministry_code", 20))
            .col(string_len_null("phone", 20))
            .col(big_integer("version"))
            .primary_key(&mut key(&["id"]))
            .to_owned();
        manager.create_table(t).await?;
        index(manager, "staff_ministry_code_key", "staff", &["ministry_code"], true).await?;
        let t = Table::create()
            .table("staff_post")
            .col(uuid("staff_id"))
            .col(uuid("unit_id"))
            .col(string_len("position", 20))
            .col(date("valid_from"))
            .col(date_null("valid_to"))
            .primary_key(&mut key(&["staff_id", "unit_id", "position", "valid_from"]))
            .foreign_key(&mut references("staff_post", "staff_id", "staff", "id"))
            .foreign_key(&mut references("staff_post", "unit_id", "unit", "id"))
            .to_owned();
        manager.create_table(t).await?;
        index(manager, "staff_post_unit", "staff_post", &["unit_id"], false).await?;
        let t = Table::create()
            .table("learner")
            .col(uuid("id"))
            .col(uuid_null("school_id"))
            .col(string_len("status", 20))
            .col(string_len("family", 50))
            .col(string_len("middle", 80))
            .col(string_len("given", 50))
            .col(string_len("full_name", 200))
            .col(blob("sort_key"))
            .col(string_len("search_text", 320))
            .col(date("birth_date"))
            .col(string_len("sex", 6))
            .col(string_len_null("ethnicity", 40))
            .col(string_len_null("personal_id", 12))
            .col(string_len_null("ministry_code", 20))
            .col(string_len_null("phone", 20))
            .col(string_len_null("birthplace", 200))
            .col(string_len_null("address", 300))
            .col(big_integer("version"))
            .primary_key(&mut key(&["id"]))
            .foreign_key(&mut references("learner", "school_id", "unit", "id"))
            .to_owned();
        manager.create_table(t).await?;
        index(manager, "learner_personal_id_key", "learner", &["personal_id"], true).await?;
        index(manager, "learner_ministry_code_key", "learner", &["ministry_code"], true).await?;
        index(manager, "learner_school", "learner", &["school_id", "sort_key"], false).await?;
        // For lists and searches of a whole province: walked in the order of names, and wide enough to answer without the table.
        index(manager, "learner_order", "learner", &["sort_key", "id", "school_id", "search_text"], false).await?;
        let t = Table::create()
            .table("learner_status")
            .col(uuid("learner_id"))
            .col(date("since"))
            .col(uuid("id"))
            .col(uuid("school_id"))
            .col(string_len("status", 20))
            .col(string_len_null("reason", 500))
            .primary_key(&mut key(&["learner_id", "since", "id"]))
            .foreign_key(&mut references("learner_status", "learner_id", "learner", "id"))
            .foreign_key(&mut references("learner_status", "school_id", "unit", "id"))
            .to_owned();
        clustered(manager, t).await?;
        let t = Table::create()
            .table("guardian")
            .col(uuid("id"))
            .col(string_len("family", 50))
            .col(string_len("middle", 80))
            .col(string_len("given", 50))
            .col(string_len("full_name", 200))
            .col(string_len("search_text", 320))
            .col(string_len_null("phone", 20))
            .col(big_integer("version"))
            .primary_key(&mut key(&["id"]))
            .to_owned();
        manager.create_table(t).await?;
        index(manager, "guardian_phone", "guardian", &["phone"], false).await?;
        let t = Table::create()
            .table("guardian_link")
            .col(uuid("learner_id"))
            .col(uuid("guardian_id"))
            .col(string_len("relation", 20))
            .primary_key(&mut key(&["learner_id", "guardian_id"]))
            .foreign_key(&mut references("guardian_link", "learner_id", "learner", "id"))
            .foreign_key(&mut references("guardian_link", "guardian_id", "guardian", "id"))
            .to_owned();
        clustered(manager, t).await?;
        index(manager, "guardian_link_guardian", "guardian_link", &["guardian_id"], false).await?;
        Ok(())
    }
}
