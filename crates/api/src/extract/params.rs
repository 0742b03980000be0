//! Path, query and If-Match.

use crate::problem::ApiError;
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest};
use dto::Code;
use kernel::Error;
use serde::de::DeserializeOwned;
use std::future::{Ready, ready};
use std::ops::Deref;
use validator::Validate;

/// The parameters of the path. What is not an id is nobody's address: 404.
pub struct Path<T>(pub T);

/// One id of the path.
pub type Id<T> = Path<T>;

impl<T> Deref for Path<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Path<T> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        // What no text can hold is in no table.
        if req.path().contains('\0') || req.path().contains("%00") {
            return ready(Err(ApiError(Error::new(Code::BadPath))));
        }
        let parsed = actix_web::web::Path::<T>::from_request(req, payload).into_inner();
        ready(parsed.map(|p| Path(p.into_inner())).map_err(|_| ApiError(Error::new(Code::BadPath))))
    }
}

/// The query, checked.
pub struct ValidQuery<T>(pub T);

impl<T> Deref for ValidQuery<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned + Validate + 'static> FromRequest for ValidQuery<T> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(query(req.query_string()).map(ValidQuery).map_err(ApiError))
    }
}

fn query<T: DeserializeOwned + Validate>(text: &str) -> Result<T, Error> {
    if text.contains("%00") {
        return Err(Error::field("?", Code::FieldFormat));
    }
    let parsed = actix_web::web::Query::<T>::from_query(text)
        .map_err(|e| Error::new(Code::Invalid).and_field_with("?", Code::FieldType, [("what".to_owned(), e.to_string())].into()))?
        .into_inner();
    parsed.validate().map_err(|e| super::body::faults(&e))?;
    Ok(parsed)
}

/// The version in `If-Match`: `"3"`, or the ETag as it was given.
#[derive(Clone, Copy)]
pub struct Version(pub i64);

impl Deref for Version {
    type Target = i64;
    fn deref(&self) -> &i64 {
        &self.0
    }
}

impl FromRequest for Version {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let version = match req.headers().get(header::IF_MATCH).map(|v| v.to_str().unwrap_or("")) {
            None => Err(Error::new(Code::PreconditionRequired)),
            // A tag that was never ours cannot be the present version.
            Some(text) => parse_version(text).map(Version).ok_or_else(|| Error::new(Code::VersionConflict)),
        };
        ready(version.map_err(ApiError))
    }
}

/// `Content-Range: bytes 0-4194303/9000000`: where the body lies in a file.
#[derive(Clone, Copy)]
pub struct ContentRange(pub records::files::Part);

impl FromRequest for ContentRange {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let text = req.headers().get(header::CONTENT_RANGE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let part = parse_content_range(text).map(ContentRange);
        ready(part.ok_or_else(|| ApiError(Error::new(Code::BadRequest).with("what", "Content-Range"))))
    }
}

fn parse_content_range(text: &str) -> Option<records::files::Part> {
    let (range, total) = text.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    Some(records::files::Part { first: first.parse().ok()?, last: last.parse().ok()?, total: total.parse().ok()? })
}

fn parse_version(text: &str) -> Option<i64> {
    let text = text.trim().trim_start_matches("W/").trim_matches('"');
    text.split('-').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{parse_content_range, parse_version};

    #[test]
    fn ranges_of_parts_are_read() {
        let part = parse_content_range("bytes 10-19/30").unwrap();
        assert_eq!((part.first, part.last, part.total), (10, 19, 30));
        for wrong in ["", "bytes 10-19/*", "bytes */30", "10-19/30", "bytes -1-3/4"] {
            assert!(parse_content_range(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn versions_are_read_from_tags() {
        assert_eq!(parse_version("\"3\""), Some(3));
        assert_eq!(parse_version("W/\"12-ab34\""), Some(12));
        assert_eq!(parse_version("3"), Some(3));
        assert_eq!(parse_version("*"), None);
        assert_eq!(parse_version("\"ab\""), None);
    }
}
