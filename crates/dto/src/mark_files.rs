//! A mark sheet as an Excel file, and a file read back: a dry run of each cell, which the caller then saves as any other cells; with the
//! comments on the learners in a column of their own.

use crate::LearnerId;
use crate::access::names;
use crate::imports::ImportFault;
use regulations::{CellValue, Slot};
use serde::{Deserialize, Serialize};

/// What a file would change in a sheet. Nothing is written: the caller sends the cells wanted to `PUT …/marks` with the versions
/// given here, source `imported`, and the comments wanted to `PUT …/comments` likewise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MarkFileCheck {
    /// The sheet of the workbook that was read.
    pub sheet: String,
    /// 1-based row of the header.
    pub header_row: u32,
    pub columns: Vec<MarkFileColumn>,
    /// The column of comments, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment_column: Option<MarkFileCommentColumn>,
    /// Headers that were not taken for marks or for the learner's name, birth date or code.
    pub unused: Vec<String>,
    pub rows: Vec<MarkFileRow>,
    /// Learners of the sheet that no row of the file names.
    pub absent: Vec<String>,
    /// Faults and remarks on the file as a whole.
    pub faults: Vec<ImportFault>,
    /// Cells of each outcome, comments among them.
    pub new: u32,
    pub changed: u32,
    pub same: u32,
    pub faulty: u32,
}

/// A column of marks, by the header under which it was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MarkFileColumn {
    pub slot: Slot,
    /// "E"
    pub letter: String,
    pub header: String,
}

/// The column of comments.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MarkFileCommentColumn {
    /// "K"
    pub letter: String,
    pub header: String,
}

names! {
    /// By what a row was known to be of a learner.
    MatchedBy {
        Code = "code", "Mã học sinh", "Code";
        NameAndBirthDate = "name_and_birth_date", "Họ tên và ngày sinh", "Name and birth date";
        /// The name alone, which is the only one in the class; the file has no birth date.
        Name = "name", "Họ tên", "Name";
        None = "none", "Không nhận ra", "Not recognised";
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MarkFileRow {
    /// 1-based row of the sheet.
    pub row: u32,
    /// As the file has it.
    pub full_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learner_id: Option<LearnerId>,
    pub matched_by: MatchedBy,
    pub cells: Vec<MarkFileCell>,
    /// Absent: the file says nothing of this learner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<MarkFileComment>,
    #[serde(default)]
    pub faults: Vec<ImportFault>,
}

names! {
    /// What would happen with a cell.
    FileCellOutcome {
        New = "new", "Thêm mới", "New";
        Changed = "changed", "Thay đổi", "Changed";
        Same = "same", "Không đổi", "Same";
        Faulty = "faulty", "Lỗi", "Faulty";
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MarkFileCell {
    pub slot: Slot,
    pub outcome: FileCellOutcome,
    /// As the file has it.
    pub text: String,
    /// How it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<CellValue>,
    /// What stands in the sheet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub present: Option<CellValue>,
    /// Of what stands in the sheet.
    pub version: i64,
    /// Read with doubt ("85" as 8.5): to be looked at before it is saved.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub doubtful: bool,
    /// Code of the error table or of the reading of a mark, where the cell is faulty; and why, in both languages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vi: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
}

/// What would happen with a comment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MarkFileComment {
    pub outcome: FileCellOutcome,
    /// As the file has it, without spaces around it.
    pub text: String,
    /// What stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub present: Option<String>,
    /// Of what stands.
    pub version: i64,
    /// Code of the error table, where it is faulty; and why, in both languages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vi: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
}
