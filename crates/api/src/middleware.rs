//! What every request goes through, from the outside in: security headers and problems, then request id, language, token,
//! limits, time-out and panics.

use crate::limits::Caller;
use crate::problem::{self, ApiError, Written};
use crate::state::App;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, web};
use dto::{Code, Lang, Problem};
use futures::FutureExt;
use kernel::{Ctx, Error};
use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

/// What is known of a request before its handler: id, language, and who asks.
pub struct RequestInfo {
    pub id: String,
    pub lang: Lang,
    /// `Err` where there is a token that is not good, `None` where there is none.
    pub token: Option<Result<Ctx, Code>>,
    pub address: IpAddr,
}

impl RequestInfo {
    pub fn anonymous(&self) -> Ctx {
        Ctx::anonymous(self.lang, self.id.clone())
    }
}

/// Id, language, token, rate, time, panics, problems, log line, metrics.
pub async fn request(
    app: App,
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let started = Instant::now();
    let info = read_info(&app, &req);
    let (id, lang) = (info.id.clone(), info.lang);
    let method = req.method().clone();
    let path = req.path().to_owned();
    let api = path.starts_with("/api/");
    let account = info.token.as_ref().and_then(|t| t.as_ref().ok()).and_then(|c| c.account);

    let limited = if api {
        let caller = account.map_or(Caller::Address(info.address), Caller::Account);
        app.limiter.check(caller)
    } else {
        Ok(())
    };
    let seconds = app.config.limits.request_seconds;
    req.extensions_mut().insert(info);

    let answered: Result<ServiceResponse<BoxBody>, Problem> = match limited {
        Err(e) => Ok(req.error_response(ApiError(e)).map_into_boxed_body()),
        Ok(()) => {
            let work = AssertUnwindSafe(next.call(req)).catch_unwind();
            match tokio::time::timeout(Duration::from_secs(seconds), work).await {
                Ok(Ok(Ok(response))) => Ok(response.map_into_boxed_body()),
                // The framework's own errors outside a handler.
                Ok(Ok(Err(error))) => Err(problem::of_status(error.as_response_error().status_code(), lang, &id)),
                Ok(Err(panic)) => {
                    let what =
                        panic.downcast_ref::<&str>().map(|s| (*s).to_owned()).or_else(|| panic.downcast_ref::<String>().cloned());
                    tracing::error!(request_id = %id, %method, path, panic = what.as_deref().unwrap_or("unknown"), "handler panicked");
                    Err(Error::new(Code::Internal).problem(lang, &id))
                }
                Err(_elapsed) => Err(Error::new(Code::RequestTimeout).problem(lang, &id)),
            }
        }
    };

    let answered = answered.map(|response| finish(response, lang, &id));
    let (status, pattern) = match &answered {
        Ok(r) => (r.status().as_u16(), r.request().match_pattern().unwrap_or_else(|| "none".to_owned())),
        Err(p) => (p.status, "none".to_owned()),
    };
    let elapsed = started.elapsed();
    crate::metrics::observe(method.as_str(), &pattern, status, elapsed);
    tracing::info!(request_id = %id, %method, route = %pattern, status, ms = elapsed.as_micros() as u64 / 1000, account = account.map(tracing::field::display), "request");

    match answered {
        Ok(mut response) => {
            if let Ok(value) = HeaderValue::from_str(&id) {
                response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
            }
            security_headers(response.headers_mut(), &path);
            Ok(response)
        }
        Err(problem) => Err(Written(problem).into()),
    }
}

fn read_info(app: &web::Data<crate::AppState>, req: &ServiceRequest) -> RequestInfo {
    let text = |name: &str| req.headers().get(name).and_then(|v| v.to_str().ok());
    // A caller may name the request; else it gets a name.
    let id = text("x-request-id")
        .filter(|v| !v.is_empty() && v.len() <= 64 && v.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'))
        .map_or_else(|| kernel::id::new::<uuid::Uuid>().simple().to_string(), str::to_owned);
    let lang = text("accept-language").map(Lang::from_header).unwrap_or_default();
    let token = req.headers().get(header::AUTHORIZATION).map(|value| {
        value
            .to_str()
            .ok()
            .and_then(|v| v.strip_prefix("Bearer "))
            .ok_or(Code::Unauthenticated)
            .and_then(|token| identity::tokens::verify(&app.keys, token.trim(), lang, &id).map_err(|e| e.code()))
    });
    RequestInfo { id, lang, token, address: address(app, req) }
}

/// The caller's address; a proxy's word is taken only from the proxies that are named in the settings.
fn address(app: &web::Data<crate::AppState>, req: &ServiceRequest) -> IpAddr {
    let peer = req.peer_addr().map_or(IpAddr::from([127, 0, 0, 1]), |a| a.ip());
    if !app.config.server.trusted_proxies.iter().any(|p| p.parse() == Ok(peer)) {
        return peer;
    }
    req.headers()
        .get("x-forwarded-for")
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.rsplit(',').next())
        .and_then(|v| v.trim().parse().ok())
        .unwrap_or(peer)
}

/// Writes the problem of every answer of 400 or above, in the language of the request.
fn finish(response: ServiceResponse<BoxBody>, lang: Lang, id: &str) -> ServiceResponse<BoxBody> {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let written = response.headers().get(header::CONTENT_TYPE).is_some_and(|v| v.as_bytes() == problem::PROBLEM_JSON.as_bytes());
    if written {
        return response;
    }
    let problem = match response.response().error().and_then(|e| e.as_error::<ApiError>()) {
        Some(ApiError(error)) => {
            if let Some(inside) = error.inside() {
                tracing::error!(request_id = %id, code = error.code().as_str(), inside, "request failed");
            }
            error.problem(lang, id)
        }
        None => problem::of_status(status, lang, id),
    };
    let allow = response.headers().get(header::ALLOW).cloned();
    let mut written = problem::respond(&problem);
    if let Some(allow) = allow {
        written.headers_mut().insert(header::ALLOW, allow);
    }
    response.into_response(written)
}

/// Nothing but ourselves runs in our pages.
const CSP: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; \
    connect-src 'self'; worker-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";
/// The reader of the document brings styles of its own.
const CSP_DOCS: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; \
    connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

pub fn security_headers(headers: &mut HeaderMap, path: &str) {
    let csp = if path.starts_with("/docs") { CSP_DOCS } else { CSP };
    for (name, value) in [
        ("content-security-policy", csp),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if path.starts_with("/api/") && !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    }
}
