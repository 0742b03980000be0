//! The sheet on the screen: holds the grid, paints what changes, and saves in the background without ever standing in the way.
//!
//! Cells are painted by hand, one element each: 450 cells with a handful of reactive attributes would be 2,000 effects for
//! a table in which one cell changes at a time.

use super::grid::{Cell, Entry, Grid, Place, State};
use super::live::Live;
use super::queue::{Line, Waiting};
use super::rule::{Average, Rule, Spread};
use super::value::{low, show, word};
use crate::api::online;
use crate::i18n::lang;
use crate::offline::unsent::{self, Home, Typed};
use chrono::{DateTime, Utc};
use dto::gradebook::MarkSource;
use dto::live::{SheetCells, SheetPerson};
use leptos::prelude::*;

/// Cells that are typed within this time go in one request.
pub(super) const GATHER: u64 = 400;

/// What is painted of a cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Face {
    pub text: String,
    pub class: String,
    pub selected: bool,
    pub active: bool,
}

/// What a row shows beside its cells. The stamp moves with every change of one of them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RowFace {
    pub average: Average,
    pub stamp: u32,
}

#[derive(Clone, Copy)]
pub struct Sheet {
    pub(super) grid: StoredValue<Grid>,
    faces: StoredValue<Vec<Face>>,
    rule: StoredValue<Option<Rule>>,
    home: StoredValue<Home>,
    /// What the sheet is called.
    label: StoredValue<String>,
    rows: StoredValue<Vec<RwSignal<RowFace>>>,
    pub line: RwSignal<Line>,
    pub waiting: RwSignal<Waiting>,
    pub filled: RwSignal<(usize, usize)>,
    pub spread: RwSignal<Spread>,
    /// Moves when something about the active cell does.
    pub look: RwSignal<u32>,
    /// Cells that change a mark that stood: they wait a little for a reason.
    pub asking: RwSignal<Vec<usize>>,
    /// The server said that the term is closed.
    pub closed: RwSignal<bool>,
    /// What was typed for a learner or a column that is not here any more.
    pub strays: RwSignal<Vec<Typed>>,
    /// When the copy was taken, where this is the copy of the device.
    pub copy: RwSignal<Option<DateTime<Utc>>>,
    /// The server has other learners or columns by now: the page has to be drawn anew.
    pub outdated: RwSignal<bool>,
    /// Who has the sheet open, oneself among them.
    pub people: RwSignal<Vec<SheetPerson>>,
    pub(super) live: StoredValue<Live, LocalStorage>,
    /// What others wrote in the cell that is being typed in.
    pub(super) held: StoredValue<Vec<SheetCells>>,
    /// The cell whose input has the focus, on a phone.
    pub(super) typing: StoredValue<Option<usize>>,
    /// The list of what two have changed is open.
    pub reviewing: RwSignal<bool>,
    /// Some of it was typed before this page was opened: what comes of it is told, not only shown in the cells.
    pub(super) came_back: StoredValue<bool>,
    pub(super) ask_timer: StoredValue<Option<TimeoutHandle>>,
    pub(super) timer: StoredValue<Option<TimeoutHandle>>,
    pub(super) sending: StoredValue<bool>,
    pub(super) tries: StoredValue<u32>,
}

/// The element of a cell.
pub fn cell_id(at: usize) -> String {
    format!("cell-{at}")
}

fn face(grid: &Grid, at: usize, selected: bool) -> Face {
    let cell: &Cell = &grid.cells[at];
    let text = match &cell.entry {
        Entry::Wrong(text, _) => text.clone(),
        entry => show(entry.value(), lang()),
    };
    let mut class = String::from("m");
    let mut add = |name| {
        class.push(' ');
        class.push_str(name);
    };
    match cell.state() {
        State::Wrong => add("wrong"),
        State::Conflict => add("conflict"),
        State::Refused => add("refused"),
        State::Saving => add("saving"),
        State::Dirty => add("dirty"),
        State::Saved => add("saved"),
        State::Clean => {}
    }
    let value = cell.entry.value();
    if low(value) {
        add("low");
    }
    if word(value) {
        add("word");
    }
    if selected {
        add("sel");
    }
    if grid.locks(at) {
        add("locked");
    }
    let active = at == grid.active_index();
    if active {
        add("on");
    }
    Face { text, class, selected, active }
}

