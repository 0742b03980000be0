//! Guardians of learners.

use crate::answer::{Answer, Created, Done};
use crate::extract::{App, Can, Id, Path, Valid, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{delete, post};
use dto::learners::{GuardianOf, PostGuardian};
use dto::{GuardianId, LearnerId};

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(link_guardian).service(unlink_guardian);
}

/// Link a guardian to a learner.
///
/// One who is known as the guardian of another child (`guardian_id`), or a new one (`name`).
#[utoipa::path(
    tag = "learners",
    params(("learner_id" = LearnerId, Path)),
    request_body = PostGuardian,
    responses((status = 201, body = GuardianOf), Problems),
    security(("bearer" = ["learner:write"]))
)]
#[post("/learners/{learner_id}/guardians")]
async fn link_guardian(
    ctx: Can<can::LearnerWrite>,
    app: App,
    id: Id<LearnerId>,
    body: Valid<PostGuardian>,
) -> Answer<Created<GuardianOf>> {
    Ok(Created(records::learners::link_guardian(&app.db, &ctx, *id, &body).await?))
}

/// Take a guardian off a learner.
#[utoipa::path(
    tag = "learners",
    params(("learner_id" = LearnerId, Path), ("guardian_id" = GuardianId, Path)),
    responses((status = 204), Problems),
    security(("bearer" = ["learner:write"]))
)]
#[delete("/learners/{learner_id}/guardians/{guardian_id}")]
async fn unlink_guardian(ctx: Can<can::LearnerWrite>, app: App, path: Path<(LearnerId, GuardianId)>) -> Answer<Done> {
    records::learners::unlink_guardian(&app.db, &ctx, path.0.0, path.0.1).await?;
    Ok(Done)
}
