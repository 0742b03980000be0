//! What the gradebook asks of classes: a class or one of its subjects with all that a sheet shows of it, and who is in it. Each is
//! one statement, since a mark sheet is the page that is opened most.

mod cards;
mod school;
mod work;

pub use cards::{LearnerCard, SchoolCard, learner_cards, school_card};
pub use school::{
    CodedLearner, OpeningPlace, SchoolTerm, codes, places, reaches_school, school, school_term, teachers_of, whole_school,
};
pub use work::{
    ClassItem, Moved, classes_of_school, classes_reached, electives_of, learners_of, moved, sections_taught, subjects_of,
    topics_of,
};

use crate::scope::in_force;
use chrono::NaiveDate;
use dto::access::Permission;
use dto::calendar::{Grade, Term, TermDates};
use dto::classes::StaffRef;
use dto::{ClassId, Code, LearnerId, SchoolYearId, StaffId, UnitId};
use kernel::ctx::Scope;
use kernel::{Ctx, Error, Result, clock};
use regulations::SubjectKind;
use regulations::tt27::TraitKind;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, JoinType, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult};
use uuid::Uuid;

/// A class as a sheet's head shows it.
#[derive(Clone, Debug)]
pub struct ClassFacts {
    pub id: ClassId,
    pub name: String,
    pub grade: Grade,
    pub school_id: UnitId,
    pub school_name: String,
    pub school_year_id: SchoolYearId,
    pub school_year: String,
    pub year_starts_on: NaiveDate,
    pub homeroom: Option<StaffRef>,
    /// The second permission that was asked for reaches the class too.
    pub writable: bool,
}

impl ClassFacts {
    /// The class as a line of a list.
    pub fn item(&self) -> ClassItem {
        ClassItem {
            id: self.id,
            school_id: self.school_id,
            name: self.name.clone(),
            grade: self.grade,
            year_starts_on: self.year_starts_on,
        }
    }
}

/// A subject of a class in one term.
#[derive(Clone, Debug)]
pub struct SectionFacts {
    pub class: ClassFacts,
    pub subject: SubjectFacts,
    pub term_ends_on: Option<NaiveDate>,
    pub marks_due_on: Option<NaiveDate>,
}

/// A subject of a class.
#[derive(Clone, Debug)]
pub struct SubjectFacts {
    pub code: String,
    pub name_vi: String,
    pub name_en: String,
    pub kind: SubjectKind,
    pub annual_periods: u16,
    pub whole_class: bool,
    /// Its specialised topics (chuyên đề học tập) are taken by some.
    pub topics: bool,
}

/// A line of the roll, with those who have left.
#[derive(Clone, Debug)]
pub struct RosterLine {
    pub learner_id: LearnerId,
    pub ordinal: u32,
    pub full_name: String,
    pub given_name: String,
    pub birth_date: NaiveDate,
    pub left_on: Option<NaiveDate>,
}

impl RosterLine {
    /// No longer in the class on the last day of a term, or today if the term still runs.
    pub fn left_by(&self, term_ends_on: Option<NaiveDate>) -> bool {
        gone(self.left_on, term_ends_on)
    }
}

/// The condition that a scope reaches the class of a statement, by its alias; one subject taught in it is enough.
pub fn reached(scope: &Scope, class: &'static str) -> Condition {
    crate::scope::classes(scope, class)
}

/// Whether who left on a day was gone on the last day of a term, or is today if the term still runs.
pub fn gone(left_on: Option<NaiveDate>, term_ends_on: Option<NaiveDate>) -> bool {
    let today = clock::today();
    let day = term_ends_on.map_or(today, |end| Ord::min(end, today));
    left_on.is_some_and(|left| left <= day)
}

