//! Closing a term of every class of a unit at once.
//!
//! A run is a row; what it has done is what is closed. So a server that was stopped or killed in the middle begins again with the
//! classes that are still open, and nothing is done twice. School by school: results are computed from a plain read, then written in
//! one short transaction that first makes sure that nothing happened in the school since (see [`work`]).

mod work;

use crate::unit_runs::{self, code, number};
use crate::value::term_number;
use crate::{current_year, facts};
use dto::access::Permission;
use dto::calendar::Term;
use dto::closing_runs::{ClosingRun, ClosingRunQuery, PostClosingRun, RunState, WaitingClass};
use dto::gradebook::TermState;
use dto::page::{Page, PageQuery};
use dto::{ClassId, ClosingRunId, Code, SchoolYearId, UnitId};
use futures::StreamExt;
use kernel::ctx::Scope;
use kernel::{Ctx, Db, Error, Event, Result, Tx, id, page};
use sea_orm::sea_query::{Expr, ExprTrait, Func, JoinType, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult};
use std::collections::{BTreeMap, HashSet};
use uuid::Uuid;

/// Schools under way at the same time: while one waits for the disk, another is computed.
const AT_ONCE: usize = 4;

/// Begins a run. It is not done when this returns: [`drive`] does it.
///
/// Errors: `not_found` (the unit), `closing_run_going`.
pub async fn start(db: &Db, ctx: &Ctx, body: &PostClosingRun) -> Result<ClosingRun> {
    db.write(ctx, async |tx| start_in(tx, body).await).await
}

async fn start_in(tx: &Tx<'_>, body: &PostClosingRun) -> Result<(ClosingRun, Vec<Event>)> {
    let conn = tx.conn();
    let unit = records::units::reachable_in(conn, tx.ctx(), Permission::TermCloseUnit, body.unit_id).await?;
    let year = current_year(conn).await?.ok_or_else(|| Error::field("/term", Code::NotFound))?;
    if unit_runs::is_going(conn, "closing_run", unit.id.0).await? {
        return Err(Error::new(Code::ClosingRunGoing));
    }
    let classes: usize = open_classes(conn, unit.id, year, body.term).await?.values().map(Vec::len).sum();
    let run = id::new::<ClosingRunId>();
    let mut insert = Query::insert();
    insert
        .into_table("closing_run")
        .columns([
            "id",
            "unit_id",
            "school_year_id",
            "term",
            "account_id",
            "state",
            "started_at",
            "classes",
            "closed",
            "learners",
        ])
        .values_panic([
            run.0.into(),
            unit.id.0.into(),
            year.0.into(),
            term_number(body.term).into(),
            tx.ctx().account.map(Uuid::from).into(),
            code(RunState::Running).into(),
            tx.now().into(),
            i32::try_from(classes).unwrap_or(i32::MAX).into(),
            0.into(),
            0.into(),
        ]);
    conn.execute(&insert).await?;
    let run = find(conn, tx.ctx(), run).await?;
    let school = (unit.kind == dto::units::UnitKind::School).then_some(unit.id);
    let event = Event::new(school, "closing_run.started", "closing_run", run.id)
        .after(&serde_json::json!({ "unit": unit.id, "term": term_number(body.term), "classes": classes }));
    Ok((run, vec![event]))
}

/// Does a run to its end, from where it stands. Of several that drive the same run, each does what the others have not done. Once
/// `stopping` says so no further school is begun, and the run is left to be taken up again.
pub async fn drive(db: &Db, run: ClosingRunId, stopping: impl Fn() -> bool) -> Result<()> {
    let task = Task::read(db.read(), run).await?;
    let schools = open_classes(db.read(), task.unit, task.year, task.term).await?;
    let mut going = futures::stream::iter(schools.into_iter().take_while(|_| !stopping()))
        .map(|(school, classes)| work::close_school(db, &task, school, classes))
        .buffer_unordered(AT_ONCE);
    while going.next().await.is_some() {}
    drop(going);
    if stopping() {
        return Ok(());
    }
    db.write(&task.ctx(), async |tx| {
        tx.conn().execute(&unit_runs::end("closing_run", run.0, tx.now())).await?;
        let done = find(tx.conn(), tx.ctx(), run).await?;
        let event = Event::new(None, "closing_run.done", "closing_run", run).after(&done);
        Ok(((), vec![event]))
    })
    .await
}

