//! What the keyboard does on every page of the staff: the search, the rows of lists, the tree, and a list of all this.

use crate::i18n::{Text, t, texts};
use crate::prefs;
use crate::state::who;
use crate::ui::Dialog;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

texts! {
    TITLE: "Phím tắt", "Keys";
    SEARCH: "Tới ô tìm của danh sách", "To the search of the list";
    QUICK: "Tìm nhanh học sinh, lớp", "Quick search of learners and classes";
    ROWS: "Dòng dưới, dòng trên của danh sách", "Next and previous row of a list";
    ARROWS: "Như trên, khi đang ở một dòng", "The same, from a row";
    OPEN: "Mở dòng đang chọn", "Open the row";
    TREE: "Tới cây trường, lớp", "To the tree of schools and classes";
    IN_TREE: "Trong cây: đi lại, mở, đóng nhánh", "In the tree: move, open and close branches";
    LETTERS: "Trong cây: gõ chữ đầu để tới", "In the tree: type the first letters";
    CLOSE: "Đóng cửa sổ", "Close a dialog";
    THIS: "Bảng phím tắt này", "These keys";
    OFF: "Tắt các phím một chữ", "Switch off keys of one letter";
}

const KEYS: &[(&[&str], Text)] = &[
    (&["/"], SEARCH),
    (&["Ctrl", "K"], QUICK),
    (&["J", "K"], ROWS),
    (&["↓", "↑"], ARROWS),
    (&["Enter"], OPEN),
    (&["T"], TREE),
    (&["←", "→", "↓", "↑", "Home", "End"], IN_TREE),
    (&["A", "–", "Z"], LETTERS),
    (&["Esc"], CLOSE),
    (&["?"], THIS),
];

/// Where typed letters are somebody else's: fields, sheets, the tree, dialogs.
const OTHERS: &str = "input, select, textarea, [contenteditable], [role=grid], [role=tree], [role=combobox], [role=menu], dialog";
/// What a row of a list leads to.
const ROWS_OF: &str = "main .table tbody tr > :is(th, td):first-of-type :is(a, button), main .table tbody th[scope=row] :is(a, button), main .lines > li :is(a, button):first-of-type, main .tiles .tile, main .areas .area";
/// What counts as one row.
const ROW: &str = "tr, li, .tile, .area";

fn elements(selector: &str) -> Vec<web_sys::HtmlElement> {
    let Ok(found) = document().query_selector_all(selector) else { return Vec::new() };
    let drawn = |element: &web_sys::HtmlElement| element.offset_width() > 0;
    (0..found.length()).filter_map(|i| found.item(i)?.dyn_into().ok()).filter(drawn).collect()
}

/// The first link or button of each row, in the order of the page.
fn rows() -> Vec<web_sys::HtmlElement> {
    let mut last: Option<web_sys::Element> = None;
    let first_of_row = |element: &web_sys::HtmlElement| {
        let row = element.closest(ROW).ok().flatten();
        let new = row.is_none() || row != last;
        last = row;
        new
    };
    elements(ROWS_OF).into_iter().filter(first_of_row).collect()
}

/// Which row has the focus.
fn at(rows: &[web_sys::HtmlElement], focus: &web_sys::Element) -> Option<usize> {
    let row = focus.closest(ROW).ok().flatten()?;
    rows.iter().position(|element| row.contains(Some(element)))
}

/// The row below or above the focus gets it. `arrow`: only from a row, so that arrows still scroll the page.
fn step(down: bool, arrow: bool) -> bool {
    let rows = rows();
    let Some(last) = rows.len().checked_sub(1) else { return false };
    let here = document().active_element().and_then(|focus| at(&rows, &focus));
    let to = match (here, down) {
        (None, _) if arrow => return false,
        (None, true) => 0,
        (None, false) => last,
        (Some(i), true) => (i + 1).min(last),
        (Some(i), false) => i.saturating_sub(1),
    };
    rows[to].focus().is_ok()
}

/// The search of the list.
fn search() -> bool {
    elements("main input[type=search]").first().is_some_and(|field| {
        if let Some(field) = field.dyn_ref::<web_sys::HtmlInputElement>() {
            field.select();
        }
        field.focus().is_ok()
    })
}

/// Listens on the window, and draws the list of keys when it is asked for.
pub fn listen(tree: Callback<()>) -> AnyView {
    let help = RwSignal::new(false);
    let account = who().with(|me| me.account_id.to_string());
    let listener = window_event_listener(leptos::ev::keydown, move |event| {
        if event.default_prevented() || event.ctrl_key() || event.meta_key() || event.alt_key() || event.is_composing() {
            return;
        }
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        if target.is_some_and(|target| target.closest(OTHERS).is_ok_and(|other| other.is_some())) {
            return;
        }
        let key = event.key();
        // A letter alone is a command only for who has not switched that off (WCAG 2.1.4); arrows are no letters.
        if key.chars().count() == 1 && !prefs::letter_keys(&account) {
            return;
        }
        let done = match key.as_str() {
            "/" => search(),
            "j" | "J" => step(true, false),
            "k" | "K" => step(false, false),
            "ArrowDown" => step(true, true),
            "ArrowUp" => step(false, true),
            "t" | "T" => {
                tree.run(());
                true
            }
            "?" => {
                help.set(true);
                true
            }
            _ => false,
        };
        if done {
            event.prevent_default();
        }
    });
    on_cleanup(move || listener.remove());
    view! {
        <Dialog open=help title=t(TITLE)>
            <dl class="keys">
                {KEYS.iter().map(|(keys, text)| view! {
                    <div><dt>{keys.iter().map(|key| view! { <kbd>{*key}</kbd> }).collect_view()}</dt><dd>{t(*text)}</dd></div>
                }).collect_view()}
            </dl>
            <p class="quiet"><a href="/account" rel="external">{t(OFF)}</a></p>
        </Dialog>
    }
    .into_any()
}
