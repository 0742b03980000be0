//! Looking at records, and writing down what was found, what came back and what is gone.

use super::entity::{count, day, finding, step};
use super::facts::{Hit, Looked, hits};
use super::rules::terms;
use crate::bulk;
use crate::calendar::working_day_after;
use dto::UnitId;
use dto::quality::{QualityRule, QualityRun, QualityState};
use kernel::{Result, Tx, clock, id};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};
use std::collections::HashMap;
use uuid::Uuid;

/// Looks at a school's records, or one of them, and writes down what differs from before.
pub(super) async fn look_in(tx: &Tx<'_>, school: UnitId, looked: Looked) -> Result<QualityRun> {
    let conn = tx.conn();
    let found = hits(conn, school, looked).await?;
    let mut select = finding::Entity::find().filter(finding::Column::SchoolId.eq(school.0));
    if let Some(id) = looked.one() {
        select = select.filter(finding::Column::SubjectId.eq(id));
    }
    let mut known: HashMap<(String, Uuid), finding::Model> =
        select.all(conn).await?.into_iter().map(|row| ((row.rule.clone(), row.subject_id), row)).collect();
    let mut run = QualityRun { new: 0, fixed: 0, open: 0 };
    let (mut made, mut steps) = (Vec::new(), Vec::new());
    for hit in found {
        match known.remove(&(hit.rule.as_str().to_owned(), hit.subject_id)) {
            None => {
                let row = new(tx, school, hit);
                steps.push(a_step(tx, &row, None));
                made.push(row);
                run.new += 1;
            }
            Some(was) => {
                // What was accepted stays so while nothing about it changes.
                let again = was.state == QualityState::Fixed.as_str()
                    || (was.state == QualityState::Accepted.as_str() && was.vi != hit.vi);
                if again || was.vi != hit.vi || was.title != hit.title {
                    let row = renewed(tx, was, hit, again);
                    if again {
                        steps.push(a_step(tx, &row, None));
                        run.new += 1;
                    }
                    save(conn, &row).await?;
                }
            }
        }
    }
    // What is not found any more and was open has been put right.
    for mut row in known.into_values().filter(|row| row.state == QualityState::Open.as_str()) {
        let rule: QualityRule = crate::stored(&row.rule)?;
        if !looked.runs(rule) {
            continue;
        }
        row.state = QualityState::Fixed.as_str().to_owned();
        row.settled_at = Some(tx.now());
        row.settled_by = tx.ctx().account.map(Uuid::from);
        row.version += 1;
        steps.push(a_step(tx, &row, None));
        save(conn, &row).await?;
        run.fixed += 1;
    }
    bulk::insert_many_in(tx, made).await?;
    bulk::insert_many_in(tx, steps).await?;
    run.open = recount_in(tx, school, looked == Looked::All).await?;
    Ok(run)
}

fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

fn new(tx: &Tx<'_>, school: UnitId, hit: Hit) -> finding::Model {
    finding::Model {
        school_id: school.0,
        rule: hit.rule.as_str().to_owned(),
        subject_id: hit.subject_id,
        id: id::new(),
        title: cut(&hit.title, 200),
        vi: cut(&hit.vi, 500),
        en: cut(&hit.en, 500),
        state: QualityState::Open.as_str().to_owned(),
        due_on: working_day_after(clock::day_of(tx.now()), terms(hit.rule).days),
        found_at: tx.now(),
        settled_at: None,
        settled_by: None,
        reason: None,
        version: 1,
    }
}

fn renewed(tx: &Tx<'_>, was: finding::Model, hit: Hit, again: bool) -> finding::Model {
    let mut row = finding::Model { title: cut(&hit.title, 200), vi: cut(&hit.vi, 500), en: cut(&hit.en, 500), ..was };
    if again {
        row.state = QualityState::Open.as_str().to_owned();
        row.due_on = working_day_after(clock::day_of(tx.now()), terms(hit.rule).days);
        row.found_at = tx.now();
        (row.settled_at, row.settled_by, row.reason) = (None, None, None);
    }
    row.version += 1;
    row
}

