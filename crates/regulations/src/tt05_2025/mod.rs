//! Thông tư 05/2025/TT-BGDĐT: how many periods teachers of general education teach a week and a year, what lowers that, and how far
//! overtime may go. In force for school years from 2025-2026.
//!
//! - Đ.7 k.3: the norm by stage and kind of school ([`norm`]); Đ.8: of heads and deputies.
//! - Đ.9-11: duties held beside teaching; Đ.12: probation, children under twelve months ([`TeachingDuty`]).
//! - Đ.3: overtime of at most 50 % of the weekly norm, at most two duties of Đ.9-11 at once; a duty that is paid for by an allowance lowers
//!   nothing (with exceptions, which whoever enters the duty knows).
//! - A year has 35 weeks of teaching: the year's norm is the week's times [`WEEKS`].
//!
//! Preschool is not in it. What the texts at hand do not settle is a field of [`LoadChoices`]: of which norm the 50 % is taken, and whether the two fixed
//! periods of a homeroom teacher (chào cờ, sinh hoạt lớp) count as taught. Nothing is guessed: where there is no norm, what would need it is `None`.
//!
//! [`evaluate`] gives the load with the lines that lead to it, so that a person can ask why it is thirteen periods.

mod duty;
mod load;
mod periods;
mod prose;

#[cfg(test)]
mod vectors;

pub use crate::curriculum::Stage;
pub use duty::{Reduction, TeachingDuty};
pub use load::{Held, Input, LoadFinding, LoadLine, LoadRule, LoadState, Taught, TeachingLoad, evaluate};
pub use periods::Periods;

use serde::{Deserialize, Serialize};

/// Weeks of teaching in a year.
pub const WEEKS: i32 = 35;

/// Duties of Đ.9-11 that one person may hold at once (Đ.3).
pub const MOST_DUTIES: usize = 2;

/// Periods a year of chào cờ and sinh hoạt lớp together: one of each a week.
pub const HOMEROOM_PERIODS: i32 = 70;

/// A kind of school that has a norm of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum NormSchool {
    #[default]
    Ordinary,
    /// Phổ thông dân tộc bán trú.
    SemiBoarding,
    /// Phổ thông dân tộc nội trú.
    Boarding,
    /// Schools and classes of learners with disabilities.
    Disability,
}

/// Whose norm it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum NormPost {
    #[default]
    Teacher,
    /// Hiệu trưởng.
    Head,
    /// Phó hiệu trưởng.
    Deputy,
}

/// Of which weekly norm overtime is half at most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum OvertimeBase {
    /// Of what is left after reductions, as a published tool reads it.
    #[default]
    Reduced,
    /// Of the whole norm of Đ.7.
    Norm,
}

/// What the texts at hand leave open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LoadChoices {
    pub overtime_base: OvertimeBase,
    /// The weekly chào cờ and sinh hoạt lớp count as taught.
    pub homeroom_periods_count: bool,
}

impl Default for LoadChoices {
    fn default() -> LoadChoices {
        LoadChoices { overtime_base: OvertimeBase::Reduced, homeroom_periods_count: true }
    }
}

/// Periods a week (Đ.7 k.3, Đ.8); `None` where the circular's text at hand names none.
pub const fn norm(stage: Stage, kind: NormSchool, teacher: NormPost) -> Option<Periods> {
    let weekly = match (teacher, kind, stage) {
        (NormPost::Head, ..) => 2,
        (NormPost::Deputy, ..) => 4,
        (NormPost::Teacher, NormSchool::Ordinary, Stage::Primary) => 23,
        (NormPost::Teacher, NormSchool::Ordinary, Stage::LowerSecondary) => 19,
        (NormPost::Teacher, NormSchool::Ordinary, Stage::UpperSecondary) => 17,
        (NormPost::Teacher, NormSchool::SemiBoarding, Stage::Primary) => 21,
        (NormPost::Teacher, NormSchool::SemiBoarding, Stage::LowerSecondary) => 17,
        (NormPost::Teacher, NormSchool::Boarding, Stage::LowerSecondary) => 17,
        (NormPost::Teacher, NormSchool::Boarding, Stage::UpperSecondary) => 15,
        (NormPost::Teacher, NormSchool::Disability, Stage::Primary) => 21,
        (NormPost::Teacher, NormSchool::Disability, Stage::LowerSecondary) => 17,
        (NormPost::Teacher, NormSchool::Disability, Stage::UpperSecondary) => 15,
        (NormPost::Teacher, NormSchool::SemiBoarding, Stage::UpperSecondary)
        | (NormPost::Teacher, NormSchool::Boarding, Stage::Primary) => return None,
    };
    Some(Periods::whole(weekly))
}
