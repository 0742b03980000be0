//! Conduct of the year (TT 22/2021 Đ.8).

use crate::level::Level;

/// The year's conduct from those of the two semesters (Đ.8): semester II weighs more, and a Chưa đạt in it decides.
pub const fn conduct_year(semester1: Level, semester2: Level) -> Level {
    use Level::{Fail, Fair, Good, Pass};
    match (semester2, semester1) {
        (Good, Good | Fair) => Good,
        (Good, Pass | Fail) => Fair,
        (Fair, Good | Fair | Pass) => Fair,
        (Fair, Fail) => Pass,
        (Pass, Good) => Fair,
        (Pass, Fair | Pass | Fail) => Pass,
        (Fail, _) => Fail,
    }
}
