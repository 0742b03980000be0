//! An export into an empty installation.

use super::cells::{Cell, Opener};
use super::reach::going;
use super::write::{FORMAT, Manifest, content_path, schema_file};
use super::{sealed, tables};
use dto::{Code, UnitId};
use kernel::db::schema::{self, Table};
use kernel::files::Store;
use kernel::{Ctx, Db, Error, Event, Result, Tx};
use records::health::{Crossing, DataKeys, Passphrase};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Alias, OnConflict, Query};
use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fmt;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// Why an export cannot be taken in.
#[derive(Debug)]
pub enum Refusal {
    /// Not an export, or not whole: what is wrong, and where.
    File(String),
    /// The schema here is another one: made by another version.
    Schema,
    /// There are units already.
    NotEmpty,
    /// Another passphrase locked it.
    Passphrase,
    Inside(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        if error.code() == Code::PassphraseWrong { Refusal::Passphrase } else { Refusal::Inside(error) }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::File(what) => write!(f, "the file cannot be taken in: {what}"),
            Refusal::Schema => f.write_str("the schema of the file is not the one of this version: use the version that made it"),
            Refusal::Passphrase => {
                f.write_str("the passphrase is not the one that locked the file's health records, or they were changed")
            }
            Refusal::NotEmpty => f.write_str("the installation is not empty: an export is taken into a new one alone"),
            Refusal::Inside(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for Refusal {}

/// Rows that go into one statement, by the number of columns: engines take so many values.
const VALUES: usize = 8000;

/// The parts of an archive, each as its manifest says it is.
struct Parts<'a> {
    bytes: &'a [u8],
    manifest: Manifest,
}

fn broken(what: impl fmt::Display) -> Refusal {
    Refusal::File(what.to_string())
}

/// What reading a part said.
fn said(error: Error) -> Refusal {
    broken(error.inside().unwrap_or("it is no archive"))
}

fn manifest(bytes: &[u8]) -> Result<Manifest, Refusal> {
    let text = read(bytes, "manifest.json", 64 << 20).map_err(said)?;
    let json: Json = serde_json::from_slice(&text).map_err(|e| broken(format!("manifest.json: {e}")))?;
    // Of another version it may lack what this one asks for.
    if json.get("format").and_then(Json::as_str) != Some(FORMAT) {
        return Err(broken(format!("the format is {}, and {FORMAT:?} is known", json.get("format").unwrap_or(&Json::Null))));
    }
    serde_json::from_value(json).map_err(|e| broken(format!("manifest.json: {e}")))
}

impl<'a> Parts<'a> {
    fn open(bytes: &'a [u8]) -> Result<Parts<'a>, Refusal> {
        let manifest = manifest(bytes)?;
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
        let named: BTreeSet<&str> = manifest.files.iter().map(|f| f.path.as_str()).chain(["manifest.json"]).collect();
        if archive.len() != named.len() {
            return Err(broken("it holds files that its manifest does not name, or lacks some"));
        }
        let parts = Parts { bytes, manifest };
        for file in &parts.manifest.files {
            let part = parts.part(&file.path).map_err(said)?;
            if hex::encode(Sha256::digest(&part)) != file.sha256 {
                return Err(broken(format!("{} is not as its manifest says", file.path)));
            }
        }
        Ok(parts)
    }

    fn part(&self, path: &str) -> Result<Vec<u8>> {
        let said = self.manifest.files.iter().find(|f| f.path == path);
        let said = said.ok_or_else(|| Error::internal(format!("there is no {path}")))?;
        read(self.bytes, path, said.bytes)
    }
}

fn read(bytes: &[u8], path: &str, most: usize) -> Result<Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(Error::internal)?;
    let file = archive.by_name(path).map_err(|e| Error::internal(format!("{path}: {e}")))?;
    let mut text = Vec::new();
    file.take((most as u64).saturating_add(1)).read_to_end(&mut text).map_err(|e| Error::internal(format!("{path}: {e}")))?;
    if text.len() > most { Err(Error::internal(format!("{path} is longer than it says"))) } else { Ok(text) }
}

/// Tables in an order in which each comes after those that it references.
fn in_order<'t>(tables: &[&'t Table]) -> Vec<&'t Table> {
    let mut rest: Vec<&Table> = tables.to_vec();
    let mut done: Vec<&Table> = Vec::with_capacity(rest.len());
    while !rest.is_empty() {
        let waits = |table: &Table| {
            table.references.iter().any(|r| r.table != table.name && rest.iter().any(|other| other.name == r.table))
        };
        let (later, now): (Vec<&Table>, Vec<&Table>) = rest.iter().copied().partition(|table| waits(table));
        // Tables that reference each other in a ring: as they come; the engine says what it will not have.
        let now = if now.is_empty() { later.clone() } else { now };
        rest.retain(|table| !now.iter().any(|one| one.name == table.name));
        done.extend(now);
    }
    done
}

/// What was taken in.
pub struct Taken {
    pub manifest: Manifest,
    pub rows: usize,
}

