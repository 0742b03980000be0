//! Staff and their posts.

use crate::answer::{Answer, CreatedVersion, Found, FoundVersion, Saved};
use crate::extract::{App, Can, Id, Valid, ValidQuery, Version, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{get, post, put};
use dto::page::PageQuery;
use dto::staff::{PostPost, PostStaff, PutStaff, Staff, StaffQuery};
use dto::{Page, StaffId};

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(list_staff).service(create_staff).service(get_staff).service(put_staff).service(add_post);
}

/// List or search staff, in Vietnamese order of names.
#[utoipa::path(
    tag = "staff",
    params(StaffQuery, PageQuery),
    responses((status = 200, body = Page<Staff>), Problems),
    security(("bearer" = ["staff:read"]))
)]
#[get("/staff")]
async fn list_staff(
    ctx: Can<can::StaffRead>,
    app: App,
    query: ValidQuery<StaffQuery>,
    page: ValidQuery<PageQuery>,
) -> Answer<Found<Page<Staff>>> {
    Ok(Found(records::staff::list(&app.db, &ctx, &query, &page).await?))
}

/// Create a member of staff with a first post.
#[utoipa::path(
    tag = "staff",
    request_body = PostStaff,
    responses((status = 201, body = Staff), Problems),
    security(("bearer" = ["staff:write"]))
)]
#[post("/staff")]
async fn create_staff(ctx: Can<can::StaffWrite>, app: App, body: Valid<PostStaff>) -> Answer<CreatedVersion<Staff>> {
    let staff = records::staff::create(&app.db, &ctx, &body).await?;
    let version = staff.version;
    Ok(CreatedVersion(staff, version))
}

/// Read a member of staff.
#[utoipa::path(
    tag = "staff",
    params(("staff_id" = StaffId, Path)),
    responses((status = 200, body = Staff), Problems),
    security(("bearer" = ["staff:read"]))
)]
#[get("/staff/{staff_id}")]
async fn get_staff(ctx: Can<can::StaffRead>, app: App, id: Id<StaffId>) -> Answer<FoundVersion<Staff>> {
    let staff = records::staff::get(&app.db, &ctx, *id).await?;
    let version = staff.version;
    Ok(FoundVersion(staff, version))
}

/// Change a person's own data.
#[utoipa::path(
    tag = "staff",
    params(("staff_id" = StaffId, Path), ("If-Match" = String, Header, description = "The version that was read.")),
    request_body = PutStaff,
    responses((status = 200, body = Staff), Problems),
    security(("bearer" = ["staff:write"]))
)]
#[put("/staff/{staff_id}")]
async fn put_staff(
    ctx: Can<can::StaffWrite>,
    app: App,
    id: Id<StaffId>,
    version: Version,
    body: Valid<PutStaff>,
) -> Answer<Saved<Staff>> {
    let staff = records::staff::put(&app.db, &ctx, *id, *version, &body).await?;
    let version = staff.version;
    Ok(Saved(staff, version))
}

/// Give a member of staff a further post, such as a second school.
///
/// The same unit, position and first day again, with another `valid_to`, ends a post.
#[utoipa::path(
    tag = "staff",
    params(("staff_id" = StaffId, Path)),
    request_body = PostPost,
    responses((status = 201, body = Staff), Problems),
    security(("bearer" = ["staff:write"]))
)]
#[post("/staff/{staff_id}/posts")]
async fn add_post(ctx: Can<can::StaffWrite>, app: App, id: Id<StaffId>, body: Valid<PostPost>) -> Answer<CreatedVersion<Staff>> {
    let staff = records::staff::add_post(&app.db, &ctx, *id, &body).await?;
    let version = staff.version;
    Ok(CreatedVersion(staff, version))
}
