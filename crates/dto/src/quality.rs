//! Data quality: what rules find in a school's records, who is to put it right, until when.

use crate::access::{Role, names};
use crate::{QualityFindingId, UnitId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

names! {
    /// A rule. Each has one definition, which runs on write, on import and nightly.
    QualityRule {
        NameSpelling = "name_spelling", "Họ tên viết thừa khoảng trắng hoặc sai bảng mã", "A name with stray spaces or in another composition";
        NameCase = "name_case", "Họ tên viết toàn chữ hoa hoặc chữ thường", "A name all in capitals or small letters";
        PersonalIdMissing = "personal_id_missing", "Thiếu số định danh cá nhân", "No personal ID";
        PersonalIdSex = "personal_id_sex", "Giới tính không khớp số định danh", "Sex and personal ID differ";
        PersonalIdYear = "personal_id_year", "Năm sinh không khớp số định danh", "Birth year and personal ID differ";
        GuardianPhoneMissing = "guardian_phone_missing", "Không có số điện thoại phụ huynh", "No guardian with a phone number";
        LearnerWithoutClass = "learner_without_class", "Học sinh đang học chưa có lớp", "A learner who studies and is in no class";
        PossibleDuplicate = "possible_duplicate", "Có thể là hồ sơ trùng", "Possibly the same learner twice";
        ClassWithoutHomeroom = "class_without_homeroom", "Lớp chưa có giáo viên chủ nhiệm", "A class without a homeroom teacher";
        ClassOverSize = "class_over_size", "Sĩ số lớp vượt mức của điều lệ", "A class larger than the rules allow";
        ClassEmpty = "class_empty", "Lớp chưa có học sinh", "A class without learners";
        StaffWithoutSubject = "staff_without_subject", "Giáo viên chưa được phân công", "A teacher without any assignment";
        StaffCodeMissing = "staff_code_missing", "Nhân sự chưa có mã định danh ngành", "Staff without the Ministry's code";
    }
}

names! {
    QualityState {
        Open = "open", "Chưa xử lí", "Open";
        Fixed = "fixed", "Đã xử lí", "Put right";
        Accepted = "accepted", "Chấp nhận", "Accepted";
    }
}

names! {
    /// Of what a finding is.
    QualitySubject {
        Learner = "learner", "Học sinh", "Learner";
        Class = "class", "Lớp", "Class";
        Staff = "staff", "Nhân sự", "Staff";
    }
}

/// What a rule says of a record that is being written or imported. Nothing is refused for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QualityWarning {
    pub rule: QualityRule,
    /// The field that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    pub vi: String,
    pub en: String,
}

/// What a rule has found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QualityFinding {
    pub id: QualityFindingId,
    pub school_id: UnitId,
    pub rule: QualityRule,
    pub subject: QualitySubject,
    /// The learner, class or member of staff.
    pub subject_id: uuid::Uuid,
    /// Their name.
    pub title: String,
    pub vi: String,
    pub en: String,
    pub state: QualityState,
    /// Whose it is to put right: a role of the school.
    pub owner: Role,
    pub due_on: NaiveDate,
    /// The program can put it right by itself.
    pub fixable: bool,
    pub found_at: DateTime<Utc>,
    /// Put right or accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled_by: Option<String>,
    /// Why it is accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    pub version: i64,
}

/// A step in the life of a finding, oldest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QualityStep {
    pub at: DateTime<Utc>,
    pub state: QualityState,
    /// Absent where the nightly run found it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// `?school_id=&rule=&state=&overdue=&owner=` of the findings.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct QualityQuery {
    pub school_id: UnitId,
    pub rule: Option<QualityRule>,
    /// Left out: open ones.
    pub state: Option<QualityState>,
    /// Past their due date alone.
    #[serde(default)]
    pub overdue: Option<bool>,
    /// Those that this role has to put right.
    #[serde(default)]
    pub owner: Option<Role>,
}

/// `?unit_id=` of what lies under a unit.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct QualityUnitQuery {
    pub unit_id: UnitId,
}

/// How a rule stands under a unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QualityRuleCount {
    pub rule: QualityRule,
    pub owner: Role,
    pub open: u32,
    pub overdue: u32,
    pub accepted: u32,
    pub fixable: bool,
}

/// What lies right under a unit: a commune or a school.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QualityUnit {
    pub unit_id: UnitId,
    pub name: String,
    /// It is a school itself: its findings can be opened.
    pub school: bool,
    pub open: u32,
    pub overdue: u32,
}

/// One day of the trend.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QualityDay {
    pub day: NaiveDate,
    /// Open at the end of it.
    pub open: u32,
}

/// How the data under a unit stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QualityOverview {
    pub unit_id: UnitId,
    pub name: String,
    /// A school: its findings can be opened.
    pub school: bool,
    pub open: u32,
    pub overdue: u32,
    /// Schools whose records have been looked at.
    pub checked: u32,
    /// When any of them was last looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked_at: Option<DateTime<Utc>>,
    pub rules: Vec<QualityRuleCount>,
    /// What lies right under it, the most findings first.
    pub units: Vec<QualityUnit>,
    /// Of the last 30 days, each on which a run was made, oldest first.
    pub trend: Vec<QualityDay>,
}

/// Look at a school's records now.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostQualityRun {
    pub school_id: UnitId,
}

/// What a run came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QualityRun {
    /// Found now and not before.
    pub new: u32,
    /// Open before and put right meanwhile.
    pub fixed: u32,
    pub open: u32,
}

/// Accept a finding as it is.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AcceptFinding {
    #[validate(length(min = 3, max = 300))]
    pub reason: String,
}

/// Put right all that the program can put right of one rule in a school.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FixFindings {
    pub school_id: UnitId,
    pub rule: QualityRule,
}
