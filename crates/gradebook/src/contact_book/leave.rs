//! Requests for leave: a guardian asks, the homeroom teacher answers, and what was accepted counts as permitted absence.

use super::notices::{Notify, notify_in};
use super::{Said, guardian, stored, typed};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use dto::access::Permission;
use dto::contact::{EventKind, LeaveRequest, LeaveSessions, LeaveState, NoticeTarget, PostLeaveAnswer, PostLeaveRequest};
use dto::page::PageQuery;
use dto::{ClassId, Code, LearnerId, LeaveRequestId, Page, UnitId};
use kernel::{Ctx, Db, Error, Event, Result, Tx, id, page};
use records::contact::{Names, class_reached, guardians_of, places_of};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult};
use serde_json::json;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

const LONGEST_DAYS: i64 = 30;

fn select() -> SelectStatement {
    let mut query = Query::select();
    query
        .columns(["id", "school_id", "class_id", "learner_id", "guardian_id", "from_on", "to_on", "sessions", "reason"])
        .columns(["state", "answer", "answered_at", "created_at"])
        .from("leave_request");
    query
}

async fn complete(conn: &impl ConnectionTrait, rows: &[QueryResult]) -> Result<Vec<LeaveRequest>> {
    let ids = |at: usize| rows.iter().map(|r| r.try_get_by_index::<Uuid>(at)).collect::<Result<Vec<_>, _>>();
    let (schools, classes, learners, guardians) = (ids(1)?, ids(2)?, ids(3)?, ids(4)?);
    let names = Names::of(conn, &schools, &classes, &learners).await?;
    let who: HashMap<Uuid, String> =
        guardians_of(conn, &learners).await?.into_values().flatten().map(|g| (g.guardian_id, g.full_name)).collect();
    rows.iter()
        .enumerate()
        .map(|(at, r)| {
            Ok(LeaveRequest {
                id: LeaveRequestId(r.try_get_by_index(0)?),
                school_name: names.schools.get(&schools[at]).cloned().unwrap_or_default(),
                class_id: ClassId(classes[at]),
                class_name: names.classes.get(&classes[at]).cloned().unwrap_or_default(),
                learner_id: LearnerId(learners[at]),
                learner_name: names.learners.get(&learners[at]).map(|(full, _)| full.clone()).unwrap_or_default(),
                guardian_name: who.get(&guardians[at]).cloned().unwrap_or_default(),
                from_on: r.try_get_by_index(5)?,
                to_on: r.try_get_by_index(6)?,
                sessions: stored(&r.try_get_by_index::<String>(7)?)?,
                reason: r.try_get_by_index(8)?,
                state: stored(&r.try_get_by_index::<String>(9)?)?,
                answer: r.try_get_by_index(10)?,
                answered_at: r.try_get_by_index(11)?,
                created_at: r.try_get_by_index(12)?,
            })
        })
        .collect()
}

async fn listed(db: &Db, visible: Condition, page: &PageQuery) -> Result<Page<LeaveRequest>> {
    let before: Option<Uuid> = page::decode(page.after.as_deref())?;
    let mut query = select();
    query
        .cond_where(visible)
        .and_where_option(before.map(|id| Expr::col("id").lt(id)))
        .order_by("id", Order::Desc)
        .limit(page.limit() + 1);
    let rows = db.read().query_all(&query).await?;
    let items = complete(db.read(), &rows).await?;
    Ok(page::of(items, page.limit(), |r| r.id, |r| r))
}

/// The requests for all children of a guardian, newest first; also those of the other guardians of a child.
pub async fn list_mine(db: &Db, ctx: &Ctx, page: &PageQuery) -> Result<Page<LeaveRequest>> {
    listed(db, of_children(ctx)?, page).await
}

fn of_children(ctx: &Ctx) -> Result<Condition> {
    let mut children = Query::select();
    children.column("learner_id").from("guardian_link").and_where(Expr::col("guardian_id").eq(guardian(ctx)?.0));
    Ok(Condition::all().add(Expr::col("learner_id").in_subquery(children)))
}

/// The requests of a homeroom class, newest first.
pub async fn list_of_class(db: &Db, ctx: &Ctx, class: ClassId, page: &PageQuery) -> Result<Page<LeaveRequest>> {
    let class = class_reached(db.read(), ctx, Permission::LeaveAnswer, class).await?;
    let of = Condition::all().add(Expr::col("school_id").eq(class.school_id)).add(Expr::col("class_id").eq(class.id));
    listed(db, of, page).await
}

async fn reload(conn: &impl ConnectionTrait, id: LeaveRequestId) -> Result<LeaveRequest> {
    let mut query = select();
    query.and_where(Expr::col("id").eq(id.0));
    complete(conn, &conn.query_all(&query).await?).await?.pop().ok_or_else(|| Error::new(Code::NotFound))
}

