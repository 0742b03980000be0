//! Consent and the rights of who the data is about (Luật 91/2025 Đ.24): purposes with their texts, consents of representatives and of
//! children from seven years on, requests with clocks, retention, erasure.

use crate::access::names;
use crate::files::StoredFile;
use crate::{ClassId, ConsentRecordId, DataRequestId, ErasureId, FileId, GuardianId, LearnerId, UnitId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

names! {
    /// What somebody said about a purpose. Silence is no consent.
    ConsentAct {
        Give = "give", "Đồng ý", "Consents";
        Refuse = "refuse", "Không đồng ý", "Refuses";
        Withdraw = "withdraw", "Rút lại đồng ý", "Withdraws";
    }
}

names! {
    /// Who said it.
    ConsentParty {
        Representative = "representative", "Người đại diện", "Representative";
        Child = "child", "Học sinh", "Child";
    }
}

names! {
    /// What shows that it was said.
    ConsentEvidence {
        Account = "account", "Tài khoản của chính người đó", "Their own account";
        Paper = "paper", "Bản giấy nhà trường giữ", "Paper that the school keeps";
    }
}

names! {
    /// What a family asks about its data.
    DataRequestKind {
        Correct = "correct", "Sửa thông tin sai", "Correct";
        Explain = "explain", "Cho biết dữ liệu được dùng vào việc gì", "Say what the data is used for";
        Erase = "erase", "Xoá dữ liệu không còn cần", "Erase what is no longer needed";
        Export = "export", "Cấp bản sao dữ liệu", "Hand out a copy";
    }
}

names! {
    /// Where a request stands.
    DataRequestState {
        Open = "open", "Chờ nhà trường trả lời", "Waiting for the school";
        Done = "done", "Đã giải quyết", "Done";
        Refused = "refused", "Không thực hiện được", "Refused";
    }
}

/// A purpose, with the text in force.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConsentPurpose {
    pub code: String,
    pub version: u32,
    pub title_vi: String,
    pub title_en: String,
    pub text_vi: String,
    pub text_en: String,
    /// Consents to versions before this one no longer hold.
    pub holds_from: u32,
}

/// A new text of a purpose, or a new purpose.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostConsentPurpose {
    /// Small letters, digits and `_`.
    #[validate(length(min = 3, max = 40))]
    pub code: String,
    #[validate(length(min = 1, max = 120))]
    pub title_vi: String,
    #[validate(length(min = 1, max = 120))]
    pub title_en: String,
    #[validate(length(min = 1, max = 2000))]
    pub text_vi: String,
    #[validate(length(min = 1, max = 2000))]
    pub text_en: String,
    /// It asks for more than the text before: everybody is asked again, and consents to earlier texts stop holding.
    pub ask_again: bool,
}

/// What was said, as it is kept for good.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConsentRecord {
    pub id: ConsentRecordId,
    pub at: DateTime<Utc>,
    pub act: ConsentAct,
    pub party: ConsentParty,
    /// Who said it.
    pub who: String,
    /// The text that was before them.
    pub version: u32,
    pub evidence: ConsentEvidence,
    /// Of paper: where it is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The scan of the paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scan: Option<StoredFile>,
}

/// A purpose for one learner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LearnerConsent {
    pub purpose: ConsentPurpose,
    /// A representative consents, none refuses or has withdrawn, and from seven years on the child consents too.
    pub holds: bool,
    /// What is missing for that: an answer of these.
    pub waits_for: Vec<ConsentParty>,
    /// The caller's own last word, where it was on a text that still holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mine: Option<ConsentAct>,
    /// Newest first.
    pub records: Vec<ConsentRecord>,
}

/// The consents of one learner at their school.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LearnerConsents {
    pub learner_id: LearnerId,
    pub full_name: String,
    pub school_name: String,
    /// Seven years or more: the child is asked too (Luật 91/2025 Đ.24).
    pub child_asked: bool,
    pub items: Vec<LearnerConsent>,
}

/// What the caller says about a purpose.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostConsent {
    #[validate(length(max = 40))]
    pub purpose: String,
    /// The version of the text that was shown.
    pub version: u32,
    pub act: ConsentAct,
}

/// What was said on paper, entered by the school.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostPaperConsent {
    #[validate(length(max = 40))]
    pub purpose: String,
    pub version: u32,
    pub act: ConsentAct,
    /// Whose word it is; left out: the child's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guardian_id: Option<GuardianId>,
    /// Number and place of the paper.
    #[validate(length(min = 1, max = 300))]
    pub note: String,
    /// The scan of the paper: a PDF file or a picture that the caller has uploaded for this school.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_id: Option<FileId>,
}

/// `?purpose=&class_id=&waiting=` of the school's list.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct SchoolConsentQuery {
    #[validate(length(max = 40))]
    pub purpose: String,
    pub class_id: Option<ClassId>,
}

