//! Opening what is sealed: for a purpose, with a row that the family sees and an entry of the log each time.

use super::{Field, Place, learner_of, merged_into};
use crate::{contact, input};
use dto::access::Permission;
use dto::health::{
    ClassAlerts, Condition, HealthAlert, HealthView, OpenedCheck, OpenedFirstAid, OpenedHealth, PostHealthView, ViewPurpose,
};
use dto::{ClassId, Code, FirstAidId, HealthConditionId, HealthRoundId, LearnerId, UnitId};
use identity::DataKeys;
use identity::accounts::Names;
use kernel::{Ctx, Db, Error, Event, Result, Tx, id};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Order, Query};
use serde_json::json;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Looks of one file that are listed.
const VIEWS: u64 = 100;

/// A purpose as it is kept.
pub(super) struct Stated {
    pub purpose: ViewPurpose,
    pub note: Option<String>,
}

fn stated(body: &PostHealthView) -> Result<Stated> {
    let note = input::text_opt("/note", body.note.as_deref(), 300)?;
    if body.purpose == ViewPurpose::Other && note.is_none() {
        return Err(Error::field("/note", Code::PurposeNeedsNote));
    }
    Ok(Stated { purpose: body.purpose, note })
}

pub(super) async fn keep(tx: &Tx<'_>, school: UnitId, learners: &[Uuid], why: &Stated, alerts_only: bool) -> Result<()> {
    if learners.is_empty() {
        return Ok(());
    }
    let mut insert = Query::insert();
    insert.into_table("health_view").columns([
        "school_id",
        "learner_id",
        "id",
        "at",
        "account_id",
        "purpose",
        "note",
        "alerts_only",
    ]);
    for learner in learners {
        insert.values_panic([
            school.0.into(),
            (*learner).into(),
            id::new::<Uuid>().into(),
            tx.now().into(),
            tx.ctx().account.map(Uuid::from).into(),
            why.purpose.as_str().into(),
            why.note.clone().into(),
            alerts_only.into(),
        ]);
    }
    tx.conn().execute(&insert).await?;
    Ok(())
}

/// Opens what is sealed of a learner's file.
///
/// Errors: `not_found`; `invalid` where a purpose needs a note.
pub async fn open(db: &Db, ctx: &Ctx, keys: &DataKeys, learner: LearnerId, body: &PostHealthView) -> Result<OpenedHealth> {
    let why = stated(body)?;
    db.write(ctx, async |tx| {
        let (learner, school) = learner_of(tx.conn(), tx.ctx(), Permission::HealthOpen, learner).await?;
        keep(tx, school, &[learner.id.0], &why, false).await?;
        let event = Event::new(Some(school), "health.opened", "learner", learner.id)
            .after(&json!({ "purpose": why.purpose, "note": why.note }));
        Ok((of(tx.conn(), keys, learner.id).await?, vec![event]))
    })
    .await
}

/// What the homeroom teacher must know of a class; a look at each child of whom there is something.
///
/// Errors: `not_found`; `invalid` where a purpose needs a note.
pub async fn alerts(db: &Db, ctx: &Ctx, keys: &DataKeys, class: ClassId, body: &PostHealthView) -> Result<ClassAlerts> {
    let why = stated(body)?;
    db.write(ctx, async |tx| {
        let class = contact::class_reached(tx.conn(), tx.ctx(), Permission::HealthAlert, class).await?;
        let items = shared(tx.conn(), keys, &class).await?;
        let of: BTreeSet<Uuid> = items.iter().map(|item| item.learner_id.0).collect();
        let school = UnitId(class.school_id);
        keep(tx, school, &of.iter().copied().collect::<Vec<_>>(), &why, true).await?;
        let event = Event::new(Some(school), "health.alerts_opened", "class", class.id)
            .after(&json!({ "purpose": why.purpose, "note": why.note, "learners": of }));
        Ok((ClassAlerts { class_id: ClassId(class.id), class_name: class.name, items }, vec![event]))
    })
    .await
}

