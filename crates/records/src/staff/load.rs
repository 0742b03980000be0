//! How many periods teachers have: from the assignments of classes, homeroom classes and duties, by TT 05/2025.
//!
//! A load is a person's over all schools. Its norm is that of the main school: the one of the highest post, then the one with most periods. The
//! figures are those of a day, taken for the whole year: 35 weeks of what is assigned on it.

use super::records::facts_of;
use super::{query, records};
use crate::calendar;
use crate::units;
use chrono::NaiveDate;
use dto::access::Permission;
use dto::staff::Position;
use dto::staff_load::{LoadPolicy, LoadQuery, PutLoadPolicy, SchoolLoads, StaffLoad};
use dto::staff_records::{RecordKind, StaffFacts};
use dto::units::SchoolLevel;
use dto::{Code, StaffId, UnitId};
use kernel::{Ctx, Db, Error, Event, Result, clock};
use regulations::curriculum::{TOPIC_CLUSTER_PERIODS, stage};
use regulations::tt05_2025::{
    Held, Input, LoadChoices, NormPost, NormSchool, OvertimeBase, Periods, Stage, Taught, TeachingDuty, evaluate,
};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, JoinType, OnConflict, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Posts that have a norm, the highest first.
const POSTS: [Position; 3] = [Position::Principal, Position::Deputy, Position::Teacher];

#[derive(FromQueryResult)]
struct PostRow {
    staff_id: Uuid,
    full_name: String,
    unit_id: Uuid,
    unit_name: String,
    levels: String,
    position: String,
}

#[derive(FromQueryResult)]
struct TeachingRow {
    staff_id: Uuid,
    class_id: Uuid,
    class_name: String,
    grade: String,
    school_id: Uuid,
    school_name: String,
    homeroom_staff_id: Option<Uuid>,
    subject_code: String,
    name_vi: String,
    name_en: String,
    annual_periods: i16,
    topics: Option<bool>,
}

/// From a day (included) to a day (excluded), both of that table.
fn on_day(table: &'static str, on: NaiveDate) -> Condition {
    Condition::all()
        .add(Expr::col((table, "valid_from")).lte(on))
        .add(Condition::any().add(Expr::col((table, "valid_to")).is_null()).add(Expr::col((table, "valid_to")).gt(on)))
}

/// The people of a school with a norm, or one person: where they stand on a day.
async fn posts(conn: &impl ConnectionTrait, who: Condition, on: NaiveDate) -> Result<Vec<PostRow>> {
    let mut select = Query::select();
    select
        .columns([("s", "full_name"), ("p", "staff_id"), ("p", "unit_id"), ("p", "position")])
        .expr_as(Expr::col(("u", "name")), "unit_name")
        .column(("u", "levels"))
        .from_as("staff", "s")
        .join_as(JoinType::InnerJoin, "staff_post", "p", Expr::col(("p", "staff_id")).equals(("s", "id")))
        .join_as(JoinType::InnerJoin, "unit", "u", Expr::col(("u", "id")).equals(("p", "unit_id")))
        .cond_where(who)
        .and_where(Expr::col(("p", "position")).is_in(POSTS.map(|post| post.as_str())))
        .cond_where(on_day("p", on))
        .order_by(("s", "sort_key"), Order::Asc)
        .order_by(("s", "id"), Order::Asc)
        .order_by(("p", "valid_from"), Order::Asc)
        .order_by(("p", "unit_id"), Order::Asc);
    crate::all(conn, &select).await
}

/// Who has a post with a norm at a school on a day.
fn posted_at(school: UnitId, on: NaiveDate) -> SelectStatement {
    let mut select = Query::select();
    select
        .column(("here", "staff_id"))
        .from_as("staff_post", "here")
        .and_where(Expr::col(("here", "unit_id")).eq(school.0))
        .and_where(Expr::col(("here", "position")).is_in(POSTS.map(|post| post.as_str())))
        .cond_where(on_day("here", on));
    select
}

