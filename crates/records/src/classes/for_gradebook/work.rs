//! Many classes at once, for lists of what is left to do: a statement for each question, not for each class.

use super::{SubjectFacts, subject_row};
use crate::scope::{self, in_force};
use chrono::NaiveDate;
use dto::calendar::Grade;
use dto::{ClassId, LearnerId, SchoolYearId, UnitId};
use kernel::Result;
use kernel::ctx::Scope;
use regulations::tt27::TraitKind;
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult};

/// A class in a list.
#[derive(Clone, Debug)]
pub struct ClassItem {
    pub id: ClassId,
    pub school_id: UnitId,
    pub name: String,
    pub grade: Grade,
    pub year_starts_on: NaiveDate,
}

const ITEM_COLUMNS: usize = 5;

fn items() -> SelectStatement {
    let mut query = Query::select();
    query
        .columns([("c", "id"), ("c", "school_id"), ("c", "name"), ("c", "grade"), ("y", "starts_on")])
        .from_as("class", "c")
        .join_as(JoinType::InnerJoin, "school_year", "y", Expr::col(("y", "id")).equals(("c", "school_year_id")));
    query
}

fn item(row: &QueryResult) -> Result<ClassItem> {
    Ok(ClassItem {
        id: ClassId(row.try_get_by_index(0)?),
        school_id: UnitId(row.try_get_by_index(1)?),
        name: row.try_get_by_index(2)?,
        grade: crate::stored(&row.try_get_by_index::<String>(3)?)?,
        year_starts_on: row.try_get_by_index(4)?,
    })
}

/// The classes of a year that a scope reaches as a whole, by grade and name; at most `limit`.
pub async fn classes_reached(
    conn: &impl ConnectionTrait,
    scope: &Scope,
    year: SchoolYearId,
    limit: u64,
) -> Result<Vec<ClassItem>> {
    if whole(scope) == Scope::default() {
        return Ok(Vec::new());
    }
    let mut query = whole_classes(scope, year);
    query.limit(limit);
    conn.query_all(&query).await?.iter().map(item).collect()
}

/// The classes of one school in a year that a scope reaches as a whole, by grade and name.
pub async fn classes_of_school(
    conn: &impl ConnectionTrait,
    scope: &Scope,
    school: UnitId,
    year: SchoolYearId,
) -> Result<Vec<ClassItem>> {
    let mut query = whole_classes(scope, year);
    query.and_where(Expr::col(("c", "school_id")).eq(school.0));
    conn.query_all(&query).await?.iter().map(item).collect()
}

/// What of a scope opens whole classes: neither a subject taught in one, nor a child in it.
fn whole(scope: &Scope) -> Scope {
    Scope { all: scope.all, units: scope.units.clone(), homeroom: scope.homeroom, ..Scope::default() }
}

fn whole_classes(scope: &Scope, year: SchoolYearId) -> SelectStatement {
    let mut query = items();
    query
        .and_where(Expr::col(("c", "school_year_id")).eq(year.0))
        .cond_where(scope::classes(&whole(scope), "c"))
        .order_by(("c", "grade_order"), Order::Asc)
        .order_by(("c", "sort_key"), Order::Asc)
        .order_by(("c", "id"), Order::Asc);
    query
}

