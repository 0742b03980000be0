//! Mark sheets as Excel files.

use crate::answer::{self, Answer, Changed, Disposition};
use crate::extract::{App, Can, FileBody, Path, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{HttpResponse, get, post};
use dto::ClassId;
use dto::calendar::Term;
use dto::mark_files::MarkFileCheck;
use gradebook::files;

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(download_marks).service(check_mark_file).service(fill_mark_file);
}

/// The media type of .xlsx.
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

fn file(name: &str, bytes: Vec<u8>) -> HttpResponse {
    answer::file(XLSX, Disposition::Attachment, name, bytes)
}

/// Download a mark sheet as .xlsx.
///
/// With the headers by which it is read back.
#[utoipa::path(
    tag = "marks",
    params(("class_id" = ClassId, Path), ("subject_code" = String, Path), ("term" = Term, Path)),
    responses((status = 200, description = "The file.", body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), Problems),
    security(("bearer" = ["mark:read"]))
)]
#[get("/classes/{class_id}/subjects/{subject_code}/terms/{term}/marks/file")]
async fn download_marks(ctx: Can<can::MarkRead>, app: App, path: Path<(ClassId, String, Term)>) -> Answer<HttpResponse> {
    let (class, subject, term) = &*path;
    let (name, bytes) = files::export(&app.db, &ctx, *class, subject, *term).await?;
    Ok(file(&name, bytes))
}

/// Read an Excel file against a mark sheet: a dry run.
///
/// Columns are found by their headers without marks (TX1, ĐĐGtx, GK, giữa kì, …; in primary classes when and what: mức đạt được giữa kì,
/// điểm kiểm tra cuối kì, chăm chỉ cuối kì), over one row or several; learners by code, else by name and birth date. The answer
/// tells of each cell what it was read as, what stands in the sheet with its version, and what would happen; nothing is changed. To save,
/// send the cells wanted to `PUT …/marks` with those versions.
#[utoipa::path(
    tag = "marks",
    params(("class_id" = ClassId, Path), ("subject_code" = String, Path), ("term" = Term, Path)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file, at most 10 MB"),
    responses((status = 200, body = MarkFileCheck), Problems),
    security(("bearer" = ["mark:write"]))
)]
#[post("/classes/{class_id}/subjects/{subject_code}/terms/{term}/marks/file/check")]
async fn check_mark_file(
    ctx: Can<can::MarkWrite>,
    app: App,
    path: Path<(ClassId, String, Term)>,
    body: FileBody,
) -> Answer<Changed<MarkFileCheck>> {
    let (class, subject, term) = &*path;
    Ok(Changed(files::check(&app.db, &ctx, *class, subject, *term, body.0.into()).await?))
}

/// Fill a mark sheet into an Excel file of one's own.
///
/// The answer is the same file: in the cells of marks that were found as by the dry run stand the marks of the sheet, each in the
/// style that the cell had; hidden columns, formulas, other sheets and all else are as they were sent.
#[utoipa::path(
    tag = "marks",
    params(("class_id" = ClassId, Path), ("subject_code" = String, Path), ("term" = Term, Path)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file, at most 10 MB"),
    responses((status = 200, description = "The file.", body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), Problems),
    security(("bearer" = ["mark:read"]))
)]
#[post("/classes/{class_id}/subjects/{subject_code}/terms/{term}/marks/file/fill")]
async fn fill_mark_file(
    ctx: Can<can::MarkRead>,
    app: App,
    path: Path<(ClassId, String, Term)>,
    body: FileBody,
) -> Answer<HttpResponse> {
    let (class, subject, term) = &*path;
    let bytes = files::fill(&app.db, &ctx, *class, subject, *term, body.0.into()).await?;
    Ok(file("so-diem.xlsx", bytes))
}
