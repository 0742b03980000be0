//! Who is in a class.

use super::entity::{class, enrolment};
use super::{find_in, ordinals, query};
use crate::{input, learners, scope};
use chrono::NaiveDate;
use dto::access::Permission;
use dto::classes::{Class, ClassMember, PostEnrolment};
use dto::page::Page;
use dto::{ClassId, Code, LearnerId, SchoolYearId, UnitId};
use kernel::{Ctx, Db, Error, Event, Result, Tx, clock};
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Order, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryResult, QuerySelect};
use std::collections::HashSet;
use uuid::Uuid;

/// The class list by ordinal, with those who have left. Personal IDs are shown to the school's office and to the homeroom
/// teacher, not to who teaches one subject.
///
/// Errors: `not_found`.
pub async fn members(db: &Db, ctx: &Ctx, id: ClassId) -> Result<Page<ClassMember>> {
    let reach = ctx.reach(Permission::ClassRead);
    let (school, homeroom) = query::place(db.read(), &reach, id).await?;
    let mut items = roster_in(db.read(), school, id).await?;
    let homeroom = homeroom.is_some() && reach.homeroom == homeroom;
    if !(reach.all || !reach.units.is_empty() || homeroom) {
        items.iter_mut().for_each(|m| m.personal_id = None);
    }
    Ok(Page { items, next: None })
}

/// The whole roll by ordinal, for callers who have checked that the class may be seen.
pub async fn roster_in(conn: &impl ConnectionTrait, school: UnitId, class: ClassId) -> Result<Vec<ClassMember>> {
    let mut select = Query::select();
    select
        .columns([
            ("e", "learner_id"),
            ("e", "ordinal"),
            ("e", "enrolled_on"),
            ("e", "left_on"),
            ("l", "full_name"),
            ("l", "given"),
        ])
        .columns([("l", "birth_date"), ("l", "sex"), ("l", "personal_id"), ("l", "status")])
        .from_as("enrolment", "e")
        .join_as(JoinType::InnerJoin, "learner", "l", Expr::col(("l", "id")).equals(("e", "learner_id")))
        .and_where(Expr::col(("e", "school_id")).eq(school.0))
        .and_where(Expr::col(("e", "class_id")).eq(class.0))
        .order_by(("e", "ordinal"), Order::Asc)
        .order_by(("e", "learner_id"), Order::Asc);
    conn.query_all(&select).await?.iter().map(member).collect()
}

/// By the places of the columns in [`roster_in`]: looking each up by its name costs more than the rest of a line.
fn member(row: &QueryResult) -> Result<ClassMember> {
    let (sex, status): (String, String) = (row.try_get_by_index(7)?, row.try_get_by_index(9)?);
    Ok(ClassMember {
        learner_id: LearnerId(row.try_get_by_index(0)?),
        ordinal: u32::try_from(row.try_get_by_index::<i32>(1)?).unwrap_or(0),
        full_name: row.try_get_by_index(4)?,
        given_name: row.try_get_by_index(5)?,
        birth_date: row.try_get_by_index(6)?,
        sex: crate::stored(&sex)?,
        personal_id: row.try_get_by_index(8)?,
        status: crate::stored(&status)?,
        enrolled_on: row.try_get_by_index(2)?,
        left_on: row.try_get_by_index(3)?,
    })
}

/// Puts a learner of the school into a class from a day on. An enrolment of the same school year in another class of the
/// school ends that day. Before the ordinals are frozen the list is ordered anew; after, the newcomer is the last.
///
/// Errors: `not_found` (the class or the learner), `already_enrolled` in this class, `invalid` with `/learner_id` where the
/// learner is not at this school.
pub async fn enrol_in(tx: &Tx<'_>, id: ClassId, body: &PostEnrolment) -> Result<(ClassMember, Vec<Event>)> {
    let ctx = tx.ctx();
    let class = find_in(tx.conn(), ctx, Permission::ClassWrite, id).await?;
    let enrolled_on = input::day("/enrolled_on", body.enrolled_on)?;
    let learner = learners::find_in(tx.conn(), ctx, Permission::ClassWrite, body.learner_id).await?;
    if learner.school_id != Some(class.school_id) || !learner.status.present() {
        return Err(Error::field("/learner_id", Code::FieldChoice));
    }
    let events = enrol_many_in(tx, &class, &[(body.learner_id, enrolled_on)]).await?;
    if events.is_empty() {
        return Err(Error::new(Code::AlreadyEnrolled).with("class", &class.name));
    }
    let roll = roster_in(tx.conn(), class.school_id, id).await?;
    let member = roll.into_iter().find(|m| m.learner_id == body.learner_id);
    let member = member.ok_or_else(|| Error::internal("an enrolment that was just made is missing"))?;
    Ok((member, events))
}

