//! The yearly count of facilities: entered, signed, totalled.

use crate::answer::{Answer, Changed, Found, FoundVersion, Saved};
use crate::extract::{App, Can, Id, Path, Valid, ValidQuery, Version, can};
use crate::problem::Problems;
use crate::routes::Routes;
use crate::routes::records::finance::table;
use actix_web::{HttpResponse, get, post, put};
use dto::UnitId;
use dto::figures::{
    FigureCampaign, FigureFileQuery, FigureSeries, FigureSet, PutFigureCampaign, PutFigures, ReopenFigures, YearlySheet,
    YearlyTotals,
};
use dto::page::Page;
use records::figures;

const SET: FigureSet = FigureSet::Facilities;

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(list_facility_campaigns)
        .service(put_facility_campaign)
        .service(get_facilities)
        .service(put_facilities)
        .service(carry_facilities)
        .service(sign_facilities)
        .service(reopen_facilities)
        .service(get_facility_totals)
        .service(download_facility_totals)
        .service(get_facility_series);
}

/// List the yearly counts that the province has asked for, newest first.
#[utoipa::path(
    tag = "facilities",
    responses((status = 200, body = Page<FigureCampaign>), Problems),
    security(("bearer" = ["facility:read"]))
)]
#[get("/facility-campaigns")]
async fn list_facility_campaigns(ctx: Can<can::FacilityRead>, app: App) -> Answer<Found<Page<FigureCampaign>>> {
    Ok(Found(figures::campaigns(&app.db, &ctx, &[SET]).await?))
}

/// Ask all schools for the count of a year, or change what was asked.
///
/// `If-Match` is the version that was read, 0 while nothing was asked. The year is the one in which the school year begins.
#[utoipa::path(
    tag = "facilities",
    params(("year" = i16, Path), ("If-Match" = String, Header, description = "The version that was read.")),
    request_body = PutFigureCampaign,
    responses((status = 200, body = FigureCampaign), Problems),
    security(("bearer" = ["facility:manage"]))
)]
#[put("/facility-campaigns/{year}")]
async fn put_facility_campaign(
    ctx: Can<can::FacilityManage>,
    app: App,
    year: Path<i16>,
    version: Version,
    body: Valid<PutFigureCampaign>,
) -> Answer<Saved<FigureCampaign>> {
    let saved = figures::put_campaign(&app.db, &ctx, SET, *year, *version, &body).await?;
    let version = saved.version;
    Ok(Saved(saved, version))
}

/// Read the count of facilities of a school in a year.
///
/// With what was signed for the year before. Figures of equipment come from the inventory and are not typed.
#[utoipa::path(
    tag = "facilities",
    params(("unit_id" = UnitId, Path), ("year" = i16, Path)),
    responses((status = 200, body = YearlySheet), Problems),
    security(("bearer" = ["facility:read"]))
)]
#[get("/units/{unit_id}/facilities/{year}")]
async fn get_facilities(ctx: Can<can::FacilityRead>, app: App, path: Path<(UnitId, i16)>) -> Answer<FoundVersion<YearlySheet>> {
    let found = figures::get(&app.db, &ctx, SET, path.0.0, path.0.1).await?;
    let version = found.version;
    Ok(FoundVersion(found, version))
}

/// Enter the count of facilities of a school.
///
/// All figures at once; what is left out is empty. Refused with `figures_signed` once it is signed.
#[utoipa::path(
    tag = "facilities",
    params(("unit_id" = UnitId, Path), ("year" = i16, Path), ("If-Match" = String, Header, description = "The version that was read.")),
    request_body = PutFigures,
    responses((status = 200, body = YearlySheet), Problems),
    security(("bearer" = ["facility:write"]))
)]
#[put("/units/{unit_id}/facilities/{year}")]
async fn put_facilities(
    ctx: Can<can::FacilityWrite>,
    app: App,
    path: Path<(UnitId, i16)>,
    version: Version,
    body: Valid<PutFigures>,
) -> Answer<Saved<YearlySheet>> {
    let saved = figures::put(&app.db, &ctx, SET, path.0.0, path.0.1, *version, &body).await?;
    let version = saved.version;
    Ok(Saved(saved, version))
}