/// The step that a finding has just taken.
pub(super) fn a_step(tx: &Tx<'_>, row: &finding::Model, reason: Option<String>) -> step::Model {
    step::Model {
        school_id: row.school_id,
        finding_id: row.id,
        version: row.version,
        state: row.state.clone(),
        at: tx.now(),
        account_id: tx.ctx().account.map(Uuid::from),
        reason,
    }
}

pub(super) async fn save(conn: &impl ConnectionTrait, row: &finding::Model) -> Result<()> {
    finding::Entity::update_many()
        .col_expr(finding::Column::Title, Expr::val(row.title.clone()))
        .col_expr(finding::Column::Vi, Expr::val(row.vi.clone()))
        .col_expr(finding::Column::En, Expr::val(row.en.clone()))
        .col_expr(finding::Column::State, Expr::val(row.state.clone()))
        .col_expr(finding::Column::DueOn, Expr::val(row.due_on))
        .col_expr(finding::Column::FoundAt, Expr::val(row.found_at))
        .col_expr(finding::Column::SettledAt, Expr::val(row.settled_at))
        .col_expr(finding::Column::SettledBy, Expr::val(row.settled_by))
        .col_expr(finding::Column::Reason, Expr::val(row.reason.clone()))
        .col_expr(finding::Column::Version, Expr::val(row.version))
        .filter(finding::Column::SchoolId.eq(row.school_id))
        .filter(finding::Column::Rule.eq(row.rule.as_str()))
        .filter(finding::Column::SubjectId.eq(row.subject_id))
        .exec(conn)
        .await?;
    Ok(())
}

/// Counts a school's findings anew; how many are open comes back. `whole`: all of its records were looked at today.
pub(super) async fn recount_in(tx: &Tx<'_>, school: UnitId, whole: bool) -> Result<u32> {
    let conn = tx.conn();
    let today = clock::day_of(tx.now());
    let rows = finding::Entity::find()
        .filter(finding::Column::SchoolId.eq(school.0))
        .filter(finding::Column::State.ne(QualityState::Fixed.as_str()))
        .all(conn)
        .await?;
    let mut counts: HashMap<&str, (i32, i32, i32)> = QualityRule::ALL.iter().map(|rule| (rule.as_str(), (0, 0, 0))).collect();
    let (mut open, mut overdue) = (0, 0);
    for row in &rows {
        let of = counts.entry(row.rule.as_str()).or_default();
        if row.state == QualityState::Open.as_str() {
            let late = i32::from(row.due_on < today);
            *of = (of.0 + 1, of.1 + late, of.2);
            (open, overdue) = (open + 1, overdue + late);
        } else {
            of.2 += 1;
        }
    }
    count::Entity::delete_many().filter(count::Column::SchoolId.eq(school.0)).exec(conn).await?;
    let rows = counts.into_iter().filter(|(_, n)| *n != (0, 0, 0)).map(|(rule, (open, overdue, accepted))| count::Model {
        school_id: school.0,
        rule: rule.to_owned(),
        open,
        overdue,
        accepted,
    });
    bulk::insert_many_in(tx, rows.collect()).await?;
    let model = day::Model { school_id: school.0, day: today, open, overdue, checked_at: tx.now() };
    let there = day::Entity::find_by_id((school.0, today)).one(conn).await?.is_some();
    // A single record tells how much is open, not that all were looked at.
    if whole || there {
        day::Entity::insert(model.into_active_model())
            .on_conflict(
                OnConflict::columns([day::Column::SchoolId, day::Column::Day])
                    .update_columns([day::Column::Open, day::Column::Overdue, day::Column::CheckedAt])
                    .to_owned(),
            )
            .exec_without_returning(conn)
            .await?;
    }
    Ok(u32::try_from(open).unwrap_or(0))
}
