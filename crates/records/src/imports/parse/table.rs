//! Any sheet as rows of cells, for imports of other kinds than class lists: larger, and with headers that the kind knows.

use super::container::{self, Kind, Package};
use super::grid::{Cell, Grid, Row, Value};
use super::headers::{self, SEARCHED_ROWS};
use super::legacy::{Encoding, Votes, to_unicode};
use super::types::Field;
use super::{Fault, FaultCode, Limits, MAX_SHEETS, Options, delimited, xlsx};
use kernel::text::{clean, from_excel_serial};
use serde::{Deserialize, Serialize};

/// Rows that an import may have, with some for titles.
pub const MAX_ROWS: usize = 100_000;
/// Characters that are taken of a cell.
const CELL_CHARS: usize = 1_000;
/// Rows by which the encoding of a column is judged.
const JUDGED: usize = 2_000;

/// Bounds for a file of 100,000 rows.
pub fn limits() -> Limits {
    Limits {
        file_bytes: 32 << 20,
        unpacked_bytes: 256 << 20,
        rows: MAX_ROWS,
        columns: 200,
        cells: 4_000_000,
        ..Limits::default()
    }
}

/// What a cell holds: a number that the file keeps as one may have lost its leading zeros.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Raw {
    Number(f64),
    Text(String),
}

impl Raw {
    /// As a person would type it. A formula begins with "=".
    pub fn text(&self) -> String {
        match self {
            Raw::Text(text) => text.clone(),
            Raw::Number(number) => super::grid::number_text(*number),
        }
    }
}

/// A column as a kind has found it.
#[derive(Clone, Debug, PartialEq)]
pub struct Headed {
    pub index: u16,
    pub header: String,
    /// What it is taken for; none where nothing is known.
    pub field: Option<String>,
}

/// A header row.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// How well it fits; the best sheet is read.
    pub score: usize,
    pub first_row: u32,
    pub last_row: u32,
    pub columns: Vec<Headed>,
    /// A class that the lines above name.
    pub title_class: Option<String>,
}

/// A sheet, read.
#[derive(Debug)]
pub struct Table {
    pub sheet: String,
    pub found: Found,
    /// Rows under the header: the number, and the cells by column, as JSON of [`Raw`]s.
    pub rows: Vec<(u32, String)>,
    pub faults: Vec<Fault>,
}

/// Reads a file. `find` tells the header of a sheet from its first rows.
pub fn read(bytes: &[u8], options: &Options, find: impl Fn(&Grid) -> Option<Found>) -> Result<Table, Fault> {
    match container::recognise(bytes, options)? {
        Kind::Workbook(mut package) => workbook(&mut package, options, find),
        Kind::Text(bytes) => {
            let (grid, converted) = delimited::read(bytes, options.limits.rows + super::SLACK, &options.limits)?;
            let found = find(&grid).ok_or_else(no_header)?;
            let mut table = finish(grid, found, options)?;
            if let Some(encoding) = converted {
                table.faults.push(Fault::new(FaultCode::TextConverted, &[("encoding", &encoding)]));
            }
            Ok(table)
        }
    }
}

fn no_header() -> Fault {
    Fault::new(FaultCode::NoHeader, &[("rows", &SEARCHED_ROWS)])
}

/// The sheet whose header fits best, or the one that was named.
fn chosen(
    workbook: &mut xlsx::Workbook<'_, '_>,
    options: &Options,
    find: &impl Fn(&Grid) -> Option<Found>,
) -> Result<(xlsx::SheetRef, Found), Fault> {
    let mut best: Option<(xlsx::SheetRef, Found)> = None;
    let mut known = false;
    for sheet in workbook.sheets.clone().into_iter().take(MAX_SHEETS) {
        let named = options.sheet.as_ref() == Some(&sheet.name);
        known |= named;
        if !named && (options.sheet.is_some() || sheet.hidden) {
            continue;
        }
        let start = workbook.sheet(&sheet, SEARCHED_ROWS as usize + 40, &options.limits)?;
        if let Some(found) = find(&start)
            && best.as_ref().is_none_or(|(_, other)| found.score > other.score)
        {
            best = Some((sheet, found));
        }
    }
    match (&options.sheet, known) {
        (Some(name), false) => Err(Fault::new(FaultCode::SheetUnknown, &[("sheet", name)])),
        _ => best.ok_or_else(no_header),
    }
}

fn workbook(package: &mut Package<'_>, options: &Options, find: impl Fn(&Grid) -> Option<Found>) -> Result<Table, Fault> {
    let linked = package.has_external_links();
    let mut workbook = xlsx::Workbook::open(package)?;
    let (sheet, found) = chosen(&mut workbook, options, &find)?;
    let grid = workbook.sheet(&sheet, options.limits.rows + super::SLACK, &options.limits)?;
    drop(workbook);
    let mut table = finish(grid, found, options)?;
    if linked {
        table.faults.push(Fault::new(FaultCode::ExternalLinks, &[]));
    }
    Ok(table)
}

