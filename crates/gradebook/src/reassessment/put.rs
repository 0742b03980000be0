//! Writing what was assessed again, and making the frozen years again with it.

use super::{Items, Kept, Key, decision_of, item, locked};
use crate::bulk::{self, ReassessmentHistoryRow, ReassessmentRow as Stored};
use crate::contact_book::notices::notify_in;
use crate::contact_book::words::Because;
use crate::results::book::Book;
use crate::results::{frozen, published};
use crate::value;
use dto::access::Permission;
use dto::gradebook::{CellResult, Period};
use dto::reassessment::{PutReassessment, PutReassessmentItem, ReassessmentOutcome, ReassessmentSaved};
use dto::{ClassId, Code, LearnerId};
use kernel::{Ctx, Db, Error, Event, Result, Tx};
use regulations::{CellValue, Slot, tt27};
use serde_json::json;
use std::collections::{BTreeSet, HashMap, HashSet};
use uuid::Uuid;

const REPLACE: &str = " ON CONFLICT (\"school_id\", \"class_id\", \"learner_id\", \"subject_code\", \"slot\") DO UPDATE SET \
    \"mark\" = excluded.\"mark\", \"flag\" = excluded.\"flag\", \"version\" = excluded.\"version\", \
    \"updated_at\" = excluded.\"updated_at\", \"updated_by\" = excluded.\"updated_by\", \"reason\" = excluded.\"reason\" \
    WHERE \"reassessment\".\"version\" = excluded.\"version\" - 1";

/// A value that takes the place of what stood.
pub(super) struct Change {
    pub key: Key,
    pub value: Option<CellValue>,
    /// From 1.
    pub version: i64,
}

/// Saves what was assessed again, each item with the version that its writer saw. While the principal's decision stands, what it was made
/// of cannot be changed. The years of the pupils concerned are frozen anew.
///
/// Errors: `not_found`; `regulation_unavailable`; `term_not_closed` while a term is open; `year_closed`.
pub async fn put(db: &Db, ctx: &Ctx, class: ClassId, body: &PutReassessment) -> Result<ReassessmentSaved> {
    db.write(ctx, async |tx| put_in(tx, class, body).await).await
}

async fn put_in(tx: &Tx<'_>, class: ClassId, body: &PutReassessment) -> Result<(ReassessmentSaved, Vec<Event>)> {
    let (book, items) = locked(tx, Permission::CouncilWrite, class).await?;
    let mut asked: HashMap<LearnerId, HashSet<(String, Slot)>> = HashMap::new();
    for line in book.finishing() {
        let learner = line.learner_id;
        let short = book.primary_year(learner, None).short;
        let of = short.iter().map(|short| item(&book, &items, learner, short)).map(|item| (item.subject_code, item.slot));
        asked.insert(learner, of.collect());
    }
    let mut seen = HashSet::new();
    let mut changes: Vec<Change> = Vec::new();
    let mut outcomes = Vec::with_capacity(body.items.len());
    for put in &body.items {
        let key = (put.learner_id, put.subject_code.clone(), put.slot.code().to_owned());
        let now = items.get(&key);
        let (value, version) = now.map_or((None, 0), |kept| (kept.value(), kept.version));
        let fault = if seen.insert(key.clone()) { fault(&book, &items, &asked, put) } else { Some(Code::CellRepeated) };
        let stands = |outcome| ReassessmentOutcome {
            learner_id: put.learner_id,
            subject_code: put.subject_code.clone(),
            slot: put.slot,
            outcome,
            value,
            version,
            code: fault.map(|code| code.as_str().to_owned()),
        };
        outcomes.push(if fault.is_some() {
            stands(CellResult::Refused)
        } else if put.value == value {
            stands(CellResult::Unchanged)
        } else if put.version != version {
            stands(CellResult::Conflict)
        } else {
            changes.push(Change { key, value: put.value, version: version + 1 });
            ReassessmentOutcome { value: put.value, version: version + 1, ..stands(CellResult::Saved) }
        });
    }
    let (before, after) = write(tx, &book, &items, &changes, body.reason.as_deref()).await?;
    let verb = if changes.is_empty() { "reassessment.kept" } else { "reassessment.saved" };
    let event = Event::new(Some(book.class.school_id), verb, "class", book.class.id).before(&before).after(&after);
    Ok((ReassessmentSaved { items: outcomes }, vec![event]))
}

