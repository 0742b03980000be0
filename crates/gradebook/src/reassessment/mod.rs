//! Primary pupils who have not completed the programme of their grade (TT 27/2020 Đ.11): helped, assessed again, and where something still
//! falls short, decided on by the principal. What is written makes the frozen year of the pupil again, in the same transaction; the log
//! keeps what stood.

mod decision;
mod put;

pub use decision::decide;
pub use put::put;

use crate::closing::lock_both;
use crate::council;
use crate::facts::{self, ClassFacts, RosterLine};
use crate::kept::Kept;
use crate::people::Names;
use crate::policy;
use crate::results::book::Book;
use dto::access::Permission;
use dto::page::Page;
use dto::reassessment::{PrincipalDecision, ReassessmentChange, ReassessmentItem, ReassessmentRow, ReassessmentSheet};
use dto::{ClassId, Code, LearnerId};
use kernel::{Ctx, Db, Error, Result, Tx};
use regulations::tt27::{Point, PrimarySlot, Short, SubjectLevel, TraitLevel};
use regulations::{CellValue, Regulation, Slot};
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use sea_orm::{ConnectionTrait, QueryResult};
use std::collections::HashMap;

/// What stands in the place of a subject and a column where the row is the principal's decision; codes of subjects are in capitals.
const DECISION: &str = "decision";
const YEAR: &str = "year";

const COLUMNS: [&str; 9] =
    ["learner_id", "subject_code", "slot", "mark", "flag", "version", "updated_at", "updated_by", "reason"];

impl Kept {
    /// Of a decision; none where it was taken back.
    fn completed(&self) -> Option<bool> {
        match self.value() {
            Some(CellValue::Pass) => Some(true),
            Some(CellValue::Fail) => Some(false),
            _ => None,
        }
    }
}

/// Learner, subject, column.
type Key = (LearnerId, String, String);

type Items = HashMap<Key, Kept>;

fn kept(row: &QueryResult) -> Result<(Key, Kept)> {
    Ok(((LearnerId(row.try_get_by_index(0)?), row.try_get_by_index(1)?, row.try_get_by_index(2)?), Kept::read(row, 3)?))
}

async fn items(conn: &impl ConnectionTrait, class: &ClassFacts) -> Result<Items> {
    let mut query = Query::select();
    query
        .columns(COLUMNS)
        .from("reassessment")
        .and_where(Expr::col("school_id").eq(class.school_id.0))
        .and_where(Expr::col("class_id").eq(class.id.0));
    conn.query_all(&query).await?.iter().map(kept).collect()
}

fn decision_of(learner: LearnerId) -> Key {
    (learner, DECISION.to_owned(), YEAR.to_owned())
}

/// What a pupil was assessed at again, and what the principal decided.
#[derive(Clone, Debug, Default)]
pub(crate) struct Again {
    cells: HashMap<(String, Slot), CellValue>,
    pub(crate) decision: Option<bool>,
}

impl Again {
    fn cell(&self, subject: &str, slot: PrimarySlot) -> Option<CellValue> {
        // The few that a pupil has are looked through without making a key.
        self.cells.iter().find(|((code, of), _)| code == subject && *of == Slot::Primary(slot)).map(|(_, value)| *value)
    }

    pub(crate) fn level(&self, subject: &str) -> Option<SubjectLevel> {
        self.cell(subject, PrimarySlot::Level(Point::End)).and_then(SubjectLevel::of_cell)
    }

    pub(crate) fn test(&self, subject: &str) -> Option<regulations::Mark> {
        match self.cell(subject, PrimarySlot::Test(Point::End)) {
            Some(CellValue::Score(mark)) => Some(mark),
            _ => None,
        }
    }

    pub(crate) fn of_trait(&self, sheet: &str, number: u8) -> Option<TraitLevel> {
        self.cell(sheet, PrimarySlot::Trait(Point::End, number)).and_then(TraitLevel::of_cell)
    }
}