/// Whether a scope reaches the class `c` of a statement, and where a subject is given, that subject of it.
fn reaches(scope: &Scope, subject: Option<&str>) -> Expr {
    let mut any = Expr::val(scope.all);
    if !scope.units.is_empty() {
        let mut under = Query::select();
        under
            .expr(Expr::val(1))
            .from_as("unit_ancestor", "ua")
            .and_where(Expr::col(("ua", "ancestor_id")).is_in(scope.units.iter().copied()))
            .and_where(Expr::col(("ua", "unit_id")).equals(("c", "school_id")));
        any = any.or(Expr::exists(under));
    }
    if let Some(staff) = scope.homeroom {
        any = any.or(Expr::col(("c", "homeroom_staff_id")).is_not_null().and(Expr::col(("c", "homeroom_staff_id")).eq(staff)));
    }
    if let Some(staff) = scope.taught {
        let mut taught = Query::select();
        taught
            .expr(Expr::val(1))
            .from_as("teaching", "tg")
            .and_where(Expr::col(("tg", "class_id")).equals(("c", "id")))
            .and_where_option(subject.map(|code| Expr::col(("tg", "subject_code")).eq(code)))
            .and_where(Expr::col(("tg", "staff_id")).eq(staff))
            .cond_where(in_force("tg"));
        any = any.or(Expr::exists(taught));
        // Qualities and competencies are assessed by the homeroom teacher (TT 27/2020 Đ.8), assigned or not.
        if subject.is_some_and(|code| TraitKind::of_sheet(code).is_some()) {
            any =
                any.or(Expr::col(("c", "homeroom_staff_id")).is_not_null().and(Expr::col(("c", "homeroom_staff_id")).eq(staff)));
        }
    }
    any
}

fn class_select(read: &Scope, write: &Scope, subject: Option<&str>) -> SelectStatement {
    let mut query = Query::select();
    query
        .expr(reaches(read, subject))
        .expr(reaches(write, subject))
        .columns([("c", "id"), ("c", "name"), ("c", "grade"), ("c", "school_id"), ("u", "name"), ("c", "school_year_id")])
        .columns([("y", "code"), ("y", "starts_on"), ("h", "id"), ("h", "full_name")])
        .from_as("class", "c")
        .join_as(JoinType::InnerJoin, "unit", "u", Expr::col(("u", "id")).equals(("c", "school_id")))
        .join_as(JoinType::InnerJoin, "school_year", "y", Expr::col(("y", "id")).equals(("c", "school_year_id")))
        .join_as(JoinType::LeftJoin, "staff", "h", Expr::col(("h", "id")).equals(("c", "homeroom_staff_id")));
    query
}

const CLASS_COLUMNS: usize = 12;

fn class_row(row: &QueryResult) -> Result<ClassFacts> {
    if !row.try_get_by_index::<bool>(0)? {
        return Err(Error::new(Code::NotFound));
    }
    let homeroom: Option<Uuid> = row.try_get_by_index(10)?;
    let homeroom_name: Option<String> = row.try_get_by_index(11)?;
    Ok(ClassFacts {
        id: ClassId(row.try_get_by_index(2)?),
        name: row.try_get_by_index(3)?,
        grade: crate::stored(&row.try_get_by_index::<String>(4)?)?,
        school_id: UnitId(row.try_get_by_index(5)?),
        school_name: row.try_get_by_index(6)?,
        school_year_id: SchoolYearId(row.try_get_by_index(7)?),
        school_year: row.try_get_by_index(8)?,
        year_starts_on: row.try_get_by_index(9)?,
        homeroom: homeroom.zip(homeroom_name).map(|(id, full_name)| StaffRef { id: StaffId(id), full_name }),
        writable: row.try_get_by_index(1)?,
    })
}

fn kind(text: &str) -> Result<SubjectKind> {
    match text {
        "score" => Ok(SubjectKind::Score),
        "comment" => Ok(SubjectKind::Comment),
        _ => Err(Error::internal(format!("unknown kind {text:?} in the database"))),
    }
}

/// A class that `read` reaches as a whole; whether `write` does is in it. A subject taught in the class is not enough: who teaches
/// one reaches that [`section`] of it.
pub async fn class(
    conn: &impl ConnectionTrait,
    ctx: &Ctx,
    read: Permission,
    write: Permission,
    id: ClassId,
) -> Result<ClassFacts> {
    let whole = |permission| Scope { taught: None, ..ctx.reach(permission) };
    let mut query = class_select(&whole(read), &whole(write), None);
    query.and_where(Expr::col(("c", "id")).eq(id.0));
    let row = conn.query_one(&query).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    class_row(&row)
}

