//! Requests to put a mistake in a transcript right.

use crate::answer::{Answer, Changed, Created, Found};
use crate::extract::{App, Can, Id, Valid, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{get, post, put};
use documents::transcripts::corrections;
use dto::transcripts::{PostTranscriptCorrection, PutTranscriptCorrection, TranscriptCorrection};
use dto::{Page, TranscriptCorrectionId, TranscriptId, UnitId};

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(ask_correction).service(list_corrections).service(answer_correction);
}

/// Ask for a mistake in an issued transcript to be put right.
///
/// To be answered within ten working days (TT 70/2026 Đ.22 k.8).
#[utoipa::path(
    tag = "transcripts",
    params(("transcript_id" = TranscriptId, Path)),
    request_body = PostTranscriptCorrection,
    responses((status = 201, body = TranscriptCorrection), Problems),
    security(("bearer" = ["transcript:read"]))
)]
#[post("/transcripts/{transcript_id}/corrections")]
async fn ask_correction(
    ctx: Can<can::TranscriptRead>,
    app: App,
    id: Id<TranscriptId>,
    body: Valid<PostTranscriptCorrection>,
) -> Answer<Created<TranscriptCorrection>> {
    Ok(Created(corrections::ask(&app.db, &ctx, *id, &body).await?))
}

/// List the requests of a school: the open ones first, by the day on which they are due.
#[utoipa::path(
    tag = "transcripts",
    params(("unit_id" = UnitId, Path)),
    responses((status = 200, body = Page<TranscriptCorrection>), Problems),
    security(("bearer" = ["transcript:issue"]))
)]
#[get("/units/{unit_id}/transcript-corrections")]
async fn list_corrections(ctx: Can<can::TranscriptIssue>, app: App, id: Id<UnitId>) -> Answer<Found<Page<TranscriptCorrection>>> {
    Ok(Found(corrections::of_school(&app.db, &ctx, *id).await?))
}

/// Answer a request.
///
/// What is accepted is put right by revoking the transcript and making another.
#[utoipa::path(
    tag = "transcripts",
    params(("correction_id" = TranscriptCorrectionId, Path)),
    request_body = PutTranscriptCorrection,
    responses((status = 200, body = TranscriptCorrection), Problems),
    security(("bearer" = ["transcript:issue"]))
)]
#[put("/transcript-corrections/{correction_id}")]
async fn answer_correction(
    ctx: Can<can::TranscriptIssue>,
    app: App,
    id: Id<TranscriptCorrectionId>,
    body: Valid<PutTranscriptCorrection>,
) -> Answer<Changed<TranscriptCorrection>> {
    Ok(Changed(corrections::answer(&app.db, &ctx, *id, &body).await?))
}
