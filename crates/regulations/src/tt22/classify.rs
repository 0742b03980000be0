//! The level of learning and its one-subject adjustment (TT 22/2021 Đ.9 k.2 and k.3).

use super::SubjectResult;
use crate::level::Level;
use crate::mark::Mark;
use crate::policy::Adjustment;

/// What a level asks for (Đ.9 k.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Criteria {
    /// The level.
    pub level: Level,
    /// At most so many comment subjects may be Chưa đạt.
    pub failed_at_most: u16,
    /// No scored subject may be below this average.
    pub floor: Mark,
    /// So many scored subjects …
    pub count: u16,
    /// … must reach this average.
    pub reach: Mark,
    /// The article.
    pub article: &'static str,
}

const fn mark(hundredths: i32) -> Mark {
    match Mark::from_hundredths(hundredths) {
        Some(mark) => mark,
        None => Mark::TEN,
    }
}

const GOOD: Criteria = Criteria {
    level: Level::Good,
    failed_at_most: 0,
    floor: mark(650),
    count: 6,
    reach: mark(800),
    article: "TT 22/2021 Đ.9 k.2a",
};
const FAIR: Criteria = Criteria {
    level: Level::Fair,
    failed_at_most: 0,
    floor: mark(500),
    count: 6,
    reach: mark(650),
    article: "TT 22/2021 Đ.9 k.2b",
};
const PASS: Criteria = Criteria {
    level: Level::Pass,
    failed_at_most: 1,
    floor: mark(350),
    count: 6,
    reach: mark(500),
    article: "TT 22/2021 Đ.9 k.2c",
};

/// What a level asks for; `None` for Chưa đạt, which asks for nothing.
pub const fn criteria(level: Level) -> Option<&'static Criteria> {
    match level {
        Level::Good => Some(&GOOD),
        Level::Fair => Some(&FAIR),
        Level::Pass => Some(&PASS),
        Level::Fail => None,
    }
}

/// All that a level depends on, counted. Exempt subjects are not in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    scored: u16,
    failed: u16,
    /// Averages from 3.5, 5.0, 6.5, 8.0.
    from: [u16; 4],
}

const STEPS: [Mark; 4] = [PASS.floor, FAIR.floor, GOOD.floor, GOOD.reach];

impl Tally {
    /// Counts results.
    pub fn of(results: &[SubjectResult]) -> Tally {
        let mut tally = Tally::default();
        for result in results {
            tally.add(*result);
        }
        tally
    }

    /// Counts one result more.
    pub fn add(&mut self, result: SubjectResult) {
        match result {
            SubjectResult::Average(mark) => {
                self.scored += 1;
                for (count, step) in self.from.iter_mut().zip(STEPS) {
                    *count += u16::from(mark >= step);
                }
            }
            SubjectResult::Fail => self.failed += 1,
            SubjectResult::Pass | SubjectResult::Exempt => {}
        }
    }

    /// The counts with one of the counted results left out.
    fn without(mut self, result: SubjectResult) -> Tally {
        match result {
            SubjectResult::Average(mark) => {
                self.scored -= 1;
                for (count, step) in self.from.iter_mut().zip(STEPS) {
                    *count -= u16::from(mark >= step);
                }
            }
            SubjectResult::Fail => self.failed -= 1,
            SubjectResult::Pass | SubjectResult::Exempt => {}
        }
        self
    }

    /// Scored subjects with an average of at least `step`, which is one of 3.5, 5.0, 6.5, 8.0.
    fn reaching(&self, step: Mark) -> u16 {
        STEPS.iter().position(|known| *known == step).map_or(0, |at| self.from[at])
    }

    fn meets(&self, wanted: &Criteria) -> bool {
        self.failed <= wanted.failed_at_most
            && self.reaching(wanted.floor) == self.scored
            && self.reaching(wanted.reach) >= wanted.count
    }
}

/// The level before adjustment (Đ.9 k.2).
pub fn classify(tally: &Tally) -> Level {
    [GOOD, FAIR, PASS].iter().find(|wanted| tally.meets(wanted)).map_or(Level::Fail, |wanted| wanted.level)
}

/// A level that was raised because of one subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Adjusted {
    /// The level after adjustment: one step above the base.
    pub level: Level,
    /// The subject that may be overlooked, as an index into the results.
    pub culprit: usize,
    /// The level that the other subjects alone would give.
    pub otherwise: Level,
}

/// The adjustment of Đ.9 k.3: if one subject alone makes the level two or more steps lower than Tốt or Khá, the level is
/// raised by one step. `None` if it does not apply. At most one step, in either mode.
pub fn adjust(results: &[SubjectResult], mode: Adjustment) -> Option<Adjusted> {
    let tally = Tally::of(results);
    let base = classify(&tally);
    if base >= Level::Fair {
        return None;
    }
    let mut best: Option<(usize, Level)> = None;
    for (at, result) in results.iter().enumerate() {
        let replaced = match result {
            SubjectResult::Average(_) => SubjectResult::Average(Mark::TEN),
            SubjectResult::Fail => SubjectResult::Pass,
            SubjectResult::Pass | SubjectResult::Exempt => continue,
        };
        let mut others = tally.without(*result);
        if mode == Adjustment::ReplaceByTen {
            others.add(replaced);
        }
        let level = classify(&others);
        if best.is_none_or(|(_, known)| level > known) {
            best = Some((at, level));
        }
    }
    let (culprit, otherwise) = best?;
    (otherwise.rank() >= base.rank() + 2).then_some(Adjusted { level: base.next()?, culprit, otherwise })
}