/// The part of a workbook's package that a sheet stands in, by its name.
pub fn part_of(bytes: &[u8], options: &Options, name: &str) -> Result<String, Fault> {
    match container::recognise(bytes, options)? {
        Kind::Workbook(mut package) => {
            let workbook = xlsx::Workbook::open(&mut package)?;
            let sheet = workbook.sheets.iter().find(|sheet| sheet.name == name);
            sheet.map(|sheet| sheet.part().to_owned()).ok_or_else(|| Fault::new(FaultCode::SheetUnknown, &[("sheet", &name)]))
        }
        Kind::Text(_) => Err(Fault::new(FaultCode::NotSpreadsheet, &[])),
    }
}

/// A line of delimited text with its number, and its cells by column.
pub type TextRow = (u32, Vec<(u16, String)>);

/// Delimited text as rows of cells from its first line, for giving it back as a workbook.
pub fn text_rows(bytes: &[u8], options: &Options) -> Result<Vec<TextRow>, Fault> {
    match container::recognise(bytes, options)? {
        Kind::Workbook(_) => Err(Fault::new(FaultCode::NotSpreadsheet, &[])),
        Kind::Text(bytes) => {
            let (grid, _) = delimited::read(bytes, options.limits.rows + super::SLACK, &options.limits)?;
            let encodings = encodings(&grid, 0, &mut Vec::new());
            let text = |index: u16, cell: &Cell| match raw(&grid, cell, encoding(&encodings, index)) {
                Raw::Text(text) => text,
                number => number.text(),
            };
            Ok(grid.rows.iter().map(|row| (row.number, row.cells.iter().map(|(i, c)| (*i, text(*i, c))).collect())).collect())
        }
    }
}

fn finish(mut grid: Grid, found: Found, options: &Options) -> Result<Table, Fault> {
    let mut faults = Vec::new();
    let encodings = encodings(&grid, found.last_row, &mut faults);
    let width = found.columns.iter().map(|c| usize::from(c.index) + 1).max().unwrap_or(0);
    let mut out: Vec<(u32, String)> = Vec::new();
    let rows = std::mem::take(&mut grid.rows);
    let mut cut = grid.cut;
    for row in rows.into_iter().filter(|row| row.number > found.last_row) {
        if out.len() == options.limits.rows {
            cut = true;
            break;
        }
        // A row that stands twice is not Excel's.
        if out.last().is_some_and(|(last, _)| *last == row.number) {
            continue;
        }
        if let Some(json) = row_json(&grid, &row, width, &encodings) {
            out.push((row.number, json));
        }
    }
    if out.is_empty() {
        return Err(Fault::new(FaultCode::NoDataRows, &[("row", &found.first_row)]));
    }
    if cut {
        faults.push(Fault::new(FaultCode::TooManyRows, &[("max", &options.limits.rows)]));
    }
    Ok(Table { sheet: grid.name.clone(), found, rows: out, faults })
}

/// The cells under headers; none where all are empty.
fn row_json(grid: &Grid, row: &Row, width: usize, encodings: &[Encoding]) -> Option<String> {
    let mut cells: Vec<Option<Raw>> = Vec::with_capacity(width);
    for (index, cell) in row.cells.iter().filter(|(index, cell)| usize::from(*index) < width && !cell.is_blank()) {
        cells.resize(usize::from(*index), None);
        cells.push(Some(raw(grid, cell, encoding(encodings, *index))));
    }
    if cells.is_empty() { None } else { serde_json::to_string(&cells).ok() }
}

fn raw(grid: &Grid, cell: &Cell, encoding: Encoding) -> Raw {
    let text = match &cell.value {
        Value::Text(text) => {
            let text: String = text.chars().take(CELL_CHARS).collect();
            clean(&to_unicode(&text, cell.font, encoding).0)
        }
        Value::Number(number) if !cell.formula => return Raw::Number(*number),
        Value::Number(number) => super::grid::number_text(*number),
        Value::Date(serial) => match from_excel_serial(*serial, grid.epoch_1904) {
            Some(day) => day.format("%d/%m/%Y").to_string(),
            None => super::grid::number_text(*serial),
        },
        Value::Bool(true) => "TRUE".to_owned(),
        Value::Bool(false) => "FALSE".to_owned(),
        Value::Error(error) => error.to_string(),
    };
    // What a formula came to when the file was saved is not what it says.
    Raw::Text(if cell.formula && !text.starts_with('=') { format!("={text}") } else { text })
}

