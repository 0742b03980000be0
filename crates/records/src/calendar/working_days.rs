//! Working days: Monday to Friday but for public holidays.
//!
//! The holidays are data (`holidays.csv`), since the days of Tết, the second day of the National Day and what is moved for a bridge are
//! set anew each year. A day that the file lacks counts as a working day, so a clock ends too early rather than too late.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use std::collections::BTreeSet;
use std::sync::LazyLock;

static HOLIDAYS: LazyLock<BTreeSet<NaiveDate>> =
    LazyLock::new(|| include_str!("holidays.csv").lines().skip(1).filter_map(day).collect());

fn day(line: &str) -> Option<NaiveDate> {
    line.split(',').next()?.parse().ok()
}

/// Whether offices work on a day.
pub fn is_working_day(day: NaiveDate) -> bool {
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && !HOLIDAYS.contains(&day)
}

/// The day that is so many working days after another; the first of them is the day after.
pub fn working_day_after(day: NaiveDate, working_days: u32) -> NaiveDate {
    let mut at = day;
    let mut left = working_days;
    while left > 0 {
        at = at + Days::new(1);
        left -= u32::from(is_working_day(at));
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn every_line_of_the_file_is_a_day_that_would_else_be_worked() {
        let lines = include_str!("holidays.csv").lines().skip(1);
        for line in lines {
            let day = day(line).unwrap_or_else(|| panic!("{line:?} has no day"));
            assert!(!matches!(day.weekday(), Weekday::Sat | Weekday::Sun), "{day} is no working day anyway");
            assert_eq!(line.split(',').count(), 3, "{line:?}");
        }
    }

    #[test]
    fn weekends_and_holidays_are_stepped_over() {
        // Monday to the Monday two weeks on.
        assert_eq!(working_day_after(date("2026-11-23"), 10), date("2026-12-07"));
        // A request of a Saturday begins on Monday.
        assert_eq!(working_day_after(date("2026-11-21"), 1), date("2026-11-23"));
        // Over 30 April and 1 May, and over Tết.
        assert_eq!(working_day_after(date("2026-04-29"), 1), date("2026-05-04"));
        assert_eq!(working_day_after(date("2026-02-13"), 2), date("2026-02-24"));
    }
}
