//! One school year of one learner.

use super::average::{SemesterResult, year_result};
use super::classify::{Tally, adjust, classify, criteria};
use super::conduct::conduct_year;
use super::finding::{Finding, Gap, PromotionFinding};
use super::promotion::{award, excellent_from, needs_reassessment, nines, promotion};
use super::term::{cells_result, learning};
use super::{Missing, MissingCause, SubjectRef, SubjectResult};
use crate::entry::{CellValue, SubjectKind};
use crate::level::{Award, Learning, Level, Promotion};
use crate::mark::Mark;
use crate::policy::Policy;
use crate::reason::{Period, Reason};
use crate::slot::Slot;

/// A semester of a subject: its cells, or a result that was made (and locked) earlier or at another school.
#[derive(Clone, Copy, Debug)]
pub enum Semester<'a> {
    /// The cells that are not empty, in any order.
    Cells(&'a [(Slot, CellValue)]),
    /// The result as it stands.
    Closed(SubjectResult),
}

/// A subject in a school year.
#[derive(Clone, Copy, Debug)]
pub struct YearSubject<'a> {
    /// The stable code.
    pub code: &'a str,
    /// The Vietnamese name; may be empty for a subject of the catalogue.
    pub name: &'a str,
    /// How it is assessed.
    pub kind: SubjectKind,
    /// Periods a year.
    pub annual_periods: u16,
    /// Semester I.
    pub semester1: Semester<'a>,
    /// Semester II.
    pub semester2: Semester<'a>,
    /// The result of re-assessment in the summer: a score, or pass or fail. Used only where Đ.14 has it.
    pub reassessment: Option<CellValue>,
}

/// All that decides a year of one learner.
#[derive(Clone, Copy, Debug)]
pub struct YearInput<'a, 's> {
    /// The subjects, in the order wanted in the outcome.
    pub subjects: &'s [YearSubject<'a>],
    /// Conduct in semester I.
    pub conduct1: Option<Level>,
    /// Conduct in semester II.
    pub conduct2: Option<Level>,
    /// Half-day sessions missed in the year, with and without leave; `None` if not counted yet.
    pub absences: Option<u16>,
    /// Conduct after summer training. Used only where Đ.13 has it.
    pub summer_conduct: Option<Level>,
}

/// The results of one subject in a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct YearSubjectOutcome<'a> {
    /// The subject.
    pub subject: SubjectRef<'a>,
    /// How it is assessed.
    pub kind: SubjectKind,
    /// Semester I.
    pub semester1: Option<SubjectResult>,
    /// Semester II.
    pub semester2: Option<SubjectResult>,
    /// The year, before re-assessment.
    pub year: Option<SubjectResult>,
    /// The result of re-assessment, where it replaces that of the year.
    pub reassessed: Option<SubjectResult>,
}

/// A school year of one learner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YearOutcome<'a> {
    /// One outcome for each subject, in the order given.
    pub subjects: Vec<YearSubjectOutcome<'a>>,
    /// Learning in semester I.
    pub semester1: Learning,
    /// Learning in semester II.
    pub semester2: Learning,
    /// Learning in the year, before re-assessment.
    pub year: Learning,
    /// Learning in the year with the re-assessed results, where there are any.
    pub reassessed: Option<Learning>,
    /// Conduct of the year, before summer training.
    pub conduct: Option<Level>,
    /// After re-assessment and summer training, where they are given.
    pub promotion: Option<Promotion>,
    /// The title.
    pub award: Option<Award>,
    /// Everything that is missing.
    pub missing: Vec<Missing<'a>>,
    /// What decided.
    pub findings: Vec<Finding<'a>>,
}

impl YearOutcome<'_> {
    /// The explanation: what is missing, then what decided learning, conduct, promotion and award.
    pub fn reasons(&self) -> Vec<Reason> {
        let missing = self.missing.iter().map(|missing| Finding::Missing(*missing).reason());
        missing.chain(self.findings.iter().map(Finding::reason)).collect()
    }
}

