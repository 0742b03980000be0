//! A learner's codes with their history.

use crate::answer::{Answer, Created, Found};
use crate::extract::{App, Can, Id, Valid, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{get, post};
use dto::LearnerId;
use dto::one_record::{LearnerCodes, PostLearnerCode};

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(list_learner_codes).service(give_learner_code);
}

/// List a learner's codes.
///
/// Personal ID, Ministry code, lifelong learning code, what schools gave, the temporary code: those of today and those before, each
/// with its days, who wrote it down, and why.
#[utoipa::path(
    tag = "learners",
    params(("learner_id" = LearnerId, Path)),
    responses((status = 200, body = LearnerCodes), Problems),
    security(("bearer" = ["learner:read"]))
)]
#[get("/learners/{learner_id}/codes")]
async fn list_learner_codes(ctx: Can<can::LearnerRead>, app: App, id: Id<LearnerId>) -> Answer<Found<LearnerCodes>> {
    Ok(Found(records::codes::list(&app.db, &ctx, *id).await?))
}

/// Give a learner a code.
///
/// The one of the same kind (of a school's own: of the same school) ends that day and stays in the history.
#[utoipa::path(
    tag = "learners",
    params(("learner_id" = LearnerId, Path)),
    request_body = PostLearnerCode,
    responses((status = 201, body = LearnerCodes), Problems),
    security(("bearer" = ["learner:write"]))
)]
#[post("/learners/{learner_id}/codes")]
async fn give_learner_code(
    ctx: Can<can::LearnerWrite>,
    app: App,
    id: Id<LearnerId>,
    body: Valid<PostLearnerCode>,
) -> Answer<Created<LearnerCodes>> {
    Ok(Created(records::codes::give(&app.db, &ctx, *id, &body).await?))
}
