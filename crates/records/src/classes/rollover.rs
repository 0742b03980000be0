//! A whole school's next year in few statements: for composition by the gradebook, which knows who goes up. The caller has checked the
//! school.

use super::entity::{class, enrolment};
use super::{class_sort_key, default_subjects, grade_order};
use crate::scope;
use chrono::NaiveDate;
use dto::calendar::Grade;
use dto::learners::LearnerStatus;
use dto::{ClassId, LearnerId, SchoolYearId, UnitId};
use kernel::{Result, Tx, id};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Order, Query};
use std::collections::HashMap;

/// A line of a class of the year that ends.
#[derive(Clone, Debug)]
pub struct YearLine {
    pub class_id: ClassId,
    pub learner_id: LearnerId,
    pub ordinal: u32,
    pub full_name: String,
    pub given_name: String,
    pub left_on: Option<NaiveDate>,
}

/// The lists of all classes of a school in a year, by class and ordinal.
pub async fn lines(conn: &impl ConnectionTrait, school: UnitId, year: SchoolYearId) -> Result<Vec<YearLine>> {
    let mut query = Query::select();
    query
        .columns([("e", "class_id"), ("e", "learner_id"), ("e", "ordinal"), ("l", "full_name"), ("l", "given"), ("e", "left_on")])
        .from_as("class", "c")
        .join_as(
            JoinType::InnerJoin,
            "enrolment",
            "e",
            Expr::col(("e", "school_id")).equals(("c", "school_id")).and(Expr::col(("e", "class_id")).equals(("c", "id"))),
        )
        .join_as(JoinType::InnerJoin, "learner", "l", Expr::col(("l", "id")).equals(("e", "learner_id")))
        .and_where(Expr::col(("c", "school_id")).eq(school.0))
        .and_where(Expr::col(("c", "school_year_id")).eq(year.0))
        .order_by(("e", "class_id"), Order::Asc)
        .order_by(("e", "ordinal"), Order::Asc)
        .order_by(("e", "learner_id"), Order::Asc);
    let line = |row: &sea_orm::QueryResult| {
        Ok(YearLine {
            class_id: ClassId(row.try_get_by_index(0)?),
            learner_id: LearnerId(row.try_get_by_index(1)?),
            ordinal: u32::try_from(row.try_get_by_index::<i32>(2)?).unwrap_or(0),
            full_name: row.try_get_by_index(3)?,
            given_name: row.try_get_by_index(4)?,
            left_on: row.try_get_by_index(5)?,
        })
    };
    conn.query_all(&query).await?.iter().map(line).collect()
}

/// The learners who are at a school today, each with their place among all of them by name, as class lists are ordered.
pub async fn present(conn: &impl ConnectionTrait, school: UnitId) -> Result<HashMap<LearnerId, usize>> {
    let present = LearnerStatus::ALL.iter().filter(|status| status.present()).map(|status| status.as_str());
    let mut query = Query::select();
    query
        .column("id")
        .from("learner")
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("status").is_in(present))
        .order_by("sort_key", Order::Asc)
        .order_by("birth_date", Order::Asc)
        .order_by("id", Order::Asc);
    let rows = conn.query_all(&query).await?;
    rows.iter().enumerate().map(|(at, row)| Ok((LearnerId(row.try_get_by_index(0)?), at))).collect()
}

/// The classes of a year, at any school, that learners of a school are in.
pub async fn placed(conn: &impl ConnectionTrait, school: UnitId, year: SchoolYearId) -> Result<HashMap<LearnerId, String>> {
    let mut query = Query::select();
    query
        .columns([("e", "learner_id"), ("c", "name")])
        .from_as("learner", "l")
        .join_as(JoinType::InnerJoin, "enrolment", "e", Expr::col(("e", "learner_id")).equals(("l", "id")))
        .join_as(JoinType::InnerJoin, "class", "c", Expr::col(("c", "id")).equals(("e", "class_id")))
        .and_where(Expr::col(("l", "school_id")).eq(school.0))
        .and_where(Expr::col(("c", "school_year_id")).eq(year.0))
        .cond_where(scope::open("e", "left_on"));
    let rows = conn.query_all(&query).await?;
    rows.iter().map(|row| Ok((LearnerId(row.try_get_by_index(0)?), row.try_get_by_index(1)?))).collect()
}

/// A class that is to be opened, with its list in the order of names.
#[derive(Clone, Debug)]
pub struct Opening {
    pub name: String,
    pub grade: Grade,
    pub learners: Vec<LearnerId>,
}

/// Opens classes with the subjects of their grades and fills them: a statement for each table, whatever the number.
///
/// Errors: `class_name_taken`.
pub async fn open_in(
    tx: &Tx<'_>,
    school: UnitId,
    year: SchoolYearId,
    enrolled_on: NaiveDate,
    openings: &[Opening],
) -> Result<Vec<ClassId>> {
    let ids: Vec<ClassId> = openings.iter().map(|_| id::new()).collect();
    let row = |(opening, class): (&Opening, &ClassId)| class::Model {
        id: class.0,
        school_id: school.0,
        school_year_id: year.0,
        grade: opening.grade.as_str().to_owned(),
        grade_order: grade_order(opening.grade),
        sort_key: class_sort_key(&opening.name),
        name: opening.name.clone(),
        homeroom_staff_id: None,
        ordinals_frozen_at: None,
        version: 1,
    };
    let pairs = || openings.iter().zip(&ids);
    crate::bulk::insert_many_in(tx, pairs().map(row).collect()).await?;
    let subjects = pairs().flat_map(|(opening, class)| default_subjects(*class, opening.grade));
    crate::bulk::insert_many_in(tx, subjects.collect()).await?;
    let line = |class: ClassId, learner: LearnerId, ordinal: i32| enrolment::Model {
        school_id: school.0,
        class_id: class.0,
        learner_id: learner.0,
        ordinal,
        enrolled_on,
        left_on: None,
    };
    let lists =
        pairs().flat_map(|(opening, class)| opening.learners.iter().zip(1..).map(|(learner, at)| line(*class, *learner, at)));
    crate::bulk::insert_many_in(tx, lists.collect()).await?;
    Ok(ids)
}
