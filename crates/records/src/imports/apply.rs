//! Applying a dry run: everything that was shown, in one transaction, or nothing.

use super::entity::import;
use super::images::{
    CLASS, ClassImage, ENROLMENT, EnrolmentImage, GUARDIAN, GuardianImage, LEARNER, LINK, LearnerImage, Log, pair,
};
use super::known::{Known, enrolments_of, links_of};
use super::parse::LearnerFields;
use super::plan::{Plan, RelativeTodo, StoredRow, Todo, address, learner_status};
use super::{Stored, Target, compare, find_in, show};
use crate::classes::{self, create_in, enrol_many_in};
use crate::codes::{self, Numbers};
use crate::learners::entity::{guardian, guardian_link, learner, status};
use crate::person::PersonColumns;
use crate::{bulk, calendar, duplicates, learners, units};
use chrono::NaiveDate;
use dto::access::Permission;
use dto::calendar::SchoolYear;
use dto::classes::{Class, PostClass};
use dto::imports::{ApplyImport, Import, ImportRow, ImportState, Severity};
use dto::learners::LearnerStatus;
use dto::{ClassId, Code, ImportId, LearnerId, UnitId};
use kernel::text::fold;
use kernel::{Ctx, Db, Error, Event, Result, Tx, clock, id};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Applies a dry run.
///
/// Errors: `not_found`; `import_state` where it is applied or undone already; `import_stale` where the records have changed since the
/// dry run; `import_has_faults` while rows are faulty or in conflict and are not left out on purpose, or the file as a whole has
/// errors.
pub async fn apply(db: &Db, ctx: &Ctx, id: ImportId, body: &ApplyImport) -> Result<Import> {
    db.write(ctx, async |tx| {
        let (row, mut stored) = find_in(tx.conn(), ctx, id).await?;
        claim(tx, &row, ImportState::DryRun, ImportState::Applied).await?;
        let import = &stored.import;
        let school = units::school_in(tx.conn(), ctx, Permission::ImportWrite, import.school_id).await?;
        let year = calendar::year_in(tx.conn(), Some(import.school_year_id)).await?;
        let target = Target {
            school: import.school_id,
            levels: school.levels,
            class_name: stored.class_name.clone(),
            grade: stored.grade,
        };
        let (known, plan) = compare(tx.conn(), &target, year.id, &stored.rows).await?;
        check(&stored, &plan, body)?;

        let mut work = Work::new(tx, import.school_id, year, known);
        let learners = write_plan(&mut work, &stored.rows, &plan).await?;
        let Work { log, mut events, classes, .. } = work;

        show(&mut stored.import, plan);
        for (view, learner) in stored.import.rows.iter_mut().zip(learners) {
            view.learner_id = view.learner_id.or(learner);
            let class = view.class_name.as_deref().and_then(|name| classes.get(&super::known::class_key(name)));
            view.class_id = view.class_id.or(class.map(|class| class.id));
        }
        stored.import.state = ImportState::Applied;
        stored.import.applied_at = Some(tx.now());
        stored.import.version = row.version + 1;
        let summary =
            serde_json::json!({"summary": stored.import.summary, "skip_faulty": body.skip_faulty, "changes": log.digest()});
        events.push(Event::new(Some(stored.import.school_id), "import.applied", "import", id).after(&summary));
        log.save(tx, stored.import.school_id, id).await?;
        import::Entity::update_many()
            .col_expr(import::Column::Plan, Expr::val(serde_json::to_string(&stored).map_err(Error::internal)?))
            .col_expr(import::Column::Summary, Expr::val(serde_json::to_string(&stored.import.summary).map_err(Error::internal)?))
            .col_expr(import::Column::AppliedAt, Expr::val(Some(tx.now())))
            .filter(import::Column::SchoolId.eq(row.school_id))
            .filter(import::Column::Id.eq(row.id))
            .exec(tx.conn())
            .await?;
        Ok((stored.import, events))
    })
    .await
}

