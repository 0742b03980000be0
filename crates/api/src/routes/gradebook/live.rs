//! The live mark sheet.

use crate::answer::Answer;
use crate::extract::{App, Can, Path, can};
use crate::problem::Problems;
use crate::routes::Routes;
use crate::stream;
use actix_web::{HttpRequest, HttpResponse, get};
use dto::calendar::Term;
use dto::live::SheetEvent;
use dto::{ClassId, Code};
use gradebook::marks::live;
use kernel::Error;
use kernel::live::Message;
use std::time::Duration;

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(watch_marks);
}

/// Watch a mark sheet.
///
/// Server-sent events: the first is `hello`; then `cells` after each write by anybody, `presence` when somebody opens or leaves the
/// sheet, `reload` where it is to be read anew, and `bye` before the stream ends (after the life of an access token, or when the
/// server stops). `data` is the struct of the event as JSON in one line. A stream is to be read with the access token in its header,
/// as any other call; heartbeats are comments, every 10 seconds. With `Last-Event-ID` what was missed is sent first, where the server
/// still knows it; `hello` says so in `resumed`. Open the stream, then read the sheet, then take each cell with a version above the
/// one held.
#[utoipa::path(
    tag = "marks",
    params(
        ("class_id" = ClassId, Path), ("subject_code" = String, Path), ("term" = Term, Path),
        ("Last-Event-ID" = Option<String>, Header, description = "The last id that was seen."),
    ),
    responses((status = 200, body = SheetEvent, content_type = "text/event-stream"), Problems),
    security(("bearer" = ["mark:read"]))
)]
#[get("/classes/{class_id}/subjects/{subject_code}/terms/{term}/marks/events")]
async fn watch_marks(
    ctx: Can<can::MarkRead>,
    app: App,
    path: Path<(ClassId, String, Term)>,
    req: HttpRequest,
) -> Answer<HttpResponse> {
    let (class, subject, term) = &*path;
    let after = req.headers().get("last-event-id").and_then(|id| id.to_str().ok());
    let account = ctx.account.ok_or_else(|| Error::new(Code::Unauthenticated))?;
    let heartbeat = Duration::from_secs(app.config.limits.heartbeat_seconds);
    let place =
        app.streams.take(account).ok_or_else(|| Error::new(Code::TooManyRequests).with("seconds", heartbeat.as_secs()))?;
    let watch = live::watch(&app.db, &ctx, *class, subject, *term, after).await?.ok_or_else(|| Error::new(Code::Busy))?;
    let hello = serde_json::to_string(&watch.hello).map_err(Error::internal)?;
    let first = Message { id: Some(watch.last_id().to_owned()), event: live::HELLO.into(), data: hello.into() };
    let life = Duration::from_secs(app.config.tokens.access_seconds);
    Ok(stream::respond(watch, first, heartbeat, life, place))
}
