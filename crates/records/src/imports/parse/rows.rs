//! From the rows under a header to pupils.

use super::Options;
use super::cells::{Source, grade_of_class};
use super::faults::{Fault, FaultCode};
use super::grid::{Cell, Grid, Row, Value, number_text};
use super::headers::{Column, Header, class_in, repeats};
use super::legacy::{Encoding, Votes, to_unicode};
use super::types::{Field, LearnerFields, ParsedRow, Relative, SkippedRow};
use chrono::Datelike;
use dto::learners::Sex;
use kernel::text::{Name, PersonalId, clean, fold, school_year_start, split_name};
use std::collections::HashMap;

/// Faults that are listed in full; beyond, one a row.
const MAX_FAULTS: usize = 20_000;

/// How lines begin that stand under a list.
const NOTES: &[&str] = &[
    "tong so",
    "tong cong",
    "tong:",
    "tong ",
    "cong:",
    "nguoi lap",
    "giao vien",
    "gvcn",
    "gv chu nhiem",
    "hieu truong",
    "pho hieu truong",
    "thu truong",
    "ban giam hieu",
    "t/m",
    "tm.",
    "kt.",
    "ghi chu",
    "luu y",
    "danh sach nay",
    "danh sach co",
    "danh sach tren",
    "an dinh danh sach",
    "trong do",
    "so luong",
    "xac nhan",
    "(ky",
    "ky ten",
    "ky va",
    "ngay lap",
    "nguoi tong hop",
    "nguoi kiem tra",
    "can bo",
    "van thu",
    "si so",
    "het danh sach",
];

/// What was read from the rows.
pub struct Rows {
    pub rows: Vec<ParsedRow>,
    pub skipped: Vec<SkippedRow>,
    pub faults: Vec<Fault>,
}

/// Reads the rows under the header; `title_class` is the class that the lines above it name.
pub fn read(grid: &Grid, header: &Header, title_class: Option<&str>, options: &Options) -> Rows {
    let mut faults = Vec::new();
    let encodings = encodings(grid, header, &mut faults);
    let mut reader = Reader {
        grid,
        header,
        encodings,
        options,
        class: title_class.map(str::to_owned),
        after_note: false,
        out: Rows { rows: Vec::new(), skipped: Vec::new(), faults },
    };
    let mut fault_count = 0;
    for row in grid.rows.iter().filter(|row| row.number > header.last_row) {
        let Some(mut parsed) = reader.row(row) else {
            continue;
        };
        if reader.out.rows.len() == options.limits.rows {
            reader.out.faults.push(Fault::new(FaultCode::TooManyRows, &[("max", &options.limits.rows)]));
            break;
        }
        fault_count += parsed.faults.len();
        if fault_count > MAX_FAULTS {
            shorten(&mut parsed.faults);
        }
        reader.out.rows.push(parsed);
    }
    let mut out = reader.out;
    if fault_count > MAX_FAULTS {
        out.faults.push(Fault::new(FaultCode::TooManyFaults, &[]));
    }
    if grid.cut && !out.faults.iter().any(|fault| fault.code == FaultCode::TooManyRows) {
        out.faults.push(Fault::new(FaultCode::TooManyRows, &[("max", &options.limits.rows)]));
    }
    mark_duplicates(header, &mut out.rows);
    out
}

/// Keeps the first error, or where there is none the first fault.
fn shorten(faults: &mut Vec<Fault>) {
    let keep = faults.iter().position(Fault::is_error).unwrap_or(0);
    if keep < faults.len() {
        faults.swap(0, keep);
        faults.truncate(1);
    }
}

