//! Files of schools.

use crate::answer::{Answer, Changed, Created, Done, Found};
use crate::download::download;
use crate::extract::{App, Can, ContentRange, Id, PartBody, Valid, ValidQuery, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{HttpRequest, HttpResponse, delete, get, post, put};
use dto::files::{FileQuery, FileUpload, PostUpload, SchoolStorage, StoredFile};
use dto::{FileId, UnitId, UploadId};

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(start_upload)
        .service(get_upload)
        .service(put_upload_part)
        .service(finish_upload)
        .service(cancel_upload)
        .service(post_file)
        .service(get_file)
        .service(download_file)
        .service(remove_file)
        .service(get_storage);
}

/// Begin the upload of a file in parts.
///
/// Then send the parts in order (`PUT /uploads/{id}`), each at most `part_bytes`, and finish. After a break ask `GET /uploads/{id}` how
/// much has arrived and go on from there. `storage_full` and `file_too_large` are said here, before anything is sent.
#[utoipa::path(
    tag = "files",
    request_body = PostUpload,
    responses((status = 201, body = FileUpload), Problems),
    security(("bearer" = ["file:write"]))
)]
#[post("/uploads")]
async fn start_upload(ctx: Can<can::FileWrite>, app: App, body: Valid<PostUpload>) -> Answer<Created<FileUpload>> {
    Ok(Created(records::files::start(&app.db, &app.config.files, &ctx, &body).await?))
}

/// Read how far one's upload has come.
#[utoipa::path(
    tag = "files",
    params(("upload_id" = UploadId, Path)),
    responses((status = 200, body = FileUpload), Problems),
    security(("bearer" = ["file:write"]))
)]
#[get("/uploads/{upload_id}")]
async fn get_upload(ctx: Can<can::FileWrite>, app: App, id: Id<UploadId>) -> Answer<Found<FileUpload>> {
    Ok(Found(records::files::upload(&app.db, &app.config.files, &ctx, *id).await?))
}

/// Send the next part of a file.
///
/// A part that does not begin where the last one ended is refused with `upload_offset`, which says where to go on.
#[utoipa::path(
    tag = "files",
    params(("upload_id" = UploadId, Path), ("content-range" = String, Header, description = "`bytes 0-4194303/9000000`")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The bytes of this range"),
    responses((status = 200, body = FileUpload), Problems),
    security(("bearer" = ["file:write"]))
)]
#[put("/uploads/{upload_id}")]
async fn put_upload_part(
    ctx: Can<can::FileWrite>,
    app: App,
    id: Id<UploadId>,
    range: ContentRange,
    body: PartBody,
) -> Answer<Changed<FileUpload>> {
    let saved = records::files::put_part(&app.db, &app.files, &app.config.files, &ctx, *id, range.0, body.0).await?;
    Ok(Changed(saved))
}

/// Finish an upload.
///
/// Size and hash are compared with what was announced, the virus scanner of the installation is asked, and the file is kept. It belongs
/// to nothing until a record takes it; what no record takes is removed after some days.
#[utoipa::path(
    tag = "files",
    params(("upload_id" = UploadId, Path)),
    responses((status = 201, body = StoredFile), Problems),
    security(("bearer" = ["file:write"]))
)]
#[post("/uploads/{upload_id}/finish")]
async fn finish_upload(ctx: Can<can::FileWrite>, app: App, id: Id<UploadId>) -> Answer<Created<StoredFile>> {
    Ok(Created(records::files::finish(&app.db, &app.files, &app.config.files, &ctx, *id).await?))
}

/// Give up an upload.
#[utoipa::path(
    tag = "files",
    params(("upload_id" = UploadId, Path)),
    responses((status = 204), Problems),
    security(("bearer" = ["file:write"]))
)]
#[delete("/uploads/{upload_id}")]
async fn cancel_upload(ctx: Can<can::FileWrite>, app: App, id: Id<UploadId>) -> Answer<Done> {
    records::files::cancel(&app.db, &app.files, &ctx, *id).await?;
    Ok(Done)
}

/// Upload a small file in one piece.
///
/// At most `part_bytes` of the settings (4 MB); larger ones come by `POST /uploads`.
#[utoipa::path(
    tag = "files",
    params(FileQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file"),
    responses((status = 201, body = StoredFile), Problems),
    security(("bearer" = ["file:write"]))
)]
#[post("/files")]
async fn post_file(
    ctx: Can<can::FileWrite>,
    app: App,
    query: ValidQuery<FileQuery>,
    body: PartBody,
) -> Answer<Created<StoredFile>> {
    Ok(Created(records::files::put_small(&app.db, &app.files, &app.config.files, &ctx, &query, body.0).await?))
}

/// Read what is known of a file that one has uploaded.
#[utoipa::path(
    tag = "files",
    params(("file_id" = FileId, Path)),
    responses((status = 200, body = StoredFile), Problems),
    security(("bearer" = ["file:write"]))
)]
#[get("/files/{file_id}")]
async fn get_file(ctx: Can<can::FileWrite>, app: App, id: Id<FileId>) -> Answer<Found<StoredFile>> {
    Ok(Found(records::files::get(&app.db, &ctx, *id).await?))
}

/// Download a file that one has uploaded.
///
/// Others read a file through the record that it belongs to. Takes `Range`, `If-Range` and `If-None-Match`; PDF files and pictures may be
/// shown, everything else is saved.
#[utoipa::path(
    tag = "files",
    params(("file_id" = FileId, Path)),
    responses(
        (status = 200, content_type = "application/octet-stream", description = "The file"),
        (status = 206, content_type = "application/octet-stream", description = "The range of it"),
        Problems
    ),
    security(("bearer" = ["file:write"]))
)]
#[get("/files/{file_id}/content")]
async fn download_file(ctx: Can<can::FileWrite>, app: App, id: Id<FileId>, req: HttpRequest) -> Answer<HttpResponse> {
    let file = records::files::get(&app.db, &ctx, *id).await?;
    download(&req, &app.files, &file).await
}

/// Remove a file that one has uploaded and that belongs to no record.
#[utoipa::path(
    tag = "files",
    params(("file_id" = FileId, Path)),
    responses((status = 204), Problems),
    security(("bearer" = ["file:write"]))
)]
#[delete("/files/{file_id}")]
async fn remove_file(ctx: Can<can::FileWrite>, app: App, id: Id<FileId>) -> Answer<Done> {
    records::files::remove(&app.db, &app.files, &ctx, *id).await?;
    Ok(Done)
}

/// Read what the files of a school take.
///
/// By the kind of record, with what is shared counted once, the bound of the school, and whether files are looked at for viruses.
#[utoipa::path(
    tag = "files",
    params(("unit_id" = UnitId, Path)),
    responses((status = 200, body = SchoolStorage), Problems),
    security(("bearer" = ["storage:read"]))
)]
#[get("/units/{unit_id}/storage")]
async fn get_storage(ctx: Can<can::StorageRead>, app: App, id: Id<UnitId>) -> Answer<Found<SchoolStorage>> {
    Ok(Found(records::files::storage(&app.db, &app.files, &app.config.files, &ctx, *id).await?))
}
