//! Imports of class lists.

use crate::answer::{Answer, Changed, Created, Found};
use crate::extract::{App, Can, FileBody, Id, OptionalJson, ValidQuery, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{get, post};
use dto::imports::{ApplyImport, Import, ImportItem, ImportListQuery, ImportQuery};
use dto::page::PageQuery;
use dto::{ImportId, Page};

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(upload_import).service(list_imports).service(get_import).service(apply_import).service(undo_import);
}

/// Upload a class list for a dry run.
///
/// The body is the file, .xlsx or CSV; its kind is found by looking into it. Columns are found by their headers without marks, in any
/// order; the Ministry's class list, vnEdu's and C1-HocSinh are known, any other sheet with a column of names is read too. Nothing is
/// changed: the answer tells for each row what would happen (`new`, `same`, `changed` with the fields, `conflict`, `faulty`) and each
/// fault by row and column. A file that cannot be read is refused with `file_not_readable` and what to do.
#[utoipa::path(
    tag = "imports",
    params(ImportQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file, at most 10 MB"),
    responses((status = 201, body = Import), Problems),
    security(("bearer" = ["import:write"]))
)]
#[post("/imports")]
async fn upload_import(
    ctx: Can<can::ImportWrite>,
    app: App,
    query: ValidQuery<ImportQuery>,
    file: FileBody,
) -> Answer<Created<Import>> {
    Ok(Created(records::imports::upload(&app.db, &ctx, &query, file.0.into()).await?))
}

/// List the imports of a school, the newest first.
#[utoipa::path(
    tag = "imports",
    params(ImportListQuery, PageQuery),
    responses((status = 200, body = Page<ImportItem>), Problems),
    security(("bearer" = ["import:write"]))
)]
#[get("/imports")]
async fn list_imports(
    ctx: Can<can::ImportWrite>,
    app: App,
    query: ValidQuery<ImportListQuery>,
    page: ValidQuery<PageQuery>,
) -> Answer<Found<Page<ImportItem>>> {
    Ok(Found(records::imports::list(&app.db, &ctx, &query, &page).await?))
}

/// Read an import with every row.
#[utoipa::path(
    tag = "imports",
    params(("import_id" = ImportId, Path)),
    responses((status = 200, body = Import), Problems),
    security(("bearer" = ["import:write"]))
)]
#[get("/imports/{import_id}")]
async fn get_import(ctx: Can<can::ImportWrite>, app: App, id: Id<ImportId>) -> Answer<Found<Import>> {
    Ok(Found(records::imports::get(&app.db, &ctx, *id).await?))
}

/// Apply a dry run, all or nothing.
///
/// Makes the classes that are missing, learners, guardians (a parent of two children in the school is one person) and enrolments.
/// Refused with `import_stale` where the records have changed since the dry run, and with `import_has_faults` while rows are faulty or
/// in conflict, unless `skip_faulty` leaves these out. A second call finds the import applied: `import_state`.
#[utoipa::path(
    tag = "imports",
    params(("import_id" = ImportId, Path)),
    request_body = ApplyImport,
    responses((status = 200, body = Import), Problems),
    security(("bearer" = ["import:write"]))
)]
#[post("/imports/{import_id}/apply")]
async fn apply_import(
    ctx: Can<can::ImportWrite>,
    app: App,
    id: Id<ImportId>,
    body: OptionalJson<ApplyImport>,
) -> Answer<Changed<Import>> {
    Ok(Changed(records::imports::apply(&app.db, &ctx, *id, &body.0).await?))
}

/// Undo an import as a whole.
///
/// What it made is removed, what it changed is as before. Refused with `import_changed_since` where any of it was edited or used
/// afterwards (marks, accounts, other classes); `errors` lists what.
#[utoipa::path(
    tag = "imports",
    params(("import_id" = ImportId, Path)),
    responses((status = 200, body = Import), Problems),
    security(("bearer" = ["import:write"]))
)]
#[post("/imports/{import_id}/undo")]
async fn undo_import(ctx: Can<can::ImportWrite>, app: App, id: Id<ImportId>) -> Answer<Changed<Import>> {
    Ok(Changed(records::imports::undo(&app.db, &ctx, *id).await?))
}
