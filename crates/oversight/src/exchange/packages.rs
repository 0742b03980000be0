//! Sending: the seam for NDXP/LGSP. What these ask for is not published, so nothing of it is invented: a package is the file and a manifest that
//! says what it is, in one ZIP. It leaves through the outbox, is tried again until the receiver answers, and every answer is kept and
//! shown.

use super::Place;
use chrono::{DateTime, Utc};
use dto::exchange::*;
use dto::page::{Page, PageQuery};
use dto::{Code, ExchangePackageId, UnitId};
use futures::future::LocalBoxFuture;
use kernel::outbox::{self, Item, Outcome, Post};
use kernel::{Ctx, Db, Error, Event, Result, id, page};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, JoinType, Order, Query};
use sea_orm::{ConnectionTrait, QueryResult};
use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::io::{Cursor, Write};
use uuid::Uuid;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime as ZipTime, ZipWriter};

/// The channel of the outbox.
pub const CHANNEL: &str = "exchange";

const COLUMNS: [&str; 11] = [
    "school_id",
    "id",
    "kind",
    "school_year_id",
    "file_name",
    "bytes",
    "sha256",
    "manifest",
    "state",
    "created_at",
    "created_by",
];

/// Characters of an answer that are kept.
const ANSWER: usize = 4000;

/// What leaves.
#[derive(Clone, Debug)]
pub struct Package {
    /// The same at every try: by it a receiver tells repetitions.
    pub id: ExchangePackageId,
    pub file_name: String,
    pub bytes: Vec<u8>,
    /// JSON.
    pub manifest: String,
}

impl Package {
    /// The package as one ZIP: `manifest.json` and the file.
    pub fn archive(&self) -> Result<Vec<u8>> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(ZipTime::default())
            .unix_permissions(0o644);
        for (name, bytes) in [("manifest.json", self.manifest.as_bytes()), (self.file_name.as_str(), &self.bytes)] {
            zip.start_file(name, options).map_err(Error::internal)?;
            zip.write_all(bytes).map_err(Error::internal)?;
        }
        Ok(zip.finish().map_err(Error::internal)?.into_inner())
    }
}

/// What a receiver answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// It took the package, with this receipt.
    Accepted { status: u16, answer: String },
    /// It will not have it, however often it comes.
    Refused { status: u16, answer: String },
    /// Not now; the status where it answered at all.
    Later { status: Option<u16>, answer: String },
}

/// A way to an authority. Another one, such as that of a published platform, is another implementation.
pub trait Exchange: Send + Sync {
    fn send<'a>(&'a self, package: &'a Package) -> LocalBoxFuture<'a, Reply>;
}

#[derive(Serialize)]
struct Manifest<'a> {
    format: &'static str,
    package: ExchangePackageId,
    kind: ExportKind,
    school: SchoolOf<'a>,
    school_year: &'a str,
    file: FileOf<'a>,
    rows: usize,
    made_at: DateTime<Utc>,
}

#[derive(Serialize)]
struct SchoolOf<'a> {
    id: UnitId,
    code: &'a str,
    code_set: &'a str,
    code_set_version: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
struct FileOf<'a> {
    name: &'a str,
    bytes: usize,
    sha256: &'a str,
}

