//! One school of a run.
//!
//! Every write in a school adds to the school's chain of the log, in the same transaction. So the head of that chain says whether
//! anything at all happened in the school between a plain read, in which results are computed at leisure, and the transaction that
//! writes them. Where something did, the school is computed once more inside the transaction, which holds its terms.

use super::Task;
use crate::closing::publish::{self, Made};
use crate::closing::{lock_both, owed};
use crate::facts::{self, ClassFacts};
use crate::results::book::Book;
use crate::term::State;
use crate::{conduct, value};
use dto::gradebook::TermState;
use dto::{ClassId, UnitId};
use kernel::{Db, Error, Event, Result, Tx};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use serde_json::json;
use std::collections::HashMap;

/// What becomes of the classes of a school.
struct Plan {
    ready: Vec<Made>,
    waiting: Vec<(ClassId, u32)>,
}

/// Closes what is ready in a school. What goes wrong is logged: the run goes on with other schools, and shows that classes are left.
pub(super) async fn close_school(db: &Db, task: &Task, school: UnitId, classes: Vec<ClassId>) {
    let done = async {
        let before = head(db.read(), school).await?;
        let facts = facts_of(db.read(), classes).await?;
        let plan = compute(db.read(), task, &facts).await?;
        let ctx = task.ctx();
        db.write(&ctx, async |tx| {
            let (open, states) = lock(tx, task, &facts).await?;
            if head(tx.conn(), school).await? == before && open.len() == facts.len() {
                return write(tx, task, school, &plan, &states).await;
            }
            let open = facts_of(tx.conn(), open.iter().map(|class| class.id).collect()).await?;
            let plan = compute(tx.conn(), task, &open).await?;
            write(tx, task, school, &plan, &states).await
        })
        .await
    }
    .await;
    if let Err(error) = done {
        tracing::error!(%error, %school, run = %task.run, "a school could not be closed");
    }
}

/// The classes, in the order in which everybody takes their terms.
async fn facts_of(conn: &impl ConnectionTrait, mut classes: Vec<ClassId>) -> Result<Vec<ClassFacts>> {
    classes.sort_unstable();
    let mut found = Vec::with_capacity(classes.len());
    for id in classes {
        found.push(facts::class_unscoped(conn, id).await?);
    }
    Ok(found)
}

/// The number of the last entry in the school's chain of the log.
async fn head(conn: &impl ConnectionTrait, school: UnitId) -> Result<i64> {
    let mut query = Query::select();
    query.column("seq").from("audit_head").and_where(Expr::col("school_id").eq(school.0));
    Ok(match conn.query_one(&query).await? {
        Some(row) => row.try_get_by_index(0)?,
        None => 0,
    })
}

/// Takes the terms of the classes, and gives the classes that are still open, and the state of the term in each.
async fn lock(tx: &Tx<'_>, task: &Task, classes: &[ClassFacts]) -> Result<(Vec<ClassFacts>, HashMap<ClassId, State>)> {
    let (mut open, mut states) = (Vec::with_capacity(classes.len()), HashMap::with_capacity(classes.len()));
    for class in classes {
        let state = lock_both(tx, class).await?[conduct::index(task.term)];
        if !state.is_closed() {
            open.push(class.clone());
            states.insert(class.id, state);
        }
    }
    Ok((open, states))
}

async fn compute(conn: &impl ConnectionTrait, task: &Task, classes: &[ClassFacts]) -> Result<Plan> {
    let mut plan = Plan { ready: Vec::with_capacity(classes.len()), waiting: Vec::new() };
    for class in classes {
        let mut book = Book::read(conn, class.clone()).await?;
        if book.state(task.term).is_closed() {
            continue;
        }
        let missing = owed(&book, task.term);
        if missing > 0 {
            plan.waiting.push((class.id, missing));
            continue;
        }
        plan.ready.push(publish::make(&mut book, task.term)?);
    }
    Ok(plan)
}

async fn write(
    tx: &Tx<'_>,
    task: &Task,
    school: UnitId,
    plan: &Plan,
    states: &HashMap<ClassId, State>,
) -> Result<((), Vec<Event>)> {
    let state = |ready: &Made| states.get(&ready.class.id).copied();
    let ready: Option<Vec<(&Made, State)>> = plan.ready.iter().map(|ready| Some((ready, state(ready)?))).collect();
    let ready = ready.ok_or_else(|| Error::internal("a class to be closed was not locked"))?;
    publish::write(tx, school, task.term, &ready).await?;
    let learners: usize = plan.ready.iter().map(|ready| ready.learners).sum();
    note_waiting(tx, task, school, &plan.waiting).await?;
    let mut run = Query::update();
    run.table("closing_run")
        .value("closed", Expr::col("closed").add(i32::try_from(plan.ready.len()).unwrap_or(i32::MAX)))
        .value("learners", Expr::col("learners").add(i32::try_from(learners).unwrap_or(i32::MAX)))
        .and_where(Expr::col("id").eq(task.run.0));
    tx.conn().execute(&run).await?;
    let classes = plan.ready.iter().map(
        |ready| json!({ "class": ready.class.id, "policy": ready.policy, "learners": ready.learners, "year": ready.year() }),
    );
    let event = Event::new(Some(school), "term.closed", "unit", school).after(&json!({
        "run": task.run,
        "term": value::term_number(task.term),
        "state": TermState::Closed,
        "classes": classes.collect::<Vec<_>>(),
        "waiting": plan.waiting.len(),
    }));
    Ok(((), vec![event]))
}

async fn note_waiting(tx: &Tx<'_>, task: &Task, school: UnitId, waiting: &[(ClassId, u32)]) -> Result<()> {
    if waiting.is_empty() {
        return Ok(());
    }
    let mut insert = Query::insert();
    insert.into_table("closing_run_class").columns(["school_id", "run_id", "class_id", "missing"]);
    for (class, missing) in waiting {
        insert.values_panic([
            school.0.into(),
            task.run.0.into(),
            class.0.into(),
            i32::try_from(*missing).unwrap_or(i32::MAX).into(),
        ]);
    }
    insert.on_conflict(OnConflict::columns(["school_id", "run_id", "class_id"]).update_column("missing").to_owned());
    tx.conn().execute(&insert).await?;
    Ok(())
}
