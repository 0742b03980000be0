//! Lists of a class as people keep them: .xlsx, .xls, .ods, .csv in old encodings.
#![no_main]

use chrono::NaiveDate;
use libfuzzer_sys::fuzz_target;
use records::imports::parse::{Options, parse};

fuzz_target!(|bytes: &[u8]| {
    let today = NaiveDate::from_ymd_opt(2026, 9, 5).expect("a day");
    if let Ok(file) = parse(bytes, &Options::new(today)) {
        for row in &file.rows {
            assert!(row.fields.birth_date.is_none_or(|date| date <= today));
            assert!(row.fields.personal_id.as_ref().is_none_or(|id| id.len() == 12 && id.bytes().all(|b| b.is_ascii_digit())));
        }
    }
});
