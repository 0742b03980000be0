//! What would happen with each row of a file: new, same, changed, conflict. A pure function of the rows and of what the
//! database knows, so that a dry run and its application can be compared.

use super::known::{Known, class_key};
use super::parse::{Fault, FaultCode, Field, LearnerFields, Name, ParsedRow, PupilStatus, Relative};
use crate::classes::level_of;
use crate::learners::entity::learner;
use dto::calendar::Grade;
use dto::imports::{FieldChange, ImportFault, ImportRow, ImportSummary, RowOutcome, Severity};
use dto::learners::{LearnerStatus, Relation, Sex};
use dto::units::SchoolLevel;
use dto::{ClassId, LearnerId, UnitId};
use kernel::text::fold;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use uuid::Uuid;

/// A row as it is kept between dry run and application.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct StoredRow {
    pub row: u32,
    pub fields: LearnerFields,
    /// Faults of reading alone.
    pub faults: Vec<ImportFault>,
}

impl StoredRow {
    pub fn of(parsed: ParsedRow) -> StoredRow {
        StoredRow { row: parsed.row_number, fields: parsed.fields, faults: parsed.faults.into_iter().map(fault).collect() }
    }
}

/// The file for all of whose rows something is asked: which school, which levels it teaches, what the upload said.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub school: UnitId,
    pub levels: Vec<SchoolLevel>,
    /// For rows without a class or grade.
    pub class_name: Option<String>,
    pub grade: Option<Grade>,
}

/// What is to be done with a row.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Todo {
    /// The learner to change; None makes one.
    pub learner: Option<Uuid>,
    pub class: String,
    /// To be put into the class; `moving` where the learner leaves another class for it.
    pub enrol: bool,
    pub moving: bool,
    /// The learner's own columns change.
    pub own: bool,
    pub relatives: Vec<RelativeTodo>,
}

/// What is to be done about a parent or guardian.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct RelativeTodo {
    pub relation: Relation,
    pub name: Name,
    pub phone: Option<String>,
    /// A guardian who is known: to be linked, or to get this phone number.
    pub known: Option<Uuid>,
    pub linked: bool,
}

/// A class that the file needs and the school does not have.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct NewClass {
    pub key: String,
    pub name: String,
    pub grade: Grade,
}

/// The whole file, row by row.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub rows: Vec<(ImportRow, Option<Todo>)>,
    pub new_classes: Vec<NewClass>,
}

impl Plan {
    pub fn summary(&self) -> ImportSummary {
        let count = |outcome| self.rows.iter().filter(|(row, _)| row.outcome == outcome).count() as u32;
        ImportSummary {
            rows: self.rows.len() as u32,
            new: count(RowOutcome::New),
            same: count(RowOutcome::Same),
            changed: count(RowOutcome::Changed),
            conflict: count(RowOutcome::Conflict),
            faulty: count(RowOutcome::Faulty),
            warnings: self.rows.iter().flat_map(|(row, _)| &row.faults).filter(|f| f.severity == Severity::Warning).count()
                as u32,
            new_classes: self.new_classes.iter().map(|class| class.name.clone()).collect(),
        }
    }
}

/// A fault as the API shows it.
pub(super) fn fault(fault: Fault) -> ImportFault {
    ImportFault {
        severity: if fault.is_error() { Severity::Error } else { Severity::Warning },
        code: fault.code.as_str().to_owned(),
        column: fault.column,
        field: fault.field.map(field_key),
        params: fault.params.into_iter().map(|(name, value)| (name.into_owned(), value)).collect(),
        vi: fault.vi,
        en: fault.en,
    }
}

/// A field's name as the API shows it: "birth_date".
pub(super) fn field_key(field: Field) -> String {
    serde_json::to_value(field).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// What rows before have taken, where a file is compared part by part.
#[derive(Debug, Default)]
pub(super) struct Carried {
    /// Learners that rows before were matched with.
    taken: HashMap<Uuid, u32>,
    pub new_classes: Vec<NewClass>,
}

pub(super) fn classify(rows: &[StoredRow], known: &Known, target: &Target) -> Plan {
    classify_on(rows, known, target, &mut Carried::default())
}

/// The same for a part of a file; its new classes are those of all parts so far.
pub(super) fn classify_on(rows: &[StoredRow], known: &Known, target: &Target, carried: &mut Carried) -> Plan {
    let plan = Plan { rows: Vec::with_capacity(rows.len()), new_classes: std::mem::take(&mut carried.new_classes) };
    let mut classifier = Classifier { known, target, plan, taken: std::mem::take(&mut carried.taken) };
    for row in rows {
        let done = classifier.row(row);
        classifier.plan.rows.push(done);
    }
    *carried = Carried { taken: classifier.taken, new_classes: classifier.plan.new_classes.clone() };
    classifier.plan
}

struct Classifier<'a> {
    known: &'a Known,
    target: &'a Target,
    plan: Plan,
    /// Learners that rows before were matched with.
    taken: HashMap<Uuid, u32>,
}

