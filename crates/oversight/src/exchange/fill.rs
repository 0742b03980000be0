//! A form in somebody's own workbook: columns by their headers without marks, over one row or several, wherever they stand; rows that the
//! workbook holds already by code or name. Only cells of found columns are written; hidden columns, sheets to look up in and all else
//! stay as they are.

use super::form::{Column, Table, Value};
use kernel::text::fold;
use records::imports::parse::book::{Fill, Grid, Merge, Place, Row, Sheet, Value as Held, number_text};
use std::collections::{BTreeMap, HashMap};

/// Rows in which a header may begin.
const SEARCHED: u32 = 20;
/// Rows that a header has at most.
const DEEPEST: u32 = 3;

/// A text as headers are compared: without marks and case, "y" as "i" (mỹ, mĩ; lý, lí), one blank between words.
pub fn plain(text: &str) -> String {
    let letters: String = fold(text).chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    letters.replace('y', "i").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn shown(value: &Held) -> String {
    match value {
        Held::Text(text) => text.to_string(),
        Held::Number(number) | Held::Date(number) => number_text(*number),
        Held::Bool(_) | Held::Error(_) => String::new(),
    }
}

/// The rows of a grid by number, with what merged cells show in each of their cells.
struct Sight<'g> {
    grid: &'g Grid,
    rows: HashMap<u32, &'g Row>,
}

