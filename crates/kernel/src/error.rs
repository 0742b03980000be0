//! One error: a code of the table, its parameters, and what only the log may see.

use dto::{Code, FieldError, Lang, Problem};
use sea_orm::DbErr;
use std::collections::BTreeMap;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Anything that can go wrong. The text for people comes from the table of codes; `inside` goes into the log once and is
/// never sent.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    code: Code,
    params: BTreeMap<String, String>,
    fields: Vec<(String, Code, BTreeMap<String, String>)>,
    inside: Option<String>,
    retryable: bool,
}

impl Error {
    pub fn new(code: Code) -> Self {
        Error(Box::new(Inner { code, params: BTreeMap::new(), fields: Vec::new(), inside: None, retryable: false }))
    }

    /// Something that no person can cause: answered as `internal`, logged with this text.
    pub fn internal(inside: impl std::fmt::Display) -> Self {
        let mut e = Error::new(Code::Internal);
        e.0.inside = Some(inside.to_string());
        e
    }

    /// A transaction that lost against another: [`crate::Db::write`] runs it again.
    pub fn lost() -> Self {
        let mut e = Error::new(Code::Busy);
        e.0.retryable = true;
        e
    }

    /// A body with one wrong field; `pointer` is a JSON pointer ("/personal_id") or a parameter's name.
    pub fn field(pointer: impl Into<String>, code: Code) -> Self {
        Error::new(Code::Invalid).and_field(pointer, code)
    }

    pub fn and_field(mut self, pointer: impl Into<String>, code: Code) -> Self {
        self.0.fields.push((pointer.into(), code, BTreeMap::new()));
        self
    }

    pub fn and_field_with(mut self, pointer: impl Into<String>, code: Code, params: BTreeMap<String, String>) -> Self {
        self.0.fields.push((pointer.into(), code, params));
        self
    }

    /// Adds a parameter of the text.
    pub fn with(mut self, name: &str, value: impl std::fmt::Display) -> Self {
        self.0.params.insert(name.to_owned(), value.to_string());
        self
    }

    pub fn code(&self) -> Code {
        self.0.code
    }

    /// The transaction lost against another and may run again.
    pub fn retryable(&self) -> bool {
        self.0.retryable
    }

    /// For the log alone.
    pub fn inside(&self) -> Option<&str> {
        self.0.inside.as_deref()
    }

    pub fn params(&self) -> &BTreeMap<String, String> {
        &self.0.params
    }

    /// What is sent.
    pub fn problem(&self, lang: Lang, request_id: &str) -> Problem {
        let errors = self
            .0
            .fields
            .iter()
            .map(|(pointer, code, params)| FieldError {
                pointer: pointer.clone(),
                code: code.as_str().to_owned(),
                params: params.clone(),
                detail: dto::problem::fill(code.text(lang), params),
            })
            .collect();
        Problem::new(self.0.code, self.0.params.clone(), errors, lang, request_id)
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0.code.as_str())?;
        match &self.0.inside {
            Some(inside) => write!(f, ": {inside}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}

impl From<Code> for Error {
    fn from(code: Code) -> Self {
        Error::new(code)
    }
}

/// Unique keys that a person can run into: the index (PostgreSQL names it), the columns (SQLite names them), the code.
const UNIQUE: &[(&str, &str, Code)] = &[
    ("account_username_key", "account.username", Code::UsernameTaken),
    ("unit_code_key", "unit.code_set, unit.code_set_version, unit.code", Code::CodeTaken),
    ("school_year_code_key", "school_year.code", Code::CodeTaken),
    ("class_name_key", "class.school_id, class.school_year_id, class.name", Code::ClassNameTaken),
    ("learner_personal_id_key", "learner.personal_id", Code::PersonalIdTaken),
    ("learner_ministry_code_key", "learner.ministry_code", Code::MinistryCodeTaken),
    ("learner_code_held_key", "learner_code.held", Code::CodeTaken),
    ("transfer_open_key", "transfer.open_of", Code::TransferOpen),
    ("staff_ministry_code_key", "staff.ministry_code", Code::CodeTaken),
    ("room_code_key", "room.school_id, room.code_key", Code::CodeTaken),
];

impl From<DbErr> for Error {
    fn from(err: DbErr) -> Self {
        let text = err.to_string();
        let native = native_code(&err);
        let code = native.as_deref().unwrap_or("");
        // 23505: unique_violation of PostgreSQL; 2067 and 1555: unique and primary key of SQLite.
        if matches!(code, "23505" | "2067" | "1555")
            && let Some((_, _, known)) = UNIQUE.iter().find(|(index, columns, _)| text.contains(index) || text.contains(columns))
        {
            return Error::new(*known);
        }
        let mut e = Error::internal(&text);
        // 40001 serialization_failure, 40P01 deadlock_detected; 5, 261, 517 SQLITE_BUSY and its kinds. An unmapped
        // unique violation is two writers who made the same natural key at once: run again, the second sees the first.
        e.0.retryable = matches!(code, "40001" | "40P01" | "5" | "261" | "517" | "23505" | "2067" | "1555");
        if e.0.retryable || matches!(err, DbErr::ConnectionAcquire(_)) || connection_lost(&err) {
            e.0.code = Code::Busy;
        }
        e
    }
}

/// The engine went away under a statement (it was restarted). Whether it had committed is not known, so a write does not run again
/// by itself.
fn connection_lost(err: &DbErr) -> bool {
    use sea_orm::{RuntimeErr, sqlx::Error::Io};
    matches!(
        err,
        DbErr::Exec(RuntimeErr::SqlxError(e)) | DbErr::Query(RuntimeErr::SqlxError(e)) | DbErr::Conn(RuntimeErr::SqlxError(e))
            if matches!(&**e, Io(_)) || e.as_database_error().and_then(|d| d.code()).is_some_and(|c| c == "57P01")
    )
}

fn native_code(err: &DbErr) -> Option<String> {
    use sea_orm::RuntimeErr;
    match err {
        DbErr::Exec(RuntimeErr::SqlxError(e))
        | DbErr::Query(RuntimeErr::SqlxError(e))
        | DbErr::Conn(RuntimeErr::SqlxError(e)) => e.as_database_error().and_then(|d| d.code()).map(|c| c.into_owned()),
        _ => None,
    }
}
