//! Reported messages.

use crate::answer::{Answer, Changed, Found};
use crate::extract::{App, Can, Id, Valid, ValidQuery, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{get, post};
use dto::contact::{MessageReport, PostReason, ThreadDetail};
use dto::page::PageQuery;
use dto::{Page, ReportId, ThreadId};
use gradebook::contact_book::review;

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(list_reports).service(resolve_report).service(review_thread);
}

/// List reported messages, newest first.
#[utoipa::path(
    tag = "contact",
    params(PageQuery),
    responses((status = 200, body = Page<MessageReport>), Problems),
    security(("bearer" = ["contact:review"]))
)]
#[get("/message-reports")]
async fn list_reports(ctx: Can<can::ContactReview>, app: App, page: ValidQuery<PageQuery>) -> Answer<Found<Page<MessageReport>>> {
    Ok(Found(review::reports(&app.db, &ctx, &page).await?))
}

/// Say what was done about a report.
#[utoipa::path(
    tag = "contact",
    params(("report_id" = ReportId, Path)),
    request_body = PostReason,
    responses((status = 200, body = MessageReport), Problems),
    security(("bearer" = ["contact:review"]))
)]
#[post("/message-reports/{report_id}/resolve")]
async fn resolve_report(
    ctx: Can<can::ContactReview>,
    app: App,
    id: Id<ReportId>,
    body: Valid<PostReason>,
) -> Answer<Changed<MessageReport>> {
    Ok(Changed(review::resolve(&app.db, &ctx, *id, &body).await?))
}

/// Read a thread of others, for a reason.
///
/// Each look leaves an entry with its reason in the log.
#[utoipa::path(
    tag = "contact",
    params(("thread_id" = ThreadId, Path)),
    request_body = PostReason,
    responses((status = 200, body = ThreadDetail), Problems),
    security(("bearer" = ["contact:review"]))
)]
#[post("/threads/{thread_id}/reviews")]
async fn review_thread(
    ctx: Can<can::ContactReview>,
    app: App,
    id: Id<ThreadId>,
    body: Valid<PostReason>,
) -> Answer<Changed<ThreadDetail>> {
    Ok(Changed(review::look(&app.db, &ctx, *id, &body).await?))
}
