//! Imports of files of any kind.

use crate::answer::{self, Answer, Created, Disposition, Found, FoundVersion, Saved};
use crate::extract::{App, Can, FileBody, Id, OptionalJson, Path, Valid, ValidQuery, Version, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{HttpResponse, get, post, put};
use dto::file_imports::{
    FileImport, FileImportItem, FileImportKind, FileImportListQuery, FileImportQuery, FileImportRow, FileImportRowsQuery,
    FileTemplateQuery, PutFileImportCells, PutFileImportColumns,
};
use dto::imports::ApplyImport;
use dto::page::PageQuery;
use dto::{ImportId, Page};
use records::imports::kinds::{self, Kinds};
use std::sync::LazyLock;

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(list_file_import_kinds)
        .service(download_file_template)
        .service(upload_file_import)
        .service(list_file_imports)
        .service(get_file_import)
        .service(list_file_import_rows)
        .service(put_file_import_columns)
        .service(put_file_import_cells)
        .service(apply_file_import)
        .service(undo_file_import)
        .service(download_marked_file);
}

/// Every kind of this program: those of the records, and those of the floors above.
static KINDS: LazyLock<Kinds> = LazyLock::new(|| Kinds::with(gradebook::imports::kinds()));

/// The media type of .xlsx.
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

fn file(name: &str, bytes: Vec<u8>) -> HttpResponse {
    answer::file(XLSX, Disposition::Attachment, name, bytes)
}

/// List the kinds of records that files can bring.
#[utoipa::path(
    tag = "imports",
    responses((status = 200, body = Page<FileImportKind>), Problems),
    security(("bearer" = ["file:import"]))
)]
#[get("/file-import-kinds")]
async fn list_file_import_kinds(_ctx: Can<can::FileImport>) -> Answer<Found<Page<FileImportKind>>> {
    Ok(Found(kinds::kinds(&KINDS)))
}

/// Download a template of a kind as .xlsx.
///
/// The columns with drop-downs, and a sheet that says what goes into each. For kinds of a class its learners stand in it already.
#[utoipa::path(
    tag = "imports",
    params(("kind" = String, Path), FileTemplateQuery),
    responses((status = 200, description = "The file.", body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), Problems),
    security(("bearer" = ["file:import"]))
)]
#[get("/file-import-kinds/{kind}/template")]
async fn download_file_template(
    ctx: Can<can::FileImport>,
    app: App,
    kind: Path<String>,
    query: ValidQuery<FileTemplateQuery>,
) -> Answer<HttpResponse> {
    let (name, bytes) = kinds::template(&app.db, &ctx, &KINDS, &kind, &query).await?;
    Ok(file(&name, bytes))
}

/// Upload a file of some kind for a dry run.
///
/// The body is the file, .xlsx or CSV (UTF-8, UTF-8 with a mark, Windows-1258; comma or semicolon), of at most 100,000 rows. Columns are
/// found by their headers without marks, and by what somebody of the school has said of such a header before. Nothing is changed.
#[utoipa::path(
    tag = "imports",
    params(FileImportQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file, at most 10 MB"),
    responses((status = 201, body = FileImport), Problems),
    security(("bearer" = ["file:import"]))
)]
#[post("/file-imports")]
async fn upload_file_import(
    ctx: Can<can::FileImport>,
    app: App,
    query: ValidQuery<FileImportQuery>,
    body: FileBody,
) -> Answer<Created<FileImport>> {
    Ok(Created(kinds::upload(&app.db, &ctx, &KINDS, &query, body.0.into()).await?))
}

/// List the imports of a school, the newest first.
///
/// Teachers see their own.
#[utoipa::path(
    tag = "imports",
    params(FileImportListQuery, PageQuery),
    responses((status = 200, body = Page<FileImportItem>), Problems),
    security(("bearer" = ["file:import"]))
)]
#[get("/file-imports")]
async fn list_file_imports(
    ctx: Can<can::FileImport>,
    app: App,
    query: ValidQuery<FileImportListQuery>,
    page: ValidQuery<PageQuery>,
) -> Answer<Found<Page<FileImportItem>>> {
    Ok(Found(kinds::list(&app.db, &ctx, &query, &page).await?))
}

/// Read an import, without its rows.
#[utoipa::path(
    tag = "imports",
    params(("import_id" = ImportId, Path)),
    responses((status = 200, body = FileImport), Problems),
    security(("bearer" = ["file:import"]))
)]
#[get("/file-imports/{import_id}")]
async fn get_file_import(ctx: Can<can::FileImport>, app: App, id: Id<ImportId>) -> Answer<FoundVersion<FileImport>> {
    let found = kinds::get(&app.db, &ctx, &KINDS, *id).await?;
    let version = found.version;
    Ok(FoundVersion(found, version))
}

