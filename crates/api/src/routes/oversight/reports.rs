//! Reports of a year: figures that are held, and those that are not.

use crate::answer::{Answer, Changed, Found};
use crate::extract::{App, Can, Path, Valid, ValidQuery, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{get, put};
use dto::UnitId;
use dto::exchange::*;
use oversight::exchange;

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(get_report).service(put_report_figures);
}

/// Read a report of a year as a form.
///
/// Figures that are held are computed, read-only, with their source and day; those that are held nowhere have been typed, or are asked for.
#[utoipa::path(
    tag = "exchange",
    params(("unit_id" = UnitId, Path), ("kind" = ExportKind, Path), ExportQuery),
    responses((status = 200, body = MinistryReport), Problems),
    security(("bearer" = ["exchange:manage"]))
)]
#[get("/units/{unit_id}/reports/{kind}")]
async fn get_report(
    ctx: Can<can::ExchangeManage>,
    app: App,
    path: Path<(UnitId, ExportKind)>,
    query: ValidQuery<ExportQuery>,
) -> Answer<Found<MinistryReport>> {
    let (unit, kind) = *path;
    Ok(Found(exchange::form_of(&app.db, &ctx, unit, kind, query.school_year_id).await?))
}

/// Type the figures of a report that are held nowhere.
///
/// A figure that is held is refused: nobody is asked for it. Each with the version that the writer saw.
#[utoipa::path(
    tag = "exchange",
    params(("unit_id" = UnitId, Path), ("kind" = ExportKind, Path)),
    request_body = PutReportFigures,
    responses((status = 200, body = MinistryReport), Problems),
    security(("bearer" = ["exchange:manage"]))
)]
#[put("/units/{unit_id}/reports/{kind}/figures")]
async fn put_report_figures(
    ctx: Can<can::ExchangeManage>,
    app: App,
    path: Path<(UnitId, ExportKind)>,
    body: Valid<PutReportFigures>,
) -> Answer<Changed<MinistryReport>> {
    let (unit, kind) = *path;
    Ok(Changed(exchange::put_figures(&app.db, &ctx, unit, kind, &body).await?))
}
