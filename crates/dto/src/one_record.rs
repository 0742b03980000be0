//! One person, one record: what a school is offered that enters a known child, likely duplicates, merges, codes with their history.

use crate::access::names;
use crate::learners::{LearnerDetail, LearnerStatus, Sex};
use crate::{LearnerId, LearnerMergeId, UnitId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

names! {
    /// What a school can do about a child that the province knows.
    OfferKind {
        /// The record is this school's own.
        Here = "here", "Đã có ở trường này", "Already at this school";
        /// The child is at no school now: the school may enrol them, with their history.
        Claim = "claim", "Tiếp nhận", "Claim";
        /// Another school has the child.
        Transfer = "transfer", "Xin chuyển trường", "Transfer";
    }
}

names! {
    /// A code of a learner.
    CodeKind {
        PersonalId = "personal_id", "Số định danh cá nhân", "Personal ID";
        Ministry = "ministry", "Mã định danh Bộ GD&ĐT", "Ministry code";
        /// Mã số hồ sơ học tập suốt đời (NĐ 88/2026 Đ.9).
        Lifelong = "lifelong", "Mã hồ sơ học tập suốt đời", "Lifelong learning code";
        /// A school's own.
        Local = "local", "Mã học sinh của trường", "School's own code";
        /// Số đăng bộ of a school.
        Register = "register", "Số sổ đăng bộ", "Enrolment register number";
        /// Until a number is known.
        Temporary = "temporary", "Mã tạm", "Temporary code";
    }
}

impl CodeKind {
    /// Each school gives its own.
    pub fn of_school(self) -> bool {
        matches!(self, CodeKind::Local | CodeKind::Register)
    }
}

names! {
    /// Why two records may be of one child, or why not.
    DuplicateReason {
        SameNameAndBirth = "same_name_and_birth", "Cùng họ tên và ngày sinh", "Same name and birth date";
        /// Marks, case and spaces aside.
        SameName = "same_name", "Cùng họ tên", "Same name";
        NameSounds = "name_sounds", "Tên đọc giống nhau", "The name sounds the same";
        NameOrder = "name_order", "Tên đảo thứ tự chữ", "The name in another order";
        MiddleMissing = "middle_missing", "Thiếu tên đệm", "A middle name is missing";
        NameOneLetter = "name_one_letter", "Tên khác 1 chữ cái", "One letter of the name differs";
        NameTwoLetters = "name_two_letters", "Tên khác 2 chữ cái", "Two letters of the name differ";
        SameBirth = "same_birth", "Cùng ngày sinh", "Same birth date";
        BirthSwapped = "birth_swapped", "Ngày và tháng sinh đổi chỗ", "Day and month of birth are swapped";
        BirthOneDigit = "birth_one_digit", "Ngày sinh khác 1 chữ số", "One digit of the birth date differs";
        SameMotherPhone = "same_mother_phone", "Cùng số điện thoại mẹ", "Same mother's phone";
        SameFatherPhone = "same_father_phone", "Cùng số điện thoại bố", "Same father's phone";
        SameGuardianPhone = "same_guardian_phone", "Cùng số điện thoại phụ huynh", "Same guardian's phone";
        SameGuardianName = "same_guardian_name", "Cùng họ tên phụ huynh", "Same guardian's name";
        SexDiffers = "sex_differs", "Khác giới tính", "Different sex";
        PersonalIdMissing = "personal_id_missing", "Có hồ sơ chưa có số định danh", "A record has no personal ID";
        PersonalIdOneDigit = "personal_id_one_digit", "Số định danh khác 1 chữ số", "One digit of the personal ID differs";
        PersonalIdsDiffer = "personal_ids_differ", "Số định danh khác nhau", "Different personal IDs";
    }
}

/// A child that a school wants to enter, by what it knows of them. At least a number, or name and birth date.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostOffers {
    pub school_id: UnitId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(custom(function = "crate::learners::check_personal_id"))]
    pub personal_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 20))]
    pub ministry_code: Option<String>,
    /// The whole name, with or without marks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 200))]
    pub full_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<NaiveDate>,
}

/// A known child: enough to recognise them, and not more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LearnerOffer {
    pub kind: OfferKind,
    /// The number by which they were found; none where only name and birth date agree.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found_by: Option<CodeKind>,
    pub full_name: String,
    pub birth_date: NaiveDate,
    /// The school of today, or the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub school_name: Option<String>,
    pub status: LearnerStatus,
    /// Only of a record that the caller reaches anyway.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learner_id: Option<LearnerId>,
    /// A transfer is under way already.
    pub transferring: bool,
}