/// The school of an export, for the key of its passphrase.
pub fn school(bytes: &[u8]) -> Result<UnitId, Refusal> {
    Ok(manifest(bytes)?.school.id)
}

/// How many parts an export has, once each was found to be as its manifest says.
///
/// Errors: `Refusal::File`.
pub fn parts(bytes: &[u8]) -> Result<usize, Refusal> {
    Ok(Parts::open(bytes)?.manifest.files.len())
}

/// Takes an export into an empty installation: one that was migrated and has no units yet. All of it or nothing. What is locked in it
/// opens with the passphrase and is sealed with the ring here.
pub async fn take(db: &Db, store: &Store, (keys, passphrase): (&DataKeys, &Passphrase), bytes: &[u8]) -> Result<Taken, Refusal> {
    let parts = Parts::open(bytes)?;
    parts.manifest.lock.verify(passphrase)?;
    let crossing = Crossing::of(db.read(), keys, passphrase).await?;
    let schema = schema::tables(db.read()).await?;
    let going = going(&schema)?;
    if parts.part("schema.json").map_err(said)? != schema_file(&going)? {
        return Err(Refusal::Schema);
    }
    let mut units = Query::select();
    units.column("id").from("unit").limit(1);
    if db.read().query_one(&units).await.map_err(Error::from)?.is_some() {
        return Err(Refusal::NotEmpty);
    }
    let has = |table: &&Table| parts.manifest.files.iter().any(|f| f.path == format!("tables/{}.json", table.name));
    let tables: Vec<&Table> = going.iter().map(|one| one.table).filter(has).collect();
    let order = in_order(&tables);
    let school = parts.manifest.school.id;
    // Before the rows: a row without its content would be a lie, a content without a row is swept away.
    let contents = keep_contents(store, &parts).await?;
    let rows = db
        .write(&Ctx::system("exit-import"), async |tx| {
            let mut rows = 0;
            for table in &order {
                rows += take_table(tx, &parts, &crossing, table).await?;
            }
            for sha256 in &contents {
                let mut insert = Query::insert();
                insert.into_table("file_content").columns(["sha256"]).values_panic([sha256.as_str().into()]);
                insert.on_conflict(OnConflict::column("sha256").do_nothing_on(["sha256"]).to_owned());
                tx.conn().execute(&insert).await?;
            }
            records::units::rebuild_closure_in(tx).await?;
            let said = json!({ "file": hex::encode(Sha256::digest(bytes)), "rows": rows });
            // In the chain of the directory: the school's own goes on where the export left it.
            Ok((rows, vec![Event::new(None, "exit.imported", "school", school).after(&said)]))
        })
        .await?;
    Ok(Taken { manifest: parts.manifest, rows })
}

/// Puts the contents of files into the store; gives their hashes.
async fn keep_contents(store: &Store, parts: &Parts<'_>) -> Result<BTreeSet<String>> {
    let start = content_path("");
    let mut kept = BTreeSet::new();
    for file in parts.manifest.files.iter().filter(|file| file.path.starts_with(&start)) {
        kept.insert(store.put(parts.part(&file.path)?.into()).await?.sha256);
    }
    Ok(kept)
}

async fn take_table(tx: &Tx<'_>, parts: &Parts<'_>, crossing: &Crossing, table: &Table) -> Result<usize> {
    let backend = tx.conn().get_database_backend();
    let mut rows: Vec<Map<String, Json>> = serde_json::from_slice(&parts.part(&format!("tables/{}.json", table.name))?)
        .map_err(|e| Error::internal(format!("tables/{}.json: {e}", table.name)))?;
    for row in &mut rows {
        sealed::back(crossing, &table.name, row)?;
    }
    let columns: Vec<_> = table.columns.iter().filter(|c| !tables::is_secret(&table.name, &c.name)).collect();
    let file = |path: &str| parts.part(path);
    for some in rows.chunks((VALUES / columns.len().max(1)).max(1)) {
        let mut insert = Query::insert();
        insert.into_table(Alias::new(&table.name)).columns(columns.iter().map(|c| Alias::new(&c.name)));
        for row in some {
            let mut values = Vec::with_capacity(columns.len());
            for column in &columns {
                let from = row.get(&column.name).unwrap_or(&Json::Null);
                let file = tables::is_file(&column.name).then_some(&file as Opener<'_>);
                values.push(Cell::from_json(from, column.kind, file)?.value(column.kind, backend)?.into());
            }
            insert.values(values).map_err(Error::internal)?;
        }
        if tables::rule(table) == Some(tables::Rule::Goes(tables::Rows::All)) {
            // Catalogues are there in a new installation; what the school worked with stands.
            let rest = columns.iter().filter(|c| !table.key.contains(&c.name)).map(|c| Alias::new(&c.name));
            let key = OnConflict::columns(table.key.iter().map(Alias::new)).update_columns(rest).to_owned();
            insert.on_conflict(key);
        }
        tx.conn().execute(&insert).await?;
    }
    Ok(rows.len())
}
