//! Kết chuyển năm học.

use crate::answer::{Answer, Created, Found, FoundVersion, Saved};
use crate::extract::{App, Can, Id, Path, Valid, ValidQuery, Version, can};
use crate::problem::Problems;
use crate::routes::Routes;
use crate::work;
use actix_web::{get, post, put};
use dto::deadlines::YearQuery;
use dto::page::PageQuery;
use dto::rollover::{PostRolloverRun, PutRollover, Rollover, RolloverLine, RolloverRun, RolloverRunQuery, RolloverSchool};
use dto::{ClassId, Page, RolloverRunId, UnitId};

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(get_rollover)
        .service(put_rollover)
        .service(list_rollover_lines)
        .service(start_rollover_run)
        .service(list_rollover_runs)
        .service(get_rollover_run)
        .service(list_rollover_schools);
}

/// Read where everybody of a school goes when the year ends.
///
/// By class: who goes up, repeats, completes; the classes that take them, and which of these will be opened. What was done already is shown
/// as it was done. A class whose year is not closed waits; preschool classes have no year to close.
#[utoipa::path(
    tag = "council",
    params(("unit_id" = UnitId, Path), YearQuery),
    responses((status = 200, body = Rollover), Problems),
    security(("bearer" = ["year:rollover"]))
)]
#[get("/units/{unit_id}/rollover")]
async fn get_rollover(
    ctx: Can<can::YearRollover>,
    app: App,
    id: Id<UnitId>,
    query: ValidQuery<YearQuery>,
) -> Answer<FoundVersion<Rollover>> {
    let found = gradebook::rollover::get(&app.db, &ctx, *id, query.school_year_id).await?;
    let version = found.version;
    Ok(FoundVersion(found, version))
}

/// Change where they go: names of classes, and single learners.
///
/// Replaces the school's own changes as a whole. `If-Match` is the version of what was read, 0 while there are none.
#[utoipa::path(
    tag = "council",
    params(("unit_id" = UnitId, Path), YearQuery, ("If-Match" = String, Header, description = "The version that was read.")),
    request_body = PutRollover,
    responses((status = 200, body = Rollover), Problems),
    security(("bearer" = ["year:rollover"]))
)]
#[put("/units/{unit_id}/rollover")]
async fn put_rollover(
    ctx: Can<can::YearRollover>,
    app: App,
    id: Id<UnitId>,
    query: ValidQuery<YearQuery>,
    version: Version,
    body: Valid<PutRollover>,
) -> Answer<Saved<Rollover>> {
    let saved = gradebook::rollover::put(&app.db, &ctx, *id, query.school_year_id, *version, &body).await?;
    let version = saved.version;
    Ok(Saved(saved, version))
}

/// Read where each learner of a class goes.
#[utoipa::path(
    tag = "council",
    params(("unit_id" = UnitId, Path), ("class_id" = ClassId, Path), YearQuery),
    responses((status = 200, body = Page<RolloverLine>), Problems),
    security(("bearer" = ["year:rollover"]))
)]
#[get("/units/{unit_id}/rollover/classes/{class_id}")]
async fn list_rollover_lines(
    ctx: Can<can::YearRollover>,
    app: App,
    path: Path<(UnitId, ClassId)>,
    query: ValidQuery<YearQuery>,
) -> Answer<Found<Page<RolloverLine>>> {
    let (school, class) = *path;
    Ok(Found(gradebook::rollover::lines(&app.db, &ctx, school, class, query.school_year_id).await?))
}

/// Roll over every school at or under a unit, or undo it.
///
/// Answers at once; how far it is, is read at its address. A school in whose way something stands is left as it is and says why; a class
/// whose year is not closed is left for a later run. Undoing takes back a school as a whole, until somebody has a mark in the new year or was
/// moved. A server that is stopped in the middle goes on when it starts again; nothing is done twice.
#[utoipa::path(
    tag = "council",
    request_body = PostRolloverRun,
    responses((status = 201, body = RolloverRun), Problems),
    security(("bearer" = ["year:rollover"]))
)]
#[post("/rollover-runs")]
async fn start_rollover_run(ctx: Can<can::YearRollover>, app: App, body: Valid<PostRolloverRun>) -> Answer<Created<RolloverRun>> {
    let run = gradebook::rollover::runs::start(&app.db, &ctx, &body).await?;
    work::drive_rollover_run(app.db.clone(), run.id);
    Ok(Created(run))
}

/// List rollovers, newest first.
#[utoipa::path(
    tag = "council",
    params(RolloverRunQuery, PageQuery),
    responses((status = 200, body = Page<RolloverRun>), Problems),
    security(("bearer" = ["year:rollover"]))
)]
#[get("/rollover-runs")]
async fn list_rollover_runs(
    ctx: Can<can::YearRollover>,
    app: App,
    filter: ValidQuery<RolloverRunQuery>,
    page: ValidQuery<PageQuery>,
) -> Answer<Found<Page<RolloverRun>>> {
    Ok(Found(gradebook::rollover::runs::list(&app.db, &ctx, &filter, &page).await?))
}

/// How far a rollover is.
#[utoipa::path(
    tag = "council",
    params(("rollover_run_id" = RolloverRunId, Path)),
    responses((status = 200, body = RolloverRun), Problems),
    security(("bearer" = ["year:rollover"]))
)]
#[get("/rollover-runs/{rollover_run_id}")]
async fn get_rollover_run(ctx: Can<can::YearRollover>, app: App, path: Path<RolloverRunId>) -> Answer<Found<RolloverRun>> {
    Ok(Found(gradebook::rollover::runs::get(&app.db, &ctx, *path).await?))
}

/// What became of each school of a rollover.
#[utoipa::path(
    tag = "council",
    params(("rollover_run_id" = RolloverRunId, Path), PageQuery),
    responses((status = 200, body = Page<RolloverSchool>), Problems),
    security(("bearer" = ["year:rollover"]))
)]
#[get("/rollover-runs/{rollover_run_id}/schools")]
async fn list_rollover_schools(
    ctx: Can<can::YearRollover>,
    app: App,
    path: Path<RolloverRunId>,
    page: ValidQuery<PageQuery>,
) -> Answer<Found<Page<RolloverSchool>>> {
    Ok(Found(gradebook::rollover::runs::schools_of(&app.db, &ctx, *path, &page).await?))
}