/// Asks for leave for a child, in the class that it is in.
pub async fn create(db: &Db, ctx: &Ctx, learner: LearnerId, body: &PostLeaveRequest) -> Result<LeaveRequest> {
    let reason = typed("/reason", &body.reason)?;
    let me = guardian(ctx)?;
    if body.to_on < body.from_on {
        return Err(Error::field("/to_on", Code::DatesReversed));
    }
    if body.to_on - body.from_on > TimeDelta::days(LONGEST_DAYS) {
        let last = body.from_on + TimeDelta::days(LONGEST_DAYS);
        let range = BTreeMap::from([("min".to_owned(), body.from_on.to_string()), ("max".to_owned(), last.to_string())]);
        return Err(Error::new(Code::Invalid).and_field_with("/to_on", Code::FieldRange, range));
    }
    db.write(ctx, async |tx| {
        let now = tx.now();
        let places = places_of(tx.conn(), me).await?;
        let place =
            places.into_iter().find(|p| p.learner_id == learner && p.holds(now)).ok_or_else(|| Error::new(Code::NotFound))?;
        let id: LeaveRequestId = id::new();
        let mut insert = Query::insert();
        insert
            .into_table("leave_request")
            .columns([
                "school_id",
                "id",
                "class_id",
                "learner_id",
                "guardian_id",
                "from_on",
                "to_on",
                "sessions",
                "reason",
                "state",
                "created_at",
                "version",
            ])
            .values_panic([
                place.school_id.0.into(),
                id.0.into(),
                place.class_id.0.into(),
                learner.0.into(),
                me.0.into(),
                body.from_on.into(),
                body.to_on.into(),
                body.sessions.as_str().into(),
                reason.as_str().into(),
                LeaveState::Sent.as_str().into(),
                now.into(),
                1i64.into(),
            ]);
        tx.conn().execute(&insert).await?;
        let event = Event::new(Some(place.school_id), "leave.requested", "leave_request", id)
            .after(&json!({ "learner": learner, "from_on": body.from_on, "to_on": body.to_on, "sessions": body.sessions }));
        Ok((reload(tx.conn(), id).await?, vec![event]))
    })
    .await
}

/// Moves a request that waits to another state, once.
async fn move_in(
    tx: &Tx<'_>,
    id: LeaveRequestId,
    visible: Condition,
    to: LeaveState,
    answer: Option<&str>,
) -> Result<(UnitId, LeaveRequest)> {
    let mut query = select();
    query.and_where(Expr::col("id").eq(id.0)).cond_where(visible);
    let row = tx.conn().query_one(&query).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    let school: Uuid = row.try_get_by_index(1)?;
    let mut update = Query::update();
    update
        .table("leave_request")
        .value("state", to.as_str())
        .value("answer", answer)
        .value("answered_by", tx.ctx().account.map(Uuid::from))
        .value("answered_at", tx.now())
        .value("version", Expr::col("version").add(1))
        .and_where(Expr::col("school_id").eq(school))
        .and_where(Expr::col("id").eq(id.0))
        .and_where(Expr::col("state").eq(LeaveState::Sent.as_str()));
    if tx.conn().execute(&update).await?.rows_affected() == 0 {
        return Err(Error::new(Code::LeaveAnswered));
    }
    Ok((UnitId(school), reload(tx.conn(), id).await?))
}

/// Takes back a request that waits.
pub async fn withdraw(db: &Db, ctx: &Ctx, id: LeaveRequestId) -> Result<LeaveRequest> {
    let mine = of_children(ctx)?;
    db.write(ctx, async |tx| {
        let (school, request) = move_in(tx, id, mine.clone(), LeaveState::Withdrawn, None).await?;
        Ok((request, vec![Event::new(Some(school), "leave.withdrawn", "leave_request", id)]))
    })
    .await
}

/// Answers a request of the homeroom class; the family is told in the same write.
pub async fn answer(db: &Db, ctx: &Ctx, class: ClassId, id: LeaveRequestId, body: &PostLeaveAnswer) -> Result<LeaveRequest> {
    let text = body.answer.as_deref().map(str::trim).filter(|t| !t.is_empty());
    let to = if body.accept { LeaveState::Accepted } else { LeaveState::Declined };
    db.write(ctx, async |tx| {
        let class = class_reached(tx.conn(), tx.ctx(), Permission::LeaveAnswer, class).await?;
        let of = Condition::all().add(Expr::col("school_id").eq(class.school_id)).add(Expr::col("class_id").eq(class.id));
        let (school, request) = move_in(tx, id, of, to, text).await?;
        let notice = Notify {
            school,
            event_key: format!("leave:{id}"),
            kind: EventKind::Leave,
            target: NoticeTarget::Learner { learner_id: request.learner_id },
            said: Said::LeaveAnswer {
                from_on: request.from_on,
                to_on: request.to_on,
                accepted: body.accept,
                answer: text.map(str::to_owned),
            },
        };
        notify_in(tx, &[notice]).await?;
        let event = Event::new(Some(school), "leave.answered", "leave_request", id).after(&json!({ "state": to }));
        Ok((request, vec![event]))
    })
    .await
}

/// Leave that was granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Granted {
    pub learner_id: LearnerId,
    pub from_on: NaiveDate,
    pub to_on: NaiveDate,
    pub sessions: LeaveSessions,
    pub answered_at: DateTime<Utc>,
}

/// Granted leave that touches these days (both included), of who is or was in a class, in whichever class of the school they asked:
/// for who keeps the roll of absences. Unscoped.
pub async fn granted_in(
    conn: &impl ConnectionTrait,
    school: UnitId,
    class: ClassId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<Granted>> {
    let mut members = Query::select();
    members
        .column("learner_id")
        .from("enrolment")
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("class_id").eq(class.0));
    let mut query = Query::select();
    query
        .columns(["learner_id", "from_on", "to_on", "sessions", "answered_at"])
        .from("leave_request")
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("learner_id").in_subquery(members))
        .and_where(Expr::col("state").eq(LeaveState::Accepted.as_str()))
        .and_where(Expr::col("from_on").lte(to))
        .and_where(Expr::col("to_on").gte(from))
        .order_by("id", Order::Asc);
    conn.query_all(&query)
        .await?
        .iter()
        .map(|r| {
            Ok(Granted {
                learner_id: LearnerId(r.try_get_by_index(0)?),
                from_on: r.try_get_by_index(1)?,
                to_on: r.try_get_by_index(2)?,
                sessions: stored(&r.try_get_by_index::<String>(3)?)?,
                answered_at: r.try_get_by_index::<Option<DateTime<Utc>>>(4)?.unwrap_or_default(),
            })
        })
        .collect()
}
