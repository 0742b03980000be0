//! The summer after a year: re-assessment (TT 22/2021 Đ.14) and training of conduct (Đ.13), for those whose closed year asks for it.

use crate::bulk::{self, SummerHistoryRow, SummerRow as Stored};
use crate::closing::lock_both;
use crate::facts::{self, ClassFacts, RosterLine};
use crate::kept::Kept;
use crate::people::Names;
use crate::results::book::{Book, Summer};
use crate::{council, policy, value};
use dto::access::Permission;
use dto::council::{
    PutSummer, PutSummerItem, SummerChange, SummerConduct, SummerOutcome, SummerRow, SummerSaved, SummerSheet, SummerSubject,
};
use dto::gradebook::CellResult;
use dto::page::Page;
use dto::{ClassId, Code, LearnerId};
use kernel::{Ctx, Db, Error, Event, Result, Tx};
use regulations::tt22::needs_reassessment;
use regulations::{CellValue, Level, Promotion, Regulation};
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use sea_orm::{ConnectionTrait, QueryResult};
use serde_json::json;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// The item that stands for conduct; codes of subjects are in capitals.
const CONDUCT: &str = "conduct";

const REPLACE: &str = " ON CONFLICT (\"school_id\", \"class_id\", \"learner_id\", \"item\") DO UPDATE SET \
    \"mark\" = excluded.\"mark\", \"flag\" = excluded.\"flag\", \"version\" = excluded.\"version\", \
    \"updated_at\" = excluded.\"updated_at\", \"updated_by\" = excluded.\"updated_by\", \"reason\" = excluded.\"reason\" \
    WHERE \"summer_result\".\"version\" = excluded.\"version\" - 1";

const COLUMNS: [&str; 8] = ["learner_id", "item", "mark", "flag", "version", "updated_at", "updated_by", "reason"];

impl Kept {
    fn level(&self) -> Option<Level> {
        self.flag.as_deref().and_then(Level::from_code)
    }
}

fn kept(row: &QueryResult) -> Result<((LearnerId, String), Kept)> {
    Ok(((LearnerId(row.try_get_by_index(0)?), row.try_get_by_index(1)?), Kept::read(row, 2)?))
}

type Items = HashMap<(LearnerId, String), Kept>;

async fn items(conn: &impl ConnectionTrait, class: &ClassFacts) -> Result<Items> {
    let mut query = Query::select();
    query
        .columns(COLUMNS)
        .from("summer_result")
        .and_where(Expr::col("school_id").eq(class.school_id.0))
        .and_where(Expr::col("class_id").eq(class.id.0));
    conn.query_all(&query).await?.iter().map(kept).collect()
}

/// What the summer made of each learner's year.
pub(crate) async fn of_class(conn: &impl ConnectionTrait, class: &ClassFacts) -> Result<HashMap<LearnerId, Summer>> {
    let mut summers: HashMap<LearnerId, Summer> = HashMap::new();
    for ((learner, item), kept) in items(conn, class).await? {
        let summer = summers.entry(learner).or_default();
        if item == CONDUCT {
            summer.conduct = kept.level();
        } else if let Some(value) = kept.value() {
            summer.subjects.insert(item, value);
        }
    }
    Ok(summers)
}

/// Who has to work in the summer, and in what. Empty while a term is open.
fn rows(book: &Book, items: &Items) -> Vec<SummerRow> {
    if !book.states.iter().all(|state| state.is_closed()) {
        return Vec::new();
    }
    book.finishing().filter_map(|line| row(book, items, line)).collect()
}

