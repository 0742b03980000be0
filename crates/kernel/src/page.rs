//! Cursors of seek pagination: the sort key of the last row, opaque to clients.

use crate::{Error, Result};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use dto::{Code, Page};
use sea_orm::sea_query::{Expr, SelectStatement};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Makes a page of up to `limit` items out of up to `limit + 1` rows; `key` gives the cursor of a row.
pub fn of<R, T, K: Serialize>(mut rows: Vec<R>, limit: u64, key: impl Fn(&R) -> K, item: impl FnMut(R) -> T) -> Page<T> {
    let more = rows.len() as u64 > limit;
    rows.truncate(limit as usize);
    let next = if more { rows.last().map(|row| encode(&key(row))) } else { None };
    Page { items: rows.into_iter().map(item).collect(), next }
}

fn encode<K: Serialize>(key: &K) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(key).expect("a cursor key is plain data"))
}

/// Reads a cursor; `bad_cursor` where it was not one of ours.
pub fn decode<K: DeserializeOwned>(after: Option<&str>) -> Result<Option<K>> {
    let Some(text) = after else { return Ok(None) };
    URL_SAFE_NO_PAD
        .decode(text)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .map(Some)
        .ok_or_else(|| Error::new(Code::BadCursor))
}

/// There is such a row: asked of each row that a walk along the order of a list meets. PostgreSQL would make a join of a plain `EXISTS`,
/// and where it plans a statement once for all values, gather first whoever lies under a unit: it takes the province for one with four
/// units below.
pub fn each(mut rows: SelectStatement) -> Expr {
    rows.limit(1).offset(0);
    Expr::exists(rows)
}
