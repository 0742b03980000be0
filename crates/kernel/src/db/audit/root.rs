//! Daily roots: once a day the heads of all chains that moved are hashed together and signed, and each root names the one before.
//! Whoever keeps one root outside (a letter, another machine) can show that nothing before it was changed, even by somebody
//! who can write into the database and recompute every chain.

use super::{AuditEntry, chain_hash, entries};
use crate::{Ctx, Db, Error, Event, Result, clock};
use chrono::NaiveDate;
use dto::{Code, UnitId};
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use sea_orm::{ConnectionTrait, QueryResult};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt;
use uuid::Uuid;

/// What a root says. It is signed as the payload of a JWS (RFC 7515).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Root {
    /// "khue"
    pub iss: String,
    /// The last day it covers, in Vietnam.
    pub day: NaiveDate,
    /// SHA-256 in hex over each sealed head: school id, number of the entry (8 bytes, big-endian), its hash; by school.
    pub root: String,
    /// How many chains moved since the root before.
    pub chains: usize,
    /// SHA-256 in hex of the signed root before; empty in the first.
    pub prev: String,
    /// Seconds since 1970.
    pub iat: i64,
}

/// A root as it stands in the database.
#[derive(Clone, Debug)]
pub struct SignedRoot {
    pub day: NaiveDate,
    pub root: String,
    pub jws: String,
}

/// The head of a chain.
struct Head {
    school: Uuid,
    seq: i64,
    hash: String,
}

/// Over heads in the order of their schools.
fn root_of(heads: &[Head]) -> String {
    let mut h = Sha256::new();
    for head in heads {
        h.update(head.school.as_bytes());
        h.update(head.seq.to_be_bytes());
        h.update(head.hash.as_bytes());
    }
    hex::encode(h.finalize())
}

fn hash_of(jws: &str) -> String {
    hex::encode(Sha256::digest(jws.as_bytes()))
}

fn head(row: &QueryResult) -> Result<Head> {
    Ok(Head { school: row.try_get_by_index(0)?, seq: row.try_get_by_index(1)?, hash: row.try_get_by_index(2)? })
}

/// The signed roots, oldest first.
pub async fn roots(conn: &impl ConnectionTrait) -> Result<Vec<SignedRoot>> {
    let mut query = Query::select();
    query.columns(["day", "root", "jws"]).from("audit_root").order_by("day", Order::Asc);
    let rows = conn.query_all(&query).await?;
    rows.iter()
        .map(|r| Ok(SignedRoot { day: r.try_get_by_index(0)?, root: r.try_get_by_index(1)?, jws: r.try_get_by_index(2)? }))
        .collect()
}

/// Seals everything up to now as the root of `day`; `None` where that day, or a later one, is sealed already.
pub async fn seal(db: &Db, day: NaiveDate, sign: impl Fn(&Root) -> Result<String>) -> Result<Option<Root>> {
    let sealed = async |conn: &sea_orm::DatabaseConnection| roots(conn).await.map(|all| all.last().is_some_and(|r| r.day >= day));
    if sealed(db.read()).await? {
        return Ok(None);
    }
    let done = db
        .write(&Ctx::system("audit root"), async |tx| {
            let before = roots(tx.conn()).await?.pop();
            if before.as_ref().is_some_and(|r| r.day >= day) {
                // Another server was quicker.
                return Err(Error::new(Code::VersionConflict));
            }
            let mut known = Query::select();
            known
                .expr(Expr::val(1))
                .from_as("audit_seal", "s")
                .and_where(Expr::col(("s", "school_id")).equals(("h", "school_id")))
                .and_where(Expr::col(("s", "seq")).equals(("h", "seq")));
            let mut moved = Query::select();
            moved
                .columns([("h", "school_id"), ("h", "seq"), ("h", "hash")])
                .from_as("audit_head", "h")
                .and_where(Expr::exists(known).not());
            let mut heads = tx.conn().query_all(&moved).await?.iter().map(head).collect::<Result<Vec<_>>>()?;
            // Here and not in the database: engines may order ids differently.
            heads.sort_by_key(|h| h.school);
            let root = Root {
                iss: "khue".to_owned(),
                day,
                root: root_of(&heads),
                chains: heads.len(),
                prev: before.map(|r| hash_of(&r.jws)).unwrap_or_default(),
                iat: tx.now().timestamp(),
            };
            for some in heads.chunks(200) {
                let mut insert = Query::insert();
                insert.into_table("audit_seal").columns(["school_id", "seq", "hash", "day"]);
                for head in some {
                    insert.values_panic([head.school.into(), head.seq.into(), head.hash.as_str().into(), day.into()]);
                }
                tx.conn().execute(&insert).await?;
            }
            let mut insert = Query::insert();
            insert.into_table("audit_root").columns(["day", "root", "jws", "sealed_at"]).values_panic([
                day.into(),
                root.root.as_str().into(),
                sign(&root)?.into(),
                tx.now().into(),
            ]);
            tx.conn().execute(&insert).await?;
            let event = Event::new(None, "audit.sealed", "audit_root", day).after(&root);
            Ok((root, vec![event]))
        })
        .await;
    match done {
        Ok(root) => Ok(Some(root)),
        Err(e) if e.code() == Code::VersionConflict => Ok(None),
        Err(e) => Err(e),
    }
}

/// Makes the root of each day that has ended, while a server runs. Never ends.
pub async fn follow_calendar(db: Db, sign: impl Fn(&Root) -> Result<String>) {
    clock::each_day("seal the log", async |today| {
        if let Some(root) = seal(&db, today.pred_opt().unwrap_or_default(), &sign).await? {
            tracing::info!(day = %root.day, root = root.root, chains = root.chains, "the log is sealed");
        }
        Ok(())
    })
    .await;
}

