//! Files of schools. An upload goes in parts and goes on after a break, also when the page was closed meanwhile.

use super::client::{self, Body};
use super::query::Query;
use super::{Result, get, post, post_empty, put_part};
use crate::api::ApiError;
use dto::files::{FileUpload, PostUpload, SchoolStorage, StoredFile};
use dto::{Code, UnitId, UploadId};
use sha2::{Digest, Sha256};
use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

/// Read and hashed at a time.
const PIECE: u64 = 4 << 20;
/// A part that does not arrive is sent again so often, with growing waits.
const TRIES: u32 = 6;

pub async fn storage(school: UnitId) -> Result<SchoolStorage> {
    get(&Query::new().on(&format!("/units/{school}/storage"))).await
}

/// A file of the caller's or of a record, as it is at `path`.
pub async fn content(path: &str) -> Result<web_sys::Blob> {
    client::blob("GET", path, Body::Empty).await
}

fn unexpected() -> ApiError {
    ApiError::Unexpected { status: 0, request_id: None }
}

fn part(file: &web_sys::File, from: u64, to: u64) -> Result<web_sys::Blob> {
    file.slice_with_f64_and_f64(from as f64, to as f64).map_err(|_| unexpected())
}

/// The SHA-256 of a file, read piece by piece.
async fn hash(file: &web_sys::File, size: u64) -> Result<String> {
    let mut hash = Sha256::new();
    let mut from = 0;
    while from < size {
        let to = (from + PIECE).min(size);
        let buffer = JsFuture::from(part(file, from, to)?.array_buffer()).await.map_err(|_| unexpected())?;
        hash.update(js_sys::Uint8Array::new(&buffer).to_vec());
        from = to;
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

async fn wait(millis: u64) {
    let (done, waited) = futures::channel::oneshot::channel::<()>();
    leptos::prelude::set_timeout(move || _ = done.send(()), Duration::from_millis(millis));
    let _ended = waited.await;
}

/// Where the id of an upload is remembered until it is finished.
fn remembered(school: UnitId, hash: &str) -> String {
    format!("khue-upload-{school}-{hash}")
}

fn storage_of_browser() -> Option<web_sys::Storage> {
    leptos::prelude::window().local_storage().ok().flatten()
}

async fn begin(school: UnitId, file: &web_sys::File, size: u64, hash: &str) -> Result<FileUpload> {
    let key = remembered(school, hash);
    let known = storage_of_browser().and_then(|s| s.get_item(&key).ok().flatten()).and_then(|id| id.parse::<UploadId>().ok());
    if let Some(id) = known
        && let Ok(upload) = get::<FileUpload>(&format!("/uploads/{id}")).await
    {
        return Ok(upload);
    }
    let name = file.name().chars().take(200).collect();
    let upload: FileUpload = post("/uploads", &PostUpload { school_id: school, name, size, sha256: hash.to_owned() }).await?;
    if let Some(storage) = storage_of_browser() {
        let _full = storage.set_item(&key, &upload.id.to_string());
    }
    Ok(upload)
}

/// Uploads a file; `sent` hears how many bytes of how many have arrived. What had arrived in an earlier try is not sent again.
pub async fn upload(school: UnitId, file: web_sys::File, sent: impl Fn(u64, u64)) -> Result<StoredFile> {
    let size = file.size() as u64;
    let hash = hash(&file, size).await?;
    let mut upload = begin(school, &file, size, &hash).await?;
    let path = format!("/uploads/{}", upload.id);
    let mut tried = 0;
    while upload.received < upload.size {
        sent(upload.received, size);
        let from = upload.received;
        let to = (from + upload.part_bytes).min(size);
        let range = format!("bytes {from}-{}/{size}", to - 1);
        match put_part::<FileUpload>(&path, part(&file, from, to)?, range).await {
            Ok(now) => {
                upload = now;
                tried = 0;
            }
            // It arrived, and the answer did not.
            Err(error) if error.is(Code::UploadOffset) => upload = get(&path).await?,
            Err(error) if error.passing() && tried < TRIES => {
                tried += 1;
                wait(500 << tried).await;
                if let Ok(now) = get(&path).await {
                    upload = now;
                }
            }
            Err(error) => return Err(error),
        }
    }
    sent(size, size);
    let stored = post_empty(&format!("{path}/finish")).await;
    // Finished or refused, this upload is over; a line that broke may try again.
    if !matches!(&stored, Err(error) if error.passing())
        && let Some(storage) = storage_of_browser()
    {
        let _gone = storage.remove_item(&remembered(school, &hash));
    }
    stored
}

/// The file of an input or of a drop.
pub fn picked(event: &web_sys::Event) -> Option<web_sys::File> {
    let input = event.target()?.dyn_into::<web_sys::HtmlInputElement>().ok()?;
    let file = input.files()?.get(0);
    input.set_value("");
    file
}
