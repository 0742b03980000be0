//! What preschool children reach: outcomes of the programme by domain, and the standards of five-year-olds. Each is Đạt or Chưa đạt for
//! one child. There is no score, no rank and no comparison with other children in any of it.

use crate::access::names;
use crate::calendar::Grade;
use crate::gradebook::CellResult;
use crate::{ClassId, LearnerId, UnitId};
use chrono::{DateTime, NaiveDate, Utc};
use regulations::preschool::{Domain, Outcome};
use serde::{Deserialize, Serialize};
use validator::Validate;

names! {
    /// What is assessed.
    PreschoolList {
        /// Outcomes of the programme for the age group, in the words of the school's plan.
        Outcomes = "outcomes", "Kết quả mong đợi", "Expected outcomes";
        /// The standards of five-year-olds (TT 23/2010; groups of 5-6 years).
        Standards = "standards", "Bộ chuẩn trẻ 5 tuổi", "Standards of five-year-olds";
    }
}

/// The last number of a theme.
pub const MAX_STAGE: u8 = 40;

/// One thing that is assessed: a column of the sheet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PreschoolItem {
    /// Stable within the list: "TC01", or the number of an indicator.
    #[validate(length(min = 1, max = 20))]
    pub code: String,
    pub domain: Domain,
    /// Number of the standard, of indicators.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 1, max = 99))]
    pub standard: Option<u8>,
    /// Empty where the words are still to be filled in.
    #[validate(length(max = 500))]
    pub text: String,
}

/// The list of a school for an age group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreschoolItems {
    pub unit_id: UnitId,
    pub list: PreschoolList,
    pub grade: Grade,
    /// The school has a list of its own; else what Khuê ships is shown.
    pub own: bool,
    /// The domains that the list may use.
    pub domains: Vec<Domain>,
    pub items: Vec<PreschoolItem>,
    /// Of the whole list; 0 while the school has none of its own.
    pub version: i64,
}

/// Replaces the list of a school for an age group.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutPreschoolItems {
    #[validate(length(min = 1, max = 300), nested)]
    pub items: Vec<PreschoolItem>,
    /// The version that was read.
    pub version: i64,
}

/// A stage at whose end children are assessed: a theme of the class's plan, or the end of the age stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreschoolStage {
    /// 0: the end of the age stage; 1 to 40: a theme.
    pub number: u8,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_on: Option<NaiveDate>,
    /// Cells that hold something.
    pub assessed: u32,
    pub version: i64,
}

/// The stages of a class in one list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreschoolStages {
    pub class_id: ClassId,
    pub class_name: String,
    pub grade: Grade,
    pub writable: bool,
    /// Which lists this age group has.
    pub lists: Vec<PreschoolList>,
    pub stages: Vec<PreschoolStage>,
}

/// A theme: a new one, or another name or day.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutPreschoolStage {
    #[validate(length(min = 1, max = 200))]
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_on: Option<NaiveDate>,
    /// The version that was read; 0 for a new theme.
    pub version: i64,
}

/// The sheet of a class at a stage: children down, items across.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreschoolSheet {
    pub class_id: ClassId,
    pub class_name: String,
    pub school_id: UnitId,
    pub school_name: String,
    pub grade: Grade,
    pub list: PreschoolList,
    pub stage: PreschoolStage,
    pub writable: bool,
    pub items: Vec<PreschoolItem>,
    pub rows: Vec<PreschoolRow>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreschoolRow {
    pub learner_id: LearnerId,
    pub ordinal: u32,
    pub full_name: String,
    pub given_name: String,
    pub birth_date: NaiveDate,
    /// Left the class: shown, not to be assessed further.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub left: bool,
    /// The cells that hold something; an absent cell is empty, with version 0.
    pub cells: Vec<PreschoolCell>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreschoolCell {
    pub code: String,
    /// Absent: the cell was cleared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    pub version: i64,
}

/// Write many cells of one sheet, each with the version it was read at.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutPreschool {
    #[validate(length(min = 1, max = 5000), nested)]
    pub cells: Vec<PutPreschoolCell>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutPreschoolCell {
    pub learner_id: LearnerId,
    #[validate(length(min = 1, max = 20))]
    pub code: String,
    /// Absent or null: clear the cell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    pub version: i64,
}

/// What became of each cell, in the order sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreschoolSaved {
    pub saved_at: DateTime<Utc>,
    pub cells: Vec<PreschoolCellOutcome>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreschoolCellOutcome {
    pub learner_id: LearnerId,
    pub code: String,
    pub result: CellResult,
    /// As it stands now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    pub version: i64,
    /// Who changed it, where there is a conflict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_by: Option<String>,
}

/// One write of a cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreschoolChange {
    pub version: i64,
    /// Absent: the cell was empty, or was cleared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Outcome>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Outcome>,
    pub at: DateTime<Utc>,
    pub by: String,
}

/// What a family sees of a child in a school year: each stage with what the child reaches already and what is being practised.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChildPreschool {
    pub learner_id: LearnerId,
    pub full_name: String,
    pub given_name: String,
    pub class_name: String,
    pub school_name: String,
    pub school_year: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub homeroom: Option<String>,
    /// The latest first.
    pub stages: Vec<ChildStage>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChildStage {
    pub list: PreschoolList,
    /// 0: the end of the age stage.
    pub number: u8,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_on: Option<NaiveDate>,
    pub items: Vec<ChildItem>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChildItem {
    pub code: String,
    pub domain: Domain,
    pub text: String,
    pub outcome: Outcome,
}
