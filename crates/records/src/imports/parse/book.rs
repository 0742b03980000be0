//! A workbook of a teacher's own: its rows of learners as in a class list, its other cells as they stand, and filling some of them
//! in place.
//!
//! Filling copies the package part by part as it is packed, and changes one part alone: in the XML of the sheet the cells that are
//! filled, each keeping its style. Everything else stays byte for byte. Only where the sheet has formulas, the workbook is told to
//! compute them when it is opened next, as their stored results would be those of before.

use super::container::{self, Kind, broken};
pub use super::grid::{Cell, Grid, Merge, Row, Value, column_letter, number_text, parse_address};
use super::{Fault, FaultCode, Options, ParsedFile};
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// A workbook with a list of learners.
pub struct Book {
    /// The learners, as a class list would read them; faults of their rows are those of a class list.
    pub list: ParsedFile,
    /// The sheet in which they stand.
    pub grid: Grid,
    /// The part of the package that holds the sheet.
    pub part: String,
}

/// Reads a workbook; nothing else is one.
pub fn read(bytes: &[u8], options: &Options) -> Result<Book, Fault> {
    match container::recognise(bytes, options)? {
        Kind::Workbook(mut package) => {
            let (list, grid, part) = super::workbook(&mut package, options)?;
            Ok(Book { list, grid, part })
        }
        Kind::Text(_) => Err(Fault::new(FaultCode::NotSpreadsheet, &[])),
    }
}

/// A sheet of a workbook, whatever is in it.
pub struct Sheet {
    pub grid: Grid,
    /// The part of the package that holds it.
    pub part: String,
    pub hidden: bool,
}

/// All sheets of a workbook, for one whose layout is not a class list's.
pub fn sheets(bytes: &[u8], options: &Options) -> Result<Vec<Sheet>, Fault> {
    let Kind::Workbook(mut package) = container::recognise(bytes, options)? else {
        return Err(Fault::new(FaultCode::NotSpreadsheet, &[]));
    };
    let mut workbook = super::xlsx::Workbook::open(&mut package)?;
    let known = workbook.sheets.clone();
    known
        .iter()
        .take(super::MAX_SHEETS)
        .map(|sheet| {
            let grid = workbook.sheet(sheet, options.limits.rows, &options.limits)?;
            Ok(Sheet { grid, part: sheet.part().to_owned(), hidden: sheet.hidden })
        })
        .collect()
}

/// What is written into a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Fill {
    /// A number as XML writes it: "8.5".
    Number(String),
    Text(String),
    /// What stands there stays; the format becomes the one so many further.
    Twin(u32),
}

/// Where: row from 1, column from 0.
pub type Place = (u32, u16);

/// The same file with these cells filled. A cell with a formula is left as it is.
pub fn fill(bytes: &[u8], part: &str, cells: &BTreeMap<Place, Fill>) -> Result<Vec<u8>, Fault> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken("zip"))?;
    let mut out = ZipWriter::new(Cursor::new(Vec::with_capacity(bytes.len() + 4096)));
    let mut formulas = false;
    let wanted = part.to_lowercase();
    let names: Vec<String> = (0..archive.len()).map(|at| name_of(&mut archive, at)).collect::<Result<_, _>>()?;
    // The sheet first, to know whether the workbook part is concerned too.
    let mut sheet = None;
    if let Some(at) = names.iter().position(|name| *name == wanted) {
        let (text, has) = fill_sheet(&unpack(&mut archive, at)?, part, cells)?;
        formulas = has;
        sheet = Some((at, text));
    }
    let (sheet_at, sheet_text) = sheet.ok_or_else(|| broken(part))?;
    for (at, name) in names.iter().enumerate() {
        let changed = if at == sheet_at {
            Some(sheet_text.clone())
        } else if formulas && name.ends_with("xl/workbook.xml") {
            Some(computed_on_load(&unpack(&mut archive, at)?))
        } else {
            None
        };
        let entry = archive.by_index_raw(at).map_err(|_| broken("zip"))?;
        match changed {
            None => out.raw_copy_file(entry).map_err(|_| broken("zip"))?,
            Some(text) => {
                let mut options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
                if let Some(at) = entry.last_modified() {
                    options = options.last_modified_time(at);
                }
                let own = entry.name().map_err(|_| broken("zip"))?.to_string();
                drop(entry);
                out.start_file(own, options).map_err(|_| broken("zip"))?;
                out.write_all(text.as_bytes()).map_err(|_| broken("zip"))?;
            }
        }
    }
    Ok(out.finish().map_err(|_| broken("zip"))?.into_inner())
}

