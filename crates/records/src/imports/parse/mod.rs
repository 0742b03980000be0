//! Reading a class list that a school sends, .xlsx or CSV: bytes in, typed rows and faults out. Pure: no database, no
//! clock (the day is given), and nothing in the file is ever followed or run.
//!
//! | room | what it does |
//! |---|---|
//! | [`container`] | what the file is; size, packing ratio, macros, encryption |
//! | `xlsx`, `delimited` | to a sparse [`grid`] of cells |
//! | [`headers`] | the header row and what its columns hold, by a table of synonyms |
//! | [`legacy`] | TCVN3, VNI and Windows-1258 to Unicode |
//! | `rows`, `cells` | to [`types::ParsedRow`]s |
//! | [`table`] | any other sheet: its rows of cells under a header that the asker knows |
//! | [`mark`] | bad cells of a workbook marked in it |
//! | [`book`] | the same workbook for others: its cells, and filling some of them in place |
//! | [`faults`] | every fault, with its sentence in both languages |
//!
//! Sources of the forms: lists exported by the sector database (C1-HocSinh), the Ministry's class list and vnEdu.

pub mod book;
mod cells;
mod container;
mod delimited;
pub mod ethnicity;
pub mod faults;
mod grid;
mod headers;
mod legacy;
pub mod mark;
mod rows;
pub mod table;
#[cfg(test)]
mod tests;
pub mod types;
mod xlsx;

use chrono::NaiveDate;
use container::Kind;
pub use faults::{Fault, FaultCode, Severity};
use grid::Grid;
use headers::Header;
pub use headers::{field_name, known_fields, plain_text as table_header};
pub use kernel::text::Name;
pub use types::{
    Field, FoundColumn, Layout, LearnerFields, ParsedFile, ParsedRow, PupilStatus, Relative, SkippedRow, UnusedColumn,
};

/// Bounds on what is read.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of the file itself.
    pub file_bytes: usize,
    /// Files inside an .xlsx.
    pub zip_entries: usize,
    /// Bytes of all of them unpacked.
    pub unpacked_bytes: u64,
    /// Unpacked to packed bytes of the whole.
    pub zip_ratio: u64,
    /// Pupils.
    pub rows: usize,
    /// Columns of a sheet; those further right are not looked at.
    pub columns: u16,
    /// Cells of a sheet that are not empty.
    pub cells: usize,
}

impl Default for Limits {
    /// 10 MB, 10,000 pupils.
    fn default() -> Self {
        Limits {
            file_bytes: 10 << 20,
            zip_entries: 1_000,
            unpacked_bytes: 64 << 20,
            zip_ratio: 100,
            rows: 10_000,
            columns: 512,
            cells: 600_000,
        }
    }
}

/// How a file is read.
#[derive(Clone, Debug)]
pub struct Options {
    pub limits: Limits,
    /// The day in Việt Nam: two-digit years, ages, dates in the future.
    pub today: NaiveDate,
    /// The sheet to read; without it, the visible sheet that most looks like a class list.
    pub sheet: Option<String>,
}

impl Options {
    pub fn new(today: NaiveDate) -> Options {
        Options { limits: Limits::default(), today, sheet: None }
    }
}

/// Rows read beside the pupils: titles, header, notes.
const SLACK: usize = 200;
/// Sheets looked at for a list.
const MAX_SHEETS: usize = 60;

/// Reads a class list. Err is a file that cannot be read at all: one fault that says what to do.
/// A file that is read may still have errors, on the whole (`file_faults`) and in rows.
pub fn parse(bytes: &[u8], options: &Options) -> Result<ParsedFile, Fault> {
    match container::recognise(bytes, options)? {
        Kind::Workbook(mut package) => {
            let linked = package.has_external_links();
            let (mut file, _, _) = workbook(&mut package, options)?;
            if linked {
                file.file_faults.push(Fault::new(FaultCode::ExternalLinks, &[]));
            }
            Ok(file)
        }
        Kind::Text(bytes) => {
            let (grid, converted) = delimited::read(bytes, options.limits.rows + SLACK, &options.limits)?;
            let (_, header) = headers::find(&grid).ok_or_else(no_name_column)?;
            let mut file = finish(&grid, header, options)?;
            if let Some(encoding) = converted {
                file.file_faults.push(Fault::new(FaultCode::TextConverted, &[("encoding", &encoding)]));
            }
            Ok(file)
        }
    }
}

