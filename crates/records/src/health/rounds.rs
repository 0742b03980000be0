//! Rounds of checks of a school.

use super::{count, of_schools};
use crate::{contact, input};
use chrono::NaiveDate;
use dto::access::Permission;
use dto::health::{HealthRound, PostHealthRound, PutHealthRound};
use dto::page::{Page, PageQuery};
use dto::{Code, HealthRoundId, UnitId};
use kernel::{Ctx, Db, Error, Event, Result, id, page};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Func, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult};
use std::collections::HashMap;
use uuid::Uuid;

fn select() -> SelectStatement {
    let mut query = Query::select();
    query
        .columns(["id", "school_id", "name", "kind", "held_on", "examiner", "finished", "version"].map(|c| ("r", c)))
        .from_as("health_round", "r")
        // What a package brought of another school's rounds is in the child's file alone.
        .and_where(Expr::col(("r", "origin")).is_null());
    query
}

fn round(row: &QueryResult) -> Result<HealthRound> {
    Ok(HealthRound {
        id: HealthRoundId(row.try_get_by_index(0)?),
        school_id: UnitId(row.try_get_by_index(1)?),
        name: row.try_get_by_index(2)?,
        kind: crate::stored(&row.try_get_by_index::<String>(3)?)?,
        held_on: row.try_get_by_index(4)?,
        examiner: row.try_get_by_index(5)?,
        finished: row.try_get_by_index(6)?,
        checked: 0,
        version: row.try_get_by_index(7)?,
    })
}

/// A check that holds something; one that was taken back has a version and nothing else.
pub(super) fn holds() -> Condition {
    ["systolic", "diastolic", "pulse", "vision_right", "vision_left", "caries", "spine", "sealed"]
        .into_iter()
        .fold(Condition::any(), |any, column| any.add(Expr::col(column).is_not_null()))
}

async fn counted(conn: &impl ConnectionTrait, mut rounds: Vec<HealthRound>) -> Result<Vec<HealthRound>> {
    if rounds.is_empty() {
        return Ok(rounds);
    }
    let mut query = Query::select();
    query
        .column("round_id")
        .expr(Func::count(Expr::col("learner_id")))
        .from("health_check")
        .and_where(Expr::col("school_id").is_in(rounds.iter().map(|r| r.school_id.0)))
        .and_where(Expr::col("round_id").is_in(rounds.iter().map(|r| r.id.0)))
        .cond_where(holds())
        .group_by_col("round_id");
    let counts: HashMap<Uuid, i64> = conn
        .query_all(&query)
        .await?
        .iter()
        .map(|r| Ok((r.try_get_by_index(0)?, r.try_get_by_index(1)?)))
        .collect::<Result<_>>()?;
    for round in &mut rounds {
        round.checked = counts.get(&round.id.0).copied().map_or(0, count);
    }
    Ok(rounds)
}

/// A round that the permission reaches.
pub(super) async fn find(
    conn: &impl ConnectionTrait,
    ctx: &Ctx,
    permission: Permission,
    id: HealthRoundId,
) -> Result<HealthRound> {
    let mut query = select();
    query.and_where(Expr::col(("r", "id")).eq(id.0)).cond_where(of_schools(ctx, permission, "r"));
    let row = conn.query_one(&query).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    counted(conn, vec![round(&row)?]).await?.pop().ok_or_else(|| Error::new(Code::NotFound))
}

/// The latest round of a school.
pub(super) async fn latest(conn: &impl ConnectionTrait, school: UnitId) -> Result<Option<HealthRound>> {
    let mut query = select();
    query
        .and_where(Expr::col(("r", "school_id")).eq(school.0))
        .order_by(("r", "held_on"), Order::Desc)
        .order_by(("r", "id"), Order::Desc)
        .limit(1);
    let Some(row) = conn.query_one(&query).await? else { return Ok(None) };
    Ok(counted(conn, vec![round(&row)?]).await?.pop())
}

/// Rounds that can be looked over at once.
const OPEN: u64 = 5;

/// The rounds of a school that are not finished and whose day has come, the latest first.
pub(super) async fn unfinished(conn: &impl ConnectionTrait, school: UnitId, today: NaiveDate) -> Result<Vec<HealthRound>> {
    let mut query = select();
    query
        .and_where(Expr::col(("r", "school_id")).eq(school.0))
        .and_where(Expr::col(("r", "finished")).eq(false))
        .and_where(Expr::col(("r", "held_on")).lte(today))
        .order_by(("r", "held_on"), Order::Desc)
        .order_by(("r", "id"), Order::Desc)
        .limit(OPEN);
    conn.query_all(&query).await?.iter().map(round).collect()
}

