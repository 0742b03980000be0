//! `fetch` with JSON, the access token, and one second try after a refresh.

use super::error::{ApiError, Result};
use super::{online, session};
use crate::i18n::lang;
use dto::Code;
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
}

pub(super) struct Call<'a> {
    pub method: &'static str,
    pub path: &'a str,
    pub version: Option<i64>,
    pub body: Body,
}

fn json<B: Serialize>(body: &B) -> Result<Body> {
    serde_json::to_string(body).map(Body::Json).map_err(|_| ApiError::Unexpected { status: 0, request_id: None })
}

pub async fn get<T: DeserializeOwned>(path: &str) -> Result<T> {
    read(authorised(Call { method: "GET", path, version: None, body: Body::Empty }).await?).await
}

pub async fn post<B: Serialize, T: DeserializeOwned>(path: &str, body: &B) -> Result<T> {
    read(authorised(Call { method: "POST", path, version: None, body: json(body)? }).await?).await
}

/// A POST without a body.
pub async fn post_empty<T: DeserializeOwned>(path: &str) -> Result<T> {
    read(authorised(Call { method: "POST", path, version: None, body: Body::Empty }).await?).await
}

/// A POST whose body is a file as it is.
pub async fn post_file<T: DeserializeOwned>(path: &str, file: web_sys::File) -> Result<T> {
    read(authorised(Call { method: "POST", path, version: None, body: Body::File(file) }).await?).await
}

/// Replace what was read at this version.
pub async fn put<B: Serialize, T: DeserializeOwned>(path: &str, version: i64, body: &B) -> Result<T> {
    read(authorised(Call { method: "PUT", path, version: Some(version), body: json(body)? }).await?).await
}

/// A PUT of something whose parts carry their own versions, or that has none.
pub async fn put_unversioned<B: Serialize, T: DeserializeOwned>(path: &str, body: &B) -> Result<T> {
    read(authorised(Call { method: "PUT", path, version: None, body: json(body)? }).await?).await
}

pub async fn delete(path: &str) -> Result<()> {
    read(authorised(Call { method: "DELETE", path, version: None, body: Body::Empty }).await?).await
}

/// A call of somebody who is not signed in.
pub(super) async fn anonymous<T: DeserializeOwned>(method: &'static str, path: &str, body: Body) -> Result<T> {
    read(send(&Call { method, path, version: None, body }, None).await?).await
}

pub(super) fn json_body<B: Serialize>(body: &B) -> Result<Body> {
    json(body)
}

async fn authorised(call: Call<'_>) -> Result<Response> {
    let token = match session::token() {
        Some(token) => Some(token),
        None => session::refresh().await.ok(),
    };
    let response = send(&call, token.as_deref()).await?;
    if response.status() != 401 {
        return Ok(response);
    }
    match session::refresh().await {
        Ok(token) => send(&call, Some(&token)).await,
        Err(ApiError::Offline) => Err(ApiError::Offline),
        Err(error) => {
            session::lost();
            Err(error)
        }
    }
}

async fn send(call: &Call<'_>, token: Option<&str>) -> Result<Response> {
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
            online::set(false);
            Err(ApiError::Offline)
        }
    }
}

fn request(call: &Call<'_>, token: Option<&str>) -> std::result::Result<Request, JsValue> {
    let headers = Headers::new()?;
    headers.set("accept", "application/json, application/problem+json")?;
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
    }
    init.set_headers(&headers);
    Request::new_with_str_and_init(&format!("{BASE}{}", call.path), &init)
}

async fn read<T: DeserializeOwned>(response: Response) -> Result<T> {
    let status = response.status();
    let request_id = response.headers().get("x-request-id").ok().flatten();
    let unexpected = || ApiError::Unexpected { status, request_id: request_id.clone() };
    let text = match response.text() {
        Ok(promise) => JsFuture::from(promise).await.map_err(|_| ApiError::Offline)?,
        Err(_) => return Err(unexpected()),
    };
    let text = text.as_string().unwrap_or_default();
    if response.ok() {
        // 204: nothing is the JSON of `()`.
        let text = if text.is_empty() { "null" } else { &text };
        return serde_json::from_str(text).map_err(|error| {
            leptos::logging::error!("{} {}: {error}", status, response.url());
            unexpected()
        });
    }
    match serde_json::from_str::<dto::Problem>(&text) {
        Ok(problem) => {
            if Code::parse(&problem.code) == Some(Code::PasswordChangeRequired) {
                session::must_change_password();
            }
            Err(ApiError::Problem(Box::new(problem)))
        }
        Err(_) => Err(unexpected()),
    }
}
