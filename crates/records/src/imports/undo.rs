//! Undoing an import as a whole: every row back to what it was. Refused, with the list, where anything that the import made or
//! changed has been edited or used since.

use super::apply::{claim, write_guardian, write_learner};
use super::entity::{change, import};
use super::find_in;
use super::images::{
    CLASS, Change, ClassImage, ENROLMENT, EnrolmentImage, GUARDIAN, GuardianImage, LEARNER, LINK, LearnerImage, of_subject,
    single, unpair,
};
use crate::classes;
use crate::classes::entity::{class, class_subject, enrolment, teaching};
use crate::duplicates;
use crate::learners::entity::{guardian, guardian_link, learner, status};
use dto::imports::{Import, ImportState};
use dto::{ClassId, Code, ImportId, UnitId};
use kernel::{Ctx, Db, Error, Event, Result, Tx};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

const CHUNK: usize = 500;
/// Records that a refusal lists; it counts all.
const LISTED: usize = 50;

/// What later domains keep of a learner in a class. Named here, since an import must not be undone under them and the floors
/// above are not known to this one; all have `school_id`, `class_id` and `learner_id`.
pub(crate) const KEPT_IN_CLASS: &[&str] = &[
    "mark",
    "mark_history",
    "conduct",
    "result",
    "result_published",
    "subject_enrolment",
    "topic_enrolment",
    "absence",
    "conduct_note",
    "former_term",
    "summer_result",
    "council_override",
    "year_decision",
    "reassessment",
    "preschool_mark",
];

/// Undoes an import that was applied.
///
/// Errors: `not_found`; `import_state` where it is not applied; `import_changed_since` with what was edited or used since, and
/// nothing is undone.
pub async fn undo(db: &Db, ctx: &Ctx, id: ImportId) -> Result<Import> {
    db.write(ctx, async |tx| {
        let (row, mut stored) = find_in(tx.conn(), ctx, id).await?;
        claim(tx, &row, ImportState::Applied, ImportState::Undone).await?;
        let changes = change::Entity::find()
            .filter(change::Column::SchoolId.eq(row.school_id))
            .filter(change::Column::ImportId.eq(row.id))
            .order_by_asc(change::Column::Seq)
            .all(tx.conn())
            .await?;
        let mut events = take_back(tx, UnitId(row.school_id), &changes).await?;
        import::Entity::update_many()
            .col_expr(import::Column::UndoneAt, Expr::val(Some(tx.now())))
            .filter(import::Column::SchoolId.eq(row.school_id))
            .filter(import::Column::Id.eq(row.id))
            .exec(tx.conn())
            .await?;
        stored.import.state = ImportState::Undone;
        stored.import.undone_at = Some(tx.now());
        stored.import.version = row.version + 1;
        events.push(Event::new(Some(UnitId(row.school_id)), "import.undone", "import", id).before(&stored.import.summary));
        Ok((stored.import, events))
    })
    .await
}

/// Takes learners, guardians, classes and what ties them together back to what they were, or says what stands against it.
pub(super) async fn take_back(tx: &Tx<'_>, school: UnitId, changes: &[change::Model]) -> Result<Vec<Event>> {
    let undo = Undo {
        tx,
        school,
        classes: of_subject(changes, CLASS)?,
        learners: of_subject(changes, LEARNER)?,
        guardians: of_subject(changes, GUARDIAN)?,
        links: of_subject(changes, LINK)?,
        enrolments: of_subject(changes, ENROLMENT)?,
    };
    undo.check().await?;
    undo.run().await
}

struct Undo<'a> {
    tx: &'a Tx<'a>,
    school: UnitId,
    classes: Vec<Change<ClassImage>>,
    learners: Vec<Change<LearnerImage>>,
    guardians: Vec<Change<GuardianImage>>,
    links: Vec<Change<String>>,
    enrolments: Vec<Change<EnrolmentImage>>,
}

/// What stands against undoing, one entry a record.
#[derive(Default)]
pub struct Against(BTreeMap<String, (Code, String)>);

impl Against {
    pub fn add(&mut self, pointer: String, code: Code, name: &str) {
        self.0.entry(pointer).or_insert_with(|| (code, name.to_owned()));
    }

    /// Errors: `import_changed_since` where there is anything.
    pub fn into_result(self) -> Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        let error = Error::new(Code::ImportChangedSince).with("count", self.0.len());
        Err(self.0.into_iter().take(LISTED).fold(error, |error, (pointer, (code, name))| {
            error.and_field_with(pointer, code, BTreeMap::from([("name".to_owned(), name)]))
        }))
    }
}

