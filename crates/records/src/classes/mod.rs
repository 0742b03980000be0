//! Classes of a school in a school year.

pub mod ahead;
pub(crate) mod entity;
pub mod for_gradebook;
mod members;
mod ordinals;
mod over;
mod query;
pub mod rollover;
mod subjects;

pub(crate) use members::{close_ranks_in, end_in, open_in, unfrozen_in};
pub use members::{enrol_in, enrol_many_in, leave, members, receive_in, roster_in};
pub use ordinals::{freeze, renumber_in};
pub(crate) use over::{coming_in, hand_over_in, learners_past_in, running_in};
pub(crate) use query::learners_of_c;
pub use subjects::{put_subject_learners, put_subjects, put_topic_learners, subject_learners, subjects, topic_learners};

use crate::{calendar, catalogue, input, person, quality, staff, units};
use dto::access::Permission;
use dto::calendar::Grade;
use dto::classes::{Class, ClassQuery, PostClass, PutClass};
use dto::page::{Page, PageQuery};
use dto::quality::QualitySubject;
use dto::units::SchoolLevel;
use dto::{ClassId, Code, SchoolYearId, StaffId, UnitId};
use entity::{class, class_subject};
use kernel::{Ctx, Db, Error, Event, Result, Tx, id};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

/// The place of a class in a list of its grade: "6A2" before "6A10".
pub fn class_sort_key(name: &str) -> Vec<u8> {
    person::name_key(name)
}

/// The place of a grade among all, the nursery first.
pub fn grade_order(grade: Grade) -> i16 {
    Grade::ALL.iter().position(|g| *g == grade).unwrap_or(0) as i16
}

/// The level that teaches a grade.
pub fn level_of(grade: Grade) -> SchoolLevel {
    match grade.number() {
        None => SchoolLevel::Preschool,
        Some(1..=5) => SchoolLevel::Primary,
        Some(6..=9) => SchoolLevel::LowerSecondary,
        Some(_) => SchoolLevel::UpperSecondary,
    }
}

/// A class that the caller reaches.
///
/// Errors: `not_found`.
pub async fn get(db: &Db, ctx: &Ctx, id: ClassId) -> Result<Class> {
    find_in(db.read(), ctx, Permission::ClassRead, id).await
}

/// A class that a permission of the caller reaches.
///
/// Errors: `not_found`.
pub async fn find_in(conn: &impl ConnectionTrait, ctx: &Ctx, permission: Permission, id: ClassId) -> Result<Class> {
    query::find(conn, &ctx.reach(permission), id).await
}

/// Classes that the caller reaches in a school year (the current one where the query names none), by grade and name.
///
/// Errors: `bad_cursor`.
pub async fn list(db: &Db, ctx: &Ctx, query: &ClassQuery, page: &PageQuery) -> Result<Page<Class>> {
    query::list(db.read(), ctx, query, page).await
}

/// A class of this name, if the school has one in the year. For composition: the caller has checked the school.
pub async fn named_in(conn: &impl ConnectionTrait, school: UnitId, year: SchoolYearId, name: &str) -> Result<Option<ClassId>> {
    let found = class::Entity::find()
        .filter(class::Column::SchoolId.eq(school.0))
        .filter(class::Column::SchoolYearId.eq(year.0))
        .filter(class::Column::Name.eq(kernel::text::clean(name)))
        .one(conn)
        .await?;
    Ok(found.map(|c| ClassId(c.id)))
}

/// A new class. Its subjects are the compulsory ones of its grade; chosen ones are added with [`put_subjects`].
///
/// Errors: `not_found` (the school), `unit_closed` where it is no more when the year begins, `class_name_taken`, `invalid` with `/school_year_id`, `/grade` where the school does
/// not teach it, `/homeroom_staff_id` where the person has no post at the school.
pub async fn create(db: &Db, ctx: &Ctx, body: &PostClass) -> Result<Class> {
    db.write(ctx, async |tx| {
        let (made, event) = create_in(tx, body).await?;
        Ok((made, vec![event]))
    })
    .await
}

