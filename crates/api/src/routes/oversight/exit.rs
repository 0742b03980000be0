//! A school's full export.

use crate::answer::{self, Answer, Created, Disposition, Found};
use crate::extract::{App, Can, Path, Valid, ValidQuery, can};
use crate::problem::Problems;
use crate::routes::Routes;
use crate::work;
use actix_web::{HttpResponse, get, post};
use dto::exit::{ExitContents, PostExit, SchoolExit};
use dto::page::PageQuery;
use dto::{ExitId, Page, UnitId};
use oversight::exit;

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(get_exit_contents).service(start_exit).service(list_exits).service(get_exit).service(fetch_exit);
}

/// What a full export holds and what not.
///
/// Made of the schema: every table that can hold a row of a school, and each that stays, with why.
#[utoipa::path(
    tag = "exit",
    responses((status = 200, body = ExitContents), Problems),
    security(("bearer" = ["exit:manage"]))
)]
#[get("/exit/contents")]
async fn get_exit_contents(ctx: Can<can::ExitManage>, app: App) -> Answer<Found<ExitContents>> {
    Ok(Found(exit::contents(&app.db, &ctx).await?))
}

/// Begin a full export of a school.
///
/// Everything that is held of it as one ZIP: CSV and JSON of each table, stored and signed files, the schema, a manifest with SHA-256 of each.
/// What is sealed at rest is locked with the passphrase. Answers at once; how far it is, is read at its address.
#[utoipa::path(
    tag = "exit",
    params(("unit_id" = UnitId, Path)),
    request_body = PostExit,
    responses((status = 201, body = SchoolExit), Problems),
    security(("bearer" = ["exit:manage"]))
)]
#[post("/units/{unit_id}/exits")]
async fn start_exit(
    ctx: Can<can::ExitManage>,
    app: App,
    path: Path<UnitId>,
    body: Valid<PostExit>,
) -> Answer<Created<SchoolExit>> {
    let begun = exit::start(&app.db, &ctx, *path).await?;
    work::drive_exit(app.db.clone(), app.files.clone(), app.keys.data().clone(), begun.clone(), body.passphrase.clone());
    Ok(Created(begun))
}

/// List the exports of a school, newest first.
#[utoipa::path(
    tag = "exit",
    params(("unit_id" = UnitId, Path), PageQuery),
    responses((status = 200, body = Page<SchoolExit>), Problems),
    security(("bearer" = ["exit:manage"]))
)]
#[get("/units/{unit_id}/exits")]
async fn list_exits(
    ctx: Can<can::ExitManage>,
    app: App,
    path: Path<UnitId>,
    page: ValidQuery<PageQuery>,
) -> Answer<Found<Page<SchoolExit>>> {
    Ok(Found(exit::list(&app.db, &ctx, *path, &page).await?))
}

/// How far an export is.
#[utoipa::path(
    tag = "exit",
    params(("unit_id" = UnitId, Path), ("exit_id" = ExitId, Path)),
    responses((status = 200, body = SchoolExit), Problems),
    security(("bearer" = ["exit:manage"]))
)]
#[get("/units/{unit_id}/exits/{exit_id}")]
async fn get_exit(ctx: Can<can::ExitManage>, app: App, path: Path<(UnitId, ExitId)>) -> Answer<Found<SchoolExit>> {
    let (school, id) = *path;
    Ok(Found(exit::get(&app.db, &ctx, school, id).await?))
}

/// Fetch the archive of an export.
///
/// A POST, since who took a school's data along is written into the log.
#[utoipa::path(
    tag = "exit",
    params(("unit_id" = UnitId, Path), ("exit_id" = ExitId, Path)),
    responses((status = 200, description = "The archive.", body = Vec<u8>, content_type = "application/zip"), Problems),
    security(("bearer" = ["exit:manage"]))
)]
#[post("/units/{unit_id}/exits/{exit_id}/file")]
async fn fetch_exit(ctx: Can<can::ExitManage>, app: App, path: Path<(UnitId, ExitId)>) -> Answer<HttpResponse> {
    let (school, id) = *path;
    let (name, bytes) = exit::file(&app.db, &ctx, school, id).await?;
    Ok(answer::file("application/zip", Disposition::Attachment, &name, bytes))
}
