//! Files on their way.

use super::entity::{file, upload};
use super::{bytes_of, contents, names};
use crate::units;
use bytes::Bytes;
use chrono::TimeDelta;
use dto::access::Permission;
use dto::files::{FileQuery, FileUpload, PostUpload, StoredFile};
use dto::{Code, FileId, UnitId, UploadId};
use kernel::config;
use kernel::files::{Content, Store};
use kernel::{Ctx, Db, Error, Event, Result, clock, id};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

/// Where a part of an upload lies: `first`-`last` (both in it) of `total` bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    pub first: u64,
    pub last: u64,
    pub total: u64,
}

fn size_text(bytes: u64) -> String {
    if bytes >= 1 << 20 { format!("{} MB", bytes >> 20) } else { format!("{} KB", bytes.div_ceil(1 << 10)) }
}

fn fits(limits: &config::Files, size: u64) -> Result<()> {
    if size > limits.max_bytes {
        return Err(Error::new(Code::FileTooLarge).with("max", size_text(limits.max_bytes)));
    }
    Ok(())
}

async fn has_room(conn: &impl ConnectionTrait, limits: &config::Files, school: UnitId, size: u64) -> Result<()> {
    if limits.school_bytes > 0 && bytes_of(conn, school).await?.saturating_add(size) > limits.school_bytes {
        return Err(Error::new(Code::StorageFull).with("max", size_text(limits.school_bytes)));
    }
    Ok(())
}

fn shown(row: &upload::Model, limits: &config::Files) -> FileUpload {
    FileUpload {
        id: UploadId(row.id),
        school_id: UnitId(row.school_id),
        name: row.name.clone(),
        size: row.size.unsigned_abs(),
        sha256: row.sha256.clone(),
        received: row.received.unsigned_abs(),
        part_bytes: limits.part_bytes as u64,
        expires_at: row.expires_at,
    }
}

/// Begins an upload.
///
/// Errors: `not_found` (the school), `invalid` with `/sha256`, `file_too_large`, `storage_full`.
pub async fn start(db: &Db, limits: &config::Files, ctx: &Ctx, body: &PostUpload) -> Result<FileUpload> {
    units::school_in(db.read(), ctx, Permission::FileWrite, body.school_id).await?;
    fits(limits, body.size)?;
    if !body.sha256.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
        return Err(Error::field("/sha256", Code::FieldFormat));
    }
    let row = upload::Model {
        school_id: body.school_id.0,
        id: id::new(),
        name: names::clean_name(&body.name),
        size: i64::try_from(body.size).map_err(Error::internal)?,
        sha256: body.sha256.clone(),
        received: 0,
        parts: String::new(),
        created_by: ctx.account.map(Uuid::from),
        expires_at: clock::now() + TimeDelta::days(i64::from(limits.keep_days)),
    };
    db.write(ctx, async |tx| {
        has_room(tx.conn(), limits, body.school_id, body.size).await?;
        upload::Entity::insert(row.clone().into_active_model()).exec_without_returning(tx.conn()).await?;
        let started = shown(&row, limits);
        Ok((started.clone(), vec![Event::new(Some(body.school_id), "upload.started", "upload", started.id).after(&started)]))
    })
    .await
}

async fn own(conn: &impl ConnectionTrait, ctx: &Ctx, id: UploadId) -> Result<upload::Model> {
    let mine = match ctx.account {
        Some(account) => upload::Column::CreatedBy.eq(account.0),
        None => upload::Column::CreatedBy.is_null(),
    };
    let row = upload::Entity::find().filter(upload::Column::Id.eq(id.0)).filter(mine).one(conn).await?;
    let row = row.ok_or_else(|| Error::new(Code::NotFound))?;
    units::school_in(conn, ctx, Permission::FileWrite, UnitId(row.school_id)).await?;
    Ok(row)
}

/// How far an upload of the caller's has come.
///
/// Errors: `not_found`.
pub async fn upload(db: &Db, limits: &config::Files, ctx: &Ctx, id: UploadId) -> Result<FileUpload> {
    Ok(shown(&own(db.read(), ctx, id).await?, limits))
}

/// Takes the next part.
///
/// Errors: `not_found`, `upload_offset` with how far it has come, `bad_request` where the range is not that of the file or of the body.
pub async fn put_part(
    db: &Db,
    store: &Store,
    limits: &config::Files,
    ctx: &Ctx,
    id: UploadId,
    part: Part,
    bytes: Bytes,
) -> Result<FileUpload> {
    let row = own(db.read(), ctx, id).await?;
    let received = row.received.unsigned_abs();
    let length = bytes.len() as u64;
    if part.total != row.size.unsigned_abs()
        || part.last >= part.total
        || part.last.checked_sub(part.first) != length.checked_sub(1)
    {
        return Err(Error::new(Code::BadRequest).with("what", "Content-Range"));
    }
    if part.first != received {
        return Err(Error::new(Code::UploadOffset).with("offset", received));
    }
    store.put_part(row.id, received, bytes).await?;
    let now = received + length;
    let parts = if row.parts.is_empty() { received.to_string() } else { format!("{},{received}", row.parts) };
    db.write(ctx, async |tx| {
        let expires = tx.now() + TimeDelta::days(i64::from(limits.keep_days));
        let moved = upload::Entity::update_many()
            .col_expr(upload::Column::Received, Expr::val(i64::try_from(now).map_err(Error::internal)?))
            .col_expr(upload::Column::Parts, Expr::val(parts.clone()))
            .col_expr(upload::Column::ExpiresAt, Expr::val(expires))
            .filter(upload::Column::SchoolId.eq(row.school_id))
            .filter(upload::Column::Id.eq(row.id))
            .filter(upload::Column::Received.eq(row.received))
            .exec(tx.conn())
            .await?;
        let present = own(tx.conn(), ctx, id).await?;
        if moved.rows_affected == 0 {
            return Err(Error::new(Code::UploadOffset).with("offset", present.received));
        }
        let event = Event::new(Some(UnitId(row.school_id)), "upload.part", "upload", id).after(&now);
        Ok((shown(&present, limits), vec![event]))
    })
    .await
}

