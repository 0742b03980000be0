//! A school's full export: everything that is held of it, as one file in open formats, at any time.

use crate::access::names;
use crate::{ExitId, UnitId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

names! {
    ExitState {
        Running = "running", "Đang xuất", "Being made";
        Done = "done", "Đã xong", "Done";
        /// Something went wrong; beginning again is all it takes.
        Failed = "failed", "Bị lỗi", "Failed";
        /// The server was stopped meanwhile.
        Stopped = "stopped", "Bị dừng", "Stopped";
    }
}

/// Begin an export of a school.
#[derive(Clone, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostExit {
    /// Locks what is sealed at rest (health records); the import asks for it. It is kept nowhere: whoever loses it loses these fields.
    #[validate(length(min = 12, max = 200))]
    pub passphrase: String,
}

impl std::fmt::Debug for PostExit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PostExit(…)")
    }
}

/// An export of a school.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SchoolExit {
    pub id: ExitId,
    pub school_id: UnitId,
    pub state: ExitState,
    /// Tables looked at so far, and all.
    pub tables_done: u32,
    pub tables: u32,
    /// Once it is done: rows of all tables, stored files, size of the archive in bytes.
    pub rows: u64,
    pub files: u32,
    pub bytes: u64,
    /// SHA-256 of the archive in hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    pub started_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<DateTime<Utc>>,
}

/// What an export holds and what not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExitContents {
    /// The format of the archive: "khue-exit/2".
    pub format: String,
    pub tables: Vec<ExitTable>,
    /// Tables that stay, and columns as "table.column" that never leave, with why.
    pub left_out: Vec<ExitLeftOut>,
}

/// A table that goes along.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExitTable {
    pub name: String,
    /// What it holds; empty where its name has to say it.
    pub vi: String,
    pub en: String,
    pub columns: u32,
}

/// What stays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExitLeftOut {
    pub what: String,
    pub vi: String,
    pub en: String,
}
