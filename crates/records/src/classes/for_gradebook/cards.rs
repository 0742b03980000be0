//! A school and its learners as an official form names them.

use crate::scope::in_force;
use crate::units;
use chrono::NaiveDate;
use dto::learners::Sex;
use dto::staff::Position;
use dto::units::UnitKind;
use dto::{Code, LearnerId, UnitId};
use kernel::{Error, Result};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Order, Query};
use std::collections::HashMap;

/// A school as a form's head names it.
#[derive(Clone, Debug)]
pub struct SchoolCard {
    pub code: String,
    pub name: String,
    /// What is above it, from the lowest: "Phường Xuân Hoà, Tỉnh Vĩnh Phúc".
    pub place: String,
    pub principal: Option<String>,
}

/// For callers who may see a class of the school.
pub async fn school_card(conn: &impl ConnectionTrait, school: UnitId) -> Result<SchoolCard> {
    let mut query = Query::select();
    query.columns(["code", "name"]).from("unit").and_where(Expr::col("id").eq(school.0));
    let row = conn.query_one(&query).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    let mut above: Vec<String> = units::ancestors_in(conn, school)
        .await?
        .into_iter()
        .filter(|unit| !matches!(unit.kind, UnitKind::Ministry))
        .map(|unit| unit.name)
        .collect();
    above.reverse();
    let mut principal = Query::select();
    principal
        .column(("s", "full_name"))
        .from_as("staff_post", "p")
        .join_as(JoinType::InnerJoin, "staff", "s", Expr::col(("s", "id")).equals(("p", "staff_id")))
        .and_where(Expr::col(("p", "unit_id")).eq(school.0))
        .and_where(Expr::col(("p", "position")).eq(Position::Principal.as_str()))
        .cond_where(in_force("p"))
        .order_by(("p", "valid_from"), Order::Desc)
        .limit(1);
    Ok(SchoolCard {
        code: row.try_get_by_index(0)?,
        name: row.try_get_by_index(1)?,
        place: above.join(", "),
        principal: conn.query_one(&principal).await?.map(|row| row.try_get_by_index(0)).transpose()?,
    })
}

/// A learner as a form names them.
#[derive(Clone, Debug)]
pub struct LearnerCard {
    pub personal_id: Option<String>,
    pub ministry_code: Option<String>,
    pub full_name: String,
    pub birth_date: NaiveDate,
    pub sex: Sex,
    pub ethnicity: Option<String>,
}

/// For callers who may see the class that the learners are in.
pub async fn learner_cards(conn: &impl ConnectionTrait, learners: &[LearnerId]) -> Result<HashMap<LearnerId, LearnerCard>> {
    if learners.is_empty() {
        return Ok(HashMap::new());
    }
    let mut query = Query::select();
    query
        .columns(["id", "personal_id", "ministry_code", "full_name", "birth_date", "sex", "ethnicity"])
        .from("learner")
        .and_where(Expr::col("id").is_in(learners.iter().map(|learner| learner.0)));
    conn.query_all(&query)
        .await?
        .iter()
        .map(|row| {
            let card = LearnerCard {
                personal_id: row.try_get_by_index(1)?,
                ministry_code: row.try_get_by_index(2)?,
                full_name: row.try_get_by_index(3)?,
                birth_date: row.try_get_by_index(4)?,
                sex: crate::stored(&row.try_get_by_index::<String>(5)?)?,
                ethnicity: row.try_get_by_index(6)?,
            };
            Ok((LearnerId(row.try_get_by_index(0)?), card))
        })
        .collect()
}
