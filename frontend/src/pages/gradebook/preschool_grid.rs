//! The grid of the preschool sheet: typed, walked with the arrows, saved as one goes on. What another has changed meanwhile is shown
//! beside what was typed, and nothing is lost.

use super::past::{CellHistory, OfCell};
use crate::api::preschool;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::ui::{Autosave, Button, Icon, icon};
use dto::ClassId;
use dto::gradebook::CellResult;
use dto::preschool::{
    PreschoolItem, PreschoolList, PreschoolRow, PreschoolSaved, PreschoolSheet, PutPreschool, PutPreschoolCell,
};
use leptos::prelude::*;
use regulations::preschool::{Domain, Outcome};
use std::collections::HashMap;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

texts! {
    DOMAINS: "Lĩnh vực", "Domain";
    CHILD: "Họ và tên", "Child";
    NO_WORDS: "chưa có lời văn", "no wording yet";
    HOW: "Gõ Đ (đạt), C (chưa đạt), Xoá để bỏ trống; mũi tên để đi. Chạm một ô để đổi. Tự lưu.", "Type D (achieved), C (not yet), Delete to clear; arrows to walk. Tap a cell to change it. It saves by itself.";
    FILL: "Điền Đạt vào các ô trống của cột", "Fill the empty cells of the column with achieved";
    CELL: "{name}, {code}: {value}", "{name}, {code}: {value}";
    EMPTY_CELL: "trống", "empty";
    SAVED: "Đã lưu · còn {n} ô trống ở lĩnh vực này", "Saved · {n} cells of this domain are empty";
    NOT_SENT: "Chưa gửi được {n} ô", "{n} cells are not sent yet";
    CONFLICT: "{name}, {code}: {by} vừa ghi {value}", "{name}, {code}: {by} has just entered {value}";
    SOMEONE: "người khác", "someone else";
    TAKE: "Lấy giá trị đó", "Take theirs";
    KEEP: "Giữ của tôi", "Keep mine";
    HISTORY: "Lịch sử ô", "History";
    HISTORY_OF: "Lịch sử ô: {name}, {code}", "History: {name}, {code}";
    PICKED: "Mục {code}", "Item {code}";
    STANDARD: "Chuẩn {n}", "Standard {n}";
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Cell {
    now: Option<Outcome>,
    /// What the server has.
    base: Option<Outcome>,
    version: i64,
    dirty: bool,
    /// Another wrote: what stands there, and who it was.
    theirs: Option<(Option<Outcome>, String)>,
}

#[derive(Clone, Copy)]
pub struct Grid {
    class: ClassId,
    list: PreschoolList,
    stage: u8,
    writable: bool,
    items: StoredValue<Vec<PreschoolItem>>,
    rows: StoredValue<Vec<PreschoolRow>>,
    /// Row by row.
    cells: StoredValue<Vec<RwSignal<Cell>>>,
    domains: StoredValue<Vec<Domain>>,
    domain: RwSignal<Domain>,
    /// The item whose words are shown.
    picked: RwSignal<usize>,
    /// The row of the cell that was touched last.
    here: RwSignal<Option<usize>>,
    past: OfCell,
    saving: Autosave,
}

impl Grid {
    pub fn new(sheet: PreschoolSheet) -> Grid {
        let mut domains: Vec<Domain> = Vec::new();
        for item in &sheet.items {
            if !domains.contains(&item.domain) {
                domains.push(item.domain);
            }
        }
        let at: HashMap<&str, usize> = sheet.items.iter().enumerate().map(|(n, item)| (item.code.as_str(), n)).collect();
        let width = sheet.items.len();
        let mut cells = vec![Cell::default(); sheet.rows.len() * width];
        for (row, line) in sheet.rows.iter().enumerate() {
            for cell in &line.cells {
                if let Some(n) = at.get(cell.code.as_str()) {
                    let stands = Cell { now: cell.outcome, base: cell.outcome, version: cell.version, ..Cell::default() };
                    cells[row * width + n] = stands;
                }
            }
        }
        Grid {
            class: sheet.class_id,
            list: sheet.list,
            stage: sheet.stage.number,
            writable: sheet.writable,
            domain: RwSignal::new(domains.first().copied().unwrap_or(Domain::Physical)),
            picked: RwSignal::new(0),
            here: RwSignal::new(None),
            past: RwSignal::new(None),
            domains: StoredValue::new(domains),
            cells: StoredValue::new(cells.into_iter().map(RwSignal::new).collect()),
            items: StoredValue::new(sheet.items),
            rows: StoredValue::new(sheet.rows),
            saving: Autosave::default(),
        }
    }

    fn width(self) -> usize {
        self.items.with_value(Vec::len)
    }

    fn cell(self, row: usize, item: usize) -> Option<RwSignal<Cell>> {
        let width = self.width();
        self.cells.with_value(|cells| cells.get(row * width + item).copied())
    }

    fn may(self, row: usize) -> bool {
        self.writable && self.rows.with_value(|rows| rows.get(row).is_some_and(|row| !row.left))
    }

    fn set(self, row: usize, item: usize, value: Option<Outcome>) {
        if !self.may(row) {
            return;
        }
        let Some(cell) = self.cell(row, item) else { return };
        cell.update(|cell| {
            cell.now = value;
            cell.dirty = value != cell.base;
        });
        self.saving.later(move || self.send());
    }

    /// Empty, achieved, not yet, empty.
    fn turn(self, row: usize, item: usize) {
        let Some(cell) = self.cell(row, item) else { return };
        let next = match cell.read_untracked().now {
            None => Some(Outcome::Achieved),
            Some(Outcome::Achieved) => Some(Outcome::NotYet),
            Some(Outcome::NotYet) => None,
        };
        self.set(row, item, next);
    }

    fn fill(self, item: usize) {
        for row in 0..self.rows.with_value(Vec::len) {
            if self.cell(row, item).is_some_and(|cell| cell.read_untracked().now.is_none()) {
                self.set(row, item, Some(Outcome::Achieved));
            }
        }
    }

    /// Cells that wait, with their places.
    fn waiting(self) -> Vec<(usize, PutPreschoolCell)> {
        let width = self.width().max(1);
        self.cells.with_value(|cells| {
            cells
                .iter()
                .enumerate()
                .filter_map(|(at, cell)| {
                    let cell = cell.read_untracked();
                    if !cell.dirty || cell.theirs.is_some() {
                        return None;
                    }
                    let learner_id = self.rows.with_value(|rows| rows.get(at / width).map(|row| row.learner_id))?;
                    let code = self.items.with_value(|items| items.get(at % width).map(|item| item.code.clone()))?;
                    Some((at, PutPreschoolCell { learner_id, code, outcome: cell.now, version: cell.version }))
                })
                .take(2000)
                .collect()
        })
    }

    fn send(self) {
        let waiting = self.waiting();
        let cells: Vec<_> = waiting.iter().map(|(_, cell)| cell.clone()).collect();
        let put = async move { preschool::put_sheet(self.class, self.list, self.stage, &PutPreschool { cells }).await };
        let call = (!waiting.is_empty()).then_some(put);
        self.saving.send(
            || call,
            move |saved| {
                self.took(&waiting, saved);
                self.send();
            },
        );
    }

    fn took(self, sent: &[(usize, PutPreschoolCell)], saved: PreschoolSaved) {
        for ((at, sent), outcome) in sent.iter().zip(saved.cells) {
            let Some(cell) = self.cells.with_value(|cells| cells.get(*at).copied()) else { continue };
            cell.update(|cell| {
                cell.version = outcome.version;
                cell.base = outcome.outcome;
                match outcome.result {
                    CellResult::Saved | CellResult::Unchanged => cell.dirty = cell.now != sent.outcome,
                    CellResult::Conflict => {
                        let by = outcome.changed_by.unwrap_or_else(|| t(SOMEONE).to_owned());
                        cell.theirs = Some((outcome.outcome, by));
                    }
                    CellResult::Refused => {
                        cell.now = outcome.outcome;
                        cell.dirty = false;
                    }
                }
            });
        }
    }
}

fn label(outcome: Option<Outcome>) -> &'static str {
    outcome.map_or_else(|| t(EMPTY_CELL), |outcome| lang().pick(outcome.vi(), outcome.en()))
}

