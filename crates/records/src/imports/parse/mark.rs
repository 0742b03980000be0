//! Marking cells of a workbook of a person's own: a colour, and a comment with what is wrong. All other parts stay byte for byte.
//!
//! In `styles.xml` each format of cells gets a twin that differs in its fill alone, so that a marked cell keeps its font, borders and
//! number format. Comments are a part of their own with the drawing by which Excel shows them; a sheet that has comments already keeps
//! them, and what is wrong then stands right of its last column.

use super::Fault;
use super::book::{Fill, Place, attribute, fault_of, fill_sheet, local, name_of, position, prefix, unpack};
use super::container::broken;
use quick_xml::events::Event;
use quick_xml::reader::Reader;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

const COMMENTS: &str = "xl/commentsKhue.xml";
const DRAWING: &str = "xl/drawings/vmlDrawingKhue.vml";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";

/// The same workbook with these cells marked; `part` is that of the sheet.
pub fn mark(bytes: &[u8], part: &str, marks: &BTreeMap<Place, String>) -> Result<Vec<u8>, Fault> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken("zip"))?;
    let names: Vec<String> = (0..archive.len()).map(|at| name_of(&mut archive, at)).collect::<Result<_, _>>()?;
    let find = |name: &str| names.iter().position(|own| own == &name.to_lowercase());
    let sheet_at = find(part).ok_or_else(|| broken(part))?;
    let relations = relations_of(part);
    let mut changed: BTreeMap<usize, String> = BTreeMap::new();
    let mut added: Vec<(String, String)> = Vec::new();

    let mut shift = 0;
    if let Some(at) = find("xl/styles.xml")
        && let Some((styles, twins)) = twins(&unpack(&mut archive, at)?)?
    {
        changed.insert(at, styles);
        shift = twins;
    }
    let source = unpack(&mut archive, sheet_at)?;
    let commented = source.contains("legacyDrawing ") || source.contains("legacyDrawing\t");
    let mut cells: BTreeMap<Place, Fill> = marks.keys().map(|place| (*place, Fill::Twin(shift))).collect();
    if commented {
        let beyond = last_column(&source).saturating_add(1);
        for ((row, _), said) in marks {
            let text = cells.entry((*row, beyond)).or_insert_with(|| Fill::Text(String::new()));
            if let Fill::Text(text) = text {
                if !text.is_empty() {
                    text.push_str("; ");
                }
                text.push_str(&said.replace('\n', "; "));
            }
        }
    }
    let (mut sheet, _) = fill_sheet(&source, part, &cells)?;
    if !commented && !marks.is_empty() {
        sheet = with_drawing(&sheet)?;
        added.push((COMMENTS.to_owned(), comments(marks)));
        added.push((DRAWING.to_owned(), drawing(marks)));
        let types = find("[content_types].xml").ok_or_else(|| broken("[Content_Types].xml"))?;
        changed.insert(types, with_types(&unpack(&mut archive, types)?)?);
        match find(&relations) {
            Some(at) => {
                let text = unpack(&mut archive, at)?;
                changed.insert(at, with_relations(&text)?);
            }
            None => added.push((
                relations,
                with_relations(&format!(
                    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><Relationships xmlns=\"{PACKAGE}\"></Relationships>"
                ))?,
            )),
        }
    }
    changed.insert(sheet_at, sheet);

    let mut out = ZipWriter::new(Cursor::new(Vec::with_capacity(bytes.len() + 8192)));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for at in 0..names.len() {
        let entry = archive.by_index_raw(at).map_err(|_| broken("zip"))?;
        match changed.get(&at) {
            None => out.raw_copy_file(entry).map_err(|_| broken("zip"))?,
            Some(text) => {
                let own = entry.name().map_err(|_| broken("zip"))?.to_string();
                drop(entry);
                out.start_file(own, options).map_err(|_| broken("zip"))?;
                out.write_all(text.as_bytes()).map_err(|_| broken("zip"))?;
            }
        }
    }
    for (name, text) in added {
        out.start_file(name, options).map_err(|_| broken("zip"))?;
        out.write_all(text.as_bytes()).map_err(|_| broken("zip"))?;
    }
    Ok(out.finish().map_err(|_| broken("zip"))?.into_inner())
}

