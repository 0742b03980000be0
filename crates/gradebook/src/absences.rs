//! Half-days missed, by date, with permission and without: what the 45 of a year are counted from (TT 22/2021 Đ.12 k.1c).
//!
//! Only absences are kept. An entry that was taken back keeps its row and version; the log keeps what stood.
//!
//! Leave that was granted is read with them and not copied: a request has one place of truth, and days to come count when they have
//! come. What the teacher typed for the day stands before it.

use crate::bulk::{self, AbsenceRow as Stored};
use crate::conduct;
use crate::contact_book::leave::{self, Granted};
use crate::contact_book::notices::tell_absence_in;
use crate::facts::{self, ClassFacts};
use crate::results::{frozen, period_of};
use crate::{policy, term, value};
use chrono::{DateTime, Datelike, Days, NaiveDate, Utc, Weekday};
use dto::access::Permission;
use dto::calendar::{Grade, Term, TermDates};
use dto::contact::LeaveSessions;
use dto::council::{
    Absence, AbsenceCount, AbsenceKind, AbsenceOutcome, AbsenceRow, AbsenceSheet, AbsencesSaved, DaySession, PutAbsence,
    PutAbsences,
};
use dto::gradebook::{CellResult, TermState};
use dto::{ClassId, Code, LearnerId};
use kernel::{Ctx, Db, Error, Event, Result, Tx, clock};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult};
use serde_json::json;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

const REPLACE: &str = " ON CONFLICT (\"school_id\", \"class_id\", \"day\", \"session\", \"learner_id\") DO UPDATE SET \
    \"kind\" = excluded.\"kind\", \"note\" = excluded.\"note\", \"version\" = excluded.\"version\", \
    \"updated_at\" = excluded.\"updated_at\", \"updated_by\" = excluded.\"updated_by\" \
    WHERE \"absence\".\"version\" = excluded.\"version\" - 1";

/// How old an absence may be for its family to be told.
const NEWS_DAYS: u64 = 3;

fn select(class: &ClassFacts) -> SelectStatement {
    let mut query = Query::select();
    query
        .columns(["learner_id", "day", "session", "kind", "note", "version", "updated_at"])
        .from("absence")
        .and_where(Expr::col("school_id").eq(class.school_id.0))
        .and_where(Expr::col("class_id").eq(class.id.0));
    query
}

/// A half-day as it stands, since when, and whether by hand or because of leave.
struct Stands {
    entry: Absence,
    since: DateTime<Utc>,
    by_hand: bool,
}

type Key = (LearnerId, NaiveDate, DaySession);

fn typed(row: &QueryResult) -> Result<(Key, Stands)> {
    let stored = |text: &str| Error::internal(format!("unknown name {text:?} in the database"));
    let session: String = row.try_get_by_index(2)?;
    let kind: Option<String> = row.try_get_by_index(3)?;
    let entry = Absence {
        day: row.try_get_by_index(1)?,
        session: session.parse().map_err(|()| stored(&session))?,
        kind: kind.map(|kind| kind.parse().map_err(|()| stored(&kind))).transpose()?,
        note: row.try_get_by_index(4)?,
        version: row.try_get_by_index(5)?,
        leave: None,
    };
    let key = (LearnerId(row.try_get_by_index(0)?), entry.day, entry.session);
    Ok((key, Stands { entry, since: row.try_get_by_index(6)?, by_hand: true }))
}

/// The half-days missed of a class between two days, both included: what was typed, and leave that was granted.
async fn of_days(
    conn: &impl ConnectionTrait,
    class: &ClassFacts,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<HashMap<Key, Stands>> {
    let mut query = select(class);
    query.and_where(Expr::col("day").between(from, to));
    let mut entries = conn.query_all(&query).await?.iter().map(typed).collect::<Result<_>>()?;
    for leave in leave::granted_in(conn, class.school_id, class.id, from, to).await? {
        let first = Ord::max(leave.from_on, from);
        let last = Ord::min(leave.to_on, to);
        for day in first.iter_days().take_while(|day| *day <= last).filter(|day| is_school_day(*day, class.grade)) {
            count_leave(&mut entries, &leave, day);
        }
    }
    Ok(entries)
}

/// Whether there are lessons on a day of a term as far as can be known without a timetable: not on Sundays, nor on Saturdays in
/// preschools and primary schools. A day off that leave covers is taken back by hand.
fn is_school_day(day: NaiveDate, grade: Grade) -> bool {
    match day.weekday() {
        Weekday::Sun => false,
        Weekday::Sat => grade.number().is_some_and(|number| number > 5),
        _ => true,
    }
}

/// Adds a day of leave to what was typed. A half-day that was typed stands; an entry that was taken back stands if that was after the
/// leave had been granted: the learner came to school after all.
fn count_leave(entries: &mut HashMap<Key, Stands>, leave: &Granted, day: NaiveDate) {
    let covered: &[DaySession] = match leave.sessions {
        LeaveSessions::Morning => &[DaySession::Morning],
        LeaveSessions::Afternoon => &[DaySession::Afternoon],
        LeaveSessions::Day => &[DaySession::Morning, DaySession::Afternoon],
    };
    let mut stands = false;
    for session in covered {
        if let Some(known) = entries.get_mut(&(leave.learner_id, day, *session)) {
            let missed = known.entry.kind.is_some();
            known.entry.leave = Some(leave.sessions).filter(|_| missed);
            stands |= missed || known.since >= leave.answered_at;
        }
    }
    let Some(session) = covered.first().filter(|_| !stands) else { return };
    let known = entries.get(&(leave.learner_id, day, *session));
    let entry = Absence {
        day,
        session: *session,
        kind: Some(AbsenceKind::Excused),
        note: None,
        version: known.map_or(0, |known| known.entry.version),
        leave: Some(leave.sessions),
    };
    let since = leave.answered_at;
    entries.insert((leave.learner_id, day, *session), Stands { entry, since, by_hand: false });
}

/// What a class has by date in one term.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    /// Something was typed by date in this term: who has no entry missed nothing. Leave alone does not say so much.
    pub kept: bool,
    pub by_learner: HashMap<LearnerId, AbsenceCount>,
}

