//! What was typed and is not on the server yet, sheet by sheet: in memory for the pages, and sealed on the device beside it.

use super::UNSENT as PREFIX;
use chrono::{DateTime, Utc};
use dto::calendar::Term;
use dto::gradebook::MarkSource;
use dto::{ClassId, LearnerId};
use leptos::prelude::*;
use leptos::task::spawn_local;
use regulations::Slot;
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Where a sheet is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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

    /// Where its page is.
    pub fn address(&self) -> String {
        use crate::api::query::segment;
        match self {
            Home::Marks { class, subject, term } => format!("/classes/{class}/subjects/{}/terms/{term}", segment(subject)),
            Home::Conduct { class, term } => format!("/classes/{class}/conduct/{term}"),
        }
    }
}

/// A cell as it was typed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Typed {
    pub learner: LearnerId,
    /// The learner's name, for what finds no place any more.
    pub name: String,
    /// None for the columns of conduct, which are counted.
    pub slot: Option<Slot>,
    pub column: usize,
    pub text: String,
    /// The version that was seen: a change by another still shows as a conflict.
    pub version: i64,
    pub source: Option<MarkSource>,
    pub reason: Option<String>,
    pub at: DateTime<Utc>,
}

impl Typed {
    fn place(&self) -> (LearnerId, Option<Slot>, usize) {
        (self.learner, self.slot, if self.slot.is_some() { 0 } else { self.column })
    }
}

/// What waits of one sheet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Waiting {
    pub home: Home,
    /// What the sheet is called.
    pub label: String,
    pub cells: Vec<Typed>,
    /// Why the server does not take it, in words.
    #[serde(default)]
    pub trouble: Option<String>,
    /// How many of them another has changed meanwhile.
    #[serde(default)]
    pub conflicts: usize,
}

type Sheets = BTreeMap<String, Waiting>;

/// Sheets that are on the screen send for themselves. Counted: a page that is drawn anew opens before it closes.
static OPEN: LazyLock<ArcRwSignal<BTreeMap<String, u32>>> = LazyLock::new(|| ArcRwSignal::new(BTreeMap::new()));
/// The device did not take what was written last.
static FAILED: LazyLock<ArcRwSignal<bool>> = LazyLock::new(|| ArcRwSignal::new(false));
static SHEETS: LazyLock<ArcRwSignal<Sheets>> = LazyLock::new(|| ArcRwSignal::new(Sheets::new()));

#[derive(Default)]
struct Writer {
    /// Each tab writes under a name of its own: two tabs do not take each other's cells.
    tab: String,
    /// Sheets whose record on the device is older than memory.
    behind: BTreeSet<String>,
    /// Records of earlier tabs, whose cells are now in memory: they go when ours is written.
    inherited: Vec<(String, String)>,
    running: bool,
}

thread_local! {
    static WRITER: RefCell<Writer> = RefCell::default();
}

/// Reads what earlier tabs have left. Once, when it is clear whose device this is.
pub async fn load() {
    let mut sheets = Sheets::new();
    let mut inherited = Vec::new();
    for name in super::names(PREFIX).await {
        let Some(text) = super::copied(&name).await.map(|c| c.text) else { continue };
        let Ok(waiting) = serde_json::from_str::<Waiting>(&text) else { continue };
        let key = waiting.home.key();
        inherited.push((key.clone(), name));
        merge(&mut sheets, key, waiting);
    }
    WRITER.with_borrow_mut(|writer| {
        if writer.tab.is_empty() {
            writer.tab = uuid::Uuid::new_v4().simple().to_string();
        }
        writer.inherited = inherited;
    });
    SHEETS.set(sheets);
}

/// Of a cell that two tabs have left, what was typed last counts.
fn merge(sheets: &mut Sheets, key: String, more: Waiting) {
    let Some(there) = sheets.get_mut(&key) else {
        sheets.insert(key, more);
        return;
    };
    for cell in more.cells {
        match there.cells.iter_mut().find(|c| c.place() == cell.place()) {
            Some(known) if known.at < cell.at => *known = cell,
            Some(_) => {}
            None => there.cells.push(cell),
        }
    }
}

