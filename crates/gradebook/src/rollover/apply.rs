//! Doing and undoing a school's rollover, each in one transaction and a few statements.

use super::plan::{Plan, Years};
use crate::bulk::{self, NextYearRow};
use dto::access::Permission;
use dto::council::NextStep;
use dto::rollover::RolloverState;
use dto::{ClassId, Code, LearnerId, UnitId};
use kernel::{Error, Event, Result, Tx};
use records::classes::rollover::{self as lists, Opening};
use records::classes::{self, ahead};
use records::units;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, LockType, Order, Query};
use serde_json::json;
use std::collections::BTreeMap;
use uuid::Uuid;

/// What was done at a school.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Done {
    pub classes: usize,
    pub learners: usize,
    pub opened: usize,
    pub waiting: usize,
    pub fault: Option<Code>,
}

/// Holds the terms of the school's classes of the year, so that no year is opened again meanwhile (see [`crate::term`]).
async fn lock(tx: &Tx<'_>, school: UnitId, years: &Years) -> Result<()> {
    let mut classes = Query::select();
    classes
        .column("id")
        .from("class")
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("school_year_id").eq(years.from.id.0));
    let mut terms = Query::select();
    terms
        .columns(["class_id", "term"])
        .from("class_term")
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("class_id").in_subquery(classes))
        .order_by("class_id", Order::Asc)
        .order_by("term", Order::Asc)
        .lock(LockType::Update);
    tx.conn().query_all(&terms).await?;
    Ok(())
}

/// Fills the next year's classes from every class of a school that is ready and not done yet.
pub(super) async fn apply_in(tx: &Tx<'_>, school: UnitId, years: &Years) -> Result<(Done, Vec<Event>)> {
    lock(tx, school, years).await?;
    let plan = Plan::read(tx.conn(), school, years).await?;
    let waiting = plan.classes.iter().filter(|class| class.state == RolloverState::Waiting).count();
    if plan.targets().iter().any(|target| target.clash) {
        return Ok((Done { waiting, fault: Some(Code::ClassNameTaken), ..Done::default() }, Vec::new()));
    }
    let ready = || plan.classes.iter().filter(|class| class.state == RolloverState::Ready);
    let mut into: BTreeMap<(&str, _), Vec<(usize, LearnerId)>> = BTreeMap::new();
    for going in ready().flat_map(|class| &class.lines) {
        let (Some(name), Some(grade)) = (&going.to, going.grade) else { continue };
        let place = plan.order.get(&going.line.learner_id).copied().unwrap_or(usize::MAX);
        into.entry((name.as_str(), grade)).or_default().push((place, going.line.learner_id));
    }
    let mut events = Vec::new();
    let mut openings = Vec::new();
    let mut targets: BTreeMap<String, ClassId> = BTreeMap::new();
    for ((name, grade), mut learners) in into {
        learners.sort_unstable();
        let learners: Vec<LearnerId> = learners.into_iter().map(|(_, learner)| learner).collect();
        match plan.named.get(name) {
            Some((id, _)) => {
                let target = classes::find_in(tx.conn(), tx.ctx(), Permission::ClassWrite, *id).await?;
                events.extend(ahead::fill(tx, &target, &learners, years.next.starts_on).await?);
                targets.insert(name.to_owned(), *id);
            }
            None => openings.push(Opening { name: name.to_owned(), grade, learners }),
        }
    }
    let made = lists::open_in(tx, plan.school, years.next.id, years.next.starts_on, &openings).await?;
    targets.extend(openings.iter().zip(&made).map(|(opening, id)| (opening.name.clone(), *id)));
    let mut done = Done { opened: made.len(), waiting, ..Done::default() };
    let (mut rows, mut heads) = (Vec::new(), Vec::new());
    for class in ready() {
        let lines = class.lines.iter().filter_map(|going| Some((going, targets.get(going.to.as_ref()?)?)));
        let from = rows.len();
        rows.extend(lines.map(|(going, to)| NextYearRow {
            school_id: school.0,
            class_id: class.class.id.0,
            learner_id: going.line.learner_id.0,
            to_class_id: to.0,
        }));
        let completes = class.lines.iter().filter(|going| going.step == NextStep::Completes).count();
        heads.push(json!({ "class": class.class.id, "learners": rows.len() - from, "completes": completes }));
        done.classes += 1;
    }
    done.learners = rows.len();
    bulk::insert_or(tx.conn(), &rows, "").await?;
    if done.classes > 0 {
        keep(tx, school, years, ready().map(|class| class.class.id), &made).await?;
        let log = json!({ "school_year": years.next.code, "made": made, "at": plan.school, "classes": heads });
        events.push(Event::new(Some(school), "rollover.applied", "unit", school).after(&log));
    }
    Ok((done, events))
}

