//! Accounts, own sessions, one-time codes.

use super::query::Query;
use super::{Result, client, delete, get, post, post_empty, put, put_unversioned};
use dto::identity::*;
use dto::{AccountId, Page, RoleGrantId, SessionId};

pub async fn me() -> Result<Me> {
    get("/me").await
}

pub async fn browser_key() -> Result<String> {
    Ok(get::<BrowserKey>("/me/browser-key").await?.key)
}

pub async fn put_preferences(body: &PutPreferences) -> Result<Me> {
    put_unversioned("/me/preferences", body).await
}

pub async fn change_password(body: &ChangePassword) -> Result<()> {
    put_unversioned("/me/password", body).await
}

pub async fn reset_password(body: &ResetPassword) -> Result<()> {
    client::anonymous("POST", "/password-resets", client::json_body(body)?).await
}

pub async fn sessions() -> Result<Page<Session>> {
    get("/sessions").await
}

pub async fn end_session(id: SessionId) -> Result<()> {
    delete(&format!("/sessions/{id}")).await
}

pub async fn accounts(query: &AccountQuery, after: Option<String>) -> Result<Page<Account>> {
    let query = Query::new().with("unit_id", query.unit_id).with("q", query.q.as_deref()).with("person_id", query.person_id);
    get(&query.with("after", after).on("/accounts")).await
}

pub async fn account(id: AccountId) -> Result<Account> {
    get(&format!("/accounts/{id}")).await
}

pub async fn create_account(body: &PostAccount) -> Result<AccountCreated> {
    post("/accounts", body).await
}

pub async fn put_account(id: AccountId, version: i64, body: &PutAccount) -> Result<Account> {
    put(&format!("/accounts/{id}"), version, body).await
}

pub async fn one_time_code(id: AccountId) -> Result<OneTimeCode> {
    post_empty(&format!("/accounts/{id}/one-time-codes")).await
}

pub async fn grant_role(id: AccountId, body: &PostRoleGrant) -> Result<RoleGrant> {
    post(&format!("/accounts/{id}/roles"), body).await
}

pub async fn revoke_role(id: AccountId, grant: RoleGrantId) -> Result<()> {
    delete(&format!("/accounts/{id}/roles/{grant}")).await
}
