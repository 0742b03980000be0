//! Whole files through [`super::parse`].

mod dirty;
mod fuzz;
mod refused;
mod samples;

use super::{FaultCode, Options, ParsedFile, parse};
use chrono::NaiveDate;
use rust_xlsxwriter::{Workbook, Worksheet};

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a day")
}

fn options() -> Options {
    Options::new(day(2026, 11, 21))
}

/// A workbook of one sheet.
fn workbook(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    fill(workbook.add_worksheet());
    workbook.save_to_buffer().expect("a workbook")
}

/// A sheet of text cells from the top left.
fn sheet_of(lines: &[&[&str]]) -> Vec<u8> {
    workbook(|sheet| write(sheet, lines))
}

fn write(sheet: &mut Worksheet, lines: &[&[&str]]) {
    for (row, line) in (0u32..).zip(lines) {
        for (column, text) in (0u16..).zip(*line) {
            if !text.is_empty() {
                sheet.write_string(row, column, *text).expect("a cell");
            }
        }
    }
}

fn read(bytes: &[u8]) -> ParsedFile {
    parse(bytes, &options()).unwrap_or_else(|fault| panic!("{}", fault.vi))
}

fn refusal(bytes: &[u8]) -> FaultCode {
    match parse(bytes, &options()) {
        Ok(file) => panic!("read {} rows", file.rows.len()),
        Err(fault) => fault.code,
    }
}

/// Codes of a row's faults, by its place.
fn codes(file: &ParsedFile, row: usize) -> Vec<&'static str> {
    file.rows[row].faults.iter().map(|fault| fault.code.as_str()).collect()
}

fn file_codes(file: &ParsedFile) -> Vec<&'static str> {
    file.file_faults.iter().map(|fault| fault.code.as_str()).collect()
}

fn names(file: &ParsedFile) -> Vec<String> {
    file.rows.iter().map(|row| row.fields.name.full()).collect()
}
