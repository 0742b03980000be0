//! Rolling over, or undoing, every school at or under a unit.
//!
//! A run is a row, and each school that it has gone through another, written in the transaction that did the school. So a server that was
//! killed in the middle goes on with the schools that are left, and nothing is done twice.

use super::apply::{self, Done};
use super::plan::{self, Years};
use crate::facts;
use crate::unit_runs::{self, code, number};
use dto::access::Permission;
use dto::closing_runs::RunState;
use dto::page::{Page, PageQuery};
use dto::rollover::{PostRolloverRun, RolloverRun, RolloverRunQuery, RolloverSchool};
use dto::{Code, Lang, RolloverRunId, SchoolYearId, UnitId};
use futures::StreamExt;
use kernel::ctx::Scope;
use kernel::{Ctx, Db, Error, Event, Result, Tx, id, page};
use sea_orm::sea_query::{Expr, ExprTrait, Func, JoinType, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult};
use std::collections::{BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// Schools under way at the same time: while one waits for the disk, another is computed.
const AT_ONCE: usize = 4;

/// Begins a run. It is not done when this returns: [`drive`] does it.
///
/// Errors: `not_found` (the unit), `next_year_missing`, `rollover_going`, `invalid` with `/school_year_id`.
pub async fn start(db: &Db, ctx: &Ctx, body: &PostRolloverRun) -> Result<RolloverRun> {
    db.write(ctx, async |tx| start_in(tx, body).await).await
}

async fn start_in(tx: &Tx<'_>, body: &PostRolloverRun) -> Result<(RolloverRun, Vec<Event>)> {
    let conn = tx.conn();
    let unit = records::units::reachable_in(conn, tx.ctx(), Permission::YearRollover, body.unit_id).await?;
    let years = plan::years(conn, body.school_year_id).await?;
    if unit_runs::is_going(conn, "rollover_run", unit.id.0).await? {
        return Err(Error::new(Code::RolloverGoing));
    }
    let schools = schools(conn, unit.id, years.from.id).await?.len();
    let run = id::new::<RolloverRunId>();
    let mut insert = Query::insert();
    insert
        .into_table("rollover_run")
        .columns(["id", "unit_id", "school_year_id", "undo", "account_id", "state", "started_at", "schools"])
        .values_panic([
            run.0.into(),
            unit.id.0.into(),
            years.from.id.0.into(),
            body.undo.into(),
            tx.ctx().account.map(Uuid::from).into(),
            code(RunState::Running).into(),
            tx.now().into(),
            whole(schools).into(),
        ]);
    conn.execute(&insert).await?;
    let run = find(conn, tx.ctx(), run).await?;
    let school = (unit.kind == dto::units::UnitKind::School).then_some(unit.id);
    let event = Event::new(school, "rollover_run.started", "rollover_run", run.id)
        .after(&serde_json::json!({ "unit": unit.id, "school_year": years.from.code, "undo": body.undo, "schools": schools }));
    Ok((run, vec![event]))
}

/// The schools under a unit that have classes in a year.
async fn schools(conn: &impl ConnectionTrait, unit: UnitId, year: SchoolYearId) -> Result<BTreeSet<UnitId>> {
    let scope = Scope { units: vec![unit.0], ..Scope::default() };
    let classes = facts::classes_reached(conn, &scope, year, i64::MAX.unsigned_abs()).await?;
    Ok(classes.into_iter().map(|class| class.school_id).collect())
}

struct Task {
    run: RolloverRunId,
    unit: UnitId,
    years: Years,
    undo: bool,
    account: Option<Uuid>,
}

impl Task {
    async fn read(conn: &impl ConnectionTrait, run: RolloverRunId) -> Result<Task> {
        let mut query = Query::select();
        query
            .columns(["unit_id", "school_year_id", "undo", "account_id"])
            .from("rollover_run")
            .and_where(Expr::col("id").eq(run.0));
        let row = conn.query_one(&query).await?.ok_or_else(|| Error::new(Code::NotFound))?;
        Ok(Task {
            run,
            unit: UnitId(row.try_get_by_index(0)?),
            years: plan::years(conn, Some(SchoolYearId(row.try_get_by_index(1)?))).await?,
            undo: row.try_get_by_index(2)?,
            account: row.try_get_by_index(3)?,
        })
    }

    /// The log names who began the run; the run goes on although they have signed out.
    fn ctx(&self) -> Ctx {
        let mut ctx = Ctx::system(&format!("rollover-run-{}", self.run.0.simple()));
        ctx.account = self.account.map(dto::AccountId);
        ctx
    }
}

/// Does a run to its end, from where it stands. Once `stopping` says so no further school is begun, and the run is left to be taken up
/// again.
pub async fn drive(db: &Db, run: RolloverRunId, stopping: impl Fn() -> bool) -> Result<()> {
    let task = &Task::read(db.read(), run).await?;
    let mut rest = schools(db.read(), task.unit, task.years.from.id).await?;
    for done in gone_through(db.read(), run).await? {
        rest.remove(&done);
    }
    let mut going = futures::stream::iter(rest.into_iter().take_while(|_| !stopping()))
        .map(|school| async move { do_school(db, task, school).await.err().map(|_| school) })
        .buffer_unordered(AT_ONCE);
    let mut failed = Vec::new();
    while let Some(school) = going.next().await {
        failed.extend(school);
    }
    drop(going);
    // Schools that were merged into one fill the same classes: who came too early comes again, one by one. What still fails is told.
    for school in failed {
        if stopping() {
            break;
        }
        if let Err(error) = do_school(db, task, school).await {
            tracing::error!(%error, %school, %run, "a school could not be rolled over");
            let fault = Done { fault: Some(error.code()), ..Done::default() };
            db.write(&task.ctx(), async |tx| finish(tx, task, school, &fault, Vec::new()).await).await?;
        }
    }
    if stopping() {
        return Ok(());
    }
    db.write(&task.ctx(), async |tx| {
        tx.conn().execute(&unit_runs::end("rollover_run", run.0, tx.now())).await?;
        let done = find(tx.conn(), tx.ctx(), run).await?;
        Ok(((), vec![Event::new(None, "rollover_run.done", "rollover_run", run).after(&done)]))
    })
    .await
}

async fn gone_through(conn: &impl ConnectionTrait, run: RolloverRunId) -> Result<HashSet<UnitId>> {
    let mut query = Query::select();
    query.column("school_id").from("rollover_run_school").and_where(Expr::col("run_id").eq(run.0));
    conn.query_all(&query).await?.iter().map(|row| Ok(UnitId(row.try_get_by_index(0)?))).collect()
}

/// One school, in one transaction with the row that says so.
async fn do_school(db: &Db, task: &Task, school: UnitId) -> Result<()> {
    let done = db
        .write(&task.ctx(), async |tx| {
            let (done, events) = match task.undo {
                false => apply::apply_in(tx, school, &task.years).await?,
                true => apply::undo_in(tx, school, &task.years).await?,
            };
            finish(tx, task, school, &done, events).await
        })
        .await;
    match done {
        // Another who drives this run has done it.
        Err(error) if error.code() == Code::RolloverGoing => Ok(()),
        done => done,
    }
}

async fn finish(tx: &Tx<'_>, task: &Task, school: UnitId, done: &Done, mut events: Vec<Event>) -> Result<((), Vec<Event>)> {
    if !note(tx, task, school, done).await? {
        return Err(Error::new(Code::RolloverGoing));
    }
    events.push(Event::new(Some(school), "rollover_run.school", "rollover_run", task.run).after(&done.learners));
    Ok(((), events))
}

/// Writes what was done at a school; `false` where that stands already.
async fn note(tx: &Tx<'_>, task: &Task, school: UnitId, done: &Done) -> Result<bool> {
    let mut insert = Query::insert();
    insert
        .into_table("rollover_run_school")
        .columns(["school_id", "run_id", "classes", "learners", "opened", "waiting", "fault"])
        .values_panic([
            school.0.into(),
            task.run.0.into(),
            whole(done.classes).into(),
            whole(done.learners).into(),
            whole(done.opened).into(),
            whole(done.waiting).into(),
            done.fault.map(Code::as_str).into(),
        ])
        .on_conflict(sea_orm::sea_query::OnConflict::columns(["school_id", "run_id"]).do_nothing().to_owned());
    Ok(tx.conn().execute(&insert).await?.rows_affected() == 1)
}

/// The runs that a stopped server left.
pub async fn unfinished(db: &Db) -> Result<Vec<RolloverRunId>> {
    Ok(unit_runs::unfinished(db.read(), "rollover_run").await?.into_iter().map(RolloverRunId).collect())
}

/// A run of a unit that the caller reaches.
pub async fn get(db: &Db, ctx: &Ctx, run: RolloverRunId) -> Result<RolloverRun> {
    find(db.read(), ctx, run).await
}

/// Runs, newest first.
pub async fn list(db: &Db, ctx: &Ctx, filter: &RolloverRunQuery, query: &PageQuery) -> Result<Page<RolloverRun>> {
    let conn = db.read();
    let mut select = runs(&ctx.reach(Permission::YearRollover));
    select.and_where_option(filter.unit_id.map(|unit| Expr::col(("r", "unit_id")).eq(unit.0)));
    if let Some(last) = page::decode::<Uuid>(query.after.as_deref())? {
        select.and_where(Expr::col(("r", "id")).lt(last));
    }
    select.order_by(("r", "id"), Order::Desc).limit(query.limit() + 1);
    let rows = conn.query_all(&select).await?.iter().map(run).collect::<Result<Vec<_>>>()?;
    let mut page = page::of(rows, query.limit(), |run| run.id.0, |run| run);
    add_up(conn, &mut page.items).await?;
    Ok(page)
}

/// What became of each school that a run has gone through, in Vietnamese order of names. A page ends with the id of its last school.
pub async fn schools_of(db: &Db, ctx: &Ctx, run: RolloverRunId, query: &PageQuery) -> Result<Page<RolloverSchool>> {
    let run = find(db.read(), ctx, run).await?;
    let mut select = Query::select();
    select
        .columns([("s", "school_id"), ("u", "name"), ("s", "classes"), ("s", "learners"), ("s", "opened"), ("s", "waiting")])
        .column(("s", "fault"))
        .from_as("rollover_run_school", "s")
        .join_as(JoinType::InnerJoin, "unit", "u", Expr::col(("u", "id")).equals(("s", "school_id")))
        .and_where(Expr::col(("s", "run_id")).eq(run.id.0));
    if let Some(last) = page::decode::<Uuid>(query.after.as_deref())? {
        let mut key = Query::select();
        key.column("sort_key").from("unit").and_where(Expr::col("id").eq(last));
        let place = Expr::tuple([Expr::col(("u", "sort_key")), Expr::col(("u", "id"))]);
        select.and_where(place.gt(Expr::tuple([Expr::from(key), Expr::val(last)])));
    }
    select.order_by(("u", "sort_key"), Order::Asc).order_by(("u", "id"), Order::Asc).limit(query.limit() + 1);
    let school = |row: &QueryResult| {
        let fault: Option<String> = row.try_get_by_index(6)?;
        Ok(RolloverSchool {
            school_id: UnitId(row.try_get_by_index(0)?),
            school_name: row.try_get_by_index(1)?,
            classes: number(row, 2)?,
            learners: number(row, 3)?,
            opened: number(row, 4)?,
            waiting: number(row, 5)?,
            fault: fault.as_deref().and_then(Code::parse).map(|code| told(code, row, ctx.lang)).transpose()?,
        })
    };
    let rows = db.read().query_all(&select).await?.iter().map(school).collect::<Result<Vec<_>>>()?;
    Ok(page::of(rows, query.limit(), |row| row.school_id.0, |row| row))
}

/// Why nothing was done, with the number of learners that stand in the way.
fn told(code: Code, row: &QueryResult, lang: Lang) -> Result<String> {
    Ok(code.text(lang).replace("{count}", &number(row, 3)?.to_string()))
}

fn runs(scope: &Scope) -> SelectStatement {
    let mut query = Query::select();
    query
        .columns([("r", "id"), ("r", "unit_id"), ("u", "name"), ("y", "id"), ("y", "code"), ("r", "undo"), ("r", "state")])
        .columns([("r", "started_at"), ("r", "finished_at"), ("r", "schools")])
        .from_as("rollover_run", "r")
        .join_as(JoinType::InnerJoin, "unit", "u", Expr::col(("u", "id")).equals(("r", "unit_id")))
        .join_as(JoinType::InnerJoin, "school_year", "y", Expr::col(("y", "id")).equals(("r", "school_year_id")));
    unit_runs::reached(&mut query, scope);
    query
}

async fn find(conn: &impl ConnectionTrait, ctx: &Ctx, id: RolloverRunId) -> Result<RolloverRun> {
    let mut query = runs(&ctx.reach(Permission::YearRollover));
    query.and_where(Expr::col(("r", "id")).eq(id.0));
    let mut found = [run(&conn.query_one(&query).await?.ok_or_else(|| Error::new(Code::NotFound))?)?];
    add_up(conn, &mut found).await?;
    let [found] = found;
    Ok(found)
}

/// What runs have done so far, from the schools that they have gone through.
async fn add_up(conn: &impl ConnectionTrait, runs: &mut [RolloverRun]) -> Result<()> {
    let mut query = Query::select();
    let sum = |column: &'static str| Func::sum(Expr::col(column));
    query
        .column("run_id")
        .expr(Func::count(Expr::col("school_id")))
        .expr(Func::count(Expr::col("fault")))
        .exprs([sum("classes"), sum("opened"), sum("waiting")])
        // The number of a refused school says who stands in the way.
        .expr(Func::sum(Expr::case(Expr::col("fault").is_null(), Expr::col("learners")).finally(0)))
        .from("rollover_run_school")
        .and_where(Expr::col("run_id").is_in(runs.iter().map(|run| run.id.0)))
        .group_by_col("run_id");
    let rows = conn.query_all(&query).await?;
    let mut sums: HashMap<Uuid, [u32; 6]> = HashMap::new();
    for row in &rows {
        let mut of = [0; 6];
        for (at, sum) in of.iter_mut().enumerate() {
            *sum = u32::try_from(row.try_get_by_index::<i64>(at + 1)?).unwrap_or(u32::MAX);
        }
        sums.insert(row.try_get_by_index(0)?, of);
    }
    for run in runs {
        let [done, refused, classes, opened, waiting, learners] = sums.get(&run.id.0).copied().unwrap_or_default();
        *run = RolloverRun { done, refused, classes, opened, waiting, learners, ..run.clone() };
    }
    Ok(())
}

fn run(row: &QueryResult) -> Result<RolloverRun> {
    Ok(RolloverRun {
        id: RolloverRunId(row.try_get_by_index(0)?),
        unit_id: UnitId(row.try_get_by_index(1)?),
        unit_name: row.try_get_by_index(2)?,
        school_year_id: SchoolYearId(row.try_get_by_index(3)?),
        school_year: row.try_get_by_index(4)?,
        undo: row.try_get_by_index(5)?,
        state: unit_runs::state(row, 6)?,
        started_at: row.try_get_by_index(7)?,
        finished_at: row.try_get_by_index(8)?,
        schools: number(row, 9)?,
        done: 0,
        refused: 0,
        classes: 0,
        learners: 0,
        opened: 0,
        waiting: 0,
    })
}

fn whole(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
