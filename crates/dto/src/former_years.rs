//! Whole school years that a learner spent at schools outside of these records: from a signed transcript, or typed from a paper one
//! (TT 70/2026 Đ.7: on a transfer the transcript is inherited).

use crate::access::names;
use crate::calendar::{Grade, Term};
use crate::former::PutFormerTerm;
use crate::transcripts::SigningRole;
use crate::{ClassId, LearnerId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

names! {
    /// Of which part of a year a result is.
    FormerPeriod {
        S1 = "s1", "Học kì I", "Semester I";
        S2 = "s2", "Học kì II", "Semester II";
        Year = "year", "Cả năm", "Whole year";
        Again = "again", "Đánh giá lại", "Assessed again";
    }
}

/// The former years of a class's learners.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FormerYears {
    pub class_id: ClassId,
    pub class_name: String,
    /// "2026-2027".
    pub school_year: String,
    pub grade: Grade,
    /// The caller may add and change them here.
    pub writable: bool,
    /// Who is in the class.
    pub learners: Vec<FormerYearLearner>,
    /// By ordinal, then the newest year first.
    pub items: Vec<FormerYear>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FormerYearLearner {
    pub learner_id: LearnerId,
    pub ordinal: u32,
    pub full_name: String,
    pub given_name: String,
}

/// A school year at another school.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FormerYear {
    pub learner_id: LearnerId,
    /// "2025-2026".
    pub school_year: String,
    pub content: PutFormerYear,
    /// Absent where it was typed from a paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<FormerYearSigned>,
    /// Of the class's own school year: its terms as records that can be saved as terms at a former school. Subjects that belong to
    /// none of the class's, or whose result a class of this kind cannot have, are left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<FormerYearTerm>,
    pub version: i64,
    pub updated_at: DateTime<Utc>,
    pub updated_by: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FormerYearTerm {
    pub term: Term,
    pub record: PutFormerTerm,
}

/// The file that a year was taken from, and what the check of it said on that day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FormerYearSigned {
    /// `xml` or `pdf`.
    pub form: String,
    /// SHA-256 of the canonical content, in hexadecimal.
    pub content_hash: String,
    pub checked_at: DateTime<Utc>,
    /// In the order of signing.
    pub signatures: Vec<FormerYearSignature>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FormerYearSignature {
    pub role: SigningRole,
    /// Of a subject's signature: its code in the transcript.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_code: Option<String>,
    /// The common name of the certificate.
    pub signer: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_at: Option<DateTime<Utc>>,
}

/// Record a year from a paper, or say which subjects a signed one's belong to: of a signed one all else has to be as it was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutFormerYear {
    #[validate(length(min = 2, max = 200))]
    pub from_school: String,
    /// The paper or file that says so: "Học bạ giấy, trang 5".
    #[validate(length(min = 2, max = 300))]
    pub document: String,
    /// 1 to 12.
    #[validate(range(min = 1, max = 12))]
    pub grade: u8,
    #[validate(length(max = 30))]
    pub class_name: String,
    #[validate(length(min = 1, max = 40), nested)]
    pub subjects: Vec<FormerYearSubject>,
    /// Conduct, learning, promotion, award, absences, qualities and competencies.
    #[validate(length(max = 80), nested)]
    pub outcomes: Vec<FormerYearOutcome>,
}

/// A subject as the former school names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FormerYearSubject {
    #[validate(length(min = 1, max = 100))]
    pub name: String,
    /// The subject of the programme that it is; absent while nobody has said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 20))]
    pub subject_code: Option<String>,
    #[validate(length(min = 1, max = 4), nested)]
    pub values: Vec<FormerYearValue>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FormerYearValue {
    pub period: FormerPeriod,
    /// As it is printed: "7,9", "Đ", "CĐ", "T", "H", "C", "Miễn", "KHGDCN".
    #[validate(length(min = 1, max = 12))]
    pub value: String,
    /// The mark of the test, in primary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 5))]
    pub test: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FormerYearOutcome {
    /// `learning`, `conduct`, `promotion`, `award`, `absences`, `group`, `completion`, or the code of a quality or competency.
    #[validate(length(min = 1, max = 30))]
    pub code: String,
    #[validate(length(min = 1, max = 100))]
    pub name: String,
    pub period: FormerPeriod,
    #[validate(length(min = 1, max = 100))]
    pub value: String,
}
