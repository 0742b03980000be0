//! What the contact book asks of people and classes: where children are, whose families a notice is for, who stands at the two ends
//! of a thread.

mod ends;

pub use ends::{contacts, threads};

use crate::{Hex, calendar, scope};
use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, TimeZone, Utc};
use dto::access::Permission;
use dto::calendar::Grade;
use dto::contact::NoticeTarget;
use dto::{ClassId, Code, GuardianId, LearnerId, UnitId};
use kernel::ctx::Scope;
use kernel::{Ctx, Error, Result, clock};
use sea_orm::sea_query::{Expr, ExprTrait, Func, JoinType, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use uuid::Uuid;

/// A child in a class, and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub learner_id: LearnerId,
    pub full_name: String,
    pub given_name: String,
    pub school_id: UnitId,
    pub school_name: String,
    pub class_id: ClassId,
    pub class_name: String,
    pub grade: Grade,
    /// When the child left, or when the next school year began; none: still there. What was sent before the child came is shown too.
    pub until: Option<DateTime<Utc>>,
}

#[derive(FromQueryResult)]
struct PlaceRow {
    learner_id: Uuid,
    full_name: String,
    given: String,
    school_id: Uuid,
    school_name: String,
    class_id: Uuid,
    class_name: String,
    grade: String,
    left_on: Option<NaiveDate>,
    starts_on: NaiveDate,
}

/// Midnight in Vietnam.
fn midnight(day: NaiveDate) -> DateTime<Utc> {
    FixedOffset::east_opt(7 * 3600)
        .and_then(|zone| zone.from_local_datetime(&day.and_time(NaiveTime::MIN)).single())
        .map_or_else(|| day.and_time(NaiveTime::MIN).and_utc(), |at| at.with_timezone(&Utc))
}

/// The classes of a guardian's children in all schools and years, the latest first; at most 40.
pub async fn places_of(conn: &impl ConnectionTrait, guardian: GuardianId) -> Result<Vec<Place>> {
    let mut children = Query::select();
    children.column("learner_id").from("guardian_link").and_where(Expr::col("guardian_id").eq(guardian.0));
    places(conn, Expr::col(("e", "learner_id")).in_subquery(children)).await
}

/// The same of a learner.
pub async fn places_of_learner(conn: &impl ConnectionTrait, learner: LearnerId) -> Result<Vec<Place>> {
    places(conn, Expr::col(("e", "learner_id")).eq(learner.0)).await
}

async fn places(conn: &impl ConnectionTrait, whose: Expr) -> Result<Vec<Place>> {
    let mut select = Query::select();
    select
        .columns([("l", "full_name"), ("l", "given"), ("c", "grade"), ("y", "starts_on")])
        .columns([("e", "learner_id"), ("e", "school_id"), ("e", "class_id"), ("e", "left_on")])
        .expr_as(Expr::col(("u", "name")), "school_name")
        .expr_as(Expr::col(("c", "name")), "class_name")
        .from_as("enrolment", "e")
        .join_as(JoinType::InnerJoin, "learner", "l", Expr::col(("l", "id")).equals(("e", "learner_id")))
        .join_as(JoinType::InnerJoin, "class", "c", Expr::col(("c", "id")).equals(("e", "class_id")))
        .join_as(JoinType::InnerJoin, "school_year", "y", Expr::col(("y", "id")).equals(("c", "school_year_id")))
        .join_as(JoinType::InnerJoin, "unit", "u", Expr::col(("u", "id")).equals(("e", "school_id")))
        .and_where(whose)
        .order_by(("e", "enrolled_on"), Order::Desc)
        .order_by(("l", "birth_date"), Order::Asc)
        .limit(40);
    let mut years = Query::select();
    years.column("starts_on").from("school_year").order_by("starts_on", Order::Asc);
    let years = conn.query_all(&years).await?;
    let years = years.iter().map(|row| row.try_get_by_index(0)).collect::<Result<Vec<NaiveDate>, _>>()?;
    crate::all::<PlaceRow>(conn, &select)
        .await?
        .into_iter()
        .map(|r| {
            let next = years.iter().copied().find(|year| *year > r.starts_on);
            Ok(Place {
                learner_id: LearnerId(r.learner_id),
                full_name: r.full_name,
                given_name: r.given,
                school_id: UnitId(r.school_id),
                school_name: r.school_name,
                class_id: ClassId(r.class_id),
                class_name: r.class_name,
                grade: crate::stored(&r.grade)?,
                until: r.left_on.into_iter().chain(next).min().map(midnight),
            })
        })
        .collect()
}

