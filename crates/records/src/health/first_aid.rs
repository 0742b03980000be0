//! The first-aid log: what was done for a child, by whom, where it was sent, when its family was told.

use super::{Field, Place, learner_of, of_schools};
use crate::{contact, growth, input};
use chrono::{DateTime, Utc};
use dto::access::Permission;
use dto::health::{FirstAid, PutFirstAid};
use dto::page::{Page, PageQuery};
use dto::{Code, FirstAidId, LearnerId, UnitId};
use identity::DataKeys;
use identity::accounts::Names;
use kernel::{Ctx, Db, Error, Event, Result, clock, id, page};
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult};
use serde_json::json;
use std::collections::BTreeMap;
use uuid::Uuid;

/// What a change keeps of an entry beside its words.
struct Checked {
    at: DateTime<Utc>,
    what: Option<String>,
    referred_to: Option<String>,
    told_at: Option<DateTime<Utc>>,
    told_how: Option<String>,
}

fn checked(body: &PutFirstAid) -> Result<Checked> {
    let now = clock::now();
    let past = |pointer: &str, at: DateTime<Utc>| {
        input::day(pointer, clock::day_of(at))?;
        if at <= now + chrono::TimeDelta::minutes(5) {
            return Ok(at);
        }
        let bounds = BTreeMap::from([
            ("min".to_owned(), "01/01/1900".to_owned()),
            ("max".to_owned(), clock::day_of(now).format("%d/%m/%Y").to_string()),
        ]);
        Err(Error::new(Code::Invalid).and_field_with(pointer, Code::FieldRange, bounds))
    };
    Ok(Checked {
        at: past("/at", body.at)?,
        what: body.what.as_deref().map(|what| input::text("/what", what, 1, 1000)).transpose()?,
        referred_to: input::text_opt("/referred_to", body.referred_to.as_deref(), 200)?,
        told_at: body.told_at.map(|at| past("/told_at", at)).transpose()?,
        told_how: input::text_opt("/told_how", body.told_how.as_deref(), 200)?,
    })
}

fn select() -> SelectStatement {
    let mut query = Query::select();
    query
        .columns(
            ["id", "learner_id", "at", "kind", "referred_to", "created_by", "told_at", "told_how", "version"].map(|c| ("f", c)),
        )
        .columns([("l", "full_name"), ("c", "name"), ("f", "school_id")])
        .from_as("first_aid", "f")
        .join_as(JoinType::InnerJoin, "learner", "l", Expr::col(("l", "id")).equals(("f", "learner_id")))
        .join_as(JoinType::LeftJoin, "class", "c", Expr::col(("c", "id")).equals(("f", "class_id")));
    query
}

async fn complete(conn: &impl ConnectionTrait, ctx: &Ctx, rows: &[QueryResult]) -> Result<Vec<FirstAid>> {
    let by = rows.iter().map(|r| r.try_get_by_index::<Option<Uuid>>(5)).collect::<Result<Vec<_>, _>>()?;
    let names = Names::of(conn, ctx.lang, by.iter().copied()).await?;
    rows.iter()
        .zip(by)
        .map(|(row, by)| {
            Ok(FirstAid {
                id: FirstAidId(row.try_get_by_index(0)?),
                learner_id: LearnerId(row.try_get_by_index(1)?),
                at: row.try_get_by_index(2)?,
                kind: crate::stored(&row.try_get_by_index::<String>(3)?)?,
                referred_to: row.try_get_by_index(4)?,
                by: names.name(by),
                told_at: row.try_get_by_index(6)?,
                told_how: row.try_get_by_index(7)?,
                version: row.try_get_by_index(8)?,
                full_name: row.try_get_by_index(9)?,
                class_name: row.try_get_by_index(10)?,
            })
        })
        .collect()
}

/// The log of a school, entered last first.
///
/// Errors: `not_found`, `bad_cursor`.
pub async fn list(db: &Db, ctx: &Ctx, school: UnitId, page: &PageQuery) -> Result<Page<FirstAid>> {
    let conn = db.read();
    contact::school_reached(conn, ctx, Permission::HealthRead, school).await?;
    let before: Option<Uuid> = page::decode(page.after.as_deref())?;
    let mut query = select();
    query
        .and_where(Expr::col(("f", "school_id")).eq(school.0))
        .and_where_option(before.map(|id| Expr::col(("f", "id")).lt(id)))
        .order_by(("f", "id"), Order::Desc)
        .limit(page.limit() + 1);
    let rows = conn.query_all(&query).await?;
    Ok(page::of(complete(conn, ctx, &rows).await?, page.limit(), |f| f.id.0, |f| f))
}

