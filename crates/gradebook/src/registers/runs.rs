//! The registers of a whole school in one run: every class, every form that was asked for, one ZIP of PDFs.
//!
//! A run is a row, and what it has drawn are rows beside it: so a server that was killed in the middle goes on with what is left. The parts of
//! a school's run are kept until it begins the next one.

use super::{RegisterForm, RegisterQuery, of_class};
use crate::facts;
use crate::unit_runs::{self, code, number};
use chrono::{DateTime, Utc};
use dto::access::Permission;
use dto::closing_runs::RunState;
use dto::registers::{PostRegisterRun, RegisterRun, SkippedRegister};
use dto::{ClassId, Code, Lang, Page, RegisterRunId, SchoolYearId, UnitId};
use kernel::ctx::Scope;
use kernel::text::slug;
use kernel::{Ctx, Db, Error, Event, Result, clock, id};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, JoinType, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::io::{Cursor, Write};
use uuid::Uuid;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// What a run is to draw, as it was when it began.
#[derive(Serialize, Deserialize)]
struct Asked {
    forms: Vec<RegisterForm>,
    copy: bool,
    classes: Vec<(ClassId, String)>,
}

/// Begins a run. It is not done when this returns: [`drive`] does it.
///
/// Errors: `not_found` (the school), `register_run_going`, `nobody_in_class` where the school has no class that year, `invalid` with
/// `/forms` or `/school_year_id`.
pub async fn start(db: &Db, ctx: &Ctx, school: UnitId, body: &PostRegisterRun) -> Result<RegisterRun> {
    facts::whole_school(db.read(), ctx, Permission::ResultRead, school).await?;
    let mut forms = body.forms.clone();
    forms.sort_unstable();
    forms.dedup();
    if forms.is_empty() {
        return Err(Error::field("/forms", Code::FieldRequired));
    }
    let years = records::calendar::years_in(db.read(), clock::today()).await?;
    let wanted = years.into_iter().find(|year| body.school_year_id.map_or(year.current, |id| year.id == id));
    let year = wanted.ok_or_else(|| Error::field("/school_year_id", Code::FieldChoice))?;
    let classes = classes(db.read(), school, year.id).await?;
    if classes.is_empty() {
        return Err(Error::new(Code::NobodyInClass));
    }
    let total = i32::try_from(classes.len() * forms.len()).unwrap_or(i32::MAX);
    let asked = serde_json::to_string(&Asked { forms, copy: body.copy, classes }).map_err(Error::internal)?;
    db.write(ctx, async |tx| {
        facts::whole_school(tx.conn(), tx.ctx(), Permission::ResultRead, school).await?;
        let mut going = unit_runs::running("register_run");
        going.and_where(Expr::col("school_id").eq(school.0));
        if tx.conn().query_one(&going).await?.is_some() {
            return Err(Error::new(Code::RegisterRunGoing));
        }
        // What was drawn before is drawn anew: the records have gone on since.
        let mut old = Query::delete();
        old.from_table("register_run_part").and_where(Expr::col("school_id").eq(school.0));
        tx.conn().execute(&old).await?;
        let run: RegisterRunId = id::new();
        let mut insert = Query::insert();
        insert
            .into_table("register_run")
            .columns([
                "school_id",
                "id",
                "school_year_id",
                "account_id",
                "asked",
                "state",
                "total",
                "done",
                "skipped",
                "started_at",
            ])
            .values_panic([
                school.0.into(),
                run.0.into(),
                year.id.0.into(),
                tx.ctx().account.map(Uuid::from).into(),
                asked.as_str().into(),
                code(RunState::Running).into(),
                total.into(),
                0.into(),
                "[]".into(),
                tx.now().into(),
            ]);
        tx.conn().execute(&insert).await?;
        let event = Event::new(Some(school), "register_run.started", "register_run", run)
            .after(&serde_json::json!({ "school_year": year.code, "forms": body.forms, "registers": total }));
        Ok((find(tx.conn(), school, run).await?, vec![event]))
    })
    .await
}

async fn classes(conn: &impl ConnectionTrait, school: UnitId, year: SchoolYearId) -> Result<Vec<(ClassId, String)>> {
    let scope = Scope { units: vec![school.0], ..Scope::default() };
    let classes = facts::classes_reached(conn, &scope, year, i64::MAX.unsigned_abs()).await?;
    Ok(classes.into_iter().map(|class| (class.id, class.name)).collect())
}

