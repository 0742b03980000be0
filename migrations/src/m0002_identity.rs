//! Accounts, roles on units, sessions, one-time codes, the memory of wrong passwords and of places that signed in.

use crate::table::{index, key, references};
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
            .table("account")
            .col(uuid("id"))
            .col(string_len("username", 100))
            .col(string_len("full_name", 200))
            .col(string_len("search_text", 320))
            .col(string_len_null("person_kind", 10))
            .col(uuid_null("person_id"))
            .col(text_null("password_hash"))
            .col(boolean("must_change_password"))
            .col(boolean("disabled"))
            .col(string_len("lang", 2))
            .col(timestamp_with_time_zone_null("last_sign_in_at"))
            .col(timestamp_with_time_zone("created_at"))
            .col(big_integer("version"))
            .primary_key(&mut key(&["id"]))
            .to_owned();
        manager.create_table(t).await?;
        index(manager, "account_username_key", "account", &["username"], true).await?;
        index(manager, "account_person", "account", &["person_id"], false).await?;
        let t = Table::create()
            .table("role_grant")
            .col(uuid("id"))
            .col(uuid("account_id"))
            .col(string_len("role", 20))
            .col(uuid_null("unit_id"))
            .col(date("valid_from"))
            .col(date_null("valid_to"))
            .primary_key(&mut key(&["id"]))
            .foreign_key(&mut references("role_grant", "account_id", "account", "id"))
            .to_owned();
        manager.create_table(t).await?;
        index(manager, "role_grant_account", "role_grant", &["account_id"], false).await?;
        index(manager, "role_grant_unit", "role_grant", &["unit_id"], false).await?;
        let t = Table::create()
            .table("session")
            .col(uuid("id"))
            .col(uuid("account_id"))
            .col(string_len("device", 100))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("last_used_at"))
            .col(timestamp_with_time_zone("expires_at"))
            .col(timestamp_with_time_zone_null("ended_at"))
            .col(string_len_null("ended_why", 20))
            .primary_key(&mut key(&["id"]))
            .foreign_key(&mut references("session", "account_id", "account", "id"))
            .to_owned();
        manager.create_table(t).await?;
        index(manager, "session_account", "session", &["account_id"], false).await?;
        let t = Table::create()
            .table("refresh_token")
            .col(string_len("hash", 64))
            .col(uuid("session_id"))
            .col(timestamp_with_time_zone("made_at"))
            .col(timestamp_with_time_zone_null("used_at"))
            .primary_key(&mut key(&["hash"]))
            .foreign_key(&mut references("refresh_token", "session_id", "session", "id"))
            .to_owned();
        manager.create_table(t).await?;
        index(manager, "refresh_token_session", "refresh_token", &["session_id"], false).await?;
        let t = Table::create()
            .table("one_time_code")
            .col(uuid("account_id"))
            .col(text("hash"))
            .col(timestamp_with_time_zone("expires_at"))
            .col(small_integer("tries"))
            .col(uuid_null("made_by"))
            .col(timestamp_with_time_zone("made_at"))
            .primary_key(&mut key(&["account_id"]))
            .foreign_key(&mut references("one_time_code", "account_id", "account", "id"))
            .to_owned();
        manager.create_table(t).await?;
        let t = Table::create()
            .table("sign_in_failure")
            .col(string_len("username_hash", 64))
            .col(string_len("place_hash", 64))
            .col(integer("count"))
            .col(timestamp_with_time_zone("last_at"))
            .primary_key(&mut key(&["username_hash", "place_hash"]))
            .to_owned();
        manager.create_table(t).await?;
        index(manager, "sign_in_failure_last", "sign_in_failure", &["last_at"], false).await?;
        let t = Table::create()
            .table("sign_in_place")
            .col(uuid("account_id"))
            .col(string_len("place_hash", 64))
            .col(timestamp_with_time_zone("last_at"))
            .primary_key(&mut key(&["account_id", "place_hash"]))
            .foreign_key(&mut references("sign_in_place", "account_id", "account", "id"))
            .to_owned();
        manager.create_table(t).await?;
        Ok(())
    }
}