/// The rounds of a school, those made last first.
///
/// Errors: `not_found`, `bad_cursor`.
pub async fn list(db: &Db, ctx: &Ctx, school: UnitId, page: &PageQuery) -> Result<Page<HealthRound>> {
    let conn = db.read();
    contact::school_reached(conn, ctx, Permission::HealthRead, school).await?;
    let before: Option<Uuid> = page::decode(page.after.as_deref())?;
    let mut query = select();
    query
        .and_where(Expr::col(("r", "school_id")).eq(school.0))
        .and_where_option(before.map(|id| Expr::col(("r", "id")).lt(id)))
        .order_by(("r", "id"), Order::Desc)
        .limit(page.limit() + 1);
    let rounds = conn.query_all(&query).await?.iter().map(round).collect::<Result<Vec<_>>>()?;
    Ok(page::of(counted(conn, rounds).await?, page.limit(), |r| r.id.0, |r| r))
}

/// A new round of a school.
///
/// Errors: `not_found`; `invalid` with the field.
pub async fn create(db: &Db, ctx: &Ctx, school: UnitId, body: &PostHealthRound) -> Result<HealthRound> {
    let made = HealthRound {
        id: id::new(),
        school_id: school,
        name: input::text("/name", &body.name, 1, 120)?,
        kind: body.kind,
        held_on: input::day("/held_on", body.held_on)?,
        examiner: input::text_opt("/examiner", body.examiner.as_deref(), 200)?,
        finished: false,
        checked: 0,
        version: 1,
    };
    db.write(ctx, async |tx| {
        contact::school_reached(tx.conn(), tx.ctx(), Permission::HealthWrite, school).await?;
        let mut insert = Query::insert();
        insert
            .into_table("health_round")
            .columns(["school_id", "id", "name", "kind", "held_on", "examiner", "finished", "version"])
            .values_panic([
                school.0.into(),
                made.id.0.into(),
                made.name.clone().into(),
                made.kind.as_str().into(),
                made.held_on.into(),
                made.examiner.clone().into(),
                false.into(),
                1i64.into(),
            ]);
        tx.conn().execute(&insert).await?;
        let event = Event::new(Some(school), "health_round.created", "health_round", made.id).after(&made);
        Ok((made.clone(), vec![event]))
    })
    .await
}

/// Changes a round. Results keep the day under which their heights and weights were recorded, so a round with results keeps its day.
///
/// Errors: `not_found`, `version_conflict`; `invalid` at `/held_on` where results stand.
pub async fn put(db: &Db, ctx: &Ctx, round: HealthRoundId, version: i64, body: &PutHealthRound) -> Result<HealthRound> {
    let name = input::text("/name", &body.name, 1, 120)?;
    let held_on = input::day("/held_on", body.held_on)?;
    let examiner = input::text_opt("/examiner", body.examiner.as_deref(), 200)?;
    db.write(ctx, async |tx| {
        let was = find(tx.conn(), tx.ctx(), Permission::HealthWrite, round).await?;
        if was.version != version {
            return Err(Error::new(Code::VersionConflict));
        }
        if was.checked > 0 && was.held_on != held_on {
            return Err(Error::field("/held_on", Code::FieldChoice));
        }
        let now = HealthRound {
            name: name.clone(),
            kind: body.kind,
            held_on,
            examiner: examiner.clone(),
            finished: body.finished,
            version: version + 1,
            ..was.clone()
        };
        let mut update = Query::update();
        update
            .table("health_round")
            .value("name", now.name.as_str())
            .value("kind", now.kind.as_str())
            .value("held_on", now.held_on)
            .value("examiner", now.examiner.clone())
            .value("finished", now.finished)
            .value("version", now.version)
            .and_where(Expr::col("school_id").eq(now.school_id.0))
            .and_where(Expr::col("id").eq(round.0))
            .and_where(Expr::col("version").eq(version));
        if tx.conn().execute(&update).await?.rows_affected() == 0 {
            return Err(Error::new(Code::VersionConflict));
        }
        let event = Event::new(Some(now.school_id), "health_round.updated", "health_round", round).before(&was).after(&now);
        Ok((now, vec![event]))
    })
    .await
}
