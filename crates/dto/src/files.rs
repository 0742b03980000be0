//! Files of schools: uploads that can be resumed, and what a school keeps.

use crate::{FileId, UnitId, UploadId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

/// A file that a school keeps. What it belongs to says who may read it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StoredFile {
    pub id: FileId,
    pub school_id: UnitId,
    /// As it was called where it came from, without folders.
    pub name: String,
    /// By its ending and its first bytes, never by what the sender says.
    pub media: String,
    /// In bytes.
    pub size: u64,
    /// SHA-256 of its content, hexadecimal.
    pub sha256: String,
    pub uploaded_at: DateTime<Utc>,
    /// The account's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uploaded_by: Option<String>,
}

/// Announce a file that will come in parts.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostUpload {
    pub school_id: UnitId,
    #[validate(length(min = 1, max = 200))]
    pub name: String,
    /// In bytes, 1 to what the installation takes (`file_too_large`).
    #[validate(range(min = 1))]
    pub size: u64,
    /// SHA-256 of the content, 64 hexadecimal letters in lower case.
    #[validate(length(equal = 64))]
    pub sha256: String,
}

/// A file on its way: what has arrived, and how large the next part may be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FileUpload {
    pub id: UploadId,
    pub school_id: UnitId,
    pub name: String,
    pub size: u64,
    pub sha256: String,
    /// Bytes that have arrived: the next part begins here.
    pub received: u64,
    /// Largest part, in bytes.
    pub part_bytes: u64,
    /// Kept until then if it is not finished.
    pub expires_at: DateTime<Utc>,
}

/// Whose file comes in one piece, and what it is called.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct FileQuery {
    pub school_id: UnitId,
    #[validate(length(min = 1, max = 200))]
    pub name: String,
}

/// What a school's files take.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SchoolStorage {
    pub school_id: UnitId,
    pub school_name: String,
    pub files: u64,
    /// All files, in bytes; what counts against `max_bytes`.
    pub bytes: u64,
    /// Each content once, in bytes.
    pub stored_bytes: u64,
    /// Most that the school may keep, in bytes; absent where there is no bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_bytes: Option<u64>,
    /// Largest file, in bytes.
    pub max_file_bytes: u64,
    /// Files are looked at for viruses before they are kept.
    pub scanned: bool,
    pub kinds: Vec<StorageKind>,
}

/// Files of one kind of record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StorageKind {
    /// What they belong to: "teaching_plan", "staff"; absent: to nothing yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    pub files: u64,
    pub bytes: u64,
}
