//! Imports of any kind of record behind one idea.
//!
//! A [`Kind`] says which columns its files have and by which headers they are known; opened for a school (a class, a sheet) it
//! compares rows with what is there, and writes them. All else is the same for every kind and lives here once: reading the file,
//! what a school has said of its headers, corrections typed in the browser, the dry run, all or nothing, undo, the template, and
//! the person's own file with its bad cells marked.
//!
//! Domains of higher floors bring kinds of their own; who serves puts them together into one [`Kinds`].

mod cells;
mod columns;
mod entity;
mod equipment;
mod erasing;
mod learners;
mod marked;
mod rooms;
mod rows;
mod staff;
mod template;
mod verbs;

use cells::changed;
pub use cells::{Cells, error_fault, warning_fault};
pub use equipment::Inventory;
pub(crate) use erasing::{files_in, forget_in};
pub use learners::Learners;
pub use marked::marked_file;
pub use rooms::Rooms;
pub use rows::rows;
pub use staff::StaffList;
pub use template::template;
pub use verbs::{apply, get, kinds, list, put_cells, put_columns, undo, upload};

use super::parse::book::Grid;
use super::parse::table::{Found, Raw, by_synonyms};
use dto::calendar::{Grade, Term};
use dto::file_imports::{FileImportField, FileImportKind, FileImportQuery, FileImportScope, FileTemplateQuery};
use dto::imports::{FieldChange, ImportFault, RowOutcome, Severity};
use dto::quality::QualityWarning;
use dto::{ClassId, Code, Lang, SchoolYearId, UnitId};
use kernel::{Ctx, Error, Event, Result, Tx};
use sea_orm::DatabaseExecutor;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

/// What a kind does in its own time; it stays on the thread of the request.
pub type Doing<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + 'a>>;
/// A connection to read by: that of readers, or that of a write in progress.
pub type Conn<'a> = DatabaseExecutor<'a>;

/// Results of a round of health checks: a kind whose files go when a child's health file is erased.
pub const HEALTH_CHECKS: &str = "health_checks";

/// Rows compared at once: what is known of them is read in a few statements.
pub(crate) const CHUNK: usize = 2_000;

/// A column that files of a kind have.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub field: String,
    pub vi: String,
    pub en: String,
    /// Headers by which it is known, folded, besides its own names.
    pub synonyms: Vec<String>,
    pub required: bool,
    /// Values that a cell may have; a drop-down of the template.
    pub choices: Vec<String>,
    /// What the guide of the template says of it.
    pub hint: [&'static str; 2],
}

impl Column {
    pub fn new(field: &str, vi: &str, en: &str, synonyms: &[&str]) -> Column {
        Column {
            field: field.to_owned(),
            vi: vi.to_owned(),
            en: en.to_owned(),
            synonyms: synonyms.iter().map(|s| (*s).to_owned()).collect(),
            required: false,
            choices: Vec::new(),
            hint: ["", ""],
        }
    }

    pub fn required(self) -> Column {
        Column { required: true, ..self }
    }

    pub fn choices(self, choices: impl IntoIterator<Item = impl Into<String>>) -> Column {
        Column { choices: choices.into_iter().map(Into::into).collect(), ..self }
    }

    pub fn hint(self, vi: &'static str, en: &'static str) -> Column {
        Column { hint: [vi, en], ..self }
    }

    pub fn name(&self, lang: Lang) -> &str {
        lang.pick(&self.vi, &self.en)
    }

    fn told(&self) -> FileImportField {
        FileImportField {
            field: self.field.clone(),
            name_vi: self.vi.clone(),
            name_en: self.en.clone(),
            required: self.required,
            choices: self.choices.clone(),
        }
    }
}

/// What an import is of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scope {
    pub school_id: UnitId,
    #[serde(default)]
    pub school_year_id: Option<SchoolYearId>,
    #[serde(default)]
    pub class_id: Option<ClassId>,
    #[serde(default)]
    pub subject_code: Option<String>,
    #[serde(default)]
    pub term: Option<Term>,
    #[serde(default)]
    pub class_name: Option<String>,
    #[serde(default)]
    pub grade: Option<Grade>,
}

