//! What identity asks of the directory of units and people.
//!
//! Those tables belong to records, a floor above, whose verbs cannot be called from here. They are read by name, in this file alone:
//! `unit` (kind, name), `unit_ancestor` (the closure of the tree as it stands today, each unit with itself),
//! `staff_post`, `learner.school_id`, `guardian_link` (which unit knows a person).

use chrono::NaiveDate;
use dto::UnitId;
use dto::identity::Person;
use dto::units::UnitKind;
use kernel::{Error, Result};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query, SelectStatement};
use std::collections::HashMap;
use uuid::Uuid;

/// `SELECT unit_id` of these units and all under them.
pub(crate) fn subtree(units: &[Uuid]) -> SelectStatement {
    let mut query = Query::select();
    query.column("unit_id").from("unit_ancestor").and_where(Expr::col("ancestor_id").is_in(units.iter().copied()));
    query
}

/// Above so many units a list walks along its order and asks of each row whether it lies under them, instead of gathering those of each
/// unit and sorting them.
const WIDE: i64 = 40;

/// Whether so many units lie at and under these.
pub async fn is_wide(conn: &impl ConnectionTrait, units: &[Uuid]) -> Result<bool> {
    let mut count = Query::select();
    count
        .expr(Expr::col("unit_id").count())
        .from("unit_ancestor")
        .and_where(Expr::col("ancestor_id").is_in(units.iter().copied()));
    let row = conn.query_one(&count).await?.ok_or_else(|| Error::internal("a count gave no row"))?;
    Ok(row.try_get_by_index::<i64>(0)? > WIDE)
}

/// Those of `roots` that are one of `units` or lie above one.
pub(crate) async fn above(conn: &impl ConnectionTrait, roots: &[Uuid], units: &[Uuid]) -> Result<Vec<Uuid>> {
    if roots.is_empty() || units.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = Query::select();
    query
        .distinct()
        .column("ancestor_id")
        .from("unit_ancestor")
        .and_where(Expr::col("ancestor_id").is_in(roots.iter().copied()))
        .and_where(Expr::col("unit_id").is_in(units.iter().copied()));
    conn.query_all(&query).await?.iter().map(|r| Ok(r.try_get("", "ancestor_id")?)).collect()
}

/// The kind of a unit, if there is one of this id.
pub(crate) async fn kind(conn: &impl ConnectionTrait, unit: UnitId) -> Result<Option<UnitKind>> {
    let mut query = Query::select();
    query.column("kind").from("unit").and_where(Expr::col("id").eq(unit.0));
    let Some(row) = conn.query_one(&query).await? else { return Ok(None) };
    let kind: String = row.try_get("", "kind")?;
    kind.parse().map(Some).map_err(|()| Error::internal("a unit of an unknown kind"))
}

/// Names of units.
pub(crate) async fn names(conn: &impl ConnectionTrait, units: &[Uuid]) -> Result<HashMap<Uuid, String>> {
    if units.is_empty() {
        return Ok(HashMap::new());
    }
    let mut query = Query::select();
    query.columns(["id", "name"]).from("unit").and_where(Expr::col("id").is_in(units.iter().copied()));
    conn.query_all(&query).await?.iter().map(|r| Ok((r.try_get("", "id")?, r.try_get("", "name")?))).collect()
}

/// Does one of these units, or one under them, know the person: a post there today, a learner there, the guardian of a learner there?
pub(crate) async fn knows(conn: &impl ConnectionTrait, units: &[Uuid], person: Person, today: NaiveDate) -> Result<bool> {
    let mut query = Query::select();
    query.expr(Expr::val(1));
    match person {
        Person::Staff(id) => query
            .from("staff_post")
            .and_where(Expr::col("staff_id").eq(id.0))
            .and_where(Expr::col("unit_id").in_subquery(subtree(units)))
            .cond_where(Condition::any().add(Expr::col("valid_to").is_null()).add(Expr::col("valid_to").gt(today))),
        Person::Learner(id) => query
            .from("learner")
            .and_where(Expr::col("id").eq(id.0))
            .and_where(Expr::col("school_id").in_subquery(subtree(units))),
        Person::Guardian(id) => query
            .from("guardian_link")
            .inner_join("learner", Expr::col(("learner", "id")).equals(("guardian_link", "learner_id")))
            .and_where(Expr::col(("guardian_link", "guardian_id")).eq(id.0))
            .and_where(Expr::col(("learner", "school_id")).in_subquery(subtree(units))),
    };
    Ok(conn.query_one(query.limit(1)).await?.is_some())
}
