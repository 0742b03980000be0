//! Finding learners.

use super::entity::{learner, status};
use crate::{calendar, scope};
use chrono::NaiveDate;
use dto::access::Permission;
use dto::calendar::Grade;
use dto::learners::{Enrolment, Learner, LearnerItem, LearnerQuery, PersonName, StatusEntry};
use dto::page::{Page, PageQuery};
use dto::{ClassId, Code, LearnerId, SchoolYearId, UnitId};
use kernel::ctx::Scope;
use kernel::{Ctx, Error, Result, clock, page};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, JoinType, Order, Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use uuid::Uuid;

pub(crate) fn learner(row: learner::Model) -> Result<Learner> {
    Ok(Learner {
        id: LearnerId(row.id),
        name: PersonName { family: row.family, middle: row.middle, given: row.given },
        full_name: row.full_name,
        birth_date: row.birth_date,
        sex: crate::stored(&row.sex)?,
        ethnicity: row.ethnicity,
        personal_id: row.personal_id,
        ministry_code: row.ministry_code,
        school_id: row.school_id.map(UnitId),
        status: crate::stored(&row.status)?,
        version: row.version,
    })
}

/// A learner that the permission reaches, with the name of the school.
pub(crate) async fn find(
    conn: &impl ConnectionTrait,
    ctx: &Ctx,
    permission: Permission,
    id: LearnerId,
) -> Result<(Learner, Option<String>)> {
    #[derive(FromQueryResult)]
    struct Found {
        #[sea_orm(nested)]
        learner: learner::Model,
        school_name: Option<String>,
    }
    let mut select = Query::select();
    select
        .columns([("l", "id"), ("l", "school_id"), ("l", "status"), ("l", "family"), ("l", "middle"), ("l", "given")])
        .columns([
            ("l", "full_name"),
            ("l", "sort_key"),
            ("l", "search_text"),
            ("l", "birth_date"),
            ("l", "sex"),
            ("l", "ethnicity"),
        ])
        .columns([
            ("l", "personal_id"),
            ("l", "ministry_code"),
            ("l", "phone"),
            ("l", "birthplace"),
            ("l", "address"),
            ("l", "version"),
            ("l", "match_key"),
            ("l", "name_key"),
            ("l", "merged_into"),
        ])
        .expr_as(Expr::col(("u", "name")), "school_name")
        .from_as("learner", "l")
        .join_as(JoinType::LeftJoin, "unit", "u", Expr::col(("u", "id")).equals(("l", "school_id")))
        .and_where(Expr::col(("l", "id")).eq(id.0))
        .cond_where(scope::learners(&ctx.reach(permission), "l"));
    match crate::one::<Found>(conn, &select).await? {
        Some(found) => Ok((learner(found.learner)?, found.school_name)),
        None => Err(Error::new(Code::NotFound)),
    }
}

/// Whether `family:read` reaches a learner: their guardian asks, or they themself.
pub async fn is_family(conn: &impl ConnectionTrait, ctx: &Ctx, id: LearnerId) -> Result<bool> {
    let reach = ctx.reach(Permission::FamilyRead);
    let family = Scope { guardian: reach.guardian, learner: reach.learner, all: reach.all, ..Scope::default() };
    let mut select = Query::select();
    select
        .column(("l", "id"))
        .from_as("learner", "l")
        .and_where(Expr::col(("l", "id")).eq(id.0))
        .cond_where(scope::learners(&family, "l"));
    Ok(conn.query_one(&select).await?.is_some())
}

/// Who holds these personal IDs: the learner and their school. For an import, which must know that a number is taken at another
/// school and must not say where.
pub async fn known_by_personal_ids(
    conn: &impl ConnectionTrait,
    numbers: &[String],
) -> Result<HashMap<String, (LearnerId, Option<UnitId>)>> {
    let mut known = HashMap::new();
    for chunk in numbers.chunks(500) {
        let rows: Vec<(Option<String>, Uuid, Option<Uuid>)> = learner::Entity::find()
            .select_only()
            .columns([learner::Column::PersonalId, learner::Column::Id, learner::Column::SchoolId])
            .filter(learner::Column::PersonalId.is_in(chunk.iter().map(String::as_str)))
            .into_tuple()
            .all(conn)
            .await?;
        known.extend(rows.into_iter().filter_map(|(number, id, school)| Some((number?, (LearnerId(id), school.map(UnitId))))));
    }
    Ok(known)
}

