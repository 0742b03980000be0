//! The sheet as data: cells, what is selected, what was done and can be undone. Knows neither browser nor server.

use super::value::{Kind, Value, Wrong, read};
use chrono::{DateTime, Utc};
use dto::LearnerId;
use dto::gradebook::MarkSource;
use regulations::Slot;
use std::ops::RangeInclusive;

/// How many steps back are kept.
const STEPS: usize = 300;

#[derive(Clone, Debug)]
pub struct Column {
    /// None for the columns of conduct.
    pub slot: Option<Slot>,
    pub kind: Kind,
}

#[derive(Clone, Debug)]
pub struct Row {
    pub learner: LearnerId,
    pub ordinal: u32,
    pub full_name: String,
    pub given_name: String,
    /// Left the class: shown, and nothing more is entered.
    pub left: bool,
}

/// What the person wants in a cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Entry {
    #[default]
    Empty,
    Value(Value),
    /// A text that is no value: kept on the screen, never sent.
    Wrong(String, Wrong),
}

impl Entry {
    pub fn read(text: &str, kind: Kind) -> Entry {
        match read(text, kind) {
            Ok(read) => Entry::from(read.value),
            Err(wrong) => Entry::Wrong(text.trim().to_owned(), wrong),
        }
    }

    /// The value, where it can be sent.
    pub fn value(&self) -> Option<Value> {
        match self {
            Entry::Value(value) => Some(*value),
            _ => None,
        }
    }
}

impl From<Option<Value>> for Entry {
    fn from(value: Option<Value>) -> Entry {
        value.map_or(Entry::Empty, Entry::Value)
    }
}

/// Somebody else changed the cell in the meantime.
#[derive(Clone, Debug, PartialEq)]
pub struct Conflict {
    pub theirs: Option<Value>,
    pub version: i64,
    pub by: Option<String>,
    pub at: Option<DateTime<Utc>>,
}

#[derive(Clone, Debug, Default)]
pub struct Cell {
    pub entry: Entry,
    /// What the server has, as far as we know, and the version of it.
    pub base: Option<Value>,
    pub version: i64,
    /// Held a value when the sheet was opened: a change of it asks for a reason.
    pub stood: bool,
    pub dirty: bool,
    /// On its way: what was sent.
    pub sent: Option<Option<Value>>,
    pub saved: bool,
    pub source: Option<MarkSource>,
    pub reason: Option<String>,
    /// Code of the error table.
    pub refused: Option<String>,
    pub conflict: Option<Conflict>,
    /// When it was typed, while it is not on the server.
    pub typed_at: Option<DateTime<Utc>>,
}

/// What the person is told about a cell; the first that holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    Wrong,
    Conflict,
    Refused,
    Saving,
    Dirty,
    Saved,
    #[default]
    Clean,
}

impl Cell {
    pub fn state(&self) -> State {
        match () {
            () if matches!(self.entry, Entry::Wrong(..)) => State::Wrong,
            () if self.conflict.is_some() => State::Conflict,
            () if self.refused.is_some() => State::Refused,
            () if self.sent.is_some() => State::Saving,
            () if self.dirty => State::Dirty,
            () if self.saved => State::Saved,
            () => State::Clean,
        }
    }

    /// Waits to be sent, and can be.
    pub fn ready(&self) -> bool {
        self.dirty
            && self.sent.is_none()
            && self.conflict.is_none()
            && self.refused.is_none()
            && !matches!(self.entry, Entry::Wrong(..))
    }

    /// Not on the server yet, for whatever reason.
    pub fn unsaved(&self) -> bool {
        self.dirty || self.sent.is_some()
    }
}

/// A cell that changes: its place, what was, what comes.
type Change = (usize, Entry, Entry);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    pub row: usize,
    pub column: usize,
}

#[derive(Clone, Debug)]
pub struct Grid {
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    pub writable: bool,
    pub cells: Vec<Cell>,
    /// Columns whose deadline has passed; empty where there is none.
    pub locked: Vec<bool>,
    pub active: Place,
    pub anchor: Place,
    done: Vec<Vec<Change>>,
    undone: Vec<Vec<Change>>,
}

/// Which way the active cell goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Up,
    Down,
    Left,
    Right,
    RowStart,
    RowEnd,
    First,
    Last,
    PageUp,
    PageDown,
}

const PAGE: usize = 12;

impl Grid {
    pub fn new(columns: Vec<Column>, rows: Vec<Row>, writable: bool) -> Grid {
        let cells = vec![Cell::default(); columns.len() * rows.len()];
        let start = Place::default();
        Grid {
            columns,
            rows,
            writable,
            cells,
            locked: Vec::new(),
            active: start,
            anchor: start,
            done: Vec::new(),
            undone: Vec::new(),
        }
    }

