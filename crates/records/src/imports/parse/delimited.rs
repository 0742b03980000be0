//! CSV and its relatives: encoding and delimiter found out, cells as text.

use super::Limits;
use super::faults::{Fault, FaultCode};
use super::grid::{Cell, Grid, Row};
use super::legacy::{FontHint, Votes, is_syllable, windows_1258};

/// Reads delimited text. The encoding's name comes back where the text had to be converted.
pub fn read(bytes: &[u8], max_rows: usize, limits: &Limits) -> Result<(Grid, Option<&'static str>), Fault> {
    let (text, converted) = decode(bytes)?;
    if text.contains('\0') {
        return Err(Fault::new(FaultCode::NotSpreadsheet, &[]));
    }
    let mut grid = Grid::default();
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter(&text)).from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut cells_read = 0;
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                let row = error.position().map_or(0, csv::Position::line);
                return Err(Fault::new(FaultCode::CsvBroken, &[("row", &row)]));
            }
        }
        let number = record.position().map_or(0, csv::Position::line);
        let cells: Vec<(u16, Cell)> = record
            .iter()
            .take(limits.columns.into())
            .enumerate()
            .filter_map(|(column, text)| Some((u16::try_from(column).ok()?, cell(text))))
            .filter(|(_, cell)| !cell.is_blank())
            .collect();
        if cells.is_empty() {
            continue;
        }
        cells_read += cells.len();
        if grid.rows.len() >= max_rows || cells_read > limits.cells {
            grid.cut = true;
            break;
        }
        grid.rows.push(Row { number: u32::try_from(number).unwrap_or(u32::MAX), cells });
    }
    Ok((grid, converted))
}

/// `="0123"` is how programs keep Excel from dropping zeros: a text. Any other `=…` is a formula.
fn cell(text: &str) -> Cell {
    let trimmed = text.trim();
    if let Some(inner) = trimmed.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'))
        && !inner.contains('"')
    {
        return Cell::text(inner);
    }
    Cell { formula: trimmed.starts_with('=') && trimmed.len() > 1, ..Cell::text(text) }
}

/// The delimiter that most evenly divides the first lines.
fn delimiter(text: &str) -> u8 {
    let mut best = (0, b',');
    for candidate in [b',', b';', b'\t', b'|'] {
        let mut lines = 0;
        for line in text.lines().take(40) {
            let mut quoted = false;
            let count = line
                .bytes()
                .filter(|b| {
                    quoted ^= *b == b'"';
                    !quoted && *b == candidate
                })
                .count();
            // A line with several counts for more, so that a decimal comma or a comma in an address does not win.
            lines += count.min(8);
        }
        if lines > best.0 {
            best = (lines, candidate);
        }
    }
    best.1
}

fn decode(bytes: &[u8]) -> Result<(String, Option<&'static str>), Fault> {
    let unknown = || Fault::new(FaultCode::TextEncoding, &[]);
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return String::from_utf8(rest.to_vec()).map(|text| (text, None)).map_err(|_| unknown());
    }
    if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        return utf16(rest, u16::from_le_bytes).map(|text| (text, None)).ok_or_else(unknown);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        return utf16(rest, u16::from_be_bytes).map(|text| (text, None)).ok_or_else(unknown);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        // UTF-16 of ASCII is valid UTF-8 with a zero beside every letter.
        let sample = &bytes[..bytes.len().min(512)];
        let zeros = |parity: usize| sample.iter().skip(parity).step_by(2).filter(|b| **b == 0).count() * 4 > sample.len();
        return match (zeros(1), zeros(0)) {
            (true, false) => utf16(bytes, u16::from_le_bytes).map(|text| (text, None)).ok_or_else(unknown),
            (false, true) => utf16(bytes, u16::from_be_bytes).map(|text| (text, None)).ok_or_else(unknown),
            _ => Ok((text.to_owned(), None)),
        };
    }
    if bytes.contains(&0) {
        // UTF-16 without a mark and with letters outside ASCII; otherwise a binary file.
        let le = utf16(bytes, u16::from_le_bytes).filter(|text| mostly_text(text));
        return le
            .or_else(|| utf16(bytes, u16::from_be_bytes).filter(|text| mostly_text(text)))
            .map(|text| (text, None))
            .ok_or_else(|| Fault::new(FaultCode::NotSpreadsheet, &[]));
    }
    one_byte(bytes).ok_or_else(unknown)
}

