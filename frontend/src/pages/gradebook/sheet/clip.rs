//! Blocks from Excel and back: tab-separated text, checked cell by cell before anything is written.

use super::grid::{Entry, Grid, Place};
use super::value::{Kind, Read, Value, Wrong, read, write};
use dto::Lang;
use regulations::tt27::{SubjectLevel, TraitLevel};

/// What would become of one pasted cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Fate {
    /// Fills an empty cell.
    New(Value),
    /// Replaces what stands there; `None` clears it.
    Change(Option<Value>),
    Same,
    /// The text is no value of its column.
    Wrong(Wrong),
    /// The learner has left the class.
    Left,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Pasted {
    pub at: usize,
    pub text: String,
    pub fate: Fate,
    /// Read as a quick entry: `85` as 8,5.
    pub reinterpreted: bool,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Check {
    pub cells: Vec<Pasted>,
    /// Cells of the block that lie outside the sheet.
    pub outside: usize,
    /// Names beside the marks that are not those of their rows: name here, name pasted.
    pub strangers: Vec<(String, String)>,
}

/// Rows and fields of tab-separated text, with Excel's quotes.
pub fn fields(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let last = rows.last_mut().and_then(|row| row.last_mut());
        let Some(field) = last else { break };
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if field.is_empty() => quoted = true,
            '\t' if !quoted => {
                if let Some(row) = rows.last_mut() {
                    row.push(String::new());
                }
            }
            '\r' if !quoted => {}
            '\n' if !quoted => rows.push(vec![String::new()]),
            c => field.push(c),
        }
    }
    // Excel ends a block with a line break.
    if rows.len() > 1 && rows.last().is_some_and(|row| row.iter().all(|f| f.is_empty())) {
        rows.pop();
    }
    rows
}

