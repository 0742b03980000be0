//! The sheet on the screen: holds the grid, paints what changes, and saves in the background without ever standing in the way.
//!
//! Cells are painted by hand, one element each: 450 cells with a handful of reactive attributes would be 2,000 effects for
//! a table in which one cell changes at a time.

use super::draft;
use super::grid::{Cell, Entry, Grid, Place, State};
use super::queue::{Line, Waiting};
use super::rule::{Average, Rule, Spread};
use super::value::{low, show, word};
use crate::api::{ApiError, gradebook, online};
use crate::i18n::lang;
use dto::calendar::Term;
use dto::gradebook::{MarkSource, MarksSaved};
use dto::{ClassId, Code};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;

/// Cells that are typed within this time go in one request.
const GATHER: u64 = 400;
/// How long a change of a mark that stood waits for its reason.
const REASON: u64 = 8_000;

/// Where the sheet is kept.
#[derive(Clone, Debug, PartialEq)]
pub enum Home {
    Marks { class: ClassId, subject: String, term: Term },
    Conduct { class: ClassId, term: Term },
}

impl Home {
    pub fn key(&self) -> String {
        match self {
            Home::Marks { class, subject, term } => format!("{class}/{subject}/{term}"),
            Home::Conduct { class, term } => format!("{class}/conduct/{term}"),
        }
    }
}

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
    grid: StoredValue<Grid>,
    faces: StoredValue<Vec<Face>>,
    rule: StoredValue<Option<Rule>>,
    home: StoredValue<Home>,
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
    ask_timer: StoredValue<Option<TimeoutHandle>>,
    timer: StoredValue<Option<TimeoutHandle>>,
    sending: StoredValue<bool>,
    tries: StoredValue<u32>,
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
    let active = at == grid.active_index();
    if active {
        add("on");
    }
    Face { text, class, selected, active }
}

