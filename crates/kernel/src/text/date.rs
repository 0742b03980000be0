//! Dates as people write them: day first.

use chrono::{Datelike, Days, NaiveDate};

/// Why a text is no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateFault {
    /// Not three numbers with separators.
    Format,
    /// Three numbers, but no such day.
    NoSuchDay,
    /// No such day, but it would be one with the month first (04/16/2015).
    MonthFirst,
    /// Only a year, or a month and a year.
    Incomplete,
}

/// Reads `dd/MM/yyyy`, also with `-`, `.`, or spaces between, with one-digit days and months, a time after it,
/// `yyyy-MM-dd`, and two-digit years: these are of the present century where that is not after `latest`, else of the last.
pub fn parse_date(text: &str, latest: NaiveDate) -> Result<NaiveDate, DateFault> {
    let text = text.trim().trim_start_matches('\'');
    // "2015-04-06 00:00:00" and "2015-04-06T00:00:00"
    let text = match text.find(':') {
        Some(colon) => text[..colon].rsplit_once([' ', 'T']).map_or(text, |(date, _)| date),
        None => text,
    };
    let mut parts = [0u32; 3];
    let mut widths = [0usize; 3];
    let mut count = 0;
    for part in text.split(|c: char| c.is_whitespace() || matches!(c, '/' | '-' | '.' | ',')).filter(|p| !p.is_empty()) {
        if count == 3 || part.len() > 4 || !part.bytes().all(|b| b.is_ascii_digit()) {
            return Err(DateFault::Format);
        }
        parts[count] = part.parse().map_err(|_| DateFault::Format)?;
        widths[count] = part.len();
        count += 1;
    }
    match count {
        3 => {}
        1 if widths[0] == 4 && (1900..2100).contains(&parts[0]) => {
            return Err(DateFault::Incomplete);
        }
        2 if widths[1] == 4 && (1..=12).contains(&parts[0]) => return Err(DateFault::Incomplete),
        _ => return Err(DateFault::Format),
    }
    let (day, month, year, year_width) =
        if widths[0] == 4 { (parts[2], parts[1], parts[0], 4) } else { (parts[0], parts[1], parts[2], widths[2]) };
    let year = match year_width {
        4 => i32::try_from(year).map_err(|_| DateFault::Format)?,
        2 => {
            let century = latest.year().div_euclid(100) * 100;
            let year = i32::try_from(year).map_err(|_| DateFault::Format)?;
            if century + year > latest.year() { century - 100 + year } else { century + year }
        }
        _ => return Err(DateFault::Format),
    };
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(date) => Ok(date),
        None if NaiveDate::from_ymd_opt(year, day, month).is_some() => Err(DateFault::MonthFirst),
        None => Err(DateFault::NoSuchDay),
    }
}

/// The day of an Excel serial number (1 = 1 January 1900, with Excel's false 29 February 1900; or counted from
/// 1904 in workbooks made so). None outside 1900-9999.
pub fn from_excel_serial(serial: f64, epoch_1904: bool) -> Option<NaiveDate> {
    if !(1.0..2_958_466.0).contains(&serial) {
        return None;
    }
    // Whole days; the fraction is the time of day. In range, so that the cast is exact.
    let days = serial.trunc() as u64;
    let (epoch, days) = match (epoch_1904, days) {
        (true, _) => (NaiveDate::from_ymd_opt(1904, 1, 1)?, days),
        (false, 60) => return None,
        (false, ..60) => (NaiveDate::from_ymd_opt(1899, 12, 31)?, days),
        (false, _) => (NaiveDate::from_ymd_opt(1899, 12, 30)?, days),
    };
    epoch.checked_add_days(Days::new(days)).filter(|date| date.year() <= 9999)
}

/// The year in which the school year of this day began: from August on, its own year.
pub fn school_year_start(day: NaiveDate) -> i32 {
    if day.month() >= 8 { day.year() } else { day.year() - 1 }
}

/// A day as people write it: 05/09/2026.
pub fn dmy(day: NaiveDate) -> String {
    day.format("%d/%m/%Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).expect("a day")
    }
    fn read(text: &str) -> Result<NaiveDate, DateFault> {
        parse_date(text, day(2026, 11, 21))
    }

    #[test]
    fn day_comes_first() {
        for text in [
            "06/04/2015",
            "6/4/2015",
            "06-04-2015",
            "06.04.2015",
            " 6 / 4 / 2015 ",
            "6/4/15",
            "2015-04-06",
            "2015-04-06 00:00:00",
            "2015-04-06T00:00:00",
            "06/04/2015 0:00",
            "'06/04/2015",
        ] {
            assert_eq!(read(text), Ok(day(2015, 4, 6)), "{text}");
        }
        assert_eq!(read("1/2/84"), Ok(day(1984, 2, 1)));
        assert_eq!(read("1/2/26"), Ok(day(2026, 2, 1)));
        assert_eq!(read("1/2/27"), Ok(day(1927, 2, 1)));
    }

    #[test]
    fn faults_are_told_apart() {
        assert_eq!(read("31/02/2015"), Err(DateFault::NoSuchDay));
        assert_eq!(read("04/16/2015"), Err(DateFault::MonthFirst));
        assert_eq!(read("2015"), Err(DateFault::Incomplete));
        assert_eq!(read("4/2015"), Err(DateFault::Incomplete));
        for text in ["", "abc", "6/4", "6/4/2015/1", "6/4/215", "06042015", "6/4/20155", "٦/٤/٢٠١٥", ":", "é:é"] {
            assert_eq!(read(text), Err(DateFault::Format), "{text}");
        }
    }

    #[test]
    fn excel_serials() {
        assert_eq!(from_excel_serial(42100.0, false), Some(day(2015, 4, 6)));
        assert_eq!(from_excel_serial(42100.75, false), Some(day(2015, 4, 6)));
        assert_eq!(from_excel_serial(40638.0, true), Some(day(2015, 4, 6)));
        assert_eq!(from_excel_serial(1.0, false), Some(day(1900, 1, 1)));
        assert_eq!(from_excel_serial(61.0, false), Some(day(1900, 3, 1)));
        for bad in [0.0, -3.0, 60.0, f64::NAN, f64::INFINITY, 1e12] {
            assert_eq!(from_excel_serial(bad, false), None);
        }
    }

    #[test]
    fn school_years_begin_in_august() {
        assert_eq!(school_year_start(day(2026, 8, 1)), 2026);
        assert_eq!(school_year_start(day(2026, 7, 31)), 2025);
    }
}
