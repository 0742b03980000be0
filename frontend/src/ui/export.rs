//! What a list shows, as a workbook: the rows and columns are read from what is drawn, so that both are one.
//!
//! A table gives its columns by their heads. A list of lines, and of whatever carries `data-row`, gives those parts that carry
//! `data-col`, under that name. Buttons, and
//! columns without a head, are no data. Columns that a phone hides are there; what it shows in
//! their place is not said twice.

use super::xlsx::{Cell, MEDIA, Sheet, book, value};
use super::{Icon, icon, save_as, toast};
use crate::format;
use crate::i18n::{t, texts, tf};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Node};

texts! {
    EXPORT: "Xuất Excel", "Export to Excel";
    COUNTING: "Đang lấy {n} dòng…", "{n} rows so far…";
    NOTHING: "Không có dòng nào để xuất", "There are no rows to export";
    CUT: "Chỉ xuất được {n} dòng đầu. Hãy lọc bớt rồi xuất tiếp phần còn lại.", "Only the first {n} rows were exported. Narrow the list and export the rest.";
    DONE: "Đã xuất {n} dòng", "{n} rows were exported";
}

/// So many rows are read at most: beyond it a browser may run out of memory. Nothing is cut off silently.
pub const MOST: usize = 100_000;

/// The button that exports. `rows`: how many have been read, while it works.
pub fn button(rows: RwSignal<Option<usize>>, on_press: Callback<()>) -> AnyView {
    view! {
        <button type="button" class="btn no-print" disabled=move || rows.get().is_some() aria-busy=move || rows.get().map(|_| "true") on:click=move |_| on_press.run(())>
            {move || if rows.get().is_some() { view! { <i class="spin" aria-hidden="true"></i> }.into_any() } else { icon(Icon::Table).into_any() }}
            <span aria-live="polite">{move || match rows.get() {
                Some(n) => tf(COUNTING, &[("n", &format::count(n as u64))]),
                None => t(EXPORT).to_owned(),
            }}</span>
        </button>
    }
    .into_any()
}

/// A list that is there as a whole: what the page shows now is read.
#[component]
pub fn ExportShown(
    /// The file's name, without its ending.
    name: &'static str,
) -> impl IntoView {
    let press = Callback::new(move |()| {
        let mut sheet = Sheet::default();
        if let Ok(Some(main)) = document().query_selector("main") {
            read(&main, &mut sheet);
        }
        save(&sheet, name);
    });
    button(RwSignal::new(None), press)
}

/// Says that there were more rows than a browser can hold.
pub fn say_cut(rows: usize) {
    toast::say(tf(CUT, &[("n", &format::count(rows as u64))]));
}

/// Hands the workbook to the browser.
pub fn save(sheet: &Sheet, name: &str) {
    if sheet.rows.is_empty() {
        return toast::say(t(NOTHING));
    }
    let bytes = js_sys::Uint8Array::from(book(sheet).as_slice());
    let parts = js_sys::Array::of1(&JsValue::from(bytes));
    if let Ok(blob) = web_sys::Blob::new_with_u8_array_sequence(&parts)
        && let Ok(blob) = blob.slice_with_f64_and_f64_and_content_type(0.0, blob.size(), MEDIA)
    {
        save_as(&blob, &format!("{name}-{}.xlsx", format::today()));
        toast::say(tf(DONE, &[("n", &format::count(sheet.rows.len() as u64))]));
    }
}

fn all(root: &Element, selector: &str) -> Vec<Element> {
    let Ok(found) = root.query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|i| found.item(i)?.dyn_into().ok()).collect()
}

/// Adds what is drawn under `root`.
pub fn read(root: &Element, sheet: &mut Sheet) {
    let marked = all(root, "[data-row]");
    let tables = if marked.is_empty() { all(root, "table") } else { Vec::new() };
    for table in &tables {
        let heads = all(table, "thead tr:last-child > *");
        let columns: Vec<_> = heads.iter().map(|head| place(sheet, &said(head))).collect();
        for row in all(table, "tbody > tr") {
            let cells = all(&row, ":scope > th, :scope > td");
            let pairs = columns.iter().zip(&cells).filter_map(|(column, cell)| Some(((*column)?, cell)));
            add(sheet, pairs);
        }
    }
    if tables.is_empty() {
        let rows = if marked.is_empty() { all(root, ".lines > li") } else { marked };
        for row in rows {
            let parts = all(&row, "[data-col]");
            let columns: Vec<_> =
                parts.iter().map(|part| place(sheet, &part.get_attribute("data-col").unwrap_or_default())).collect();
            let pairs = columns.iter().zip(&parts).filter_map(|(column, part)| Some(((*column)?, part)));
            add(sheet, pairs);
        }
    }
}

/// Which column has this head; a new one where none has. Nothing for a column without a head.
fn place(sheet: &mut Sheet, head: &str) -> Option<usize> {
    if head.is_empty() {
        return None;
    }
    let found = sheet.head.iter().position(|h| h == head);
    found.or_else(|| {
        sheet.head.push(head.to_owned());
        Some(sheet.head.len() - 1)
    })
}

fn add<'a>(sheet: &mut Sheet, cells: impl Iterator<Item = (usize, &'a Element)>) {
    let mut row = vec![Cell::Text(String::new()); sheet.head.len()];
    let mut any = false;
    for (column, cell) in cells {
        let figures = cell.class_list().contains("r") || cell.class_list().contains("i");
        row[column] = value(&said(cell), figures);
        any = true;
    }
    if any {
        sheet.rows.push(row);
    }
}

/// The text of a cell as one reads it: what stands on lines of its own, or in a pill, is set apart.
fn said(element: &Element) -> String {
    let mut parts = vec![String::new()];
    gather(element, &mut parts);
    let tidy = |part: String| part.split_whitespace().collect::<Vec<_>>().join(" ");
    let parts = parts.into_iter().map(tidy).map(|part| part.trim_matches([' ', '·']).to_owned()).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" · ")
}

fn gather(node: &Node, parts: &mut Vec<String>) {
    let children = node.child_nodes();
    for child in (0..children.length()).filter_map(|i| children.item(i)) {
        if child.node_type() == Node::TEXT_NODE {
            if let (Some(part), Some(text)) = (parts.last_mut(), child.node_value()) {
                part.push_str(&text);
            }
            continue;
        }
        let Some(element) = child.dyn_ref::<Element>() else { continue };
        if element.matches("button:not(.named), .btn, svg, [hidden], form, .no-export, .show-narrow").unwrap_or(false) {
            continue;
        }
        if let (Some(part), Some(field)) = (parts.last_mut(), element.dyn_ref::<web_sys::HtmlInputElement>()) {
            part.push_str(&field.value());
        }
        let apart = element.matches("br, p, div, li, small, .pill, .block").unwrap_or(false);
        if apart {
            parts.push(String::new());
        }
        gather(&child, parts);
        if apart {
            parts.push(String::new());
        }
    }
}
