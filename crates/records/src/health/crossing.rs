//! Sealed fields on their way to another installation: opened with the ring, sealed under a passphrase, and the other way round there.

use super::Place;
use super::reseal::TABLES;
use identity::{DataKeys, Passphrase};
use kernel::{Error, Result};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use std::collections::HashMap;
use uuid::Uuid;

/// The sealed columns of a table, and the column that names its row within school and learner. The column `key_id` says which key of
/// an installation sealed a row.
pub fn sealed_columns(table: &str) -> Option<(&'static str, Vec<&'static str>)> {
    let of = TABLES.iter().find(|of| of.table == table)?;
    Some((of.row, of.fields.iter().map(|(column, _)| *column).collect()))
}

/// Where a sealed field lies.
#[derive(Clone, Copy, Debug)]
pub struct At<'a> {
    pub table: &'a str,
    pub column: &'a str,
    pub school: Uuid,
    pub learner: Uuid,
    pub row: Uuid,
}

impl At<'_> {
    fn place(&self) -> Result<Place> {
        let of = TABLES.iter().find(|of| of.table == self.table);
        let field = of.and_then(|of| of.fields.iter().find(|(column, _)| *column == self.column));
        let (_, field) = field.ok_or_else(|| Error::internal(format!("{}.{} is not sealed", self.table, self.column)))?;
        Ok(Place { field: *field, school: self.school, learner: self.learner, row: self.row })
    }
}

/// The ring of this installation and the passphrase of the way.
#[derive(Clone, Debug)]
pub struct Crossing {
    pub keys: DataKeys,
    pub passphrase: Passphrase,
    merged: HashMap<Uuid, Vec<Uuid>>,
}

impl Crossing {
    /// Knows which records were merged into which, as the database says: what is sealed may be sealed for one of them still.
    pub async fn of(conn: &impl ConnectionTrait, keys: &DataKeys, passphrase: &Passphrase) -> Result<Crossing> {
        let mut query = Query::select();
        query.columns(["id", "merged_into"]).from("learner").and_where(Expr::col("merged_into").is_not_null());
        let mut merged: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
        for row in conn.query_all(&query).await? {
            merged.entry(row.try_get_by_index(1)?).or_default().push(row.try_get_by_index(0)?);
        }
        Ok(Crossing { keys: keys.clone(), passphrase: passphrase.clone(), merged })
    }

    /// From the ring to the passphrase.
    pub fn out(&self, at: At<'_>, sealed: &str) -> Result<String> {
        let place = at.place()?;
        let merged = self.merged.get(&at.learner).map_or(&[][..], Vec::as_slice);
        self.passphrase.seal(&place.parts(), &place.open(&self.keys, merged, sealed)?)
    }

    /// From the passphrase to the ring, with the id of the key.
    ///
    /// Errors: `passphrase_wrong`.
    pub fn back(&self, at: At<'_>, sealed: &str) -> Result<(String, i32)> {
        let place = at.place()?;
        place.seal(&self.keys, &self.passphrase.open(&place.parts(), sealed)?)
    }
}
