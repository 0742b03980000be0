//! The tree of units.

use crate::answer::{Answer, Created, CreatedVersion, Found, FoundVersion, Saved};
use crate::extract::{App, Can, Id, Valid, ValidQuery, Version, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{get, post, put};
use dto::page::PageQuery;
use dto::units::{PostPlacement, PostUnit, PutUnit, Unit, UnitDetail, UnitQuery};
use dto::{Page, UnitId};

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(list_units).service(create_unit).service(get_unit).service(put_unit).service(place_unit);
}

/// List units.
///
/// In Vietnamese order of names: the children of `parent_id`; with `q`, a search of the whole reach; with neither, the
/// topmost units that the caller's roles reach.
#[utoipa::path(
    tag = "units",
    params(UnitQuery, PageQuery),
    responses((status = 200, body = Page<Unit>), Problems),
    security(("bearer" = ["unit:read"]))
)]
#[get("/units")]
async fn list_units(
    ctx: Can<can::UnitRead>,
    app: App,
    query: ValidQuery<UnitQuery>,
    page: ValidQuery<PageQuery>,
) -> Answer<Found<Page<Unit>>> {
    Ok(Found(records::units::list(&app.db, &ctx, &query, &page).await?))
}

/// Create a unit under a parent.
#[utoipa::path(
    tag = "units",
    request_body = PostUnit,
    responses((status = 201, body = Unit), Problems),
    security(("bearer" = ["unit:write"]))
)]
#[post("/units")]
async fn create_unit(ctx: Can<can::UnitWrite>, app: App, body: Valid<PostUnit>) -> Answer<CreatedVersion<Unit>> {
    let unit = records::units::create(&app.db, &ctx, &body).await?;
    let version = unit.version;
    Ok(CreatedVersion(unit, version))
}

/// Read a unit.
///
/// With the units above it and where it lay in the course of time.
#[utoipa::path(
    tag = "units",
    params(("unit_id" = UnitId, Path)),
    responses((status = 200, body = UnitDetail), Problems),
    security(("bearer" = ["unit:read"]))
)]
#[get("/units/{unit_id}")]
async fn get_unit(ctx: Can<can::UnitRead>, app: App, id: Id<UnitId>) -> Answer<FoundVersion<UnitDetail>> {
    let detail = records::units::get(&app.db, &ctx, *id).await?;
    let version = detail.unit.version;
    Ok(FoundVersion(detail, version))
}

/// Change a unit.
///
/// Its place in the tree is changed by a placement.
#[utoipa::path(
    tag = "units",
    params(("unit_id" = UnitId, Path), ("If-Match" = String, Header, description = "The version that was read.")),
    request_body = PutUnit,
    responses((status = 200, body = Unit), Problems),
    security(("bearer" = ["unit:write"]))
)]
#[put("/units/{unit_id}")]
async fn put_unit(
    ctx: Can<can::UnitWrite>,
    app: App,
    id: Id<UnitId>,
    version: Version,
    body: Valid<PutUnit>,
) -> Answer<Saved<Unit>> {
    let unit = records::units::put(&app.db, &ctx, *id, *version, &body).await?;
    let version = unit.version;
    Ok(Saved(unit, version))
}

/// Move a unit under another parent from a day on.
///
/// With all that lies under it. The placement before ends that day and stays in the history.
#[utoipa::path(
    tag = "units",
    params(("unit_id" = UnitId, Path)),
    request_body = PostPlacement,
    responses((status = 201, body = UnitDetail), Problems),
    security(("bearer" = ["unit:write"]))
)]
#[post("/units/{unit_id}/placements")]
async fn place_unit(
    ctx: Can<can::UnitWrite>,
    app: App,
    id: Id<UnitId>,
    body: Valid<PostPlacement>,
) -> Answer<Created<UnitDetail>> {
    Ok(Created(records::units::place(&app.db, &ctx, *id, &body).await?))
}
