//! Primary pupils who have not completed their grade: assessed again, and the principal's decision.

use crate::answer::{Answer, Changed, Found};
use crate::extract::{App, Can, Id, Path, Valid, Version, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{get, put};
use dto::reassessment::{PutPrincipalDecision, PutReassessment, ReassessmentChange, ReassessmentSaved, ReassessmentSheet};
use dto::{ClassId, LearnerId, Page};
use gradebook::reassessment;

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(get_reassessment).service(put_reassessment).service(get_reassessment_history).service(put_principal_decision);
}

/// Read who of a primary class has not completed the programme of the grade (TT 27/2020 Đ.11).
///
/// What each has to be assessed again in after help, what came of it, and what the principal decided. Empty while a term is open.
#[utoipa::path(
    tag = "council",
    params(("class_id" = ClassId, Path)),
    responses((status = 200, body = ReassessmentSheet), Problems),
    security(("bearer" = ["result:read"]))
)]
#[get("/classes/{class_id}/reassessment")]
async fn get_reassessment(ctx: Can<can::ResultRead>, app: App, id: Id<ClassId>) -> Answer<Found<ReassessmentSheet>> {
    Ok(Found(reassessment::sheet(&app.db, &ctx, *id).await?))
}

/// Save what was assessed again.
///
/// Each item carries the version that its writer saw; conflicts come back item by item with what stands there, the rest is saved. The
/// results of the year of the pupils concerned are made again and frozen; the log keeps what stood.
#[utoipa::path(
    tag = "council",
    params(("class_id" = ClassId, Path)),
    request_body = PutReassessment,
    responses((status = 200, body = ReassessmentSaved), Problems),
    security(("bearer" = ["council:write"]))
)]
#[put("/classes/{class_id}/reassessment")]
async fn put_reassessment(
    ctx: Can<can::CouncilWrite>,
    app: App,
    id: Id<ClassId>,
    body: Valid<PutReassessment>,
) -> Answer<Changed<ReassessmentSaved>> {
    Ok(Changed(reassessment::put(&app.db, &ctx, *id, &body).await?))
}

/// Read all writes of a pupil's re-assessment and of the principal's decision, newest first.
#[utoipa::path(
    tag = "council",
    params(("class_id" = ClassId, Path), ("learner_id" = LearnerId, Path)),
    responses((status = 200, body = Page<ReassessmentChange>), Problems),
    security(("bearer" = ["result:read"]))
)]
#[get("/classes/{class_id}/reassessment/{learner_id}/history")]
async fn get_reassessment_history(
    ctx: Can<can::ResultRead>,
    app: App,
    path: Path<(ClassId, LearnerId)>,
) -> Answer<Found<Page<ReassessmentChange>>> {
    let (class, learner) = *path;
    Ok(Found(reassessment::history(&app.db, &ctx, class, learner).await?))
}

/// Decide of a pupil who still falls short, with a reason.
///
/// For the principal, once all has been assessed again. Without `completed` the decision is taken back; while it stands, what was
/// assessed again cannot be changed.
#[utoipa::path(
    tag = "council",
    params(
        ("class_id" = ClassId, Path),
        ("learner_id" = LearnerId, Path),
        ("If-Match" = String, Header, description = "The version of the decision that was read; 0 where there was none.")
    ),
    request_body = PutPrincipalDecision,
    responses((status = 200, body = ReassessmentSheet), Problems),
    security(("bearer" = ["year:close"]))
)]
#[put("/classes/{class_id}/reassessment/{learner_id}/decision")]
async fn put_principal_decision(
    ctx: Can<can::YearClose>,
    app: App,
    path: Path<(ClassId, LearnerId)>,
    version: Version,
    body: Valid<PutPrincipalDecision>,
) -> Answer<Changed<ReassessmentSheet>> {
    let (class, learner) = *path;
    Ok(Changed(reassessment::decide(&app.db, &ctx, class, learner, *version, &body).await?))
}
