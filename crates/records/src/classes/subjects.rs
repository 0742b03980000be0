//! What a class studies, who teaches it, and who takes the chosen subjects.

use super::entity::{class_subject, teaching};
use super::{find_in, for_gradebook, members};
use crate::{catalogue, staff};
use chrono::NaiveDate;
use dto::access::Permission;
use dto::classes::{Class, ClassSubject, PutClassSubjects, PutSubjectEnrolments, StaffRef};
use dto::page::Page;
use dto::{ClassId, Code, LearnerId};
use kernel::{Ctx, Db, Error, Event, Result, Tx, clock};
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use std::collections::{BTreeSet, HashSet};
use uuid::Uuid;

/// The subjects of a class with their teachers of today, in the order of the programme.
///
/// Errors: `not_found`.
pub async fn subjects(db: &Db, ctx: &Ctx, id: ClassId) -> Result<Page<ClassSubject>> {
    find_in(db.read(), ctx, Permission::ClassRead, id).await?;
    Ok(Page { items: subjects_in(db.read(), id).await?, next: None })
}

pub(crate) async fn subjects_in(conn: &impl ConnectionTrait, id: ClassId) -> Result<Vec<ClassSubject>> {
    let subjects = for_gradebook::subjects(conn, id).await?;
    let teachers = for_gradebook::teachers(conn, id, None).await?;
    let of = |code: &str| -> Vec<StaffRef> {
        teachers.iter().filter(|(subject, _)| subject == code).map(|(_, who)| who.clone()).collect()
    };
    Ok(subjects
        .into_iter()
        .map(|s| ClassSubject {
            teachers: of(&s.code),
            subject_code: s.code,
            name_vi: s.name_vi,
            name_en: s.name_en,
            kind: s.kind,
            annual_periods: s.annual_periods,
            whole_class: s.whole_class,
            topics: s.topics,
        })
        .collect())
}

/// Replaces the subjects and teachers as a whole. A teacher who is taken off has taught until today; one who is added
/// teaches from today on. Marks of a subject that is taken off stay in the database and are seen again when it comes back.
///
/// Errors: `not_found`; `invalid` with `subject_not_offered` at `/subjects/i/subject_code`, `field_choice` there for a
/// subject named twice, at `/subjects/i/topics` where a subject can have none, and at `/subjects/i/teacher_ids/j` for someone without a
/// post at the school.
pub async fn put_subjects(db: &Db, ctx: &Ctx, id: ClassId, body: &PutClassSubjects) -> Result<Page<ClassSubject>> {
    db.write(ctx, async |tx| {
        let class = find_in(tx.conn(), ctx, Permission::AssignmentWrite, id).await?;
        let before = subjects_in(tx.conn(), id).await?;
        check(tx.conn(), &class, &before, body).await?;
        put_rows_in(tx, &class, &before, body).await?;
        put_teachers_in(tx, &class, body).await?;
        let after = subjects_in(tx.conn(), id).await?;
        let event = Event::new(Some(class.school_id), "class.subjects_updated", "class", id).before(&before).after(&after);
        Ok((Page { items: after, next: None }, vec![event]))
    })
    .await
}

async fn check(conn: &impl ConnectionTrait, class: &Class, before: &[ClassSubject], body: &PutClassSubjects) -> Result<()> {
    let offered = catalogue::offered(class.grade);
    let posted = staff::posted_in(conn, class.school_id).await?;
    let teaching: HashSet<_> = before.iter().flat_map(|s| s.teachers.iter().map(|t| t.id)).collect();
    let mut seen = HashSet::new();
    for (at, subject) in body.subjects.iter().enumerate() {
        let code = subject.subject_code.as_str();
        let pointer = format!("/subjects/{at}/subject_code");
        let kept = before.iter().any(|s| s.subject_code == code);
        if !kept && !offered.iter().any(|o| o.code == code) {
            return Err(Error::field(pointer, Code::SubjectNotOffered));
        }
        if !seen.insert(code) {
            return Err(Error::field(pointer, Code::FieldChoice));
        }
        let kind = before.iter().find(|s| s.subject_code == code).map(|s| s.kind);
        let kind = kind.or_else(|| offered.iter().find(|o| o.code == code).map(|o| o.kind));
        if subject.topics && !kind.is_some_and(|kind| regulations::has_topics(class.grade.number().unwrap_or_default(), kind)) {
            return Err(Error::field(format!("/subjects/{at}/topics"), Code::FieldChoice));
        }
        for (nth, teacher) in subject.teacher_ids.iter().enumerate() {
            if !posted.contains(teacher) && !teaching.contains(teacher) {
                return Err(Error::field(format!("/subjects/{at}/teacher_ids/{nth}"), Code::FieldChoice));
            }
        }
    }
    Ok(())
}

