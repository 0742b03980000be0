//! School years and the catalogue of subjects.

use crate::answer::{Answer, CreatedVersion, Found, Saved};
use crate::extract::{App, Can, Id, Valid, Version, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{get, post, put};
use dto::calendar::{PutSchoolYear, SchoolYear, Subject};
use dto::{Page, SchoolYearId};

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(list_school_years).service(create_school_year).service(put_school_year).service(list_subjects);
}

/// List school years, the newest first.
#[utoipa::path(tag = "calendar", responses((status = 200, body = Page<SchoolYear>), Problems), security(("bearer" = ["calendar:read"])))]
#[get("/school-years")]
async fn list_school_years(ctx: Can<can::CalendarRead>, app: App) -> Answer<Found<Page<SchoolYear>>> {
    Ok(Found(records::calendar::list(&app.db, &ctx).await?))
}

/// Create a school year with its two terms.
#[utoipa::path(
    tag = "calendar",
    request_body = PutSchoolYear,
    responses((status = 201, body = SchoolYear), Problems),
    security(("bearer" = ["calendar:write"]))
)]
#[post("/school-years")]
async fn create_school_year(
    ctx: Can<can::CalendarWrite>,
    app: App,
    body: Valid<PutSchoolYear>,
) -> Answer<CreatedVersion<SchoolYear>> {
    let year = records::calendar::create(&app.db, &ctx, &body).await?;
    let version = year.version;
    Ok(CreatedVersion(year, version))
}

/// Change a school year and its terms.
#[utoipa::path(
    tag = "calendar",
    params(("school_year_id" = SchoolYearId, Path), ("If-Match" = String, Header, description = "The version that was read.")),
    request_body = PutSchoolYear,
    responses((status = 200, body = SchoolYear), Problems),
    security(("bearer" = ["calendar:write"]))
)]
#[put("/school-years/{school_year_id}")]
async fn put_school_year(
    ctx: Can<can::CalendarWrite>,
    app: App,
    id: Id<SchoolYearId>,
    version: Version,
    body: Valid<PutSchoolYear>,
) -> Answer<Saved<SchoolYear>> {
    let year = records::calendar::put(&app.db, &ctx, *id, *version, &body).await?;
    let version = year.version;
    Ok(Saved(year, version))
}

/// List the subjects of the programme, with the grades that take them.
#[utoipa::path(tag = "calendar", responses((status = 200, body = Page<Subject>), Problems), security(("bearer" = ["calendar:read"])))]
#[get("/subjects")]
async fn list_subjects(ctx: Can<can::CalendarRead>, app: App) -> Answer<Found<Page<Subject>>> {
    Ok(Found(records::catalogue::list(&app.db, &ctx).await?))
}
