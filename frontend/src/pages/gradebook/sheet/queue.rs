//! What is sent when, and what comes back. One request at a time; nothing that was typed is lost.

use super::grid::{Cell, Conflict, Entry, Grid, State};
use super::value::Value;
use chrono::{DateTime, Utc};
use dto::gradebook::*;
use regulations::Level;

/// Most cells of one request.
const MOST: usize = 2000;

fn mark(value: Option<Value>) -> Option<regulations::CellValue> {
    match value {
        Some(Value::Mark(value)) => Some(value),
        _ => None,
    }
}

/// The columns of the conduct sheet.
pub const CONDUCT: usize = 0;
pub const ABSENCES: usize = 1;

fn conduct_of(values: [Option<Value>; 2]) -> (Option<Level>, Option<u16>) {
    let level = match values[CONDUCT] {
        Some(Value::Level(level)) => Some(level),
        _ => None,
    };
    let count = match values[ABSENCES] {
        Some(Value::Count(count)) => Some(count),
        _ => None,
    };
    (level, count)
}

impl Grid {
    /// Cells that wait, grouped by source and reason: the next request, without those in `held`. They are on their way from now on.
    pub fn next_marks(&mut self, held: &[usize]) -> Option<PutMarks> {
        let mut batch: Option<PutMarks> = None;
        for at in 0..self.cells.len() {
            let cell = &self.cells[at];
            if !cell.ready() || held.contains(&at) {
                continue;
            }
            let source = cell.source.unwrap_or(MarkSource::Typed);
            let put = batch.get_or_insert_with(|| PutMarks { source, reason: cell.reason.clone(), cells: Vec::new() });
            if put.source != source || put.reason != cell.reason || put.cells.len() == MOST {
                continue;
            }
            let (Some(slot), learner_id) = (self.column_of(at).slot, self.row_of(at).learner) else { continue };
            let value = cell.entry.value();
            put.cells.push(PutCell { learner_id, slot, value: mark(value), version: cell.version });
            let cell = &mut self.cells[at];
            cell.sent = Some(value);
            cell.dirty = false;
        }
        batch
    }

    /// As [`next_marks`](Self::next_marks), for the sheet whose rows are written whole.
    pub fn next_conduct(&mut self) -> Option<PutConduct> {
        let mut rows = Vec::new();
        for row in 0..self.rows.len() {
            let cells = self.row_cells(row);
            if !cells.clone().any(|at| self.cells[at].ready())
                || cells.clone().any(|at| self.cells[at].sent.is_some() || self.cells[at].conflict.is_some())
            {
                continue;
            }
            // A cell that cannot be sent goes as the server has it.
            let value = |at: usize| if self.cells[at].ready() { self.cells[at].entry.value() } else { self.cells[at].base };
            let values = [value(cells.start + CONDUCT), value(cells.start + ABSENCES)];
            let (conduct, absences) = conduct_of(values);
            rows.push(PutConductRow {
                learner_id: self.rows[row].learner,
                conduct,
                absences,
                version: self.cells[cells.start].version,
            });
            for (at, value) in cells.zip(values) {
                let cell = &mut self.cells[at];
                if cell.ready() {
                    cell.sent = Some(value);
                    cell.dirty = false;
                }
            }
        }
        (!rows.is_empty()).then_some(PutConduct { rows })
    }

    /// The request did not arrive, or its answer did not: everything waits again.
    pub fn not_sent(&mut self) -> Vec<usize> {
        self.each_sent(|cell| {
            cell.sent = None;
            cell.dirty = true;
        })
    }

    /// The request as a whole was refused with this code.
    pub fn refuse_sent(&mut self, code: &str) -> Vec<usize> {
        self.each_sent(|cell| {
            cell.sent = None;
            cell.dirty = true;
            cell.refused = Some(code.to_owned());
        })
    }