/// A class for callers who have checked already that it may be seen (a child's class).
pub async fn class_unscoped(conn: &impl ConnectionTrait, id: ClassId) -> Result<ClassFacts> {
    let all = Scope { all: true, ..Scope::default() };
    let mut query = class_select(&all, &Scope::default(), None);
    query.and_where(Expr::col(("c", "id")).eq(id.0));
    let row = conn.query_one(&query).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    class_row(&row)
}

/// One subject of a class in a term, where `read` reaches it; a teacher reaches the subjects assigned to them.
pub async fn section(
    conn: &impl ConnectionTrait,
    ctx: &Ctx,
    read: Permission,
    write: Permission,
    id: ClassId,
    subject: &str,
    term: Term,
) -> Result<SectionFacts> {
    let mut query = class_select(&ctx.reach(read), &ctx.reach(write), Some(subject));
    query
        .columns([("cs", "subject_code"), ("s", "name_vi"), ("s", "name_en"), ("cs", "kind")])
        .columns([("cs", "annual_periods"), ("cs", "whole_class"), ("cs", "topics"), ("t", "ends_on"), ("t", "marks_due_on")])
        .join_as(JoinType::InnerJoin, "class_subject", "cs", Expr::col(("cs", "class_id")).equals(("c", "id")))
        .join_as(JoinType::InnerJoin, "subject", "s", Expr::col(("s", "code")).equals(("cs", "subject_code")))
        .join_as(
            JoinType::LeftJoin,
            "school_term",
            "t",
            Expr::col(("t", "school_year_id")).equals(("c", "school_year_id")).and(Expr::col(("t", "term")).eq(number(term))),
        )
        .and_where(Expr::col(("c", "id")).eq(id.0))
        .and_where(Expr::col(("cs", "subject_code")).eq(subject));
    let row = conn.query_one(&query).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    Ok(SectionFacts {
        class: class_row(&row)?,
        subject: subject_row(&row, CLASS_COLUMNS)?,
        term_ends_on: row.try_get_by_index(CLASS_COLUMNS + 7)?,
        marks_due_on: row.try_get_by_index(CLASS_COLUMNS + 8)?,
    })
}

/// The number that tables keep of a term.
fn number(term: Term) -> i16 {
    match term {
        Term::S1 => 1,
        Term::S2 => 2,
    }
}

fn subject_row(row: &QueryResult, at: usize) -> Result<SubjectFacts> {
    Ok(SubjectFacts {
        code: row.try_get_by_index(at)?,
        name_vi: row.try_get_by_index(at + 1)?,
        name_en: row.try_get_by_index(at + 2)?,
        kind: kind(&row.try_get_by_index::<String>(at + 3)?)?,
        annual_periods: u16::try_from(row.try_get_by_index::<i16>(at + 4)?).unwrap_or(0),
        whole_class: row.try_get_by_index(at + 5)?,
        topics: row.try_get_by_index::<Option<bool>>(at + 6)?.unwrap_or(false),
    })
}

/// The subjects of a class, in their order.
pub async fn subjects(conn: &impl ConnectionTrait, class: ClassId) -> Result<Vec<SubjectFacts>> {
    let mut query = Query::select();
    query
        .columns([("cs", "subject_code"), ("s", "name_vi"), ("s", "name_en"), ("cs", "kind")])
        .columns([("cs", "annual_periods"), ("cs", "whole_class"), ("cs", "topics")])
        .from_as("class_subject", "cs")
        .join_as(JoinType::InnerJoin, "subject", "s", Expr::col(("s", "code")).equals(("cs", "subject_code")))
        .and_where(Expr::col(("cs", "class_id")).eq(class.0))
        .order_by(("cs", "position"), Order::Asc)
        .order_by(("cs", "subject_code"), Order::Asc);
    conn.query_all(&query).await?.iter().map(|row| subject_row(row, 0)).collect()
}

