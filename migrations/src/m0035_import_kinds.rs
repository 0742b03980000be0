//! Imports of any kind: what was read, row by row, the file as it was sent, and what a school says of its columns.

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
            .table("file_import")
            .col(uuid("school_id"))
            .col(uuid("id"))
            .col(string_len("kind", 30))
            // JSON: of which class, subject and term.
            .col(text("scope"))
            .col(string_len("file_name", 200))
            .col(string_len("file_hash", 64))
            .col(string_len("state", 10))
            .col(text("head"))
            .col(text("summary"))
            .col(uuid_null("created_by"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone_null("applied_at"))
            .col(timestamp_with_time_zone_null("undone_at"))
            .col(big_integer("version"))
            .primary_key(&mut key(&["school_id", "id"]))
            .to_owned();
        manager.create_table(t).await?;
        index(manager, "file_import_id", "file_import", &["id"], false).await?;
        let t = Table::create()
            .table("file_import_source")
            .col(uuid("school_id"))
            .col(uuid("import_id"))
            .col(blob("bytes"))
            .primary_key(&mut key(&["school_id", "import_id"]))
            .to_owned();
        manager.create_table(t).await?;
        let t = Table::create()
            .table("file_import_row")
            .col(uuid("school_id"))
            .col(uuid("import_id"))
            .col(integer("row"))
            .col(string_len("outcome", 10))
            .col(boolean("warned"))
            // JSON: the cells as in the file, the corrections, what would happen.
            .col(text("cells"))
            .col(text_null("edits"))
            .col(text("view"))
            .primary_key(&mut key(&["school_id", "import_id", "row"]))
            .to_owned();
        clustered(manager, t).await?;
        let t = Table::create()
            .table("import_mapping")
            .col(uuid("school_id"))
            .col(string_len("kind", 30))
            // Folded.
            .col(string_len("header", 120))
            .col(string_len_null("field", 40))
            .col(timestamp_with_time_zone("updated_at"))
            .col(uuid_null("updated_by"))
            .primary_key(&mut key(&["school_id", "kind", "header"]))
            .to_owned();
        manager.create_table(t).await?;
        Ok(())
    }
}