fn row(book: &Book, items: &Items, line: &RosterLine) -> Option<SummerRow> {
    let (taken, year, _) = book.year(line.learner_id, &Summer::default());
    let of = |item: &str| items.get(&(line.learner_id, item.to_owned()));
    let version = |item: &str| of(item).map_or(0, |kept| kept.version);
    let (mut subjects, mut conduct) = (Vec::new(), None);
    let mut summer = Summer::default();
    match year.promotion? {
        Promotion::Reassess => {
            for (at, outcome) in taken.into_iter().zip(&year.subjects) {
                let subject = &book.subjects[at];
                let Some(result) = outcome.year.filter(|result| needs_reassessment(*result)) else { continue };
                let value = of(&subject.code).and_then(Kept::value);
                if let Some(value) = value {
                    summer.subjects.insert(subject.code.clone(), value);
                }
                subjects.push(SummerSubject {
                    subject_code: subject.code.clone(),
                    name_vi: subject.name_vi.clone(),
                    name_en: subject.name_en.clone(),
                    kind: subject.kind,
                    year: result.average(),
                    value,
                    version: version(&subject.code),
                });
            }
        }
        Promotion::SummerTraining => {
            let level = of(CONDUCT).and_then(Kept::level);
            summer.conduct = level;
            conduct = Some(SummerConduct { level, version: version(CONDUCT) });
        }
        Promotion::Promoted | Promotion::Retained => return None,
    }
    let (_, after, _) = book.year(line.learner_id, &summer);
    Some(SummerRow {
        learner_id: line.learner_id,
        ordinal: line.ordinal,
        full_name: line.full_name.clone(),
        given_name: line.given_name.clone(),
        subjects,
        conduct,
        promotion: after.promotion,
    })
}

/// A class under TT 22/2021: primary classes assess again instead ([`crate::reassessment`]).
async fn class_for(
    conn: &impl ConnectionTrait,
    ctx: &Ctx,
    read: Permission,
    write: Permission,
    id: ClassId,
) -> Result<ClassFacts> {
    policy::class_under(conn, ctx, Regulation::Tt22, read, write, id).await
}

/// The summer's list of a class: empty while a term is open, or where nobody has to.
///
/// Errors: `not_found`, `regulation_unavailable`.
pub async fn sheet(db: &Db, ctx: &Ctx, class: ClassId) -> Result<SummerSheet> {
    let conn = db.read();
    let class = class_for(conn, ctx, Permission::ResultRead, Permission::CouncilWrite, class).await?;
    let writable = class.writable && !council::is_closed(conn, &class).await?;
    let book = Book::read(conn, class).await?;
    let items = items(conn, &book.class).await?;
    let rows = rows(&book, &items);
    Ok(SummerSheet { class_id: book.class.id, class_name: book.class.name, writable, rows })
}

/// Saves results of the summer, each with the version that its writer saw.
///
/// Errors: `not_found`, `term_not_closed` while a term is open, `year_closed`.
pub async fn put(db: &Db, ctx: &Ctx, class: ClassId, body: &PutSummer) -> Result<SummerSaved> {
    db.write(ctx, async |tx| put_in(tx, class, body).await).await
}

