//! The sheet as others write it at this moment: their cells come in by themselves, and who else has it open is shown.

use super::grid::{Conflict, Entry, Grid};
use super::store::{Sheet, cell_id};
use super::value::Value;
use super::{editor, texts};
use crate::api::live::{Frame, listen};
use crate::api::{ApiError, gradebook};
use crate::format;
use crate::i18n::{lang, t, tf};
use crate::offline::unsent::Home;
use crate::state::who;
use dto::live::{ReloadReason, SheetCell, SheetCells, SheetEvent, SheetPerson};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;
use web_sys::AbortController;

/// Milliseconds until the next try, by how many went wrong.
const WAITS: [u64; 5] = [1_000, 2_000, 5_000, 10_000, 30_000];
/// A stream that is silent for longer than this is dead: the server speaks every 15 s.
const SILENCE: f64 = 45_000.0;
/// How long a cell that another has changed shows it.
const FLASH: u64 = 2_400;
/// Faces that are shown; the rest are counted.
const FACES: usize = 4;

/// The stream of one page.
#[derive(Default)]
pub struct Live {
    stop: Option<AbortController>,
    /// The last event that was heard, to go on after it.
    last: Option<String>,
    tries: usize,
    /// When something was heard last, by the browser's clock.
    heard: f64,
    /// What the server asked to wait before the next stream.
    wait: Option<u64>,
    timer: Option<TimeoutHandle>,
    watched: bool,
    gone: bool,
}

impl Sheet {
    /// Opens the stream, if it is not open, and again whenever it ends.
    pub fn connect(self) {
        let Home::Marks { class, subject, term } = self.home() else { return };
        let begun = self.live.try_update_value(|live| {
            if live.gone || live.stop.is_some() {
                return None;
            }
            if let Some(timer) = live.timer.take() {
                timer.clear();
            }
            let stop = AbortController::new().ok()?;
            let signal = stop.signal();
            live.stop = Some(stop);
            live.heard = js_sys::Date::now();
            Some((signal, live.last.clone()))
        });
        let Some(Some((signal, last))) = begun else { return };
        spawn_local(async move {
            let path = gradebook::sheet_events(class, &subject, term);
            let ended = listen(&path, last, signal, move |frame| self.heard(frame)).await;
            self.ended(ended);
        });
        if self.live.try_update_value(|live| std::mem::replace(&mut live.watched, true)) == Some(false) {
            self.watch();
        }
    }

    /// The page goes.
    pub(super) fn disconnect(self) {
        self.live.try_update_value(|live| {
            live.gone = true;
            if let Some(timer) = live.timer.take() {
                timer.clear();
            }
            if let Some(stop) = live.stop.take() {
                stop.abort();
            }
        });
    }

    /// Ends a stream that says nothing any more.
    fn watch(self) {
        set_timeout(
            move || {
                self.live.try_update_value(|live| {
                    if js_sys::Date::now() - live.heard > SILENCE
                        && let Some(stop) = &live.stop
                    {
                        stop.abort();
                    }
                });
                if self.live.try_with_value(|live| !live.gone) == Some(true) {
                    self.watch();
                }
            },
            Duration::from_secs(15),
        );
    }

    fn ended(self, how: Result<(), ApiError>) {
        // Not mine to read, or a server that has no streams: the sheet works as it did.
        let never = how.as_ref().is_err_and(|e| !e.passing());
        let wait = self.live.try_update_value(|live| {
            live.stop = None;
            let wait = live.wait.take().unwrap_or(WAITS[live.tries.min(WAITS.len() - 1)]);
            live.tries += 1;
            (!live.gone && !never).then_some(wait)
        });
        let Some(wait) = wait else { return };
        self.people.try_set(Vec::new());
        let Some(wait) = wait else { return };
        // Not all at the same moment after a restart of the server.
        let wait = wait + (js_sys::Math::random() * 500.0) as u64;
        let timer = set_timeout_with_handle(
            move || {
                if self.live.try_update_value(|live| live.timer = None).is_some() {
                    self.connect();
                }
            },
            Duration::from_millis(wait),
        );
        self.live.try_update_value(|live| live.timer = timer.ok());
    }