    fn each_sent(&mut self, mut f: impl FnMut(&mut Cell)) -> Vec<usize> {
        let mut touched = Vec::new();
        for (at, cell) in self.cells.iter_mut().enumerate().filter(|(_, cell)| cell.sent.is_some()) {
            f(cell);
            touched.push(at);
        }
        touched
    }

    pub fn took_marks(&mut self, answer: &MarksSaved) -> Vec<usize> {
        let mut touched = Vec::new();
        for outcome in &answer.cells {
            let row = self.rows.iter().position(|r| r.learner == outcome.learner_id);
            let column = self.columns.iter().position(|c| c.slot == Some(outcome.slot));
            let (Some(row), Some(column)) = (row, column) else { continue };
            let at = row * self.columns.len() + column;
            let conflict = Conflict {
                theirs: outcome.value.map(Value::Mark),
                version: outcome.version,
                by: outcome.changed_by.clone(),
                at: outcome.changed_at,
            };
            self.took(at, outcome.outcome, conflict, outcome.code.as_deref());
            touched.push(at);
        }
        touched
    }

    pub fn took_conduct(&mut self, answer: &ConductSaved) -> Vec<usize> {
        let mut touched = Vec::new();
        for outcome in &answer.rows {
            let Some(row) = self.rows.iter().position(|r| r.learner == outcome.learner_id) else { continue };
            let theirs = [outcome.conduct.map(Value::Level), outcome.absences.map(Value::Count)];
            for (at, theirs) in self.row_cells(row).zip(theirs) {
                let conflict = Conflict { theirs, version: outcome.version, by: None, at: None };
                let cell = &mut self.cells[at];
                match (outcome.outcome, cell.sent) {
                    // The other half of the row was not ours: it follows the server.
                    (_, None) if !cell.dirty => {
                        cell.entry = theirs.into();
                        cell.base = theirs;
                        cell.version = outcome.version;
                    }
                    (_, None) => {
                        cell.base = theirs;
                        cell.version = outcome.version;
                    }
                    (CellResult::Conflict, Some(sent)) if sent == theirs => self.took(at, CellResult::Unchanged, conflict, None),
                    // Only the half that the other has changed is in question; this one can be sent again.
                    (CellResult::Conflict, Some(_)) if cell.base == theirs => {
                        cell.sent = None;
                        cell.version = outcome.version;
                        cell.dirty = true;
                    }
                    (result, Some(_)) => self.took(at, result, conflict, None),
                }
                touched.push(at);
            }
        }
        touched
    }

    fn took(&mut self, at: usize, result: CellResult, now: Conflict, code: Option<&str>) {
        let cell = &mut self.cells[at];
        let sent = cell.sent.take().unwrap_or_else(|| cell.entry.value());
        match result {
            CellResult::Saved | CellResult::Unchanged => {
                cell.base = now.theirs;
                cell.version = now.version;
                cell.saved = true;
                // Typed anew while it was on its way: what is wanted now is compared with what is there.
                cell.dirty = matches!(cell.entry, Entry::Wrong(..)) || cell.entry.value() != now.theirs;
            }
            CellResult::Conflict if now.theirs == sent && !cell.dirty => {
                cell.base = now.theirs;
                cell.version = now.version;
                cell.saved = true;
            }
            CellResult::Conflict => {
                cell.dirty = true;
                cell.conflict = Some(now);
            }
            CellResult::Refused => {
                cell.dirty = true;
                cell.refused = Some(code.unwrap_or("mark_invalid").to_owned());
            }
        }
    }

