//! Primary classes after the end of a year (TT 27/2020 Đ.11): who is helped and assessed again, what came of it, and what the principal
//! decided of those who still fall short.

use crate::gradebook::CellResult;
use crate::{ClassId, LearnerId};
use chrono::{DateTime, Utc};
use regulations::tt27::Completion;
use regulations::{CellValue, Reason, Slot};
use serde::{Deserialize, Serialize};
use validator::Validate;

/// The pupils of a class who have not completed the programme of the grade, and where each stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReassessmentSheet {
    pub class_id: ClassId,
    pub class_name: String,
    /// Both terms are closed: before, there is no list.
    pub ready: bool,
    /// The caller may write what was assessed again.
    pub writable: bool,
    /// The caller may decide.
    pub decider: bool,
    pub rows: Vec<ReassessmentRow>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReassessmentRow {
    pub learner_id: LearnerId,
    pub ordinal: u32,
    pub full_name: String,
    pub given_name: String,
    /// What fell short at the end of the year, and has to be assessed again. Nothing of a pupil in whom nothing was assessed (all by an
    /// individual plan): of them the principal decides.
    pub items: Vec<ReassessmentItem>,
    /// What follows as it stands.
    pub completion: Completion,
    /// All has been assessed again and something still falls short: the principal decides, or has decided.
    pub due: bool,
    /// What the principal decided: the programme of the grade counts as completed, or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<PrincipalDecision>,
    /// Of the decision; 0 where there never was one.
    pub decision_version: i64,
    pub reasons: Vec<Reason>,
}

/// A level or a test of a subject, or the level of a quality or competency.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReassessmentItem {
    /// The subject, or the sheet of the qualities or competencies.
    pub subject_code: String,
    /// The column of the end of the second term: `fl`, `ft`, `f1` … `f7`.
    pub slot: Slot,
    /// Of the subject, quality or competency.
    pub name_vi: String,
    pub name_en: String,
    /// At the end of the year.
    pub was: CellValue,
    /// Assessed again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<CellValue>,
    pub version: i64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PrincipalDecision {
    pub completed: bool,
    pub reason: String,
    pub decided_at: DateTime<Utc>,
    pub decided_by: String,
}

/// What was assessed again.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutReassessment {
    /// Why, where something that stood is changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 500))]
    pub reason: Option<String>,
    #[validate(length(min = 1, max = 1000), nested)]
    pub items: Vec<PutReassessmentItem>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutReassessmentItem {
    pub learner_id: LearnerId,
    #[validate(length(min = 1, max = 20))]
    pub subject_code: String,
    pub slot: Slot,
    /// Left out takes it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<CellValue>,
    pub version: i64,
}

/// What became of each item, in the order sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReassessmentSaved {
    pub items: Vec<ReassessmentOutcome>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReassessmentOutcome {
    pub learner_id: LearnerId,
    pub subject_code: String,
    pub slot: Slot,
    pub outcome: CellResult,
    /// As it stands now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<CellValue>,
    pub version: i64,
    /// Code of the error table, where it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// What the principal decides of a pupil who still falls short. The version is that of the decision that stood, 0 for none.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutPrincipalDecision {
    /// The programme of the grade counts as completed, or not; left out takes the decision back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed: Option<bool>,
    #[validate(length(min = 5, max = 500))]
    pub reason: String,
}

/// One write of what was assessed again, or of the decision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReassessmentChange {
    /// Left out, with the column: the principal's decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<Slot>,
    pub version: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<CellValue>,
    /// Of a decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed: Option<bool>,
    pub at: DateTime<Utc>,
    pub by: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}