#[derive(Serialize, Deserialize)]
struct Cursor {
    key: crate::Hex,
    id: Uuid,
}

#[derive(FromQueryResult)]
struct Item {
    id: Uuid,
    full_name: String,
    given: String,
    birth_date: NaiveDate,
    sex: String,
    status: String,
    school_name: Option<String>,
    sort_key: Vec<u8>,
}

pub(super) async fn list(
    conn: &impl ConnectionTrait,
    ctx: &Ctx,
    query: &LearnerQuery,
    page: &PageQuery,
) -> Result<Page<LearnerItem>> {
    let after = page::decode::<Cursor>(page.after.as_deref())?;
    let mut select = Query::select();
    select
        .columns([
            ("l", "id"),
            ("l", "full_name"),
            ("l", "given"),
            ("l", "birth_date"),
            ("l", "sex"),
            ("l", "status"),
            ("l", "sort_key"),
        ])
        .expr_as(Expr::col(("u", "name")), "school_name")
        .from_as("learner", "l")
        .join_as(JoinType::LeftJoin, "unit", "u", Expr::col(("u", "id")).equals(("l", "school_id")));
    let reach = ctx.reach(Permission::LearnerRead);
    let narrowed = query.school_id.is_some() || query.class_id.is_some();
    let wide = !narrowed && scope::is_wide(conn, &reach).await?;
    let words = crate::words(query.q.as_deref());
    // A name that is rare is looked for in every school: in an index alone, and only who is shown is read. What else narrows a list
    // stands in the learner's row.
    let by_name = wide && query.grade.is_none() && !words.is_empty() && code(&words).is_none();
    if by_name {
        let mut found = Query::select();
        found.column(("s", "id")).from_as("learner", "s").and_where(under(&reach, "s"));
        narrow(&mut found, "s", &words, after.as_ref());
        found.order_by(("s", "sort_key"), Order::Asc).order_by(("s", "id"), Order::Asc).limit(page.limit() + 1);
        select.and_where(Expr::col(("l", "id")).in_subquery(found));
    } else {
        if wide {
            select.and_where(under(&reach, "l"));
        } else {
            select.cond_where(scope::learners(&reach, "l"));
        }
        narrow(&mut select, "l", &words, after.as_ref());
    }
    if let Some(school) = query.school_id {
        select.and_where(Expr::col(("l", "school_id")).eq(school.0));
    }
    if let Some(class) = query.class_id {
        select.and_where(Expr::col(("l", "id")).in_subquery(members(class)));
    }
    if let Some(grade) = query.grade {
        let Some(year) = calendar::current_year_in(conn, clock::today()).await? else {
            return Ok(Page { items: Vec::new(), next: None });
        };
        of_grade(conn, &mut select, year.id, grade, narrowed).await?;
    }
    select.order_by(("l", "sort_key"), Order::Asc).order_by(("l", "id"), Order::Asc).limit(page.limit() + 1);
    let rows = crate::all::<Item>(conn, &select).await?;
    let found = page::of(rows, page.limit(), |row| Cursor { key: crate::Hex(row.sort_key.clone()), id: row.id }, |row| row);
    let classes = current_classes(conn, found.items.iter().map(|row| row.id).collect()).await?;
    let items = found
        .items
        .into_iter()
        .map(|row| {
            let class = classes.get(&row.id);
            Ok(LearnerItem {
                id: LearnerId(row.id),
                full_name: row.full_name,
                given_name: row.given,
                birth_date: row.birth_date,
                sex: crate::stored(&row.sex)?,
                class_id: class.map(|(id, _)| *id),
                class_name: class.map(|(_, name)| name.clone()),
                school_name: row.school_name,
                status: crate::stored(&row.status)?,
            })
        })
        .collect::<Result<_>>()?;
    Ok(Page { items, next: found.next })
}

/// The learners of a class, through the key of enrolments, which begins with the school.
fn members(class: ClassId) -> SelectStatement {
    let mut select = Query::select();
    select
        .column(("me", "learner_id"))
        .from_as("class", "mc")
        .join_as(
            JoinType::InnerJoin,
            "enrolment",
            "me",
            Expr::col(("me", "school_id")).equals(("mc", "school_id")).and(Expr::col(("me", "class_id")).equals(("mc", "id"))),
        )
        .and_where(Expr::col(("mc", "id")).eq(class.0))
        .cond_where(scope::open("me", "left_on"));
    select
}