/// Writes down that classes are done. Which of them made which class does not matter to the school: the first one holds them all.
async fn keep(
    tx: &Tx<'_>,
    school: UnitId,
    years: &Years,
    classes: impl Iterator<Item = ClassId>,
    made: &[ClassId],
) -> Result<()> {
    let all = serde_json::to_string(made).map_err(Error::internal)?;
    let mut insert = Query::insert();
    insert.into_table("next_year").columns([
        "school_id",
        "class_id",
        "school_year_id",
        "made_classes",
        "applied_at",
        "applied_by",
    ]);
    for class in classes {
        insert.values_panic([
            school.0.into(),
            class.0.into(),
            years.next.id.0.into(),
            all.clone().into(),
            tx.now().into(),
            tx.ctx().account.map(Uuid::from).into(),
        ]);
    }
    tx.conn().execute(&insert).await?;
    Ok(())
}

/// Takes back everything that was filled from a school's classes. Refused as a whole once anybody has marks or was moved.
pub(super) async fn undo_in(tx: &Tx<'_>, school: UnitId, years: &Years) -> Result<(Done, Vec<Event>)> {
    lock(tx, school, years).await?;
    let conn = tx.conn();
    let mut heads = Query::select();
    heads
        .columns(["class_id", "made_classes"])
        .from("next_year")
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("school_year_id").eq(years.next.id.0));
    let (mut from, mut made) = (Vec::<Uuid>::new(), Vec::<ClassId>::new());
    for row in conn.query_all(&heads).await? {
        from.push(row.try_get_by_index(0)?);
        let text: String = row.try_get_by_index(1)?;
        let more: Vec<ClassId> =
            serde_json::from_str(&text).map_err(|e| Error::internal(format!("made classes cannot be read: {e}")))?;
        made.extend(more);
    }
    if from.is_empty() {
        return Ok((Done::default(), Vec::new()));
    }
    made.sort_unstable();
    made.dedup();
    let mut query = Query::select();
    query
        .columns(["learner_id", "to_class_id"])
        .from("next_year_line")
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("class_id").is_in(from.iter().copied()));
    let line = |row: &sea_orm::QueryResult| Ok((LearnerId(row.try_get_by_index(0)?), ClassId(row.try_get_by_index(1)?)));
    let lines: Vec<(LearnerId, ClassId)> = conn.query_all(&query).await?.iter().map(line).collect::<Result<_>>()?;
    let at = units::successor_in(conn, school).await?.unwrap_or(school);
    let touched = ahead::touched(conn, at, &lines, years.next.starts_on).await?;
    if !touched.is_empty() {
        return Ok((Done { fault: Some(Code::NextYearUsed), learners: touched.len(), ..Done::default() }, Vec::new()));
    }
    let mut events = ahead::take_back(tx, at, &lines, &made).await?;
    let opened = events.iter().filter(|event| event.verb == "class.removed").count();
    for table in ["next_year_line", "next_year"] {
        let mut delete = Query::delete();
        delete
            .from_table(table)
            .and_where(Expr::col("school_id").eq(school.0))
            .and_where(Expr::col("class_id").is_in(from.iter().copied()));
        conn.execute(&delete).await?;
    }
    let log = json!({ "school_year": years.next.code, "made": made, "classes": from });
    events.push(Event::new(Some(school), "rollover.undone", "unit", school).before(&log));
    Ok((Done { classes: from.len(), learners: lines.len(), opened, ..Done::default() }, events))
}
