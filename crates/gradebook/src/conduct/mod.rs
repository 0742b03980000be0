//! Conduct and absences of a class in a term, entered by the homeroom teacher (TT 22/2021 Đ.8, Đ.12). Primary
//! classes have none: their qualities and competencies are mark sheets.

use crate::bulk::{self, ConductRow as Stored};
use crate::facts::{self, ClassFacts, RosterLine};
use crate::{absences, notes, policy, term, value};
use dto::access::Permission;
use dto::calendar::{Term, TermDates};
use dto::council::AbsenceCount;
use dto::gradebook::{CellResult, ConductOutcome, ConductRow, ConductSaved, ConductSheet, PutConduct, PutConductRow, TermState};
use dto::{ClassId, Code, LearnerId};
use kernel::{Ctx, Db, Error, Event, Result, Tx};
use regulations::Level;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use serde_json::{Map, Value, json};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

const REPLACE: &str = " ON CONFLICT (\"school_id\", \"class_id\", \"term\", \"learner_id\") DO UPDATE SET \
    \"level\" = excluded.\"level\", \"absences\" = excluded.\"absences\", \"version\" = excluded.\"version\", \
    \"updated_at\" = excluded.\"updated_at\", \"updated_by\" = excluded.\"updated_by\" \
    WHERE \"conduct\".\"version\" = excluded.\"version\" - 1";

/// One learner's conduct as it stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Conduct {
    pub level: Option<Level>,
    /// What counts: the number that was typed, or what was entered by date where that is more or none was typed.
    pub absences: Option<u16>,
    pub typed: Option<u16>,
    /// Somebody counted: a number was typed, or the class's absences are entered by date. Leave alone is no count.
    pub counted: bool,
    pub version: i64,
}

impl Conduct {
    pub(crate) fn is_complete(&self) -> bool {
        self.level.is_some() && self.counted
    }
}

/// Conduct of a class in both terms (0 and 1).
pub(crate) struct OfClass {
    rows: [HashMap<LearnerId, Conduct>; 2],
    by_date: [absences::Counts; 2],
}

impl OfClass {
    pub(crate) fn get(&self, term: usize, learner: LearnerId) -> Conduct {
        let row = self.rows[term].get(&learner).copied().unwrap_or_default();
        let by_date = self.by_date(term, learner).map(AbsenceCount::total);
        let counted = row.typed.is_some() || self.by_date[term].kept;
        Conduct { absences: Ord::max(row.typed, by_date), counted, ..row }
    }

    /// Half-days by date; `None` where the class enters none in this term and the learner had no leave.
    pub(crate) fn by_date(&self, term: usize, learner: LearnerId) -> Option<AbsenceCount> {
        let counts = &self.by_date[term];
        counts.by_learner.get(&learner).copied().or(counts.kept.then(AbsenceCount::default))
    }
}

/// Conduct of a class, with what was entered by date.
pub(crate) async fn of_class(conn: &impl ConnectionTrait, class: &ClassFacts, terms: &[TermDates]) -> Result<OfClass> {
    let mut query = Query::select();
    query
        .columns(["term", "learner_id", "level", "absences", "version"])
        .from("conduct")
        .and_where(Expr::col("school_id").eq(class.school_id.0))
        .and_where(Expr::col("class_id").eq(class.id.0));
    let mut rows = [HashMap::new(), HashMap::new()];
    for row in conn.query_all(&query).await? {
        let at = usize::from(row.try_get_by_index::<i16>(0)? == 2);
        let level: Option<String> = row.try_get_by_index(2)?;
        let absences: Option<i16> = row.try_get_by_index(3)?;
        let typed = absences.and_then(|n| u16::try_from(n).ok());
        let level = level.as_deref().and_then(Level::from_code);
        let conduct = Conduct { level, absences: typed, typed, counted: typed.is_some(), version: row.try_get_by_index(4)? };
        rows[at].insert(LearnerId(row.try_get_by_index(1)?), conduct);
    }
    Ok(OfClass { rows, by_date: absences::counts(conn, class, terms).await? })
}

pub(crate) fn index(term: Term) -> usize {
    match term {
        Term::S1 => 0,
        Term::S2 => 1,
    }
}

/// The conduct sheet of a class in a term.
pub async fn sheet(db: &Db, ctx: &Ctx, class: ClassId, term: Term) -> Result<ConductSheet> {
    let conn = db.read();
    let class = facts::class(conn, ctx, Permission::MarkRead, Permission::ConductWrite, class).await?;
    policy::of_conduct(&class)?;
    let terms = facts::terms(conn, class.school_year_id).await?;
    let ends_on = ends_on(&terms, term);
    let roster = facts::roster(conn, class.school_id, class.id, None).await?;
    let conduct = of_class(conn, &class, &terms).await?;
    let notes = notes::counts(conn, &class, &terms, term).await?;
    let state = term::state(conn, &class, term).await?;
    let here = roster.into_iter().filter(|line| !line.left_by(ends_on));
    let rows = here.map(|line| row(line, &conduct, index(term), &notes)).collect();
    Ok(ConductSheet {
        class_id: class.id,
        class_name: class.name,
        term,
        writable: class.writable && state.state == TermState::Open,
        state: state.state,
        rows,
    })
}