async fn put_rows_in(tx: &Tx<'_>, class: &Class, before: &[ClassSubject], body: &PutClassSubjects) -> Result<()> {
    let offered = catalogue::offered(class.grade);
    let gone: Vec<&str> = before
        .iter()
        .map(|s| s.subject_code.as_str())
        .filter(|code| !body.subjects.iter().any(|s| s.subject_code == *code))
        .collect();
    if !gone.is_empty() {
        class_subject::Entity::delete_many()
            .filter(class_subject::Column::ClassId.eq(class.id.0))
            .filter(class_subject::Column::SubjectCode.is_in(gone))
            .exec(tx.conn())
            .await?;
    }
    let mut rows = Vec::new();
    for subject in &body.subjects {
        match before.iter().find(|s| s.subject_code == subject.subject_code) {
            Some(old) if (old.whole_class, old.topics) == (subject.whole_class, subject.topics) => {}
            Some(_) => {
                class_subject::Entity::update_many()
                    .col_expr(class_subject::Column::WholeClass, Expr::val(subject.whole_class))
                    .col_expr(class_subject::Column::Topics, Expr::val(subject.topics))
                    .filter(class_subject::Column::ClassId.eq(class.id.0))
                    .filter(class_subject::Column::SubjectCode.eq(subject.subject_code.as_str()))
                    .exec(tx.conn())
                    .await?;
            }
            None => rows.extend(offered.iter().find(|o| o.code == subject.subject_code).map(|o| class_subject::Model {
                class_id: class.id.0,
                subject_code: o.code.to_owned(),
                position: o.position,
                kind: catalogue::kind_text(o.kind).to_owned(),
                annual_periods: o.annual_periods as i16,
                whole_class: subject.whole_class,
                topics: Some(subject.topics),
            })),
        }
    }
    crate::bulk::insert_many_in(tx, rows).await
}

async fn put_teachers_in(tx: &Tx<'_>, class: &Class, body: &PutClassSubjects) -> Result<()> {
    let today = clock::day_of(tx.now());
    let wanted: BTreeSet<(&str, Uuid)> =
        body.subjects.iter().flat_map(|s| s.teacher_ids.iter().map(|t| (s.subject_code.as_str(), t.0))).collect();
    let have = teaching::Entity::find().filter(teaching::Column::ClassId.eq(class.id.0)).all(tx.conn()).await?;
    let open: Vec<_> = have.iter().filter(|t| t.valid_to.is_none_or(|end| end > today)).collect();
    for row in open.iter().filter(|t| !wanted.contains(&(t.subject_code.as_str(), t.staff_id))) {
        end_teaching_in(tx, row, today).await?;
    }
    let rows = wanted
        .iter()
        .filter(|(code, staff)| !open.iter().any(|t| t.subject_code == *code && t.staff_id == *staff))
        .map(|(code, staff)| teaching::Model {
            class_id: class.id.0,
            subject_code: (*code).to_owned(),
            staff_id: *staff,
            valid_from: today,
            valid_to: None,
        })
        .collect();
    crate::bulk::insert_many_in(tx, rows).await
}

