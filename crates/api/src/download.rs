//! A stored file as it is sent: whole or by range, never run inside a page.

use crate::answer::Answer;
use actix_web::body::SizedStream;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use dto::Code;
use dto::files::StoredFile;
use kernel::Error;
use kernel::files::Store;
use std::ops::Range;

/// What browsers draw by themselves and nothing of which runs. All else is saved.
const INLINE: [&str; 4] = ["application/pdf", "image/png", "image/jpeg", "image/webp"];

/// Sends a file that the caller may read: ETag over the content, `If-None-Match`, one `Range`, `If-Range`.
///
/// Errors: `range_not_satisfiable`, `files_unavailable`.
pub async fn download(req: &HttpRequest, store: &Store, file: &StoredFile) -> Answer<HttpResponse> {
    let tag = format!("\"{}\"", file.sha256);
    let text = |name: header::HeaderName| req.headers().get(name).and_then(|v| v.to_str().ok()).map(str::trim);
    let known = text(header::IF_NONE_MATCH).is_some_and(|list| list.split(',').any(|t| t.trim().trim_start_matches("W/") == tag));
    if known {
        return Ok(HttpResponse::NotModified().insert_header((header::ETAG, tag)).finish());
    }
    let whole = text(header::IF_RANGE).is_some_and(|given| given != tag);
    let range = match text(header::RANGE).filter(|_| !whole) {
        None => None,
        Some(given) => asked(given, file.size).map_err(|()| Error::new(Code::RangeNotSatisfiable).with("size", file.size))?,
    };
    let bytes = store.read(&file.sha256, range.clone()).await?;
    let inline = INLINE.contains(&file.media.as_str());
    let mut response = HttpResponse::build(if range.is_some() { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK });
    response
        .content_type(file.media.as_str())
        .insert_header((header::ETAG, tag))
        .insert_header((header::ACCEPT_RANGES, "bytes"))
        .insert_header((header::CONTENT_DISPOSITION, disposition(inline, &file.name)))
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        // Ranges are of the file as it is: nothing on the way may compress it.
        .insert_header((header::CONTENT_ENCODING, HeaderValue::from_static("identity")));
    let length = range.as_ref().map_or(file.size, |r| r.end - r.start);
    if let Some(range) = range {
        response.insert_header((header::CONTENT_RANGE, format!("bytes {}-{}/{}", range.start, range.end - 1, file.size)));
    }
    let bytes = futures::StreamExt::map(bytes, |piece| piece.map_err(|e| std::io::Error::other(e.to_string())));
    Ok(response.body(SizedStream::new(length, bytes)))
}

/// `bytes=0-99`, `bytes=100-`, `bytes=-50`. Several at once, or another unit: the whole file, as RFC 9110 14.2 allows.
fn asked(text: &str, size: u64) -> Result<Option<Range<u64>>, ()> {
    let Some(spec) = text.strip_prefix("bytes=").filter(|spec| !spec.contains(',')) else { return Ok(None) };
    let Some((first, last)) = spec.split_once('-') else { return Ok(None) };
    let range = match (first.trim().parse::<u64>(), last.trim().parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => first..last.saturating_add(1).min(size),
        (Ok(first), Err(_)) if last.trim().is_empty() => first..size,
        (Err(_), Ok(last)) if first.trim().is_empty() => size.saturating_sub(last)..size,
        _ => return Ok(None),
    };
    if range.start >= range.end { Err(()) } else { Ok(Some(range)) }
}

/// The name twice: in ASCII for old programs, and as it is (RFC 6266).
fn disposition(inline: bool, name: &str) -> String {
    let plain: String = kernel::text::fold(name).chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let ending = name.rsplit_once('.').map_or("", |(_, e)| e);
    let plain = match ending.is_ascii() && !ending.is_empty() && ending.chars().all(|c| c.is_ascii_alphanumeric()) {
        true => format!("{}.{ending}", plain.get(..plain.len().saturating_sub(ending.len() + 1)).unwrap_or("file")),
        false => plain,
    };
    let mut full = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            full.push(char::from(byte));
        } else {
            full.push_str(&format!("%{byte:02X}"));
        }
    }
    let how = if inline { "inline" } else { "attachment" };
    format!("{how}; filename=\"{plain}\"; filename*=UTF-8''{full}")
}

#[cfg(test)]
mod tests {
    use super::{asked, disposition};

    #[test]
    fn ranges() {
        assert_eq!(asked("bytes=0-3", 10), Ok(Some(0..4)));
        assert_eq!(asked("bytes=4-", 10), Ok(Some(4..10)));
        assert_eq!(asked("bytes=-3", 10), Ok(Some(7..10)));
        assert_eq!(asked("bytes=-30", 10), Ok(Some(0..10)));
        assert_eq!(asked("bytes=8-99", 10), Ok(Some(8..10)));
        assert_eq!(asked("bytes=10-", 10), Err(()));
        assert_eq!(asked("bytes=-0", 10), Err(()));
        for whole in ["bytes=0-1,4-5", "lines=1-2", "bytes=5-2", "bytes=a-b"] {
            assert_eq!(asked(whole, 10), Ok(None), "{whole}");
        }
    }

    #[test]
    fn names_survive() {
        assert_eq!(
            disposition(false, "Kế hoạch.docx"),
            "attachment; filename=\"ke_hoach.docx\"; filename*=UTF-8''K%E1%BA%BF%20ho%E1%BA%A1ch.docx"
        );
    }
}
