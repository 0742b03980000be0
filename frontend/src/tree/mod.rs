//! The tree beside the pages: unit, school, grade, class. ARIA tree: one stop of the Tab key, arrows inside.

mod branches;

use crate::app::{self, Route};
use crate::i18n::{t, texts, tx};
use crate::pages::place::Place;
use crate::prefs;
use crate::state::who;
use crate::ui::{Bones, Button, Choice, Dialog, Icon, effect, icon, load};
use branches::{Branches, Node, Row, What};
use dto::access::Permission;
use dto::calendar::Grade;
use dto::units::UnitKind;
use dto::{ClassId, UnitId};
use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use wasm_bindgen::JsCast;

texts! {
    TREE: "Cây trường, lớp", "Schools and classes";
    FIND: "Tìm trường, khối, lớp", "Find a school, grade or class";
    NONE: "Không thấy trường hay lớp nào như vậy", "No such school or class";
    EMPTY: "Chưa có lớp nào", "There is no class yet";
    HIDE: "Ẩn cây", "Hide the tree";
    FAILED: "Chưa tải được cây", "The tree did not load";
}

/// The column of a PC and the sheet of a phone.
#[derive(Clone, Copy)]
pub struct Tree {
    /// Beside the page, as the person has chosen; else as the address has it.
    column: RwSignal<Option<bool>>,
    usual: fn(&str) -> bool,
    path: Memo<String>,
    /// There is room for it.
    wide: RwSignal<bool>,
    /// Over the page, where it has no room beside it.
    sheet: RwSignal<bool>,
    branches: StoredValue<Option<Branches>>,
    place: Place,
    owner: StoredValue<Owner>,
}

/// What the column needs beside a page.
const WIDE: &str = "(min-width: 1181px)";

fn wide() -> bool {
    window().match_media(WIDE).ok().flatten().is_some_and(|media| media.matches())
}

impl Tree {
    /// `usual`: whether the column stands at an address where nobody has chosen yet.
    pub fn new(place: Place, usual: fn(&str) -> bool) -> Tree {
        let room = RwSignal::new(wide());
        let resized = window_event_listener(leptos::ev::resize, move |_| {
            if room.get_untracked() != wide() {
                room.set(wide());
            }
        });
        on_cleanup(move || resized.remove());
        Tree {
            wide: room,
            column: RwSignal::new(prefs::tree_column()),
            usual,
            path: use_location().pathname,
            sheet: RwSignal::new(false),
            branches: StoredValue::new(None),
            place,
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
        }
    }

    /// What hangs on the tree; read when it is looked at for the first time.
    fn branches(self) -> Branches {
        if let Some(branches) = self.branches.get_value() {
            return branches;
        }
        // They outlive the sheet in which they were opened.
        let made = self.owner.with_value(|owner| owner.with(|| Branches::new(who())));
        self.branches.set_value(Some(made));
        made
    }

    /// The column stands. Tracked.
    fn stands(self) -> bool {
        self.column.get().unwrap_or_else(|| (self.usual)(&self.path.read())) && self.wide.get()
    }

    fn toggle(self) {
        if self.wide.get_untracked() {
            let open = !untrack(|| self.stands());
            self.column.set(Some(open));
            prefs::set_tree_column(open);
        } else {
            self.sheet.update(|open| *open = !*open);
        }
    }

    /// Puts the keyboard into the tree, and opens it where it is closed.
    pub fn focus(self) {
        if !untrack(|| self.sheet.get() || self.stands()) {
            self.toggle();
        }
        request_animation_frame(|| {
            let tree = document().get_element_by_id("places-tree");
            if let Some(tree) = tree.and_then(|tree| tree.dyn_into::<web_sys::HtmlElement>().ok()) {
                let _ = tree.focus();
            }
        });
    }

    /// The button that shows and hides it.
    pub fn button(self, words: bool) -> AnyView {
        let pressed = move || (self.stands() || self.sheet.get()).to_string();
        let class = if words { "find-button" } else { "btn plain icon-only" };
        view! {
            <button type="button" class=class aria-pressed=pressed aria-label=(!words).then(|| t(TREE)) on:click=move |_| self.toggle()>
                {icon(Icon::Tree)}{words.then(|| view! { <span>{t(TREE)}</span> })}
            </button>
        }
        .into_any()
    }

