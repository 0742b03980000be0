//! Promotion, re-assessment and titles (TT 22/2021 Đ.12-15).

use super::SubjectResult;
use crate::level::{Award, Level, Promotion};
use crate::mark::Mark;
use crate::policy::Policy;

const REASSESS_BELOW: i32 = 500;
const EXCELLENT_FROM: i32 = 900;
const EXCELLENT_COUNT: usize = 6;

/// Whether a year result is one that Đ.14 has re-assessed: a comment subject with Chưa đạt, a scored one below 5.0.
pub const fn needs_reassessment(year: SubjectResult) -> bool {
    match year {
        SubjectResult::Average(mark) => mark.hundredths() < REASSESS_BELOW,
        SubjectResult::Fail => true,
        SubjectResult::Pass | SubjectResult::Exempt => false,
    }
}

/// What follows from the year, before the summer (Đ.12-14). `None` while a level or the absences that decide are unknown.
///
/// Above the limit of absences, or with both learning and conduct Chưa đạt, a learner is retained: Đ.14 asks for conduct
/// of at least Đạt, and the Ministry reads it so. Above the limit that is certain even while a level is missing.
pub fn promotion(learning: Option<Level>, conduct: Option<Level>, absences: Option<u16>, policy: &Policy) -> Option<Promotion> {
    if absences? > policy.max_absences {
        return Some(Promotion::Retained);
    }
    Some(match (learning? == Level::Fail, conduct? == Level::Fail) {
        (false, false) => Promotion::Promoted,
        (true, false) => Promotion::Reassess,
        (false, true) => Promotion::SummerTraining,
        (true, true) => Promotion::Retained,
    })
}

/// The title of the year (Đ.15): conduct and learning Tốt; Xuất sắc with six scored subjects from 9.0 besides.
pub fn award(learning: Level, conduct: Level, year: &[SubjectResult]) -> Option<Award> {
    if learning != Level::Good || conduct != Level::Good {
        return None;
    }
    Some(if nines(year) >= EXCELLENT_COUNT { Award::Excellent } else { Award::Good })
}

/// How many scored subjects have a year average from 9.0.
pub(super) fn nines(year: &[SubjectResult]) -> usize {
    year.iter().filter_map(|result| result.average()).filter(|mark| mark.hundredths() >= EXCELLENT_FROM).count()
}

/// The average from which a subject counts for Xuất sắc.
pub(super) const fn excellent_from() -> Mark {
    match Mark::from_hundredths(EXCELLENT_FROM) {
        Some(mark) => mark,
        None => Mark::TEN,
    }
}

/// How many such subjects Xuất sắc needs.
pub(super) const fn excellent_count() -> usize {
    EXCELLENT_COUNT
}
