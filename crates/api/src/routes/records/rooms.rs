//! The register of rooms.

use crate::answer::{self, Answer, CreatedVersion, Disposition, Found, FoundVersion, Saved};
use crate::extract::{App, Can, Id, Path, Valid, ValidQuery, Version, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{HttpResponse, get, post, put};
use dto::figures::{FigureFileQuery, FigureFormat};
use dto::page::{Page, PageQuery};
use dto::rooms::{PutRoom, Room, RoomCounts, RoomItem, RoomQuery};
use dto::{RoomId, UnitId};
use records::rooms;

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(list_rooms)
        .service(post_room)
        .service(count_rooms)
        .service(print_doors)
        .service(download_rooms)
        .service(get_room)
        .service(put_room);
}

/// List the rooms of a school.
///
/// By building, floor and code; those in use, or with `ended=true` those that are no more.
#[utoipa::path(
    tag = "facilities",
    params(("unit_id" = UnitId, Path), RoomQuery, PageQuery),
    responses((status = 200, body = Page<RoomItem>), Problems),
    security(("bearer" = ["facility:read"]))
)]
#[get("/units/{unit_id}/rooms")]
async fn list_rooms(
    ctx: Can<can::FacilityRead>,
    app: App,
    school: Id<UnitId>,
    query: ValidQuery<RoomQuery>,
    page: ValidQuery<PageQuery>,
) -> Answer<Found<Page<RoomItem>>> {
    Ok(Found(rooms::list(&app.db, &ctx, *school, &query, &page).await?))
}

/// Enter a room.
///
/// `code_taken` where the school has a room of this code; `room_class_elsewhere` where a class sits in another room.
#[utoipa::path(
    tag = "facilities",
    params(("unit_id" = UnitId, Path)),
    request_body = PutRoom,
    responses((status = 201, body = Room), Problems),
    security(("bearer" = ["facility:write"]))
)]
#[post("/units/{unit_id}/rooms")]
async fn post_room(
    ctx: Can<can::FacilityWrite>,
    app: App,
    school: Id<UnitId>,
    body: Valid<PutRoom>,
) -> Answer<CreatedVersion<Room>> {
    let made = rooms::create(&app.db, &ctx, *school, &body).await?;
    let version = made.item.version;
    Ok(CreatedVersion(made, version))
}

/// Count the rooms of a school by kind and construction.
///
/// As the yearly count of facilities takes them, with the buildings that they stand in.
#[utoipa::path(
    tag = "facilities",
    params(("unit_id" = UnitId, Path)),
    responses((status = 200, body = RoomCounts), Problems),
    security(("bearer" = ["facility:read"]))
)]
#[get("/units/{unit_id}/room-counts")]
async fn count_rooms(ctx: Can<can::FacilityRead>, app: App, school: Id<UnitId>) -> Answer<Found<RoomCounts>> {
    Ok(Found(rooms::counts(&app.db, &ctx, *school).await?))
}

/// Draw the door labels of a school's rooms as PDF.
///
/// Those that the query finds: A4, eight cards of 100 x 70 mm a sheet. The QR code of a card opens the room.
#[utoipa::path(
    tag = "facilities",
    params(("unit_id" = UnitId, Path), RoomQuery),
    responses((status = 200, description = "The file.", body = Vec<u8>, content_type = "application/pdf"), Problems),
    security(("bearer" = ["facility:read"]))
)]
#[get("/units/{unit_id}/room-labels")]
async fn print_doors(
    ctx: Can<can::FacilityRead>,
    app: App,
    school: Id<UnitId>,
    query: ValidQuery<RoomQuery>,
) -> Answer<HttpResponse> {
    let bytes = documents::doors::sheet(&app.db, &ctx, *school, &query, &app.config.channels.public_url).await?;
    Ok(answer::file("application/pdf", Disposition::Inline, "bien-phong.pdf", bytes))
}

/// Download the register of rooms as .xlsx or .csv.
///
/// Those in use. The import of rooms knows its columns, so that a school can change them in a spreadsheet.
#[utoipa::path(
    tag = "facilities",
    params(("unit_id" = UnitId, Path), FigureFileQuery),
    responses((status = 200, description = "The file.", body = Vec<u8>, content_type = "application/octet-stream"), Problems),
    security(("bearer" = ["facility:read"]))
)]
#[get("/units/{unit_id}/rooms-file")]
async fn download_rooms(
    ctx: Can<can::FacilityRead>,
    app: App,
    school: Id<UnitId>,
    query: ValidQuery<FigureFileQuery>,
) -> Answer<HttpResponse> {
    let format = query.format.unwrap_or(FigureFormat::Xlsx);
    let file = rooms::file(&app.db, &ctx, *school, &RoomQuery::default(), format).await?;
    Ok(answer::file(super::finance::media(format), Disposition::Attachment, &file.name, file.bytes))
}

/// Read a room.
///
/// With who sits in it, what stands in it, every version, and its condition over the years.
#[utoipa::path(
    tag = "facilities",
    params(("unit_id" = UnitId, Path), ("room_id" = RoomId, Path)),
    responses((status = 200, body = Room), Problems),
    security(("bearer" = ["facility:read"]))
)]
#[get("/units/{unit_id}/rooms/{room_id}")]
async fn get_room(ctx: Can<can::FacilityRead>, app: App, path: Path<(UnitId, RoomId)>) -> Answer<FoundVersion<Room>> {
    let found = rooms::get(&app.db, &ctx, path.0.0, path.0.1).await?;
    let version = found.item.version;
    Ok(FoundVersion(found, version))
}

/// Change a room.
///
/// What it said before stays in its history.
#[utoipa::path(
    tag = "facilities",
    params(("unit_id" = UnitId, Path), ("room_id" = RoomId, Path), ("If-Match" = String, Header, description = "The version that was read.")),
    request_body = PutRoom,
    responses((status = 200, body = Room), Problems),
    security(("bearer" = ["facility:write"]))
)]
#[put("/units/{unit_id}/rooms/{room_id}")]
async fn put_room(
    ctx: Can<can::FacilityWrite>,
    app: App,
    path: Path<(UnitId, RoomId)>,
    version: Version,
    body: Valid<PutRoom>,
) -> Answer<Saved<Room>> {
    let saved = rooms::put(&app.db, &ctx, path.0.0, path.0.1, *version, &body).await?;
    let version = saved.item.version;
    Ok(Saved(saved, version))
}
