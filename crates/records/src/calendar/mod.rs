//! School years and their terms. They belong to the province: one calendar for all its schools.

pub(crate) mod entity;
mod working_days;

pub use working_days::{is_working_day, working_day_after};

use crate::input;
use chrono::NaiveDate;
use dto::calendar::{PutSchoolYear, SchoolYear, Term, TermDates};
use dto::page::Page;
use dto::{Code, SchoolYearId};
use entity::{term, year};
use kernel::{Ctx, Db, Error, Event, Result, Tx, clock, id};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use uuid::Uuid;

/// 1 or 2, as tables keep a term.
pub fn term_number(term: Term) -> i16 {
    match term {
        Term::S1 => 1,
        Term::S2 => 2,
    }
}

/// The term of a table's 1 or 2.
pub fn term_of(number: i16) -> Result<Term> {
    crate::stored(&number.to_string())
}

/// All school years, the newest first.
pub async fn list(db: &Db, _ctx: &Ctx) -> Result<Page<SchoolYear>> {
    Ok(Page { items: years_in(db.read(), clock::today()).await?, next: None })
}

/// All school years on a day, the newest first.
pub async fn years_in(conn: &impl ConnectionTrait, today: NaiveDate) -> Result<Vec<SchoolYear>> {
    let years = year::Entity::find().order_by_desc(year::Column::StartsOn).order_by_desc(year::Column::Code).all(conn).await?;
    let terms = term::Entity::find().order_by_asc(term::Column::Term).all(conn).await?;
    let current = current_of(&years, today);
    years
        .into_iter()
        .map(|y| {
            let own = terms.iter().filter(|t| t.school_year_id == y.id);
            Ok(SchoolYear { current: current == Some(y.id), terms: own.map(term_dates).collect::<Result<_>>()?, ..whole(y) })
        })
        .collect()
}

fn whole(y: year::Model) -> SchoolYear {
    SchoolYear {
        id: SchoolYearId(y.id),
        code: y.code,
        starts_on: y.starts_on,
        ends_on: y.ends_on,
        terms: Vec::new(),
        current: false,
        version: y.version,
    }
}

fn term_dates(t: &term::Model) -> Result<TermDates> {
    Ok(TermDates {
        term: term_of(t.term)?,
        weeks: u8::try_from(t.weeks).unwrap_or(0),
        starts_on: t.starts_on,
        ends_on: t.ends_on,
        marks_due_on: t.marks_due_on,
    })
}

/// The current school year: the one that holds the day, else the latest that has begun, else the first. `years` newest first.
fn current_of(years: &[year::Model], day: NaiveDate) -> Option<Uuid> {
    let holds = years.iter().find(|y| y.starts_on <= day && day <= y.ends_on);
    let begun = || years.iter().find(|y| y.starts_on <= day);
    holds.or_else(begun).or(years.last()).map(|y| y.id)
}

/// The current school year, without its terms; `None` while there is none at all.
pub async fn current_year_in(conn: &impl ConnectionTrait, today: NaiveDate) -> Result<Option<SchoolYear>> {
    let years = year::Entity::find().order_by_desc(year::Column::StartsOn).order_by_desc(year::Column::Code).all(conn).await?;
    let current = current_of(&years, today);
    Ok(years.into_iter().find(|y| Some(y.id) == current).map(|y| SchoolYear { current: true, ..whole(y) }))
}

/// A school year by id, or the current one.
///
/// Errors: `not_found`.
pub(crate) async fn year_in(conn: &impl ConnectionTrait, id: Option<SchoolYearId>) -> Result<SchoolYear> {
    match id {
        None => current_year_in(conn, clock::today()).await?,
        Some(id) => year::Entity::find_by_id(id.0).one(conn).await?.map(whole),
    }
    .ok_or_else(|| Error::new(Code::NotFound))
}

/// The term of a school year that runs on a day: the second once it has begun, else the first.
pub fn current_term(year: &SchoolYear, today: NaiveDate) -> Term {
    match year.terms.iter().find(|t| t.term == Term::S2) {
        Some(second) if second.starts_on <= today => Term::S2,
        _ => Term::S1,
    }
}