/// "xl/worksheets/_rels/sheet1.xml.rels" of "xl/worksheets/sheet1.xml".
fn relations_of(part: &str) -> String {
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
    format!("{folder}/_rels/{file}.rels")
}

/// The styles with a twin of each cell format, filled; and how many formats there were. None where the part has no place for them.
fn twins(styles: &str) -> Result<Option<(String, u32)>, Fault> {
    let mut reader = Reader::from_str(styles);
    reader.config_mut().check_end_names = false;
    let (mut fills, mut fills_end, mut formats_end) = (0u32, None, None);
    let (mut inside, mut depth) = ("", 0u32);
    let mut formats: Vec<(usize, usize)> = Vec::new();
    let (mut begun, mut name) = (0, String::new());
    loop {
        let start = position(&reader);
        let event = reader.read_event().map_err(|_| fault_of("xl/styles.xml"))?;
        let end = position(&reader);
        match event {
            Event::Start(tag) => match (inside, local(&tag)) {
                ("", "fills") => inside = "fills",
                ("", "cellXfs") => {
                    inside = "cellXfs";
                    name = prefix(&tag);
                }
                ("", _) => {}
                (_, own) => {
                    if depth == 0 {
                        fills += u32::from(inside == "fills" && own == "fill");
                        begun = start;
                    }
                    depth += 1;
                }
            },
            Event::Empty(tag) if !inside.is_empty() && depth == 0 => {
                if inside == "cellXfs" && local(&tag) == "xf" {
                    formats.push((start, end));
                }
                fills += u32::from(inside == "fills" && local(&tag) == "fill");
            }
            Event::End(tag) if !inside.is_empty() => {
                if depth > 0 {
                    depth -= 1;
                    if depth == 0 && inside == "cellXfs" {
                        formats.push((begun, end));
                    }
                } else if tag.local_name().as_ref() == inside {
                    if inside == "fills" {
                        fills_end = Some(start);
                    } else {
                        formats_end = Some(start);
                    }
                    inside = "";
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let (Some(fills_end), Some(formats_end)) = (fills_end, formats_end) else { return Ok(None) };
    if formats.is_empty() || fills_end > formats_end {
        return Ok(None);
    }
    let mut out = String::with_capacity(styles.len() * 2);
    out.push_str(&styles[..fills_end]);
    let _ = write!(
        out,
        "<{name}fill><{name}patternFill patternType=\"solid\"><{name}fgColor rgb=\"FFFFC7CE\"/><{name}bgColor indexed=\"64\"/></{name}patternFill></{name}fill>"
    );
    out.push_str(&styles[fills_end..formats_end]);
    for (start, end) in &formats {
        out.push_str(&filled(&styles[*start..*end], fills));
    }
    out.push_str(&styles[formats_end..]);
    let count = u32::try_from(formats.len()).unwrap_or(u32::MAX);
    let out = recounted(&recounted(&out, "fills", fills + 1), "cellXfs", count * 2);
    Ok(Some((out, count)))
}

/// A format with another fill.
fn filled(format: &str, fill: u32) -> String {
    let tag_end = format.find('>').unwrap_or(format.len());
    let (tag, rest) = format.split_at(tag_end);
    let tag = without(&without(tag, "fillId"), "applyFill");
    let (tag, close) = match tag.strip_suffix('/') {
        Some(tag) => (tag.trim_end().to_owned(), "/"),
        None => (tag, ""),
    };
    format!("{tag} fillId=\"{fill}\" applyFill=\"1\"{close}{rest}")
}

/// A tag without an attribute.
fn without(tag: &str, name: &str) -> String {
    let begin = format!(" {name}=\"");
    match tag.find(&begin) {
        Some(at) => {
            let value = at + begin.len();
            let end = tag[value..].find('"').map_or(tag.len(), |quote| value + quote + 1);
            format!("{}{}", &tag[..at], &tag[end..])
        }
        None => tag.to_owned(),
    }
}

/// The `count` of a collection, where it has one.
fn recounted(text: &str, collection: &str, count: u32) -> String {
    let Some(at) = text.find(&format!("{collection} ")).filter(|at| text[..*at].ends_with(['<', ':'])) else {
        return text.to_owned();
    };
    let end = text[at..].find('>').map_or(text.len(), |end| at + end);
    let tag = without(&text[at..end], "count");
    format!("{}{tag} count=\"{count}\"{}", &text[..at], &text[end..])
}

/// The column farthest right that holds a cell, from 0.
fn last_column(sheet: &str) -> u16 {
    let mut reader = Reader::from_str(sheet);
    reader.config_mut().check_end_names = false;
    let mut last = 0;
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag) | Event::Empty(tag)) if local(&tag) == "c" => {
                let column = attribute(&tag, "r").and_then(|r| super::grid::parse_address(&r)).map(|(column, _)| column);
                last = last.max(column.unwrap_or(0));
            }
            Ok(Event::Eof) | Err(_) => return last,
            Ok(_) => {}
        }
    }
}

