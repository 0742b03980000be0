//! Files of schools: uploads that can be resumed, what a file is attached to, and removing contents that nothing refers to.
//!
//! A person uploads a file and then gives its id to the verb of the record that it belongs to. That verb, which has checked what the
//! person may do with the record, calls [`attach_in`]; whoever may read the record reads its files through [`find`] or [`of`]. Here
//! nobody reads by a file's id alone but who uploaded it.
//!
//! Two schools with the same file share its content and nothing else: an upload is always sent whole, since who could name a hash and
//! get the content would get what is not theirs.

mod contents;
mod entity;
mod names;
mod uploads;

pub use contents::{follow_calendar, sweep};
pub use uploads::{Part, cancel, finish, put_part, put_small, start, upload};

use crate::units;
use dto::access::Permission;
use dto::files::{SchoolStorage, StorageKind, StoredFile};
use dto::{Code, FileId, UnitId};
use entity::file;
use kernel::config;
use kernel::files::Store;
use kernel::{Ctx, Db, Error, Event, Result, Tx};
use sea_orm::sea_query::{Alias, Asterisk, Expr, ExprTrait, Func, JoinType, Order, Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter};
use std::collections::HashMap;
use uuid::Uuid;

/// The record that a file belongs to: a kind of at most 20 letters that is one area's own ("teaching_plan"), and the record's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    pub kind: &'static str,
    pub id: Uuid,
}

impl Subject {
    pub fn new(kind: &'static str, id: impl Into<Uuid>) -> Subject {
        Subject { kind, id: id.into() }
    }
}

#[derive(FromQueryResult)]
struct Row {
    school_id: Uuid,
    id: Uuid,
    sha256: String,
    size: i64,
    media: String,
    name: String,
    uploaded_at: chrono::DateTime<chrono::Utc>,
    uploaded_by: Option<String>,
}

fn stored_file(row: Row) -> StoredFile {
    StoredFile {
        id: FileId(row.id),
        school_id: UnitId(row.school_id),
        name: row.name,
        media: row.media,
        size: row.size.unsigned_abs(),
        sha256: row.sha256,
        uploaded_at: row.uploaded_at,
        uploaded_by: row.uploaded_by,
    }
}

fn select() -> SelectStatement {
    let mut select = Query::select();
    select
        .columns([("f", "school_id"), ("f", "id"), ("f", "sha256"), ("f", "size"), ("f", "media"), ("f", "name")])
        .column(("f", "uploaded_at"))
        .expr_as(Expr::col(("a", "full_name")), "uploaded_by")
        .from_as("file", "f")
        .join_as(JoinType::LeftJoin, "account", "a", Expr::col(("a", "id")).equals(("f", "uploaded_by")))
        .order_by(("f", "id"), Order::Asc);
    select
}

fn belonging(school: UnitId, kind: &'static str) -> SelectStatement {
    let mut select = select();
    select.and_where(Expr::col(("f", "school_id")).eq(school.0)).and_where(Expr::col(("f", "subject_kind")).eq(kind));
    select
}

/// The files of a record, the oldest first. The caller has checked that the record may be read.
pub async fn of(conn: &impl ConnectionTrait, school: UnitId, subject: Subject) -> Result<Vec<StoredFile>> {
    let mut select = belonging(school, subject.kind);
    select.and_where(Expr::col(("f", "subject_id")).eq(subject.id));
    Ok(crate::all::<Row>(conn, &select).await?.into_iter().map(stored_file).collect())
}

/// The files of many records of one kind, by record.
pub async fn of_many(
    conn: &impl ConnectionTrait,
    school: UnitId,
    kind: &'static str,
    subjects: &[Uuid],
) -> Result<HashMap<Uuid, Vec<StoredFile>>> {
    #[derive(FromQueryResult)]
    struct Of {
        subject_id: Uuid,
    }
    let mut found: HashMap<Uuid, Vec<StoredFile>> = HashMap::new();
    for some in subjects.chunks(500) {
        let mut select = belonging(school, kind);
        select.column(("f", "subject_id")).and_where(Expr::col(("f", "subject_id")).is_in(some.iter().copied()));
        for row in conn.query_all(&select).await? {
            let of = Of::from_query_result(&row, "")?.subject_id;
            found.entry(of).or_default().push(stored_file(Row::from_query_result(&row, "")?));
        }
    }
    Ok(found)
}