/// The same within a write of more.
pub async fn create_in(tx: &Tx<'_>, body: &PostClass) -> Result<(Class, Event)> {
    let ctx = tx.ctx();
    // An import has its own permission and may make classes with it.
    let permission = if ctx.can(Permission::ClassWrite) { Permission::ClassWrite } else { Permission::ImportWrite };
    let school = units::school_in(tx.conn(), ctx, permission, body.school_id).await?;
    let year = calendar::year_in(tx.conn(), Some(body.school_year_id))
        .await
        .map_err(|_| Error::field("/school_year_id", Code::FieldChoice))?;
    units::check_open(&school, year.starts_on)?;
    if !school.levels.is_empty() && !school.levels.contains(&level_of(body.grade)) {
        return Err(Error::field("/grade", Code::FieldChoice));
    }
    let name = input::text("/name", &body.name, 1, 30)?;
    check_homeroom(tx.conn(), body.school_id, body.homeroom_staff_id).await?;
    let class_id: ClassId = id::new();
    let row = class::Model {
        id: class_id.0,
        school_id: body.school_id.0,
        school_year_id: body.school_year_id.0,
        grade: body.grade.as_str().to_owned(),
        grade_order: grade_order(body.grade),
        sort_key: class_sort_key(&name),
        name,
        homeroom_staff_id: body.homeroom_staff_id.map(Uuid::from),
        ordinals_frozen_at: None,
        version: 1,
    };
    class::Entity::insert(row.into_active_model()).exec_without_returning(tx.conn()).await?;
    crate::bulk::insert_many_in(tx, default_subjects(class_id, body.grade)).await?;
    let made = find_in(tx.conn(), ctx, permission, class_id).await?;
    let event = Event::new(Some(made.school_id), "class.created", "class", class_id).after(&made);
    Ok((made, event))
}

/// The rows of the subjects that every class of a grade has.
pub fn default_subjects(class: ClassId, grade: Grade) -> Vec<class_subject::Model> {
    catalogue::offered(grade)
        .into_iter()
        .filter(|o| o.compulsory)
        .map(|o| class_subject::Model {
            class_id: class.0,
            subject_code: o.code.to_owned(),
            position: o.position,
            kind: catalogue::kind_text(o.kind).to_owned(),
            annual_periods: o.annual_periods as i16,
            whole_class: true,
            topics: None,
        })
        .collect()
}

async fn check_homeroom(conn: &impl ConnectionTrait, school: UnitId, teacher: Option<StaffId>) -> Result<()> {
    match teacher {
        Some(teacher) if !staff::posted_in(conn, school).await?.contains(&teacher) => {
            Err(Error::field("/homeroom_staff_id", Code::FieldChoice))
        }
        _ => Ok(()),
    }
}

/// Changes the name and the homeroom teacher.
///
/// Errors: `not_found`, `version_conflict`, `class_name_taken`, `invalid` with the field.
pub async fn put(db: &Db, ctx: &Ctx, id: ClassId, version: i64, body: &PutClass) -> Result<Class> {
    db.write(ctx, async |tx| {
        let before = find_in(tx.conn(), ctx, Permission::ClassWrite, id).await?;
        let name = input::text("/name", &body.name, 1, 30)?;
        // Who is homeroom teacher already may stay so after the post has ended.
        if before.homeroom.as_ref().map(|h| h.id) != body.homeroom_staff_id {
            check_homeroom(tx.conn(), before.school_id, body.homeroom_staff_id).await?;
        }
        let row = class::ActiveModel {
            sort_key: Set(class_sort_key(&name)),
            name: Set(name),
            homeroom_staff_id: Set(body.homeroom_staff_id.map(Uuid::from)),
            version: Set(version.saturating_add(1)),
            ..Default::default()
        };
        let done = class::Entity::update_many()
            .set(row)
            .filter(class::Column::Id.eq(id.0))
            .filter(class::Column::Version.eq(version))
            .exec(tx.conn())
            .await?;
        if done.rows_affected == 0 {
            return Err(Error::new(Code::VersionConflict));
        }
        let after = find_in(tx.conn(), ctx, Permission::ClassWrite, id).await?;
        quality::written_in(tx, Some(after.school_id), QualitySubject::Class, id.0).await?;
        let event = Event::new(Some(after.school_id), "class.updated", "class", id).before(&before).after(&after);
        Ok((after, vec![event]))
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grades_stand_in_the_order_of_age() {
        let orders: Vec<_> = Grade::ALL.iter().map(|g| grade_order(*g)).collect();
        assert!(orders.windows(2).all(|w| w[0] < w[1]));
        assert_eq!((level_of(Grade::K5), level_of(Grade::G5)), (SchoolLevel::Preschool, SchoolLevel::Primary));
        assert_eq!((level_of(Grade::G6), level_of(Grade::G10)), (SchoolLevel::LowerSecondary, SchoolLevel::UpperSecondary));
    }

    #[test]
    fn a_class_begins_with_the_compulsory_subjects_of_its_grade() {
        let codes = |grade| default_subjects(id::new(), grade).into_iter().map(|s| s.subject_code).collect::<Vec<_>>();
        assert_eq!(codes(Grade::G6).len(), 12);
        assert!(codes(Grade::G10).contains(&"LICH_SU".to_owned()) && !codes(Grade::G10).contains(&"VAT_LI".to_owned()));
        assert!(codes(Grade::K4).is_empty());
    }
}
