//! What a form is: its columns with the headers by which official files know them, and its rows.

use super::Place;
use dto::access::Role;
use dto::exchange::{ExportCheck, ExportColumn, ExportFault, ExportKind, ExportOwner};
use dto::{ClassId, LearnerId, StaffId};

/// A column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Headers above it, from the top: "Toán", "Mức đạt được".
    pub titles: &'static [&'static str],
    /// Other words for the lowest header in files that were seen.
    pub also: &'static [&'static str],
    /// Why nothing stands in it, in Vietnamese and English.
    pub unheld: Option<(&'static str, &'static str)>,
    /// Filled where a template has it, and in no file of ours.
    pub of_template: bool,
}

impl Column {
    pub const fn new(titles: &'static [&'static str], also: &'static [&'static str]) -> Column {
        Column { titles, also, unheld: None, of_template: false }
    }

    pub const fn unheld(titles: &'static [&'static str], vi: &'static str, en: &'static str) -> Column {
        Column { titles, also: &[], unheld: Some((vi, en)), of_template: false }
    }

    pub const fn of_template(self) -> Column {
        Column { of_template: true, ..self }
    }

    /// The header in one line.
    pub fn header(&self) -> String {
        self.titles.join(", ")
    }
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Text(String),
    /// As XML writes it.
    Number(String),
}

impl Value {
    pub fn text(text: impl Into<String>) -> Option<Value> {
        Some(text.into()).filter(|text: &String| !text.is_empty()).map(Value::Text)
    }

    pub fn number(n: impl ToString) -> Option<Value> {
        Some(Value::Number(n.to_string()))
    }
}

/// A fault of a row.
#[derive(Clone, Debug)]
pub struct Fault {
    pub column: usize,
    pub vi: String,
    pub en: String,
    pub warning: bool,
    pub owner: ExportOwner,
}

/// A row.
#[derive(Clone, Debug, Default)]
pub struct Line {
    pub who: String,
    /// By what a template that holds rows already knows it.
    pub code: Option<String>,
    pub cells: Vec<Option<Value>>,
    pub faults: Vec<Fault>,
    pub learner: Option<LearnerId>,
    pub staff: Option<StaffId>,
    pub class: Option<ClassId>,
}

impl Line {
    pub fn fault(&mut self, column: usize, owner: ExportOwner, vi: impl Into<String>, en: impl Into<String>) {
        self.faults.push(Fault { column, vi: vi.into(), en: en.into(), warning: false, owner });
    }

    pub fn warn(&mut self, column: usize, owner: ExportOwner, vi: impl Into<String>, en: impl Into<String>) {
        self.faults.push(Fault { column, vi: vi.into(), en: en.into(), warning: true, owner });
    }
}

/// A form with its rows.
#[derive(Clone, Debug)]
pub struct Table {
    pub kind: ExportKind,
    pub columns: Vec<Column>,
    pub lines: Vec<Line>,
    /// The column that tells rows of a template apart by code, and the one by name.
    pub code: Option<usize>,
    pub name: usize,
}

impl Table {
    pub fn new(kind: ExportKind, columns: Vec<Column>) -> Table {
        Table { kind, columns, lines: Vec::new(), code: None, name: 0 }
    }

    /// Faults that keep the file from being made.
    pub fn errors(&self) -> usize {
        self.lines.iter().flat_map(|line| &line.faults).filter(|fault| !fault.warning).count()
    }

    /// As it is shown before the file is made. `found`: for each column whether the template has it.
    pub(super) fn checked(&self, place: &Place, found: Option<&[bool]>) -> ExportCheck {
        let columns = self.columns.iter().enumerate().filter(|(at, c)| !c.of_template || found.is_some_and(|f| f[*at]));
        let columns = columns
            .map(|(at, column)| ExportColumn {
                header: column.header(),
                in_template: found.map(|found| found[at]),
                note_vi: column.unheld.map(|(vi, _)| vi.to_owned()),
                note_en: column.unheld.map(|(_, en)| en.to_owned()),
            })
            .collect();
        let mut faults: Vec<ExportFault> = Vec::new();
        for (at, line) in self.lines.iter().enumerate() {
            faults.extend(line.faults.iter().map(|fault| ExportFault {
                row: u32::try_from(at + 1).unwrap_or(u32::MAX),
                who: line.who.clone(),
                column: self.columns[fault.column].header(),
                vi: fault.vi.clone(),
                en: fault.en.clone(),
                warning: fault.warning,
                owner: fault.owner.clone(),
                learner_id: line.learner,
                staff_id: line.staff,
                class_id: line.class,
            }));
        }
        faults.sort_by(|a, b| (&a.owner, a.row).cmp(&(&b.owner, b.row)));
        ExportCheck {
            kind: self.kind,
            school_id: place.school.id,
            school_name: place.school.name.clone(),
            school_year: place.year.code.clone(),
            rows: u32::try_from(self.lines.len()).unwrap_or(u32::MAX),
            columns,
            errors: u32::try_from(self.errors()).unwrap_or(u32::MAX),
            faults,
        }
    }
}

/// The clerk of the school.
pub fn clerk() -> ExportOwner {
    ExportOwner { role: Role::Clerk, name: None, class_name: None }
}

/// The homeroom teacher of a class.
pub fn homeroom(class: &records::reporting::ReportClass) -> ExportOwner {
    ExportOwner {
        role: Role::HomeroomTeacher,
        name: class.homeroom.as_ref().map(|staff| staff.full_name.clone()),
        class_name: Some(class.name.clone()),
    }
}
