//! One term of one learner.

use super::choices::Choices;
use super::classify::{Ended, Short, SubjectEnd, TraitEnd};
use super::columns::{Point, PrimarySlot, columns, has_test};
use super::finding::{Finding, Missing};
use super::level::{SubjectLevel, TraitLevel};
use super::traits::{TraitKind, traits_of};
use crate::entry::CellValue;
use crate::reason::{Period, Reason};
use crate::slot::Slot;
use crate::tt22::{MissingCause, SubjectRef};

/// A sheet of a learner in a term: a subject, or a group of qualities or competencies ([`TraitKind::sheet`]).
#[derive(Clone, Copy, Debug)]
pub struct TermSheet<'a, 's> {
    /// The subject, or the sheet of a [`TraitKind`].
    pub subject: SubjectRef<'a>,
    /// The cells that are not empty, in any order.
    pub cells: &'s [(Slot, CellValue)],
}

/// A term of one learner.
#[derive(Clone, Copy, Debug)]
pub struct TermInput<'a, 's> {
    /// [`Period::Semester1`] or [`Period::Semester2`].
    pub period: Period,
    /// 1 to 5.
    pub grade: u8,
    /// Subjects and sheets of qualities and competencies, in the order wanted in the outcome.
    pub sheets: &'s [TermSheet<'a, 's>],
    /// Sheets that the learner is assessed in by an individual plan: nothing of them is missing or counts.
    pub planned: &'s [TraitKind],
}

/// What a term came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermOutcome<'a> {
    /// The term.
    pub period: Period,
    /// The subjects at its end, in the order given.
    pub subjects: Vec<SubjectEnd<'a>>,
    /// Qualities and competencies at its end, in the order of the register.
    pub traits: Vec<TraitEnd>,
    /// The class recognised the learner.
    pub recognised: bool,
    /// Every column that is missing, of both points.
    pub missing: Vec<Missing<'a>>,
    /// What the term came to, in sentences.
    pub findings: Vec<Finding<'a>>,
}

impl TermOutcome<'_> {
    /// The explanation: what is missing, then what the term came to.
    pub fn reasons(&self) -> Vec<Reason> {
        let missing = self.missing.iter().map(|missing| Finding::Missing(*missing).reason());
        missing.chain(self.findings.iter().map(Finding::reason)).collect()
    }
}

fn cell(cells: &[(Slot, CellValue)], slot: PrimarySlot) -> Option<CellValue> {
    cells.iter().find(|(at, _)| *at == Slot::Primary(slot)).map(|(_, value)| *value)
}

/// A subject at a point of a term. Exempt from the level is exempt from the test of the same point too.
pub fn subject_end<'a>(
    subject: SubjectRef<'a>,
    grade: u8,
    point: Point,
    cells: &[(Slot, CellValue)],
    choices: &Choices,
) -> SubjectEnd<'a> {
    let level = match cell(cells, PrimarySlot::Level(point)) {
        Some(CellValue::Exempt) => return SubjectEnd { subject, level: Ended::NotAsked, test: Ended::NotAsked },
        Some(value) => SubjectLevel::of_cell(value).map_or(Ended::Missing(MissingCause::Empty), Ended::Given),
        None => Ended::Missing(MissingCause::Empty),
    };
    let test = match cell(cells, PrimarySlot::Test(point)) {
        _ if !has_test(subject.code, grade, point, choices) => Ended::NotAsked,
        Some(CellValue::Exempt) => Ended::NotAsked,
        Some(CellValue::Score(mark)) => Ended::Given(mark),
        Some(CellValue::Absent) => Ended::Missing(MissingCause::Absent),
        _ => Ended::Missing(MissingCause::Empty),
    };
    SubjectEnd { subject, level, test }
}