/// What a class has by date in each term.
pub(crate) async fn counts(conn: &impl ConnectionTrait, class: &ClassFacts, terms: &[TermDates]) -> Result<[Counts; 2]> {
    let mut counts = [Counts::default(), Counts::default()];
    let (Some(first), Some(last)) = (terms.iter().map(|d| d.starts_on).min(), terms.iter().map(|d| d.ends_on).max()) else {
        return Ok(counts);
    };
    let mut missed: HashMap<(LearnerId, NaiveDate), AbsenceKind> = HashMap::new();
    for ((learner, day, _), stands) in of_days(conn, class, first, Ord::min(last, clock::today())).await? {
        let (Some(term), Some(kind)) = (term_of(terms, day), stands.entry.kind) else { continue };
        counts[term].kept |= stands.by_hand;
        let known = missed.entry((learner, day)).or_insert(kind);
        if kind == AbsenceKind::Unexcused {
            *known = kind;
        }
    }
    // The 45 of Đ.12 k.1c are counted on a plan of one session a day: who misses the morning and the afternoon of a day has missed
    // one, and without permission if either was.
    for ((learner, day), kind) in missed {
        let Some(term) = term_of(terms, day) else { continue };
        let count = counts[term].by_learner.entry(learner).or_default();
        match kind {
            AbsenceKind::Excused => count.excused += 1,
            AbsenceKind::Unexcused => count.unexcused += 1,
        }
    }
    Ok(counts)
}

/// The place of the term that a day is in.
fn term_of(terms: &[TermDates], day: NaiveDate) -> Option<usize> {
    terms.iter().find(|dates| dates.starts_on <= day && day <= dates.ends_on).map(|dates| conduct::index(dates.term))
}

/// The days of a term that may be entered: up to today.
fn days(terms: &[TermDates], term: Term) -> Result<(NaiveDate, NaiveDate)> {
    let dates = terms.iter().find(|dates| dates.term == term).ok_or_else(|| Error::new(Code::NotFound))?;
    Ok((dates.starts_on, Ord::max(dates.starts_on, Ord::min(dates.ends_on, clock::today()))))
}

/// The absences of a class in a term.
///
/// Errors: `not_found`.
pub async fn sheet(db: &Db, ctx: &Ctx, class: ClassId, term: Term) -> Result<AbsenceSheet> {
    let conn = db.read();
    let class = facts::class(conn, ctx, Permission::MarkRead, Permission::ConductWrite, class).await?;
    let terms = facts::terms(conn, class.school_year_id).await?;
    let (from, to) = days(&terms, term)?;
    let conduct = conduct::of_class(conn, &class, &terms).await?;
    let mut entries: HashMap<LearnerId, Vec<Absence>> = HashMap::new();
    for ((learner, ..), Stands { entry, .. }) in of_days(conn, &class, from, to).await? {
        entries.entry(learner).or_default().push(entry);
    }
    let state = term::state(conn, &class, term).await?;
    let mut closed: HashMap<LearnerId, u16> = HashMap::new();
    if state.is_closed() {
        let results = frozen::read(conn, &class, period_of(term)).await?.into_iter();
        closed.extend(results.filter_map(|(_, result)| Some((result.learner_id, result.absences?))));
    }
    let ends_on = conduct::ends_on(&terms, term);
    let roster = facts::roster(conn, class.school_id, class.id, None).await?;
    let rows = roster
        .into_iter()
        .filter(|line| !line.left_by(ends_on))
        .map(|line| {
            let mut entries = entries.remove(&line.learner_id).unwrap_or_default();
            entries.sort_by_key(|entry| std::cmp::Reverse((entry.day, entry.session)));
            let year = |at| conduct.get(at, line.learner_id).absences.unwrap_or_default();
            let now = year(conduct::index(term));
            AbsenceRow {
                learner_id: line.learner_id,
                ordinal: line.ordinal,
                full_name: line.full_name,
                given_name: line.given_name,
                term: conduct.by_date(conduct::index(term), line.learner_id).unwrap_or_default(),
                year: year(0).saturating_add(year(1)),
                closed: closed.get(&line.learner_id).copied().filter(|closed| *closed != now),
                entries,
            }
        })
        .collect();
    Ok(AbsenceSheet {
        class_id: class.id,
        class_name: class.name,
        term,
        writable: class.writable && state.state == TermState::Open,
        state: state.state,
        from,
        to,
        rows,
    })
}

