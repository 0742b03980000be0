//! What was found while a result was made: facts, from which [`Reason`]s are written only where someone reads them.

use super::{Missing, SubjectRef, SubjectResult, classify::Criteria};
use crate::level::{Level, Promotion};
use crate::mark::Mark;
use crate::reason::Period;

/// One fact that decided, or held back, a result. [`Finding::reason`] writes it for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding<'a> {
    /// A column is missing.
    Missing(Missing<'a>),
    /// No level yet: so many subjects have no result, `first` among them. `first` is `None` if there are no subjects.
    LearningUnknown { period: Period, subjects: u16, first: Option<SubjectRef<'a>> },
    /// The highest level of learning.
    LearningGood { period: Period, reach: u16, lowest: Option<(SubjectRef<'a>, Mark)> },
    /// A lower level of learning, and what the next one would have needed.
    LearningLevel { period: Period, level: Level, gap: Gap<'a> },
    /// The one-subject adjustment applied.
    Adjusted { period: Period, base: Level, level: Level, otherwise: Level, culprit: SubjectRef<'a>, result: SubjectResult },
    /// Conduct of a semester is missing.
    ConductMissing { period: Period },
    /// Conduct of the year.
    ConductYear { semester1: Level, semester2: Level, year: Level },
    /// Promotion and what decided it.
    Promotion(PromotionFinding<'a>),
    /// Xuất sắc: so many subjects from 9.0.
    AwardExcellent { nines: u16 },
    /// Giỏi, and what Xuất sắc would have needed.
    AwardGood { nines: u16, nearest: Option<(SubjectRef<'a>, Mark)> },
    /// Learning is Tốt, but a title asks for conduct Tốt too.
    AwardConduct { conduct: Level },
}

/// What decided the promotion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PromotionFinding<'a> {
    /// All conditions are met.
    Promoted { learning: Level, conduct: Level, absences: u16, max: u16 },
    /// Met after re-assessment.
    PromotedReassessed { learning: Level },
    /// Met after summer training.
    PromotedTrained { conduct: Level },
    /// Too many absences.
    Absences { absences: u16, max: u16 },
    /// Learning and conduct both Chưa đạt.
    Both,
    /// These subjects have to be re-assessed.
    Reassess { conduct: Level, subjects: Vec<(SubjectRef<'a>, SubjectResult)> },
    /// Re-assessed, and still Chưa đạt.
    StillFailed { gap: Gap<'a> },
    /// Conduct has to be trained in the summer.
    Training { learning: Level },
    /// Trained, and still Chưa đạt.
    StillUntrained,
    /// Not decided yet.
    Unknown { learning: bool, conduct: bool, absences: bool },
}

impl PromotionFinding<'_> {
    /// The promotion that the finding stands for.
    pub fn promotion(&self) -> Option<Promotion> {
        match self {
            PromotionFinding::Promoted { .. }
            | PromotionFinding::PromotedReassessed { .. }
            | PromotionFinding::PromotedTrained { .. } => Some(Promotion::Promoted),
            PromotionFinding::Absences { .. }
            | PromotionFinding::Both
            | PromotionFinding::StillFailed { .. }
            | PromotionFinding::StillUntrained => Some(Promotion::Retained),
            PromotionFinding::Reassess { .. } => Some(Promotion::Reassess),
            PromotionFinding::Training { .. } => Some(Promotion::SummerTraining),
            PromotionFinding::Unknown { .. } => None,
        }
    }
}

/// What a level lacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap<'a> {
    /// The level that was not reached, and what it asks for.
    pub wanted: &'static Criteria,
    /// More comment subjects than allowed are Chưa đạt: the first of them, and how many in all.
    pub failed: Option<(SubjectRef<'a>, u16)>,
    /// Averages below the floor: the lowest, and how many in all.
    pub below: Option<Short<'a>>,
    /// Too few averages that reach the mark.
    pub count: Option<Count<'a>>,
}

/// Averages that are too low.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Short<'a> {
    /// The subject with the lowest.
    pub subject: SubjectRef<'a>,
    /// Its average.
    pub mark: Mark,
    /// How many are too low in all.
    pub subjects: u16,
}

/// Too few averages that reach the mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count<'a> {
    /// How many reach it.
    pub have: u16,
    /// The highest average that does not.
    pub nearest: Option<(SubjectRef<'a>, Mark)>,
}

impl<'a> Gap<'a> {
    /// What `wanted` lacks in these results.
    pub fn of(wanted: &'static Criteria, results: impl Iterator<Item = (SubjectRef<'a>, SubjectResult)>) -> Gap<'a> {
        let mut failed: Option<(SubjectRef<'a>, u16)> = None;
        let mut below: Option<Short<'a>> = None;
        let mut count = Count { have: 0, nearest: None };
        for (subject, result) in results {
            match result {
                SubjectResult::Fail => failed = Some(failed.map_or((subject, 1), |(first, n)| (first, n + 1))),
                SubjectResult::Average(mark) => {
                    if mark < wanted.floor {
                        below = Some(match below {
                            None => Short { subject, mark, subjects: 1 },
                            Some(known) if known.mark <= mark => Short { subjects: known.subjects + 1, ..known },
                            Some(known) => Short { subject, mark, subjects: known.subjects + 1 },
                        });
                    }
                    if mark >= wanted.reach {
                        count.have += 1;
                    } else if count.nearest.is_none_or(|(_, known)| mark > known) {
                        count.nearest = Some((subject, mark));
                    }
                }
                SubjectResult::Pass | SubjectResult::Exempt => {}
            }
        }
        Gap {
            wanted,
            failed: failed.filter(|(_, n)| *n > wanted.failed_at_most),
            below,
            count: (count.have < wanted.count).then_some(count),
        }
    }
}
