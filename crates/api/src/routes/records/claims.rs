//! What a school is offered that enters a known child.

use crate::answer::{Answer, Changed, CreatedVersion};
use crate::extract::{App, Can, Valid, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::post;
use dto::learners::Learner;
use dto::one_record::{LearnerOffers, PostClaim, PostOffers};

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(offer_learner).service(claim_learner);
}

/// See whether the province knows a child.
///
/// By a number, or by name and birth date: who it is, where they are, and what the school can do: claim a child who is at no school now,
/// or ask for a transfer. The look is written into the log of both schools.
#[utoipa::path(
    tag = "learners",
    request_body = PostOffers,
    responses((status = 200, body = LearnerOffers), Problems),
    security(("bearer" = ["learner:write"]))
)]
#[post("/learners/offers")]
async fn offer_learner(ctx: Can<can::LearnerWrite>, app: App, body: Valid<PostOffers>) -> Answer<Changed<LearnerOffers>> {
    Ok(Changed(records::claims::offers(&app.db, &ctx, &body).await?))
}

/// Claim a child who is at no school now.
///
/// The child's one record becomes this school's, with its history, marks, transcripts and health.
#[utoipa::path(
    tag = "learners",
    request_body = PostClaim,
    responses((status = 201, body = Learner), Problems),
    security(("bearer" = ["learner:write"]))
)]
#[post("/learners/claims")]
async fn claim_learner(ctx: Can<can::LearnerWrite>, app: App, body: Valid<PostClaim>) -> Answer<CreatedVersion<Learner>> {
    let learner = records::claims::claim(&app.db, &ctx, &body).await?;
    let version = learner.version;
    Ok(CreatedVersion(learner, version))
}