/// What was written of each pupil of a class.
pub(crate) async fn of_class(conn: &impl ConnectionTrait, class: &ClassFacts) -> Result<HashMap<LearnerId, Again>> {
    Ok(again(&items(conn, class).await?))
}

fn again(items: &Items) -> HashMap<LearnerId, Again> {
    let mut all: HashMap<LearnerId, Again> = HashMap::new();
    for ((learner, subject, slot), kept) in items {
        let into = all.entry(*learner).or_default();
        if subject == DECISION {
            into.decision = kept.completed();
        } else if let Some((slot, value)) = Slot::from_code(slot).zip(kept.value()) {
            into.cells.insert((subject.clone(), slot), value);
        }
    }
    all
}

/// A primary class.
///
/// Errors: `not_found`; `regulation_unavailable` for other classes.
async fn class_for(
    conn: &impl ConnectionTrait,
    ctx: &Ctx,
    read: Permission,
    write: Permission,
    id: ClassId,
) -> Result<ClassFacts> {
    policy::class_under(conn, ctx, Regulation::Tt27, read, write, id).await
}

/// The class with its terms locked and its year as it stands; refused while a term is open, and once the year is closed.
async fn locked(tx: &Tx<'_>, permission: Permission, class: ClassId) -> Result<(Book, Items)> {
    let conn = tx.conn();
    let class = class_for(conn, tx.ctx(), permission, permission, class).await?;
    let states = lock_both(tx, &class).await?;
    if !states.iter().all(|state| state.is_closed()) {
        return Err(Error::new(Code::TermNotClosed));
    }
    if council::is_closed(conn, &class).await? {
        return Err(Error::new(Code::YearClosed));
    }
    let items = items(conn, &class).await?;
    Ok((Book::read(conn, class).await?, items))
}

/// Who fell short, and in what; and in whom nothing was assessed that could. Empty while a term is open.
fn rows(book: &Book, items: &Items, names: &Names) -> Vec<ReassessmentRow> {
    if !book.states.iter().all(|state| state.is_closed()) {
        return Vec::new();
    }
    book.finishing().filter_map(|line| row(book, items, names, line)).collect()
}

fn row(book: &Book, items: &Items, names: &Names, line: &RosterLine) -> Option<ReassessmentRow> {
    let learner = line.learner_id;
    let year = book.primary_year(learner, book.decision(learner));
    let short: Vec<ReassessmentItem> = year.short.iter().map(|short| item(book, items, learner, short)).collect();
    let due = decision::is_due(book, learner);
    if short.is_empty() && !due {
        return None;
    }
    let decision = items.get(&decision_of(learner));
    Some(ReassessmentRow {
        learner_id: learner,
        ordinal: line.ordinal,
        full_name: line.full_name.clone(),
        given_name: line.given_name.clone(),
        items: short,
        completion: year.outcome.completion?,
        due,
        decision: decision.and_then(|kept| {
            Some(PrincipalDecision {
                completed: kept.completed()?,
                reason: kept.reason.clone().unwrap_or_default(),
                decided_at: kept.at,
                decided_by: names.name(kept.by),
            })
        }),
        decision_version: decision.map_or(0, |kept| kept.version),
        reasons: year.outcome.reasons(),
    })
}

fn item(book: &Book, items: &Items, learner: LearnerId, short: &Short<'_>) -> ReassessmentItem {
    let (code, slot, was) = match short {
        Short::Subject(subject, level) => (subject.code, PrimarySlot::Level(Point::End), level.cell()),
        Short::Test(subject, mark) => (subject.code, PrimarySlot::Test(Point::End), CellValue::Score(*mark)),
        Short::Trait(one, level) => (one.kind.sheet(), PrimarySlot::Trait(Point::End, one.number), level.cell()),
    };
    let (name_vi, name_en) = match short {
        Short::Trait(one, _) => (one.vi.to_owned(), one.en.to_owned()),
        Short::Subject(subject, _) | Short::Test(subject, _) => {
            let known = book.subjects.iter().find(|known| known.code == subject.code);
            (subject.name.to_owned(), known.map_or(subject.name, |known| &known.name_en).to_owned())
        }
    };
    let slot = Slot::Primary(slot);
    let kept = items.get(&(learner, code.to_owned(), slot.code().to_owned()));
    ReassessmentItem {
        subject_code: code.to_owned(),
        slot,
        name_vi,
        name_en,
        was,
        value: kept.and_then(Kept::value),
        version: kept.map_or(0, |kept| kept.version),
    }
}

