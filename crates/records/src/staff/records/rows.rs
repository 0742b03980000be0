//! Rows of `staff_record` and of what stood in them before.

use super::files;
use chrono::{DateTime, NaiveDate, Utc};
use dto::staff_records::{PutStaffRecord, RecordKind, StaffFacts, StaffRecord};
use dto::{Code, SchoolYearId, StaffId, StaffRecordId, UnitId};
use identity::accounts::Names;
use kernel::{Ctx, Error, Result, Tx};
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

#[derive(FromQueryResult)]
pub(super) struct Row {
    pub staff_id: Uuid,
    pub id: Uuid,
    pub unit_id: Option<Uuid>,
    pub unit_name: Option<String>,
    pub school_year_id: Option<Uuid>,
    pub school_year: Option<String>,
    pub first_on: Option<NaiveDate>,
    pub last_on: Option<NaiveDate>,
    pub decision_no: Option<String>,
    pub decided_on: Option<NaiveDate>,
    pub note: Option<String>,
    pub facts: String,
    pub withdrawn: bool,
    pub version: i64,
    pub updated_at: DateTime<Utc>,
    pub updated_by: Option<Uuid>,
}

/// Records with the names of their unit and school year.
pub(super) fn select() -> SelectStatement {
    let mut select = Query::select();
    select
        .columns([("r", "staff_id"), ("r", "id"), ("r", "unit_id"), ("r", "school_year_id"), ("r", "first_on"), ("r", "last_on")])
        .columns([("r", "decision_no"), ("r", "decided_on"), ("r", "note"), ("r", "facts"), ("r", "withdrawn")])
        .columns([("r", "version"), ("r", "updated_at"), ("r", "updated_by")])
        .expr_as(Expr::col(("u", "name")), "unit_name")
        .expr_as(Expr::col(("y", "code")), "school_year")
        .from_as("staff_record", "r")
        .join_as(JoinType::LeftJoin, "unit", "u", Expr::col(("u", "id")).equals(("r", "unit_id")))
        .join_as(JoinType::LeftJoin, "school_year", "y", Expr::col(("y", "id")).equals(("r", "school_year_id")));
    select
}

pub(crate) fn facts_of(text: &str) -> Result<StaffFacts> {
    serde_json::from_str(text).map_err(|e| Error::internal(format!("the facts of a staff record cannot be read: {e}")))
}

pub(super) fn text_of(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(Error::internal)
}

fn record(row: Row, names: &Names) -> Result<StaffRecord> {
    let facts = facts_of(&row.facts)?;
    let working_days = match (&facts, row.first_on, row.last_on) {
        (StaffFacts::Leave { .. }, Some(first), Some(last)) => Some(working_days(first, last)),
        _ => None,
    };
    Ok(StaffRecord {
        id: StaffRecordId(row.id),
        staff_id: StaffId(row.staff_id),
        facts,
        unit_id: row.unit_id.map(UnitId),
        unit_name: row.unit_name,
        school_year_id: row.school_year_id.map(SchoolYearId),
        school_year: row.school_year,
        first_on: row.first_on,
        last_on: row.last_on,
        decision_no: row.decision_no,
        decided_on: row.decided_on,
        note: row.note,
        working_days,
        files: Vec::new(),
        withdrawn: row.withdrawn,
        version: row.version,
        updated_at: row.updated_at,
        updated_by: names.name(row.updated_by),
    })
}

/// Working days from a day to a day, both included.
fn working_days(first: NaiveDate, last: NaiveDate) -> u32 {
    let days = first.iter_days().take_while(|day| *day <= last).filter(|day| crate::calendar::is_working_day(*day));
    u32::try_from(days.count()).unwrap_or(u32::MAX)
}

pub(super) async fn records(conn: &impl ConnectionTrait, ctx: &Ctx, select: &SelectStatement) -> Result<Vec<StaffRecord>> {
    let rows = crate::all::<Row>(conn, select).await?;
    let names = Names::of(conn, ctx.lang, rows.iter().map(|row| row.updated_by)).await?;
    rows.into_iter().map(|row| record(row, &names)).collect()
}

/// All records of a person by kind, each kind's newest first; of the private kinds only where `private`.
pub(super) async fn of_staff(conn: &impl ConnectionTrait, ctx: &Ctx, staff: StaffId, private: bool) -> Result<Vec<StaffRecord>> {
    let mut select = select();
    select.and_where(Expr::col(("r", "staff_id")).eq(staff.0)).order_by(("r", "id"), Order::Desc);
    let mut all = records(conn, ctx, &select).await?;
    all.retain(|record| private || !record.facts.kind().is_private());
    let place = |kind: RecordKind| RecordKind::ALL.iter().position(|one| *one == kind);
    all.sort_by_key(|record| (place(record.facts.kind()), std::cmp::Reverse(record.first_on.or(record.decided_on))));
    files::put_in(conn, staff, &mut all).await?;
    Ok(all)
}

