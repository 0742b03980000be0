//! Averages and comment results (TT 22/2021 Đ.9 k.1).

use super::{MissingCause, SubjectResult};
use crate::entry::{CellValue, SubjectKind};
use crate::mark::{Mark, Rounding};
use crate::policy::{HalfExempt, Policy};
use crate::slot::{Slot, regular_count};

/// ĐTBmhk = (Σ ĐĐGtx + 2 ĐĐGgk + 3 ĐĐGck) / (number of ĐĐGtx + 5), rounded to a tenth (Đ.9 k.1b).
pub fn semester_average(regular: &[Mark], midterm: Mark, final_mark: Mark, rounding: Rounding) -> Mark {
    let mut exact = Exact::default();
    for mark in regular {
        exact.add(*mark, 1);
    }
    exact.add(midterm, 2);
    exact.add(final_mark, 3);
    exact.rounded(rounding)
}

/// ĐTBmcn = (ĐTBmhkI + 2 ĐTBmhkII) / 3, rounded to a tenth (Đ.9 k.1b).
pub fn year_average(semester1: Mark, semester2: Mark, rounding: Rounding) -> Mark {
    Exact::whole(semester1).year(Exact::whole(semester2)).rounded(rounding)
}

/// An average before rounding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Exact {
    /// In hundredths.
    sum: i64,
    weight: i64,
}

impl Exact {
    pub(super) fn whole(mark: Mark) -> Exact {
        Exact { sum: i64::from(mark.hundredths()), weight: 1 }
    }

    fn add(&mut self, mark: Mark, weight: i64) {
        self.sum += i64::from(mark.hundredths()) * weight;
        self.weight += weight;
    }

    fn year(self, second: Exact) -> Exact {
        Exact { sum: self.sum * second.weight + 2 * second.sum * self.weight, weight: 3 * self.weight * second.weight }
    }

    fn rounded(self, rounding: Rounding) -> Mark {
        Mark::average(self.sum, self.weight, rounding)
    }
}

/// A semester's result with what the year needs of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SemesterResult {
    pub(super) result: SubjectResult,
    /// The average before rounding, for a scored subject.
    pub(super) exact: Option<Exact>,
}

impl SemesterResult {
    /// A result that was made earlier: its average is taken as it stands.
    pub(super) fn closed(result: SubjectResult) -> SemesterResult {
        SemesterResult { result, exact: result.average().map(Exact::whole) }
    }
}

