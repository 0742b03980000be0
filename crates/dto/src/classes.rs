//! Classes, what they study and who teaches it.

use crate::calendar::Grade;
use crate::{ClassId, LearnerId, SchoolYearId, StaffId, UnitId};
use chrono::{DateTime, NaiveDate, Utc};
use regulations::SubjectKind;
use serde::{Deserialize, Serialize};
use validator::Validate;

/// A class of one school in one school year.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Class {
    pub id: ClassId,
    pub school_id: UnitId,
    pub school_name: String,
    pub school_year_id: SchoolYearId,
    pub school_year: String,
    pub grade: Grade,
    /// "6A1", "12.6", "Lá 1".
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub homeroom: Option<StaffRef>,
    /// Learners enrolled today.
    pub learners: u32,
    /// When the ordinals (số thứ tự) were frozen; newcomers are appended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ordinals_frozen_at: Option<DateTime<Utc>>,
    pub version: i64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StaffRef {
    pub id: StaffId,
    pub full_name: String,
}

/// A new class. Its subjects are those of the catalogue for its grade.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostClass {
    pub school_id: UnitId,
    pub school_year_id: SchoolYearId,
    pub grade: Grade,
    #[validate(length(min = 1, max = 30))]
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub homeroom_staff_id: Option<StaffId>,
}

#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutClass {
    #[validate(length(min = 1, max = 30))]
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub homeroom_staff_id: Option<StaffId>,
}

/// `?school_id=&school_year_id=&grade=` of the list of classes, by grade and name.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct ClassQuery {
    pub school_id: Option<UnitId>,
    /// Left out: the current school year.
    pub school_year_id: Option<SchoolYearId>,
    pub grade: Option<Grade>,
    /// Part of the name with or without marks, in either case: "la 1" finds "Lá 1".
    #[validate(length(max = 100))]
    pub q: Option<String>,
}

/// One line of a class list, in the order of the ordinals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClassMember {
    pub learner_id: LearnerId,
    /// Số thứ tự, from 1.
    pub ordinal: u32,
    pub full_name: String,
    /// The part of the name that people are called by and sorted by.
    pub given_name: String,
    pub birth_date: NaiveDate,
    pub sex: crate::learners::Sex,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub personal_id: Option<String>,
    pub status: crate::learners::LearnerStatus,
    pub enrolled_on: NaiveDate,
    /// First day on which the learner was no longer in the class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_on: Option<NaiveDate>,
}

/// A subject of a class and who teaches it today (a course section).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClassSubject {
    pub subject_code: String,
    pub name_vi: String,
    pub name_en: String,
    pub kind: SubjectKind,
    pub annual_periods: u16,
    /// Every learner of the class takes it; `false`: only those enrolled in it (grades 10-12).
    pub whole_class: bool,
    /// Learners of the class take its specialised topics (chuyên đề học tập, grades 10-12): the sheet has a column for their result,
    /// which counts as one regular mark. Who does not take them leaves it empty.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub topics: bool,
    #[serde(default)]
    pub teachers: Vec<StaffRef>,
}

/// The subjects of a class with their teachers, replaced as a whole.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutClassSubjects {
    #[validate(length(max = 40), nested)]
    pub subjects: Vec<PutClassSubject>,
}

#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutClassSubject {
    #[validate(length(min = 1, max = 20))]
    pub subject_code: String,
    pub whole_class: bool,
    /// Only of a subject with marks in grades 10 to 12.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub topics: bool,
    #[validate(length(max = 5))]
    pub teacher_ids: Vec<StaffId>,
}

/// Who takes an elective subject of a class (grades 10-12), replaced as a whole.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutSubjectEnrolments {
    #[validate(length(max = 200))]
    pub learner_ids: Vec<LearnerId>,
}

/// Put a learner into a class from a day on; an enrolment of the same school year in another class of the same school
/// ends that day.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostEnrolment {
    pub learner_id: LearnerId,
    pub enrolled_on: NaiveDate,
}

/// `?left_on=` of taking a learner out of a class.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct LeaveQuery {
    /// First day on which the learner is not in the class; today where it is left out.
    pub left_on: Option<NaiveDate>,
}
