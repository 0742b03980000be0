//! The contact book: notices with receipts, threads between families and teachers, requests for leave, preferences, devices, and
//! what leaves through a channel.

mod channels;

pub use channels::*;

use crate::access::names;
use crate::calendar::Grade;
use crate::{ClassId, GuardianId, LearnerId, LeaveRequestId, NoticeId, ReportId, ThreadId, UnitId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

names! {
    /// What a family is told about. A guardian chooses the channels of each.
    EventKind {
        General = "general", "Thông báo chung", "General notice";
        Absence = "absence", "Vắng học", "Absence";
        Result = "result", "Kết quả học tập", "Results";
        Timetable = "timetable", "Thay đổi thời khoá biểu", "Timetable change";
        Fee = "fee", "Khoản thu", "Fee due";
        Leave = "leave", "Đơn xin nghỉ", "Leave request";
        Message = "message", "Tin nhắn", "Message";
    }
}

names! {
    /// A way out of the house. The feed itself is no channel: what is published stands in it.
    Channel {
        Push = "push", "Thông báo trên thiết bị", "Push on a device";
        Email = "email", "Thư điện tử", "E-mail";
        Sms = "sms", "Tin nhắn SMS", "SMS";
        Zalo = "zalo", "Zalo", "Zalo";
    }
}

names! {
    /// Part of a school day that a learner stays away.
    LeaveSessions {
        Morning = "morning", "Buổi sáng", "Morning";
        Afternoon = "afternoon", "Buổi chiều", "Afternoon";
        Day = "day", "Cả ngày", "Whole day";
    }
}

names! {
    /// Where a request for leave stands.
    LeaveState {
        Sent = "sent", "Chờ trả lời", "Waiting";
        Accepted = "accepted", "Đã đồng ý", "Accepted";
        Declined = "declined", "Không đồng ý", "Declined";
        Withdrawn = "withdrawn", "Đã rút", "Withdrawn";
    }
}

names! {
    /// Which end of a thread somebody stands at.
    Side {
        Family = "family", "Gia đình", "Family";
        Staff = "staff", "Giáo viên", "Teacher";
    }
}

names! {
    /// Where an outgoing message stands.
    DeliveryState {
        Waiting = "waiting", "Đang chờ gửi", "Waiting";
        Done = "done", "Đã gửi", "Sent";
        Dead = "dead", "Gửi không được", "Given up";
    }
}

/// Whose families a notice is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum NoticeTarget {
    School,
    Grade { grade: Grade },
    Class { class_id: ClassId },
    Learner { learner_id: LearnerId },
}

/// A notice, as a guardian's feed shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FeedItem {
    pub id: NoticeId,
    pub kind: EventKind,
    pub school_id: UnitId,
    pub school_name: String,
    /// In the language of the reader where Khuê itself wrote it.
    pub title: String,
    pub body: String,
    /// Who sent it; none where it came by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_by: Option<String>,
    pub sent_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_at: Option<DateTime<Utc>>,
    /// The children it is about.
    pub children: Vec<FeedChild>,
}

/// A child's chip in the feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FeedChild {
    pub learner_id: LearnerId,
    pub given_name: String,
}

/// `?learner_id=` of the feed.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct FeedQuery {
    /// Left out: of all children.
    pub learner_id: Option<LearnerId>,
}

/// The feed was opened, and these notices stood on the screen. May be empty.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostSeen {
    #[validate(length(max = 200))]
    pub notices: Vec<NoticeId>,
}

/// A notice to the families of a class, a grade or a school.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostNotice {
    pub school_id: UnitId,
    /// `general`, `timetable` or `fee`; the others come by themselves.
    pub kind: EventKind,
    pub target: NoticeTarget,
    #[validate(length(min = 1, max = 200))]
    pub title: String,
    #[validate(length(min = 1, max = 5000))]
    pub body: String,
    /// Made by the client, once a notice: the same again is the same notice, not a second one.
    #[validate(length(min = 8, max = 40))]
    pub client_key: String,
}

/// A notice, as who may send one sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Notice {
    pub id: NoticeId,
    pub kind: EventKind,
    pub school_id: UnitId,
    pub target: NoticeTarget,
    /// "6A1", "Khối 6", the school's short name.
    pub target_name: String,
    pub title: String,
    pub body: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_by: Option<String>,
    pub sent_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recalled_at: Option<DateTime<Utc>>,
    /// Guardians it is for today.
    pub recipients: u32,
    /// Of those, how many have had it on their screen.
    pub read: u32,
}

/// `?school_id=&class_id=` of the notices sent, newest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct NoticeQuery {
    pub school_id: Option<UnitId>,
    pub class_id: Option<ClassId>,
}

/// `?read=` of the readers of a notice.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct ReaderQuery {
    /// `true`: who has read it; `false`: who has not. Left out: all.
    pub read: Option<bool>,
}

