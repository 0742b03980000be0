//! The history of one cell.

use super::query::{self, KEPT, Kept};
use crate::facts;
use crate::people::Names;
use dto::access::Permission;
use dto::calendar::Term;
use dto::gradebook::{CellChange, MarkSource};
use dto::{ClassId, Code, LearnerId, Page};
use kernel::{Ctx, Db, Error, Result};
use regulations::Slot;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait};

/// Every write of a cell, newest first: who, when, from where, before, after, why.
pub async fn history(
    db: &Db,
    ctx: &Ctx,
    class: ClassId,
    subject: &str,
    term: Term,
    learner: LearnerId,
    slot: Slot,
) -> Result<Page<CellChange>> {
    let conn = db.read();
    let section = facts::section(conn, ctx, Permission::MarkRead, Permission::MarkWrite, class, subject, term).await?;
    let mut writes: Vec<Kept> = Vec::new();
    for table in ["mark", "mark_history"] {
        let mut select = query::of_section(table, &section, term);
        select.columns(KEPT).and_where(Expr::col("learner_id").eq(learner.0)).and_where(Expr::col("slot").eq(slot.code()));
        for row in conn.query_all(&select).await? {
            writes.extend(query::kept_row(&row)?.map(|(_, _, kept)| kept));
        }
    }
    if writes.is_empty() && !super::roster(conn, &section).await?.iter().any(|line| line.learner_id == learner) {
        return Err(Error::new(Code::NotFound));
    }
    // A write that committed between the two reads may be in both.
    writes.sort_by_key(|kept| std::cmp::Reverse(kept.version));
    writes.dedup_by_key(|kept| kept.version);
    let names = Names::of(conn, ctx.lang, writes.iter().map(|kept| kept.by)).await?;
    let before = writes.iter().skip(1).map(|kept| kept.value).chain([None]);
    let items = writes
        .iter()
        .zip(before)
        .map(|(kept, before)| CellChange {
            version: kept.version,
            before,
            after: kept.value,
            at: kept.at,
            by: names.name(kept.by),
            source: kept.source.parse().unwrap_or(MarkSource::Api),
            reason: kept.reason.clone(),
        })
        .collect();
    Ok(Page { items, next: None })
}
