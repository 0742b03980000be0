//! `fetch` with JSON, the access token, and one second try after a refresh.

use super::error::{ApiError, Result};
use super::{online, session};
use crate::i18n::lang;
use crate::offline;
use chrono::{DateTime, Utc};
use dto::Code;
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, Request, RequestCredentials, RequestInit, Response};

const BASE: &str = "/api/v1";

/// What is sent.
pub(super) enum Body {
    Empty,
    Json(String),
    File(web_sys::File),
    /// A part of a file, and where it lies: `bytes 0-99/1000`.
    Part(web_sys::Blob, String),
}

struct Call {
    method: &'static str,
    path: String,
    version: Option<i64>,
    body: Body,
    stream: Option<Stream>,
}

/// An answer that goes on: where it went on last, and what ends it.
pub(super) struct Stream {
    pub last: Option<String>,
    pub stop: web_sys::AbortSignal,
}

/// The text of a good answer. What is read from it is the only part that differs from call to call: all before it is boxed
/// once, and not compiled anew for each type.
struct Answer {
    status: u16,
    request_id: Option<String>,
    text: String,
}

type Answering = LocalBoxFuture<'static, Result<Answer>>;

fn json<B: Serialize>(body: &B) -> Result<Body> {
    serde_json::to_string(body).map(Body::Json).map_err(|_| ApiError::Unexpected { status: 0, request_id: None })
}

pub async fn get<T: DeserializeOwned>(path: &str) -> Result<T> {
    parse(call("GET", path, None, Body::Empty).await?)
}

/// As [`get`], and the device keeps the answer: without a line the last one is given, with its time.
pub async fn get_kept<T: DeserializeOwned>(path: &str) -> Result<(T, Option<DateTime<Utc>>)> {
    let (answer, at) = kept(path.to_owned()).await?;
    Ok((parse(answer)?, at))
}

fn kept(path: String) -> LocalBoxFuture<'static, Result<(Answer, Option<DateTime<Utc>>)>> {
    async move {
        let error = match call("GET", &path, None, Body::Empty).await {
            Ok(answer) => {
                let text = answer.text.clone();
                leptos::task::spawn_local(async move {
                    offline::keep(&path, &text).await;
                });
                return Ok((answer, None));
            }
            Err(error) => error,
        };
        match offline::copied(&path).await.filter(|_| error.no_server()) {
            Some(copy) => Ok((Answer { status: 200, request_id: None, text: copy.text }, Some(copy.at))),
            None => Err(error),
        }
    }
    .boxed_local()
}

pub async fn post<B: Serialize, T: DeserializeOwned>(path: &str, body: &B) -> Result<T> {
    parse(call("POST", path, None, json(body)?).await?)
}

/// A POST without a body.
pub async fn post_empty<T: DeserializeOwned>(path: &str) -> Result<T> {
    parse(call("POST", path, None, Body::Empty).await?)
}

/// A POST whose body is a file as it is.
pub async fn post_file<T: DeserializeOwned>(path: &str, file: web_sys::File) -> Result<T> {
    parse(call("POST", path, None, Body::File(file)).await?)
}

/// Replace what was read at this version.
pub async fn put<B: Serialize, T: DeserializeOwned>(path: &str, version: i64, body: &B) -> Result<T> {
    parse(call("PUT", path, Some(version), json(body)?).await?)
}

/// A PUT of something whose parts carry their own versions, or that has none.
pub async fn put_unversioned<B: Serialize, T: DeserializeOwned>(path: &str, body: &B) -> Result<T> {
    parse(call("PUT", path, None, json(body)?).await?)
}

/// A PUT of a part of a file; `range` is its `Content-Range`.
pub async fn put_part<T: DeserializeOwned>(path: &str, part: web_sys::Blob, range: String) -> Result<T> {
    parse(call("PUT", path, None, Body::Part(part, range)).await?)
}

pub async fn delete(path: &str) -> Result<()> {
    parse(call("DELETE", path, None, Body::Empty).await?)
}

/// A DELETE that answers with what stands now.
pub async fn delete_for<T: DeserializeOwned>(path: &str) -> Result<T> {
    parse(call("DELETE", path, None, Body::Empty).await?)
}

/// A POST about what was read at this version.
pub async fn post_for<B: Serialize, T: DeserializeOwned>(path: &str, version: i64, body: &B) -> Result<T> {
    parse(call("POST", path, Some(version), json(body)?).await?)
}

/// A POST without a body, about what was read at this version.
pub async fn post_at<T: DeserializeOwned>(path: &str, version: i64) -> Result<T> {
    parse(call("POST", path, Some(version), Body::Empty).await?)
}

/// A call of somebody who is not signed in.
pub(super) async fn anonymous<T: DeserializeOwned>(method: &'static str, path: &str, body: Body) -> Result<T> {
    parse(call_anonymously(Call { method, path: path.to_owned(), version: None, body, stream: None }).await?)
}

pub(super) fn json_body<B: Serialize>(body: &B) -> Result<Body> {
    json(body)
}

/// Where something lies, for what the browser fetches by itself.
pub(super) fn address(path: &str) -> String {
    format!("{BASE}{path}")
}