/// One record of a person.
///
/// Errors: `not_found`.
pub(super) async fn find(conn: &impl ConnectionTrait, ctx: &Ctx, staff: StaffId, id: StaffRecordId) -> Result<StaffRecord> {
    let mut select = select();
    select.and_where(Expr::col(("r", "staff_id")).eq(staff.0)).and_where(Expr::col(("r", "id")).eq(id.0));
    let mut found = records(conn, ctx, &select).await?;
    files::put_in(conn, staff, &mut found).await?;
    found.pop().ok_or_else(|| Error::new(Code::NotFound))
}

pub(super) async fn insert(tx: &Tx<'_>, staff: StaffId, id: StaffRecordId, body: &PutStaffRecord) -> Result<()> {
    let mut insert = Query::insert();
    insert
        .into_table("staff_record")
        .columns([
            "staff_id",
            "id",
            "kind",
            "unit_id",
            "school_year_id",
            "first_on",
            "last_on",
            "decision_no",
            "decided_on",
            "note",
            "facts",
            "withdrawn",
            "version",
            "updated_at",
            "updated_by",
        ])
        .values_panic([
            staff.0.into(),
            id.0.into(),
            body.facts.kind().as_str().into(),
            body.unit_id.map(Uuid::from).into(),
            body.school_year_id.map(Uuid::from).into(),
            body.first_on.into(),
            body.last_on.into(),
            body.decision_no.clone().into(),
            body.decided_on.into(),
            body.note.clone().into(),
            text_of(&body.facts)?.into(),
            false.into(),
            1_i64.into(),
            tx.now().into(),
            tx.ctx().account.map(Uuid::from).into(),
        ]);
    tx.conn().execute(&insert).await?;
    Ok(())
}

/// Keeps what stood there, then writes `body` (or only `withdrawn`) in its place.
///
/// Errors: `version_conflict`.
pub(super) async fn replace(tx: &Tx<'_>, before: &StaffRecord, version: i64, change: Change<'_>) -> Result<()> {
    if before.version != version {
        return Err(Error::new(Code::VersionConflict));
    }
    keep(tx, before).await?;
    let mut update = Query::update();
    update
        .table("staff_record")
        .value("version", version.saturating_add(1))
        .value("updated_at", tx.now())
        .value("updated_by", tx.ctx().account.map(Uuid::from));
    match change {
        Change::Withdrawn(withdrawn) => {
            update.value("withdrawn", withdrawn);
        }
        Change::Body(body) => {
            update
                .value("unit_id", body.unit_id.map(Uuid::from))
                .value("school_year_id", body.school_year_id.map(Uuid::from))
                .value("first_on", body.first_on)
                .value("last_on", body.last_on)
                .value("decision_no", body.decision_no.clone())
                .value("decided_on", body.decided_on)
                .value("note", body.note.clone())
                .value("facts", text_of(&body.facts)?);
        }
    }
    update
        .and_where(Expr::col("staff_id").eq(before.staff_id.0))
        .and_where(Expr::col("id").eq(before.id.0))
        .and_where(Expr::col("version").eq(version));
    match tx.conn().execute(&update).await?.rows_affected() {
        0 => Err(Error::new(Code::VersionConflict)),
        _ => Ok(()),
    }
}

/// What is written in place of a record.
pub(super) enum Change<'a> {
    Body(&'a PutStaffRecord),
    Withdrawn(bool),
}

async fn keep(tx: &Tx<'_>, before: &StaffRecord) -> Result<()> {
    let mut insert = Query::insert();
    insert.into_table("staff_record_past").columns(["staff_id", "record_id", "version", "said", "updated_at", "updated_by"]);
    insert.values_panic([
        before.staff_id.0.into(),
        before.id.0.into(),
        before.version.into(),
        text_of(before)?.into(),
        tx.now().into(),
        tx.ctx().account.map(Uuid::from).into(),
    ]);
    tx.conn().execute(&insert).await?;
    Ok(())
}

/// What a record said before, newest first.
pub(super) async fn past(conn: &impl ConnectionTrait, staff: StaffId, id: StaffRecordId) -> Result<Vec<StaffRecord>> {
    let mut select = Query::select();
    select
        .column("said")
        .from("staff_record_past")
        .and_where(Expr::col("staff_id").eq(staff.0))
        .and_where(Expr::col("record_id").eq(id.0))
        .order_by("version", Order::Desc);
    let rows = conn.query_all(&select).await?;
    rows.iter()
        .map(|row| {
            let said: String = row.try_get_by_index(0)?;
            serde_json::from_str(&said).map_err(|e| Error::internal(format!("a past staff record cannot be read: {e}")))
        })
        .collect()
}
