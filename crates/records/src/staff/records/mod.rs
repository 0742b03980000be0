//! What is known of a member of staff over time. Contracts, degrees, subjects, titles, duties, leave, evaluations, certificates: each is a record
//! of a kind that holds from a day to a day, and all take the same way. Nothing is thrown away: a change keeps what stood there, and what
//! is taken back can be put back.
//!
//! A record of a unit is that unit's to change; identity numbers and the salary coefficient are shown to who may change them, and to the
//! person. What a course has certified is changed by the course.

mod check;
mod evaluations;
mod files;
mod own;
mod rows;

pub use evaluations::{evaluations, put_evaluations};
pub use files::{attach, detach, file, own_file};
pub(crate) use own::me;
pub use own::{decide, own, own_record, proposals, propose, withdraw};
pub(crate) use rows::facts_of;

use super::query;
use crate::{scope, units};
use dto::access::Permission;
use dto::page::{Page, PageQuery};
use dto::staff::Staff;
use dto::staff_records::{PutStaffRecord, StaffFacts, StaffRecord, StaffRecordQuery, UnitStaffRecord};
use dto::{Code, StaffId, StaffRecordId, TrainingId, UnitId};
use kernel::{Ctx, Db, Error, Event, Result, Tx, id, page};
use rows::Change;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, JoinType, Order};
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use uuid::Uuid;

/// Whether the caller may change the person's record today.
async fn writes(conn: &impl ConnectionTrait, ctx: &Ctx, staff: StaffId) -> Result<bool> {
    match query::find(conn, ctx, Permission::StaffWrite, staff, true).await {
        Ok(_) => Ok(true),
        Err(e) if e.code() == Code::NotFound => Ok(false),
        Err(e) => Err(e),
    }
}

/// The records of a person by kind, each kind's newest first.
///
/// Errors: `not_found`.
pub async fn list(db: &Db, ctx: &Ctx, staff: StaffId) -> Result<Page<StaffRecord>> {
    let conn = db.read();
    query::find(conn, ctx, Permission::StaffRead, staff, false).await?;
    let private = writes(conn, ctx, staff).await?;
    Ok(Page { items: rows::of_staff(conn, ctx, staff, private).await?, next: None })
}

/// One record that the caller may read, with whose it is.
///
/// Errors: `not_found`.
pub async fn get(db: &Db, ctx: &Ctx, staff: StaffId, record: StaffRecordId) -> Result<(Staff, StaffRecord)> {
    let conn = db.read();
    let person = query::find(conn, ctx, Permission::StaffRead, staff, false).await?;
    let record = rows::find(conn, ctx, staff, record).await?;
    if record.facts.kind().is_private() && !writes(conn, ctx, staff).await? {
        return Err(Error::new(Code::NotFound));
    }
    Ok((person, record))
}

/// A record as it stands and as it stood before, newest first.
///
/// Errors: `not_found`.
pub async fn history(db: &Db, ctx: &Ctx, staff: StaffId, record: StaffRecordId) -> Result<Page<StaffRecord>> {
    let (_, now) = get(db, ctx, staff, record).await?;
    let mut items = vec![now];
    items.extend(rows::past(db.read(), staff, record).await?);
    Ok(Page { items, next: None })
}

/// The chain that entries on a record belong to: its school's, or the directory's.
async fn chain(tx: &Tx<'_>, unit: Option<UnitId>) -> Result<Option<UnitId>> {
    match unit {
        // A record's unit has to be one that its writer reaches.
        Some(unit) => {
            let unit = units::reachable_in(tx.conn(), tx.ctx(), Permission::StaffWrite, unit).await?;
            Ok(super::chain(unit.kind, unit.id))
        }
        None => Ok(None),
    }
}

fn course_of(facts: &StaffFacts) -> Option<TrainingId> {
    match facts {
        StaffFacts::Training { training_id, .. } => *training_id,
        _ => None,
    }
}

/// A new record.
///
/// Errors: `not_found` (the person or the unit), `invalid` with the field.
pub async fn create(db: &Db, ctx: &Ctx, staff: StaffId, body: &PutStaffRecord) -> Result<StaffRecord> {
    db.write(ctx, async |tx| {
        let (made, event) = create_in(tx, staff, body).await?;
        Ok((made, vec![event]))
    })
    .await
}

