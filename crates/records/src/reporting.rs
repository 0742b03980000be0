//! A school's people as files and figures for the authorities list them. Unscoped: for callers who may see the school as a whole.

use crate::scope::in_force;
use chrono::NaiveDate;
use dto::calendar::Grade;
use dto::classes::StaffRef;
use dto::learners::{LearnerStatus, Sex};
use dto::staff::Position;
use dto::{ClassId, LearnerId, SchoolYearId, StaffId, UnitId};
use kernel::Result;
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Order, Query};
use sea_orm::{ConnectionTrait, QueryResult};
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

/// A class of a year.
#[derive(Clone, Debug)]
pub struct ReportClass {
    pub id: ClassId,
    pub name: String,
    pub grade: Grade,
    pub homeroom: Option<StaffRef>,
}

/// A learner in a class of a year; of several classes the last.
#[derive(Clone, Debug)]
pub struct ReportLearner {
    pub id: LearnerId,
    /// Place of the class in the list of classes.
    pub class: usize,
    pub ordinal: i32,
    pub full_name: String,
    pub birth_date: NaiveDate,
    pub sex: Sex,
    pub ethnicity: Option<String>,
    pub personal_id: Option<String>,
    pub ministry_code: Option<String>,
    pub birthplace: Option<String>,
    pub address: Option<String>,
    /// Their status at this school, and since when; the latest.
    pub status: LearnerStatus,
    pub since: Option<NaiveDate>,
    /// Since when they are at the school.
    pub came_on: Option<NaiveDate>,
    pub left_on: Option<NaiveDate>,
}

/// A member of staff with a post in force.
#[derive(Clone, Debug)]
pub struct ReportStaff {
    pub id: StaffId,
    pub full_name: String,
    pub birth_date: Option<NaiveDate>,
    pub sex: Sex,
    pub ministry_code: Option<String>,
    pub phone: Option<String>,
    pub positions: Vec<Position>,
    /// Names of the subjects taught today, in Vietnamese.
    pub subjects: Vec<String>,
}

/// The classes of a school in a year, by grade and name.
pub async fn classes(conn: &impl ConnectionTrait, school: UnitId, year: SchoolYearId) -> Result<Vec<ReportClass>> {
    let mut query = Query::select();
    query
        .columns([("c", "id"), ("c", "name"), ("c", "grade"), ("h", "id"), ("h", "full_name")])
        .from_as("class", "c")
        .join_as(JoinType::LeftJoin, "staff", "h", Expr::col(("h", "id")).equals(("c", "homeroom_staff_id")))
        .and_where(Expr::col(("c", "school_id")).eq(school.0))
        .and_where(Expr::col(("c", "school_year_id")).eq(year.0))
        .order_by(("c", "grade_order"), Order::Asc)
        .order_by(("c", "sort_key"), Order::Asc)
        .order_by(("c", "id"), Order::Asc);
    let read = |row: &QueryResult| -> Result<ReportClass> {
        let homeroom = row.try_get_by_index::<Option<Uuid>>(3)?.zip(row.try_get_by_index::<Option<String>>(4)?);
        Ok(ReportClass {
            id: ClassId(row.try_get_by_index(0)?),
            name: row.try_get_by_index(1)?,
            grade: crate::stored(&row.try_get_by_index::<String>(2)?)?,
            homeroom: homeroom.map(|(id, full_name)| StaffRef { id: StaffId(id), full_name }),
        })
    };
    conn.query_all(&query).await?.iter().map(read).collect()
}