async fn put_in(tx: &Tx<'_>, class: ClassId, body: &PutSummer) -> Result<(SummerSaved, Vec<Event>)> {
    let conn = tx.conn();
    let class = class_for(conn, tx.ctx(), Permission::CouncilWrite, Permission::CouncilWrite, class).await?;
    let states = lock_both(tx, &class).await?;
    if !states.iter().all(|state| state.is_closed()) {
        return Err(Error::new(Code::TermNotClosed));
    }
    if council::is_closed(conn, &class).await? {
        return Err(Error::new(Code::YearClosed));
    }
    let book = Book::read(conn, class).await?;
    let items = items(conn, &book.class).await?;
    let asked = rows(&book, &items);

    let mut seen = HashSet::new();
    let mut changes: Vec<(&PutSummerItem, String, i64)> = Vec::new();
    let mut outcomes = Vec::with_capacity(body.items.len());
    for put in &body.items {
        let item = put.subject_code.clone().unwrap_or_else(|| CONDUCT.to_owned());
        let now = items.get(&(put.learner_id, item.clone()));
        let (value, level) = match (&put.subject_code, now) {
            (_, None) => (None, None),
            (Some(_), Some(kept)) => (kept.value(), None),
            (None, Some(kept)) => (None, kept.level()),
        };
        let version = now.map_or(0, |kept| kept.version);
        let row = asked.iter().find(|row| row.learner_id == put.learner_id);
        let fault = if !seen.insert((put.learner_id, item.clone())) { Some(Code::CellRepeated) } else { fault(row, put) };
        let stands = |outcome| SummerOutcome {
            learner_id: put.learner_id,
            subject_code: put.subject_code.clone(),
            outcome,
            value,
            level,
            version,
            code: fault.map(|code| code.as_str().to_owned()),
        };
        outcomes.push(if fault.is_some() {
            stands(CellResult::Refused)
        } else if (put.value, put.level) == (value, level) {
            stands(CellResult::Unchanged)
        } else if put.version != version {
            stands(CellResult::Conflict)
        } else {
            changes.push((put, item, version + 1));
            SummerOutcome { value: put.value, level: put.level, version: version + 1, ..stands(CellResult::Saved) }
        });
    }

    let class = &book.class;
    let superseded: Vec<SummerHistoryRow> = changes
        .iter()
        .filter_map(|(put, item, _)| {
            let kept = items.get(&(put.learner_id, item.clone()))?;
            Some(SummerHistoryRow {
                school_id: class.school_id.0,
                class_id: class.id.0,
                learner_id: put.learner_id.0,
                item: item.clone(),
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
        .map(|(put, item, version)| {
            let (mark, flag) = value::columns(put.value);
            Stored {
                school_id: class.school_id.0,
                class_id: class.id.0,
                learner_id: put.learner_id.0,
                item: item.clone(),
                mark,
                flag: flag.or(put.level.map(Level::code)),
                version: *version,
                updated_at: tx.now(),
                updated_by: tx.ctx().account.map(Uuid::from),
                reason: body.reason.clone(),
            }
        })
        .collect();
    if bulk::insert_or(conn, &rows, REPLACE).await? != rows.len() as u64 {
        return Err(Error::new(Code::Busy));
    }
    let before: Vec<_> = superseded.iter().map(|row| json!([row.learner_id, row.item, row.mark, row.flag])).collect();
    let after: Vec<_> = rows.iter().map(|row| json!([row.learner_id, row.item, row.mark, row.flag])).collect();
    let verb = if rows.is_empty() { "summer.kept" } else { "summer.saved" };
    let event = Event::new(Some(class.school_id), verb, "class", class.id)
        .before(&json!({ "items": before }))
        .after(&json!({ "items": after, "reason": body.reason }));
    Ok((SummerSaved { items: outcomes }, vec![event]))
}

fn fault(row: Option<&SummerRow>, put: &PutSummerItem) -> Option<Code> {
    let Some(row) = row else { return Some(Code::NotInSummer) };
    match &put.subject_code {
        None if row.conduct.is_none() => Some(Code::NotInSummer),
        None if put.value.is_some() => Some(Code::MarkInvalid),
        None => None,
        Some(code) => match row.subjects.iter().find(|subject| subject.subject_code == *code) {
            None => Some(Code::NotInSummer),
            Some(_) if put.level.is_some() => Some(Code::MarkInvalid),
            Some(subject) => {
                // Absent or exempt says nothing of a re-assessment: the cell is left empty.
                let fits =
                    |value: CellValue| value.suits(subject.kind) && !matches!(value, CellValue::Absent | CellValue::Exempt);
                (!put.value.is_none_or(fits)).then_some(Code::MarkInvalid)
            }
        },
    }
}

/// All writes of a learner's summer, newest first.
///
/// Errors: `not_found`.
pub async fn history(db: &Db, ctx: &Ctx, class: ClassId, learner: LearnerId) -> Result<Page<SummerChange>> {
    let conn = db.read();
    let class = facts::class(conn, ctx, Permission::ResultRead, Permission::CouncilWrite, class).await?;
    facts::roster_line(conn, class.school_id, class.id, learner).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    let mut writes = Vec::new();
    for table in ["summer_result", "summer_result_history"] {
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
    writes.sort_by_key(|((_, item), kept)| (std::cmp::Reverse(kept.at), item.clone(), std::cmp::Reverse(kept.version)));
    let names = Names::of(conn, ctx.lang, writes.iter().map(|(_, kept)| kept.by)).await?;
    let items = writes
        .into_iter()
        .map(|((_, item), kept)| {
            let conduct = item == CONDUCT;
            SummerChange {
                version: kept.version,
                value: kept.value().filter(|_| !conduct),
                level: kept.level().filter(|_| conduct),
                subject_code: (!conduct).then_some(item),
                at: kept.at,
                by: names.name(kept.by),
                reason: kept.reason,
            }
        })
        .collect();
    Ok(Page { items, next: None })
}
