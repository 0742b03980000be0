//! The catalogue of budget lines, and investment projects with their years.

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
        // The province's: which lines a budget has. The amounts are figures of `yearly_sheet`.
        let t = Table::create()
            .table("budget_item")
            .col(string_len("code", 20))
            .col(string_len("flow", 10))
            .col(string_len("name", 200))
            .col(string_len("group_name", 120))
            .col(string_len("source", 120))
            .col(small_integer("position"))
            .col(boolean("active"))
            .col(big_integer("version"))
            .primary_key(&mut key(&["code"]))
            .to_owned();
        manager.create_table(t).await?;
        let t = Table::create()
            .table("investment_project")
            .col(uuid("school_id"))
            .col(uuid("id"))
            .col(string_len("name", 300))
            .col(string_len_null("decision_number", 60))
            .col(date_null("decided_on"))
            .col(string_len("source", 120))
            .col(string_len("state", 10))
            .col(big_integer("total"))
            .col(small_integer("from_year"))
            .col(small_integer("to_year"))
            .col(small_integer("progress"))
            .col(string_len_null("note", 1000))
            .col(blob("sort_key"))
            .col(string_len("search_text", 600))
            .col(big_integer("version"))
            .primary_key(&mut key(&["school_id", "id"]))
            .to_owned();
        clustered(manager, t).await?;
        index(manager, "investment_project_name", "investment_project", &["sort_key", "id"], false).await?;
        let t = Table::create()
            .table("investment_year")
            .col(uuid("school_id"))
            .col(uuid("project_id"))
            .col(small_integer("year"))
            .col(big_integer("planned"))
            .col(big_integer("disbursed"))
            .primary_key(&mut key(&["school_id", "project_id", "year"]))
            .to_owned();
        clustered(manager, t).await
    }
}
