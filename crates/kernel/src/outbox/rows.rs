//! The table.

use super::{Item, Post};
use crate::{Error, Result, Tx, id};
use chrono::{DateTime, Utc};
use dto::contact::{Delivery, DeliveryState};
use dto::{Code, DeliveryId, Page, UnitId};
use sea_orm::sea_query::{
    Condition, Expr, ExprTrait, Func, LockBehavior, LockType, OnConflict, Order, Query, SelectStatement, SimpleExpr,
};
use sea_orm::{ConnectionTrait, QueryResult};
use uuid::Uuid;

const ITEM: [&str; 7] = ["school_id", "event_key", "channel", "recipient", "id", "attempts", "created_at"];

pub(super) async fn insert(tx: &Tx<'_>, posts: &[Post]) -> Result<()> {
    for some in posts.chunks(200) {
        let mut query = Query::insert();
        query.into_table("outbox").columns(ITEM.into_iter().chain(["state", "due_at"]));
        for post in some {
            query.values_panic([
                post.school.0.into(),
                post.event_key.as_str().into(),
                post.channel.into(),
                post.recipient.as_str().into(),
                id::new::<Uuid>().into(),
                0i16.into(),
                tx.now().into(),
                DeliveryState::Waiting.as_str().into(),
                post.due_at.into(),
            ]);
        }
        query.on_conflict(
            OnConflict::columns(["school_id", "event_key", "channel", "recipient"])
                .do_nothing_on(["school_id", "event_key", "channel", "recipient"])
                .to_owned(),
        );
        tx.conn().execute(&query).await?;
    }
    Ok(())
}

fn waiting() -> SimpleExpr {
    Expr::col("state").eq(DeliveryState::Waiting.as_str())
}

/// When the next row falls due.
pub(super) async fn next_due(conn: &impl ConnectionTrait) -> Result<Option<DateTime<Utc>>> {
    let mut query = Query::select();
    query.column("due_at").from("outbox").and_where(waiting()).order_by("due_at", Order::Asc).limit(1);
    Ok(conn.query_one(&query).await?.map(|row| row.try_get_by_index(0)).transpose()?)
}

/// Takes rows that are due and moves them behind the lease.
pub(super) async fn take(tx: &Tx<'_>, most: u64, until: DateTime<Utc>) -> Result<Vec<Item>> {
    let mut due = Query::select();
    due.columns(ITEM)
        .from("outbox")
        .and_where(waiting())
        .and_where(Expr::col("due_at").lte(tx.now()))
        .order_by("due_at", Order::Asc)
        .limit(most)
        // Where there is one writer alone, the engine has no such words and needs none.
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    let mut items = tx.conn().query_all(&due).await?.iter().map(item).collect::<Result<Vec<_>>>()?;
    if items.is_empty() {
        return Ok(items);
    }
    let mut update = Query::update();
    update
        .table("outbox")
        .value("attempts", Expr::col("attempts").add(1))
        .value("due_at", until)
        .cond_where(these(&items.iter().collect::<Vec<_>>()));
    tx.conn().execute(&update).await?;
    for item in &mut items {
        item.attempts += 1;
    }
    Ok(items)
}

fn item(row: &QueryResult) -> Result<Item> {
    Ok(Item {
        school: UnitId(row.try_get_by_index(0)?),
        event_key: row.try_get_by_index(1)?,
        channel: row.try_get_by_index(2)?,
        recipient: row.try_get_by_index(3)?,
        id: row.try_get_by_index(4)?,
        attempts: row.try_get_by_index(5)?,
        created_at: row.try_get_by_index(6)?,
    })
}

fn these(items: &[&Item]) -> Condition {
    Condition::all()
        .add(Expr::col("school_id").is_in(items.iter().map(|i| i.school.0)))
        .add(Expr::col("id").is_in(items.iter().map(|i| i.id)))
        .add(waiting())
}

/// Rows that have left.
pub(super) async fn done(tx: &Tx<'_>, items: &[&Item]) -> Result<()> {
    for some in items.chunks(200) {
        let mut update = Query::update();
        update
            .table("outbox")
            .value("state", DeliveryState::Done.as_str())
            .value("done_at", tx.now())
            .value("last_error", None::<String>)
            .cond_where(these(some));
        tx.conn().execute(&update).await?;
    }
    Ok(())
}