fn parse<T: DeserializeOwned>(answer: Answer) -> Result<T> {
    // 204: nothing is the JSON of `()`.
    let text = if answer.text.is_empty() { "null" } else { &answer.text };
    serde_json::from_str(text).map_err(|error| misread(&answer, error))
}

#[cold]
fn misread(answer: &Answer, error: serde_json::Error) -> ApiError {
    leptos::logging::error!("an answer that these pages do not understand: {error}");
    ApiError::Unexpected { status: answer.status, request_id: answer.request_id.clone() }
}

fn call_anonymously(call: Call) -> Answering {
    async move { read(send(&call, None).await?).await }.boxed_local()
}

fn call(method: &'static str, path: &str, version: Option<i64>, body: Body) -> Answering {
    let call = Call { method, path: path.to_owned(), version, body, stream: None };
    async move { read(authorised(&call).await?).await }.boxed_local()
}

/// Server-sent events; the answer is good, and its body is still to come.
pub(super) async fn events(path: &str, stream: Stream) -> Result<Response> {
    let call = Call { method: "GET", path: path.to_owned(), version: None, body: Body::Empty, stream: Some(stream) };
    let response = authorised(&call).await?;
    if response.ok() {
        return Ok(response);
    }
    let status = response.status();
    Err(read(response).await.err().unwrap_or(ApiError::Unexpected { status, request_id: None }))
}

async fn authorised(call: &Call) -> Result<Response> {
    let token = match session::token() {
        Some(token) => Some(token),
        None => session::refresh().await.ok(),
    };
    let response = send(call, token.as_deref()).await?;
    if response.status() != 401 {
        return Ok(response);
    }
    match session::refresh().await {
        Ok(token) => send(call, Some(&token)).await,
        Err(ApiError::Offline) => Err(ApiError::Offline),
        Err(error) => {
            session::lost();
            Err(error)
        }
    }
}

async fn send(call: &Call, token: Option<&str>) -> Result<Response> {
    let response = match request(call, token) {
        Ok(request) => JsFuture::from(leptos::prelude::window().fetch_with_request(&request)).await,
        Err(error) => Err(error),
    };
    match response {
        Ok(response) => {
            online::set(true);
            Ok(response.unchecked_into())
        }
        Err(_) => {
            // Stopped from here: that says nothing of the line.
            if !call.stream.as_ref().is_some_and(|stream| stream.stop.aborted()) {
                online::set(false);
            }
            Err(ApiError::Offline)
        }
    }
}

fn request(call: &Call, token: Option<&str>) -> std::result::Result<Request, JsValue> {
    let headers = Headers::new()?;
    headers.set("accept", "application/json, application/problem+json")?;
    if let Some(stream) = &call.stream {
        headers.set("accept", "text/event-stream, application/problem+json")?;
        if let Some(last) = &stream.last {
            headers.set("last-event-id", last)?;
        }
    }
    headers.set("accept-language", lang().tag())?;
    if let Some(token) = token {
        headers.set("authorization", &format!("Bearer {token}"))?;
    }
    if let Some(version) = call.version {
        headers.set("if-match", &format!("\"{version}\""))?;
    }
    let init = RequestInit::new();
    init.set_method(call.method);
    init.set_credentials(RequestCredentials::SameOrigin);
    if let Some(stream) = &call.stream {
        init.set_signal(Some(&stream.stop));
    }
    match &call.body {
        Body::Empty => {}
        Body::Json(text) => {
            headers.set("content-type", "application/json")?;
            init.set_body(&JsValue::from_str(text));
        }
        Body::File(file) => {
            headers.set("content-type", "application/octet-stream")?;
            init.set_body(file);
        }
        Body::Part(part, range) => {
            headers.set("content-type", "application/octet-stream")?;
            headers.set("content-range", range)?;
            init.set_body(part);
        }
    }
    init.set_headers(&headers);
    Request::new_with_str_and_init(&format!("{BASE}{}", call.path), &init)
}

async fn read(response: Response) -> Result<Answer> {
    let status = response.status();
    let request_id = response.headers().get("x-request-id").ok().flatten();
    let text = match response.text() {
        Ok(promise) => JsFuture::from(promise).await.map_err(|_| ApiError::Offline)?,
        Err(_) => return Err(ApiError::Unexpected { status, request_id }),
    };
    let text = text.as_string().unwrap_or_default();
    if response.ok() {
        return Ok(Answer { status, request_id, text });
    }
    match serde_json::from_str::<dto::Problem>(&text) {
        Ok(problem) => {
            if Code::parse(&problem.code) == Some(Code::PasswordChangeRequired) {
                session::must_change_password();
            }
            Err(ApiError::Problem(Box::new(problem)))
        }
        Err(_) => Err(ApiError::Unexpected { status, request_id }),
    }
}

/// A good answer as a file.
pub(super) async fn blob(method: &'static str, path: &str, body: Body) -> Result<web_sys::Blob> {
    let response = authorised(&Call { method, path: path.to_owned(), version: None, body, stream: None }).await?;
    let status = response.status();
    if !response.ok() {
        return Err(read(response).await.err().unwrap_or(ApiError::Unexpected { status, request_id: None }));
    }
    match response.blob() {
        Ok(promise) => JsFuture::from(promise).await.map(JsCast::unchecked_into).map_err(|_| ApiError::Offline),
        Err(_) => Err(ApiError::Unexpected { status, request_id: None }),
    }
}