    /// Puts in what the server has.
    pub fn stands(&mut self, at: usize, value: Option<Value>, version: i64) {
        self.cells[at] = Cell { entry: value.into(), base: value, version, stood: value.is_some(), ..Cell::default() };
    }

    pub fn index(&self, place: Place) -> usize {
        place.row * self.columns.len() + place.column
    }

    pub fn place(&self, at: usize) -> Place {
        let width = self.columns.len().max(1);
        Place { row: at / width, column: at % width }
    }

    pub fn column_of(&self, at: usize) -> &Column {
        &self.columns[at % self.columns.len()]
    }

    pub fn row_of(&self, at: usize) -> &Row {
        &self.rows[at / self.columns.len()]
    }

    pub fn editable(&self, at: usize) -> bool {
        self.writable && !self.locks(at) && !self.row_of(at).left
    }

    /// The deadline of its column has passed.
    pub fn locks(&self, at: usize) -> bool {
        self.locked.get(self.place(at).column).copied().unwrap_or(false)
    }

    /// The cells of a row, as indices.
    pub fn row_cells(&self, row: usize) -> std::ops::Range<usize> {
        row * self.columns.len()..(row + 1) * self.columns.len()
    }

    pub fn active_index(&self) -> usize {
        self.index(self.active)
    }

    /// Where a step leads; none past the edge.
    pub fn step(&self, from: Place, way: Way) -> Option<Place> {
        let (last_row, last_column) = (self.rows.len().checked_sub(1)?, self.columns.len().checked_sub(1)?);
        let Place { row, column } = from;
        let at = |row, column| Some(Place { row, column });
        match way {
            Way::Up => at(row.checked_sub(1)?, column),
            Way::Down => (row < last_row).then_some(Place { row: row + 1, column }),
            Way::Left => at(row, column.checked_sub(1)?),
            Way::Right => (column < last_column).then_some(Place { row, column: column + 1 }),
            Way::RowStart => at(row, 0),
            Way::RowEnd => at(row, last_column),
            Way::First => at(0, 0),
            Way::Last => at(last_row, last_column),
            Way::PageUp => at(row.saturating_sub(PAGE), column),
            Way::PageDown => at((row + PAGE).min(last_row), column),
        }
    }

    /// Goes on in reading order, over the end of the row. `None` past the last cell.
    pub fn next(&self, from: Place, back: bool) -> Option<Place> {
        let at = self.index(from);
        let to = if back { at.checked_sub(1)? } else { at + 1 };
        (to < self.cells.len()).then(|| self.place(to))
    }

    pub fn go(&mut self, to: Place, extend: bool) {
        self.active = to;
        if !extend {
            self.anchor = to;
        }
    }

    /// The block between anchor and active cell.
    pub fn block(&self) -> (RangeInclusive<usize>, RangeInclusive<usize>) {
        let span = |a: usize, b: usize| a.min(b)..=a.max(b);
        (span(self.anchor.row, self.active.row), span(self.anchor.column, self.active.column))
    }

    pub fn selected(&self) -> Vec<usize> {
        let (rows, columns) = self.block();
        rows.flat_map(|row| columns.clone().map(move |column| Place { row, column })).map(|place| self.index(place)).collect()
    }

    /// Writes cells as one step that can be undone. Gives the cells that changed.
    pub fn put(&mut self, entries: Vec<(usize, Entry)>, source: MarkSource) -> Vec<usize> {
        let changes: Vec<Change> = entries
            .into_iter()
            .filter(|(at, entry)| self.editable(*at) && self.cells[*at].entry != *entry)
            .map(|(at, entry)| (at, self.cells[at].entry.clone(), entry))
            .collect();
        if changes.is_empty() {
            return Vec::new();
        }
        for (at, _, after) in &changes {
            self.write(*at, after.clone(), source);
        }
        let touched = changes.iter().map(|(at, ..)| *at).collect();
        self.undone.clear();
        self.done.push(changes);
        if self.done.len() > STEPS {
            self.done.remove(0);
        }
        touched
    }

    fn write(&mut self, at: usize, entry: Entry, source: MarkSource) {
        let cell = &mut self.cells[at];
        // Who types over a conflict has seen both values: it is settled on the other's version.
        if let Some(conflict) = cell.conflict.take() {
            cell.base = conflict.theirs;
            cell.version = conflict.version;
        }
        cell.entry = entry;
        cell.refused = None;
        cell.saved = false;
        cell.source = Some(source);
        cell.reason = None;
        cell.typed_at = None;
        let known = cell.sent.unwrap_or(cell.base);
        cell.dirty = matches!(cell.entry, Entry::Wrong(..)) || cell.entry.value() != known;
    }

