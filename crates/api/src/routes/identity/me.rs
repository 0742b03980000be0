//! One's own account.

use crate::answer::{Answer, Changed, Done, Found};
use crate::extract::{App, Can, Valid, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::{CustomizeResponder, Responder, get, put};
use dto::identity::{BrowserKey, ChangePassword, Me, PutPreferences};
use identity::Settings;

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(get_me).service(change_password).service(put_preferences).service(get_browser_key);
}

/// Read who is signed in: person, roles, permissions.
#[utoipa::path(tag = "identity", responses((status = 200, body = Me), Problems), security(("bearer" = ["account:self"])))]
#[get("/me")]
async fn get_me(ctx: Can<can::AccountSelf>, app: App) -> Answer<Found<Me>> {
    Ok(Found(identity::me::get(&app.db, &ctx).await?))
}

/// Change one's password.
///
/// Ends the other sessions. Who had to change it gets the full permissions with the next access token: refresh after this.
#[utoipa::path(
    tag = "identity",
    request_body = ChangePassword,
    responses((status = 204), Problems),
    security(("bearer" = ["account:self"]))
)]
#[put("/me/password")]
async fn change_password(ctx: Can<can::AccountSelf>, app: App, body: Valid<ChangePassword>) -> Answer<Done> {
    identity::me::change_password(&app.db, &app.keys, &Settings::from(&app.config), &ctx, &body).await?;
    Ok(Done)
}

/// Change one's preferences.
#[utoipa::path(
    tag = "identity",
    request_body = PutPreferences,
    responses((status = 200, body = Me), Problems),
    security(("bearer" = ["account:self"]))
)]
#[put("/me/preferences")]
async fn put_preferences(ctx: Can<can::AccountSelf>, app: App, body: Valid<PutPreferences>) -> Answer<Changed<Me>> {
    Ok(Changed(identity::me::put_preferences(&app.db, &ctx, &body).await?))
}

/// Read the key that seals what a browser keeps of this account.
///
/// For work without a line: what a browser keeps of an account is sealed with it (AES-256-GCM), and opens for nobody else.
#[utoipa::path(tag = "identity", responses((status = 200, body = BrowserKey), Problems), security(("bearer" = ["account:self"])))]
#[get("/me/browser-key")]
async fn get_browser_key(ctx: Can<can::AccountSelf>, app: App) -> Answer<CustomizeResponder<Found<BrowserKey>>> {
    let key = identity::me::browser_key(&app.db, &app.keys, &ctx).await?;
    // No copy of it in the browser's own cache.
    Ok(Found(key).customize().insert_header((CACHE_CONTROL, "no-store")))
}