fn encoding(encodings: &[Encoding], index: u16) -> Encoding {
    encodings.get(usize::from(index)).copied().unwrap_or(Encoding::Unicode)
}

/// The encoding of each column, by its first rows.
fn encodings(grid: &Grid, after: u32, faults: &mut Vec<Fault>) -> Vec<Encoding> {
    let mut votes: Vec<Votes> = Vec::new();
    for row in grid.rows.iter().filter(|row| row.number > after).take(JUDGED) {
        for (index, cell) in &row.cells {
            let index = usize::from(*index);
            if votes.len() <= index {
                votes.resize_with(index + 1, Votes::default);
            }
            if let Value::Text(text) = &cell.value {
                votes[index].add(text, cell.font);
            }
        }
    }
    let mut file = Votes::default();
    votes.iter().for_each(|v| file.merge(*v));
    let mut out = Vec::with_capacity(votes.len());
    for (index, own) in (0u16..).zip(votes) {
        let letter = super::grid::column_letter(index);
        match own.verdict(file) {
            Ok(encoding) => {
                if encoding != Encoding::Unicode && own.has_words() {
                    let name = encoding.name();
                    faults.push(Fault::column(FaultCode::LegacyConverted, Field::NotTaken, &letter, &[("encoding", &name)]));
                }
                out.push(encoding);
            }
            Err(()) => {
                faults.push(Fault::column(FaultCode::LegacyAmbiguous, Field::NotTaken, &letter, &[]));
                out.push(Encoding::Unicode);
            }
        }
    }
    out
}

/// A header in one row, by what each of its cells is folded to. `meaning` gives the field of a folded header.
pub fn by_synonyms(grid: &Grid, meaning: impl Fn(&str) -> Option<String>) -> Option<Found> {
    let mut best: Option<Found> = None;
    for row in grid.rows.iter().take_while(|row| row.number <= SEARCHED_ROWS) {
        let columns: Vec<Headed> = row
            .cells
            .iter()
            .filter(|(_, cell)| !cell.is_blank())
            .map(|(index, cell)| {
                let header: String = raw(grid, cell, Encoding::Unicode).text().chars().take(120).collect();
                Headed { index: *index, field: meaning(&headers::plain_text(&header)), header }
            })
            .collect();
        let score = columns.iter().filter(|c| c.field.is_some()).count();
        // A sheet with strange headers is still mapped by hand: its widest row is taken.
        let weight = score * 100 + columns.len().min(99);
        if columns.len() >= 2 && best.as_ref().is_none_or(|b| weight > b.score) {
            best = Some(Found { score: weight, first_row: row.number, last_row: row.number, columns, title_class: None });
        }
    }
    best
}

/// The header of a class list, with the fields named as [`super::super::plan::field_key`] names them.
pub fn class_list(grid: &Grid, key: impl Fn(Field) -> String) -> Option<Found> {
    let (score, header) = headers::find(grid)?;
    let (title_class, _) = headers::title_of(grid.rows.iter().filter(|row| row.number < header.row));
    let mut columns: Vec<Headed> = header
        .columns
        .iter()
        .map(|c| Headed { index: c.index, header: c.header.clone(), field: Some(key(c.field)) })
        .chain(header.unused.iter().filter_map(|c| {
            let (index, _) = super::grid::parse_address(&format!("{}1", c.letter))?;
            Some(Headed { index, header: c.header.clone(), field: None })
        }))
        .collect();
    columns.sort_by_key(|c| c.index);
    Some(Found { score: score * 100, first_row: header.row, last_row: header.last_row, columns, title_class })
}

/// Pupils of lines whose cells are named by field: a list without titles, read as any class list.
pub fn pupils(
    lines: impl Iterator<Item = (u32, Vec<(Field, Raw)>)>,
    fields: &[Field],
    title_class: Option<&str>,
    options: &Options,
) -> Vec<super::ParsedRow> {
    let header = headers::Header::of_fields(fields);
    let mut grid = Grid::default();
    for (number, cells) in lines {
        let mut out: Vec<(u16, Cell)> = Vec::with_capacity(cells.len());
        for (field, raw) in cells {
            let Some(column) = header.find(field) else { continue };
            out.push((column.index, cell_of(&raw)));
        }
        out.sort_by_key(|(index, _)| *index);
        grid.rows.push(Row { number, cells: out });
    }
    super::rows::read(&grid, &header, title_class, options).rows
}

fn cell_of(raw: &Raw) -> Cell {
    match raw {
        Raw::Number(number) => Cell { value: Value::Number(*number), ..Cell::text("") },
        Raw::Text(text) => match text.strip_prefix('=') {
            Some(value) => Cell { formula: true, ..Cell::text(value) },
            None => Cell::text(text),
        },
    }
}
