//! Imports of class lists: dry run, apply, undo.

use crate::access::names;
use crate::calendar::Grade;
use crate::learners::Sex;
use crate::{ClassId, ImportId, LearnerId, SchoolYearId, UnitId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use validator::Validate;

names! {
    /// Which known layout the file has (domain names of the files that schools send).
    Layout {
        Ministry = "ministry", "Danh sách lớp kiểu Bộ GD&ĐT", "Ministry class list";
        VnEdu = "vnedu", "Danh sách kiểu vnEdu", "vnEdu-style list";
        C1 = "c1", "C1-HocSinh", "C1-HocSinh";
        Generic = "generic", "Danh sách khác, nhận theo tiêu đề cột", "Other list, by its headers";
    }
}

names! {
    ImportState {
        DryRun = "dry_run", "Xem thử", "Dry run";
        Applied = "applied", "Đã nhập", "Applied";
        Undone = "undone", "Đã hoàn tác", "Undone";
    }
}

names! {
    /// What would happen with a row.
    RowOutcome {
        New = "new", "Thêm mới", "New";
        Same = "same", "Không đổi", "Same";
        Changed = "changed", "Thay đổi", "Changed";
        Conflict = "conflict", "Vướng", "Conflict";
        Faulty = "faulty", "Lỗi", "Faulty";
    }
}

names! {
    Severity {
        Error = "error", "Lỗi", "Error";
        Warning = "warning", "Cần xem lại", "Warning";
    }
}

/// `?school_id=&school_year_id=&class_name=&grade=&file_name=&sheet=` of an upload; the body is the file.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct ImportQuery {
    pub school_id: UnitId,
    /// Left out: the current school year.
    pub school_year_id: Option<SchoolYearId>,
    /// For files without a class column: the class of all rows.
    #[validate(length(max = 30))]
    pub class_name: Option<String>,
    /// For classes that do not exist yet and whose grade the file does not tell.
    pub grade: Option<Grade>,
    #[validate(length(max = 200))]
    pub file_name: Option<String>,
    /// The sheet of a workbook to read. Left out: the one that most looks like a class list.
    #[validate(length(max = 100))]
    pub sheet: Option<String>,
}

/// `?school_id=` of the list of imports.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct ImportListQuery {
    pub school_id: UnitId,
}

/// An import with every row.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Import {
    pub id: ImportId,
    pub school_id: UnitId,
    pub school_year_id: SchoolYearId,
    pub file_name: String,
    pub state: ImportState,
    pub layout: Layout,
    pub sheet: String,
    /// Sheets of the workbook that hold a list, in its order, the one that was read among them; empty for a text file.
    #[serde(default)]
    pub sheets: Vec<String>,
    /// 1-based row of the headers.
    pub header_row: u32,
    /// Columns that were understood, and those that were left aside.
    pub columns: Vec<ImportColumn>,
    pub summary: ImportSummary,
    pub rows: Vec<ImportRow>,
    /// What concerns the file as a whole.
    pub faults: Vec<ImportFault>,
    pub created_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applied_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undone_at: Option<DateTime<Utc>>,
    pub version: i64,
}

/// A line of the list of imports.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportItem {
    pub id: ImportId,
    pub file_name: String,
    pub state: ImportState,
    pub summary: ImportSummary,
    pub created_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_by: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportColumn {
    /// "A", "B", …
    pub column: String,
    pub header: String,
    /// The field it was understood as; absent where it was left aside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportSummary {
    pub rows: u32,
    pub new: u32,
    pub same: u32,
    pub changed: u32,
    pub conflict: u32,
    pub faulty: u32,
    pub warnings: u32,
    /// Classes that would be made.
    pub new_classes: Vec<String>,
}

/// A row of the file and what would happen with it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportRow {
    /// 1-based row of the sheet.
    pub row: u32,
    pub outcome: RowOutcome,
    pub full_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<Sex>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub personal_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class_id: Option<ClassId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learner_id: Option<LearnerId>,
    /// Fields that differ: name of the field, before, after.
    #[serde(default)]
    pub changes: Vec<FieldChange>,
    #[serde(default)]
    pub faults: Vec<ImportFault>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldChange {
    pub field: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// A fault in a cell or of the file, in plain words of both languages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportFault {
    pub severity: Severity,
    pub code: String,
    /// "C"; absent where it concerns the row or file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    #[serde(default)]
    pub params: BTreeMap<String, String>,
    pub vi: String,
    pub en: String,
}

/// Apply a dry run. Faulty and conflicting rows stop it unless they are left out on purpose.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ApplyImport {
    /// Leave out the faulty and conflicting rows; all others are applied together or not at all.
    #[serde(default)]
    pub skip_faulty: bool,
}