pub(super) fn name_of(archive: &mut ZipArchive<Cursor<&[u8]>>, at: usize) -> Result<String, Fault> {
    let entry = archive.by_index_raw(at).map_err(|_| broken("zip"))?;
    let name = entry.name().map_err(|_| broken("zip"))?;
    Ok(name.trim_start_matches('/').replace('\\', "/").to_lowercase())
}

/// The fault of a part that is no XML as it should be.
pub(super) fn fault_of(part: &str) -> Fault {
    broken(part)
}

/// A part as text. Its size was looked at when the file was read; it is bounded once more, since directories may lie.
pub(super) fn unpack(archive: &mut ZipArchive<Cursor<&[u8]>>, at: usize) -> Result<String, Fault> {
    const MOST: u64 = 256 << 20;
    let entry = archive.by_index(at).map_err(|_| broken("zip"))?;
    let mut text = String::new();
    let read = entry.take(MOST + 1).read_to_string(&mut text).map_err(|_| broken("zip"))?;
    if read as u64 > MOST { Err(Fault::new(FaultCode::ZipBomb, &[])) } else { Ok(text) }
}

/// Asks for all formulas to be computed when the workbook is opened.
fn computed_on_load(workbook: &str) -> String {
    if workbook.contains("fullCalcOnLoad") {
        return workbook.to_owned();
    }
    if let Some(at) = workbook.find("<calcPr") {
        let at = at + "<calcPr".len();
        return format!("{} fullCalcOnLoad=\"1\"{}", &workbook[..at], &workbook[at..]);
    }
    // Its place in the order of the schema is after the sheets and the defined names.
    match ["</definedNames>", "</externalReferences>", "</sheets>"]
        .into_iter()
        .find_map(|tag| workbook.find(tag).map(|at| at + tag.len()))
    {
        Some(at) => format!("{}<calcPr fullCalcOnLoad=\"1\"/>{}", &workbook[..at], &workbook[at..]),
        None => workbook.to_owned(),
    }
}

/// Writes the cells into a sheet's XML; tells too whether the sheet has formulas.
pub(super) fn fill_sheet(source: &str, part: &str, cells: &BTreeMap<Place, Fill>) -> Result<(String, bool), Fault> {
    let mut reader = Reader::from_str(source);
    reader.config_mut().check_end_names = false;
    let mut writer =
        Writer { source, out: String::with_capacity(source.len() + cells.len() * 48), copied: 0, prefix: String::new() };
    let mut rest = cells.clone();
    let (mut row, mut column, mut formulas) = (0u32, 0u16, false);
    // The cell that is being read: where it begins, its place, its style, whether it has a formula.
    let mut open: Option<(usize, Place, Option<String>, bool)> = None;
    let fault = || broken(part);
    loop {
        let start = position(&reader);
        let event = reader.read_event().map_err(|_| fault())?;
        let end = position(&reader);
        match event {
            Event::Start(tag) => match local(&tag) {
                "row" => {
                    row = attribute(&tag, "r").and_then(|r| r.parse().ok()).unwrap_or(row + 1);
                    column = 0;
                    writer.prefix = prefix(&tag);
                    writer.rows_before(&mut rest, row, start);
                }
                "c" => {
                    let at = place(&tag, row, column);
                    column = at.1.saturating_add(1);
                    writer.cells_before(&mut rest, at, start);
                    if writer.restyled(&mut rest, at, &tag, (start, end)) {
                        continue;
                    }
                    open = Some((start, at, attribute(&tag, "s"), false));
                }
                "f" => {
                    formulas = true;
                    if let Some(cell) = &mut open {
                        cell.3 = true;
                    }
                }
                _ => {}
            },
            Event::Empty(tag) => match local(&tag) {
                "row" => {
                    row = attribute(&tag, "r").and_then(|r| r.parse().ok()).unwrap_or(row + 1);
                    writer.prefix = prefix(&tag);
                    writer.rows_before(&mut rest, row, start);
                    let own = take(&mut rest, |at| at.0 == row);
                    if !own.is_empty() {
                        writer.copy_to(start);
                        let text = source[start..end].trim_end_matches('>').trim_end_matches('/').trim_end();
                        writer.out.push_str(text);
                        writer.out.push('>');
                        for (at, fill) in &own {
                            writer.cell(*at, None, fill);
                        }
                        writer.close("row");
                        writer.copied = end;
                    }
                }
                "c" => {
                    let at = place(&tag, row, column);
                    column = at.1.saturating_add(1);
                    writer.cells_before(&mut rest, at, start);
                    if writer.restyled(&mut rest, at, &tag, (start, end)) {
                        continue;
                    }
                    if let Some(fill) = rest.remove(&at) {
                        writer.copy_to(start);
                        writer.cell(at, attribute(&tag, "s").as_deref(), &fill);
                        writer.copied = end;
                    }
                }
                "f" => {
                    formulas = true;
                    if let Some(cell) = &mut open {
                        cell.3 = true;
                    }
                }
                "sheetData" => return Err(fault()),
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                "c" => {
                    if let Some((begin, at, style, formula)) = open.take()
                        && let Some(fill) = rest.remove(&at)
                        && !formula
                    {
                        writer.copy_to(begin);
                        writer.cell(at, style.as_deref(), &fill);
                        writer.copied = end;
                    }
                }
                "row" => writer.cells_before(&mut rest, (row, u16::MAX), start),
                "sheetData" => writer.rows_before(&mut rest, u32::MAX, start),
                _ => {}
            },
            Event::DocType(_) => return Err(fault()),
            Event::Eof => break,
            _ => {}
        }
    }
    if !rest.is_empty() {
        return Err(fault());
    }
    writer.copy_to(source.len());
    Ok((writer.out, formulas))
}

