//! What the database knows of the pupils of a file: read in a few statements for all rows together.

use super::parse::LearnerFields;
use crate::classes::entity::{class, enrolment};
use crate::classes::open_in;
use crate::learners::entity::{guardian, guardian_link, learner};
use chrono::NaiveDate;
use dto::learners::Relation;
use dto::{SchoolYearId, UnitId};
use kernel::Result;
use kernel::text::fold;
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect};
use std::collections::{BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// Values of one `IN (…)`; both engines take far more.
const CHUNK: usize = 500;

/// Classes are matched by name without regard to case and spaces: "6a1", "6 A1".
pub(super) fn class_key(name: &str) -> String {
    fold(name).replace(' ', "")
}

/// A guardian as linked to one learner.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Linked {
    pub learner_id: Uuid,
    pub guardian_id: Uuid,
    pub relation: String,
    pub full_name: String,
    pub phone: Option<String>,
}

/// All that classifying rows needs.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Classes of the school in the year, by [`class_key`].
    pub classes: HashMap<String, class::Model>,
    pub learners: HashMap<Uuid, learner::Model>,
    pub by_personal_id: HashMap<String, Uuid>,
    pub by_ministry_code: HashMap<String, Uuid>,
    /// Learners of the school by folded name and birth date.
    pub by_person: HashMap<(String, NaiveDate), Vec<Uuid>>,
    /// Names of the other schools that learners are at.
    pub schools: HashMap<Uuid, String>,
    /// The class of the year that each learner is in.
    pub enrolled: HashMap<Uuid, Uuid>,
    pub guardians: HashMap<Uuid, Vec<Linked>>,
    /// Guardians of the school's learners by folded name and phone: a sibling's parent is the same person.
    pub family: HashMap<(String, String), Uuid>,
}

impl Known {
    pub async fn load(conn: &impl ConnectionTrait, school: UnitId, year: SchoolYearId, rows: &[&LearnerFields]) -> Result<Known> {
        let mut known = Known::default();
        let classes = class::Entity::find()
            .filter(class::Column::SchoolId.eq(school.0))
            .filter(class::Column::SchoolYearId.eq(year.0))
            .all(conn)
            .await?;
        known.classes = classes.into_iter().map(|class| (class_key(&class.name), class)).collect();
        known.load_learners(conn, school, rows).await?;
        known.load_around(conn, school, year).await?;
        known.load_family(conn, school, rows).await?;
        Ok(known)
    }

    async fn load_learners(&mut self, conn: &impl ConnectionTrait, school: UnitId, rows: &[&LearnerFields]) -> Result<()> {
        let personal_ids: Vec<&str> = rows.iter().filter_map(|row| row.personal_id.as_deref()).collect();
        let codes: Vec<&str> = rows.iter().filter_map(|row| row.ministry_code.as_deref()).collect();
        let dates: Vec<NaiveDate> = rows.iter().filter_map(|row| row.birth_date).collect::<BTreeSet<_>>().into_iter().collect();
        let mut found = Vec::new();
        for chunk in personal_ids.chunks(CHUNK) {
            found.extend(
                learner::Entity::find().filter(learner::Column::PersonalId.is_in(chunk.iter().copied())).all(conn).await?,
            );
        }
        for chunk in codes.chunks(CHUNK) {
            found.extend(
                learner::Entity::find().filter(learner::Column::MinistryCode.is_in(chunk.iter().copied())).all(conn).await?,
            );
        }
        for chunk in dates.chunks(CHUNK) {
            let of_school = learner::Entity::find()
                .filter(learner::Column::SchoolId.eq(school.0))
                .filter(learner::Column::BirthDate.is_in(chunk.iter().copied()));
            found.extend(of_school.all(conn).await?);
        }
        for learner in found {
            if self.learners.contains_key(&learner.id) {
                continue;
            }
            if let Some(number) = &learner.personal_id {
                self.by_personal_id.insert(number.clone(), learner.id);
            }
            if let Some(code) = &learner.ministry_code {
                self.by_ministry_code.insert(code.clone(), learner.id);
            }
            if learner.school_id == Some(school.0) {
                self.by_person.entry((fold(&learner.full_name), learner.birth_date)).or_default().push(learner.id);
            }
            self.learners.insert(learner.id, learner);
        }
        Ok(())
    }

