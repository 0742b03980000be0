//! One semester of one learner.

use super::average::{SemesterResult, semester_result};
use super::classify::{Tally, adjust, classify, criteria};
use super::finding::{Finding, Gap};
use super::{Missing, SubjectRef, SubjectResult};
use crate::entry::{CellValue, SubjectKind};
use crate::level::{Learning, Level};
use crate::mark::Mark;
use crate::policy::Policy;
use crate::reason::{Period, Reason};
use crate::slot::Slot;

/// A subject in a semester, as the grade book has it.
#[derive(Clone, Copy, Debug)]
pub struct TermSubject<'a> {
    /// The stable code.
    pub code: &'a str,
    /// The Vietnamese name; may be empty for a subject of the catalogue.
    pub name: &'a str,
    /// How it is assessed.
    pub kind: SubjectKind,
    /// Periods a year; they decide how many regular assessments it needs.
    pub annual_periods: u16,
    /// The cells that are not empty, in any order.
    pub cells: &'a [(Slot, CellValue)],
}

/// The result of one subject in a semester.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TermSubjectOutcome<'a> {
    /// The subject.
    pub subject: SubjectRef<'a>,
    /// How it is assessed.
    pub kind: SubjectKind,
    /// `None` while a column is missing.
    pub result: Option<SubjectResult>,
}

/// A semester of one learner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermOutcome<'a> {
    /// The semester.
    pub period: Period,
    /// One result for each subject, in the order given.
    pub subjects: Vec<TermSubjectOutcome<'a>>,
    /// The level of learning.
    pub learning: Learning,
    /// Every column that is missing.
    pub missing: Vec<Missing<'a>>,
    /// What decided the level.
    pub findings: Vec<Finding<'a>>,
}

impl TermOutcome<'_> {
    /// The explanation: what is missing, then what decided.
    pub fn reasons(&self) -> Vec<Reason> {
        let missing = self.missing.iter().map(|missing| Finding::Missing(*missing).reason());
        missing.chain(self.findings.iter().map(Finding::reason)).collect()
    }
}

/// Evaluates a semester under TT 22/2021. `period` only names the semester in the explanation.
///
/// Cheap enough for every keystroke: a few passes over the cells, and no text until [`TermOutcome::reasons`].
pub fn evaluate_term<'a>(period: Period, subjects: &[TermSubject<'a>], policy: &Policy) -> TermOutcome<'a> {
    let mut missing = Vec::new();
    let outcomes: Vec<_> = subjects
        .iter()
        .map(|subject| {
            let named = SubjectRef { code: subject.code, name: subject.name };
            let semester = cells_result(named, period, subject.kind, subject.annual_periods, subject.cells, policy, &mut missing);
            TermSubjectOutcome { subject: named, kind: subject.kind, result: semester.map(|semester| semester.result) }
        })
        .collect();
    let mut findings = Vec::with_capacity(2);
    let results = || outcomes.iter().map(|outcome| (outcome.subject, outcome.result));
    let learning = learning(period, results, policy, &mut Vec::with_capacity(outcomes.len()), &mut findings);
    TermOutcome { period, subjects: outcomes, learning, missing, findings }
}

pub(super) fn cells_result<'a>(
    subject: SubjectRef<'a>,
    period: Period,
    kind: SubjectKind,
    annual_periods: u16,
    cells: &[(Slot, CellValue)],
    policy: &Policy,
    missing: &mut Vec<Missing<'a>>,
) -> Option<SemesterResult> {
    semester_result(kind, annual_periods, cells, policy, |slot, cause| {
        missing.push(Missing { subject, period, slot: Some(slot), cause });
    })
}

/// The level of learning of a semester or a year, with what decided it. `scratch` is only there to be used again; after
/// the call it holds the results, if all are known.
pub(super) fn learning<'a, R>(
    period: Period,
    results: impl Fn() -> R,
    policy: &Policy,
    scratch: &mut Vec<SubjectResult>,
    findings: &mut Vec<Finding<'a>>,
) -> Learning
where
    R: Iterator<Item = (SubjectRef<'a>, Option<SubjectResult>)>,
{
    scratch.clear();
    let (mut unknown, mut first, mut counted) = (0, None, false);
    for (subject, result) in results() {
        match result {
            Some(result) => {
                counted |= result != SubjectResult::Exempt;
                scratch.push(result);
            }
            None => {
                unknown += 1;
                first = first.or(Some(subject));
            }
        }
    }
    if unknown > 0 || !counted {
        findings.push(Finding::LearningUnknown { period, subjects: unknown, first });
        return Learning::default();
    }

    let base = classify(&Tally::of(scratch));
    let known = || results().filter_map(|(subject, result)| Some((subject, result?)));
    match base.next().and_then(criteria) {
        Some(wanted) => findings.push(Finding::LearningLevel { period, level: base, gap: Gap::of(wanted, known()) }),
        None => findings.push(good(period, known())),
    }
    let Some(adjusted) = adjust(scratch, policy.adjustment) else {
        return Learning { base: Some(base), level: Some(base) };
    };
    if let Some((culprit, result)) = known().nth(adjusted.culprit) {
        let (level, otherwise) = (adjusted.level, adjusted.otherwise);
        findings.push(Finding::Adjusted { period, base, level, otherwise, culprit, result });
    }
    Learning { base: Some(base), level: Some(adjusted.level) }
}

fn good<'a>(period: Period, results: impl Iterator<Item = (SubjectRef<'a>, SubjectResult)>) -> Finding<'a> {
    let from = criteria(Level::Good).map_or(Mark::TEN, |wanted| wanted.reach);
    let (mut reach, mut lowest) = (0, None::<(SubjectRef<'a>, Mark)>);
    for (subject, result) in results {
        if let SubjectResult::Average(mark) = result {
            reach += u16::from(mark >= from);
            if lowest.is_none_or(|(_, known)| mark < known) {
                lowest = Some((subject, mark));
            }
        }
    }
    Finding::LearningGood { period, reach, lowest }
}