async fn teaching(conn: &impl ConnectionTrait, who: Condition, year: Uuid, on: NaiveDate) -> Result<Vec<TeachingRow>> {
    let mut select = Query::select();
    select
        .columns([("t", "staff_id"), ("t", "class_id"), ("t", "subject_code")])
        .expr_as(Expr::col(("c", "name")), "class_name")
        .columns([("c", "grade"), ("c", "school_id"), ("c", "homeroom_staff_id")])
        .expr_as(Expr::col(("u", "name")), "school_name")
        .columns([("j", "name_vi"), ("j", "name_en"), ("cs", "annual_periods"), ("cs", "topics")])
        .from_as("staff", "s")
        .join_as(JoinType::InnerJoin, "teaching", "t", Expr::col(("t", "staff_id")).equals(("s", "id")))
        .join_as(JoinType::InnerJoin, "class", "c", Expr::col(("c", "id")).equals(("t", "class_id")))
        .join_as(JoinType::InnerJoin, "unit", "u", Expr::col(("u", "id")).equals(("c", "school_id")))
        .join_as(
            JoinType::InnerJoin,
            "class_subject",
            "cs",
            Expr::col(("cs", "class_id"))
                .equals(("t", "class_id"))
                .and(Expr::col(("cs", "subject_code")).equals(("t", "subject_code"))),
        )
        .join_as(JoinType::InnerJoin, "subject", "j", Expr::col(("j", "code")).equals(("t", "subject_code")))
        .cond_where(who)
        .and_where(Expr::col(("c", "school_year_id")).eq(year))
        .cond_where(on_day("t", on))
        .order_by(("u", "sort_key"), Order::Asc)
        .order_by(("c", "grade_order"), Order::Asc)
        .order_by(("c", "sort_key"), Order::Asc)
        .order_by(("cs", "position"), Order::Asc);
    crate::all(conn, &select).await
}

/// How many teach each subject of these classes on a day.
async fn sharing(conn: &impl ConnectionTrait, classes: &[Uuid], on: NaiveDate) -> Result<HashMap<(Uuid, String), i32>> {
    let mut select = Query::select();
    select
        .columns([("t", "class_id"), ("t", "subject_code")])
        .expr(Expr::col(("t", "staff_id")).count())
        .from_as("teaching", "t")
        .and_where(Expr::col(("t", "class_id")).is_in(classes.iter().copied()))
        .cond_where(on_day("t", on))
        .group_by_columns([("t", "class_id"), ("t", "subject_code")]);
    let rows = conn.query_all(&select).await?;
    rows.iter()
        .map(|row| {
            let teachers: i64 = row.try_get_by_index(2)?;
            Ok(((row.try_get_by_index(0)?, row.try_get_by_index(1)?), i32::try_from(teachers).unwrap_or(1)))
        })
        .collect()
}

/// Duties and leave that hold on a day, of each person.
async fn held(conn: &impl ConnectionTrait, who: Condition, on: NaiveDate) -> Result<HashMap<Uuid, Vec<StaffFacts>>> {
    let mut select = Query::select();
    select
        .columns([("r", "staff_id"), ("r", "facts")])
        .from_as("staff", "s")
        .join_as(JoinType::InnerJoin, "staff_record", "r", Expr::col(("r", "staff_id")).equals(("s", "id")))
        .cond_where(who)
        .and_where(Expr::col(("r", "kind")).is_in([RecordKind::Duty, RecordKind::Leave].map(|kind| kind.as_str())))
        .and_where(Expr::col(("r", "withdrawn")).eq(false))
        .cond_where(records::holds_on("r", on))
        .order_by(("r", "id"), Order::Asc);
    let mut found: HashMap<Uuid, Vec<StaffFacts>> = HashMap::new();
    for row in &conn.query_all(&select).await? {
        let facts: String = row.try_get_by_index(1)?;
        found.entry(row.try_get_by_index(0)?).or_default().push(facts_of(&facts)?);
    }
    Ok(found)
}

/// The homeroom classes of people in a year.
async fn homerooms(conn: &impl ConnectionTrait, who: Condition, year: Uuid) -> Result<HashMap<Uuid, Vec<String>>> {
    let mut select = Query::select();
    select
        .columns([("s", "id"), ("c", "name")])
        .from_as("staff", "s")
        .join_as(JoinType::InnerJoin, "class", "c", Expr::col(("c", "homeroom_staff_id")).equals(("s", "id")))
        .cond_where(who)
        .and_where(Expr::col(("c", "school_year_id")).eq(year))
        .order_by(("c", "sort_key"), Order::Asc);
    let mut found: HashMap<Uuid, Vec<String>> = HashMap::new();
    for row in &conn.query_all(&select).await? {
        found.entry(row.try_get_by_index(0)?).or_default().push(row.try_get_by_index(1)?);
    }
    Ok(found)
}

