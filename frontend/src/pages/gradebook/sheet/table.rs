//! The sheet as a table: ARIA grid with one tab stop, keys and mouse of a spreadsheet.

use super::bar::{Bar, Reason};
use super::editor;
use super::grid::{Entry, Place, State, Way};
use super::paste::{self, PasteDialog};
use super::store::{Sheet, cell_id};
use super::value::{Kind, read};
use super::{Column, OnHistory, average_class, average_text, column_name, point_name, texts};
use crate::format;
use crate::i18n::{lang, t};
use dto::gradebook::MarkSource;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use regulations::{Point, PrimarySlot, Slot, SubjectKind};
use wasm_bindgen::JsCast;

#[component]
pub fn TableSheet(sheet: Sheet, label: String, on_history: Option<OnHistory>) -> impl IntoView {
    let writable = sheet.with(|g| g.writable);
    let pasted = RwSignal::new(None::<String>);
    let dragging = StoredValue::new(false);
    // Esc opens the way out of the table for Tab.
    let leaving = StoredValue::new(false);

    let keydown = move |event: KeyboardEvent| {
        if editor::open() {
            edit_key(sheet, &event);
        } else {
            grid_key(sheet, &event, on_history, leaving);
        }
    };
    let up = window_event_listener(leptos::ev::pointerup, move |_| dragging.set_value(false));
    on_cleanup(move || up.remove());
    clipboard(sheet, pasted);

    let head = head(sheet);
    let body = body(sheet);
    let (rows, columns) = sheet.with(|g| (g.rows.len(), g.columns.len()));
    view! {
        <Bar sheet=sheet on_history=on_history />
        <div class="sheet">
            <table
                role="grid" aria-label=label aria-describedby="sheet-help" aria-multiselectable="true" aria-readonly=(!writable).then_some("true")
                aria-rowcount=rows + 2 aria-colcount=columns + 3
            >
                {head}
                <tbody
                    on:keydown=keydown
                    on:input=move |_| editor::typed(sheet)
                    on:focusout=move |event| if is_editor(event.target()) { editor::end(sheet, true) }
                    on:focusin=move |event| if let Some(at) = cell_of(event.target()) && at != sheet.active() && !editor::open() { sheet.go(sheet.with(|g| g.place(at)), false) }
                    on:pointerdown=move |event| {
                        if event.button() != 0 || is_editor(event.target()) { return }
                        let Some(at) = cell_of(event.target()) else { return };
                        let to = sheet.with(|g| g.place(at));
                        editor::end(sheet, true);
                        sheet.go(to, event.shift_key());
                        dragging.set_value(event.pointer_type() == "mouse");
                    }
                    on:pointerover=move |event| if dragging.get_value() && let Some(at) = cell_of(event.target()) && at != sheet.active() {
                        sheet.go(sheet.with(|g| g.place(at)), true);
                    }
                    on:dblclick=move |event| if cell_of(event.target()).is_some() { editor::begin(sheet, true, &spoken(sheet)) }
                >{body}</tbody>
            </table>
        </div>
        <p id="sheet-help" class="sr">{t(texts::SHEET_HELP)}</p>
        // Below the table, so that no cell moves under the hand.
        <Reason sheet=sheet />
        <p class="keys no-print">{keys(sheet)}</p>
        <PasteDialog sheet=sheet text=pasted />
    }
    .into_any()
}

fn keys(sheet: Sheet) -> &'static str {
    match sheet.with(|g| g.columns.first().map(|c| c.kind)) {
        _ if !sheet.with(|g| g.writable) => "",
        Some(Kind::Mark(SubjectKind::Score)) => t(texts::KEYS_MARK),
        Some(Kind::Mark(SubjectKind::Comment)) => t(texts::KEYS_COMMENT),
        Some(Kind::Primary(PrimarySlot::Trait(..), _)) => t(texts::KEYS_TRAIT),
        Some(Kind::Primary(..)) => t(texts::KEYS_LEVEL),
        _ => t(texts::KEYS_CONDUCT),
    }
}

