//! What is known of a member of staff over time: contracts, degrees, subjects, ranks, duties, leave, evaluations, training. Each is a record of
//! a kind that holds from a day to a day, by a decision.

use crate::access::names;
use crate::files::StoredFile;
use crate::staff::{Position, PutStaff, Staff};
use crate::{FileId, SchoolYearId, StaffId, StaffProposalId, StaffRecordId, TrainingId, UnitId};
use chrono::{DateTime, NaiveDate, Utc};
use regulations::standards::{StandardLevel, StandardSet};
use regulations::tt05_2025::TeachingDuty;
use serde::{Deserialize, Serialize};
use validator::Validate;

names! {
    /// What a record is about.
    RecordKind {
        Contract = "contract", "Hợp đồng", "Contract";
        Degree = "degree", "Trình độ, bằng cấp", "Degree";
        Subject = "subject", "Môn được dạy", "Subject that one may teach";
        Rank = "rank", "Chức danh nghề nghiệp", "Professional title";
        Duty = "duty", "Nhiệm vụ kiêm nhiệm", "Duty";
        Leave = "leave", "Nghỉ", "Leave";
        Evaluation = "evaluation", "Đánh giá theo chuẩn", "Evaluation by the standards";
        Training = "training", "Bồi dưỡng", "Training";
        /// Only for who keeps the record, and the person.
        Salary = "salary", "Hệ số lương", "Salary coefficient";
        /// Only for who keeps the record, and the person.
        Identity = "identity", "Giấy tờ, mã số cá nhân", "Identity number";
    }
}

impl RecordKind {
    /// Shown only to who may change it, and to the person.
    pub fn is_private(self) -> bool {
        matches!(self, RecordKind::Salary | RecordKind::Identity)
    }
}

names! {
    ContractKind {
        Permanent = "permanent", "Không xác định thời hạn", "Without a term";
        FixedTerm = "fixed_term", "Xác định thời hạn", "For a term";
        Probation = "probation", "Tập sự, thử việc", "Probation";
        Service = "service", "Hợp đồng thỉnh giảng, theo vụ việc", "Visiting or by task";
    }
}

names! {
    DegreeLevel {
        Intermediate = "intermediate", "Trung cấp", "Intermediate";
        College = "college", "Cao đẳng", "College";
        Bachelor = "bachelor", "Đại học", "Bachelor";
        Master = "master", "Thạc sĩ", "Master";
        Doctor = "doctor", "Tiến sĩ", "Doctor";
        /// Foreign language, IT, pedagogy and the like.
        Certificate = "certificate", "Chứng chỉ", "Certificate";
    }
}

names! {
    /// Hạng of a professional title.
    RankGrade {
        I = "1", "Hạng I", "Rank I";
        II = "2", "Hạng II", "Rank II";
        III = "3", "Hạng III", "Rank III";
        IV = "4", "Hạng IV", "Rank IV";
    }
}

names! {
    LeaveKind {
        Annual = "annual", "Nghỉ phép năm", "Annual leave";
        Sick = "sick", "Nghỉ ốm", "Sick leave";
        Maternity = "maternity", "Nghỉ thai sản", "Maternity leave";
        Personal = "personal", "Nghỉ việc riêng có lương", "Personal leave, paid";
        Unpaid = "unpaid", "Nghỉ không hưởng lương", "Unpaid leave";
        Study = "study", "Đi học, bồi dưỡng", "Study leave";
        Other = "other", "Nghỉ khác", "Other leave";
    }
}

names! {
    IdentityDocument {
        Citizen = "citizen", "Số định danh cá nhân", "Personal ID";
        Insurance = "insurance", "Mã số bảo hiểm xã hội", "Social insurance number";
        Tax = "tax", "Mã số thuế", "Tax number";
        Passport = "passport", "Hộ chiếu", "Passport";
    }
}

/// What only its kind of record has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum StaffFacts {
    Contract {
        contract: ContractKind,
    },
    Degree {
        level: DegreeLevel,
        /// "Sư phạm Toán học"
        major: String,
        institution: String,
    },
    /// `subject_code` of the catalogue.
    Subject {
        subject_code: String,
    },
    Rank {
        /// "Giáo viên trung học cơ sở"
        title: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rank: Option<RankGrade>,
    },
    /// A duty beside teaching or a circumstance that lowers the norm (TT 05/2025 Đ.9-12). Homeroom classes are known from the class.
    Duty {
        duty: TeachingDuty,
        /// Periods a week by the decision, for `secretary` (3 or 4) and `other`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        periods: Option<u8>,
        /// An allowance is paid for it, so that it lowers nothing (Đ.3).
        #[serde(default)]
        paid: bool,
        /// "Tổ Toán - Tin"
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<String>,
    },
    Leave {
        leave: LeaveKind,
    },
    /// The yearly evaluation: five standards with fifteen criteria. The level is entered; only where a rule is known (Tốt of TT 26/2018) is it checked.
    Evaluation {
        set: StandardSet,
        /// None, or the fifteen in order.
        #[serde(default)]
        criteria: Vec<StandardLevel>,
        level: StandardLevel,
    },
    Training {
        name: String,
        provider: String,
        /// Periods or hours as the programme counts them.
        hours: u16,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        certificate_no: Option<String>,
        /// The course that certified it here; not entered by hand.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        training_id: Option<TrainingId>,
    },
    Salary {
        /// "V.07.04.32"
        scale: String,
        step: u8,
        /// Hundredths: 234 = 2.34.
        coefficient: u16,
    },
    Identity {
        document: IdentityDocument,
        number: String,
    },
}