async fn shared(conn: &impl ConnectionTrait, keys: &DataKeys, class: &contact::ClassName) -> Result<Vec<HealthAlert>> {
    let mut query = Query::select();
    query
        .columns([("h", "school_id"), ("h", "learner_id"), ("h", "id"), ("h", "kind"), ("h", "alert"), ("l", "full_name")])
        .from_as("enrolment", "e")
        .join_as(JoinType::InnerJoin, "learner", "l", Expr::col(("l", "id")).equals(("e", "learner_id")))
        .join_as(JoinType::InnerJoin, "health_condition", "h", Expr::col(("h", "learner_id")).equals(("e", "learner_id")))
        .and_where(Expr::col(("e", "school_id")).eq(class.school_id))
        .and_where(Expr::col(("e", "class_id")).eq(class.id))
        .cond_where(crate::scope::open("e", "left_on"))
        .and_where(Expr::col(("h", "active")).eq(true))
        .and_where(Expr::col(("h", "alert")).is_not_null())
        .order_by(("e", "ordinal"), Order::Asc)
        .order_by(("e", "learner_id"), Order::Asc)
        .order_by(("h", "id"), Order::Asc);
    let mut alerts = Vec::new();
    for row in conn.query_all(&query).await? {
        let (school, learner, id): (Uuid, Uuid, Uuid) =
            (row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        let place = Place { field: Field::Alert, school, learner, row: id };
        alerts.push(HealthAlert {
            learner_id: LearnerId(learner),
            kind: crate::stored(&row.try_get_by_index::<String>(3)?)?,
            alert: place.open(keys, &merged_into(conn, learner).await?, &row.try_get_by_index::<String>(4)?)?,
            full_name: row.try_get_by_index(5)?,
        });
    }
    Ok(alerts)
}

/// Everything sealed of a learner, opened. For callers who have checked that it may be.
pub(crate) async fn of(conn: &impl ConnectionTrait, keys: &DataKeys, learner: LearnerId) -> Result<OpenedHealth> {
    let merged = merged_into(conn, learner.0).await?;
    let opened = |field, school: Uuid, row: Uuid, sealed: &str| {
        Place { field, school, learner: learner.0, row }.open(keys, &merged, sealed)
    };
    let mut query = Query::select();
    query
        .columns(["school_id", "id", "kind", "sealed", "alert", "since", "active", "version"])
        .from("health_condition")
        .and_where(Expr::col("learner_id").eq(learner.0))
        .order_by("id", Order::Asc);
    let mut conditions = Vec::new();
    for row in conn.query_all(&query).await? {
        let (school, id): (Uuid, Uuid) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let alert: Option<String> = row.try_get_by_index(4)?;
        conditions.push(Condition {
            id: HealthConditionId(id),
            kind: crate::stored(&row.try_get_by_index::<String>(2)?)?,
            detail: opened(Field::Detail, school, id, &row.try_get_by_index::<String>(3)?)?,
            alert: alert.map(|alert| opened(Field::Alert, school, id, &alert)).transpose()?,
            since: row.try_get_by_index(5)?,
            active: row.try_get_by_index(6)?,
            version: row.try_get_by_index(7)?,
        });
    }
    let mut query = Query::select();
    query
        .columns(["school_id", "round_id", "sealed"])
        .from("health_check")
        .and_where(Expr::col("learner_id").eq(learner.0))
        .and_where(Expr::col("sealed").is_not_null())
        .order_by("round_id", Order::Asc);
    let mut checks = Vec::new();
    for row in conn.query_all(&query).await? {
        let (school, round): (Uuid, Uuid) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let text = opened(Field::Check, school, round, &row.try_get_by_index::<String>(2)?)?;
        checks.push(OpenedCheck {
            round_id: HealthRoundId(round),
            findings: serde_json::from_str(&text).map_err(Error::internal)?,
        });
    }
    let mut query = Query::select();
    query
        .columns(["school_id", "id", "sealed"])
        .from("first_aid")
        .and_where(Expr::col("learner_id").eq(learner.0))
        .order_by("id", Order::Asc);
    let mut first_aid = Vec::new();
    for row in conn.query_all(&query).await? {
        let (school, id): (Uuid, Uuid) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let what = opened(Field::FirstAid, school, id, &row.try_get_by_index::<String>(2)?)?;
        first_aid.push(OpenedFirstAid { id: FirstAidId(id), what });
    }
    Ok(OpenedHealth { learner_id: learner, conditions, checks, first_aid })
}

/// Who opened a file, newest first.
pub(super) async fn views(conn: &impl ConnectionTrait, ctx: &Ctx, learner: LearnerId) -> Result<Vec<HealthView>> {
    let mut query = Query::select();
    query
        .columns(["at", "account_id", "purpose", "note", "alerts_only"])
        .from("health_view")
        .and_where(Expr::col("learner_id").eq(learner.0))
        .order_by("at", Order::Desc)
        .order_by("id", Order::Desc)
        .limit(VIEWS);
    let rows = conn.query_all(&query).await?;
    let by = rows.iter().map(|r| r.try_get_by_index::<Option<Uuid>>(1)).collect::<Result<Vec<_>, _>>()?;
    let names = Names::of(conn, ctx.lang, by.iter().copied()).await?;
    rows.iter()
        .zip(by)
        .map(|(row, by)| {
            Ok(HealthView {
                at: row.try_get_by_index(0)?,
                by: names.name(by),
                purpose: crate::stored(&row.try_get_by_index::<String>(2)?)?,
                note: row.try_get_by_index(3)?,
                alerts_only: row.try_get_by_index(4)?,
            })
        })
        .collect()
}