    /// The column.
    pub fn beside(self) -> AnyView {
        (move || {
            self.stands().then(|| {
                view! {
                    <aside class="places" aria-label=t(TREE)>
                        <header>
                            <h2>{t(TREE)}</h2>
                            <button type="button" class="btn plain icon-only" aria-label=t(HIDE) title=t(HIDE) on:click=move |_| self.toggle()>{icon(Icon::Cross)}</button>
                        </header>
                        <Look tree=self />
                    </aside>
                }
            })
        })
        .into_any()
    }

    /// The sheet.
    pub fn over(self) -> AnyView {
        view! { <Dialog open=self.sheet title=t(TREE)><div class="places"><Look tree=self /></div></Dialog> }.into_any()
    }
}

/// Where one is: the class of the address or of the page's filter, else the grade of the filter, and the unit that the page is about.
#[derive(Clone, Copy, PartialEq)]
struct At {
    class: Option<ClassId>,
    grade: Option<Grade>,
    unit: Option<UnitId>,
}

impl At {
    fn on(self, what: &What) -> bool {
        match (what, self) {
            (What::Class(id, _), At { class: Some(class), .. }) => *id == class,
            (What::Grade(school, of), At { class: None, grade: Some(grade), unit }) => {
                *of == grade && unit.is_none_or(|unit| unit == *school)
            }
            (What::Unit(id, _), At { class: None, grade: None, unit: Some(unit) }) => *id == unit,
            _ => false,
        }
    }
}

fn here(routes: &[Route], place: Place, path: &str) -> At {
    let parts = app::at(routes, path).map(|(_, parts)| parts).unwrap_or_default();
    let part = |name: &str| parts.iter().find(|(n, _)| *n == name).map(|(_, text)| text.clone());
    let filter = |name: &str| place.filter(name).and_then(|filter| filter.try_get());
    At {
        class: part("class").or_else(|| filter("class")).and_then(|id| id.parse().ok()),
        grade: filter("grade").and_then(|grade| grade.parse().ok()),
        unit: place.here().or_else(|| part("unit")?.parse().ok()),
    }
}

/// The address of the page with another value for one of its `:parts`; nothing where it has no such part.
fn instead(pattern: &str, path: &str, part: &str, value: &str) -> Option<String> {
    let wanted = format!(":{part}");
    let mut found = false;
    let parts = pattern.split('/').zip(path.split('/')).map(|(pattern, here)| match pattern == wanted {
        true => {
            found = true;
            value
        }
        false => here,
    });
    let address = parts.collect::<Vec<_>>().join("/");
    found.then_some(address)
}

/// Where a class leads: the same page of that class where the page is one of a class, else the class itself.
fn to_class(routes: &[Route], path: &str, class: ClassId, same_school: bool) -> String {
    let id = class.to_string();
    app::at(routes, path)
        // A round is of one school.
        .filter(|(pattern, _)| same_school || !pattern.contains(":round"))
        .and_then(|(pattern, _)| instead(pattern, path, "class", &id))
        .unwrap_or_else(|| format!("/classes/{id}"))
}