/// "Nguyễn Văn An, Giữa kì": what a screen reader says of the input.
pub fn spoken(sheet: Sheet) -> String {
    sheet.with(|g| {
        let at = g.active_index();
        format!("{}, {}", g.row_of(at).full_name, column_name(g.column_of(at), true))
    })
}

fn head(sheet: Sheet) -> AnyView {
    use crate::i18n::tx;
    let columns = sheet.with(|g| g.columns.clone());
    if columns.iter().any(|column| matches!(column.kind, Kind::Primary(..))) {
        return primary_head(&columns);
    }
    let regular = columns.iter().filter(|c| matches!(c.slot, Some(Slot::Regular(_)))).count();
    let result = sheet.has_rule();
    let comment = matches!(columns.first().map(|c| c.kind), Some(Kind::Mark(SubjectKind::Comment)));
    let last = result.then(|| {
        let (short, long) =
            if comment { (t(texts::RESULT), t(texts::RESULT)) } else { (t(texts::AVERAGE), t(texts::AVERAGE_LONG)) };
        view! { <th scope="col" class="avg" rowspan="2" title=long aria-label=long>{short}</th> }
    });
    let single = columns
        .iter()
        .filter(|c| !matches!(c.slot, Some(Slot::Regular(_))))
        .map(|c| view! { <th scope="col" rowspan="2">{column_name(c, false)}</th> })
        .collect_view();
    let numbered = columns
        .iter()
        .filter(|c| matches!(c.slot, Some(Slot::Regular(_))))
        .map(|c| view! { <th scope="col" aria-label=column_name(c, true)>{column_name(c, false)}</th> })
        .collect_view();
    view! {
        <thead>
            <tr class="grp">
                <th scope="col" class="i" rowspan="2">{t(tx::ORDINAL)}</th>
                <th scope="col" class="name" rowspan="2">{t(tx::FULL_NAME)}</th>
                {(regular > 0).then(|| view! { <th scope="colgroup" colspan=regular>{t(texts::REGULAR)}</th> })}
                {single}
                {last}
            </tr>
            <tr>{numbered}</tr>
        </thead>
    }
    .into_any()
}

/// The two points of a term, each over its columns; what belongs to neither stands alone.
fn primary_head(columns: &[Column]) -> AnyView {
    use crate::i18n::tx;
    let slot = |column: &Column| match column.kind {
        Kind::Primary(slot, _) => Some(slot),
        _ => None,
    };
    let of_traits = columns.iter().any(|column| matches!(slot(column), Some(PrimarySlot::Trait(..))));
    let under = |point: Point| {
        columns
            .iter()
            .filter(move |column| slot(column).is_some_and(|slot| slot.required() && slot.point() == point))
            .collect::<Vec<_>>()
    };
    let points = [Point::Mid, Point::End].map(|point| (point, under(point)));
    let groups = points
        .iter()
        .filter(|(_, columns)| !columns.is_empty())
        .map(|(point, columns)| view! { <th scope="colgroup" colspan=columns.len()>{point_name(*point)}</th> })
        .collect_view();
    let alone = columns
        .iter()
        .filter(|column| slot(column).is_some_and(|slot| !slot.required()))
        .map(|column| view! { <th scope="col" rowspan="2" class="wrap" aria-label=column_name(column, true)>{column_name(column, false)}</th> })
        .collect_view();
    let each = points
        .iter()
        .flat_map(|(_, columns)| columns)
        .map(|column| view! { <th scope="col" class:wrap=of_traits aria-label=column_name(column, true)>{column_name(column, false)}</th> })
        .collect_view();
    view! {
        <thead class:tall=of_traits>
            <tr class="grp">
                <th scope="col" class="i" rowspan="2">{t(tx::ORDINAL)}</th>
                <th scope="col" class="name" rowspan="2">{t(tx::FULL_NAME)}</th>
                {groups}
                {alone}
            </tr>
            <tr>{each}</tr>
        </thead>
    }
    .into_any()
}

