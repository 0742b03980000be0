//! The one input that moves into the cell that is being typed in.

use super::grid::{Entry, Way};
use super::store::{Sheet, cell_id};
use super::value::{Read, read, write};
use crate::i18n::lang;
use dto::gradebook::MarkSource;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement};

const ID: &str = "cell-editor";

pub fn input() -> Option<HtmlInputElement> {
    document().get_element_by_id(ID)?.dyn_into().ok()
}

/// The cell that is being typed in.
pub fn place() -> Option<usize> {
    Some(cell(&input()?)?.0)
}

pub fn open() -> bool {
    input().is_some()
}

/// The cell that holds the input.
fn cell(input: &HtmlInputElement) -> Option<(usize, web_sys::Element)> {
    let element = input.parent_element()?;
    let at = element.id().strip_prefix("cell-")?.parse().ok()?;
    Some((at, element))
}

/// Puts the input into the active cell. `keep`: with what stands there, the caret behind it (F2); else empty, and the key
/// that was pressed lands in it by itself, as it does for input methods.
pub fn begin(sheet: Sheet, keep: bool, label: &str) {
    let at = sheet.active();
    if open() || !sheet.with(|g| g.editable(at)) {
        return;
    }
    let document = document();
    let Some(element) = document.get_element_by_id(&cell_id(at)) else { return };
    let Some(input) = document.create_element("input").ok().and_then(|e| e.dyn_into::<HtmlInputElement>().ok()) else { return };
    input.set_id(ID);
    input.set_type("text");
    input.set_autocomplete("off");
    let _ = input.set_attribute("inputmode", "text");
    let _ = input.set_attribute("aria-label", label);
    let _ = input.set_attribute("data-keep", if keep { "1" } else { "0" });
    input.set_spellcheck(false);
    if keep {
        let text = sheet.with(|g| match &g.cells[at].entry {
            Entry::Wrong(text, _) => text.clone(),
            entry => write(entry.value(), lang()),
        });
        input.set_value(&text);
    }
    element.set_text_content(None);
    let _ = element.class_list().add_1("editing");
    if element.append_child(&input).is_ok() {
        let _ = input.focus();
        let end = input.value().len() as u32;
        let _ = input.set_selection_range(end, end);
    }
}

/// At every keystroke: the row's average, and how the text is read.
pub fn typed(sheet: Sheet) {
    let Some(input) = input() else { return };
    let Some((at, element)) = cell(&input) else { return };
    let text = input.value();
    let (kind, row) = sheet.with(|g| (g.column_of(at).kind, g.place(at).row));
    let answer = read(&text, kind);
    let (hint, wrong) = match &answer {
        Ok(Read { value, reinterpreted: true }) => (Some(write(*value, lang())), false),
        Ok(_) => (None, false),
        Err(wrong) => (Some(wrong.text(lang()).to_owned()), true),
    };
    let _ = match &hint {
        Some(hint) => element.set_attribute(if wrong { "data-wrong" } else { "data-read" }, hint),
        None => Ok(()),
    };
    let _ = if hint.is_none() || wrong { element.remove_attribute("data-read") } else { Ok(()) };
    let _ = if hint.is_none() || !wrong { element.remove_attribute("data-wrong") } else { Ok(()) };
    sheet.reckon(row, Some((at, answer.ok().and_then(|read| read.value))));
}

/// Takes the input out. `write`: what was typed goes into the cell.
pub fn end(sheet: Sheet, write: bool) {
    let Some(input) = input() else { return };
    let Some((at, element)) = cell(&input) else { return };
    let text = input.value();
    // Removing it blurs it, and a blur writes: first its name, so that this runs once.
    input.set_id("");
    input.remove();
    let _ = element.class_list().remove_1("editing");
    let _ = element.remove_attribute("data-read");
    let _ = element.remove_attribute("data-wrong");
    let (entry, row) = sheet.with(|g| (Entry::read(&text, g.column_of(at).kind), g.place(at).row));
    sheet.repaint_text(at);
    if write && sheet.with(|g| g.cells[at].entry != entry) {
        sheet.put(vec![(at, entry)], MarkSource::Typed);
    } else {
        sheet.reckon(row, None);
    }
    sheet.release();
}

/// Moves the focus to the active cell and shows it.
pub fn focus(sheet: Sheet) {
    let Some(element) = document().get_element_by_id(&cell_id(sheet.active())) else { return };
    let Ok(element) = element.dyn_into::<HtmlElement>() else { return };
    let _ = element.focus();
}

/// One step; past the last cell it stays.
pub fn walk(sheet: Sheet, way: Way, extend: bool) {
    if let Some(to) = sheet.with(|g| g.step(g.active, way)) {
        sheet.go(to, extend);
    }
    focus(sheet);
}
