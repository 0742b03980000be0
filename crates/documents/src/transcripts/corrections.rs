//! Requests to put a mistake in a transcript right, answered within ten working days (TT 70/2026 Đ.22 k.8).

use super::query::{self, Stored, named};
use super::{note, reached, state};
use crate::facts;
use chrono::{DateTime, NaiveDate, Utc};
use dto::access::Permission;
use dto::page::Page;
use dto::transcripts::{
    CorrectionState, PostTranscriptCorrection, PutTranscriptCorrection, TranscriptCorrection, TranscriptState,
};
use dto::{Code, LearnerId, TranscriptCorrectionId, TranscriptId, UnitId};
use identity::accounts::Names;
use kernel::{Ctx, Db, Error, Event, Result, Tx, clock, id};
use records::calendar::working_day_after;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult};
use std::collections::HashMap;
use uuid::Uuid;

/// Working days from a request that is complete (TT 70/2026 Đ.22 k.8).
const WORKING_DAYS: u32 = 10;

const COLUMNS: [&str; 11] = [
    "id",
    "school_id",
    "transcript_id",
    "text",
    "asked_at",
    "asked_by",
    "due_on",
    "state",
    "answer",
    "answered_at",
    "answered_by",
];

struct Kept {
    id: TranscriptCorrectionId,
    school: UnitId,
    transcript: TranscriptId,
    text: String,
    asked_at: DateTime<Utc>,
    asked_by: Option<Uuid>,
    due_on: NaiveDate,
    state: CorrectionState,
    answer: Option<String>,
    answered_at: Option<DateTime<Utc>>,
    answered_by: Option<Uuid>,
}

impl Kept {
    fn read(row: &QueryResult) -> Result<Kept> {
        Ok(Kept {
            id: TranscriptCorrectionId(row.try_get_by_index(0)?),
            school: UnitId(row.try_get_by_index(1)?),
            transcript: TranscriptId(row.try_get_by_index(2)?),
            text: row.try_get_by_index(3)?,
            asked_at: row.try_get_by_index(4)?,
            asked_by: row.try_get_by_index(5)?,
            due_on: row.try_get_by_index(6)?,
            state: named(&row.try_get_by_index::<String>(7)?)?,
            answer: row.try_get_by_index(8)?,
            answered_at: row.try_get_by_index(9)?,
            answered_by: row.try_get_by_index(10)?,
        })
    }

    fn told(self, of: &Stored, names: &Names) -> Result<TranscriptCorrection> {
        let content = of.content()?;
        Ok(TranscriptCorrection {
            id: self.id,
            transcript_id: self.transcript,
            learner_id: of.learner_id,
            full_name: content.learner.full_name,
            class_name: content.class.name,
            school_year: content.school_year,
            text: self.text,
            asked_at: self.asked_at,
            asked_by: names.name(self.asked_by),
            due_on: self.due_on,
            late: self.state == CorrectionState::Open && clock::today() > self.due_on,
            state: self.state,
            answer: self.answer,
            answered_at: self.answered_at,
            answered_by: self.answered_at.map(|_| names.name(self.answered_by)),
        })
    }
}

fn select() -> SelectStatement {
    let mut query = Query::select();
    query.columns(COLUMNS).from("transcript_correction").order_by("id", Order::Desc);
    query
}

async fn told(conn: &impl ConnectionTrait, ctx: &Ctx, kept: Vec<Kept>) -> Result<Vec<TranscriptCorrection>> {
    let ids: Vec<Uuid> = kept.iter().map(|kept| kept.transcript.0).collect();
    let mut of = query::select();
    of.and_where(Expr::col("id").is_in(ids));
    let of: HashMap<TranscriptId, Stored> = query::all(conn, &of).await?.into_iter().map(|stored| (stored.id, stored)).collect();
    let names = Names::of(conn, ctx.lang, kept.iter().flat_map(|kept| [kept.asked_by, kept.answered_by])).await?;
    kept.into_iter()
        .filter_map(|kept| {
            let stored = of.get(&kept.transcript)?;
            Some(kept.told(stored, &names))
        })
        .collect()
}

/// Those of one transcript, newest first.
pub(super) async fn of(conn: &impl ConnectionTrait, ctx: &Ctx, stored: &Stored) -> Result<Vec<TranscriptCorrection>> {
    let mut query = select();
    query.and_where(Expr::col("school_id").eq(stored.school_id.0)).and_where(Expr::col("transcript_id").eq(stored.id.0));
    let kept = conn.query_all(&query).await?.iter().map(Kept::read).collect::<Result<_>>()?;
    told(conn, ctx, kept).await
}

/// Staff asks for a correction, for themselves or for who came to the office.
///
/// Errors: `not_found`, `transcript_state` of what is not issued, `invalid`.
pub async fn ask(db: &Db, ctx: &Ctx, id: TranscriptId, body: &PostTranscriptCorrection) -> Result<TranscriptCorrection> {
    db.write(ctx, async |tx| {
        let (stored, _) = reached(tx.conn(), tx.ctx(), Permission::TranscriptRead, id).await?;
        ask_in(tx, &stored, body).await
    })
    .await
}