/// Why a row cannot be applied, as faults; the outcome tells conflict from fault.
enum Stop {
    Faulty(Fault),
    Conflict(Fault),
}

impl Classifier<'_> {
    fn row(&mut self, row: &StoredRow) -> (ImportRow, Option<Todo>) {
        let fields = &row.fields;
        let mut view = ImportRow {
            row: row.row,
            outcome: RowOutcome::Faulty,
            full_name: fields.name.full(),
            birth_date: fields.birth_date,
            sex: fields.sex,
            personal_id: fields.personal_id.clone(),
            class_name: fields.class_name.clone().or_else(|| self.target.class_name.clone()),
            class_id: None,
            learner_id: None,
            changes: Vec::new(),
            faults: row.faults.clone(),
        };
        if let Some(class) = view.class_name.as_deref().and_then(|name| self.known.classes.get(&class_key(name))) {
            view.class_name = Some(class.name.clone());
            view.class_id = Some(ClassId(class.id));
        }
        if view.faults.iter().any(|f| f.severity == Severity::Error) {
            return (view, None);
        }
        if let Some(status) = fields.status.filter(|status| !learner_status(*status).is_some_and(LearnerStatus::present)) {
            // The list names someone who is not there; who leaves is recorded on the learner's page.
            let label = learner_status(status).map_or("đã mất", |s| s.label(dto::Lang::Vi));
            view.faults.push(fault(Fault::new(FaultCode::NotPresent, &[("value", &label)])));
            view.outcome = RowOutcome::Same;
            return (view, None);
        }
        let done = self.class(&view, fields).and_then(|class| self.learner(&mut view, fields, class));
        match done {
            Ok(todo) => (view, todo),
            Err(stop) => {
                let (outcome, stop) = match stop {
                    Stop::Faulty(stop) => (RowOutcome::Faulty, stop),
                    Stop::Conflict(stop) => (RowOutcome::Conflict, stop),
                };
                view.outcome = outcome;
                view.changes.clear();
                view.faults.push(fault(stop));
                (view, None)
            }
        }
    }

    /// The key of the row's class; one that the school lacks is noted as new.
    fn class(&mut self, view: &ImportRow, fields: &LearnerFields) -> Result<String, Stop> {
        let Some(name) = view.class_name.as_deref() else { return Err(Stop::Faulty(Fault::new(FaultCode::MissingClass, &[]))) };
        let key = class_key(name);
        if self.known.classes.contains_key(&key) || self.plan.new_classes.iter().any(|class| class.key == key) {
            return Ok(key);
        }
        let grade = fields.grade.and_then(Grade::from_number).or(self.target.grade);
        let Some(grade) = grade else { return Err(Stop::Faulty(Fault::new(FaultCode::GradeNeeded, &[("class", &name)]))) };
        let levels = &self.target.levels;
        if !levels.is_empty() && !levels.contains(&level_of(grade)) {
            let label = grade.label(dto::Lang::Vi);
            return Err(Stop::Faulty(Fault::new(FaultCode::GradeNotTaught, &[("class", &name), ("grade", &label)])));
        }
        self.plan.new_classes.push(NewClass { key: key.clone(), name: name.to_owned(), grade });
        Ok(key)
    }

    /// The learner that the row means, if the database knows one.
    fn matched(&self, fields: &LearnerFields, class: &str) -> Result<Option<Uuid>, Stop> {
        let by_id = fields.personal_id.as_ref().and_then(|id| self.known.by_personal_id.get(id)).copied();
        let by_code = fields.ministry_code.as_ref().and_then(|code| self.known.by_ministry_code.get(code)).copied();
        match (by_id, by_code) {
            (Some(a), Some(b)) if a != b => return Err(conflict(FaultCode::CodeOfAnother, &[])),
            (Some(found), _) | (None, Some(found)) => return Ok(Some(found)),
            (None, None) => {}
        }
        let Some(born) = fields.birth_date else { return Ok(None) };
        let namesakes = self.known.by_person.get(&(fold(&fields.name.full()), born)).map_or(&[][..], Vec::as_slice);
        let differ = |ours: &Option<String>, theirs: &Option<String>| matches!((ours, theirs), (Some(a), Some(b)) if a != b);
        let possible: Vec<Uuid> = namesakes
            .iter()
            .copied()
            .filter(|id| {
                self.known.learners.get(id).is_some_and(|l| {
                    !differ(&fields.personal_id, &l.personal_id) && !differ(&fields.ministry_code, &l.ministry_code)
                })
            })
            .collect();
        let in_class = |id: &Uuid| {
            let own = self.known.enrolled.get(id);
            own.is_some() && own == self.known.classes.get(class).map(|c| &c.id)
        };
        let here: Vec<Uuid> = possible.iter().copied().filter(in_class).collect();
        match (here.as_slice(), possible.as_slice()) {
            ([one], _) | ([], [one]) => Ok(Some(*one)),
            ([], []) => Ok(None),
            _ => Err(conflict(FaultCode::SeveralMatches, &[])),
        }
    }

    fn learner(&mut self, view: &mut ImportRow, fields: &LearnerFields, class: String) -> Result<Option<Todo>, Stop> {
        let Some(id) = self.matched(fields, &class)? else {
            view.outcome = RowOutcome::New;
            let relatives =
                relatives(fields).map(|(relation, name, relative)| self.new_relative(relation, name, relative)).collect();
            return Ok(Some(Todo { learner: None, class, enrol: true, moving: false, own: true, relatives }));
        };
        let Some(learner) = self.known.learners.get(&id) else { return Err(conflict(FaultCode::SeveralMatches, &[])) };
        if learner.school_id != Some(self.target.school.0) {
            // Of a learner of another school nothing is shown but where the record lies.
            let school = learner.school_id.and_then(|id| self.known.schools.get(&id)).map_or("một trường khác", String::as_str);
            return Err(conflict(FaultCode::AtOtherSchool, &[("school", &school)]));
        }
        if let Some(first) = self.taken.insert(id, view.row) {
            return Err(conflict(FaultCode::SameLearner, &[("row", &first)]));
        }
        view.learner_id = Some(LearnerId(id));
        let status: Option<LearnerStatus> = learner.status.parse().ok();
        if !status.is_some_and(LearnerStatus::present) {
            let label = status.map_or("", |s| s.label(dto::Lang::Vi));
            return Err(conflict(FaultCode::LearnerLeft, &[("value", &label)]));
        }
        compare_identity(learner, fields)?;
        own_changes(learner, fields, &mut view.changes);
        let own = !view.changes.is_empty();
        let relatives = self.known_relatives(id, fields, view);
        let present = self.known.enrolled.get(&id);
        let enrol = present.is_none() || present != self.known.classes.get(&class).map(|c| &c.id);
        if enrol {
            let before = present.and_then(|id| self.known.classes.values().find(|c| c.id == *id)).map(|c| c.name.clone());
            view.changes.push(FieldChange { field: "class".into(), before, after: view.class_name.clone() });
        }
        if view.changes.is_empty() {
            view.outcome = RowOutcome::Same;
            return Ok(None);
        }
        view.outcome = RowOutcome::Changed;
        Ok(Some(Todo { learner: Some(id), class, enrol, moving: enrol && present.is_some(), own, relatives }))
    }

    fn new_relative(&self, relation: Relation, name: Name, relative: &Relative) -> RelativeTodo {
        let known =
            relative.phone.as_ref().and_then(|phone| self.known.family.get(&(fold(&name.full()), phone.clone()))).copied();
        RelativeTodo { relation, name, phone: relative.phone.clone(), known, linked: false }
    }

    /// Parents of a learner who is known: one whom the record lacks is added, a phone number is brought up to date; another
    /// name in the same place is told and left, since only the family knows which is right.
    fn known_relatives(&self, learner: Uuid, fields: &LearnerFields, view: &mut ImportRow) -> Vec<RelativeTodo> {
        let mut todo = Vec::new();
        for (relation, name, relative) in relatives(fields) {
            let full = name.full();
            let same = self.known.with_relation(learner, relation).find(|linked| fold(&linked.full_name) == fold(&full));
            let key = relation.as_str();
            if let Some(linked) = same {
                if relative.phone.is_some() && relative.phone != linked.phone {
                    view.changes.push(FieldChange {
                        field: format!("{key}_phone"),
                        before: linked.phone.clone(),
                        after: relative.phone.clone(),
                    });
                    let known = Some(linked.guardian_id);
                    todo.push(RelativeTodo { relation, name, phone: relative.phone.clone(), known, linked: true });
                }
            } else if let Some(other) = self.known.with_relation(learner, relation).next() {
                let params: [(&'static str, &dyn std::fmt::Display); 3] =
                    [("relation", &relation.label(dto::Lang::Vi)), ("value", &full), ("present", &other.full_name)];
                view.faults.push(fault(Fault::new(FaultCode::GuardianDiffers, &params)));
            } else {
                view.changes.push(FieldChange { field: key.to_owned(), before: None, after: Some(full) });
                todo.push(self.new_relative(relation, name, relative));
            }
        }
        todo
    }
}

fn conflict(code: FaultCode, params: &[(&'static str, &dyn std::fmt::Display)]) -> Stop {
    Stop::Conflict(Fault::new(code, params))
}

/// The relatives that a row names.
fn relatives(fields: &LearnerFields) -> impl Iterator<Item = (Relation, Name, &Relative)> {
    [(Relation::Father, &fields.father), (Relation::Mother, &fields.mother), (Relation::Other, &fields.guardian)]
        .into_iter()
        .filter_map(|(relation, relative)| Some((relation, relative.name.clone()?, relative)))
}

/// Numbers are for life: a file never changes one that is there, and a number whose name and birth date are both
/// another's is a slip.
fn compare_identity(learner: &learner::Model, fields: &LearnerFields) -> Result<(), Stop> {
    let differ = |ours: &Option<String>, theirs: &Option<String>| matches!((ours, theirs), (Some(a), Some(b)) if a != b);
    if differ(&fields.personal_id, &learner.personal_id) {
        return Err(conflict(FaultCode::PersonalIdDiffers, &[]));
    }
    if differ(&fields.ministry_code, &learner.ministry_code) {
        return Err(conflict(FaultCode::MinistryCodeDiffers, &[]));
    }
    let other_name = fold(&fields.name.full()) != fold(&learner.full_name);
    if other_name && fields.birth_date != Some(learner.birth_date) {
        return Err(conflict(FaultCode::OtherPerson, &[("value", &learner.full_name)]));
    }
    Ok(())
}

/// What the file would change in the learner's own record. What the file leaves empty stays.
fn own_changes(learner: &learner::Model, fields: &LearnerFields, changes: &mut Vec<FieldChange>) {
    let mut compare = |field: &str, before: Option<String>, after: Option<String>| {
        if after.is_some() && after != before {
            changes.push(FieldChange { field: field.to_owned(), before, after });
        }
    };
    compare("full_name", Some(learner.full_name.clone()), Some(fields.name.full()));
    compare("birth_date", Some(learner.birth_date.to_string()), fields.birth_date.map(|d| d.to_string()));
    compare("sex", Some(learner.sex.clone()), fields.sex.map(|sex: Sex| sex.as_str().to_owned()));
    compare("ethnicity", learner.ethnicity.clone(), fields.ethnicity.clone());
    compare("personal_id", learner.personal_id.clone(), fields.personal_id.clone());
    compare("ministry_code", learner.ministry_code.clone(), fields.ministry_code.clone());
    compare("phone", learner.phone.clone(), fields.phone.clone().or_else(|| fields.learner_phone.clone()));
    compare("birthplace", learner.birthplace.clone(), fields.birthplace.clone());
    compare("address", learner.address.clone(), address(fields));
}

/// Where the learner lives; the registered address where the file has no other.
pub(super) fn address(fields: &LearnerFields) -> Option<String> {
    fields.address.clone().or_else(|| fields.permanent_address.clone())
}

/// The status of a list as the record keeps it; None for one who has died.
pub(super) fn learner_status(status: PupilStatus) -> Option<LearnerStatus> {
    Some(match status {
        PupilStatus::Studying | PupilStatus::Repeating => LearnerStatus::Studying,
        PupilStatus::TransferredIn => LearnerStatus::TransferredIn,
        PupilStatus::TransferredOut => LearnerStatus::TransferredOut,
        PupilStatus::DroppedOut => LearnerStatus::Left,
        PupilStatus::Returned => LearnerStatus::Returned,
        PupilStatus::Suspended => LearnerStatus::Suspended,
        PupilStatus::Completed => LearnerStatus::Completed,
        PupilStatus::Deceased => return None,
    })
}