/// The files of the records whose ids `records` finds, at the schools that `schools` finds, by record, the oldest first. The caller has
/// checked that these may be read.
pub(crate) async fn of_records(
    conn: &impl ConnectionTrait,
    schools: SelectStatement,
    kind: &'static str,
    records: SelectStatement,
) -> Result<Vec<(Uuid, StoredFile)>> {
    let mut select = select();
    select
        .column(("f", "subject_id"))
        .and_where(Expr::col(("f", "school_id")).in_subquery(schools))
        .and_where(Expr::col(("f", "subject_kind")).eq(kind))
        .and_where(Expr::col(("f", "subject_id")).in_subquery(records));
    let rows = conn.query_all(&select).await?;
    // The last column.
    rows.iter().map(|row| Ok((row.try_get("", "subject_id")?, stored_file(Row::from_query_result(row, "")?)))).collect()
}

/// One file of a record, to be read. The caller has checked that the record may be read.
///
/// Errors: `not_found`.
pub async fn find(conn: &impl ConnectionTrait, school: UnitId, subject: Subject, file: FileId) -> Result<StoredFile> {
    let mut select = belonging(school, subject.kind);
    select.and_where(Expr::col(("f", "subject_id")).eq(subject.id)).and_where(Expr::col(("f", "id")).eq(file.0));
    crate::one::<Row>(conn, &select).await?.map(stored_file).ok_or_else(|| Error::new(Code::NotFound))
}

/// Attaches a file that the caller has uploaded to a record of the same school. The caller has checked what may be done with the record.
///
/// Errors: `invalid` with `field_choice` at `pointer` where it is not a file of the caller's that is attached to nothing.
pub async fn attach_in(
    tx: &Tx<'_>,
    school: UnitId,
    file: FileId,
    subject: Subject,
    pointer: &str,
) -> Result<(StoredFile, Event)> {
    let attached = file::Entity::update_many()
        .col_expr(file::Column::SubjectKind, Expr::val(subject.kind))
        .col_expr(file::Column::SubjectId, Expr::val(subject.id))
        .filter(file::Column::SchoolId.eq(school.0))
        .filter(file::Column::Id.eq(file.0))
        .filter(file::Column::SubjectKind.is_null())
        .filter(by(tx.ctx()))
        .exec(tx.conn())
        .await?;
    if attached.rows_affected == 0 {
        return Err(Error::field(pointer, Code::FieldChoice));
    }
    let found = find(tx.conn(), school, subject, file).await?;
    let event = Event::new(Some(school), "file.attached", subject.kind, subject.id).after(&found);
    Ok((found, event))
}

/// Takes a file away from a record; its content goes when nothing else refers to it. Whoever calls this calls [`sweep`] after the commit,
/// or leaves that to the night.
///
/// Errors: `not_found`.
pub async fn detach_in(tx: &Tx<'_>, school: UnitId, file: FileId, subject: Subject) -> Result<Event> {
    let found = find(tx.conn(), school, subject, file).await?;
    contents::remove_in(tx, &found).await?;
    Ok(Event::new(Some(school), "file.removed", subject.kind, subject.id).before(&found))
}

/// Uploaded by the caller; by the program itself, what the program made.
fn by(ctx: &Ctx) -> sea_orm::sea_query::SimpleExpr {
    match ctx.account {
        Some(account) => file::Column::UploadedBy.eq(account.0),
        None => file::Column::UploadedBy.is_null(),
    }
}

async fn own(conn: &impl ConnectionTrait, ctx: &Ctx, id: FileId) -> Result<(StoredFile, bool)> {
    let row = file::Entity::find().filter(file::Column::Id.eq(id.0)).filter(by(ctx)).one(conn).await?;
    let row = row.ok_or_else(|| Error::new(Code::NotFound))?;
    units::school_in(conn, ctx, Permission::FileWrite, UnitId(row.school_id)).await?;
    let mut select = select();
    select.and_where(Expr::col(("f", "school_id")).eq(row.school_id)).and_where(Expr::col(("f", "id")).eq(id.0));
    let found = crate::one::<Row>(conn, &select).await?.map(stored_file).ok_or_else(|| Error::new(Code::NotFound))?;
    Ok((found, row.subject_kind.is_some()))
}

