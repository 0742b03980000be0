//! Files: whose they are, contents by their hash, and uploads that are not finished.

use crate::table::{index, key};
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
        // Without a subject: uploaded, and attached to nothing yet.
        let t = Table::create()
            .table("file")
            .col(uuid("school_id"))
            .col(uuid("id"))
            .col(string_len("sha256", 64))
            .col(big_integer("size"))
            .col(string_len("media", 100))
            .col(string_len("name", 200))
            .col(string_len_null("subject_kind", 20))
            .col(uuid_null("subject_id"))
            .col(uuid_null("uploaded_by"))
            .col(timestamp_with_time_zone("uploaded_at"))
            .primary_key(&mut key(&["school_id", "id"]))
            .to_owned();
        manager.create_table(t).await?;
        index(manager, "file_id_idx", "file", &["id"], false).await?;
        index(manager, "file_subject_idx", "file", &["school_id", "subject_kind", "subject_id"], false).await?;
        index(manager, "file_content_idx", "file", &["sha256"], false).await?;
        // One row for each content of the store, which who adds a file and who removes the last one both write. `due_at`: nothing may
        // refer to it any more since then.
        let t = Table::create()
            .table("file_content")
            .col(string_len("sha256", 64))
            .col(timestamp_with_time_zone_null("due_at"))
            .primary_key(&mut key(&["sha256"]))
            .to_owned();
        manager.create_table(t).await?;
        index(manager, "file_content_due_idx", "file_content", &["due_at"], false).await?;
        // `parts`: where each part begins, separated by commas.
        let t = Table::create()
            .table("file_upload")
            .col(uuid("school_id"))
            .col(uuid("id"))
            .col(string_len("name", 200))
            .col(big_integer("size"))
            .col(string_len("sha256", 64))
            .col(big_integer("received"))
            .col(text("parts"))
            .col(uuid_null("created_by"))
            .col(timestamp_with_time_zone("expires_at"))
            .primary_key(&mut key(&["school_id", "id"]))
            .to_owned();
        manager.create_table(t).await?;
        index(manager, "file_upload_id_idx", "file_upload", &["id"], false).await?;
        index(manager, "file_upload_expires_idx", "file_upload", &["expires_at"], false).await
    }
}