/// A guardian whom a notice is for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reader {
    pub guardian_id: GuardianId,
    pub guardian_name: String,
    pub learner_name: String,
    pub class_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_at: Option<DateTime<Utc>>,
}

/// Whom the caller may write to: a child's teacher, or the family of a learner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Contact {
    pub learner_id: LearnerId,
    pub learner_name: String,
    pub given_name: String,
    pub class_id: ClassId,
    pub class_name: String,
    pub school_name: String,
    /// None: the homeroom teacher.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_name_vi: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_name_en: Option<String>,
    /// Names of who stands at the other end.
    pub people: Vec<String>,
}

/// `?class_id=` of contacts and threads.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct ThreadQuery {
    pub class_id: Option<ClassId>,
}

/// Begins a thread, or goes on with the one that is there.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostThread {
    pub learner_id: LearnerId,
    pub class_id: ClassId,
    /// Left out: the homeroom teacher.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 20))]
    pub subject_code: Option<String>,
}

/// A thread in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Thread {
    pub id: ThreadId,
    pub school_id: UnitId,
    pub school_name: String,
    pub class_id: ClassId,
    pub class_name: String,
    pub learner_id: LearnerId,
    pub learner_name: String,
    pub given_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_name_vi: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_name_en: Option<String>,
    /// The teacher at its other end today.
    pub teachers: Vec<String>,
    pub last_at: DateTime<Utc>,
    /// The beginning of the last message.
    pub last_text: String,
    /// Number of the last message; 0: none yet.
    pub last_seq: u32,
    /// Messages of others that the caller has not seen.
    pub unread: u32,
    /// The caller is not told of new messages outside of Khuê.
    pub muted: bool,
}

/// A thread with its latest messages, oldest of them first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ThreadDetail {
    pub thread: Thread,
    pub messages: Vec<Message>,
    /// There are earlier ones: ask with `before` of this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earlier: Option<u32>,
    /// How far somebody of the other side has seen it.
    pub seen_seq: u32,
}

/// `?before=` of a thread.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct MessageQuery {
    /// Messages before this number; left out: the latest.
    pub before: Option<u32>,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Message {
    /// From 1.
    pub seq: u32,
    pub side: Side,
    pub mine: bool,
    pub author: String,
    pub body: String,
    pub sent_at: DateTime<Utc>,
}

/// A message to be sent.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostMessage {
    #[validate(length(min = 1, max = 4000))]
    pub body: String,
    /// Made by the client, once a message: sent again after a lost answer, it is the same message.
    #[validate(length(min = 8, max = 40))]
    pub client_key: String,
}

/// What the caller does with a thread besides writing.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutThreadState {
    /// Seen up to this message.
    pub seen_seq: u32,
    pub muted: bool,
}

/// Why: of a report, of a look into a thread, of what was done about it.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostReason {
    #[validate(length(min = 5, max = 500))]
    pub reason: String,
}

/// A message that somebody in its thread reported.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MessageReport {
    pub id: ReportId,
    pub school_id: UnitId,
    pub thread_id: ThreadId,
    pub class_name: String,
    pub learner_name: String,
    pub seq: u32,
    pub reason: String,
    pub reported_by: String,
    pub reported_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolution: Option<String>,
}

/// A request for leave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LeaveRequest {
    pub id: LeaveRequestId,
    pub school_name: String,
    pub class_id: ClassId,
    pub class_name: String,
    pub learner_id: LearnerId,
    pub learner_name: String,
    pub guardian_name: String,
    pub from_on: NaiveDate,
    /// The last day, included.
    pub to_on: NaiveDate,
    pub sessions: LeaveSessions,
    pub reason: String,
    pub state: LeaveState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

/// A request for leave, by a guardian.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostLeaveRequest {
    pub from_on: NaiveDate,
    /// The last day, included; at most 30 days after the first.
    pub to_on: NaiveDate,
    pub sessions: LeaveSessions,
    #[validate(length(min = 1, max = 500))]
    pub reason: String,
}

/// The homeroom teacher's answer.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostLeaveAnswer {
    pub accept: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 500))]
    pub answer: Option<String>,
}

/// How many of a class's guardians have come, for the school.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClassAdoption {
    pub class_id: ClassId,
    pub class_name: String,
    pub learners: u32,
    /// Learners of whom at least one guardian has opened the contact book.
    pub reached: u32,
    pub guardians: u32,
    pub with_account: u32,
    pub opened: u32,
}

/// A guardian of a class, and whether they have ever come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GuardianAdoption {
    pub guardian_id: GuardianId,
    pub guardian_name: String,
    pub learner_id: LearnerId,
    pub learner_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    pub has_account: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_at: Option<DateTime<Utc>>,
}
