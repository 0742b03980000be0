//! Checks of what came in that both engines need: text without control characters and of a length that fits its column
//! (composition can lengthen it), days that both engines can hold.

use chrono::{Datelike, NaiveDate};
use dto::Code;
use kernel::text::clean;
use kernel::{Error, Result};
use std::collections::BTreeMap;

/// Years of days that mean something at a school. Farther ones are slips of the keyboard, and farther still the engines
/// differ in what they can hold.
const YEARS: (i32, i32) = (1900, 2200);

fn bounds(min: impl ToString, max: impl ToString) -> BTreeMap<String, String> {
    BTreeMap::from([("min".to_owned(), min.to_string()), ("max".to_owned(), max.to_string())])
}

/// Text as it is stored: NFC, single spaces, no control characters.
///
/// Errors: `invalid` with `field_length` at `pointer` where it has fewer than `min` or more than `max` characters.
pub(crate) fn text(pointer: &str, value: &str, min: usize, max: usize) -> Result<String> {
    let value = clean(value);
    let length = value.chars().count();
    if (min..=max).contains(&length) {
        Ok(value)
    } else {
        Err(Error::new(Code::Invalid).and_field_with(pointer, Code::FieldLength, bounds(min, max)))
    }
}

/// Text that may be left out; empty counts as left out.
pub(crate) fn text_opt(pointer: &str, value: Option<&str>, max: usize) -> Result<Option<String>> {
    let value = text(pointer, value.unwrap_or_default(), 0, max)?;
    Ok(Some(value).filter(|v| !v.is_empty()))
}

/// Text of several lines as it is stored: each line NFC and clean, no more than two empty ones together, nothing at the ends.
pub(crate) fn clean_lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.lines() {
        let line = clean(line);
        if line.is_empty() {
            empty += 1;
            continue;
        }
        if !out.is_empty() {
            out.push_str(if empty == 0 { "\n" } else { "\n\n" });
        }
        empty = 0;
        out.push_str(&line);
    }
    out
}

/// Text of several lines that may be left out; empty counts as left out.
///
/// Errors: as [`text`].
pub(crate) fn lines_opt(pointer: &str, value: Option<&str>, max: usize) -> Result<Option<String>> {
    let value = clean_lines(value.unwrap_or_default());
    if value.chars().count() > max {
        return Err(Error::new(Code::Invalid).and_field_with(pointer, Code::FieldLength, bounds(0, max)));
    }
    Ok(Some(value).filter(|v| !v.is_empty()))
}

/// A day that both engines can hold.
///
/// Errors: `invalid` with `field_range` at `pointer`.
pub(crate) fn day(pointer: &str, value: NaiveDate) -> Result<NaiveDate> {
    if (YEARS.0..=YEARS.1).contains(&value.year()) {
        Ok(value)
    } else {
        Err(Error::new(Code::Invalid).and_field_with(
            pointer,
            Code::FieldRange,
            bounds(format!("01/01/{}", YEARS.0), format!("31/12/{}", YEARS.1)),
        ))
    }
}

/// A birth date: a day of the past, or today.
pub(crate) fn birth_date(pointer: &str, value: NaiveDate) -> Result<NaiveDate> {
    let today = kernel::clock::today();
    if value.year() >= YEARS.0 && value <= today {
        Ok(value)
    } else {
        Err(Error::new(Code::Invalid).and_field_with(
            pointer,
            Code::FieldRange,
            bounds(format!("01/01/{}", YEARS.0), today.format("%d/%m/%Y")),
        ))
    }
}

/// A phone number as it is stored, or none.
pub(crate) fn phone(pointer: &str, value: Option<&str>) -> Result<Option<String>> {
    match value.map(str::trim).filter(|v| !v.is_empty()) {
        None => Ok(None),
        Some(text) => {
            kernel::text::parse_phone(text).map(|phone| Some(phone.number)).map_err(|_| Error::field(pointer, Code::PhoneFormat))
        }
    }
}

/// A personal ID of twelve digits, or none.
pub(crate) fn personal_id(pointer: &str, value: Option<&str>) -> Result<Option<String>> {
    match value {
        None => Ok(None),
        Some(id) if id.len() == 12 && id.bytes().all(|b| b.is_ascii_digit()) => Ok(Some(id.to_owned())),
        Some(_) => Err(Error::field(pointer, Code::PersonalIdFormat)),
    }
}

#[cfg(test)]
mod tests {
    use super::clean_lines;

    #[test]
    fn lines_stay_lines() {
        assert_eq!(clean_lines("# I.  Mục tiêu \r\n\r\n\r\n- Kiến thức\u{200b}\n\n"), "# I. Mục tiêu\n\n- Kiến thức");
    }
}
