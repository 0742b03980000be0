//! The end of a school year: absences and evidence by date, the summer, the council of a class, and who goes to which class of the next
//! year.

use crate::access::names;
use crate::calendar::{Grade, Term};
use crate::contact::LeaveSessions;
use crate::gradebook::{CellResult, TermState};
use crate::{ClassId, ConductNoteId, LearnerId, SchoolYearId};
use chrono::{DateTime, NaiveDate, Utc};
use regulations::tt27::{Completion, Group, PrimaryAward};
use regulations::{Award, CellValue, Level, Mark, Promotion, Reason, SubjectKind};
use serde::{Deserialize, Serialize};
use validator::Validate;

names! {
    /// Half of a school day: what TT 22/2021 Đ.12 counts absences in (buổi).
    DaySession {
        Morning = "morning", "Buổi sáng", "Morning";
        Afternoon = "afternoon", "Buổi chiều", "Afternoon";
    }
}

names! {
    AbsenceKind {
        Excused = "excused", "Có phép", "With permission";
        Unexcused = "unexcused", "Không phép", "Without permission";
    }
}

/// Days with an absence: the 45 of TT 22/2021 Đ.12 are counted on one session a day. Without permission if any part of the day was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AbsenceCount {
    pub excused: u16,
    pub unexcused: u16,
}

impl AbsenceCount {
    pub fn total(self) -> u16 {
        self.excused.saturating_add(self.unexcused)
    }
}

/// The absences of a class in a term, by date.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AbsenceSheet {
    pub class_id: ClassId,
    pub class_name: String,
    pub term: Term,
    pub state: TermState,
    pub writable: bool,
    /// First and last day that may be entered; the last is today while the term runs.
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub rows: Vec<AbsenceRow>,
}

/// One learner of the sheet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AbsenceRow {
    pub learner_id: LearnerId,
    pub ordinal: u32,
    pub full_name: String,
    pub given_name: String,
    pub term: AbsenceCount,
    /// Half-days of the whole year that count for promotion (at most 45): both terms, typed or by date.
    pub year: u16,
    /// What the closed result of the term counts, where that is another number than today's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<u16>,
    /// Newest first.
    pub entries: Vec<Absence>,
}

/// A half-day missed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Absence {
    pub day: NaiveDate,
    pub session: DaySession,
    /// Absent: the entry was taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<AbsenceKind>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// 0: nobody typed it; it is there because leave was granted.
    pub version: i64,
    /// Leave that the homeroom teacher granted covers it. Leave for a whole day makes one half-day missed, since a year's 45 are
    /// counted by a plan of one session a day (TT 22/2021 Đ.12 k.1c); what is typed for that day stands in its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leave: Option<LeaveSessions>,
}

#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutAbsences {
    #[validate(length(min = 1, max = 400), nested)]
    pub entries: Vec<PutAbsence>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutAbsence {
    pub learner_id: LearnerId,
    pub day: NaiveDate,
    pub session: DaySession,
    /// Absent or null: takes the entry back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<AbsenceKind>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 200))]
    pub note: Option<String>,
    /// The version that the writer saw; 0 where there was none.
    pub version: i64,
}

/// What became of each entry, in the order sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AbsencesSaved {
    pub entries: Vec<AbsenceOutcome>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AbsenceOutcome {
    pub learner_id: LearnerId,
    pub outcome: CellResult,
    /// The entry as it stands now.
    pub entry: Absence,
    /// Code of the error table, where it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

names! {
    ConductNoteKind {
        Praise = "praise", "Khen", "Praise";
        Violation = "violation", "Vi phạm", "Violation";
        Remark = "remark", "Ghi chú", "Remark";
    }
}

/// Evidence for the level of conduct: what happened, when, and who wrote it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConductNote {
    pub id: ConductNoteId,
    pub learner_id: LearnerId,
    pub full_name: String,
    pub day: NaiveDate,
    pub kind: ConductNoteKind,
    pub text: String,
    pub written_at: DateTime<Utc>,
    pub written_by: String,
}

