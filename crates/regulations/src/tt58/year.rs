//! One school year of one learner.

use super::average::{Lacks, overall, semester_result, year_average};
use super::classify::{Standing, adjust, classify, criteria};
use super::prose::{self, Gap};
use super::{Academic, Conduct, Title, Weight, YearConduct, promotion, title};
use crate::entry::{CellValue, SubjectKind};
use crate::level::Promotion;
use crate::mark::Mark;
use crate::policy::{HalfExempt, Policy};
use crate::reason::{Period, Reason};
use crate::tt22::{SubjectRef, SubjectResult};

/// The marks of a subject in a semester. A mark that was missed and not made up is [`CellValue::Absent`], and counts for nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Marks<'a> {
    /// Weight 1.
    pub regular: &'a [CellValue],
    /// Weight 2: tests of a period and longer; from 2020-2021 the midterm alone.
    pub periodic: &'a [CellValue],
    /// Weight 3: the test of the semester.
    pub last: Option<CellValue>,
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
    /// What it is to the level of learning.
    pub weight: Weight,
    /// Periods a year.
    pub annual_periods: u16,
    /// Semesters I and II.
    pub semesters: [Marks<'a>; 2],
    /// The mark of the test taken again in the summer.
    pub reassessment: Option<CellValue>,
}

/// All that decides a year of one learner.
#[derive(Clone, Copy, Debug)]
pub struct YearInput<'a, 's> {
    /// The subjects, in the order wanted in the outcome.
    pub subjects: &'s [YearSubject<'a>],
    /// Conduct in semesters I and II.
    pub conduct: [Option<Conduct>; 2],
    /// Conduct of the year as the school decided it.
    pub conduct_year: Option<Conduct>,
    /// Half-day sessions missed in the year.
    pub absences: Option<u16>,
    /// Conduct after summer training.
    pub summer_conduct: Option<Conduct>,
}

/// The results of one subject in a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct YearSubjectOutcome<'a> {
    /// The subject.
    pub subject: SubjectRef<'a>,
    /// Semesters I and II.
    pub semesters: [Option<SubjectResult>; 2],
    /// The year, before the summer.
    pub year: Option<SubjectResult>,
    /// What the test taken again made of it.
    pub reassessed: Option<SubjectResult>,
}

/// A level before and after the one-subject adjustment, with the overall average it stands on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Learning {
    /// ĐTBhk or ĐTBcn.
    pub overall: Option<Mark>,
    /// Before the adjustment.
    pub base: Option<Academic>,
    /// After it.
    pub level: Option<Academic>,
}

/// A school year of one learner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YearOutcome<'a> {
    /// One outcome for each subject, in the order given.
    pub subjects: Vec<YearSubjectOutcome<'a>>,
    /// Learning in semesters I and II.
    pub semesters: [Learning; 2],
    /// Learning in the year, before the summer.
    pub year: Learning,
    /// Learning in the year with the tests taken again, where there are any.
    pub reassessed: Option<Learning>,
    /// Conduct of the year, before the summer.
    pub conduct: Option<Conduct>,
    /// After the summer, where its results are given.
    pub promotion: Option<Promotion>,
    /// The title.
    pub award: Option<Title>,
    /// What is missing, then what decided.
    pub reasons: Vec<Reason>,
}

