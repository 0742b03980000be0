//! The effective-dated tree of units, the calendar and the catalogue of subjects.

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
            .table("unit")
            .col(uuid("id"))
            .col(string_len("kind", 20))
            .col(string_len("name", 200))
            .col(string_len("short_name", 60))
            .col(string_len("code", 20))
            .col(string_len("code_set", 40))
            .col(string_len("code_set_version", 40))
            .col(string_len("levels", 60))
            .col(blob("sort_key"))
            .col(string_len("search_text", 320))
            .col(date("opened_on"))
            .col(date_null("closed_on"))
            .col(big_integer("version"))
            .primary_key(&mut key(&["id"]))
            .to_owned();
        manager.create_table(t).await?;
        index(manager, "unit_code_key", "unit", &["code_set", "code_set_version", "code"], true).await?;
        let t = Table::create()
            .table("unit_placement")
            .col(uuid("unit_id"))
            .col(date("valid_from"))
            .col(uuid("parent_id"))
            .col(date_null("valid_to"))
            .primary_key(&mut key(&["unit_id", "valid_from"]))
            .foreign_key(&mut references("unit_placement", "unit_id", "unit", "id"))
            .foreign_key(&mut references("unit_placement", "parent_id", "unit", "id"))
            .to_owned();
        manager.create_table(t).await?;
        index(manager, "unit_placement_parent", "unit_placement", &["parent_id"], false).await?;
        let t = Table::create()
            .table("unit_ancestor")
            .col(uuid("ancestor_id"))
            .col(uuid("unit_id"))
            .col(small_integer("depth"))
            .primary_key(&mut key(&["ancestor_id", "unit_id"]))
            .foreign_key(&mut references("unit_ancestor", "ancestor_id", "unit", "id"))
            .foreign_key(&mut references("unit_ancestor", "unit_id", "unit", "id"))
            .to_owned();
        clustered(manager, t).await?;
        index(manager, "unit_ancestor_unit", "unit_ancestor", &["unit_id", "depth"], false).await?;
        let t = Table::create()
            .table("school_year")
            .col(uuid("id"))
            .col(string_len("code", 9))
            .col(date("starts_on"))
            .col(date("ends_on"))
            .col(big_integer("version"))
            .primary_key(&mut key(&["id"]))
            .to_owned();
        manager.create_table(t).await?;
        index(manager, "school_year_code_key", "school_year", &["code"], true).await?;
        let t = Table::create()
            .table("school_term")
            .col(uuid("school_year_id"))
            .col(small_integer("term"))
            .col(small_integer("weeks"))
            .col(date("starts_on"))
            .col(date("ends_on"))
            .col(date_null("marks_due_on"))
            .primary_key(&mut key(&["school_year_id", "term"]))
            .foreign_key(&mut references("school_term", "school_year_id", "school_year", "id"))
            .to_owned();
        manager.create_table(t).await?;
        let t = Table::create()
            .table("subject")
            .col(string_len("code", 20))
            .col(string_len("name_vi", 100))
            .col(string_len("name_en", 100))
            .col(string_len("kind", 10))
            .col(small_integer("position"))
            .primary_key(&mut key(&["code"]))
            .to_owned();
        manager.create_table(t).await?;
        let t = Table::create()
            .table("subject_offering")
            .col(string_len("subject_code", 20))
            .col(string_len("grade", 2))
            .col(small_integer("annual_periods"))
            .col(boolean("compulsory"))
            .col(boolean("verified"))
            .primary_key(&mut key(&["subject_code", "grade"]))
            .foreign_key(&mut references("subject_offering", "subject_code", "subject", "code"))
            .to_owned();
        manager.create_table(t).await?;
        Ok(())
    }
}
