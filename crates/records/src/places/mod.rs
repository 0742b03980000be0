//! The one registry of everything that hangs on a learner: what a merge moves and a split moves back, what a family is given, what is
//! erased. It is data (`places.csv`), a line for each table with a learner in it, and [`ELSEWHERE`] for the columns that lead to a learner
//! and are no such table.
//!
//! An id of a learner is of no one domain, so this names the tables of all floors; a test reads the schema of the open database and fails
//! where a column that leads to a learner is in neither.

use std::sync::LazyLock;

/// How a learner's rows are found without reading the whole table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Near {
    /// An index begins with the learner.
    Learner,
    /// The key begins with the school.
    School,
    /// The key begins with school and class.
    Class,
}

/// To whom of a family its rows are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    Yes,
    /// Not to the child.
    Guardian,
    /// Nobody's yet: decisions in the making.
    No,
}

/// A column and what it holds: `u` an id, `s` text, `n`, `i` and `l` numbers of 2, 4 and 8 bytes, `b` yes or no, `d` a day, `t` an instant,
/// `j` JSON that is kept as text.
pub type Column = (&'static str, char);

/// A table with a learner in it.
#[derive(Clone, Debug)]
pub struct Place {
    pub table: &'static str,
    /// The column that holds the learner.
    pub learner: &'static str,
    /// What its rows are called on the screen, in Vietnamese and English; rows that go with others have none.
    pub name: Option<(&'static str, &'static str)>,
    pub near: Near,
    /// The columns that, with the learner or without, name a row.
    pub key: Vec<Column>,
    /// Columns of which, with the learner, there is one row each: where the other record has its own, a row stays.
    pub once: Vec<&'static str>,
    /// Kind of record, as the retention rules name it (`retention.csv`).
    pub kind: &'static str,
    pub share: Share,
    /// What a family is given. What other people wrote about themselves, and who of the staff wrote a row, is not the learner's.
    pub columns: Vec<Column>,
}

impl Place {
    /// Its rows are each of one school.
    pub fn of_school(&self) -> bool {
        self.columns.iter().any(|(name, _)| *name == "school_id")
    }
}

static PLACES: LazyLock<Vec<Place>> = LazyLock::new(|| include_str!("places.csv").lines().skip(1).filter_map(place).collect());

/// All tables with a learner in them, by name.
pub fn all() -> &'static [Place] {
    &PLACES
}

/// The place of a table's name.
pub fn of(table: &str) -> Option<&'static Place> {
    PLACES.iter().find(|place| place.table == table)
}

fn place(line: &'static str) -> Option<Place> {
    let fields: Vec<&'static str> = line.split(';').collect();
    let [table, learner, vi, en, near, key, once, kind, share, columns] = <[&'static str; 10]>::try_from(fields).ok()?;
    let columns_of = |text: &'static str| {
        text.split(' ')
            .filter_map(|c| c.split_once(':'))
            .filter_map(|(c, k)| Some((c, k.chars().next()?)))
            .collect::<Vec<Column>>()
    };
    Some(Place {
        table,
        learner,
        name: (!vi.is_empty()).then_some((vi, en)),
        near: match near {
            "learner" => Near::Learner,
            "school" => Near::School,
            "class" => Near::Class,
            _ => return None,
        },
        key: columns_of(key),
        once: once.split(' ').filter(|column| !column.is_empty()).collect(),
        kind,
        share: match share {
            "yes" => Share::Yes,
            "guardian" => Share::Guardian,
            "no" => Share::No,
            _ => return None,
        },
        columns: columns_of(columns),
    })
}

/// Columns that lead to a learner and are no place of their own: table, column, and what becomes of it in a merge.
pub const ELSEWHERE: &[(&str, &str, &str)] = &[
    ("account", "person_id", "handed over by identity, and given back"),
    ("audit", "subject_id", "the log is never changed: what happened to a record happened to that record"),
    ("file", "subject_id", "files hang on plans, photos and records of staff, never on a learner"),
    ("import_change", "subject_id", "follows by `imports::follow_in`, since it is text and may hold a pair of ids"),
    ("learner", "merged_into", "says that there was a merge"),
    ("learner_distinct", "high_id", "two who are two: stays with the records that were compared"),
    ("learner_distinct", "low_id", "the same"),
    ("learner_merge", "kept_id", "the merge itself"),
    ("learner_merge", "merged_id", "the merge itself"),
    ("learner_pair", "high_id", "what a search found: searched anew after each merge and split"),
    ("learner_pair", "low_id", "the same"),
    ("notice", "target", "the target of a notice to one learner moves with its row"),
    ("transfer", "open_of", "moves with its row"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_place() {
        assert_eq!(all().len(), include_str!("places.csv").lines().count() - 1);
        for place in all() {
            assert!(place.columns.iter().any(|(name, _)| *name == place.learner), "{}", place.table);
            assert!(place.columns.iter().all(|(_, kind)| "unilbdtsj".contains(*kind)), "{}", place.table);
            assert!(place.key.iter().all(|(_, kind)| "usnld".contains(*kind)) && !place.key.is_empty(), "{}", place.table);
            let in_key = |column: &&str| place.key.iter().any(|(name, _)| name == column);
            let known = |column: &&str| in_key(column) || place.columns.iter().any(|(name, _)| name == column);
            assert!(place.once.iter().all(known), "{}", place.table);
        }
        assert!(all().windows(2).all(|two| two[0].table < two[1].table), "by name, each once");
    }
}