impl Scope {
    fn of_upload(query: &FileImportQuery) -> Scope {
        let named = |text: &Option<String>| text.as_deref().map(kernel::text::clean).filter(|t| !t.is_empty());
        Scope {
            school_id: query.school_id,
            school_year_id: query.school_year_id,
            class_id: query.class_id,
            subject_code: named(&query.subject_code),
            term: query.term,
            class_name: named(&query.class_name),
            grade: query.grade,
        }
    }

    fn of_template(query: &FileTemplateQuery) -> Scope {
        Scope {
            school_id: query.school_id,
            school_year_id: query.school_year_id,
            class_id: query.class_id,
            subject_code: query.subject_code.clone(),
            term: query.term,
            class_name: None,
            grade: None,
        }
    }

    /// Errors: `import_kind_scope`.
    pub fn class(&self, lang: Lang) -> Result<ClassId> {
        self.class_id.ok_or_else(|| Error::new(Code::ImportKindScope).with("what", lang.pick("lớp", "a class")))
    }

    /// Errors: `import_kind_scope`.
    pub fn section(&self, lang: Lang) -> Result<(ClassId, &str, Term)> {
        match (self.class_id, self.subject_code.as_deref(), self.term) {
            (Some(class), Some(subject), Some(term)) => Ok((class, subject, term)),
            _ => {
                let what = lang.pick("lớp, môn và học kì", "a class, a subject and a term");
                Err(Error::new(Code::ImportKindScope).with("what", what))
            }
        }
    }
}

/// A row as it is compared: its cells by field, corrections in them; empty ones are left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    pub row: u32,
    pub cells: BTreeMap<String, Raw>,
}

impl Line {
    /// A cell's text, trimmed.
    pub fn text(&self, field: &str) -> Option<String> {
        self.cells.get(field).map(Raw::text).filter(|text| !text.is_empty())
    }
}

/// What would happen with a row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Checked {
    pub outcome: RowOutcome,
    pub title: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<FieldChange>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<ImportFault>,
    /// What the rules of data quality say of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quality: Vec<QualityWarning>,
}

impl Checked {
    pub fn of(title: String, outcome: RowOutcome) -> Checked {
        Checked { outcome, title, changes: Vec::new(), faults: Vec::new(), quality: Vec::new() }
    }

    pub fn faulty(title: String, faults: Vec<ImportFault>) -> Checked {
        Checked { faults, ..Checked::of(title, RowOutcome::Faulty) }
    }

    /// With what was changed: nothing is [`RowOutcome::Same`].
    pub fn changed(title: String, changes: Vec<FieldChange>) -> Checked {
        let outcome = if changes.is_empty() { RowOutcome::Same } else { RowOutcome::Changed };
        Checked { changes, ..Checked::of(title, outcome) }
    }

    fn warned(&self) -> bool {
        !self.quality.is_empty() || self.faults.iter().any(|fault| fault.severity == Severity::Warning)
    }
}

/// One row that an import made or changed, as undoing needs it: JSON of what it was and what it became.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    /// At most 20 characters, such as "staff".
    pub subject: String,
    /// At most 120 characters.
    pub id: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

impl Image {
    pub fn of<T: Serialize>(subject: &str, id: impl ToString, before: Option<&T>, after: Option<&T>) -> Result<Image> {
        let json = |image: Option<&T>| image.map(serde_json::to_string).transpose().map_err(Error::internal);
        Ok(Image { subject: subject.to_owned(), id: id.to_string(), before: json(before)?, after: json(after)? })
    }

    /// The image before and after.
    pub fn read<T: serde::de::DeserializeOwned>(&self) -> Result<(Option<T>, Option<T>)> {
        let read = |json: &Option<String>| json.as_deref().map(serde_json::from_str).transpose().map_err(Error::internal);
        Ok((read(&self.before)?, read(&self.after)?))
    }
}

