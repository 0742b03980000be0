//! The health file of a learner: checks, vaccinations, conditions, first aid, and who opened what is sealed.

use super::sheet::{FINDINGS, findings};
use super::{Field, Place, first_aid, learner_of, opening, rounds, small, stored_small};
use crate::{input, learners};
use dto::access::Permission;
use dto::health::{
    ChildHealth, Condition, ConditionStub, HealthCheck, LearnerHealth, PostVaccination, PutCondition, Vaccination,
};
use dto::learners::Learner;
use dto::{Code, HealthConditionId, HealthRoundId, LearnerId, UnitId, VaccinationId};
use identity::DataKeys;
use kernel::{Ctx, Db, Error, Event, Result, Tx, id};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Order, Query};
use serde_json::json;
use uuid::Uuid;

/// The file of a learner, without what is sealed.
///
/// Errors: `not_found`.
pub async fn of_learner(db: &Db, ctx: &Ctx, learner: LearnerId) -> Result<LearnerHealth> {
    let conn = db.read();
    let learner = learners::find_in(conn, ctx, Permission::HealthRead, learner).await?;
    let writable = learners::find_in(conn, ctx, Permission::HealthWrite, learner.id).await.is_ok();
    file(conn, ctx, learner, writable).await
}

/// All of one's own child's file, opened, with who else opened it. A family needs no purpose for what is its own.
///
/// Errors: `not_found`.
pub async fn of_child(db: &Db, ctx: &Ctx, keys: &DataKeys, learner: LearnerId) -> Result<ChildHealth> {
    let conn = db.read();
    if !learners::is_family(conn, ctx, learner).await? {
        return Err(Error::new(Code::NotFound));
    }
    let learner = learners::find_in(conn, ctx, Permission::FamilyRead, learner).await?;
    let opened = opening::of(conn, keys, learner.id).await?;
    Ok(ChildHealth { file: file(conn, ctx, learner, false).await?, opened })
}

async fn file(conn: &impl ConnectionTrait, ctx: &Ctx, learner: Learner, writable: bool) -> Result<LearnerHealth> {
    let school_name = match learner.school_id {
        None => None,
        Some(school) => crate::contact::Names::of(conn, &[school.0], &[], &[]).await?.schools.remove(&school.0),
    };
    Ok(LearnerHealth {
        learner_id: learner.id,
        birth_date: learner.birth_date,
        school_name,
        writable,
        checks: checks(conn, learner.id).await?,
        vaccinations: vaccinations(conn, learner.id).await?,
        conditions: conditions(conn, learner.id).await?,
        first_aid: first_aid::of_learner(conn, ctx, learner.id).await?,
        views: opening::views(conn, ctx, learner.id).await?,
        full_name: learner.full_name,
    })
}

pub(super) async fn checks(conn: &impl ConnectionTrait, learner: LearnerId) -> Result<Vec<HealthCheck>> {
    let mut query = Query::select();
    query
        .columns([("r", "id"), ("r", "name"), ("r", "kind"), ("r", "held_on"), ("u", "name"), ("h", "sealed")])
        .columns(FINDINGS.map(|c| ("h", c)))
        .column(("r", "origin"))
        .from_as("health_check", "h")
        .join_as(
            JoinType::InnerJoin,
            "health_round",
            "r",
            Expr::col(("r", "school_id")).equals(("h", "school_id")).and(Expr::col(("r", "id")).equals(("h", "round_id"))),
        )
        .join_as(JoinType::InnerJoin, "unit", "u", Expr::col(("u", "id")).equals(("h", "school_id")))
        .and_where(Expr::col(("h", "learner_id")).eq(learner.0))
        .cond_where(rounds::holds())
        .order_by(("r", "held_on"), Order::Desc)
        .order_by(("r", "id"), Order::Desc);
    conn.query_all(&query)
        .await?
        .iter()
        .map(|row| {
            Ok(HealthCheck {
                round_id: HealthRoundId(row.try_get_by_index(0)?),
                round_name: row.try_get_by_index(1)?,
                kind: crate::stored(&row.try_get_by_index::<String>(2)?)?,
                held_on: row.try_get_by_index(3)?,
                // Where it was held, if that was not here.
                school_name: match row.try_get_by_index(6 + FINDINGS.len())? {
                    Some(elsewhere) => elsewhere,
                    None => row.try_get_by_index(4)?,
                },
                sealed: row.try_get_by_index::<Option<String>>(5)?.is_some(),
                findings: findings(row, 6)?,
            })
        })
        .collect()
}

