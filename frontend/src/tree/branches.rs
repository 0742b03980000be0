//! What hangs on the tree: read branch by branch, as they are opened.

use crate::api::{ApiError, records};
use crate::i18n::{lang, t, tx};
use crate::pages::records::class::fold;
use crate::prefs;
use crate::state::Who;
use dto::calendar::Grade;
use dto::classes::{Class, ClassQuery};
use dto::units::{Unit, UnitKind, UnitQuery};
use dto::{ClassId, UnitId};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What a node stands for.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    Unit(UnitId, UnitKind),
    Grade(UnitId, Grade),
    Class(ClassId, UnitId),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Unique in the tree: the id of a unit or class, or "school/grade".
    pub key: String,
    pub what: What,
    pub label: String,
    pub note: String,
}

impl Node {
    pub fn opens(&self) -> bool {
        !matches!(self.what, What::Class(..))
    }
}

/// A node as it stands on a line.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub node: Node,
    pub level: usize,
    /// Nothing for a leaf.
    pub open: Option<bool>,
    /// Its place among its siblings, from 1, and how many they are.
    pub at: usize,
    pub of: usize,
}

type Below = Vec<(String, Vec<Node>)>;

/// The branches that were read, and which of them are open.
#[derive(Clone, Copy)]
pub struct Branches {
    who: Who,
    below: RwSignal<Below>,
    open: RwSignal<Vec<String>>,
    asked: StoredValue<Vec<String>>,
    pub error: RwSignal<Option<ApiError>>,
}

/// The key of what hangs on nothing.
const ROOT: &str = "";
/// So many open branches are remembered.
const REMEMBERED: usize = 60;

fn children<'a>(below: &'a Below, key: &str) -> Option<&'a Vec<Node>> {
    below.iter().find(|(parent, _)| parent == key).map(|(_, nodes)| nodes)
}

fn of_unit(unit: Unit) -> Node {
    Node { key: unit.id.to_string(), what: What::Unit(unit.id, unit.kind), label: unit.name, note: String::new() }
}

fn of_class(class: &Class) -> Node {
    Node {
        key: class.id.to_string(),
        what: What::Class(class.id, class.school_id),
        label: class.name.clone(),
        note: class.learners.to_string(),
    }
}

pub fn grade_key(school: UnitId, grade: Grade) -> String {
    format!("{school}/{grade}")
}

/// The grades of a school with their classes, as branches.
fn grades(school: UnitId, classes: &[Class], below: &mut Below) -> Vec<Node> {
    let mut nodes: Vec<Node> = Vec::new();
    for class in classes.iter().filter(|class| class.school_id == school) {
        let key = grade_key(school, class.grade);
        match below.iter_mut().find(|(parent, _)| *parent == key) {
            Some((_, siblings)) => siblings.push(of_class(class)),
            None => {
                below.push((key.clone(), vec![of_class(class)]));
                let label = class.grade.label(lang()).to_owned();
                nodes.push(Node { key, what: What::Grade(school, class.grade), label, note: String::new() });
            }
        }
    }
    nodes
}

async fn all_units(query: UnitQuery) -> Result<Vec<Node>, ApiError> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = records::units(&query, after).await?;
        found.extend(page.items.into_iter().filter(|unit| unit.closed_on.is_none()).map(of_unit));
        after = page.next;
        if after.is_none() {
            return Ok(found);
        }
    }
}

impl Branches {
    pub fn new(who: Who) -> Branches {
        let open = prefs::branches(&who.with(|me| me.account_id.to_string()));
        let branches = Branches {
            who,
            below: RwSignal::new(Vec::new()),
            open: RwSignal::new(open),
            asked: StoredValue::new(Vec::new()),
            error: RwSignal::new(None),
        };
        branches.read(ROOT.to_owned(), None);
        branches
    }

    /// The lines that show now. Tracked.
    pub fn rows(self) -> Vec<Row> {
        let mut rows = Vec::new();
        self.walk(ROOT, 1, &mut rows);
        rows
    }

    fn walk(self, key: &str, level: usize, rows: &mut Vec<Row>) {
        let below = self.below.read();
        let Some(nodes) = children(&below, key) else { return };
        for (i, node) in nodes.iter().enumerate() {
            let open = node.opens().then(|| self.open.read().contains(&node.key));
            rows.push(Row { node: node.clone(), level, open, at: i + 1, of: nodes.len() });
            if open == Some(true) {
                self.walk(&node.key, level + 1, rows);
            }
        }
    }

    /// The roots are on their way. Tracked.
    pub fn waits(self) -> bool {
        children(&self.below.read(), ROOT).is_none() && self.error.read().is_none()
    }

    /// Reads what open branches show and nobody has read yet.
    pub fn fill(self, rows: &[Row]) {
        for row in rows.iter().filter(|row| row.open == Some(true)) {
            if let What::Unit(id, kind) = row.node.what {
                self.read(row.node.key.clone(), Some((id, kind)));
            }
        }
    }

    pub fn again(self) {
        self.error.set(None);
        self.asked.set_value(Vec::new());
        if children(&self.below.read_untracked(), ROOT).is_none() {
            self.read(ROOT.to_owned(), None);
        }
        self.fill(&untrack(|| self.rows()));
    }