/// What nobody has set yet.
fn usual() -> LoadPolicy {
    LoadPolicy { norm_school: NormSchool::Ordinary, choices: LoadChoices::default(), version: 0 }
}

/// A name that an enumeration of the regulations has in JSON, as a table keeps it.
fn word(value: impl serde::Serialize) -> Result<String> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        other => Err(Error::internal(format!("{other:?} is no word"))),
    }
}

fn of_word<T: serde::de::DeserializeOwned>(word: String) -> Result<T> {
    serde_json::from_value(serde_json::Value::String(word)).map_err(Error::internal)
}

/// What schools have set.
async fn policies(conn: &impl ConnectionTrait, schools: impl IntoIterator<Item = Uuid>) -> Result<HashMap<Uuid, LoadPolicy>> {
    let mut select = Query::select();
    select
        .columns(["school_id", "norm_school", "overtime_base", "homeroom_periods_count", "version"])
        .from("staff_load_policy")
        .and_where(Expr::col("school_id").is_in(schools));
    let rows = conn.query_all(&select).await?;
    rows.iter()
        .map(|row| {
            let choices = LoadChoices {
                overtime_base: of_word::<OvertimeBase>(row.try_get_by_index(2)?)?,
                homeroom_periods_count: row.try_get_by_index(3)?,
            };
            let norm_school = of_word(row.try_get_by_index(1)?)?;
            Ok((row.try_get_by_index(0)?, LoadPolicy { norm_school, choices, version: row.try_get_by_index(4)? }))
        })
        .collect()
}

/// Everything that the loads of some people are made of.
struct Desk {
    on: NaiveDate,
    school_year: String,
    teaching: HashMap<Uuid, Vec<TeachingRow>>,
    sharing: HashMap<(Uuid, String), i32>,
    held: HashMap<Uuid, Vec<StaffFacts>>,
    homerooms: HashMap<Uuid, Vec<String>>,
    policies: HashMap<Uuid, LoadPolicy>,
}

/// The loads of people, by name. `who` is a condition on `s`.
async fn loads(conn: &impl ConnectionTrait, ctx: &Ctx, who: Condition, on: NaiveDate) -> Result<(Vec<StaffLoad>, String)> {
    let year = calendar::current_year_in(conn, on).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    let posts = posts(conn, who.clone(), on).await?;
    let mut taught: HashMap<Uuid, Vec<TeachingRow>> = HashMap::new();
    for row in teaching(conn, who.clone(), year.id.0, on).await? {
        taught.entry(row.staff_id).or_default().push(row);
    }
    let mut classes: Vec<Uuid> = taught.values().flatten().map(|row| row.class_id).collect();
    classes.sort_unstable();
    classes.dedup();
    let desk = Desk {
        on,
        sharing: sharing(conn, &classes, on).await?,
        teaching: taught,
        held: held(conn, who.clone(), on).await?,
        homerooms: homerooms(conn, who, year.id.0).await?,
        policies: policies(conn, posts.iter().map(|post| post.unit_id)).await?,
        school_year: year.code,
    };
    let mut rows = Vec::new();
    for of_one in posts.chunk_by(|a, b| a.staff_id == b.staff_id) {
        rows.extend(desk.load(ctx, of_one)?);
    }
    Ok((rows, desk.school_year))
}

impl Desk {
    fn annual(&self, row: &TeachingRow) -> Periods {
        let topics = if row.topics == Some(true) { i32::from(TOPIC_CLUSTER_PERIODS) } else { 0 };
        Periods::whole(i32::from(row.annual_periods) + topics)
    }

    fn teachers(&self, row: &TeachingRow) -> i32 {
        self.sharing.get(&(row.class_id, row.subject_code.clone())).copied().unwrap_or(1)
    }

    /// Periods a year of a person at a school.
    fn periods_at(&self, rows: &[TeachingRow], school: Uuid) -> Periods {
        rows.iter()
            .filter(|row| row.school_id == school)
            .fold(Periods::ZERO, |sum, row| sum.plus(self.annual(row).shared(self.teachers(row))))
    }

