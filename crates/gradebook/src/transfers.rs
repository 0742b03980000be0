//! Joining a class: the marks, and what was entered by date, of the classes before in the same year come along, as far as their term
//! is open in both, from whatever school of the installation. A term that was closed before is brought as its result (see
//! [`crate::results`]); marks of a school that is none of ours are typed, with the source `transfer`.

use crate::bulk::{self, AbsenceRow, MarkRow};
use crate::closing::lock_both;
use crate::facts::{self, ClassFacts};
use crate::{policy, term, value};
use chrono::NaiveDate;
use dto::access::Permission;
use dto::calendar::Term;
use dto::classes::{ClassMember, PostEnrolment};
use dto::gradebook::MarkSource;
use dto::{ClassId, LearnerId};
use kernel::{Ctx, Db, Event, Result, Tx};
use regulations::Policy;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use serde_json::json;
use std::collections::HashSet;
use uuid::Uuid;

/// Puts a learner of the school into a class from a day on, with the marks of the class that they come from.
///
/// Errors: those of [`records::classes::enrol_in`].
pub async fn enrol(db: &Db, ctx: &Ctx, class: ClassId, body: &PostEnrolment) -> Result<ClassMember> {
    db.write(ctx, async |tx| {
        let (member, mut events) = records::classes::enrol_in(tx, class, body).await?;
        let class = facts::class(tx.conn(), tx.ctx(), Permission::ClassWrite, Permission::ClassWrite, class).await?;
        events.extend(bring_in(tx, &class, body.learner_id).await?);
        Ok((member, events))
    })
    .await
}

/// Copies what is open of a learner's year from the classes before. Nothing that stands in the new class is touched.
pub async fn bring_in(tx: &Tx<'_>, class: &ClassFacts, learner: LearnerId) -> Result<Option<Event>> {
    let conn = tx.conn();
    let Ok(policy) = policy::of(class) else { return Ok(None) };
    let before: Vec<ClassId> =
        facts::elsewhere(conn, class, &[learner]).await?.into_iter().map(|(_, _, before)| before).collect();
    if before.is_empty() {
        return Ok(None);
    }
    let states = lock_both(tx, class).await?;
    let (mut marks, mut absences) = (Vec::new(), Vec::new());
    for id in before {
        let old = facts::class_unscoped(conn, id).await?;
        let old_states = term::states(conn, &old).await?;
        let open: Vec<Term> = [Term::S1, Term::S2]
            .into_iter()
            .enumerate()
            .filter(|(at, _)| !states[*at].is_closed() && !old_states[*at].is_closed())
            .map(|(_, term)| term)
            .collect();
        if open.is_empty() {
            continue;
        }
        marks.extend(copied_marks(tx, class, &old, learner, &open, &policy).await?);
        absences.extend(copied_absences(tx, class, &old, learner, &open).await?);
    }
    // The latest class comes first; what it has stands.
    let mut known = HashSet::new();
    marks.retain(|row: &MarkRow| known.insert((row.subject_code.clone(), row.term, row.slot)));
    let mut known = HashSet::new();
    absences.retain(|row: &AbsenceRow| known.insert((row.day, row.session)));
    let marks_written = bulk::insert_or(conn, &marks, " ON CONFLICT DO NOTHING").await?;
    let absences_written = bulk::insert_or(conn, &absences, " ON CONFLICT DO NOTHING").await?;
    if marks_written + absences_written == 0 {
        return Ok(None);
    }
    let cells: Vec<_> = marks.iter().map(|row| json!([row.subject_code, row.term, row.slot, row.mark, row.flag])).collect();
    Ok(Some(
        Event::new(Some(class.school_id), "transfer.brought", "class", class.id)
            .after(&json!({ "learner": learner, "cells": cells, "absences": absences.len() })),
    ))
}

/// Where marks are from: the class, and the school where it is another one.
fn told(class: &ClassFacts, old: &ClassFacts) -> String {
    match old.school_id == class.school_id {
        true => old.name.clone(),
        false => format!("{}, {}", old.name, old.school_name),
    }
}

async fn copied_marks(
    tx: &Tx<'_>,
    class: &ClassFacts,
    old: &ClassFacts,
    learner: LearnerId,
    open: &[Term],
    policy: &Policy,
) -> Result<Vec<MarkRow>> {
    let conn = tx.conn();
    let subjects = facts::subjects(conn, class.id).await?;
    let mut query = Query::select();
    query
        .columns(["subject_code", "term", "slot", "mark", "flag"])
        .from("mark")
        .and_where(Expr::col("school_id").eq(old.school_id.0))
        .and_where(Expr::col("class_id").eq(old.id.0))
        .and_where(Expr::col("subject_code").is_in(subjects.iter().map(|subject| subject.code.as_str())))
        .and_where(Expr::col("term").is_in(open.iter().map(|term| value::term_number(*term))))
        .and_where(Expr::col("learner_id").eq(learner.0));
    let mut rows = Vec::new();
    for row in conn.query_all(&query).await? {
        let code: String = row.try_get_by_index(0)?;
        let Some((slot, Some(value))) = value::cell(&row, 2)? else { continue };
        let Some(subject) = subjects.iter().find(|subject| subject.code == code) else { continue };
        let term = if row.try_get_by_index::<i16>(1)? == 2 { Term::S2 } else { Term::S1 };
        let columns = policy::columns(class.grade, subject, term, policy);
        if !columns.contains(&slot) || !regulations::fits(slot, subject.kind, value, policy) {
            continue;
        }
        let (mark, flag) = value::columns(Some(value));
        rows.push(MarkRow {
            school_id: class.school_id.0,
            class_id: class.id.0,
            subject_code: code,
            term: row.try_get_by_index(1)?,
            learner_id: learner.0,
            slot: slot.code(),
            mark,
            flag,
            version: 1,
            updated_at: tx.now(),
            updated_by: tx.ctx().account.map(Uuid::from),
            source: MarkSource::Transfer.as_str(),
            reason: Some(told(class, old)),
        });
    }
    Ok(rows)
}

async fn copied_absences(
    tx: &Tx<'_>,
    class: &ClassFacts,
    old: &ClassFacts,
    learner: LearnerId,
    open: &[Term],
) -> Result<Vec<AbsenceRow>> {
    let conn = tx.conn();
    let terms = facts::terms(conn, class.school_year_id).await?;
    let within = |day: NaiveDate| terms.iter().any(|d| open.contains(&d.term) && d.starts_on <= day && day <= d.ends_on);
    let mut query = Query::select();
    query
        .columns(["day", "session", "kind", "note"])
        .from("absence")
        .and_where(Expr::col("school_id").eq(old.school_id.0))
        .and_where(Expr::col("class_id").eq(old.id.0))
        .and_where(Expr::col("learner_id").eq(learner.0))
        .and_where(Expr::col("kind").is_not_null());
    let mut rows = Vec::new();
    for row in conn.query_all(&query).await? {
        let (day, session, kind): (NaiveDate, String, String) =
            (row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        let (Ok(session), Ok(kind)) = (session.parse::<dto::council::DaySession>(), kind.parse::<dto::council::AbsenceKind>())
        else {
            continue;
        };
        if !within(day) {
            continue;
        }
        rows.push(AbsenceRow {
            school_id: class.school_id.0,
            class_id: class.id.0,
            day,
            session: session.as_str(),
            learner_id: learner.0,
            kind: Some(kind.as_str()),
            note: row.try_get_by_index(3)?,
            version: 1,
            updated_at: tx.now(),
            updated_by: tx.ctx().account.map(Uuid::from),
        });
    }
    Ok(rows)
}
