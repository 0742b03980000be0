//! Imports of files of any kind: which kinds there are, what was read, what is wrong, what is corrected, apply, undo.

use crate::calendar::{Grade, Term};
use crate::imports::{FieldChange, ImportFault, ImportState, ImportSummary, RowOutcome};
use crate::quality::QualityWarning;
use crate::{ClassId, ImportId, SchoolYearId, UnitId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use validator::Validate;

crate::access::names! {
    /// What an import of a kind is of, besides the school.
    FileImportScope {
        School = "school", "Cả trường", "The school";
        Class = "class", "Một lớp", "A class";
        Section = "section", "Một môn của một lớp trong một học kì", "A subject of a class in a term";
    }
}

/// A kind of records that files hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FileImportKind {
    /// "staff"; stands in addresses.
    pub kind: String,
    pub name_vi: String,
    pub name_en: String,
    pub about_vi: String,
    pub about_en: String,
    pub scope: FileImportScope,
}

/// `?kind=&school_id=&…` of an upload; the body is the file.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct FileImportQuery {
    #[validate(length(max = 30))]
    pub kind: String,
    pub school_id: UnitId,
    /// Left out: the current school year.
    pub school_year_id: Option<SchoolYearId>,
    /// Needed by kinds of a class.
    pub class_id: Option<ClassId>,
    /// Needed by kinds of a subject.
    #[validate(length(max = 20))]
    pub subject_code: Option<String>,
    pub term: Option<Term>,
    /// Of learners: the class of all rows, for files without a class column.
    #[validate(length(max = 30))]
    pub class_name: Option<String>,
    /// Of learners: for classes that do not exist yet and whose grade the file does not tell.
    pub grade: Option<Grade>,
    #[validate(length(max = 200))]
    pub file_name: Option<String>,
    /// The sheet of a workbook to read. Left out: the one whose headers fit best.
    #[validate(length(max = 100))]
    pub sheet: Option<String>,
}

/// `?school_id=&class_id=&subject_code=&term=` of a template.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct FileTemplateQuery {
    pub school_id: UnitId,
    pub school_year_id: Option<SchoolYearId>,
    pub class_id: Option<ClassId>,
    #[validate(length(max = 20))]
    pub subject_code: Option<String>,
    pub term: Option<Term>,
}

/// `?school_id=` of the list.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct FileImportListQuery {
    pub school_id: UnitId,
}

/// `?outcome=&warnings=` of the rows.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct FileImportRowsQuery {
    pub outcome: Option<RowOutcome>,
    /// Rows with something to look at alone.
    #[serde(default)]
    pub warnings: Option<bool>,
}

/// A column of a kind, as the mapping offers it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FileImportField {
    pub field: String,
    pub name_vi: String,
    pub name_en: String,
    pub required: bool,
    /// The values that a cell may have, where there are few.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
}

/// A column of the file and what it is taken for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FileImportColumn {
    /// "A", "B", …
    pub column: String,
    pub header: String,
    /// Absent where it is left aside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Somebody of the school has said so of a header like this.
    #[serde(default)]
    pub remembered: bool,
}

/// An import, without its rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FileImport {
    pub id: ImportId,
    pub kind: String,
    pub school_id: UnitId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class_id: Option<ClassId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term: Option<Term>,
    pub file_name: String,
    pub state: ImportState,
    pub sheet: String,
    /// 1-based row of the headers.
    pub header_row: u32,
    pub columns: Vec<FileImportColumn>,
    /// What columns of this kind can be.
    pub fields: Vec<FileImportField>,
    pub summary: ImportSummary,
    /// What concerns the file as a whole.
    pub faults: Vec<ImportFault>,
    pub created_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applied_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undone_at: Option<DateTime<Utc>>,
    pub version: i64,
}

/// A line of the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FileImportItem {
    pub id: ImportId,
    pub kind: String,
    pub file_name: String,
    pub state: ImportState,
    pub summary: ImportSummary,
    pub created_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_by: Option<String>,
}

/// A row of the file: its cells by field, and what would happen with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FileImportRow {
    /// 1-based row of the sheet.
    pub row: u32,
    pub outcome: RowOutcome,
    /// Whom or what the row is of.
    pub title: String,
    /// The cells that are taken, by field, corrections in them.
    pub cells: BTreeMap<String, String>,
    /// The fields that were corrected here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrected: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<FieldChange>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<ImportFault>,
    /// What the rules of data quality say of the row.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quality: Vec<QualityWarning>,
}

/// What the columns are taken for, all of them. Remembered for the school and the kind.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutFileImportColumns {
    #[validate(length(min = 1, max = 512), nested)]
    pub columns: Vec<PutFileImportColumn>,
}

/// One column. Without a field it is left aside.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutFileImportColumn {
    #[validate(length(min = 1, max = 3))]
    pub column: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 40))]
    pub field: Option<String>,
}

/// Cells that are corrected; the file itself stays as it was sent.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutFileImportCells {
    #[validate(length(min = 1, max = 5000), nested)]
    pub cells: Vec<FileImportCell>,
}

/// One corrected cell. Without a text the cell is again as in the file.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FileImportCell {
    pub row: u32,
    #[validate(length(min = 1, max = 40))]
    pub field: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 500))]
    pub text: Option<String>,
}
