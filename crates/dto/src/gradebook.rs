//! Mark sheets, conduct, closing and results.

use crate::access::names;
use crate::calendar::{Grade, Term};
use crate::classes::StaffRef;
use crate::{ClassId, LearnerId, SchoolYearId, UnitId};
use chrono::{DateTime, NaiveDate, Utc};
use regulations::tt27::{Completion, Group, PrimaryAward};
use regulations::{Award, CellValue, Level, Mark, Promotion, Reason, Slot, SubjectKind};
use serde::{Deserialize, Serialize};
use validator::Validate;

/// The mark sheet of one class, subject and term: all that its page needs, in one read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MarkSheet {
    pub school_id: UnitId,
    pub school_name: String,
    pub class_id: ClassId,
    pub class_name: String,
    pub grade: Grade,
    pub school_year: String,
    pub term: Term,
    pub subject_code: String,
    pub subject_name_vi: String,
    pub subject_name_en: String,
    pub kind: SubjectKind,
    pub annual_periods: u16,
    /// The columns in order, from the annual periods (TT 22/2021 Đ.6, Đ.7); in primary classes levels and tests (TT 27/2020 Đ.7,
    /// Đ.8).
    pub slots: Vec<Slot>,
    pub teachers: Vec<StaffRef>,
    pub state: TermState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marks_due_on: Option<NaiveDate>,
    /// The caller may enter marks here.
    pub writable: bool,
    /// The deadlines of the school and what they lock; a locked group is not written even where `writable`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub locks: Vec<crate::deadlines::SlotLock>,
    pub rows: Vec<SheetRow>,
}

/// One learner of a mark sheet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SheetRow {
    pub learner_id: LearnerId,
    pub ordinal: u32,
    pub full_name: String,
    pub given_name: String,
    pub birth_date: NaiveDate,
    /// Left the class: shown, not to be marked further.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub left: bool,
    /// Assessed in this subject by an individual education plan (TT 22/2021 Đ.11, TT 28/2020): no mark is missing. Told to who enters the marks
    /// here, to nobody else.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub plan: bool,
    /// The cells that hold something; an absent cell is empty, with version 0.
    pub cells: Vec<Cell>,
}

/// A cell of a mark sheet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Cell {
    pub slot: Slot,
    /// Absent: the cell was cleared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<CellValue>,
    /// Counts from 1 with each write; 0 stands for a cell never written.
    pub version: i64,
}

names! {
    TermState {
        Open = "open", "Đang mở", "Open";
        Closed = "closed", "Đã chốt", "Closed";
    }
}

names! {
    /// Where a write came from.
    MarkSource {
        Typed = "typed", "Gõ tay", "Typed";
        Pasted = "pasted", "Dán từ Excel", "Pasted";
        Imported = "imported", "Nhập từ tệp", "Imported";
        Undo = "undo", "Hoàn tác", "Undo";
        Api = "api", "Ứng dụng khác", "Other application";
        /// Brought along from the class or the school that the learner came from.
        Transfer = "transfer", "Chuyển từ lớp hoặc trường cũ", "From the former class or school";
    }
}

/// Write many cells of one sheet. Each carries the version it was read at. A cell that another has changed comes back as a
/// conflict; the others are saved.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutMarks {
    pub source: MarkSource,
    /// Why, where a mark that stood already is changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 500))]
    pub reason: Option<String>,
    #[validate(length(min = 1, max = 2000))]
    pub cells: Vec<PutCell>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutCell {
    pub learner_id: LearnerId,
    pub slot: Slot,
    /// Absent or null: clear the cell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<CellValue>,
    /// The version that the writer saw; 0 for an empty cell.
    pub version: i64,
}

/// What became of each cell, in the order sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MarksSaved {
    pub saved_at: DateTime<Utc>,
    pub cells: Vec<CellOutcome>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CellOutcome {
    pub learner_id: LearnerId,
    pub slot: Slot,
    pub outcome: CellResult,
    /// The cell as it stands now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<CellValue>,
    pub version: i64,
    /// Code of the error table, where it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Who changed it, where there is a conflict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_at: Option<DateTime<Utc>>,
}

names! {
    CellResult {
        Saved = "saved", "Đã lưu", "Saved";
        /// The value stood already: nothing was written.
        Unchanged = "unchanged", "Không đổi", "Unchanged";
        Conflict = "conflict", "Người khác đã sửa", "Changed by another";
        Refused = "refused", "Không hợp lệ", "Refused";
    }
}