/// Evaluates a school year under TT 22/2021.
pub fn evaluate_year<'a>(input: &YearInput<'a, '_>, policy: &Policy) -> YearOutcome<'a> {
    let mut missing = Vec::new();
    let mut findings = Vec::with_capacity(8);
    let mut subjects: Vec<_> = input.subjects.iter().map(|subject| subject_outcome(subject, policy, &mut missing)).collect();

    let mut scratch = Vec::with_capacity(subjects.len());
    let mut level = |period, pick: fn(&YearSubjectOutcome<'a>) -> Option<SubjectResult>| {
        let results = || subjects.iter().map(move |outcome| (outcome.subject, pick(outcome)));
        learning(period, results, policy, &mut scratch, &mut findings)
    };
    let semester1 = level(Period::Semester1, |outcome| outcome.semester1);
    let semester2 = level(Period::Semester2, |outcome| outcome.semester2);
    let year = level(Period::Year, |outcome| outcome.year);

    let conduct = conduct(input, &mut findings);
    let (decided, reassessed) = promotion_finding(input, &mut subjects, year.level, conduct, policy);
    let promotion = decided.promotion();
    findings.push(Finding::Promotion(decided));
    let award = award_of(&subjects, year.level, conduct, &mut findings);
    YearOutcome { subjects, semester1, semester2, year, reassessed, conduct, promotion, award, missing, findings }
}

fn subject_outcome<'a>(subject: &YearSubject<'a>, policy: &Policy, missing: &mut Vec<Missing<'a>>) -> YearSubjectOutcome<'a> {
    let named = SubjectRef { code: subject.code, name: subject.name };
    let mut semester = |period, semester: Semester<'a>| match semester {
        Semester::Closed(result) => Some(SemesterResult::closed(result)),
        Semester::Cells(cells) => cells_result(named, period, subject.kind, subject.annual_periods, cells, policy, missing),
    };
    let first = semester(Period::Semester1, subject.semester1);
    let second = semester(Period::Semester2, subject.semester2);
    let year = year_result(subject.kind, first, second, policy).unwrap_or_else(|_| {
        missing.push(Missing { subject: named, period: Period::Year, slot: None, cause: MissingCause::HalfExempt });
        None
    });
    YearSubjectOutcome {
        subject: named,
        kind: subject.kind,
        semester1: first.map(|first| first.result),
        semester2: second.map(|second| second.result),
        year,
        reassessed: None,
    }
}

fn conduct(input: &YearInput<'_, '_>, findings: &mut Vec<Finding<'_>>) -> Option<Level> {
    for (period, level) in [(Period::Semester1, input.conduct1), (Period::Semester2, input.conduct2)] {
        if level.is_none() {
            findings.push(Finding::ConductMissing { period });
        }
    }
    let (semester1, semester2) = (input.conduct1?, input.conduct2?);
    let year = conduct_year(semester1, semester2);
    findings.push(Finding::ConductYear { semester1, semester2, year });
    Some(year)
}

fn promotion_finding<'a>(
    input: &YearInput<'a, '_>,
    subjects: &mut [YearSubjectOutcome<'a>],
    learning: Option<Level>,
    conduct: Option<Level>,
    policy: &Policy,
) -> (PromotionFinding<'a>, Option<Learning>) {
    let max = policy.max_absences;
    let before = promotion(learning, conduct, input.absences, policy);
    let (Some(before), Some(absences)) = (before, input.absences) else {
        let unknown = PromotionFinding::Unknown {
            learning: learning.is_none(),
            conduct: conduct.is_none(),
            absences: input.absences.is_none(),
        };
        return (unknown, None);
    };
    if absences > max {
        return (PromotionFinding::Absences { absences, max }, None);
    }
    // Known from here on: `promotion` would have said `None`.
    let (learning, conduct) = (learning.unwrap_or(Level::Fail), conduct.unwrap_or(Level::Fail));
    match before {
        Promotion::Promoted => (PromotionFinding::Promoted { learning, conduct, absences, max }, None),
        Promotion::Retained => (PromotionFinding::Both, None),
        Promotion::SummerTraining => match input.summer_conduct {
            None => (PromotionFinding::Training { learning }, None),
            Some(Level::Fail) => (PromotionFinding::StillUntrained, None),
            Some(conduct) => (PromotionFinding::PromotedTrained { conduct }, None),
        },
        Promotion::Reassess => reassess(input, subjects, conduct, policy),
    }
}

