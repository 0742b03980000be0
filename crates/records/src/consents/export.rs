//! Everything that is kept about one learner, as one ZIP: JSON, and the files that are theirs ([`super::attached`]).
//!
//! The registry ([`crate::places`]) says of each table what kind of record it holds (`retention.csv`), who of the family is given it, and
//! which columns.

use super::attached;
use super::family::child;
use crate::health;
use crate::places::{self, Place, Share};
use chrono::{DateTime, NaiveDate, Utc};
use dto::access::Permission;
use dto::identity::Person;
use dto::learners::Learner;
use dto::{Code, LearnerId};
use identity::DataKeys;
use kernel::files::Store;
use kernel::{Ctx, Db, Error, Event, Result};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult, TryGetable};
use serde::Serialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// Everything about one's child; the log says that it was handed out.
///
/// Errors: `not_found`.
pub async fn export(db: &Db, ctx: &Ctx, store: &Store, keys: &DataKeys, learner: LearnerId) -> Result<Vec<u8>> {
    let (manifest, files, attached) = db
        .write(ctx, async |tx| {
            let (learner, school) = child(tx.conn(), tx.ctx(), Permission::ConsentGive, learner).await?;
            let guardian = matches!(tx.ctx().person, Some(Person::Guardian(_)));
            let files = gather(tx.conn(), keys, &learner, guardian).await?;
            let rows: Map<String, Value> = files.iter().map(|(name, rows)| (name.clone(), json!(size(rows)))).collect();
            let attached = attached::of_learner(tx.conn(), schools(learner.id), learner.id.0).await?;
            let manifest =
                json!({ "learner_id": learner.id, "full_name": learner.full_name, "made_at": tx.now(), "files": rows });
            let said = json!({ "files": rows, "attached": attached.len() });
            let event = Event::new(Some(school), "learner.data_exported", "learner", learner.id).after(&said);
            Ok(((manifest, files, attached), vec![event]))
        })
        .await?;
    attached::zipped(store, &manifest, &files, attached, attached::MOST).await
}

/// The schools where a learner is or was.
fn schools(learner: LearnerId) -> SelectStatement {
    let mut query = Query::select();
    query.column("school_id").from("learner_status").and_where(Expr::col("learner_id").eq(learner.0));
    query
}

pub(super) fn size(rows: &Value) -> usize {
    rows.as_array().map_or(1, Vec::len)
}

async fn gather(conn: &impl ConnectionTrait, keys: &DataKeys, learner: &Learner, guardian: bool) -> Result<Vec<(String, Value)>> {
    let mut files = vec![
        ("learner".to_owned(), value(learner)?),
        ("health_opened".to_owned(), value(&health::opened(conn, keys, learner.id).await?)?),
    ];
    for place in places::all().iter().filter(|p| p.share == Share::Yes || (p.share == Share::Guardian && guardian)) {
        let mut query = Query::select();
        query
            .columns(place.columns.iter().map(|(column, _)| *column))
            .from(place.table)
            .and_where(Expr::col(place.learner).eq(learner.id.0));
        let rows = conn.query_all(&query).await?.iter().map(|row| object(row, &place.columns)).collect::<Result<Vec<_>>>()?;
        if !rows.is_empty() {
            files.push((place.table.to_owned(), Value::Array(rows)));
        }
    }
    Ok(files)
}

fn value(of: &impl Serialize) -> Result<Value> {
    serde_json::to_value(of).map_err(Error::internal)
}

/// A row as JSON, its columns in this order.
pub(crate) fn object(row: &QueryResult, columns: &[(&'static str, char)]) -> Result<Value> {
    let mut object = Map::new();
    for (at, (name, kind)) in columns.iter().enumerate() {
        let value = match kind {
            'u' => read::<Uuid>(row, at)?,
            'n' => read::<i16>(row, at)?,
            'i' => read::<i32>(row, at)?,
            'l' => read::<i64>(row, at)?,
            'b' => read::<bool>(row, at)?,
            'd' => read::<NaiveDate>(row, at)?,
            't' => read::<DateTime<Utc>>(row, at)?,
            's' => read::<String>(row, at)?,
            // JSON that is kept as text.
            'j' => match row.try_get_by_index::<Option<String>>(at)? {
                None => Value::Null,
                Some(text) => serde_json::from_str(&text).unwrap_or(Value::String(text)),
            },
            other => return Err(Error::internal(format!("a column of the unknown type {other}"))),
        };
        object.insert((*name).to_owned(), value);
    }
    Ok(Value::Object(object))
}

fn read<T: TryGetable + Serialize>(row: &QueryResult, at: usize) -> Result<Value> {
    value(&row.try_get_by_index::<Option<T>>(at)?)
}

/// The kinds of the registry are kinds of the retention rules.
///
/// Errors: `internal` where one is not.
pub(super) fn tables_of(kind: &str) -> Result<Vec<&'static Place>> {
    let tables: Vec<_> = places::all().iter().filter(|p| p.kind == kind).collect();
    if tables.is_empty() { Err(Error::new(Code::NotFound)) } else { Ok(tables) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_of_a_known_kind() {
        let kinds: Vec<String> = super::super::erasure::rules_in_force().into_iter().map(|rule| rule.kind).collect();
        for place in places::all() {
            assert!(kinds.iter().any(|kind| kind == place.kind), "{}", place.table);
        }
    }
}