/// All that waits. Tracked.
pub fn all() -> Vec<Waiting> {
    SHEETS.read().values().cloned().collect()
}

/// As [`all`], not tracked.
pub fn untracked() -> Vec<Waiting> {
    SHEETS.read_untracked().values().cloned().collect()
}

/// How many cells wait, in all sheets. Tracked.
pub fn count() -> usize {
    SHEETS.read().values().map(|w| w.cells.len()).sum()
}

/// How many cells wait in sheets that are not on the screen, and how many of them another has changed. Tracked.
pub fn elsewhere() -> (usize, usize) {
    SHEETS.track();
    OPEN.track();
    elsewhere_untracked()
}

pub fn elsewhere_untracked() -> (usize, usize) {
    let open = OPEN.read_untracked();
    let sheets = SHEETS.read_untracked();
    let others = sheets.iter().filter(|(key, _)| !open.contains_key(*key));
    others.fold((0, 0), |(cells, conflicts), (_, w)| (cells + w.cells.len(), conflicts + w.conflicts))
}

pub fn opened(home: &Home) {
    OPEN.update(|open| *open.entry(home.key()).or_default() += 1);
}

pub fn closed(home: &Home) {
    OPEN.update(|open| {
        let key = home.key();
        match open.get_mut(&key) {
            Some(n) if *n > 1 => *n -= 1,
            _ => {
                open.remove(&key);
            }
        }
    });
}

pub fn is_open(home: &Home) -> bool {
    OPEN.read_untracked().contains_key(&home.key())
}

/// What waits of this sheet. Not tracked.
pub fn of(home: &Home) -> Option<Waiting> {
    SHEETS.read_untracked().get(&home.key()).cloned()
}

/// From now on this, and nothing else, waits of the sheet.
pub fn put(waiting: Waiting) {
    let key = waiting.home.key();
    let same = {
        let sheets = SHEETS.read_untracked();
        match sheets.get(&key) {
            Some(there) => *there == waiting,
            None => waiting.cells.is_empty(),
        }
    };
    if same {
        return;
    }
    SHEETS.update(|sheets| {
        if waiting.cells.is_empty() {
            sheets.remove(&key);
        } else {
            sheets.insert(key.clone(), waiting);
        }
    });
    WRITER.with_borrow_mut(|writer| writer.behind.insert(key));
    spawn_local(write());
}

/// Writes what the device does not have yet, one sheet after the other.
async fn write() {
    if WRITER.with_borrow_mut(|writer| std::mem::replace(&mut writer.running, true)) {
        return;
    }
    settle().await;
    WRITER.with_borrow_mut(|writer| writer.running = false);
}

/// What was put so far is on the device, as far as it keeps anything.
pub async fn settle() {
    while let Some(key) = WRITER.with_borrow_mut(|writer| writer.behind.pop_first()) {
        write_one(&key).await;
    }
}

async fn write_one(key: &str) {
    let name = WRITER.with_borrow(|writer| format!("{PREFIX}{key}#{}", writer.tab));
    let text = SHEETS.read_untracked().get(key).and_then(|w| serde_json::to_string(w).ok());
    let written = match text {
        Some(text) => super::keep(&name, &text).await,
        None => {
            super::forget(std::slice::from_ref(&name)).await;
            true
        }
    };
    if FAILED.get_untracked() == written {
        FAILED.set(!written);
    }
    let old = WRITER.with_borrow_mut(|writer| {
        if !written {
            return Vec::new();
        }
        let (old, other) = writer.inherited.drain(..).partition::<Vec<_>, _>(|(of, _)| of == key);
        writer.inherited = other;
        old
    });
    if !old.is_empty() {
        super::forget(&old.into_iter().map(|(_, name)| name).collect::<Vec<_>>()).await;
    }
}

/// Something is in memory alone: to close the window now would lose it.
pub fn in_memory_only() -> bool {
    FAILED.get_untracked() || WRITER.with_borrow(|writer| writer.running || !writer.behind.is_empty())
}

/// The device keeps nothing: what waits is on this page alone. Tracked.
pub fn failed() -> bool {
    FAILED.get()
}