/// Ends an assignment; one that has not lasted a day was a slip and goes.
async fn end_teaching_in(tx: &Tx<'_>, row: &teaching::Model, today: NaiveDate) -> Result<()> {
    let key = (row.class_id, row.subject_code.clone(), row.staff_id, row.valid_from);
    if row.valid_from >= today {
        teaching::Entity::delete_by_id(key).exec(tx.conn()).await?;
        return Ok(());
    }
    teaching::Entity::update_many()
        .col_expr(teaching::Column::ValidTo, Expr::val(Some(today)))
        .filter(teaching::Column::ClassId.eq(key.0))
        .filter(teaching::Column::SubjectCode.eq(key.1))
        .filter(teaching::Column::StaffId.eq(key.2))
        .filter(teaching::Column::ValidFrom.eq(key.3))
        .exec(tx.conn())
        .await?;
    Ok(())
}

/// A subject of a class that may be seen; codes are compared in memory, since a path can hold anything.
async fn subject_in(conn: &impl ConnectionTrait, id: ClassId, code: &str) -> Result<ClassSubject> {
    let found = subjects_in(conn, id).await?.into_iter().find(|s| s.subject_code == code);
    found.ok_or_else(|| Error::new(Code::NotFound))
}

/// Which choice of learners a list is of: a chosen subject, or the specialised topics of a subject.
#[derive(Clone, Copy)]
struct Choice {
    table: &'static str,
    verb: &'static str,
}

const SUBJECT: Choice = Choice { table: "subject_enrolment", verb: "class.subject_learners_updated" };
const TOPICS: Choice = Choice { table: "topic_enrolment", verb: "class.topic_learners_updated" };

async fn taking_in(conn: &impl ConnectionTrait, of: Choice, class: &Class, code: &str) -> Result<Vec<LearnerId>> {
    let mut query = Query::select();
    query
        .column("learner_id")
        .from(of.table)
        .and_where(Expr::col("school_id").eq(class.school_id.0))
        .and_where(Expr::col("class_id").eq(class.id.0))
        .and_where(Expr::col("subject_code").eq(code))
        .order_by("learner_id", Order::Asc);
    conn.query_all(&query).await?.iter().map(|row| Ok(LearnerId(row.try_get_by_index(0)?))).collect()
}

/// Replaces a list; gives it with its entry of the log.
async fn put_taking_in(
    tx: &Tx<'_>,
    of: Choice,
    class: &Class,
    code: &str,
    wanted: &[LearnerId],
) -> Result<(Page<LearnerId>, Vec<Event>)> {
    let before = taking_in(tx.conn(), of, class, code).await?;
    let wanted: BTreeSet<LearnerId> = wanted.iter().copied().collect();
    let gone: Vec<Uuid> = before.iter().filter(|learner| !wanted.contains(learner)).map(|learner| learner.0).collect();
    if !gone.is_empty() {
        let mut delete = Query::delete();
        delete
            .from_table(of.table)
            .and_where(Expr::col("school_id").eq(class.school_id.0))
            .and_where(Expr::col("class_id").eq(class.id.0))
            .and_where(Expr::col("subject_code").eq(code))
            .and_where(Expr::col("learner_id").is_in(gone));
        tx.conn().execute(&delete).await?;
    }
    let new: Vec<_> = wanted.iter().filter(|learner| !before.contains(learner)).collect();
    if !new.is_empty() {
        let mut insert = Query::insert();
        insert.into_table(of.table).columns(["school_id", "class_id", "subject_code", "learner_id"]);
        for learner in new {
            insert.values_panic([class.school_id.0.into(), class.id.0.into(), code.into(), learner.0.into()]);
        }
        tx.conn().execute(&insert).await?;
    }
    let after: Vec<LearnerId> = wanted.into_iter().collect();
    let event =
        Event::new(Some(class.school_id), of.verb, "class_subject", format!("{}/{code}", class.id)).before(&before).after(&after);
    Ok((Page { items: after, next: None }, vec![event]))
}