/// Takes an import from one state to the next. Of two who try at once one finds the state changed.
pub(super) async fn claim(tx: &Tx<'_>, row: &import::Model, from: ImportState, to: ImportState) -> Result<()> {
    let done = import::Entity::update_many()
        .col_expr(import::Column::State, Expr::val(to.as_str()))
        .col_expr(import::Column::Version, Expr::col(import::Column::Version).add(1))
        .filter(import::Column::SchoolId.eq(row.school_id))
        .filter(import::Column::Id.eq(row.id))
        .filter(import::Column::State.eq(from.as_str()))
        .exec(tx.conn())
        .await?;
    if done.rows_affected == 0 { Err(Error::new(Code::ImportState)) } else { Ok(()) }
}

/// The rows must be as they were shown, and free of faults or left out on purpose.
fn check(stored: &Stored, plan: &Plan, body: &ApplyImport) -> Result<()> {
    let now: Vec<&ImportRow> = plan.rows.iter().map(|(row, _)| row).collect();
    let now = serde_json::to_value(now).map_err(Error::internal)?;
    let shown = serde_json::to_value(&stored.import.rows).map_err(Error::internal)?;
    if now != shown || plan.summary().new_classes != stored.import.summary.new_classes {
        return Err(Error::new(Code::ImportStale));
    }
    let of_file = stored.import.faults.iter().filter(|fault| fault.severity == Severity::Error).count() as u32;
    let of_rows = plan.summary().faulty + plan.summary().conflict;
    if of_file > 0 || (of_rows > 0 && !body.skip_faulty) {
        return Err(Error::new(Code::ImportHasFaults).with("count", of_file + of_rows));
    }
    Ok(())
}

/// Does all that a plan says; the learner of each row comes back.
pub(super) async fn write_plan(work: &mut Work<'_>, rows: &[StoredRow], plan: &Plan) -> Result<Vec<Option<LearnerId>>> {
    work.run(rows, plan).await
}

pub(super) struct Work<'a> {
    tx: &'a Tx<'a>,
    school: UnitId,
    year: SchoolYear,
    known: Known,
    log: Log,
    events: Vec<Event>,
    /// The classes of the rows, by key.
    classes: HashMap<String, Class>,
}

impl<'a> Work<'a> {
    pub fn new(tx: &'a Tx<'a>, school: UnitId, year: SchoolYear, known: Known) -> Work<'a> {
        Work { tx, school, year, known, log: Log::default(), events: Vec::new(), classes: HashMap::new() }
    }

    /// What was made and changed, and what the audit says of it.
    pub fn done(self) -> (Log, Vec<Event>) {
        (self.log, self.events)
    }
}