fn fault(
    book: &Book,
    items: &Items,
    asked: &HashMap<LearnerId, HashSet<(String, Slot)>>,
    put: &PutReassessmentItem,
) -> Option<Code> {
    let Some(of) = asked.get(&put.learner_id) else { return Some(Code::NotInSummer) };
    let Slot::Primary(slot) = put.slot else { return Some(Code::SlotUnknown) };
    if !of.contains(&(put.subject_code.clone(), put.slot)) {
        return Some(Code::NotInSummer);
    }
    if items.get(&decision_of(put.learner_id)).is_some_and(|kept| kept.completed().is_some()) {
        return Some(Code::DecisionStands);
    }
    // Absent or exempt says nothing of an assessment: the cell is left empty.
    let fits = |value| tt27::fits(slot, value, &book.policy.tt27) && !matches!(value, CellValue::Absent | CellValue::Exempt);
    (!put.value.is_none_or(fits)).then_some(Code::MarkInvalid)
}

/// Writes rows, keeps what they supersede, and freezes the years of their pupils anew. Gives what to log: before and after.
pub(super) async fn write(
    tx: &Tx<'_>,
    book: &Book,
    items: &Items,
    changes: &[Change],
    reason: Option<&str>,
) -> Result<(serde_json::Value, serde_json::Value)> {
    let conn = tx.conn();
    let class = &book.class;
    let superseded: Vec<ReassessmentHistoryRow> = changes
        .iter()
        .filter_map(|change| {
            let kept: &Kept = items.get(&change.key)?;
            let (learner, subject, slot) = change.key.clone();
            Some(ReassessmentHistoryRow {
                school_id: class.school_id.0,
                class_id: class.id.0,
                learner_id: learner.0,
                subject_code: subject,
                slot,
                version: kept.version,
                mark: kept.mark,
                flag: kept.flag.clone(),
                updated_at: kept.at,
                updated_by: kept.by,
                reason: kept.reason.clone(),
            })
        })
        .collect();
    bulk::insert_or(conn, &superseded, "").await?;
    let rows: Vec<Stored> = changes
        .iter()
        .map(|change| {
            let (learner, subject, slot) = change.key.clone();
            let (mark, flag) = value::columns(change.value);
            Stored {
                school_id: class.school_id.0,
                class_id: class.id.0,
                learner_id: learner.0,
                subject_code: subject,
                slot,
                mark,
                flag,
                version: change.version,
                updated_at: tx.now(),
                updated_by: tx.ctx().account.map(Uuid::from),
                reason: reason.map(str::to_owned),
            }
        })
        .collect();
    if bulk::insert_or(conn, &rows, REPLACE).await? != rows.len() as u64 {
        return Err(Error::new(Code::Busy));
    }
    let learners: BTreeSet<LearnerId> = changes.iter().map(|change| change.key.0).collect();
    let stood = frozen::read(conn, class, Period::Year).await?;
    let stood: Vec<_> = stood.into_iter().map(|(_, result)| result).filter(|r| learners.contains(&r.learner_id)).collect();
    let made = if learners.is_empty() {
        Vec::new()
    } else {
        let book = Book::read(conn, class.clone()).await?;
        frozen::freeze_again(tx, &book, Period::Year, &learners).await?
    };
    // Families have seen the year as it was closed: they are told where it is another one now.
    let change = tx.now().timestamp_micros().to_string();
    let other = made.iter().filter(|now| {
        let before = stood.iter().find(|before| before.learner_id == now.learner_id);
        before.is_some_and(|before| published::differs(before, now))
    });
    let notices = other.map(|now| published::changed(class, now.learner_id, Period::Year, Because::Reassessed, &change));
    notify_in(tx, &notices.collect::<Vec<_>>()).await?;
    let before: Vec<_> =
        superseded.iter().map(|row| json!([row.learner_id, row.subject_code, row.slot, row.mark, row.flag])).collect();
    let after: Vec<_> = rows.iter().map(|row| json!([row.learner_id, row.subject_code, row.slot, row.mark, row.flag])).collect();
    Ok((json!({ "items": before, "year": stood }), json!({ "items": after, "reason": reason, "year": made })))
}
