//! What is sealed at rest leaves sealed under the passphrase of whoever takes the data along, and is sealed with the ring of the new
//! installation when it is taken in. The same field under the same passphrase is the same text, so that an export of the new
//! installation is the same file again; which key of a ring sealed a row is nothing that leaves (0 stands for it).

use super::cells::Cell;
use super::tables;
use dto::Code;
use kernel::db::schema::Table;
use kernel::{Error, Result};
use records::health::{At, Crossing, Passphrase, sealed_columns};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

const KEY: &str = "key_id";

/// How what is sealed was locked: in `manifest.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lock {
    /// How the key is made of the passphrase.
    pub derivation: String,
    /// Opens with the right passphrase alone.
    pub check: String,
}

/// The keys of a passphrase for a school's export.
pub async fn key(passphrase: &str, school: dto::UnitId) -> Result<Passphrase> {
    Passphrase::derive(passphrase, &[b"school exit", school.0.as_bytes()]).await
}

impl Lock {
    pub(super) fn of(passphrase: &Passphrase) -> Result<Lock> {
        Ok(Lock { derivation: records::health::DERIVATION.to_owned(), check: passphrase.check()? })
    }

    /// Errors: `passphrase_wrong`.
    pub(super) fn verify(&self, passphrase: &Passphrase) -> Result<()> {
        if self.derivation == records::health::DERIVATION {
            passphrase.verify(&self.check)
        } else {
            Err(Error::new(Code::PassphraseWrong))
        }
    }
}

/// The rows of a table as they leave; cells in the order of its columns.
pub(super) fn out(crossing: &Crossing, table: &Table, rows: &mut [Vec<Cell>]) -> Result<()> {
    let Some((row_column, sealed)) = sealed_columns(&table.name) else { return Ok(()) };
    let columns: Vec<&str> =
        table.columns.iter().filter(|c| !tables::is_secret(&table.name, &c.name)).map(|c| c.name.as_str()).collect();
    let at = |name: &str| columns.iter().position(|c| *c == name).ok_or_else(|| Error::internal(format!("no column {name}")));
    let (school, learner, own, key) = (at("school_id")?, at("learner_id")?, at(row_column)?, at(KEY)?);
    for row in rows {
        let id = |at: usize| match &row[at] {
            Cell::Uuid(id) => Ok(*id),
            other => Err(Error::internal(format!("{other:?} is no id"))),
        };
        let ids = (id(school)?, id(learner)?, id(own)?);
        for column in &sealed {
            let column_at = at(column)?;
            if let Cell::Text(text) = &row[column_at] {
                row[column_at] = Cell::Text(crossing.out(place(&table.name, column, ids), text)?);
            }
        }
        if row[key] != Cell::Null {
            row[key] = Cell::Int(0);
        }
    }
    Ok(())
}

fn place<'a>(table: &'a str, column: &'a str, (school, learner, row): (Uuid, Uuid, Uuid)) -> At<'a> {
    At { table, column, school, learner, row }
}

/// A row of a table as it stands here.
///
/// Errors: `passphrase_wrong`.
pub(super) fn back(crossing: &Crossing, table: &str, row: &mut Map<String, Json>) -> Result<()> {
    let Some((row_column, sealed)) = sealed_columns(table) else { return Ok(()) };
    let id = |name: &str| -> Result<Uuid> {
        let text = row.get(name).and_then(Json::as_str).and_then(|text| text.parse().ok());
        text.ok_or_else(|| Error::internal(format!("{table}: a row without {name}")))
    };
    let ids = (id("school_id")?, id("learner_id")?, id(row_column)?);
    for column in sealed {
        if let Some(text) = row.get(column).and_then(Json::as_str) {
            let (text, key) = crossing.back(place(table, column, ids), text)?;
            row.insert(column.to_owned(), Json::from(text));
            row.insert(KEY.to_owned(), Json::from(key));
        }
    }
    Ok(())
}