/// A new school year with its two terms.
///
/// Errors: `code_taken`, `invalid` with the field.
pub async fn create(db: &Db, ctx: &Ctx, body: &PutSchoolYear) -> Result<SchoolYear> {
    check(body)?;
    db.write(ctx, async |tx| {
        let year_id: SchoolYearId = id::new();
        let row =
            year::Model { id: year_id.0, code: body.code.clone(), starts_on: body.starts_on, ends_on: body.ends_on, version: 1 };
        year::Entity::insert(row.into_active_model()).exec_without_returning(tx.conn()).await?;
        put_terms_in(tx, year_id, &body.terms).await?;
        let made = find_in(tx.conn(), year_id).await?;
        let event = Event::new(None, "school_year.created", "school_year", year_id).after(&made);
        Ok((made, vec![event]))
    })
    .await
}

/// Changes a school year and its terms as a whole.
///
/// Errors: `not_found`, `version_conflict`, `code_taken`, `invalid` with the field.
pub async fn put(db: &Db, ctx: &Ctx, id: SchoolYearId, version: i64, body: &PutSchoolYear) -> Result<SchoolYear> {
    check(body)?;
    db.write(ctx, async |tx| {
        let before = find_in(tx.conn(), id).await?;
        let row = year::ActiveModel {
            code: Set(body.code.clone()),
            starts_on: Set(body.starts_on),
            ends_on: Set(body.ends_on),
            version: Set(version.saturating_add(1)),
            ..Default::default()
        };
        let done = year::Entity::update_many()
            .set(row)
            .filter(year::Column::Id.eq(id.0))
            .filter(year::Column::Version.eq(version))
            .exec(tx.conn())
            .await?;
        if done.rows_affected == 0 {
            return Err(Error::new(Code::VersionConflict));
        }
        term::Entity::delete_many().filter(term::Column::SchoolYearId.eq(id.0)).exec(tx.conn()).await?;
        put_terms_in(tx, id, &body.terms).await?;
        let after = find_in(tx.conn(), id).await?;
        let event = Event::new(None, "school_year.updated", "school_year", id).before(&before).after(&after);
        Ok((after, vec![event]))
    })
    .await
}

async fn find_in(conn: &impl ConnectionTrait, id: SchoolYearId) -> Result<SchoolYear> {
    let years = years_in(conn, clock::today()).await?;
    years.into_iter().find(|y| y.id == id).ok_or_else(|| Error::new(Code::NotFound))
}

async fn put_terms_in(tx: &Tx<'_>, year: SchoolYearId, terms: &[TermDates]) -> Result<()> {
    let rows = terms
        .iter()
        .map(|t| term::Model {
            school_year_id: year.0,
            term: term_number(t.term),
            weeks: i16::from(t.weeks),
            starts_on: t.starts_on,
            ends_on: t.ends_on,
            marks_due_on: t.marks_due_on,
        })
        .collect();
    crate::bulk::insert_many_in(tx, rows).await
}

