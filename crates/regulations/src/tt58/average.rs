//! Averages (Đ.10, Đ.11).

use super::{Choices, Formula, Marks};
use crate::entry::{CellValue, SubjectKind};
use crate::mark::{Mark, Rounding};
use crate::policy::Policy;
use crate::tt22::SubjectResult;

/// The average of a semester from its marks of weight 1, 2 and 3; both formulas are this one, with one mark of weight 2 or more.
pub fn semester_average(regular: &[Mark], periodic: &[Mark], last: Mark, rounding: Rounding) -> Mark {
    let sum = |marks: &[Mark]| marks.iter().map(|mark| i64::from(mark.hundredths())).sum::<i64>();
    let total = sum(regular) + 2 * sum(periodic) + 3 * i64::from(last.hundredths());
    Mark::average(total, regular.len() as i64 + 2 * periodic.len() as i64 + 3, rounding)
}

/// ĐTBmcn = (ĐTBmhkI + 2 ĐTBmhkII) / 3 (Đ.10 k.1c).
pub fn year_average(semester1: Mark, semester2: Mark, rounding: Rounding) -> Mark {
    crate::tt22::year_average(semester1, semester2, rounding)
}

/// ĐTBhk or ĐTBcn: the mean of the scored subjects' averages (Đ.11). `None` where there is no scored subject.
pub fn overall(results: impl Iterator<Item = SubjectResult>, rounding: Rounding) -> Option<Mark> {
    let (sum, count) = results
        .filter_map(SubjectResult::average)
        .fold((0, 0), |(sum, count), mark| (sum + i64::from(mark.hundredths()), count + 1));
    (count > 0).then(|| Mark::average(sum, count, rounding))
}

/// How many regular marks a semester needs. Before 2020-2021 by periods a week (Đ.8: at most one 2, less than three 3, else 4), read
/// from the periods a year at 35 weeks; after it by periods a year (TT 26/2020: up to 35 2, up to 70 3, above 4).
pub fn regular_count(annual_periods: u16, choices: &Choices) -> usize {
    match (choices.formula, annual_periods) {
        (_, 0..=35) => 2,
        (Formula::Periodic, 36..=104) | (Formula::Midterm, 36..=70) => 3,
        _ => 4,
    }
}

/// Which part of a semester is lacking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lacks {
    Regular { have: usize, need: usize },
    Periodic { have: usize, need: usize },
    Final,
}

/// The result of a subject in a semester. Exempt only where every mark that is there is exempt, and there is one of each part.
pub(super) fn semester_result(
    kind: SubjectKind,
    annual_periods: u16,
    marks: &Marks<'_>,
    policy: &Policy,
    mut lacks: impl FnMut(Lacks),
) -> Option<SubjectResult> {
    let choices = &policy.tt58;
    let all = || marks.regular.iter().chain(marks.periodic).chain(marks.last.as_ref());
    if marks.last.is_some() && !marks.regular.is_empty() && all().all(|value| *value == CellValue::Exempt) {
        return Some(SubjectResult::Exempt);
    }
    let counts = |value: &&CellValue| matches!(value, CellValue::Score(_) | CellValue::Pass | CellValue::Fail);
    let periodic_need = match choices.formula {
        Formula::Midterm => 1,
        Formula::Periodic => usize::from(choices.periodic_at_least),
    };
    let mut complete = true;
    let mut tell = |part| {
        complete = false;
        lacks(part);
    };
    let (have, need) = (marks.regular.iter().filter(counts).count(), regular_count(annual_periods, choices));
    if have < need {
        tell(Lacks::Regular { have, need });
    }
    let have = marks.periodic.iter().filter(counts).count();
    if have < periodic_need {
        tell(Lacks::Periodic { have, need: periodic_need });
    }
    if marks.last.as_ref().filter(|value| counts(value)).is_none() {
        tell(Lacks::Final);
    }
    if !complete {
        return None;
    }
    match kind {
        SubjectKind::Score => {
            let score = |value: &CellValue| match value {
                CellValue::Score(mark) => Some(*mark),
                _ => None,
            };
            let regular: Vec<Mark> = marks.regular.iter().filter_map(score).collect();
            let periodic: Vec<Mark> = marks.periodic.iter().filter_map(score).collect();
            let last = marks.last.as_ref().and_then(score)?;
            Some(SubjectResult::Average(semester_average(&regular, &periodic, last, policy.rounding)))
        }
        SubjectKind::Comment => {
            // Đ.10 k.2a: two thirds of the tests or more are Đ, the one of the semester among them.
            let passed = all().filter(|value| **value == CellValue::Pass).count();
            let count = all().filter(|value| counts(value)).count();
            let good = marks.last == Some(CellValue::Pass) && passed * 3 >= count * 2;
            Some(if good { SubjectResult::Pass } else { SubjectResult::Fail })
        }
    }
}
