//! What the person has chosen on this device: language and theme, kept in the browser.

use crate::i18n;
use dto::Lang;
use leptos::prelude::*;
use std::sync::LazyLock;

const THEME: &str = "khue.theme";
const LANG: &str = "khue.lang";
/// Read by `boot.js`, which chooses between the door and the pages. It proves nothing: the cookie does.
const KNOWN: &str = "khue.in";
const FAMILY: &str = "khue.family";
const LEAVING: &str = "khue.out";
const TREE: &str = "khue.tree";
/// `account branch branch …`: keys of the tree alone, no names.
const BRANCHES: &str = "khue.branches";
/// `account account …`: who does without one-letter keys here.
const KEYLESS: &str = "khue.keyless";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// As the system says.
    System,
    Light,
    Dark,
}

static THEME_NOW: LazyLock<ArcRwSignal<Theme>> = LazyLock::new(|| ArcRwSignal::new(Theme::System));

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

fn remember(key: &str, value: Option<&str>) {
    if let Some(storage) = storage() {
        let _ = match value {
            Some(value) => storage.set_item(key, value),
            None => storage.remove_item(key),
        };
    }
}

/// Reads what was chosen before. The page itself has it already (`theme.js`, before the first paint).
pub fn start() {
    let read = |key: &str| storage().and_then(|s| s.get_item(key).ok().flatten());
    match read(THEME).as_deref() {
        Some("light") => THEME_NOW.set(Theme::Light),
        Some("dark") => THEME_NOW.set(Theme::Dark),
        _ => {}
    }
    if read(LANG).as_deref() == Some("en") {
        i18n::set(Lang::En);
    }
}

/// Tracked.
pub fn theme() -> Theme {
    THEME_NOW.get()
}

pub fn set_theme(theme: Theme) {
    let name = match theme {
        Theme::System => None,
        Theme::Light => Some("light"),
        Theme::Dark => Some("dark"),
    };
    remember(THEME, name);
    if let Some(root) = document().document_element() {
        let _ = match name {
            Some(name) => root.set_attribute("data-theme", name),
            None => root.remove_attribute("data-theme"),
        };
    }
    THEME_NOW.set(theme);
}

pub fn set_lang(lang: Lang) {
    remember(LANG, Some(lang.tag()));
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("lang", lang.tag());
    }
    i18n::set(lang);
}

/// The person chose a language on this device, so what the account says is not followed.
pub fn lang_chosen() -> bool {
    storage().and_then(|s| s.get_item(LANG).ok().flatten()).is_some()
}

/// Who was signed in on this device when the pages were last open: the account's id, or as much as that there was somebody.
pub fn set_known(known: Option<&str>) {
    remember(KNOWN, known);
}

pub fn known() -> Option<String> {
    storage()?.get_item(KNOWN).ok().flatten()
}

/// Which program this device starts: families have one of their own, much lighter than that of the staff.
pub fn set_family(family: bool) {
    remember(FAMILY, family.then_some("1"));
}

/// Somebody signed out without a line: the server is told at the next chance.
pub fn set_leaving(leaving: bool) {
    remember(LEAVING, leaving.then_some("1"));
}

pub fn leaving() -> bool {
    storage().and_then(|s| s.get_item(LEAVING).ok().flatten()).is_some()
}

/// Somebody has signed in, and it is not said yet who.
pub const SOMEBODY: &str = "1";

/// Whether the tree stands beside the pages, where somebody has chosen.
pub fn tree_column() -> Option<bool> {
    storage()?.get_item(TREE).ok().flatten().map(|open| open == "1")
}

pub fn set_tree_column(open: bool) {
    remember(TREE, Some(if open { "1" } else { "0" }));
}

/// The branches of the tree that this account left open here.
pub fn branches(account: &str) -> Vec<String> {
    let kept = storage().and_then(|s| s.get_item(BRANCHES).ok().flatten()).unwrap_or_default();
    let mut words = kept.split(' ');
    if words.next() == Some(account) { words.map(str::to_owned).collect() } else { Vec::new() }
}

pub fn set_branches(account: &str, keys: &[String]) {
    remember(BRANCHES, Some(&format!("{account} {}", keys.join(" "))));
}

fn keyless() -> Vec<String> {
    let kept = storage().and_then(|s| s.get_item(KEYLESS).ok().flatten()).unwrap_or_default();
    kept.split_whitespace().map(str::to_owned).collect()
}

/// Whether a letter alone is a command for this account here.
pub fn letter_keys(account: &str) -> bool {
    !keyless().iter().any(|one| one == account)
}

pub fn set_letter_keys(account: &str, on: bool) {
    let mut without = keyless();
    without.retain(|one| one != account);
    if !on {
        without.push(account.to_owned());
    }
    remember(KEYLESS, (!without.is_empty()).then(|| without.join(" ")).as_deref());
}