/// What the province knows of a child that a school wants to enter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LearnerOffers {
    pub items: Vec<LearnerOffer>,
}

/// Enrol a child who is at no school now; the number shows that the school has the child before it.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostClaim {
    pub school_id: UnitId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(custom(function = "crate::learners::check_personal_id"))]
    pub personal_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 20))]
    pub ministry_code: Option<String>,
    /// `studying`, `transferred_in` or `returned`.
    pub status: LearnerStatus,
    pub since: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 500))]
    pub reason: Option<String>,
}

/// A code and the time in which it was the learner's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LearnerCode {
    pub kind: CodeKind,
    pub value: String,
    /// The school that gave it, of a school's own codes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub school_id: Option<UnitId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub school_name: Option<String>,
    /// Left out: from the beginning of the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<NaiveDate>,
    /// The first day on which it was not theirs any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<NaiveDate>,
    /// Who wrote it down; none of what the record began with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// All codes of a learner, those of today first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LearnerCodes {
    pub learner_id: LearnerId,
    pub full_name: String,
    pub birth_date: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub school_id: Option<UnitId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub school_name: Option<String>,
    pub items: Vec<LearnerCode>,
    /// The caller may give codes.
    pub writable: bool,
    /// Of the learner.
    pub version: i64,
}

/// Give a learner a code; the one of the same kind (and school) ends that day.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostLearnerCode {
    pub kind: CodeKind,
    #[validate(length(min = 1, max = 40))]
    pub value: String,
    /// The day from which it is theirs; today where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<NaiveDate>,
    #[validate(length(min = 1, max = 500))]
    pub reason: String,
}

/// `?unit_id=` of the list of likely duplicates.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct DuplicateQuery {
    /// Of this unit and what lies under it; left out: of all that one reaches.
    pub unit_id: Option<UnitId>,
}

/// `?left=&right=` of two records side by side.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct CompareQuery {
    pub left: LearnerId,
    pub right: LearnerId,
}

/// One of two records that may be of one child.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DuplicateSide {
    pub learner_id: LearnerId,
    pub full_name: String,
    pub birth_date: NaiveDate,
    pub sex: Sex,
    pub status: LearnerStatus,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub school_name: Option<String>,
    /// Whether it has a personal ID at all; the number itself stands in the record.
    pub has_personal_id: bool,
    /// The caller's merging reaches the record: it can be opened.
    pub reachable: bool,
}

/// Two records that may be of one child.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DuplicatePair {
    pub left: DuplicateSide,
    pub right: DuplicateSide,
    pub reasons: Vec<DuplicateReason>,
    /// How alike they are, of 100.
    pub score: u8,
    /// A guardian in common, and nothing that speaks against it.
    pub likely: bool,
}

/// What hangs on a record: rows of one kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Holding {
    pub name_vi: String,
    pub name_en: String,
    pub rows: u32,
}

/// A record with what hangs on it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DuplicateRecord {
    pub detail: LearnerDetail,
    pub holdings: Vec<Holding>,
}

/// Two records side by side.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DuplicateComparison {
    pub left: DuplicateRecord,
    pub right: DuplicateRecord,
    pub reasons: Vec<DuplicateReason>,
}

/// Make one record of two: what hangs on `merged_id` moves to `kept_id`.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostMerge {
    pub kept_id: LearnerId,
    pub merged_id: LearnerId,
    #[validate(length(min = 1, max = 500))]
    pub reason: String,
}

/// Split what was merged wrongly.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostSplit {
    #[validate(length(min = 1, max = 500))]
    pub reason: String,
}

/// Two who look like one child and are not.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostDistinction {
    pub left_id: LearnerId,
    pub right_id: LearnerId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 500))]
    pub reason: Option<String>,
}

/// Two records that were made one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LearnerMerge {
    pub id: LearnerMergeId,
    pub kept_id: LearnerId,
    pub kept_name: String,
    pub merged_id: LearnerId,
    pub merged_name: String,
    pub birth_date: NaiveDate,
    pub reason: String,
    /// What moved, by kind.
    pub moved: Vec<Holding>,
    /// Rows of the merged record that stayed with it, since the kept one has its own in their place.
    pub stayed: u32,
    pub merged_at: DateTime<Utc>,
    pub merged_by: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split_reason: Option<String>,
}