fn row(line: RosterLine, conduct: &OfClass, at: usize, notes: &HashMap<LearnerId, (u16, u16)>) -> ConductRow {
    let stands = conduct.get(at, line.learner_id);
    let (praises, violations) = notes.get(&line.learner_id).copied().unwrap_or_default();
    ConductRow {
        learner_id: line.learner_id,
        ordinal: line.ordinal,
        full_name: line.full_name,
        given_name: line.given_name,
        conduct: stands.level,
        absences: stands.typed,
        version: stands.version,
        by_date: conduct.by_date(at, line.learner_id),
        praises,
        violations,
    }
}

pub(crate) fn ends_on(terms: &[TermDates], term: Term) -> Option<chrono::NaiveDate> {
    terms.iter().find(|dates| dates.term == term).map(|dates| dates.ends_on)
}

/// Saves rows, each with the version that its writer saw. What another has changed comes back as it stands; the rest is saved.
pub async fn put(db: &Db, ctx: &Ctx, class: ClassId, term: Term, body: &PutConduct) -> Result<ConductSaved> {
    db.write(ctx, async |tx| put_in(tx, class, term, body).await).await
}

async fn put_in(tx: &Tx<'_>, class: ClassId, term: Term, body: &PutConduct) -> Result<(ConductSaved, Vec<Event>)> {
    let conn = tx.conn();
    let class = facts::class(conn, tx.ctx(), Permission::ConductWrite, Permission::ConductWrite, class).await?;
    policy::of_conduct(&class)?;
    if term::lock(tx, &class, term).await?.is_closed() {
        return Err(Error::new(Code::TermClosed));
    }
    let terms = facts::terms(conn, class.school_year_id).await?;
    let ends_on = ends_on(&terms, term);
    let roster = facts::roster(conn, class.school_id, class.id, None).await?;
    let here: HashSet<LearnerId> = roster.iter().filter(|line| !line.left_by(ends_on)).map(|line| line.learner_id).collect();
    let stands = of_class(conn, &class, &terms).await?;

    let mut seen = HashSet::new();
    let mut changes: Vec<(&PutConductRow, Conduct)> = Vec::new();
    let mut outcomes = Vec::with_capacity(body.rows.len());
    for row in &body.rows {
        let now = stands.get(index(term), row.learner_id);
        let (outcome, now) = if !here.contains(&row.learner_id) || !seen.insert(row.learner_id) {
            (CellResult::Refused, now)
        } else if (row.conduct, row.absences) == (now.level, now.typed) {
            (CellResult::Unchanged, now)
        } else if row.version != now.version {
            (CellResult::Conflict, now)
        } else {
            changes.push((row, now));
            (CellResult::Saved, Conduct { level: row.conduct, typed: row.absences, version: now.version + 1, ..now })
        };
        let Conduct { level, typed, version, .. } = now;
        outcomes.push(ConductOutcome { learner_id: row.learner_id, outcome, conduct: level, absences: typed, version });
    }
    let rows: Vec<Stored> = changes
        .iter()
        .map(|(row, was)| Stored {
            school_id: class.school_id.0,
            class_id: class.id.0,
            term: value::term_number(term),
            learner_id: row.learner_id.0,
            level: row.conduct.map(Level::code),
            absences: row.absences.and_then(|n| i16::try_from(n).ok()),
            version: was.version + 1,
            updated_at: tx.now(),
            updated_by: tx.ctx().account.map(Uuid::from),
        })
        .collect();
    let written = bulk::insert_or(conn, &rows, REPLACE).await?;
    if written != rows.len() as u64 {
        return Err(Error::new(Code::Busy));
    }
    Ok((ConductSaved { rows: outcomes }, vec![event(&class, term, &changes)]))
}

fn event(class: &ClassFacts, term: Term, changes: &[(&PutConductRow, Conduct)]) -> Event {
    let short = |level: Option<Level>, absences: Option<u16>| json!({ "conduct": level.map(Level::code), "absences": absences });
    let before: Map<String, Value> = changes
        .iter()
        .filter(|(_, was)| was.version > 0)
        .map(|(row, was)| (row.learner_id.to_string(), short(was.level, was.typed)))
        .collect();
    let after: Map<String, Value> =
        changes.iter().map(|(row, _)| (row.learner_id.to_string(), short(row.conduct, row.absences))).collect();
    let verb = if changes.is_empty() { "conduct.kept" } else { "conduct.saved" };
    Event::new(Some(class.school_id), verb, "class", class.id)
        .before(&json!({ "rows": before }))
        .after(&json!({ "term": value::term_number(term), "rows": after }))
}