impl<'g> Sight<'g> {
    fn new(grid: &'g Grid) -> Sight<'g> {
        Sight { grid, rows: grid.rows.iter().map(|row| (row.number, row)).collect() }
    }

    fn own(&self, row: u32, column: u16) -> Option<String> {
        let cell = self.rows.get(&row)?.get(column)?;
        Some(shown(&cell.value)).filter(|text| !text.trim().is_empty())
    }

    fn text(&self, row: u32, column: u16) -> Option<String> {
        self.own(row, column).or_else(|| {
            let covers = |(first, last): (u32, u32), at: u32| (first..=last).contains(&at);
            let merge = self
                .grid
                .merges
                .iter()
                .find(|merge| covers(merge.rows, row) && (merge.columns.0..=merge.columns.1).contains(&column))?;
            self.own(merge.rows.0, merge.columns.0)
        })
    }

    /// The last row of the cell that stands here.
    fn ends(&self, row: u32, column: u16) -> u32 {
        let covers = |merge: &&Merge| {
            (merge.rows.0..=merge.rows.1).contains(&row) && (merge.columns.0..=merge.columns.1).contains(&column)
        };
        self.grid.merges.iter().find(covers).map_or(row, |merge| merge.rows.1)
    }

    /// The headers above a column from the top, each once.
    fn path(&self, rows: std::ops::RangeInclusive<u32>, column: u16) -> Vec<String> {
        let mut path: Vec<String> = Vec::new();
        for row in rows {
            let text = self.text(row, column).map(|text| plain(&text)).filter(|text| !text.is_empty());
            path.extend(text.filter(|text| path.last() != Some(text)));
        }
        path
    }

    fn width(&self) -> u16 {
        self.grid.rows.iter().flat_map(|row| row.cells.last()).map(|(column, _)| column + 1).max().unwrap_or(0)
    }
}

/// What stands under the name of a subject and says nothing more of the column.
const LEVEL: [&str; 3] = ["muc dat duoc", "muc dat", "muc dd"];

/// How well a header is that of a column: 0 where it is not.
fn fits(column: &Column, path: &[String]) -> usize {
    let titles: Vec<String> = column.titles.iter().map(|title| plain(title)).collect();
    let (Some(last), Some((own, above))) = (path.last(), titles.split_last()) else { return 0 };
    // "Đạo đức" over "Mức đạt được" is a column of one title too.
    let (path, last) = match path {
        [before @ .., by, level] if above.is_empty() && LEVEL.contains(&level.as_str()) => {
            (path.get(..=before.len()).unwrap_or(path), by)
        }
        _ => (path, last),
    };
    let lowest = last == own || column.also.contains(&last.as_str());
    let joined = path.join(" ");
    // "Toán (Mức đạt được)" in one cell is what two rows of headers say.
    let in_one = above.first().is_some_and(|first| {
        joined.starts_with(first.as_str())
            && (joined.ends_with(own.as_str()) || column.also.iter().any(|also| joined.ends_with(&format!(" {also}"))))
    });
    let under = above.iter().all(|title| path.iter().any(|text| text == title || text.starts_with(&format!("{title} "))));
    match (above.is_empty(), lowest, under) {
        // A column without a group above is not one of a group's: "Khoa học" the subject is not the competency.
        (true, true, _) => 3 - path.len().min(2),
        (false, true, true) => 3,
        (false, _, _) if in_one => 2,
        _ => 0,
    }
}

/// Where a form's columns stand in a sheet.
#[derive(Debug)]
pub struct Found {
    pub sheet: String,
    pub part: String,
    /// The last row of the header.
    pub header: u32,
    /// For each column of the form its place.
    pub places: Vec<Option<u16>>,
    /// Headers of other columns.
    pub unfilled: Vec<String>,
}

impl Found {
    pub fn count(&self) -> usize {
        self.places.iter().flatten().count()
    }
}

/// The sheet and the rows of headers in which most columns are found; none where there are none.
pub fn find(sheets: &[Sheet], columns: &[Column]) -> Option<Found> {
    let mut best: Option<((usize, bool, u32, u32), Found)> = None;
    for sheet in sheets {
        let sight = Sight::new(&sheet.grid);
        let width = sight.width();
        for first in 1..=SEARCHED {
            for deep in 1..=DEEPEST {
                let last = first + deep - 1;
                // Rows that are there, the last with words of its own: an empty row of the list is no header.
                let said = (0..width).any(|column| sight.own(last, column).is_some());
                if !said || !(first..=last).all(|row| sight.rows.contains_key(&row)) {
                    continue;
                }
                let paths: Vec<Vec<String>> = (0..width).map(|column| sight.path(first..=last, column)).collect();
                let places = places(columns, &paths);
                let count = places.iter().flatten().count();
                // Most columns; a sheet that people see; the lowest row that still is header; the fewest rows.
                let rank = (count, !sheet.hidden, last, DEEPEST - deep);
                if count > 0 && best.as_ref().is_none_or(|(known, _)| rank > *known) {
                    let unfilled = (0..width)
                        .filter(|column| !places.contains(&Some(*column)))
                        .filter_map(|column| sight.text(last, column))
                        .collect();
                    let header = places.iter().flatten().map(|column| sight.ends(last, *column)).max().unwrap_or(last);
                    let found = Found { sheet: sheet.grid.name.clone(), part: sheet.part.clone(), header, places, unfilled };
                    best = Some((rank, found));
                }
            }
        }
    }
    best.map(|(_, found)| found)
}

/// Each column of the form at the header that fits it best, no header twice.
fn places(columns: &[Column], paths: &[Vec<String>]) -> Vec<Option<u16>> {
    let mut all: Vec<(usize, usize, usize)> = Vec::new();
    for (at, column) in columns.iter().enumerate() {
        for (place, path) in paths.iter().enumerate() {
            let how = fits(column, path);
            if how > 0 {
                all.push((how, at, place));
            }
        }
    }
    all.sort_by_key(|(how, at, place)| (std::cmp::Reverse(*how), *at, *place));
    let (mut found, mut taken) = (vec![None; columns.len()], vec![false; paths.len()]);
    for (_, at, place) in all {
        if found[at].is_none() && !taken[place] {
            found[at] = u16::try_from(place).ok();
            taken[place] = true;
        }
    }
    found
}

/// What goes into which cell.
pub fn cells(sheet: &Sheet, found: &Found, table: &Table) -> BTreeMap<Place, Fill> {
    let sight = Sight::new(&sheet.grid);
    let at = |row: u32, column: Option<usize>| {
        let place = found.places[column?]?;
        sight.own(row, place).map(|text| plain(&text))
    };
    // A row of numbers under the headers (1, 2, 3, …) belongs to them.
    let mut first = found.header + 1;
    if let Some(row) = sight.rows.get(&first) {
        let numbers: Vec<i64> = row.cells.iter().filter_map(|(_, cell)| shown(&cell.value).trim().parse().ok()).collect();
        if numbers.len() > 2 && numbers.len() == row.cells.iter().filter(|(_, c)| !c.is_blank()).count() {
            first += 1;
        }
    }
    // Rows that the workbook holds already.
    let mut by_code: HashMap<String, u32> = HashMap::new();
    let mut by_name: HashMap<String, Vec<u32>> = HashMap::new();
    let mut next = first;
    for row in sheet.grid.rows.iter().filter(|row| row.number >= first) {
        let (code, name) = (at(row.number, table.code), at(row.number, Some(table.name)));
        if code.is_some() || name.is_some() {
            next = row.number + 1;
        }
        by_code.extend(code.map(|code| (code, row.number)));
        if let Some(name) = name {
            by_name.entry(name).or_default().push(row.number);
        }
    }
    let mut cells = BTreeMap::new();
    let mut used = Vec::new();
    for line in &table.lines {
        let named = || by_name.get(&plain(&line.who)).filter(|rows| rows.len() == 1).map(|rows| rows[0]);
        let known = line.code.as_deref().and_then(|code| by_code.get(&plain(code)).copied()).or_else(named);
        let row = known.filter(|row| !used.contains(row)).unwrap_or_else(|| {
            next += 1;
            next - 1
        });
        used.push(row);
        for (value, place) in line.cells.iter().zip(&found.places) {
            let (Some(value), Some(place)) = (value, place) else { continue };
            let fill = match value {
                Value::Text(text) => Fill::Text(text.clone()),
                Value::Number(number) => Fill::Number(number.clone()),
            };
            cells.insert((row, *place), fill);
        }
    }
    cells
}
