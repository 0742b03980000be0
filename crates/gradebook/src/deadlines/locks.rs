//! What is locked in one sheet today.

use super::{DAYS, Days};
use crate::facts::SectionFacts;
use crate::value;
use chrono::NaiveDate;
use dto::calendar::Term;
use dto::deadlines::{OpeningState, SlotGroup, SlotLock};
use dto::{Code, Lang};
use kernel::text::dmy;
use kernel::{Error, Result, clock};
use regulations::Slot;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, JoinType, Query};

/// The locks of a sheet, a group each that has a deadline; none where the school has set none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Locks(pub Vec<SlotLock>);

impl Locks {
    pub(crate) fn get(&self, group: SlotGroup) -> Option<&SlotLock> {
        self.0.iter().find(|lock| lock.group == group)
    }

    /// The lock that keeps a column from being written.
    pub(crate) fn closes(&self, slot: Slot) -> Option<&SlotLock> {
        self.get(SlotGroup::of(slot)).filter(|lock| lock.locked)
    }
}

impl Locks {
    /// The lock that keeps comments from being written. They go with the last marks of the term, so they are closed with those; and who was
    /// given any columns of the sheet again may write what belongs to them.
    pub(crate) fn closes_comments(&self) -> Option<&SlotLock> {
        self.get(SlotGroup::Final).filter(|_| self.0.iter().all(|lock| lock.locked))
    }

    /// Whether the comments have a deadline, and what came of it.
    pub(crate) fn of_comments(&self) -> Option<SlotLock> {
        let last = self.get(SlotGroup::Final)?;
        Some(SlotLock {
            locked: self.closes_comments().is_some(),
            open_until: self.0.iter().filter_map(|lock| lock.open_until).max(),
            requested: self.0.iter().any(|lock| lock.requested),
            ..last.clone()
        })
    }
}

/// What is said to who would write behind it.
pub(crate) fn refusal(lock: &SlotLock, lang: Lang) -> Error {
    Error::new(Code::MarksLocked)
        .with("group", group_in_words(lock.group, lang))
        .with("deadline", lock.due_on.map(dmy).unwrap_or_default())
}

/// Reads deadlines and openings together: one statement, since every opening of a sheet needs it.
pub(crate) async fn read(conn: &impl ConnectionTrait, section: &SectionFacts, term: Term) -> Result<Locks> {
    let today = clock::today();
    let class = &section.class;
    let standing = Condition::any()
        .add(Expr::col(("o", "state")).eq(OpeningState::Pending.as_str()))
        .add(Expr::col(("o", "state")).eq(OpeningState::Approved.as_str()).and(Expr::col(("o", "open_until")).gte(today)));
    let mut query = Query::select();
    query
        .columns(DAYS.map(|day| ("d", day)))
        .columns([("o", "slot_groups"), ("o", "open_until")])
        .from_as("mark_deadline", "d")
        .join_as(
            JoinType::LeftJoin,
            "mark_opening",
            "o",
            Condition::all()
                .add(Expr::col(("o", "school_id")).equals(("d", "school_id")))
                .add(Expr::col(("o", "class_id")).eq(class.id.0))
                .add(Expr::col(("o", "term")).equals(("d", "term")))
                .add(Expr::col(("o", "subject_code")).eq(section.subject.code.as_str()))
                .add(standing),
        )
        .and_where(Expr::col(("d", "school_id")).eq(class.school_id.0))
        .and_where(Expr::col(("d", "school_year_id")).eq(class.school_year_id.0))
        .and_where(Expr::col(("d", "term")).eq(value::term_number(term)));
    let rows = conn.query_all(&query).await?;
    let Some(first) = rows.first() else { return Ok(Locks::default()) };
    let days = Days::read(first, 0)?;
    let mut locks: Vec<SlotLock> = SlotGroup::ALL
        .iter()
        .filter_map(|group| {
            let due_on = days.of(*group)?;
            Some(SlotLock { group: *group, due_on: Some(due_on), locked: due_on < today, open_until: None, requested: false })
        })
        .collect();
    for row in &rows {
        let Some(groups) = row.try_get_by_index::<Option<String>>(3)? else { continue };
        let open_until: Option<NaiveDate> = row.try_get_by_index(4)?;
        for lock in locks.iter_mut().filter(|lock| holds(&groups, lock.group)) {
            match open_until {
                Some(day) => {
                    lock.open_until = Ord::max(lock.open_until, Some(day));
                    lock.locked = false;
                }
                None => lock.requested = true,
            }
        }
    }
    Ok(Locks(locks))
}

/// Whether a list of groups, as a table keeps it, has this one.
pub(super) fn holds(groups: &str, group: SlotGroup) -> bool {
    groups.split(',').any(|name| name == group.as_str())
}

/// The name of a group inside a sentence.
pub(crate) fn group_in_words(group: SlotGroup, lang: Lang) -> String {
    group.label(lang).to_lowercase()
}