#[component]
fn Look(tree: Tree) -> impl IntoView {
    let branches = tree.branches();
    let place = tree.place;
    let (routes, reads_units) = (app::routes(), who().can(Permission::UnitRead));
    let path = use_location().pathname;
    let q = RwSignal::new(String::new());
    let now = RwSignal::new(String::new());
    let rows = Memo::new(move |_| branches.rows());
    effect(move || rows.with(|rows| branches.fill(rows)));
    let at = Memo::new(move |_| here(routes, place, &path.read()));
    // Where one is comes into sight when one gets there, not each time a branch is opened.
    let known = Memo::new(move |_| !branches.waits());
    effect(move || {
        let At { class, grade, unit } = at.get();
        if known.get() {
            untrack(|| branches.reveal(class, unit));
            if let (None, Some(_), Some(unit)) = (class, grade, unit) {
                branches.set(&unit.to_string(), true);
            }
            let branch = || unit.map(|unit| grade.map_or_else(|| unit.to_string(), |grade| branches::grade_key(unit, grade)));
            if let Some(key) = class.map(|id| id.to_string()).or_else(branch) {
                now.set(key);
            }
        }
    });
    let found = load(move || {
        let q = q.get();
        async move { branches.find(q).await }
    });
    let searching = Memo::new(move |_| !q.read().trim().is_empty());
    let shown = Memo::new(move |_| match searching.get() {
        false => rows.get(),
        true => {
            let nodes = found.get().unwrap_or_default();
            let of = nodes.len();
            let row = |(i, node): (usize, Node)| Row { node, level: 1, open: None, at: i + 1, of };
            nodes.into_iter().enumerate().map(row).collect()
        }
    });
    let navigate = use_navigate();
    let choose = Callback::new(move |node: Node| {
        let path = path.get_untracked();
        let go = |address: &str| navigate(address, NavigateOptions::default());
        let fill = |name: &str, value: String| {
            if let Some(filter) = untrack(|| place.filter(name)) {
                filter.set(value);
            }
        };
        now.set(node.key.clone());
        match node.what {
            What::Class(id, school) if untrack(|| place.filter("class")).is_some() => {
                let label = branches.node(&school.to_string()).map_or(node.note.clone(), |node| node.label);
                place.go(UnitKind::School, chosen(school, label));
                fill("grade", String::new());
                fill("class", id.to_string());
            }
            What::Class(id, school) => {
                let At { class, unit, .. } = untrack(|| here(routes, place, &path));
                let same = unit == Some(school) || class.is_some_and(|class| branches.same_school(class, school));
                go(&to_class(routes, &path, id, same));
            }
            What::Grade(school, grade) => {
                if untrack(|| place.filter("grade")).is_none() {
                    branches.set(&node.key, !branches.is_open(&node.key));
                    return;
                }
                let unit = branches.node(&school.to_string());
                if let Some(Node { what: What::Unit(_, kind), label, .. }) = unit {
                    place.go(kind, chosen(school, label));
                }
                fill("class", String::new());
                fill("grade", grade.to_string());
                branches.set(&node.key, true);
            }
            What::Unit(id, kind) => {
                branches.set(&node.key, true);
                if place.go(kind, chosen(id, node.label.clone())) {
                    // All of it, not a part.
                    fill("class", String::new());
                    fill("grade", String::new());
                } else {
                    match app::at(routes, &path).and_then(|(pattern, _)| instead(pattern, &path, "unit", &id.to_string())) {
                        Some(address) => go(&address),
                        None if reads_units && kind == UnitKind::School => go(&format!("/units/{id}")),
                        None => return,
                    }
                }
            }
        }
        tree.sheet.set(false);
    });
    let keys = keys(branches, shown, now, choose);
    let active = move || {
        let now = now.read();
        shown.read().iter().any(|row| row.node.key == *now).then(|| format!("place-{}", *now))
    };
    // The line under the keyboard comes into sight inside of the tree, and nothing else scrolls.
    let list = NodeRef::<html::Div>::new();
    effect(move || {
        let (Some(list), Some(id)) = (list.get(), active()) else { return };
        request_animation_frame(move || {
            let line = list.query_selector(&format!("[id='{id}']")).ok().flatten();
            let Some(line) = line.and_then(|line| line.dyn_into::<web_sys::HtmlElement>().ok()) else { return };
            let (top, bottom) = (line.offset_top(), line.offset_top() + line.offset_height());
            if top < list.scroll_top() {
                list.set_scroll_top(top);
            } else if bottom > list.scroll_top() + list.client_height() {
                list.set_scroll_top(bottom - list.client_height());
            }
        });
    });
    let enter = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "ArrowDown"
            && let Some(list) = list.get_untracked()
        {
            event.prevent_default();
            let _ = list.focus();
        }
    };
    let first = move |_| {
        let rows = shown.get_untracked();
        if active_row(&rows, &now.get_untracked()).is_none()
            && let Some(row) = rows.first()
        {
            now.set(row.node.key.clone());
        }
    };
    view! {
        <div class="search" on:keydown=enter>
            {icon(Icon::Search)}
            <input type="search" class="input" aria-label=t(FIND) placeholder=t(FIND) autocomplete="off" spellcheck="false" on:input=typed(q) />
        </div>
        <div
            class="places-tree" id="places-tree" role="tree" tabindex="0" aria-label=t(TREE) node_ref=list
            aria-activedescendant=active on:keydown=keys on:focus=first
        >
            {move || {
                let at = at.get();
                shown.get().into_iter().map(|row| line(row, at, now, branches, choose)).collect_view()
            }}
        </div>
        {move || match branches.error.get() {
            Some(_) => Some(view! { <p class="hint"><span>{t(FAILED)}</span><Button label=t(tx::RETRY) small=true on_press=Callback::new(move |()| branches.again()) /></p> }.into_any()),
            None if branches.waits() || searching.get() && found.busy() => Some(view! { <Bones /> }.into_any()),
            None if shown.read().is_empty() => Some(view! { <p class="hint" role="status">{t(if searching.get() { NONE } else { EMPTY })}</p> }.into_any()),
            None => None,
        }}
    }
    .into_any()
}