/// What a screen reader says of a cell: what is seen in it, then in words.
fn spoken(outcome: Option<Outcome>) -> String {
    outcome.map_or_else(|| t(EMPTY_CELL).to_owned(), |outcome| format!("{}, {}", outcome.short(), label(Some(outcome))))
}

#[component]
pub fn GridView(grid: Grid) -> impl IntoView {
    Autosave::when_back(move || grid.send());
    let domains = grid.domains.get_value();
    let tabs = (domains.len() > 1).then(|| {
        let tabs = domains
            .into_iter()
            .map(|domain| {
                let name = lang().pick(domain.vi(), domain.en());
                view! {
                    <button type="button" role="tab" aria-selected=move || (grid.domain.get() == domain).to_string()
                        on:click=move |_| {
                            grid.domain.set(domain);
                            grid.picked.set(grid.items.with_value(|items| items.iter().position(|item| item.domain == domain).unwrap_or(0)));
                        }
                    >{name}</button>
                }
            })
            .collect_view();
        view! { <div class="tabs no-print" role="tablist" aria-label=t(DOMAINS)>{tabs}</div> }
    });
    view! {
        {tabs}
        {move || words(grid)}
        {move || table(grid, grid.domain.get())}
        {move || conflicts(grid)}
        <div class="line no-print" role="status">{move || status(grid)}</div>
        <CellHistory class=grid.class list=grid.list stage=grid.stage of=grid.past />
        {grid.writable.then(|| view! { <p class="quiet no-print">{t(HOW)}</p> })}
    }
}

