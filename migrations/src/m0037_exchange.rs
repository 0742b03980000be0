//! What leaves a school as a whole: its full exports; files and figures for the Ministry, with what came back for them.

use crate::table::key;
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
            .table("exit_export")
            .col(uuid("school_id"))
            .col(uuid("id"))
            .col(uuid_null("account_id"))
            .col(string_len("state", 7))
            .col(integer("tables"))
            .col(integer("tables_done"))
            .col(big_integer("rows"))
            .col(integer("files"))
            .col(big_integer("bytes"))
            .col(string_len_null("sha256", 64))
            .col(timestamp_with_time_zone("started_at"))
            .col(timestamp_with_time_zone_null("finished_at"))
            .primary_key(&mut key(&["school_id", "id"]))
            .to_owned();
        manager.create_table(t).await?;
        let t = Table::create()
            .table("exit_part")
            .col(uuid("school_id"))
            .col(uuid("export_id"))
            .col(integer("seq"))
            .col(blob("bytes"))
            .primary_key(&mut key(&["school_id", "export_id", "seq"]))
            .to_owned();
        manager.create_table(t).await?;
        // The official file that a kind of export is filled into.
        let t = Table::create()
            .table("export_template")
            .col(uuid("school_id"))
            .col(string_len("kind", 20))
            .col(string_len("file_name", 200))
            .col(blob("bytes"))
            .col(timestamp_with_time_zone("uploaded_at"))
            .col(uuid_null("uploaded_by"))
            .primary_key(&mut key(&["school_id", "kind"]))
            .to_owned();
        manager.create_table(t).await?;
        // Figures of a report that are held nowhere, as the school typed them; figures that are held are never kept here.
        let t = Table::create()
            .table("report_entry")
            .col(uuid("school_id"))
            .col(uuid("school_year_id"))
            .col(string_len("kind", 20))
            .col(string_len("figure", 60))
            .col(big_integer_null("value"))
            .col(big_integer("version"))
            .col(timestamp_with_time_zone("updated_at"))
            .col(uuid_null("updated_by"))
            .primary_key(&mut key(&["school_id", "school_year_id", "kind", "figure"]))
            .to_owned();
        manager.create_table(t).await?;
        // A file as it was sent, with its manifest.
        let t = Table::create()
            .table("exchange_package")
            .col(uuid("school_id"))
            .col(uuid("id"))
            .col(string_len("kind", 20))
            .col(uuid("school_year_id"))
            .col(string_len("file_name", 200))
            .col(blob("bytes"))
            .col(string_len("sha256", 64))
            .col(text("manifest"))
            .col(string_len("state", 8))
            .col(timestamp_with_time_zone("created_at"))
            .col(uuid_null("created_by"))
            .primary_key(&mut key(&["school_id", "id"]))
            .to_owned();
        manager.create_table(t).await?;
        let t = Table::create()
            .table("exchange_receipt")
            .col(uuid("school_id"))
            .col(uuid("package_id"))
            .col(uuid("id"))
            .col(timestamp_with_time_zone("at"))
            .col(boolean("accepted"))
            .col(small_integer_null("status"))
            .col(text("answer"))
            .primary_key(&mut key(&["school_id", "package_id", "id"]))
            .to_owned();
        manager.create_table(t).await
    }
}
