//! The store of files: bytes by their SHA-256, in a folder or in a bucket that speaks the S3 API.
//!
//! What a file is called, whose it is and who may read it are rows of a domain; here are bytes alone. One content is there once,
//! whoever uploads it. An upload comes in parts, each an object of its own until the whole is put together, so any server can
//! take the next part.

mod scan;

use crate::config::Files;
use crate::{Error, Result};
use bytes::Bytes;
use dto::Code;
use futures::StreamExt;
use futures::stream::BoxStream;
use object_store::aws::AmazonS3Builder;
use object_store::buffered::BufWriter;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path as Place;
use object_store::prefix::PrefixStore;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt};
use scan::Scan;
pub use scan::ScanService;
use sha2::{Digest, Sha256};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

/// Written to a bucket in pieces of this size (the least that S3 takes is 5 MiB).
const PIECE: usize = 8 << 20;

/// How much of a file's beginning tells what it is.
pub const HEAD: usize = 16;

/// Bytes as they come.
pub type ByteStream = BoxStream<'static, Result<Bytes>>;

/// The open store. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    objects: Arc<dyn ObjectStore>,
    scan: Option<Arc<Scan>>,
}

/// What a file turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// SHA-256, hexadecimal.
    pub sha256: String,
    pub size: u64,
    /// The first [`HEAD`] bytes.
    pub head: Vec<u8>,
}

impl Store {
    /// Opens the store of the settings; a local folder is made.
    pub fn open(settings: &Files, data: &Path) -> Result<Store> {
        let objects: Arc<dyn ObjectStore> = match settings.store.as_str() {
            "s3" => bucket(settings)?,
            _ => {
                let folder = if settings.folder.is_empty() { data.join("files") } else { settings.folder.clone().into() };
                std::fs::create_dir_all(&folder)
                    .map_err(|e| Error::internal(format!("cannot make the folder {}: {e}", folder.display())))?;
                // What was acknowledged is on disk, as it is for the database.
                Arc::new(LocalFileSystem::new_with_prefix(&folder).map_err(Error::internal)?.with_fsync(true))
            }
        };
        let seconds = Duration::from_secs(settings.scan_seconds);
        Ok(Store { objects, scan: Scan::command(&settings.scan_command, seconds).map(Arc::new) })
    }

    /// With a service in the place of the command.
    pub fn with_scan_service(self, service: Arc<dyn ScanService>, seconds: u64) -> Store {
        Store { scan: Some(Arc::new(Scan::service(service, Duration::from_secs(seconds)))), ..self }
    }

    /// Kept nowhere: for what needs a store and keeps no files.
    pub fn in_memory() -> Store {
        Store { objects: Arc::new(InMemory::new()), scan: None }
    }

    /// Whether files are looked at for viruses.
    pub fn scans(&self) -> bool {
        self.scan.is_some()
    }

    /// Keeps a part of an upload. The same offset again replaces it.
    pub async fn put_part(&self, upload: Uuid, offset: u64, bytes: Bytes) -> Result<()> {
        self.objects.put(&part(upload, offset), bytes.into()).await.map_err(failed)?;
        Ok(())
    }

    /// Forgets the parts of an upload; parts that are not there are none.
    pub async fn drop_parts(&self, upload: Uuid, offsets: &[u64]) -> Result<()> {
        for offset in offsets {
            gone(self.objects.delete(&part(upload, *offset)).await)?;
        }
        Ok(())
    }

    /// Puts the parts together under the hash that they were announced with.
    ///
    /// Errors: `file_differs` (size or hash), `file_not_clean`, `file_scan_failed`, `files_unavailable`; then nothing is kept.
    pub async fn assemble(&self, upload: Uuid, offsets: &[u64], sha256: &str, size: u64) -> Result<Content> {
        let mut writer = BufWriter::with_capacity(self.objects.clone(), content(sha256), PIECE);
        match self.copy(upload, offsets, sha256, size, &mut writer).await {
            Ok(done) => {
                writer.shutdown().await.map_err(failed)?;
                Ok(done)
            }
            Err(e) => {
                if let Err(error) = writer.abort().await {
                    tracing::warn!(%error, "pieces of a refused file stay behind");
                }
                Err(e)
            }
        }
    }