    /// The load of one person, from all their posts.
    fn load(&self, ctx: &Ctx, posts: &[PostRow]) -> Result<Option<StaffLoad>> {
        let Some(first) = posts.first() else { return Ok(None) };
        let none = Vec::new();
        let rows = self.teaching.get(&first.staff_id).unwrap_or(&none);
        let rank = |post: &PostRow| POSTS.iter().position(|one| one.as_str() == post.position);
        let Some(main) = posts.iter().min_by_key(|post| (rank(post), std::cmp::Reverse(self.periods_at(rows, post.unit_id))))
        else {
            return Ok(None);
        };
        let policy = self.policies.get(&main.unit_id).copied().unwrap_or_else(usual);
        let taught: Vec<Taught> = rows.iter().map(|row| self.taught(ctx, row, main.unit_id)).collect();
        let facts = self.held.get(&main.staff_id).map(Vec::as_slice).unwrap_or_default();
        let position: Position = crate::stored(&main.position)?;
        let stage = self.stage(rows, main)?;
        let load = evaluate(&Input {
            stage,
            kind: policy.norm_school,
            teacher: match position {
                Position::Principal => NormPost::Head,
                Position::Deputy => NormPost::Deputy,
                _ => NormPost::Teacher,
            },
            duties: &self.duties(main.staff_id, facts),
            taught: &taught,
            choices: policy.choices,
        });
        Ok(Some(StaffLoad {
            staff_id: StaffId(main.staff_id),
            full_name: main.full_name.clone(),
            position,
            school_id: UnitId(main.unit_id),
            school_name: main.unit_name.clone(),
            stage,
            on_leave: facts.iter().any(|facts| matches!(facts, StaffFacts::Leave { .. })),
            elsewhere: rows.iter().any(|row| row.school_id != main.unit_id),
            on: self.on,
            school_year: self.school_year.clone(),
            load,
        }))
    }

    fn taught(&self, ctx: &Ctx, row: &TeachingRow, main: Uuid) -> Taught {
        let subject = ctx.lang.pick(&row.name_vi, &row.name_en);
        let place = if row.school_id == main { String::new() } else { format!(", {}", row.school_name) };
        Taught {
            what: format!("{subject} {}{place}", row.class_name),
            annual: self.annual(row),
            teachers: self.teachers(row),
            homeroom: row.homeroom_staff_id == Some(row.staff_id) && row.subject_code.starts_with("HDTN"),
        }
    }

    /// The stage with most periods; the main school's lowest where nothing is taught.
    fn stage(&self, rows: &[TeachingRow], main: &PostRow) -> Result<Option<Stage>> {
        let mut periods: BTreeMap<Stage, Periods> = BTreeMap::new();
        for row in rows {
            let grade: dto::calendar::Grade = crate::stored(&row.grade)?;
            if let Some(stage) = grade.number().and_then(stage) {
                let sum = periods.entry(stage).or_default();
                *sum = sum.plus(self.annual(row).shared(self.teachers(row)));
            }
        }
        // Of equals the lower one.
        if let Some((stage, _)) = periods.into_iter().rev().max_by_key(|(_, sum)| *sum) {
            return Ok(Some(stage));
        }
        let levels: Vec<SchoolLevel> =
            main.levels.split(',').filter(|level| !level.is_empty()).map(crate::stored).collect::<Result<_>>()?;
        let stage = |level: &SchoolLevel| match level {
            SchoolLevel::Preschool => None,
            SchoolLevel::Primary => Some(Stage::Primary),
            SchoolLevel::LowerSecondary => Some(Stage::LowerSecondary),
            SchoolLevel::UpperSecondary => Some(Stage::UpperSecondary),
        };
        Ok(levels.iter().filter_map(stage).min())
    }

    fn duties(&self, staff: Uuid, facts: &[StaffFacts]) -> Vec<Held> {
        let mut duties = Vec::new();
        for class in self.homerooms.get(&staff).into_iter().flatten() {
            duties.push(Held { duty: TeachingDuty::Homeroom, of: class.clone(), periods: None, paid: false });
        }
        for facts in facts {
            if let StaffFacts::Duty { duty, periods, paid, of } = facts {
                duties.push(Held {
                    duty: *duty,
                    of: of.clone().unwrap_or_default(),
                    periods: periods.map(|n| Periods::whole(i32::from(n))),
                    paid: *paid,
                });
            }
        }
        duties
    }
}

