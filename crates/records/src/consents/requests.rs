//! What families ask about their data, and the school's answer within its clock.

use super::family::child;
use crate::calendar::working_day_after;
use crate::{contact, input, learners};
use dto::access::Permission;
use dto::consents::{DataRequest, DataRequestKind, DataRequestState, PostDataRequest, PutDataAnswer};
use dto::page::{Page, PageQuery};
use dto::{Code, DataRequestId, LearnerId, UnitId};
use identity::accounts::Names;
use kernel::{Ctx, Db, Error, Event, Result, clock, id, page};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, JoinType, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult};
use serde_json::json;
use uuid::Uuid;

/// Working days for an answer, by kind: data (`clocks.csv`), since the periods are not verified in the text of the law.
fn days(kind: DataRequestKind) -> u32 {
    include_str!("clocks.csv")
        .lines()
        .skip(1)
        .find_map(|line| {
            let mut parts = line.split(',');
            (parts.next()? == kind.as_str()).then(|| parts.next()?.parse().ok())?
        })
        .unwrap_or(0)
}

fn select() -> SelectStatement {
    let mut query = Query::select();
    query
        .columns(["id", "learner_id", "kind", "body", "state", "asked_by", "asked_at", "due_on"].map(|c| ("d", c)))
        .columns(["answer", "answered_by", "answered_at", "version", "school_id"].map(|c| ("d", c)))
        .column(("l", "full_name"))
        .from_as("data_request", "d")
        .join_as(JoinType::InnerJoin, "learner", "l", Expr::col(("l", "id")).equals(("d", "learner_id")));
    query
}

async fn complete(conn: &impl ConnectionTrait, ctx: &Ctx, rows: &[QueryResult]) -> Result<Vec<DataRequest>> {
    let ids = |at: usize| rows.iter().map(move |r| r.try_get_by_index::<Option<Uuid>>(at)).collect::<Result<Vec<_>, _>>();
    let (asked, answered) = (ids(5)?, ids(9)?);
    let names = Names::of(conn, ctx.lang, asked.iter().chain(&answered).copied()).await?;
    rows.iter()
        .zip(asked.into_iter().zip(answered))
        .map(|(row, (asked, answered))| {
            let state: DataRequestState = crate::stored(&row.try_get_by_index::<String>(4)?)?;
            let due_on = row.try_get_by_index(7)?;
            Ok(DataRequest {
                id: DataRequestId(row.try_get_by_index(0)?),
                learner_id: LearnerId(row.try_get_by_index(1)?),
                learner_name: row.try_get_by_index(13)?,
                kind: crate::stored(&row.try_get_by_index::<String>(2)?)?,
                body: row.try_get_by_index(3)?,
                late: state == DataRequestState::Open && due_on < clock::today(),
                state,
                asked_by: names.name(asked),
                asked_at: row.try_get_by_index(6)?,
                due_on,
                answer: row.try_get_by_index(8)?,
                answered_by: answered.map(|_| names.name(answered)),
                answered_at: row.try_get_by_index(10)?,
                version: row.try_get_by_index(11)?,
            })
        })
        .collect()
}

async fn listed(db: &Db, ctx: &Ctx, visible: Condition, page: &PageQuery) -> Result<Page<DataRequest>> {
    let before: Option<Uuid> = page::decode(page.after.as_deref())?;
    let mut query = select();
    query
        .cond_where(visible)
        .and_where_option(before.map(|id| Expr::col(("d", "id")).lt(id)))
        .order_by(("d", "id"), Order::Desc)
        .limit(page.limit() + 1);
    let rows = db.read().query_all(&query).await?;
    Ok(page::of(complete(db.read(), ctx, &rows).await?, page.limit(), |r| r.id.0, |r| r))
}

/// The requests about one's child, newest first.
///
/// Errors: `not_found`, `bad_cursor`.
pub async fn of_child(db: &Db, ctx: &Ctx, learner: LearnerId, page: &PageQuery) -> Result<Page<DataRequest>> {
    if !learners::is_family(db.read(), ctx, learner).await? {
        return Err(Error::new(Code::NotFound));
    }
    listed(db, ctx, Condition::all().add(Expr::col(("d", "learner_id")).eq(learner.0)), page).await
}

