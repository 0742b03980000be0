//! Errors as RFC 9457 `application/problem+json`.

use crate::{Code, Lang};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the API answers when it cannot do as asked. Media type `application/problem+json`.
///
/// `code` and `params` are stable and made for programs; `title` and `detail` are for people, in the language of
/// the request (`Accept-Language`). A client may translate `code` itself from the same table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// `about:blank#` and the code.
    #[serde(rename = "type")]
    pub type_uri: String,
    pub title: String,
    /// HTTP status.
    pub status: u16,
    pub detail: String,
    pub code: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, String>,
    /// What is wrong field by field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// To name when asking for help; also in the `x-request-id` header and in the log.
    pub request_id: String,
}

/// One field that is wrong. `pointer` is a JSON pointer into the body, or the name of a parameter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    pub pointer: String,
    pub code: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, String>,
    /// The same in the language of the request.
    pub detail: String,
}

impl Problem {
    /// The problem of a code, with its texts in `lang`.
    pub fn new(code: Code, params: BTreeMap<String, String>, errors: Vec<FieldError>, lang: Lang, request_id: &str) -> Self {
        let detail = fill(code.text(lang), &params);
        Problem {
            type_uri: format!("about:blank#{}", code.as_str()),
            title: detail.clone(),
            status: code.status(),
            detail,
            code: code.as_str().to_owned(),
            params,
            errors,
            request_id: request_id.to_owned(),
        }
    }
}

/// Puts `{name}` parameters into a text of the table.
pub fn fill(text: &str, params: &BTreeMap<String, String>) -> String {
    params.iter().fold(text.to_owned(), |t, (k, v)| t.replace(&format!("{{{k}}}"), v))
}