/// Đ.14: the new results replace those of the year. While subjects are still to be re-assessed and could change the
/// outcome, the learner has to be re-assessed; once they cannot, the outcome stands.
fn reassess<'a>(
    input: &YearInput<'a, '_>,
    subjects: &mut [YearSubjectOutcome<'a>],
    conduct: Level,
    policy: &Policy,
) -> (PromotionFinding<'a>, Option<Learning>) {
    let mut pending = Vec::new();
    let mut done = false;
    let mut results = Vec::with_capacity(subjects.len());
    let mut hoped = Vec::with_capacity(subjects.len());
    for (subject, outcome) in input.subjects.iter().zip(subjects.iter_mut()) {
        let Some(year) = outcome.year else { continue };
        let mut hope = year;
        if needs_reassessment(year) {
            outcome.reassessed = match (subject.kind, subject.reassessment) {
                (SubjectKind::Score, Some(CellValue::Score(mark))) => Some(SubjectResult::Average(mark)),
                (SubjectKind::Comment, Some(CellValue::Pass)) => Some(SubjectResult::Pass),
                (SubjectKind::Comment, Some(CellValue::Fail)) => Some(SubjectResult::Fail),
                _ => None,
            };
            done |= outcome.reassessed.is_some();
            hope = outcome.reassessed.unwrap_or_else(|| {
                pending.push((outcome.subject, year));
                match subject.kind {
                    SubjectKind::Score => SubjectResult::Average(Mark::TEN),
                    SubjectKind::Comment => SubjectResult::Pass,
                }
            });
        }
        results.push(outcome.reassessed.unwrap_or(year));
        hoped.push(hope);
    }
    if !done {
        return (PromotionFinding::Reassess { conduct, subjects: pending }, None);
    }
    let level = |results: &[SubjectResult]| {
        let base = classify(&Tally::of(results));
        let adjusted = policy.adjust_after_reassessment.then(|| adjust(results, policy.adjustment)).flatten();
        (base, adjusted.map_or(base, |adjusted| adjusted.level))
    };
    let (base, reached) = level(&results);
    let after = Some(Learning { base: Some(base), level: Some(reached) });
    if reached > Level::Fail {
        return (PromotionFinding::PromotedReassessed { learning: reached }, after);
    }
    if !pending.is_empty() && level(&hoped).1 > Level::Fail {
        return (PromotionFinding::Reassess { conduct, subjects: pending }, after);
    }
    let finding = match criteria(Level::Pass) {
        Some(wanted) => {
            let known = subjects.iter().filter_map(|outcome| Some((outcome.subject, outcome.reassessed.or(outcome.year)?)));
            PromotionFinding::StillFailed { gap: Gap::of(wanted, known) }
        }
        None => PromotionFinding::Both,
    };
    (finding, after)
}

fn award_of<'a>(
    subjects: &[YearSubjectOutcome<'a>],
    learning: Option<Level>,
    conduct: Option<Level>,
    findings: &mut Vec<Finding<'a>>,
) -> Option<Award> {
    let (learning, conduct) = (learning?, conduct?);
    if learning != Level::Good {
        return None;
    }
    let results: Vec<_> = subjects.iter().filter_map(|outcome| outcome.year).collect();
    let title = award(learning, conduct, &results);
    let nines = nines(&results) as u16;
    findings.push(match title {
        Some(Award::Excellent) => Finding::AwardExcellent { nines },
        Some(Award::Good) => {
            let below = subjects
                .iter()
                .filter_map(|outcome| Some((outcome.subject, outcome.year?.average()?)))
                .filter(|(_, mark)| *mark < excellent_from());
            let nearest = below.fold(None, |best: Option<(SubjectRef<'a>, Mark)>, (subject, mark)| match best {
                Some((_, known)) if known >= mark => best,
                _ => Some((subject, mark)),
            });
            Finding::AwardGood { nines, nearest }
        }
        None => Finding::AwardConduct { conduct },
    });
    title
}
