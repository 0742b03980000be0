//! What a teacher writes about each learner in a subject and term (TT 22/2021 Đ.5).
//!
//! Written in bulk with versions like marks: what another has changed meanwhile comes back as it stands, nothing is overwritten
//! unseen. Every text that was superseded is kept. Closing a term closes its comments too, and so does the deadline
//! of its last marks, until an opening is granted.

use crate::bulk::{self, CommentHistoryRow, CommentStored};
use crate::deadlines::locks;
use crate::facts::{self, RosterLine, SectionFacts};
use crate::people::Names;
use crate::{term, value};
use chrono::{DateTime, Utc};
use dto::access::Permission;
use dto::calendar::Term;
use dto::comments::{CommentChange, CommentOutcome, CommentRow, CommentSheet, CommentsSaved, PutComment, PutComments};
use dto::gradebook::{CellResult, TermState};
use dto::page::Page;
use dto::{ClassId, Code, LearnerId, UnitId};
use kernel::{Ctx, Db, Error, Event, Result, Tx};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult};
use serde_json::{Map, Value, json};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

const REPLACE: &str = " ON CONFLICT (\"school_id\", \"class_id\", \"subject_code\", \"term\", \"learner_id\") DO UPDATE SET \
    \"comment\" = excluded.\"comment\", \"version\" = excluded.\"version\", \"updated_at\" = excluded.\"updated_at\", \
    \"updated_by\" = excluded.\"updated_by\" WHERE \"subject_comment\".\"version\" = excluded.\"version\" - 1";

#[derive(Clone, Debug)]
struct Kept {
    text: Option<String>,
    version: i64,
    at: DateTime<Utc>,
    by: Option<Uuid>,
}

/// The comments of a section that stand, or those that were superseded.
fn of_section(table: &'static str, section: &SectionFacts, term: Term) -> SelectStatement {
    let mut query = Query::select();
    query
        .columns(["learner_id", "comment", "version", "updated_at", "updated_by"])
        .from(table)
        .and_where(Expr::col("school_id").eq(section.class.school_id.0))
        .and_where(Expr::col("class_id").eq(section.class.id.0))
        .and_where(Expr::col("subject_code").eq(section.subject.code.as_str()))
        .and_where(Expr::col("term").eq(value::term_number(term)));
    query
}

fn kept_row(row: &QueryResult) -> Result<(LearnerId, Kept)> {
    let kept = Kept {
        text: row.try_get_by_index(1)?,
        version: row.try_get_by_index(2)?,
        at: row.try_get_by_index(3)?,
        by: row.try_get_by_index(4)?,
    };
    Ok((LearnerId(row.try_get_by_index(0)?), kept))
}

async fn kept(conn: &impl ConnectionTrait, section: &SectionFacts, term: Term) -> Result<HashMap<LearnerId, Kept>> {
    conn.query_all(&of_section("subject_comment", section, term)).await?.iter().map(kept_row).collect()
}

/// The comments that stand, each with its version.
pub(crate) async fn standing(
    conn: &impl ConnectionTrait,
    section: &SectionFacts,
    term: Term,
) -> Result<HashMap<LearnerId, (Option<String>, i64)>> {
    Ok(kept(conn, section, term).await?.into_iter().map(|(learner, kept)| (learner, (kept.text, kept.version))).collect())
}

async fn roster(conn: &impl ConnectionTrait, section: &SectionFacts) -> Result<Vec<RosterLine>> {
    let elective = (!section.subject.whole_class).then_some(section.subject.code.as_str());
    facts::roster(conn, section.class.school_id, section.class.id, elective).await
}

/// The comments of a class, subject and term.
pub async fn sheet(db: &Db, ctx: &Ctx, class: ClassId, subject: &str, term: Term) -> Result<CommentSheet> {
    let conn = db.read();
    let section = facts::section(conn, ctx, Permission::MarkRead, Permission::MarkWrite, class, subject, term).await?;
    let mut kept = kept(conn, &section, term).await?;
    let state = term::state(conn, &section.class, term).await?;
    let lock = locks::read(conn, &section, term).await?.of_comments();
    let rows = roster(conn, &section).await?.into_iter().map(|line| {
        let stands = kept.remove(&line.learner_id);
        CommentRow {
            left: line.left_by(section.term_ends_on),
            learner_id: line.learner_id,
            ordinal: line.ordinal,
            full_name: line.full_name,
            given_name: line.given_name,
            version: stands.as_ref().map_or(0, |kept| kept.version),
            text: stands.and_then(|kept| kept.text),
        }
    });
    let rows = rows.collect();
    let SectionFacts { class, subject, .. } = section;
    Ok(CommentSheet {
        school_id: class.school_id,
        class_id: class.id,
        class_name: class.name,
        term,
        subject_code: subject.code,
        subject_name_vi: subject.name_vi,
        subject_name_en: subject.name_en,
        writable: class.writable && state.state == TermState::Open,
        state: state.state,
        lock,
        rows,
    })
}

