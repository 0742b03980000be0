//! What the rules look at, of a whole school or of single records of it, in a few statements.

use super::rules::{self, ClassFacts, LearnerFacts, StaffFacts};
use crate::calendar;
use crate::classes::entity::{class, enrolment, teaching};
use crate::classes::level_of;
use crate::learners::entity::learner;
use crate::staff::entity::{post, staff};
use dto::UnitId;
use dto::learners::LearnerStatus;
use dto::quality::{QualityRule, QualitySubject};
use dto::staff::Position;
use kernel::text::fold;
use kernel::{Result, clock};
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// What a rule finds of a record.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Hit {
    pub rule: QualityRule,
    pub subject_id: Uuid,
    pub title: String,
    pub vi: String,
    pub en: String,
}

/// Which records are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looked {
    All,
    /// One of them; the rules of its kind alone.
    One(QualitySubject, Uuid),
}

impl Looked {
    pub(super) fn takes(self, subject: QualitySubject) -> bool {
        match self {
            Looked::All => true,
            Looked::One(kind, _) => kind == subject,
        }
    }

    /// Whether a rule runs now.
    pub(super) fn runs(self, rule: QualityRule) -> bool {
        self == Looked::All || !rules::comes_after(rule)
    }

    pub(super) fn one(self) -> Option<Uuid> {
        match self {
            Looked::All => None,
            Looked::One(_, id) => Some(id),
        }
    }
}

/// All that the rules find.
pub(super) async fn hits(conn: &impl ConnectionTrait, school: UnitId, looked: Looked) -> Result<Vec<Hit>> {
    let mut out = Vec::new();
    if looked.takes(QualitySubject::Learner) {
        learners(conn, school, looked.one(), &mut out).await?;
    }
    if looked.takes(QualitySubject::Class) {
        classes(conn, school, looked.one(), &mut out).await?;
    }
    if looked.takes(QualitySubject::Staff) {
        people(conn, school, looked.one(), &mut out).await?;
    }
    out.retain(|hit| looked.runs(hit.rule));
    Ok(out)
}

fn present() -> Vec<&'static str> {
    LearnerStatus::ALL.iter().filter(|s| s.present()).map(|s| s.as_str()).collect()
}

async fn learners(conn: &impl ConnectionTrait, school: UnitId, one: Option<Uuid>, out: &mut Vec<Hit>) -> Result<()> {
    let mut find =
        learner::Entity::find().filter(learner::Column::SchoolId.eq(school.0)).filter(learner::Column::Status.is_in(present()));
    if let Some(id) = one {
        // Namesakes are of the same day.
        let mut born = Query::select();
        born.column("birth_date").from("learner").and_where(Expr::col("id").eq(id));
        find = find.filter(learner::Column::BirthDate.in_subquery(born));
    }
    let rows = find.all(conn).await?;
    let reachable = with_phone(conn, school, one).await?;
    let year = calendar::current_year_in(conn, clock::today()).await?;
    let enrolled: Option<HashSet<Uuid>> = match &year {
        Some(year) => Some(in_class(conn, school, year.id.0, one).await?),
        None => None,
    };
    let mut same: HashMap<(String, chrono::NaiveDate), u32> = HashMap::new();
    for row in &rows {
        *same.entry((fold(&row.full_name), row.birth_date)).or_default() += 1;
    }
    for row in rows.into_iter().filter(|row| one.is_none_or(|id| id == row.id)) {
        let facts = LearnerFacts {
            birth_date: Some(row.birth_date),
            sex: row.sex.parse().ok(),
            personal_id: row.personal_id.clone(),
            reachable: Some(row.phone.is_some() || reachable.contains(&row.id)),
            in_class: enrolled.as_ref().map(|enrolled| enrolled.contains(&row.id)),
            namesakes: same.get(&(fold(&row.full_name), row.birth_date)).map(|n| n - 1),
            family: row.family,
            middle: row.middle,
            given: row.given,
        };
        out.extend(rules::learner(&facts).into_iter().map(|w| Hit {
            rule: w.rule,
            subject_id: row.id,
            title: row.full_name.clone(),
            vi: w.vi,
            en: w.en,
        }));
    }
    Ok(())
}

