//! Signing in and out.

use super::cookies;
use crate::answer::{Answer, Changed, Created, Done, Found};
use crate::extract::{Anyone, App, Can, Id, OptionalJson, Valid, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, Responder, delete, get, post};
use dto::identity::{Refresh, Session, SignIn, Tokens};
use dto::{Code, Page, SessionId};
use identity::Settings;
use identity::sessions::Origin;
use kernel::Error;

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(sign_in).service(refresh_session).service(list_sessions).service(sign_out).service(end_session);
}

/// Sign in.
///
/// With a user name and a password, or a one-time code in its place. `cookie: true` (browsers) puts the refresh token into the HttpOnly
/// cookie `khue_refresh` and leaves it out of the body. After several wrong passwords for a name this place waits
/// (`sign_in_delayed`, `Retry-After`); other names and other places do not.
#[utoipa::path(tag = "identity", request_body = SignIn, responses((status = 201, body = Tokens), Problems))]
#[post("/sessions")]
async fn sign_in(req: HttpRequest, caller: Anyone, app: App, body: Valid<SignIn>) -> Answer<HttpResponse> {
    let device = cookies::sent(&req, cookies::DEVICE);
    let label = device_name(&req);
    let origin = Origin { address: caller.address, device: device.as_deref(), label: &label };
    let signed_in =
        identity::sessions::sign_in(&app.db, &app.keys, &Settings::from(&app.config), &caller.ctx, &origin, &body).await?;
    let mut tokens = signed_in.tokens;
    let refresh = if body.cookie { tokens.refresh_token.take() } else { None };
    let mut response = secret(Created(tokens).respond_to(&req));
    if let Some(token) = refresh {
        set(&mut response, cookies::refresh(&app, token))?;
        set(&mut response, cookies::device(&app, signed_in.device_token))?;
    }
    Ok(response)
}

/// Exchange a refresh token for a new pair.
///
/// The token comes in the body, else in the cookie `khue_refresh`, and the new one goes the same way. Each token is good once; for 30
/// seconds it gives a pair again, for a phone that lost the answer. One that comes later again ends the session (`session_reused`).
#[utoipa::path(tag = "identity", request_body = Option<Refresh>, responses((status = 200, body = Tokens), Problems))]
#[post("/sessions/refresh")]
async fn refresh_session(req: HttpRequest, caller: Anyone, app: App, body: OptionalJson<Refresh>) -> Answer<HttpResponse> {
    let by_cookie = body.0.refresh_token.is_none();
    let token = body
        .0
        .refresh_token
        .or_else(|| cookies::sent(&req, cookies::REFRESH))
        .ok_or_else(|| Error::new(Code::Unauthenticated))?;
    let mut tokens = identity::sessions::refresh(&app.db, &app.keys, &Settings::from(&app.config), &caller.ctx, &token).await?;
    let refresh = if by_cookie { tokens.refresh_token.take() } else { None };
    let mut response = secret(Changed(tokens).respond_to(&req));
    if let Some(token) = refresh {
        set(&mut response, cookies::refresh(&app, token))?;
    }
    Ok(response)
}

/// List one's signed-in devices.
#[utoipa::path(tag = "identity", responses((status = 200, body = Page<Session>), Problems), security(("bearer" = ["account:self"])))]
#[get("/sessions")]
async fn list_sessions(ctx: Can<can::AccountSelf>, app: App) -> Answer<Found<Page<Session>>> {
    Ok(Found(identity::sessions::list(&app.db, &ctx).await?))
}

/// Sign out.
///
/// Ends the session that asks, and takes the cookie away.
#[utoipa::path(tag = "identity", responses((status = 204), Problems), security(("bearer" = ["account:self"])))]
#[delete("/sessions/current")]
async fn sign_out(ctx: Can<can::AccountSelf>, app: App, req: HttpRequest) -> Answer<HttpResponse> {
    identity::sessions::end_current(&app.db, &ctx).await?;
    let mut response = Done.respond_to(&req);
    set(&mut response, cookies::no_refresh(&app))?;
    Ok(response)
}

/// End one of one's sessions.
#[utoipa::path(
    tag = "identity",
    params(("session_id" = SessionId, Path)),
    responses((status = 204), Problems),
    security(("bearer" = ["account:self"]))
)]
#[delete("/sessions/{session_id}")]
async fn end_session(ctx: Can<can::AccountSelf>, app: App, id: Id<SessionId>) -> Answer<Done> {
    identity::sessions::end(&app.db, &ctx, *id).await?;
    Ok(Done)
}

/// An answer that holds tokens stays in no cache and has no tag.
fn secret(mut response: HttpResponse) -> HttpResponse {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().remove(header::ETAG);
    response
}

fn set(response: &mut HttpResponse, cookie: actix_web::cookie::Cookie<'_>) -> Result<(), Error> {
    response.add_cookie(&cookie).map_err(Error::internal)
}

/// A name for the list of sessions out of what the browser says of itself: "Chrome, Windows".
fn device_name(req: &HttpRequest) -> String {
    let agent = req.headers().get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or("");
    // Of names that stand in others' texts too, the narrower comes first.
    let find = |names: &[(&str, &'static str)]| names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    let browser = find(&[
        ("coc_coc", "Cốc Cốc"),
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox", "Firefox"),
        ("CriOS", "Chrome"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ]);
    let system = find(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    [browser, system].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn devices_have_names() {
        let name = |agent: &'static str| {
            device_name(&TestRequest::default().insert_header((header::USER_AGENT, agent)).to_http_request())
        };
        assert_eq!(
            name("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0"),
            "Edge, Windows"
        );
        assert_eq!(
            name("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"),
            "Chrome, Android"
        );
        assert_eq!(
            name("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile Safari/604.1"),
            "Safari, iPhone"
        );
        assert_eq!(name("curl/8"), "");
    }
}
