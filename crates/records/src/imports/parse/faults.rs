//! Everything that can be wrong with a class list: code, severity, and the sentence for the person who has the file.

use super::types::Field;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Whether a fault stops the row (or, on the file, the import).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Error,
    Warning,
}

macro_rules! fault_codes {
    ($($name:ident = $code:literal, $severity:ident, vi $vi:literal, en $en:literal;)+) => {
        /// A stable fault code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum FaultCode { $(#[serde(rename = $code)] $name,)+ }

        impl FaultCode {
            pub const ALL: &'static [FaultCode] = &[$(FaultCode::$name,)+];
            pub fn as_str(self) -> &'static str { match self { $(FaultCode::$name => $code,)+ } }
            pub fn severity(self) -> Severity { match self { $(FaultCode::$name => Severity::$severity,)+ } }
            /// Vietnamese and English text with `{parameters}`; `{cell}` is the cell or column.
            pub fn texts(self) -> (&'static str, &'static str) { match self { $(FaultCode::$name => ($vi, $en),)+ } }
        }
    };
}

fault_codes! {
    // The file cannot be read at all.
    FileEmpty = "file_empty", Error, vi "Tệp không có nội dung.", en "The file is empty.";
    FileTooLarge = "file_too_large", Error, vi "Tệp lớn {size} MB, vượt mức {max} MB. Một danh sách lớp thường dưới 1 MB: hãy xoá ảnh và các trang tính không cần thiết.", en "The file has {size} MB, more than {max} MB. A class list usually has less than 1 MB: remove pictures and sheets that are not needed.";
    NotSpreadsheet = "not_a_spreadsheet", Error, vi "Tệp này không phải bảng tính Excel (.xlsx) hay CSV.", en "This file is neither an Excel workbook (.xlsx) nor CSV.";
    OldXls = "old_xls", Error, vi "Tệp Excel đời cũ (.xls) không nhập được. Hãy mở bằng Excel, chọn Lưu thành (Save As), kiểu “Excel Workbook (.xlsx)”, rồi tải lên lại.", en "Old Excel files (.xls) cannot be imported. Open it in Excel, choose Save As, “Excel Workbook (.xlsx)”, and upload that.";
    Encrypted = "encrypted", Error, vi "Tệp có mật khẩu. Hãy mở tệp, bỏ mật khẩu (Tệp > Thông tin > Bảo vệ), lưu lại rồi tải lên.", en "The file has a password. Open it, remove the password (File > Info > Protect), save and upload again.";
    HasMacros = "has_macros", Error, vi "Tệp có macro (mã lệnh) nên không được nhận. Hãy lưu thành kiểu “Excel Workbook (.xlsx)” không có macro.", en "The file holds macros and is not accepted. Save it as “Excel Workbook (.xlsx)” without macros.";
    BinaryWorkbook = "binary_workbook", Error, vi "Tệp Excel nhị phân (.xlsb) không nhập được. Hãy lưu thành kiểu “Excel Workbook (.xlsx)”.", en "Binary workbooks (.xlsb) cannot be imported. Save as “Excel Workbook (.xlsx)”.";
    OpenDocument = "open_document", Error, vi "Tệp LibreOffice (.ods) không nhập được. Hãy lưu thành kiểu “Excel 2007-365 (.xlsx)”.", en "OpenDocument files (.ods) cannot be imported. Save as “Excel 2007-365 (.xlsx)”.";
    OtherDocument = "other_document", Error, vi "Tệp này là {kind}, không phải bảng tính. Hãy chọn tệp danh sách lớp kiểu .xlsx hoặc .csv.", en "This file is {kind}, not a spreadsheet. Choose a class list as .xlsx or .csv.";
    HtmlFile = "html_file", Error, vi "Tệp này thực chất là một trang web mang đuôi Excel. Hãy mở bằng Excel, chọn Lưu thành (Save As), kiểu “Excel Workbook (.xlsx)”, rồi tải lên lại.", en "This file is really a web page with an Excel name. Open it in Excel, choose Save As, “Excel Workbook (.xlsx)”, and upload that.";
    FileBroken = "file_broken", Error, vi "Tệp bị hỏng hoặc tải lên chưa trọn vẹn ({part}). Hãy mở bằng Excel, lưu lại rồi tải lên.", en "The file is damaged or incomplete ({part}). Open it in Excel, save it again and upload that.";
    ZipBomb = "zip_bomb", Error, vi "Tệp khi giải nén lớn bất thường nên không được nhận.", en "The file is abnormally large when unpacked and is not accepted.";
    NoSheet = "no_sheet", Error, vi "Tệp không có trang tính nào có dữ liệu.", en "The workbook has no sheet with data.";
    SheetUnknown = "sheet_unknown", Error, vi "Tệp không có trang tính tên “{sheet}”.", en "The workbook has no sheet named “{sheet}”.";
    NoNameColumn = "no_name_column", Error, vi "Không tìm thấy cột họ tên trong {rows} dòng đầu. Dòng tiêu đề cần có ô “Họ tên” hoặc “Họ và tên”.", en "No column of names was found in the first {rows} rows. The header needs a cell “Họ tên” or “Họ và tên”.";
    NoHeader = "no_header", Error, vi "Không tìm thấy dòng tiêu đề trong {rows} dòng đầu. Hãy tải tệp mẫu để xem các cột cần có.", en "No row of headers was found in the first {rows} rows. Download the template to see the columns.";
    NoDataRows = "no_data_rows", Error, vi "Dưới dòng tiêu đề (dòng {row}) không có dữ liệu.", en "There is nothing under the header (row {row}).";
    NoBirthDateColumn = "no_birth_date_column", Error, vi "Không tìm thấy cột ngày sinh. Hồ sơ học sinh cần họ tên và ngày sinh: hãy thêm cột “Ngày sinh”.", en "There is no column of birth dates. A learner's record needs name and birth date: add a column “Ngày sinh”.";
    NoRows = "no_rows", Error, vi "Dưới dòng tiêu đề (dòng {row}) không có học sinh nào.", en "There are no pupils under the header (row {row}).";
    TextEncoding = "text_encoding", Error, vi "Không nhận ra bảng mã của tệp văn bản. Hãy lưu lại thành CSV UTF-8, hoặc dùng .xlsx.", en "The encoding of the text file is not recognised. Save it as CSV UTF-8, or use .xlsx.";
    CsvBroken = "csv_broken", Error, vi "Tệp CSV hỏng ở dòng {row}. Hãy lưu lại thành CSV UTF-8, hoặc dùng .xlsx.", en "The CSV file is broken at line {row}. Save it again as CSV UTF-8, or use .xlsx.";
    // The file or a column as a whole.
    TooManyRows = "too_many_rows", Error, vi "Tệp có hơn {max} dòng. Hãy chia thành nhiều tệp.", en "The file has more than {max} rows. Divide it into several files.";
    TooManyFaults = "too_many_faults", Warning, vi "Tệp có rất nhiều lỗi; mỗi dòng sau chỉ ghi lỗi đầu tiên.", en "The file has very many faults; for later rows only the first is listed.";
    LegacyAmbiguous = "legacy_ambiguous", Error, vi "Cột {cell} gõ bằng phông chữ cũ nhưng không phân biệt được TCVN3 (ABC) hay VNI. Hãy chuyển cột này sang Unicode rồi tải lên lại.", en "Column {cell} is typed in a legacy font, and it cannot be told whether TCVN3 (ABC) or VNI. Convert the column to Unicode and upload again.";
    LegacyConverted = "legacy_converted", Warning, vi "Cột {cell} gõ bằng phông chữ cũ {encoding}, đã chuyển sang Unicode. Hãy xem lại.", en "Column {cell} is typed in the legacy encoding {encoding} and was converted to Unicode. Please look it over.";
    TextConverted = "text_converted", Warning, vi "Tệp văn bản dùng bảng mã {encoding}, đã chuyển sang Unicode. Hãy xem lại.", en "The text file is encoded in {encoding} and was converted to Unicode. Please look it over.";
    HeaderGuessed = "header_guessed", Warning, vi "Cột {cell} có tiêu đề “{header}”, được hiểu là “{meaning}”.", en "Column {cell} is headed “{header}”, taken to mean “{meaning}”.";
    DuplicateColumn = "duplicate_column", Warning, vi "Cột {cell} trùng ý nghĩa với cột {first} nên không được dùng.", en "Column {cell} has the same meaning as column {first} and is not used.";
    OtherSheets = "other_sheets", Warning, vi "Chỉ đọc trang tính “{sheet}”. Các trang tính khác cũng có danh sách: {others}.", en "Only the sheet “{sheet}” was read. Other sheets hold lists too: {others}.";
    ExternalLinks = "external_links", Warning, vi "Tệp có liên kết tới tệp khác; các liên kết đó không được mở.", en "The file links to other files; the links were not followed.";
    // A row.
    MissingName = "missing_name", Error, vi "Thiếu họ tên.", en "The name is missing.";
    MissingBirthDate = "missing_birth_date", Error, vi "Thiếu ngày sinh.", en "The birth date is missing.";
    MissingSex = "missing_sex", Error, vi "Thiếu giới tính.", en "The sex is missing.";
    SexFromPersonalId = "sex_from_personal_id", Warning, vi "Thiếu giới tính; lấy theo số định danh cá nhân: {value}.", en "The sex is missing; taken from the personal ID: {value}.";
    MissingPersonalId = "missing_personal_id", Warning, vi "Thiếu số định danh cá nhân.", en "The personal ID is missing.";
    DuplicatePersonalId = "duplicate_personal_id", Error, vi "Ô {cell}: số định danh này đã có ở dòng {row}.", en "Cell {cell}: this personal ID is already in row {row}.";
    DuplicateMinistryCode = "duplicate_ministry_code", Error, vi "Ô {cell}: mã định danh Bộ GD&ĐT này đã có ở dòng {row}.", en "Cell {cell}: this Ministry code is already in row {row}.";
    DuplicatePupil = "duplicate_pupil", Error, vi "Trùng họ tên, ngày sinh và lớp với dòng {row}.", en "Same name, birth date and class as row {row}.";
    PossibleDuplicate = "possible_duplicate", Warning, vi "Trùng họ tên và ngày sinh với dòng {row} nhưng khác số định danh. Hãy kiểm tra có phải hai em khác nhau.", en "Same name and birth date as row {row}, with another personal ID. Check that they are two children.";
    // A row beside the records.
    MissingClass = "missing_class", Error, vi "Không biết học sinh ở lớp nào. Hãy thêm cột “Lớp” hoặc chọn lớp khi tải lên.", en "It is not known in which class the pupil is. Add a column “Lớp”, or name the class with the upload.";
    GradeNeeded = "grade_needed", Error, vi "Lớp {class} chưa có và không biết thuộc khối nào. Hãy thêm cột “Khối” hoặc chọn khối khi tải lên.", en "The class {class} does not exist yet and its grade is not known. Add a column “Khối”, or name the grade with the upload.";
    GradeNotTaught = "grade_not_taught", Error, vi "Lớp {class}: trường không dạy {grade}.", en "Class {class}: the school does not teach {grade}.";
    NotPresent = "not_present", Warning, vi "Danh sách ghi “{value}” nên dòng này không được nhập.", en "The list says “{value}”, so that the row is not imported.";
    AtOtherSchool = "at_other_school", Error, vi "Học sinh này đã có hồ sơ ở {school}. Hãy làm thủ tục tiếp nhận (chuyển trường) thay vì tạo hồ sơ mới.", en "This pupil has a record at {school}. Claim it by a transfer instead of making a new one.";
    CodeOfAnother = "code_of_another", Error, vi "Số định danh và mã định danh Bộ GD&ĐT thuộc về hai học sinh khác nhau.", en "The personal ID and the Ministry code belong to two different learners.";
    PersonalIdDiffers = "personal_id_differs", Error, vi "Hồ sơ đang có số định danh khác. Nếu hồ sơ sai, hãy sửa ở trang của học sinh.", en "The record has another personal ID. If the record is wrong, correct it on the learner's page.";
    MinistryCodeDiffers = "ministry_code_differs", Error, vi "Hồ sơ đang có mã định danh Bộ GD&ĐT khác. Nếu hồ sơ sai, hãy sửa ở trang của học sinh.", en "The record has another Ministry code. If the record is wrong, correct it on the learner's page.";
    OtherPerson = "other_person", Error, vi "Số này là của {value}, khác cả họ tên lẫn ngày sinh.", en "The number is that of {value}, with another name and another birth date.";
    SeveralMatches = "several_matches", Error, vi "Trường có nhiều học sinh cùng họ tên và ngày sinh. Hãy ghi số định danh để phân biệt.", en "The school has several learners of this name and birth date. Give the personal ID to tell them apart.";
    SameLearner = "same_learner", Error, vi "Dòng này và dòng {row} là cùng một học sinh.", en "This row and row {row} are the same learner.";
    LearnerLeft = "learner_left", Error, vi "Hồ sơ của học sinh này đang ghi “{value}”. Hãy ghi trạng thái mới ở trang của học sinh trước.", en "The learner's record says “{value}”. Enter the new status on the learner's page first.";
    GuardianDiffers = "guardian_differs", Warning, vi "{relation}: danh sách ghi {value}, hồ sơ ghi {present}; giữ như hồ sơ.", en "{relation}: the list says {value}, the record {present}; the record is kept.";
    // A cell.
    Formula = "formula", Error, vi "Ô {cell} chứa công thức. Hãy chép cột này rồi dán lại dạng giá trị (Paste Special > Values).", en "Cell {cell} holds a formula. Copy the column and paste it as values (Paste Special > Values).";
    OrdinalFormula = "ordinal_formula", Warning, vi "Ô {cell}: số thứ tự là công thức nên không được dùng.", en "Cell {cell}: the ordinal is a formula and was not used.";
    CellError = "cell_error", Error, vi "Ô {cell} đang báo lỗi Excel {value}.", en "Cell {cell} shows the Excel error {value}.";
    TooLong = "too_long", Error, vi "Ô {cell} dài quá {max} ký tự.", en "Cell {cell} has more than {max} characters.";
    NameInvalid = "name_invalid", Error, vi "Ô {cell}: “{value}” không giống họ tên.", en "Cell {cell}: “{value}” does not look like a name.";
    NameTooLong = "name_too_long", Error, vi "Ô {cell}: họ, tên đệm hoặc tên quá dài.", en "Cell {cell}: the family, middle or given name is too long.";
    NameLetters = "name_letters", Warning, vi "Ô {cell}: họ tên có ký tự lạ “{value}”. Hãy xem lại.", en "Cell {cell}: the name has unusual characters “{value}”. Please look it over.";
    NameCapital = "name_capital", Warning, vi "Ô {cell}: phông chữ cũ không ghi chữ hoa có dấu, đã viết hoa thành “{value}”.", en "Cell {cell}: the legacy font has no accented capitals; written as “{value}”.";
    DateFormat = "date_format", Error, vi "Ô {cell}: “{value}” không phải ngày dạng ngày/tháng/năm.", en "Cell {cell}: “{value}” is not a date as day/month/year.";
    DateNoSuchDay = "date_no_such_day", Error, vi "Ô {cell}: không có ngày {value}.", en "Cell {cell}: there is no day {value}.";
    DateMonthFirst = "date_month_first", Error, vi "Ô {cell}: “{value}” có vẻ ghi tháng trước ngày. Hãy ghi lại theo ngày/tháng/năm.", en "Cell {cell}: “{value}” seems to have the month first. Write day/month/year.";
    DateIncomplete = "date_incomplete", Error, vi "Ô {cell}: “{value}” chưa đủ ngày, tháng, năm.", en "Cell {cell}: “{value}” is not a full date.";
    DateTwoDigitYear = "date_two_digit_year", Warning, vi "Ô {cell}: năm chỉ có hai chữ số, được hiểu là {value}.", en "Cell {cell}: the year has two digits; taken as {value}.";
    DateInFuture = "date_in_future", Error, vi "Ô {cell}: ngày sinh {value} ở tương lai.", en "Cell {cell}: the birth date {value} lies in the future.";
    AgeUnusual = "age_unusual", Warning, vi "Ô {cell}: sinh năm {year} học khối {grade} là khác thường. Hãy kiểm tra.", en "Cell {cell}: born in {year} and in grade {grade} is unusual. Please check.";
    AgeImplausible = "age_implausible", Error, vi "Ô {cell}: ngày sinh {value} không thể là của học sinh.", en "Cell {cell}: the birth date {value} cannot be a pupil's.";
    SexUnknown = "sex_unknown", Error, vi "Ô {cell}: “{value}” không phải Nam hay Nữ.", en "Cell {cell}: “{value}” is neither Nam nor Nữ.";
    SexBothMarks = "sex_both_marks", Error, vi "Ô {cell}: đánh dấu cả Nam và Nữ.", en "Cell {cell}: both Nam and Nữ are marked.";
    EthnicityUnknown = "ethnicity_unknown", Warning, vi "Ô {cell}: “{value}” không có trong danh mục 54 dân tộc; giữ nguyên như đã ghi.", en "Cell {cell}: “{value}” is not in the list of 54 peoples; kept as written.";
    StatusUnknown = "status_unknown", Warning, vi "Ô {cell}: không hiểu trạng thái “{value}”; coi là đang học.", en "Cell {cell}: the status “{value}” is not known; taken as studying.";
    PersonalIdDigits = "personal_id_digits", Error, vi "Ô {cell}: số định danh “{value}” có ký tự không phải chữ số.", en "Cell {cell}: the personal ID “{value}” has characters that are not digits.";
    PersonalIdLength = "personal_id_length", Error, vi "Ô {cell}: số định danh có {digits} chữ số, cần đúng 12.", en "Cell {cell}: the personal ID has {digits} digits; it needs 12.";
    PersonalIdRounded = "personal_id_rounded", Error, vi "Ô {cell}: Excel đã làm tròn số định danh ({value}). Hãy định dạng cột là Text rồi nhập lại.", en "Cell {cell}: Excel has rounded the personal ID ({value}). Format the column as Text and type it again.";
    PersonalIdZeros = "personal_id_zeros", Warning, vi "Ô {cell}: Excel đã bỏ số 0 ở đầu số định danh, được hiểu là {value}.", en "Cell {cell}: Excel dropped leading zeros of the personal ID; taken as {value}.";
    PersonalIdOldCard = "personal_id_old_card", Warning, vi "Ô {cell}: số 9 chữ số là số CMND cũ, không phải số định danh cá nhân, nên bỏ qua.", en "Cell {cell}: nine digits are an old identity card, not a personal ID; left out.";
    PersonalIdSex = "personal_id_sex", Warning, vi "Ô {cell}: chữ số thế kỉ của số định danh cho biết là {value}, khác với giới tính đã ghi.", en "Cell {cell}: the century digit of the personal ID says {value}, unlike the sex given.";
    PersonalIdYear = "personal_id_year", Warning, vi "Ô {cell}: số định danh cho biết sinh năm {value}, khác với ngày sinh đã ghi.", en "Cell {cell}: the personal ID says born in {value}, unlike the birth date given.";
    PersonalIdProvince = "personal_id_province", Warning, vi "Ô {cell}: ba số đầu của số định danh không phải mã tỉnh hay mã nước.", en "Cell {cell}: the first three digits of the personal ID are no province or country.";
    MinistryCodeShape = "ministry_code_shape", Warning, vi "Ô {cell}: mã định danh Bộ GD&ĐT thường có 10 chữ số; ở đây là “{value}”.", en "Cell {cell}: a Ministry code usually has 10 digits; here it is “{value}”.";
    MinistryCodeZeros = "ministry_code_zeros", Warning, vi "Ô {cell}: Excel đã bỏ số 0 ở đầu mã định danh Bộ, được hiểu là {value}.", en "Cell {cell}: Excel dropped leading zeros of the Ministry code; taken as {value}.";
    CodeInvalid = "code_invalid", Error, vi "Ô {cell}: mã “{value}” không dùng được (tối đa 20 chữ, số, dấu - . /).", en "Cell {cell}: the code “{value}” cannot be used (at most 20 letters, digits, - . /).";
    PhoneInvalid = "phone_invalid", Warning, vi "Ô {cell}: “{value}” không phải số điện thoại Việt Nam nên bỏ qua.", en "Cell {cell}: “{value}” is not a Vietnamese phone number and was left out.";
    PhoneRenumbered = "phone_renumbered", Warning, vi "Ô {cell}: số 11 chữ số đã đổi đầu số, được hiểu là {value}.", en "Cell {cell}: eleven-digit numbers were renumbered; taken as {value}.";
    PhoneSeveral = "phone_several", Warning, vi "Ô {cell}: có nhiều số điện thoại, chỉ lấy số {value}.", en "Cell {cell}: several phone numbers; only {value} was taken.";
    EmailInvalid = "email_invalid", Warning, vi "Ô {cell}: “{value}” không phải địa chỉ email nên bỏ qua.", en "Cell {cell}: “{value}” is not an email address and was left out.";
    ClassNameDate = "class_name_date", Error, vi "Ô {cell}: Excel đã đổi tên lớp thành ngày tháng. Hãy định dạng cột là Text rồi nhập lại tên lớp.", en "Cell {cell}: Excel turned the class name into a date. Format the column as Text and type it again.";
    ClassNameInvalid = "class_name_invalid", Error, vi "Ô {cell}: “{value}” không phải tên lớp (tối đa 30 ký tự).", en "Cell {cell}: “{value}” is not a class name (at most 30 characters).";
    GradeUnknown = "grade_unknown", Warning, vi "Ô {cell}: không hiểu khối “{value}”.", en "Cell {cell}: the grade “{value}” is not known.";
    GradeDiffers = "grade_differs", Warning, vi "Ô {cell}: khối {value} không khớp với tên lớp {class}.", en "Cell {cell}: grade {value} does not fit the class {class}.";
    OrdinalInvalid = "ordinal_invalid", Warning, vi "Ô {cell}: số thứ tự “{value}” không dùng được.", en "Cell {cell}: the ordinal “{value}” cannot be used.";
}

