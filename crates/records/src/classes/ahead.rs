//! The next year's classes, filled from a class of this year and emptied again: for composition by the gradebook, which knows who
//! goes up. The caller has checked the school.

use super::entity::{class, class_subject, enrolment, teaching};
use super::{members, ordinals};
use crate::imports::KEPT_IN_CLASS;
use crate::{calendar, scope};
use chrono::NaiveDate;
use dto::calendar::SchoolYear;
use dto::classes::Class;
use dto::{ClassId, LearnerId, SchoolYearId, UnitId};
use kernel::{Event, Result, Tx};
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// The school year that follows another; none where the province has not made it.
pub async fn year_after(conn: &impl ConnectionTrait, year: SchoolYearId) -> Result<Option<SchoolYear>> {
    let this = calendar::year_in(conn, Some(year)).await?;
    let years = calendar::years_in(conn, kernel::clock::today()).await?;
    Ok(years.into_iter().filter(|other| other.starts_on > this.starts_on).min_by_key(|other| other.starts_on))
}

/// The names of the classes that learners are in, in a school year, at any school.
pub async fn classes_in(
    conn: &impl ConnectionTrait,
    learners: &[LearnerId],
    year: SchoolYearId,
) -> Result<HashMap<LearnerId, String>> {
    let mut query = Query::select();
    query
        .columns([("e", "learner_id"), ("c", "name")])
        .from_as("enrolment", "e")
        .join_as(JoinType::InnerJoin, "class", "c", Expr::col(("c", "id")).equals(("e", "class_id")))
        .and_where(Expr::col(("c", "school_year_id")).eq(year.0))
        .and_where(Expr::col(("e", "learner_id")).is_in(learners.iter().map(|learner| learner.0)))
        .cond_where(scope::open("e", "left_on"));
    let rows = conn.query_all(&query).await?;
    rows.iter().map(|row| Ok((LearnerId(row.try_get_by_index(0)?), row.try_get_by_index(1)?))).collect()
}

/// Which of these learners are at a school today.
pub async fn present_at(conn: &impl ConnectionTrait, school: UnitId, learners: &[LearnerId]) -> Result<HashSet<LearnerId>> {
    let mut query = Query::select();
    query
        .columns(["id", "status"])
        .from("learner")
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("id").is_in(learners.iter().map(|learner| learner.0)));
    let mut present = HashSet::new();
    for row in conn.query_all(&query).await? {
        let status: String = row.try_get_by_index(1)?;
        if crate::stored::<dto::learners::LearnerStatus>(&status)?.present() {
            present.insert(LearnerId(row.try_get_by_index(0)?));
        }
    }
    Ok(present)
}

/// Of lines that were put into classes on a day, those that are no longer as they were put: moved, gone, or with marks, conduct or
/// results by now; and all lines of a class whose ordinals have been frozen since.
pub async fn touched(
    conn: &impl ConnectionTrait,
    school: UnitId,
    lines: &[(LearnerId, ClassId)],
    enrolled_on: NaiveDate,
) -> Result<HashSet<LearnerId>> {
    let classes: HashSet<Uuid> = lines.iter().map(|(_, class)| class.0).collect();
    let frozen: HashSet<Uuid> = class::Entity::find()
        .filter(class::Column::Id.is_in(classes.iter().copied()))
        .filter(class::Column::OrdinalsFrozenAt.is_not_null())
        .all(conn)
        .await?
        .into_iter()
        .map(|class| class.id)
        .collect();
    let present: HashMap<(Uuid, Uuid), enrolment::Model> = enrolment::Entity::find()
        .filter(enrolment::Column::SchoolId.eq(school.0))
        .filter(enrolment::Column::ClassId.is_in(classes.iter().copied()))
        .all(conn)
        .await?
        .into_iter()
        .map(|line| ((line.learner_id, line.class_id), line))
        .collect();
    let mut kept: HashSet<(Uuid, Uuid)> = HashSet::new();
    for &table in KEPT_IN_CLASS {
        let mut select = Query::select();
        select
            .distinct()
            .columns(["learner_id", "class_id"])
            .from(table)
            .and_where(Expr::col("school_id").eq(school.0))
            .and_where(Expr::col("class_id").is_in(classes.iter().copied()));
        for row in conn.query_all(&select).await? {
            kept.insert((row.try_get_by_index(0)?, row.try_get_by_index(1)?));
        }
    }
    let as_put = |learner: &LearnerId, class: &ClassId| {
        let line = present.get(&(learner.0, class.0));
        line.is_some_and(|line| line.left_on.is_none() && line.enrolled_on == enrolled_on)
            && !frozen.contains(&class.0)
            && !kept.contains(&(learner.0, class.0))
    };
    Ok(lines.iter().filter(|(learner, class)| !as_put(learner, class)).map(|(learner, _)| *learner).collect())
}

