//! That there is something new for the caller.

use crate::answer::Answer;
use crate::extract::{App, Can, can};
use crate::problem::Problems;
use crate::routes::Routes;
use crate::stream;
use actix_web::{HttpResponse, get};
use dto::Code;
use dto::live::MyEvent;
use gradebook::contact_book::live;
use kernel::Error;
use kernel::live::Message;
use std::time::Duration;

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(watch_news);
}

/// Be told at once that there is something new.
///
/// Server-sent events: `hello` first, then `news` where a notice concerns the caller or somebody writes or reads in one of the caller's
/// threads; never what it says, which is read as ever. `bye` before the stream ends (after the life of an access token, or when the
/// server stops). Heartbeats are comments, every 10 seconds. There is nothing to come back to: open the stream, then read.
#[utoipa::path(
    tag = "contact",
    responses((status = 200, body = MyEvent, content_type = "text/event-stream"), Problems),
    security(("bearer" = ["account:self"]))
)]
#[get("/me/events")]
async fn watch_news(ctx: Can<can::AccountSelf>, app: App) -> Answer<HttpResponse> {
    let account = ctx.account.ok_or_else(|| Error::new(Code::Unauthenticated))?;
    let heartbeat = Duration::from_secs(app.config.limits.heartbeat_seconds);
    let place =
        app.streams.take(account).ok_or_else(|| Error::new(Code::TooManyRequests).with("seconds", heartbeat.as_secs()))?;
    let watch = live::watch(&app.db, &ctx, account).await?.ok_or_else(|| Error::new(Code::Busy))?;
    let first = Message { id: None, event: live::HELLO.into(), data: live::hello()?.into() };
    let life = Duration::from_secs(app.config.tokens.access_seconds);
    Ok(stream::respond(watch, first, heartbeat, life, place))
}
