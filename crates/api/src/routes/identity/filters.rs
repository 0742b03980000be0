//! Filters of lists that a person keeps.

use crate::answer::{Answer, CreatedVersion, Done, Found, Saved};
use crate::extract::{App, Can, Id, Valid, ValidQuery, Version, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{delete, get, post, put};
use dto::saved_filters::{PutSavedFilter, SavedFilter, SavedFilterQuery};
use dto::{Page, SavedFilterId};
use identity::filters;

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(list_filters).service(post_filter).service(put_filter).service(delete_filter);
}

/// List one's saved filters, in the order of their names.
#[utoipa::path(
    tag = "identity",
    params(SavedFilterQuery),
    responses((status = 200, body = Page<SavedFilter>), Problems),
    security(("bearer" = ["account:self"]))
)]
#[get("/me/filters")]
async fn list_filters(
    ctx: Can<can::AccountSelf>,
    app: App,
    query: ValidQuery<SavedFilterQuery>,
) -> Answer<Found<Page<SavedFilter>>> {
    Ok(Found(filters::list(&app.db, &ctx, &query).await?))
}

/// Keep the filter of a list under a name.
#[utoipa::path(
    tag = "identity",
    request_body = PutSavedFilter,
    responses((status = 201, body = SavedFilter), Problems),
    security(("bearer" = ["account:self"]))
)]
#[post("/me/filters")]
async fn post_filter(ctx: Can<can::AccountSelf>, app: App, body: Valid<PutSavedFilter>) -> Answer<CreatedVersion<SavedFilter>> {
    let filter = filters::create(&app.db, &ctx, &body).await?;
    let version = filter.version;
    Ok(CreatedVersion(filter, version))
}

/// Change a saved filter: its name, or what it holds.
#[utoipa::path(
    tag = "identity",
    params(("saved_filter_id" = SavedFilterId, Path), ("If-Match" = String, Header, description = "The version that was read.")),
    request_body = PutSavedFilter,
    responses((status = 200, body = SavedFilter), Problems),
    security(("bearer" = ["account:self"]))
)]
#[put("/me/filters/{saved_filter_id}")]
async fn put_filter(
    ctx: Can<can::AccountSelf>,
    app: App,
    id: Id<SavedFilterId>,
    version: Version,
    body: Valid<PutSavedFilter>,
) -> Answer<Saved<SavedFilter>> {
    let filter = filters::put(&app.db, &ctx, *id, *version, &body).await?;
    let version = filter.version;
    Ok(Saved(filter, version))
}

/// Remove a saved filter.
#[utoipa::path(
    tag = "identity",
    params(("saved_filter_id" = SavedFilterId, Path)),
    responses((status = 204, description = "Removed."), Problems),
    security(("bearer" = ["account:self"]))
)]
#[delete("/me/filters/{saved_filter_id}")]
async fn delete_filter(ctx: Can<can::AccountSelf>, app: App, id: Id<SavedFilterId>) -> Answer<Done> {
    filters::delete(&app.db, &ctx, *id).await?;
    Ok(Done)
}
