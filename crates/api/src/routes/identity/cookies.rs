//! The two cookies of a browser. Both go to the sessions alone, and no script reads them.

use crate::state::App;
use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};

/// Holds the refresh token.
pub const REFRESH: &str = "khue_refresh";
/// Proves that this browser has signed in before; opens nothing.
pub const DEVICE: &str = "khue_device";

const PATH: &str = "/api/v1/sessions";
const DEVICE_DAYS: i64 = 180;

fn cookie<'c>(app: &App, name: &'static str, value: String, life: Duration) -> Cookie<'c> {
    Cookie::build(name, value)
        .path(PATH)
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(app.config.server.secure_cookies)
        .max_age(life)
        .finish()
}

/// The refresh token, as long as the session lives.
pub fn refresh<'c>(app: &App, token: String) -> Cookie<'c> {
    cookie(app, REFRESH, token, Duration::days(i64::from(app.config.tokens.refresh_days)))
}

pub fn device<'c>(app: &App, token: String) -> Cookie<'c> {
    cookie(app, DEVICE, token, Duration::days(DEVICE_DAYS))
}

/// Takes the refresh token away.
pub fn no_refresh<'c>(app: &App) -> Cookie<'c> {
    cookie(app, REFRESH, String::new(), Duration::ZERO)
}

/// What the browser sent.
pub fn sent(req: &HttpRequest, name: &str) -> Option<String> {
    req.cookie(name).map(|c| c.value().to_owned()).filter(|v| !v.is_empty())
}
