//! Making drafts, reconciling them, and taking one back to be a draft.

use super::query::{self, Stored, XML, put_file, standing};
use super::state::{self, Act};
use super::{note, reached, whole};
use crate::facts::ClassFacts;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use dto::access::Permission;
use dto::transcripts::{ReopenTranscript, Transcript, TranscriptState};
use dto::{Code, LearnerId, TranscriptId};
use kernel::{Ctx, Db, Error, Event, Result, Tx, id};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use serde_json::json;
use transcript::{Content, Document};
use uuid::Uuid;

/// What the record says of a learner's year today; `id` and `replaces` are filled in here.
#[derive(Clone, Debug)]
pub struct Item {
    pub learner: LearnerId,
    pub content: Content,
}

/// Makes drafts, and makes those again whose record has changed. What is no draft any more is left as it is. Gives how many.
pub async fn draft_in(tx: &Tx<'_>, class: &ClassFacts, items: Vec<Item>) -> Result<(usize, Event)> {
    let conn = tx.conn();
    let mut there = standing(conn, class.school_id, class.id).await?;
    let mut made = Vec::new();
    for Item { learner, mut content } in items {
        match there.remove(&learner) {
            Some(stored) if state::after(stored.state, Act::Draft, tx.ctx().lang).is_ok() => {
                content.id = stored.id.0;
                content.replaces = stored.replaces.map(Uuid::from);
                if stored.content()? != content {
                    let mut update = Query::update();
                    update
                        .table("transcript")
                        .value("content", text(&content)?)
                        .value("content_hash", hash(&content)?)
                        .and_where(Expr::col("school_id").eq(stored.school_id.0))
                        .and_where(Expr::col("id").eq(stored.id.0));
                    conn.execute(&update).await?;
                    query::advance(tx, &stored, TranscriptState::Draft).await?;
                    made.push(stored.id);
                }
            }
            Some(_) => {}
            None => made.push(insert(tx, class, learner, content).await?),
        }
    }
    let event = Event::new(Some(class.school_id), "transcript.drafted", "class", class.id).after(&json!({ "transcripts": made }));
    Ok((made.len(), event))
}

fn hash(content: &Content) -> Result<String> {
    transcript::content_hash(content).map_err(unwritable)
}

/// The record holds something that cannot be part of a signed text (a control character).
fn unwritable(fault: transcript::Fault) -> Error {
    Error::new(Code::TranscriptUnwritable).with("what", fault.detail.unwrap_or_default())
}

fn text(content: &Content) -> Result<String> {
    serde_json::to_string(content).map_err(Error::internal)
}

async fn insert(tx: &Tx<'_>, class: &ClassFacts, learner: LearnerId, mut content: Content) -> Result<TranscriptId> {
    let conn = tx.conn();
    let made = id::new::<TranscriptId>();
    // The last one that was revoked, here or at another school of the same year, is what this one takes the place of.
    let mut revoked = query::select();
    revoked
        .and_where(Expr::col("learner_id").eq(learner.0))
        .and_where(Expr::col("school_id").eq(class.school_id.0))
        .and_where(Expr::col("school_year_id").eq(class.school_year_id.0))
        .and_where(Expr::col("state").eq(TranscriptState::Revoked.as_str()))
        .and_where(Expr::col("superseded_by").is_null())
        .order_by("id", Order::Desc)
        .limit(1);
    let replaces = query::all(conn, &revoked).await?.into_iter().next();
    content.id = made.0;
    content.replaces = replaces.as_ref().map(|stored| stored.id.0);
    let mut insert = Query::insert();
    insert
        .into_table("transcript")
        .columns([
            "school_id",
            "id",
            "class_id",
            "learner_id",
            "school_year_id",
            "state",
            "current",
            "version",
            "content",
            "content_hash",
            "check_code",
            "replaces",
            "updated_at",
        ])
        .values_panic([
            class.school_id.0.into(),
            made.0.into(),
            class.id.0.into(),
            learner.0.into(),
            class.school_year_id.0.into(),
            TranscriptState::Draft.as_str().into(),
            1_i16.into(),
            1_i64.into(),
            text(&content)?.into(),
            hash(&content)?.into(),
            check_code().into(),
            content.replaces.into(),
            tx.now().into(),
        ]);
    conn.execute(&insert).await?;
    if let Some(replaced) = replaces {
        let mut update = Query::update();
        update
            .table("transcript")
            .value("superseded_by", made.0)
            .and_where(Expr::col("school_id").eq(replaced.school_id.0))
            .and_where(Expr::col("id").eq(replaced.id.0));
        conn.execute(&update).await?;
    }
    note(tx, class.school_id, made, "drafted", None).await?;
    Ok(made)
}