/// Confirm that nothing has changed: take last year's signed figures into every empty field.
#[utoipa::path(
    tag = "facilities",
    params(("unit_id" = UnitId, Path), ("year" = i16, Path)),
    responses((status = 200, body = YearlySheet), Problems),
    security(("bearer" = ["facility:write"]))
)]
#[post("/units/{unit_id}/facilities/{year}/carry")]
async fn carry_facilities(ctx: Can<can::FacilityWrite>, app: App, path: Path<(UnitId, i16)>) -> Answer<Changed<YearlySheet>> {
    Ok(Changed(figures::carry(&app.db, &ctx, SET, path.0.0, path.0.1).await?))
}

/// Sign the count of facilities of a school.
///
/// As the signer saw it (`If-Match`); its figures are frozen from then on. `figures_missing` while a field is empty.
#[utoipa::path(
    tag = "facilities",
    params(("unit_id" = UnitId, Path), ("year" = i16, Path), ("If-Match" = String, Header, description = "The version that was read.")),
    responses((status = 200, body = YearlySheet), Problems),
    security(("bearer" = ["facility:sign"]))
)]
#[put("/units/{unit_id}/facilities/{year}/signature")]
async fn sign_facilities(
    ctx: Can<can::FacilitySign>,
    app: App,
    path: Path<(UnitId, i16)>,
    version: Version,
) -> Answer<Saved<YearlySheet>> {
    let saved = figures::sign(&app.db, &ctx, SET, path.0.0, path.0.1, *version).await?;
    let version = saved.version;
    Ok(Saved(saved, version))
}

/// Open a signed count again, with a reason.
///
/// What was signed still counts in every total until it is signed anew.
#[utoipa::path(
    tag = "facilities",
    params(("unit_id" = UnitId, Path), ("year" = i16, Path)),
    request_body = ReopenFigures,
    responses((status = 200, body = YearlySheet), Problems),
    security(("bearer" = ["facility:sign"]))
)]
#[post("/units/{unit_id}/facilities/{year}/reopen")]
async fn reopen_facilities(
    ctx: Can<can::FacilitySign>,
    app: App,
    path: Path<(UnitId, i16)>,
    body: Valid<ReopenFigures>,
) -> Answer<Changed<YearlySheet>> {
    Ok(Changed(figures::reopen(&app.db, &ctx, SET, path.0.0, path.0.1, &body).await?))
}

/// Total the signed counts of a year under a unit.
///
/// By the units right under it, in the tree of the day that the figures are of; with the schools that have not signed.
#[utoipa::path(
    tag = "facilities",
    params(("unit_id" = UnitId, Path), ("year" = i16, Path)),
    responses((status = 200, body = YearlyTotals), Problems),
    security(("bearer" = ["facility:read"]))
)]
#[get("/units/{unit_id}/facilities/{year}/totals")]
async fn get_facility_totals(ctx: Can<can::FacilityRead>, app: App, path: Path<(UnitId, i16)>) -> Answer<Found<YearlyTotals>> {
    Ok(Found(figures::totals(&app.db, &ctx, SET, path.0.0, path.0.1).await?))
}

/// Download the totals of a year as .xlsx or .csv.
#[utoipa::path(
    tag = "facilities",
    params(("unit_id" = UnitId, Path), ("year" = i16, Path), FigureFileQuery),
    responses((status = 200, description = "The file.", body = Vec<u8>, content_type = "application/octet-stream"), Problems),
    security(("bearer" = ["facility:read"]))
)]
#[get("/units/{unit_id}/facilities/{year}/totals/file")]
async fn download_facility_totals(
    ctx: Can<can::FacilityRead>,
    app: App,
    path: Path<(UnitId, i16)>,
    query: ValidQuery<FigureFileQuery>,
) -> Answer<HttpResponse> {
    table(&app, &ctx, SET, *path, &query).await
}

/// Read the signed counts of a unit over the last years.
#[utoipa::path(
    tag = "facilities",
    params(("unit_id" = UnitId, Path)),
    responses((status = 200, body = FigureSeries), Problems),
    security(("bearer" = ["facility:read"]))
)]
#[get("/units/{unit_id}/facilities")]
async fn get_facility_series(ctx: Can<can::FacilityRead>, app: App, unit: Id<UnitId>) -> Answer<Found<FigureSeries>> {
    Ok(Found(figures::series(&app.db, &ctx, SET, *unit).await?))
}