/// The list of a class: who is helped and assessed again in what, what came of it, and what the principal decided.
///
/// Errors: `not_found`; `regulation_unavailable` for other than primary classes.
pub async fn sheet(db: &Db, ctx: &Ctx, class: ClassId) -> Result<ReassessmentSheet> {
    let conn = db.read();
    let class = class_for(conn, ctx, Permission::ResultRead, Permission::CouncilWrite, class).await?;
    let items = items(conn, &class).await?;
    answer(conn, ctx, &Book::read(conn, class).await?, &items).await
}

async fn answer(conn: &impl ConnectionTrait, ctx: &Ctx, book: &Book, items: &Items) -> Result<ReassessmentSheet> {
    let may = async |permission| match facts::class(conn, ctx, permission, permission, book.class.id).await {
        Ok(_) => Ok(true),
        Err(e) if e.code() == Code::NotFound => Ok(false),
        Err(e) => Err(e),
    };
    let ready = book.states.iter().all(|state| state.is_closed());
    let open = ready && !council::is_closed(conn, &book.class).await?;
    let deciders = items.iter().filter(|((_, subject, _), _)| subject == DECISION).map(|(_, kept)| kept.by);
    let names = Names::of(conn, ctx.lang, deciders).await?;
    Ok(ReassessmentSheet {
        class_id: book.class.id,
        class_name: book.class.name.clone(),
        ready,
        writable: open && may(Permission::CouncilWrite).await?,
        decider: open && may(Permission::YearClose).await?,
        rows: rows(book, items, &names),
    })
}

/// All writes of a pupil's re-assessment and of the decision, newest first.
///
/// Errors: `not_found`; `regulation_unavailable`.
pub async fn history(db: &Db, ctx: &Ctx, class: ClassId, learner: LearnerId) -> Result<Page<ReassessmentChange>> {
    let conn = db.read();
    let class = class_for(conn, ctx, Permission::ResultRead, Permission::CouncilWrite, class).await?;
    facts::roster_line(conn, class.school_id, class.id, learner).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    let mut writes: Vec<(Key, Kept)> = Vec::new();
    for table in ["reassessment", "reassessment_history"] {
        let mut query = Query::select();
        query
            .columns(COLUMNS)
            .from(table)
            .and_where(Expr::col("school_id").eq(class.school_id.0))
            .and_where(Expr::col("class_id").eq(class.id.0))
            .and_where(Expr::col("learner_id").eq(learner.0))
            .order_by("version", Order::Desc);
        for row in conn.query_all(&query).await? {
            writes.push(kept(&row)?);
        }
    }
    writes.sort_by_key(|(key, kept)| (std::cmp::Reverse(kept.at), key.clone(), std::cmp::Reverse(kept.version)));
    // A write that committed between the two reads may be in both.
    writes.dedup_by_key(|(key, kept)| (key.clone(), kept.version));
    let names = Names::of(conn, ctx.lang, writes.iter().map(|(_, kept)| kept.by)).await?;
    let items = writes
        .into_iter()
        .map(|((_, subject, slot), kept)| {
            let decision = subject == DECISION;
            ReassessmentChange {
                version: kept.version,
                value: kept.value().filter(|_| !decision),
                completed: kept.completed().filter(|_| decision),
                slot: Slot::from_code(&slot),
                subject_code: (!decision).then_some(subject),
                at: kept.at,
                by: names.name(kept.by),
                reason: kept.reason,
            }
        })
        .collect();
    Ok(Page { items, next: None })
}