/// The encoding of each column of text; faults for those that are converted or cannot be told.
fn encodings(grid: &Grid, header: &Header, faults: &mut Vec<Fault>) -> HashMap<u16, Encoding> {
    let mut file = Votes::default();
    let mut columns: Vec<(&Column, Votes)> = Vec::new();
    for column in &header.columns {
        let mut votes = Votes::default();
        for row in grid.rows.iter().filter(|row| row.number > header.last_row) {
            if let Some(Cell { value: Value::Text(text), font, .. }) = row.get(column.index) {
                votes.add(text, *font);
            }
        }
        file.merge(votes);
        columns.push((column, votes));
    }
    let mut out = HashMap::new();
    for (column, votes) in columns {
        match votes.verdict(file) {
            Ok(encoding) => {
                if encoding != Encoding::Unicode && votes.has_words() {
                    let name = encoding.name();
                    faults.push(Fault::column(FaultCode::LegacyConverted, column.field, &column.letter, &[("encoding", &name)]));
                }
                out.insert(column.index, encoding);
            }
            Err(()) => faults.push(Fault::column(FaultCode::LegacyAmbiguous, column.field, &column.letter, &[])),
        }
    }
    out
}

struct Reader<'a> {
    grid: &'a Grid,
    header: &'a Header,
    encodings: HashMap<u16, Encoding>,
    options: &'a Options,
    /// Class named by the title or by a line between pupils.
    class: Option<String>,
    /// A total or a signature line has been seen.
    after_note: bool,
    out: Rows,
}