/// Text of one byte a letter: Windows-1258, or a legacy font, which later steps convert.
fn one_byte(bytes: &[u8]) -> Option<(String, Option<&'static str>)> {
    let latin: String = bytes.iter().map(|b| char::from(*b)).collect();
    if latin.chars().any(|c| c.is_control() && !c.is_whitespace() && (c as u32) < 0x20) {
        return None;
    }
    let mut votes = Votes::default();
    latin.lines().take(200).for_each(|line| votes.add(line.get(..400).unwrap_or(line), FontHint::None));
    let legacy = votes.legacy_score();
    let as_1258 = windows_1258(bytes);
    let score_1258 = as_1258.as_deref().map_or(i32::MIN, |text| {
        text.lines()
            .take(200)
            .flat_map(|line| line.split(|c: char| !c.is_alphabetic()))
            .filter(|word| !word.is_ascii())
            .map(|word| if is_syllable(word) { 1 } else { -1 })
            .sum()
    });
    match as_1258 {
        Some(text) if score_1258 > 0 && score_1258 > legacy => Some((text, Some("Windows-1258"))),
        _ if legacy > 0 => Some((latin, None)),
        _ => None,
    }
}

fn utf16(bytes: &[u8], read: fn([u8; 2]) -> u16) -> Option<String> {
    if !bytes.len().is_multiple_of(2) {
        return None;
    }
    let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| read([pair[0], pair[1]])).collect();
    String::from_utf16(&units).ok()
}

/// Whether nine of ten characters are of the kinds that Vietnamese text has.
fn mostly_text(text: &str) -> bool {
    let usual = |c: &char| {
        c.is_ascii_graphic()
            || c.is_whitespace()
            || matches!(c, '\u{A0}'..='\u{1B4}' | '\u{300}'..='\u{323}' | '\u{1E00}'..='\u{1EFF}' | '\u{2010}'..='\u{2026}')
    };
    let sample = || text.chars().take(400);
    sample().filter(usual).count() * 10 >= sample().count() * 9
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "STT,Họ và tên,Ngày sinh\r\n1,Nguyễn Thị Ánh,06/04/2015\r\n";

    fn texts(bytes: &[u8]) -> Vec<String> {
        let (grid, _) = read(bytes, 100, &Limits::default()).expect("readable");
        grid.rows
            .iter()
            .flat_map(|row| row.cells.iter())
            .map(|(_, cell)| match &cell.value {
                super::super::grid::Value::Text(text) => text.to_string(),
                other => panic!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn encodings() {
        let expected = ["STT", "Họ và tên", "Ngày sinh", "1", "Nguyễn Thị Ánh", "06/04/2015"];
        assert_eq!(texts(LIST.as_bytes()), expected);
        assert_eq!(texts(&[b"\xef\xbb\xbf", LIST.as_bytes()].concat()), expected);
        let le: Vec<u8> = LIST.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = LIST.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(texts(&[b"\xff\xfe", le.as_slice()].concat()), expected);
        assert_eq!(texts(&[b"\xfe\xff", be.as_slice()].concat()), expected);
        assert_eq!(texts(&le), expected);
        assert_eq!(texts(&be), expected);
        let bytes = b"STT,Ho\xf2 va\xcc t\xean\n1,Nguy\xea\xden Thi\xf2 \xc1nh\n";
        assert_eq!(texts(bytes), ["STT", "Họ và tên", "1", "Nguyễn Thị Ánh"]);
        assert_eq!(texts("STT;Họ tên\n1;Lê, An".as_bytes()), ["STT", "Họ tên", "1", "Lê, An"]);
        assert_eq!(texts("STT\tHọ tên\n1\tLê An".as_bytes()), ["STT", "Họ tên", "1", "Lê An"]);
        assert!(read(&[1, 2, 3, 0xff, 0, 9, 7, 0xfe], 100, &Limits::default()).is_err());
    }

    #[test]
    fn formulas_and_kept_zeros() {
        let (grid, _) = read(b"a,\"=\"\"0123\"\"\",=A1+1,=\n", 10, &Limits::default()).expect("readable");
        let cells = &grid.rows[0].cells;
        assert_eq!(cells[1].1, Cell::text("0123"));
        assert!(cells[2].1.formula && !cells[3].1.formula);
    }
}