/// Puts a learner into a class that was named for them, whoever acts now: the sending school lets go whom the receiving one took. For
/// composition: the caller has checked the class and that the learner is at its school. Gives one event or more.
///
/// Errors: `not_found`.
pub async fn receive_in(tx: &Tx<'_>, id: ClassId, learner: LearnerId, on: NaiveDate) -> Result<Vec<Event>> {
    let everything = kernel::ctx::Scope { all: true, ..Default::default() };
    let class = query::find(tx.conn(), &everything, id).await?;
    enrol_many_in(tx, &class, &[(learner, input::day("/enrolled_on", on)?)]).await
}

/// Puts many learners into a class, each from a day on, for composition: the caller has checked the class and that the
/// learners are at its school. Who is in the class already stays as they are. One event for each who was not.
pub async fn enrol_many_in(tx: &Tx<'_>, class: &Class, newcomers: &[(LearnerId, NaiveDate)]) -> Result<Vec<Event>> {
    let frozen = lock_in(tx, class.id).await?;
    let roll = enrolment::Entity::find()
        .filter(enrolment::Column::SchoolId.eq(class.school_id.0))
        .filter(enrolment::Column::ClassId.eq(class.id.0))
        .all(tx.conn())
        .await?;
    let today = clock::day_of(tx.now());
    let is_open = |e: &enrolment::Model| e.left_on.is_none_or(|left| left > today);
    let inside: HashSet<Uuid> = roll.iter().filter(|e| is_open(e)).map(|e| e.learner_id).collect();
    let mut known: HashSet<Uuid> = roll.iter().map(|e| e.learner_id).collect();
    let mut last = roll.iter().map(|e| e.ordinal).max().unwrap_or(0);
    let (mut rows, mut events) = (Vec::new(), Vec::new());
    let mut moving = Vec::new();
    for &(learner, enrolled_on) in newcomers.iter().filter(|(learner, _)| !inside.contains(&learner.0)) {
        moving.push((learner, enrolled_on));
        if known.insert(learner.0) {
            last += 1;
            rows.push(enrolment::Model {
                school_id: class.school_id.0,
                class_id: class.id.0,
                learner_id: learner.0,
                ordinal: last,
                enrolled_on,
                left_on: None,
            });
        } else if roll.iter().any(|e| e.learner_id == learner.0) {
            // Back after having left: the same line, with the ordinal of then.
            close_in(tx, class.school_id, class.id, learner, None).await?;
        } else {
            continue;
        }
        let subject = format!("{}/{}", class.id, learner);
        events.push(Event::new(Some(class.school_id), "enrolment.created", "enrolment", subject).after(&enrolled_on));
    }
    events.extend(leave_others_in(tx, class, &moving).await?);
    crate::bulk::insert_many_in(tx, rows).await?;
    if !frozen && !moving.is_empty() {
        ordinals::renumber_in(tx, class.school_id, class.id).await?;
    }
    Ok(events)
}

/// Holds the class until the end of the write, so that two who change its list do so one after the other. Answers whether its
/// ordinals are frozen.
pub(super) async fn lock_in(tx: &Tx<'_>, id: ClassId) -> Result<bool> {
    let class = class::Entity::find_by_id(id.0).lock_exclusive().one(tx.conn()).await?;
    class.map(|c| c.ordinals_frozen_at.is_some()).ok_or_else(|| Error::new(Code::NotFound))
}

/// Numbers a class anew after somebody is gone from its list, where its numbers are not frozen.
pub(crate) async fn close_ranks_in(tx: &Tx<'_>, school: UnitId, class: ClassId) -> Result<()> {
    if lock_in(tx, class).await? {
        return Ok(());
    }
    ordinals::renumber_in(tx, school, class).await
}

/// Ends what these learners have open in other classes of the school in the same year.
async fn leave_others_in(tx: &Tx<'_>, class: &Class, moving: &[(LearnerId, NaiveDate)]) -> Result<Vec<Event>> {
    let mut events = Vec::new();
    for chunk in moving.chunks(500) {
        let open = open_in(tx.conn(), chunk.iter().map(|(learner, _)| learner.0).collect(), Some(class.school_year_id)).await?;
        for other in open.iter().filter(|e| e.school_id == class.school_id.0 && e.class_id != class.id.0) {
            let Some((_, day)) = chunk.iter().find(|(learner, _)| learner.0 == other.learner_id) else { continue };
            events.push(end_in(tx, other, *day).await?);
        }
    }
    Ok(events)
}

