//! Weight and height of children, with z-scores by the WHO standards, and the charts. A child is compared with the standard, never
//! with another child.

use crate::calendar::Grade;
use crate::gradebook::CellResult;
use crate::learners::Sex;
use crate::{ClassId, LearnerId};
use chrono::NaiveDate;
use regulations::preschool::growth::{GrowthClass, Indicator, MeasuringPosition};
use serde::{Deserialize, Serialize};
use validator::Validate;

/// What was measured on one day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GrowthEntry {
    pub measured_on: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight_g: Option<u32>,
    /// As it was taken: a length lying, or a height standing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height_mm: Option<u32>,
    pub position: MeasuringPosition,
    /// On that day.
    pub age_days: u32,
    /// As the chart has it: lying below 24 months, standing from then on (0.7 cm between them, WHO 2006).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chart_height_mm: Option<u32>,
    /// Body mass index in hundredths of kg/m².
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bmi: Option<u32>,
    pub scores: Vec<GrowthScore>,
}

/// One z-score.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GrowthScore {
    pub indicator: Indicator,
    /// Hundredths of a standard deviation.
    pub z: i32,
    /// What WHO calls this range; absent where it has no name for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<GrowthClass>,
    /// So far out that the measurement should be looked at again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub implausible: bool,
}

/// A child's growth, with the lines of the charts on which it is drawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LearnerGrowth {
    pub learner_id: LearnerId,
    pub full_name: String,
    pub given_name: String,
    pub birth_date: NaiveDate,
    pub sex: Sex,
    /// The class of today, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class_id: Option<ClassId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class_name: Option<String>,
    /// When the next measurement is due (TTLT 13/2016 Đ.9); absent for a child in no class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<NaiveDate>,
    /// Oldest first.
    pub entries: Vec<GrowthEntry>,
    pub charts: Vec<GrowthChart>,
}

/// The lines of one chart: -3, -2, -1, 0, +1, +2 and +3 standard deviations of children of the same sex.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GrowthChart {
    pub indicator: Indicator,
    /// The reference of 5 to 19 years (WHO 2007) and not the standards below five (WHO 2006).
    pub school_age: bool,
    /// Of weight for height: lengths taken lying, for children below 24 months. On all other charts false.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub lying: bool,
    /// Completed months of 30.4375 days; of weight for height millimetres. Rising.
    pub x: Vec<u32>,
    /// Seven lines from -3 to +3, with a value for each of `x`: grams, millimetres, or hundredths of kg/m².
    pub lines: Vec<Vec<u32>>,
}

/// A class on one day of measuring.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClassGrowth {
    pub class_id: ClassId,
    pub class_name: String,
    pub school_name: String,
    pub grade: Grade,
    pub measured_on: NaiveDate,
    pub writable: bool,
    /// Other days of this school year on which children of the class were measured, latest first.
    pub days: Vec<NaiveDate>,
    pub rows: Vec<GrowthRow>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GrowthRow {
    pub learner_id: LearnerId,
    pub ordinal: u32,
    pub full_name: String,
    pub given_name: String,
    pub birth_date: NaiveDate,
    pub sex: Sex,
    /// Left the class: shown, not to be measured here.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub left: bool,
    /// What stands for this day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<GrowthEntry>,
    /// Of this day's entry; 0 while there was none.
    pub version: i64,
    /// The last one before this day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<GrowthEntry>,
    /// When the next one is due, from all that stands.
    pub due_on: NaiveDate,
}

/// What was measured of a class on a day. Each row carries the version that its writer saw; a row with neither weight nor height
/// takes the measurement of that day back.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutGrowth {
    #[validate(length(min = 1, max = 200), nested)]
    pub rows: Vec<PutGrowthRow>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutGrowthRow {
    pub learner_id: LearnerId,
    /// 0.5 to 250 kg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 500, max = 250_000))]
    pub weight_g: Option<u32>,
    /// 30 to 230 cm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 300, max = 2_300))]
    pub height_mm: Option<u32>,
    /// Left out: lying below 24 months, standing from then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<MeasuringPosition>,
    pub version: i64,
}

/// What became of each row, in the order sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GrowthSaved {
    pub rows: Vec<GrowthOutcome>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GrowthOutcome {
    pub learner_id: LearnerId,
    pub outcome: CellResult,
    /// As it stands now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<GrowthEntry>,
    pub version: i64,
}

/// A class in which children are to be measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GrowthDue {
    pub class_id: ClassId,
    pub class_name: String,
    pub grade: Grade,
    /// Children of the class.
    pub learners: u32,
    /// Of them, how many should have been measured by today.
    pub due: u32,
}
