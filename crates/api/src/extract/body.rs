//! Bodies: media type, size, JSON, unknown fields, then the rules of the DTO; each fault with its JSON pointer.

use crate::problem::ApiError;
use crate::state::App;
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::{Bytes, BytesMut};
use actix_web::{FromRequest, HttpRequest};
use dto::Code;
use futures::StreamExt;
use futures::future::LocalBoxFuture;
use kernel::Error;
use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;
use std::collections::BTreeMap;
use std::ops::Deref;
use validator::{Validate, ValidationErrors, ValidationErrorsKind};

/// A JSON body that keeps the rules of its DTO.
pub struct Valid<T>(pub T);

impl<T> Deref for Valid<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> Valid<T> {
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T: DeserializeOwned + Validate + 'static> FromRequest for Valid<T> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let bytes = read(&req, payload, |app| app.config.limits.body_bytes, &["application/json"]).await?;
            Ok(Valid(parse(&bytes)?))
        })
    }
}

/// A JSON body that may be left out altogether.
pub struct OptionalJson<T>(pub T);

impl<T: DeserializeOwned + Validate + Default + 'static> FromRequest for OptionalJson<T> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let types: &[&str] = if req.headers().contains_key(header::CONTENT_TYPE) { &["application/json"] } else { &[] };
            let bytes = read(&req, payload, |app| app.config.limits.body_bytes, types).await?;
            if bytes.is_empty() { Ok(OptionalJson(T::default())) } else { Ok(OptionalJson(parse(&bytes)?)) }
        })
    }
}

/// A file as the body, up to the size of the settings. Its kind is found by looking into it, not by its media type.
pub struct FileBody(pub Bytes);

impl FromRequest for FileBody {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        const TYPES: [&str; 4] = [
            "application/octet-stream",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "application/vnd.ms-excel",
            "text/csv",
        ];
        let (req, payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let bytes = read(&req, payload, |app| app.config.limits.import_bytes, &TYPES).await?;
            Ok(FileBody(bytes))
        })
    }
}

/// A part of a file, or a small file, up to the size of the settings.
pub struct PartBody(pub Bytes);

impl FromRequest for PartBody {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let bytes = read(&req, payload, |app| app.config.files.part_bytes, &["application/octet-stream"]).await?;
            Ok(PartBody(bytes))
        })
    }
}