/// Two years that follow each other; dates in order; two terms in order, apart, inside the year.
fn check(body: &PutSchoolYear) -> Result<()> {
    let first = body.code.get(..4).and_then(|y| y.parse::<u16>().ok());
    let second = body.code.get(5..).and_then(|y| y.parse::<u16>().ok());
    let follows = matches!((first, second), (Some(a), Some(b)) if a + 1 == b && (1900..=2200).contains(&a));
    if !follows || body.code.as_bytes().get(4) != Some(&b'-') || body.code.len() != 9 {
        return Err(Error::field("/code", Code::FieldFormat));
    }
    input::day("/starts_on", body.starts_on)?;
    input::day("/ends_on", body.ends_on)?;
    if body.ends_on <= body.starts_on {
        return Err(Error::field("/ends_on", Code::DatesReversed));
    }
    let [one, two] = body.terms.as_slice() else { return Err(Error::field("/terms", Code::FieldFormat)) };
    if one.term != Term::S1 {
        return Err(Error::field("/terms/0/term", Code::FieldChoice));
    }
    if two.term != Term::S2 {
        return Err(Error::field("/terms/1/term", Code::FieldChoice));
    }
    for (at, t) in body.terms.iter().enumerate() {
        if t.ends_on <= t.starts_on {
            return Err(Error::field(format!("/terms/{at}/ends_on"), Code::DatesReversed));
        }
        if let Some(due) = t.marks_due_on {
            input::day(&format!("/terms/{at}/marks_due_on"), due)?;
            if due < t.starts_on {
                return Err(Error::field(format!("/terms/{at}/marks_due_on"), Code::DatesReversed));
            }
        }
    }
    if one.starts_on < body.starts_on {
        return Err(Error::field("/terms/0/starts_on", Code::DatesReversed));
    }
    if two.starts_on <= one.ends_on {
        return Err(Error::field("/terms/1/starts_on", Code::DatesReversed));
    }
    if two.ends_on > body.ends_on {
        return Err(Error::field("/terms/1/ends_on", Code::DatesReversed));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn year(code: &str, from: &str, to: &str) -> year::Model {
        year::Model { id: id::new(), code: code.into(), starts_on: day(from), ends_on: day(to), version: 1 }
    }

    #[test]
    fn the_current_year() {
        let years = [year("2026-2027", "2026-09-05", "2027-05-31"), year("2025-2026", "2025-09-05", "2026-05-31")];
        let current = |on: &str| current_of(&years, day(on));
        assert_eq!(current("2026-11-22"), Some(years[0].id));
        assert_eq!(current("2026-09-05"), Some(years[0].id));
        assert_eq!(current("2026-07-15"), Some(years[1].id), "in summer, the latest that has begun");
        assert_eq!(current("2020-01-01"), Some(years[1].id), "before all, the first");
        assert_eq!(current("2030-01-01"), Some(years[0].id));
        assert_eq!(current_of(&[], day("2026-11-22")), None);
    }

    fn body() -> PutSchoolYear {
        let term = |term, weeks, from, to| TermDates { term, weeks, starts_on: day(from), ends_on: day(to), marks_due_on: None };
        PutSchoolYear {
            code: "2026-2027".into(),
            starts_on: day("2026-09-05"),
            ends_on: day("2027-05-31"),
            terms: vec![term(Term::S1, 18, "2026-09-05", "2027-01-10"), term(Term::S2, 17, "2027-01-18", "2027-05-25")],
        }
    }

    fn pointer(change: impl Fn(&mut PutSchoolYear)) -> String {
        let mut body = body();
        change(&mut body);
        let fault = check(&body).expect_err("a fault");
        fault.problem(dto::Lang::Vi, "r").errors[0].pointer.clone()
    }

    #[test]
    fn faults_are_told_by_field() {
        assert!(check(&body()).is_ok());
        for code in ["2026-2028", "2026/2027", "20262027 ", "ab26-2027", "2026-202ố", "+026-0027"] {
            assert_eq!(pointer(|b| b.code = code.into()), "/code", "{code}");
        }
        assert_eq!(pointer(|b| b.ends_on = b.starts_on), "/ends_on");
        assert_eq!(pointer(|b| b.terms.swap(0, 1)), "/terms/0/term");
        assert_eq!(pointer(|b| b.terms[0].starts_on = day("2026-09-04")), "/terms/0/starts_on");
        assert_eq!(pointer(|b| b.terms[0].ends_on = day("2026-09-01")), "/terms/0/ends_on");
        assert_eq!(pointer(|b| b.terms[1].starts_on = day("2027-01-10")), "/terms/1/starts_on");
        assert_eq!(pointer(|b| b.terms[1].ends_on = day("2027-06-01")), "/terms/1/ends_on");
        assert_eq!(pointer(|b| b.terms[1].marks_due_on = Some(day("2026-12-01"))), "/terms/1/marks_due_on");
    }
}
