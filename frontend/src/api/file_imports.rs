//! Imports of files of any kind.

use super::client::{self, Body};
use super::query::{Query, segment};
use super::{Result, get, post, post_empty, post_file, put};
use dto::file_imports::*;
use dto::imports::ApplyImport;
use dto::{ImportId, Page, UnitId};

pub async fn kinds() -> Result<Page<FileImportKind>> {
    get("/file-import-kinds").await
}

pub async fn template(kind: &str, query: &FileTemplateQuery) -> Result<web_sys::Blob> {
    let query = Query::new()
        .with("school_id", Some(query.school_id))
        .with("class_id", query.class_id)
        .with("subject_code", query.subject_code.as_deref())
        .with("term", query.term);
    client::blob("GET", &query.on(&format!("/file-import-kinds/{}/template", segment(kind))), Body::Empty).await
}

/// Sends the file and answers its dry run.
pub async fn upload(query: &FileImportQuery, file: web_sys::File) -> Result<FileImport> {
    let query = Query::new()
        .with("kind", Some(&query.kind))
        .with("school_id", Some(query.school_id))
        .with("class_id", query.class_id)
        .with("subject_code", query.subject_code.as_deref())
        .with("term", query.term)
        .with("class_name", query.class_name.as_deref())
        .with("grade", query.grade)
        .with("sheet", query.sheet.as_deref())
        .with("file_name", query.file_name.as_deref());
    post_file(&query.on("/file-imports"), file).await
}

pub async fn imports(school: UnitId, after: Option<String>) -> Result<Page<FileImportItem>> {
    get(&Query::new().with("school_id", Some(school)).with("after", after).on("/file-imports")).await
}

pub async fn import(id: ImportId) -> Result<FileImport> {
    get(&format!("/file-imports/{id}")).await
}

pub async fn rows(id: ImportId, query: &FileImportRowsQuery, after: Option<String>) -> Result<Page<FileImportRow>> {
    let query = Query::new()
        .with("outcome", query.outcome)
        .with("warnings", query.warnings)
        .with("limit", Some(100))
        .with("after", after);
    get(&query.on(&format!("/file-imports/{id}/rows"))).await
}

pub async fn put_columns(id: ImportId, version: i64, body: &PutFileImportColumns) -> Result<FileImport> {
    put(&format!("/file-imports/{id}/columns"), version, body).await
}

pub async fn put_cells(id: ImportId, version: i64, body: &PutFileImportCells) -> Result<FileImport> {
    put(&format!("/file-imports/{id}/cells"), version, body).await
}

pub async fn apply(id: ImportId, body: &ApplyImport) -> Result<FileImport> {
    post(&format!("/file-imports/{id}/apply"), body).await
}

pub async fn undo(id: ImportId) -> Result<FileImport> {
    post_empty(&format!("/file-imports/{id}/undo")).await
}

/// The file that was sent, with its bad cells marked.
pub async fn marked_file(id: ImportId) -> Result<web_sys::Blob> {
    client::blob("GET", &format!("/file-imports/{id}/marked-file"), Body::Empty).await
}