impl Work<'_> {
    /// Does all that the plan says; the learner of each row comes back.
    async fn run(&mut self, rows: &[StoredRow], plan: &Plan) -> Result<Vec<Option<LearnerId>>> {
        self.make_classes(plan).await?;
        let learners = self.make_learners(rows, plan).await?;
        self.relatives(plan, &learners).await?;
        let all: Vec<Uuid> = learners.iter().flatten().map(|learner| learner.0).collect();
        duplicates::entered_in(self.tx, &all).await?;
        self.enrol(rows, plan, &learners).await?;
        Ok(learners)
    }

    async fn make_classes(&mut self, plan: &Plan) -> Result<()> {
        let used: HashSet<&str> =
            plan.rows.iter().filter_map(|(_, todo)| todo.as_ref()).map(|todo| todo.class.as_str()).collect();
        for new in plan.new_classes.iter().filter(|class| used.contains(class.key.as_str())) {
            let body = PostClass {
                school_id: self.school,
                school_year_id: self.year.id,
                grade: new.grade,
                name: new.name.clone(),
                homeroom_staff_id: None,
            };
            let (class, event) = create_in(self.tx, &body).await?;
            self.log.add(CLASS, class.id, None, Some(&ClassImage { name: class.name.clone(), version: class.version }))?;
            self.events.push(event);
            self.classes.insert(new.key.clone(), class);
        }
        for key in used {
            if let Some(known) = self.known.classes.get(key) {
                let class = classes::find_in(self.tx.conn(), self.tx.ctx(), Permission::ImportWrite, ClassId(known.id)).await?;
                self.classes.insert(key.to_owned(), class);
            }
        }
        Ok(())
    }

    async fn make_learners(&mut self, rows: &[StoredRow], plan: &Plan) -> Result<Vec<Option<LearnerId>>> {
        let mut ids = Vec::with_capacity(plan.rows.len());
        let (mut learners, mut statuses) = (Vec::new(), Vec::new());
        for (row, (_, todo)) in rows.iter().zip(&plan.rows) {
            let Some(todo) = todo else {
                ids.push(None);
                continue;
            };
            match todo.learner {
                Some(known) => {
                    if todo.own {
                        self.change_learner(known, &row.fields).await?;
                    }
                    ids.push(Some(LearnerId(known)));
                }
                None => {
                    let (learner, status) = self.new_learner(&row.fields)?;
                    ids.push(Some(LearnerId(learner.id)));
                    let image = LearnerImage::of(&learner);
                    self.log.add(LEARNER, learner.id, None, Some(&image))?;
                    let class = self.classes.get(&todo.class).map(|class| class.id);
                    let after =
                        serde_json::json!({"learner": image, "status": status.status, "since": status.since, "class": class});
                    self.events.push(Event::new(Some(self.school), "learner.created", "learner", learner.id).after(&after));
                    learners.push(learner);
                    statuses.push(status);
                }
            }
        }
        bulk::insert_many_in(self.tx, learners).await?;
        bulk::insert_many_in(self.tx, statuses).await?;
        Ok(ids)
    }

    /// The day from which a row's pupil is in the class: as the file says, where that lies in the school year.
    fn enrolled_on(&self, fields: &LearnerFields) -> NaiveDate {
        let year = self.year.starts_on..=self.year.ends_on;
        fields.enrolled_on.or(fields.status_date).filter(|day| year.contains(day)).unwrap_or(self.year.starts_on)
    }

    fn new_learner(&self, fields: &LearnerFields) -> Result<(learner::Model, status::Model)> {
        let (Some(birth_date), Some(sex)) = (fields.birth_date, fields.sex) else {
            return Err(Error::internal("a row without birth date or sex was planned"));
        };
        let name = PersonColumns::new(&fields.name.family, &fields.name.middle, &fields.name.given);
        let state = fields.status.and_then(learner_status).unwrap_or(LearnerStatus::Studying);
        let learner_id: Uuid = id::new();
        let match_key = learners::match_key(&name.full_name, birth_date);
        let name_key = learners::name_key(&name.full_name);
        let learner = learner::Model {
            id: learner_id,
            school_id: Some(self.school.0),
            status: state.as_str().to_owned(),
            search_text: learners::search_text(&name.full_name, fields.personal_id.as_deref(), fields.ministry_code.as_deref()),
            family: name.family,
            middle: name.middle,
            given: name.given,
            full_name: name.full_name,
            sort_key: name.sort_key,
            birth_date,
            sex: sex.as_str().to_owned(),
            ethnicity: fields.ethnicity.clone(),
            personal_id: fields.personal_id.clone(),
            ministry_code: fields.ministry_code.clone(),
            phone: fields.phone.clone().or_else(|| fields.learner_phone.clone()),
            birthplace: fields.birthplace.clone(),
            address: address(fields),
            version: 1,
            match_key: Some(match_key),
            name_key: Some(name_key),
            merged_into: None,
        };
        let line = status::Model {
            learner_id,
            since: fields.status_date.unwrap_or_else(|| self.enrolled_on(fields)),
            id: id::new(),
            school_id: self.school.0,
            status: state.as_str().to_owned(),
            reason: None,
        };
        Ok((learner, line))
    }

    async fn change_learner(&mut self, known: Uuid, fields: &LearnerFields) -> Result<()> {
        let row = self.known.learners.get(&known).ok_or_else(|| Error::internal("a planned learner is not known"))?;
        let before = LearnerImage::of(row);
        let mut after = before.clone();
        after.family.clone_from(&fields.name.family);
        after.middle.clone_from(&fields.name.middle);
        after.given.clone_from(&fields.name.given);
        after.birth_date = fields.birth_date.unwrap_or(before.birth_date);
        if let Some(sex) = fields.sex {
            after.sex = sex.as_str().to_owned();
        }
        let fill = |slot: &mut Option<String>, value: Option<String>| {
            if value.is_some() {
                *slot = value;
            }
        };
        fill(&mut after.ethnicity, fields.ethnicity.clone());
        fill(&mut after.personal_id, fields.personal_id.clone());
        fill(&mut after.ministry_code, fields.ministry_code.clone());
        fill(&mut after.phone, fields.phone.clone().or_else(|| fields.learner_phone.clone()));
        fill(&mut after.birthplace, fields.birthplace.clone());
        fill(&mut after.address, address(fields));
        after.version += 1;
        write_learner(self.tx, known, &before, &after).await?;
        self.log.add(LEARNER, known, Some(&before), Some(&after))?;
        self.events.push(Event::new(Some(self.school), "learner.updated", "learner", known).before(&before).after(&after));
        if before.birth_date != after.birth_date
            || (&before.given, &before.family, &before.middle) != (&after.given, &after.family, &after.middle)
        {
            for (school, class) in classes::unfrozen_in(self.tx.conn(), LearnerId(known)).await? {
                classes::renumber_in(self.tx, school, class).await?;
            }
        }
        Ok(())
    }

    async fn relatives(&mut self, plan: &Plan, learners: &[Option<LearnerId>]) -> Result<()> {
        let todos =
            || plan.rows.iter().zip(learners).filter_map(|((_, todo), learner)| Some((todo.as_ref()?, learner.as_ref()?.0)));
        let existing: Vec<Uuid> = todos().filter(|(todo, _)| todo.learner.is_some()).map(|(_, id)| id).collect();
        let mut linked: HashSet<(Uuid, Uuid)> =
            links_of(self.tx.conn(), &existing).await?.into_iter().map(|link| (link.learner_id, link.guardian_id)).collect();
        // Brothers and sisters in one file have one mother: the same name at the same number.
        let mut family: HashMap<(String, String), Uuid> = HashMap::new();
        let mut phones: HashMap<Uuid, String> = HashMap::new();
        let (mut guardians, mut links) = (Vec::new(), Vec::new());
        for (todo, learner) in todos() {
            for relative in &todo.relatives {
                if let (Some(known), true) = (relative.known, relative.linked) {
                    phones.insert(known, relative.phone.clone().unwrap_or_default());
                    continue;
                }
                let key = relative.phone.clone().map(|phone| (fold(&relative.name.full()), phone));
                let same = relative.known.or_else(|| key.as_ref().and_then(|key| family.get(key)).copied());
                let guardian = same.unwrap_or_else(|| {
                    let row = new_guardian(relative);
                    let made = row.id;
                    guardians.push(row);
                    made
                });
                if let Some(key) = key {
                    family.insert(key, guardian);
                }
                if linked.insert((learner, guardian)) {
                    links.push(guardian_link::Model {
                        learner_id: learner,
                        guardian_id: guardian,
                        relation: relative.relation.as_str().to_owned(),
                    });
                }
            }
        }
        for row in &guardians {
            self.log.add(GUARDIAN, row.id, None, Some(&GuardianImage::of(row)))?;
        }
        for link in &links {
            self.log.add(LINK, pair(link.learner_id, link.guardian_id), None, Some(&link.relation))?;
        }
        bulk::insert_many_in(self.tx, guardians).await?;
        bulk::insert_many_in(self.tx, links).await?;
        for (guardian, phone) in phones {
            self.change_phone(guardian, phone).await?;
        }
        Ok(())
    }

    async fn change_phone(&mut self, id: Uuid, phone: String) -> Result<()> {
        let row = guardian::Entity::find_by_id(id).one(self.tx.conn()).await?;
        let before = GuardianImage::of(&row.ok_or_else(|| Error::new(Code::ImportStale))?);
        let after = GuardianImage { phone: Some(phone), version: before.version + 1, ..before.clone() };
        write_guardian(self.tx, id, &before, &after).await?;
        self.log.add(GUARDIAN, id, Some(&before), Some(&after))?;
        self.events.push(Event::new(Some(self.school), "guardian.updated", "guardian", id).before(&before).after(&after));
        Ok(())
    }

    async fn enrol(&mut self, rows: &[StoredRow], plan: &Plan, learners: &[Option<LearnerId>]) -> Result<()> {
        let mut by_class: HashMap<&str, Vec<(LearnerId, NaiveDate)>> = HashMap::new();
        let mut made: HashSet<String> = HashSet::new();
        let today = clock::day_of(self.tx.now()).clamp(self.year.starts_on, self.year.ends_on);
        for ((row, (_, todo)), learner) in rows.iter().zip(&plan.rows).zip(learners) {
            let (Some(todo), Some(learner)) = (todo, learner) else { continue };
            let Todo { enrol: true, moving, class, .. } = todo else { continue };
            // Who comes from another class was in it until today.
            let day = if *moving { today } else { self.enrolled_on(&row.fields) };
            by_class.entry(class.as_str()).or_default().push((*learner, day));
            if todo.learner.is_none() {
                made.insert(learner.to_string());
            }
        }
        let all: Vec<Uuid> = by_class.values().flatten().map(|(learner, _)| learner.0).collect();
        let before = enrolments_of(self.tx.conn(), self.school, self.year.id, &all).await?;
        let mut keys: Vec<&&str> = by_class.keys().collect();
        keys.sort_unstable();
        for key in keys {
            let class = self.classes.get(*key).ok_or_else(|| Error::internal("a planned class is missing"))?;
            let events = enrol_many_in(self.tx, class, &by_class[*key]).await?;
            // A new learner's own entry names the class already.
            self.events
                .extend(events.into_iter().filter(|e| e.subject_id.rsplit('/').next().is_none_or(|id| !made.contains(id))));
        }
        let after = enrolments_of(self.tx.conn(), self.school, self.year.id, &all).await?;
        let before: HashMap<(Uuid, Uuid), EnrolmentImage> =
            before.iter().map(|line| ((line.class_id, line.learner_id), EnrolmentImage::of(line))).collect();
        for line in after {
            let (was, is) = (before.get(&(line.class_id, line.learner_id)), EnrolmentImage::of(&line));
            if was != Some(&is) {
                self.log.add(ENROLMENT, pair(line.class_id, line.learner_id), was, Some(&is))?;
            }
        }
        Ok(())
    }
}

