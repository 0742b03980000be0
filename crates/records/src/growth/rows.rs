//! Finding measurements, and the children of a class.

use super::entry::Measured;
use crate::classes::for_gradebook::ClassItem;
use chrono::NaiveDate;
use dto::calendar::Grade;
use dto::learners::Sex;
use dto::{ClassId, LearnerId, UnitId};
use kernel::{Error, Result};
use regulations::preschool::growth::MeasuringPosition;
use sea_orm::sea_query::{Expr, ExprTrait, Func, JoinType, Order, Query};
use sea_orm::{ConnectionTrait, FromQueryResult, QueryResult};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// A child of a class.
pub(crate) struct ChildRow {
    pub learner_id: LearnerId,
    pub ordinal: u32,
    pub full_name: String,
    pub given_name: String,
    pub birth_date: NaiveDate,
    pub sex: Sex,
    pub left_on: Option<NaiveDate>,
}

/// The children of a class by ordinal, with those who have left.
pub(crate) async fn children(conn: &impl ConnectionTrait, school: UnitId, class: ClassId) -> Result<Vec<ChildRow>> {
    #[derive(FromQueryResult)]
    struct Row {
        learner_id: Uuid,
        ordinal: i32,
        full_name: String,
        given: String,
        birth_date: NaiveDate,
        sex: String,
        left_on: Option<NaiveDate>,
    }
    let mut query = Query::select();
    query
        .columns([("e", "learner_id"), ("e", "ordinal"), ("e", "left_on")])
        .columns([("l", "full_name"), ("l", "given"), ("l", "birth_date"), ("l", "sex")])
        .from_as("enrolment", "e")
        .join_as(JoinType::InnerJoin, "learner", "l", Expr::col(("l", "id")).equals(("e", "learner_id")))
        .and_where(Expr::col(("e", "school_id")).eq(school.0))
        .and_where(Expr::col(("e", "class_id")).eq(class.0))
        .order_by(("e", "ordinal"), Order::Asc)
        .order_by(("e", "learner_id"), Order::Asc);
    crate::all::<Row>(conn, &query)
        .await?
        .into_iter()
        .map(|row| {
            Ok(ChildRow {
                learner_id: LearnerId(row.learner_id),
                ordinal: u32::try_from(row.ordinal).unwrap_or(0),
                full_name: row.full_name,
                given_name: row.given,
                birth_date: row.birth_date,
                sex: crate::stored(&row.sex)?,
                left_on: row.left_on,
            })
        })
        .collect()
}

/// Every measurement of these learners, in whatever school, by day; those taken back too, since they have versions.
pub(crate) async fn of_learners(
    conn: &impl ConnectionTrait,
    learners: &[LearnerId],
) -> Result<HashMap<LearnerId, Vec<(UnitId, Measured)>>> {
    let mut found: HashMap<LearnerId, Vec<(UnitId, Measured)>> = HashMap::new();
    if learners.is_empty() {
        return Ok(found);
    }
    let mut query = Query::select();
    query
        .columns(["learner_id", "school_id", "measured_on", "weight_g", "height_mm", "position", "version"])
        .from("growth")
        .and_where(Expr::col("learner_id").is_in(learners.iter().map(|learner| learner.0)))
        .order_by("measured_on", Order::Asc);
    for row in conn.query_all(&query).await? {
        found.entry(LearnerId(row.try_get_by_index(0)?)).or_default().push((UnitId(row.try_get_by_index(1)?), measured(&row)?));
    }
    Ok(found)
}

fn measured(row: &QueryResult) -> Result<Measured> {
    let count = |n: Option<i32>| n.and_then(|n| u32::try_from(n).ok());
    let position: String = row.try_get_by_index(5)?;
    Ok(Measured {
        on: row.try_get_by_index(2)?,
        weight_g: count(row.try_get_by_index(3)?),
        height_mm: count(row.try_get_by_index(4)?),
        position: MeasuringPosition::from_code(&position)
            .ok_or_else(|| Error::internal(format!("unknown position {position:?} in the database")))?,
        version: row.try_get_by_index(6)?,
    })
}

/// The class that a learner is in today.
pub(crate) struct Present {
    pub class_id: ClassId,
    pub class_name: String,
    pub grade: Grade,
    pub year_starts_on: NaiveDate,
}

pub(crate) async fn present_class(conn: &impl ConnectionTrait, learner: LearnerId, today: NaiveDate) -> Result<Option<Present>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        name: String,
        grade: String,
        starts_on: NaiveDate,
    }
    let mut query = Query::select();
    query
        .columns([("c", "id"), ("c", "name"), ("c", "grade"), ("y", "starts_on")])
        .from_as("enrolment", "e")
        .join_as(JoinType::InnerJoin, "class", "c", Expr::col(("c", "id")).equals(("e", "class_id")))
        .join_as(JoinType::InnerJoin, "school_year", "y", Expr::col(("y", "id")).equals(("c", "school_year_id")))
        .and_where(Expr::col(("e", "learner_id")).eq(learner.0))
        .and_where(Expr::col(("y", "starts_on")).lte(today))
        .cond_where(crate::scope::open("e", "left_on"))
        .order_by(("y", "starts_on"), Order::Desc)
        .limit(1);
    crate::one::<Row>(conn, &query)
        .await?
        .map(|row| {
            Ok(Present {
                class_id: ClassId(row.id),
                class_name: row.name,
                grade: crate::stored(&row.grade)?,
                year_starts_on: row.starts_on,
            })
        })
        .transpose()
}

/// Who is in classes today, with their birth dates.
pub(crate) async fn birth_dates(
    conn: &impl ConnectionTrait,
    classes: &[ClassItem],
    today: NaiveDate,
) -> Result<HashMap<ClassId, Vec<(LearnerId, NaiveDate)>>> {
    let mut query = Query::select();
    query
        .columns([("e", "class_id"), ("e", "learner_id"), ("l", "birth_date")])
        .from_as("enrolment", "e")
        .join_as(JoinType::InnerJoin, "learner", "l", Expr::col(("l", "id")).equals(("e", "learner_id")))
        .and_where(Expr::col(("e", "school_id")).is_in(schools(classes)))
        .and_where(Expr::col(("e", "class_id")).is_in(classes.iter().map(|class| class.id.0)))
        .and_where(Expr::col(("e", "left_on")).is_null().or(Expr::col(("e", "left_on")).gt(today)));
    let mut found: HashMap<ClassId, Vec<(LearnerId, NaiveDate)>> = HashMap::new();
    for row in conn.query_all(&query).await? {
        let child = (LearnerId(row.try_get_by_index(1)?), row.try_get_by_index(2)?);
        found.entry(ClassId(row.try_get_by_index(0)?)).or_default().push(child);
    }
    Ok(found)
}

/// The last day on which each learner of these classes' schools was measured there.
pub(crate) async fn last_days(conn: &impl ConnectionTrait, classes: &[ClassItem]) -> Result<HashMap<LearnerId, NaiveDate>> {
    let mut query = Query::select();
    query
        .column("learner_id")
        .expr(Func::max(Expr::col("measured_on")))
        .from("growth")
        .and_where(Expr::col("school_id").is_in(schools(classes)))
        .and_where(Expr::col("weight_g").is_not_null().or(Expr::col("height_mm").is_not_null()))
        .group_by_col("learner_id");
    conn.query_all(&query).await?.iter().map(|row| Ok((LearnerId(row.try_get_by_index(0)?), row.try_get_by_index(1)?))).collect()
}

fn schools(classes: &[ClassItem]) -> BTreeSet<Uuid> {
    classes.iter().map(|class| class.school_id.0).collect()
}
