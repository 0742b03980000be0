//! Teaching plans (kế hoạch dạy học, kế hoạch bài dạy) and the subject groups (tổ chuyên môn) whose heads review them.

use crate::access::names;
use crate::calendar::Grade;
use crate::files::StoredFile;
use crate::{FileId, SchoolYearId, SigningKeyId, StaffId, SubjectGroupId, TeachingPlanId, UnitId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

names! {
    /// What a plan covers.
    TeachingPlanKind {
        Year = "year", "Kế hoạch dạy học", "Plan of the year";
        Lesson = "lesson", "Kế hoạch bài dạy", "Lesson plan";
    }
}

names! {
    /// Where a plan stands: the teacher writes, the head of the subject group endorses, who leads the school approves.
    TeachingPlanState {
        Draft = "draft", "Đang soạn", "Draft";
        Submitted = "submitted", "Chờ tổ trưởng", "Waiting for the head of group";
        Endorsed = "endorsed", "Chờ ban giám hiệu", "Waiting for the school's management";
        Approved = "approved", "Đã duyệt", "Approved";
        Returned = "returned", "Cần sửa lại", "Returned";
    }
}

names! {
    /// What happened to a plan.
    TeachingPlanAct {
        Submitted = "submitted", "Đã nộp", "Submitted";
        Withdrawn = "withdrawn", "Đã rút lại", "Withdrawn";
        Commented = "commented", "Góp ý", "Commented";
        Returned = "returned", "Trả lại", "Returned";
        Endorsed = "endorsed", "Tổ trưởng duyệt", "Endorsed";
        Approved = "approved", "Phê duyệt", "Approved";
    }
}

/// A subject group of a school.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SubjectGroup {
    pub id: SubjectGroupId,
    pub school_id: UnitId,
    pub name: String,
    /// Tổ trưởng.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head: Option<GroupMember>,
    /// With the head.
    pub members: Vec<GroupMember>,
    pub version: i64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GroupMember {
    pub staff_id: StaffId,
    pub full_name: String,
}

/// A group as it is to be.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutSubjectGroup {
    #[validate(length(min = 1, max = 100))]
    pub name: String,
    /// One of the members, or nobody yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head_id: Option<StaffId>,
    /// Staff with a post at the school.
    #[validate(length(max = 200))]
    pub member_ids: Vec<StaffId>,
}

/// What a plan says and what it is about.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutTeachingPlan {
    pub kind: TeachingPlanKind,
    pub school_year_id: SchoolYearId,
    pub grade: Grade,
    /// Of the catalogue; left out where there is none (preschool, activities of the whole grade).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 20))]
    pub subject_code: Option<String>,
    /// Whose head reviews it; left out: who leads the school alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_id: Option<SubjectGroupId>,
    /// Teaching week, 1 to 40.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 1, max = 40))]
    pub week: Option<u8>,
    #[validate(length(min = 1, max = 200))]
    pub title: String,
    /// Plain text; a line that begins with `# ` or `## ` is a heading, one that begins with `- ` an item. Nothing in it is ever markup.
    #[validate(length(max = 100000))]
    pub body: String,
    /// An uploaded file: a new one of the caller's, or the one that the plan has. Left out: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_id: Option<FileId>,
}

/// A new plan of the caller's own.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostTeachingPlan {
    pub school_id: UnitId,
    #[validate(nested)]
    pub plan: PutTeachingPlan,
}

/// A plan in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TeachingPlanItem {
    pub id: TeachingPlanId,
    pub school_id: UnitId,
    pub staff_id: StaffId,
    pub teacher: String,
    pub kind: TeachingPlanKind,
    pub school_year_id: SchoolYearId,
    /// "2026-2027".
    pub school_year: String,
    pub grade: Grade,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_id: Option<SubjectGroupId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub week: Option<u8>,
    pub title: String,
    pub state: TeachingPlanState,
    /// Of the last submission; 0 before the first.
    pub revision: u32,
    pub has_file: bool,
    pub updated_at: DateTime<Utc>,
    pub version: i64,
}