/// The requests to a school, newest first.
///
/// Errors: `not_found`, `bad_cursor`.
pub async fn of_school(db: &Db, ctx: &Ctx, school: UnitId, page: &PageQuery) -> Result<Page<DataRequest>> {
    contact::school_reached(db.read(), ctx, Permission::ConsentRead, school).await?;
    listed(db, ctx, Condition::all().add(Expr::col(("d", "school_id")).eq(school.0)), page).await
}

async fn one(conn: &impl ConnectionTrait, ctx: &Ctx, id: DataRequestId, visible: Condition) -> Result<(DataRequest, UnitId)> {
    let mut query = select();
    query.and_where(Expr::col(("d", "id")).eq(id.0)).cond_where(visible);
    let row = conn.query_one(&query).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    let school = UnitId(row.try_get_by_index(12)?);
    let found = complete(conn, ctx, &[row]).await?.pop().ok_or_else(|| Error::new(Code::NotFound))?;
    Ok((found, school))
}

/// Asks about one's child's data; the school's clock begins.
///
/// Errors: `not_found`; `invalid` with the field.
pub async fn ask(db: &Db, ctx: &Ctx, learner: LearnerId, body: &PostDataRequest) -> Result<DataRequest> {
    let text = input::text("/body", &body.body, 1, 2000)?;
    let made: DataRequestId = id::new();
    db.write(ctx, async |tx| {
        let conn = tx.conn();
        let (learner, school) = child(conn, tx.ctx(), Permission::ConsentGive, learner).await?;
        let due_on = working_day_after(clock::day_of(tx.now()), days(body.kind));
        let mut insert = Query::insert();
        insert
            .into_table("data_request")
            .columns(["school_id", "id", "learner_id", "kind", "body", "state", "asked_by", "asked_at", "due_on", "version"])
            .values_panic([
                school.0.into(),
                made.0.into(),
                learner.id.0.into(),
                body.kind.as_str().into(),
                text.clone().into(),
                DataRequestState::Open.as_str().into(),
                tx.ctx().account.map(Uuid::from).into(),
                tx.now().into(),
                due_on.into(),
                1i64.into(),
            ]);
        conn.execute(&insert).await?;
        let event = Event::new(Some(school), "data_request.asked", "data_request", made)
            .after(&json!({ "learner_id": learner.id, "kind": body.kind, "due_on": due_on }));
        Ok((one(conn, tx.ctx(), made, Condition::all()).await?.0, vec![event]))
    })
    .await
}

/// The school's answer.
///
/// Errors: `not_found`, `version_conflict`, `data_request_answered`; `invalid` with the field.
pub async fn answer(db: &Db, ctx: &Ctx, id: DataRequestId, version: i64, body: &PutDataAnswer) -> Result<DataRequest> {
    let text = input::text("/answer", &body.answer, 1, 2000)?;
    let state = if body.done { DataRequestState::Done } else { DataRequestState::Refused };
    db.write(ctx, async |tx| {
        let conn = tx.conn();
        let led = match contact::schools_reached(tx.ctx(), Permission::ConsentWrite) {
            None => Condition::all(),
            Some(schools) => Condition::all().add(Expr::col(("d", "school_id")).in_subquery(schools)),
        };
        let (was, school) = one(conn, tx.ctx(), id, led).await?;
        if was.version != version {
            return Err(Error::new(Code::VersionConflict));
        }
        if was.state != DataRequestState::Open {
            return Err(Error::new(Code::DataRequestAnswered));
        }
        let mut update = Query::update();
        update
            .table("data_request")
            .value("state", state.as_str())
            .value("answer", text.as_str())
            .value("answered_by", tx.ctx().account.map(Uuid::from))
            .value("answered_at", tx.now())
            .value("version", version + 1)
            .and_where(Expr::col("school_id").eq(school.0))
            .and_where(Expr::col("id").eq(id.0))
            .and_where(Expr::col("version").eq(version));
        if conn.execute(&update).await?.rows_affected() == 0 {
            return Err(Error::new(Code::VersionConflict));
        }
        let event = Event::new(Some(school), "data_request.answered", "data_request", id).after(&json!({ "state": state }));
        Ok((one(conn, tx.ctx(), id, Condition::all()).await?.0, vec![event]))
    })
    .await
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_kind_has_a_clock() {
        for kind in super::DataRequestKind::ALL {
            assert!(super::days(*kind) > 0, "{kind}");
        }
    }
}
