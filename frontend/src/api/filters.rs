//! Filters that the person keeps with the account.

use super::query::Query;
use super::{Result, delete, get, post, put};
use dto::saved_filters::{PutSavedFilter, SavedFilter};
use dto::{Page, SavedFilterId};

pub async fn list(page: &str) -> Result<Page<SavedFilter>> {
    get(&Query::new().with("page", Some(page)).on("/me/filters")).await
}

pub async fn save(body: &PutSavedFilter) -> Result<SavedFilter> {
    post("/me/filters", body).await
}

pub async fn change(id: SavedFilterId, version: i64, body: &PutSavedFilter) -> Result<SavedFilter> {
    put(&format!("/me/filters/{id}"), version, body).await
}

pub async fn remove(id: SavedFilterId) -> Result<()> {
    delete(&format!("/me/filters/{id}")).await
}