impl Sheet {
    pub fn new(mut grid: Grid, rule: Option<Rule>, home: Home) -> Sheet {
        let back = draft::take(&home.key(), &mut grid);
        let faces = (0..grid.cells.len()).map(|at| face(&grid, at, false)).collect();
        let rows = grid.rows.iter().map(|_| RwSignal::new(RowFace::default())).collect();
        let sheet = Sheet {
            grid: StoredValue::new(grid),
            faces: StoredValue::new(faces),
            rule: StoredValue::new(rule),
            home: StoredValue::new(home),
            rows: StoredValue::new(rows),
            line: RwSignal::new(Line::Idle),
            waiting: RwSignal::new(Waiting::default()),
            filled: RwSignal::new((0, 0)),
            spread: RwSignal::new(Spread::default()),
            look: RwSignal::new(0),
            asking: RwSignal::new(Vec::new()),
            closed: RwSignal::new(false),
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
        Effect::new(move |_| {
            if online::is() && sheet.waiting.get_untracked().ready > 0 {
                sheet.schedule(0);
            }
        });
        let leaving = window_event_listener(leptos::ev::beforeunload, move |event| {
            if sheet.with(|g| g.waiting().unsaved) > 0 {
                sheet.schedule(0);
                sheet.keep_draft();
                event.prevent_default();
                event.set_return_value("1");
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

    fn recount(self) {
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
    fn paint(self, cells: impl IntoIterator<Item = usize>) {
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

    fn changed(self, touched: &[usize]) {
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
        self.grid.update_value(|g| g.settle(at, mine));
        self.changed(&[at]);
        self.schedule(0);
    }

    // --- the reason for a change of a mark that stood

    fn ask(self, touched: &[usize]) {
        if !matches!(self.home(), Home::Marks { .. }) {
            return;
        }
        let stood = |g: &Grid, at: usize| {
            let cell = &g.cells[at];
            cell.stood && !cell.saved && cell.base.is_some() && cell.dirty && !matches!(cell.entry, Entry::Wrong(..))
        };
        let mut asking = self.asking.get_untracked();
        asking.extend_from_slice(touched);
        asking.sort_unstable();
        asking.dedup();
        self.with(|g| asking.retain(|at| stood(g, *at)));
        if asking != self.asking.get_untracked() {
            self.asking.set(asking);
        }
        self.ask_again_in(REASON);
    }

    fn ask_again_in(self, ms: u64) {
        self.stop_asking_clock();
        if !self.asking.read_untracked().is_empty() {
            let handle = set_timeout_with_handle(move || self.give_reason(None), Duration::from_millis(ms)).ok();
            self.ask_timer.set_value(handle);
        }
    }

    /// The person is writing the reason: it waits for them.
    pub fn stop_asking_clock(self) {
        if let Some(Some(timer)) = self.ask_timer.try_update_value(Option::take) {
            timer.clear();
        }
    }

    fn drop_asked(self, cells: &[usize]) {
        self.asking.update(|asking| asking.retain(|at| !cells.contains(at)));
    }

    /// Lets the waiting cells go, with a reason or without.
    pub fn give_reason(self, reason: Option<String>) {
        self.stop_asking_clock();
        let Some(cells) = self.asking.try_update(std::mem::take) else { return };
        let reason = reason.map(|r| r.trim().chars().take(500).collect::<String>()).filter(|r| !r.is_empty());
        self.grid.update_value(|g| {
            for at in cells {
                g.cells[at].reason = reason.clone();
            }
        });
        self.schedule(0);
    }

    // --- saving

    /// Sends what waits, after this many milliseconds; an earlier appointment stands.
    pub fn schedule(self, ms: u64) {
        if ms == 0 {
            if let Some(Some(timer)) = self.timer.try_update_value(Option::take) {
                timer.clear();
            }
        } else if self.timer.try_get_value().flatten().is_some() {
            return;
        }
        let go = move || {
            if self.timer.try_update_value(Option::take).is_some() {
                self.pump();
            }
        };
        let handle = set_timeout_with_handle(go, Duration::from_millis(ms)).ok();
        self.timer.set_value(handle);
    }

    fn pump(self) {
        if self.sending.try_get_value() != Some(false) {
            return;
        }
        let held = self.asking.get_untracked();
        let home = self.home();
        let call: Sending = match home.clone() {
            Home::Marks { class, subject, term } => match self.grid.try_update_value(|g| g.next_marks(&held)).flatten() {
                Some(body) => Box::pin(async move { gradebook::put_marks(class, &subject, term, &body).await.map(Took::Marks) }),
                None => return,
            },
            Home::Conduct { class, term } => match self.grid.try_update_value(Grid::next_conduct).flatten() {
                Some(body) => Box::pin(async move { gradebook::put_conduct(class, term, &body).await.map(Took::Conduct) }),
                None => return,
            },
        };
        self.sending.set_value(true);
        self.line.set(Line::Saving);
        let on_way: Vec<usize> = self.with(|g| (0..g.cells.len()).filter(|at| g.cells[*at].sent.is_some()).collect());
        self.paint(on_way);
        self.recount();
        spawn_local(async move {
            let answer = call.await;
            if self.sending.try_get_value().is_some() {
                self.took(answer);
            }
        });
    }

    fn took(self, answer: Result<Took, ApiError>) {
        self.sending.set_value(false);
        let touched = match answer {
            Ok(took) => {
                self.tries.set_value(0);
                let at = match &took {
                    Took::Marks(saved) => saved.saved_at,
                    Took::Conduct(_) => chrono::Utc::now(),
                };
                self.line.set(Line::Saved(at));
                draft::drop(&self.home().key());
                self.schedule(1);
                self.grid.try_update_value(|g| match &took {
                    Took::Marks(saved) => g.took_marks(saved),
                    Took::Conduct(saved) => g.took_conduct(saved),
                })
            }
            Err(error) => {
                let passing = match &error {
                    ApiError::Offline => true,
                    other => other.status().is_none_or(|s| s >= 500 || s == 429 || s == 408 || s == 401),
                };
                if passing {
                    let tries = self.tries.get_value();
                    self.tries.set_value(tries + 1);
                    let touched = self.grid.try_update_value(Grid::not_sent);
                    self.keep_draft();
                    self.line.set(if matches!(error, ApiError::Offline) { Line::Offline } else { Line::Trouble(error.text()) });
                    self.schedule(2_000 << tries.min(4));
                    touched
                } else {
                    if error.is(Code::TermClosed) {
                        self.closed.set(true);
                    }
                    let code = error.code().map_or("invalid", Code::as_str);
                    self.line.set(Line::Trouble(error.text()));
                    self.grid.try_update_value(|g| g.refuse_sent(code))
                }
            }
        };
        self.changed(&touched.unwrap_or_default());
    }

    /// What is not on the server yet outlives a reload of the page.
    fn keep_draft(self) {
        self.with(|g| draft::keep(&self.home().key(), g));
    }

    /// The page goes: what waits is sent without anybody looking on, and kept beside until the server has it.
    fn leave(self) {
        for timer in [self.timer.try_update_value(Option::take), self.ask_timer.try_update_value(Option::take)] {
            if let Some(Some(timer)) = timer {
                timer.clear();
            }
        }
        let home = self.home();
        let unsaved = self.with(|g| g.waiting().unsaved);
        if unsaved == 0 {
            return;
        }
        self.keep_draft();
        let Some(mut grid) = self.grid.try_update_value(|g| g.clone()) else { return };
        grid.not_sent();
        spawn_local(async move {
            let key = home.key();
            let sent = match home {
                Home::Marks { class, subject, term } => {
                    let mut all = true;
                    while let Some(body) = grid.next_marks(&[]) {
                        all &= gradebook::put_marks(class, &subject, term, &body).await.is_ok();
                    }
                    all
                }
                Home::Conduct { class, term } => match grid.next_conduct() {
                    Some(body) => gradebook::put_conduct(class, term, &body).await.is_ok(),
                    None => true,
                },
            };
            if sent && grid.waiting().unsaved == grid.waiting().sending {
                draft::drop(&key);
            }
        });
    }
}

type Sending = std::pin::Pin<Box<dyn Future<Output = Result<Took, ApiError>>>>;

enum Took {
    Marks(MarksSaved),
    Conduct(dto::gradebook::ConductSaved),
}