    async fn copy(&self, upload: Uuid, offsets: &[u64], sha256: &str, size: u64, to: &mut BufWriter) -> Result<Content> {
        let mut scanning = self.scan.as_deref().map(Scan::begin).transpose()?;
        let (mut hash, mut length, mut head) = (Sha256::new(), 0_u64, Vec::with_capacity(HEAD));
        for offset in offsets {
            let mut bytes = self.objects.get(&part(upload, *offset)).await.map_err(failed)?.into_stream();
            while let Some(piece) = bytes.next().await {
                let piece = piece.map_err(failed)?;
                hash.update(&piece);
                length += piece.len() as u64;
                head.extend(piece.iter().take(HEAD - head.len()));
                if let Some(scanning) = &mut scanning {
                    scanning.feed(&piece).await;
                }
                to.put(piece).await.map_err(failed)?;
            }
        }
        if length != size || hex::encode(hash.finalize()) != sha256 {
            return Err(Error::new(Code::FileDiffers));
        }
        if let Some(scanning) = scanning {
            scanning.end().await?;
        }
        Ok(Content { sha256: sha256.to_owned(), size, head })
    }

    /// Keeps a small file that came in one piece.
    ///
    /// Errors: `file_not_clean`, `file_scan_failed`, `files_unavailable`.
    pub async fn put(&self, bytes: Bytes) -> Result<Content> {
        if let Some(scan) = &self.scan {
            let mut scanning = scan.begin()?;
            scanning.feed(&bytes).await;
            scanning.end().await?;
        }
        let kept = Content {
            sha256: hex::encode(Sha256::digest(&bytes)),
            size: bytes.len() as u64,
            head: bytes.iter().take(HEAD).copied().collect(),
        };
        self.objects.put(&content(&kept.sha256), bytes.into()).await.map_err(failed)?;
        Ok(kept)
    }

    pub async fn has(&self, sha256: &str) -> Result<bool> {
        match self.objects.head(&content(sha256)).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(e) => Err(failed(e)),
        }
    }

    /// A content, or these bytes of it.
    ///
    /// Errors: `files_unavailable`, also where the content is not there though something says that it is.
    pub async fn read(&self, sha256: &str, range: Option<Range<u64>>) -> Result<ByteStream> {
        let options = GetOptions { range: range.map(GetRange::Bounded), ..GetOptions::default() };
        let found = self.objects.get_opts(&content(sha256), options).await.map_err(failed)?;
        Ok(found.into_stream().map(|piece| piece.map_err(failed)).boxed())
    }

    /// All of a content, for what is small.
    pub async fn read_all(&self, sha256: &str) -> Result<Bytes> {
        self.objects.get(&content(sha256)).await.map_err(failed)?.bytes().await.map_err(failed)
    }

    /// Removes a content to which nothing refers.
    pub async fn delete(&self, sha256: &str) -> Result<()> {
        gone(self.objects.delete(&content(sha256)).await)
    }
}

fn bucket(settings: &Files) -> Result<Arc<dyn ObjectStore>> {
    let s3 = &settings.s3;
    let mut builder = AmazonS3Builder::new()
        .with_region(&s3.region)
        .with_bucket_name(&s3.bucket)
        .with_access_key_id(&s3.access_key)
        .with_secret_access_key(&s3.secret_key)
        .with_virtual_hosted_style_request(s3.virtual_host)
        // Many that speak S3 lack removing many objects in one call.
        .with_disable_bulk_delete(true)
        .with_allow_http(s3.endpoint.starts_with("http://"));
    if !s3.endpoint.is_empty() {
        builder = builder.with_endpoint(s3.endpoint.trim_end_matches('/'));
    }
    let bucket = builder.build().map_err(|e| Error::internal(format!("files.s3: {e}")))?;
    Ok(Arc::new(PrefixStore::new(bucket, s3.prefix.as_str())))
}

fn content(sha256: &str) -> Place {
    // Two letters make 256 folders: no file system minds how many files lie in each.
    Place::from(format!("content/{}/{sha256}", sha256.get(..2).unwrap_or("00")))
}

fn part(upload: Uuid, offset: u64) -> Place {
    Place::from(format!("parts/{}/{offset}", upload.simple()))
}

fn failed(error: impl std::fmt::Display) -> Error {
    tracing::warn!(%error, "the store of files");
    Error::new(Code::FilesUnavailable)
}

fn gone(outcome: object_store::Result<()>) -> Result<()> {
    match outcome {
        Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
        Err(e) => Err(failed(e)),
    }
}