/// A file that the caller has uploaded.
///
/// Errors: `not_found`.
pub async fn get(db: &Db, ctx: &Ctx, id: FileId) -> Result<StoredFile> {
    Ok(own(db.read(), ctx, id).await?.0)
}

/// Removes a file that the caller has uploaded and that belongs to no record.
///
/// Errors: `not_found`, `file_attached`.
pub async fn remove(db: &Db, store: &Store, ctx: &Ctx, id: FileId) -> Result<()> {
    db.write(ctx, async |tx| {
        let (found, attached) = own(tx.conn(), ctx, id).await?;
        if attached {
            return Err(Error::new(Code::FileAttached));
        }
        contents::remove_in(tx, &found).await?;
        Ok(((), vec![Event::new(Some(found.school_id), "file.removed", "file", id).before(&found)]))
    })
    .await?;
    // What cannot be reached now is removed at night.
    if let Err(error) = contents::release_due(db, store).await {
        tracing::warn!(%error, "a content stays until the night");
    }
    Ok(())
}

/// What the files of a school take.
///
/// Errors: `not_found`.
pub async fn storage(db: &Db, store: &Store, limits: &config::Files, ctx: &Ctx, school: UnitId) -> Result<SchoolStorage> {
    #[derive(FromQueryResult)]
    struct Kind {
        subject_kind: Option<String>,
        files: i64,
        bytes: i64,
    }
    let conn = db.read();
    let unit = units::school_in(conn, ctx, Permission::StorageRead, school).await?;
    let mut select = Query::select();
    select
        .column("subject_kind")
        .expr_as(Func::count(Expr::col(Asterisk)), "files")
        // A sum of bigint is numeric on PostgreSQL.
        .expr_as(Expr::col("size").sum().cast_as("bigint"), "bytes")
        .from("file")
        .and_where(Expr::col("school_id").eq(school.0))
        .group_by_col("subject_kind")
        .order_by("subject_kind", Order::Asc);
    let kinds: Vec<StorageKind> = crate::all::<Kind>(conn, &select)
        .await?
        .into_iter()
        .map(|k| StorageKind { kind: k.subject_kind, files: k.files.unsigned_abs(), bytes: k.bytes.unsigned_abs() })
        .collect();
    Ok(SchoolStorage {
        school_id: school,
        school_name: unit.name,
        files: kinds.iter().map(|k| k.files).sum(),
        bytes: kinds.iter().map(|k| k.bytes).sum(),
        stored_bytes: stored_bytes(conn, school).await?,
        max_bytes: (limits.school_bytes > 0).then_some(limits.school_bytes),
        max_file_bytes: limits.max_bytes,
        scanned: store.scans(),
        kinds,
    })
}

#[derive(FromQueryResult)]
struct Total {
    bytes: Option<i64>,
}

async fn stored_bytes(conn: &impl ConnectionTrait, school: UnitId) -> Result<u64> {
    let mut each = Query::select();
    each.columns(["sha256", "size"]).distinct().from("file").and_where(Expr::col("school_id").eq(school.0));
    let mut select = Query::select();
    select.expr_as(Expr::col(("each", "size")).sum().cast_as("bigint"), "bytes").from_subquery(each, Alias::new("each"));
    Ok(crate::one::<Total>(conn, &select).await?.and_then(|t| t.bytes).unwrap_or(0).unsigned_abs())
}

/// All files of a school together, in bytes.
async fn bytes_of(conn: &impl ConnectionTrait, school: UnitId) -> Result<u64> {
    let mut select = Query::select();
    select
        .expr_as(Expr::col("size").sum().cast_as("bigint"), "bytes")
        .from("file")
        .and_where(Expr::col("school_id").eq(school.0));
    Ok(crate::one::<Total>(conn, &select).await?.and_then(|t| t.bytes).unwrap_or(0).unsigned_abs())
}
