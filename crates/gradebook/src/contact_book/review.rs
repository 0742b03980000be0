//! Misuse: what people reported, and the school's look into a thread. Threads are between families and teachers; who leads the school
//! reads one only with a reason, and the log keeps both.

use super::{threads, typed};
use crate::people::Names as Accounts;
use dto::access::Permission;
use dto::contact::{MessageReport, PostReason, ThreadDetail};
use dto::page::PageQuery;
use dto::{Code, Page, ReportId, ThreadId, UnitId};
use kernel::{Ctx, Db, Error, Event, Result, page};
use records::contact::{Names, schools_reached};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, JoinType, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult};
use serde_json::json;
use uuid::Uuid;

/// Rows of the schools that the caller leads.
fn led(ctx: &Ctx, table: &'static str) -> Condition {
    match schools_reached(ctx, Permission::ContactReview) {
        None => Condition::all(),
        Some(schools) => Condition::all().add(Expr::col((table, "school_id")).in_subquery(schools)),
    }
}

/// Reads a thread, for a reason. Each look is an entry of the log with that reason.
pub async fn look(db: &Db, ctx: &Ctx, id: ThreadId, body: &PostReason) -> Result<ThreadDetail> {
    let reason = typed("/reason", &body.reason)?;
    db.write(ctx, async |tx| {
        let row = threads::find(tx.conn(), tx.ctx(), id, led(tx.ctx(), "t")).await?;
        let event = Event::new(Some(row.school), "thread.reviewed", "thread", id).after(&json!({ "reason": reason }));
        Ok((threads::detail(tx.conn(), tx.ctx(), row, None).await?, vec![event]))
    })
    .await
}

fn select() -> SelectStatement {
    let mut query = Query::select();
    query
        .columns(["id", "school_id", "thread_id", "seq", "reason", "account_id", "reported_at"].map(|c| ("r", c)))
        .columns([("r", "resolved_at"), ("r", "resolution"), ("t", "class_id"), ("t", "learner_id")])
        .from_as("message_report", "r")
        .join_as(
            JoinType::InnerJoin,
            "thread",
            "t",
            Expr::col(("t", "school_id")).equals(("r", "school_id")).and(Expr::col(("t", "id")).equals(("r", "thread_id"))),
        );
    query
}

/// Reports of the schools that the caller leads, newest first; what is not dealt with and what is.
pub async fn reports(db: &Db, ctx: &Ctx, page: &PageQuery) -> Result<Page<MessageReport>> {
    let before: Option<Uuid> = page::decode(page.after.as_deref())?;
    let mut query = select();
    query
        .cond_where(led(ctx, "r"))
        .and_where_option(before.map(|id| Expr::col(("r", "id")).lt(id)))
        .order_by(("r", "id"), Order::Desc)
        .limit(page.limit() + 1);
    let rows = db.read().query_all(&query).await?;
    let ids = rows.iter().map(|r| r.try_get_by_index::<Uuid>(0)).collect::<Result<Vec<_>, _>>()?;
    let reports = complete(db.read(), ctx, &rows).await?;
    Ok(page::of(ids.into_iter().zip(reports).collect(), page.limit(), |(id, _)| *id, |(_, report)| report))
}

async fn complete(conn: &impl ConnectionTrait, ctx: &Ctx, rows: &[QueryResult]) -> Result<Vec<MessageReport>> {
    let ids = |at: usize| rows.iter().map(|r| r.try_get_by_index::<Uuid>(at)).collect::<Result<Vec<_>, _>>();
    let (classes, learners, by) = (ids(9)?, ids(10)?, ids(5)?);
    let names = Names::of(conn, &[], &classes, &learners).await?;
    let people = Accounts::of(conn, ctx.lang, by.iter().map(|id| Some(*id))).await?;
    rows.iter()
        .enumerate()
        .map(|(at, r)| {
            Ok(MessageReport {
                id: ReportId(r.try_get_by_index(0)?),
                school_id: UnitId(r.try_get_by_index(1)?),
                thread_id: ThreadId(r.try_get_by_index(2)?),
                class_name: names.classes.get(&classes[at]).cloned().unwrap_or_default(),
                learner_name: names.learners.get(&learners[at]).map(|(full, _)| full.clone()).unwrap_or_default(),
                seq: u32::try_from(r.try_get_by_index::<i32>(3)?).unwrap_or(0),
                reason: r.try_get_by_index(4)?,
                reported_by: people.name(Some(by[at])),
                reported_at: r.try_get_by_index(6)?,
                resolved_at: r.try_get_by_index(7)?,
                resolution: r.try_get_by_index(8)?,
            })
        })
        .collect()
}

/// Says what was done about a report.
pub async fn resolve(db: &Db, ctx: &Ctx, id: ReportId, body: &PostReason) -> Result<MessageReport> {
    let text = typed("/reason", &body.reason)?;
    db.write(ctx, async |tx| {
        let mut query = select();
        query.cond_where(led(tx.ctx(), "r")).and_where(Expr::col(("r", "id")).eq(id.0));
        let conn = tx.conn();
        let row = conn.query_one(&query).await?.ok_or_else(|| Error::new(Code::NotFound))?;
        let school: Uuid = row.try_get_by_index(1)?;
        let mut update = Query::update();
        update
            .table("message_report")
            .value("resolved_at", tx.now())
            .value("resolved_by", tx.ctx().account.map(Uuid::from))
            .value("resolution", text.as_str())
            .and_where(Expr::col("school_id").eq(school))
            .and_where(Expr::col("id").eq(id.0))
            .and_where(Expr::col("resolved_at").is_null());
        if conn.execute(&update).await?.rows_affected() == 0 {
            return Err(Error::new(Code::ReportResolved));
        }
        let event =
            Event::new(Some(UnitId(school)), "report.resolved", "message_report", id).after(&json!({ "resolution": text }));
        let row = conn.query_one(&query).await?.ok_or_else(|| Error::new(Code::NotFound))?;
        let found = complete(conn, tx.ctx(), &[row]).await?.pop().ok_or_else(|| Error::new(Code::NotFound))?;
        Ok((found, vec![event]))
    })
    .await
}
