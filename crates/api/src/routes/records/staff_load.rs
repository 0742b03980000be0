//! How many periods teachers have (TT 05/2025).

use crate::answer::{Answer, Found, Saved};
use crate::extract::{App, Can, Id, Valid, ValidQuery, Version, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{get, put};
use dto::staff_load::{LoadPolicy, LoadQuery, PutLoadPolicy, SchoolLoads, StaffLoad};
use dto::{StaffId, UnitId};
use records::staff::load;

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(get_school_loads).service(put_load_policy).service(get_staff_load).service(get_own_load);
}

/// Read the loads of a school's teachers and heads, each with the lines that lead to it.
///
/// From the assignments of classes, homeroom classes and duties of a day, taken for 35 weeks. A teacher of several schools has one load.
#[utoipa::path(
    tag = "staff",
    params(("unit_id" = UnitId, Path), LoadQuery),
    responses((status = 200, body = SchoolLoads), Problems),
    security(("bearer" = ["staff:read"]))
)]
#[get("/units/{unit_id}/staff-load")]
async fn get_school_loads(
    ctx: Can<can::StaffRead>,
    app: App,
    id: Id<UnitId>,
    query: ValidQuery<LoadQuery>,
) -> Answer<Found<SchoolLoads>> {
    Ok(Found(load::of_school(&app.db, &ctx, *id, &query).await?))
}

/// Set what a school's loads are reckoned by: its kind, of which norm overtime is half, whether the homeroom's fixed periods count.
#[utoipa::path(
    tag = "staff",
    params(("unit_id" = UnitId, Path), ("If-Match" = String, Header, description = "The version that was read; 0 where nothing was set.")),
    request_body = PutLoadPolicy,
    responses((status = 200, body = LoadPolicy), Problems),
    security(("bearer" = ["staff:write"]))
)]
#[put("/units/{unit_id}/load-policy")]
async fn put_load_policy(
    ctx: Can<can::StaffWrite>,
    app: App,
    id: Id<UnitId>,
    version: Version,
    body: Valid<PutLoadPolicy>,
) -> Answer<Saved<LoadPolicy>> {
    let policy = load::put_policy(&app.db, &ctx, *id, *version, &body).await?;
    let version = policy.version;
    Ok(Saved(policy, version))
}

/// Read the load of a member of staff over all schools, with the lines that lead to it.
#[utoipa::path(
    tag = "staff",
    params(("staff_id" = StaffId, Path), LoadQuery),
    responses((status = 200, body = StaffLoad), Problems),
    security(("bearer" = ["staff:read"]))
)]
#[get("/staff/{staff_id}/load")]
async fn get_staff_load(
    ctx: Can<can::StaffRead>,
    app: App,
    id: Id<StaffId>,
    query: ValidQuery<LoadQuery>,
) -> Answer<Found<StaffLoad>> {
    Ok(Found(load::of_staff(&app.db, &ctx, *id, &query).await?))
}

/// Read one's own load.
#[utoipa::path(
    tag = "staff",
    params(LoadQuery),
    responses((status = 200, body = StaffLoad), Problems),
    security(("bearer" = ["staff:self"]))
)]
#[get("/me/staff-record/load")]
async fn get_own_load(ctx: Can<can::StaffSelf>, app: App, query: ValidQuery<LoadQuery>) -> Answer<Found<StaffLoad>> {
    Ok(Found(load::own(&app.db, &ctx, &query).await?))
}
