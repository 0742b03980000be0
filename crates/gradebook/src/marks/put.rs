//! Writing many cells at once.

use super::query::{self, Kept};
use crate::bulk::{self, MarkHistoryRow, MarkRow};
use crate::deadlines::locks::{self, Locks};
use crate::facts::{self, SectionFacts};
use crate::people::Names;
use crate::{policy, term, value};
use dto::access::Permission;
use dto::calendar::Term;
use dto::gradebook::{CellOutcome, CellResult, MarksSaved, PutCell, PutMarks};
use dto::live::SheetCell;
use dto::{ClassId, Code, LearnerId};
use kernel::{Ctx, Db, Error, Event, Result, Tx};
use regulations::{CellValue, Policy, Slot};
use serde_json::{Map, Value, json};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// What happens where the cell has been written before. The version is checked once more, although the lock has seen to it: a row
/// that moved on is not touched, and the count of rows tells.
const REPLACE: &str = " ON CONFLICT (\"school_id\", \"class_id\", \"subject_code\", \"term\", \"learner_id\", \"slot\") DO UPDATE SET \
    \"mark\" = excluded.\"mark\", \"flag\" = excluded.\"flag\", \"version\" = excluded.\"version\", \
    \"updated_at\" = excluded.\"updated_at\", \"updated_by\" = excluded.\"updated_by\", \"source\" = excluded.\"source\", \
    \"reason\" = excluded.\"reason\" WHERE \"mark\".\"version\" = excluded.\"version\" - 1";

/// Saves cells of a sheet. Each carries the version that its writer saw:
///
/// - the cell moved on meanwhile: a conflict, with what stands there now, who wrote it and when; nothing is overwritten;
/// - it moved on to the very value sent, or had it already: unchanged (so that sending again after a lost answer does no harm);
/// - its deadline has passed and nothing opened it again: refused with `marks_locked`; where that is so of every cell, the call is;
/// - the column, the value or the learner does not fit: refused, with a code of the error table;
/// - else saved; the value before goes into the history.
///
/// All that is saved is saved in one transaction, with one entry in the log that lists the cells.
pub async fn put(db: &Db, ctx: &Ctx, class: ClassId, subject: &str, term: Term, body: &PutMarks) -> Result<MarksSaved> {
    db.write(ctx, async |tx| put_in(tx, class, subject, term, body).await).await
}

/// The same within a write of more.
pub(crate) async fn put_in(
    tx: &Tx<'_>,
    class: ClassId,
    subject: &str,
    term: Term,
    body: &PutMarks,
) -> Result<(MarksSaved, Vec<Event>)> {
    let conn = tx.conn();
    let section = facts::section(conn, tx.ctx(), Permission::MarkWrite, Permission::MarkWrite, class, subject, term).await?;
    let policy = policy::of(&section.class)?;
    if term::lock(tx, &section.class, term).await?.is_closed() {
        return Err(super::closed());
    }
    // Everything below reads after the lock, so it sees what the writer before has committed.
    let roster = super::roster(conn, &section).await?;
    let left: HashMap<LearnerId, bool> =
        roster.iter().map(|line| (line.learner_id, line.left_by(section.term_ends_on))).collect();
    let sheet = Sheet {
        slots: policy::columns(section.class.grade, &section.subject, term, &policy),
        kept: query::kept(conn, &section, term).await?,
        topics: super::topics(conn, &section).await?,
        left,
        locks: locks::read(conn, &section, term).await?,
        section,
        term,
        policy,
    };
    let plan = sheet.plan(body);
    if let Some(lock) = plan.all_locked.then(|| body.cells.first().and_then(|cell| sheet.locks.closes(cell.slot))).flatten() {
        return Err(locks::refusal(lock, tx.ctx().lang));
    }
    let conflicts = plan.outcomes.iter().filter_map(|(_, kept)| kept.as_ref().map(|k| k.by));
    let names = Names::of(conn, tx.ctx().lang, conflicts).await?;

    sheet.write(tx, body, &plan.changes).await?;
    let cell = |c: &Change| SheetCell { learner_id: c.learner, slot: c.slot, value: c.value, version: c.version };
    super::live::announce(tx, &sheet.section, term, plan.changes.iter().map(cell).collect()).await?;
    let event = sheet.event(&plan, body);
    let outcomes = plan.outcomes.into_iter().map(|(mut outcome, kept)| {
        if let Some(kept) = kept {
            outcome.changed_by = Some(names.name(kept.by));
            outcome.changed_at = Some(kept.at);
        }
        outcome
    });
    Ok((MarksSaved { saved_at: tx.now(), cells: outcomes.collect() }, vec![event]))
}

