//! Who is in a class, and their ordinals.

use crate::answer::{Answer, Changed, Created, Done, Found};
use crate::extract::{App, Can, Id, Path, Valid, ValidQuery, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{delete, get, post};
use dto::classes::{Class, ClassMember, LeaveQuery, PostEnrolment};
use dto::{ClassId, LearnerId, Page};

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(list_members).service(enrol_member).service(leave_class).service(freeze_ordinals);
}

/// List the learners of a class by ordinal.
///
/// The whole class in one answer, with those who have left.
#[utoipa::path(
    tag = "classes",
    params(("class_id" = ClassId, Path)),
    responses((status = 200, body = Page<ClassMember>), Problems),
    security(("bearer" = ["class:read"]))
)]
#[get("/classes/{class_id}/members")]
async fn list_members(ctx: Can<can::ClassRead>, app: App, id: Id<ClassId>) -> Answer<Found<Page<ClassMember>>> {
    Ok(Found(records::classes::members(&app.db, &ctx, *id).await?))
}

/// Put a learner of the school into a class from a day on.
///
/// What they had in another class of the school in the same year ends that day; the marks of terms that are open in both come along,
/// with the source `transfer`.
#[utoipa::path(
    tag = "classes",
    params(("class_id" = ClassId, Path)),
    request_body = PostEnrolment,
    responses((status = 201, body = ClassMember), Problems),
    security(("bearer" = ["class:write"]))
)]
#[post("/classes/{class_id}/members")]
async fn enrol_member(
    ctx: Can<can::ClassWrite>,
    app: App,
    id: Id<ClassId>,
    body: Valid<PostEnrolment>,
) -> Answer<Created<ClassMember>> {
    Ok(Created(gradebook::transfers::enrol(&app.db, &ctx, *id, &body).await?))
}

/// Take a learner out of a class from a day on.
///
/// The line stays in the list, with its ordinal and all marks.
#[utoipa::path(
    tag = "classes",
    params(("class_id" = ClassId, Path), ("learner_id" = LearnerId, Path), LeaveQuery),
    responses((status = 204), Problems),
    security(("bearer" = ["class:write"]))
)]
#[delete("/classes/{class_id}/members/{learner_id}")]
async fn leave_class(
    ctx: Can<can::ClassWrite>,
    app: App,
    path: Path<(ClassId, LearnerId)>,
    query: ValidQuery<LeaveQuery>,
) -> Answer<Done> {
    records::classes::leave(&app.db, &ctx, path.0.0, path.0.1, query.left_on).await?;
    Ok(Done)
}

/// Order the class list by given name and freeze the ordinals.
///
/// In Vietnamese order: given name, then family and middle names, then birth date. From then on newcomers are appended.
#[utoipa::path(
    tag = "classes",
    params(("class_id" = ClassId, Path)),
    responses((status = 200, body = Class), Problems),
    security(("bearer" = ["class:write"]))
)]
#[post("/classes/{class_id}/ordinals")]
async fn freeze_ordinals(ctx: Can<can::ClassWrite>, app: App, id: Id<ClassId>) -> Answer<Changed<Class>> {
    Ok(Changed(records::classes::freeze(&app.db, &ctx, *id).await?))
}