/// Does a run to its end, from where it stands. Once `stopping` says so nothing further is begun, and the run is left to be taken up again.
pub async fn drive(db: &Db, school: UnitId, run: RegisterRunId, stopping: impl Fn() -> bool) -> Result<()> {
    let asked = asked(db.read(), school, run).await?;
    let done = drawn(db.read(), school, run).await?;
    // Whoever began it was asked for the school as a whole.
    let ctx = Ctx::system(&format!("register-run-{}", run.0.simple()));
    let query = RegisterQuery { copy: asked.copy, ..RegisterQuery::default() };
    let mut seq = 0;
    for (class, class_name) in &asked.classes {
        for form in &asked.forms {
            seq += 1;
            if done.contains(&seq) {
                continue;
            }
            if stopping() {
                return Ok(());
            }
            let made = of_class(db, &ctx, *class, *form, &query).await;
            keep(db, &ctx, &Part { school, run, seq, class_name, form: *form }, made).await?;
        }
    }
    db.write(&ctx, async |tx| {
        tx.conn().execute(&unit_runs::end("register_run", run.0, tx.now())).await?;
        Ok(((), vec![Event::new(None, "register_run.done", "register_run", run)]))
    })
    .await
}

/// One register of a run.
struct Part<'a> {
    school: UnitId,
    run: RegisterRunId,
    seq: i32,
    class_name: &'a str,
    form: RegisterForm,
}

/// Keeps a register that was drawn, or says why it could not be.
async fn keep(db: &Db, ctx: &Ctx, part: &Part<'_>, made: Result<super::File>) -> Result<()> {
    let Part { school, run, seq, class_name, form } = *part;
    let (name, bytes, why) = match made {
        Ok(file) => (format!("{}/{seq:04}-{}", slug(class_name), file.name), file.bytes, None),
        Err(error) => {
            // One that fails stops nothing else; what is wrong inside is for the log.
            if error.code() == Code::Internal {
                tracing::error!(%error, %run, seq, "a register cannot be drawn");
            }
            let said = |lang| error.problem(lang, "").detail;
            let skipped = SkippedRegister { class_name: class_name.to_owned(), form, vi: said(Lang::Vi), en: said(Lang::En) };
            (String::new(), Vec::new(), Some(skipped))
        }
    };
    db.write(ctx, async |tx| {
        let mut insert = Query::insert();
        insert.into_table("register_run_part").columns(["school_id", "run_id", "seq", "name", "bytes"]).values_panic([
            school.0.into(),
            run.0.into(),
            seq.into(),
            name.as_str().into(),
            bytes.clone().into(),
        ]);
        tx.conn().execute(&insert).await?;
        let mut skipped = find(tx.conn(), school, run).await?.skipped;
        skipped.extend(why.clone());
        let mut update = Query::update();
        update
            .table("register_run")
            .value("done", Expr::col("done").add(1))
            .value("skipped", serde_json::to_string(&skipped).map_err(Error::internal)?)
            .cond_where(these(school, run));
        tx.conn().execute(&update).await?;
        let event = Event::new(None, "register_run.drew", "register_run", run).after(&serde_json::json!({ "register": seq }));
        Ok(((), vec![event]))
    })
    .await
}

fn these(school: UnitId, run: RegisterRunId) -> Condition {
    Condition::all().add(Expr::col("school_id").eq(school.0)).add(Expr::col("id").eq(run.0))
}

async fn asked(conn: &impl ConnectionTrait, school: UnitId, run: RegisterRunId) -> Result<Asked> {
    let mut query = Query::select();
    query.column("asked").from("register_run").cond_where(these(school, run));
    let row = conn.query_one(&query).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    serde_json::from_str(&row.try_get_by_index::<String>(0)?).map_err(Error::internal)
}

async fn drawn(conn: &impl ConnectionTrait, school: UnitId, run: RegisterRunId) -> Result<HashSet<i32>> {
    let mut query = Query::select();
    query
        .column("seq")
        .from("register_run_part")
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("run_id").eq(run.0));
    conn.query_all(&query).await?.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// The runs that a stopped server left.