impl Sheet {
    /// `copy`: when it was taken, where the grid is the copy of this device.
    pub fn new(mut grid: Grid, rule: Option<Rule>, home: Home, label: String, copy: Option<DateTime<Utc>>) -> Sheet {
        let strays = unsent::of(&home).map(|kept| grid.restore(kept.cells)).unwrap_or_default();
        let back = grid.waiting().unsaved;
        unsent::opened(&home);
        let faces = (0..grid.cells.len()).map(|at| face(&grid, at, false)).collect();
        let rows = grid.rows.iter().map(|_| RwSignal::new(RowFace::default())).collect();
        let sheet = Sheet {
            grid: StoredValue::new(grid),
            faces: StoredValue::new(faces),
            rule: StoredValue::new(rule),
            home: StoredValue::new(home),
            label: StoredValue::new(label),
            rows: StoredValue::new(rows),
            line: RwSignal::new(Line::Idle),
            waiting: RwSignal::new(Waiting::default()),
            filled: RwSignal::new((0, 0)),
            spread: RwSignal::new(Spread::default()),
            look: RwSignal::new(0),
            asking: RwSignal::new(Vec::new()),
            closed: RwSignal::new(false),
            strays: RwSignal::new(strays),
            copy: RwSignal::new(copy),
            outdated: RwSignal::new(false),
            people: RwSignal::new(Vec::new()),
            live: StoredValue::new_local(Live::default()),
            held: StoredValue::new(Vec::new()),
            typing: StoredValue::new(None),
            reviewing: RwSignal::new(false),
            came_back: StoredValue::new(back > 0),
            ask_timer: StoredValue::new(None),
            timer: StoredValue::new(None),
            sending: StoredValue::new(false),
            tries: StoredValue::new(0),
        };
        for row in 0..sheet.with(|g| g.rows.len()) {
            sheet.reckon(row, None);
        }
        sheet.recount();
        if back > 0 {
            sheet.schedule(GATHER);
        }
        Effect::new(move |before: Option<bool>| {
            let online = online::is();
            if online && sheet.waiting.get_untracked().ready > 0 {
                sheet.schedule(0);
            }
            // Others went on while there was no line.
            if online && (before == Some(false) || sheet.copy.get_untracked().is_some()) {
                sheet.follow_server();
            }
            if online {
                sheet.connect();
            }
            online
        });
        let leaving = window_event_listener(leptos::ev::beforeunload, move |event| {
            if sheet.with(|g| g.waiting().unsaved) > 0 {
                sheet.schedule(0);
                // What the device keeps comes back by itself.
                if unsent::in_memory_only() {
                    event.prevent_default();
                    event.set_return_value("1");
                }
            }
        });
        on_cleanup(move || {
            leaving.remove();
            sheet.leave();
        });
        sheet
    }

    pub fn with<T>(self, f: impl FnOnce(&Grid) -> T) -> T {
        self.grid.with_value(f)
    }

    pub fn home(self) -> Home {
        self.home.get_value()
    }

    pub fn label(self) -> String {
        self.label.get_value()
    }

    pub fn row(self, row: usize) -> RwSignal<RowFace> {
        self.rows.with_value(|rows| rows[row])
    }

    pub fn has_rule(self) -> bool {
        self.rule.with_value(Option::is_some)
    }

    pub fn face(self, at: usize) -> Face {
        self.faces.with_value(|faces| faces[at].clone())
    }

    pub fn active(self) -> usize {
        self.with(Grid::active_index)
    }

    /// The average of a row, with a cell as it is being typed.
    pub fn reckon(self, row: usize, typed: Option<(usize, Option<super::value::Value>)>) {
        let average = self.rule.with_value(|rule| rule.as_ref().map(|rule| self.with(|g| rule.average(g, row, typed))));
        self.row(row).update(|face| {
            face.average = average.unwrap_or_default();
            face.stamp = face.stamp.wrapping_add(1);
        });
    }

    pub(super) fn recount(self) {
        let (filled, waiting) = self.with(|g| (g.count(), g.waiting()));
        if self.filled.get_untracked() != filled {
            self.filled.set(filled);
        }
        if self.waiting.get_untracked() != waiting {
            self.waiting.set(waiting);
        }
        let mut spread = Spread::default();
        self.with(|g| {
            for (row, _) in g.rows.iter().enumerate().filter(|(_, r)| !r.left) {
                spread.add(self.row(row).get_untracked().average);
            }
        });
        if self.spread.get_untracked() != spread {
            self.spread.set(spread);
        }
    }

