//! The archive: the same rows give the same bytes, whichever engine they came from.

use super::cells::Cell;
use super::reach::{Going, Reach, going};
use super::sealed::{self, Lock};
use super::tables::{self, Rule, SECRETS};
use dto::UnitId;
use kernel::db::schema::{self, Kind, Table};
use kernel::files::Store;
use kernel::{Db, Error, Result};
use records::health::{Crossing, DataKeys, Passphrase};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, IsolationLevel, TransactionOptions, TransactionTrait};
use serde::{Deserialize, Serialize};
use serde_json::{Map, json};
use sha2::{Digest, Sha256};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// The name of the format, with its version.
pub const FORMAT: &str = "khue-exit/2";

/// What an export says of itself: `manifest.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    pub format: String,
    pub school: School,
    /// The last link of the school's log: which moment the export shows.
    pub log: Option<Log>,
    /// How the fields that are sealed at rest are locked.
    pub lock: Lock,
    /// Every file but this one.
    pub files: Vec<File>,
    /// Files whose content the store has lost.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lost: Vec<String>,
    pub left_out: Vec<LeftOut>,
    pub secrets: Vec<LeftOut>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct School {
    pub id: UnitId,
    pub code: String,
    pub name: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Log {
    pub entries: i64,
    pub hash: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct File {
    pub path: String,
    pub bytes: usize,
    pub sha256: String,
    /// Of a table: how many rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<usize>,
}

/// A table, or a column of one as "table.column", that stays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LeftOut {
    pub what: String,
    pub vi: String,
    pub en: String,
}

/// A finished export.
pub struct Export {
    pub bytes: Vec<u8>,
    pub sha256: String,
    pub manifest: Manifest,
}

impl Export {
    /// Rows of all tables.
    pub fn rows(&self) -> usize {
        self.manifest.files.iter().filter(|f| f.path.ends_with(".json")).filter_map(|f| f.rows).sum()
    }

    /// Stored files.
    pub fn files(&self) -> usize {
        self.manifest.files.iter().filter(|f| f.path.starts_with("files/")).count()
    }
}

/// What stays behind, with why.
pub fn left_out(schema: &[Table]) -> Vec<LeftOut> {
    schema
        .iter()
        .filter_map(|table| match tables::rule(table)? {
            Rule::Stays { vi, en } => Some(LeftOut { what: table.name.clone(), vi: vi.to_owned(), en: en.to_owned() }),
            Rule::Goes(_) => None,
        })
        .collect()
}

pub fn secrets() -> Vec<LeftOut> {
    SECRETS
        .iter()
        .map(|(table, column, vi, en)| LeftOut { what: format!("{table}.{column}"), vi: (*vi).to_owned(), en: (*en).to_owned() })
        .collect()
}

/// `schema.json`: the tables that go along, with their columns and what these hold.
pub fn schema_file(going: &[Going<'_>]) -> Result<Vec<u8>> {
    let kind = |kind| match kind {
        Kind::Uuid => "uuid",
        Kind::Instant => "instant",
        Kind::Day => "day",
        Kind::Bool => "boolean",
        Kind::Int(_) => "integer",
        Kind::Text => "text",
        Kind::Bytes => "bytes",
    };
    let tables: Vec<_> = going
        .iter()
        .map(|one| {
            let columns: Vec<_> = one
                .table
                .columns
                .iter()
                .filter(|c| !tables::is_secret(&one.table.name, &c.name))
                .map(|c| {
                    let mut column = json!({ "name": c.name, "type": kind(c.kind), "nullable": c.nullable });
                    if let Some(meaning) = tables::column_meaning(&c.name) {
                        column["meaning"] = meaning.into();
                    }
                    if let Some(to) = one.table.references.iter().find(|r| r.column == c.name) {
                        column["references"] = format!("{}.{}", to.table, to.to).into();
                    }
                    column
                })
                .collect();
            let (vi, en) = tables::meaning(&one.table.name);
            json!({ "table": one.table.name, "vi": vi, "en": en, "key": one.table.key, "columns": columns })
        })
        .collect();
    let types = json!({
        "uuid": "RFC 9562, lower case", "instant": "RFC 3339, UTC, to the microsecond", "day": "YYYY-MM-DD",
        "boolean": "true or false", "integer": "a whole number", "text": "UTF-8, NFC",
        "bytes": "hex; of a column that holds a file, its path in this archive",
    });
    pretty(&json!({ "format": FORMAT, "types": types, "tables": tables }))
}

pub fn pretty(value: &impl Serialize) -> Result<Vec<u8>> {
    let mut text = serde_json::to_vec_pretty(value).map_err(Error::internal)?;
    text.push(b'\n');
    Ok(text)
}

/// The extension of a stored file, by what stands beside it or by its first bytes.
fn extension(row: &[(&str, &Cell)], bytes: &[u8]) -> String {
    let said = row.iter().find_map(|(column, cell)| match (*column, cell) {
        ("file_name", Cell::Text(name)) => name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase()),
        ("form", Cell::Text(form)) => Some(form.clone()),
        _ => None,
    });
    let plain = |end: &String| (1..=5).contains(&end.len()) && end.bytes().all(|b| b.is_ascii_alphanumeric());
    said.filter(plain).unwrap_or_else(|| {
        let known: [(&[u8], &str); 5] =
            [(b"%PDF", "pdf"), (b"<?xml", "xml"), (b"PK\x03\x04", "zip"), (b"\x89PNG", "png"), (b"\xff\xd8\xff", "jpg")];
        known.iter().find(|(magic, _)| bytes.starts_with(magic)).map_or("bin", |(_, end)| end).to_owned()
    })
}

/// The table of files, whose contents a store keeps.
pub(super) const STORED: &str = "file";

/// Where the content of a file stands in the archive; its name and kind are in its row.
pub(super) fn content_path(id: &str) -> String {
    format!("files/{STORED}/{id}")
}

struct Archive {
    zip: ZipWriter<Cursor<Vec<u8>>>,
    files: Vec<File>,
}

impl Archive {
    fn put(&mut self, path: String, bytes: &[u8], rows: Option<usize>) -> Result<()> {
        // No time and no rights of this machine: the same content is the same archive.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(6))
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644);
        self.zip.start_file(path.as_str(), options).map_err(Error::internal)?;
        self.zip.write_all(bytes).map_err(Error::internal)?;
        self.files.push(File { path, bytes: bytes.len(), sha256: hex::encode(Sha256::digest(bytes)), rows });
        Ok(())
    }

    /// The contents of the school's files, from the store that keeps them.
    async fn contents(&mut self, store: &Store, table: &Table, rows: &[Vec<Cell>]) -> Result<Vec<String>> {
        let columns: Vec<_> = table.columns.iter().filter(|c| !tables::is_secret(&table.name, &c.name)).collect();
        let mut lost = Vec::new();
        for row in rows {
            let named: Vec<(&str, &Cell)> = columns.iter().map(|c| c.name.as_str()).zip(row).collect();
            let text = |wanted: &str| named.iter().find(|(column, _)| *column == wanted).and_then(|(_, cell)| cell.text(None));
            let (Some(id), Some(sha256)) = (text("id"), text("sha256")) else { continue };
            let path = content_path(&id);
            if !store.has(&sha256).await? {
                lost.push(path);
                continue;
            }
            let bytes = store.read_all(&sha256).await?;
            self.put(path, &bytes, None)?;
        }
        Ok(lost)
    }

    fn table(&mut self, table: &Table, rows: &[Vec<Cell>]) -> Result<()> {
        let columns: Vec<_> = table.columns.iter().filter(|c| !tables::is_secret(&table.name, &c.name)).collect();
        let (mut lines, mut sheet) = (Vec::from(*b"[\n"), csv::Writer::from_writer(Vec::new()));
        sheet.write_record(columns.iter().map(|c| c.name.as_str())).map_err(Error::internal)?;
        for (n, row) in rows.iter().enumerate() {
            let named: Vec<(&str, &Cell)> = columns.iter().map(|c| c.name.as_str()).zip(row).collect();
            let key: Vec<String> = table
                .key
                .iter()
                .filter_map(|k| named.iter().find(|(column, _)| column == k)?.1.text(None))
                .map(|text| text.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '.' }).collect())
                .collect();
            let mut paths = Vec::with_capacity(columns.len());
            for (column, cell) in &named {
                paths.push(match cell {
                    Cell::Bytes(bytes) if tables::is_file(column) => {
                        let path = format!("files/{}/{}.{}", table.name, key.join("_"), extension(&named, bytes));
                        self.put(path.clone(), bytes, None)?;
                        Some(path)
                    }
                    _ => None,
                });
            }
            // serde_json keeps the order in which keys are put in, or sorts them: they are in order already.
            let object: Map<_, _> = named
                .iter()
                .zip(&paths)
                .map(|((column, cell), path)| ((*column).to_owned(), cell.json(path.as_deref())))
                .collect();
            serde_json::to_writer(&mut lines, &object).map_err(Error::internal)?;
            lines.extend_from_slice(if n + 1 < rows.len() { b",\n" } else { b"\n" });
            let texts = named.iter().zip(&paths).map(|((_, cell), path)| cell.text(path.as_deref()).unwrap_or_default());
            sheet.write_record(texts).map_err(Error::internal)?;
        }
        lines.extend_from_slice(b"]\n");
        self.put(format!("tables/{}.csv", table.name), &sheet.into_inner().map_err(Error::internal)?, Some(rows.len()))?;
        self.put(format!("tables/{}.json", table.name), &lines, Some(rows.len()))
    }
}

