//! The append-only log: who did what, when, to what, from which value to which. Hash-chained per school, so that a removed or
//! changed entry shows.

pub mod root;

use super::Tx;
use crate::{Result, id};
use chrono::{DateTime, Utc};
use dto::UnitId;
use sea_orm::sea_query::{Expr, OnConflict, Order, Query};
use sea_orm::{ConnectionTrait, ExprTrait};
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// What a write did. `school` names the chain; `None` is the chain of the directory (units, accounts, years).
#[derive(Clone, Debug)]
pub struct Event {
    pub school: Option<UnitId>,
    /// "learner.updated"
    pub verb: &'static str,
    /// "learner"
    pub subject: &'static str,
    pub subject_id: String,
    pub before: Option<Value>,
    pub after: Option<Value>,
}

impl Event {
    pub fn new(school: Option<UnitId>, verb: &'static str, subject: &'static str, subject_id: impl ToString) -> Self {
        Event { school, verb, subject, subject_id: subject_id.to_string(), before: None, after: None }
    }
    pub fn before(mut self, value: &impl Serialize) -> Self {
        self.before = serde_json::to_value(value).ok();
        self
    }
    pub fn after(mut self, value: &impl Serialize) -> Self {
        self.after = serde_json::to_value(value).ok();
        self
    }
}

/// An entry as it stands in the log.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditEntry {
    pub school_id: Uuid,
    pub seq: i64,
    pub at: DateTime<Utc>,
    pub account_id: Option<Uuid>,
    pub request_id: String,
    pub verb: String,
    pub subject: String,
    pub subject_id: String,
    pub before: Option<String>,
    pub after: Option<String>,
    pub prev_hash: String,
    pub hash: String,
}

/// SHA-256 over the entry before and all fields of this one, each with its length.
pub fn chain_hash(e: &AuditEntry) -> String {
    let mut h = Sha256::new();
    let mut put = |bytes: &[u8]| {
        h.update((bytes.len() as u64).to_be_bytes());
        h.update(bytes);
    };
    put(e.prev_hash.as_bytes());
    put(e.school_id.as_bytes());
    put(&e.seq.to_be_bytes());
    put(&e.at.timestamp_micros().to_be_bytes());
    put(e.account_id.as_ref().map_or(&[][..], |a| a.as_bytes()));
    for text in [&e.request_id, &e.verb, &e.subject, &e.subject_id] {
        put(text.as_bytes());
    }
    put(e.before.as_deref().unwrap_or("").as_bytes());
    put(e.after.as_deref().unwrap_or("").as_bytes());
    hex::encode(h.finalize())
}

const COLUMNS: [&str; 13] = [
    "school_id",
    "seq",
    "id",
    "at",
    "account_id",
    "request_id",
    "verb",
    "subject",
    "subject_id",
    "before",
    "after",
    "prev_hash",
    "hash",
];

pub(super) async fn append(tx: &Tx<'_>, events: Vec<Event>) -> Result<()> {
    for event in events {
        let school_id = event.school.map_or(Uuid::nil(), Uuid::from);
        // Takes the next number and holds the chain until the commit.
        let mut head = Query::insert();
        head.into_table("audit_head")
            .columns(["school_id", "seq", "hash"])
            .values_panic([school_id.into(), 1i64.into(), "".into()])
            .on_conflict(OnConflict::column("school_id").value("seq", Expr::col(("audit_head", "seq")).add(1)).to_owned())
            .returning(Query::returning().columns(["seq", "hash"]));
        let row = tx.conn().query_one(&head).await?.ok_or_else(|| crate::Error::internal("the audit head gave no row"))?;
        let mut entry = AuditEntry {
            school_id,
            seq: row.try_get("", "seq")?,
            at: tx.now(),
            account_id: tx.ctx().account.map(Uuid::from),
            request_id: tx.ctx().request_id.clone(),
            verb: event.verb.to_owned(),
            subject: event.subject.to_owned(),
            subject_id: event.subject_id,
            before: event.before.map(|v| v.to_string()),
            after: event.after.map(|v| v.to_string()),
            prev_hash: row.try_get("", "hash")?,
            hash: String::new(),
        };
        entry.hash = chain_hash(&entry);
        let mut insert = Query::insert();
        insert.into_table("audit").columns(COLUMNS).values_panic([
            school_id.into(),
            entry.seq.into(),
            id::new::<Uuid>().into(),
            entry.at.into(),
            entry.account_id.into(),
            entry.request_id.into(),
            entry.verb.into(),
            entry.subject.into(),
            entry.subject_id.into(),
            entry.before.into(),
            entry.after.into(),
            entry.prev_hash.into(),
            entry.hash.clone().into(),
        ]);
        tx.conn().execute(&insert).await?;
        let mut update = Query::update();
        update.table("audit_head").value("hash", entry.hash).and_where(Expr::col("school_id").eq(school_id));
        tx.conn().execute(&update).await?;
    }
    Ok(())
}

/// The entries of one chain in order, from `after` (excluded), at most `limit`.
pub async fn entries(conn: &impl ConnectionTrait, school: Option<UnitId>, after: i64, limit: u64) -> Result<Vec<AuditEntry>> {
    let mut query = Query::select();
    query
        .columns(COLUMNS)
        .from("audit")
        .and_where(Expr::col("school_id").eq(school.map_or(Uuid::nil(), Uuid::from)))
        .and_where(Expr::col("seq").gt(after))
        .order_by("seq", Order::Asc)
        .limit(limit);
    let rows = conn.query_all(&query).await?;
    rows.iter()
        .map(|r| {
            Ok(AuditEntry {
                school_id: r.try_get("", "school_id")?,
                seq: r.try_get("", "seq")?,
                at: r.try_get("", "at")?,
                account_id: r.try_get("", "account_id")?,
                request_id: r.try_get("", "request_id")?,
                verb: r.try_get("", "verb")?,
                subject: r.try_get("", "subject")?,
                subject_id: r.try_get("", "subject_id")?,
                before: r.try_get("", "before")?,
                after: r.try_get("", "after")?,
                prev_hash: r.try_get("", "prev_hash")?,
                hash: r.try_get("", "hash")?,
            })
        })
        .collect()
}

/// The number of the first entry that does not follow from the one before it, if there is one.
pub fn verify_chain(entries: &[AuditEntry]) -> Option<i64> {
    let mut prev: Option<&AuditEntry> = None;
    for e in entries {
        let follows = prev.is_none_or(|p| e.prev_hash == p.hash && e.seq == p.seq + 1);
        if !follows || chain_hash(e) != e.hash {
            return Some(e.seq);
        }
        prev = Some(e);
    }
    None
}