/// 128 bits that nobody guesses: who holds the code holds the paper.
fn check_code() -> String {
    BASE64_URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>())
}

/// Lets the content of drafts stand, and asks for the signatures: of each subject's teacher, the homeroom teacher, the principal, the
/// school's seal. `fits` says of a draft whether it lacks nothing and is what the record says.
///
/// Errors: `transcript_not_ready` with how many do not fit.
pub async fn reconcile_in(
    tx: &Tx<'_>,
    class: &ClassFacts,
    learners: &[LearnerId],
    fits: impl Fn(LearnerId, &Content) -> bool,
) -> Result<Event> {
    let mut there = standing(tx.conn(), class.school_id, class.id).await?;
    let mut drafts = Vec::new();
    let mut unfit = 0;
    for learner in learners {
        let Some(stored) = there.remove(learner).filter(|stored| stored.state == TranscriptState::Draft) else { continue };
        let content = stored.content()?;
        if fits(*learner, &content) { drafts.push((stored, content)) } else { unfit += 1 }
    }
    if unfit > 0 {
        return Err(Error::new(Code::TranscriptNotReady).with("count", unfit));
    }
    let mut ids = Vec::with_capacity(drafts.len());
    for (stored, content) in drafts {
        let next = state::after(stored.state, Act::Reconcile, tx.ctx().lang)?;
        let document = Document::new(content).map_err(unwritable)?;
        ask(tx, &stored, &document).await?;
        put_file(tx, &stored, XML, document.to_xml()).await?;
        query::advance(tx, &stored, next).await?;
        note(tx, stored.school_id, stored.id, "reconciled", None).await?;
        ids.push(stored.id);
    }
    Ok(Event::new(Some(class.school_id), "transcript.reconciled", "class", class.id).after(&json!({ "transcripts": ids })))
}

/// The signatures that a transcript needs, in their order.
async fn ask(tx: &Tx<'_>, of: &Stored, document: &Document) -> Result<()> {
    let mut insert = Query::insert();
    insert.into_table("transcript_signature").columns(["school_id", "transcript_id", "position", "role", "subject_code"]);
    for (position, role) in (0_i16..).zip(document.required()) {
        let (role, subject) = query::role_columns(role);
        insert.values_panic([of.school_id.0.into(), of.id.0.into(), position.into(), role.as_str().into(), subject.into()]);
    }
    tx.conn().execute(&insert).await?;
    Ok(())
}

/// Takes a transcript that is not issued back to be a draft. Signatures that it had are void; who had signed is kept in its history.
///
/// Errors: `not_found`, `transcript_state`, `invalid` with `/reason`.
pub async fn reopen(db: &Db, ctx: &Ctx, id: TranscriptId, body: &ReopenTranscript) -> Result<Transcript> {
    db.write(ctx, async |tx| {
        let (stored, _) = reached(tx.conn(), tx.ctx(), Permission::TranscriptPrepare, id).await?;
        let next = state::after(stored.state, Act::Reopen, tx.ctx().lang)?;
        let reason = kernel::text::clean(&body.reason);
        if reason.is_empty() {
            return Err(Error::field("/reason", Code::FieldRequired));
        }
        let void: Vec<String> = query::signatures(tx.conn(), stored.school_id, stored.id)
            .await?
            .into_iter()
            .filter_map(|signature| Some(format!("{} {}", signature.signer?, signature.subject).trim().to_owned()))
            .collect();
        for table in ["transcript_signature", "transcript_file"] {
            let mut delete = Query::delete();
            delete
                .from_table(table)
                .and_where(Expr::col("school_id").eq(stored.school_id.0))
                .and_where(Expr::col("transcript_id").eq(stored.id.0));
            tx.conn().execute(&delete).await?;
        }
        query::advance(tx, &stored, next).await?;
        let told = if void.is_empty() { reason.clone() } else { format!("{reason} ({})", void.join(", ")) };
        note(tx, stored.school_id, stored.id, "reopened", Some(told)).await?;
        let event = Event::new(Some(stored.school_id), "transcript.reopened", "transcript", stored.id)
            .before(&json!({ "state": stored.state, "signatures": void }))
            .after(&json!({ "state": next, "reason": reason }));
        let stored = query::one(tx.conn(), id).await?.ok_or_else(|| Error::new(Code::NotFound))?;
        Ok((whole(tx.conn(), tx.ctx(), stored).await?, vec![event]))
    })
    .await
}