    /// Paints these cells where they differ from what is on the screen.
    pub(super) fn paint(self, cells: impl IntoIterator<Item = usize>) {
        let document = document();
        let (rows, columns) = self.with(Grid::block);
        let several = rows.start() != rows.end() || columns.start() != columns.end();
        for at in cells {
            let now = self.with(|g| {
                let place = g.place(at);
                face(g, at, several && rows.contains(&place.row) && columns.contains(&place.column))
            });
            let before = self.faces.try_update_value(|faces| std::mem::replace(&mut faces[at], now.clone())).unwrap_or_default();
            if before == now {
                continue;
            }
            let Some(element) = document.get_element_by_id(&cell_id(at)) else { continue };
            element.set_class_name(&now.class);
            // While a cell is being typed in, its element holds the input.
            if before.text != now.text && element.first_element_child().is_none() {
                element.set_text_content(Some(&now.text));
            }
            if (before.selected || before.active) != (now.selected || now.active) {
                let _ = element.set_attribute("aria-selected", if now.selected || now.active { "true" } else { "false" });
            }
            if before.active != now.active {
                let _ = element.set_attribute("tabindex", if now.active { "0" } else { "-1" });
            }
        }
    }

    /// Writes the text of a cell back, after its input has gone.
    pub fn repaint_text(self, at: usize) {
        if let Some(element) = document().get_element_by_id(&cell_id(at)) {
            element.set_text_content(Some(&self.face(at).text));
        }
    }

    /// Puts the keyboard into the active cell.
    pub fn focus(self) {
        super::editor::focus(self);
    }

    pub fn go(self, to: Place, extend: bool) {
        let before = self.with(|g| {
            let mut cells = g.selected();
            cells.push(g.active_index());
            cells
        });
        self.grid.update_value(|g| g.go(to, extend));
        let after = self.with(Grid::selected);
        self.paint(before.into_iter().chain(after));
        self.look.update(|n| *n = n.wrapping_add(1));
    }

    pub fn select_all(self) {
        self.grid.update_value(|g| {
            if let (Some(first), Some(last)) =
                (g.step(g.active, super::grid::Way::First), g.step(g.active, super::grid::Way::Last))
            {
                g.anchor = last;
                g.active = first;
            }
        });
        self.paint(0..self.with(|g| g.cells.len()));
        self.look.update(|n| *n = n.wrapping_add(1));
    }

    pub(super) fn changed(self, touched: &[usize]) {
        self.keep(touched);
        let mut rows: Vec<usize> = touched.iter().map(|at| self.with(|g| g.place(*at).row)).collect();
        rows.dedup();
        for row in rows {
            self.reckon(row, None);
        }
        self.paint(touched.iter().copied());
        self.recount();
        self.look.update(|n| *n = n.wrapping_add(1));
    }

    /// One step of work: these cells, at once.
    pub fn put(self, entries: Vec<(usize, Entry)>, source: MarkSource) {
        let touched = self.grid.try_update_value(|g| g.put(entries, source)).unwrap_or_default();
        if touched.is_empty() {
            return;
        }
        self.ask(&touched);
        self.changed(&touched);
        self.schedule(GATHER);
    }

    pub fn clear_selection(self) {
        let cells = self.with(Grid::selected).into_iter().map(|at| (at, Entry::Empty)).collect();
        self.put(cells, MarkSource::Typed);
    }

    pub fn undo(self, redo: bool) {
        let selected = self.with(|g| {
            let mut cells = g.selected();
            cells.push(g.active_index());
            cells
        });
        let step = self.grid.try_update_value(|g| if redo { g.redo() } else { g.undo() }).unwrap_or_default();
        self.paint(selected);
        if !step.is_empty() {
            self.drop_asked(&step);
            self.changed(&step);
            self.paint([self.active()]);
            self.schedule(GATHER);
        }
    }

    pub fn settle(self, at: usize, mine: bool) {
        self.settle_all(&[at], mine);
    }

    pub fn settle_all(self, cells: &[usize], mine: bool) {
        self.grid.update_value(|g| cells.iter().for_each(|at| g.settle(*at, mine)));
        self.changed(cells);
        self.schedule(0);
    }
}
