//! Transfers of learners from school to school.

use crate::access::names;
use crate::{ClassId, LearnerId, TransferId, UnitId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

names! {
    /// Where a transfer stands.
    TransferState {
        Requested = "requested", "Chờ trường nhận trả lời", "Waiting for the receiving school";
        Accepted = "accepted", "Trường nhận đồng ý, chờ trường chuyển", "Accepted, waiting for the sending school";
        /// The record is the receiving school's; the learner has no class yet.
        Released = "released", "Đã chuyển hồ sơ, chờ xếp lớp", "Moved, waiting for a class";
        Placed = "placed", "Đã vào lớp", "In a class";
        Refused = "refused", "Trường nhận từ chối", "Refused";
        Withdrawn = "withdrawn", "Đã rút yêu cầu", "Withdrawn";
    }
}

impl TransferState {
    /// Somebody still has to do something.
    pub fn open(self) -> bool {
        matches!(self, TransferState::Requested | TransferState::Accepted | TransferState::Released)
    }
}

names! {
    /// Who asked for a transfer.
    TransferAsker {
        Guardian = "guardian", "Phụ huynh", "Guardian";
        Receiving = "receiving", "Trường nhận", "Receiving school";
        Sending = "sending", "Trường chuyển", "Sending school";
    }
}

names! {
    /// Which side of a school's transfers a list shows.
    TransferSide {
        In = "in", "Chuyển đến", "Coming";
        Out = "out", "Chuyển đi", "Leaving";
    }
}

/// The clock of the step that is waited for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TransferClock {
    /// The last day.
    pub due_on: NaiveDate,
    /// Working days until then, today not counted; below zero: days late.
    pub days_left: i32,
    pub overdue: bool,
    /// Working days that the step has.
    pub days: u16,
    /// The rule that gives them.
    pub source: String,
    /// Whether the final text of the rule was seen.
    pub verified: bool,
}

/// A transfer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Transfer {
    pub id: TransferId,
    pub learner_id: LearnerId,
    pub full_name: String,
    pub birth_date: NaiveDate,
    pub from_school_id: UnitId,
    pub from_school: String,
    pub to_school_id: UnitId,
    pub to_school: String,
    /// The class at the sending school, while the learner is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_class: Option<String>,
    pub asked_by: TransferAsker,
    pub state: TransferState,
    /// The day from which the family wants the child to be at the new school.
    pub wished_on: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<TransferClock>,
    pub requested_at: DateTime<Utc>,
    pub requested_by: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_by: Option<String>,
    /// What the receiving school said; of a refusal its reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// The class that the receiving school named, or where the learner is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class_id: Option<ClassId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub released_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub released_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release_note: Option<String>,
    /// First day at the receiving school.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_on: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placed_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawal: Option<String>,
    /// What the caller may do now.
    pub may_answer: bool,
    pub may_release: bool,
    pub may_place: bool,
    pub may_withdraw: bool,
}

/// A school asks: for a learner of its own who leaves, or, by their number, for one who comes.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostTransfer {
    /// Of one's own school.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learner_id: Option<LearnerId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(custom(function = "crate::learners::check_personal_id"))]
    pub personal_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 20))]
    pub ministry_code: Option<String>,
    pub to_school_id: UnitId,
    pub wished_on: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 500))]
    pub reason: Option<String>,
}

/// A guardian asks for a child.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostFamilyTransfer {
    pub to_school_id: UnitId,
    pub wished_on: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 500))]
    pub reason: Option<String>,
}

/// The receiving school answers. A refusal has a reason.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostTransferAnswer {
    pub accept: bool,
    /// The class that the learner will be in; it can be named later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class_id: Option<ClassId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 500))]
    pub note: Option<String>,
}

/// The sending school lets the learner go.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostTransferRelease {
    /// First day at the receiving school.
    pub moved_on: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 500))]
    pub note: Option<String>,
}

/// The receiving school puts the learner into a class.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostTransferPlacement {
    pub class_id: ClassId,
    pub enrolled_on: NaiveDate,
}

/// Who asked takes it back.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostTransferWithdrawal {
    #[validate(length(min = 1, max = 500))]
    pub reason: String,
}

/// `?school_id=&side=&state=&open=&overdue=&learner_id=` of the list of transfers, the newest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct TransferQuery {
    pub school_id: Option<UnitId>,
    /// With `school_id`: who comes, or who leaves.
    pub side: Option<TransferSide>,
    pub state: Option<TransferState>,
    /// Only those that somebody has to do something about.
    pub open: Option<bool>,
    /// Only those whose step is late.
    pub overdue: Option<bool>,
    pub learner_id: Option<LearnerId>,
}

/// How many transfers of a unit wait for what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TransferTally {
    pub requested: u32,
    pub accepted: u32,
    pub released: u32,
    pub overdue: u32,
}

/// `?q=` of the schools that a child could go to.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct TransferSchoolQuery {
    /// Part of the name with or without marks.
    #[validate(length(max = 100))]
    pub q: Option<String>,
}

/// A school that a child could go to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TransferSchool {
    pub id: UnitId,
    pub name: String,
    /// The unit above it.
    pub place: String,
}
