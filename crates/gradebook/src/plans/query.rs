//! Rows of `individual_plan`.

use crate::facts::{ClassFacts, ClassItem};
use chrono::{DateTime, Utc};
use dto::plans::{IndividualPlan, PlanState};
use dto::{ClassId, LearnerId};
use kernel::{Error, Result};
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

use crate::people::Names;

pub(super) const KEY: [&str; 3] = ["school_id", "school_year_id", "learner_id"];
pub(super) const COLUMNS: [&str; 10] =
    ["state", "subjects", "in_force", "document", "proposed_at", "proposed_by", "decided_at", "decided_by", "note", "version"];

/// A plan as it is kept.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub learner_id: LearnerId,
    pub state: PlanState,
    pub subjects: Vec<String>,
    pub in_force: Vec<String>,
    pub document: String,
    pub proposed_at: DateTime<Utc>,
    pub proposed_by: Option<Uuid>,
    pub decided_at: Option<DateTime<Utc>>,
    pub decided_by: Option<Uuid>,
    pub note: Option<String>,
    pub version: i64,
}

fn codes(text: &str) -> Result<Vec<String>> {
    serde_json::from_str(text).map_err(|e| Error::internal(format!("the subjects of a plan cannot be read: {e}")))
}

/// The plans of the learners of a class, by ordinal; with the learner's name.
fn select(class: &ClassFacts) -> SelectStatement {
    let mut query = Query::select();
    query
        .columns([("l", "full_name"), ("p", "learner_id")])
        .columns(COLUMNS.map(|column| ("p", column)))
        .from_as("individual_plan", "p")
        .join_as(
            JoinType::InnerJoin,
            "enrolment",
            "e",
            Expr::col(("e", "school_id"))
                .equals(("p", "school_id"))
                .and(Expr::col(("e", "class_id")).eq(class.id.0))
                .and(Expr::col(("e", "learner_id")).equals(("p", "learner_id"))),
        )
        .join_as(JoinType::InnerJoin, "learner", "l", Expr::col(("l", "id")).equals(("p", "learner_id")))
        .and_where(Expr::col(("p", "school_id")).eq(class.school_id.0))
        .and_where(Expr::col(("p", "school_year_id")).eq(class.school_year_id.0))
        .order_by(("e", "ordinal"), Order::Asc);
    query
}

fn read(row: &QueryResult) -> Result<(String, Stored)> {
    let state: String = row.try_get_by_index(2)?;
    let stored = Stored {
        learner_id: LearnerId(row.try_get_by_index(1)?),
        state: state.parse().map_err(|()| Error::internal("unknown state of a plan in the database"))?,
        subjects: codes(&row.try_get_by_index::<String>(3)?)?,
        in_force: codes(&row.try_get_by_index::<String>(4)?)?,
        document: row.try_get_by_index(5)?,
        proposed_at: row.try_get_by_index(6)?,
        proposed_by: row.try_get_by_index(7)?,
        decided_at: row.try_get_by_index(8)?,
        decided_by: row.try_get_by_index(9)?,
        note: row.try_get_by_index(10)?,
        version: row.try_get_by_index(11)?,
    };
    Ok((row.try_get_by_index(0)?, stored))
}

pub(super) async fn of_class(conn: &impl ConnectionTrait, class: &ClassFacts) -> Result<Vec<(String, Stored)>> {
    conn.query_all(&select(class)).await?.iter().map(read).collect()
}

pub(super) async fn one(conn: &impl ConnectionTrait, class: &ClassFacts, learner: LearnerId) -> Result<Option<Stored>> {
    let mut query = select(class);
    query.and_where(Expr::col(("p", "learner_id")).eq(learner.0));
    Ok(conn.query_one(&query).await?.as_ref().map(read).transpose()?.map(|(_, row)| row))
}

/// The subjects that learners of a class are assessed in by a plan, as approved. Unscoped.
pub(crate) async fn in_force(conn: &impl ConnectionTrait, class: &ClassFacts) -> Result<HashMap<LearnerId, HashSet<String>>> {
    let rows = of_class(conn, class).await?.into_iter();
    let rows = rows.filter(|(_, row)| !row.in_force.is_empty());
    Ok(rows.map(|(_, row)| (row.learner_id, row.in_force.into_iter().collect())).collect())
}

/// The same of many classes. Unscoped.
pub(crate) async fn in_force_of(
    conn: &impl ConnectionTrait,
    classes: &[ClassItem],
) -> Result<HashMap<(ClassId, LearnerId), HashSet<String>>> {
    let mut query = Query::select();
    query
        .columns([("e", "class_id"), ("p", "learner_id"), ("p", "in_force")])
        .from_as("individual_plan", "p")
        .join_as(
            JoinType::InnerJoin,
            "class",
            "c",
            Expr::col(("c", "school_id"))
                .equals(("p", "school_id"))
                .and(Expr::col(("c", "school_year_id")).equals(("p", "school_year_id"))),
        )
        .join_as(
            JoinType::InnerJoin,
            "enrolment",
            "e",
            Expr::col(("e", "school_id"))
                .equals(("p", "school_id"))
                .and(Expr::col(("e", "class_id")).equals(("c", "id")))
                .and(Expr::col(("e", "learner_id")).equals(("p", "learner_id"))),
        )
        .and_where(Expr::col(("p", "school_id")).is_in(classes.iter().map(|class| class.school_id.0).collect::<HashSet<_>>()))
        .and_where(Expr::col(("c", "id")).is_in(classes.iter().map(|class| class.id.0)));
    let mut found = HashMap::new();
    for row in conn.query_all(&query).await? {
        let in_force = codes(&row.try_get_by_index::<String>(2)?)?;
        if !in_force.is_empty() {
            let key = (ClassId(row.try_get_by_index(0)?), LearnerId(row.try_get_by_index(1)?));
            found.insert(key, in_force.into_iter().collect());
        }
    }
    Ok(found)
}

impl Stored {
    pub(super) fn told(self, full_name: String, names: &Names) -> IndividualPlan {
        IndividualPlan {
            learner_id: self.learner_id,
            full_name,
            state: self.state,
            subject_codes: self.subjects,
            in_force: self.in_force,
            document: self.document,
            proposed_at: self.proposed_at,
            proposed_by: names.name(self.proposed_by),
            decided_at: self.decided_at,
            decided_by: self.decided_at.map(|_| names.name(self.decided_by)),
            note: self.note,
            version: self.version,
        }
    }
}