/// What a check of the whole log found.
#[derive(Debug, Default)]
pub struct Report {
    pub chains: usize,
    pub entries: usize,
    pub roots: usize,
    pub faults: Vec<Fault>,
}

/// What does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// An entry does not follow from the one before it. School, number of the entry.
    Broken(Uuid, i64),
    /// A chain ends before the head that is kept of it.
    Cut(Uuid, i64),
    /// An entry is not the one that was sealed.
    NotAsSealed(Uuid, i64, NaiveDate),
    /// The signature of a root, or what it says, does not fit.
    Root(NaiveDate, &'static str),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let chain =
            |id: &Uuid| if id.is_nil() { "the directory's chain".to_owned() } else { format!("the chain of school {id}") };
        match self {
            Fault::Broken(id, seq) => write!(f, "{}: entry {seq} does not follow from the one before it", chain(id)),
            Fault::Cut(id, seq) => write!(f, "{}: entries up to {seq} should be there and are not", chain(id)),
            Fault::NotAsSealed(id, seq, day) => write!(f, "{}: entry {seq} is not the one sealed on {day}", chain(id)),
            Fault::Root(day, what) => write!(f, "the root of {day}: {what}"),
        }
    }
}

/// Recomputes every chain and every root. `read` gives what a signed root says, where its signature is good.
pub async fn verify(db: &Db, read: impl Fn(&str) -> Option<Root>) -> Result<Report> {
    let mut report = Report::default();
    let mut sealed = check_roots(db, read, &mut report).await?;
    let mut query = Query::select();
    query.columns(["school_id", "seq", "hash"]).from("audit_head");
    for row in &db.read().query_all(&query).await? {
        let head = head(row)?;
        check_chain(db, &head, &sealed.remove(&head.school).unwrap_or_default(), &mut report).await?;
    }
    // A chain that was sealed and has no head any more.
    for (school, seals) in sealed {
        report.faults.extend(seals.keys().next_back().map(|seq| Fault::Cut(school, *seq)));
    }
    Ok(report)
}

/// By school and number of the entry: its hash and the day of the root.
type Seals = BTreeMap<Uuid, BTreeMap<i64, (String, NaiveDate)>>;

async fn check_roots(db: &Db, read: impl Fn(&str) -> Option<Root>, report: &mut Report) -> Result<Seals> {
    let mut query = Query::select();
    query.columns(["school_id", "seq", "hash", "day"]).from("audit_seal");
    let mut seals = Seals::new();
    let mut by_day: BTreeMap<NaiveDate, Vec<Head>> = BTreeMap::new();
    for row in &db.read().query_all(&query).await? {
        let (head, day) = (head(row)?, row.try_get_by_index::<NaiveDate>(3)?);
        seals.entry(head.school).or_default().insert(head.seq, (head.hash.clone(), day));
        by_day.entry(day).or_default().push(head);
    }
    let mut prev = String::new();
    for kept in roots(db.read()).await? {
        report.roots += 1;
        let mut heads = by_day.remove(&kept.day).unwrap_or_default();
        heads.sort_by_key(|h| h.school);
        let fault = match read(&kept.jws) {
            None => Some("its signature is not good"),
            Some(said) if said.day != kept.day || said.root != kept.root => Some("it is not what was signed"),
            Some(said) if said.prev != prev => Some("the root before it is not the one it names"),
            Some(said) if said.root != root_of(&heads) || said.chains != heads.len() => {
                Some("the sealed heads give another root")
            }
            Some(_) => None,
        };
        report.faults.extend(fault.map(|what| Fault::Root(kept.day, what)));
        prev = hash_of(&kept.jws);
    }
    report.faults.extend(by_day.keys().map(|day| Fault::Root(*day, "it is gone, but heads were sealed for it")));
    Ok(seals)
}

/// Entries read at once.
const STEP: u64 = 2000;

async fn check_chain(db: &Db, head: &Head, seals: &BTreeMap<i64, (String, NaiveDate)>, report: &mut Report) -> Result<()> {
    report.chains += 1;
    let school = (!head.school.is_nil()).then_some(UnitId(head.school));
    let mut prev: Option<AuditEntry> = None;
    let mut unseen = seals.clone();
    loop {
        let some = entries(db.read(), school, prev.as_ref().map_or(0, |p| p.seq), STEP).await?;
        if some.is_empty() {
            break;
        }
        report.entries += some.len();
        for entry in some {
            let follows = match &prev {
                Some(p) => entry.prev_hash == p.hash && entry.seq == p.seq + 1,
                None => entry.prev_hash.is_empty() && entry.seq == 1,
            };
            if !follows || chain_hash(&entry) != entry.hash {
                report.faults.push(Fault::Broken(head.school, entry.seq));
            }
            if let Some((hash, day)) = unseen.remove(&entry.seq)
                && hash != entry.hash
            {
                report.faults.push(Fault::NotAsSealed(head.school, entry.seq, day));
            }
            prev = Some(entry);
        }
    }
    // What was written while this ran may stand behind the head that was read, never before it.
    if prev.as_ref().is_none_or(|p| p.seq < head.seq || (p.seq == head.seq && p.hash != head.hash)) {
        report.faults.push(Fault::Cut(head.school, head.seq));
    }
    report.faults.extend(unseen.into_iter().filter(|(seq, _)| *seq > head.seq).map(|(seq, _)| Fault::Cut(head.school, seq)));
    Ok(())
}