/// A sheet that shows comments: the element stands behind the drawings and before what the schema puts after them.
fn with_drawing(sheet: &str) -> Result<String, Fault> {
    let close = sheet.rfind("</").ok_or_else(|| broken("worksheet"))?;
    let name = sheet[close + 2..].split('>').next().unwrap_or("worksheet");
    let prefix = name.strip_suffix("worksheet").unwrap_or("");
    let after = ["legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst"];
    let data_end = sheet.find("sheetData").unwrap_or(0);
    let at = after
        .iter()
        .filter_map(|tag| sheet[data_end..].find(&format!("<{prefix}{tag}")).map(|at| data_end + at))
        .min()
        .unwrap_or(close);
    Ok(format!("{}<{prefix}legacyDrawing xmlns:r=\"{RELATIONS}\" r:id=\"rIdKhueDrawing\"/>{}", &sheet[..at], &sheet[at..]))
}

fn with_types(types: &str) -> Result<String, Fault> {
    let close = types.rfind("</").ok_or_else(|| broken("[Content_Types].xml"))?;
    let vml = if types.contains("Extension=\"vml\"") {
        ""
    } else {
        "<Default Extension=\"vml\" ContentType=\"application/vnd.openxmlformats-officedocument.vmlDrawing\"/>"
    };
    Ok(format!(
        "{}{vml}<Override PartName=\"/{COMMENTS}\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml\"/>{}",
        &types[..close],
        &types[close..]
    ))
}

fn with_relations(relations: &str) -> Result<String, Fault> {
    let line = format!(
        "<Relationship Id=\"rIdKhueDrawing\" Type=\"{RELATIONS}/vmlDrawing\" Target=\"/{DRAWING}\"/>\
         <Relationship Id=\"rIdKhueComments\" Type=\"{RELATIONS}/comments\" Target=\"/{COMMENTS}\"/>"
    );
    match relations.rfind("</") {
        Some(close) => Ok(format!("{}{line}{}", &relations[..close], &relations[close..])),
        // `<Relationships xmlns="…"/>`
        None => {
            let close = relations.rfind("/>").ok_or_else(|| broken("rels"))?;
            Ok(format!("{}>{line}</Relationships>", &relations[..close]))
        }
    }
}

fn comments(marks: &BTreeMap<Place, String>) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\
         <comments xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><authors><author>Khuê</author></authors><commentList>",
    );
    for ((row, column), said) in marks {
        let _ = write!(
            out,
            "<comment ref=\"{}{row}\" authorId=\"0\"><text><t xml:space=\"preserve\">{}</t></text></comment>",
            super::grid::column_letter(*column),
            quick_xml::escape::escape(said.as_str())
        );
    }
    out.push_str("</commentList></comments>");
    out
}

