//! Learners who go over to another school because their own was merged or split.

use super::entity::{learner, status};
use chrono::NaiveDate;
use dto::learners::LearnerStatus;
use dto::{ClassId, LearnerId, UnitId};
use kernel::{Event, Result, Tx, id};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

const CHUNK: usize = 500;

/// Puts the present learners of a school (with `classes`, those in these alone) on another school's record from a day on, with
/// a line in the history of each. One event each.
pub(crate) async fn go_over_in(
    tx: &Tx<'_>,
    from: UnitId,
    to: UnitId,
    classes: Option<&[ClassId]>,
    since: NaiveDate,
    why: &str,
) -> Result<Vec<Event>> {
    let present = LearnerStatus::ALL.iter().filter(|status| status.present()).map(|status| status.as_str());
    let mut who = Condition::all().add(learner::Column::SchoolId.eq(from.0)).add(learner::Column::Status.is_in(present));
    if let Some(classes) = classes {
        let mut inside = Query::select();
        inside
            .column("learner_id")
            .from("enrolment")
            .and_where(Expr::col("school_id").eq(from.0))
            .and_where(Expr::col("class_id").is_in(classes.iter().map(|class| class.0)))
            .cond_where(Condition::any().add(Expr::col("left_on").is_null()).add(Expr::col("left_on").gt(since)));
        who = who.add(learner::Column::Id.in_subquery(inside));
    }
    let going = learner::Entity::find().filter(who).all(tx.conn()).await?;
    let mut events = Vec::with_capacity(going.len());
    for chunk in going.chunks(CHUNK) {
        learner::Entity::update_many()
            .col_expr(learner::Column::SchoolId, Expr::val(Some(to.0)))
            .col_expr(learner::Column::Version, Expr::col(learner::Column::Version).add(1))
            .filter(learner::Column::Id.is_in(chunk.iter().map(|learner| learner.id)))
            .exec(tx.conn())
            .await?;
        let line = |learner: &learner::Model| status::Model {
            learner_id: learner.id,
            since,
            id: id::new(),
            school_id: to.0,
            status: learner.status.clone(),
            reason: Some(why.to_owned()),
        };
        crate::bulk::insert_many_in(tx, chunk.iter().map(line).collect()).await?;
        events.extend(
            chunk.iter().map(|learner| {
                Event::new(Some(to), "learner.gone_over", "learner", LearnerId(learner.id)).before(&from).after(&to)
            }),
        );
    }
    Ok(events)
}