/// The learners of whom a guardian can be called.
async fn with_phone(conn: &impl ConnectionTrait, school: UnitId, one: Option<Uuid>) -> Result<HashSet<Uuid>> {
    let mut select = Query::select();
    select
        .distinct()
        .column(("gl", "learner_id"))
        .from_as("guardian_link", "gl")
        .join_as(JoinType::InnerJoin, "guardian", "g", Expr::col(("g", "id")).equals(("gl", "guardian_id")))
        .join_as(JoinType::InnerJoin, "learner", "l", Expr::col(("l", "id")).equals(("gl", "learner_id")))
        .and_where(Expr::col(("l", "school_id")).eq(school.0))
        .and_where(Expr::col(("g", "phone")).is_not_null());
    if let Some(id) = one {
        select.and_where(Expr::col(("l", "id")).eq(id));
    }
    conn.query_all(&select).await?.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// The learners who are in a class of the year.
async fn in_class(conn: &impl ConnectionTrait, school: UnitId, year: Uuid, one: Option<Uuid>) -> Result<HashSet<Uuid>> {
    let mut select = Query::select();
    select
        .distinct()
        .column(("e", "learner_id"))
        .from_as("enrolment", "e")
        .join_as(JoinType::InnerJoin, "class", "c", Expr::col(("c", "id")).equals(("e", "class_id")))
        .and_where(Expr::col(("e", "school_id")).eq(school.0))
        .and_where(Expr::col(("c", "school_year_id")).eq(year))
        .cond_where(crate::scope::open("e", "left_on"));
    if let Some(id) = one {
        select.and_where(Expr::col(("e", "learner_id")).eq(id));
    }
    conn.query_all(&select).await?.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

async fn classes(conn: &impl ConnectionTrait, school: UnitId, one: Option<Uuid>, out: &mut Vec<Hit>) -> Result<()> {
    let Some(year) = calendar::current_year_in(conn, clock::today()).await? else { return Ok(()) };
    let mut find =
        class::Entity::find().filter(class::Column::SchoolId.eq(school.0)).filter(class::Column::SchoolYearId.eq(year.id.0));
    if let Some(id) = one {
        find = find.filter(class::Column::Id.eq(id));
    }
    let rows = find.all(conn).await?;
    let mut counts: HashMap<Uuid, u32> = HashMap::new();
    let mut lines = enrolment::Entity::find().filter(enrolment::Column::SchoolId.eq(school.0));
    lines = match one {
        Some(id) => lines.filter(enrolment::Column::ClassId.eq(id)),
        None => lines.filter(enrolment::Column::ClassId.is_in(rows.iter().map(|row| row.id))),
    };
    let today = clock::today();
    for line in lines.all(conn).await? {
        if line.left_on.is_none_or(|left| left > today) {
            *counts.entry(line.class_id).or_default() += 1;
        }
    }
    for row in rows {
        let facts = ClassFacts {
            level: level_of(crate::stored(&row.grade)?),
            homeroom: row.homeroom_staff_id.is_some(),
            learners: counts.get(&row.id).copied().unwrap_or(0),
        };
        out.extend(rules::class(&facts).into_iter().map(|w| Hit {
            rule: w.rule,
            subject_id: row.id,
            title: row.name.clone(),
            vi: w.vi,
            en: w.en,
        }));
    }
    Ok(())
}

async fn people(conn: &impl ConnectionTrait, school: UnitId, one: Option<Uuid>, out: &mut Vec<Hit>) -> Result<()> {
    let today = clock::today();
    let mut find = post::Entity::find().filter(post::Column::UnitId.eq(school.0));
    if let Some(id) = one {
        find = find.filter(post::Column::StaffId.eq(id));
    }
    let posts: Vec<post::Model> =
        find.all(conn).await?.into_iter().filter(|p| p.valid_to.is_none_or(|end| end > today)).collect();
    let ids: HashSet<Uuid> = posts.iter().map(|post| post.staff_id).collect();
    let teachers: HashSet<Uuid> = posts.iter().filter(|p| p.position == Position::Teacher.as_str()).map(|p| p.staff_id).collect();
    let rows = staff::Entity::find().filter(staff::Column::Id.is_in(ids.iter().copied())).all(conn).await?;
    let mut assigned: HashSet<Uuid> = HashSet::new();
    for row in teaching::Entity::find().filter(teaching::Column::StaffId.is_in(ids.iter().copied())).all(conn).await? {
        if row.valid_to.is_none_or(|end| end > today) {
            assigned.insert(row.staff_id);
        }
    }
    let homeroom = class::Entity::find().filter(class::Column::HomeroomStaffId.is_in(ids.iter().copied())).all(conn).await?;
    assigned.extend(homeroom.into_iter().filter_map(|class| class.homeroom_staff_id));
    for row in rows {
        let facts = StaffFacts {
            code: row.ministry_code.is_some(),
            teacher: teachers.contains(&row.id),
            assigned: Some(assigned.contains(&row.id)),
            family: row.family,
            middle: row.middle,
            given: row.given,
        };
        out.extend(rules::staff(&facts).into_iter().map(|w| Hit {
            rule: w.rule,
            subject_id: row.id,
            title: row.full_name.clone(),
            vi: w.vi,
            en: w.en,
        }));
    }
    Ok(())
}