fn chosen(id: UnitId, label: String) -> Choice {
    Choice { key: id.to_string(), label, note: String::new(), glyph: Icon::Tree }
}

/// Search as one types, after a short rest.
fn typed(q: RwSignal<String>) -> impl Fn(leptos::ev::Event) {
    let timer = StoredValue::new(None::<TimeoutHandle>);
    move |event| {
        let text = event_target_value(&event);
        if let Some(timer) = timer.get_value() {
            timer.clear();
        }
        timer.set_value(set_timeout_with_handle(move || _ = q.try_set(text), std::time::Duration::from_millis(160)).ok());
    }
}

fn line(row: Row, at: At, now: RwSignal<String>, branches: Branches, choose: Callback<Node>) -> AnyView {
    let Row { node, level, open, at: position, of } = row;
    let on = at.on(&node.what);
    let key = node.key.clone();
    let (mine, turned) = (key.clone(), key.clone());
    let turn = move |event: leptos::ev::MouseEvent| {
        event.stop_propagation();
        branches.set(&turned, open == Some(false));
    };
    let (label, title, note) = (node.label.clone(), node.label.clone(), node.note.clone());
    view! {
        <div
            role="treeitem" id=format!("place-{key}") class:on=on class:now=move || *now.read() == mine
            aria-posinset=position.to_string() aria-setsize=of.to_string() aria-expanded=open.map(|open| open.to_string())
            aria-selected=on.to_string() aria-current=on.then_some("true") title=title
            style:padding-left=format!("{}px", (level - 1) * 14) on:click=move |_| choose.run(node.clone())
        >
            {match open {
                Some(open) => view! { <i class="twist" class:open=open aria-hidden="true" on:click=turn>{icon(Icon::Chevron)}</i> }.into_any(),
                None => view! { <i class="twist" aria-hidden="true"></i> }.into_any(),
            }}
            <span>{label}</span>
            {(!note.is_empty()).then(|| view! { <small class="num">{note}</small> })}
        </div>
    }
    // Not among the attributes that the library knows.
    .attr("aria-level", level.to_string())
    .into_any()
}

fn active_row(rows: &[Row], now: &str) -> Option<usize> {
    rows.iter().position(|row| row.node.key == now)
}

/// Letters that follow each other within this many milliseconds are one word.
const WORD: f64 = 700.0;