/// Who takes a subject of a class: all who are in it today, or of a chosen subject those enrolled in it.
///
/// Errors: `not_found` (the class, or the class has no such subject).
pub async fn subject_learners(db: &Db, ctx: &Ctx, id: ClassId, code: &str) -> Result<Page<LearnerId>> {
    let conn = db.read();
    let class = find_in(conn, ctx, Permission::ClassRead, id).await?;
    let items = if subject_in(conn, id, code).await?.whole_class {
        let today = clock::today();
        let roll = members::roster_in(conn, class.school_id, id).await?;
        roll.into_iter().filter(|m| m.left_on.is_none_or(|left| left > today)).map(|m| m.learner_id).collect()
    } else {
        taking_in(conn, SUBJECT, &class, code).await?
    };
    Ok(Page { items, next: None })
}

/// Replaces who takes a chosen subject.
///
/// Errors: `not_found` (the class, or the class has no such subject), `subject_whole_class` where everyone takes it, `invalid`
/// with `/learner_ids/i` for a learner who is not in the class.
pub async fn put_subject_learners(
    db: &Db,
    ctx: &Ctx,
    id: ClassId,
    code: &str,
    body: &PutSubjectEnrolments,
) -> Result<Page<LearnerId>> {
    db.write(ctx, async |tx| {
        let class = find_in(tx.conn(), ctx, Permission::ClassWrite, id).await?;
        if subject_in(tx.conn(), id, code).await?.whole_class {
            return Err(Error::new(Code::SubjectWholeClass));
        }
        let roll = members::roster_in(tx.conn(), class.school_id, id).await?;
        let inside: HashSet<LearnerId> = roll.iter().map(|m| m.learner_id).collect();
        if let Some(at) = body.learner_ids.iter().position(|learner| !inside.contains(learner)) {
            return Err(Error::field(format!("/learner_ids/{at}"), Code::FieldChoice));
        }
        put_taking_in(tx, SUBJECT, &class, code, &body.learner_ids).await
    })
    .await
}

/// Who takes the specialised topics of a subject; empty while nobody has been named: then whoever has a mark of them takes them.
///
/// Errors: `not_found` (the class, or the class has no such subject with topics).
pub async fn topic_learners(db: &Db, ctx: &Ctx, id: ClassId, code: &str) -> Result<Page<LearnerId>> {
    let conn = db.read();
    let class = find_in(conn, ctx, Permission::ClassRead, id).await?;
    with_topics_in(conn, id, code).await?;
    Ok(Page { items: taking_in(conn, TOPICS, &class, code).await?, next: None })
}

/// Replaces who takes the specialised topics of a subject.
///
/// Errors: `not_found` (the class, or the class has no such subject with topics), `invalid` with `/learner_ids/i` for a learner who does
/// not take the subject.
pub async fn put_topic_learners(
    db: &Db,
    ctx: &Ctx,
    id: ClassId,
    code: &str,
    body: &PutSubjectEnrolments,
) -> Result<Page<LearnerId>> {
    db.write(ctx, async |tx| {
        let class = find_in(tx.conn(), ctx, Permission::ClassWrite, id).await?;
        let subject = with_topics_in(tx.conn(), id, code).await?;
        let roll = members::roster_in(tx.conn(), class.school_id, id).await?;
        let mut takers: HashSet<LearnerId> = roll.iter().map(|m| m.learner_id).collect();
        if !subject.whole_class {
            let chosen: HashSet<LearnerId> = taking_in(tx.conn(), SUBJECT, &class, code).await?.into_iter().collect();
            takers.retain(|learner| chosen.contains(learner));
        }
        if let Some(at) = body.learner_ids.iter().position(|learner| !takers.contains(learner)) {
            return Err(Error::field(format!("/learner_ids/{at}"), Code::FieldChoice));
        }
        put_taking_in(tx, TOPICS, &class, code, &body.learner_ids).await
    })
    .await
}

async fn with_topics_in(conn: &impl ConnectionTrait, id: ClassId, code: &str) -> Result<ClassSubject> {
    let subject = subject_in(conn, id, code).await?;
    if subject.topics { Ok(subject) } else { Err(Error::new(Code::NotFound)) }
}