/// The learners of the classes of a year, class by class in the order of their ordinals.
pub async fn learners(
    conn: &impl ConnectionTrait,
    school: UnitId,
    year: SchoolYearId,
    classes: &[ReportClass],
) -> Result<Vec<ReportLearner>> {
    let statuses = statuses(conn, school).await?;
    let mut query = Query::select();
    query
        .columns([("e", "class_id"), ("e", "learner_id"), ("e", "ordinal"), ("e", "left_on")])
        .columns([("l", "full_name"), ("l", "birth_date"), ("l", "sex"), ("l", "ethnicity"), ("l", "personal_id")])
        .columns([("l", "ministry_code"), ("l", "birthplace"), ("l", "address"), ("l", "status")])
        .from_as("enrolment", "e")
        .join_as(JoinType::InnerJoin, "learner", "l", Expr::col(("l", "id")).equals(("e", "learner_id")))
        .join_as(JoinType::InnerJoin, "class", "c", Expr::col(("c", "id")).equals(("e", "class_id")))
        .and_where(Expr::col(("e", "school_id")).eq(school.0))
        .and_where(Expr::col(("c", "school_year_id")).eq(year.0))
        .order_by(("e", "enrolled_on"), Order::Asc);
    let place: HashMap<Uuid, usize> = classes.iter().enumerate().map(|(at, class)| (class.id.0, at)).collect();
    let mut last: HashMap<Uuid, ReportLearner> = HashMap::new();
    for row in conn.query_all(&query).await? {
        let Some(class) = place.get(&row.try_get_by_index::<Uuid>(0)?).copied() else { continue };
        let id: Uuid = row.try_get_by_index(1)?;
        let history = statuses.get(&id).map_or(&[][..], Vec::as_slice);
        let own: LearnerStatus = crate::stored(&row.try_get_by_index::<String>(12)?)?;
        let learner = ReportLearner {
            id: LearnerId(id),
            class,
            ordinal: row.try_get_by_index(2)?,
            left_on: row.try_get_by_index(3)?,
            full_name: row.try_get_by_index(4)?,
            birth_date: row.try_get_by_index(5)?,
            sex: crate::stored(&row.try_get_by_index::<String>(6)?)?,
            ethnicity: row.try_get_by_index(7)?,
            personal_id: row.try_get_by_index(8)?,
            ministry_code: row.try_get_by_index(9)?,
            birthplace: row.try_get_by_index(10)?,
            address: row.try_get_by_index(11)?,
            status: history.last().map_or(own, |(_, status)| *status),
            since: history.last().map(|(since, _)| *since),
            came_on: history
                .iter()
                .rev()
                .find(|(_, status)| *status != LearnerStatus::Returned && status.present())
                .map(|(day, _)| *day),
        };
        last.insert(id, learner);
    }
    let mut all: Vec<_> = last.into_values().collect();
    all.sort_by_key(|learner| (learner.class, learner.ordinal, learner.id));
    Ok(all)
}

/// The statuses of learners at a school, the oldest first.
async fn statuses(conn: &impl ConnectionTrait, school: UnitId) -> Result<HashMap<Uuid, Vec<(NaiveDate, LearnerStatus)>>> {
    let mut query = Query::select();
    query
        .columns(["learner_id", "since", "status"])
        .from("learner_status")
        .and_where(Expr::col("school_id").eq(school.0))
        .order_by("since", Order::Asc)
        .order_by("id", Order::Asc);
    let mut all: HashMap<Uuid, Vec<_>> = HashMap::new();
    for row in conn.query_all(&query).await? {
        let status = crate::stored(&row.try_get_by_index::<String>(2)?)?;
        all.entry(row.try_get_by_index(0)?).or_default().push((row.try_get_by_index(1)?, status));
    }
    Ok(all)
}