fn body(sheet: Sheet) -> AnyView {
    let rows = sheet.with(|g| g.rows.clone());
    let result = sheet.has_rule();
    let width = sheet.with(|g| g.columns.len());
    rows.into_iter()
        .enumerate()
        .map(|(n, row)| {
            let cells = (n * width..(n + 1) * width)
                .map(|at| {
                    let face = sheet.face(at);
                    let tab = if face.active { "0" } else { "-1" };
                    let wide = sheet.with(|g| match g.column_of(at).kind {
                        Kind::Conduct => Some("level"),
                        kind if kind.is_level() => Some("letter"),
                        _ => None,
                    });
                    let chosen = if face.active { "true" } else { "false" };
                    view! { <td id=cell_id(at) class=face.class data-k=wide tabindex=tab aria-selected=chosen>{face.text}</td> }
                })
                .collect_view();
            let face = sheet.row(n);
            let average = Memo::new(move |_| face.get().average);
            let left = row.left.then(|| view! { <small>{t(texts::LEFT)}</small> });
            view! {
                <tr class:gone=row.left>
                    <td class="i">{row.ordinal}</td>
                    <th scope="row" class="name">{format::name(&row.full_name, &row.given_name)}{left}</th>
                    {cells}
                    {result.then(|| view! { <td class=move || average_class(average.get())>{move || average_text(average.get())}</td> })}
                </tr>
            }
        })
        .collect_view()
        .into_any()
}

/// The cell that an event happened in.
fn cell_of(target: Option<web_sys::EventTarget>) -> Option<usize> {
    let element = target?.dyn_into::<web_sys::Element>().ok()?;
    let cell = element.closest("td.m").ok()??;
    cell.id().strip_prefix("cell-")?.parse().ok()
}

fn is_editor(target: Option<web_sys::EventTarget>) -> bool {
    target.and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok()).is_some_and(|input| input.id() == "cell-editor")
}

fn way(key: &str, ctrl: bool) -> Option<Way> {
    Some(match key {
        "ArrowUp" => Way::Up,
        "ArrowDown" => Way::Down,
        "ArrowLeft" => Way::Left,
        "ArrowRight" => Way::Right,
        "Home" if ctrl => Way::First,
        "End" if ctrl => Way::Last,
        "Home" => Way::RowStart,
        "End" => Way::RowEnd,
        "PageUp" => Way::PageUp,
        "PageDown" => Way::PageDown,
        _ => return None,
    })
}

fn tab(sheet: Sheet, back: bool) -> bool {
    match sheet.with(|g| g.next(g.active, back)) {
        Some(to) => {
            sheet.go(to, false);
            editor::focus(sheet);
            true
        }
        None => false,
    }
}

/// Keys while a cell is being typed in.
fn edit_key(sheet: Sheet, event: &KeyboardEvent) {
    let key = event.key();
    let kept = editor::input().and_then(|i| i.get_attribute("data-keep")).as_deref() == Some("1");
    let composing = event.is_composing();
    let way = match key.as_str() {
        _ if composing => return,
        "Escape" => {
            editor::end(sheet, false);
            editor::focus(sheet);
            event.prevent_default();
            event.stop_propagation();
            return;
        }
        "Tab" => {
            editor::end(sheet, true);
            tab(sheet, event.shift_key());
            editor::focus(sheet);
            event.prevent_default();
            return;
        }
        "Enter" if event.shift_key() => Way::Up,
        "Enter" => Way::Down,
        "ArrowUp" => Way::Up,
        "ArrowDown" => Way::Down,
        "ArrowLeft" if !kept => Way::Left,
        "ArrowRight" if !kept => Way::Right,
        _ => return,
    };
    event.prevent_default();
    editor::end(sheet, true);
    editor::walk(sheet, way, false);
}