fn made<T>(changes: &[Change<T>]) -> Result<Vec<Uuid>> {
    changes.iter().filter(|change| change.before.is_none()).map(|change| single(&change.id)).collect()
}

impl Undo<'_> {
    async fn check(&self) -> Result<()> {
        let mut against = Against::default();
        let names = self.check_learners(&mut against).await?;
        self.check_enrolments(&names, &mut against).await?;
        self.check_guardians(&mut against).await?;
        self.check_classes(&mut against).await?;
        against.into_result()
    }

    /// The learners as they are now.
    async fn present_learners(&self) -> Result<HashMap<Uuid, learner::Model>> {
        let ids: Vec<Uuid> = self.learners.iter().map(|change| single(&change.id)).collect::<Result<_>>()?;
        let mut present = HashMap::new();
        for chunk in ids.chunks(CHUNK) {
            let rows =
                learner::Entity::find().filter(learner::Column::Id.is_in(chunk.iter().copied())).all(self.tx.conn()).await?;
            present.extend(rows.into_iter().map(|row| (row.id, row)));
        }
        Ok(present)
    }

    /// The guardians as they are now.
    async fn present_guardians(&self) -> Result<HashMap<Uuid, GuardianImage>> {
        let ids: Vec<Uuid> = self.guardians.iter().map(|change| single(&change.id)).collect::<Result<_>>()?;
        let mut present = HashMap::new();
        for chunk in ids.chunks(CHUNK) {
            let rows =
                guardian::Entity::find().filter(guardian::Column::Id.is_in(chunk.iter().copied())).all(self.tx.conn()).await?;
            present.extend(rows.iter().map(|row| (row.id, GuardianImage::of(row))));
        }
        Ok(present)
    }

    /// Learners whose record is not as the import left it; those that it made and that have more by now than it gave them.
    /// The names of all come back.
    async fn check_learners(&self, against: &mut Against) -> Result<HashMap<Uuid, String>> {
        let present = self.present_learners().await?;
        for change in &self.learners {
            let id = single(&change.id)?;
            let pointer = format!("/learners/{id}");
            match (present.get(&id), &change.after) {
                (Some(row), Some(image)) if image.same(&LearnerImage::of(row)) => {}
                (Some(row), _) => against.add(pointer, Code::ImportedLearnerEdited, &row.full_name),
                (None, _) => against.add(pointer, Code::ImportedLearnerEdited, "?"),
            }
        }
        let names: HashMap<Uuid, String> = present.into_iter().map(|(id, row)| (id, row.full_name)).collect();
        let new = made(&self.learners)?;
        let own_lines: HashSet<&str> = self.enrolments.iter().map(|change| change.id.as_str()).collect();
        let own_links: HashSet<&str> = self.links.iter().map(|change| change.id.as_str()).collect();
        let mut used = |id: Uuid| {
            against.add(format!("/learners/{id}"), Code::ImportedLearnerUsed, names.get(&id).map_or("?", String::as_str));
        };
        for chunk in new.chunks(CHUNK) {
            let ids = || chunk.iter().copied();
            let lines = enrolment::Entity::find().filter(enrolment::Column::LearnerId.is_in(ids())).all(self.tx.conn()).await?;
            for line in lines.iter().filter(|l| !own_lines.contains(super::images::pair(l.class_id, l.learner_id).as_str())) {
                used(line.learner_id);
            }
            let links =
                guardian_link::Entity::find().filter(guardian_link::Column::LearnerId.is_in(ids())).all(self.tx.conn()).await?;
            for link in links.iter().filter(|l| !own_links.contains(super::images::pair(l.learner_id, l.guardian_id).as_str())) {
                used(link.learner_id);
            }
            for id in self.with_account("learner", chunk).await? {
                used(id);
            }
            // The import gave each one line of status.
            let statuses = status::Entity::find().filter(status::Column::LearnerId.is_in(ids())).all(self.tx.conn()).await?;
            let mut lines: HashMap<Uuid, usize> = HashMap::new();
            for line in statuses {
                *lines.entry(line.learner_id).or_default() += 1;
            }
            lines.into_iter().filter(|(_, count)| *count > 1).for_each(|(id, _)| used(id));
        }
        Ok(names)
    }

    /// People of these who have an account.
    async fn with_account(&self, kind: &str, people: &[Uuid]) -> Result<Vec<Uuid>> {
        let mut select = Query::select();
        select
            .column("person_id")
            .from("account")
            .and_where(Expr::col("person_kind").eq(kind))
            .and_where(Expr::col("person_id").is_in(people.iter().copied()));
        self.tx.conn().query_all(&select).await?.iter().map(|row| Ok(row.try_get("", "person_id")?)).collect()
    }

    /// Lines of class lists that have changed since, or under which marks and assessments stand by now.
    async fn check_enrolments(&self, names: &HashMap<Uuid, String>, against: &mut Against) -> Result<()> {
        let mut lines: HashMap<(Uuid, Uuid), &Change<EnrolmentImage>> = HashMap::new();
        for change in &self.enrolments {
            lines.insert(unpair(&change.id)?, change);
        }
        let learners: Vec<Uuid> = lines.keys().map(|(_, learner)| *learner).collect();
        let mut present: HashMap<(Uuid, Uuid), EnrolmentImage> = HashMap::new();
        let mut kept: HashSet<(Uuid, Uuid)> = HashSet::new();
        for chunk in learners.chunks(CHUNK) {
            let rows = enrolment::Entity::find()
                .filter(enrolment::Column::SchoolId.eq(self.school.0))
                .filter(enrolment::Column::LearnerId.is_in(chunk.iter().copied()))
                .all(self.tx.conn())
                .await?;
            present.extend(rows.iter().map(|row| ((row.class_id, row.learner_id), EnrolmentImage::of(row))));
            for &table in KEPT_IN_CLASS {
                let mut select = Query::select();
                select
                    .distinct()
                    .columns(["class_id", "learner_id"])
                    .from(table)
                    .and_where(Expr::col("school_id").eq(self.school.0))
                    .and_where(Expr::col("class_id").is_in(lines.keys().map(|(class, _)| *class).collect::<HashSet<_>>()))
                    .and_where(Expr::col("learner_id").is_in(chunk.iter().copied()));
                for row in self.tx.conn().query_all(&select).await? {
                    kept.insert((row.try_get("", "class_id")?, row.try_get("", "learner_id")?));
                }
            }
        }
        for (key, change) in lines {
            let (class, learner) = key;
            let name = names.get(&learner).map_or("?", String::as_str);
            if present.get(&key) != change.after.as_ref() {
                against.add(format!("/classes/{class}/members/{learner}"), Code::ImportedLearnerEdited, name);
            } else if change.before.is_none() && kept.contains(&key) {
                against.add(format!("/classes/{class}/members/{learner}"), Code::ImportedLearnerUsed, name);
            }
        }
        Ok(())
    }

    async fn check_guardians(&self, against: &mut Against) -> Result<()> {
        let present = self.present_guardians().await?;
        let mut names: HashMap<Uuid, &str> = HashMap::new();
        for change in &self.guardians {
            let (id, image) = (single(&change.id)?, change.after.as_ref());
            let name = image.map_or("?", |image| image.full_name.as_str());
            names.insert(id, name);
            let same = present.get(&id).is_some_and(|now| image.is_some_and(|image| image.same(now)));
            if !same {
                against.add(format!("/guardians/{id}"), Code::ImportedGuardianUsed, name);
            }
        }
        let own: HashSet<&str> = self.links.iter().map(|change| change.id.as_str()).collect();
        for chunk in made(&self.guardians)?.chunks(CHUNK) {
            let links = guardian_link::Entity::find()
                .filter(guardian_link::Column::GuardianId.is_in(chunk.iter().copied()))
                .all(self.tx.conn())
                .await?;
            let others = links.iter().filter(|l| !own.contains(super::images::pair(l.learner_id, l.guardian_id).as_str()));
            let mut used: Vec<Uuid> = others.map(|link| link.guardian_id).collect();
            used.extend(self.with_account("guardian", chunk).await?);
            for id in used {
                against.add(format!("/guardians/{id}"), Code::ImportedGuardianUsed, names.get(&id).copied().unwrap_or("?"));
            }
        }
        Ok(())
    }

    /// Classes that the import made and that are a school's own by now: renamed, taught in, with other learners.
    async fn check_classes(&self, against: &mut Against) -> Result<()> {
        let own: HashSet<&str> = self.enrolments.iter().map(|change| change.id.as_str()).collect();
        for change in &self.classes {
            let id = single(&change.id)?;
            let image = change.after.as_ref();
            let present = class::Entity::find_by_id(id).one(self.tx.conn()).await?;
            let same = present.as_ref().is_some_and(|class| image.is_some_and(|image| image.version == class.version));
            let taught = teaching::Entity::find().filter(teaching::Column::ClassId.eq(id)).one(self.tx.conn()).await?;
            let lines = enrolment::Entity::find()
                .filter(enrolment::Column::SchoolId.eq(self.school.0))
                .filter(enrolment::Column::ClassId.eq(id))
                .all(self.tx.conn())
                .await?;
            let others = lines.iter().any(|l| !own.contains(super::images::pair(l.class_id, l.learner_id).as_str()));
            if !same || taught.is_some() || others {
                let name = image.map_or("?", |image| image.name.as_str());
                against.add(format!("/classes/{id}"), Code::ImportedClassUsed, name);
            }
        }
        Ok(())
    }

    /// Takes everything back, what was made last first.
    async fn run(&self) -> Result<Vec<Event>> {
        let mut events = Vec::new();
        let touched = self.undo_enrolments().await?;
        for change in &self.links {
            let (learner, guardian) = unpair(&change.id)?;
            guardian_link::Entity::delete_by_id((learner, guardian)).exec(self.tx.conn()).await?;
        }
        let present = self.present_guardians().await?;
        for change in &self.guardians {
            let id = single(&change.id)?;
            if let (Some(before), Some(now)) = (&change.before, present.get(&id)) {
                let back = GuardianImage { version: now.version + 1, ..before.clone() };
                write_guardian(self.tx, id, now, &back).await?;
                events.push(Event::new(Some(self.school), "guardian.restored", "guardian", id).before(now).after(&back));
            }
        }
        for chunk in made(&self.guardians)?.chunks(CHUNK) {
            guardian::Entity::delete_many()
                .filter(guardian::Column::Id.is_in(chunk.iter().copied()))
                .exec(self.tx.conn())
                .await?;
        }
        let present = self.present_learners().await?;
        for change in &self.learners {
            let id = single(&change.id)?;
            if let (Some(before), Some(now)) = (&change.before, present.get(&id)) {
                let now = LearnerImage::of(now);
                let back = LearnerImage { version: now.version + 1, ..before.clone() };
                write_learner(self.tx, id, &now, &back).await?;
                events.push(Event::new(Some(self.school), "learner.restored", "learner", id).before(&now).after(&back));
            } else {
                events.push(Event::new(Some(self.school), "learner.removed", "learner", id).before(&change.after));
            }
        }
        for chunk in made(&self.learners)?.chunks(CHUNK) {
            status::Entity::delete_many()
                .filter(status::Column::LearnerId.is_in(chunk.iter().copied()))
                .exec(self.tx.conn())
                .await?;
            duplicates::forget_in(self.tx, chunk).await?;
            learner::Entity::delete_many().filter(learner::Column::Id.is_in(chunk.iter().copied())).exec(self.tx.conn()).await?;
        }
        let gone: HashSet<Uuid> = made(&self.classes)?.into_iter().collect();
        for change in &self.classes {
            let id = single(&change.id)?;
            class_subject::Entity::delete_many().filter(class_subject::Column::ClassId.eq(id)).exec(self.tx.conn()).await?;
            class::Entity::delete_by_id(id).exec(self.tx.conn()).await?;
            events.push(Event::new(Some(self.school), "class.removed", "class", id).before(&change.after));
        }
        let unfrozen = class::Entity::find()
            .filter(class::Column::Id.is_in(touched.into_iter().filter(|id| !gone.contains(id))))
            .filter(class::Column::OrdinalsFrozenAt.is_null())
            .all(self.tx.conn())
            .await?;
        for class in unfrozen {
            classes::renumber_in(self.tx, self.school, ClassId(class.id)).await?;
        }
        Ok(events)
    }

    /// The classes whose lists changed come back.
    async fn undo_enrolments(&self) -> Result<HashSet<Uuid>> {
        let mut touched = HashSet::new();
        for change in self.enrolments.iter().rev() {
            let (class, learner) = unpair(&change.id)?;
            touched.insert(class);
            match &change.before {
                None => {
                    enrolment::Entity::delete_by_id((self.school.0, class, learner)).exec(self.tx.conn()).await?;
                }
                Some(before) => {
                    enrolment::Entity::update_many()
                        .col_expr(enrolment::Column::LeftOn, Expr::val(before.left_on))
                        .col_expr(enrolment::Column::EnrolledOn, Expr::val(before.enrolled_on))
                        .filter(enrolment::Column::SchoolId.eq(self.school.0))
                        .filter(enrolment::Column::ClassId.eq(class))
                        .filter(enrolment::Column::LearnerId.eq(learner))
                        .exec(self.tx.conn())
                        .await?;
                }
            }
        }
        Ok(touched)
    }
}