/// What the picked column asks.
fn words(grid: Grid) -> AnyView {
    let at = grid.picked.get();
    let Some(item) = grid.items.with_value(|items| items.get(at).cloned()) else { return ().into_any() };
    let standard = item.standard.map(|n| view! { <span class="muted">{tf(STANDARD, &[("n", &n.to_string())])}</span> });
    let text = if item.text.is_empty() {
        view! { <i class="muted">{t(NO_WORDS)}</i> }.into_any()
    } else {
        view! { <span>{item.text}</span> }.into_any()
    };
    // Of the cell that was touched last in this column.
    let row = grid.here.get().and_then(|row| grid.rows.with_value(|rows| rows.get(row).cloned()));
    let history = row.map(|row| {
        let label = tf(HISTORY_OF, &[("name", &row.full_name), ("code", &item.code)]);
        let of = (row.learner_id, (row.full_name, row.given_name), item.code.clone());
        view! { <button type="button" class="btn small" aria-label=label on:click=move |_| grid.past.set(Some(of.clone()))>{icon(Icon::Clock)}{t(HISTORY)}</button> }
    });
    view! {
        <div class="picked no-print" aria-live="polite">
            <b class="num">{tf(PICKED, &[("code", &item.code)])}</b>{standard}<span class="grow">{text}</span>
            {grid.writable.then(|| view! { <Button small=true label=t(FILL) on_press=Callback::new(move |()| grid.fill(at)) /> })}
            {history}
        </div>
    }
    .into_any()
}

fn table(grid: Grid, domain: Domain) -> AnyView {
    let columns: Vec<usize> = grid
        .items
        .with_value(|items| items.iter().enumerate().filter(|(_, item)| item.domain == domain).map(|(n, _)| n).collect());
    let heads = grid.items.with_value(|items| {
        columns
            .iter()
            .filter_map(|n| {
                let (at, item) = (*n, items.get(*n)?);
                Some(view! { <th scope="col" class="c" class:on=move || grid.picked.get() == at title=item.text.clone()><button type="button" class="num" on:click=move |_| grid.picked.set(at)>{item.code.clone()}</button></th> })
            })
            .collect_view()
    });
    let rows = grid.rows.with_value(|rows| {
        rows.iter()
            .enumerate()
            .map(|(n, row)| {
                let cells = columns.iter().map(|item| cell_view(grid, n, *item, &row.full_name)).collect_view();
                let (left, ordinal) = (row.left, row.ordinal);
                let name = format::name(&row.full_name, &row.given_name);
                view! { <tr class:gone=left><td class="i">{ordinal}</td><th scope="row" class="name">{name}</th>{cells}</tr> }
            })
            .collect_view()
    });
    let name = lang().pick(domain.vi(), domain.en());
    // On paper the words stand under the table.
    let legend = grid.items.with_value(|items| {
        items
            .iter()
            .filter(|item| item.domain == domain && !item.text.is_empty())
            .map(|item| view! { <li><b class="num">{item.code.clone()}</b>" "{item.text.clone()}</li> })
            .collect_view()
    });
    view! {
        <h3 class="only-print">{name}</h3>
        <div class="table tall preschool-grid" role="region" aria-label=name on:keydown=move |event| keys(grid, &event)>
            <table>
                <thead><tr><th scope="col" class="i">{t(tx::ORDINAL)}</th><th scope="col" class="name">{t(CHILD)}</th>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <ul class="only-print legend">{legend}</ul>
    }
    .into_any()
}