/// The roll of a class by ordinal, with those who have left; of an elective subject only who takes it.
pub async fn roster(
    conn: &impl ConnectionTrait,
    school: UnitId,
    class: ClassId,
    elective: Option<&str>,
) -> Result<Vec<RosterLine>> {
    let mut query = roll(school, class);
    if let Some(subject) = elective {
        query.join_as(
            JoinType::InnerJoin,
            "subject_enrolment",
            "se",
            Expr::col(("se", "school_id"))
                .equals(("e", "school_id"))
                .and(Expr::col(("se", "class_id")).equals(("e", "class_id")))
                .and(Expr::col(("se", "subject_code")).eq(subject))
                .and(Expr::col(("se", "learner_id")).equals(("e", "learner_id"))),
        );
    }
    query.order_by(("e", "ordinal"), Order::Asc).order_by(("e", "learner_id"), Order::Asc);
    conn.query_all(&query).await?.iter().map(line).collect()
}

/// One line of the roll of a class.
pub async fn roster_line(
    conn: &impl ConnectionTrait,
    school: UnitId,
    class: ClassId,
    learner: LearnerId,
) -> Result<Option<RosterLine>> {
    let mut query = roll(school, class);
    query.and_where(Expr::col(("e", "learner_id")).eq(learner.0));
    conn.query_one(&query).await?.as_ref().map(line).transpose()
}

fn roll(school: UnitId, class: ClassId) -> SelectStatement {
    let mut query = Query::select();
    query
        .columns([("e", "learner_id"), ("e", "ordinal"), ("l", "full_name"), ("l", "given"), ("l", "birth_date")])
        .column(("e", "left_on"))
        .from_as("enrolment", "e")
        .join_as(JoinType::InnerJoin, "learner", "l", Expr::col(("l", "id")).equals(("e", "learner_id")))
        .and_where(Expr::col(("e", "school_id")).eq(school.0))
        .and_where(Expr::col(("e", "class_id")).eq(class.0));
    query
}

fn line(row: &QueryResult) -> Result<RosterLine> {
    Ok(RosterLine {
        learner_id: LearnerId(row.try_get_by_index(0)?),
        ordinal: u32::try_from(row.try_get_by_index::<i32>(1)?).unwrap_or(0),
        full_name: row.try_get_by_index(2)?,
        given_name: row.try_get_by_index(3)?,
        birth_date: row.try_get_by_index(4)?,
        left_on: row.try_get_by_index(5)?,
    })
}

/// Who teaches today: of one subject of a class, or of all. In the order of assignment.
pub async fn teachers(conn: &impl ConnectionTrait, class: ClassId, subject: Option<&str>) -> Result<Vec<(String, StaffRef)>> {
    let mut query = Query::select();
    query
        .columns([("tg", "subject_code"), ("tg", "staff_id")])
        .column(("s", "full_name"))
        .from_as("teaching", "tg")
        .join_as(JoinType::InnerJoin, "staff", "s", Expr::col(("s", "id")).equals(("tg", "staff_id")))
        .and_where(Expr::col(("tg", "class_id")).eq(class.0))
        .and_where_option(subject.map(|code| Expr::col(("tg", "subject_code")).eq(code)))
        .cond_where(in_force("tg"))
        .order_by(("tg", "valid_from"), Order::Asc)
        .order_by(("tg", "staff_id"), Order::Asc);
    conn.query_all(&query)
        .await?
        .iter()
        .map(|row| {
            let staff = StaffRef { id: StaffId(row.try_get_by_index(1)?), full_name: row.try_get_by_index(2)? };
            Ok((row.try_get_by_index(0)?, staff))
        })
        .collect()
}

/// Who takes which elective subject of a class.
pub async fn electives(conn: &impl ConnectionTrait, school: UnitId, class: ClassId) -> Result<Vec<(String, LearnerId)>> {
    let mut query = Query::select();
    query
        .columns(["subject_code", "learner_id"])
        .from("subject_enrolment")
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("class_id").eq(class.0));
    let rows = conn.query_all(&query).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, LearnerId(row.try_get_by_index(1)?)))).collect()
}