/// One thing that is wrong, with where and what to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    /// Letter of the column, where the fault is in one.
    pub column: Option<String>,
    pub field: Option<Field>,
    pub severity: Severity,
    pub code: FaultCode,
    /// What stands in the sentences' braces.
    pub params: BTreeMap<Cow<'static, str>, String>,
    pub vi: String,
    pub en: String,
}

impl Fault {
    /// A fault without a column.
    pub fn new(code: FaultCode, params: &[(&'static str, &dyn std::fmt::Display)]) -> Fault {
        Fault::build(code, None, None, params)
    }

    /// A fault of a column of the file: `{cell}` is its letter.
    pub fn column(code: FaultCode, field: Field, letter: &str, params: &[(&'static str, &dyn std::fmt::Display)]) -> Fault {
        Fault::build(code, Some((letter, None)), Some(field), params)
    }

    /// A fault of one cell: `{cell}` is its address.
    pub fn cell(
        code: FaultCode,
        field: Field,
        letter: &str,
        row: u32,
        params: &[(&'static str, &dyn std::fmt::Display)],
    ) -> Fault {
        Fault::build(code, Some((letter, Some(row))), Some(field), params)
    }

    fn build(
        code: FaultCode,
        at: Option<(&str, Option<u32>)>,
        field: Option<Field>,
        params: &[(&'static str, &dyn std::fmt::Display)],
    ) -> Fault {
        let mut map: BTreeMap<Cow<'static, str>, String> =
            params.iter().map(|(key, value)| (Cow::Borrowed(*key), shorten(&value.to_string()))).collect();
        if let Some((letter, row)) = at {
            map.insert("cell".into(), row.map_or_else(|| letter.to_owned(), |row| format!("{letter}{row}")));
        }
        let (vi, en) = code.texts();
        Fault {
            column: at.map(|(letter, _)| letter.to_owned()),
            field,
            severity: code.severity(),
            code,
            vi: fill(vi, &map),
            en: fill(en, &map),
            params: map,
        }
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// A value as it is shown in a sentence: at most 60 characters.
fn shorten(value: &str) -> String {
    match value.char_indices().nth(60) {
        Some((cut, _)) => format!("{}…", &value[..cut]),
        None => value.to_owned(),
    }
}

/// Replaces each `{name}` once, left to right, so that braces in a value are never read as a parameter.
fn fill(text: &str, params: &BTreeMap<Cow<'static, str>, String>) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            out.push('{');
            rest = after;
            continue;
        };
        out.push_str(params.get(name).map_or("?", String::as_str));
        rest = tail;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_filled_once() {
        let fault = Fault::cell(FaultCode::NameInvalid, Field::FullName, "C", 7, &[("value", &"{cell} 123")]);
        assert_eq!(fault.vi, "Ô C7: “{cell} 123” không giống họ tên.");
        assert!(fault.is_error());
    }

    #[test]
    fn both_languages_use_the_same_parameters_and_codes_are_unique() {
        let names = |text: &str| {
            let mut names: Vec<String> =
                text.split('{').skip(1).filter_map(|p| p.split_once('}')).map(|(n, _)| n.to_owned()).collect();
            names.sort();
            names
        };
        let mut codes: Vec<&str> = FaultCode::ALL.iter().map(|c| c.as_str()).collect();
        for code in FaultCode::ALL {
            let (vi, en) = code.texts();
            assert_eq!(names(vi), names(en), "{}", code.as_str());
        }
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), FaultCode::ALL.len());
    }
}
