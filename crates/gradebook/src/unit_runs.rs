//! What runs over every school of a unit have in common as rows: their state, whose they are, and which were left unfinished.

use dto::closing_runs::RunState;
use kernel::Result;
use kernel::ctx::Scope;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement, UpdateStatement};
use sea_orm::{ConnectionTrait, QueryResult};
use uuid::Uuid;

pub(crate) fn code(state: RunState) -> &'static str {
    match state {
        RunState::Running => "running",
        RunState::Done => "done",
    }
}

pub(crate) fn state(row: &QueryResult, at: usize) -> Result<RunState> {
    let state: String = row.try_get_by_index(at)?;
    Ok(if state == code(RunState::Done) { RunState::Done } else { RunState::Running })
}

pub(crate) fn number(row: &QueryResult, at: usize) -> Result<u32> {
    Ok(u32::try_from(row.try_get_by_index::<i32>(at)?).unwrap_or(0))
}

/// Whether a run of the unit is under way.
pub(crate) async fn is_going(conn: &impl ConnectionTrait, table: &'static str, unit: Uuid) -> Result<bool> {
    let mut going = running(table);
    going.and_where(Expr::col("unit_id").eq(unit));
    Ok(conn.query_one(&going).await?.is_some())
}

/// The runs that a stopped server left.
pub(crate) async fn unfinished(conn: &impl ConnectionTrait, table: &'static str) -> Result<Vec<Uuid>> {
    conn.query_all(&running(table)).await?.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// The ids of the runs that are under way.
pub(crate) fn running(table: &'static str) -> SelectStatement {
    let mut query = Query::select();
    query.column("id").from(table).and_where(Expr::col("state").eq(code(RunState::Running)));
    query
}

/// Says that a run is done, unless that was said before.
pub(crate) fn end(table: &'static str, run: Uuid, now: chrono::DateTime<chrono::Utc>) -> UpdateStatement {
    let mut update = Query::update();
    update
        .table(table)
        .value("state", code(RunState::Done))
        .value("finished_at", now)
        .and_where(Expr::col("id").eq(run))
        .and_where(Expr::col("state").eq(code(RunState::Running)));
    update
}

/// Keeps the runs (`r`) of units that a scope reaches.
pub(crate) fn reached(query: &mut SelectStatement, scope: &Scope) {
    if scope.all {
        return;
    }
    let mut under = Query::select();
    under
        .expr(Expr::val(1))
        .from_as("unit_ancestor", "ua")
        .and_where(Expr::col(("ua", "unit_id")).equals(("r", "unit_id")))
        .and_where(Expr::col(("ua", "ancestor_id")).is_in(scope.units.iter().copied()));
    query.and_where(Expr::exists(under));
}
