//! A school as a whole, for what it decides about marks: its deadlines, who asked for what, who is late.

use super::{ClassItem, terms};
use crate::scope::in_force;
use crate::{calendar, units};
use chrono::NaiveDate;
use dto::access::{Permission, Reach};
use dto::calendar::Term;
use dto::classes::StaffRef;
use dto::{ClassId, Code, LearnerId, SchoolYearId, StaffId, UnitId};
use kernel::{Ctx, Error, Result};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Order, Query};
use std::collections::BTreeSet;

/// A school in one term.
#[derive(Clone, Debug)]
pub struct SchoolTerm {
    pub school_id: UnitId,
    pub school_name: String,
    pub school_year_id: SchoolYearId,
    pub school_year: String,
    pub term: Term,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
    /// The second permission that was asked for reaches the whole school.
    pub writable: bool,
}

/// The name of a subject of a class.
#[derive(Clone, Debug)]
pub struct OpeningPlace {
    pub class_id: ClassId,
    pub class_name: String,
    pub subject_code: String,
    pub subject_name_vi: String,
    pub subject_name_en: String,
}

/// The same caller with the roles alone that reach whole units.
fn whole(ctx: &Ctx) -> Ctx {
    let mut ctx = ctx.clone();
    ctx.roles.retain(|on| on.role.reach() == Reach::Subtree);
    ctx
}

/// The name of a school that a permission reaches as a whole; a teacher of it does not.
pub async fn whole_school(conn: &impl ConnectionTrait, ctx: &Ctx, permission: Permission, school: UnitId) -> Result<String> {
    Ok(units::school_in(conn, &whole(ctx), permission, school).await?.name)
}

/// The name of a school that a permission reaches, a teacher's too.
pub async fn school(conn: &impl ConnectionTrait, ctx: &Ctx, permission: Permission, school: UnitId) -> Result<String> {
    Ok(units::school_in(conn, ctx, permission, school).await?.name)
}

/// Whether a permission reaches a school as a whole.
pub async fn reaches_school(conn: &impl ConnectionTrait, ctx: &Ctx, permission: Permission, school: UnitId) -> Result<bool> {
    match whole_school(conn, ctx, permission, school).await {
        Ok(_) => Ok(true),
        Err(e) if e.code() == Code::NotFound => Ok(false),
        Err(e) => Err(e),
    }
}

/// A school in a term of a school year, the current one where none is given, as far as `read` reaches it.
pub async fn school_term(
    conn: &impl ConnectionTrait,
    ctx: &Ctx,
    read: Permission,
    write: Permission,
    school: UnitId,
    year: Option<SchoolYearId>,
    term: Term,
) -> Result<SchoolTerm> {
    let unit = units::school_in(conn, ctx, read, school).await?;
    let year = calendar::year_in(conn, year).await.map_err(|_| Error::field("school_year_id", Code::FieldChoice))?;
    let dates = terms(conn, year.id).await?.into_iter().find(|dates| dates.term == term);
    let dates = dates.ok_or_else(|| Error::new(Code::NotFound))?;
    Ok(SchoolTerm {
        school_id: unit.id,
        school_name: unit.name,
        school_year_id: year.id,
        school_year: year.code,
        term,
        starts_on: dates.starts_on,
        ends_on: dates.ends_on,
        writable: reaches_school(conn, ctx, write, school).await?,
    })
}

/// The names of the subjects of classes. Unscoped: for callers who may see what it is asked for.
pub async fn places(conn: &impl ConnectionTrait, classes: impl IntoIterator<Item = ClassId>) -> Result<Vec<OpeningPlace>> {
    let classes: BTreeSet<ClassId> = classes.into_iter().collect();
    if classes.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = Query::select();
    query
        .columns([("c", "id"), ("c", "name"), ("cs", "subject_code"), ("s", "name_vi"), ("s", "name_en")])
        .from_as("class", "c")
        .join_as(JoinType::InnerJoin, "class_subject", "cs", Expr::col(("cs", "class_id")).equals(("c", "id")))
        .join_as(JoinType::InnerJoin, "subject", "s", Expr::col(("s", "code")).equals(("cs", "subject_code")))
        .and_where(Expr::col(("c", "id")).is_in(classes.iter().map(|class| class.0)));
    conn.query_all(&query)
        .await?
        .iter()
        .map(|row| {
            Ok(OpeningPlace {
                class_id: ClassId(row.try_get_by_index(0)?),
                class_name: row.try_get_by_index(1)?,
                subject_code: row.try_get_by_index(2)?,
                subject_name_vi: row.try_get_by_index(3)?,
                subject_name_en: row.try_get_by_index(4)?,
            })
        })
        .collect()
}

/// Who teaches classes today, by subject, in the order of assignment.
pub async fn teachers_of(conn: &impl ConnectionTrait, classes: &[ClassItem]) -> Result<Vec<(ClassId, String, StaffRef)>> {
    let mut query = Query::select();
    query
        .columns([("tg", "class_id"), ("tg", "subject_code"), ("tg", "staff_id")])
        .column(("s", "full_name"))
        .from_as("teaching", "tg")
        .join_as(JoinType::InnerJoin, "staff", "s", Expr::col(("s", "id")).equals(("tg", "staff_id")))
        .and_where(Expr::col(("tg", "class_id")).is_in(classes.iter().map(|class| class.id.0)))
        .cond_where(in_force("tg"))
        .order_by(("tg", "valid_from"), Order::Asc)
        .order_by(("tg", "staff_id"), Order::Asc);
    conn.query_all(&query)
        .await?
        .iter()
        .map(|row| {
            let staff = StaffRef { id: StaffId(row.try_get_by_index(2)?), full_name: row.try_get_by_index(3)? };
            Ok((ClassId(row.try_get_by_index(0)?), row.try_get_by_index(1)?, staff))
        })
        .collect()
}

/// The codes by which files know a learner.
#[derive(Clone, Debug)]
pub struct CodedLearner {
    pub learner_id: LearnerId,
    pub ministry_code: Option<String>,
    pub personal_id: Option<String>,
}

/// The codes of the learners of a class. Unscoped: for callers who may see its sheet.
pub async fn codes(conn: &impl ConnectionTrait, school: UnitId, class: ClassId) -> Result<Vec<CodedLearner>> {
    let mut query = Query::select();
    query
        .columns([("l", "id"), ("l", "ministry_code"), ("l", "personal_id")])
        .from_as("enrolment", "e")
        .join_as(JoinType::InnerJoin, "learner", "l", Expr::col(("l", "id")).equals(("e", "learner_id")))
        .and_where(Expr::col(("e", "school_id")).eq(school.0))
        .and_where(Expr::col(("e", "class_id")).eq(class.0));
    conn.query_all(&query)
        .await?
        .iter()
        .map(|row| {
            Ok(CodedLearner {
                learner_id: LearnerId(row.try_get_by_index(0)?),
                ministry_code: row.try_get_by_index(1)?,
                personal_id: row.try_get_by_index(2)?,
            })
        })
        .collect()
}
