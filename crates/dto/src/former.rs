//! What a former school gave: the results of a term that a learner spent elsewhere and that no class of ours has.

use crate::calendar::Term;
use crate::gradebook::ResultSubject;
use crate::{ClassId, LearnerId};
use chrono::{DateTime, Utc};
use regulations::{CellValue, Level, Mark, Reason};
use serde::{Deserialize, Serialize};
use validator::Validate;

/// The terms at former schools of a class's learners, and all that the form for one needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FormerTerms {
    pub class_id: ClassId,
    pub class_name: String,
    /// "2026-2027".
    pub school_year: String,
    pub grade: crate::calendar::Grade,
    /// The caller may record and remove them here; once the second term is closed nobody may.
    pub writable: bool,
    /// Of a primary class with its qualities and competencies, each as a subject of its own (`PC_YEU_NUOC`).
    pub subjects: Vec<ResultSubject>,
    /// Who is in the class.
    pub learners: Vec<FormerLearner>,
    /// What is recorded, by ordinal and term.
    pub items: Vec<FormerTerm>,
}

/// A learner of the class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FormerLearner {
    pub learner_id: LearnerId,
    pub ordinal: u32,
    pub full_name: String,
    pub given_name: String,
    /// Those of `subjects` that this learner is assessed in here.
    pub subject_codes: Vec<String>,
}

/// What another school gave of one term. It stands in the place of the term in this class: the year is made with it (TT 22/2021
/// Đ.9); in a primary class with the second term alone (TT 27/2020 Đ.9).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FormerTerm {
    pub learner_id: LearnerId,
    pub term: Term,
    pub from_school: String,
    /// The paper that says so: "Học bạ, trang 5", "Phiếu kết quả học tập ngày 09/01/2027".
    pub document: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conduct: Option<Level>,
    /// Half-days missed there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub absences: Option<u16>,
    pub subjects: Vec<FormerSubject>,
    /// What the term comes to; absent while a subject is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learning: Option<Level>,
    /// Where it is from, and why the term comes to this.
    pub reasons: Vec<Reason>,
    pub version: i64,
    pub updated_at: DateTime<Utc>,
    pub updated_by: String,
}

/// The result of a subject in the term: a score is the average of the term, in tenths; else pass, fail or exempt. In a primary class
/// the level at the end of the term: `good`, `done`, `weak` or exempt of a subject, `good`, `pass`, `weak` of a quality or competency.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FormerSubject {
    #[validate(length(min = 1, max = 20))]
    pub subject_code: String,
    pub value: CellValue,
    /// In a primary class: the test at the end of the term, where the subject has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<Mark>,
}

/// Record a term at a former school, or correct it as a whole.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutFormerTerm {
    #[validate(length(min = 2, max = 200))]
    pub from_school: String,
    #[validate(length(min = 2, max = 300))]
    pub document: String,
    /// Left out in a primary class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conduct: Option<Level>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(range(max = 400))]
    pub absences: Option<u16>,
    #[validate(length(min = 1, max = 40), nested)]
    pub subjects: Vec<FormerSubject>,
}
