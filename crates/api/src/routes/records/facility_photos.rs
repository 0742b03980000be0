//! Photos of a school's facilities and equipment.

use crate::answer::{Answer, CreatedVersion, Done, Found, Saved};
use crate::download::download;
use crate::extract::{App, Can, Id, Path, Valid, ValidQuery, Version, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{HttpRequest, HttpResponse, delete, get, post, put};
use dto::facility_photos::{FacilityPhoto, FacilityPhotoQuery, PostFacilityPhoto, PutFacilityPhoto, PutPhotoOrder};
use dto::page::{Page, PageQuery};
use dto::{FacilityPhotoId, UnitId};
use records::facility_photos as photos;

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(list_facility_photos)
        .service(post_facility_photo)
        .service(arrange_facility_photos)
        .service(get_facility_photo)
        .service(put_facility_photo)
        .service(delete_facility_photo);
}

/// List the photos of a school's facilities.
///
/// As the school has arranged them; until it does, the newest first.
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
) -> Answer<CreatedVersion<FacilityPhoto>> {
    let made = photos::create(&app.db, &ctx, *school, &body).await?;
    let version = made.version;
    Ok(CreatedVersion(made, version))
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

/// Change what is said of a photo.
#[utoipa::path(
    tag = "facilities",
    params(("unit_id" = UnitId, Path), ("photo_id" = FacilityPhotoId, Path), ("If-Match" = String, Header, description = "The version that was read.")),
    request_body = PutFacilityPhoto,
    responses((status = 200, body = FacilityPhoto), Problems),
    security(("bearer" = ["facility:write"]))
)]
#[put("/units/{unit_id}/facility-photos/{photo_id}")]
async fn put_facility_photo(
    ctx: Can<can::FacilityWrite>,
    app: App,
    path: Path<(UnitId, FacilityPhotoId)>,
    version: Version,
    body: Valid<PutFacilityPhoto>,
) -> Answer<Saved<FacilityPhoto>> {
    let saved = photos::put(&app.db, &ctx, path.0.0, path.0.1, *version, &body).await?;
    let version = saved.version;
    Ok(Saved(saved, version))
}

/// Arrange the photos of a school's facilities.
///
/// The photos that are named take the places that they hold together, in the order of the list; the others stay where they are. Photos
/// that are added later come first.
#[utoipa::path(
    tag = "facilities",
    params(("unit_id" = UnitId, Path)),
    request_body = PutPhotoOrder,
    responses((status = 204), Problems),
    security(("bearer" = ["facility:write"]))
)]
#[put("/units/{unit_id}/facility-photo-order")]
async fn arrange_facility_photos(
    ctx: Can<can::FacilityWrite>,
    app: App,
    school: Id<UnitId>,
    body: Valid<PutPhotoOrder>,
) -> Answer<Done> {
    photos::arrange(&app.db, &ctx, *school, &body).await?;
    Ok(Done)
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