fn bare(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// A text with letters that could be a person's name: more than one word.
fn namely(text: &str) -> bool {
    let text = text.trim();
    text.contains(' ')
        && text.chars().all(|c| c.is_alphabetic() || c == ' ')
        && read(text, Kind::Conduct).is_err()
        && !is_level(text)
}

/// "Hoàn thành tốt", "Cần cố gắng": words of a primary sheet.
fn is_level(text: &str) -> bool {
    SubjectLevel::parse_vi(text).is_some() || TraitLevel::parse_vi(text).is_some()
}

/// How many columns of the block stand before the marks: up to and with the last that holds names.
fn leading(block: &[Vec<String>]) -> usize {
    let width = block.iter().map(Vec::len).max().unwrap_or(0);
    (0..width.saturating_sub(1))
        .rev()
        .find(|m| {
            let full: Vec<&String> = block.iter().filter_map(|line| line.get(*m)).filter(|f| !f.trim().is_empty()).collect();
            !full.is_empty() && full.iter().filter(|f| namely(f)).count() * 2 > full.len()
        })
        .map_or(0, |m| m + 1)
}

impl Grid {
    /// What a pasted text would do, from the upper left corner of the selection on. A single value fills the whole selection.
    pub fn check_paste(&self, text: &str) -> Check {
        let mut block = fields(text);
        let mut check = Check::default();
        let (rows, columns) = self.block();
        let (top, left) = (*rows.start(), *columns.start());
        // Columns before the first mark, such as number, name and birth date, are for finding the row, not for writing.
        let skip = leading(&block);
        if skip > 0 {
            for (n, line) in block.iter().enumerate() {
                let name = line.iter().take(skip).find(|f| namely(f));
                if let (Some(name), Some(row)) = (name, self.rows.get(top + n))
                    && bare(name) != bare(&row.full_name)
                {
                    check.strangers.push((row.full_name.clone(), name.trim().to_owned()));
                }
            }
            for line in &mut block {
                line.drain(..skip.min(line.len()));
            }
        }
        if let [line] = block.as_slice()
            && let [one] = line.as_slice()
        {
            for at in self.selected() {
                self.paste_one(&mut check, at, one);
            }
            return check;
        }
        for (n, line) in block.iter().enumerate() {
            for (m, field) in line.iter().enumerate() {
                let place = Place { row: top + n, column: left + m };
                if place.row < self.rows.len() && place.column < self.columns.len() {
                    self.paste_one(&mut check, self.index(place), field);
                } else if !field.trim().is_empty() {
                    check.outside += 1;
                }
            }
        }
        check
    }

    fn paste_one(&self, check: &mut Check, at: usize, text: &str) {
        let now = self.cells[at].entry.value();
        let kind = self.column_of(at).kind;
        let (fate, reinterpreted) = match read(text, kind) {
            _ if self.row_of(at).left => (Fate::Left, false),
            Err(wrong) => (Fate::Wrong(wrong), false),
            Ok(Read { value, .. }) if value == now && !matches!(self.cells[at].entry, Entry::Wrong(..)) => (Fate::Same, false),
            Ok(Read { value: Some(value), reinterpreted }) if now.is_none() => (Fate::New(value), reinterpreted),
            Ok(Read { value, reinterpreted }) => (Fate::Change(value), reinterpreted),
        };
        check.cells.push(Pasted { at, text: text.trim().to_owned(), fate, reinterpreted });
    }

    /// The selection as Excel takes it.
    pub fn copy(&self, lang: Lang) -> String {
        let (rows, columns) = self.block();
        rows.map(|row| {
            let line: Vec<String> = columns
                .clone()
                .map(|column| match &self.cells[self.index(Place { row, column })].entry {
                    Entry::Wrong(text, _) => text.clone(),
                    entry => write(entry.value(), lang),
                })
                .collect();
            line.join("\t")
        })
        .collect::<Vec<_>>()
        .join("\n")
    }
}

impl Check {
    /// What is to be written. `clear`: empty fields of the block clear what stands there.
    pub fn entries(&self, clear: bool) -> Vec<(usize, Entry)> {
        self.cells
            .iter()
            .filter_map(|cell| match &cell.fate {
                Fate::New(value) => Some((cell.at, Entry::Value(*value))),
                Fate::Change(Some(value)) => Some((cell.at, Entry::Value(*value))),
                Fate::Change(None) if clear => Some((cell.at, Entry::Empty)),
                _ => None,
            })
            .collect()
    }

    /// Nothing to look at: everything is read as it is written and fills empty cells only.
    pub fn count(&self, of: impl Fn(&Fate) -> bool) -> usize {
        self.cells.iter().filter(|cell| of(&cell.fate)).count()
    }
}

#[cfg(test)]
mod tests {
    use super::super::grid::tests::{SCORE, grid};
    use super::*;

    #[test]
    fn reads_what_excel_writes() {
        assert_eq!(fields("8\t8,5\r\n\tv\r\n"), [["8", "8,5"], ["", "v"]]);
        assert_eq!(fields("\"a\nb\"\t\"c\"\"d\""), [["a\nb", "c\"d"]]);
    }

    #[test]
    fn checks_each_cell_before_it_writes() {
        let mut grid = grid(2, 2);
        grid.stands(1, read("7", SCORE).expect("a mark").value, 3);
        let check = grid.check_paste("85\t8\n12,5\t\t9");
        let fates: Vec<_> = check.cells.iter().map(|c| c.fate.clone()).collect();
        assert!(matches!(fates[0], Fate::New(_)) && check.cells[0].reinterpreted);
        assert!(matches!(fates[1], Fate::Change(Some(_))));
        assert!(matches!(fates[2], Fate::Wrong(_)));
        assert!(matches!(fates[3], Fate::Same));
        assert_eq!((check.outside, check.entries(true).len()), (1, 2));
    }

    #[test]
    fn a_block_with_names_is_held_against_the_rows() {
        let grid = grid(2, 2);
        let check = grid.check_paste("1\tHọc sinh A\t8\t9\n2\tTrần Văn Khác\t7\t6");
        assert_eq!(check.cells.len(), 4);
        assert_eq!(check.strangers, [("Học sinh B".to_owned(), "Trần Văn Khác".to_owned())]);
    }

    #[test]
    fn one_value_fills_the_selection() {
        let mut grid = grid(3, 2);
        grid.go(Place { row: 2, column: 1 }, true);
        assert_eq!(grid.check_paste("8").entries(false).len(), 6);
        assert_eq!(grid.copy(Lang::Vi), "\t\n\t\n\t");
    }
}