pub(super) async fn vaccinations(conn: &impl ConnectionTrait, learner: LearnerId) -> Result<Vec<Vaccination>> {
    let mut query = Query::select();
    query
        .columns(["id", "vaccine", "dose", "given_on", "source"])
        .from("vaccination")
        .and_where(Expr::col("learner_id").eq(learner.0))
        .order_by("vaccine", Order::Asc)
        .order_by("dose", Order::Asc)
        .order_by("id", Order::Asc);
    conn.query_all(&query)
        .await?
        .iter()
        .map(|row| {
            Ok(Vaccination {
                id: VaccinationId(row.try_get_by_index(0)?),
                vaccine: row.try_get_by_index(1)?,
                dose: small(row.try_get_by_index(2)?).unwrap_or(0),
                given_on: row.try_get_by_index(3)?,
                source: crate::stored(&row.try_get_by_index::<String>(4)?)?,
            })
        })
        .collect()
}

async fn conditions(conn: &impl ConnectionTrait, learner: LearnerId) -> Result<Vec<ConditionStub>> {
    let mut query = Query::select();
    query
        .columns(["id", "kind", "since", "alert", "active", "version"])
        .from("health_condition")
        .and_where(Expr::col("learner_id").eq(learner.0))
        .order_by("id", Order::Asc);
    conn.query_all(&query)
        .await?
        .iter()
        .map(|row| {
            Ok(ConditionStub {
                id: HealthConditionId(row.try_get_by_index(0)?),
                kind: crate::stored(&row.try_get_by_index::<String>(1)?)?,
                since: row.try_get_by_index(2)?,
                shared: row.try_get_by_index::<Option<String>>(3)?.is_some(),
                active: row.try_get_by_index(4)?,
                version: row.try_get_by_index(5)?,
            })
        })
        .collect()
}

/// A vaccination as it will stand.
pub(super) fn checked_vaccination(id: VaccinationId, body: &PostVaccination) -> Result<Vaccination> {
    let vaccine = input::text("/vaccine", &body.vaccine, 1, 120)?;
    let given_on = body.given_on.map(|day| input::birth_date("/given_on", day)).transpose()?;
    Ok(Vaccination { id, vaccine, dose: body.dose, given_on, source: body.source })
}

pub(super) async fn insert_vaccination_in(tx: &Tx<'_>, school: UnitId, learner: LearnerId, made: &Vaccination) -> Result<()> {
    let mut insert = Query::insert();
    insert
        .into_table("vaccination")
        .columns(["school_id", "learner_id", "id", "vaccine", "dose", "given_on", "source", "created_at", "created_by"])
        .values_panic([
            school.0.into(),
            learner.0.into(),
            made.id.0.into(),
            made.vaccine.clone().into(),
            stored_small(Some(made.dose)).into(),
            made.given_on.into(),
            made.source.as_str().into(),
            tx.now().into(),
            tx.ctx().account.map(Uuid::from).into(),
        ]);
    tx.conn().execute(&insert).await?;
    Ok(())
}

/// Keeps a vaccination.
///
/// Errors: `not_found`; `invalid` with the field.
pub async fn add_vaccination(db: &Db, ctx: &Ctx, learner: LearnerId, body: &PostVaccination) -> Result<Vaccination> {
    let made = checked_vaccination(id::new(), body)?;
    db.write(ctx, async |tx| {
        let (learner, school) = learner_of(tx.conn(), tx.ctx(), Permission::HealthWrite, learner).await?;
        insert_vaccination_in(tx, school, learner.id, &made).await?;
        let event = Event::new(Some(school), "vaccination.added", "learner", learner.id).after(&json!({ "id": made.id }));
        Ok((made.clone(), vec![event]))
    })
    .await
}

/// Takes a vaccination out that was entered by mistake.
///
/// Errors: `not_found` (also where another school entered it).
pub async fn remove_vaccination(db: &Db, ctx: &Ctx, learner: LearnerId, vaccination: VaccinationId) -> Result<()> {
    db.write(ctx, async |tx| {
        let (learner, school) = learner_of(tx.conn(), tx.ctx(), Permission::HealthWrite, learner).await?;
        let mut delete = Query::delete();
        delete
            .from_table("vaccination")
            .and_where(Expr::col("school_id").eq(school.0))
            .and_where(Expr::col("learner_id").eq(learner.id.0))
            .and_where(Expr::col("id").eq(vaccination.0));
        if tx.conn().execute(&delete).await?.rows_affected() == 0 {
            return Err(Error::new(Code::NotFound));
        }
        let event = Event::new(Some(school), "vaccination.removed", "learner", learner.id).before(&json!({ "id": vaccination }));
        Ok(((), vec![event]))
    })
    .await
}

/// A condition with its words checked, as they will stand.
pub(super) fn checked(body: &PutCondition) -> Result<PutCondition> {
    Ok(PutCondition {
        kind: body.kind,
        detail: input::text("/detail", &body.detail, 1, 1000)?,
        alert: input::text_opt("/alert", body.alert.as_deref(), 300)?,
        since: body.since.map(|day| input::birth_date("/since", day)).transpose()?,
        active: body.active,
    })
}

struct Sealed {
    detail: String,
    alert: Option<String>,
    key: i32,
}

