//! What is not on the server yet, kept in this tab of the browser: a reload, a lost session or a change of page loses nothing.
//! It dies with the tab, so that a shared computer keeps no marks.

use super::grid::{Entry, Grid};
use super::value::write;
use dto::LearnerId;
use dto::gradebook::MarkSource;
use leptos::prelude::window;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Kept {
    learner: LearnerId,
    column: usize,
    text: String,
    /// The version that was seen: a change by another still shows as a conflict.
    version: i64,
}

fn storage() -> Option<web_sys::Storage> {
    window().session_storage().ok().flatten()
}

fn name(key: &str) -> String {
    format!("khue.sheet.{key}")
}

pub fn keep(key: &str, grid: &Grid) {
    let kept: Vec<Kept> = (0..grid.cells.len())
        .filter(|at| grid.cells[*at].unsaved())
        .map(|at| {
            let cell = &grid.cells[at];
            let text = match &cell.entry {
                Entry::Wrong(text, _) => text.clone(),
                entry => write(entry.value(), dto::Lang::Vi),
            };
            Kept { learner: grid.row_of(at).learner, column: grid.place(at).column, text, version: cell.version }
        })
        .collect();
    if let (Some(storage), Ok(json)) = (storage(), serde_json::to_string(&kept)) {
        let _ = storage.set_item(&name(key), &json);
    }
}

pub fn drop(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(&name(key));
    }
}

/// Puts back what was kept. Gives how many cells that were.
pub fn take(key: &str, grid: &mut Grid) -> usize {
    let kept = storage().and_then(|s| s.get_item(&name(key)).ok().flatten());
    let Some(kept) = kept.and_then(|json| serde_json::from_str::<Vec<Kept>>(&json).ok()) else { return 0 };
    drop(key);
    let mut entries = Vec::new();
    for cell in kept {
        let row = grid.rows.iter().position(|r| r.learner == cell.learner);
        let Some(row) = row.filter(|_| cell.column < grid.columns.len()) else { continue };
        let at = row * grid.columns.len() + cell.column;
        let entry = Entry::read(&cell.text, grid.column_of(at).kind);
        if entry != grid.cells[at].entry {
            grid.cells[at].version = cell.version;
            entries.push((at, entry));
        }
    }
    grid.put(entries, MarkSource::Typed).len()
}