/// Who has a post at a school today, by name.
pub async fn staff(conn: &impl ConnectionTrait, school: UnitId) -> Result<Vec<ReportStaff>> {
    let mut query = Query::select();
    query
        .columns([("s", "id"), ("s", "full_name"), ("s", "birth_date"), ("s", "sex"), ("s", "ministry_code"), ("s", "phone")])
        .columns([("p", "position"), ("s", "sort_key")])
        .from_as("staff_post", "p")
        .join_as(JoinType::InnerJoin, "staff", "s", Expr::col(("s", "id")).equals(("p", "staff_id")))
        .and_where(Expr::col(("p", "unit_id")).eq(school.0))
        .cond_where(in_force("p"))
        .order_by(("s", "sort_key"), Order::Asc)
        .order_by(("s", "id"), Order::Asc)
        .order_by(("p", "valid_from"), Order::Asc);
    let mut all: Vec<ReportStaff> = Vec::new();
    for row in conn.query_all(&query).await? {
        let (id, position) = (StaffId(row.try_get_by_index(0)?), crate::stored(&row.try_get_by_index::<String>(6)?)?);
        match all.last_mut().filter(|last| last.id == id) {
            Some(last) if !last.positions.contains(&position) => last.positions.push(position),
            Some(_) => {}
            None => all.push(ReportStaff {
                id,
                full_name: row.try_get_by_index(1)?,
                birth_date: row.try_get_by_index(2)?,
                sex: crate::stored(&row.try_get_by_index::<String>(3)?)?,
                ministry_code: row.try_get_by_index(4)?,
                phone: row.try_get_by_index(5)?,
                positions: vec![position],
                subjects: Vec::new(),
            }),
        }
    }
    let taught = taught(conn, school).await?;
    for one in &mut all {
        one.subjects = taught.get(&one.id.0).cloned().unwrap_or_default();
    }
    Ok(all)
}

async fn taught(conn: &impl ConnectionTrait, school: UnitId) -> Result<HashMap<Uuid, Vec<String>>> {
    let mut query = Query::select();
    query
        .distinct()
        .columns([("tg", "staff_id"), ("s", "name_vi"), ("s", "position")])
        .from_as("teaching", "tg")
        .join_as(JoinType::InnerJoin, "class", "c", Expr::col(("c", "id")).equals(("tg", "class_id")))
        .join_as(JoinType::InnerJoin, "subject", "s", Expr::col(("s", "code")).equals(("tg", "subject_code")))
        .and_where(Expr::col(("c", "school_id")).eq(school.0))
        .cond_where(in_force("tg"))
        .order_by(("s", "position"), Order::Asc);
    let mut all: HashMap<Uuid, Vec<String>> = HashMap::new();
    for row in conn.query_all(&query).await? {
        all.entry(row.try_get_by_index(0)?).or_default().push(row.try_get_by_index(1)?);
    }
    Ok(all)
}

/// A line of the register of admissions (sổ đăng bộ).
#[derive(Clone, Debug)]
pub struct Admitted {
    pub id: LearnerId,
    pub full_name: String,
    pub birth_date: NaiveDate,
    pub sex: Sex,
    pub ethnicity: Option<String>,
    pub personal_id: Option<String>,
    pub ministry_code: Option<String>,
    pub birthplace: Option<String>,
    pub address: Option<String>,
    pub came_on: NaiveDate,
    /// How they came: new, or from another school.
    pub how: LearnerStatus,
    /// The first class at the school.
    pub class: Option<String>,
    pub guardians: Vec<String>,
    /// How and when they left, where they have.
    pub left: Option<(NaiveDate, LearnerStatus, Option<String>)>,
}