/// Many new records in one write; all or none.
///
/// Errors: those of [`create`].
pub async fn create_all(db: &Db, ctx: &Ctx, records: &[(StaffId, PutStaffRecord)]) -> Result<()> {
    db.write(ctx, async |tx| {
        let mut events = Vec::with_capacity(records.len());
        for (staff, body) in records {
            events.push(create_in(tx, *staff, body).await?.1);
        }
        Ok(((), events))
    })
    .await
}

async fn create_in(tx: &Tx<'_>, staff: StaffId, body: &PutStaffRecord) -> Result<(StaffRecord, Event)> {
    let conn = tx.conn();
    query::find(conn, tx.ctx(), Permission::StaffWrite, staff, true).await?;
    let body = check::checked(conn, body).await?;
    if course_of(&body.facts).is_some() {
        return Err(Error::field("/facts/training_id", Code::FieldChoice));
    }
    let chain = chain(tx, body.unit_id).await?;
    let record: StaffRecordId = id::new();
    rows::insert(tx, staff, record, &body).await?;
    let made = rows::find(conn, tx.ctx(), staff, record).await?;
    let event = Event::new(chain, "staff.record_added", "staff", staff).after(&made);
    Ok((made, event))
}

/// Another text of a record; its kind stays.
///
/// Errors: `not_found`, `version_conflict`, `invalid` with the field.
pub async fn put(
    db: &Db,
    ctx: &Ctx,
    staff: StaffId,
    record: StaffRecordId,
    version: i64,
    body: &PutStaffRecord,
) -> Result<StaffRecord> {
    db.write(ctx, async |tx| {
        let (after, event) = put_in(tx, staff, record, version, body).await?;
        Ok((after, vec![event]))
    })
    .await
}

/// A record that the caller may change, and the chain of its unit.
async fn changeable(tx: &Tx<'_>, staff: StaffId, record: StaffRecordId) -> Result<(StaffRecord, Option<UnitId>)> {
    query::find(tx.conn(), tx.ctx(), Permission::StaffWrite, staff, true).await?;
    let before = rows::find(tx.conn(), tx.ctx(), staff, record).await?;
    if course_of(&before.facts).is_some() {
        return Err(Error::field("/facts/training_id", Code::FieldChoice));
    }
    let chain = chain(tx, before.unit_id).await?;
    Ok((before, chain))
}

async fn put_in(
    tx: &Tx<'_>,
    staff: StaffId,
    record: StaffRecordId,
    version: i64,
    body: &PutStaffRecord,
) -> Result<(StaffRecord, Event)> {
    let (before, _) = changeable(tx, staff, record).await?;
    let body = check::checked(tx.conn(), body).await?;
    if body.facts.kind() != before.facts.kind() || course_of(&body.facts).is_some() {
        return Err(Error::field("/facts/kind", Code::FieldChoice));
    }
    let chain = chain(tx, body.unit_id).await?;
    rows::replace(tx, &before, version, Change::Body(&body)).await?;
    let after = rows::find(tx.conn(), tx.ctx(), staff, record).await?;
    let event = Event::new(chain, "staff.record_changed", "staff", staff).before(&before).after(&after);
    Ok((after, event))
}

/// Takes a record back, or puts it back.
///
/// Errors: `not_found`, `version_conflict`, `invalid` where a course has certified it.
pub async fn put_withdrawn(
    db: &Db,
    ctx: &Ctx,
    staff: StaffId,
    record: StaffRecordId,
    version: i64,
    withdrawn: bool,
) -> Result<StaffRecord> {
    db.write(ctx, async |tx| {
        let (before, chain) = changeable(tx, staff, record).await?;
        rows::replace(tx, &before, version, Change::Withdrawn(withdrawn)).await?;
        let after = rows::find(tx.conn(), ctx, staff, record).await?;
        let verb = if withdrawn { "staff.record_withdrawn" } else { "staff.record_restored" };
        let event = Event::new(chain, verb, "staff", staff).before(&before).after(&after);
        Ok((after, vec![event]))
    })
    .await
}

/// Writes a certificate of a course into a person's record. For [`crate::trainings`], which has looked at both.
pub(crate) async fn certify_in(tx: &Tx<'_>, staff: StaffId, body: &PutStaffRecord) -> Result<StaffRecordId> {
    let record: StaffRecordId = id::new();
    rows::insert(tx, staff, record, body).await?;
    Ok(record)
}