/// Brings a learner to an image, if the version is still the one of `before`.
pub(super) async fn write_learner(tx: &Tx<'_>, id: Uuid, before: &LearnerImage, after: &LearnerImage) -> Result<()> {
    let done = learner::Entity::update_many()
        .set(after.columns(after.version))
        .filter(learner::Column::Id.eq(id))
        .filter(learner::Column::Version.eq(before.version))
        .exec(tx.conn())
        .await?;
    if done.rows_affected == 0 {
        return Err(Error::new(Code::ImportStale));
    }
    let numbers =
        |image: &LearnerImage| Numbers { personal_id: image.personal_id.clone(), ministry_code: image.ministry_code.clone() };
    codes::changed_in(tx, LearnerId(id), numbers(before), numbers(after), None).await
}

/// Brings a guardian's phone number to an image, if the version is still the one of `before`.
pub(super) async fn write_guardian(tx: &Tx<'_>, id: Uuid, before: &GuardianImage, after: &GuardianImage) -> Result<()> {
    let done = guardian::Entity::update_many()
        .col_expr(guardian::Column::Phone, Expr::val(after.phone.clone()))
        .col_expr(guardian::Column::Version, Expr::val(after.version))
        .filter(guardian::Column::Id.eq(id))
        .filter(guardian::Column::Version.eq(before.version))
        .exec(tx.conn())
        .await?;
    if done.rows_affected == 0 { Err(Error::new(Code::ImportStale)) } else { Ok(()) }
}

fn new_guardian(relative: &RelativeTodo) -> guardian::Model {
    let name = PersonColumns::new(&relative.name.family, &relative.name.middle, &relative.name.given);
    guardian::Model {
        id: id::new(),
        family: name.family,
        middle: name.middle,
        given: name.given,
        full_name: name.full_name,
        search_text: name.search_text,
        phone: relative.phone.clone(),
        version: 1,
    }
}