    pub fn undo(&mut self) -> Vec<usize> {
        let Some(changes) = self.done.pop() else { return Vec::new() };
        for (at, before, _) in changes.iter().rev() {
            self.write(*at, before.clone(), MarkSource::Undo);
        }
        self.after_step(changes, true)
    }

    pub fn redo(&mut self) -> Vec<usize> {
        let Some(changes) = self.undone.pop() else { return Vec::new() };
        for (at, _, after) in &changes {
            self.write(*at, after.clone(), MarkSource::Undo);
        }
        self.after_step(changes, false)
    }

    fn after_step(&mut self, changes: Vec<Change>, undone: bool) -> Vec<usize> {
        let touched: Vec<usize> = changes.iter().map(|(at, ..)| *at).collect();
        if let Some(first) = touched.first() {
            let place = self.place(*first);
            self.go(place, false);
        }
        if undone { &mut self.undone } else { &mut self.done }.push(changes);
        touched
    }

    /// Of a cell that two have changed: keep one's own value (it is sent again) or take the other's.
    pub fn settle(&mut self, at: usize, mine: bool) {
        let cell = &mut self.cells[at];
        let Some(conflict) = cell.conflict.take() else { return };
        cell.base = conflict.theirs;
        cell.version = conflict.version;
        if mine {
            cell.dirty = cell.entry.value() != cell.base;
        } else {
            cell.entry = conflict.theirs.into();
            cell.dirty = false;
            cell.saved = true;
        }
    }

    /// Takes what stands on the server, as far as we know, instead of what was typed.
    pub fn give_up(&mut self, at: usize) {
        let cell = &mut self.cells[at];
        cell.entry = cell.base.into();
        cell.dirty = false;
        cell.refused = None;
        cell.conflict = None;
    }

    /// Filled and all cells of those who are still here.
    pub fn count(&self) -> (usize, usize) {
        let (mut filled, mut all) = (0, 0);
        for (row, learner) in self.rows.iter().enumerate().filter(|(_, r)| !r.left) {
            debug_assert!(!learner.left);
            for at in self.row_cells(row) {
                all += 1;
                filled += usize::from(matches!(self.cells[at].entry, Entry::Value(_)));
            }
        }
        (filled, all)
    }

    /// The first cell in the given state, from the active one on.
    pub fn find(&self, state: State) -> Option<Place> {
        let start = self.active_index();
        let len = self.cells.len();
        (1..=len).map(|n| (start + n) % len).find(|at| self.cells[*at].state() == state).map(|at| self.place(at))
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use regulations::SubjectKind;

    pub const SCORE: Kind = Kind::Mark(SubjectKind::Score);

    /// Learners A, B, C … with regular columns.
    pub fn grid(rows: usize, columns: usize) -> Grid {
        let columns = (1..=columns as u8).map(|n| Column { slot: Some(Slot::Regular(n)), kind: SCORE }).collect();
        let rows = (0..rows as u32)
            .map(|n| {
                let given = char::from(b'A' + n as u8).to_string();
                let learner = LearnerId(uuid::Uuid::from_u128(u128::from(n)));
                Row { learner, ordinal: n + 1, full_name: format!("Học sinh {given}"), given_name: given, left: false }
            })
            .collect();
        Grid::new(columns, rows, true)
    }

    #[test]
    fn walks_like_a_spreadsheet() {
        let mut grid = grid(3, 2);
        let at = |row, column| Place { row, column };
        assert_eq!(grid.step(at(0, 0), Way::Up), None);
        assert_eq!(grid.step(at(0, 1), Way::Last), Some(at(2, 1)));
        assert_eq!(
            (grid.next(at(0, 1), false), grid.next(at(2, 1), false), grid.next(at(0, 0), true)),
            (Some(at(1, 0)), None, None)
        );
        grid.go(at(1, 0), false);
        grid.go(at(2, 1), true);
        assert_eq!(grid.selected(), [2, 3, 4, 5]);
    }

    #[test]
    fn a_step_is_undone_as_a_whole() {
        let mut grid = grid(2, 2);
        grid.put(vec![(0, Entry::read("8", SCORE)), (1, Entry::read("x", SCORE))], MarkSource::Pasted);
        assert_eq!((grid.cells[0].state(), grid.cells[1].state()), (State::Dirty, State::Wrong));
        assert_eq!(grid.count(), (1, 4));
        assert_eq!(grid.undo(), [0, 1]);
        assert!(!grid.cells[0].dirty && grid.cells[0].source == Some(MarkSource::Undo));
        assert_eq!(grid.redo().len(), 2);
        assert_eq!(grid.cells[0].entry, Entry::read("8", SCORE));
    }

    #[test]
    fn who_left_the_class_is_not_written() {
        let mut grid = grid(1, 1);
        grid.rows[0].left = true;
        assert!(grid.put(vec![(0, Entry::read("8", SCORE))], MarkSource::Typed).is_empty());
    }
}
