//! Saving: what is sent when, what an answer does to the sheet, and what is kept until the server has it.

use super::courier;
use super::grid::{Entry, Grid};
use super::queue::Line;
use super::store::Sheet;
use crate::api::{ApiError, gradebook};
use crate::offline::unsent::{self, Home};
use chrono::{DateTime, Utc};
use dto::Code;
use dto::gradebook::MarksSaved;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;

/// How long a change of a mark that stood waits for its reason.
const REASON: u64 = 8_000;

impl Sheet {
    pub(super) fn ask(self, touched: &[usize]) {
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

    pub(super) fn drop_asked(self, cells: &[usize]) {
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
        self.keep(&[]);
        self.schedule(0);
    }

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
                self.schedule(1);
                self.grid.try_update_value(|g| match &took {
                    Took::Marks(saved) => g.took_marks(saved),
                    Took::Conduct(saved) => g.took_conduct(saved),
                })
            }
            Err(error) => {
                if error.passing() {
                    let tries = self.tries.get_value();
                    self.tries.set_value(tries + 1);
                    let touched = self.grid.try_update_value(Grid::not_sent);
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
        if self.waiting.get_untracked().conflicts > 0 && self.came_back.try_update_value(std::mem::take) == Some(true) {
            self.reviewing.set(true);
        }
    }

    /// What is not on the server yet outlives the page: in memory at once, on the device as soon as it can be.
    pub(super) fn keep(self, touched: &[usize]) {
        let now = Utc::now();
        self.grid.update_value(|g| {
            for at in touched {
                let cell = &mut g.cells[*at];
                cell.typed_at = if cell.dirty { cell.typed_at.or(Some(now)) } else { None };
            }
        });
        unsent::put(self.waits(now));
    }

    fn waits(self, now: DateTime<Utc>) -> unsent::Waiting {
        let (mut cells, conflicts) = self.with(|g| (g.unsent(now), g.waiting().conflicts));
        cells.extend(self.strays.get_untracked());
        unsent::Waiting { home: self.home(), label: self.label(), cells, trouble: None, conflicts }
    }

    /// Gives up what has no place here.
    pub fn drop_stray(self, n: usize) {
        self.strays.update(|strays| {
            if n < strays.len() {
                strays.remove(n);
            }
        });
        self.keep(&[]);
    }

    /// Gives up what the server refuses: the cell shows what stands there.
    pub fn give_up(self, at: usize) {
        self.grid.update_value(|g| g.give_up(at));
        self.changed(&[at]);
    }

    /// Reads what the server has now, and follows it wherever nothing is typed here.
    pub fn follow_server(self) {
        let home = self.home();
        spawn_local(async move {
            let Ok((fresh, None)) = courier::fetch(&home).await else { return };
            let touched = self.grid.try_update_value(|g| g.same_shape(&fresh).then(|| g.follow(&fresh)));
            match touched {
                Some(Some(touched)) => {
                    self.copy.set(None);
                    self.changed(&touched);
                }
                Some(None) => self.outdated.set(true),
                // The page has gone.
                None => {}
            }
        });
    }

    /// The page goes: what waits is sent without anybody looking on, and kept until the server has it.
    pub(super) fn leave(self) {
        for timer in [self.timer.try_update_value(Option::take), self.ask_timer.try_update_value(Option::take)] {
            if let Some(Some(timer)) = timer {
                timer.clear();
            }
        }
        self.disconnect();
        self.keep(&[]);
        unsent::closed(&self.home());
        courier::go();
    }
}

type Sending = std::pin::Pin<Box<dyn Future<Output = Result<Took, ApiError>>>>;

enum Took {
    Marks(MarksSaved),
    Conduct(dto::gradebook::ConductSaved),
}