/// Everything read is of one moment.
async fn moment(db: &Db) -> Result<DatabaseTransaction> {
    // A transaction of SQLite that reads sees one state by itself.
    let isolation_level = (db.backend() == DbBackend::Postgres).then_some(IsolationLevel::RepeatableRead);
    Ok(db.read().begin_with_options(TransactionOptions { isolation_level, ..Default::default() }).await?)
}

/// Makes the export of a school, with what is sealed at rest locked by the keys of a passphrase ([`sealed::key`]). `told` hears how many
/// tables of how many are done.
pub async fn make(
    db: &Db,
    store: &Store,
    (keys, passphrase): (&DataKeys, &Passphrase),
    school: UnitId,
    told: impl AsyncFn(usize, usize) -> Result<()>,
) -> Result<Export> {
    let schema = schema::tables(db.read()).await?;
    let going = going(&schema)?;
    let tx = moment(db).await?;
    let mut unit = Query::select();
    unit.columns(["code", "name"]).from("unit").and_where(Expr::col("id").eq(school.0));
    let row = tx.query_one(&unit).await?.ok_or_else(|| Error::new(dto::Code::NotFound))?;
    let of = School { id: school, code: row.try_get_by_index(0)?, name: row.try_get_by_index(1)? };
    let mut head = Query::select();
    head.columns(["seq", "hash"]).from("audit_head").and_where(Expr::col("school_id").eq(school.0));
    let log = tx.query_one(&head).await?;
    let log =
        log.map(|row| Ok::<_, Error>(Log { entries: row.try_get_by_index(0)?, hash: row.try_get_by_index(1)? })).transpose()?;
    let reach = Reach::of(&tx, school, &going).await?;
    let crossing = Crossing::of(&tx, keys, passphrase).await?;
    let mut archive = Archive { zip: ZipWriter::new(Cursor::new(Vec::new())), files: Vec::new() };
    let mut lost = Vec::new();
    archive.put("schema.json".to_owned(), &schema_file(&going)?, None)?;
    for (done, one) in going.iter().enumerate() {
        told(done, going.len()).await?;
        let mut rows = reach.rows(&tx, one).await?;
        sealed::out(&crossing, one.table, &mut rows)?;
        if !rows.is_empty() {
            archive.table(one.table, &rows)?;
        }
        if one.table.name == STORED {
            lost = archive.contents(store, one.table, &rows).await?;
        }
    }
    tx.rollback().await?;
    let Archive { mut zip, mut files } = archive;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let lock = Lock::of(passphrase)?;
    let manifest = Manifest {
        format: FORMAT.to_owned(),
        school: of,
        log,
        lock,
        files,
        lost,
        left_out: left_out(&schema),
        secrets: secrets(),
    };
    let options = SimpleFileOptions::default().last_modified_time(DateTime::default()).unix_permissions(0o644);
    zip.start_file("manifest.json", options.compression_method(CompressionMethod::Deflated)).map_err(Error::internal)?;
    zip.write_all(&pretty(&manifest)?).map_err(Error::internal)?;
    let bytes = zip.finish().map_err(Error::internal)?.into_inner();
    told(going.len(), going.len()).await?;
    Ok(Export { sha256: hex::encode(Sha256::digest(&bytes)), bytes, manifest })
}