/// List the rows of an import in the order of the file.
#[utoipa::path(
    tag = "imports",
    params(("import_id" = ImportId, Path), FileImportRowsQuery, PageQuery),
    responses((status = 200, body = Page<FileImportRow>), Problems),
    security(("bearer" = ["file:import"]))
)]
#[get("/file-imports/{import_id}/rows")]
async fn list_file_import_rows(
    ctx: Can<can::FileImport>,
    app: App,
    id: Id<ImportId>,
    query: ValidQuery<FileImportRowsQuery>,
    page: ValidQuery<PageQuery>,
) -> Answer<Found<Page<FileImportRow>>> {
    Ok(Found(kinds::rows(&app.db, &ctx, &KINDS, *id, &query, &page).await?))
}

/// Say what the columns of the file are.
///
/// All rows are compared anew. What differs from before is remembered for the school and the kind.
#[utoipa::path(
    tag = "imports",
    params(("import_id" = ImportId, Path), ("If-Match" = String, Header, description = "The version that was read.")),
    request_body = PutFileImportColumns,
    responses((status = 200, body = FileImport), Problems),
    security(("bearer" = ["file:import"]))
)]
#[put("/file-imports/{import_id}/columns")]
async fn put_file_import_columns(
    ctx: Can<can::FileImport>,
    app: App,
    id: Id<ImportId>,
    version: Version,
    body: Valid<PutFileImportColumns>,
) -> Answer<Saved<FileImport>> {
    let saved = kinds::put_columns(&app.db, &ctx, &KINDS, *id, *version, &body).await?;
    let version = saved.version;
    Ok(Saved(saved, version))
}

/// Correct cells of the file.
///
/// They are kept with the import; the file itself stays as it was sent. All rows are compared anew.
#[utoipa::path(
    tag = "imports",
    params(("import_id" = ImportId, Path), ("If-Match" = String, Header, description = "The version that was read.")),
    request_body = PutFileImportCells,
    responses((status = 200, body = FileImport), Problems),
    security(("bearer" = ["file:import"]))
)]
#[put("/file-imports/{import_id}/cells")]
async fn put_file_import_cells(
    ctx: Can<can::FileImport>,
    app: App,
    id: Id<ImportId>,
    version: Version,
    body: Valid<PutFileImportCells>,
) -> Answer<Saved<FileImport>> {
    let saved = kinds::put_cells(&app.db, &ctx, &KINDS, *id, *version, &body).await?;
    let version = saved.version;
    Ok(Saved(saved, version))
}

/// Apply a dry run, all or nothing.
///
/// Refused with `import_stale` where the records have changed since the dry run, and with `import_has_faults` while rows are faulty or
/// in conflict, unless `skip_faulty` leaves these out.
#[utoipa::path(
    tag = "imports",
    params(("import_id" = ImportId, Path)),
    request_body = ApplyImport,
    responses((status = 200, body = FileImport), Problems),
    security(("bearer" = ["file:import"]))
)]
#[post("/file-imports/{import_id}/apply")]
async fn apply_file_import(
    ctx: Can<can::FileImport>,
    app: App,
    id: Id<ImportId>,
    body: OptionalJson<ApplyImport>,
) -> Answer<Saved<FileImport>> {
    let saved = kinds::apply(&app.db, &ctx, &KINDS, *id, &body.0).await?;
    let version = saved.version;
    Ok(Saved(saved, version))
}

/// Undo an import as a whole.
///
/// Refused with `import_changed_since` where any of it was edited or used afterwards; `errors` lists what.
#[utoipa::path(
    tag = "imports",
    params(("import_id" = ImportId, Path)),
    responses((status = 200, body = FileImport), Problems),
    security(("bearer" = ["file:import"]))
)]
#[post("/file-imports/{import_id}/undo")]
async fn undo_file_import(ctx: Can<can::FileImport>, app: App, id: Id<ImportId>) -> Answer<Saved<FileImport>> {
    let saved = kinds::undo(&app.db, &ctx, &KINDS, *id).await?;
    let version = saved.version;
    Ok(Saved(saved, version))
}

/// Download the file that was sent, with its bad cells marked.
///
/// Each bad cell has a colour and a comment with what is wrong; all else of a workbook stays as it was. CSV comes back as .xlsx.
#[utoipa::path(
    tag = "imports",
    params(("import_id" = ImportId, Path)),
    responses((status = 200, description = "The file.", body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), Problems),
    security(("bearer" = ["file:import"]))
)]
#[get("/file-imports/{import_id}/marked-file")]
async fn download_marked_file(ctx: Can<can::FileImport>, app: App, id: Id<ImportId>) -> Answer<HttpResponse> {
    let (name, bytes) = kinds::marked_file(&app.db, &ctx, &KINDS, *id).await?;
    Ok(file(&name, bytes))
}