/// A grade that so many classes have is met soon on a walk along the order of names.
const COMMON: u64 = 80;

/// Those who are in a class of a grade. A list asks of each learner, but for a grade that few have: the walk along the order of names
/// would be long, so their classes are gathered. A list that is `narrowed` to a school or a class asks each of its learners.
async fn of_grade(
    conn: &impl ConnectionTrait,
    select: &mut SelectStatement,
    year: SchoolYearId,
    grade: Grade,
    narrowed: bool,
) -> Result<()> {
    let mut classes = Query::select();
    classes
        .from_as("class", "gc")
        .and_where(Expr::col(("gc", "school_year_id")).eq(year.0))
        .and_where(Expr::col(("gc", "grade")).eq(grade.as_str()));
    let rare = !narrowed && {
        let mut beyond = classes.clone();
        beyond.column(("gc", "id")).offset(COMMON).limit(1);
        conn.query_one(&beyond).await?.is_none()
    };
    classes.column(("gc", "id"));
    let mut members = Query::select();
    // The classes are named apart, so that the engine gathers them once and not for each learner.
    members
        .from_as("enrolment", "ge")
        .and_where(Expr::col(("ge", "class_id")).in_subquery(classes))
        .cond_where(scope::open("ge", "left_on"));
    if rare {
        members.column(("ge", "learner_id"));
        select.and_where(Expr::col(("l", "id")).in_subquery(members));
    } else {
        members.expr(Expr::val(1)).and_where(Expr::col(("ge", "learner_id")).equals(("l", "id")));
        select.and_where(Expr::exists(members));
    }
    Ok(())
}

/// The learner's school lies under a unit that the caller reaches: asked of one learner after another, as [`page::each`] says.
fn under(reach: &Scope, learner: &'static str) -> Expr {
    let mut under = Query::select();
    under
        .expr(Expr::val(1))
        .from_as("unit_ancestor", "ua")
        .and_where(Expr::col(("ua", "unit_id")).equals((learner, "school_id")))
        .and_where(Expr::col(("ua", "ancestor_id")).is_in(reach.units.iter().copied()));
    page::each(under)
}

/// A search for the start of a code: one word of six or more digits.
fn code(words: &[String]) -> Option<&str> {
    match words {
        [code] if code.len() >= 6 && code.bytes().all(|b| b.is_ascii_digit()) => Some(code),
        _ => None,
    }
}

/// Every word in the folded name or the codes, or the start of a code, found by its index; and behind the cursor.
fn narrow(select: &mut SelectStatement, learner: &'static str, words: &[String], after: Option<&Cursor>) {
    if let Some(code) = code(words) {
        let starts = |column: &'static str| {
            let mut range = Condition::all().add(Expr::col((learner, column)).gte(code));
            if let Some(end) = behind(code) {
                range = range.add(Expr::col((learner, column)).lt(end));
            }
            range.add(Expr::col((learner, column)).like(format!("{code}%")))
        };
        select.cond_where(Condition::any().add(starts("personal_id")).add(starts("ministry_code")));
    } else {
        for word in words {
            select.and_where(crate::contains((learner, "search_text"), word));
        }
    }
    if let Some(after) = after {
        select.and_where(crate::after([(learner, "sort_key"), (learner, "id")], [after.key.0.clone().into(), after.id.into()]));
    }
}

/// The first string behind all that begin with these digits: "129" → "13"; none behind nines alone.
fn behind(digits: &str) -> Option<String> {
    let kept = digits.trim_end_matches('9');
    let (head, last) = kept.split_at(kept.len().checked_sub(1)?);
    let next = last.bytes().next()? + 1;
    Some(format!("{head}{}", char::from(next)))
}

/// The class of each learner in the current school year.
async fn current_classes(conn: &impl ConnectionTrait, learners: Vec<Uuid>) -> Result<HashMap<Uuid, (ClassId, String)>> {
    let mut found = HashMap::new();
    if learners.is_empty() {
        return Ok(found);
    }
    let Some(year) = calendar::current_year_in(conn, clock::today()).await? else { return Ok(found) };
    #[derive(FromQueryResult)]
    struct In {
        learner_id: Uuid,
        id: Uuid,
        name: String,
    }
    let mut select = Query::select();
    select
        .column(("e", "learner_id"))
        .columns([("c", "id"), ("c", "name")])
        .from_as("enrolment", "e")
        .join_as(JoinType::InnerJoin, "class", "c", Expr::col(("c", "id")).equals(("e", "class_id")))
        .and_where(Expr::col(("e", "learner_id")).is_in(learners))
        .and_where(Expr::col(("c", "school_year_id")).eq(year.id.0))
        .cond_where(scope::open("e", "left_on"));
    for row in crate::all::<In>(conn, &select).await? {
        found.insert(row.learner_id, (ClassId(row.id), row.name));
    }
    Ok(found)
}