/// The classes and subjects that a member of staff teaches today in a school year; of their own primary class also the sheets of
/// qualities and competencies, assigned or not.
pub async fn sections_taught(
    conn: &impl ConnectionTrait,
    scope: &Scope,
    year: SchoolYearId,
) -> Result<Vec<(ClassItem, SubjectFacts)>> {
    let Some(staff) = scope.taught else { return Ok(Vec::new()) };
    let mut query = sections();
    query
        .columns([("c", "grade_order"), ("c", "sort_key"), ("cs", "position")])
        .join_as(JoinType::InnerJoin, "teaching", "tg", Expr::col(("tg", "class_id")).equals(("c", "id")))
        .join_as(
            JoinType::InnerJoin,
            "class_subject",
            "cs",
            Expr::col(("cs", "class_id"))
                .equals(("c", "id"))
                .and(Expr::col(("cs", "subject_code")).equals(("tg", "subject_code"))),
        )
        .join_as(JoinType::InnerJoin, "subject", "s", Expr::col(("s", "code")).equals(("cs", "subject_code")))
        .and_where(Expr::col(("tg", "staff_id")).eq(staff))
        .and_where(Expr::col(("c", "school_year_id")).eq(year.0))
        .cond_where(in_force("tg"))
        .order_by(("c", "grade_order"), Order::Asc)
        .order_by(("c", "sort_key"), Order::Asc)
        .order_by(("c", "id"), Order::Asc)
        .order_by(("cs", "position"), Order::Asc);
    let read = |row: &QueryResult| -> Result<_> { Ok((item(row)?, subject_row(row, ITEM_COLUMNS)?)) };
    let mut taught = conn.query_all(&query).await?.iter().map(read).collect::<Result<Vec<_>>>()?;

    // A statement of its own: it follows the index of homeroom teachers.
    let mut query = sections();
    query
        .join_as(
            JoinType::InnerJoin,
            "class_subject",
            "cs",
            Expr::col(("cs", "class_id"))
                .equals(("c", "id"))
                .and(Expr::col(("cs", "subject_code")).is_in(TraitKind::ALL.map(TraitKind::sheet))),
        )
        .columns([("cs", "position")])
        .join_as(JoinType::InnerJoin, "subject", "s", Expr::col(("s", "code")).equals(("cs", "subject_code")))
        .and_where(Expr::col(("c", "homeroom_staff_id")).eq(staff))
        .and_where(Expr::col(("c", "school_year_id")).eq(year.0))
        .order_by(("cs", "position"), Order::Asc);
    for row in conn.query_all(&query).await? {
        let (class, subject) = read(&row)?;
        if !taught.iter().any(|(known, other)| known.id == class.id && other.code == subject.code) {
            taught.push((class, subject));
        }
    }
    Ok(taught)
}

/// A class with one of its subjects.
fn sections() -> SelectStatement {
    let mut query = items();
    query
        .columns([("cs", "subject_code"), ("s", "name_vi"), ("s", "name_en"), ("cs", "kind")])
        .columns([("cs", "annual_periods"), ("cs", "whole_class"), ("cs", "topics")])
        .distinct();
    query
}

/// The subjects of classes.
pub async fn subjects_of(conn: &impl ConnectionTrait, classes: &[ClassItem]) -> Result<Vec<(ClassId, SubjectFacts)>> {
    let mut query = Query::select();
    query
        .columns([("cs", "subject_code"), ("s", "name_vi"), ("s", "name_en"), ("cs", "kind")])
        .columns([("cs", "annual_periods"), ("cs", "whole_class"), ("cs", "topics"), ("cs", "class_id")])
        .from_as("class_subject", "cs")
        .join_as(JoinType::InnerJoin, "subject", "s", Expr::col(("s", "code")).equals(("cs", "subject_code")))
        .and_where(Expr::col(("cs", "class_id")).is_in(classes.iter().map(|class| class.id.0)));
    conn.query_all(&query).await?.iter().map(|row| Ok((ClassId(row.try_get_by_index(7)?), subject_row(row, 0)?))).collect()
}

/// The conditions that find classes' rows in tables whose key begins with the school.
fn of_classes(query: &mut SelectStatement, table: &'static str, classes: &[ClassItem]) {
    let mut schools: Vec<_> = classes.iter().map(|class| class.school_id.0).collect();
    schools.sort_unstable();
    schools.dedup();
    query
        .and_where(Expr::col((table, "school_id")).is_in(schools))
        .and_where(Expr::col((table, "class_id")).is_in(classes.iter().map(|class| class.id.0)));
}

/// Who is, or was, in classes; with the first day on which they no longer were.
pub async fn learners_of(
    conn: &impl ConnectionTrait,
    classes: &[ClassItem],
) -> Result<Vec<(ClassId, LearnerId, Option<NaiveDate>)>> {
    let mut query = Query::select();
    query.columns([("e", "class_id"), ("e", "learner_id"), ("e", "left_on")]).from_as("enrolment", "e");
    of_classes(&mut query, "e", classes);
    conn.query_all(&query)
        .await?
        .iter()
        .map(|row| Ok((ClassId(row.try_get_by_index(0)?), LearnerId(row.try_get_by_index(1)?), row.try_get_by_index(2)?)))
        .collect()
}

