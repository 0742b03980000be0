//! Weight and height of children: a class on one day of measuring, one child's curve, and where measuring is due.
//!
//! The school's nurse writes for every class of the school, the class teacher in preschool for their own class (TTLT 13/2016 Đ.9).
//! Rows are of the school that measured; a child who changes the school keeps one curve.

pub(crate) mod entry;
mod put;
pub(crate) mod rows;

pub use put::put;
pub(crate) use put::{put_in, rows_of};

use crate::classes::for_gradebook::{self as facts, ClassFacts};
use crate::{learners, scope};
use chrono::NaiveDate;
use dto::access::Permission;
use dto::growth::{ClassGrowth, GrowthDue, GrowthEntry, GrowthRow, LearnerGrowth};
use dto::learners::Learner;
use dto::{ClassId, Code, LearnerId, Page};
use entry::Measured;
use kernel::ctx::Scope;
use kernel::{Ctx, Db, Error, Result, clock};
use regulations::preschool::growth::Intervals;
use rows::ChildRow;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use std::collections::{BTreeMap, BTreeSet};

/// How often children are measured.
const RULE: Intervals = Intervals::TTLT_13_2016;

/// Classes in one list of what is due.
const DUE_CLASSES: u64 = 2_000;

/// A class that the caller may read, and whether they may write its measurements.
async fn class_of(conn: &impl ConnectionTrait, ctx: &Ctx, class: ClassId) -> Result<ClassFacts> {
    let mut class = facts::class(conn, ctx, Permission::GrowthRead, Permission::GrowthWrite, class).await?;
    if class.writable && class.grade.number().is_some() {
        // In general schools measuring is the nurse's; a homeroom teacher only reads.
        class.writable = reaches_as_office(conn, ctx, class.id).await?;
    }
    Ok(class)
}

async fn reaches_as_office(conn: &impl ConnectionTrait, ctx: &Ctx, class: ClassId) -> Result<bool> {
    let office = Scope { homeroom: None, taught: None, ..ctx.reach(Permission::GrowthWrite) };
    let mut query = Query::select();
    query
        .column(("c", "id"))
        .from_as("class", "c")
        .and_where(Expr::col(("c", "id")).eq(class.0))
        .cond_where(scope::classes(&office, "c"));
    Ok(conn.query_one(&query).await?.is_some())
}

/// A day on which somebody can have been measured.
pub(crate) fn checked(day: NaiveDate) -> Result<NaiveDate> {
    let day = crate::input::day("day", day)?;
    let today = clock::today();
    if day <= today {
        return Ok(day);
    }
    let bounds =
        BTreeMap::from([("min".to_owned(), "01/01/1900".to_owned()), ("max".to_owned(), today.format("%d/%m/%Y").to_string())]);
    Err(Error::new(Code::Invalid).and_field_with("day", Code::FieldRange, bounds))
}

/// A class on a day: what was measured then, what was measured before, and when each child is due.
///
/// Errors: `not_found`; `invalid` for a day of the future.
pub async fn sheet(db: &Db, ctx: &Ctx, class: ClassId, day: NaiveDate) -> Result<ClassGrowth> {
    let conn = db.read();
    let class = class_of(conn, ctx, class).await?;
    let day = checked(day)?;
    let children = rows::children(conn, class.school_id, class.id).await?;
    let ids: Vec<LearnerId> = children.iter().map(|child| child.learner_id).collect();
    let mut measured = rows::of_learners(conn, &ids).await?;
    let mut days = BTreeSet::new();
    let mut sheet_rows = Vec::with_capacity(children.len());
    for child in children {
        let all = measured.remove(&child.learner_id).unwrap_or_default();
        days.extend(
            all.iter()
                .filter(|(school, m)| *school == class.school_id && m.holds() && m.on >= class.year_starts_on && m.on != day)
                .map(|(_, m)| m.on),
        );
        let here = all.iter().find(|(school, m)| *school == class.school_id && m.on == day).map(|(_, m)| m.clone());
        let held: Vec<Measured> = all.into_iter().map(|(_, m)| m).filter(Measured::holds).collect();
        sheet_rows.push(row(&class, child, day, here, &held));
    }
    Ok(ClassGrowth {
        class_id: class.id,
        class_name: class.name,
        school_name: class.school_name,
        grade: class.grade,
        measured_on: day,
        writable: class.writable,
        days: days.into_iter().rev().collect(),
        rows: sheet_rows,
    })
}

