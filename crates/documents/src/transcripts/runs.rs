//! Signing many transcripts in one act: a homeroom teacher's class, a principal's school.
//!
//! The key is opened when the run begins, by the password of the person who began it, and lives in the memory of this process alone.
//! So a run that a stopped server left cannot go on by itself: what was signed stands, and the rest is signed by beginning again.

use super::query::named;
use super::sign::{self, Desk, Refused, Todo};
use crate::keys;
use crate::signing::{Signer, TimeStamper};
use chrono::{DateTime, Utc};
use dto::transcripts::{PostSigningRun, SigningFailure, SigningRole, SigningRun, SigningRunState};
use dto::{Code, SigningRunId, TranscriptId, UnitId};
use kernel::{Ctx, Db, Error, Event, Result, id};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;
use uuid::Uuid;

/// As many are written in one transaction.
const AT_ONCE: usize = 25;

/// Failures that are named one by one; beyond, only counted by what is not done.
const NAMED: usize = 200;

/// A run that was begun, and what is needed to do it.
pub struct Begun {
    pub run: SigningRun,
    todo: Vec<Todo>,
    signer: Arc<dyn Signer>,
    stamper: Option<Arc<TimeStamper>>,
    ctx: Ctx,
}

/// Begins a run: opens the key, and finds what is due. [`drive`] does it.
///
/// Errors: `not_found` (the key; a class where the caller does not sign so), `signing_key_wrong`, `signing_key_expired`,
/// `signing_unavailable`, `certificate_revoked`, `certificate_status_unknown`.
pub async fn start(db: &Db, ctx: &Ctx, providers: &keys::Providers, body: &PostSigningRun) -> Result<Begun> {
    let conn = db.read();
    let todo = sign::due(conn, ctx, &body.items).await?;
    // A seal belongs to one school and a person's key to a person.
    let seals: BTreeSet<UnitId> = todo.iter().filter(|t| t.role == SigningRole::Seal).map(|t| t.class.school_id).collect();
    let persons = body.items.iter().any(|item| item.role != SigningRole::Seal);
    let signer = match (seals.len(), persons) {
        (0, _) if persons => keys::open_own(conn, ctx, providers, body.key_id, body.password.as_deref()).await?,
        (0 | 1, false) => {
            keys::open_seal(conn, ctx, providers, seals.first().copied(), body.key_id, body.password.as_deref()).await?
        }
        _ => return Err(Error::field("/items", Code::FieldChoice)),
    };
    let (total, run) = (i32::try_from(todo.len()).unwrap_or(i32::MAX), id::new::<SigningRunId>());
    let account = ctx.account.ok_or_else(|| Error::new(Code::Unauthenticated))?;
    let run = db
        .write(ctx, async |tx| {
            let mut insert = Query::insert();
            insert
                .into_table("signing_run")
                .columns(["id", "account_id", "state", "total", "done", "failed", "started_at"])
                .values_panic([
                    run.0.into(),
                    account.0.into(),
                    SigningRunState::Running.as_str().into(),
                    total.into(),
                    0.into(),
                    "[]".into(),
                    tx.now().into(),
                ]);
            tx.conn().execute(&insert).await?;
            let event = Event::new(None, "signing_run.started", "signing_run", run)
                .after(&json!({ "key": body.key_id, "transcripts": total }));
            Ok((find(tx.conn(), account.0, run).await?, vec![event]))
        })
        .await?;
    Ok(Begun { run, todo, signer, stamper: providers.stamper(), ctx: ctx.clone() })
}

/// Does a run to its end. `base` is where people reach Khuê, for the QR code.
pub async fn drive(db: &Db, begun: Begun, base: &str) -> Result<()> {
    let Begun { run, todo, signer, stamper, ctx } = begun;
    let desk = Desk { stamper: stamper.as_deref(), base };
    let (mut done, mut failed) = (0, Vec::new());
    let mut rest = &todo[..];
    while let Some(first) = rest.first() {
        // One chunk is of one class, subject and role: one entry in the log.
        let same = |t: &&Todo| (t.class.id, t.role, &t.subject) == (first.class.id, first.role, &first.subject);
        let size = rest.iter().take(AT_ONCE).take_while(same).count();
        let (chunk, after) = rest.split_at(size);
        for (transcript, outcome) in sign::sign_some(db, &ctx, signer.as_ref(), chunk, &desk).await {
            match outcome {
                Ok(()) => done += 1,
                // Somebody, or the same person in another window, was quicker: it is signed.
                Err(why) if why.code == Code::SignedAlready.as_str() => done += 1,
                Err(why) => failed.extend(failure(&todo, transcript, why).filter(|_| failed.len() < NAMED)),
            }
        }
        rest = after;
        let state = if rest.is_empty() { SigningRunState::Done } else { SigningRunState::Running };
        keep(db, &ctx, run.id, state, done, &failed).await?;
    }
    if todo.is_empty() {
        keep(db, &ctx, run.id, SigningRunState::Done, 0, &failed).await?;
    }
    Ok(())
}

