//! A value beside the sheets (of the summer, of being assessed again) as its row stands.

use crate::value;
use chrono::{DateTime, Utc};
use kernel::Result;
use regulations::CellValue;
use sea_orm::QueryResult;
use uuid::Uuid;

#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub mark: Option<i16>,
    pub flag: Option<String>,
    pub version: i64,
    pub at: DateTime<Utc>,
    pub by: Option<Uuid>,
    pub reason: Option<String>,
}

impl Kept {
    /// From six columns of a row: `mark`, `flag`, `version`, `updated_at`, `updated_by`, `reason`.
    pub(crate) fn read(row: &QueryResult, at: usize) -> Result<Kept> {
        Ok(Kept {
            mark: row.try_get_by_index(at)?,
            flag: row.try_get_by_index(at + 1)?,
            version: row.try_get_by_index(at + 2)?,
            at: row.try_get_by_index(at + 3)?,
            by: row.try_get_by_index(at + 4)?,
            reason: row.try_get_by_index(at + 5)?,
        })
    }

    pub(crate) fn value(&self) -> Option<CellValue> {
        value::of(self.mark, self.flag.as_deref())
    }
}
