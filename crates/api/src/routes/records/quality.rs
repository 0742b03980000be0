//! Data quality.

use crate::answer::{Answer, Changed, Found};
use crate::extract::{App, Can, Id, Valid, ValidQuery, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{get, post};
use dto::page::PageQuery;
use dto::quality::{
    AcceptFinding, FixFindings, PostQualityRun, QualityFinding, QualityOverview, QualityQuery, QualityRun, QualityStep,
    QualityUnitQuery,
};
use dto::{Page, QualityFindingId};
use records::quality;

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(list_quality_findings)
        .service(get_quality_overview)
        .service(list_quality_steps)
        .service(run_quality)
        .service(fix_quality_findings)
        .service(fix_quality_finding)
        .service(accept_quality_finding);
}

/// List what the rules have found in a school.
///
/// By rule, what is due first at first.
#[utoipa::path(
    tag = "quality",
    params(QualityQuery, PageQuery),
    responses((status = 200, body = Page<QualityFinding>), Problems),
    security(("bearer" = ["quality:read"]))
)]
#[get("/quality/findings")]
async fn list_quality_findings(
    ctx: Can<can::QualityRead>,
    app: App,
    query: ValidQuery<QualityQuery>,
    page: ValidQuery<PageQuery>,
) -> Answer<Found<Page<QualityFinding>>> {
    Ok(Found(quality::list(&app.db, &ctx, &query, &page).await?))
}

/// Read how the data under a unit stands.
///
/// By rule, by what lies right under it, and over the last 30 days.
#[utoipa::path(
    tag = "quality",
    params(QualityUnitQuery),
    responses((status = 200, body = QualityOverview), Problems),
    security(("bearer" = ["quality:read"]))
)]
#[get("/quality/overview")]
async fn get_quality_overview(
    ctx: Can<can::QualityRead>,
    app: App,
    query: ValidQuery<QualityUnitQuery>,
) -> Answer<Found<QualityOverview>> {
    Ok(Found(quality::overview(&app.db, &ctx, &query).await?))
}

/// List what became of a finding, step by step.
#[utoipa::path(
    tag = "quality",
    params(("finding_id" = QualityFindingId, Path)),
    responses((status = 200, body = Page<QualityStep>), Problems),
    security(("bearer" = ["quality:read"]))
)]
#[get("/quality/findings/{finding_id}/steps")]
async fn list_quality_steps(ctx: Can<can::QualityRead>, app: App, id: Id<QualityFindingId>) -> Answer<Found<Page<QualityStep>>> {
    Ok(Found(quality::history(&app.db, &ctx, *id).await?))
}

/// Look at all records of a school now.
///
/// The server does so by itself every night.
#[utoipa::path(
    tag = "quality",
    request_body = PostQualityRun,
    responses((status = 200, body = QualityRun), Problems),
    security(("bearer" = ["quality:write"]))
)]
#[post("/quality/runs")]
async fn run_quality(ctx: Can<can::QualityWrite>, app: App, body: Valid<PostQualityRun>) -> Answer<Changed<QualityRun>> {
    Ok(Changed(quality::look(&app.db, &ctx, &body).await?))
}

/// Put all findings of a rule right, where nothing is decided by it.
#[utoipa::path(
    tag = "quality",
    request_body = FixFindings,
    responses((status = 200, body = QualityRun), Problems),
    security(("bearer" = ["quality:write"]))
)]
#[post("/quality/fixes")]
async fn fix_quality_findings(ctx: Can<can::QualityWrite>, app: App, body: Valid<FixFindings>) -> Answer<Changed<QualityRun>> {
    Ok(Changed(quality::fix_all(&app.db, &ctx, &body).await?))
}

/// Put a finding right, where the program can.
#[utoipa::path(
    tag = "quality",
    params(("finding_id" = QualityFindingId, Path)),
    responses((status = 200, body = QualityFinding), Problems),
    security(("bearer" = ["quality:write"]))
)]
#[post("/quality/findings/{finding_id}/fix")]
async fn fix_quality_finding(ctx: Can<can::QualityWrite>, app: App, id: Id<QualityFindingId>) -> Answer<Changed<QualityFinding>> {
    Ok(Changed(quality::fix(&app.db, &ctx, *id).await?))
}

/// Accept a finding as it is, with a reason.
#[utoipa::path(
    tag = "quality",
    params(("finding_id" = QualityFindingId, Path)),
    request_body = AcceptFinding,
    responses((status = 200, body = QualityFinding), Problems),
    security(("bearer" = ["quality:write"]))
)]
#[post("/quality/findings/{finding_id}/accept")]
async fn accept_quality_finding(
    ctx: Can<can::QualityWrite>,
    app: App,
    id: Id<QualityFindingId>,
    body: Valid<AcceptFinding>,
) -> Answer<Changed<QualityFinding>> {
    Ok(Changed(quality::accept(&app.db, &ctx, *id, &body).await?))
}