#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostConductNote {
    pub learner_id: LearnerId,
    pub day: NaiveDate,
    pub kind: ConductNoteKind,
    #[validate(length(min = 2, max = 500))]
    pub text: String,
}

/// Who has to be re-assessed or trained in the summer, in what, and what came of it (TT 22/2021 Đ.13, Đ.14).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SummerSheet {
    pub class_id: ClassId,
    pub class_name: String,
    pub writable: bool,
    pub rows: Vec<SummerRow>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SummerRow {
    pub learner_id: LearnerId,
    pub ordinal: u32,
    pub full_name: String,
    pub given_name: String,
    /// Subjects to be re-assessed.
    pub subjects: Vec<SummerSubject>,
    /// Present where conduct is to be trained.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conduct: Option<SummerConduct>,
    /// What follows as it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promotion: Option<Promotion>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SummerSubject {
    pub subject_code: String,
    pub name_vi: String,
    pub name_en: String,
    pub kind: SubjectKind,
    /// The year's average; absent for a comment subject, which was not passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<Mark>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<CellValue>,
    pub version: i64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SummerConduct {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    pub version: i64,
}

/// Results of the summer: of a subject a value, of conduct a level.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutSummer {
    /// Why, where a result that stood is changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 500))]
    pub reason: Option<String>,
    #[validate(length(min = 1, max = 1000), nested)]
    pub items: Vec<PutSummerItem>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutSummerItem {
    pub learner_id: LearnerId,
    /// Left out: conduct.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 20))]
    pub subject_code: Option<String>,
    /// Of a subject; left out takes it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<CellValue>,
    /// Of conduct; left out takes it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    pub version: i64,
}

/// What became of each item, in the order sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SummerSaved {
    pub items: Vec<SummerOutcome>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SummerOutcome {
    pub learner_id: LearnerId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_code: Option<String>,
    pub outcome: CellResult,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<CellValue>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    pub version: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// One write of a summer result, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SummerChange {
    /// Left out: conduct.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_code: Option<String>,
    pub version: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<CellValue>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    pub at: DateTime<Utc>,
    pub by: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

names! {
    /// How far the year of a class is.
    CouncilState {
        /// A term is still open.
        Waiting = "waiting", "Chưa chốt đủ hai học kì", "Terms are still open";
        Open = "open", "Đang xét", "Under consideration";
        Closed = "closed", "Đã chốt năm học", "Year closed";
    }
}

/// The council of a class at the end of a year: what the regulation proposes, what the summer made of it, and what was decided. In a
/// primary class another assessment and the principal's decision stand in the place of the summer and of decisions here (TT 27/2020
/// Đ.11).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Council {
    pub class_id: ClassId,
    pub class_name: String,
    pub school_name: String,
    pub school_year: String,
    pub grade: Grade,
    pub state: CouncilState,
    /// "TT22/1": the regulation and its version; of a closed year the one that made it.
    pub policy: String,
    /// The caller may keep minutes and propose decisions.
    pub writable: bool,
    /// The caller may approve decisions and close the year.
    pub approver: bool,
    pub minutes: Minutes,
    pub rows: Vec<CouncilRow>,
    /// Learners without a final result, or with a decision that is not approved: the year cannot be closed before.
    pub unsettled: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_by: Option<String>,
    /// Of the minutes and the state.
    pub version: i64,
}

/// Who sat, when, and what was said.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Minutes {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub met_on: Option<NaiveDate>,
    pub members: Vec<CouncilMember>,
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CouncilMember {
    #[validate(length(min = 2, max = 200))]
    pub full_name: String,
    /// "Chủ tịch hội đồng", "Giáo viên chủ nhiệm", "Thư ký".
    #[validate(length(max = 100))]
    pub role: String,
}

#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutMinutes {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub met_on: Option<NaiveDate>,
    #[validate(length(max = 60), nested)]
    pub members: Vec<CouncilMember>,
    #[validate(length(max = 10000))]
    pub text: String,
}

