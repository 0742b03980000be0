//! Kết chuyển năm học: where everybody of a school goes when a year ends, with the school's own changes; doing it, and undoing it, for
//! the whole school in a few statements; and runs over many schools ([`runs`]).
//!
//! What was done is kept class by class where [`crate::next_year`] keeps it, so that a class that was filled by hand is left alone, and one that
//! was filled by a run is known as such. A school that was merged goes on as its successor: the next year's classes are there.

mod apply;
mod known;
mod plan;
pub mod runs;
mod school;

pub use school::{get, lines, put};
