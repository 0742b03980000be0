//! What is known of a school's rollover: the decisions of closed years, what was done already, the school's own changes.

use crate::facts::ClassItem;
use crate::next_year::{is_preschool, next_grade};
use dto::calendar::Grade;
use dto::council::NextStep;
use dto::rollover::PutRollover;
use dto::{ClassId, LearnerId, SchoolYearId, UnitId};
use kernel::{Error, Result};
use records::classes::rollover::YearLine;
use regulations::Promotion;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use serde::Deserialize;
use std::collections::HashMap;
use uuid::Uuid;

/// What follows for the learners of a class whose year is closed; of a preschool class the same for everybody who is there.
#[derive(Default)]
pub(super) struct StepsOf {
    decided: HashMap<LearnerId, NextStep>,
    everybody: Option<NextStep>,
}

impl StepsOf {
    pub(super) fn of(&self, line: &YearLine) -> Option<NextStep> {
        match self.everybody {
            Some(step) => Some(step).filter(|_| line.left_on.is_none()),
            None => self.decided.get(&line.learner_id).copied(),
        }
    }
}

/// The promotion of a decision as it was frozen.
#[derive(Deserialize)]
struct Frozen {
    decided: Decided,
}

#[derive(Deserialize)]
struct Decided {
    #[serde(default)]
    promotion: Option<Promotion>,
}

/// By class, of those of which everything is known.
pub(super) async fn steps(
    conn: &impl ConnectionTrait,
    school: UnitId,
    classes: &[ClassItem],
) -> Result<HashMap<ClassId, StepsOf>> {
    let grades: HashMap<ClassId, Grade> = classes.iter().map(|class| (class.id, class.grade)).collect();
    let mut steps: HashMap<ClassId, StepsOf> = HashMap::new();
    let ids: Vec<Uuid> = grades.iter().filter(|(_, grade)| !is_preschool(**grade)).map(|(class, _)| class.0).collect();
    for class in crate::council::closed_of(conn, school, &ids).await? {
        steps.insert(class, StepsOf::default());
    }
    let mut query = Query::select();
    query
        .columns(["class_id", "learner_id", "outcome"])
        .from("year_decision")
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("class_id").is_in(ids));
    for row in conn.query_all(&query).await? {
        let class = ClassId(row.try_get_by_index(0)?);
        let (Some(of), Some(grade)) = (steps.get_mut(&class), grades.get(&class)) else { continue };
        let text: String = row.try_get_by_index(2)?;
        let frozen: Frozen =
            serde_json::from_str(&text).map_err(|e| Error::internal(format!("a decision cannot be read: {e}")))?;
        let step = match frozen.decided.promotion {
            Some(Promotion::Promoted) if next_grade(*grade).is_some() => NextStep::Up,
            Some(Promotion::Promoted) => NextStep::Completes,
            _ => NextStep::Stays,
        };
        of.decided.insert(LearnerId(row.try_get_by_index(1)?), step);
    }
    for class in classes.iter().filter(|class| is_preschool(class.grade)) {
        let step = if next_grade(class.grade).is_some() { NextStep::Up } else { NextStep::Completes };
        steps.insert(class.id, StepsOf { everybody: Some(step), ..StepsOf::default() });
    }
    Ok(steps)
}

/// Who was put where, by the class they came from.
pub(super) async fn applied(
    conn: &impl ConnectionTrait,
    school: UnitId,
    next: SchoolYearId,
) -> Result<HashMap<ClassId, HashMap<LearnerId, ClassId>>> {
    let mut query = Query::select();
    query
        .column("class_id")
        .from("next_year")
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("school_year_id").eq(next.0));
    let mut applied: HashMap<ClassId, HashMap<LearnerId, ClassId>> = HashMap::new();
    for row in conn.query_all(&query).await? {
        applied.insert(ClassId(row.try_get_by_index(0)?), HashMap::new());
    }
    if applied.is_empty() {
        return Ok(applied);
    }
    let mut query = Query::select();
    query
        .columns(["class_id", "learner_id", "to_class_id"])
        .from("next_year_line")
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("class_id").is_in(applied.keys().map(|class| class.0)));
    for row in conn.query_all(&query).await? {
        if let Some(lines) = applied.get_mut(&ClassId(row.try_get_by_index(0)?)) {
            lines.insert(LearnerId(row.try_get_by_index(1)?), ClassId(row.try_get_by_index(2)?));
        }
    }
    Ok(applied)
}

pub(super) async fn edits(conn: &impl ConnectionTrait, school: UnitId, year: SchoolYearId) -> Result<(PutRollover, i64)> {
    let mut query = Query::select();
    query
        .columns(["edits", "version"])
        .from("rollover_plan")
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("school_year_id").eq(year.0));
    let Some(row) = conn.query_one(&query).await? else { return Ok((PutRollover::default(), 0)) };
    let text: String = row.try_get_by_index(0)?;
    let edits = serde_json::from_str(&text).map_err(|e| Error::internal(format!("a rollover's plan cannot be read: {e}")))?;
    Ok((edits, row.try_get_by_index(1)?))
}
