//! Results of classes and learners, for staff.

use crate::answer::{Answer, Found};
use crate::extract::{App, Can, Id, Path, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::get;
use dto::gradebook::{ClassResults, LearnerReport, Period};
use dto::{ClassId, LearnerId};

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(get_results).service(get_learner_report);
}

/// Read the results of a class in a term or in the year.
///
/// While the period is open they are computed as marks stand, with what is missing among the reasons; once it is closed they are
/// read back as they were frozen. Each result names the rules that decided it.
#[utoipa::path(
    tag = "results",
    params(("class_id" = ClassId, Path), ("period" = Period, Path)),
    responses((status = 200, body = ClassResults), Problems),
    security(("bearer" = ["result:read"]))
)]
#[get("/classes/{class_id}/results/{period}")]
async fn get_results(ctx: Can<can::ResultRead>, app: App, path: Path<(ClassId, Period)>) -> Answer<Found<ClassResults>> {
    let (class, period) = *path;
    Ok(Found(gradebook::results::of_class(&app.db, &ctx, class, period).await?))
}

/// Read a learner's marks and closed results of the current school year.
#[utoipa::path(
    tag = "results",
    params(("learner_id" = LearnerId, Path)),
    responses((status = 200, body = LearnerReport), Problems),
    security(("bearer" = ["result:read"]))
)]
#[get("/learners/{learner_id}/report")]
async fn get_learner_report(ctx: Can<can::ResultRead>, app: App, id: Id<LearnerId>) -> Answer<Found<LearnerReport>> {
    Ok(Found(gradebook::results::of_learner(&app.db, &ctx, *id).await?))
}
