//! Dates, times and names as people here write them.

use crate::i18n::lang;
use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, Timelike, Utc};
use leptos::prelude::*;

/// 09/01/2026.
pub fn date(date: NaiveDate) -> String {
    // By hand: the general formatter weighs ten times as much.
    format!("{:02}/{:02}/{}", date.day(), date.month(), date.year())
}

/// Asia/Ho_Chi_Minh: no summer time since 1975.
fn zone() -> FixedOffset {
    FixedOffset::east_opt(7 * 3600).unwrap_or_else(|| FixedOffset::east_opt(0).expect("zero is an offset"))
}

/// 14:32 09/01/2026.
pub fn instant(at: DateTime<Utc>) -> String {
    let at = at.with_timezone(&zone());
    format!("{:02}:{:02} {}", at.hour(), at.minute(), date(at.date_naive()))
}

/// 14:32:08.
#[allow(dead_code)]
pub fn clock(at: DateTime<Utc>) -> String {
    let at = at.with_timezone(&zone());
    format!("{:02}:{:02}:{:02}", at.hour(), at.minute(), at.second())
}

pub fn today() -> NaiveDate {
    Utc::now().with_timezone(&zone()).date_naive()
}

/// "thứ Sáu 16/01" or "Friday 16/01".
pub fn weekday(date: NaiveDate) -> String {
    const VI: [&str; 7] = ["thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"];
    const EN: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    let i = date.weekday().num_days_from_monday() as usize;
    format!("{} {:02}/{:02}", lang().pick(VI[i], EN[i]), date.day(), date.month())
}

/// 256.347 in Vietnamese, 256,347 in English.
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(if lang() == dto::Lang::Vi { '.' } else { ',' });
        }
        out.push(digit);
    }
    out
}

/// The initials of a person for the round mark beside the name: middle and given, "ÁN".
pub fn initials(full_name: &str) -> String {
    let words: Vec<&str> = full_name.split_whitespace().collect();
    let tail = if words.len() > 1 { &words[words.len() - 2..] } else { &words[..] };
    tail.iter().filter_map(|w| w.chars().next()).flat_map(char::to_uppercase).collect()
}

/// The full name with the given name set strong: people are called by it and sorted by it.
pub fn name(full: &str, given: &str) -> impl IntoView + use<> {
    let (before, given) = match full.strip_suffix(given) {
        Some(before) => (before.to_owned(), given.to_owned()),
        None => (full.to_owned(), String::new()),
    };
    view! { {before}<span class="given">{given}</span> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_as_people_do() {
        let day = NaiveDate::from_ymd_opt(2027, 1, 15).expect("a day");
        assert_eq!((date(day).as_str(), weekday(day).as_str()), ("15/01/2027", "thứ Sáu 15/01"));
        assert_eq!((count(7).as_str(), count(1234).as_str(), count(256_347).as_str()), ("7", "1.234", "256.347"));
        assert_eq!((initials("Nguyễn Thị ánh").as_str(), initials("Bách").as_str()), ("TÁ", "B"));
    }
}