/// A guardian of a learner whom a notice is for. Somebody with two children there stands twice.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Recipient {
    pub guardian_id: Uuid,
    pub guardian_name: String,
    pub phone: Option<String>,
    pub learner_id: Uuid,
    pub learner_name: String,
    pub given: String,
    pub class_id: Uuid,
    pub class_name: String,
    grade_order: i16,
    sort_key: Vec<u8>,
    ordinal: i32,
}

/// Where a page of recipients ends.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RecipientKey(i16, Hex, i32, Uuid, Uuid);

impl Place {
    /// Is the child there at this instant?
    pub fn holds(&self, at: DateTime<Utc>) -> bool {
        self.until.is_none_or(|until| at < until)
    }
}

impl Recipient {
    pub fn key(&self) -> RecipientKey {
        RecipientKey(self.grade_order, Hex(self.sort_key.clone()), self.ordinal, self.learner_id, self.guardian_id)
    }
}

/// The families of a target today: those of a class, or of the school's classes of the current year.
async fn audience(conn: &impl ConnectionTrait, school: UnitId, target: &NoticeTarget) -> Result<SelectStatement> {
    let mut select = Query::select();
    select
        .from_as("enrolment", "e")
        .join_as(JoinType::InnerJoin, "class", "c", Expr::col(("c", "id")).equals(("e", "class_id")))
        .join_as(JoinType::InnerJoin, "guardian_link", "gl", Expr::col(("gl", "learner_id")).equals(("e", "learner_id")))
        .and_where(Expr::col(("e", "school_id")).eq(school.0))
        .cond_where(scope::open("e", "left_on"));
    if let NoticeTarget::Class { class_id } = target {
        select.and_where(Expr::col(("e", "class_id")).eq(class_id.0));
        return Ok(select);
    }
    let year = calendar::current_year_in(conn, clock::today()).await?.map_or(Uuid::nil(), |y| y.id.0);
    select.and_where(Expr::col(("c", "school_year_id")).eq(year));
    match target {
        NoticeTarget::Grade { grade } => select.and_where(Expr::col(("c", "grade")).eq(grade.as_str())),
        NoticeTarget::Learner { learner_id } => select.and_where(Expr::col(("e", "learner_id")).eq(learner_id.0)),
        NoticeTarget::School | NoticeTarget::Class { .. } => &mut select,
    };
    Ok(select)
}

/// Recipients by class and ordinal, behind a key. `among`: only those (`true`) or all but those (`false`) guardians.
pub async fn recipients(
    conn: &impl ConnectionTrait,
    school: UnitId,
    target: &NoticeTarget,
    among: Option<(bool, SelectStatement)>,
    after: Option<RecipientKey>,
    limit: u64,
) -> Result<Vec<Recipient>> {
    let mut select = audience(conn, school, target).await?;
    select
        .columns([("gl", "guardian_id"), ("gl", "learner_id"), ("l", "given"), ("g", "phone")])
        .columns([("e", "class_id"), ("c", "grade_order"), ("c", "sort_key"), ("e", "ordinal")])
        .expr_as(Expr::col(("g", "full_name")), "guardian_name")
        .expr_as(Expr::col(("l", "full_name")), "learner_name")
        .expr_as(Expr::col(("c", "name")), "class_name")
        .join_as(JoinType::InnerJoin, "guardian", "g", Expr::col(("g", "id")).equals(("gl", "guardian_id")))
        .join_as(JoinType::InnerJoin, "learner", "l", Expr::col(("l", "id")).equals(("gl", "learner_id")))
        .limit(limit);
    for column in [("c", "grade_order"), ("c", "sort_key"), ("e", "ordinal"), ("gl", "learner_id"), ("gl", "guardian_id")] {
        select.order_by(column, Order::Asc);
    }
    if let Some((inside, guardians)) = among {
        let column = Expr::col(("gl", "guardian_id"));
        select.and_where(if inside { column.in_subquery(guardians) } else { column.not_in_subquery(guardians) });
    }
    if let Some(RecipientKey(grade, Hex(sort), ordinal, learner, guardian)) = after {
        select.and_where(crate::after(
            [("c", "grade_order"), ("c", "sort_key"), ("e", "ordinal"), ("gl", "learner_id"), ("gl", "guardian_id")],
            [grade.into(), sort.into(), ordinal.into(), learner.into(), guardian.into()],
        ));
    }
    crate::all(conn, &select).await
}

/// How many guardians a notice is for.
pub async fn recipients_count(conn: &impl ConnectionTrait, school: UnitId, target: &NoticeTarget) -> Result<u32> {
    let mut select = audience(conn, school, target).await?;
    select.expr(Func::count_distinct(Expr::col(("gl", "guardian_id"))));
    let row = conn.query_one(&select).await?.ok_or_else(|| Error::internal("a count without a row"))?;
    Ok(u32::try_from(row.try_get_by_index::<i64>(0)?).unwrap_or(u32::MAX))
}

