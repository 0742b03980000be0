//! Workbooks of others: official templates that are filled, mark sheets that come back, imports whose bad cells are marked.
#![no_main]

use chrono::NaiveDate;
use libfuzzer_sys::fuzz_target;
use records::imports::parse::book::{self, Fill};
use records::imports::parse::{Options, mark::mark, table};
use std::collections::BTreeMap;

fuzz_target!(|bytes: &[u8]| {
    let options = Options::new(NaiveDate::from_ymd_opt(2026, 9, 5).expect("a day"));
    let _list = book::read(bytes, &options);
    let _rows = table::text_rows(bytes, &options);
    let Ok(sheets) = book::sheets(bytes, &options) else { return };
    for sheet in sheets.iter().take(3) {
        let first = sheet.grid.rows.first().map_or(1, |row| row.number);
        let fills: BTreeMap<_, _> = [
            ((first, 0), Fill::Number("8.5".to_owned())),
            ((first.saturating_add(1), 3), Fill::Text("<Tốt> & \"khá\"".to_owned())),
        ]
        .into();
        if let Ok(filled) = book::fill(bytes, &sheet.part, &fills) {
            assert!(book::sheets(&filled, &options).is_ok(), "what we fill, we read");
        }
        let marks: BTreeMap<_, _> = [((first, 1), "Sai ngày sinh".to_owned())].into();
        if let Ok(marked) = mark(bytes, &sheet.part, &marks) {
            assert!(book::sheets(&marked, &options).is_ok(), "what we mark, we read");
        }
    }
});
