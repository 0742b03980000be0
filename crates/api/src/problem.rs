//! Errors on their way out: every answer of 400 or above is `application/problem+json` (RFC 9457).

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use dto::{Code, Lang, Problem};
use kernel::Error;

/// Media type of a problem.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// An error of a domain, or of the request as such. The middleware gives it language and request id.
#[derive(Debug)]
pub struct ApiError(pub Error);

impl<E: Into<Error>> From<E> for ApiError {
    fn from(e: E) -> Self {
        ApiError(e.into())
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        status(self.0.code())
    }

    fn error_response(&self) -> HttpResponse {
        // Only a placeholder: the middleware that is always there writes the body.
        HttpResponse::new(self.status_code())
    }
}

/// A problem that is already written, for where no middleware comes after (a panic, a time-out).
#[derive(Debug)]
pub struct Written(pub Problem);

impl std::fmt::Display for Written {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.code)
    }
}

impl ResponseError for Written {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = respond(&self.0);
        crate::middleware::security_headers(response.headers_mut(), "");
        response
    }
}

pub fn status(code: Code) -> StatusCode {
    StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The answer that carries a problem.
pub fn respond(problem: &Problem) -> HttpResponse {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut builder = HttpResponse::build(status);
    builder.insert_header((header::CONTENT_TYPE, PROBLEM_JSON)).insert_header((header::CACHE_CONTROL, "no-store"));
    if let Ok(id) = HeaderValue::from_str(&problem.request_id) {
        builder.insert_header(("x-request-id", id));
    }
    if status == StatusCode::UNAUTHORIZED {
        builder.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
    }
    if let Some(seconds) = problem.params.get("seconds").filter(|_| matches!(problem.status, 429 | 503)) {
        builder.insert_header((header::RETRY_AFTER, seconds.as_str()));
    }
    builder.body(serde_json::to_vec(problem).unwrap_or_default())
}

/// The problem of a bare status that the framework itself answered.
pub fn of_status(status: StatusCode, lang: Lang, request_id: &str) -> Problem {
    let code = match status {
        StatusCode::NOT_FOUND => Code::BadPath,
        StatusCode::METHOD_NOT_ALLOWED => Code::MethodNotAllowed,
        StatusCode::NOT_ACCEPTABLE => Code::NotAcceptable,
        StatusCode::REQUEST_TIMEOUT => Code::RequestTimeout,
        StatusCode::PAYLOAD_TOO_LARGE => Code::PayloadTooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Code::UnsupportedMediaType,
        StatusCode::TOO_MANY_REQUESTS => Code::TooManyRequests,
        s if s.is_client_error() => Code::BadRequest,
        _ => Code::Internal,
    };
    Problem::new(code, Default::default(), Vec::new(), lang, request_id)
}

/// The problems that any operation can answer, for the document.
pub struct Problems;

impl utoipa::IntoResponses for Problems {
    fn responses() -> std::collections::BTreeMap<String, utoipa::openapi::RefOr<utoipa::openapi::response::Response>> {
        use utoipa::openapi::{ContentBuilder, Ref, ResponseBuilder};
        const STATUSES: [(u16, &str); 15] = [
            (400, "The request is malformed."),
            (401, "No valid access token."),
            (403, "The roles do not have the permission."),
            (404, "There is no such thing, or not for the caller."),
            (405, "The path does not take this method."),
            (406, "No such representation."),
            (408, "The request took too long to arrive."),
            (409, "The state of the resource does not allow it."),
            (412, "The version in If-Match is not the present one."),
            (413, "The body is too large."),
            (415, "The media type is not supported."),
            (416, "The file has no such range."),
            (422, "Fields are not valid; see `errors`."),
            (428, "If-Match is missing."),
            (429, "Too many requests; see Retry-After."),
        ];
        STATUSES
            .iter()
            .map(|(status, text)| {
                let response = ResponseBuilder::new()
                    .description(*text)
                    .content(PROBLEM_JSON, ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build())
                    .build();
                (status.to_string(), utoipa::openapi::RefOr::T(response))
            })
            .collect()
    }
}