/// A class as the contact book names it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct ClassName {
    pub id: Uuid,
    pub school_id: Uuid,
    pub name: String,
}

/// The classes of a school that the permission reaches as a whole, in the current year, by grade and name.
pub async fn classes_of_school(
    conn: &impl ConnectionTrait,
    ctx: &Ctx,
    permission: Permission,
    school: UnitId,
) -> Result<Vec<ClassName>> {
    let year = calendar::current_year_in(conn, clock::today()).await?.map_or(Uuid::nil(), |y| y.id.0);
    let mut select = Query::select();
    select
        .columns([("c", "id"), ("c", "school_id"), ("c", "name")])
        .from_as("class", "c")
        .and_where(Expr::col(("c", "school_id")).eq(school.0))
        .and_where(Expr::col(("c", "school_year_id")).eq(year))
        .cond_where(scope::classes(&whole(ctx, permission), "c"))
        .order_by(("c", "grade_order"), Order::Asc)
        .order_by(("c", "sort_key"), Order::Asc);
    crate::all(conn, &select).await
}

fn whole(ctx: &Ctx, permission: Permission) -> Scope {
    Scope { taught: None, guardian: None, learner: None, ..ctx.reach(permission) }
}

/// A class that the permission reaches as a whole.
pub async fn class_reached(conn: &impl ConnectionTrait, ctx: &Ctx, permission: Permission, class: ClassId) -> Result<ClassName> {
    let mut select = Query::select();
    select
        .columns([("c", "id"), ("c", "school_id"), ("c", "name")])
        .from_as("class", "c")
        .and_where(Expr::col(("c", "id")).eq(class.0))
        .cond_where(scope::classes(&whole(ctx, permission), "c"));
    crate::one(conn, &select).await?.ok_or_else(|| Error::new(Code::NotFound))
}

/// Is the whole school in reach (not only a class of it)?
pub async fn school_reached(conn: &impl ConnectionTrait, ctx: &Ctx, permission: Permission, school: UnitId) -> Result<()> {
    let Some(schools) = schools_reached(ctx, permission) else { return Ok(()) };
    let mut select = Query::select();
    select.column("id").from("unit").and_where(Expr::col("id").eq(school.0)).and_where(Expr::col("id").in_subquery(schools));
    conn.query_one(&select).await?.map(|_| ()).ok_or_else(|| Error::new(Code::NotFound))
}

/// The units that the permission reaches as a whole; `None`: all.
pub fn schools_reached(ctx: &Ctx, permission: Permission) -> Option<SelectStatement> {
    let reach = ctx.reach(permission);
    (!reach.all).then(|| scope::under(&reach.units))
}

/// The classes whose homeroom teacher the caller is.
pub fn homeroom_classes(ctx: &Ctx, permission: Permission) -> Option<SelectStatement> {
    let staff = ctx.reach(permission).homeroom?;
    let mut select = Query::select();
    select.column("id").from("class").and_where(Expr::col("homeroom_staff_id").eq(staff));
    Some(select)
}

/// A guardian of a learner.
#[derive(Clone, Debug, FromQueryResult)]
pub struct GuardianName {
    pub learner_id: Uuid,
    pub guardian_id: Uuid,
    pub full_name: String,
    pub phone: Option<String>,
}

/// The guardians of learners. Unscoped: for callers who may see those learners.
pub async fn guardians_of(conn: &impl ConnectionTrait, learners: &[Uuid]) -> Result<HashMap<Uuid, Vec<GuardianName>>> {
    let mut of: HashMap<Uuid, Vec<GuardianName>> = HashMap::new();
    for some in learners.chunks(500) {
        let mut select = Query::select();
        select
            .columns([("gl", "learner_id"), ("gl", "guardian_id"), ("g", "full_name"), ("g", "phone")])
            .from_as("guardian_link", "gl")
            .join_as(JoinType::InnerJoin, "guardian", "g", Expr::col(("g", "id")).equals(("gl", "guardian_id")))
            .and_where(Expr::col(("gl", "learner_id")).is_in(some.iter().copied()))
            .order_by(("gl", "guardian_id"), Order::Asc);
        for row in crate::all::<GuardianName>(conn, &select).await? {
            of.entry(row.learner_id).or_default().push(row);
        }
    }
    Ok(of)
}

/// A guardian's name and phone number.
pub async fn guardian(conn: &impl ConnectionTrait, id: GuardianId) -> Result<Option<(String, Option<String>)>> {
    let mut select = Query::select();
    select.columns(["full_name", "phone"]).from("guardian").and_where(Expr::col("id").eq(id.0));
    let row = conn.query_one(&select).await?;
    row.map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).transpose()
}