async fn read(req: &HttpRequest, mut payload: Payload, limit: impl Fn(&App) -> usize, types: &[&str]) -> Result<Bytes, Error> {
    let app = req.app_data::<App>().ok_or_else(|| Error::internal("no state"))?;
    let limit = limit(app);
    let given = req.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
    let essence = given.split(';').next().unwrap_or("").trim();
    if !types.is_empty() && !types.iter().any(|t| t.eq_ignore_ascii_case(essence)) {
        return Err(Error::new(Code::UnsupportedMediaType).with("expected", types.join(", ")));
    }
    if req.headers().contains_key(header::CONTENT_ENCODING) {
        return Err(Error::new(Code::UnsupportedMediaType).with("expected", "Content-Encoding: identity"));
    }
    let too_large = || Error::new(Code::PayloadTooLarge).with("max", size_text(limit));
    let announced = req.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<usize>().ok());
    if announced.is_some_and(|n| n > limit) {
        return Err(too_large());
    }
    let mut bytes = BytesMut::with_capacity(announced.unwrap_or(0).min(limit));
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|e| Error::new(Code::BadRequest).with("what", e))?;
        if bytes.len() + chunk.len() > limit {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

fn size_text(bytes: usize) -> String {
    if bytes >= 1 << 20 { format!("{} MB", bytes >> 20) } else { format!("{} KB", bytes >> 10) }
}

/// Reads and checks a body.
pub fn parse<T: DeserializeOwned + Validate>(bytes: &[u8]) -> Result<T, Error> {
    // A derived struct would also take an array of its values in order; a body is an object.
    if bytes.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'[') {
        return Err(Error::new(Code::Invalid).and_field_with(
            "",
            Code::FieldType,
            [("what".to_owned(), "object".to_owned())].into(),
        ));
    }
    if let Some(pointer) = nul_in(bytes) {
        return Err(Error::field(pointer, Code::FieldFormat));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value: T = serde_path_to_error::deserialize(&mut reader).map_err(|e| {
        let pointer = pointer(e.path());
        unreadable(e.inner(), pointer)
    })?;
    reader.end().map_err(|e| unreadable(&e, String::new()))?;
    value.validate().map_err(|e| faults(&e))?;
    Ok(value)
}

/// Where a string has the character U+0000, which PostgreSQL cannot keep. Looked for only where its escape stands in the text.
fn nul_in(bytes: &[u8]) -> Option<String> {
    fn find(value: &serde_json::Value, at: String) -> Option<String> {
        match value {
            serde_json::Value::String(s) => s.contains('\0').then_some(at),
            serde_json::Value::Array(items) => items.iter().enumerate().find_map(|(i, v)| find(v, format!("{at}/{i}"))),
            serde_json::Value::Object(map) => {
                map.iter().find_map(|(k, v)| if k.contains('\0') { Some(at.clone()) } else { find(v, format!("{at}/{k}")) })
            }
            _ => None,
        }
    }
    if !bytes.windows(6).any(|w| w.eq_ignore_ascii_case(b"\\u0000")) {
        return None;
    }
    find(&serde_json::from_slice(bytes).ok()?, String::new())
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    path.iter()
        .map(|segment| match segment {
            Segment::Seq { index } => format!("/{index}"),
            Segment::Map { key } => format!("/{key}"),
            Segment::Enum { variant } => format!("/{variant}"),
            Segment::Unknown => String::new(),
        })
        .collect()
}

fn unreadable(e: &serde_json::Error, pointer: String) -> Error {
    if e.classify() != serde_json::error::Category::Data {
        return Error::new(Code::BadJson).with("line", e.line()).with("column", e.column());
    }
    let text = e.to_string();
    let named = || text.split('`').nth(1).unwrap_or("").to_owned();
    if text.starts_with("missing field") {
        return Error::field(format!("{pointer}/{}", named()), Code::FieldRequired);
    }
    if text.starts_with("unknown field") {
        // The path ends in the unknown name already, or stops at the object that holds it.
        let name = named();
        let full = if pointer.ends_with(&format!("/{name}")) { pointer } else { format!("{pointer}/{name}") };
        return Error::field(full, Code::FieldUnknown);
    }
    if text.starts_with("unknown variant") {
        return Error::field(pointer, Code::FieldChoice);
    }
    // "invalid type: string \"x\", expected u16 at line 1 column 9": the part that says what was expected, not the value.
    let expected = text.split(", expected ").nth(1).and_then(|t| t.split(" at line").next()).unwrap_or("").to_owned();
    Error::new(Code::Invalid).and_field_with(pointer, Code::FieldType, [("what".to_owned(), expected)].into())
}

/// The faults that the rules of a DTO found.
pub fn faults(errors: &ValidationErrors) -> Error {
    let mut error = Error::new(Code::Invalid);
    collect(errors, "", &mut |pointer, code, params| {
        let taken = std::mem::replace(&mut error, Error::new(Code::Invalid));
        error = taken.and_field_with(pointer, code, params);
    });
    error
}

fn collect(errors: &ValidationErrors, at: &str, put: &mut impl FnMut(String, Code, BTreeMap<String, String>)) {
    // In the order of the names, so that the same body gives the same answer.
    let sorted: BTreeMap<_, _> = errors.errors().iter().collect();
    for (field, kind) in sorted {
        let pointer = format!("{at}/{field}");
        match kind {
            ValidationErrorsKind::Struct(inner) => collect(inner, &pointer, put),
            ValidationErrorsKind::List(items) => {
                for (index, inner) in items {
                    collect(inner, &format!("{pointer}/{index}"), put);
                }
            }
            ValidationErrorsKind::Field(list) => {
                for e in list {
                    let code = match e.code.as_ref() {
                        "length" => Code::FieldLength,
                        "range" => Code::FieldRange,
                        other => Code::parse(other).unwrap_or(Code::FieldFormat),
                    };
                    let mut params: BTreeMap<String, String> =
                        e.params.iter().filter(|(k, _)| k.as_ref() != "value").map(|(k, v)| (k.to_string(), number(v))).collect();
                    if let Some(equal) = params.remove("equal") {
                        params.insert("min".into(), equal.clone());
                        params.insert("max".into(), equal);
                    }
                    for (bound, none) in [("min", "0"), ("max", "∞")] {
                        params.entry(bound.into()).or_insert_with(|| none.into());
                    }
                    put(pointer.clone(), code, params);
                }
            }
        }
    }
}

fn number(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(s) => s.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dto::Lang;
    use dto::learners::PostGuardian;

    fn problem(body: &str) -> dto::Problem {
        parse::<PostGuardian>(body.as_bytes()).expect_err("a fault").problem(Lang::Vi, "r")
    }

    #[test]
    fn each_fault_names_its_field() {
        assert_eq!(problem("{").code, "bad_json");
        assert_eq!(problem(r#"["mother"]"#).errors[0].code, "field_type");
        let p = problem(r#"{"relation":"mother","name":{"family":"a\u0000","given":"b"}}"#);
        assert_eq!((p.errors[0].pointer.as_str(), p.errors[0].code.as_str()), ("/name/family", "field_format"));
        let p = problem("{}");
        assert_eq!((p.errors[0].pointer.as_str(), p.errors[0].code.as_str()), ("/relation", "field_required"));
        let p = problem(r#"{"relation":"uncle"}"#);
        assert_eq!((p.errors[0].pointer.as_str(), p.errors[0].code.as_str()), ("/relation", "field_choice"));
        let p = problem(r#"{"relation":"mother","name":{"family":"Lê","given":""}}"#);
        assert_eq!((p.errors[0].pointer.as_str(), p.errors[0].code.as_str()), ("/name/given", "field_length"));
        let p = problem(r#"{"relation":"mother","phone":"12"}"#);
        assert_eq!((p.errors[0].pointer.as_str(), p.errors[0].code.as_str()), ("/phone", "phone_format"));
        let p = problem(r#"{"relation":"mother","x":1}"#);
        assert_eq!((p.errors[0].pointer.as_str(), p.errors[0].code.as_str()), ("/x", "field_unknown"));
        let p = problem(r#"{"relation":"mother","name":7}"#);
        assert_eq!((p.errors[0].pointer.as_str(), p.errors[0].code.as_str()), ("/name", "field_type"));
    }
}
