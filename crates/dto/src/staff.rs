//! Staff: one record per person, with posts in one or more schools.

use crate::access::names;
use crate::learners::{PersonName, Sex};
use crate::{ClassId, StaffId, UnitId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use validator::Validate;

names! {
    /// What a post is.
    Position {
        Principal = "principal", "Hiệu trưởng", "Principal";
        Deputy = "deputy", "Phó hiệu trưởng", "Deputy principal";
        Teacher = "teacher", "Giáo viên", "Teacher";
        Clerk = "clerk", "Văn thư", "Clerk";
        Accountant = "accountant", "Kế toán", "Accountant";
        Nurse = "nurse", "Y tế", "Nurse";
        Librarian = "librarian", "Thư viện", "Librarian";
        Technician = "technician", "Thiết bị, CNTT", "Technician";
        Officer = "officer", "Chuyên viên", "Officer";
        Other = "other", "Nhân viên khác", "Other staff";
    }
}

/// A member of staff.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Staff {
    pub id: StaffId,
    pub name: PersonName,
    pub full_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<NaiveDate>,
    pub sex: Sex,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ministry_code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    pub posts: Vec<Post>,
    pub version: i64,
}

/// A post at a unit, from a day (included) to a day (excluded).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Post {
    pub unit_id: UnitId,
    pub unit_name: String,
    pub position: Position,
    pub valid_from: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<NaiveDate>,
    /// Number of the decision on the appointment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision_no: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_on: Option<NaiveDate>,
}

/// A new member of staff, or one who is known at another school (same personal details are not repeated: give `staff_id`).
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostStaff {
    #[validate(nested)]
    pub name: PersonName,
    pub sex: Sex,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 20))]
    pub ministry_code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(custom(function = "crate::learners::check_phone"))]
    pub phone: Option<String>,
    pub unit_id: UnitId,
    pub position: Position,
    pub valid_from: NaiveDate,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutStaff {
    #[validate(nested)]
    pub name: PersonName,
    pub sex: Sex,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 20))]
    pub ministry_code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(custom(function = "crate::learners::check_phone"))]
    pub phone: Option<String>,
}

/// A further post of a member of staff, such as a second school (dạy liên trường, NĐ 93/2026 Đ.13).
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostPost {
    pub unit_id: UnitId,
    pub position: Position,
    pub valid_from: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<NaiveDate>,
    /// Number of the decision on the appointment, such as "125/QĐ-SGDĐT".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 60))]
    pub decision_no: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_on: Option<NaiveDate>,
}

/// `?unit_id=&position=&q=` of the list of staff.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct StaffQuery {
    pub unit_id: Option<UnitId>,
    /// Who has such a post today (at that unit).
    pub position: Option<Position>,
    #[validate(length(max = 100))]
    pub q: Option<String>,
}

/// What a teacher has in the current school year: a class and subject taught, or a homeroom class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TeachingItem {
    pub school_id: UnitId,
    pub school_name: String,
    pub class_id: ClassId,
    pub class_name: String,
    pub grade: crate::calendar::Grade,
    /// Absent for the homeroom class itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_name_vi: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_name_en: Option<String>,
    pub learners: u32,
    pub homeroom: bool,
}