pub(super) fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

pub(super) fn local<'t>(tag: &'t BytesStart<'_>) -> &'t str {
    let name = tag.name().into_inner();
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// "x:" where the names of the part have a prefix.
pub(super) fn prefix(tag: &BytesStart<'_>) -> String {
    tag.name().into_inner().rsplit_once(':').map(|(prefix, _)| format!("{prefix}:")).unwrap_or_default()
}

pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    tag.attributes().with_checks(false).flatten().find(|a| a.key.as_ref() == name).map(|a| a.value.to_string())
}

fn place(tag: &BytesStart<'_>, row: u32, column: u16) -> Place {
    match attribute(tag, "r").and_then(|address| super::grid::parse_address(&address)) {
        Some((column, _)) => (row, column),
        None => (row, column),
    }
}

/// Takes the cells out that stand at such places.
fn take(rest: &mut BTreeMap<Place, Fill>, at: impl Fn(&Place) -> bool) -> Vec<(Place, Fill)> {
    let places: Vec<Place> = rest.keys().copied().filter(|place| at(place)).collect();
    places.into_iter().filter_map(|place| Some((place, rest.remove(&place)?))).collect()
}

struct Writer<'s> {
    source: &'s str,
    out: String,
    /// So far the source was copied.
    copied: usize,
    prefix: String,
}