    fn heard(self, frame: Frame) {
        let here = self.live.try_update_value(|live| {
            live.heard = js_sys::Date::now();
            if frame.id.is_some() {
                live.last.clone_from(&frame.id);
            }
        });
        if here.is_none() {
            return;
        }
        match SheetEvent::parse(&frame.event, &frame.data) {
            Some(SheetEvent::Hello(hello)) => {
                self.live.update_value(|live| live.tries = 0);
                self.people.set(hello.people);
                if !hello.resumed {
                    self.follow_server();
                }
            }
            Some(SheetEvent::Cells(cells)) => self.hear_cells(cells),
            Some(SheetEvent::Presence(presence)) => self.people.set(presence.people),
            Some(SheetEvent::Reload(reload)) if reload.why == ReloadReason::State => self.outdated.set(true),
            Some(SheetEvent::Reload(_)) => self.follow_server(),
            Some(SheetEvent::Bye(bye)) => self.live.update_value(|live| live.wait = Some(bye.retry_ms.into())),
            None => {}
        }
    }

    /// The cell that somebody is typing in at this moment.
    fn typing(self) -> Option<usize> {
        editor::place().or_else(|| self.typing.get_value())
    }

    fn hear_cells(self, mut heard: SheetCells) {
        // What is being typed is not touched: it waits until the hand has left the cell.
        if let Some(at) = self.typing() {
            let (later, now) = heard.cells.into_iter().partition(|cell| self.with(|g| g.find_cell(cell)) == Some(at));
            heard.cells = now;
            let later: Vec<SheetCell> = later;
            if !later.is_empty() {
                self.held.update_value(|held| held.push(SheetCells { cells: later, ..heard.clone() }));
            }
        }
        self.merge(&heard);
    }

    /// The hand has left the cell.
    pub fn release(self) {
        for heard in self.held.try_update_value(std::mem::take).unwrap_or_default() {
            self.merge(&heard);
        }
    }

    fn merge(self, heard: &SheetCells) {
        let merged = self.grid.try_update_value(|g| g.hear(heard)).unwrap_or_default();
        if merged.is_empty() {
            return;
        }
        self.changed(&merged);
        let said = tf(texts::JUST_CHANGED, &[("who", &heard.by), ("at", &format::clock(heard.at))]);
        for at in merged {
            flash(at, &said);
        }
    }
}

/// A cell shows for a moment that another has changed it, and keeps who and when.
fn flash(at: usize, said: &str) {
    for id in [cell_id(at), format!("phone-{at}")] {
        let Some(element) = document().get_element_by_id(&id) else { continue };
        let _ = element.set_attribute("title", said);
        let _ = element.set_attribute("data-flash", "");
        set_timeout(
            move || {
                if let Some(element) = document().get_element_by_id(&id) {
                    let _ = element.remove_attribute("data-flash");
                }
            },
            Duration::from_millis(FLASH),
        );
    }
}

impl Grid {
    fn find_cell(&self, cell: &SheetCell) -> Option<usize> {
        let row = self.rows.iter().position(|r| r.learner == cell.learner_id)?;
        let column = self.columns.iter().position(|c| c.slot == Some(cell.slot))?;
        Some(row * self.columns.len() + column)
    }

    /// Takes what another has written, wherever nothing is typed here; beside what is typed it stands as a conflict. Gives the cells
    /// that changed.
    pub fn hear(&mut self, heard: &SheetCells) -> Vec<usize> {
        let mut touched = Vec::new();
        for one in &heard.cells {
            let Some(at) = self.find_cell(one) else { continue };
            let cell = &mut self.cells[at];
            // Known already; or mine is on its way, and its answer says the same.
            if one.version <= cell.version || cell.sent.is_some() {
                continue;
            }
            let theirs = one.value.map(Value::Mark);
            let wrong = matches!(cell.entry, Entry::Wrong(..));
            if cell.dirty && (wrong || cell.entry.value() != theirs) {
                if cell.conflict.as_ref().is_some_and(|known| known.version >= one.version) {
                    continue;
                }
                cell.conflict = Some(Conflict { theirs, version: one.version, by: Some(heard.by.clone()), at: Some(heard.at) });
            } else {
                cell.entry = theirs.into();
                cell.base = theirs;
                cell.version = one.version;
                cell.stood |= theirs.is_some();
                cell.dirty = false;
                cell.saved = false;
                cell.refused = None;
                cell.conflict = None;
            }
            touched.push(at);
        }
        touched
    }
}