/// The open enrolments of learners, in one school year or in all.
pub(crate) async fn open_in(
    conn: &impl ConnectionTrait,
    learners: Vec<Uuid>,
    year: Option<SchoolYearId>,
) -> Result<Vec<enrolment::Model>> {
    let mut select = Query::select();
    select
        .columns([
            ("e", "school_id"),
            ("e", "class_id"),
            ("e", "learner_id"),
            ("e", "ordinal"),
            ("e", "enrolled_on"),
            ("e", "left_on"),
        ])
        .from_as("enrolment", "e")
        .and_where(Expr::col(("e", "learner_id")).is_in(learners))
        .cond_where(scope::open("e", "left_on"));
    if let Some(year) = year {
        select
            .join_as(JoinType::InnerJoin, "class", "c", Expr::col(("c", "id")).equals(("e", "class_id")))
            .and_where(Expr::col(("c", "school_year_id")).eq(year.0));
    }
    crate::all::<enrolment::Model>(conn, &select).await
}

/// Ends an open enrolment on a day, or where it began later, on the day it began.
pub(crate) async fn end_in(tx: &Tx<'_>, open: &enrolment::Model, day: NaiveDate) -> Result<Event> {
    let left_on = Ord::max(day, open.enrolled_on);
    close_in(tx, UnitId(open.school_id), ClassId(open.class_id), LearnerId(open.learner_id), Some(left_on)).await?;
    let subject = format!("{}/{}", open.class_id, open.learner_id);
    Ok(Event::new(Some(UnitId(open.school_id)), "enrolment.ended", "enrolment", subject).after(&left_on))
}

async fn close_in(tx: &Tx<'_>, school: UnitId, class: ClassId, learner: LearnerId, left_on: Option<NaiveDate>) -> Result<()> {
    enrolment::Entity::update_many()
        .col_expr(enrolment::Column::LeftOn, Expr::val(left_on))
        .filter(enrolment::Column::SchoolId.eq(school.0))
        .filter(enrolment::Column::ClassId.eq(class.0))
        .filter(enrolment::Column::LearnerId.eq(learner.0))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// Takes a learner out of a class: `left_on` (today where it is left out) is the first day on which they are not in it. The
/// line stays, with its ordinal and all marks.
///
/// Errors: `not_found` (the class, or no open enrolment in it), `invalid` with `left_on` before the enrolment.
pub async fn leave(db: &Db, ctx: &Ctx, id: ClassId, learner: LearnerId, left_on: Option<NaiveDate>) -> Result<()> {
    db.write(ctx, async |tx| {
        let class = find_in(tx.conn(), ctx, Permission::ClassWrite, id).await?;
        lock_in(tx, id).await?;
        let line = enrolment::Entity::find_by_id((class.school_id.0, id.0, learner.0)).one(tx.conn()).await?;
        let today = clock::day_of(tx.now());
        let line = line.filter(|e| e.left_on.is_none_or(|left| left > today)).ok_or_else(|| Error::new(Code::NotFound))?;
        let day = match left_on {
            Some(day) if input::day("left_on", day)? < line.enrolled_on => {
                return Err(Error::field("left_on", Code::DatesReversed));
            }
            Some(day) => day,
            None => today,
        };
        let event = end_in(tx, &line, day).await?;
        Ok(((), vec![event]))
    })
    .await
}

/// The classes, not yet frozen, in which a learner has a line: a new name moves them there.
pub(crate) async fn unfrozen_in(conn: &impl ConnectionTrait, learner: LearnerId) -> Result<Vec<(UnitId, ClassId)>> {
    let mine = enrolment::Entity::find().filter(enrolment::Column::LearnerId.eq(learner.0)).all(conn).await?;
    let ids: Vec<Uuid> = mine.iter().map(|e| e.class_id).collect();
    let classes = class::Entity::find()
        .filter(class::Column::Id.is_in(ids))
        .filter(class::Column::OrdinalsFrozenAt.is_null())
        .all(conn)
        .await?;
    Ok(classes.into_iter().map(|c| (UnitId(c.school_id), ClassId(c.id))).collect())
}
