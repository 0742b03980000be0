//! Files for the Ministry: checked, made, sent.

use super::XLSX;
use crate::answer::{self, Answer, Changed, Created, Disposition, Done, Found};
use crate::extract::{App, Can, FileBody, Path, ValidQuery, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{HttpResponse, delete, get, post};
use dto::exchange::*;
use dto::page::PageQuery;
use dto::{Page, UnitId};
use oversight::exchange;

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(list_exports)
        .service(check_export)
        .service(make_export)
        .service(put_export_template)
        .service(remove_export_template)
        .service(send_export)
        .service(list_exchange_packages);
}

/// List what can be made for the authorities, with the official files that the school uploaded.
#[utoipa::path(
    tag = "exchange",
    params(("unit_id" = UnitId, Path)),
    responses((status = 200, body = Page<ExportItem>), Problems),
    security(("bearer" = ["exchange:manage"]))
)]
#[get("/units/{unit_id}/exports")]
async fn list_exports(ctx: Can<can::ExchangeManage>, app: App, path: Path<UnitId>) -> Answer<Found<Page<ExportItem>>> {
    Ok(Found(exchange::kinds(&app.db, &ctx, *path).await?))
}

/// Check a file before it is made.
///
/// Every row with what is wrong, and who is to put it right: the homeroom teacher of the class, or the clerk. From the same definition as
/// the file.
#[utoipa::path(
    tag = "exchange",
    params(("unit_id" = UnitId, Path), ("kind" = ExportKind, Path), ExportQuery),
    responses((status = 200, body = ExportCheck), Problems),
    security(("bearer" = ["exchange:manage"]))
)]
#[get("/units/{unit_id}/exports/{kind}/check")]
async fn check_export(
    ctx: Can<can::ExchangeManage>,
    app: App,
    path: Path<(UnitId, ExportKind)>,
    query: ValidQuery<ExportQuery>,
) -> Answer<Found<ExportCheck>> {
    let (unit, kind) = *path;
    Ok(Found(exchange::check(&app.db, &ctx, unit, kind, &query).await?))
}

/// Make a file.
///
/// In the official file where the school uploaded one: columns found by their headers, hidden columns and sheets to look up in as they were;
/// else in a sheet with the same headers. Refused while rows have faults, unless it is wanted anyway. A POST, since data that go out are
/// written into the log.
#[utoipa::path(
    tag = "exchange",
    params(("unit_id" = UnitId, Path), ("kind" = ExportKind, Path), ExportQuery),
    responses((status = 200, description = "The file.", body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), Problems),
    security(("bearer" = ["exchange:manage"]))
)]
#[post("/units/{unit_id}/exports/{kind}/file")]
async fn make_export(
    ctx: Can<can::ExchangeManage>,
    app: App,
    path: Path<(UnitId, ExportKind)>,
    query: ValidQuery<ExportQuery>,
) -> Answer<HttpResponse> {
    let (unit, kind) = *path;
    let made = exchange::make(&app.db, &ctx, unit, kind, &query).await?;
    Ok(answer::file(XLSX, Disposition::Attachment, &made.name, made.bytes))
}

/// Upload the official file that a kind is filled into.
///
/// In the place of one before. It has to have some of the form's columns; which were found, and which of its headers nothing held here fills, is in the answer.
#[utoipa::path(
    tag = "exchange",
    params(("unit_id" = UnitId, Path), ("kind" = ExportKind, Path), TemplateQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file, at most 10 MB"),
    responses((status = 200, body = ExportTemplate), Problems),
    security(("bearer" = ["exchange:manage"]))
)]
#[post("/units/{unit_id}/exports/{kind}/template")]
async fn put_export_template(
    ctx: Can<can::ExchangeManage>,
    app: App,
    path: Path<(UnitId, ExportKind)>,
    query: ValidQuery<TemplateQuery>,
    body: FileBody,
) -> Answer<Changed<ExportTemplate>> {
    let (unit, kind) = *path;
    let name = query.file_name.as_deref();
    Ok(Changed(exchange::put_template(&app.db, &ctx, unit, kind, name, body.0.into()).await?))
}

/// Take an official file away.
#[utoipa::path(
    tag = "exchange",
    params(("unit_id" = UnitId, Path), ("kind" = ExportKind, Path)),
    responses((status = 204, description = "It is gone."), Problems),
    security(("bearer" = ["exchange:manage"]))
)]
#[delete("/units/{unit_id}/exports/{kind}/template")]
async fn remove_export_template(ctx: Can<can::ExchangeManage>, app: App, path: Path<(UnitId, ExportKind)>) -> Answer<Done> {
    let (unit, kind) = *path;
    exchange::remove_template(&app.db, &ctx, unit, kind).await?;
    Ok(Done)
}

/// Make a file and send it.
///
/// It leaves through the outbox with a manifest, and is tried again until the receiver answers; what it answers is kept.
#[utoipa::path(
    tag = "exchange",
    params(("unit_id" = UnitId, Path), ("kind" = ExportKind, Path), ExportQuery),
    responses((status = 201, body = ExchangePackage), Problems),
    security(("bearer" = ["exchange:manage"]))
)]
#[post("/units/{unit_id}/exports/{kind}/send")]
async fn send_export(
    ctx: Can<can::ExchangeManage>,
    app: App,
    path: Path<(UnitId, ExportKind)>,
    query: ValidQuery<ExportQuery>,
) -> Answer<Created<ExchangePackage>> {
    let (unit, kind) = *path;
    let on = app.channels.exchange().is_some();
    Ok(Created(exchange::send(&app.db, &ctx, unit, kind, &query, on).await?))
}

/// List what a school sent, newest first, each with its receipts.
#[utoipa::path(
    tag = "exchange",
    params(("unit_id" = UnitId, Path), PageQuery),
    responses((status = 200, body = Page<ExchangePackage>), Problems),
    security(("bearer" = ["exchange:manage"]))
)]
#[get("/units/{unit_id}/exchange-packages")]
async fn list_exchange_packages(
    ctx: Can<can::ExchangeManage>,
    app: App,
    path: Path<UnitId>,
    page: ValidQuery<PageQuery>,
) -> Answer<Found<Page<ExchangePackage>>> {
    Ok(Found(exchange::list(&app.db, &ctx, *path, &page).await?))
}
