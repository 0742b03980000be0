//! What can go wrong between a page and the server, in words.

use crate::i18n::{lang, t, tx};
use dto::problem::fill;
use dto::{Code, FieldError, Problem};

pub type Result<T> = std::result::Result<T, ApiError>;

#[derive(Clone, Debug)]
pub enum ApiError {
    /// The server answered with a problem.
    Problem(Box<Problem>),
    /// No answer: the line is down or the server cannot be reached.
    Offline,
    /// An answer that this version of the pages does not understand.
    Unexpected { status: u16, request_id: Option<String> },
}

impl ApiError {
    /// The code of the table, where the server gave one that these pages know.
    pub fn code(&self) -> Option<Code> {
        match self {
            ApiError::Problem(problem) => Code::parse(&problem.code),
            _ => None,
        }
    }

    #[allow(dead_code)]
    pub fn is(&self, code: Code) -> bool {
        self.code() == Some(code)
    }

    pub fn status(&self) -> Option<u16> {
        match self {
            ApiError::Problem(problem) => Some(problem.status),
            ApiError::Offline => None,
            ApiError::Unexpected { status, .. } => Some(*status),
        }
    }

    /// Nobody answered who could have said yes or no: the line is down, or what stands before the server is alone.
    pub fn no_server(&self) -> bool {
        match self {
            ApiError::Offline => true,
            other => other.status().is_some_and(|s| s >= 502),
        }
    }

    /// Another try may go better.
    pub fn passing(&self) -> bool {
        match self {
            ApiError::Offline => true,
            other => other.status().is_none_or(|s| s >= 500 || s == 429 || s == 408 || s == 401),
        }
    }

    /// One sentence for the person, in the language of the pages.
    pub fn text(&self) -> String {
        match self {
            ApiError::Problem(problem) => match Code::parse(&problem.code) {
                Some(code) => fill(code.text(lang()), &problem.params),
                None => problem.detail.clone(),
            },
            ApiError::Offline => t(tx::NO_CONNECTION).to_owned(),
            ApiError::Unexpected { .. } => t(tx::UNEXPECTED).to_owned(),
        }
    }

    /// What is wrong with the field at this JSON pointer.
    pub fn field(&self, pointer: &str) -> Option<String> {
        match self {
            ApiError::Problem(problem) => problem.errors.iter().find(|e| e.pointer == pointer).map(field_text),
            _ => None,
        }
    }

    /// Faults of fields that no input of the page stands for.
    pub fn other_fields(&self, known: &[&str]) -> Vec<String> {
        match self {
            ApiError::Problem(problem) => problem
                .errors
                .iter()
                .filter(|e| !known.contains(&e.pointer.as_str()))
                .map(|e| format!("{}: {}", e.pointer, field_text(e)))
                .collect(),
            _ => Vec::new(),
        }
    }

    pub fn request_id(&self) -> Option<&str> {
        match self {
            ApiError::Problem(problem) => Some(problem.request_id.as_str()).filter(|id| !id.is_empty()),
            ApiError::Unexpected { request_id, .. } => request_id.as_deref(),
            ApiError::Offline => None,
        }
    }
}

/// A fault of one field in the language of the pages.
pub fn field_text(error: &FieldError) -> String {
    match Code::parse(&error.code) {
        Some(code) => fill(code.text(lang()), &error.params),
        None => error.detail.clone(),
    }
}
