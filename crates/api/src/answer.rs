//! What handlers give: JSON with an ETag, created, or nothing.

use crate::problem::ApiError;
use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde::Serialize;
use sha2::{Digest, Sha256};

pub type Answer<T> = Result<T, ApiError>;

/// What a browser does with a file that it is sent.
#[derive(Clone, Copy)]
pub enum Disposition {
    Attachment,
    Inline,
}

/// A file as it is sent. Nobody on the way keeps it.
pub fn file(media: &str, disposition: Disposition, name: &str, bytes: Vec<u8>) -> HttpResponse {
    let disposition = match disposition {
        Disposition::Attachment => "attachment",
        Disposition::Inline => "inline",
    };
    HttpResponse::Ok()
        .content_type(media)
        .insert_header((header::CONTENT_DISPOSITION, format!("{disposition}; filename=\"{name}\"")))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(bytes)
}

/// 200 for a read: ETag over the content, 304 where the caller has it.
pub struct Found<T>(pub T);
/// 200 for a read of one versioned resource: the ETag begins with the version, for `If-Match`.
pub struct FoundVersion<T>(pub T, pub i64);
/// 200 after a change, with the new version.
pub struct Saved<T>(pub T, pub i64);
/// 200 after a change of something that has no one version.
pub struct Changed<T>(pub T);
/// 201.
pub struct Created<T>(pub T);
/// 201 with the version.
pub struct CreatedVersion<T>(pub T, pub i64);
/// 204.
pub struct Done;

fn write<T: Serialize>(req: Option<&HttpRequest>, status: StatusCode, value: &T, version: Option<i64>) -> HttpResponse {
    let Ok(body) = serde_json::to_vec(value) else {
        return HttpResponse::new(StatusCode::INTERNAL_SERVER_ERROR);
    };
    let hash = hex::encode(&Sha256::digest(&body)[..8]);
    let tag = match version {
        Some(v) => format!("\"{v}-{hash}\""),
        None => format!("W/\"{hash}\""),
    };
    let known = req.and_then(|r| r.headers().get(header::IF_NONE_MATCH)).and_then(|v| v.to_str().ok());
    let same = |given: &str| given.trim().trim_start_matches("W/") == tag.trim_start_matches("W/");
    let unchanged = known.is_some_and(|list| list.split(',').any(same));
    let mut builder = HttpResponse::build(if unchanged { StatusCode::NOT_MODIFIED } else { status });
    if let Ok(value) = HeaderValue::from_str(&tag) {
        builder.insert_header((header::ETAG, value));
    }
    if unchanged {
        return builder.finish();
    }
    builder.content_type("application/json").body(body)
}

macro_rules! responders {
    ($($name:ident: |$s:ident, $req:ident| $make:expr;)+) => {$(
        impl<T: Serialize> Responder for $name<T> {
            type Body = BoxBody;
            fn respond_to(self, $req: &HttpRequest) -> HttpResponse {
                let $s = self;
                $make
            }
        }
    )+};
}

responders! {
    Found: |s, req| write(Some(req), StatusCode::OK, &s.0, None);
    FoundVersion: |s, req| write(Some(req), StatusCode::OK, &s.0, Some(s.1));
    Saved: |s, _req| write(None, StatusCode::OK, &s.0, Some(s.1));
    Changed: |s, _req| write(None, StatusCode::OK, &s.0, None);
    Created: |s, _req| write(None, StatusCode::CREATED, &s.0, None);
    CreatedVersion: |s, _req| write(None, StatusCode::CREATED, &s.0, Some(s.1));
}

impl Responder for Done {
    type Body = BoxBody;
    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::NoContent().finish()
    }
}