/// The terms of a school year, in order.
pub async fn terms(conn: &impl ConnectionTrait, year: SchoolYearId) -> Result<Vec<TermDates>> {
    let mut query = Query::select();
    query
        .columns(["term", "weeks", "starts_on", "ends_on", "marks_due_on"])
        .from("school_term")
        .and_where(Expr::col("school_year_id").eq(year.0))
        .order_by("term", Order::Asc);
    conn.query_all(&query)
        .await?
        .iter()
        .map(|row| {
            Ok(TermDates {
                term: if row.try_get_by_index::<i16>(0)? == 1 { Term::S1 } else { Term::S2 },
                weeks: u8::try_from(row.try_get_by_index::<i16>(1)?).unwrap_or(0),
                starts_on: row.try_get_by_index(2)?,
                ends_on: row.try_get_by_index(3)?,
                marks_due_on: row.try_get_by_index(4)?,
            })
        })
        .collect()
}

/// The classes of a learner in a school year, with their schools: the one they are in first, then the latest before it.
pub async fn classes_of(conn: &impl ConnectionTrait, learner: LearnerId, year: SchoolYearId) -> Result<Vec<(UnitId, ClassId)>> {
    let mut rows = enrolled(conn, &[learner], year).await?;
    rows.sort_unstable_by(|a, b| b.cmp(a));
    Ok(rows.into_iter().map(|line| (line.school, line.class)).collect())
}

/// Where else learners have been in a class's school year: in another class, of this school or of another one.
pub async fn elsewhere(
    conn: &impl ConnectionTrait,
    class: &ClassFacts,
    learners: &[LearnerId],
) -> Result<Vec<(LearnerId, UnitId, ClassId)>> {
    let mut rows = enrolled(conn, learners, class.school_year_id).await?;
    rows.sort_unstable_by(|a, b| b.cmp(a));
    Ok(rows.into_iter().filter(|line| line.class != class.id).map(|line| (line.learner, line.school, line.class)).collect())
}

/// An enrolment; the present one is the greatest, then the latest.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Enrolled {
    present: bool,
    since: NaiveDate,
    school: UnitId,
    class: ClassId,
    learner: LearnerId,
}

async fn enrolled(conn: &impl ConnectionTrait, learners: &[LearnerId], year: SchoolYearId) -> Result<Vec<Enrolled>> {
    if learners.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = Query::select();
    query
        .columns([("e", "left_on"), ("e", "enrolled_on"), ("e", "school_id"), ("e", "class_id"), ("e", "learner_id")])
        .from_as("enrolment", "e")
        .join_as(JoinType::InnerJoin, "class", "c", Expr::col(("c", "id")).equals(("e", "class_id")))
        .and_where(Expr::col(("e", "learner_id")).is_in(learners.iter().map(|learner| learner.0)))
        .and_where(Expr::col(("c", "school_year_id")).eq(year.0));
    conn.query_all(&query)
        .await?
        .iter()
        .map(|row| {
            Ok(Enrolled {
                present: row.try_get_by_index::<Option<NaiveDate>>(0)?.is_none(),
                since: row.try_get_by_index(1)?,
                school: UnitId(row.try_get_by_index(2)?),
                class: ClassId(row.try_get_by_index(3)?),
                learner: LearnerId(row.try_get_by_index(4)?),
            })
        })
        .collect()
}

/// Is this learner the caller, or a child of theirs, in any school?
pub async fn is_family(conn: &impl ConnectionTrait, ctx: &Ctx, learner: LearnerId) -> Result<bool> {
    let scope = ctx.reach(Permission::FamilyRead);
    if scope.all || scope.learner == Some(learner.0) {
        return Ok(true);
    }
    let Some(guardian) = scope.guardian else { return Ok(false) };
    let mut query = Query::select();
    query
        .column("learner_id")
        .from("guardian_link")
        .and_where(Expr::col("learner_id").eq(learner.0))
        .and_where(Expr::col("guardian_id").eq(guardian));
    Ok(conn.query_one(&query).await?.is_some())
}