/// The learner or a guardian asks.
///
/// Errors: `not_found`, `transcript_state`, `invalid`.
pub async fn ask_as_family(
    db: &Db,
    ctx: &Ctx,
    learner: LearnerId,
    id: TranscriptId,
    body: &PostTranscriptCorrection,
) -> Result<TranscriptCorrection> {
    db.write(ctx, async |tx| {
        let stored = super::family::own(tx.conn(), tx.ctx(), learner, id).await?;
        ask_in(tx, &stored, body).await
    })
    .await
}

async fn ask_in(tx: &Tx<'_>, stored: &Stored, body: &PostTranscriptCorrection) -> Result<(TranscriptCorrection, Vec<Event>)> {
    if stored.state != TranscriptState::Issued {
        return Err(state::refused(stored.state, tx.ctx().lang));
    }
    let text = kernel::text::nfc(body.text.trim());
    if text.is_empty() {
        return Err(Error::field("/text", Code::FieldRequired));
    }
    let kept = Kept {
        id: id::new(),
        school: stored.school_id,
        transcript: stored.id,
        text,
        asked_at: tx.now(),
        asked_by: tx.ctx().account.map(Uuid::from),
        due_on: working_day_after(clock::today(), WORKING_DAYS),
        state: CorrectionState::Open,
        answer: None,
        answered_at: None,
        answered_by: None,
    };
    let mut insert = Query::insert();
    insert
        .into_table("transcript_correction")
        .columns(["id", "school_id", "transcript_id", "text", "asked_at", "asked_by", "due_on", "state"])
        .values_panic([
            kept.id.0.into(),
            kept.school.0.into(),
            kept.transcript.0.into(),
            kept.text.clone().into(),
            kept.asked_at.into(),
            kept.asked_by.into(),
            kept.due_on.into(),
            kept.state.as_str().into(),
        ]);
    tx.conn().execute(&insert).await?;
    note(tx, stored.school_id, stored.id, "correction_asked", None).await?;
    let names = Names::of(tx.conn(), tx.ctx().lang, [kept.asked_by]).await?;
    let answer = kept.told(stored, &names)?;
    let event =
        Event::new(Some(stored.school_id), "transcript_correction.asked", "transcript_correction", answer.id).after(&answer);
    Ok((answer, vec![event]))
}

/// The requests of a school: the open ones first, by the day on which they are due.
///
/// Errors: `not_found`.
pub async fn of_school(db: &Db, ctx: &Ctx, school: UnitId) -> Result<Page<TranscriptCorrection>> {
    let conn = db.read();
    facts::whole_school(conn, ctx, Permission::TranscriptIssue, school).await?;
    let mut query = select();
    query.and_where(Expr::col("school_id").eq(school.0)).limit(500);
    let kept = conn.query_all(&query).await?.iter().map(Kept::read).collect::<Result<_>>()?;
    let mut items = told(conn, ctx, kept).await?;
    items.sort_by_key(|item| (item.state != CorrectionState::Open, item.due_on));
    Ok(Page { items, next: None })
}

/// Answers a request.
///
/// Errors: `not_found`, `correction_answered`, `invalid` with the field.
pub async fn answer(
    db: &Db,
    ctx: &Ctx,
    id: TranscriptCorrectionId,
    body: &PutTranscriptCorrection,
) -> Result<TranscriptCorrection> {
    db.write(ctx, async |tx| {
        let conn = tx.conn();
        let mut query = select();
        query.and_where(Expr::col("id").eq(id.0));
        let row = conn.query_one(&query).await?.ok_or_else(|| Error::new(Code::NotFound))?;
        let kept = Kept::read(&row)?;
        let (stored, _) = reached(conn, tx.ctx(), Permission::TranscriptIssue, kept.transcript).await?;
        if kept.state != CorrectionState::Open {
            return Err(Error::new(Code::CorrectionAnswered));
        }
        if body.state == CorrectionState::Open {
            return Err(Error::field("/state", Code::FieldChoice));
        }
        let text = kernel::text::nfc(body.answer.trim());
        if text.is_empty() {
            return Err(Error::field("/answer", Code::FieldRequired));
        }
        let kept = Kept {
            state: body.state,
            answer: Some(text),
            answered_at: Some(tx.now()),
            answered_by: tx.ctx().account.map(Uuid::from),
            ..kept
        };
        let mut update = Query::update();
        update
            .table("transcript_correction")
            .value("state", kept.state.as_str())
            .value("answer", kept.answer.clone())
            .value("answered_at", kept.answered_at)
            .value("answered_by", kept.answered_by)
            .and_where(Expr::col("school_id").eq(kept.school.0))
            .and_where(Expr::col("id").eq(kept.id.0))
            .and_where(Expr::col("state").eq(CorrectionState::Open.as_str()));
        if conn.execute(&update).await?.rows_affected() != 1 {
            return Err(Error::new(Code::CorrectionAnswered));
        }
        note(tx, stored.school_id, stored.id, "correction_answered", None).await?;
        let names = Names::of(conn, tx.ctx().lang, [kept.asked_by, kept.answered_by]).await?;
        let told = kept.told(&stored, &names)?;
        let event =
            Event::new(Some(stored.school_id), "transcript_correction.answered", "transcript_correction", told.id).after(&told);
        Ok((told, vec![event]))
    })
    .await
}
