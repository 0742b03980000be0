//! The history of a learner's status, and the way from school to school.

use super::entity::{learner, status};
use super::{detail_in, find_in, query};
use crate::{classes, input};
use chrono::NaiveDate;
use dto::access::Permission;
use dto::learners::{Learner, LearnerDetail, LearnerStatus, PostStatus};
use dto::{Code, LearnerId, UnitId};
use kernel::{Ctx, Db, Error, Event, Result, Tx, id};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

/// A new status at the learner's school from a day on. Who leaves the school (transferred, left, on leave) leaves the class that
/// day.
///
/// Errors: `not_found`, `invalid` with `dates_reversed` at `/since` for a day before the last status.
pub async fn add_status(db: &Db, ctx: &Ctx, id: LearnerId, body: &PostStatus) -> Result<LearnerDetail> {
    db.write(ctx, async |tx| {
        let before = find_in(tx.conn(), ctx, Permission::LearnerWrite, id).await?;
        let since = input::day("/since", body.since)?;
        let reason = input::text_opt("/reason", body.reason.as_deref(), 500)?;
        // First, since it holds the record: two who give a status do so one after the other.
        learner::Entity::update_many()
            .col_expr(learner::Column::Status, Expr::val(body.status.as_str()))
            .col_expr(learner::Column::Version, Expr::col(learner::Column::Version).add(1))
            .filter(learner::Column::Id.eq(id.0))
            .exec(tx.conn())
            .await?;
        if query::last_status(tx.conn(), id).await?.is_some_and(|last| since < last.since) {
            return Err(Error::field("/since", Code::DatesReversed));
        }
        let school = before.school_id.ok_or_else(|| Error::new(Code::NotFound))?;
        let line = status::Model {
            learner_id: id.0,
            since,
            id: id::new(),
            school_id: school.0,
            status: body.status.as_str().to_owned(),
            reason,
        };
        status::Entity::insert(line.into_active_model()).exec_without_returning(tx.conn()).await?;
        let mut events =
            vec![Event::new(Some(school), "learner.status_changed", "learner", id).before(&before.status).after(&body.status)];
        if matches!(body.status, LearnerStatus::TransferredOut | LearnerStatus::Left | LearnerStatus::Suspended) {
            for open in classes::open_in(tx.conn(), vec![id.0], None).await?.iter().filter(|e| e.school_id == school.0) {
                events.push(classes::end_in(tx, open, since).await?);
            }
        }
        let after = detail_in(tx.conn(), ctx, Permission::LearnerWrite, id).await?;
        Ok((after, events))
    })
    .await
}

/// A learner becomes another school's, with everything that hangs on them, from a day on: what is open at other schools ends that
/// day, and who was still at a school leaves it. For composition: the caller has checked both schools.
///
/// Errors: `invalid` with `dates_reversed` at `pointer` for a day before the last status.
pub(crate) async fn move_in(
    tx: &Tx<'_>,
    learner: &Learner,
    to: UnitId,
    status: LearnerStatus,
    since: NaiveDate,
    reason: Option<&str>,
    pointer: &str,
) -> Result<Vec<Event>> {
    let conn = tx.conn();
    // First, since it holds the record.
    learner::Entity::update_many()
        .col_expr(learner::Column::SchoolId, Expr::val(to.0))
        .col_expr(learner::Column::Status, Expr::val(status.as_str()))
        .col_expr(learner::Column::Version, Expr::col(learner::Column::Version).add(1))
        .filter(learner::Column::Id.eq(learner.id.0))
        .exec(conn)
        .await?;
    if query::last_status(conn, learner.id).await?.is_some_and(|last| since < last.since) {
        return Err(Error::field(pointer, Code::DatesReversed));
    }
    let mut events = Vec::new();
    let from = learner.school_id.filter(|from| *from != to);
    let leaves = learner.status.present() || learner.status == LearnerStatus::Suspended;
    let mut lines = Vec::new();
    if let Some(from) = from.filter(|_| leaves) {
        lines.push((from, LearnerStatus::TransferredOut));
    }
    lines.push((to, status));
    for (school, status) in lines {
        let line = status::Model {
            learner_id: learner.id.0,
            since,
            id: id::new(),
            school_id: school.0,
            status: status.as_str().to_owned(),
            reason: reason.map(str::to_owned),
        };
        status::Entity::insert(line.into_active_model()).exec_without_returning(conn).await?;
    }
    for open in classes::open_in(conn, vec![learner.id.0], None).await?.iter().filter(|e| e.school_id != to.0) {
        events.push(classes::end_in(tx, open, since).await?);
    }
    // Each school's log says it.
    if let Some(from) = from {
        events.push(Event::new(Some(from), "learner.left_for", "learner", learner.id).before(&learner.status).after(&to));
    }
    events.push(Event::new(Some(to), "learner.came", "learner", learner.id).before(&learner.school_id).after(&status));
    Ok(events)
}