/// How a purpose stands in the classes that the caller reaches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SchoolConsents {
    pub purpose: ConsentPurpose,
    pub classes: Vec<ClassConsents>,
    /// The learners of the class that was asked for.
    pub learners: Vec<ConsentLine>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClassConsents {
    pub class_id: ClassId,
    pub class_name: String,
    pub learners: u32,
    pub holds: u32,
    /// Somebody refused or withdrew.
    pub refused: u32,
    /// Not everybody who is asked has answered.
    pub waiting: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConsentLine {
    pub learner_id: LearnerId,
    pub full_name: String,
    pub holds: bool,
    pub refused: bool,
    pub waits_for: Vec<ConsentParty>,
}

/// A request about a learner's data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DataRequest {
    pub id: DataRequestId,
    pub learner_id: LearnerId,
    pub learner_name: String,
    pub kind: DataRequestKind,
    pub body: String,
    pub state: DataRequestState,
    pub asked_by: String,
    pub asked_at: DateTime<Utc>,
    /// The last day for an answer, in working days as the policy says.
    pub due_on: NaiveDate,
    /// That day has passed without an answer.
    pub late: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<DateTime<Utc>>,
    pub version: i64,
}

#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostDataRequest {
    pub kind: DataRequestKind,
    /// What is wrong and what is right, or what is asked.
    #[validate(length(min = 1, max = 2000))]
    pub body: String,
}

/// The school's answer.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutDataAnswer {
    pub done: bool,
    #[validate(length(min = 1, max = 2000))]
    pub answer: String,
}

/// How long a kind of record is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RetentionRule {
    /// Kind of record.
    pub kind: String,
    pub name_vi: String,
    pub name_en: String,
    /// `permanent`, `years`, or `while_needed`.
    pub code: String,
    /// After the learner has left, where the code is `years`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub years: Option<u16>,
    pub basis: String,
    /// Read in the text of the law itself; else a period to be set by the province.
    pub verified: bool,
    /// May be erased for one learner.
    pub erasable: bool,
}

/// Ask for what is kept about a learner beside the lifelong record to be erased.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostErasure {
    /// Kinds of records, as the retention rules name them.
    #[validate(length(min = 1, max = 20))]
    pub kinds: Vec<String>,
    #[validate(length(min = 1, max = 500))]
    pub reason: String,
}

names! {
    /// Where a request to erase stands.
    ErasureState {
        Asked = "asked", "Chờ người thứ hai xác nhận", "Waits for a second person";
        Confirmed = "confirmed", "Đã xoá", "Erased";
        Declined = "declined", "Không xoá", "Declined";
        /// Nobody confirmed it within the policy's days: nothing was erased.
        Expired = "expired", "Quá hạn xác nhận", "Not confirmed in time";
    }
}

/// What one person asked to erase of a learner. Nothing goes before another person has confirmed it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErasureRequest {
    pub id: ErasureId,
    pub learner_id: LearnerId,
    pub learner_name: String,
    pub school_id: UnitId,
    pub school_name: String,
    /// In the order asked: rows that there were when it was asked; once confirmed, rows that went.
    pub kinds: Vec<ErasedKind>,
    pub reason: String,
    pub state: ErasureState,
    pub asked_by: String,
    pub asked_at: DateTime<Utc>,
    /// The last day for confirming it.
    pub until_on: NaiveDate,
    /// The caller asked for it, and so cannot confirm it.
    pub mine: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<DateTime<Utc>>,
    /// Why it was declined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// `?school_id=&state=` of the list.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct ErasureQuery {
    pub school_id: Option<UnitId>,
    pub state: Option<ErasureState>,
}

/// Why a request to erase is declined, or taken back by who asked.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DeclineErasure {
    #[validate(length(min = 1, max = 500))]
    pub reason: String,
}

/// Who may confirm what is erased at a school, and how long a request waits. No regulation that we could read sets either.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErasurePolicy {
    /// Days within which another person confirms; after them the request lapses.
    pub confirm_days: u16,
    /// Whoever has the permission at a unit above the school confirms too: for a school with nobody else to do it.
    pub from_above: bool,
    /// 0 while nobody has said anything.
    pub version: i64,
}

#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutErasurePolicy {
    #[validate(range(min = 1, max = 60))]
    pub confirm_days: u16,
    pub from_above: bool,
}

/// What was erased.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Erasure {
    pub request: ErasureRequest,
    /// The school's log after it.
    pub log: LogState,
}

/// What is kept of a learner at their school, kind by kind, before anything is erased.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErasurePreview {
    pub learner_id: LearnerId,
    pub full_name: String,
    pub school_name: String,
    pub kinds: Vec<KeptKind>,
    pub log: LogState,
    /// The request that waits for a second person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<ErasureRequest>,
    pub policy: ErasurePolicy,
}

/// A kind of records of one learner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeptKind {
    /// Whether it may be erased, and why it stays where it may not.
    pub rule: RetentionRule,
    pub rows: u64,
    /// Files of imports that hold such records of the whole class; they go with it.
    pub import_files: u64,
}

/// A school's log, every entry checked against the one before it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LogState {
    pub entries: u64,
    /// Of the last entry, in hexadecimal; empty where there is none.
    pub hash: String,
    /// The number of the first entry that does not follow; absent while the chain is whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broken_at: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErasedKind {
    pub kind: String,
    pub name_vi: String,
    pub name_en: String,
    pub rows: u64,
}