/// One write of a cell, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CellChange {
    pub version: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<CellValue>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<CellValue>,
    pub at: DateTime<Utc>,
    pub by: String,
    pub source: MarkSource,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Conduct and absences of a class in a term, entered by the homeroom teacher (TT 22/2021 Đ.8, Đ.12).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConductSheet {
    pub class_id: ClassId,
    pub class_name: String,
    pub term: Term,
    pub state: TermState,
    pub writable: bool,
    pub rows: Vec<ConductRow>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConductRow {
    pub learner_id: LearnerId,
    pub ordinal: u32,
    pub full_name: String,
    pub given_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conduct: Option<Level>,
    /// Half-days absent in the term, excused or not, as a number that was typed. What was entered by date counts where it is more,
    /// or where no number was typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub absences: Option<u16>,
    pub version: i64,
    /// Half-days entered by date or granted as leave, with permission and without. Absent where the class has none by date in this
    /// term and the learner no leave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_date: Option<crate::council::AbsenceCount>,
    /// Notes on conduct in the term.
    #[serde(default)]
    pub praises: u16,
    #[serde(default)]
    pub violations: u16,
}

#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutConduct {
    #[validate(length(min = 1, max = 200), nested)]
    pub rows: Vec<PutConductRow>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutConductRow {
    pub learner_id: LearnerId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conduct: Option<Level>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(range(max = 400))]
    pub absences: Option<u16>,
    pub version: i64,
}

/// What became of each row, in the order sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConductSaved {
    pub rows: Vec<ConductOutcome>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConductOutcome {
    pub learner_id: LearnerId,
    pub outcome: CellResult,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conduct: Option<Level>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub absences: Option<u16>,
    pub version: i64,
}

/// What closing a term of a class needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Closing {
    pub class_id: ClassId,
    pub class_name: String,
    pub term: Term,
    pub state: TermState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_by: Option<String>,
    /// All that is missing, by teacher, then learner.
    pub missing: Vec<Missing>,
    pub missing_cells: u32,
    pub version: i64,
    /// What happened before: closed and reopened, newest first.
    pub history: Vec<ClosingEvent>,
}

/// What one teacher still owes: a subject's cells, or conduct (no subject).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Missing {
    pub teachers: Vec<StaffRef>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_name_vi: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_name_en: Option<String>,
    pub learners: Vec<MissingLearner>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MissingLearner {
    pub learner_id: LearnerId,
    pub ordinal: u32,
    pub full_name: String,
    /// Columns without a mark; empty where conduct is missing.
    pub slots: Vec<Slot>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClosingEvent {
    pub at: DateTime<Utc>,
    pub by: String,
    pub state: TermState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Reopen a closed term; the reason is kept.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReopenTerm {
    #[validate(length(min = 5, max = 500))]
    pub reason: String,
}

names! {
    /// What a result covers.
    Period {
        S1 = "1", "Học kì I", "Semester I";
        S2 = "2", "Học kì II", "Semester II";
        Year = "year", "Cả năm", "Whole year";
    }
}

/// Results of a class. Before closing they are computed as marks stand, and say what is missing; after closing they are frozen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClassResults {
    pub class_id: ClassId,
    pub class_name: String,
    pub school_name: String,
    pub grade: Grade,
    pub school_year: String,
    pub period: Period,
    pub state: TermState,
    /// The regulation that computed them, with its version: "TT22", "TT22/1".
    pub policy: String,
    pub subjects: Vec<ResultSubject>,
    pub rows: Vec<LearnerResult>,
    /// Of a closed period: whose absences are another number today, because leave was granted or taken back since. The result stays
    /// as it was signed until the term is opened again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absences_since: Vec<AbsencesSince>,
}

/// Absences of a learner that a closing counted otherwise than they are counted today.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AbsencesSince {
    pub learner_id: LearnerId,
    pub full_name: String,
    /// In the closed result.
    pub closed: u16,
    /// Today.
    pub now: u16,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResultSubject {
    pub subject_code: String,
    pub name_vi: String,
    pub name_en: String,
    pub kind: SubjectKind,
}

/// The result of one learner in one period, with the rules that decided it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LearnerResult {
    pub learner_id: LearnerId,
    pub ordinal: u32,
    pub full_name: String,
    pub given_name: String,
    /// One entry a subject, in the order of `subjects`.
    pub subjects: Vec<SubjectResult>,
    /// Learning level before the one-subject adjustment (TT 22/2021 Đ.9 k.3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<Level>,
    /// Learning level after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learning: Option<Level>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conduct: Option<Level>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub absences: Option<u16>,
    /// Of the whole year only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promotion: Option<Promotion>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub award: Option<Award>,
    pub reasons: Vec<Reason>,
    /// In primary classes (TT 27/2020): what stands in the place of learning, conduct and award.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary: Option<PrimaryResult>,
}