impl Writer<'_> {
    fn copy_to(&mut self, to: usize) {
        self.out.push_str(&self.source[self.copied..to]);
        self.copied = to;
    }

    fn close(&mut self, name: &str) {
        // Writing into a String cannot fail.
        let _ = write!(self.out, "</{}{name}>", self.prefix);
    }

    /// Gives a cell its twin's format, where that is what is asked for.
    fn restyled(
        &mut self,
        rest: &mut BTreeMap<Place, Fill>,
        at: Place,
        tag: &BytesStart<'_>,
        (start, end): (usize, usize),
    ) -> bool {
        let Some(Fill::Twin(further)) = rest.get(&at) else { return false };
        let style = attribute(tag, "s").and_then(|s| s.parse::<u32>().ok()).unwrap_or(0) + further;
        rest.remove(&at);
        let text = &self.source[start..end];
        let text = match text.find(" s=\"") {
            Some(from) => {
                let value = from + 4;
                let to = text[value..].find('"').map_or(text.len(), |quote| value + quote + 1);
                format!("{} s=\"{style}\"{}", &text[..from], &text[to..])
            }
            None => {
                let name = text.find(|c: char| c.is_whitespace() || c == '>' || c == '/').unwrap_or(text.len());
                format!("{} s=\"{style}\"{}", &text[..name], &text[name..])
            }
        };
        self.copy_to(start);
        self.out.push_str(&text);
        self.copied = end;
        true
    }

    /// A cell with the style that stood there.
    fn cell(&mut self, (row, column): Place, style: Option<&str>, fill: &Fill) {
        let prefix = self.prefix.clone();
        let _ = write!(self.out, "<{prefix}c r=\"{}{row}\"", column_letter(column));
        if let Fill::Twin(style) = fill {
            let _ = write!(self.out, " s=\"{style}\"/>");
            return;
        }
        if let Some(style) = style {
            let _ = write!(self.out, " s=\"{style}\"");
        }
        let _ = match fill {
            Fill::Twin(_) => Ok(()),
            Fill::Number(number) => write!(self.out, "><{prefix}v>{number}</{prefix}v>"),
            Fill::Text(text) => {
                let text = quick_xml::escape::escape(text.as_str());
                write!(self.out, " t=\"inlineStr\"><{prefix}is><{prefix}t>{text}</{prefix}t></{prefix}is>")
            }
        };
        self.close("c");
    }

    /// Cells of the row that the file has not, before this one.
    fn cells_before(&mut self, rest: &mut BTreeMap<Place, Fill>, at: Place, start: usize) {
        let missing = take(rest, |place| place.0 == at.0 && place.1 < at.1);
        if !missing.is_empty() {
            self.copy_to(start);
            for (place, fill) in &missing {
                self.cell(*place, None, fill);
            }
        }
    }

    /// Rows that the file has not, before this one.
    fn rows_before(&mut self, rest: &mut BTreeMap<Place, Fill>, row: u32, start: usize) {
        let missing = take(rest, |place| place.0 < row);
        if missing.is_empty() {
            return;
        }
        self.copy_to(start);
        let mut number = 0;
        for (place, fill) in &missing {
            if place.0 != number {
                if number > 0 {
                    self.close("row");
                }
                number = place.0;
                let _ = write!(self.out, "<{}row r=\"{number}\">", self.prefix);
            }
            self.cell(*place, None, fill);
        }
        self.close("row");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(source: &str, cells: &[(Place, Fill)]) -> (String, bool) {
        fill_sheet(source, "sheet1.xml", &cells.iter().cloned().collect()).expect("filled")
    }

    fn number(text: &str) -> Fill {
        Fill::Number(text.into())
    }

    #[test]
    fn cells_are_filled_and_nothing_else_moves() {
        let source = r#"<worksheet><cols><col min="4" max="4" hidden="1"/></cols><sheetData>
            <row r="2" ht="20"><c r="A2" t="s"><v>0</v></c><c r="C2" s="7"/><c r="D2" s="1"><f>C2*2</f><v>4</v></c></row>
            <row r="4" spans="1:3"/><row r="6"><c r="A6"><v>1</v></c></row></sheetData><pageMargins left="1"/></worksheet>"#;
        let (text, formulas) = filled(
            source,
            &[
                ((2, 2), number("8.5")),
                ((2, 1), Fill::Text("Đ & <b>".into())),
                ((2, 3), number("9")),
                ((2, 4), number("10")),
                ((4, 2), number("7")),
                ((5, 0), number("6")),
                ((9, 1), number("5")),
            ],
        );
        let expected = source
            .replace(r#"<c r="C2" s="7"/>"#, r#"<c r="B2" t="inlineStr"><is><t>Đ &amp; &lt;b&gt;</t></is></c><c r="C2" s="7"><v>8.5</v></c>"#)
            .replace("</c></row>\n            <row r=\"4\" spans=\"1:3\"/>", "</c><c r=\"E2\"><v>10</v></c></row>\n            <row r=\"4\" spans=\"1:3\"><c r=\"C4\"><v>7</v></c></row><row r=\"5\"><c r=\"A5\"><v>6</v></c></row>")
            .replace("</row></sheetData>", "</row><row r=\"9\"><c r=\"B9\"><v>5</v></c></row></sheetData>");
        assert_eq!(text, expected);
        assert!(formulas, "the formula stays, and is told of");
    }

    #[test]
    fn names_with_a_prefix_and_cells_without_addresses() {
        let source =
            "<x:sheetData><x:row><x:c><x:v>1</x:v></x:c><x:c s=\"3\" t=\"str\"><x:v>cũ</x:v></x:c></x:row></x:sheetData>";
        let (text, formulas) = filled(source, &[((1, 1), number("4"))]);
        assert_eq!(
            text,
            "<x:sheetData><x:row><x:c><x:v>1</x:v></x:c><x:c r=\"B1\" s=\"3\"><x:v>4</x:v></x:c></x:row></x:sheetData>"
        );
        assert!(!formulas);
    }

    #[test]
    fn formulas_are_computed_when_the_file_is_opened() {
        assert_eq!(computed_on_load("<a><calcPr calcId=\"1\"/></a>"), "<a><calcPr fullCalcOnLoad=\"1\" calcId=\"1\"/></a>");
        assert_eq!(computed_on_load("<a><sheets/></sheets></a>"), "<a><sheets/></sheets><calcPr fullCalcOnLoad=\"1\"/></a>");
        let already = "<calcPr fullCalcOnLoad=\"1\"/>";
        assert_eq!(computed_on_load(already), already);
    }

    #[test]
    fn a_sheet_that_is_cut_or_declares_entities_is_refused() {
        for bad in
            ["<sheetData><row r=\"1\"><c r=\"A1\">", "<!DOCTYPE x [<!ENTITY a \"b\">]><sheetData></sheetData>", "<sheetData/>"]
        {
            assert!(fill_sheet(bad, "s", &[((1, 0), number("1"))].into()).is_err(), "{bad}");
        }
    }
}
