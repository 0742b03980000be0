//! Digital transcripts: what they say, who signs and signed, their files, what happened to them, corrections; keys; signing runs.

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
        // `current` is 1, and null once revoked: of a learner's year at a school one transcript stands.
        let t = Table::create()
            .table("transcript")
            .col(uuid("school_id"))
            .col(uuid("id"))
            .col(uuid("class_id"))
            .col(uuid("learner_id"))
            .col(uuid("school_year_id"))
            .col(string_len("state", 16))
            .col(small_integer_null("current"))
            .col(big_integer("version"))
            .col(text("content"))
            .col(string_len("content_hash", 64))
            .col(string_len("check_code", 32))
            .col(uuid_null("replaces"))
            .col(uuid_null("superseded_by"))
            .col(timestamp_with_time_zone("updated_at"))
            .col(timestamp_with_time_zone_null("issued_at"))
            .col(text_null("revoked"))
            .primary_key(&mut key(&["school_id", "id"]))
            .to_owned();
        manager.create_table(t).await?;
        let one = ["school_id", "learner_id", "school_year_id", "current"];
        index(manager, "transcript_current_key", "transcript", &one, true).await?;
        index(manager, "transcript_class_idx", "transcript", &["school_id", "class_id", "learner_id"], false).await?;
        index(manager, "transcript_id_idx", "transcript", &["id"], false).await?;
        index(manager, "transcript_learner_idx", "transcript", &["learner_id"], false).await?;
        index(manager, "transcript_check_idx", "transcript", &["check_code"], false).await?;
        // What has to be signed, made when a transcript is reconciled; subject_code is "" but for subjects.
        let t = Table::create()
            .table("transcript_signature")
            .col(uuid("school_id"))
            .col(uuid("transcript_id"))
            .col(small_integer("position"))
            .col(string_len("role", 9))
            .col(string_len("subject_code", 20))
            .col(string_len_null("signer", 200))
            .col(string_len_null("fingerprint", 64))
            .col(uuid_null("account_id"))
            .col(timestamp_with_time_zone_null("signed_at"))
            .primary_key(&mut key(&["school_id", "transcript_id", "position"]))
            .to_owned();
        clustered(manager, t).await?;
        // form: "xml" as far as it is signed; "pdf" once it is sealed.
        let t = Table::create()
            .table("transcript_file")
            .col(uuid("school_id"))
            .col(uuid("transcript_id"))
            .col(string_len("form", 3))
            .col(blob("bytes"))
            .primary_key(&mut key(&["school_id", "transcript_id", "form"]))
            .to_owned();
        manager.create_table(t).await?;
        let t = Table::create()
            .table("transcript_event")
            .col(uuid("school_id"))
            .col(uuid("transcript_id"))
            .col(uuid("id"))
            .col(timestamp_with_time_zone("at"))
            .col(uuid_null("by"))
            .col(string_len("what", 20))
            .col(text_null("note"))
            .primary_key(&mut key(&["school_id", "transcript_id", "id"]))
            .to_owned();
        clustered(manager, t).await?;
        let t = Table::create()
            .table("transcript_issue")
            .col(uuid("school_id"))
            .col(uuid("transcript_id"))
            .col(uuid("id"))
            .col(timestamp_with_time_zone("at"))
            .col(uuid_null("by"))
            .col(string_len("form", 4))
            .col(string_len("recipient", 200))
            .col(string_len("purpose", 300))
            .primary_key(&mut key(&["school_id", "transcript_id", "id"]))
            .to_owned();
        clustered(manager, t).await?;
        let t = Table::create()
            .table("transcript_correction")
            .col(uuid("school_id"))
            .col(uuid("id"))
            .col(uuid("transcript_id"))
            .col(text("text"))
            .col(timestamp_with_time_zone("asked_at"))
            .col(uuid_null("asked_by"))
            .col(date("due_on"))
            .col(string_len("state", 8))
            .col(text_null("answer"))
            .col(timestamp_with_time_zone_null("answered_at"))
            .col(uuid_null("answered_by"))
            .primary_key(&mut key(&["school_id", "id"]))
            .to_owned();
        manager.create_table(t).await?;
        let of = ["school_id", "transcript_id"];
        index(manager, "transcript_correction_transcript_idx", "transcript_correction", &of, false).await?;
        // What the homeroom teacher writes about the year.
        let t = Table::create()
            .table("transcript_comment")
            .col(uuid("school_id"))
            .col(uuid("class_id"))
            .col(uuid("learner_id"))
            .col(text_null("comment"))
            .col(big_integer("version"))
            .col(timestamp_with_time_zone("updated_at"))
            .col(uuid_null("updated_by"))
            .primary_key(&mut key(&["school_id", "class_id", "learner_id"]))
            .to_owned();
        clustered(manager, t).await?;
        // Of an account, or of a unit: its seal. `store` holds the encrypted file in base64, the label on a token, or the name of a
        // credential; never a password.
        let t = Table::create()
            .table("signing_key")
            .col(uuid("id"))
            .col(uuid_null("account_id"))
            .col(uuid_null("unit_id"))
            .col(string_len("kind", 6))
            .col(string_len("label", 100))
            .col(text("store"))
            .col(string_len("subject", 200))
            .col(string_len("issuer", 200))
            .col(string_len("fingerprint", 64))
            .col(timestamp_with_time_zone("not_before"))
            .col(timestamp_with_time_zone("not_after"))
            .col(boolean("trial"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone_null("removed_at"))
            .primary_key(&mut key(&["id"]))
            .to_owned();
        manager.create_table(t).await?;
        index(manager, "signing_key_account_idx", "signing_key", &["account_id"], false).await?;
        index(manager, "signing_key_unit_idx", "signing_key", &["unit_id"], false).await?;
        let t = Table::create()
            .table("signing_run")
            .col(uuid("id"))
            .col(uuid("account_id"))
            .col(string_len("state", 7))
            .col(integer("total"))
            .col(integer("done"))
            .col(text("failed"))
            .col(timestamp_with_time_zone("started_at"))
            .col(timestamp_with_time_zone_null("finished_at"))
            .primary_key(&mut key(&["id"]))
            .to_owned();
        manager.create_table(t).await
    }
}