/// Keys while no cell is being typed in.
fn grid_key(sheet: Sheet, event: &KeyboardEvent, on_history: Option<OnHistory>, leaving: StoredValue<bool>) {
    let key = event.key();
    let ctrl = event.ctrl_key() || event.meta_key();
    let left = leaving.get_value();
    leaving.set_value(false);
    if let Some(way) = way(&key, ctrl) {
        event.prevent_default();
        return editor::walk(sheet, way, event.shift_key());
    }
    match key.as_str() {
        "Enter" => editor::walk(sheet, if event.shift_key() { Way::Up } else { Way::Down }, false),
        "Tab" => {
            if left || !tab(sheet, event.shift_key()) {
                return;
            }
        }
        "Escape" => {
            leaving.set_value(true);
            let here = sheet.with(|g| g.active);
            sheet.go(here, false);
            return;
        }
        "F2" => editor::begin(sheet, true, &spoken(sheet)),
        "Delete" | "Backspace" => sheet.clear_selection(),
        _ if ctrl && key.eq_ignore_ascii_case("z") => {
            sheet.undo(event.shift_key());
            editor::focus(sheet);
        }
        _ if ctrl && key.eq_ignore_ascii_case("y") => {
            sheet.undo(true);
            editor::focus(sheet);
        }
        _ if ctrl && key.eq_ignore_ascii_case("a") => sheet.select_all(),
        _ if ctrl || event.alt_key() => return,
        // In a column of levels letters are levels, H too: the history stays in the bar.
        _ if key.chars().count() == 1 && at_once(sheet, &key) => {
            event.prevent_default();
            return;
        }
        "h" | "H" => match on_history {
            Some(show) => show.run(sheet.active()),
            None => return,
        },
        "r" | "R" if !sheet.asking.read_untracked().is_empty() => focus_reason(),
        // An input method is at work, or a sign was typed: it lands in the input by itself.
        "Process" | "Unidentified" => return editor::begin(sheet, false, &spoken(sheet)),
        _ if key.chars().count() == 1 => {
            return editor::begin(sheet, false, &spoken(sheet));
        }
        _ => return,
    }
    event.prevent_default();
}

/// A level needs one key: it is written, and the next learner is up.
fn at_once(sheet: Sheet, key: &str) -> bool {
    let at = sheet.active();
    let kind = sheet.with(|g| g.column_of(at).kind);
    if !kind.is_level()
        || sheet.with(|g| !g.editable(at))
        || (key.eq_ignore_ascii_case("r") && !sheet.asking.read_untracked().is_empty())
    {
        return false;
    }
    match read(key, kind) {
        Ok(read) => {
            sheet.put(vec![(at, Entry::from(read.value))], MarkSource::Typed);
            editor::walk(sheet, Way::Down, false);
        }
        // No letter of a level: nothing to type here.
        Err(_) => sheet.look.update(|n| *n = n.wrapping_add(1)),
    }
    true
}

fn focus_reason() {
    if let Some(input) = document().get_element_by_id("reason").and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = input.focus();
    }
}

/// Copy, cut and paste, while the focus is in a cell.
fn clipboard(sheet: Sheet, pasted: RwSignal<Option<String>>) {
    let here = || {
        let at = document().active_element().and_then(|e| e.closest("td.m").ok().flatten());
        at.is_some() && !editor::open()
    };
    let copy = move |event: web_sys::ClipboardEvent, cut: bool| {
        if !here() {
            return;
        }
        if let Some(data) = event.clipboard_data() {
            let _ = data.set_data("text/plain", &sheet.with(|g| g.copy(lang())));
            event.prevent_default();
            if cut {
                sheet.clear_selection();
            }
        }
    };
    let events = [
        window_event_listener(leptos::ev::copy, move |e| copy(e, false)),
        window_event_listener(leptos::ev::cut, move |e| copy(e, true)),
        window_event_listener(leptos::ev::paste, move |event| {
            if !here() || !sheet.with(|g| g.writable) {
                return;
            }
            let text = event.clipboard_data().and_then(|data| data.get_data("text/plain").ok()).unwrap_or_default();
            event.prevent_default();
            if !text.is_empty() {
                paste::take(sheet, text, pasted);
            }
        }),
    ];
    on_cleanup(move || events.into_iter().for_each(|e| e.remove()));
}

/// Goes to the next cell that needs the person.
pub fn attend(sheet: Sheet) {
    let to: Option<Place> = sheet.with(|g| [State::Conflict, State::Wrong, State::Refused].into_iter().find_map(|s| g.find(s)));
    if let Some(to) = to {
        sheet.go(to, false);
        editor::focus(sheet);
    }
}
