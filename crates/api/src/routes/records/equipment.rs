//! The inventory of a school, and what the QR codes of its labels open.

use crate::answer::{self, Answer, Changed, Created, Disposition, Found, FoundVersion, Saved};
use crate::extract::{App, Can, Id, Path, Valid, ValidQuery, Version, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{HttpResponse, get, post, put};
use dto::UnitId;
use dto::equipment::*;
use dto::figures::{FigureFileQuery, FigureFormat};
use dto::page::{Page, PageQuery};
use records::equipment;

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(list_equipment)
        .service(post_equipment)
        .service(count_equipment)
        .service(print_labels)
        .service(download_equipment)
        .service(get_stocktaking)
        .service(download_stocktaking)
        .service(get_equipment)
        .service(put_equipment)
        .service(post_sighting);
}

/// List the inventory of a school.
#[utoipa::path(
    tag = "equipment",
    params(("unit_id" = UnitId, Path), EquipmentQuery, PageQuery),
    responses((status = 200, body = Page<EquipmentItem>), Problems),
    security(("bearer" = ["facility:read"]))
)]
#[get("/units/{unit_id}/equipment")]
async fn list_equipment(
    ctx: Can<can::FacilityRead>,
    app: App,
    school: Id<UnitId>,
    query: ValidQuery<EquipmentQuery>,
    page: ValidQuery<PageQuery>,
) -> Answer<Found<Page<EquipmentItem>>> {
    Ok(Found(equipment::list(&app.db, &ctx, *school, &query, &page).await?))
}

/// Enter equipment: one item, or as many as are alike.
///
/// Each gets a code of its own, for its label.
#[utoipa::path(
    tag = "equipment",
    params(("unit_id" = UnitId, Path)),
    request_body = PostEquipment,
    responses((status = 201, body = Page<EquipmentItem>), Problems),
    security(("bearer" = ["facility:write"]))
)]
#[post("/units/{unit_id}/equipment")]
async fn post_equipment(
    ctx: Can<can::FacilityWrite>,
    app: App,
    school: Id<UnitId>,
    body: Valid<PostEquipment>,
) -> Answer<Created<Page<EquipmentItem>>> {
    Ok(Created(equipment::create(&app.db, &ctx, *school, &body).await?))
}

/// Count the inventory of a school by kind and state.
#[utoipa::path(
    tag = "equipment",
    params(("unit_id" = UnitId, Path)),
    responses((status = 200, body = Page<EquipmentCount>), Problems),
    security(("bearer" = ["facility:read"]))
)]
#[get("/units/{unit_id}/equipment-counts")]
async fn count_equipment(ctx: Can<can::FacilityRead>, app: App, school: Id<UnitId>) -> Answer<Found<Page<EquipmentCount>>> {
    Ok(Found(equipment::counts(&app.db, &ctx, *school).await?))
}

/// Draw the labels of a school's equipment as PDF.
///
/// Those that the query finds, at most 1,000: A4, 24 labels of 70 x 37 mm a sheet. The QR code of a label opens the item.
#[utoipa::path(
    tag = "equipment",
    params(("unit_id" = UnitId, Path), EquipmentQuery),
    responses((status = 200, description = "The file.", body = Vec<u8>, content_type = "application/pdf"), Problems),
    security(("bearer" = ["facility:read"]))
)]
#[get("/units/{unit_id}/equipment-labels")]
async fn print_labels(
    ctx: Can<can::FacilityRead>,
    app: App,
    school: Id<UnitId>,
    query: ValidQuery<EquipmentQuery>,
) -> Answer<HttpResponse> {
    let bytes = documents::labels::sheet(&app.db, &ctx, *school, &query, &app.config.channels.public_url).await?;
    Ok(answer::file("application/pdf", Disposition::Inline, "nhan-thiet-bi.pdf", bytes))
}

/// Download the inventory of a school as .xlsx or .csv.
///
/// The items that the query finds.
#[utoipa::path(
    tag = "equipment",
    params(("unit_id" = UnitId, Path), EquipmentQuery, FigureFileQuery),
    responses((status = 200, description = "The file.", body = Vec<u8>, content_type = "application/octet-stream"), Problems),
    security(("bearer" = ["facility:read"]))
)]
#[get("/units/{unit_id}/equipment-file")]
async fn download_equipment(
    ctx: Can<can::FacilityRead>,
    app: App,
    school: Id<UnitId>,
    query: ValidQuery<EquipmentQuery>,
    format: ValidQuery<FigureFileQuery>,
) -> Answer<HttpResponse> {
    let format = format.format.unwrap_or(FigureFormat::Xlsx);
    let file = equipment::file(&app.db, &ctx, *school, &query, format).await?;
    Ok(answer::file(super::finance::media(format), Disposition::Attachment, &file.name, file.bytes))
}