    /// How many cells wait or are on their way; how many need the person.
    pub fn waiting(&self) -> Waiting {
        let mut waiting = Waiting::default();
        for cell in &self.cells {
            waiting.sending += usize::from(cell.sent.is_some());
            waiting.ready += usize::from(cell.ready());
            waiting.unsaved += usize::from(cell.unsaved());
            waiting.conflicts += usize::from(cell.conflict.is_some());
            waiting.attention += usize::from(matches!(cell.state(), State::Wrong | State::Conflict | State::Refused));
        }
        waiting
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    pub sending: usize,
    pub ready: usize,
    pub unsaved: usize,
    pub attention: usize,
    /// Of these, changed by another meanwhile.
    pub conflicts: usize,
}

/// The line that says how it stands with saving.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Line {
    /// Nothing was changed yet.
    #[default]
    Idle,
    Saving,
    Saved(DateTime<Utc>),
    /// The server cannot be reached; the next try comes by itself.
    Offline,
    /// It answered, but not as it should; the next try comes by itself.
    Trouble(String),
}

#[cfg(test)]
mod tests {
    use super::super::grid::tests::{SCORE, grid};
    use super::*;
    use regulations::{CellValue, Mark};

    fn score(hundredths: i32) -> Option<CellValue> {
        Mark::from_hundredths(hundredths).map(CellValue::Score)
    }

    /// The server's answer to what was sent.
    fn answer(sent: &PutMarks, outcome: CellResult, value: Option<CellValue>, version: i64) -> MarksSaved {
        let cells = sent.cells.iter().map(|c| CellOutcome {
            learner_id: c.learner_id,
            slot: c.slot,
            outcome,
            value,
            version,
            code: None,
            changed_by: Some("Lan".to_owned()),
            changed_at: None,
        });
        MarksSaved { saved_at: DateTime::<Utc>::UNIX_EPOCH, cells: cells.collect() }
    }

    fn typed(grid: &mut Grid, at: usize, text: &str) {
        grid.put(vec![(at, Entry::read(text, SCORE))], MarkSource::Typed);
    }

    #[test]
    fn typing_on_while_a_cell_is_on_its_way_sends_it_again() {
        let mut grid = grid(1, 2);
        typed(&mut grid, 0, "8");
        let first = grid.next_marks(&[]).expect("a request");
        assert!(grid.next_marks(&[]).is_none());
        typed(&mut grid, 0, "9");
        grid.took_marks(&answer(&first, CellResult::Saved, score(800), 1));
        let second = grid.next_marks(&[]).expect("the newer value");
        assert_eq!((second.cells[0].value, second.cells[0].version), (score(900), 1));
        grid.took_marks(&answer(&second, CellResult::Saved, score(900), 2));
        assert_eq!((grid.waiting(), grid.cells[0].state()), (Waiting::default(), State::Saved));
    }

    #[test]
    fn a_lost_request_waits_again() {
        let mut grid = grid(1, 1);
        typed(&mut grid, 0, "8");
        assert!(grid.next_marks(&[]).is_some());
        grid.not_sent();
        assert_eq!(grid.next_marks(&[]).map(|p| p.cells.len()), Some(1));
    }

    #[test]
    fn a_conflict_keeps_both_until_one_is_chosen() {
        for (mine, left) in [(true, score(800)), (false, score(300))] {
            let mut grid = grid(1, 1);
            typed(&mut grid, 0, "8");
            let sent = grid.next_marks(&[]).expect("a request");
            grid.took_marks(&answer(&sent, CellResult::Conflict, score(300), 5));
            assert_eq!(grid.cells[0].state(), State::Conflict);
            assert!(grid.next_marks(&[]).is_none());
            grid.settle(0, mine);
            assert_eq!(mark(grid.cells[0].entry.value()), left);
            assert_eq!(grid.next_marks(&[]).map(|p| p.cells[0].version), mine.then_some(5));
        }
    }

    #[test]
    fn sources_and_reasons_travel_apart() {
        let mut grid = grid(2, 1);
        typed(&mut grid, 0, "8");
        grid.put(vec![(1, Entry::read("9", SCORE))], MarkSource::Pasted);
        let sources: Vec<_> = std::iter::from_fn(|| grid.next_marks(&[])).map(|p| (p.source, p.cells.len())).collect();
        assert_eq!(sources, [(MarkSource::Typed, 1), (MarkSource::Pasted, 1)]);
    }
}