/// Who takes which elective subject of classes.
pub async fn electives_of(conn: &impl ConnectionTrait, classes: &[ClassItem]) -> Result<Vec<(ClassId, String, LearnerId)>> {
    choices_of(conn, "subject_enrolment", classes).await
}

/// Who was named to take the specialised topics of which subject of classes.
pub async fn topics_of(conn: &impl ConnectionTrait, classes: &[ClassItem]) -> Result<Vec<(ClassId, String, LearnerId)>> {
    choices_of(conn, "topic_enrolment", classes).await
}

async fn choices_of(
    conn: &impl ConnectionTrait,
    table: &'static str,
    classes: &[ClassItem],
) -> Result<Vec<(ClassId, String, LearnerId)>> {
    let mut query = Query::select();
    query.columns([("se", "class_id"), ("se", "subject_code"), ("se", "learner_id")]).from_as(table, "se");
    of_classes(&mut query, "se", classes);
    conn.query_all(&query)
        .await?
        .iter()
        .map(|row| Ok((ClassId(row.try_get_by_index(0)?), row.try_get_by_index(1)?, LearnerId(row.try_get_by_index(2)?))))
        .collect()
}

/// A learner of a class who was in another one of the same year.
#[derive(Clone, Copy, Debug)]
pub struct Moved {
    pub class: ClassId,
    pub learner: LearnerId,
    /// The other class and its school.
    pub school: UnitId,
    pub from: ClassId,
}

/// Who of those in classes today has been in another class of the year: the class that they are in besides first, then the latest.
/// `only`: of these learners.
pub async fn moved(conn: &impl ConnectionTrait, classes: &[ClassItem], only: Option<&[LearnerId]>) -> Result<Vec<Moved>> {
    if classes.is_empty() || only.is_some_and(<[LearnerId]>::is_empty) {
        return Ok(Vec::new());
    }
    let mut query = Query::select();
    query
        .columns([("o", "left_on"), ("o", "enrolled_on"), ("o", "school_id"), ("o", "class_id")])
        .columns([("e", "class_id"), ("e", "learner_id")])
        .from_as("enrolment", "e")
        .join_as(
            JoinType::InnerJoin,
            "enrolment",
            "o",
            Expr::col(("o", "learner_id"))
                .equals(("e", "learner_id"))
                .and(Expr::col(("o", "class_id")).not_equals(("e", "class_id"))),
        )
        .join_as(JoinType::InnerJoin, "class", "c", Expr::col(("c", "id")).equals(("e", "class_id")))
        .join_as(
            JoinType::InnerJoin,
            "class",
            "oc",
            Expr::col(("oc", "id"))
                .equals(("o", "class_id"))
                .and(Expr::col(("oc", "school_year_id")).equals(("c", "school_year_id"))),
        )
        .and_where(Expr::col(("e", "left_on")).is_null());
    of_classes(&mut query, "e", classes);
    if let Some(only) = only {
        query.and_where(Expr::col(("e", "learner_id")).is_in(only.iter().map(|learner| learner.0)));
    }
    let mut rows = conn
        .query_all(&query)
        .await?
        .iter()
        .map(|row| {
            let present = row.try_get_by_index::<Option<NaiveDate>>(0)?.is_none();
            let (since, school, from): (NaiveDate, _, _) =
                (row.try_get_by_index(1)?, UnitId(row.try_get_by_index(2)?), ClassId(row.try_get_by_index(3)?));
            let (class, learner) = (ClassId(row.try_get_by_index(4)?), LearnerId(row.try_get_by_index(5)?));
            Ok(((present, since, school, from), Moved { class, learner, school, from }))
        })
        .collect::<Result<Vec<_>>>()?;
    rows.sort_unstable_by(|(a, _), (b, _)| b.cmp(a));
    Ok(rows.into_iter().map(|(_, moved)| moved).collect())
}
