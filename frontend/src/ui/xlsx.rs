//! A workbook of one sheet: the smallest file that Excel, LibreOffice and the reader of imports open without a question.
//!
//! Parts of ECMA-376 in a ZIP without compression. Everything is said as text, number or day; nothing is a formula.

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Text(String),
    /// As it is written in the file: "1234", "8.5".
    Number(String),
    /// Days since 30 December 1899, as Excel counts them.
    Day(i64),
}

/// A sheet with its head.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    pub head: Vec<String>,
    pub rows: Vec<Vec<Cell>>,
}

/// The media type of what [`book`] makes.
pub const MEDIA: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// A cell holds no more.
const LONGEST: usize = 32_767;

const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>"#;
const RELS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Khue" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const BOOK_RELS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;
/// 0 as it is, 1 the head in bold, 2 a day.
const STYLES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>"#;

/// "A", "Z", "AA" of a column from 0.
fn column(mut n: usize) -> String {
    let mut name = String::new();
    loop {
        name.insert(0, char::from(b'A' + (n % 26) as u8));
        if n < 26 {
            return name;
        }
        n = n / 26 - 1;
    }
}

/// Escaped for XML; what XML cannot hold is left out.
fn escape(text: &str, out: &mut String) {
    for c in text.chars().take(LONGEST) {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
}

fn cell(at: &str, cell: &Cell, style: u8, out: &mut String) {
    match cell {
        Cell::Text(text) if text.is_empty() => {}
        Cell::Text(text) => {
            out.push_str(&format!(r#"<c r="{at}" s="{style}" t="inlineStr"><is><t xml:space="preserve">"#));
            escape(text, out);
            out.push_str("</t></is></c>");
        }
        Cell::Number(number) => out.push_str(&format!(r#"<c r="{at}"><v>{number}</v></c>"#)),
        Cell::Day(day) => out.push_str(&format!(r#"<c r="{at}" s="2"><v>{day}</v></c>"#)),
    }
}

/// As wide as its longest text, within reason.
fn width(sheet: &Sheet, i: usize) -> usize {
    let of = |cell: &Cell| match cell {
        Cell::Text(text) | Cell::Number(text) => text.chars().count(),
        Cell::Day(_) => 10,
    };
    let longest = sheet.rows.iter().filter_map(|row| row.get(i)).map(of).max().unwrap_or(0);
    longest.max(sheet.head[i].chars().count()).clamp(8, 60) + 2
}

fn sheet_xml(sheet: &Sheet) -> String {
    let mut out = String::from(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>"#,
    );
    for i in 0..sheet.head.len() {
        out.push_str(&format!(r#"<col min="{0}" max="{0}" width="{1}" customWidth="1"/>"#, i + 1, width(sheet, i)));
    }
    out.push_str("</cols><sheetData>");
    let head: Vec<Cell> = sheet.head.iter().cloned().map(Cell::Text).collect();
    for (n, row) in std::iter::once(&head).chain(&sheet.rows).enumerate() {
        out.push_str(&format!(r#"<row r="{}">"#, n + 1));
        for (i, one) in row.iter().enumerate() {
            cell(&format!("{}{}", column(i), n + 1), one, u8::from(n == 0), &mut out);
        }
        out.push_str("</row>");
    }
    let last = format!("{}{}", column(sheet.head.len().saturating_sub(1)), sheet.rows.len() + 1);
    out.push_str(&format!(r#"</sheetData><autoFilter ref="A1:{last}"/></worksheet>"#));
    out
}

/// CRC-32 of ZIP, without a table: the files are small.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg()))
    })
}

fn little(out: &mut Vec<u8>, parts: &[(u32, usize)]) {
    for (value, bytes) in parts {
        out.extend_from_slice(&value.to_le_bytes()[..*bytes]);
    }
}

/// A ZIP of files as they are. The time in it is 1 January 1980, so that the same rows are the same bytes.
fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    /// UTF-8 names.
    const FLAGS: u32 = 0x0800;
    const DAY: u32 = 0x0021;
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in files {
        let (at, size, name_len) = (out.len() as u32, bytes.len() as u32, name.len() as u32);
        let common =
            [(20, 2), (FLAGS, 2), (0, 2), (0, 2), (DAY, 2), (crc(bytes), 4), (size, 4), (size, 4), (name_len, 2), (0, 2)];
        little(&mut out, &[(0x0403_4b50, 4)]);
        little(&mut out, &common);
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(bytes);
        little(&mut directory, &[(0x0201_4b50, 4), (20, 2)]);
        little(&mut directory, &common);
        little(&mut directory, &[(0, 2), (0, 2), (0, 2), (0, 4), (at, 4)]);
        directory.extend_from_slice(name.as_bytes());
    }
    let (at, size, count) = (out.len() as u32, directory.len() as u32, files.len() as u32);
    out.append(&mut directory);
    little(&mut out, &[(0x0605_4b50, 4), (0, 2), (0, 2), (count, 2), (count, 2), (size, 4), (at, 4), (0, 2)]);
    out
}

/// The bytes of the workbook.
pub fn book(sheet: &Sheet) -> Vec<u8> {
    zip(&[
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", RELS.as_bytes()),
        ("xl/workbook.xml", BOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", BOOK_RELS.as_bytes()),
        ("xl/styles.xml", STYLES.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet_xml(sheet).as_bytes()),
    ])
}

/// What a text of a page is in a sheet. A day is one everywhere; a figure only in a column of figures, since a code may look like one.
pub fn value(text: &str, figures: bool) -> Cell {
    if let Some(day) = day(text) {
        return Cell::Day(day);
    }
    match figures.then(|| number(text)).flatten() {
        Some(number) => Cell::Number(number),
        None => Cell::Text(text.to_owned()),
    }
}

/// "22/11/2026"
fn day(text: &str) -> Option<i64> {
    let mut parts = text.split('/');
    let (d, m, y) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || (d.len(), m.len(), y.len()) != (2, 2, 4) {
        return None;
    }
    let day = chrono::NaiveDate::from_ymd_opt(y.parse().ok()?, m.parse().ok()?, d.parse().ok()?)?;
    let first = chrono::NaiveDate::from_ymd_opt(1899, 12, 30)?;
    // Before March 1900 Excel counts a day that there never was.
    Some((day - first).num_days()).filter(|days| *days > 60)
}

/// "256.347", "256,347", "8,5", "-3": as a file writes it.
fn number(text: &str) -> Option<String> {
    let (sign, digits) = match text.strip_prefix(['-', '−']) {
        Some(rest) => ("-", rest),
        None => ("", text),
    };
    let parts: Vec<&str> = digits.split(['.', ',']).collect();
    if parts.iter().any(|part| part.is_empty() || !part.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let first = *parts.first()?;
    let whole = first.len() == 1 || !first.starts_with('0');
    match parts.as_slice() {
        [one] if whole && one.len() <= 15 => Some(format!("{sign}{one}")),
        [_, fraction] if whole && fraction.len() < 3 => Some(format!("{sign}{first}.{fraction}")),
        [_, rest @ ..] if whole && !rest.is_empty() && first.len() <= 3 && first != "0" && rest.iter().all(|p| p.len() == 3) => {
            Some(format!("{sign}{}", parts.concat()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_pages_become_values() {
        assert_eq!(value("22/11/2026", false), Cell::Day(46348));
        assert_eq!(value("31/02/2026", false), Cell::Text("31/02/2026".into()));
        assert_eq!(value("06/07/2026 – 10/07/2026", false), Cell::Text("06/07/2026 – 10/07/2026".into()));
        for (text, number) in [
            ("45", "45"),
            ("256.347", "256347"),
            ("256,347", "256347"),
            ("6.500.000.000", "6500000000"),
            ("8,5", "8.5"),
            ("10.0", "10.0"),
            ("0", "0"),
            ("-3", "-3"),
        ] {
            assert_eq!(value(text, true), Cell::Number(number.into()), "{text}");
        }
        // Codes and words stay what they are, also in a column of figures.
        for text in ["0912345678", "007", "1.23.456", "12%", "", "Đ", "1e5", "1234567890123456"] {
            assert_eq!(value(text, true), Cell::Text(text.into()), "{text}");
        }
        assert_eq!(value("7912345678", false), Cell::Text("7912345678".into()));
    }

    #[test]
    fn a_book_is_a_zip_of_its_parts() {
        let sheet = Sheet {
            head: vec!["Họ & tên".into(), "Sinh".into(), "Tiết".into()],
            rows: vec![vec![Cell::Text("=1+1 <Ánh>\u{1}".into()), Cell::Day(46348), Cell::Number("8.5".into())]],
        };
        let bytes = book(&sheet);
        let text = String::from_utf8_lossy(&bytes);
        assert!(bytes.starts_with(b"PK\x03\x04") && text.contains("xl/worksheets/sheet1.xml"));
        assert!(
            text.contains("Họ &amp; tên")
                && text.contains(r#"<c r="A2" s="0" t="inlineStr"><is><t xml:space="preserve">=1+1 &lt;Ánh&gt;</t>"#)
        );
        assert!(text.contains(r#"<c r="B2" s="2"><v>46348</v></c><c r="C2"><v>8.5</v></c>"#));
        assert_eq!(bytes, book(&sheet), "the same rows are the same bytes");
    }

    #[test]
    fn columns_and_sums_are_those_of_the_formats() {
        assert_eq!(
            (column(0), column(25), column(26), column(701), column(702)),
            ("A".into(), "Z".into(), "AA".into(), "ZZ".into(), "AAA".into())
        );
        assert_eq!(crc(b"123456789"), 0xcbf4_3926);
    }
}