impl Reader<'_> {
    fn cell<'r>(&self, row: &'r Row, field: Field) -> Option<(&Column, &'r Cell)> {
        let column = self.header.find(field)?;
        Some((column, row.get(column.index)?))
    }

    fn has(&self, row: &Row, fields: &[Field]) -> bool {
        fields.iter().any(|field| self.cell(row, *field).is_some())
    }

    /// Whether one of the fields holds something with as many digits, or a formula.
    fn has_digits(&self, row: &Row, fields: &[Field], least: usize) -> bool {
        fields.iter().filter_map(|field| self.cell(row, *field)).any(|(_, cell)| {
            cell.formula
                || match &cell.value {
                    Value::Text(text) => text.chars().filter(char::is_ascii_digit).take(least).count() == least,
                    Value::Number(_) | Value::Date(_) => true,
                    Value::Bool(_) | Value::Error(_) => false,
                }
        })
    }

    fn has_letters(&self, row: &Row, field: Field) -> bool {
        matches!(self.cell(row, field), Some((_, Cell { value: Value::Text(text), .. })) if text.chars().any(char::is_alphabetic))
    }

    /// Reads one value of a row.
    fn read<'s, T>(
        &'s self,
        row: &'s Row,
        field: Field,
        faults: &'s mut Vec<Fault>,
        read: impl FnOnce(&mut Source<'s>) -> Option<T>,
    ) -> Option<T> {
        let (column, cell) = self.cell(row, field)?;
        read(&mut Source {
            column,
            row: row.number,
            cell,
            encoding: self.encodings.get(&column.index).copied().unwrap_or(Encoding::Unicode),
            epoch_1904: self.grid.epoch_1904,
            today: self.options.today,
            faults,
        })
    }

    /// A cell as text, in Unicode, without faults.
    fn shown(&self, index: u16, cell: &Cell) -> String {
        let encoding = self.encodings.get(&index).copied().unwrap_or(Encoding::Unicode);
        match &cell.value {
            Value::Text(text) => {
                let text: String = text.chars().take(200).collect();
                clean(&to_unicode(&text, cell.font, encoding).0)
            }
            Value::Number(n) | Value::Date(n) => number_text(*n),
            Value::Bool(_) => String::new(),
            Value::Error(error) => error.to_string(),
        }
    }

    fn skip(&mut self, row: &Row) {
        let text: Vec<String> =
            row.cells.iter().map(|(index, cell)| self.shown(*index, cell)).filter(|t| !t.is_empty()).collect();
        let text: String = text.join(" ").chars().take(120).collect();
        if !text.is_empty() {
            self.out.skipped.push(SkippedRow { row_number: row.number, text });
        }
    }

    /// A pupil, or None where the row holds none.
    fn row(&mut self, row: &Row) -> Option<ParsedRow> {
        let names = [Field::FullName, Field::FamilyMiddle, Field::Family, Field::Middle, Field::Given];
        let strong = [Field::PersonalId, Field::MinistryCode, Field::LocalCode];
        let named = self.has(row, &names);
        let dated = self.has_digits(row, &[Field::BirthDate], 2);
        let coded = self.has_digits(row, &strong, 4);
        if self.is_note(row, named, dated, coded) {
            self.skip(row);
            return None;
        }
        if !named && !dated && !coded {
            // A numbered line without a pupil; templates have dozens of them.
            return None;
        }
        let mut faults = Vec::new();
        let fields = self.fields(row, &mut faults);
        Some(ParsedRow { row_number: row.number, fields, faults })
    }

    /// Whether a row is a title, total, signature, repeated header, or the numbers of the columns.
    fn is_note(&mut self, row: &Row, named: bool, dated: bool, coded: bool) -> bool {
        if coded && named {
            return false;
        }
        if repeats(self.header, row) {
            return true;
        }
        let texts: Vec<String> = row.cells.iter().map(|(index, cell)| fold(&self.shown(*index, cell))).collect();
        let numbers: Vec<&str> = texts.iter().map(|text| text.trim_matches(['(', ')', '.'])).collect();
        if numbers.len() >= 3 && numbers.iter().enumerate().all(|(i, text)| *text == (i + 1).to_string()) {
            return true;
        }
        let ordinal = self.has_digits(row, &[Field::Ordinal], 1) && !self.has_letters(row, Field::Ordinal);
        if named && dated && ordinal {
            // A pupil, whatever a teacher noted beside them.
            return false;
        }
        let is_note = |text: &String| {
            NOTES.iter().any(|note| text.starts_with(note))
                || (text.contains("ngay") && text.contains("thang") && (text.contains("nam") || text.contains("20")))
        };
        if texts.iter().any(is_note) {
            self.after_note = true;
            return true;
        }
        if !dated && !coded && !ordinal {
            // "Lớp 6A2" between pupils of several classes.
            let line: Vec<String> = row.cells.iter().map(|(index, cell)| self.shown(*index, cell)).collect();
            let line = line.join(" ");
            if row.cells.len() <= 2
                && fold(&line).contains("lop")
                && let Some(class) = class_in(&line)
            {
                self.class = Some(class);
                return true;
            }
            // Under the totals stand the names of those who sign.
            return self.after_note || !named;
        }
        false
    }

    fn name(&self, row: &Row, faults: &mut Vec<Fault>) -> Name {
        if self.header.find(Field::FullName).is_some() {
            return self.read(row, Field::FullName, faults, Source::name).unwrap_or_default();
        }
        let mut part = |field| {
            self.read(row, field, faults, |s| {
                let text = s.person_text().filter(|text| s.check_name(text))?;
                // A part of a name is checked as if it were the whole.
                s.check_parts(&split_name(&text)).then_some(text)
            })
            .unwrap_or_default()
        };
        let (both, family, middle, given) =
            (part(Field::FamilyMiddle), part(Field::Family), part(Field::Middle), part(Field::Given));
        let before = [both, family, middle].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" ");
        if given.is_empty() || before.is_empty() {
            return split_name(&format!("{before}{given}"));
        }
        let (family, middle) = before.split_once(' ').unwrap_or((&before, ""));
        Name { family: family.to_owned(), middle: middle.to_owned(), given }
    }

    fn sex(&self, row: &Row, faults: &mut Vec<Fault>) -> Option<Sex> {
        if self.header.find(Field::Sex).is_some() {
            return self.read(row, Field::Sex, faults, Source::sex);
        }
        let female = self.read(row, Field::FemaleMark, faults, |s| Some(s.mark())).unwrap_or(false);
        let male = self.read(row, Field::MaleMark, faults, |s| Some(s.mark())).unwrap_or(false);
        match (female, male) {
            (true, true) => {
                let column = self.header.find(Field::FemaleMark)?;
                faults.push(Fault::cell(FaultCode::SexBothMarks, Field::Sex, &column.letter, row.number, &[]));
                None
            }
            (true, false) => Some(Sex::Female),
            (false, true) => Some(Sex::Male),
            // In a list with a column "Nữ" alone, an empty cell says "Nam".
            (false, false) => (self.header.find(Field::FemaleMark).is_some() && self.header.find(Field::MaleMark).is_none())
                .then_some(Sex::Male),
        }
    }

    fn fields(&self, row: &Row, faults: &mut Vec<Fault>) -> LearnerFields {
        let text = |s: &mut Source<'_>| s.text();
        let name = self.name(row, faults);
        let birth_date = self.read(row, Field::BirthDate, faults, Source::birth_date);
        let mut sex = self.sex(row, faults);
        let personal_id = self.read(row, Field::PersonalId, faults, |s| s.personal_id(birth_date, sex));
        let mute = !self.has(row, &[Field::Sex, Field::FemaleMark, Field::MaleMark]);
        if sex.is_none() && mute {
            sex = personal_id.as_deref().and_then(|id| PersonalId::parse(id).ok()).map(|id| id.sex);
            let fault = match sex {
                Some(sex) => Fault::new(FaultCode::SexFromPersonalId, &[("value", &sex.label(dto::Lang::Vi))]),
                None => Fault::new(FaultCode::MissingSex, &[]),
            };
            faults.push(Fault {
                field: Some(Field::Sex),
                column: self.header.find(Field::Sex).map(|c| c.letter.clone()),
                ..fault
            });
        }
        let mut fields = LearnerFields {
            ordinal: self.read(row, Field::Ordinal, faults, Source::ordinal),
            birth_date,
            sex,
            ethnicity: self.read(row, Field::Ethnicity, faults, Source::ethnicity),
            personal_id,
            ministry_code: self.read(row, Field::MinistryCode, faults, Source::ministry_code),
            local_code: self.read(row, Field::LocalCode, faults, Source::code),
            status: self.read(row, Field::Status, faults, Source::status),
            status_date: self.read(row, Field::StatusDate, faults, Source::date),
            phone: self.read(row, Field::Phone, faults, Source::phone),
            learner_phone: self.read(row, Field::LearnerPhone, faults, Source::phone),
            email: self.read(row, Field::Email, faults, Source::email),
            birthplace: self.read(row, Field::Birthplace, faults, text),
            address: self.read(row, Field::Address, faults, text),
            permanent_address: self.read(row, Field::PermanentAddress, faults, text),
            hometown: self.read(row, Field::Hometown, faults, text),
            father: self.relative(row, Field::FatherName, Field::FatherPhone, faults),
            mother: self.relative(row, Field::MotherName, Field::MotherPhone, faults),
            guardian: self.relative(row, Field::GuardianName, Field::GuardianPhone, faults),
            class_name: self.read(row, Field::ClassName, faults, Source::class_name).or_else(|| self.class.clone()),
            grade: self.read(row, Field::Grade, faults, Source::grade),
            enrolled_on: self.read(row, Field::EnrolledOn, faults, Source::date),
            name,
        };
        self.check_grade(row, &mut fields, faults);
        self.check_missing(row, &fields, faults);
        fields
    }

    fn relative(&self, row: &Row, name: Field, phone: Field, faults: &mut Vec<Fault>) -> Relative {
        Relative { name: self.read(row, name, faults, Source::name), phone: self.read(row, phone, faults, Source::phone) }
    }

    /// Grade from the class's name where no column gives it; both must agree, and fit the age.
    fn check_grade(&self, row: &Row, fields: &mut LearnerFields, faults: &mut Vec<Fault>) {
        let of_class = fields.class_name.as_deref().and_then(grade_of_class);
        match (fields.grade, of_class, self.header.find(Field::Grade)) {
            (Some(grade), Some(other), Some(column)) if grade != other => {
                let class = fields.class_name.clone().unwrap_or_default();
                faults.push(Fault::cell(
                    FaultCode::GradeDiffers,
                    Field::Grade,
                    &column.letter,
                    row.number,
                    &[("value", &grade), ("class", &class)],
                ));
            }
            (None, Some(grade), _) => fields.grade = Some(grade),
            _ => {}
        }
        if let (Some(grade), Some(born), Some(column)) = (fields.grade, fields.birth_date, self.header.find(Field::BirthDate)) {
            // Six years old by calendar year in grade 1 (Điều lệ trường tiểu học); up to three more are common.
            let age = school_year_start(self.options.today) - born.year();
            let usual = i32::from(grade) + 5;
            if !(usual - 1..=usual + 3).contains(&age) {
                faults.push(Fault::cell(
                    FaultCode::AgeUnusual,
                    Field::BirthDate,
                    &column.letter,
                    row.number,
                    &[("year", &born.year()), ("grade", &grade)],
                ));
            }
        }
    }

    /// Faults for what is not there. A cell that was there and was wrong has its own.
    fn check_missing(&self, row: &Row, fields: &LearnerFields, faults: &mut Vec<Fault>) {
        let mut missing = |code, field: Field, column: Option<&Column>| {
            let mut fault = Fault::new(code, &[]);
            fault.field = Some(field);
            fault.column = column.map(|c| c.letter.clone());
            faults.push(fault);
        };
        let names = [Field::FullName, Field::FamilyMiddle, Field::Family, Field::Middle, Field::Given];
        if fields.name == Name::default() && !self.has(row, &names) {
            let column = names.iter().find_map(|field| self.header.find(*field));
            missing(FaultCode::MissingName, Field::FullName, column);
        }
        for (code, field, there) in [
            (FaultCode::MissingBirthDate, Field::BirthDate, fields.birth_date.is_some()),
            (FaultCode::MissingPersonalId, Field::PersonalId, fields.personal_id.is_some()),
        ] {
            if let Some(column) = self.header.find(field)
                && !there
                && !self.has(row, &[field])
            {
                missing(code, field, Some(column));
            }
        }
    }
}