fn row(class: &ClassFacts, child: ChildRow, day: NaiveDate, here: Option<Measured>, held: &[Measured]) -> GrowthRow {
    let ChildRow { learner_id, ordinal, full_name, given_name, birth_date, sex, left_on } = child;
    let last = held.last().map(|m| m.on);
    GrowthRow {
        learner_id,
        ordinal,
        full_name,
        given_name,
        birth_date,
        sex,
        left: left_on.is_some_and(|left| left <= day),
        version: here.as_ref().map_or(0, |m| m.version),
        entry: here.filter(Measured::holds).map(|m| m.entry(birth_date, sex)),
        before: held.iter().rev().find(|m| m.on < day).map(|m| m.entry(birth_date, sex)),
        due_on: entry::due_on(RULE, class.grade, class.year_starts_on, birth_date, last, clock::today()),
    }
}

/// One learner's growth with the charts it is drawn on.
///
/// Errors: `not_found`.
pub async fn of_learner(db: &Db, ctx: &Ctx, learner: LearnerId) -> Result<LearnerGrowth> {
    let conn = db.read();
    let learner = learners::find_in(conn, ctx, Permission::GrowthRead, learner).await?;
    growth(conn, learner).await
}

/// The same of one's own child, or of oneself.
///
/// Errors: `not_found`.
pub async fn of_child(db: &Db, ctx: &Ctx, learner: LearnerId) -> Result<LearnerGrowth> {
    let conn = db.read();
    if !learners::is_family(conn, ctx, learner).await? {
        return Err(Error::new(Code::NotFound));
    }
    let learner = learners::find_in(conn, ctx, Permission::FamilyRead, learner).await?;
    growth(conn, learner).await
}

async fn growth(conn: &impl ConnectionTrait, learner: Learner) -> Result<LearnerGrowth> {
    let today = clock::today();
    let measured = rows::of_learners(conn, &[learner.id]).await?.remove(&learner.id).unwrap_or_default();
    let entries: Vec<GrowthEntry> =
        measured.iter().filter(|(_, m)| m.holds()).map(|(_, m)| m.entry(learner.birth_date, learner.sex)).collect();
    let class = rows::present_class(conn, learner.id, today).await?;
    let last = entries.last().map(|e| e.measured_on);
    let charts = entry::charts(learner.sex, &entries, entry::age_days(learner.birth_date, today));
    Ok(LearnerGrowth {
        learner_id: learner.id,
        full_name: learner.full_name,
        given_name: learner.name.given,
        birth_date: learner.birth_date,
        sex: learner.sex,
        due_on: class
            .as_ref()
            .map(|class| entry::due_on(RULE, class.grade, class.year_starts_on, learner.birth_date, last, today)),
        class_id: class.as_ref().map(|class| class.class_id),
        class_name: class.map(|class| class.class_name),
        entries,
        charts,
    })
}

/// The classes of the current school year in which the caller measures and somebody is due, those with most first.
pub async fn due(db: &Db, ctx: &Ctx) -> Result<Page<GrowthDue>> {
    let conn = db.read();
    let today = clock::today();
    let Some(year) = crate::calendar::current_year_in(conn, today).await? else {
        return Ok(Page { items: Vec::new(), next: None });
    };
    let reach = ctx.reach(Permission::GrowthWrite);
    let office = Scope { homeroom: None, taught: None, ..reach.clone() };
    let mut classes = facts::classes_reached(conn, &office, year.id, DUE_CLASSES).await?;
    if let Some(staff) = reach.homeroom {
        let own = Scope { homeroom: Some(staff), ..Scope::default() };
        let own = facts::classes_reached(conn, &own, year.id, DUE_CLASSES).await?;
        let known: BTreeSet<ClassId> = classes.iter().map(|class| class.id).collect();
        classes.extend(own.into_iter().filter(|class| class.grade.number().is_none() && !known.contains(&class.id)));
    }
    if classes.is_empty() {
        return Ok(Page { items: Vec::new(), next: None });
    }
    let members = rows::birth_dates(conn, &classes, today).await?;
    let last = rows::last_days(conn, &classes).await?;
    let mut items = Vec::new();
    for class in classes {
        let Some(children) = members.get(&class.id) else { continue };
        let due = children
            .iter()
            .filter(|(learner, birth_date)| {
                let last = last.get(learner).copied();
                entry::due_on(RULE, class.grade, class.year_starts_on, *birth_date, last, today) <= today
            })
            .count();
        if due > 0 {
            items.push(GrowthDue {
                class_id: class.id,
                class_name: class.name,
                grade: class.grade,
                learners: u32::try_from(children.len()).unwrap_or(u32::MAX),
                due: u32::try_from(due).unwrap_or(u32::MAX),
            });
        }
    }
    items.sort_by_key(|item| std::cmp::Reverse(item.due));
    Ok(Page { items, next: None })
}