impl StaffFacts {
    pub fn kind(&self) -> RecordKind {
        match self {
            StaffFacts::Contract { .. } => RecordKind::Contract,
            StaffFacts::Degree { .. } => RecordKind::Degree,
            StaffFacts::Subject { .. } => RecordKind::Subject,
            StaffFacts::Rank { .. } => RecordKind::Rank,
            StaffFacts::Duty { .. } => RecordKind::Duty,
            StaffFacts::Leave { .. } => RecordKind::Leave,
            StaffFacts::Evaluation { .. } => RecordKind::Evaluation,
            StaffFacts::Training { .. } => RecordKind::Training,
            StaffFacts::Salary { .. } => RecordKind::Salary,
            StaffFacts::Identity { .. } => RecordKind::Identity,
        }
    }
}

/// A record of a kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StaffRecord {
    pub id: StaffRecordId,
    pub staff_id: StaffId,
    pub facts: StaffFacts,
    /// The unit that it is of, such as the school of a duty; none where it belongs to the person alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_id: Option<UnitId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_name: Option<String>,
    /// The school year of an evaluation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub school_year_id: Option<SchoolYearId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub school_year: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_on: Option<NaiveDate>,
    /// The last day (included).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_on: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision_no: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_on: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Working days of a leave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub working_days: Option<u32>,
    /// Scans of the decision, the degree, the certificate.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<StoredFile>,
    /// Taken back; it can be put back.
    pub withdrawn: bool,
    pub version: i64,
    pub updated_at: DateTime<Utc>,
    /// Full name of who wrote it.
    pub updated_by: String,
}

/// A record as it is entered or changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutStaffRecord {
    pub facts: StaffFacts,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_id: Option<UnitId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub school_year_id: Option<SchoolYearId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_on: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_on: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 60))]
    pub decision_no: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_on: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 500))]
    pub note: Option<String>,
}

/// Takes a record back, or puts it back.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutWithdrawn {
    pub withdrawn: bool,
}

/// A file that the caller has uploaded at a school where the person works.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostRecordFile {
    pub school_id: UnitId,
    pub file_id: FileId,
}

/// `?kind=&school_year_id=&on=` of the records of a unit's staff.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct StaffRecordQuery {
    pub kind: RecordKind,
    pub school_year_id: Option<SchoolYearId>,
    /// Those that hold on this day.
    pub on: Option<NaiveDate>,
}

/// A record with whose it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnitStaffRecord {
    pub staff_name: String,
    pub record: StaffRecord,
}

/// What a member of staff sees of themself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnStaffRecord {
    pub staff: Staff,
    pub records: Vec<StaffRecord>,
    /// Newest first.
    pub proposals: Vec<StaffProposal>,
}

names! {
    ProposalState {
        Pending = "pending", "Chờ duyệt", "Waiting";
        Approved = "approved", "Đã duyệt", "Approved";
        Refused = "refused", "Không duyệt", "Refused";
        Withdrawn = "withdrawn", "Đã rút", "Withdrawn";
    }
}

/// What is to be changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "change", rename_all = "snake_case", deny_unknown_fields)]
pub enum StaffChange {
    /// Name, birth date, phone, code.
    Own { version: i64, staff: PutStaff },
    /// A new record.
    Add { record: PutStaffRecord },
    /// Another text of a record, as seen in this version.
    Change { record_id: StaffRecordId, version: i64, record: PutStaffRecord },
}

/// A correction that somebody proposes to their own record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StaffProposal {
    pub id: StaffProposalId,
    pub staff_id: StaffId,
    pub staff_name: String,
    pub state: ProposalState,
    pub change: StaffChange,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    pub proposed_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostStaffProposal {
    pub change: StaffChange,
    /// Why, and where the paper is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 500))]
    pub note: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DecideStaffProposal {
    pub approve: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 500))]
    pub answer: Option<String>,
}

/// `?unit_id=&state=` of the list of proposals.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct StaffProposalQuery {
    pub unit_id: Option<UnitId>,
    pub state: Option<ProposalState>,
}

/// The evaluations of a year of all who are evaluated at a school today.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EvaluationSheet {
    pub school_id: UnitId,
    pub school_year_id: SchoolYearId,
    pub school_year: String,
    /// In Vietnamese order of names.
    pub rows: Vec<EvaluationRow>,
    pub writable: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EvaluationRow {
    pub staff_id: StaffId,
    pub full_name: String,
    pub positions: Vec<Position>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record_id: Option<StaffRecordId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set: Option<StandardSet>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<StandardLevel>,
    /// The fifteen criteria are entered in the person's own record.
    pub has_criteria: bool,
    /// 0 while there is none.
    pub version: i64,
}

/// Levels of a sheet; whoever is left out stays as they are.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutEvaluations {
    pub set: StandardSet,
    #[validate(length(min = 1, max = 500))]
    pub rows: Vec<PutEvaluation>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutEvaluation {
    pub staff_id: StaffId,
    pub level: StandardLevel,
    /// The version that was read, 0 where there was none.
    pub version: i64,
}