/// A learner's comments in these classes, for each term by subject; those of the first class stand.
pub(crate) async fn of_learner(
    conn: &impl ConnectionTrait,
    classes: &[(UnitId, ClassId)],
    learner: LearnerId,
) -> Result<HashMap<(Term, String), String>> {
    if classes.is_empty() {
        return Ok(HashMap::new());
    }
    let mut query = Query::select();
    query
        .columns(["class_id", "term", "subject_code", "comment"])
        .from("subject_comment")
        .and_where(Expr::col("school_id").is_in(classes.iter().map(|(school, _)| school.0)))
        .and_where(Expr::col("class_id").is_in(classes.iter().map(|(_, class)| class.0)))
        .and_where(Expr::col("learner_id").eq(learner.0))
        .and_where(Expr::col("comment").is_not_null());
    let mut found: Vec<(usize, Term, String, String)> = Vec::new();
    for row in conn.query_all(&query).await? {
        let class = ClassId(row.try_get_by_index(0)?);
        let rank = classes.iter().position(|(_, id)| *id == class).unwrap_or(classes.len());
        let term = if row.try_get_by_index::<i16>(1)? == 1 { Term::S1 } else { Term::S2 };
        found.push((rank, term, row.try_get_by_index(2)?, row.try_get_by_index(3)?));
    }
    found.sort_by_key(|(rank, ..)| std::cmp::Reverse(*rank));
    Ok(found.into_iter().map(|(_, term, subject, text)| ((term, subject), text)).collect())
}

/// Saves comments, each with the version that its writer saw.
pub async fn put(db: &Db, ctx: &Ctx, class: ClassId, subject: &str, term: Term, body: &PutComments) -> Result<CommentsSaved> {
    db.write(ctx, async |tx| put_in(tx, class, subject, term, body).await).await
}

