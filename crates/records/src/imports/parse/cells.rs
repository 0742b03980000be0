//! From a cell to a typed value, with what is wrong or was repaired.

use super::ethnicity;
use super::faults::{Fault, FaultCode};
use super::grid::{Cell, Value, number_text};
use super::headers::Column;
use super::legacy::{Encoding, restore_capitals, to_unicode};
use super::types::{Field, PupilStatus};
use chrono::{Datelike, NaiveDate};
use dto::learners::Sex;
use kernel::text::{
    DateFault, Name, PersonalId, PersonalIdFault, PersonalIdWarning, clean, fold, from_excel_serial, parse_date, parse_phone,
    split_name,
};
use std::fmt::Display;

/// Longest text taken from a cell, in characters: what a record holds of it.
fn max_text(field: Field) -> usize {
    match field {
        Field::Ethnicity => 40,
        Field::Birthplace => 200,
        _ => 300,
    }
}

/// One cell under a column's header, and where its faults go.
pub struct Source<'a> {
    pub column: &'a Column,
    pub row: u32,
    pub cell: &'a Cell,
    pub encoding: Encoding,
    pub epoch_1904: bool,
    pub today: NaiveDate,
    pub faults: &'a mut Vec<Fault>,
}

impl Source<'_> {
    pub fn fault(&mut self, code: FaultCode, params: &[(&'static str, &dyn Display)]) {
        self.faults.push(Fault::cell(code, self.column.field, &self.column.letter, self.row, params));
    }

    fn fault_value(&mut self, code: FaultCode, value: &str) {
        self.fault(code, &[("value", &value)]);
    }

    /// Whether there is a value to read; a formula or an Excel error is a fault.
    fn usable(&mut self) -> bool {
        if self.cell.formula {
            let ordinal = self.column.field == Field::Ordinal;
            self.fault(if ordinal { FaultCode::OrdinalFormula } else { FaultCode::Formula }, &[]);
            return false;
        }
        match &self.cell.value {
            Value::Error(error) => {
                let error = error.to_string();
                self.fault_value(FaultCode::CellError, &error);
                false
            }
            Value::Text(text) if text.chars().nth(max_text(self.column.field)).is_some() => {
                let max = max_text(self.column.field);
                self.fault(FaultCode::TooLong, &[("max", &max)]);
                false
            }
            _ => true,
        }
    }

    /// The cell as clean text; None where blank or unusable.
    pub fn text(&mut self) -> Option<String> {
        if !self.usable() {
            return None;
        }
        let text = match &self.cell.value {
            Value::Text(text) => clean(&to_unicode(text, self.cell.font, self.encoding).0),
            Value::Number(n) | Value::Date(n) => number_text(*n),
            Value::Bool(true) => "x".to_owned(),
            Value::Bool(false) | Value::Error(_) => String::new(),
        };
        // Composition and legacy encodings can lengthen a text.
        let max = max_text(self.column.field);
        if text.chars().nth(max).is_some() {
            self.fault(FaultCode::TooLong, &[("max", &max)]);
            return None;
        }
        (!text.is_empty()).then_some(text)
    }

    /// A number of many digits as text, and whether Excel or a program kept it as a number, which drops leading zeros.
    fn digits(&mut self) -> Option<(String, bool)> {
        let typed_as_number = matches!(self.cell.value, Value::Number(_) | Value::Date(_));
        let text = self.text()?;
        // Programs write numbers into CSV as "26315498873.0".
        match text.strip_suffix(".0") {
            Some(whole) if whole.bytes().all(|b| b.is_ascii_digit()) => Some((whole.to_owned(), true)),
            _ => Some((text, typed_as_number)),
        }
    }

    /// A person's name as written, with the capitals that TCVN3 loses.
    pub fn person_text(&mut self) -> Option<String> {
        let text = self.text()?;
        if self.encoding == Encoding::Tcvn3
            && let Some(fixed) = restore_capitals(&text)
        {
            self.fault_value(FaultCode::NameCapital, &fixed);
            return Some(fixed);
        }
        Some(text)
    }

    /// Checks that text can be a name; faults and None where it cannot.
    pub fn check_name(&mut self, text: &str) -> bool {
        if !text.chars().any(char::is_alphabetic) || text.chars().any(|c| c.is_ascii_digit()) || text.chars().count() > 100 {
            self.fault_value(FaultCode::NameInvalid, text);
            return false;
        }
        let odd: String =
            text.chars().filter(|c| !c.is_alphabetic() && !matches!(c, ' ' | '\'' | '’' | '‘' | 'ʼ' | '-' | '.')).collect();
        if !odd.is_empty() {
            self.fault_value(FaultCode::NameLetters, &odd);
        }
        true
    }

    pub fn name(&mut self) -> Option<Name> {
        let text = self.person_text()?;
        if !self.check_name(&text) {
            return None;
        }
        let name = split_name(&text);
        self.check_parts(&name).then_some(name)
    }

    /// Whether each part fits a record.
    pub fn check_parts(&mut self, name: &Name) -> bool {
        let fits = |part: &str, max: usize| part.chars().count() <= max;
        let good = fits(&name.family, 50) && fits(&name.middle, 80) && fits(&name.given, 50);
        if !good {
            self.fault(FaultCode::NameTooLong, &[]);
        }
        good
    }

    /// A day of this or the last century.
    pub fn date(&mut self) -> Option<NaiveDate> {
        let date = self.any_date()?;
        if !(1900..=2200).contains(&date.year()) {
            self.fault_value(FaultCode::DateFormat, &date.format("%d/%m/%Y").to_string());
            return None;
        }
        Some(date)
    }

    fn any_date(&mut self) -> Option<NaiveDate> {
        if !self.usable() {
            return None;
        }
        let serial = match self.cell.value {
            Value::Date(n) => Some(n),
            Value::Number(n) if (1900.0..2100.0).contains(&n) => {
                self.fault_value(FaultCode::DateIncomplete, &number_text(n));
                return None;
            }
            // Plain numbers of 1954 to 2064: a date column that lost its format.
            Value::Number(n) if (20_000.0..60_000.0).contains(&n) => Some(n),
            _ => None,
        };
        if let Some(serial) = serial {
            let date = from_excel_serial(serial, self.epoch_1904);
            if date.is_none() {
                self.fault_value(FaultCode::DateFormat, &number_text(serial));
            }
            return date;
        }
        let mut text = self.text()?;
        if fold(&text).contains("thang") {
            // "Ngày 6 tháng 4 năm 2015"
            let parts: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
            text = parts.join("/");
        }
        match parse_date(&text, self.today) {
            Ok(date) => {
                let year_digits = text.split([' ', 'T']).next().unwrap_or("").rsplit(['/', '-', '.']).next().map_or(0, str::len);
                if year_digits == 2 && !text.contains(&date.year().to_string()) {
                    self.fault(FaultCode::DateTwoDigitYear, &[("value", &date.format("%d/%m/%Y"))]);
                }
                Some(date)
            }
            Err(fault) => {
                let code = match fault {
                    DateFault::Format => FaultCode::DateFormat,
                    DateFault::NoSuchDay => FaultCode::DateNoSuchDay,
                    DateFault::MonthFirst => FaultCode::DateMonthFirst,
                    DateFault::Incomplete => FaultCode::DateIncomplete,
                };
                self.fault_value(code, &text);
                None
            }
        }
    }

    pub fn birth_date(&mut self) -> Option<NaiveDate> {
        let date = self.date()?;
        let shown = date.format("%d/%m/%Y").to_string();
        if date > self.today {
            self.fault_value(FaultCode::DateInFuture, &shown);
            return None;
        }
        if self.today.year() - date.year() > 90 {
            self.fault_value(FaultCode::AgeImplausible, &shown);
            return None;
        }
        Some(date)
    }

    pub fn sex(&mut self) -> Option<Sex> {
        let text = self.text()?;
        match fold(&text).trim_end_matches('.') {
            "nam" | "m" | "male" | "trai" | "be trai" | "con trai" | "b" | "boy" => Some(Sex::Male),
            "nu" | "f" | "female" | "gai" | "be gai" | "con gai" | "girl" => Some(Sex::Female),
            _ => {
                self.fault_value(FaultCode::SexUnknown, &text);
                None
            }
        }
    }

    /// Whether a "Nữ" or "Nam" column is marked.
    pub fn mark(&mut self) -> bool {
        self.text().is_some_and(|text| !matches!(fold(&text).as_str(), "0" | "-" | "khong" | "false" | "nam" | "n"))
    }

    pub fn ethnicity(&mut self) -> Option<String> {
        let text = self.text()?;
        match ethnicity::official_name(&text) {
            Some(name) => Some(name.to_owned()),
            None => {
                self.fault_value(FaultCode::EthnicityUnknown, &text);
                Some(text)
            }
        }
    }

    /// The personal ID. Zeros that Excel dropped come back only where the number then fits the pupil.
    pub fn personal_id(&mut self, birth_date: Option<NaiveDate>, sex: Option<Sex>) -> Option<String> {
        let (text, typed_as_number) = self.digits()?;
        let fits =
            |id: &PersonalId| (1..=96).contains(&id.province) && id.warnings(birth_date, sex).is_empty() && birth_date.is_some();
        match PersonalId::parse(&text) {
            Ok(id) => {
                self.personal_id_warnings(&id, birth_date, sex);
                Some(id.number)
            }
            Err(PersonalIdFault::NotDigits) => {
                let rounded = text.contains(['e', 'E']) && text.contains('+');
                let code = if rounded { FaultCode::PersonalIdRounded } else { FaultCode::PersonalIdDigits };
                self.fault_value(code, &text);
                None
            }
            Err(PersonalIdFault::Length(9)) => {
                self.fault(FaultCode::PersonalIdOldCard, &[]);
                None
            }
            Err(PersonalIdFault::Length(digits)) => {
                if matches!(digits, 10 | 11)
                    && let Ok(id) = PersonalId::parse(&format!("{text:0>12}"))
                    && (fits(&id) || (typed_as_number && birth_date.is_none() && (1..=96).contains(&id.province)))
                {
                    self.fault_value(FaultCode::PersonalIdZeros, &id.number);
                    self.personal_id_warnings(&id, birth_date, sex);
                    return Some(id.number);
                }
                self.fault(FaultCode::PersonalIdLength, &[("digits", &digits)]);
                None
            }
        }
    }

    fn personal_id_warnings(&mut self, id: &PersonalId, birth_date: Option<NaiveDate>, sex: Option<Sex>) {
        for warning in id.warnings(birth_date, sex) {
            match warning {
                PersonalIdWarning::SexDiffers(sex) => {
                    self.fault_value(FaultCode::PersonalIdSex, if sex == Sex::Male { "Nam" } else { "Nữ" });
                }
                PersonalIdWarning::YearDiffers(year) => self.fault(FaultCode::PersonalIdYear, &[("value", &year)]),
                PersonalIdWarning::ProvinceUnknown => self.fault(FaultCode::PersonalIdProvince, &[]),
            }
        }
    }

    /// A code of at most 20 letters, digits and - . / _.
    pub fn code(&mut self) -> Option<String> {
        let text: String = self.digits()?.0.chars().filter(|c| *c != ' ' && *c != '\'').collect();
        let good = text.chars().count() <= 20 && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '.' | '/' | '_'));
        if !good || text.is_empty() {
            self.fault_value(FaultCode::CodeInvalid, &text);
            return None;
        }
        Some(text)
    }

    /// The Ministry's code: ten digits as far as is known, or a temporary "TAM-…" until one is issued.
    pub fn ministry_code(&mut self) -> Option<String> {
        let (_, typed_as_number) = self.digits()?;
        let code = self.code()?;
        let digits = code.bytes().all(|b| b.is_ascii_digit());
        if digits && typed_as_number && matches!(code.len(), 8 | 9) {
            let full = format!("{code:0>10}");
            self.fault_value(FaultCode::MinistryCodeZeros, &full);
            return Some(full);
        }
        let usual = (digits && code.len() == 10) || code.starts_with("TAM-");
        if !usual {
            self.fault_value(FaultCode::MinistryCodeShape, &code);
        }
        Some(code)
    }

    pub fn status(&mut self) -> Option<PupilStatus> {
        let text = self.text()?;
        let status = match fold(&text).as_str() {
            "dang hoc" | "hoc sinh dang hoc" | "binh thuong" | "hien dien" => PupilStatus::Studying,
            "chuyen den" | "chuyen den ky 1" | "chuyen den ky 2" | "chuyen den ki 1" | "chuyen den ki 2" | "moi chuyen den" => {
                PupilStatus::TransferredIn
            }
            "chuyen di" | "chuyen truong" | "chuyen di ky 1" | "chuyen di ky 2" | "chuyen di ki 1" | "chuyen di ki 2" => {
                PupilStatus::TransferredOut
            }
            "thoi hoc" | "bo hoc" | "nghi hoc" | "da thoi hoc" | "thoi hoc ky 1" | "thoi hoc ky 2" => PupilStatus::DroppedOut,
            "nghi hoc xin hoc lai" | "xin hoc lai" => PupilStatus::Returned,
            "luu ban" | "hoc lai" | "o lai lop" => PupilStatus::Repeating,
            "bao luu" | "bao luu ket qua" | "tam nghi" | "nghi hoc co thoi han" => PupilStatus::Suspended,
            "tot nghiep" | "da tot nghiep" | "hoan thanh" | "hoan thanh chuong trinh" | "ra truong" => PupilStatus::Completed,
            "da mat" | "chet" | "tu vong" => PupilStatus::Deceased,
            _ => {
                self.fault_value(FaultCode::StatusUnknown, &text);
                PupilStatus::Studying
            }
        };
        Some(status)
    }

    /// A phone number; the first of several.
    pub fn phone(&mut self) -> Option<String> {
        let (text, typed_as_number) = self.digits()?;
        let read = |text: &str| {
            parse_phone(text).ok().or_else(|| {
                let digits = text.len() == 9 && text.bytes().all(|b| b.is_ascii_digit());
                (digits && typed_as_number).then(|| parse_phone(&format!("0{text}")).ok()).flatten()
            })
        };
        let phone = match read(&text) {
            Some(phone) => phone,
            None => {
                let parts = text.split(['/', ';', ',', '-', '–', '&', '|']).chain(text.split("hoặc"));
                let Some(phone) = parts.into_iter().find_map(|part| read(part.trim())) else {
                    self.fault_value(FaultCode::PhoneInvalid, &text);
                    return None;
                };
                self.fault_value(FaultCode::PhoneSeveral, &phone.number);
                phone
            }
        };
        if phone.renumbered {
            self.fault_value(FaultCode::PhoneRenumbered, &phone.number);
        }
        Some(phone.number)
    }

    pub fn email(&mut self) -> Option<String> {
        let text = self.text()?;
        let good = text.len() <= 254
            && !text.contains(' ')
            && text.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.') && !host.contains('@'));
        if !good {
            self.fault_value(FaultCode::EmailInvalid, &text);
        }
        good.then_some(text)
    }

    pub fn class_name(&mut self) -> Option<String> {
        if matches!(self.cell.value, Value::Date(_)) && self.usable() {
            self.fault(FaultCode::ClassNameDate, &[]);
            return None;
        }
        let text = self.text()?;
        let name = match text.split_once(' ') {
            Some((first, rest)) if fold(first).trim_end_matches(':') == "lop" => rest,
            _ => &text,
        };
        if name.chars().count() > 30 || !name.chars().any(char::is_alphanumeric) {
            self.fault_value(FaultCode::ClassNameInvalid, name);
            return None;
        }
        Some(name.to_owned())
    }

    pub fn grade(&mut self) -> Option<u8> {
        let text = self.text()?;
        let folded = fold(&text);
        let digits = folded.trim_start_matches("khoi").trim_start_matches("lop").trim();
        match digits.parse() {
            Ok(grade @ 1..=12) => Some(grade),
            _ => {
                self.fault_value(FaultCode::GradeUnknown, &text);
                None
            }
        }
    }

    pub fn ordinal(&mut self) -> Option<u32> {
        let text = self.text()?;
        match text.trim_end_matches(['.', ')']).parse() {
            Ok(ordinal @ 1..=100_000) => Some(ordinal),
            _ => {
                self.fault_value(FaultCode::OrdinalInvalid, &text);
                None
            }
        }
    }
}

/// The grade that a class name begins with: "6A1" → 6, "12.6" → 12, "10A1" → 10. None for "Lá 1" or "101".
pub fn grade_of_class(name: &str) -> Option<u8> {
    let digits = name.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 || digits > 2 || (digits == name.len() && digits == 2 && !matches!(name, "10" | "11" | "12")) {
        return None;
    }
    name[..digits].parse().ok().filter(|grade| (1..=12).contains(grade))
}

#[cfg(test)]
mod tests {
    use super::grade_of_class;

    #[test]
    fn grades_in_class_names() {
        for (name, grade) in [
            ("6A1", Some(6)),
            ("12.6", Some(12)),
            ("10A1", Some(10)),
            ("1A", Some(1)),
            ("Lá 1", None),
            ("101", None),
            ("61", None),
            ("", None),
        ] {
            assert_eq!(grade_of_class(name), grade, "{name}");
        }
    }
}