/// Who came to a school from a day to another, both included, in the order of coming and then of names.
pub async fn admitted(conn: &impl ConnectionTrait, school: UnitId, from: NaiveDate, to: NaiveDate) -> Result<Vec<Admitted>> {
    let mut query = Query::select();
    query
        .columns([("t", "learner_id"), ("t", "since"), ("t", "status"), ("t", "reason")])
        .columns([("l", "full_name"), ("l", "birth_date"), ("l", "sex"), ("l", "ethnicity"), ("l", "personal_id")])
        .columns([("l", "ministry_code"), ("l", "birthplace"), ("l", "address"), ("l", "school_id")])
        .from_as("learner_status", "t")
        .join_as(JoinType::InnerJoin, "learner", "l", Expr::col(("l", "id")).equals(("t", "learner_id")))
        .and_where(Expr::col(("t", "school_id")).eq(school.0))
        .order_by(("l", "sort_key"), Order::Asc)
        .order_by(("t", "learner_id"), Order::Asc)
        .order_by(("t", "since"), Order::Asc)
        .order_by(("t", "id"), Order::Asc);
    let mut all: Vec<Admitted> = Vec::new();
    let mut away = HashSet::new();
    for row in conn.query_all(&query).await? {
        let id = LearnerId(row.try_get_by_index(0)?);
        let (since, status): (NaiveDate, LearnerStatus) =
            (row.try_get_by_index(1)?, crate::stored(&row.try_get_by_index::<String>(2)?)?);
        if row.try_get_by_index::<Option<Uuid>>(12)? != Some(school.0) {
            away.insert(id);
        }
        let reason: Option<String> = row.try_get_by_index(3)?;
        if let Some(known) = all.last_mut().filter(|known| known.id == id) {
            known.left = match status {
                LearnerStatus::TransferredOut | LearnerStatus::Left | LearnerStatus::Completed => Some((since, status, reason)),
                _ => None,
            };
            continue;
        }
        all.push(Admitted {
            id,
            full_name: row.try_get_by_index(4)?,
            birth_date: row.try_get_by_index(5)?,
            sex: crate::stored(&row.try_get_by_index::<String>(6)?)?,
            ethnicity: row.try_get_by_index(7)?,
            personal_id: row.try_get_by_index(8)?,
            ministry_code: row.try_get_by_index(9)?,
            birthplace: row.try_get_by_index(10)?,
            address: row.try_get_by_index(11)?,
            came_on: since,
            how: status,
            class: None,
            guardians: Vec::new(),
            left: None,
        });
    }
    all.retain(|one| (from..=to).contains(&one.came_on));
    all.sort_by_key(|one| one.came_on);
    let ids: Vec<Uuid> = all.iter().map(|one| one.id.0).collect();
    let (first, families) = (first_classes(conn, school, &ids).await?, families(conn, &ids).await?);
    for one in &mut all {
        one.class = first.get(&one.id.0).cloned();
        // Where somebody lives and who answers for them is told by the school that they are at.
        if away.contains(&one.id) {
            one.address = None;
        } else {
            one.guardians = families.get(&one.id.0).cloned().unwrap_or_default();
        }
    }
    Ok(all)
}

async fn first_classes(conn: &impl ConnectionTrait, school: UnitId, learners: &[Uuid]) -> Result<BTreeMap<Uuid, String>> {
    let mut first = BTreeMap::new();
    for some in learners.chunks(2000) {
        let mut query = Query::select();
        query
            .columns([("e", "learner_id"), ("c", "name")])
            .from_as("enrolment", "e")
            .join_as(JoinType::InnerJoin, "class", "c", Expr::col(("c", "id")).equals(("e", "class_id")))
            .and_where(Expr::col(("e", "school_id")).eq(school.0))
            .and_where(Expr::col(("e", "learner_id")).is_in(some.iter().copied()))
            .order_by(("e", "enrolled_on"), Order::Asc);
        for row in conn.query_all(&query).await? {
            first.entry(row.try_get_by_index(0)?).or_insert(row.try_get_by_index(1)?);
        }
    }
    Ok(first)
}

async fn families(conn: &impl ConnectionTrait, learners: &[Uuid]) -> Result<HashMap<Uuid, Vec<String>>> {
    let mut all: HashMap<Uuid, Vec<String>> = HashMap::new();
    for some in learners.chunks(2000) {
        let mut query = Query::select();
        query
            .columns([("k", "learner_id"), ("g", "full_name")])
            .from_as("guardian_link", "k")
            .join_as(JoinType::InnerJoin, "guardian", "g", Expr::col(("g", "id")).equals(("k", "guardian_id")))
            .and_where(Expr::col(("k", "learner_id")).is_in(some.iter().copied()))
            .order_by(("k", "relation"), Order::Asc)
            .order_by(("g", "search_text"), Order::Asc);
        for row in conn.query_all(&query).await? {
            all.entry(row.try_get_by_index(0)?).or_default().push(row.try_get_by_index(1)?);
        }
    }
    Ok(all)
}