fn keys(
    branches: Branches,
    shown: Memo<Vec<Row>>,
    now: RwSignal<String>,
    choose: Callback<Node>,
) -> impl Fn(leptos::ev::KeyboardEvent) {
    let word = StoredValue::new((String::new(), 0.0));
    move |event| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let rows = shown.read_untracked();
        let here = active_row(&rows, &now.read_untracked());
        let row = here.and_then(|i| rows.get(i));
        let last = rows.len().saturating_sub(1);
        let to = match event.key().as_str() {
            "ArrowDown" => Some(here.map_or(0, |i| (i + 1).min(last))),
            "ArrowUp" => Some(here.map_or(last, |i| i.saturating_sub(1))),
            "Home" => Some(0),
            "End" => Some(last),
            "ArrowRight" => match row {
                Some(Row { node, open: Some(false), .. }) => {
                    branches.set(&node.key, true);
                    None
                }
                Some(Row { open: Some(true), level, .. }) => {
                    here.map(|i| i + 1).filter(|i| rows.get(*i).is_some_and(|next| next.level > *level))
                }
                _ => None,
            },
            "ArrowLeft" => match row {
                Some(Row { node, open: Some(true), .. }) => {
                    branches.set(&node.key, false);
                    None
                }
                Some(Row { node, .. }) => branches.above(&node.key).and_then(|above| active_row(&rows, &above)),
                None => None,
            },
            "Enter" | " " => {
                let node = row.map(|row| row.node.clone());
                drop(rows);
                event.prevent_default();
                if let Some(node) = node {
                    choose.run(node);
                }
                return;
            }
            letter if letter.chars().count() == 1 => {
                let at = event.time_stamp();
                word.update_value(|(text, before)| {
                    if at - *before > WORD {
                        text.clear();
                    }
                    text.push_str(&crate::pages::records::class::fold(letter));
                    *before = at;
                });
                word.with_value(|(text, _)| by_word(&rows, here.unwrap_or(last), text))
            }
            _ => return,
        };
        event.prevent_default();
        let key = to.and_then(|i| rows.get(i)).map(|row| row.node.key.clone());
        drop(rows);
        if let Some(key) = key {
            now.set(key);
        }
    }
}

/// The next line whose name, or a word of it, begins so. A longer word may stay where it is.
fn by_word(rows: &[Row], here: usize, word: &str) -> Option<usize> {
    let begins = |i: &usize| {
        let label = crate::pages::records::class::fold(&rows[*i].node.label);
        label.starts_with(word) || label.split(' ').any(|part| part.starts_with(word))
    };
    let step = usize::from(word.chars().count() == 1);
    let start = here + step;
    (start..rows.len()).chain(0..start.min(rows.len())).find(begins)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(labels: &[&str]) -> Vec<Row> {
        let what = || What::Class(ClassId(Default::default()), UnitId(Default::default()));
        let node =
            |label: &&str| Node { key: (*label).to_owned(), what: what(), label: (*label).to_owned(), note: String::new() };
        labels.iter().map(|label| Row { node: node(label), level: 1, open: None, at: 1, of: 1 }).collect()
    }

    #[test]
    fn letters_find_names_without_marks() {
        let rows = rows(&["Trường Đoàn Kết", "Khối 6", "6A1", "6A2", "Khối 7"]);
        assert_eq!(by_word(&rows, 0, "k"), Some(1));
        assert_eq!(by_word(&rows, 1, "k"), Some(4), "one letter goes on to the next");
        assert_eq!(by_word(&rows, 4, "d"), Some(0), "by a word, without marks, from the start again");
        assert_eq!(by_word(&rows, 1, "6a2"), Some(3));
        assert_eq!(by_word(&rows, 2, "6a"), Some(2), "a longer word stays where it fits");
        assert_eq!(by_word(&rows, 0, "x"), None);
    }

    #[test]
    fn a_page_of_a_class_becomes_that_of_another() {
        let pattern = "/office/health/rounds/:round/classes/:class";
        assert_eq!(
            instead(pattern, "/office/health/rounds/1/classes/2", "class", "3").as_deref(),
            Some("/office/health/rounds/1/classes/3")
        );
        assert_eq!(
            instead("/office/facilities/:unit/:year", "/office/facilities/1/2026", "unit", "2").as_deref(),
            Some("/office/facilities/2/2026")
        );
        assert_eq!(instead("/office/staff", "/office/staff", "class", "3"), None);
    }
}
