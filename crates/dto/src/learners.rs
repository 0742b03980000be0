//! Learners: one record per child for life; guardians.

use crate::access::names;
use crate::calendar::Grade;
use crate::{ClassId, GuardianId, LearnerId, UnitId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use validator::Validate;

names! {
    Sex {
        Female = "female", "Nữ", "Female";
        Male = "male", "Nam", "Male";
    }
}

names! {
    /// Status of a learner at a school.
    LearnerStatus {
        Studying = "studying", "Đang học", "Studying";
        TransferredIn = "transferred_in", "Chuyển đến", "Transferred in";
        TransferredOut = "transferred_out", "Chuyển đi", "Transferred out";
        Left = "left", "Thôi học", "Left school";
        Suspended = "suspended", "Nghỉ học có thời hạn", "On leave";
        Returned = "returned", "Đi học lại", "Returned";
        Completed = "completed", "Hoàn thành cấp học", "Completed";
    }
}

impl LearnerStatus {
    /// The learner is at the school.
    pub fn present(self) -> bool {
        matches!(self, LearnerStatus::Studying | LearnerStatus::TransferredIn | LearnerStatus::Returned)
    }
}

names! {
    Relation {
        Mother = "mother", "Mẹ", "Mother";
        Father = "father", "Bố", "Father";
        Grandparent = "grandparent", "Ông, bà", "Grandparent";
        Other = "other", "Người giám hộ", "Other guardian";
    }
}

/// A learner's name in its three parts. `middle` may be empty, and for a mononym `family` too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonName {
    /// Họ.
    #[validate(length(max = 50))]
    pub family: String,
    /// Tên đệm.
    #[serde(default)]
    #[validate(length(max = 80))]
    pub middle: String,
    /// Tên: what people are called by and sorted by.
    #[validate(length(min = 1, max = 50))]
    pub given: String,
}

impl PersonName {
    pub fn full(&self) -> String {
        [self.family.as_str(), self.middle.as_str(), self.given.as_str()]
            .iter()
            .filter(|s| !s.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// A learner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Learner {
    pub id: LearnerId,
    pub name: PersonName,
    pub full_name: String,
    pub birth_date: NaiveDate,
    pub sex: Sex,
    /// Dân tộc, as its name in the list of 54: "Kinh".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ethnicity: Option<String>,
    /// Số định danh cá nhân, 12 digits (NĐ 137/2015 Đ.13).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub personal_id: Option<String>,
    /// Mã định danh Bộ GD&ĐT.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ministry_code: Option<String>,
    /// The school of today, or the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub school_id: Option<UnitId>,
    pub status: LearnerStatus,
    pub version: i64,
}

/// A learner with all that belongs to them.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LearnerDetail {
    #[serde(flatten)]
    pub learner: Learner,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub school_name: Option<String>,
    pub statuses: Vec<StatusEntry>,
    pub enrolments: Vec<Enrolment>,
    pub guardians: Vec<GuardianOf>,
    /// What looks odd and should be looked at: personal ID against sex or year of birth.
    pub warnings: Vec<crate::FieldError>,
}

/// A line of the history of statuses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StatusEntry {
    pub status: LearnerStatus,
    pub since: NaiveDate,
    pub school_id: UnitId,
    pub school_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A class that the learner was or is in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Enrolment {
    pub class_id: ClassId,
    pub class_name: String,
    pub grade: Grade,
    pub school_id: UnitId,
    pub school_name: String,
    pub school_year: String,
    pub ordinal: u32,
    pub enrolled_on: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_on: Option<NaiveDate>,
}

/// A guardian as seen from a learner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GuardianOf {
    pub guardian_id: GuardianId,
    pub relation: Relation,
    pub full_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// User name of the guardian's account, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
}

/// A line of a list or of a search.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LearnerItem {
    pub id: LearnerId,
    pub full_name: String,
    pub given_name: String,
    pub birth_date: NaiveDate,
    pub sex: Sex,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class_id: Option<ClassId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub school_name: Option<String>,
    pub status: LearnerStatus,
}

/// A new learner at a school.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostLearner {
    pub school_id: UnitId,
    #[validate(nested)]
    pub name: PersonName,
    pub birth_date: NaiveDate,
    pub sex: Sex,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 40))]
    pub ethnicity: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(custom(function = "check_personal_id"))]
    pub personal_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 20))]
    pub ministry_code: Option<String>,
    pub status: LearnerStatus,
    pub since: NaiveDate,
}

/// Change a learner's own data.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutLearner {
    #[validate(nested)]
    pub name: PersonName,
    pub birth_date: NaiveDate,
    pub sex: Sex,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 40))]
    pub ethnicity: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(custom(function = "check_personal_id"))]
    pub personal_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 20))]
    pub ministry_code: Option<String>,
}

/// A new status at the learner's school from a day on.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostStatus {
    pub status: LearnerStatus,
    pub since: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 500))]
    pub reason: Option<String>,
}

/// Link a guardian: one who is known (`guardian_id`), or a new one (`name`).
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostGuardian {
    pub relation: Relation,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guardian_id: Option<GuardianId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    pub name: Option<PersonName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(custom(function = "check_phone"))]
    pub phone: Option<String>,
}

/// `?q=&school_id=&grade=&class_id=` of the search of learners.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct LearnerQuery {
    /// Part of the name with or without marks ("nguyen thi anh" finds "Nguyễn Thị Ánh"), or the start of a code.
    #[validate(length(max = 100))]
    pub q: Option<String>,
    pub school_id: Option<UnitId>,
    /// Of those who are in a class of this grade in the current school year.
    pub grade: Option<Grade>,
    pub class_id: Option<ClassId>,
}

/// 12 digits; what the digits say of century, sex and year is a warning and never blocks.
pub fn check_personal_id(value: &str) -> Result<(), validator::ValidationError> {
    if value.len() == 12 && value.bytes().all(|b| b.is_ascii_digit()) {
        Ok(())
    } else {
        Err(validator::ValidationError::new("personal_id_format"))
    }
}

/// 0 and nine digits, or +84 and nine digits; spaces and dots are allowed between.
pub fn check_phone(value: &str) -> Result<(), validator::ValidationError> {
    let digits: String = value.chars().filter(|c| !matches!(c, ' ' | '.' | '-')).collect();
    let rest = digits.strip_prefix("+84").or_else(|| digits.strip_prefix('0'));
    match rest {
        Some(r) if r.len() == 9 && r.bytes().all(|b| b.is_ascii_digit()) => Ok(()),
        _ => Err(validator::ValidationError::new("phone_format")),
    }
}
