//! Weight and height of children.

use crate::answer::{self, Answer, Changed, Disposition, Found};
use crate::extract::{App, Can, Id, Path, Valid, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{HttpResponse, get, put};
use chrono::NaiveDate;
use dto::growth::{ClassGrowth, GrowthDue, GrowthSaved, LearnerGrowth, PutGrowth};
use dto::{ClassId, LearnerId, Page};

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(get_class_growth)
        .service(put_class_growth)
        .service(get_learner_growth)
        .service(get_child_growth)
        .service(list_growth_due)
        .service(get_growth_chart)
        .service(get_child_growth_chart);
}

/// Read what was measured of a class on a day.
///
/// Each child with what stands for that day, what was measured before it, and when the next measurement is due: monthly below 24
/// months, quarterly from then on, in general schools once in each half of the school year (TTLT 13/2016 Đ.9).
#[utoipa::path(
    tag = "growth",
    params(("class_id" = ClassId, Path), ("day" = NaiveDate, Path)),
    responses((status = 200, body = ClassGrowth), Problems),
    security(("bearer" = ["growth:read"]))
)]
#[get("/classes/{class_id}/growth/{day}")]
async fn get_class_growth(ctx: Can<can::GrowthRead>, app: App, path: Path<(ClassId, NaiveDate)>) -> Answer<Found<ClassGrowth>> {
    let (class, day) = *path;
    Ok(Found(records::growth::sheet(&app.db, &ctx, class, day).await?))
}

/// Save what was measured of a class on a day.
///
/// Each row carries the version that its writer saw; conflicts come back row by row with what stands there, the rest is saved. The
/// nurse writes for every class of the school, a class teacher of preschool for their own.
#[utoipa::path(
    tag = "growth",
    params(("class_id" = ClassId, Path), ("day" = NaiveDate, Path)),
    request_body = PutGrowth,
    responses((status = 200, body = GrowthSaved), Problems),
    security(("bearer" = ["growth:write"]))
)]
#[put("/classes/{class_id}/growth/{day}")]
async fn put_class_growth(
    ctx: Can<can::GrowthWrite>,
    app: App,
    path: Path<(ClassId, NaiveDate)>,
    body: Valid<PutGrowth>,
) -> Answer<Changed<GrowthSaved>> {
    let (class, day) = *path;
    Ok(Changed(records::growth::put(&app.db, &ctx, class, day, &body).await?))
}

/// Read a learner's growth.
///
/// Every measurement with its z-scores by the WHO standards (2006; from five years on the reference of 2007), and the lines of the
/// charts. A child is compared with the standard, never with another child.
#[utoipa::path(
    tag = "growth",
    params(("learner_id" = LearnerId, Path)),
    responses((status = 200, body = LearnerGrowth), Problems),
    security(("bearer" = ["growth:read"]))
)]
#[get("/learners/{learner_id}/growth")]
async fn get_learner_growth(ctx: Can<can::GrowthRead>, app: App, id: Id<LearnerId>) -> Answer<Found<LearnerGrowth>> {
    Ok(Found(records::growth::of_learner(&app.db, &ctx, *id).await?))
}

/// Read one's child's growth.
#[utoipa::path(
    tag = "growth",
    params(("learner_id" = LearnerId, Path)),
    responses((status = 200, body = LearnerGrowth), Problems),
    security(("bearer" = ["family:read"]))
)]
#[get("/me/children/{learner_id}/growth")]
async fn get_child_growth(ctx: Can<can::FamilyRead>, app: App, id: Id<LearnerId>) -> Answer<Found<LearnerGrowth>> {
    Ok(Found(records::growth::of_child(&app.db, &ctx, *id).await?))
}

/// List the classes in which children are to be measured.
///
/// Of the current school year, those that the caller measures and in which somebody is due by today.
#[utoipa::path(tag = "growth", responses((status = 200, body = Page<GrowthDue>), Problems), security(("bearer" = ["growth:write"])))]
#[get("/me/growth-due")]
async fn list_growth_due(ctx: Can<can::GrowthWrite>, app: App) -> Answer<Found<Page<GrowthDue>>> {
    Ok(Found(records::growth::due(&app.db, &ctx).await?))
}

/// Draw a learner's growth charts as PDF.
#[utoipa::path(
    tag = "growth",
    params(("learner_id" = LearnerId, Path)),
    responses((status = 200, description = "The file.", body = Vec<u8>, content_type = "application/pdf"), Problems),
    security(("bearer" = ["growth:read"]))
)]
#[get("/learners/{learner_id}/growth/chart")]
async fn get_growth_chart(ctx: Can<can::GrowthRead>, app: App, id: Id<LearnerId>) -> Answer<HttpResponse> {
    let file = documents::health::growth_chart(&app.db, &ctx, *id).await?;
    Ok(answer::file("application/pdf", Disposition::Inline, &file.name, file.bytes))
}

/// Draw one's child's growth charts as PDF.
#[utoipa::path(
    tag = "growth",
    params(("learner_id" = LearnerId, Path)),
    responses((status = 200, description = "The file.", body = Vec<u8>, content_type = "application/pdf"), Problems),
    security(("bearer" = ["family:read"]))
)]
#[get("/me/children/{learner_id}/growth/chart")]
async fn get_child_growth_chart(ctx: Can<can::FamilyRead>, app: App, id: Id<LearnerId>) -> Answer<HttpResponse> {
    let file = documents::health::child_growth_chart(&app.db, &ctx, *id).await?;
    Ok(answer::file("application/pdf", Disposition::Inline, &file.name, file.bytes))
}