/// The history of statuses, the newest first.
pub(super) async fn statuses(conn: &impl ConnectionTrait, id: LearnerId) -> Result<Vec<StatusEntry>> {
    #[derive(FromQueryResult)]
    struct Line {
        status: String,
        since: NaiveDate,
        school_id: Uuid,
        school_name: String,
        reason: Option<String>,
    }
    let mut select = Query::select();
    select
        .columns([("s", "status"), ("s", "since"), ("s", "school_id"), ("s", "reason")])
        .expr_as(Expr::col(("u", "name")), "school_name")
        .from_as("learner_status", "s")
        .join_as(JoinType::InnerJoin, "unit", "u", Expr::col(("u", "id")).equals(("s", "school_id")))
        .and_where(Expr::col(("s", "learner_id")).eq(id.0))
        .order_by(("s", "since"), Order::Desc)
        .order_by(("s", "id"), Order::Desc);
    crate::all::<Line>(conn, &select)
        .await?
        .into_iter()
        .map(|l| {
            Ok(StatusEntry {
                status: crate::stored(&l.status)?,
                since: l.since,
                school_id: UnitId(l.school_id),
                school_name: l.school_name,
                reason: l.reason,
            })
        })
        .collect()
}

/// The newest line of the history.
pub(super) async fn last_status(conn: &impl ConnectionTrait, id: LearnerId) -> Result<Option<status::Model>> {
    use sea_orm::QueryOrder;
    Ok(status::Entity::find()
        .filter(status::Column::LearnerId.eq(id.0))
        .order_by_desc(status::Column::Since)
        .order_by_desc(status::Column::Id)
        .one(conn)
        .await?)
}

/// The classes that the learner was and is in, the newest first.
pub(crate) async fn enrolments(conn: &impl ConnectionTrait, id: LearnerId) -> Result<Vec<Enrolment>> {
    #[derive(FromQueryResult)]
    struct Line {
        class_id: Uuid,
        class_name: String,
        grade: String,
        school_id: Uuid,
        school_name: String,
        school_year: String,
        ordinal: i32,
        enrolled_on: NaiveDate,
        left_on: Option<NaiveDate>,
    }
    let mut select = Query::select();
    select
        .columns([("e", "class_id"), ("e", "school_id"), ("e", "ordinal"), ("e", "enrolled_on"), ("e", "left_on")])
        .column(("c", "grade"))
        .expr_as(Expr::col(("c", "name")), "class_name")
        .expr_as(Expr::col(("u", "name")), "school_name")
        .expr_as(Expr::col(("y", "code")), "school_year")
        .from_as("enrolment", "e")
        .join_as(JoinType::InnerJoin, "class", "c", Expr::col(("c", "id")).equals(("e", "class_id")))
        .join_as(JoinType::InnerJoin, "unit", "u", Expr::col(("u", "id")).equals(("e", "school_id")))
        .join_as(JoinType::InnerJoin, "school_year", "y", Expr::col(("y", "id")).equals(("c", "school_year_id")))
        .and_where(Expr::col(("e", "learner_id")).eq(id.0))
        .order_by(("y", "starts_on"), Order::Desc)
        .order_by(("e", "enrolled_on"), Order::Desc)
        .order_by(("e", "class_id"), Order::Desc);
    crate::all::<Line>(conn, &select)
        .await?
        .into_iter()
        .map(|l| {
            Ok(Enrolment {
                class_id: ClassId(l.class_id),
                class_name: l.class_name,
                grade: crate::stored(&l.grade)?,
                school_id: UnitId(l.school_id),
                school_name: l.school_name,
                school_year: l.school_year,
                ordinal: u32::try_from(l.ordinal).unwrap_or(0),
                enrolled_on: l.enrolled_on,
                left_on: l.left_on,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_range_of_codes() {
        assert_eq!(behind("129"), Some("13".into()));
        assert_eq!(behind("074209"), Some("07421".into()));
        assert_eq!(behind("999999"), None);
        assert_eq!(behind("199999"), Some("2".into()));
    }
}