/// Evaluates a school year under TT 58/2011, as amended by what `policy.tt58` says.
pub fn evaluate_year<'a>(input: &YearInput<'a, '_>, policy: &Policy) -> YearOutcome<'a> {
    let mut reasons = Vec::with_capacity(8);
    let mut subjects: Vec<_> = input.subjects.iter().map(|subject| outcome(subject, policy, &mut reasons)).collect();
    let weights: Vec<Weight> = input.subjects.iter().map(|subject| subject.weight).collect();
    let level = |subjects: &[YearSubjectOutcome<'a>],
                 period,
                 pick: fn(&YearSubjectOutcome<'a>) -> Option<SubjectResult>,
                 reasons: &mut Vec<Reason>| {
        let results: Vec<_> = subjects.iter().map(|subject| (subject.subject, pick(subject))).collect();
        learning(period, &results, &weights, policy, reasons)
    };
    let semester1 = level(&subjects, Period::Semester1, |subject| subject.semesters[0], &mut reasons);
    let semester2 = level(&subjects, Period::Semester2, |subject| subject.semesters[1], &mut reasons);
    let year = level(&subjects, Period::Year, |subject| subject.year, &mut reasons);

    let conduct = match (input.conduct_year, input.conduct, policy.tt58.year_conduct) {
        (Some(given), _, _) => Some(given),
        (None, [Some(_), Some(second)], YearConduct::SemesterTwo) => Some(second),
        _ => None,
    };
    reasons.push(prose::conduct(conduct, input.conduct_year.is_some()));

    let mut after = None;
    let before = promotion(year.level, conduct, input.absences, policy);
    let decided = match (before, year.level, conduct) {
        (Some(Promotion::Reassess), _, _) if input.subjects.iter().any(|subject| subject.reassessment.is_some()) => {
            let reached = reassess(input, &mut subjects, &weights, policy);
            after = Some(reached);
            let passed = reached.level.is_some_and(|level| level >= Academic::Average);
            if passed { Promotion::Promoted } else { Promotion::Retained }
        }
        (Some(Promotion::SummerTraining), _, _) => match input.summer_conduct {
            None => Promotion::SummerTraining,
            Some(Conduct::Weak) => Promotion::Retained,
            Some(_) => Promotion::Promoted,
        },
        (Some(decided), _, _) => decided,
        (None, _, _) => {
            reasons.push(prose::promotion_unknown(year.level.is_none(), conduct.is_none(), input.absences.is_none()));
            return YearOutcome {
                subjects,
                semesters: [semester1, semester2],
                year,
                reassessed: None,
                conduct,
                promotion: None,
                award: None,
                reasons,
            };
        }
    };
    let stood = after.map_or(year.level, |after| after.level);
    reasons.push(prose::promotion(decided, before != Some(decided), stood, conduct, input, policy.max_absences));
    let award = year.level.zip(conduct).and_then(|(academic, conduct)| title(academic, conduct));
    reasons.extend(award.map(prose::award));
    YearOutcome {
        subjects,
        semesters: [semester1, semester2],
        year,
        reassessed: after,
        conduct,
        promotion: Some(decided),
        award,
        reasons,
    }
}

fn outcome<'a>(subject: &YearSubject<'a>, policy: &Policy, reasons: &mut Vec<Reason>) -> YearSubjectOutcome<'a> {
    let named = SubjectRef { code: subject.code, name: subject.name };
    let mut semester = |at: usize, period| {
        semester_result(subject.kind, subject.annual_periods, &subject.semesters[at], policy, |lacks: Lacks| {
            reasons.push(prose::missing(named, period, lacks));
        })
    };
    let semesters = [semester(0, Period::Semester1), semester(1, Period::Semester2)];
    let exempt = SubjectResult::Exempt;
    let year = match (semesters, subject.kind) {
        ([_, Some(second)], SubjectKind::Comment) if second != exempt => Some(second),
        ([Some(one), Some(two)], _) if one == exempt && two == exempt => Some(exempt),
        ([Some(one), Some(two)], _) if one == exempt || two == exempt => match policy.half_exempt {
            HalfExempt::Undecided => {
                reasons.push(prose::half_exempt(named));
                None
            }
            HalfExempt::OtherSemester => Some(if one == exempt { two } else { one }),
        },
        ([Some(SubjectResult::Average(one)), Some(SubjectResult::Average(two))], _) => {
            Some(SubjectResult::Average(year_average(one, two, policy.rounding)))
        }
        _ => None,
    };
    YearSubjectOutcome { subject: named, semesters, year, reassessed: None }
}

fn learning(
    period: Period,
    results: &[(SubjectRef<'_>, Option<SubjectResult>)],
    weights: &[Weight],
    policy: &Policy,
    reasons: &mut Vec<Reason>,
) -> Learning {
    let known: Vec<_> = results.iter().zip(weights).filter_map(|((_, result), weight)| Some((*weight, (*result)?))).collect();
    let overall = overall(known.iter().map(|(_, result)| *result), policy.rounding);
    let (Some(overall), true) = (overall, known.len() == results.len()) else {
        reasons.push(prose::learning_unknown(period, results.len() - known.len()));
        return Learning::default();
    };
    let standing = Standing { results: &known, overall };
    let base = classify(&standing, &policy.tt58);
    let adjusted = adjust(&standing, &policy.tt58);
    let next = Academic::ALL.get(base as usize + 1).copied().and_then(criteria);
    let gap = next.map(|wanted| Gap {
        wanted,
        overall: overall < wanted.reach,
        leading: wanted.strict && !standing.leads(wanted, &policy.tt58),
        short: standing.short(wanted).map(|at| (results[at].0, known[at].1)).collect(),
    });
    reasons.push(prose::level(period, base, overall, gap));
    if let Some(adjusted) = adjusted {
        reasons.push(prose::adjusted(period, base, &adjusted, results[adjusted.culprit].0, known[adjusted.culprit].1));
    }
    Learning { overall: Some(overall), base: Some(base), level: Some(adjusted.map_or(base, |adjusted| adjusted.level)) }
}

/// Đ.16: the marks of the tests taken again stand for the year's, of subjects that fell short. The learner chose which to take, so
/// what is given is all there is.
fn reassess(input: &YearInput<'_, '_>, subjects: &mut [YearSubjectOutcome<'_>], weights: &[Weight], policy: &Policy) -> Learning {
    let mut results = Vec::with_capacity(subjects.len());
    for ((subject, outcome), weight) in input.subjects.iter().zip(subjects.iter_mut()).zip(weights) {
        let Some(year) = outcome.year else { continue };
        if crate::tt22::needs_reassessment(year) {
            outcome.reassessed = match (subject.kind, subject.reassessment) {
                (SubjectKind::Score, Some(CellValue::Score(mark))) => Some(SubjectResult::Average(mark)),
                (SubjectKind::Comment, Some(CellValue::Pass)) => Some(SubjectResult::Pass),
                (SubjectKind::Comment, Some(CellValue::Fail)) => Some(SubjectResult::Fail),
                _ => None,
            };
        }
        results.push((*weight, outcome.reassessed.unwrap_or(year)));
    }
    let Some(overall) = overall(results.iter().map(|(_, result)| *result), policy.rounding) else { return Learning::default() };
    let standing = Standing { results: &results, overall };
    let base = classify(&standing, &policy.tt58);
    let adjusted = policy.adjust_after_reassessment.then(|| adjust(&standing, &policy.tt58)).flatten();
    Learning { overall: Some(overall), base: Some(base), level: Some(adjusted.map_or(base, |adjusted| adjusted.level)) }
}
