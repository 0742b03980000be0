//! The history of one cell.

use super::{Kept, class_of, has, stages};
use crate::facts;
use crate::people::Names;
use dto::access::Permission;
use dto::page::Page;
use dto::preschool::{PreschoolChange, PreschoolList};
use dto::{ClassId, Code, LearnerId};
use kernel::{Ctx, Db, Error, Result};
use regulations::preschool::Outcome;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};

/// Every write of a cell, newest first: who, when, before, after.
///
/// Errors: `not_found` (the class, the stage, the list, the child); `regulation_unavailable`.
pub async fn history(
    db: &Db,
    ctx: &Ctx,
    class: ClassId,
    list: PreschoolList,
    stage: u8,
    learner: LearnerId,
    code: &str,
) -> Result<Page<PreschoolChange>> {
    let conn = db.read();
    let (class, group) = class_of(conn, ctx, Permission::MarkRead, class).await?;
    has(group, list)?;
    let stage = stages::one(conn, ctx, &class, list, stage).await?;
    facts::roster_line(conn, class.school_id, class.id, learner).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    let mut writes: Vec<Kept> = Vec::new();
    for table in ["preschool_mark", "preschool_mark_history"] {
        let mut query = Query::select();
        query
            .columns(["outcome", "version", "updated_at", "updated_by"])
            .from(table)
            .and_where(Expr::col("school_id").eq(class.school_id.0))
            .and_where(Expr::col("class_id").eq(class.id.0))
            .and_where(Expr::col("list").eq(list.as_str()))
            .and_where(Expr::col("stage").eq(i16::from(stage.number)))
            .and_where(Expr::col("learner_id").eq(learner.0))
            .and_where(Expr::col("code").eq(code));
        for row in conn.query_all(&query).await? {
            let outcome: Option<String> = row.try_get_by_index(0)?;
            writes.push(Kept {
                outcome: outcome.as_deref().and_then(Outcome::from_code),
                version: row.try_get_by_index(1)?,
                at: row.try_get_by_index(2)?,
                by: row.try_get_by_index(3)?,
            });
        }
    }
    // A write that committed between the two reads may be in both.
    writes.sort_by_key(|kept| std::cmp::Reverse(kept.version));
    writes.dedup_by_key(|kept| kept.version);
    let names = Names::of(conn, ctx.lang, writes.iter().map(|kept| kept.by)).await?;
    let before = writes.iter().skip(1).map(|kept| kept.outcome).chain([None]);
    let items = writes.iter().zip(before).map(|(kept, before)| PreschoolChange {
        version: kept.version,
        before,
        after: kept.outcome,
        at: kept.at,
        by: names.name(kept.by),
    });
    Ok(Page { items: items.collect(), next: None })
}