fn no_name_column() -> Fault {
    Fault::new(FaultCode::NoNameColumn, &[("rows", &headers::SEARCHED_ROWS)])
}

/// The list of a workbook, the sheet that it stands in, and the part that this sheet is.
fn workbook(package: &mut container::Package<'_>, options: &Options) -> Result<(ParsedFile, Grid, String), Fault> {
    let mut workbook = xlsx::Workbook::open(package)?;
    let mut sheets: Vec<xlsx::SheetRef> = workbook.sheets.clone();
    if sheets.iter().any(|sheet| !sheet.hidden) {
        // One that was asked for by its name may be hidden.
        sheets.retain(|sheet| !sheet.hidden || options.sheet.as_ref() == Some(&sheet.name));
    }
    sheets.truncate(MAX_SHEETS);
    if sheets.is_empty() {
        return Err(xlsx::no_sheet());
    }
    if let Some(name) = &options.sheet
        && !sheets.iter().any(|sheet| sheet.name == *name)
    {
        return Err(Fault::new(FaultCode::SheetUnknown, &[("sheet", name)]));
    }
    // The first rows of each sheet tell which of them is the list.
    let mut lists: Vec<(usize, &xlsx::SheetRef)> = Vec::new();
    let mut any_cells = false;
    for sheet in &sheets {
        let start = workbook.sheet(sheet, headers::SEARCHED_ROWS as usize + 40, &options.limits)?;
        any_cells |= !start.rows.is_empty();
        let only = sheets.len() == 1 || options.sheet.as_ref() == Some(&sheet.name);
        if let Some((score, header)) = headers::find(&start)
            && start.rows.iter().any(|row| row.number > header.last_row)
        {
            lists.push((score, sheet));
        } else if only && headers::find(&start).is_some() {
            lists.push((1, sheet));
        }
    }
    let best = lists.iter().map(|(score, _)| *score).max();
    let chosen = lists.iter().find(|(score, sheet)| match &options.sheet {
        Some(name) => sheet.name == *name,
        None => Some(*score) == best,
    });
    let Some((_, sheet)) = chosen.copied() else {
        return Err(if any_cells { no_name_column() } else { xlsx::no_sheet() });
    };
    let grid = workbook.sheet(sheet, options.limits.rows + SLACK, &options.limits)?;
    let (_, header) = headers::find(&grid).ok_or_else(no_name_column)?;
    let mut file = finish(&grid, header, options)?;
    let alike = |score: usize| best.is_some_and(|best| score * 3 >= best * 2);
    file.sheets = lists.iter().filter(|(score, s)| s.name == sheet.name || alike(*score)).map(|(_, s)| s.name.clone()).collect();
    // Who named a sheet knows of the others.
    if options.sheet.is_none() && file.sheets.len() > 1 {
        let others = file.sheets.iter().filter(|name| **name != sheet.name).map(String::as_str).collect::<Vec<_>>().join(", ");
        file.file_faults.push(Fault::new(FaultCode::OtherSheets, &[("sheet", &sheet.name), ("others", &others)]));
    }
    let part = sheet.part().to_owned();
    Ok((file, grid, part))
}

fn finish(grid: &Grid, header: Header, options: &Options) -> Result<ParsedFile, Fault> {
    let above = grid.rows.iter().filter(|row| row.number < header.row);
    let (title_class, title_school_year) = headers::title_of(above);
    let read = rows::read(grid, &header, title_class.as_deref(), options);
    if read.rows.is_empty() {
        return Err(Fault::new(FaultCode::NoRows, &[("row", &header.row)]));
    }
    let columns = header.found_columns(grid);
    let mut file_faults = header.faults;
    if !columns.iter().any(|column| column.field == Field::BirthDate) {
        file_faults.push(Fault::new(FaultCode::NoBirthDateColumn, &[]));
    }
    file_faults.extend(read.faults);
    Ok(ParsedFile {
        layout: header.layout,
        sheet: grid.name.clone(),
        sheets: Vec::new(),
        header_row: header.row,
        columns,
        unused_columns: header.unused,
        title_class,
        title_school_year,
        rows: read.rows,
        skipped: read.skipped,
        file_faults,
    })
}