/// The qualities and competencies of a grade at a point of a term.
pub fn trait_ends<'s>(
    grade: u8,
    point: Point,
    cells_of: impl Fn(TraitKind) -> &'s [(Slot, CellValue)],
    choices: &Choices,
) -> Vec<TraitEnd> {
    traits_of(grade, choices)
        .map(|one| {
            let value = cell(cells_of(one.kind), PrimarySlot::Trait(point, one.number)).and_then(TraitLevel::of_cell);
            TraitEnd { one, level: value.map_or(Ended::Missing(MissingCause::Empty), Ended::Given) }
        })
        .collect()
}

/// Evaluates a term under TT 27/2020: what stands at its end, and what is missing at both of its points.
pub fn evaluate_term<'a>(input: &TermInput<'a, '_>, choices: &Choices) -> TermOutcome<'a> {
    let (period, grade) = (input.period, input.grade);
    let of_sheet = |kind: TraitKind| input.sheets.iter().find(|sheet| sheet.subject.code == kind.sheet());
    let cells_of = |kind: TraitKind| of_sheet(kind).map_or(&[][..], |sheet| sheet.cells);
    let is_subject = |sheet: &&TermSheet<'_, '_>| TraitKind::of_sheet(sheet.subject.code).is_none();
    let subjects: Vec<SubjectEnd<'a>> = input
        .sheets
        .iter()
        .filter(is_subject)
        .map(|sheet| subject_end(sheet.subject, grade, Point::End, sheet.cells, choices))
        .collect();
    let mut traits = trait_ends(grade, Point::End, cells_of, choices);
    for end in traits.iter_mut().filter(|end| input.planned.contains(&end.one.kind)) {
        end.level = Ended::NotAsked;
    }

    let mut missing = Vec::new();
    let second = period == Period::Semester2;
    let mut look = |subject: SubjectRef<'a>, cells: &[(Slot, CellValue)]| {
        for slot in columns(subject.code, grade, second, choices) {
            let Slot::Primary(slot) = slot else { continue };
            let value = cell(cells, slot);
            let exempt = cell(cells, PrimarySlot::Level(slot.point())) == Some(CellValue::Exempt);
            let cause = match value {
                _ if exempt || !slot.required() => continue,
                None => MissingCause::Empty,
                Some(CellValue::Absent) => MissingCause::Absent,
                Some(_) => continue,
            };
            missing.push(Missing { subject, period, slot, cause });
        }
    };
    for sheet in input.sheets {
        look(sheet.subject, sheet.cells);
    }
    // A sheet that the class does not have is missing as a whole.
    for kind in TraitKind::ALL.into_iter().filter(|kind| of_sheet(*kind).is_none() && !input.planned.contains(kind)) {
        look(SubjectRef { code: kind.sheet(), name: "" }, &[]);
    }
    let mut findings = Vec::new();
    findings.extend(summary(period, &subjects, &traits));
    let recognised = cell(cells_of(TraitKind::Quality), PrimarySlot::Recognised) == Some(CellValue::Pass);
    TermOutcome { period, subjects, traits, recognised, missing, findings }
}

/// How the term went, once its end is known: the circular has no group for a term.
fn summary<'a>(period: Period, subjects: &[SubjectEnd<'a>], traits: &[TraitEnd]) -> Option<Finding<'a>> {
    let known = subjects.iter().all(|end| !matches!(end.level, Ended::Missing(_)))
        && traits.iter().all(|end| !matches!(end.level, Ended::Missing(_)));
    if !known || subjects.is_empty() {
        return None;
    }
    let count = |wanted| subjects.iter().filter(|end| end.level.given() == Some(wanted)).count() as u16;
    let weak = subjects.iter().filter_map(|end| match end.level.given()? {
        SubjectLevel::NotCompleted => Some(Short::Subject(end.subject, SubjectLevel::NotCompleted)),
        _ => None,
    });
    let effort = traits.iter().filter_map(|end| match end.level.given()? {
        TraitLevel::NeedsEffort => Some(Short::Trait(end.one, TraitLevel::NeedsEffort)),
        _ => None,
    });
    Some(Finding::Term {
        period,
        well: count(SubjectLevel::CompletedWell),
        completed: count(SubjectLevel::Completed),
        weak: weak.chain(effort).collect(),
    })
}