/// Levels of a year and what follows from them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Standing {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learning: Option<Level>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conduct: Option<Level>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promotion: Option<Promotion>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub award: Option<Award>,
    /// In primary classes (TT 27/2020): what stands in the place of learning, conduct and award.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary: Option<PrimaryStanding>,
}

/// The year of a primary pupil; each is absent while something is missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PrimaryStanding {
    /// With what was assessed again (Đ.9 k.2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Group>,
    /// Whether the programme of the grade, in grade 5 of primary school, is completed (Đ.11).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completion: Option<Completion>,
    /// By the group at the end of the year (Đ.13).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub award: Option<PrimaryAward>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CouncilRow {
    pub ordinal: u32,
    pub full_name: String,
    pub given_name: String,
    pub decision: YearDecision,
    /// What the council decided against the proposal; it counts once it is approved.
    #[serde(default, rename = "override", skip_serializing_if = "Option::is_none")]
    pub overridden: Option<Override>,
}

/// The year of one learner, from the proposal to what was decided. When the year closes this is what is frozen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct YearDecision {
    pub learner_id: LearnerId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub absences: Option<u16>,
    /// By the regulation, before the summer.
    pub proposed: Standing,
    /// By the regulation, with the results of the summer; in a primary class with what was assessed again and the principal's decision.
    pub after_summer: Standing,
    /// With the council's approved decision.
    pub decided: Standing,
    /// The reason of an approved decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
    pub reasons: Vec<Reason>,
}

/// A decision against the proposal, with its reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Override {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learning: Option<Level>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conduct: Option<Level>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promotion: Option<Promotion>,
    pub reason: String,
    pub proposed_at: DateTime<Utc>,
    pub proposed_by: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<String>,
    pub version: i64,
}

/// Propose a decision against the proposal; all three left out take it back. The version is that of the decision that stood, 0 for none.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutOverride {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learning: Option<Level>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conduct: Option<Level>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promotion: Option<Promotion>,
    #[validate(length(min = 5, max = 500))]
    pub reason: String,
}

/// Reopen a closed year; the reason is kept.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReopenYear {
    #[validate(length(min = 5, max = 500))]
    pub reason: String,
}

names! {
    /// Where a learner of a closed year goes.
    NextStep {
        Up = "up", "Lên lớp", "Goes up";
        Stays = "stays", "Ở lại lớp", "Stays";
        Completes = "completes", "Hoàn thành chương trình", "Completes the programme";
    }
}

/// Who goes to which class of the next school year.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NextYear {
    pub class_id: ClassId,
    pub class_name: String,
    pub school_year_id: SchoolYearId,
    pub school_year: String,
    /// The year is closed, or there is none to close (preschool), and nothing has been applied yet.
    pub ready: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applied_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applied_by: Option<String>,
    pub lines: Vec<NextYearLine>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NextYearLine {
    pub learner_id: LearnerId,
    pub ordinal: u32,
    pub full_name: String,
    pub given_name: String,
    pub step: NextStep,
    /// Left out where the learner completes the programme, or has left the school.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<Grade>,
    /// The class that is proposed, or that the learner was put into.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class_name: Option<String>,
    /// There is such a class already; `false`: it will be made.
    pub exists: bool,
    /// The learner has a class of the next year already, which is not changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub already_in: Option<String>,
}

/// Fill the next year's classes. Who is not named stays without a class.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostNextYear {
    #[validate(length(min = 1, max = 200), nested)]
    pub lines: Vec<PostNextYearLine>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostNextYearLine {
    pub learner_id: LearnerId,
    /// A class of the grade that follows from the decision; made where there is none of this name.
    #[validate(length(min = 1, max = 30))]
    pub class_name: String,
}