/// Names of schools, learners, classes and subjects, for lists of the contact book. Unscoped: for rows that may be seen.
#[derive(Default)]
pub struct Names {
    pub schools: HashMap<Uuid, String>,
    pub classes: HashMap<Uuid, String>,
    /// Full and given name.
    pub learners: HashMap<Uuid, (String, String)>,
    /// Vietnamese and English.
    pub subjects: HashMap<String, (String, String)>,
    /// Who stands at the staff's end today: by class and subject (empty: homeroom), staff id and name.
    pub teachers: HashMap<(Uuid, String), Vec<(Uuid, String)>>,
}

impl Names {
    pub async fn of(conn: &impl ConnectionTrait, schools: &[Uuid], classes: &[Uuid], learners: &[Uuid]) -> Result<Names> {
        let mut names = Names::default();
        let mut select = Query::select();
        select.columns(["id", "name"]).from("unit").and_where(Expr::col("id").is_in(schools.iter().copied()));
        for row in conn.query_all(&select).await? {
            names.schools.insert(row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        }
        let mut select = Query::select();
        select
            .columns([("c", "id"), ("c", "name"), ("s", "id"), ("s", "full_name")])
            .from_as("class", "c")
            .join_as(JoinType::LeftJoin, "staff", "s", Expr::col(("s", "id")).equals(("c", "homeroom_staff_id")))
            .and_where(Expr::col(("c", "id")).is_in(classes.iter().copied()));
        for row in conn.query_all(&select).await? {
            let id: Uuid = row.try_get_by_index(0)?;
            names.classes.insert(id, row.try_get_by_index(1)?);
            if let Some(staff) = row.try_get_by_index::<Option<Uuid>>(2)? {
                names.teachers.entry((id, String::new())).or_default().push((staff, row.try_get_by_index(3)?));
            }
        }
        let mut select = Query::select();
        select
            .columns([("tg", "class_id"), ("tg", "subject_code"), ("s", "id"), ("s", "full_name")])
            .columns([("sj", "name_vi"), ("sj", "name_en")])
            .from_as("teaching", "tg")
            .join_as(JoinType::InnerJoin, "staff", "s", Expr::col(("s", "id")).equals(("tg", "staff_id")))
            .join_as(JoinType::InnerJoin, "subject", "sj", Expr::col(("sj", "code")).equals(("tg", "subject_code")))
            .and_where(Expr::col(("tg", "class_id")).is_in(classes.iter().copied()))
            .cond_where(scope::in_force("tg"));
        for row in conn.query_all(&select).await? {
            let (class, code): (Uuid, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            names.subjects.insert(code.clone(), (row.try_get_by_index(4)?, row.try_get_by_index(5)?));
            names.teachers.entry((class, code)).or_default().push((row.try_get_by_index(2)?, row.try_get_by_index(3)?));
        }
        let mut select = Query::select();
        select.columns(["id", "full_name", "given"]).from("learner").and_where(Expr::col("id").is_in(learners.iter().copied()));
        for row in conn.query_all(&select).await? {
            names.learners.insert(row.try_get_by_index(0)?, (row.try_get_by_index(1)?, row.try_get_by_index(2)?));
        }
        Ok(names)
    }
}

/// Is the learner in this class today?
pub async fn is_member(conn: &impl ConnectionTrait, school: UnitId, class: ClassId, learner: LearnerId) -> Result<bool> {
    let mut select = Query::select();
    select
        .expr(Expr::val(1))
        .from_as("enrolment", "e")
        .and_where(Expr::col(("e", "school_id")).eq(school.0))
        .and_where(Expr::col(("e", "class_id")).eq(class.0))
        .and_where(Expr::col(("e", "learner_id")).eq(learner.0))
        .cond_where(scope::open("e", "left_on"));
    Ok(conn.query_one(&select).await?.is_some())
}

/// How many learners are in classes today.
pub async fn class_sizes(conn: &impl ConnectionTrait, school: UnitId, classes: &[ClassName]) -> Result<HashMap<Uuid, u32>> {
    let mut select = Query::select();
    select
        .column(("e", "class_id"))
        .expr(Func::count(Expr::col(("e", "learner_id"))))
        .from_as("enrolment", "e")
        .and_where(Expr::col(("e", "school_id")).eq(school.0))
        .and_where(Expr::col(("e", "class_id")).is_in(classes.iter().map(|c| c.id)))
        .cond_where(scope::open("e", "left_on"))
        .group_by_col(("e", "class_id"));
    let rows = conn.query_all(&select).await?;
    rows.iter().map(|r| Ok((r.try_get_by_index(0)?, u32::try_from(r.try_get_by_index::<i64>(1)?).unwrap_or(u32::MAX)))).collect()
}