    /// Enrolments and guardians of the learners found at this school; the names of the others' schools.
    async fn load_around(&mut self, conn: &impl ConnectionTrait, school: UnitId, year: SchoolYearId) -> Result<()> {
        let own: Vec<Uuid> = self.learners.values().filter(|l| l.school_id == Some(school.0)).map(|l| l.id).collect();
        for chunk in own.chunks(CHUNK) {
            for line in open_in(conn, chunk.to_vec(), Some(year)).await? {
                if line.school_id == school.0 {
                    self.enrolled.insert(line.learner_id, line.class_id);
                }
            }
            let mut select = Query::select();
            select
                .columns([("gl", "learner_id"), ("gl", "guardian_id"), ("gl", "relation"), ("g", "full_name"), ("g", "phone")])
                .from_as("guardian_link", "gl")
                .join_as(JoinType::InnerJoin, "guardian", "g", Expr::col(("g", "id")).equals(("gl", "guardian_id")))
                .and_where(Expr::col(("gl", "learner_id")).is_in(chunk.iter().copied()));
            for linked in crate::all::<Linked>(conn, &select).await? {
                self.guardians.entry(linked.learner_id).or_default().push(linked);
            }
        }
        let others: HashSet<Uuid> = self.learners.values().filter_map(|l| l.school_id).filter(|id| *id != school.0).collect();
        if !others.is_empty() {
            let mut select = Query::select();
            select.columns(["id", "name"]).from("unit").and_where(Expr::col("id").is_in(others));
            for row in conn.query_all(&select).await? {
                self.schools.insert(row.try_get("", "id")?, row.try_get("", "name")?);
            }
        }
        Ok(())
    }

    async fn load_family(&mut self, conn: &impl ConnectionTrait, school: UnitId, rows: &[&LearnerFields]) -> Result<()> {
        let phones: BTreeSet<&str> = rows
            .iter()
            .flat_map(|row| [&row.father, &row.mother, &row.guardian])
            .filter_map(|relative| relative.phone.as_deref())
            .collect();
        let phones: Vec<&str> = phones.into_iter().collect();
        for chunk in phones.chunks(CHUNK) {
            let mut children = Query::select();
            children
                .column(("gl", "guardian_id"))
                .from_as("guardian_link", "gl")
                .join_as(JoinType::InnerJoin, "learner", "l", Expr::col(("l", "id")).equals(("gl", "learner_id")))
                .and_where(Expr::col(("l", "school_id")).eq(school.0));
            let found: Vec<(Uuid, String, Option<String>)> = guardian::Entity::find()
                .select_only()
                .columns([guardian::Column::Id, guardian::Column::FullName, guardian::Column::Phone])
                .filter(guardian::Column::Phone.is_in(chunk.iter().copied()))
                .filter(guardian::Column::Id.in_subquery(children))
                .into_tuple()
                .all(conn)
                .await?;
            for (id, name, phone) in found {
                self.family.insert((fold(&name), phone.unwrap_or_default()), id);
            }
        }
        Ok(())
    }

    /// The guardians of a learner with this relation.
    pub fn with_relation(&self, learner: Uuid, relation: Relation) -> impl Iterator<Item = &Linked> {
        self.guardians.get(&learner).into_iter().flatten().filter(move |linked| linked.relation == relation.as_str())
    }
}

/// All lines of these learners in the school's classes of the year, open or not.
pub(super) async fn enrolments_of(
    conn: &impl ConnectionTrait,
    school: UnitId,
    year: SchoolYearId,
    learners: &[Uuid],
) -> Result<Vec<enrolment::Model>> {
    let mut classes = Query::select();
    classes
        .column("id")
        .from("class")
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("school_year_id").eq(year.0));
    let mut lines = Vec::new();
    for chunk in learners.chunks(CHUNK) {
        lines.extend(
            enrolment::Entity::find()
                .filter(enrolment::Column::SchoolId.eq(school.0))
                .filter(enrolment::Column::LearnerId.is_in(chunk.iter().copied()))
                .filter(enrolment::Column::ClassId.in_subquery(classes.clone()))
                .all(conn)
                .await?,
        );
    }
    Ok(lines)
}

/// All guardian links of these learners.
pub(super) async fn links_of(conn: &impl ConnectionTrait, learners: &[Uuid]) -> Result<Vec<guardian_link::Model>> {
    let mut links = Vec::new();
    for chunk in learners.chunks(CHUNK) {
        links.extend(
            guardian_link::Entity::find().filter(guardian_link::Column::LearnerId.is_in(chunk.iter().copied())).all(conn).await?,
        );
    }
    Ok(links)
}
