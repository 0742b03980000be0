//! One value of a row: read from either engine, written as JSON and CSV the same way, and back.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use kernel::db::schema::Kind;
use kernel::{Error, Result};
use sea_orm::{DbBackend, QueryResult, Value};
use serde_json::Value as Json;
use uuid::Uuid;

/// A value. Its order is that of the rows in the export: engines order texts and ids differently.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cell {
    Null,
    Bool(bool),
    Int(i64),
    Text(String),
    Uuid(Uuid),
    Day(NaiveDate),
    Instant(DateTime<Utc>),
    Bytes(Vec<u8>),
}

/// Gives the bytes of a path in an export.
pub type Opener<'a> = &'a dyn Fn(&str) -> Result<Vec<u8>>;

impl Cell {
    pub fn read(row: &QueryResult, at: usize, kind: Kind) -> Result<Cell> {
        fn some<T>(value: Option<T>, cell: impl FnOnce(T) -> Cell) -> Cell {
            value.map_or(Cell::Null, cell)
        }
        Ok(match kind {
            Kind::Uuid => some(row.try_get_by_index(at)?, Cell::Uuid),
            Kind::Instant => some(row.try_get_by_index(at)?, Cell::Instant),
            Kind::Day => some(row.try_get_by_index(at)?, Cell::Day),
            Kind::Bool => some(row.try_get_by_index(at)?, Cell::Bool),
            Kind::Int(2) => some(row.try_get_by_index::<Option<i16>>(at)?, |n| Cell::Int(n.into())),
            Kind::Int(4) => some(row.try_get_by_index::<Option<i32>>(at)?, |n| Cell::Int(n.into())),
            Kind::Int(_) => some(row.try_get_by_index(at)?, Cell::Int),
            Kind::Text => some(row.try_get_by_index(at)?, Cell::Text),
            Kind::Bytes => some(row.try_get_by_index(at)?, Cell::Bytes),
        })
    }

    /// As text; none of nothing. `file`: the path under which its bytes stand.
    pub fn text(&self, file: Option<&str>) -> Option<String> {
        Some(match self {
            Cell::Null => return None,
            Cell::Bool(b) => b.to_string(),
            Cell::Int(n) => n.to_string(),
            Cell::Text(t) => t.clone(),
            Cell::Uuid(id) => id.to_string(),
            Cell::Day(day) => day.to_string(),
            Cell::Instant(at) => at.to_rfc3339_opts(SecondsFormat::Micros, true),
            Cell::Bytes(bytes) => file.map_or_else(|| hex::encode(bytes), str::to_owned),
        })
    }

    pub fn json(&self, file: Option<&str>) -> Json {
        match self {
            Cell::Bool(b) => Json::Bool(*b),
            Cell::Int(n) => Json::from(*n),
            other => other.text(file).map_or(Json::Null, Json::String),
        }
    }

    /// Back from JSON. `file` gives the bytes of a path.
    pub fn from_json(value: &Json, kind: Kind, file: Option<Opener<'_>>) -> Result<Cell> {
        let wrong = || Error::internal(format!("{value} is no {kind:?}"));
        let text = || value.as_str().ok_or_else(wrong);
        if value.is_null() {
            return Ok(Cell::Null);
        }
        Ok(match kind {
            Kind::Uuid => Cell::Uuid(text()?.parse().map_err(|_| wrong())?),
            Kind::Instant => Cell::Instant(text()?.parse().map_err(|_| wrong())?),
            Kind::Day => Cell::Day(text()?.parse().map_err(|_| wrong())?),
            Kind::Bool => Cell::Bool(value.as_bool().ok_or_else(wrong)?),
            Kind::Int(_) => Cell::Int(value.as_i64().ok_or_else(wrong)?),
            Kind::Text => Cell::Text(text()?.to_owned()),
            Kind::Bytes => Cell::Bytes(match file {
                Some(file) => file(text()?)?,
                None => hex::decode(text()?).map_err(|_| wrong())?,
            }),
        })
    }

    /// For an insert, typed also where there is nothing.
    pub fn value(&self, kind: Kind, backend: DbBackend) -> Result<Value> {
        let int = |n: Option<i64>| -> Result<Value> {
            let wide = |_| Error::internal("a number that its column cannot hold");
            Ok(match kind {
                Kind::Int(2) if backend == DbBackend::Postgres => n.map(i16::try_from).transpose().map_err(wide)?.into(),
                Kind::Int(4) if backend == DbBackend::Postgres => n.map(i32::try_from).transpose().map_err(wide)?.into(),
                _ => n.into(),
            })
        };
        Ok(match (self, kind) {
            (Cell::Null, Kind::Uuid) => None::<Uuid>.into(),
            (Cell::Null, Kind::Instant) => None::<DateTime<Utc>>.into(),
            (Cell::Null, Kind::Day) => None::<NaiveDate>.into(),
            (Cell::Null, Kind::Bool) => None::<bool>.into(),
            (Cell::Null, Kind::Int(_)) => int(None)?,
            (Cell::Null, Kind::Text) => None::<String>.into(),
            (Cell::Null, Kind::Bytes) => None::<Vec<u8>>.into(),
            (Cell::Bool(b), _) => (*b).into(),
            (Cell::Int(n), _) => int(Some(*n))?,
            (Cell::Text(t), _) => t.as_str().into(),
            (Cell::Uuid(id), _) => (*id).into(),
            (Cell::Day(day), _) => (*day).into(),
            (Cell::Instant(at), _) => (*at).into(),
            (Cell::Bytes(bytes), _) => bytes.clone().into(),
        })
    }
}
