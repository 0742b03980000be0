//! Requests for leave.

use crate::answer::{Answer, Changed, Created, Found};
use crate::extract::{App, Can, Id, Path, Valid, ValidQuery, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{get, post};
use dto::contact::{LeaveRequest, PostLeaveAnswer, PostLeaveRequest};
use dto::page::PageQuery;
use dto::{ClassId, LearnerId, LeaveRequestId, Page};
use gradebook::contact_book::leave;

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(list_my_leave_requests)
        .service(post_leave_request)
        .service(withdraw_leave_request)
        .service(list_class_leave_requests)
        .service(answer_leave_request);
}

/// List the requests for leave of one's children.
#[utoipa::path(
    tag = "contact",
    params(PageQuery),
    responses((status = 200, body = Page<LeaveRequest>), Problems),
    security(("bearer" = ["contact:family"]))
)]
#[get("/me/leave-requests")]
async fn list_my_leave_requests(
    ctx: Can<can::ContactFamily>,
    app: App,
    page: ValidQuery<PageQuery>,
) -> Answer<Found<Page<LeaveRequest>>> {
    Ok(Found(leave::list_mine(&app.db, &ctx, &page).await?))
}

/// Ask for leave for a child.
#[utoipa::path(
    tag = "contact",
    params(("learner_id" = LearnerId, Path)),
    request_body = PostLeaveRequest,
    responses((status = 201, body = LeaveRequest), Problems),
    security(("bearer" = ["contact:family"]))
)]
#[post("/me/children/{learner_id}/leave-requests")]
async fn post_leave_request(
    ctx: Can<can::ContactFamily>,
    app: App,
    id: Id<LearnerId>,
    body: Valid<PostLeaveRequest>,
) -> Answer<Created<LeaveRequest>> {
    Ok(Created(leave::create(&app.db, &ctx, *id, &body).await?))
}

/// Take back a request for leave that waits.
#[utoipa::path(
    tag = "contact",
    params(("leave_request_id" = LeaveRequestId, Path)),
    responses((status = 200, body = LeaveRequest), Problems),
    security(("bearer" = ["contact:family"]))
)]
#[post("/me/leave-requests/{leave_request_id}/withdraw")]
async fn withdraw_leave_request(ctx: Can<can::ContactFamily>, app: App, id: Id<LeaveRequestId>) -> Answer<Changed<LeaveRequest>> {
    Ok(Changed(leave::withdraw(&app.db, &ctx, *id).await?))
}

/// List the requests for leave of the homeroom class.
#[utoipa::path(
    tag = "contact",
    params(("class_id" = ClassId, Path), PageQuery),
    responses((status = 200, body = Page<LeaveRequest>), Problems),
    security(("bearer" = ["leave:answer"]))
)]
#[get("/classes/{class_id}/leave-requests")]
async fn list_class_leave_requests(
    ctx: Can<can::LeaveAnswer>,
    app: App,
    id: Id<ClassId>,
    page: ValidQuery<PageQuery>,
) -> Answer<Found<Page<LeaveRequest>>> {
    Ok(Found(leave::list_of_class(&app.db, &ctx, *id, &page).await?))
}

/// Answer a request for leave.
///
/// Accepted, it counts as permitted absence. The family is told.
#[utoipa::path(
    tag = "contact",
    params(("class_id" = ClassId, Path), ("leave_request_id" = LeaveRequestId, Path)),
    request_body = PostLeaveAnswer,
    responses((status = 200, body = LeaveRequest), Problems),
    security(("bearer" = ["leave:answer"]))
)]
#[post("/classes/{class_id}/leave-requests/{leave_request_id}/answer")]
async fn answer_leave_request(
    ctx: Can<can::LeaveAnswer>,
    app: App,
    path: Path<(ClassId, LeaveRequestId)>,
    body: Valid<PostLeaveAnswer>,
) -> Answer<Changed<LeaveRequest>> {
    let (class, id) = *path;
    Ok(Changed(leave::answer(&app.db, &ctx, class, id, &body).await?))
}