/// The result of a primary pupil. A term has no group: only what the class recognised.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PrimaryResult {
    /// Of the year only (TT 27/2020 Đ.9 k.2); absent while something is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Group>,
    /// Of the year only (Đ.11).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completion: Option<Completion>,
    /// The group with what was assessed again, where that changed something (Đ.11).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again: Option<Group>,
    /// Of the year only (Đ.13).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub award: Option<PrimaryAward>,
    /// The class recognised the pupil (Đ.13 k.1b).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub recognised: bool,
}

/// An average, or passed and not passed; in primary classes a level and where there is one a test. Nothing while something is
/// missing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SubjectResult {
    pub subject_code: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub average: Option<Mark>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passed: Option<bool>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub exempt: bool,
    /// Assessed by the learner's individual education plan (TT 22/2021 Đ.11, TT 28/2020): no result here, and in no level.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub plan: bool,
    /// In primary classes: `good`, `done`, `weak` of a subject; `good`, `pass`, `weak` of a quality or competency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<CellValue>,
    /// In primary classes: the test at the end of the term.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<Mark>,
}

/// What a guardian or the learner sees of one school year: marks as they stand, and each closed result with its reasons.
/// There is no rank and no class average in it (TT 15/2026 Đ.22 k.2).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LearnerReport {
    pub learner_id: LearnerId,
    pub full_name: String,
    pub given_name: String,
    pub class_name: String,
    pub school_name: String,
    pub school_year: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub homeroom: Option<String>,
    pub terms: Vec<TermReport>,
    /// Present once both terms are closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<LearnerResult>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TermReport {
    pub term: Term,
    pub state: TermState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<DateTime<Utc>>,
    pub subjects: Vec<ReportSubject>,
    /// Present once the term is closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<LearnerResult>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReportSubject {
    pub subject_code: String,
    pub name_vi: String,
    pub name_en: String,
    pub kind: SubjectKind,
    pub slots: Vec<Slot>,
    pub cells: Vec<Cell>,
    /// What the subject's teacher wrote (TT 22/2021 Đ.5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// `?school_year_id=` of a report.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct ReportQuery {
    /// Left out: the current school year.
    pub school_year_id: Option<SchoolYearId>,
}

/// A child of a guardian, or the learner themself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Child {
    pub learner_id: LearnerId,
    pub full_name: String,
    pub given_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class_id: Option<ClassId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class_name: Option<String>,
    /// Of that class: which kind of report there is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<Grade>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub school_name: Option<String>,
}

/// Something that is left to do, by when, and where.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Todo {
    pub kind: TodoKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub school_id: Option<UnitId>,
    pub class_id: ClassId,
    pub class_name: String,
    pub term: Term,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_name_vi: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_name_en: Option<String>,
    /// Cells or assessments that are missing.
    pub missing: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<NaiveDate>,
    /// Past the school's deadline: locked until it is opened again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
}

names! {
    TodoKind {
        Marks = "marks", "Nhập điểm", "Enter marks";
        Conduct = "conduct", "Đánh giá rèn luyện", "Assess conduct";
        Close = "close", "Chốt học kì", "Close the term";
        /// A teacher asks to open locked columns of a mark sheet.
        Opening = "opening", "Duyệt mở khoá nhập điểm", "Answer a request to open marks";
    }
}

/// `?term=` of the progress of a school's classes.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct ProgressQuery {
    /// Left out: the term of today.
    pub term: Option<Term>,
}

/// How far one class is in a term. Classes of grades without rules (preschool, primary) are not in the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClassProgress {
    pub class_id: ClassId,
    pub class_name: String,
    pub grade: Grade,
    pub term: Term,
    pub state: TermState,
    /// Learners who count in the term.
    pub learners: u32,
    /// Cells and assessments that the term needs of them all.
    pub needed: u32,
    /// Those of them that are there; all, once the term is closed.
    pub filled: u32,
    /// Last day on which marks are due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<NaiveDate>,
}
