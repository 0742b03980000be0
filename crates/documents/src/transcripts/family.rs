//! What the learner and their guardians see of transcripts: those that were issued.

use super::query::{self, Stored};
use super::{corrections, issue};
use crate::facts;
use dto::page::Page;
use dto::transcripts::{FamilyTranscript, TranscriptForm, TranscriptState};
use dto::{Code, LearnerId, TranscriptId};
use kernel::{Ctx, Db, Error, Result};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Order};

/// The transcripts of one's child, or of oneself, newest first; those that were revoked among them, as such.
///
/// Errors: `not_found`.
pub async fn list(db: &Db, ctx: &Ctx, learner: LearnerId) -> Result<Page<FamilyTranscript>> {
    let conn = db.read();
    if !facts::is_family(conn, ctx, learner).await? {
        return Err(Error::new(Code::NotFound));
    }
    let mut query = query::select();
    query
        .and_where(Expr::col("learner_id").eq(learner.0))
        .and_where(Expr::col("issued_at").is_not_null())
        .order_by("id", Order::Desc);
    let mut items = Vec::new();
    for stored in query::all(conn, &query).await? {
        let content = stored.content()?;
        items.push(FamilyTranscript {
            id: stored.id,
            school_year: content.school_year,
            school_name: content.school.name,
            class_name: content.class.name,
            state: stored.state,
            issued_at: stored.issued_at.ok_or_else(|| Error::internal("an issued transcript has no day"))?,
            corrections: corrections::of(conn, ctx, &stored).await?,
            check_code: stored.check_code,
        });
    }
    Ok(Page { items, next: None })
}

/// A transcript of one's child that was issued.
pub(super) async fn own(conn: &impl ConnectionTrait, ctx: &Ctx, learner: LearnerId, id: TranscriptId) -> Result<Stored> {
    let none = || Error::new(Code::NotFound);
    if !facts::is_family(conn, ctx, learner).await? {
        return Err(none());
    }
    let stored = query::one(conn, id).await?.ok_or_else(none)?;
    if stored.learner_id == learner && stored.state.is_final() { Ok(stored) } else { Err(none()) }
}

/// A file of it.
///
/// Errors: `not_found`, `transcript_state` of one that was revoked.
pub async fn file(
    db: &Db,
    ctx: &Ctx,
    learner: LearnerId,
    id: TranscriptId,
    form: TranscriptForm,
    base: &str,
) -> Result<(String, Vec<u8>)> {
    let stored = own(db.read(), ctx, learner, id).await?;
    if stored.state != TranscriptState::Issued {
        return Err(super::state::refused(stored.state, ctx.lang));
    }
    issue::bytes(db.read(), &stored, form, base).await
}