fn cell_view(grid: Grid, row: usize, item: usize, name: &str) -> AnyView {
    let Some(cell) = grid.cell(row, item) else { return ().into_any() };
    let name = name.to_owned();
    let code = grid.items.with_value(|items| items.get(item).map(|item| item.code.clone()).unwrap_or_default());
    let may = grid.may(row);
    let class = move || {
        let cell = cell.read();
        let value = match cell.now {
            Some(Outcome::Achieved) => "yes",
            Some(Outcome::NotYet) => "not",
            None => "none",
        };
        let state = if cell.theirs.is_some() {
            " conflict"
        } else if cell.dirty {
            " dirty"
        } else {
            ""
        };
        format!("{value}{state}")
    };
    view! {
        <td class="c">
            <button
                type="button" class=class aria-disabled=(!may).then_some("true") data-row=row data-item=item
                aria-label=move || tf(CELL, &[("name", &name), ("code", &code), ("value", &spoken(cell.read().now))])
                on:focus=move |_| { grid.picked.set(item); grid.here.set(Some(row)); }
                on:click=move |_| grid.turn(row, item)
            >{move || cell.read().now.map(Outcome::short)}</button>
        </td>
    }
    .into_any()
}

/// Letters write, arrows and Enter walk, Delete clears.
fn keys(grid: Grid, event: &KeyboardEvent) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let Some(button) = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok()) else { return };
    let place = |name: &str| button.get_attribute(name).and_then(|text| text.parse::<usize>().ok());
    let (Some(row), Some(item)) = (place("data-row"), place("data-item")) else { return };
    let key = event.key();
    let (down, right) = match key.as_str() {
        "ArrowDown" | "Enter" => (1, 0),
        "ArrowUp" => (-1, 0),
        "ArrowRight" => (0, 1),
        "ArrowLeft" => (0, -1),
        "Delete" | "Backspace" => {
            event.prevent_default();
            return grid.set(row, item, None);
        }
        key => {
            if let Some(outcome) = Outcome::parse(key) {
                event.prevent_default();
                grid.set(row, item, Some(outcome));
                focus(&button, row as i64 + 1, item as i64);
            }
            return;
        }
    };
    event.prevent_default();
    focus(&button, row as i64 + down, item as i64 + right);
}

fn focus(from: &HtmlElement, row: i64, item: i64) {
    let Some(table) = from.closest("table").ok().flatten() else { return };
    let wanted = format!("button[data-row='{row}'][data-item='{item}']");
    if let Some(button) = table.query_selector(&wanted).ok().flatten().and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        let _ = button.focus();
    }
}

fn conflicts(grid: Grid) -> AnyView {
    let width = grid.width().max(1);
    let found: Vec<AnyView> = grid.cells.with_value(|cells| {
        cells
            .iter()
            .enumerate()
            .filter_map(|(at, cell)| {
                let cell = *cell;
                let (theirs, by) = cell.read().theirs.clone()?;
                let name = grid.rows.with_value(|rows| rows.get(at / width).map(|row| row.full_name.clone()))?;
                let code = grid.items.with_value(|items| items.get(at % width).map(|item| item.code.clone()))?;
                let text = tf(CONFLICT, &[("name", &name), ("code", &code), ("by", &by), ("value", label(theirs))]);
                let take = Callback::new(move |()| {
                    cell.update(|cell| {
                        cell.theirs = None;
                        cell.now = cell.base;
                        cell.dirty = false;
                    })
                });
                let keep = Callback::new(move |()| {
                    cell.update(|cell| cell.theirs = None);
                    grid.send();
                });
                Some(
                    view! {
                        <li class="strip">
                            {icon(Icon::Alert)}<span class="grow">{text}</span>
                            <Button small=true label=t(TAKE) on_press=take />
                            <Button small=true label=t(KEEP) on_press=keep />
                        </li>
                    }
                    .into_any(),
                )
            })
            .collect()
    });
    (!found.is_empty()).then(|| view! { <ul class="stack no-print" role="alert">{found}</ul> }).into_any()
}

fn status(grid: Grid) -> AnyView {
    let empty = || {
        let (domain, width) = (grid.domain.get(), grid.width().max(1));
        grid.cells.with_value(|cells| {
            cells
                .iter()
                .enumerate()
                .filter(|(at, cell)| {
                    let here = grid.items.with_value(|items| items.get(at % width).is_some_and(|item| item.domain == domain));
                    here && grid.rows.with_value(|rows| rows.get(at / width).is_some_and(|row| !row.left))
                        && cell.read().now.is_none()
                })
                .count()
        })
    };
    grid.saving.status(
        || tf(NOT_SENT, &[("n", &grid.waiting().len().to_string())]),
        Callback::new(move |()| grid.send()),
        || tf(SAVED, &[("n", &empty().to_string())]),
    )
}