/// Who else has the sheet open.
#[component]
pub fn Here(sheet: Sheet) -> impl IntoView {
    let me = who().with(|me| me.account_id);
    move || {
        let others: Vec<SheetPerson> = sheet.people.get().into_iter().filter(|p| p.account_id != me).collect();
        (!others.is_empty()).then(|| {
            let names = others.iter().map(|p| p.name.as_str()).collect::<Vec<_>>().join(", ");
            let more = others.len().saturating_sub(FACES);
            let faces = others
                .into_iter()
                .take(FACES)
                .map(|p| {
                    let what = if p.writes { t(texts::HERE_WRITES) } else { t(texts::HERE_READS) };
                    let about = format!("{} · {} · {what}", p.name, p.role.label(lang()));
                    view! { <span class="face" class:writes=p.writes title=about aria-hidden="true">{format::initials(&p.name)}</span> }
                })
                .collect_view();
            view! {
                <span class="here" role="status">
                    <span class="sr">{tf(texts::HERE, &[("names", &names)])}</span>
                    {faces}
                    {(more > 0).then(|| view! { <span class="face num" aria-hidden="true">{format!("+{more}")}</span> })}
                </span>
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::grid::State;
    use super::super::grid::tests::{SCORE, grid};
    use super::*;
    use chrono::{DateTime, Utc};
    use dto::gradebook::MarkSource;
    use regulations::{CellValue, Mark, Slot};

    fn heard(grid: &Grid, row: usize, hundredths: i32, version: i64) -> SheetCells {
        let value = Mark::from_hundredths(hundredths).map(CellValue::Score);
        let cell = SheetCell { learner_id: grid.rows[row].learner, slot: Slot::Regular(1), value, version };
        SheetCells { account_id: None, by: "Lan".to_owned(), at: DateTime::<Utc>::UNIX_EPOCH, cells: vec![cell] }
    }

    #[test]
    fn others_marks_come_in_where_nothing_is_typed() {
        let mut grid = grid(2, 1);
        let event = heard(&grid, 1, 800, 1);
        assert_eq!(grid.hear(&event), [1]);
        assert_eq!((grid.cells[1].state(), grid.cells[1].version), (State::Clean, 1));
        // Twice, or too late, does nothing.
        assert!(grid.hear(&event).is_empty());
    }

    #[test]
    fn what_is_typed_stays_and_the_other_value_stands_beside_it() {
        let mut grid = grid(1, 1);
        grid.put(vec![(0, Entry::read("8", SCORE))], MarkSource::Typed);
        let event = heard(&grid, 0, 300, 1);
        grid.hear(&event);
        assert_eq!((grid.cells[0].state(), &grid.cells[0].entry), (State::Conflict, &Entry::read("8", SCORE)));
        assert!(grid.next_marks(&[]).is_none(), "nothing is sent over the other's value unasked");
        grid.settle(0, true);
        assert_eq!(grid.next_marks(&[]).map(|p| p.cells[0].version), Some(1));
    }

    #[test]
    fn the_same_value_from_both_is_no_conflict() {
        let mut grid = grid(1, 1);
        grid.put(vec![(0, Entry::read("8", SCORE))], MarkSource::Typed);
        let event = heard(&grid, 0, 800, 1);
        grid.hear(&event);
        assert_eq!((grid.cells[0].state(), grid.waiting().unsaved), (State::Clean, 0));
    }

    #[test]
    fn what_is_on_its_way_waits_for_its_answer() {
        let mut grid = grid(1, 1);
        grid.put(vec![(0, Entry::read("8", SCORE))], MarkSource::Typed);
        assert!(grid.next_marks(&[]).is_some());
        let event = heard(&grid, 0, 300, 1);
        assert!(grid.hear(&event).is_empty());
        assert_eq!(grid.cells[0].state(), State::Saving);
    }
}