/// A sheet under the lock.
struct Sheet {
    section: SectionFacts,
    term: Term,
    slots: Vec<Slot>,
    kept: HashMap<(LearnerId, Slot), Kept>,
    /// Who stands in the sheet, and whether they have left the class.
    left: HashMap<LearnerId, bool>,
    /// Who was named to take the topics, where anybody was.
    topics: Option<HashSet<LearnerId>>,
    policy: Policy,
    locks: Locks,
}

/// What will be written, and what is answered: with each outcome, in a conflict, the cell that won.
struct Plan {
    /// Every cell was refused since its deadline has passed.
    all_locked: bool,
    changes: Vec<Change>,
    outcomes: Vec<(CellOutcome, Option<Kept>)>,
}

struct Change {
    learner: LearnerId,
    slot: Slot,
    value: Option<CellValue>,
    /// From 1.
    version: i64,
}

impl Sheet {
    fn plan(&self, body: &PutMarks) -> Plan {
        let mut plan = Plan {
            all_locked: false,
            changes: Vec::with_capacity(body.cells.len()),
            outcomes: Vec::with_capacity(body.cells.len()),
        };
        let mut seen = HashSet::with_capacity(body.cells.len());
        for cell in &body.cells {
            let kept = self.kept.get(&(cell.learner_id, cell.slot));
            let (value, version) = kept.map_or((None, 0), |k| (k.value, k.version));
            let answer = |outcome, value, version, code: Option<Code>| CellOutcome {
                learner_id: cell.learner_id,
                slot: cell.slot,
                outcome,
                value,
                version,
                code: code.map(|c| c.as_str().to_owned()),
                changed_by: None,
                changed_at: None,
            };
            // A cell that was sent twice is written once: which of the two was meant is not for us to say.
            let fault = if seen.insert((cell.learner_id, cell.slot)) { self.fault(cell) } else { Some(Code::CellRepeated) };
            let outcome = if fault.is_some() {
                (answer(CellResult::Refused, value, version, fault), None)
            } else if cell.value == value {
                (answer(CellResult::Unchanged, value, version, None), None)
            } else if cell.version != version {
                (answer(CellResult::Conflict, value, version, None), kept.cloned())
            } else if self.locks.closes(cell.slot).is_some() {
                (answer(CellResult::Refused, value, version, Some(Code::MarksLocked)), None)
            } else {
                plan.changes.push(Change { learner: cell.learner_id, slot: cell.slot, value: cell.value, version: version + 1 });
                (answer(CellResult::Saved, cell.value, version + 1, None), None)
            };
            plan.outcomes.push(outcome);
        }
        plan.all_locked = plan.outcomes.iter().all(|(o, _)| o.code.as_deref() == Some(Code::MarksLocked.as_str()));
        plan
    }

    fn fault(&self, cell: &PutCell) -> Option<Code> {
        match self.left.get(&cell.learner_id) {
            None => Some(Code::NotFound),
            Some(true) => Some(Code::LearnerLeft),
            Some(false) if !self.slots.contains(&cell.slot) => Some(Code::SlotUnknown),
            // Who does not take the topics has no mark of them; what stands there can be taken out.
            Some(false) if cell.slot == Slot::TOPICS && cell.value.is_some() && !self.takes_topics(cell.learner_id) => {
                Some(Code::SlotUnknown)
            }
            Some(false) if !cell.value.is_none_or(|v| self.fits(cell.slot, v)) => Some(Code::MarkInvalid),
            Some(false) => None,
        }
    }