/// The runs that a stopped server left.
pub async fn unfinished(db: &Db) -> Result<Vec<ClosingRunId>> {
    Ok(unit_runs::unfinished(db.read(), "closing_run").await?.into_iter().map(ClosingRunId).collect())
}

/// A run of a unit that the caller reaches.
pub async fn get(db: &Db, ctx: &Ctx, run: ClosingRunId) -> Result<ClosingRun> {
    find(db.read(), ctx, run).await
}

/// Runs, newest first.
pub async fn list(db: &Db, ctx: &Ctx, filter: &ClosingRunQuery, query: &PageQuery) -> Result<Page<ClosingRun>> {
    let mut select = runs(&ctx.reach(Permission::TermCloseUnit));
    select.and_where_option(filter.unit_id.map(|unit| Expr::col(("r", "unit_id")).eq(unit.0)));
    if let Some(last) = page::decode::<Uuid>(query.after.as_deref())? {
        select.and_where(Expr::col(("r", "id")).lt(last));
    }
    select.order_by(("r", "id"), Order::Desc).limit(query.limit() + 1);
    let rows = db.read().query_all(&select).await?.iter().map(run).collect::<Result<Vec<_>>>()?;
    Ok(page::of(rows, query.limit(), |run| run.id.0, |run| run))
}

/// The classes that a run left open, by school and name, with how much they lacked when it came by.
pub async fn waiting(db: &Db, ctx: &Ctx, run: ClosingRunId) -> Result<Page<WaitingClass>> {
    let run = find(db.read(), ctx, run).await?;
    let mut query = Query::select();
    query
        .columns([("c", "id"), ("c", "name"), ("u", "id"), ("u", "name"), ("w", "missing")])
        .from_as("closing_run_class", "w")
        .join_as(JoinType::InnerJoin, "class", "c", Expr::col(("c", "id")).equals(("w", "class_id")))
        .join_as(JoinType::InnerJoin, "unit", "u", Expr::col(("u", "id")).equals(("w", "school_id")))
        .and_where(Expr::col(("w", "run_id")).eq(run.id.0))
        .order_by(("u", "sort_key"), Order::Asc)
        .order_by(("u", "id"), Order::Asc)
        .order_by(("c", "grade_order"), Order::Asc)
        .order_by(("c", "sort_key"), Order::Asc)
        .order_by(("c", "id"), Order::Asc);
    let rows = db.read().query_all(&query).await?;
    let items = rows
        .iter()
        .map(|row| {
            Ok(WaitingClass {
                class_id: ClassId(row.try_get_by_index(0)?),
                class_name: row.try_get_by_index(1)?,
                school_id: UnitId(row.try_get_by_index(2)?),
                school_name: row.try_get_by_index(3)?,
                missing: number(row, 4)?,
            })
        })
        .collect::<Result<_>>()?;
    Ok(Page { items, next: None })
}

/// What a run is to do, and for whom.
pub(super) struct Task {
    run: ClosingRunId,
    unit: UnitId,
    year: SchoolYearId,
    term: Term,
    account: Option<Uuid>,
}

impl Task {
    async fn read(conn: &impl ConnectionTrait, run: ClosingRunId) -> Result<Task> {
        let mut query = Query::select();
        query
            .columns(["unit_id", "school_year_id", "term", "account_id"])
            .from("closing_run")
            .and_where(Expr::col("id").eq(run.0));
        let row = conn.query_one(&query).await?.ok_or_else(|| Error::new(Code::NotFound))?;
        Ok(Task {
            run,
            unit: UnitId(row.try_get_by_index(0)?),
            year: SchoolYearId(row.try_get_by_index(1)?),
            term: term_of(row.try_get_by_index(2)?),
            account: row.try_get_by_index(3)?,
        })
    }

