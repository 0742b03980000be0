//! Files and figures for the Ministry's database (TT 42/2021, NĐ 88/2026): checked row by row, made, sent, with receipts. Made of what is
//! held; what is held is asked of nobody.

use crate::access::{Role, names};
use crate::calendar::Grade;
use crate::{ClassId, ExchangePackageId, LearnerId, SchoolYearId, StaffId, UnitId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

names! {
    /// What is made for the authorities.
    ExportKind {
        Learners = "learners", "Danh sách học sinh (C1-HocSinh)", "List of learners (C1-HocSinh)";
        ResultsC1 = "results-c1", "Kết quả học tập cấp tiểu học", "Results of primary schools";
        Staff = "staff", "Hồ sơ cán bộ, giáo viên, nhân viên", "Staff file";
        Facilities = "facilities", "Biểu cơ sở vật chất", "Facility form";
        YearStart = "year-start", "Báo cáo đầu năm học", "Report at the beginning of the year";
        MidYear = "mid-year", "Báo cáo giữa năm học", "Report in the middle of the year";
        YearEnd = "year-end", "Báo cáo cuối năm học", "Report at the end of the year";
    }
}

impl ExportKind {
    /// A report of figures, not a list of people.
    pub fn is_report(self) -> bool {
        matches!(self, ExportKind::YearStart | ExportKind::MidYear | ExportKind::YearEnd)
    }
}

/// `?school_year_id=&anyway=`
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct ExportQuery {
    /// The current year where it is left out.
    pub school_year_id: Option<SchoolYearId>,
    /// Make the file although rows have faults: the faulty cells stay empty.
    #[serde(default)]
    pub anyway: bool,
}

/// `?file_name=` of an uploaded template.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct TemplateQuery {
    #[validate(length(max = 200))]
    pub file_name: Option<String>,
}

/// A kind with where it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExportItem {
    pub kind: ExportKind,
    /// The school teaches what this form is for, and the data are kept here.
    pub fits: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<ExportTemplate>,
}

/// The official file that a kind is filled into.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExportTemplate {
    pub file_name: String,
    pub uploaded_at: DateTime<Utc>,
    /// The sheet whose columns were found, and how many were.
    pub sheet: String,
    pub found: u32,
    /// Headers that nothing held here fills: they stay as they are.
    pub unfilled: Vec<String>,
}

/// A column of a form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExportColumn {
    pub header: String,
    /// Absent where no template was uploaded: whether the template has the column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_template: Option<bool>,
    /// Why it stays empty, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note_vi: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note_en: Option<String>,
}

/// Who is to put something right.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExportOwner {
    pub role: Role,
    /// The homeroom teacher by name; the clerk is whoever is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class_name: Option<String>,
}

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExportFault {
    /// The row of the list, from 1.
    pub row: u32,
    /// Whose row it is.
    pub who: String,
    /// The column, as its header says it.
    pub column: String,
    pub vi: String,
    pub en: String,
    /// It is told of, and does not keep the file from being made.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub warning: bool,
    pub owner: ExportOwner,
    /// Where it is put right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learner_id: Option<LearnerId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff_id: Option<StaffId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class_id: Option<ClassId>,
}

/// What a file would be, before it is made: from the same definition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExportCheck {
    pub kind: ExportKind,
    pub school_id: UnitId,
    pub school_name: String,
    pub school_year: String,
    pub rows: u32,
    pub columns: Vec<ExportColumn>,
    /// By owner, then by row.
    pub faults: Vec<ExportFault>,
    /// Of the faults those that keep the file from being made.
    pub errors: u32,
}

/// A figure of a report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReportFigure {
    /// "learners.total"; with a grade "learners.total.6".
    pub figure: String,
    pub vi: String,
    pub en: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<Grade>,
    /// Absent while it cannot be told yet, or was not typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<i64>,
    /// It is computed from what is held, and is read-only.
    pub held: bool,
    /// What it was computed from, or who is asked for it.
    pub source_vi: String,
    pub source_en: String,
    /// The day that it holds for.
    pub as_of: NaiveDate,
    /// Of a figure that is typed: its version; 0 where it never was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

/// A report as a form: figures that are held stand in it, read-only, with their source and day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MinistryReport {
    pub kind: ExportKind,
    pub school_id: UnitId,
    pub school_name: String,
    pub school_year_id: SchoolYearId,
    pub school_year: String,
    pub figures: Vec<ReportFigure>,
    /// Classes whose results are not closed and so not counted.
    pub open_classes: Vec<String>,
}

/// Figures that are held nowhere, typed by the school.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutReportFigures {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub school_year_id: Option<SchoolYearId>,
    #[validate(length(min = 1, max = 100), nested)]
    pub figures: Vec<PutReportFigure>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutReportFigure {
    #[validate(length(min = 1, max = 60))]
    pub figure: String,
    /// Absent: taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(range(min = 0, max = 1_000_000_000))]
    pub value: Option<i64>,
    /// The version that the writer saw; 0 for one never typed.
    pub version: i64,
}

names! {
    PackageState {
        Waiting = "waiting", "Đang gửi", "On its way";
        Accepted = "accepted", "Đã tiếp nhận", "Accepted";
        Refused = "refused", "Bị từ chối", "Refused";
    }
}

/// A file that was sent, with what came back for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExchangePackage {
    pub id: ExchangePackageId,
    pub kind: ExportKind,
    pub school_year: String,
    pub file_name: String,
    /// SHA-256 of the file in hex.
    pub sha256: String,
    pub bytes: u64,
    pub state: PackageState,
    pub created_at: DateTime<Utc>,
    /// Each try that was answered, the newest first.
    pub receipts: Vec<ExchangeReceipt>,
}

/// What the receiver said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExchangeReceipt {
    pub at: DateTime<Utc>,
    pub accepted: bool,
    /// HTTP status, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// As it came, at most 4000 characters.
    pub answer: String,
}