fn failure(todo: &[Todo], transcript: TranscriptId, why: Refused) -> Option<SigningFailure> {
    let of = todo.iter().find(|t| t.transcript == transcript)?;
    Some(SigningFailure {
        transcript_id: transcript,
        full_name: of.full_name.clone(),
        class_name: of.class.name.clone(),
        code: why.code,
        vi: why.vi,
        en: why.en,
    })
}

async fn keep(db: &Db, ctx: &Ctx, run: SigningRunId, state: SigningRunState, done: i32, failed: &[SigningFailure]) -> Result<()> {
    // In the name of the program: whoever began it may have signed out, which does not take back what they began.
    let mut own = Ctx::system(&format!("signing-run-{}", run.0.simple()));
    own.account = ctx.account;
    db.write(&own, async |tx| {
        let mut update = Query::update();
        update
            .table("signing_run")
            .value("state", state.as_str())
            .value("done", done)
            .value("failed", serde_json::to_string(failed).map_err(Error::internal)?)
            .value("finished_at", (state != SigningRunState::Running).then(|| tx.now()))
            .and_where(Expr::col("id").eq(run.0));
        tx.conn().execute(&update).await?;
        let event = Event::new(None, "signing_run.went_on", "signing_run", run)
            .after(&json!({ "state": state, "done": done, "failed": failed.len() }));
        Ok(((), vec![event]))
    })
    .await
}

/// A run of the caller's.
///
/// Errors: `not_found`.
pub async fn get(db: &Db, ctx: &Ctx, run: SigningRunId) -> Result<SigningRun> {
    let account = ctx.account.ok_or_else(|| Error::new(Code::NotFound))?;
    find(db.read(), account.0, run).await
}

/// Marks the runs that a stopped server left as stopped. Gives how many.
pub async fn mark_stopped(db: &Db) -> Result<u64> {
    let mut running = Query::select();
    running.column("id").from("signing_run").and_where(Expr::col("state").eq(SigningRunState::Running.as_str()));
    if db.read().query_one(&running).await?.is_none() {
        return Ok(0);
    }
    db.write(&Ctx::system("signing-runs"), async |tx| {
        let mut update = Query::update();
        update
            .table("signing_run")
            .value("state", SigningRunState::Stopped.as_str())
            .value("finished_at", tx.now())
            .and_where(Expr::col("state").eq(SigningRunState::Running.as_str()));
        let stopped = tx.conn().execute(&update).await?.rows_affected();
        let event = Event::new(None, "signing_run.stopped", "signing_run", "").after(&json!({ "runs": stopped }));
        Ok((stopped, vec![event]))
    })
    .await
}

async fn find(conn: &impl ConnectionTrait, account: Uuid, run: SigningRunId) -> Result<SigningRun> {
    let mut query = Query::select();
    query
        .columns(["state", "total", "done", "failed", "started_at", "finished_at"])
        .from("signing_run")
        .and_where(Expr::col("id").eq(run.0))
        .and_where(Expr::col("account_id").eq(account));
    let row = conn.query_one(&query).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    let failed: String = row.try_get_by_index(3)?;
    let count = |at| -> Result<u32> { Ok(u32::try_from(row.try_get_by_index::<i32>(at)?).unwrap_or(0)) };
    Ok(SigningRun {
        id: run,
        state: named(&row.try_get_by_index::<String>(0)?)?,
        total: count(1)?,
        done: count(2)?,
        failed: serde_json::from_str(&failed).map_err(Error::internal)?,
        started_at: row.try_get_by_index::<DateTime<Utc>>(4)?,
        finished_at: row.try_get_by_index(5)?,
    })
}
