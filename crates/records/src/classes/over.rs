//! Classes of a school that ends or gives some away: which run, which are still to come, and handing these over.

use super::entity::{class, enrolment};
use crate::imports::KEPT_IN_CLASS;
use chrono::NaiveDate;
use dto::{ClassId, Code, UnitId};
use kernel::{Error, Event, Result, Tx};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Func, JoinType, Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

/// The classes `c` of a school with their years `y`.
fn classes(school: UnitId) -> SelectStatement {
    let mut query = Query::select();
    query
        .from_as("class", "c")
        .join_as(JoinType::InnerJoin, "school_year", "y", Expr::col(("y", "id")).equals(("c", "school_year_id")))
        .and_where(Expr::col(("c", "school_id")).eq(school.0));
    query
}

/// The classes of a school whose year begins on a day or later.
pub(crate) async fn coming_in(conn: &impl ConnectionTrait, school: UnitId, day: NaiveDate) -> Result<Vec<ClassId>> {
    let mut query = classes(school);
    query.column(("c", "id")).and_where(Expr::col(("y", "starts_on")).gte(day));
    conn.query_all(&query).await?.iter().map(|row| Ok(ClassId(row.try_get_by_index(0)?))).collect()
}

/// How many classes of a school have begun before a day and end after it.
pub(crate) async fn running_in(conn: &impl ConnectionTrait, school: UnitId, day: NaiveDate) -> Result<u32> {
    let mut query = classes(school);
    query
        .expr(Func::count(Expr::col(("c", "id"))))
        .and_where(Expr::col(("y", "starts_on")).lt(day))
        .and_where(Expr::col(("y", "ends_on")).gte(day));
    number(conn, &query).await
}

/// How many learners are, on a day or after it, in a class of the school whose year ends after the day.
pub(crate) async fn learners_past_in(conn: &impl ConnectionTrait, school: UnitId, day: NaiveDate) -> Result<u32> {
    let mut query = classes(school);
    query
        .expr(Expr::col(("e", "learner_id")).count_distinct())
        .join_as(
            JoinType::InnerJoin,
            "enrolment",
            "e",
            Expr::col(("e", "school_id")).equals(("c", "school_id")).and(Expr::col(("e", "class_id")).equals(("c", "id"))),
        )
        .and_where(Expr::col(("y", "ends_on")).gte(day))
        .cond_where(Condition::any().add(Expr::col(("e", "left_on")).is_null()).add(Expr::col(("e", "left_on")).gt(day)));
    number(conn, &query).await
}

async fn number(conn: &impl ConnectionTrait, query: &SelectStatement) -> Result<u32> {
    let row = conn.query_one(query).await?;
    Ok(row.map(|row| row.try_get_by_index::<i64>(0)).transpose()?.and_then(|count| u32::try_from(count).ok()).unwrap_or(0))
}

/// Gives classes whose year has not begun to another school, with their lists. One event a class.
///
/// Errors: `class_used` for a class in which anything is kept of a learner, `class_name_taken`.
pub(crate) async fn hand_over_in(tx: &Tx<'_>, from: UnitId, to: UnitId, classes: &[ClassId]) -> Result<Vec<Event>> {
    if classes.is_empty() {
        return Ok(Vec::new());
    }
    let ids = || classes.iter().map(|class| class.0);
    for &table in KEPT_IN_CLASS {
        let mut select = Query::select();
        select
            .column("class_id")
            .from(table)
            .and_where(Expr::col("school_id").eq(from.0))
            .and_where(Expr::col("class_id").is_in(ids()))
            .limit(1);
        if let Some(row) = tx.conn().query_one(&select).await? {
            let used = class::Entity::find_by_id(row.try_get_by_index::<uuid::Uuid>(0)?).one(tx.conn()).await?;
            return Err(Error::new(Code::ClassUsed).with("name", used.map(|class| class.name).unwrap_or_default()));
        }
    }
    class::Entity::update_many()
        .col_expr(class::Column::SchoolId, Expr::val(to.0))
        .col_expr(class::Column::Version, Expr::col(class::Column::Version).add(1))
        .filter(class::Column::Id.is_in(ids()))
        .exec(tx.conn())
        .await?;
    enrolment::Entity::update_many()
        .col_expr(enrolment::Column::SchoolId, Expr::val(to.0))
        .filter(enrolment::Column::SchoolId.eq(from.0))
        .filter(enrolment::Column::ClassId.is_in(ids()))
        .exec(tx.conn())
        .await?;
    let event = |class: &ClassId| Event::new(Some(to), "class.handed_over", "class", class).before(&from).after(&to);
    Ok(classes.iter().map(event).collect())
}
