//! Between a grid and what waits of it: taking out what is not sent, putting it back, and following the server without touching it.

use super::grid::{Cell, Entry, Grid};
use super::value::write;
use crate::offline::unsent::Typed;
use chrono::{DateTime, Utc};
use dto::gradebook::MarkSource;

impl Grid {
    /// Every cell that is not on the server, for whatever reason.
    pub fn unsent(&self, now: DateTime<Utc>) -> Vec<Typed> {
        let unsent = (0..self.cells.len()).filter(|at| self.cells[*at].unsaved());
        unsent
            .map(|at| {
                let (cell, row) = (&self.cells[at], self.row_of(at));
                let text = match &cell.entry {
                    Entry::Wrong(text, _) => text.clone(),
                    entry => write(entry.value(), dto::Lang::Vi),
                };
                Typed {
                    learner: row.learner,
                    name: row.full_name.clone(),
                    slot: self.column_of(at).slot,
                    column: self.place(at).column,
                    text,
                    version: cell.version,
                    source: cell.source,
                    reason: cell.reason.clone(),
                    at: cell.typed_at.unwrap_or(now),
                }
            })
            .collect()
    }

    /// Puts back what was typed, against the version that was seen then. Gives what has no place here any more; nothing is dropped.
    pub fn restore(&mut self, typed: Vec<Typed>) -> Vec<Typed> {
        let mut strays = Vec::new();
        for one in typed {
            let row = self.rows.iter().position(|r| r.learner == one.learner);
            let column = match one.slot {
                Some(slot) => self.columns.iter().position(|c| c.slot == Some(slot)),
                None => Some(one.column).filter(|n| self.columns.get(*n).is_some_and(|c| c.slot.is_none())),
            };
            let (Some(row), Some(column)) = (row, column) else {
                strays.push(one);
                continue;
            };
            let at = row * self.columns.len() + column;
            let entry = Entry::read(&one.text, self.columns[column].kind);
            let cell = &mut self.cells[at];
            let wrong = matches!(entry, Entry::Wrong(..));
            if !wrong && entry.value() == cell.base {
                // It is there already: the answer of the server was lost, not the mark.
                continue;
            }
            cell.entry = entry;
            cell.version = one.version;
            cell.dirty = true;
            cell.source = one.source.or(Some(MarkSource::Typed));
            cell.reason = one.reason;
            cell.typed_at = Some(one.at);
        }
        strays
    }

    /// The same learners and columns, and as open to be written.
    pub fn same_shape(&self, other: &Grid) -> bool {
        let rows = |g: &Grid| g.rows.iter().map(|r| (r.learner, r.left)).collect::<Vec<_>>();
        let columns = |g: &Grid| g.columns.iter().map(|c| c.slot).collect::<Vec<_>>();
        self.writable == other.writable
            && self.locked == other.locked
            && rows(self) == rows(other)
            && columns(self) == columns(other)
    }

    /// Follows what the server has now. What is typed here and not sent stays, against the version that was seen. Gives the cells
    /// that look different.
    pub fn follow(&mut self, fresh: &Grid) -> Vec<usize> {
        let mut touched = Vec::new();
        for (at, (cell, now)) in self.cells.iter_mut().zip(&fresh.cells).enumerate() {
            if cell.unsaved() || now.version < cell.version || (now.version == cell.version && now.base == cell.base) {
                continue;
            }
            *cell = Cell { stood: cell.stood || now.base.is_some(), ..now.clone() };
            touched.push(at);
        }
        touched
    }
}

#[cfg(test)]
mod tests {
    use super::super::grid::tests::{SCORE, grid};
    use super::super::value::Value;
    use super::*;
    use regulations::{CellValue, Mark};

    fn score(hundredths: i32) -> Option<Value> {
        Mark::from_hundredths(hundredths).map(|m| Value::Mark(CellValue::Score(m)))
    }

    fn now() -> DateTime<Utc> {
        DateTime::<Utc>::UNIX_EPOCH
    }

    #[test]
    fn what_was_typed_comes_back_against_the_version_that_was_seen() {
        let mut before = grid(2, 2);
        before.stands(0, score(500), 3);
        before.put(vec![(0, Entry::read("8", SCORE)), (3, Entry::read("abc", SCORE))], MarkSource::Pasted);
        let kept = before.unsent(now());
        assert_eq!(kept.iter().map(|c| (c.text.as_str(), c.version)).collect::<Vec<_>>(), [("8", 3), ("abc", 0)]);
        // Meanwhile another has changed the first cell.
        let mut after = grid(2, 2);
        after.stands(0, score(600), 4);
        assert!(after.restore(kept).is_empty());
        let sent = after.next_marks(&[]).expect("a request");
        assert_eq!((sent.cells.len(), sent.cells[0].version, sent.source), (1, 3, MarkSource::Pasted));
        assert_eq!(after.waiting().unsaved, 2);
    }

    #[test]
    fn what_has_arrived_already_is_not_sent_again() {
        let mut before = grid(1, 1);
        before.put(vec![(0, Entry::read("8", SCORE))], MarkSource::Typed);
        let mut after = grid(1, 1);
        after.stands(0, score(800), 1);
        assert!(after.restore(before.unsent(now())).is_empty());
        assert_eq!(after.waiting().unsaved, 0);
    }

    #[test]
    fn a_learner_who_is_gone_keeps_the_mark_for_the_person_to_see() {
        let mut before = grid(3, 1);
        before.put(vec![(2, Entry::read("8", SCORE))], MarkSource::Typed);
        let strays = grid(2, 1).restore(before.unsent(now()));
        assert_eq!((strays.len(), strays[0].name.as_str(), strays[0].text.as_str()), (1, "Học sinh C", "8"));
    }

    #[test]
    fn following_the_server_leaves_alone_what_is_typed() {
        let mut here = grid(1, 3);
        here.put(vec![(0, Entry::read("8", SCORE))], MarkSource::Typed);
        let mut there = grid(1, 3);
        there.stands(0, score(300), 1);
        there.stands(1, score(900), 1);
        assert!(here.same_shape(&there));
        assert_eq!(here.follow(&there), [1]);
        assert_eq!((here.cells[0].entry.value(), here.cells[0].version), (score(800), 0));
        assert_eq!((here.cells[1].entry.value(), here.cells[1].version), (score(900), 1));
        assert!(here.follow(&there).is_empty());
    }
}
