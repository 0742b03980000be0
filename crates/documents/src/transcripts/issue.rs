//! Issuing what is sealed, giving it to somebody with an entry in the log, revoking it, and its files.

use super::query::{self, PDF, Stored, XML, standing};
use super::state::{self, Act};
use super::{note, reached, whole};
use crate::facts;
use dto::access::Permission;
use dto::transcripts::{
    PostTranscriptIssue, RevokeTranscript, Transcript, TranscriptForm, TranscriptRevocation, TranscriptState,
};
use dto::{ClassId, Code, LearnerId, TranscriptId};
use kernel::{Ctx, Db, Error, Event, Result, clock, id};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use serde_json::json;
use transcript::Content;
use uuid::Uuid;

/// Issues the sealed transcripts of a class, or of some of its learners. Gives how many.
///
/// Errors: `not_found`.
pub async fn issue(db: &Db, ctx: &Ctx, class: ClassId, learners: Option<&[LearnerId]>) -> Result<usize> {
    db.write(ctx, async |tx| {
        let conn = tx.conn();
        let class = facts::class(conn, tx.ctx(), Permission::TranscriptIssue, Permission::TranscriptIssue, class).await?;
        let wanted = |stored: &Stored| learners.is_none_or(|learners| learners.contains(&stored.learner_id));
        let sealed = |stored: &Stored| stored.state == TranscriptState::Sealed && wanted(stored);
        let mut issued = Vec::new();
        for stored in standing(conn, class.school_id, class.id).await?.into_values().filter(sealed) {
            let next = state::after(stored.state, Act::Issue, tx.ctx().lang)?;
            query::advance(tx, &stored, next).await?;
            let mut update = Query::update();
            update
                .table("transcript")
                .value("issued_at", tx.now())
                .and_where(Expr::col("school_id").eq(stored.school_id.0))
                .and_where(Expr::col("id").eq(stored.id.0));
            conn.execute(&update).await?;
            note(tx, stored.school_id, stored.id, "issued", None).await?;
            issued.push(stored.id);
        }
        let event =
            Event::new(Some(class.school_id), "transcript.issued", "class", class.id).after(&json!({ "transcripts": issued }));
        Ok((issued.len(), vec![event]))
    })
    .await
}

/// Notes that a transcript was given to somebody: when, by whom, what for, to whom (TT 70/2026 Đ.10).
///
/// Errors: `not_found`, `transcript_state` of what is not issued, `invalid` with the field.
pub async fn give(db: &Db, ctx: &Ctx, id: TranscriptId, body: &PostTranscriptIssue) -> Result<Transcript> {
    db.write(ctx, async |tx| {
        let (stored, _) = reached(tx.conn(), tx.ctx(), Permission::TranscriptIssue, id).await?;
        if stored.state != TranscriptState::Issued {
            return Err(state::refused(stored.state, tx.ctx().lang));
        }
        let (recipient, purpose) = (kernel::text::clean(&body.recipient), kernel::text::clean(&body.purpose));
        for (pointer, text) in [("/recipient", &recipient), ("/purpose", &purpose)] {
            if text.is_empty() {
                return Err(Error::field(pointer, Code::FieldRequired));
            }
        }
        let mut insert = Query::insert();
        insert
            .into_table("transcript_issue")
            .columns(["school_id", "transcript_id", "id", "at", "by", "form", "recipient", "purpose"])
            .values_panic([
                stored.school_id.0.into(),
                stored.id.0.into(),
                id::new::<Uuid>().into(),
                tx.now().into(),
                tx.ctx().account.map(Uuid::from).into(),
                body.form.as_str().into(),
                recipient.clone().into(),
                purpose.clone().into(),
            ]);
        tx.conn().execute(&insert).await?;
        let event = Event::new(Some(stored.school_id), "transcript.given", "transcript", stored.id)
            .after(&json!({ "form": body.form, "recipient": recipient, "purpose": purpose }));
        Ok((whole(tx.conn(), tx.ctx(), stored).await?, vec![event]))
    })
    .await
}

