//! What reading a class list gives.

use super::faults::Fault;
use chrono::NaiveDate;
use dto::learners::Sex;
use kernel::text::Name;
use serde::{Deserialize, Serialize};

/// The form a file was recognised as. It tells people that the file was understood; columns are found by their
/// headers in every form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// The Ministry's class list (header usually on row 4).
    Ministry,
    /// The list that vnEdu exports (header usually on row 7).
    Vnedu,
    /// C1-HocSinh, the pupil file of the sector database (header on row 1, lookup sheets after it).
    C1,
    /// Any other sheet with a column of names.
    Generic,
}

impl Layout {
    pub fn as_str(self) -> &'static str {
        match self {
            Layout::Ministry => "ministry",
            Layout::Vnedu => "vnedu",
            Layout::C1 => "c1",
            Layout::Generic => "generic",
        }
    }
}

/// What a column can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Ordinal,
    FullName,
    /// Family and middle names in one column, beside a column of given names.
    FamilyMiddle,
    Family,
    Middle,
    Given,
    BirthDate,
    Sex,
    /// A column headed "Nữ" (or "Nam") with a cross in it.
    FemaleMark,
    MaleMark,
    Ethnicity,
    PersonalId,
    /// Mã định danh Bộ GD&ĐT.
    MinistryCode,
    /// A pupil code of which only its values tell whether it is the Ministry's or the school's own.
    SomeCode,
    /// A code of the school's own or of its software.
    LocalCode,
    Status,
    StatusDate,
    Phone,
    LearnerPhone,
    Birthplace,
    Address,
    PermanentAddress,
    Hometown,
    FatherName,
    FatherPhone,
    MotherName,
    MotherPhone,
    GuardianName,
    GuardianPhone,
    ClassName,
    Grade,
    EnrolledOn,
    Email,
    /// Known, and not taken by this import.
    NotTaken,
}

/// A column that is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundColumn {
    pub field: Field,
    /// The header as written in the file (Unicode).
    pub header: String,
    /// "A", "B", … "AL".
    pub letter: String,
    /// The header is not spelt in any known way; the nearest one was taken.
    pub guessed: bool,
    /// Hidden in the workbook.
    pub hidden: bool,
}

/// A column with a header that is not read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnusedColumn {
    pub header: String,
    pub letter: String,
}

/// Status of a pupil as written in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PupilStatus {
    Studying,
    TransferredIn,
    TransferredOut,
    DroppedOut,
    /// Stopped, then asked to study again.
    Returned,
    Repeating,
    /// Result and place kept (bảo lưu).
    Suspended,
    Completed,
    Deceased,
}

/// A parent or guardian as a class list names one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relative {
    pub name: Option<Name>,
    pub phone: Option<String>,
}

impl Relative {
    pub fn is_empty(&self) -> bool {
        self.name.is_none() && self.phone.is_none()
    }
}

/// One pupil. All text is NFC with single spaces; None where the file says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LearnerFields {
    /// Number in the list (STT).
    pub ordinal: Option<u32>,
    pub name: Name,
    pub birth_date: Option<NaiveDate>,
    pub sex: Option<Sex>,
    /// Name from the national list of 54 peoples where it is one of them, else as written.
    pub ethnicity: Option<String>,
    /// Twelve digits.
    pub personal_id: Option<String>,
    pub ministry_code: Option<String>,
    pub local_code: Option<String>,
    pub status: Option<PupilStatus>,
    pub status_date: Option<NaiveDate>,
    /// For reaching the family: ten digits from 0.
    pub phone: Option<String>,
    pub learner_phone: Option<String>,
    pub email: Option<String>,
    pub birthplace: Option<String>,
    pub address: Option<String>,
    pub permanent_address: Option<String>,
    pub hometown: Option<String>,
    pub father: Relative,
    pub mother: Relative,
    pub guardian: Relative,
    pub class_name: Option<String>,
    pub grade: Option<u8>,
    pub enrolled_on: Option<NaiveDate>,
}

impl LearnerFields {
    /// The number on which the family is reached first: the list's own, else mother's, father's, guardian's.
    pub fn contact_phone(&self) -> Option<&str> {
        [&self.phone, &self.mother.phone, &self.father.phone, &self.guardian.phone].into_iter().find_map(Option::as_deref)
    }
}

/// One row of the file that holds a pupil.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ParsedRow {
    /// As the spreadsheet numbers it, from 1.
    pub row_number: u32,
    pub fields: LearnerFields,
    pub faults: Vec<Fault>,
}

impl ParsedRow {
    /// Whether the row can not be imported as it is.
    pub fn is_faulty(&self) -> bool {
        self.faults.iter().any(Fault::is_error)
    }
}

/// A row under the header that holds no pupil: totals, signatures, notes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkippedRow {
    pub row_number: u32,
    /// What stands in it, at most 120 characters.
    pub text: String,
}

/// A class list, read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ParsedFile {
    pub layout: Layout,
    /// Name of the sheet; empty for a text file.
    pub sheet: String,
    /// Sheets of the workbook that look like a list, in its order; empty for a text file.
    pub sheets: Vec<String>,
    /// Row of the header (its first row where it has several), from 1.
    pub header_row: u32,
    pub columns: Vec<FoundColumn>,
    pub unused_columns: Vec<UnusedColumn>,
    /// The class that the lines above the header name.
    pub title_class: Option<String>,
    /// The year in which the school year named above the header begins.
    pub title_school_year: Option<i32>,
    pub rows: Vec<ParsedRow>,
    pub skipped: Vec<SkippedRow>,
    /// About the file or a whole column.
    pub file_faults: Vec<Fault>,
}

impl ParsedFile {
    /// Number of errors in the file and its rows; an import can be applied when there are none.
    pub fn error_count(&self) -> usize {
        let errors = |faults: &[Fault]| faults.iter().filter(|f| f.is_error()).count();
        errors(&self.file_faults) + self.rows.iter().map(|row| errors(&row.faults)).sum::<usize>()
    }
}
