//! A paper of labelled values and tables, as `record.typ` reads it.

use super::Head;
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Record {
    pub head: Head,
    pub title: String,
    pub flipped: bool,
    pub parts: Vec<Part>,
    pub signers: Vec<SignedBy>,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Part {
    pub title: String,
    pub new_page: bool,
    pub fields: Vec<Named>,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<String>>,
    pub note: String,
}

#[derive(Serialize)]
pub(super) struct Named {
    pub name: &'static str,
    pub value: String,
    pub wide: bool,
}

#[derive(Clone, Serialize)]
pub(super) struct Column {
    pub name: String,
    /// Millimetres; 0 takes what is left.
    pub width: u8,
    pub left: bool,
}

#[derive(Serialize)]
pub(super) struct SignedBy {
    pub role: &'static str,
    pub seal: bool,
    pub name: Option<String>,
}

impl Part {
    pub fn table(title: &str, columns: &[(&str, u8, bool)], rows: Vec<Vec<String>>) -> Part {
        let column = |(name, width, left): &(&str, u8, bool)| Column { name: (*name).to_owned(), width: *width, left: *left };
        Part { title: title.to_owned(), columns: columns.iter().map(column).collect(), rows, ..Part::default() }
    }

    pub fn fields(title: &str, fields: Vec<Named>) -> Part {
        Part { title: title.to_owned(), fields, ..Part::default() }
    }
}

pub(super) fn named(name: &'static str, value: impl Into<Option<String>>) -> Named {
    Named { name, value: value.into().unwrap_or_default(), wide: false }
}

pub(super) fn wide(name: &'static str, value: impl Into<Option<String>>) -> Named {
    Named { wide: true, ..named(name, value) }
}

pub(super) const PRINCIPAL: SignedBy = SignedBy { role: "Hiệu trưởng", seal: true, name: None };

pub(super) fn homeroom(head: &Head) -> SignedBy {
    SignedBy { role: "Giáo viên chủ nhiệm", seal: false, name: head.homeroom.clone() }
}