/// What will be kept of what was sent: no spaces around it, and nothing instead of an empty text.
pub(crate) fn tidy(text: Option<&str>) -> Option<String> {
    text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

async fn put_in(
    tx: &Tx<'_>,
    class: ClassId,
    subject: &str,
    term: Term,
    body: &PutComments,
) -> Result<(CommentsSaved, Vec<Event>)> {
    let conn = tx.conn();
    let section = facts::section(conn, tx.ctx(), Permission::MarkWrite, Permission::MarkWrite, class, subject, term).await?;
    if term::lock(tx, &section.class, term).await?.is_closed() {
        return Err(Error::new(Code::TermClosed));
    }
    let roster = roster(conn, &section).await?;
    let locks = locks::read(conn, &section, term).await?;
    if let Some(lock) = locks.closes_comments() {
        return Err(locks::refusal(lock, tx.ctx().lang));
    }
    let left: HashMap<LearnerId, bool> = roster.iter().map(|l| (l.learner_id, l.left_by(section.term_ends_on))).collect();
    let kept = kept(conn, &section, term).await?;

    let mut seen = HashSet::new();
    let mut changes: Vec<(&PutComment, Option<String>, i64)> = Vec::new();
    let mut outcomes = Vec::with_capacity(body.rows.len());
    for row in &body.rows {
        let stands = kept.get(&row.learner_id);
        let (text, version) = stands.map_or((None, 0), |k| (k.text.clone(), k.version));
        let wanted = tidy(row.text.as_deref());
        let fault = match left.get(&row.learner_id) {
            None => Some(Code::NotFound),
            Some(true) => Some(Code::LearnerLeft),
            Some(false) if !seen.insert(row.learner_id) => Some(Code::CellRepeated),
            Some(false) => None,
        };
        let mut outcome = CommentOutcome {
            learner_id: row.learner_id,
            outcome: CellResult::Refused,
            text,
            version,
            code: fault.map(|code| code.as_str().to_owned()),
            changed_by: None,
            changed_at: None,
        };
        let mut conflict = None;
        if fault.is_none() {
            outcome.outcome = if wanted == outcome.text {
                CellResult::Unchanged
            } else if row.version != version {
                conflict = stands;
                CellResult::Conflict
            } else {
                outcome.text.clone_from(&wanted);
                outcome.version = version + 1;
                changes.push((row, wanted, version + 1));
                CellResult::Saved
            };
        }
        outcomes.push((outcome, conflict));
    }
    let superseded: Vec<CommentHistoryRow> = changes
        .iter()
        .filter_map(|(row, ..)| {
            let stood = kept.get(&row.learner_id)?;
            Some(CommentHistoryRow {
                school_id: section.class.school_id.0,
                class_id: section.class.id.0,
                subject_code: section.subject.code.clone(),
                term: value::term_number(term),
                learner_id: row.learner_id.0,
                version: stood.version,
                comment: stood.text.clone(),
                updated_at: stood.at,
                updated_by: stood.by,
            })
        })
        .collect();
    bulk::insert_or(conn, &superseded, "").await?;
    let rows: Vec<CommentStored> = changes
        .iter()
        .map(|(row, text, version)| CommentStored {
            school_id: section.class.school_id.0,
            class_id: section.class.id.0,
            subject_code: section.subject.code.clone(),
            term: value::term_number(term),
            learner_id: row.learner_id.0,
            comment: text.clone(),
            updated_at: tx.now(),
            updated_by: tx.ctx().account.map(Uuid::from),
            version: *version,
        })
        .collect();
    if bulk::insert_or(conn, &rows, REPLACE).await? != rows.len() as u64 {
        return Err(Error::new(Code::Busy));
    }
    let names = Names::of(conn, tx.ctx().lang, outcomes.iter().filter_map(|(_, kept)| kept.map(|k| k.by))).await?;
    let outcomes = outcomes
        .into_iter()
        .map(|(mut outcome, conflict)| {
            if let Some(kept) = conflict {
                outcome.changed_by = Some(names.name(kept.by));
                outcome.changed_at = Some(kept.at);
            }
            outcome
        })
        .collect();
    let before: Map<String, Value> = changes
        .iter()
        .filter_map(|(row, ..)| Some((row.learner_id.to_string(), json!(kept.get(&row.learner_id)?.text))))
        .collect();
    let after: Map<String, Value> = changes.iter().map(|(row, text, _)| (row.learner_id.to_string(), json!(text))).collect();
    let verb = if changes.is_empty() { "comment.kept" } else { "comment.saved" };
    let event = Event::new(Some(section.class.school_id), verb, "class", section.class.id)
        .before(&json!({ "comments": before }))
        .after(&json!({ "subject": section.subject.code, "term": value::term_number(term), "comments": after }));
    Ok((CommentsSaved { saved_at: tx.now(), rows: outcomes }, vec![event]))
}

/// Every write of a comment, newest first: who, when, before, after.
///
/// Errors: `not_found` (the class, the subject, the learner).
pub async fn history(
    db: &Db,
    ctx: &Ctx,
    class: ClassId,
    subject: &str,
    term: Term,
    learner: LearnerId,
) -> Result<Page<CommentChange>> {
    let conn = db.read();
    let section = facts::section(conn, ctx, Permission::MarkRead, Permission::MarkWrite, class, subject, term).await?;
    if !roster(conn, &section).await?.iter().any(|line| line.learner_id == learner) {
        return Err(Error::new(Code::NotFound));
    }
    let mut writes: Vec<Kept> = Vec::new();
    for table in ["subject_comment", "subject_comment_history"] {
        let mut query = of_section(table, &section, term);
        query.and_where(Expr::col("learner_id").eq(learner.0));
        for row in conn.query_all(&query).await? {
            writes.push(kept_row(&row)?.1);
        }
    }
    // A write that committed between the two reads may be in both.
    writes.sort_by_key(|kept| std::cmp::Reverse(kept.version));
    writes.dedup_by_key(|kept| kept.version);
    let names = Names::of(conn, ctx.lang, writes.iter().map(|kept| kept.by)).await?;
    let before = writes.iter().skip(1).map(|kept| kept.text.clone()).chain([None]);
    let items = writes.iter().zip(before).map(|(kept, before)| CommentChange {
        version: kept.version,
        before,
        after: kept.text.clone(),
        at: kept.at,
        by: names.name(kept.by),
    });
    Ok(Page { items: items.collect(), next: None })
}