/// Excel shows a comment only where a shape of the old drawing language stands for it.
fn drawing(marks: &BTreeMap<Place, String>) -> String {
    let mut out = String::from(
        "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" \
         xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><o:shapelayout v:ext=\"edit\"><o:idmap v:ext=\"edit\" data=\"1\"/></o:shapelayout>\
         <v:shapetype id=\"_x0000_t202\" coordsize=\"21600,21600\" o:spt=\"202\" path=\"m,l,21600r21600,l21600,xe\">\
         <v:stroke joinstyle=\"miter\"/><v:path gradientshapeok=\"t\" o:connecttype=\"rect\"/></v:shapetype>",
    );
    for (number, (row, column)) in (1025u32..).zip(marks.keys()) {
        let top = row.saturating_sub(1);
        let _ = write!(
            out,
            "<v:shape id=\"_x0000_s{number}\" type=\"#_x0000_t202\" style=\"position:absolute;visibility:hidden\" fillcolor=\"#ffffe1\" \
             o:insetmode=\"auto\"><v:fill color2=\"#ffffe1\"/><v:textbox style=\"mso-direction-alt:auto\"/><x:ClientData ObjectType=\"Note\">\
             <x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{}, 15, {top}, 2, {}, 31, {}, 4</x:Anchor><x:AutoFill>False</x:AutoFill>\
             <x:Row>{top}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>",
            u32::from(*column) + 1,
            u32::from(*column) + 4,
            top + 4,
        );
    }
    out.push_str("</xml>");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_gets_a_filled_twin() {
        let styles = r#"<styleSheet><fills count="2"><fill><patternFill patternType="none"/></fill><fill/></fills><cellXfs count="2"><xf numFmtId="0" fillId="0"/><xf numFmtId="14" fillId="1" applyFill="1"><alignment wrapText="1"/></xf></cellXfs></styleSheet>"#;
        let (out, count) = twins(styles).expect("styles").expect("room");
        assert_eq!(count, 2);
        assert!(out.contains(r#"<xf numFmtId="0" fillId="2" applyFill="1"/>"#), "{out}");
        assert!(out.contains(r#"<xf numFmtId="14" fillId="2" applyFill="1"><alignment wrapText="1"/></xf>"#), "{out}");
        assert!(out.contains(r#"fills count="3""#) && out.contains(r#"cellXfs count="4""#), "{out}");
    }

    #[test]
    fn a_marked_file_is_the_same_file() {
        let mut workbook = rust_xlsxwriter::Workbook::new();
        let sheet = workbook.add_worksheet();
        sheet.write(0, 0, "Họ tên").expect("text");
        sheet.write(1, 0, "An").expect("text");
        sheet.write(1, 1, 4.5).expect("number");
        let bytes = workbook.save_to_buffer().expect("a workbook");
        let marks = BTreeMap::from([((2, 0), "Thiếu họ".to_owned()), ((2, 3), "Thiếu <ngày> & tháng".to_owned())]);
        let marked = mark(&bytes, "xl/worksheets/sheet1.xml", &marks).expect("marked");
        let mut archive = ZipArchive::new(Cursor::new(marked.as_slice())).expect("zip");
        let mut text = |name: &str| {
            let mut out = String::new();
            std::io::Read::read_to_string(&mut archive.by_name(name).expect(name), &mut out).expect("text");
            out
        };
        assert!(text(COMMENTS).contains("Thiếu &lt;ngày&gt; &amp; tháng"));
        let sheet = text("xl/worksheets/sheet1.xml");
        assert!(sheet.contains("legacyDrawing") && sheet.contains("r=\"D2\""), "{sheet}");
        assert!(sheet.contains("<v>4.5</v>"), "{sheet}");
        assert!(text("xl/worksheets/_rels/sheet1.xml.rels").contains("rIdKhueComments"));
        // It is read again as it was.
        let options = crate::imports::parse::Options::new("2026-11-22".parse().expect("a day"));
        let table = crate::imports::parse::table::read(&marked, &options, |grid| {
            crate::imports::parse::table::by_synonyms(grid, |header| (header == "ho ten").then(|| "name".to_owned()))
        });
        // A header of one column is none: what matters is that the package opens.
        assert!(table.is_err() || table.is_ok_and(|t| t.rows.len() == 1));
    }
}
