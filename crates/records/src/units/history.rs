//! The history of units: a line for each unit that took part in a decision.

use super::query;
use crate::scope;
use chrono::{DateTime, NaiveDate, Utc};
use dto::access::Permission;
use dto::network::{PostUnitChange, UnitEvent, UnitEventDetail, UnitEventKind, UnitHistoryQuery};
use dto::page::{Page, PageQuery};
use dto::units::Unit;
use dto::{Code, UnitDecisionId, UnitEventId, UnitId};
use identity::accounts::Names;
use kernel::{Ctx, Db, Error, Event, Result, Tx, id, page};
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    unit_id: Uuid,
    kind: String,
    effective_on: NaiveDate,
    decision_number: String,
    decided_on: NaiveDate,
    note: Option<String>,
    unit_name: String,
    detail: String,
    recorded_at: DateTime<Utc>,
    recorded_by: Option<Uuid>,
    decision_id: Option<Uuid>,
    undone_at: Option<DateTime<Utc>>,
}

const COLUMNS: [&str; 12] = [
    "id",
    "unit_id",
    "kind",
    "effective_on",
    "decision_number",
    "decided_on",
    "note",
    "unit_name",
    "detail",
    "recorded_at",
    "recorded_by",
    "decision_id",
];

fn select() -> SelectStatement {
    let mut select = Query::select();
    select.columns(COLUMNS.map(|column| ("h", column))).column(("d", "undone_at")).from_as("unit_event", "h").join_as(
        JoinType::LeftJoin,
        "unit_decision",
        "d",
        Expr::col(("d", "id")).equals(("h", "decision_id")),
    );
    select
}

async fn shown(conn: &impl ConnectionTrait, ctx: &Ctx, rows: Vec<Row>) -> Result<Vec<UnitEvent>> {
    let names = Names::of(conn, ctx.lang, rows.iter().map(|row| row.recorded_by)).await?;
    let line = |row: Row| {
        let detail: UnitEventDetail =
            serde_json::from_str(&row.detail).map_err(|e| Error::internal(format!("a unit's history cannot be read: {e}")))?;
        Ok(UnitEvent {
            id: UnitEventId(row.id),
            unit_id: UnitId(row.unit_id),
            unit_name: row.unit_name,
            kind: crate::stored(&row.kind)?,
            effective_on: row.effective_on,
            decision_number: row.decision_number,
            decided_on: row.decided_on,
            note: row.note,
            detail,
            recorded_at: row.recorded_at,
            recorded_by: names.name(row.recorded_by),
            decision_id: row.decision_id.map(UnitDecisionId),
            undone_at: row.undone_at,
        })
    };
    rows.into_iter().map(line).collect()
}

#[derive(Serialize, Deserialize)]
struct Cursor {
    day: NaiveDate,
    id: Uuid,
}

/// What decisions did to a unit, or to it and all under it, the latest day first.
///
/// Errors: `not_found`, `bad_cursor`.
pub async fn history(db: &Db, ctx: &Ctx, unit: UnitId, filter: &UnitHistoryQuery, page: &PageQuery) -> Result<Page<UnitEvent>> {
    let conn = db.read();
    query::find(conn, ctx, Permission::UnitRead, unit).await?;
    let mut select = select();
    if filter.below == Some(true) {
        select.and_where(Expr::col(("h", "unit_id")).in_subquery(scope::under(&[unit.0])));
    } else {
        select.and_where(Expr::col(("h", "unit_id")).eq(unit.0));
    }
    if let Some(after) = page::decode::<Cursor>(page.after.as_deref())? {
        let behind = Expr::tuple([Expr::col(("h", "effective_on")), Expr::col(("h", "id"))]);
        select.and_where(behind.lt(Expr::tuple([Expr::val(after.day), Expr::val(after.id)])));
    }
    select.order_by(("h", "effective_on"), Order::Desc).order_by(("h", "id"), Order::Desc).limit(page.limit() + 1);
    let rows = crate::all::<Row>(conn, &select).await?;
    let found = page::of(rows, page.limit(), |row| Cursor { day: row.effective_on, id: row.id }, |row| row);
    Ok(Page { items: shown(conn, ctx, found.items).await?, next: found.next })
}

/// The lines of a decision, as they were written.
pub(super) async fn of_decision(conn: &impl ConnectionTrait, ctx: &Ctx, id: UnitDecisionId) -> Result<Vec<UnitEvent>> {
    let mut select = select();
    select.and_where(Expr::col(("h", "decision_id")).eq(id.0)).order_by(("h", "id"), Order::Asc);
    let rows = crate::all::<Row>(conn, &select).await?;
    shown(conn, ctx, rows).await
}