    fn read(self, key: String, unit: Option<(UnitId, UnitKind)>) {
        let known = children(&self.below.read_untracked(), &key).is_some();
        if known || self.asked.with_value(|asked| asked.contains(&key)) {
            return;
        }
        self.asked.update_value(|asked| asked.push(key.clone()));
        spawn_local(async move {
            let mut more = Vec::new();
            let answer = match unit {
                None if self.who.above_schools() => all_units(UnitQuery::default()).await,
                None => own_schools(&mut more).await,
                Some((id, kind)) if kind.teaches() => school(id, kind, &mut more).await,
                Some((id, _)) => all_units(UnitQuery { parent_id: Some(id), ..UnitQuery::default() }).await,
            };
            match answer {
                Ok(nodes) => {
                    // One root alone is open from the start.
                    if let ([only], ROOT) = (nodes.as_slice(), key.as_str()) {
                        self.set(&only.key, true);
                    }
                    self.below.try_update(|below| {
                        below.push((key, nodes));
                        below.append(&mut more);
                    });
                }
                Err(error) => _ = self.error.try_set(Some(error)),
            }
        });
    }

    /// Opens or closes a branch, and remembers it on this device.
    pub fn set(self, key: &str, open: bool) {
        if self.open.read_untracked().iter().any(|k| k == key) == open {
            return;
        }
        self.open.update(|keys| match open {
            true => keys.push(key.to_owned()),
            false => keys.retain(|k| k != key),
        });
        self.open.with_untracked(|keys| {
            let newest = &keys[keys.len().saturating_sub(REMEMBERED)..];
            prefs::set_branches(&self.who.with(|me| me.account_id.to_string()), newest);
        });
    }

    pub fn is_open(self, key: &str) -> bool {
        self.open.read_untracked().iter().any(|k| k == key)
    }

    /// A node that was read.
    pub fn node(self, key: &str) -> Option<Node> {
        self.below.read_untracked().iter().flat_map(|(_, nodes)| nodes).find(|node| node.key == key).cloned()
    }

    /// Whether a class is known to be one of this school.
    pub fn same_school(self, class: ClassId, school: UnitId) -> bool {
        self.node(&class.to_string()).is_some_and(|node| node.what == What::Class(class, school))
    }

    /// The key above a node, where both are read.
    pub fn above(self, key: &str) -> Option<String> {
        let below = self.below.read_untracked();
        let (parent, _) = below.iter().find(|(_, nodes)| nodes.iter().any(|node| node.key == key))?;
        Some(parent.clone()).filter(|parent| parent != ROOT)
    }

    /// Opens everything above a class or unit. What was not read yet is read on the way.
    pub fn reveal(self, class: Option<ClassId>, unit: Option<UnitId>) {
        let Some(key) = class.map(|id| id.to_string()).or_else(|| unit.map(|id| id.to_string())) else { return };
        if self.below.read_untracked().iter().any(|(_, nodes)| nodes.iter().any(|node| node.key == key)) {
            let mut above = self.above(&key);
            while let Some(parent) = above {
                self.set(&parent, true);
                above = self.above(&parent);
            }
            return;
        }
        // Others have all their classes read; of a former year there is no branch.
        if !self.who.above_schools() {
            return;
        }
        spawn_local(async move {
            let class = match class {
                Some(id) => records::class(id).await.ok(),
                None => None,
            };
            let Some(id) = class.as_ref().map(|class| class.school_id).or(unit) else { return };
            let Ok(found) = records::unit(id).await else { return };
            for above in &found.ancestors {
                self.set(&above.id.to_string(), true);
            }
            if let Some(class) = class {
                self.set(&class.school_id.to_string(), true);
                self.set(&grade_key(class.school_id, class.grade), true);
            }
        });
    }

    /// Nodes whose name contains this, without marks: of all that one reaches.
    pub async fn find(self, q: String) -> Result<Vec<Node>, ApiError> {
        let folded = fold(q.trim());
        if folded.is_empty() {
            return Ok(Vec::new());
        }
        if !self.who.above_schools() {
            let below = self.below.read_untracked();
            let nodes = below.iter().flat_map(|(_, nodes)| nodes);
            return Ok(nodes.filter(|node| fold(&node.label).contains(&folded)).cloned().collect());
        }
        let units = records::units(&UnitQuery { q: Some(q.clone()), ..UnitQuery::default() }, None).await?;
        let classes = records::classes(&ClassQuery { q: Some(q), ..ClassQuery::default() }, None).await?;
        let mut nodes: Vec<_> = units.items.into_iter().filter(|unit| unit.closed_on.is_none()).take(20).map(of_unit).collect();
        nodes.extend(classes.items.iter().take(20).map(|class| Node {
            label: format!("{} {}", t(tx::CLASS), class.name),
            note: class.school_name.clone(),
            ..of_class(class)
        }));
        Ok(nodes)
    }
}

/// The schools in which one has classes, with all of them.
async fn own_schools(more: &mut Below) -> Result<Vec<Node>, ApiError> {
    let classes = records::all_classes(ClassQuery::default()).await?;
    let mut schools: Vec<Node> = Vec::new();
    for class in &classes {
        let key = class.school_id.to_string();
        if !schools.iter().any(|school| school.key == key) {
            let branches = grades(class.school_id, &classes, more);
            more.push((key.clone(), branches));
            // What kind it is matters above schools alone.
            let what = What::Unit(class.school_id, UnitKind::School);
            schools.push(Node { key, what, label: class.school_name.clone(), note: String::new() });
        }
    }
    Ok(schools)
}

/// What a school has: its campuses, and its grades with their classes.
async fn school(id: UnitId, kind: UnitKind, more: &mut Below) -> Result<Vec<Node>, ApiError> {
    let mut nodes = match kind {
        UnitKind::School => all_units(UnitQuery { parent_id: Some(id), ..UnitQuery::default() }).await?,
        _ => Vec::new(),
    };
    let classes = records::all_classes(ClassQuery { school_id: Some(id), ..ClassQuery::default() }).await?;
    nodes.extend(grades(id, &classes, more));
    Ok(nodes)
}
