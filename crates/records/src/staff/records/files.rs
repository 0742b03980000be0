//! Files of a record. Each is kept by a school where the person works or has worked.

use super::{chain, changeable, get, own_record, rows};
use crate::files::{self, Subject};
use crate::units;
use dto::access::Permission;
use dto::files::StoredFile;
use dto::staff_records::{PostRecordFile, StaffRecord};
use dto::{Code, FileId, StaffId, StaffRecordId, UnitId};
use kernel::{Ctx, Db, Error, Result};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use uuid::Uuid;

const KIND: &str = "staff_record";

fn subject(record: StaffRecordId) -> Subject {
    Subject::new(KIND, record)
}

/// Where the person has ever had a post.
async fn schools(conn: &impl ConnectionTrait, staff: StaffId) -> Result<Vec<UnitId>> {
    let mut select = Query::select();
    select.distinct().column("unit_id").from("staff_post").and_where(Expr::col("staff_id").eq(staff.0));
    let rows = conn.query_all(&select).await?;
    rows.iter().map(|row| Ok(UnitId(row.try_get_by_index(0)?))).collect()
}

/// Puts their files into the records of a person.
pub(super) async fn put_in(conn: &impl ConnectionTrait, staff: StaffId, records: &mut [StaffRecord]) -> Result<()> {
    if records.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = records.iter().map(|record| record.id.0).collect();
    for school in schools(conn, staff).await? {
        let mut found = files::of_many(conn, school, KIND, &ids).await?;
        for record in &mut *records {
            record.files.extend(found.remove(&record.id.0).unwrap_or_default());
        }
    }
    Ok(())
}

/// Attaches a file that the caller has uploaded at a school where the person has a post.
///
/// Errors: `not_found` (the person, the record or the school), `invalid` with `field_choice` at `/file_id` or `/school_id`.
pub async fn attach(db: &Db, ctx: &Ctx, staff: StaffId, record: StaffRecordId, body: &PostRecordFile) -> Result<StaffRecord> {
    db.write(ctx, async |tx| {
        let conn = tx.conn();
        changeable(tx, staff, record).await?;
        units::school_in(conn, ctx, Permission::StaffWrite, body.school_id).await?;
        if !schools(conn, staff).await?.contains(&body.school_id) {
            return Err(Error::field("/school_id", Code::FieldChoice));
        }
        let (_, event) = files::attach_in(tx, body.school_id, body.file_id, subject(record), "/file_id").await?;
        Ok((rows::find(conn, ctx, staff, record).await?, vec![event]))
    })
    .await
}

/// Takes a file away from a record.
///
/// Errors: `not_found`.
pub async fn detach(db: &Db, ctx: &Ctx, staff: StaffId, record: StaffRecordId, file: FileId) -> Result<StaffRecord> {
    db.write(ctx, async |tx| {
        let (before, _) = changeable(tx, staff, record).await?;
        let found = of(&before, file)?;
        chain(tx, Some(found.school_id)).await?;
        let event = files::detach_in(tx, found.school_id, file, subject(record)).await?;
        Ok((rows::find(tx.conn(), ctx, staff, record).await?, vec![event]))
    })
    .await
}

fn of(record: &StaffRecord, file: FileId) -> Result<StoredFile> {
    record.files.iter().find(|one| one.id == file).cloned().ok_or_else(|| Error::new(Code::NotFound))
}

/// A file of a record that the caller may read.
///
/// Errors: `not_found`.
pub async fn file(db: &Db, ctx: &Ctx, staff: StaffId, record: StaffRecordId, file: FileId) -> Result<StoredFile> {
    of(&get(db, ctx, staff, record).await?.1, file)
}

/// A file of one's own record.
///
/// Errors: `not_found`.
pub async fn own_file(db: &Db, ctx: &Ctx, record: StaffRecordId, file: FileId) -> Result<StoredFile> {
    of(&own_record(db, ctx, record).await?.1, file)
}