/// Takes lines out of classes as if they had never been, and with them the classes of `made` that nobody has used. One event for
/// each line and class.
pub async fn take_back(tx: &Tx<'_>, school: UnitId, lines: &[(LearnerId, ClassId)], made: &[ClassId]) -> Result<Vec<Event>> {
    let mut events = Vec::with_capacity(lines.len());
    let mut classes: Vec<ClassId> = lines.iter().map(|(_, class)| *class).collect();
    classes.sort_unstable();
    classes.dedup();
    for class in &classes {
        members::lock_in(tx, *class).await?;
    }
    for (learner, class) in lines {
        enrolment::Entity::delete_by_id((school.0, class.0, learner.0)).exec(tx.conn()).await?;
        events.push(Event::new(Some(school), "enrolment.removed", "enrolment", format!("{class}/{learner}")));
    }
    for class in classes {
        if made.contains(&class) && remove_unused(tx, school, class).await? {
            events.push(Event::new(Some(school), "class.removed", "class", class));
        } else {
            ordinals::renumber_in(tx, school, class).await?;
        }
    }
    Ok(events)
}

/// Removes a class that was made and never touched: not renamed, taught in, or with anybody in it.
async fn remove_unused(tx: &Tx<'_>, school: UnitId, id: ClassId) -> Result<bool> {
    let Some(row) = class::Entity::find_by_id(id.0).one(tx.conn()).await? else { return Ok(false) };
    let taught = teaching::Entity::find().filter(teaching::Column::ClassId.eq(id.0)).one(tx.conn()).await?;
    let line = enrolment::Entity::find()
        .filter(enrolment::Column::SchoolId.eq(school.0))
        .filter(enrolment::Column::ClassId.eq(id.0))
        .one(tx.conn())
        .await?;
    if row.version != 1 || row.homeroom_staff_id.is_some() || taught.is_some() || line.is_some() {
        return Ok(false);
    }
    class_subject::Entity::delete_many().filter(class_subject::Column::ClassId.eq(id.0)).exec(tx.conn()).await?;
    class::Entity::delete_by_id(id.0).exec(tx.conn()).await?;
    Ok(true)
}

/// The class of a name in a year, as far as a school has it, for a preview.
pub async fn named(
    conn: &impl ConnectionTrait,
    school: UnitId,
    year: SchoolYearId,
) -> Result<HashMap<String, (ClassId, dto::calendar::Grade)>> {
    let rows = class::Entity::find()
        .filter(class::Column::SchoolId.eq(school.0))
        .filter(class::Column::SchoolYearId.eq(year.0))
        .all(conn)
        .await?;
    rows.into_iter().map(|row| Ok((row.name, (ClassId(row.id), crate::stored(&row.grade)?)))).collect()
}

/// Fills a class with learners who come from the year before; see [`super::enrol_many_in`].
pub async fn fill(tx: &Tx<'_>, class: &Class, learners: &[LearnerId], enrolled_on: NaiveDate) -> Result<Vec<Event>> {
    let newcomers: Vec<_> = learners.iter().map(|learner| (*learner, enrolled_on)).collect();
    super::enrol_many_in(tx, class, &newcomers).await
}
