//! Imports of files: what was seen, what was done, and what it takes to undo it.

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
            .table("import")
            .col(uuid("school_id"))
            .col(uuid("id"))
            .col(uuid("school_year_id"))
            .col(string_len("file_name", 200))
            .col(string_len("file_hash", 64))
            .col(string_len("state", 10))
            .col(string_len("layout", 20))
            .col(text("summary"))
            .col(text("plan"))
            .col(uuid_null("created_by"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone_null("applied_at"))
            .col(timestamp_with_time_zone_null("undone_at"))
            .col(big_integer("version"))
            .primary_key(&mut key(&["school_id", "id"]))
            .to_owned();
        manager.create_table(t).await?;
        index(manager, "import_id", "import", &["id"], false).await?;
        let t = Table::create()
            .table("import_change")
            .col(uuid("school_id"))
            .col(uuid("import_id"))
            .col(integer("seq"))
            .col(string_len("subject", 20))
            .col(string_len("subject_id", 120))
            .col(text_null("before"))
            .col(text_null("after"))
            .primary_key(&mut key(&["school_id", "import_id", "seq"]))
            .to_owned();
        clustered(manager, t).await?;
        Ok(())
    }
}