/// Read the report of a stock-taking that began on a day, as it stands now.
///
/// What was seen since then is found; what the book had and nobody saw is missing; what was written in since is surplus to the book.
#[utoipa::path(
    tag = "equipment",
    params(("unit_id" = UnitId, Path), StocktakingQuery),
    responses((status = 200, body = Stocktaking), Problems),
    security(("bearer" = ["facility:read"]))
)]
#[get("/units/{unit_id}/stocktaking")]
async fn get_stocktaking(
    ctx: Can<can::FacilityRead>,
    app: App,
    school: Id<UnitId>,
    query: ValidQuery<StocktakingQuery>,
) -> Answer<Found<Stocktaking>> {
    Ok(Found(equipment::stocktaking(&app.db, &ctx, *school, query.since).await?))
}

/// Download the report of a stock-taking as PDF, for the commission to sign, or as .xlsx.
#[utoipa::path(
    tag = "equipment",
    params(("unit_id" = UnitId, Path), StocktakingFileQuery),
    responses((status = 200, description = "The file.", body = Vec<u8>, content_type = "application/octet-stream"), Problems),
    security(("bearer" = ["facility:read"]))
)]
#[get("/units/{unit_id}/stocktaking/file")]
async fn download_stocktaking(
    ctx: Can<can::FacilityRead>,
    app: App,
    school: Id<UnitId>,
    query: ValidQuery<StocktakingFileQuery>,
) -> Answer<HttpResponse> {
    match query.format.unwrap_or(StocktakingFormat::Pdf) {
        StocktakingFormat::Pdf => {
            let bytes = documents::stocktaking::paper(&app.db, &ctx, *school, query.since).await?;
            Ok(answer::file("application/pdf", Disposition::Inline, "bien-ban-kiem-ke.pdf", bytes))
        }
        StocktakingFormat::Xlsx => {
            let file = equipment::stocktaking_file(&app.db, &ctx, *school, query.since).await?;
            Ok(answer::file(super::finance::media(FigureFormat::Xlsx), Disposition::Attachment, &file.name, file.bytes))
        }
    }
}

/// Read an item by the code on its label.
///
/// With or without the hyphen, in capitals or not; with what was seen of it.
#[utoipa::path(
    tag = "equipment",
    params(("code" = String, Path)),
    responses((status = 200, body = Equipment), Problems),
    security(("bearer" = ["facility:read"]))
)]
#[get("/equipment/{code}")]
async fn get_equipment(ctx: Can<can::FacilityRead>, app: App, code: Path<String>) -> Answer<FoundVersion<Equipment>> {
    let found = equipment::get(&app.db, &ctx, &code).await?;
    let version = found.version;
    Ok(FoundVersion(found, version))
}

/// Change an item.
#[utoipa::path(
    tag = "equipment",
    params(("code" = String, Path), ("If-Match" = String, Header, description = "The version that was read.")),
    request_body = PutEquipment,
    responses((status = 200, body = Equipment), Problems),
    security(("bearer" = ["facility:write"]))
)]
#[put("/equipment/{code}")]
async fn put_equipment(
    ctx: Can<can::FacilityWrite>,
    app: App,
    code: Path<String>,
    version: Version,
    body: Valid<PutEquipment>,
) -> Answer<Saved<Equipment>> {
    let saved = equipment::put(&app.db, &ctx, &code, *version, &body).await?;
    let version = saved.version;
    Ok(Saved(saved, version))
}

/// Mark an item found, moved, or changed in state.
///
/// By who stands before it. An empty body says that it is where it was and as it was.
#[utoipa::path(
    tag = "equipment",
    params(("code" = String, Path)),
    request_body = PostSighting,
    responses((status = 200, body = Equipment), Problems),
    security(("bearer" = ["facility:write"]))
)]
#[post("/equipment/{code}/sightings")]
async fn post_sighting(
    ctx: Can<can::FacilityWrite>,
    app: App,
    code: Path<String>,
    body: Valid<PostSighting>,
) -> Answer<Changed<Equipment>> {
    Ok(Changed(equipment::sight(&app.db, &ctx, &code, &body).await?))
}
