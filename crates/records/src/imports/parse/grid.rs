//! A sheet as it is read, before anything is understood: sparse rows of cells.

use super::legacy::FontHint;
use std::sync::Arc;

/// The value of a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Text(Arc<str>),
    Number(f64),
    /// A number shown as a date.
    Date(f64),
    Bool(bool),
    /// "#REF!" and its like.
    Error(Arc<str>),
}

/// A cell that is not empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    pub value: Value,
    pub formula: bool,
    /// What the font says about the encoding of the text.
    pub font: FontHint,
}

impl Cell {
    pub fn text(text: &str) -> Cell {
        Cell { value: Value::Text(text.into()), formula: false, font: FontHint::None }
    }

    /// Whether there is nothing to read in the cell.
    pub fn is_blank(&self) -> bool {
        !self.formula && matches!(&self.value, Value::Text(text) if text.chars().all(|c| c.is_whitespace() || c == '\u{feff}'))
    }
}

/// A row with at least one cell. Columns are counted from 0 and ascend.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub number: u32,
    pub cells: Vec<(u16, Cell)>,
}

impl Row {
    pub fn get(&self, column: u16) -> Option<&Cell> {
        self.cells.binary_search_by_key(&column, |(c, _)| *c).ok().map(|i| &self.cells[i].1).filter(|c| !c.is_blank())
    }
}

/// Merged cells, from 0 for columns and 1 for rows, ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merge {
    pub rows: (u32, u32),
    pub columns: (u16, u16),
}

/// One sheet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grid {
    pub name: String,
    pub rows: Vec<Row>,
    pub merges: Vec<Merge>,
    pub hidden_columns: Vec<(u16, u16)>,
    pub epoch_1904: bool,
    /// Reading stopped since there were too many rows or cells.
    pub cut: bool,
}

impl Grid {
    pub fn is_hidden(&self, column: u16) -> bool {
        self.hidden_columns.iter().any(|(first, last)| (*first..=*last).contains(&column))
    }
}

/// "A" for 0, "AL" for 37.
pub fn column_letter(column: u16) -> String {
    let mut out = Vec::new();
    let mut rest = u32::from(column) + 1;
    while rest > 0 {
        rest -= 1;
        out.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    out.iter().rev().collect()
}

/// The column (from 0) and row (from 1) of an address such as "AL52"; None for anything else.
pub fn parse_address(address: &str) -> Option<(u16, u32)> {
    let address = address.trim_start_matches('$');
    let letters = address.bytes().take_while(u8::is_ascii_alphabetic).count();
    if letters == 0 || letters > 3 {
        return None;
    }
    let column = address[..letters].bytes().fold(0u32, |n, b| n * 26 + u32::from(b.to_ascii_uppercase() - b'A') + 1);
    let row: u32 = address[letters..].trim_start_matches('$').parse().ok()?;
    (row > 0 && row <= 1_048_576).then_some((u16::try_from(column - 1).ok()?, row))
}

/// A number as a person would type it: no exponent, no trailing zeros. A comma never appears.
pub fn number_text(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        // Exact below 2^53.
        format!("{}", number as i64)
    } else {
        format!("{number}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for (letter, column) in [("A", 0), ("Z", 25), ("AA", 26), ("AL", 37), ("XFD", 16383)] {
            assert_eq!(column_letter(column), letter);
            assert_eq!(parse_address(&format!("{letter}52")), Some((column, 52)));
        }
        for bad in ["", "A", "1", "A0", "AAAA1", "A1B", "Ă1", "A99999999999"] {
            assert_eq!(parse_address(bad), None, "{bad}");
        }
    }

    #[test]
    fn numbers_as_text() {
        assert_eq!(number_text(26315498873.0), "26315498873");
        assert_eq!(number_text(6.1), "6.1");
        assert_eq!(number_text(-0.0), "0");
    }
}