/// A row that did not leave: again at `due`, or never.
pub(super) async fn failed(tx: &Tx<'_>, item: &Item, why: &str, due: Option<DateTime<Utc>>) -> Result<()> {
    let why: String = why.chars().take(200).collect();
    let mut update = Query::update();
    update.table("outbox").value("last_error", why).cond_where(these(&[item]));
    match due {
        Some(due) => update.value("due_at", due),
        None => update.value("state", DeliveryState::Dead.as_str()),
    };
    tx.conn().execute(&update).await?;
    Ok(())
}

/// Forgets what left before this instant.
pub(super) async fn forget(tx: &Tx<'_>, before: DateTime<Utc>) -> Result<()> {
    let mut delete = Query::delete();
    delete
        .from_table("outbox")
        .and_where(Expr::col("state").eq(DeliveryState::Done.as_str()))
        .and_where(Expr::col("due_at").lt(before))
        .and_where(Expr::col("done_at").lt(before));
    tx.conn().execute(&delete).await?;
    Ok(())
}

/// What has not left.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Backlog {
    pub waiting: i64,
    pub dead: i64,
}

/// What waits and what was given up, for the figures.
pub async fn backlog(conn: &impl ConnectionTrait) -> Result<Backlog> {
    let mut query = Query::select();
    query
        .column("state")
        .expr(Func::count(Expr::col("id")))
        .from("outbox")
        .and_where(Expr::col("state").is_in([DeliveryState::Waiting.as_str(), DeliveryState::Dead.as_str()]))
        .group_by_col("state");
    let mut backlog = Backlog::default();
    for row in conn.query_all(&query).await? {
        let count = row.try_get_by_index(1)?;
        match row.try_get_by_index::<String>(0)?.as_str() {
            "dead" => backlog.dead = count,
            _ => backlog.waiting = count,
        }
    }
    Ok(backlog)
}

/// Rows in a state, newest first; `schools` gives the schools that the caller reaches (none: all).
pub async fn list(
    conn: &impl ConnectionTrait,
    state: DeliveryState,
    schools: Option<SelectStatement>,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Page<Delivery>> {
    let mut query = Query::select();
    query
        .columns(["id", "school_id", "event_key", "channel", "attempts", "created_at", "due_at", "last_error"])
        .from("outbox")
        .and_where(Expr::col("state").eq(state.as_str()))
        .and_where_option(schools.map(|s| Expr::col("school_id").in_subquery(s)))
        .and_where_option(before.map(|id| Expr::col("id").lt(id)))
        .order_by("id", Order::Desc)
        .limit(limit + 1);
    let read = |row: &QueryResult| -> Result<Delivery> {
        Ok(Delivery {
            id: DeliveryId(row.try_get_by_index(0)?),
            school_id: UnitId(row.try_get_by_index(1)?),
            event_key: row.try_get_by_index(2)?,
            channel: row.try_get_by_index(3)?,
            state,
            attempts: u32::try_from(row.try_get_by_index::<i16>(4)?).unwrap_or(0),
            created_at: row.try_get_by_index(5)?,
            due_at: row.try_get_by_index(6)?,
            last_error: row.try_get_by_index(7)?,
        })
    };
    let rows = conn.query_all(&query).await?.iter().map(read).collect::<Result<Vec<_>>>()?;
    Ok(crate::page::of(rows, limit, |d| d.id, |d| d))
}

/// Lets a row that was given up try again from the beginning, where `schools` has its school.
pub async fn retry_in(tx: &Tx<'_>, id: DeliveryId, schools: Option<SelectStatement>) -> Result<UnitId> {
    let mut find = Query::select();
    find.columns(["school_id", "state"])
        .from("outbox")
        .and_where(Expr::col("id").eq(id.0))
        .and_where_option(schools.map(|s| Expr::col("school_id").in_subquery(s)));
    let row = tx.conn().query_one(&find).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    let school: Uuid = row.try_get_by_index(0)?;
    let mut update = Query::update();
    update
        .table("outbox")
        .value("state", DeliveryState::Waiting.as_str())
        .value("attempts", 0i16)
        .value("due_at", tx.now())
        .and_where(Expr::col("school_id").eq(school))
        .and_where(Expr::col("id").eq(id.0))
        .and_where(Expr::col("state").eq(DeliveryState::Dead.as_str()));
    if tx.conn().execute(&update).await?.rows_affected() == 0 {
        return Err(Error::new(Code::DeliveryNotDead));
    }
    tx.posted();
    Ok(UnitId(school))
}
