//! Cells of a row as values, each fault with its words in both languages.

use super::Line;
use chrono::{Datelike, NaiveDate};
use dto::imports::{FieldChange, ImportFault, Severity};
use dto::learners::Sex;
use kernel::clock;
use kernel::text::{Name, clean, fold, parse_date, parse_phone, split_name};
use std::collections::BTreeMap;

/// What is another than before, of fields told twice in one order.
pub(super) fn changed<const N: usize>(
    before: [(&str, Option<String>); N],
    after: [(&str, Option<String>); N],
) -> Vec<FieldChange> {
    let pairs = before.into_iter().zip(after);
    pairs
        .filter(|((_, before), (_, after))| before != after)
        .map(|((field, before), (_, after))| FieldChange { field: field.to_owned(), before, after })
        .collect()
}

/// An error of a cell, or of the row where `field` is none.
pub fn error_fault(code: &str, field: Option<&str>, vi: String, en: String) -> ImportFault {
    ImportFault {
        severity: Severity::Error,
        code: code.to_owned(),
        column: None,
        field: field.map(str::to_owned),
        params: BTreeMap::new(),
        vi,
        en,
    }
}

/// Something to look at; nothing is refused for it.
pub fn warning_fault(code: &str, field: Option<&str>, vi: String, en: String) -> ImportFault {
    ImportFault { severity: Severity::Warning, ..error_fault(code, field, vi, en) }
}

/// The cells of one row and what is wrong with them.
pub struct Cells<'l> {
    pub line: &'l Line,
    pub faults: Vec<ImportFault>,
}

impl<'l> Cells<'l> {
    pub fn new(line: &'l Line) -> Cells<'l> {
        Cells { line, faults: Vec::new() }
    }

    pub fn failed(&self) -> bool {
        self.faults.iter().any(|fault| fault.severity == Severity::Error)
    }

    pub fn fault(&mut self, code: &str, field: &str, vi: impl Into<String>, en: impl Into<String>) {
        self.faults.push(error_fault(code, Some(field), vi.into(), en.into()));
    }

    pub fn missing(&mut self, field: &str) {
        self.fault("missing", field, "Ô này cần có giá trị.", "This cell needs a value.");
    }

    /// A cell's text of at most `max` characters; a formula is a fault.
    pub fn text(&mut self, field: &str, max: usize) -> Option<String> {
        let text = self.line.text(field)?;
        if text.starts_with('=') {
            let (vi, en) = ("Ô này là công thức. Hãy dán lại thành giá trị.", "This cell is a formula. Paste it as a value.");
            self.fault("formula", field, vi, en);
            return None;
        }
        let text = clean(&text);
        if text.chars().count() > max {
            self.fault("too-long", field, format!("Dài quá {max} ký tự."), format!("Longer than {max} characters."));
            return None;
        }
        Some(text).filter(|text| !text.is_empty())
    }

    /// A person's name.
    pub fn name(&mut self, field: &str) -> Option<Name> {
        let text = self.text(field, 150)?;
        if !text.chars().any(char::is_alphabetic) || text.chars().any(|c| c.is_ascii_digit()) {
            self.fault("name", field, format!("“{text}” không giống họ tên."), format!("“{text}” does not look like a name."));
            return None;
        }
        let name = split_name(&text);
        if name.family.chars().count() > 50 || name.middle.chars().count() > 80 || name.given.chars().count() > 50 {
            self.fault("name-too-long", field, "Họ, tên đệm hoặc tên quá dài.", "A part of the name is too long.");
            return None;
        }
        Some(name)
    }

    /// A day as day/month/year.
    pub fn day(&mut self, field: &str) -> Option<NaiveDate> {
        let text = self.text(field, 40)?;
        match parse_date(&text, clock::today()) {
            Ok(day) if (1900..=2200).contains(&day.year()) => Some(day),
            _ => {
                self.fault(
                    "date",
                    field,
                    format!("“{text}” không phải ngày dạng ngày/tháng/năm."),
                    format!("“{text}” is not a day as day/month/year."),
                );
                None
            }
        }
    }

    /// A birth date of an adult or a child: not of the future.
    pub fn birth_date(&mut self, field: &str) -> Option<NaiveDate> {
        let day = self.day(field)?;
        if day > clock::today() {
            self.fault("date-in-future", field, "Ngày sinh ở tương lai.", "The birth date lies in the future.");
            return None;
        }
        Some(day)
    }

    pub fn sex(&mut self, field: &str) -> Option<Sex> {
        let text = self.text(field, 40)?;
        match fold(&text).as_str() {
            "nam" | "male" | "m" => Some(Sex::Male),
            "nu" | "female" | "f" => Some(Sex::Female),
            _ => {
                let (vi, en) = (format!("“{text}” không phải Nam hay Nữ."), format!("“{text}” is neither Nam nor Nữ."));
                self.fault("sex", field, vi, en);
                None
            }
        }
    }

    /// A phone number as records keep it. What a spreadsheet kept as a number has lost its zero.
    pub fn phone(&mut self, field: &str) -> Option<String> {
        let text = self.text(field, 40)?;
        let padded = if text.len() == 9 && !text.starts_with('0') { format!("0{text}") } else { text.clone() };
        match parse_phone(&padded) {
            Ok(phone) => Some(phone.number),
            Err(_) => {
                let (vi, en) = (format!("“{text}” không phải số điện thoại."), format!("“{text}” is no phone number."));
                self.fault("phone", field, vi, en);
                None
            }
        }
    }

    /// One of a few values, by its words or its code, without regard to marks and case.
    pub fn choice<T: Copy>(&mut self, field: &str, values: &[(T, &[&str])]) -> Option<T> {
        let text = self.text(field, 100)?;
        let folded = fold(&text);
        let found = values.iter().find(|(_, words)| words.iter().any(|word| fold(word) == folded)).map(|(value, _)| *value);
        if found.is_none() {
            let known: Vec<&str> = values.iter().filter_map(|(_, words)| words.first().copied()).collect();
            let known = known.join(", ");
            self.fault(
                "choice",
                field,
                format!("“{text}” không có trong các giá trị được chọn: {known}."),
                format!("“{text}” is none of: {known}."),
            );
        }
        found
    }

    /// A whole number of at most `max`.
    pub fn number(&mut self, field: &str, max: u32) -> Option<u32> {
        let text = self.text(field, 20)?;
        match text.parse::<u32>() {
            Ok(number) if number <= max => Some(number),
            _ => {
                let (vi, en) =
                    (format!("“{text}” không phải số từ 0 đến {max}."), format!("“{text}” is no number from 0 to {max}."));
                self.fault("number", field, vi, en);
                None
            }
        }
    }
}