pub async fn unfinished(db: &Db) -> Result<Vec<(UnitId, RegisterRunId)>> {
    let mut query = unit_runs::running("register_run");
    query.column("school_id");
    let rows = db.read().query_all(&query).await?;
    rows.iter().map(|row| Ok((UnitId(row.try_get_by_index(1)?), RegisterRunId(row.try_get_by_index(0)?)))).collect()
}

fn runs(school: UnitId) -> SelectStatement {
    let mut query = Query::select();
    query
        .columns([("r", "id"), ("y", "code"), ("r", "asked"), ("r", "state"), ("r", "total"), ("r", "done")])
        .columns([("r", "skipped"), ("r", "started_at"), ("r", "finished_at")])
        .from_as("register_run", "r")
        .join_as(JoinType::InnerJoin, "school_year", "y", Expr::col(("y", "id")).equals(("r", "school_year_id")))
        .and_where(Expr::col(("r", "school_id")).eq(school.0));
    query
}

fn read(row: &QueryResult, school: UnitId) -> Result<RegisterRun> {
    let asked: Asked = serde_json::from_str(&row.try_get_by_index::<String>(2)?).map_err(Error::internal)?;
    Ok(RegisterRun {
        id: RegisterRunId(row.try_get_by_index(0)?),
        school_id: school,
        school_year: row.try_get_by_index(1)?,
        forms: asked.forms,
        state: unit_runs::state(row, 3)?,
        total: number(row, 4)?,
        done: number(row, 5)?,
        skipped: serde_json::from_str(&row.try_get_by_index::<String>(6)?).map_err(Error::internal)?,
        started_at: row.try_get_by_index::<DateTime<Utc>>(7)?,
        finished_at: row.try_get_by_index(8)?,
    })
}

async fn find(conn: &impl ConnectionTrait, school: UnitId, run: RegisterRunId) -> Result<RegisterRun> {
    let mut query = runs(school);
    query.and_where(Expr::col(("r", "id")).eq(run.0));
    read(&conn.query_one(&query).await?.ok_or_else(|| Error::new(Code::NotFound))?, school)
}

/// How far a run is.
///
/// Errors: `not_found`.
pub async fn get(db: &Db, ctx: &Ctx, school: UnitId, run: RegisterRunId) -> Result<RegisterRun> {
    facts::whole_school(db.read(), ctx, Permission::ResultRead, school).await?;
    find(db.read(), school, run).await
}

/// The last runs of a school, newest first, at most 20.
///
/// Errors: `not_found`.
pub async fn list(db: &Db, ctx: &Ctx, school: UnitId) -> Result<Page<RegisterRun>> {
    facts::whole_school(db.read(), ctx, Permission::ResultRead, school).await?;
    let mut query = runs(school);
    query.order_by(("r", "id"), Order::Desc).limit(20);
    let rows = db.read().query_all(&query).await?;
    Ok(Page { items: rows.iter().map(|row| read(row, school)).collect::<Result<_>>()?, next: None })
}

/// The registers of a run that is done, as one ZIP: a folder a class.
///
/// Errors: `not_found`, `register_run_not_ready` (it is not done, or a later one took its place).
pub async fn archive(db: &Db, ctx: &Ctx, school: UnitId, run: RegisterRunId) -> Result<super::File> {
    let found = get(db, ctx, school, run).await?;
    let not_ready = || Error::new(Code::RegisterRunNotReady);
    if found.state != RunState::Done {
        return Err(not_ready());
    }
    let mut query = Query::select();
    query
        .columns(["name", "bytes"])
        .from("register_run_part")
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("run_id").eq(run.0))
        .order_by("seq", Order::Asc);
    let rows = db.read().query_all(&query).await?;
    if rows.is_empty() {
        return Err(not_ready());
    }
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    // A PDF is compressed already.
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for row in &rows {
        let name: String = row.try_get_by_index(0)?;
        if name.is_empty() {
            continue;
        }
        zip.start_file(name, options).map_err(Error::internal)?;
        zip.write_all(&row.try_get_by_index::<Vec<u8>>(1)?).map_err(Error::internal)?;
    }
    let bytes = zip.finish().map_err(Error::internal)?.into_inner();
    Ok(super::File { name: format!("so-sach-{}.zip", found.school_year), bytes })
}