/// Makes a file and puts it on its way. `on`: sending is switched on here.
///
/// Errors: those of [`super::make`], `exchange_off`.
pub async fn send(
    db: &Db,
    ctx: &Ctx,
    school: UnitId,
    kind: ExportKind,
    query: &ExportQuery,
    on: bool,
) -> Result<ExchangePackage> {
    let place: Place = super::place(db.read(), ctx, school, query.school_year_id).await?;
    if !on {
        return Err(Error::new(Code::ExchangeOff));
    }
    let made = super::made(db, ctx, &place, kind, query.anyway).await?;
    let sha256 = hex::encode(Sha256::digest(&made.bytes));
    let package: ExchangePackageId = id::new();
    db.write(ctx, async |tx| {
        let unit = &place.school;
        let manifest = Manifest {
            format: "khue-exchange/1",
            package,
            kind,
            school: SchoolOf {
                id: unit.id,
                code: &unit.code,
                code_set: &unit.code_set,
                code_set_version: &unit.code_set_version,
                name: &unit.name,
            },
            school_year: &place.year.code,
            file: FileOf { name: &made.name, bytes: made.bytes.len(), sha256: &sha256 },
            rows: made.rows,
            made_at: tx.now(),
        };
        let mut insert = Query::insert();
        insert.into_table("exchange_package").columns(COLUMNS).values_panic([
            unit.id.0.into(),
            package.0.into(),
            kind.as_str().into(),
            place.year.id.0.into(),
            made.name.as_str().into(),
            made.bytes.clone().into(),
            sha256.as_str().into(),
            serde_json::to_string_pretty(&manifest).map_err(Error::internal)?.into(),
            PackageState::Waiting.as_str().into(),
            tx.now().into(),
            ctx.account.map(Uuid::from).into(),
        ]);
        tx.conn().execute(&insert).await?;
        let post = Post {
            school: unit.id,
            event_key: format!("exchange:{package}"),
            channel: CHANNEL,
            recipient: package.to_string(),
            due_at: tx.now(),
        };
        outbox::put_in(tx, &[post]).await?;
        let said = json!({ "kind": kind, "year": place.year.code, "sha256": sha256, "rows": made.rows });
        let event = Event::new(Some(unit.id), "exchange.sent", "exchange_package", package).after(&said);
        let only = Condition::all().add(Expr::col(("p", "id")).eq(package.0));
        let shown = packages(tx.conn(), unit.id, only, 1).await?.pop();
        Ok((shown.ok_or_else(|| Error::internal("a package that was kept is not there"))?, vec![event]))
    })
    .await
}

/// Sends one package that is due, and keeps what came back.
pub async fn deliver(db: &Db, item: &Item, way: Option<&dyn Exchange>) -> Outcome {
    let Some(way) = way else { return Outcome::Never("sending to the authorities is switched off".to_owned()) };
    match tried(db, item, way).await {
        Ok(outcome) => outcome,
        Err(error) => Outcome::Later(format!("package: {}", error.code().as_str())),
    }
}

async fn tried(db: &Db, item: &Item, way: &dyn Exchange) -> Result<Outcome> {
    let package: ExchangePackageId = item.recipient.parse().map_err(Error::internal)?;
    let mut query = Query::select();
    query
        .columns(["file_name", "bytes", "manifest", "state"])
        .from("exchange_package")
        .and_where(Expr::col("school_id").eq(item.school.0))
        .and_where(Expr::col("id").eq(package.0));
    let Some(row) = db.read().query_one(&query).await? else { return Ok(Outcome::Done) };
    if row.try_get_by_index::<String>(3)? != PackageState::Waiting.as_str() {
        return Ok(Outcome::Done);
    }
    let leaving = Package {
        id: package,
        file_name: row.try_get_by_index(0)?,
        bytes: row.try_get_by_index(1)?,
        manifest: row.try_get_by_index(2)?,
    };
    let reply = way.send(&leaving).await;
    let (state, status, answer, outcome) = match reply {
        Reply::Accepted { status, answer } => (Some(PackageState::Accepted), Some(status), answer, Outcome::Done),
        // It has been sent and answered: the outbox is done with it, and the refusal is shown.
        Reply::Refused { status, answer } => (Some(PackageState::Refused), Some(status), answer, Outcome::Done),
        Reply::Later { status, answer } => {
            let why = status.map_or_else(|| "the receiver does not answer".to_owned(), |s| format!("the receiver answered {s}"));
            (None, status, answer, Outcome::Later(why))
        }
    };
    // Nobody said anything: there is nothing to keep.
    if status.is_some() {
        keep(db, item.school, package, state, status, &answer).await?;
    }
    Ok(outcome)
}