fn offsets(row: &upload::Model) -> Result<Vec<u64>> {
    row.parts.split(',').filter(|p| !p.is_empty()).map(|p| p.parse().map_err(Error::internal)).collect()
}

/// Puts the parts together, checks them and keeps the file.
///
/// Errors: `not_found`, `upload_incomplete`, `file_differs`, `file_not_clean`, `storage_full`; after `file_differs` and `file_not_clean`
/// the upload is gone.
pub async fn finish(db: &Db, store: &Store, limits: &config::Files, ctx: &Ctx, id: UploadId) -> Result<StoredFile> {
    let row = own(db.read(), ctx, id).await?;
    if row.received != row.size {
        return Err(Error::new(Code::UploadIncomplete).with("missing", row.size - row.received));
    }
    let parts = offsets(&row)?;
    let size = row.size.unsigned_abs();
    let content = match store.assemble(row.id, &parts, &row.sha256, size).await {
        Ok(content) => content,
        Err(e) if matches!(e.code(), Code::FileDiffers | Code::FileNotClean) => {
            cancel(db, store, ctx, id).await?;
            return Err(e);
        }
        Err(e) => return Err(e),
    };
    let (school, now) = (UnitId(row.school_id), clock::now());
    let made = model(ctx, school, &row.name, &content, now)?;
    db.write(ctx, async |tx| {
        // Two who finish at once: one finds it gone.
        let gone = upload::Entity::delete_many()
            .filter(upload::Column::SchoolId.eq(row.school_id))
            .filter(upload::Column::Id.eq(row.id))
            .exec(tx.conn())
            .await?;
        if gone.rows_affected == 0 {
            return Err(Error::new(Code::NotFound));
        }
        keep_in(tx, limits, &made).await
    })
    .await?;
    if !store.has(&content.sha256).await? {
        // Somebody removed the last file of this content between writing it and the commit.
        store.assemble(row.id, &parts, &content.sha256, size).await?;
    }
    if let Err(error) = store.drop_parts(row.id, &parts).await {
        tracing::warn!(%error, "parts of a finished upload stay behind");
    }
    super::get(db, ctx, FileId(made.id)).await
}

/// Ends an upload that is not wanted any more.
///
/// Errors: `not_found`.
pub async fn cancel(db: &Db, store: &Store, ctx: &Ctx, id: UploadId) -> Result<()> {
    let row = own(db.read(), ctx, id).await?;
    db.write(ctx, async |tx| {
        upload::Entity::delete_many()
            .filter(upload::Column::SchoolId.eq(row.school_id))
            .filter(upload::Column::Id.eq(row.id))
            .exec(tx.conn())
            .await?;
        Ok(((), vec![Event::new(Some(UnitId(row.school_id)), "upload.cancelled", "upload", id)]))
    })
    .await?;
    store.drop_parts(row.id, &offsets(&row)?).await
}

/// Keeps a file that came in one piece.
///
/// Errors: `not_found` (the school), `bad_request` (empty), `file_too_large`, `storage_full`, `file_not_clean`.
pub async fn put_small(
    db: &Db,
    store: &Store,
    limits: &config::Files,
    ctx: &Ctx,
    query: &FileQuery,
    bytes: Bytes,
) -> Result<StoredFile> {
    units::school_in(db.read(), ctx, Permission::FileWrite, query.school_id).await?;
    if bytes.is_empty() {
        return Err(Error::new(Code::BadRequest).with("what", "Content-Length: 0"));
    }
    fits(limits, bytes.len() as u64)?;
    has_room(db.read(), limits, query.school_id, bytes.len() as u64).await?;
    let content = store.put(bytes.clone()).await?;
    let made = model(ctx, query.school_id, &names::clean_name(&query.name), &content, clock::now())?;
    db.write(ctx, async |tx| keep_in(tx, limits, &made).await).await?;
    if !store.has(&content.sha256).await? {
        store.put(bytes).await?;
    }
    super::get(db, ctx, FileId(made.id)).await
}

fn model(ctx: &Ctx, school: UnitId, name: &str, content: &Content, now: chrono::DateTime<chrono::Utc>) -> Result<file::Model> {
    Ok(file::Model {
        school_id: school.0,
        id: id::new(),
        sha256: content.sha256.clone(),
        size: i64::try_from(content.size).map_err(Error::internal)?,
        media: names::media(name, &content.head).to_owned(),
        name: name.to_owned(),
        subject_kind: None,
        subject_id: None,
        uploaded_by: ctx.account.map(Uuid::from),
        uploaded_at: now,
    })
}

async fn keep_in(tx: &kernel::Tx<'_>, limits: &config::Files, made: &file::Model) -> Result<((), Vec<Event>)> {
    let school = UnitId(made.school_id);
    has_room(tx.conn(), limits, school, made.size.unsigned_abs()).await?;
    contents::hold_in(tx, &made.sha256).await?;
    file::Entity::insert(made.clone().into_active_model()).exec_without_returning(tx.conn()).await?;
    let told = (&made.name, made.size, &made.sha256);
    Ok(((), vec![Event::new(Some(school), "file.uploaded", "file", made.id).after(&told)]))
}