/// The numbers of decisions that were written after one, about any of these units or one that took part, and that hold.
pub(super) async fn later(conn: &impl ConnectionTrait, id: UnitDecisionId, units: Vec<Uuid>) -> Result<Vec<String>> {
    let mut last = Query::select();
    last.column("id").from("unit_event").and_where(Expr::col("decision_id").eq(id.0)).order_by("id", Order::Desc).limit(1);
    let Some(row) = conn.query_one(&last).await? else { return Ok(Vec::new()) };
    let last: Uuid = row.try_get_by_index(0)?;
    let mut own = Query::select();
    own.column("unit_id").from("unit_event").and_where(Expr::col("decision_id").eq(id.0));
    let mut select = select();
    select
        .and_where(Expr::col(("h", "unit_id")).is_in(units).or(Expr::col(("h", "unit_id")).in_subquery(own)))
        .and_where(Expr::col(("h", "id")).gt(last))
        .and_where(Expr::col(("d", "undone_at")).is_null())
        .order_by(("h", "id"), Order::Asc);
    let mut numbers: Vec<String> = crate::all::<Row>(conn, &select).await?.into_iter().map(|row| row.decision_number).collect();
    numbers.dedup();
    Ok(numbers)
}

/// What a change writes down, for each unit that took part.
pub(super) struct Line {
    /// The unit as it is after the change.
    pub unit: Unit,
    pub kind: UnitEventKind,
    pub detail: UnitEventDetail,
}

/// Writes the lines, and gives them with an entry of the log for each.
pub(super) async fn record_in(
    tx: &Tx<'_>,
    body: &PostUnitChange,
    decision: UnitDecisionId,
    lines: Vec<Line>,
) -> Result<(Vec<UnitEvent>, Vec<Event>)> {
    let decision_number = crate::input::text("/decision_number", &body.decision_number, 1, 60)?;
    let note = crate::input::text_opt("/note", body.note.as_deref(), 500)?;
    let decided_on = crate::input::day("/decided_on", body.decided_on)?;
    let by = tx.ctx().account.map(Uuid::from);
    let mut rows = Vec::with_capacity(lines.len());
    let mut events = Vec::with_capacity(lines.len());
    for line in lines {
        let row = Row {
            id: id::new(),
            unit_id: line.unit.id.0,
            kind: line.kind.as_str().to_owned(),
            effective_on: body.effective_on,
            decision_number: decision_number.clone(),
            decided_on,
            note: note.clone(),
            unit_name: line.unit.name.clone(),
            detail: serde_json::to_string(&line.detail).map_err(Error::internal)?,
            recorded_at: tx.now(),
            recorded_by: by,
            decision_id: Some(decision.0),
            undone_at: None,
        };
        let mut insert = Query::insert();
        insert.into_table("unit_event").columns(COLUMNS).values_panic([
            row.id.into(),
            row.unit_id.into(),
            row.kind.clone().into(),
            row.effective_on.into(),
            row.decision_number.clone().into(),
            row.decided_on.into(),
            row.note.clone().into(),
            row.unit_name.clone().into(),
            row.detail.clone().into(),
            row.recorded_at.into(),
            row.recorded_by.into(),
            row.decision_id.into(),
        ]);
        tx.conn().execute(&insert).await?;
        let verb = match line.kind {
            UnitEventKind::Opened => "unit.opened",
            UnitEventKind::Renamed => "unit.renamed",
            UnitEventKind::MergedInto => "unit.merged",
            UnitEventKind::Received => "unit.received",
            UnitEventKind::Split => "unit.split",
            UnitEventKind::Closed => "unit.closed",
            UnitEventKind::Moved => "unit.moved",
        };
        let after = serde_json::json!({
            "unit": line.unit, "detail": line.detail, "decision": row.decision_number, "effective_on": row.effective_on,
        });
        events.push(Event::new(super::school_of(&line.unit), verb, "unit", line.unit.id).after(&after));
        rows.push(row);
    }
    Ok((shown(tx.conn(), tx.ctx(), rows).await?, events))
}

/// The school that goes on for one that was merged, as far as merging went.
pub async fn successor_in(conn: &impl ConnectionTrait, school: UnitId) -> Result<Option<UnitId>> {
    let mut at = school;
    // A successor may itself have been merged since; bounded, should the data go in a circle.
    for _ in 0..16 {
        let mut select = Query::select();
        select.column("successor_id").from("unit_successor").and_where(Expr::col("unit_id").eq(at.0));
        match conn.query_one(&select).await? {
            Some(row) => at = UnitId(row.try_get_by_index(0)?),
            None => return Ok(Some(at).filter(|at| *at != school)),
        }
    }
    Err(Error::new(Code::UnitCycle))
}
