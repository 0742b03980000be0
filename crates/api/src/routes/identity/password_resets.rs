//! A new password with a one-time code.

use crate::answer::{Answer, Done};
use crate::extract::{Anyone, App, Valid};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::post;
use dto::identity::ResetPassword;
use identity::Settings;

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(reset_password);
}

/// Set a new password with a one-time code.
///
/// The code is good once, for 24 hours and five tries. Ends every session of the account.
#[utoipa::path(tag = "identity", request_body = ResetPassword, responses((status = 204), Problems))]
#[post("/password-resets")]
async fn reset_password(caller: Anyone, app: App, body: Valid<ResetPassword>) -> Answer<Done> {
    identity::resets::reset(&app.db, &app.keys, &Settings::from(&app.config), &caller.ctx, caller.address, &body).await?;
    Ok(Done)
}
