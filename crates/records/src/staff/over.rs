//! Staff who go over to another school because their own was merged or closed.

use super::entity::post;
use chrono::NaiveDate;
use dto::staff::Position;
use dto::{StaffId, UnitId};
use kernel::{Event, Result, Tx};
use sea_orm::sea_query::{Condition, Expr};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A post that ended on a day so that another began at the other school.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MovedPost {
    staff: Uuid,
    from: Uuid,
    to: Uuid,
    position: String,
    began: NaiveDate,
    /// When it was to end.
    until: Option<NaiveDate>,
    day: NaiveDate,
}

impl MovedPost {
    pub(crate) fn is_to(&self, unit: Uuid) -> bool {
        self.to == unit
    }
}

/// The posts of a school that are in force on a day, each with whether it goes over: who leads a school is appointed by a decision of
/// their own where the other has somebody in that post, and who holds the same post there already keeps it.
async fn posts(
    conn: &impl ConnectionTrait,
    from: UnitId,
    to: Option<UnitId>,
    day: NaiveDate,
) -> Result<Vec<(post::Model, bool)>> {
    let here = post::Entity::find()
        .filter(post::Column::UnitId.eq(from.0))
        .filter(post::Column::ValidFrom.lt(day))
        .filter(Condition::any().add(post::Column::ValidTo.is_null()).add(post::Column::ValidTo.gt(day)))
        .order_by_asc(post::Column::StaffId)
        .order_by_asc(post::Column::Position);
    let there = match to {
        Some(to) => post::Entity::find().filter(post::Column::UnitId.eq(to.0)).all(conn).await?,
        None => Vec::new(),
    };
    let held = |post: &post::Model| post.valid_to.is_none_or(|end| end > day);
    let mut led = there.iter().any(|post| post.position == Position::Principal.as_str() && held(post));
    let goes = |post: post::Model| {
        let leads = post.position == Position::Principal.as_str();
        let same = |other: &post::Model| {
            other.staff_id == post.staff_id && other.position == post.position && (held(other) || other.valid_from == day)
        };
        let stays = (leads && led) || there.iter().any(same);
        led = led || leads;
        (post, !stays)
    };
    Ok(here.all(conn).await?.into_iter().map(goes).collect())
}

/// How many posts would go over to another school on a day, and how many would not; to a new school where there is none yet.
pub(crate) async fn going_in(
    conn: &impl ConnectionTrait,
    from: UnitId,
    to: Option<UnitId>,
    day: NaiveDate,
) -> Result<(u32, u32)> {
    let posts = posts(conn, from, to, day).await?;
    let count = |goes: bool| u32::try_from(posts.iter().filter(|(_, own)| *own == goes).count()).unwrap_or(u32::MAX);
    Ok((count(true), count(false)))
}

/// Ends posts at one school on a day and begins them at another, by the number of the decision. One event each.
pub(crate) async fn go_over_in(
    tx: &Tx<'_>,
    from: UnitId,
    to: UnitId,
    day: NaiveDate,
    decision: (&str, NaiveDate),
) -> Result<(Vec<MovedPost>, Vec<Event>)> {
    let (mut moved, mut begun, mut events) = (Vec::new(), Vec::new(), Vec::new());
    for (post, goes) in posts(tx.conn(), from, Some(to), day).await? {
        if !goes {
            continue;
        }
        set_end(tx, &post, Some(day)).await?;
        let line = MovedPost {
            staff: post.staff_id,
            from: from.0,
            to: to.0,
            position: post.position.clone(),
            began: post.valid_from,
            until: post.valid_to,
            day,
        };
        let event = Event::new(Some(to), "staff.gone_over", "staff", StaffId(post.staff_id)).before(&from);
        events.push(event.after(&line));
        begun.push(post::Model {
            unit_id: to.0,
            valid_from: day,
            decision_no: Some(decision.0.to_owned()),
            decided_on: Some(decision.1),
            ..post
        });
        moved.push(line);
    }
    crate::bulk::insert_many_in(tx, begun).await?;
    Ok((moved, events))
}

async fn set_end(tx: &Tx<'_>, post: &post::Model, end: Option<NaiveDate>) -> Result<()> {
    post::Entity::update_many()
        .col_expr(post::Column::ValidTo, Expr::val(end))
        .filter(post::Column::StaffId.eq(post.staff_id))
        .filter(post::Column::UnitId.eq(post.unit_id))
        .filter(post::Column::Position.eq(post.position.as_str()))
        .filter(post::Column::ValidFrom.eq(post.valid_from))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// How many of these posts are no longer as the move left them, on either side.
pub(crate) async fn changed_in(conn: &impl ConnectionTrait, moved: &[MovedPost]) -> Result<usize> {
    let mut changed = 0;
    for line in moved {
        let old = post::Entity::find_by_id((line.staff, line.from, line.position.clone(), line.began)).one(conn).await?;
        let new = post::Entity::find_by_id((line.staff, line.to, line.position.clone(), line.day)).one(conn).await?;
        let as_left =
            old.is_some_and(|post| post.valid_to == Some(line.day)) && new.is_some_and(|post| post.valid_to == line.until);
        changed += usize::from(!as_left);
    }
    Ok(changed)
}

/// Puts posts back as they were before the move. One event each.
pub(crate) async fn come_back_in(tx: &Tx<'_>, moved: &[MovedPost]) -> Result<Vec<Event>> {
    let mut events = Vec::with_capacity(moved.len());
    for line in moved {
        post::Entity::delete_by_id((line.staff, line.to, line.position.clone(), line.day)).exec(tx.conn()).await?;
        if let Some(post) =
            post::Entity::find_by_id((line.staff, line.from, line.position.clone(), line.began)).one(tx.conn()).await?
        {
            set_end(tx, &post, line.until).await?;
        }
        let event = Event::new(Some(UnitId(line.from)), "staff.come_back", "staff", StaffId(line.staff));
        events.push(event.before(&UnitId(line.to)).after(line));
    }
    Ok(events)
}