fn one(staff: StaffId) -> Condition {
    Condition::all().add(Expr::col(("s", "id")).eq(staff.0))
}

fn day(query: &LoadQuery) -> Result<NaiveDate> {
    query.on.map_or_else(|| Ok(clock::today()), |day| crate::input::day("/on", day))
}

async fn load_of(conn: &impl ConnectionTrait, ctx: &Ctx, staff: StaffId, query: &LoadQuery) -> Result<StaffLoad> {
    let (mut rows, _) = loads(conn, ctx, one(staff), day(query)?).await?;
    rows.pop().ok_or_else(|| Error::new(Code::NotFound))
}

/// A person's load with its lines.
///
/// Errors: `not_found`, also for who has no post with a norm on that day.
pub async fn of_staff(db: &Db, ctx: &Ctx, staff: StaffId, query: &LoadQuery) -> Result<StaffLoad> {
    query::find(db.read(), ctx, Permission::StaffRead, staff, false).await?;
    load_of(db.read(), ctx, staff, query).await
}

/// One's own load.
///
/// Errors: `not_found`, also for who has no post with a norm on that day.
pub async fn own(db: &Db, ctx: &Ctx, query: &LoadQuery) -> Result<StaffLoad> {
    load_of(db.read(), ctx, records::me(ctx)?, query).await
}

/// The loads of all teachers and heads of a school.
///
/// Errors: `not_found`.
pub async fn of_school(db: &Db, ctx: &Ctx, school: UnitId, query: &LoadQuery) -> Result<SchoolLoads> {
    let conn = db.read();
    let unit = units::school_in(conn, ctx, Permission::StaffRead, school).await?;
    let on = day(query)?;
    let who = Condition::all().add(Expr::col(("s", "id")).in_subquery(posted_at(school, on)));
    let (rows, school_year) = loads(conn, ctx, who, on).await?;
    let writable = match units::school_in(conn, ctx, Permission::StaffWrite, school).await {
        Ok(_) => true,
        Err(e) if e.code() == Code::NotFound => false,
        Err(e) => return Err(e),
    };
    let policy = policies(conn, [school.0]).await?.remove(&school.0).unwrap_or_else(usual);
    Ok(SchoolLoads { school_id: school, school_name: unit.name, school_year, on, policy, writable, rows })
}

/// Sets what a school's loads are reckoned by. `version` is that of what was read, 0 where nothing was set.
///
/// Errors: `not_found`, `version_conflict`.
pub async fn put_policy(db: &Db, ctx: &Ctx, school: UnitId, version: i64, body: &PutLoadPolicy) -> Result<LoadPolicy> {
    db.write(ctx, async |tx| {
        let conn = tx.conn();
        units::school_in(conn, ctx, Permission::StaffWrite, school).await?;
        let before = policies(conn, [school.0]).await?.remove(&school.0).unwrap_or_else(usual);
        if before.version != version {
            return Err(Error::new(Code::VersionConflict));
        }
        let after = LoadPolicy { norm_school: body.norm_school, choices: body.choices, version: version.saturating_add(1) };
        let mut insert = Query::insert();
        insert
            .into_table("staff_load_policy")
            .columns(["school_id", "norm_school", "overtime_base", "homeroom_periods_count", "version"])
            .values_panic([
                school.0.into(),
                word(after.norm_school)?.into(),
                word(after.choices.overtime_base)?.into(),
                after.choices.homeroom_periods_count.into(),
                after.version.into(),
            ])
            .on_conflict(
                OnConflict::column("school_id")
                    .update_columns(["norm_school", "overtime_base", "homeroom_periods_count", "version"])
                    .action_and_where(Expr::col(("staff_load_policy", "version")).eq(version))
                    .to_owned(),
            );
        if conn.execute(&insert).await?.rows_affected() == 0 {
            return Err(Error::new(Code::VersionConflict));
        }
        let event = Event::new(Some(school), "staff.load_policy", "unit", school).before(&before).after(&after);
        Ok((after, vec![event]))
    })
    .await
}
