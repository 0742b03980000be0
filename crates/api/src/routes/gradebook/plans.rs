//! Individual education plans.

use crate::answer::{Answer, Changed, Found, Saved};
use crate::extract::{App, Can, Id, Path, Valid, Version, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{get, post, put};
use dto::plans::{DecideIndividualPlan, IndividualPlan, IndividualPlans, PutIndividualPlan};
use dto::{ClassId, LearnerId};
use gradebook::plans;

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(list_individual_plans).service(put_individual_plan).service(decide_individual_plan);
}

/// List the individual education plans of a class's learners.
///
/// Only who may propose or decide them finds them; for everybody else there are none (`not_found`).
#[utoipa::path(
    tag = "results",
    params(("class_id" = ClassId, Path)),
    responses((status = 200, body = IndividualPlans), Problems),
    security(("bearer" = ["learner:read"]))
)]
#[get("/classes/{class_id}/individual-plans")]
async fn list_individual_plans(ctx: Can<can::LearnerRead>, app: App, id: Id<ClassId>) -> Answer<Found<IndividualPlans>> {
    Ok(Found(plans::list(&app.db, &ctx, *id).await?))
}

/// Propose a learner's individual education plan for the school year (TT 22/2021 Đ.11, TT 28/2020).
///
/// `If-Match` is the version of what was read, 0 while there is no plan.
#[utoipa::path(
    tag = "results",
    params(
        ("class_id" = ClassId, Path), ("learner_id" = LearnerId, Path),
        ("If-Match" = String, Header, description = "The version that was read."),
    ),
    request_body = PutIndividualPlan,
    responses((status = 200, body = IndividualPlan), Problems),
    security(("bearer" = ["plan:write"]))
)]
#[put("/classes/{class_id}/individual-plans/{learner_id}")]
async fn put_individual_plan(
    ctx: Can<can::PlanWrite>,
    app: App,
    path: Path<(ClassId, LearnerId)>,
    version: Version,
    body: Valid<PutIndividualPlan>,
) -> Answer<Saved<IndividualPlan>> {
    let (class, learner) = *path;
    let saved = plans::propose(&app.db, &ctx, class, learner, *version, &body).await?;
    let version = saved.version;
    Ok(Saved(saved, version))
}

/// Approve or decline a plan that was proposed.
#[utoipa::path(
    tag = "results",
    params(("class_id" = ClassId, Path), ("learner_id" = LearnerId, Path)),
    request_body = DecideIndividualPlan,
    responses((status = 200, body = IndividualPlan), Problems),
    security(("bearer" = ["plan:decide"]))
)]
#[post("/classes/{class_id}/individual-plans/{learner_id}/decision")]
async fn decide_individual_plan(
    ctx: Can<can::PlanDecide>,
    app: App,
    path: Path<(ClassId, LearnerId)>,
    body: Valid<DecideIndividualPlan>,
) -> Answer<Changed<IndividualPlan>> {
    let (class, learner) = *path;
    Ok(Changed(plans::decide(&app.db, &ctx, class, learner, &body).await?))
}