/// The entries of one learner, newest first. For callers who have checked that they may be seen.
pub(super) async fn of_learner(conn: &impl ConnectionTrait, ctx: &Ctx, learner: LearnerId) -> Result<Vec<FirstAid>> {
    let mut query = select();
    query.and_where(Expr::col(("f", "learner_id")).eq(learner.0)).order_by(("f", "at"), Order::Desc);
    complete(conn, ctx, &conn.query_all(&query).await?).await
}

async fn one(conn: &impl ConnectionTrait, ctx: &Ctx, permission: Permission, id: FirstAidId) -> Result<(FirstAid, Uuid)> {
    let mut query = select();
    query.and_where(Expr::col(("f", "id")).eq(id.0)).cond_where(of_schools(ctx, permission, "f"));
    let row = conn.query_one(&query).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    let school = row.try_get_by_index(11)?;
    let entry = complete(conn, ctx, &[row]).await?.pop().ok_or_else(|| Error::new(Code::NotFound))?;
    Ok((entry, school))
}

/// Enters what was done for a child.
///
/// Errors: `not_found`; `invalid` with the field (an instant to come, no words).
pub async fn create(db: &Db, ctx: &Ctx, keys: &DataKeys, learner: LearnerId, body: &PutFirstAid) -> Result<FirstAid> {
    let facts = checked(body)?;
    let what = facts.what.clone().ok_or_else(|| Error::field("/what", Code::FieldRequired))?;
    let made: FirstAidId = id::new();
    db.write(ctx, async |tx| {
        let conn = tx.conn();
        let (learner, school) = learner_of(conn, tx.ctx(), Permission::HealthWrite, learner).await?;
        let class = growth::rows::present_class(conn, learner.id, clock::today()).await?.map(|class| class.class_id.0);
        let place = Place { field: Field::FirstAid, school: school.0, learner: learner.id.0, row: made.0 };
        let (sealed, key) = place.seal(keys, &what)?;
        let mut insert = Query::insert();
        insert
            .into_table("first_aid")
            .columns(["school_id", "id", "learner_id", "class_id", "at", "kind", "sealed", "key_id", "referred_to", "told_at"])
            .columns(["told_how", "created_by", "version"])
            .values_panic([
                school.0.into(),
                made.0.into(),
                learner.id.0.into(),
                class.into(),
                facts.at.into(),
                body.kind.as_str().into(),
                sealed.into(),
                key.into(),
                facts.referred_to.clone().into(),
                facts.told_at.into(),
                facts.told_how.clone().into(),
                tx.ctx().account.map(Uuid::from).into(),
                1i64.into(),
            ]);
        conn.execute(&insert).await?;
        let event = Event::new(Some(school), "first_aid.entered", "first_aid", made)
            .after(&json!({ "learner_id": learner.id, "kind": body.kind }));
        Ok((one(conn, tx.ctx(), Permission::HealthWrite, made).await?.0, vec![event]))
    })
    .await
}

/// Changes an entry: that the family was told, where the child was sent.
///
/// Errors: `not_found`, `version_conflict`; `invalid` with the field.
pub async fn put(db: &Db, ctx: &Ctx, keys: &DataKeys, id: FirstAidId, version: i64, body: &PutFirstAid) -> Result<FirstAid> {
    let facts = checked(body)?;
    db.write(ctx, async |tx| {
        let conn = tx.conn();
        let (was, school) = one(conn, tx.ctx(), Permission::HealthWrite, id).await?;
        if was.version != version {
            return Err(Error::new(Code::VersionConflict));
        }
        let mut update = Query::update();
        update
            .table("first_aid")
            .value("at", facts.at)
            .value("kind", body.kind.as_str())
            .value("referred_to", facts.referred_to.clone())
            .value("told_at", facts.told_at)
            .value("told_how", facts.told_how.clone())
            .value("version", version + 1)
            .and_where(Expr::col("school_id").eq(school))
            .and_where(Expr::col("id").eq(id.0))
            .and_where(Expr::col("version").eq(version));
        if let Some(what) = &facts.what {
            let place = Place { field: Field::FirstAid, school, learner: was.learner_id.0, row: id.0 };
            let (sealed, key) = place.seal(keys, what)?;
            update.value("sealed", sealed).value("key_id", key);
        }
        if conn.execute(&update).await?.rows_affected() == 0 {
            return Err(Error::new(Code::VersionConflict));
        }
        let event = Event::new(Some(UnitId(school)), "first_aid.updated", "first_aid", id)
            .after(&json!({ "kind": body.kind, "told_at": facts.told_at, "words": facts.what.is_some() }));
        Ok((one(conn, tx.ctx(), Permission::HealthWrite, id).await?.0, vec![event]))
    })
    .await
}
