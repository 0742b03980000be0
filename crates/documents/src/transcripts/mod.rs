//! Digital transcripts (học bạ số, TT 70/2026/TT-BGDĐT).
//!
//! | module | what |
//! |---|---|
//! | [`state`] | the way of a transcript, and nothing else |
//! | [`draft`] | making, reconciling, reopening: what the gradebook gathered becomes content that stands |
//! | [`sign`], [`runs`] | whose turn it is; many signatures in one act |
//! | [`issue`] | issuing, giving with a log, revoking, files |
//! | [`corrections`] | requests to put something right, with their clock |
//! | [`check`] | what anyone may know who holds a code |
//!
//! A transcript's content is fixed when it is reconciled. Every later step writes with the version that it read, so that of two who
//! sign at the same time none takes the other's signature away.

pub mod check;
pub mod corrections;
mod draft;
pub mod family;
mod issue;
mod print;
mod query;
pub mod runs;
mod sign;
mod state;

pub use draft::{Item, draft_in, reconcile_in, reopen};
pub use issue::{file, give, issue, revoke, sealed_of};
pub use query::{Summary, of_class};
pub use sign::tasks;

use crate::facts;
use dto::access::Permission;
use dto::transcripts::{Transcript, TranscriptEvent, TranscriptIssue, TranscriptSignature};
use dto::{Code, TranscriptId, UnitId};
use identity::accounts::Names;
use kernel::{Ctx, Db, Error, Result, Tx, id};
use query::Stored;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use uuid::Uuid;

/// One transcript with its history, of a class that the caller reaches.
///
/// Errors: `not_found`.
pub async fn get(db: &Db, ctx: &Ctx, id: TranscriptId) -> Result<Transcript> {
    let (stored, _) = reached(db.read(), ctx, Permission::TranscriptRead, id).await?;
    whole(db.read(), ctx, stored).await
}

/// A transcript of a class that a permission reaches.
async fn reached(
    conn: &impl ConnectionTrait,
    ctx: &Ctx,
    permission: Permission,
    id: TranscriptId,
) -> Result<(Stored, facts::ClassFacts)> {
    let stored = query::one(conn, id).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    let class = facts::class(conn, ctx, permission, permission, stored.class_id).await?;
    Ok((stored, class))
}

async fn whole(conn: &impl ConnectionTrait, ctx: &Ctx, stored: Stored) -> Result<Transcript> {
    let content = stored.content()?;
    let signatures = query::signatures(conn, stored.school_id, stored.id).await?;
    let rows = conn.query_all(&log("transcript_event", ["at", "by", "what", "note"], &stored)).await?;
    let events: Vec<(Option<Uuid>, TranscriptEvent)> = rows
        .iter()
        .map(|row| {
            let event = TranscriptEvent {
                at: row.try_get_by_index(0)?,
                by: String::new(),
                what: row.try_get_by_index(2)?,
                note: row.try_get_by_index(3)?,
            };
            Ok((row.try_get_by_index(1)?, event))
        })
        .collect::<Result<_>>()?;
    let mut given = log("transcript_issue", ["at", "by", "form", "recipient"], &stored);
    given.column("purpose");
    let rows = conn.query_all(&given).await?;
    let issues: Vec<(Option<Uuid>, TranscriptIssue)> = rows
        .iter()
        .map(|row| {
            let issue = TranscriptIssue {
                at: row.try_get_by_index(0)?,
                by: String::new(),
                form: query::named(&row.try_get_by_index::<String>(2)?)?,
                recipient: row.try_get_by_index(3)?,
                purpose: row.try_get_by_index(4)?,
            };
            Ok((row.try_get_by_index(1)?, issue))
        })
        .collect::<Result<_>>()?;
    let names = Names::of(conn, ctx.lang, events.iter().map(|(by, _)| *by).chain(issues.iter().map(|(by, _)| *by))).await?;
    let corrections = corrections::of(conn, ctx, &stored).await?;
    Ok(Transcript {
        full_name: content.learner.full_name.clone(),
        class_name: content.class.name.clone(),
        school_year: content.school_year.clone(),
        signatures: signatures.into_iter().map(|signature| signature.told(&content)).collect::<Vec<TranscriptSignature>>(),
        content: serde_json::to_value(&content).map_err(Error::internal)?,
        id: stored.id,
        school_id: stored.school_id,
        class_id: stored.class_id,
        learner_id: stored.learner_id,
        state: stored.state,
        version: stored.version,
        content_hash: stored.content_hash,
        check_code: stored.check_code,
        history: events.into_iter().map(|(by, event)| TranscriptEvent { by: names.name(by), ..event }).collect(),
        issues: issues.into_iter().map(|(by, issue)| TranscriptIssue { by: names.name(by), ..issue }).collect(),
        corrections,
        replaces: stored.replaces,
        superseded_by: stored.superseded_by,
        revoked: stored.revoked,
    })
}

fn log(table: &'static str, columns: [&'static str; 4], of: &Stored) -> sea_orm::sea_query::SelectStatement {
    let mut query = Query::select();
    query
        .columns(columns)
        .from(table)
        .and_where(Expr::col("school_id").eq(of.school_id.0))
        .and_where(Expr::col("transcript_id").eq(of.id.0))
        .order_by("id", Order::Desc);
    query
}

/// Notes what happened to a transcript.
async fn note(tx: &Tx<'_>, school: UnitId, of: TranscriptId, what: &str, note: Option<String>) -> Result<()> {
    let mut insert = Query::insert();
    insert.into_table("transcript_event").columns(["school_id", "transcript_id", "id", "at", "by", "what", "note"]).values_panic(
        [
            school.0.into(),
            of.0.into(),
            id::new::<Uuid>().into(),
            tx.now().into(),
            tx.ctx().account.map(Uuid::from).into(),
            what.into(),
            note.into(),
        ],
    );
    tx.conn().execute(&insert).await?;
    Ok(())
}
