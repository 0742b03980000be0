//! Thông tư 27/2020/TT-BGDĐT: assessment of primary pupils (grade 1 from 2020-2021, … grade 5 from 2024-2025).
//!
//! A year has four points: the middle and the end of each term ([`Point`]). At each, a subject has a level ([`SubjectLevel`]), some
//! have a test ([`has_test`]), and the qualities and competencies ([`traits`]) have a level ([`TraitLevel`]). What stands at the end of
//! the year decides the group ([`classify`]), whether the grade is completed, and the title. [`evaluate_term`] and
//! [`evaluate_year`] put the rules together. Nothing is guessed: what is missing is named, and every result that would need it
//! is `None`. What is not verified is a field of [`Choices`].

mod choices;
mod classify;
mod columns;
mod finding;
mod level;
mod prose;
mod term;
mod traits;
mod year;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod vectors;

pub use choices::Choices;
pub use classify::{Criteria, Ended, Short, SubjectEnd, TraitEnd, classify, criteria, shortfalls};
pub use columns::{Point, PrimarySlot, columns, fits, has_test, parse};
pub use finding::{Finding, Missing};
pub use level::{Completion, Group, PrimaryAward, SubjectLevel, TraitLevel};
pub use term::{TermInput, TermOutcome, TermSheet, evaluate_term, subject_end, trait_ends};
pub use traits::{Trait, TraitKind, trait_at, trait_of, traits, traits_of};
pub use year::{YearInput, YearOutcome, YearSubject, YearTrait, evaluate_year};

use crate::mark::Mark;

const fn mark(hundredths: i32) -> Mark {
    match Mark::from_hundredths(hundredths) {
        Some(mark) => mark,
        None => Mark::TEN,
    }
}
