//! The digital transcripts of a class (học bạ số, TT 70/2026): what its closed year says becomes their content. What happens to them
//! after that is of [`documents::transcripts`].

mod comments;
mod content;
mod words;

pub use comments::put as put_comments;
pub(crate) use content::printed;

use crate::closing::lock_both;
use crate::council;
use crate::facts::{self, ClassFacts};
use content::Gathered;
use documents::transcripts::{self, Summary};
use dto::access::Permission;
use dto::transcripts::{ClassTranscripts, TranscriptRow, TranscriptSelection, TranscriptState};
use dto::{ClassId, Code, LearnerId};
use kernel::{Ctx, Db, Error, Result, Tx};
use sea_orm::ConnectionTrait;
use std::collections::HashMap;
use transcript::Content;
use uuid::Uuid;

/// The transcripts of a class, a line for each learner whose year ended in it.
///
/// Errors: `not_found`, `regulation_unavailable`.
pub async fn of_class(db: &Db, ctx: &Ctx, class: ClassId) -> Result<ClassTranscripts> {
    let conn = db.read();
    let class = facts::class(conn, ctx, Permission::TranscriptRead, Permission::TranscriptPrepare, class).await?;
    let ready = council::is_closed(conn, &class).await?;
    let gathered = content::gather(conn, &class, ready).await?;
    answer(conn, ctx, class, ready, gathered).await
}

/// The transcripts as they stand now beside what the record was found to say.
async fn answer(
    conn: &impl ConnectionTrait,
    ctx: &Ctx,
    class: ClassFacts,
    ready: bool,
    gathered: Vec<Gathered>,
) -> Result<ClassTranscripts> {
    let there = transcripts::of_class(conn, class.school_id, class.id).await?;
    let mut comments = comments::of_class(conn, &class).await?;
    let reaches = async |permission| facts::reaches_school(conn, ctx, permission, class.school_id).await;
    let row = |one: Gathered| {
        let (comment, comment_version) = comments.remove(&one.learner).unwrap_or_default();
        row(one, &there, comment, comment_version)
    };
    Ok(ClassTranscripts {
        issuable: reaches(Permission::TranscriptIssue).await?,
        revocable: reaches(Permission::TranscriptRevoke).await?,
        preparable: class.writable,
        ready,
        rows: gathered.into_iter().map(row).collect(),
        school_id: class.school_id,
        class_id: class.id,
        class_name: class.name,
        school_name: class.school_name,
        school_year: class.school_year,
        grade: class.grade,
    })
}

fn row(one: Gathered, there: &HashMap<LearnerId, Summary>, comment: Option<String>, comment_version: i64) -> TranscriptRow {
    let summary = there.get(&one.learner);
    let draft = summary.is_none_or(|summary| summary.state == TranscriptState::Draft);
    TranscriptRow {
        outdated: summary.is_some_and(|summary| !same(&summary.content, &one.content)),
        transcript_id: summary.map(|summary| summary.id),
        state: summary.map(|summary| summary.state),
        signed: summary.map_or(0, |summary| summary.signed),
        needed: summary.map_or(0, |summary| summary.needed),
        // What stands is not looked at any more for what it may lack.
        faults: if draft { one.faults } else { Vec::new() },
        learner_id: one.learner,
        ordinal: one.ordinal,
        full_name: one.full_name,
        given_name: one.given_name,
        comment,
        comment_version,
    }
}

/// Whether a transcript says what the record says; its own name and what it takes the place of aside.
fn same(stands: &Content, today: &Content) -> bool {
    let today = Content { id: stands.id, replaces: stands.replaces, ..today.clone() };
    *stands == today
}

/// Makes the transcripts of a class as drafts, and those drafts again whose record has changed.
///
/// Errors: `not_found`, `regulation_unavailable`, `year_not_settled`, `invalid` with the learner who is not of the class.
pub async fn prepare(db: &Db, ctx: &Ctx, class: ClassId, body: &TranscriptSelection) -> Result<ClassTranscripts> {
    db.write(ctx, async |tx| {
        let (class, gathered) = settled(tx, class, body).await?;
        let item = |one: &Gathered| transcripts::Item { learner: one.learner, content: one.content.clone() };
        let items = gathered.iter().filter(|one| wanted(body, one)).map(item).collect();
        let (_, event) = transcripts::draft_in(tx, &class, items).await?;
        Ok((answer(tx.conn(), tx.ctx(), class, true, gathered).await?, vec![event]))
    })
    .await
}

/// Lets drafts stand (TT 70/2026 Đ.9: checked and confirmed), so that they can be signed.
///
/// Errors: as [`prepare`], and `transcript_not_ready` with how many lack something or say something else than the record.
pub async fn reconcile(db: &Db, ctx: &Ctx, class: ClassId, body: &TranscriptSelection) -> Result<ClassTranscripts> {
    db.write(ctx, async |tx| {
        let (class, gathered) = settled(tx, class, body).await?;
        let by_learner: HashMap<LearnerId, &Gathered> =
            gathered.iter().filter(|one| wanted(body, one)).map(|one| (one.learner, one)).collect();
        let learners: Vec<LearnerId> =
            gathered.iter().map(|one| one.learner).filter(|learner| by_learner.contains_key(learner)).collect();
        let fits = |learner, content: &Content| {
            let whole = |one: &Gathered| one.faults.iter().all(|fault| fault.warning) && same(content, &one.content);
            by_learner.get(&learner).copied().is_some_and(whole)
        };
        let event = transcripts::reconcile_in(tx, &class, &learners, fits).await?;
        Ok((answer(tx.conn(), tx.ctx(), class, true, gathered).await?, vec![event]))
    })
    .await
}

/// Whether a learner is among those that were asked for.
fn wanted(body: &TranscriptSelection, one: &Gathered) -> bool {
    body.learner_ids.as_ref().is_none_or(|learners| learners.contains(&one.learner))
}

/// A class whose year is closed, held by this transaction, with what its record says; refused where somebody who is asked for is not
/// of it.
async fn settled(tx: &Tx<'_>, class: ClassId, body: &TranscriptSelection) -> Result<(ClassFacts, Vec<Gathered>)> {
    let conn = tx.conn();
    let class = facts::class(conn, tx.ctx(), Permission::TranscriptPrepare, Permission::TranscriptPrepare, class).await?;
    lock_both(tx, &class).await?;
    if !council::is_closed(conn, &class).await? {
        return Err(Error::new(Code::YearNotSettled));
    }
    let gathered = content::gather(conn, &class, true).await?;
    if let Some(wanted) = &body.learner_ids {
        for (at, learner) in wanted.iter().enumerate() {
            if !gathered.iter().any(|one| one.learner == *learner) {
                return Err(Error::field(format!("/learner_ids/{at}"), Code::NotFound));
            }
        }
    }
    Ok((class, gathered))
}

/// The name of a transcript that is not there yet.
const UNNAMED: Uuid = Uuid::nil();