async fn keep(
    db: &Db,
    school: UnitId,
    package: ExchangePackageId,
    state: Option<PackageState>,
    status: Option<u16>,
    answer: &str,
) -> Result<()> {
    let accepted = state == Some(PackageState::Accepted);
    let answer: String = answer.chars().filter(|c| *c != '\0').take(ANSWER).collect();
    db.write(&Ctx::system("exchange"), async |tx| {
        let mut insert = Query::insert();
        insert
            .into_table("exchange_receipt")
            .columns(["school_id", "package_id", "id", "at", "accepted", "status", "answer"])
            .values_panic([
                school.0.into(),
                package.0.into(),
                id::new::<Uuid>().into(),
                tx.now().into(),
                accepted.into(),
                status.and_then(|status| i16::try_from(status).ok()).into(),
                answer.as_str().into(),
            ]);
        tx.conn().execute(&insert).await?;
        if let Some(state) = state {
            let mut update = Query::update();
            update
                .table("exchange_package")
                .value("state", state.as_str())
                .and_where(Expr::col("school_id").eq(school.0))
                .and_where(Expr::col("id").eq(package.0));
            tx.conn().execute(&update).await?;
        }
        let said = json!({ "accepted": accepted, "status": status });
        Ok(((), vec![Event::new(Some(school), "exchange.answered", "exchange_package", package).after(&said)]))
    })
    .await
}

async fn packages(conn: &impl ConnectionTrait, school: UnitId, only: Condition, limit: u64) -> Result<Vec<ExchangePackage>> {
    let mut query = Query::select();
    query
        .columns([("p", "id"), ("p", "kind"), ("y", "code"), ("p", "file_name"), ("p", "sha256")])
        .columns([("p", "state"), ("p", "created_at"), ("p", "manifest")])
        .from_as("exchange_package", "p")
        .join_as(JoinType::InnerJoin, "school_year", "y", Expr::col(("y", "id")).equals(("p", "school_year_id")))
        .and_where(Expr::col(("p", "school_id")).eq(school.0))
        .cond_where(only)
        .order_by(("p", "id"), Order::Desc)
        .limit(limit);
    let rows = conn.query_all(&query).await?;
    let mut all = rows.iter().map(package).collect::<Result<Vec<_>>>()?;
    let mut query = Query::select();
    query
        .columns(["package_id", "at", "accepted", "status", "answer"])
        .from("exchange_receipt")
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("package_id").is_in(all.iter().map(|p| p.id.0)))
        .order_by("id", Order::Desc);
    let mut receipts: HashMap<Uuid, Vec<ExchangeReceipt>> = HashMap::new();
    if !all.is_empty() {
        for row in conn.query_all(&query).await? {
            let status: Option<i16> = row.try_get_by_index(3)?;
            receipts.entry(row.try_get_by_index(0)?).or_default().push(ExchangeReceipt {
                at: row.try_get_by_index(1)?,
                accepted: row.try_get_by_index(2)?,
                status: status.and_then(|status| u16::try_from(status).ok()),
                answer: row.try_get_by_index(4)?,
            });
        }
    }
    for one in &mut all {
        one.receipts = receipts.remove(&one.id.0).unwrap_or_default();
    }
    Ok(all)
}

fn package(row: &QueryResult) -> Result<ExchangePackage> {
    let manifest: serde_json::Value = serde_json::from_str(&row.try_get_by_index::<String>(7)?).map_err(Error::internal)?;
    let named = |text: String| Error::internal(format!("{text:?} in the database"));
    let (kind, state): (String, String) = (row.try_get_by_index(1)?, row.try_get_by_index(5)?);
    Ok(ExchangePackage {
        id: ExchangePackageId(row.try_get_by_index(0)?),
        kind: kind.parse().map_err(|()| named(kind))?,
        school_year: row.try_get_by_index(2)?,
        file_name: row.try_get_by_index(3)?,
        sha256: row.try_get_by_index(4)?,
        bytes: manifest["file"]["bytes"].as_u64().unwrap_or_default(),
        state: state.parse().map_err(|()| named(state))?,
        created_at: row.try_get_by_index(6)?,
        receipts: Vec::new(),
    })
}

/// What a school sent, newest first, with what came back.
///
/// Errors: `not_found`, `bad_cursor`.
pub async fn list(db: &Db, ctx: &Ctx, school: UnitId, query: &PageQuery) -> Result<Page<ExchangePackage>> {
    let unit = super::school(db.read(), ctx, school).await?;
    let mut only = Condition::all();
    if let Some(last) = page::decode::<Uuid>(query.after.as_deref())? {
        only = only.add(Expr::col(("p", "id")).lt(last));
    }
    let rows = packages(db.read(), unit.id, only, query.limit() + 1).await?;
    Ok(page::of(rows, query.limit(), |one| one.id.0, |one| one))
}
