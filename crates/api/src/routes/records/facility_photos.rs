//! Photos of a school's facilities and equipment.

use crate::answer::{Answer, Created, Done, Found};
use crate::download::download;
use crate::extract::{App, Can, Id, Path, Valid, ValidQuery, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{HttpRequest, HttpResponse, delete, get, post};
use dto::facility_photos::{FacilityPhoto, FacilityPhotoQuery, PostFacilityPhoto};
use dto::page::{Page, PageQuery};
use dto::{FacilityPhotoId, UnitId};
use records::facility_photos as photos;

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(list_facility_photos).service(post_facility_photo).service(get_facility_photo).service(delete_facility_photo);
}

/// List the photos of a school's facilities, newest first.
#[utoipa::path(
    tag = "facilities",
    params(("unit_id" = UnitId, Path), FacilityPhotoQuery, PageQuery),
    responses((status = 200, body = Page<FacilityPhoto>), Problems),
    security(("bearer" = ["facility:read"]))
)]
#[get("/units/{unit_id}/facility-photos")]
async fn list_facility_photos(
    ctx: Can<can::FacilityRead>,
    app: App,
    school: Id<UnitId>,
    query: ValidQuery<FacilityPhotoQuery>,
    page: ValidQuery<PageQuery>,
) -> Answer<Found<Page<FacilityPhoto>>> {
    Ok(Found(photos::list(&app.db, &ctx, *school, &query, &page).await?))
}

/// Keep an uploaded picture as a photo of what the school has.
#[utoipa::path(
    tag = "facilities",
    params(("unit_id" = UnitId, Path)),
    request_body = PostFacilityPhoto,
    responses((status = 201, body = FacilityPhoto), Problems),
    security(("bearer" = ["facility:write"]))
)]
#[post("/units/{unit_id}/facility-photos")]
async fn post_facility_photo(
    ctx: Can<can::FacilityWrite>,
    app: App,
    school: Id<UnitId>,
    body: Valid<PostFacilityPhoto>,
) -> Answer<Created<FacilityPhoto>> {
    Ok(Created(photos::create(&app.db, &ctx, *school, &body).await?))
}

/// Read the picture of a photo.
#[utoipa::path(
    tag = "facilities",
    params(("unit_id" = UnitId, Path), ("photo_id" = FacilityPhotoId, Path)),
    responses((status = 200, description = "The picture.", body = Vec<u8>, content_type = "application/octet-stream"), Problems),
    security(("bearer" = ["facility:read"]))
)]
#[get("/units/{unit_id}/facility-photos/{photo_id}/content")]
async fn get_facility_photo(
    ctx: Can<can::FacilityRead>,
    app: App,
    path: Path<(UnitId, FacilityPhotoId)>,
    req: HttpRequest,
) -> Answer<HttpResponse> {
    let (school, photo) = *path;
    let file = photos::picture(&app.db, &ctx, school, photo).await?;
    download(&req, &app.files, &file).await
}

/// Remove a photo with its picture.
#[utoipa::path(
    tag = "facilities",
    params(("unit_id" = UnitId, Path), ("photo_id" = FacilityPhotoId, Path)),
    responses((status = 204), Problems),
    security(("bearer" = ["facility:write"]))
)]
#[delete("/units/{unit_id}/facility-photos/{photo_id}")]
async fn delete_facility_photo(ctx: Can<can::FacilityWrite>, app: App, path: Path<(UnitId, FacilityPhotoId)>) -> Answer<Done> {
    let (school, photo) = *path;
    photos::remove(&app.db, &ctx, school, photo).await?;
    Ok(Done)
}