/// Takes such a certificate back.
pub(crate) async fn uncertify_in(tx: &Tx<'_>, staff: StaffId, record: StaffRecordId) -> Result<()> {
    let before = rows::find(tx.conn(), tx.ctx(), staff, record).await?;
    rows::replace(tx, &before, before.version, Change::Withdrawn(true)).await
}

#[derive(Serialize, Deserialize)]
struct Cursor {
    key: crate::Hex,
    staff: Uuid,
    id: Uuid,
}

#[derive(FromQueryResult)]
struct Place {
    staff_id: Uuid,
    id: Uuid,
    sort_key: Vec<u8>,
    full_name: String,
}

/// The records of one kind of a unit's staff of today, in Vietnamese order of names: who is on leave, what a year's evaluations said.
///
/// Errors: `not_found`, `bad_cursor`.
pub async fn of_unit(
    db: &Db,
    ctx: &Ctx,
    unit: UnitId,
    query: &StaffRecordQuery,
    page: &PageQuery,
) -> Result<Page<UnitStaffRecord>> {
    let conn = db.read();
    let needs = if query.kind.is_private() { Permission::StaffWrite } else { Permission::StaffRead };
    units::reachable_in(conn, ctx, needs, unit).await?;
    let after = page::decode::<Cursor>(page.after.as_deref())?;
    let mut posted = sea_orm::sea_query::Query::select();
    posted
        .column(("p", "staff_id"))
        .from_as("staff_post", "p")
        .and_where(Expr::col(("p", "unit_id")).eq(unit.0))
        .cond_where(scope::in_force("p"));
    let mut select = sea_orm::sea_query::Query::select();
    select
        .columns([("r", "staff_id"), ("r", "id"), ("s", "sort_key"), ("s", "full_name")])
        .from_as("staff", "s")
        .join_as(JoinType::InnerJoin, "staff_record", "r", Expr::col(("r", "staff_id")).equals(("s", "id")))
        .and_where(Expr::col(("s", "id")).in_subquery(posted))
        .and_where(Expr::col(("r", "kind")).eq(query.kind.as_str()))
        .and_where(Expr::col(("r", "withdrawn")).eq(false));
    if let Some(year) = query.school_year_id {
        select.and_where(Expr::col(("r", "school_year_id")).eq(year.0));
    }
    if let Some(on) = query.on {
        select.cond_where(holds_on("r", on));
    }
    if let Some(after) = after {
        let values = [after.key.0.into(), after.staff.into(), after.id.into()];
        select.and_where(crate::after([("s", "sort_key"), ("s", "id"), ("r", "id")], values));
    }
    select
        .order_by(("s", "sort_key"), Order::Asc)
        .order_by(("s", "id"), Order::Asc)
        .order_by(("r", "id"), Order::Asc)
        .limit(page.limit() + 1);
    let places = crate::all::<Place>(conn, &select).await?;
    let cursor = |row: &Place| Cursor { key: crate::Hex(row.sort_key.clone()), staff: row.staff_id, id: row.id };
    let found = page::of(places, page.limit(), cursor, |row| row);
    let mut whole = rows::select();
    whole.and_where(Expr::col(("r", "id")).is_in(found.items.iter().map(|place| place.id)));
    let mut records: HashMap<Uuid, StaffRecord> =
        rows::records(conn, ctx, &whole).await?.into_iter().map(|record| (record.id.0, record)).collect();
    let items = found
        .items
        .into_iter()
        .filter_map(|place| Some(UnitStaffRecord { record: records.remove(&place.id)?, staff_name: place.full_name }))
        .collect();
    Ok(Page { items, next: found.next })
}

/// A record holds on a day: begun, and not ended before it. One without days holds always.
pub(crate) fn holds_on(table: &'static str, on: chrono::NaiveDate) -> Condition {
    let open = |column: &'static str| Condition::any().add(Expr::col((table, column)).is_null());
    Condition::all()
        .add(open("first_on").add(Expr::col((table, "first_on")).lte(on)))
        .add(open("last_on").add(Expr::col((table, "last_on")).gte(on)))
}
