//! When marks are due in a school, by term and group of columns; what is locked after that; who is late.
//!
//! A deadline is the last day, in Vietnam, on which teachers may write. It is the school's own decision: without one nothing is
//! locked, and the day in the province's calendar only shows in lists of what is left to do.

mod late;
pub(crate) mod locks;
mod openings;

pub use late::late;
pub(crate) use late::owed;
pub(crate) use openings::pending;
pub use openings::{decide, list as openings, of_section, request};

use crate::facts::SchoolTerm;
use crate::marks::live;
use crate::{facts, value};
use chrono::NaiveDate;
use dto::access::Permission;
use dto::calendar::Term;
use dto::deadlines::{MarkDeadlines, PutMarkDeadlines, SlotGroup};
use dto::{Code, SchoolYearId, UnitId};
use kernel::{Ctx, Db, Error, Event, Result, Tx};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query, SelectStatement};
use uuid::Uuid;

/// The last days of the three groups, as they are set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Days([Option<NaiveDate>; 3]);

impl Days {
    pub(crate) fn of(&self, group: SlotGroup) -> Option<NaiveDate> {
        self.0[group as usize]
    }

    pub(crate) fn any(&self) -> bool {
        self.0.iter().any(Option::is_some)
    }

    fn read(row: &sea_orm::QueryResult, at: usize) -> Result<Days> {
        Ok(Days([row.try_get_by_index(at)?, row.try_get_by_index(at + 1)?, row.try_get_by_index(at + 2)?]))
    }
}

const DAYS: [&str; 3] = ["regular_on", "midterm_on", "final_on"];

fn select(school: UnitId, year: SchoolYearId, term: Term) -> SelectStatement {
    let mut query = Query::select();
    query
        .columns(DAYS)
        .column("version")
        .from("mark_deadline")
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("school_year_id").eq(year.0))
        .and_where(Expr::col("term").eq(value::term_number(term)));
    query
}

/// The deadlines of a school in a term; for everybody who may read marks there.
pub async fn get(db: &Db, ctx: &Ctx, school: UnitId, term: Term, year: Option<SchoolYearId>) -> Result<MarkDeadlines> {
    let conn = db.read();
    let place = facts::school_term(conn, ctx, Permission::MarkRead, Permission::DeadlineWrite, school, year, term).await?;
    let (days, version) = read(conn, &place).await?;
    Ok(answer(place, days, version))
}

/// The days as they stand, with their version; 0 where none were set.
pub(crate) async fn read(conn: &impl ConnectionTrait, place: &SchoolTerm) -> Result<(Days, i64)> {
    match conn.query_one(&select(place.school_id, place.school_year_id, place.term)).await? {
        Some(row) => Ok((Days::read(&row, 0)?, row.try_get_by_index(3)?)),
        None => Ok((Days::default(), 0)),
    }
}

pub(crate) fn answer(place: SchoolTerm, days: Days, version: i64) -> MarkDeadlines {
    MarkDeadlines {
        school_id: place.school_id,
        school_name: place.school_name,
        school_year_id: place.school_year_id,
        school_year: place.school_year,
        term: place.term,
        term_starts_on: place.starts_on,
        term_ends_on: place.ends_on,
        regular: days.of(SlotGroup::Regular),
        midterm: days.of(SlotGroup::Midterm),
        r#final: days.of(SlotGroup::Final),
        writable: place.writable,
        version,
    }
}

/// Sets the deadlines of a school in a term. What is past is locked at once; what is put off opens again.
///
/// Errors: `version_conflict`; `invalid` with the pointer of a day that is not of a century of ours.
pub async fn put(
    db: &Db,
    ctx: &Ctx,
    school: UnitId,
    term: Term,
    year: Option<SchoolYearId>,
    version: i64,
    body: &PutMarkDeadlines,
) -> Result<MarkDeadlines> {
    let days = Days([body.regular, body.midterm, body.r#final]);
    check(&days)?;
    db.write(ctx, async |tx| put_in(tx, school, term, year, version, days).await).await
}

/// A slip of a digit in the year is no deadline.
fn check(days: &Days) -> Result<()> {
    let (first, last) = (NaiveDate::from_ymd_opt(2000, 1, 1), NaiveDate::from_ymd_opt(2999, 12, 31));
    for (pointer, day) in ["/regular", "/midterm", "/final"].into_iter().zip(days.0) {
        if day.is_some_and(|day| Some(day) < first || Some(day) > last) {
            return Err(Error::field(pointer, Code::FieldFormat));
        }
    }
    Ok(())
}

async fn put_in(
    tx: &Tx<'_>,
    school: UnitId,
    term: Term,
    year: Option<SchoolYearId>,
    version: i64,
    days: Days,
) -> Result<(MarkDeadlines, Vec<Event>)> {
    let conn = tx.conn();
    let place =
        facts::school_term(conn, tx.ctx(), Permission::DeadlineWrite, Permission::DeadlineWrite, school, year, term).await?;
    let (was, stands) = read(conn, &place).await?;
    if stands != version {
        return Err(Error::new(Code::VersionConflict));
    }
    let mut insert = Query::insert();
    insert
        .into_table("mark_deadline")
        .columns([
            "school_id",
            "school_year_id",
            "term",
            "regular_on",
            "midterm_on",
            "final_on",
            "updated_at",
            "updated_by",
            "version",
        ])
        .values_panic([
            place.school_id.0.into(),
            place.school_year_id.0.into(),
            value::term_number(term).into(),
            days.0[0].into(),
            days.0[1].into(),
            days.0[2].into(),
            tx.now().into(),
            tx.ctx().account.map(Uuid::from).into(),
            (version + 1).into(),
        ])
        .on_conflict(
            OnConflict::columns(["school_id", "school_year_id", "term"])
                .update_columns(["regular_on", "midterm_on", "final_on", "updated_at", "updated_by", "version"])
                // Two who saw the same: one of them wins.
                .action_and_where(Expr::col(("mark_deadline", "version")).eq(version))
                .to_owned(),
        );
    if conn.execute(&insert).await?.rows_affected() != 1 {
        return Err(Error::new(Code::VersionConflict));
    }
    live::announce_school(tx, place.school_id);
    let before = answer(place.clone(), was, version);
    let after = answer(place, days, version + 1);
    let event = Event::new(Some(after.school_id), "mark_deadline.set", "unit", after.school_id).before(&before).after(&after);
    Ok((after, vec![event]))
}