/// The result of one subject in one semester. Calls `missing` once for each column that is lacking; `None` then.
///
/// Exempt only if every column that the subject needs is exempt and nothing else was entered. A cell whose value does
/// not suit the kind counts as empty. If a column is given twice, the later counts.
pub(super) fn semester_result(
    kind: SubjectKind,
    annual_periods: u16,
    cells: &[(Slot, CellValue)],
    policy: &Policy,
    mut missing: impl FnMut(Slot, MissingCause),
) -> Option<SemesterResult> {
    const MIDTERM: usize = Slot::MAX_REGULAR as usize;
    const FINAL: usize = MIDTERM + 1;
    let mut columns: [Option<CellValue>; FINAL + 1] = [None; FINAL + 1];
    for (slot, value) in cells {
        let at = match slot {
            Slot::Regular(number @ 1..=Slot::MAX_REGULAR) => usize::from(*number) - 1,
            Slot::Regular(_) | Slot::Primary(_) => continue,
            Slot::Midterm => MIDTERM,
            Slot::Final => FINAL,
        };
        let value = match value {
            CellValue::Absent if policy.absent_counts_zero => match kind {
                SubjectKind::Score => CellValue::Score(Mark::ZERO),
                SubjectKind::Comment => CellValue::Fail,
            },
            value => *value,
        };
        let suits = matches!(
            (value, kind),
            (CellValue::Score(_), SubjectKind::Score)
                | (CellValue::Pass | CellValue::Fail, SubjectKind::Comment)
                | (CellValue::Absent | CellValue::Exempt, _)
        );
        columns[at] = suits.then_some(value);
    }

    let needed = usize::from(regular_count(annual_periods, kind, policy));
    let exempt = |value: &Option<CellValue>| *value == Some(CellValue::Exempt);
    if columns[..needed].iter().all(exempt)
        && columns[MIDTERM..].iter().all(exempt)
        && columns.iter().flatten().all(|value| *value == CellValue::Exempt)
    {
        return Some(SemesterResult { result: SubjectResult::Exempt, exact: None });
    }

    // The topics' result is one more and none of these.
    let counted = columns[..MIDTERM - 1].iter().flatten().filter(|v| !matches!(v, CellValue::Absent | CellValue::Exempt));
    let mut lacking = needed.saturating_sub(counted.count());
    let (mut complete, mut failed, mut exact) = (true, false, Exact::default());
    for (at, value) in columns.iter().enumerate() {
        let slot = match at {
            MIDTERM => Slot::Midterm,
            FINAL => Slot::Final,
            _ => Slot::Regular(at as u8 + 1),
        };
        let cause = match value {
            Some(CellValue::Score(mark)) => {
                exact.add(*mark, slot.weight());
                continue;
            }
            Some(CellValue::Pass) => continue,
            Some(CellValue::Fail) => {
                failed = true;
                continue;
            }
            Some(CellValue::Absent) => MissingCause::Absent,
            Some(CellValue::Exempt) => MissingCause::PartlyExempt,
            // A regular column is only lacking while there are too few of them.
            None if at < MIDTERM && lacking == 0 => continue,
            // Levels of primary school suit no column of these; they were left out above.
            None | Some(CellValue::Good | CellValue::Done | CellValue::Weak) => MissingCause::Empty,
        };
        if at < MIDTERM {
            lacking = lacking.saturating_sub(1);
        }
        complete = false;
        missing(slot, cause);
    }
    if !complete {
        return None;
    }
    Some(match kind {
        SubjectKind::Score => {
            SemesterResult { result: SubjectResult::Average(exact.rounded(policy.rounding)), exact: Some(exact) }
        }
        // Đ.9 k.1a: a semester is Đ if there are enough assessments and all are Đ.
        SubjectKind::Comment => {
            SemesterResult { result: if failed { SubjectResult::Fail } else { SubjectResult::Pass }, exact: None }
        }
    })
}

/// The result of one subject in the year. `Err(HalfExempt)` where the policy leaves it to the school, `Ok(None)` where a
/// semester's result is missing.
pub(super) fn year_result(
    kind: SubjectKind,
    semester1: Option<SemesterResult>,
    semester2: Option<SemesterResult>,
    policy: &Policy,
) -> Result<Option<SubjectResult>, HalfExempt> {
    let Some(second) = semester2 else {
        return Ok(None);
    };
    let half = |other: SubjectResult| match policy.half_exempt {
        HalfExempt::Undecided => Err(HalfExempt::Undecided),
        HalfExempt::OtherSemester => Ok(Some(other)),
    };
    let exempt = SubjectResult::Exempt;
    if kind == SubjectKind::Comment && second.result != exempt {
        // Đ.9 k.1a: the year's result is that of semester II.
        return Ok(Some(second.result));
    }
    let Some(first) = semester1 else {
        return Ok(None);
    };
    match (first.result == exempt, second.result == exempt) {
        (true, true) => Ok(Some(exempt)),
        (true, false) => half(second.result),
        (false, true) => half(first.result),
        (false, false) => Ok(match (first.result, second.result, first.exact, second.exact) {
            (SubjectResult::Average(one), SubjectResult::Average(two), Some(exact1), Some(exact2)) => {
                Some(SubjectResult::Average(if policy.year_from_rounded {
                    year_average(one, two, policy.rounding)
                } else {
                    exact1.year(exact2).rounded(policy.rounding)
                }))
            }
            // A closed result of the wrong kind is no result.
            _ => None,
        }),
    }
}