fn seal(keys: &DataKeys, school: UnitId, learner: LearnerId, id: HealthConditionId, body: &PutCondition) -> Result<Sealed> {
    let at = |field| Place { field, school: school.0, learner: learner.0, row: id.0 };
    let (detail, key) = at(Field::Detail).seal(keys, &body.detail)?;
    let alert = body.alert.as_deref().map(|alert| at(Field::Alert).seal(keys, alert)).transpose()?;
    // A rotation between the two would leave one of them with another key; the older id is found again by the next one.
    let key = alert.as_ref().map_or(key, |(_, other)| std::cmp::Ord::min(key, *other));
    Ok(Sealed { detail, alert: alert.map(|(alert, _)| alert), key })
}

fn told(id: HealthConditionId, body: PutCondition, version: i64) -> Condition {
    let PutCondition { kind, detail, alert, since, active } = body;
    Condition { id, kind, detail, alert, since, active, version }
}

pub(super) async fn insert_condition_in(
    tx: &Tx<'_>,
    keys: &DataKeys,
    (school, learner, made): (UnitId, LearnerId, HealthConditionId),
    body: &PutCondition,
) -> Result<()> {
    let sealed = seal(keys, school, learner, made, body)?;
    let mut insert = Query::insert();
    insert
        .into_table("health_condition")
        .columns([
            "school_id",
            "learner_id",
            "id",
            "kind",
            "since",
            "active",
            "sealed",
            "alert",
            "key_id",
            "version",
            "updated_at",
            "updated_by",
        ])
        .values_panic([
            school.0.into(),
            learner.0.into(),
            made.0.into(),
            body.kind.as_str().into(),
            body.since.into(),
            body.active.into(),
            sealed.detail.into(),
            sealed.alert.into(),
            sealed.key.into(),
            1i64.into(),
            tx.now().into(),
            tx.ctx().account.map(Uuid::from).into(),
        ]);
    tx.conn().execute(&insert).await?;
    Ok(())
}

/// Keeps a condition; its words are sealed.
///
/// Errors: `not_found`; `invalid` with the field.
pub async fn add_condition(db: &Db, ctx: &Ctx, keys: &DataKeys, learner: LearnerId, body: &PutCondition) -> Result<Condition> {
    let body = checked(body)?;
    let made: HealthConditionId = id::new();
    db.write(ctx, async |tx| {
        let (learner, school) = learner_of(tx.conn(), tx.ctx(), Permission::HealthWrite, learner).await?;
        insert_condition_in(tx, keys, (school, learner.id, made), &body).await?;
        let event = event(school, "condition.added", learner.id, made);
        Ok((told(made, body.clone(), 1), vec![event]))
    })
    .await
}

/// The log says that there was a change, never what of.
fn event(school: UnitId, verb: &'static str, learner: LearnerId, id: HealthConditionId) -> Event {
    Event::new(Some(school), verb, "learner", learner).after(&json!({ "id": id }))
}

/// Changes a condition of one's school.
///
/// Errors: `not_found`, `version_conflict`; `invalid` with the field.
pub async fn put_condition(
    db: &Db,
    ctx: &Ctx,
    keys: &DataKeys,
    (learner, condition): (LearnerId, HealthConditionId),
    version: i64,
    body: &PutCondition,
) -> Result<Condition> {
    let body = checked(body)?;
    db.write(ctx, async |tx| {
        let (learner, school) = learner_of(tx.conn(), tx.ctx(), Permission::HealthWrite, learner).await?;
        let mut present = Query::select();
        present
            .column("version")
            .from("health_condition")
            .and_where(Expr::col("school_id").eq(school.0))
            .and_where(Expr::col("learner_id").eq(learner.id.0))
            .and_where(Expr::col("id").eq(condition.0));
        let row = tx.conn().query_one(&present).await?.ok_or_else(|| Error::new(Code::NotFound))?;
        if row.try_get_by_index::<i64>(0)? != version {
            return Err(Error::new(Code::VersionConflict));
        }
        let sealed = seal(keys, school, learner.id, condition, &body)?;
        let mut update = Query::update();
        update
            .table("health_condition")
            .value("kind", body.kind.as_str())
            .value("since", body.since)
            .value("active", body.active)
            .value("sealed", sealed.detail)
            .value("alert", sealed.alert)
            .value("key_id", sealed.key)
            .value("version", version + 1)
            .value("updated_at", tx.now())
            .value("updated_by", tx.ctx().account.map(Uuid::from))
            .and_where(Expr::col("school_id").eq(school.0))
            .and_where(Expr::col("learner_id").eq(learner.id.0))
            .and_where(Expr::col("id").eq(condition.0))
            .and_where(Expr::col("version").eq(version));
        if tx.conn().execute(&update).await?.rows_affected() == 0 {
            return Err(Error::new(Code::VersionConflict));
        }
        let event = event(school, "condition.updated", learner.id, condition);
        Ok((told(condition, body.clone(), version + 1), vec![event]))
    })
    .await
}