/// Pupils that stand in the file twice. The later row has the fault.
fn mark_duplicates(header: &Header, rows: &mut [ParsedRow]) {
    let letter = |field| header.find(field).map(|column| column.letter.clone()).unwrap_or_default();
    let (id_letter, code_letter) = (letter(Field::PersonalId), letter(Field::MinistryCode));
    let mut ids: HashMap<String, u32> = HashMap::new();
    let mut codes: HashMap<String, u32> = HashMap::new();
    // By folded name, birth date and class: the first row, and whether it has a personal ID.
    let mut people: HashMap<_, (u32, bool)> = HashMap::new();
    for row in rows {
        let fields = &row.fields;
        let mut told = false;
        let mut seen = |map: &mut HashMap<String, u32>, key: &Option<String>, code, field, letter: &str| {
            let Some(key) = key else { return };
            if let Some(first) = map.get(key) {
                row.faults.push(Fault::cell(code, field, letter, row.row_number, &[("row", first)]));
                told = true;
            } else {
                map.insert(key.clone(), row.row_number);
            }
        };
        seen(&mut ids, &fields.personal_id, FaultCode::DuplicatePersonalId, Field::PersonalId, &id_letter);
        seen(&mut codes, &fields.ministry_code, FaultCode::DuplicateMinistryCode, Field::MinistryCode, &code_letter);
        if fields.birth_date.is_none() || fields.name == Name::default() {
            continue;
        }
        let key = (fold(&fields.name.full()), fields.birth_date, fields.class_name.as_deref().map(fold));
        match people.get(&key) {
            Some((first, with_id)) if !told => {
                let differ = *with_id && fields.personal_id.is_some();
                let code = if differ { FaultCode::PossibleDuplicate } else { FaultCode::DuplicatePupil };
                row.faults.push(Fault::new(code, &[("row", first)]));
            }
            Some(_) => {}
            None => {
                people.insert(key, (row.row_number, fields.personal_id.is_some()));
            }
        }
    }
}