/// A plan with its text, its versions and what happened to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TeachingPlan {
    #[serde(flatten)]
    pub item: TeachingPlanItem,
    /// For its author what stands now, for everybody else what was submitted last.
    pub body: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<StoredFile>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_name: Option<String>,
    /// What the caller may do with it now.
    pub may_edit: bool,
    pub may_submit: bool,
    pub may_withdraw: bool,
    pub may_review: bool,
    pub may_approve: bool,
    /// Approving needs a signature at this school.
    #[serde(default)]
    pub signature_required: bool,
    /// The newest first.
    pub versions: Vec<TeachingPlanVersionItem>,
    /// The oldest first.
    pub events: Vec<TeachingPlanEvent>,
}

/// One submission.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TeachingPlanVersionItem {
    pub revision: u32,
    pub title: String,
    pub submitted_at: DateTime<Utc>,
    /// SHA-256 over what was submitted, with the file's: what an approval is of.
    pub content_hash: String,
    pub approved: bool,
    /// Where the approval was signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paper: Option<TeachingPlanPaper>,
}

/// Something that happened to a plan. Endorsing and approving name the content that they are of by its hash.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TeachingPlanEvent {
    pub act: TeachingPlanAct,
    pub at: DateTime<Utc>,
    /// The account's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    pub revision: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_hash: Option<String>,
}

/// What was submitted, and how its text differs from the submission before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TeachingPlanVersion {
    #[serde(flatten)]
    pub item: TeachingPlanVersionItem,
    pub body: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<StoredFile>,
    /// Line by line against the submission before; of the first one all lines are added.
    pub changes: Vec<LineChange>,
}

names! {
    /// What became of a line.
    LineFate {
        Same = "same", "Giữ nguyên", "Same";
        Added = "added", "Thêm", "Added";
        Removed = "removed", "Bỏ", "Removed";
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LineChange {
    pub fate: LineFate,
    pub text: String,
}

names! {
    /// What a reviewer says.
    ReviewVerdict {
        Comment = "comment", "Góp ý", "Comment";
        Return = "return", "Trả lại để sửa", "Return";
        Accept = "accept", "Duyệt", "Accept";
    }
}

/// The head of the group, or who leads the school, on what was submitted.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReviewTeachingPlan {
    pub verdict: ReviewVerdict,
    /// Needed to comment and to return.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 2000))]
    pub note: Option<String>,
    /// The submission that was read.
    pub revision: u32,
    /// With a key of the caller's own the approval is signed as PDF; for whoever leads the school, and needed where the school says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(nested)]
    pub signature: Option<PlanSigning>,
}

/// The key that an approval is signed with.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PlanSigning {
    pub key_id: SigningKeyId,
    /// Opens the key; it is not kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 200))]
    pub password: Option<String>,
}

/// The signed paper of an approval (PDF, PAdES).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TeachingPlanPaper {
    /// Who the certificate names.
    pub signer: String,
    /// SHA-256 of the certificate, in hexadecimal.
    pub fingerprint: String,
    /// Of the file, in hexadecimal.
    pub sha256: String,
    pub signed_at: DateTime<Utc>,
}

/// What a school asks of approvals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TeachingPlanPolicy {
    /// Who leads the school approves with a signature or not at all. No regulation that we could read asks for it.
    pub signature_required: bool,
    /// 0 while nobody has said anything.
    pub version: i64,
}

#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutTeachingPlanPolicy {
    pub signature_required: bool,
}

names! {
    /// Which plans are asked for.
    TeachingPlanShelf {
        Library = "library", "Kho kế hoạch của trường", "The school's library";
        Mine = "mine", "Của tôi", "Mine";
        Review = "review", "Chờ tôi duyệt", "Waiting for me";
    }
}

/// Which plans of a school. Words are whole ones, without regard to marks: of the title, the text, the teacher, the subject, the grade,
/// the year.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct TeachingPlanQuery {
    pub school_id: UnitId,
    /// Left out: `library`.
    pub shelf: Option<TeachingPlanShelf>,
    #[validate(length(max = 200))]
    pub q: Option<String>,
    pub school_year_id: Option<SchoolYearId>,
    pub grade: Option<Grade>,
    #[validate(length(max = 20))]
    pub subject_code: Option<String>,
    pub staff_id: Option<StaffId>,
    pub group_id: Option<SubjectGroupId>,
    pub state: Option<TeachingPlanState>,
    pub kind: Option<TeachingPlanKind>,
}