    /// The log names who began the run; the run goes on although they have signed out.
    fn ctx(&self) -> Ctx {
        let mut ctx = Ctx::system(&format!("closing-run-{}", self.run.0.simple()));
        ctx.account = self.account.map(dto::AccountId);
        ctx
    }
}

/// The classes under a unit whose term is open and whose grade has a regulation, by school.
async fn open_classes(
    conn: &impl ConnectionTrait,
    unit: UnitId,
    year: SchoolYearId,
    term: Term,
) -> Result<BTreeMap<UnitId, Vec<ClassId>>> {
    let scope = Scope { units: vec![unit.0], ..Scope::default() };
    let classes = facts::classes_reached(conn, &scope, year, i64::MAX.unsigned_abs()).await?;
    let mut closed = Query::select();
    closed
        .column(("t", "class_id"))
        .from_as("class_term", "t")
        .join_as(JoinType::InnerJoin, "unit_ancestor", "ua", Expr::col(("ua", "unit_id")).equals(("t", "school_id")))
        .and_where(Expr::col(("ua", "ancestor_id")).eq(unit.0))
        .and_where(Expr::col(("t", "term")).eq(term_number(term)))
        .and_where(Expr::col(("t", "state")).eq(TermState::Closed.as_str()));
    let rows = conn.query_all(&closed).await?;
    let closed: HashSet<Uuid> = rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect::<Result<_>>()?;
    let mut schools: BTreeMap<UnitId, Vec<ClassId>> = BTreeMap::new();
    for class in classes.iter().filter(|class| !closed.contains(&class.id.0) && crate::policy::of_item(class).is_some()) {
        schools.entry(class.school_id).or_default().push(class.id);
    }
    Ok(schools)
}

fn runs(scope: &Scope) -> SelectStatement {
    let mut waiting = Query::select();
    waiting
        .expr(Func::count(Expr::col(("w", "class_id"))))
        .from_as("closing_run_class", "w")
        .and_where(Expr::col(("w", "run_id")).equals(("r", "id")));
    let mut query = Query::select();
    query
        .columns([("r", "id"), ("r", "unit_id"), ("u", "name"), ("y", "code"), ("r", "term"), ("r", "state")])
        .columns([("r", "started_at"), ("r", "finished_at"), ("r", "classes"), ("r", "closed"), ("r", "learners")])
        .expr(Expr::SubQuery(None, Box::new(waiting.into())))
        .from_as("closing_run", "r")
        .join_as(JoinType::InnerJoin, "unit", "u", Expr::col(("u", "id")).equals(("r", "unit_id")))
        .join_as(JoinType::InnerJoin, "school_year", "y", Expr::col(("y", "id")).equals(("r", "school_year_id")));
    unit_runs::reached(&mut query, scope);
    query
}

async fn find(conn: &impl ConnectionTrait, ctx: &Ctx, id: ClosingRunId) -> Result<ClosingRun> {
    let mut query = runs(&ctx.reach(Permission::TermCloseUnit));
    query.and_where(Expr::col(("r", "id")).eq(id.0));
    run(&conn.query_one(&query).await?.ok_or_else(|| Error::new(Code::NotFound))?)
}

fn run(row: &QueryResult) -> Result<ClosingRun> {
    Ok(ClosingRun {
        id: ClosingRunId(row.try_get_by_index(0)?),
        unit_id: UnitId(row.try_get_by_index(1)?),
        unit_name: row.try_get_by_index(2)?,
        school_year: row.try_get_by_index(3)?,
        term: term_of(row.try_get_by_index(4)?),
        state: unit_runs::state(row, 5)?,
        started_at: row.try_get_by_index(6)?,
        finished_at: row.try_get_by_index(7)?,
        classes: number(row, 8)?,
        closed: number(row, 9)?,
        learners: number(row, 10)?,
        waiting: u32::try_from(row.try_get_by_index::<i64>(11)?).unwrap_or(u32::MAX),
    })
}

fn term_of(number: i16) -> Term {
    if number == 2 { Term::S2 } else { Term::S1 }
}
