//! Closing a term of every class of a unit.

use crate::answer::{Answer, Created, Found};
use crate::extract::{App, Can, Path, Valid, ValidQuery, can};
use crate::problem::Problems;
use crate::routes::Routes;
use crate::work;
use actix_web::{get, post};
use dto::closing_runs::{ClosingRun, ClosingRunQuery, PostClosingRun, WaitingClass};
use dto::page::PageQuery;
use dto::{ClosingRunId, Page};

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(start_closing_run).service(list_closing_runs).service(get_closing_run).service(list_waiting_classes);
}

/// Close a term for a whole unit.
///
/// Begins to close the term of every class under a school, a commune or the province in the present school year, and answers at once;
/// how far it is, is read at its address. A class that lacks marks or assessments stays open and is listed. A server that is stopped
/// in the middle goes on when it starts again; no class is closed twice.
#[utoipa::path(
    tag = "closing",
    request_body = PostClosingRun,
    responses((status = 201, body = ClosingRun), Problems),
    security(("bearer" = ["term:close-unit"]))
)]
#[post("/closing-runs")]
async fn start_closing_run(ctx: Can<can::TermCloseUnit>, app: App, body: Valid<PostClosingRun>) -> Answer<Created<ClosingRun>> {
    let run = gradebook::closing::runs::start(&app.db, &ctx, &body).await?;
    work::drive_closing_run(app.db.clone(), run.id);
    Ok(Created(run))
}

/// List closing runs, newest first.
#[utoipa::path(
    tag = "closing",
    params(ClosingRunQuery, PageQuery),
    responses((status = 200, body = Page<ClosingRun>), Problems),
    security(("bearer" = ["term:close-unit"]))
)]
#[get("/closing-runs")]
async fn list_closing_runs(
    ctx: Can<can::TermCloseUnit>,
    app: App,
    filter: ValidQuery<ClosingRunQuery>,
    page: ValidQuery<PageQuery>,
) -> Answer<Found<Page<ClosingRun>>> {
    Ok(Found(gradebook::closing::runs::list(&app.db, &ctx, &filter, &page).await?))
}

/// How far a closing run is.
#[utoipa::path(
    tag = "closing",
    params(("closing_run_id" = ClosingRunId, Path)),
    responses((status = 200, body = ClosingRun), Problems),
    security(("bearer" = ["term:close-unit"]))
)]
#[get("/closing-runs/{closing_run_id}")]
async fn get_closing_run(ctx: Can<can::TermCloseUnit>, app: App, path: Path<ClosingRunId>) -> Answer<Found<ClosingRun>> {
    Ok(Found(gradebook::closing::runs::get(&app.db, &ctx, *path).await?))
}

/// The classes that a closing run left open.
///
/// By school and class, each with how many marks and assessments were missing when the run came by.
#[utoipa::path(
    tag = "closing",
    params(("closing_run_id" = ClosingRunId, Path)),
    responses((status = 200, body = Page<WaitingClass>), Problems),
    security(("bearer" = ["term:close-unit"]))
)]
#[get("/closing-runs/{closing_run_id}/waiting")]
async fn list_waiting_classes(
    ctx: Can<can::TermCloseUnit>,
    app: App,
    path: Path<ClosingRunId>,
) -> Answer<Found<Page<WaitingClass>>> {
    Ok(Found(gradebook::closing::runs::waiting(&app.db, &ctx, *path).await?))
}