/// What applying came to.
#[derive(Debug, Default)]
pub struct Applied {
    pub images: Vec<Image>,
    pub events: Vec<Event>,
}

/// A kind of records that files hold.
pub trait Kind: Send + Sync {
    /// Stands in addresses and in the database; at most 30 characters.
    fn code(&self) -> &'static str;
    fn name(&self) -> [&'static str; 2];
    fn about(&self) -> [&'static str; 2];
    fn scope(&self) -> FileImportScope;

    /// Whether its files bring what can only begin in a school that is open. Learners and marks of classes that run on after a
    /// merger are still written where the classes are.
    fn needs_open_school(&self) -> bool {
        false
    }

    /// The header of a sheet; by the synonyms of the columns, in one row, unless the kind knows better.
    fn find(&self, grid: &Grid, columns: &[Column]) -> Option<Found> {
        let known = columns::meanings(columns);
        by_synonyms(grid, |header| known.get(header).cloned())
    }

    /// Opens the kind for what an import is of, as far as the caller may write there.
    ///
    /// Errors: `not_found`; `import_kind_scope` where the scope names too little; what else stands against writing.
    fn open<'a>(&'a self, conn: &'a Conn<'a>, ctx: &'a Ctx, scope: &'a Scope) -> Doing<'a, Box<dyn Opened>>;

    /// Takes back what an import did, newest first. Refused where anything of it was changed or used since.
    ///
    /// Errors: `import_changed_since` with what.
    fn undo<'a>(&'a self, tx: &'a Tx<'a>, scope: &'a Scope, images: &'a [Image]) -> Doing<'a, Vec<Event>>;
}

/// A kind, opened for one import. Rows come in the order of the file, some at a time.
pub trait Opened {
    fn columns(&self) -> Vec<Column>;

    /// How many of them, from the first, the template has.
    fn template(&self) -> usize {
        self.columns().len()
    }

    /// A pass over all rows begins; the class that the lines above the header name.
    fn title_class(&mut self, _name: Option<&str>) {}

    /// Classes that applying would make, once all rows were compared.
    fn new_classes(&self) -> Vec<String> {
        Vec::new()
    }

    /// Rows that the template has already, by column: the learners of a class, what stands in the sheet.
    fn prefilled(&self) -> Vec<Vec<(String, String)>> {
        Vec::new()
    }

    /// Compares rows with the records: one answer a row.
    fn check<'a>(&'a mut self, conn: &'a Conn<'a>, lines: &'a [Line]) -> Doing<'a, Vec<Checked>>;

    /// Writes the rows that are new or changed; `lines` are all of them, and only these.
    fn apply<'a>(&'a mut self, tx: &'a Tx<'a>, lines: &'a [Line]) -> Doing<'a, Applied>;
}

/// All kinds that this program knows.
pub struct Kinds(Vec<Box<dyn Kind>>);

impl Kinds {
    /// The kinds of this floor, and those of higher ones.
    pub fn with(more: Vec<Box<dyn Kind>>) -> Kinds {
        let mut all: Vec<Box<dyn Kind>> = vec![Box::new(Learners), Box::new(StaffList), Box::new(Rooms), Box::new(Inventory)];
        all.extend(more);
        Kinds(all)
    }

    pub fn iter(&self) -> impl Iterator<Item = &dyn Kind> {
        self.0.iter().map(AsRef::as_ref)
    }

    /// Errors: `not_found`.
    pub fn get(&self, code: &str) -> Result<&dyn Kind> {
        self.iter().find(|kind| kind.code() == code).ok_or_else(|| Error::new(Code::NotFound))
    }
}

fn told(kind: &dyn Kind) -> FileImportKind {
    let ([name_vi, name_en], [about_vi, about_en]) = (kind.name(), kind.about());
    FileImportKind {
        kind: kind.code().to_owned(),
        name_vi: name_vi.to_owned(),
        name_en: name_en.to_owned(),
        about_vi: about_vi.to_owned(),
        about_en: about_en.to_owned(),
        scope: kind.scope(),
    }
}