/// Saves entries, each with the version that its writer saw. What another has changed comes back as it stands; the rest is saved.
///
/// Errors: `not_found`, `term_closed`.
pub async fn put(db: &Db, ctx: &Ctx, class: ClassId, term: Term, body: &PutAbsences) -> Result<AbsencesSaved> {
    db.write(ctx, async |tx| {
        let class = facts::class(tx.conn(), tx.ctx(), Permission::ConductWrite, Permission::ConductWrite, class).await?;
        policy::of(&class)?;
        put_in(tx, &class, term, &body.entries).await
    })
    .await
}

async fn put_in(tx: &Tx<'_>, class: &ClassFacts, term: Term, entries: &[PutAbsence]) -> Result<(AbsencesSaved, Vec<Event>)> {
    let conn = tx.conn();
    if term::lock(tx, class, term).await?.is_closed() {
        return Err(Error::new(Code::TermClosed));
    }
    let terms = facts::terms(conn, class.school_year_id).await?;
    let (from, to) = days(&terms, term)?;
    let roster = facts::roster(conn, class.school_id, class.id, None).await?;
    let left: HashMap<LearnerId, Option<NaiveDate>> = roster.iter().map(|line| (line.learner_id, line.left_on)).collect();
    let mut stands = of_days(conn, class, from, to).await?;

    let mut seen = HashSet::new();
    let mut changes: Vec<(&PutAbsence, Absence)> = Vec::new();
    let mut outcomes = Vec::with_capacity(entries.len());
    for put in entries {
        let key = (put.learner_id, put.day, put.session);
        let none = Absence { day: put.day, session: put.session, kind: None, note: None, version: 0, leave: None };
        let now = stands.remove(&key).map_or(none, |stands| stands.entry);
        let note = put.note.as_deref().map(kernel::text::clean).filter(|note| !note.is_empty() && put.kind.is_some());
        let fault = match left.get(&put.learner_id) {
            _ if !seen.insert(key) => Some(Code::CellRepeated),
            None => Some(Code::NotFound),
            Some(Some(day)) if *day <= put.day => Some(Code::LearnerLeft),
            Some(_) if put.day < from || put.day > to || put.day > clock::today() => Some(Code::DayOutsideTerm),
            Some(_) => None,
        };
        let (outcome, entry) = if fault.is_some() {
            (CellResult::Refused, now)
        } else if (put.kind, &note) == (now.kind, &now.note) {
            (CellResult::Unchanged, now)
        } else if put.version != now.version {
            (CellResult::Conflict, now)
        } else {
            let leave = now.leave.filter(|_| put.kind.is_some());
            let entry = Absence { kind: put.kind, note, version: now.version + 1, leave, ..now.clone() };
            changes.push((put, entry.clone()));
            (CellResult::Saved, entry)
        };
        outcomes.push(AbsenceOutcome { learner_id: put.learner_id, outcome, entry, code: fault.map(|c| c.as_str().to_owned()) });
    }
    let rows: Vec<Stored> = changes
        .iter()
        .map(|(put, entry)| Stored {
            school_id: class.school_id.0,
            class_id: class.id.0,
            day: entry.day,
            session: entry.session.as_str(),
            learner_id: put.learner_id.0,
            kind: entry.kind.map(AbsenceKind::as_str),
            note: entry.note.clone(),
            version: entry.version,
            updated_at: tx.now(),
            updated_by: tx.ctx().account.map(Uuid::from),
        })
        .collect();
    if bulk::insert_or(conn, &rows, REPLACE).await? != rows.len() as u64 {
        return Err(Error::new(Code::Busy));
    }
    // Families hear of what is new; a roll that is caught up with weeks later is not news, and a correction is none either.
    let news = clock::today() - Days::new(NEWS_DAYS);
    for (put, entry) in changes.iter().filter(|(_, entry)| entry.version == 1 && entry.day >= news) {
        let Some(kind) = entry.kind else { continue };
        if kind == AbsenceKind::Excused && entry.leave.is_some() {
            // They asked for it themselves.
            continue;
        }
        let sessions = match entry.session {
            DaySession::Morning => LeaveSessions::Morning,
            DaySession::Afternoon => LeaveSessions::Afternoon,
        };
        tell_absence_in(tx, class.school_id, put.learner_id, entry.day, sessions, kind == AbsenceKind::Excused).await?;
    }
    let after: Vec<_> = changes.iter().map(|(put, entry)| json!({ "learner": put.learner_id, "entry": entry })).collect();
    let verb = if changes.is_empty() { "absence.kept" } else { "absence.saved" };
    let event = Event::new(Some(class.school_id), verb, "class", class.id)
        .after(&json!({ "term": value::term_number(term), "entries": after }));
    Ok((AbsencesSaved { entries: outcomes }, vec![event]))
}
