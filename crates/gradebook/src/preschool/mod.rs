//! What preschool children reach: the items of a school, the stages of a class, a sheet of children and items, and what a family sees.
//! Đạt or Chưa đạt, child by child; nothing is added up, and no child is set beside another.

mod child;
mod history;
mod items;
mod put;
mod stages;

pub use child::of_child;
pub use history::history;
pub use items::{items, put_items};
pub use put::put;
pub use stages::{put_stage, stages};

use crate::facts::{self, ClassFacts};
use chrono::{DateTime, Utc};
use dto::access::Permission;
use dto::calendar::Grade;
use dto::preschool::{PreschoolCell, PreschoolList, PreschoolRow, PreschoolSheet};
use dto::{ClassId, Code, LearnerId};
use kernel::{Ctx, Db, Error, Result};
use regulations::preschool::{AgeGroup, Outcome};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use std::collections::HashMap;
use uuid::Uuid;

/// The age group of a preschool grade.
fn age_group(grade: Grade) -> Result<AgeGroup> {
    AgeGroup::from_code(grade.as_str()).ok_or_else(|| Error::new(Code::RegulationUnavailable))
}

/// The lists that an age group has: the standards are of five-year-olds.
fn lists(group: AgeGroup) -> Vec<PreschoolList> {
    match group {
        AgeGroup::K5 => vec![PreschoolList::Outcomes, PreschoolList::Standards],
        _ => vec![PreschoolList::Outcomes],
    }
}

/// A preschool class that the caller reads.
///
/// Errors: `not_found`; `regulation_unavailable` for other classes.
async fn class_of(conn: &impl ConnectionTrait, ctx: &Ctx, read: Permission, class: ClassId) -> Result<(ClassFacts, AgeGroup)> {
    let class = facts::class(conn, ctx, read, Permission::PreschoolWrite, class).await?;
    let group = age_group(class.grade)?;
    Ok((class, group))
}

/// A list that the age group of the class has.
fn has(group: AgeGroup, list: PreschoolList) -> Result<()> {
    if lists(group).contains(&list) { Ok(()) } else { Err(Error::new(Code::NotFound)) }
}

/// A cell with what is kept of its last write.
#[derive(Clone, Debug)]
struct Kept {
    outcome: Option<Outcome>,
    version: i64,
    at: DateTime<Utc>,
    by: Option<Uuid>,
}

/// The cells of a sheet.
async fn cells(
    conn: &impl ConnectionTrait,
    class: &ClassFacts,
    list: PreschoolList,
    stage: u8,
) -> Result<HashMap<(LearnerId, String), Kept>> {
    let mut query = Query::select();
    query
        .columns(["learner_id", "code", "outcome", "version", "updated_at", "updated_by"])
        .from("preschool_mark")
        .and_where(Expr::col("school_id").eq(class.school_id.0))
        .and_where(Expr::col("class_id").eq(class.id.0))
        .and_where(Expr::col("list").eq(list.as_str()))
        .and_where(Expr::col("stage").eq(i16::from(stage)));
    conn.query_all(&query)
        .await?
        .iter()
        .map(|row| {
            let outcome: Option<String> = row.try_get_by_index(2)?;
            let kept = Kept {
                outcome: outcome.as_deref().and_then(Outcome::from_code),
                version: row.try_get_by_index(3)?,
                at: row.try_get_by_index(4)?,
                by: row.try_get_by_index(5)?,
            };
            Ok(((LearnerId(row.try_get_by_index(0)?), row.try_get_by_index(1)?), kept))
        })
        .collect()
}

/// The sheet of a class at a stage.
///
/// Errors: `not_found` (the class, the stage, or a list that the age group does not have); `regulation_unavailable`.
pub async fn sheet(db: &Db, ctx: &Ctx, class: ClassId, list: PreschoolList, stage: u8) -> Result<PreschoolSheet> {
    let conn = db.read();
    let (class, group) = class_of(conn, ctx, Permission::MarkRead, class).await?;
    has(group, list)?;
    let stage = stages::one(conn, ctx, &class, list, stage).await?;
    let (_, items, _) = items::of_school(conn, class.school_id, list, class.grade).await?;
    let mut kept: HashMap<LearnerId, Vec<PreschoolCell>> = HashMap::new();
    for ((learner, code), cell) in cells(conn, &class, list, stage.number).await? {
        kept.entry(learner).or_default().push(PreschoolCell { code, outcome: cell.outcome, version: cell.version });
    }
    let roster = facts::roster(conn, class.school_id, class.id, None).await?;
    let rows = roster
        .into_iter()
        .map(|line| PreschoolRow {
            left: line.left_by(stage.ends_on),
            cells: kept.remove(&line.learner_id).unwrap_or_default(),
            learner_id: line.learner_id,
            ordinal: line.ordinal,
            full_name: line.full_name,
            given_name: line.given_name,
            birth_date: line.birth_date,
        })
        .collect();
    Ok(PreschoolSheet {
        class_id: class.id,
        class_name: class.name,
        school_id: class.school_id,
        school_name: class.school_name,
        grade: class.grade,
        list,
        stage,
        writable: class.writable,
        items,
        rows,
    })
}