/// Takes an issued transcript back, with the decision; another may then be made (TT 70/2026 Đ.7).
///
/// Errors: `not_found`, `transcript_state`, `invalid` with the field.
pub async fn revoke(db: &Db, ctx: &Ctx, id: TranscriptId, body: &RevokeTranscript) -> Result<Transcript> {
    db.write(ctx, async |tx| {
        let (stored, _) = reached(tx.conn(), tx.ctx(), Permission::TranscriptRevoke, id).await?;
        let next = state::after(stored.state, Act::Revoke, tx.ctx().lang)?;
        let revoked = TranscriptRevocation {
            reason: kernel::text::clean(&body.reason),
            decision_number: kernel::text::clean(&body.decision_number),
            decided_on: body.decided_on,
        };
        for (pointer, text) in [("/reason", &revoked.reason), ("/decision_number", &revoked.decision_number)] {
            if text.is_empty() {
                return Err(Error::field(pointer, Code::FieldRequired));
            }
        }
        if revoked.decided_on > clock::today() {
            return Err(Error::field("/decided_on", Code::FieldChoice));
        }
        query::advance(tx, &stored, next).await?;
        let mut update = Query::update();
        update
            .table("transcript")
            .value("current", Option::<i16>::None)
            .value("revoked", serde_json::to_string(&revoked).map_err(Error::internal)?)
            .and_where(Expr::col("school_id").eq(stored.school_id.0))
            .and_where(Expr::col("id").eq(stored.id.0));
        tx.conn().execute(&update).await?;
        note(tx, stored.school_id, stored.id, "revoked", Some(format!("{}: {}", revoked.decision_number, revoked.reason)))
            .await?;
        let event = Event::new(Some(stored.school_id), "transcript.revoked", "transcript", stored.id).after(&revoked);
        let stored = query::one(tx.conn(), id).await?.ok_or_else(|| Error::new(Code::NotFound))?;
        Ok((whole(tx.conn(), tx.ctx(), stored).await?, vec![event]))
    })
    .await
}

/// A file of a transcript with its name: the XML as far as it is signed, the sealed PDF, or the paper copy of it, which says so on each
/// page. Before the seal the PDF is a preview that says that it is not signed.
///
/// Errors: `not_found`, `transcript_unsigned` for the XML of a draft.
pub async fn file(db: &Db, ctx: &Ctx, id: TranscriptId, form: TranscriptForm, base: &str) -> Result<(String, Vec<u8>)> {
    let (stored, _) = reached(db.read(), ctx, Permission::TranscriptRead, id).await?;
    bytes(db.read(), &stored, form, base).await
}

/// The sealed XML of every transcript of a learner that was issued and stands. For callers who may give them away.
pub async fn sealed_of(conn: &impl ConnectionTrait, learner: LearnerId) -> Result<Vec<(Content, Vec<u8>)>> {
    let mut query = query::select();
    query
        .and_where(Expr::col("learner_id").eq(learner.0))
        .and_where(Expr::col("state").eq(TranscriptState::Issued.as_str()))
        .order_by("id", Order::Asc);
    let mut files = Vec::new();
    for stored in query::all(conn, &query).await? {
        let xml = query::file(conn, &stored, XML).await?.ok_or_else(|| Error::internal("an issued transcript has no XML"))?;
        files.push((stored.content()?, xml));
    }
    Ok(files)
}

pub(super) async fn bytes(
    conn: &impl ConnectionTrait,
    stored: &Stored,
    form: TranscriptForm,
    base: &str,
) -> Result<(String, Vec<u8>)> {
    let name = |extension: &str| format!("hoc-ba-{}.{extension}", stored.id);
    let unsigned = || Error::new(Code::TranscriptUnsigned);
    let sealed = |form| async move { query::file(conn, stored, form).await };
    match form {
        TranscriptForm::Xml => Ok((name("xml"), sealed(XML).await?.ok_or_else(unsigned)?)),
        TranscriptForm::Pdf => match sealed(PDF).await? {
            Some(pdf) => Ok((name("pdf"), pdf)),
            None => Ok((name("pdf"), super::print::pdf(conn, stored, false, None, base).await?)),
        },
        TranscriptForm::Copy => Ok((name("pdf"), super::print::pdf(conn, stored, true, None, base).await?)),
    }
}
