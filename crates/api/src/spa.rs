//! The built SPA: inside the binary for a release, read from its folder in a debug build; precompressed, and immutable where
//! the name holds the hash of the content. The server is whole without it.

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../frontend/dist"]
#[allow_missing = true]
struct Dist;

/// A file of the SPA, or its first page for an address that its router knows. `None` where there is nothing of the kind.
pub fn serve(req: &HttpRequest) -> Option<HttpResponse> {
    let path = req.path().trim_start_matches('/');
    let asset = path.starts_with("assets/") || path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    if asset { file(req, path) } else { file(req, "index.html") }
}

fn file(req: &HttpRequest, path: &str) -> Option<HttpResponse> {
    // Only what is in the folder under this exact name; the compressed twins are chosen by the header, not asked for.
    if path.ends_with(".br") || path.ends_with(".gz") {
        return None;
    }
    let plain = Dist::get(path)?;
    let accepts = req.headers().get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or("");
    let accepts = |name: &str| accepts.split(',').any(|part| part.split(';').next().is_some_and(|e| e.trim() == name));
    let twin = [("br", "br"), ("gzip", "gz")]
        .into_iter()
        .filter(|(encoding, _)| accepts(encoding))
        .find_map(|(encoding, suffix)| Some((encoding, Dist::get(&format!("{path}.{suffix}"))?)));

    let tag = format!("\"{}\"", hex::encode(&plain.metadata.sha256_hash()[..8]));
    let mut response = HttpResponse::Ok();
    let cache = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    response.insert_header((header::CACHE_CONTROL, cache)).insert_header((header::VARY, "Accept-Encoding"));
    if let Ok(value) = HeaderValue::from_str(&tag) {
        response.insert_header((header::ETAG, value));
    }
    if req.headers().get(header::IF_NONE_MATCH).is_some_and(|v| v.as_bytes() == tag.as_bytes()) {
        return Some(response.status(actix_web::http::StatusCode::NOT_MODIFIED).finish());
    }
    response.content_type(media_type(path));
    Some(match twin {
        Some((encoding, data)) => response.insert_header((header::CONTENT_ENCODING, encoding)).body(data.data.into_owned()),
        // Already small, or a client that takes no compression: as it is.
        None => response.body(plain.data.into_owned()),
    })
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or("") {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "json" | "webmanifest" => "application/json",
        _ => "application/octet-stream",
    }
}