    fn takes_topics(&self, learner: LearnerId) -> bool {
        self.topics.as_ref().is_none_or(|named| named.contains(&learner))
    }

    fn fits(&self, slot: Slot, value: CellValue) -> bool {
        regulations::fits(slot, self.section.subject.kind, value, &self.policy)
    }

    async fn write(&self, tx: &Tx<'_>, body: &PutMarks, changes: &[Change]) -> Result<()> {
        let superseded: Vec<MarkHistoryRow> = changes.iter().filter_map(|change| self.superseded(change)).collect();
        bulk::insert_or(tx.conn(), &superseded, "").await?;
        let rows: Vec<MarkRow> = changes.iter().map(|change| self.row(tx, body, change)).collect();
        let written = bulk::insert_or(tx.conn(), &rows, REPLACE).await?;
        if written != rows.len() as u64 {
            return Err(Error::new(Code::Busy));
        }
        Ok(())
    }

    fn row(&self, tx: &Tx<'_>, body: &PutMarks, change: &Change) -> MarkRow {
        let (mark, flag) = value::columns(change.value);
        MarkRow {
            school_id: self.section.class.school_id.0,
            class_id: self.section.class.id.0,
            subject_code: self.section.subject.code.clone(),
            term: value::term_number(self.term),
            learner_id: change.learner.0,
            slot: change.slot.code(),
            mark,
            flag,
            version: change.version,
            updated_at: tx.now(),
            updated_by: tx.ctx().account.map(Uuid::from),
            source: body.source.as_str(),
            reason: body.reason.clone(),
        }
    }

    fn superseded(&self, change: &Change) -> Option<MarkHistoryRow> {
        let kept = self.kept.get(&(change.learner, change.slot))?;
        let (mark, flag) = value::columns(kept.value);
        Some(MarkHistoryRow {
            school_id: self.section.class.school_id.0,
            class_id: self.section.class.id.0,
            subject_code: self.section.subject.code.clone(),
            term: value::term_number(self.term),
            learner_id: change.learner.0,
            slot: change.slot.code(),
            version: kept.version,
            mark,
            flag,
            updated_at: kept.at,
            updated_by: kept.by,
            source: kept.source.clone(),
            reason: kept.reason.clone(),
        })
    }

    /// One entry for the whole call. A call that changed nothing leaves one too: it was a write that somebody tried.
    fn event(&self, plan: &Plan, body: &PutMarks) -> Event {
        let of = |pick: &dyn Fn(&Change) -> Option<Value>| {
            let mut learners: Map<String, Value> = Map::new();
            for change in &plan.changes {
                if let Some(value) = pick(change) {
                    let cells = learners.entry(change.learner.to_string()).or_insert_with(|| json!({}));
                    cells[change.slot.code()] = value;
                }
            }
            Value::Object(learners)
        };
        let before = of(&|change| self.kept.get(&(change.learner, change.slot)).map(|kept| short(kept.value)));
        let after = of(&|change| Some(short(change.value)));
        let count = |result| plan.outcomes.iter().filter(|(o, _)| o.outcome == result).count();
        let verb = if plan.changes.is_empty() { "mark.kept" } else { "mark.saved" };
        Event::new(Some(self.section.class.school_id), verb, "class", self.section.class.id)
            .before(&json!({ "cells": before }))
            .after(&json!({
                "subject": self.section.subject.code,
                "term": value::term_number(self.term),
                "source": body.source.as_str(),
                "reason": body.reason,
                "conflicts": count(CellResult::Conflict),
                "refused": count(CellResult::Refused),
                "cells": after,
            }))
    }
}

/// A value in the log: hundredths, a flag, or null.
fn short(value: Option<CellValue>) -> Value {
    match value::columns(value) {
        (Some(mark), _) => mark.into(),
        (None, flag) => flag.into(),
    }
}
