//! Transcripts as the learner and their guardians see them.

use super::{base, file};
use crate::answer::{Answer, Created, Found};
use crate::extract::{App, Can, Id, Path, Valid, ValidQuery, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{HttpResponse, get, post};
use documents::transcripts::{corrections, family};
use dto::transcripts::{FamilyTranscript, PostTranscriptCorrection, TranscriptCorrection, TranscriptFileQuery};
use dto::{LearnerId, Page, TranscriptId};

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(list_child_transcripts).service(get_child_transcript_file).service(ask_child_correction);
}

/// List a child's transcripts that were issued.
#[utoipa::path(
    tag = "family",
    params(("learner_id" = LearnerId, Path)),
    responses((status = 200, body = Page<FamilyTranscript>), Problems),
    security(("bearer" = ["family:read"]))
)]
#[get("/me/children/{learner_id}/transcripts")]
async fn list_child_transcripts(ctx: Can<can::FamilyRead>, app: App, id: Id<LearnerId>) -> Answer<Found<Page<FamilyTranscript>>> {
    Ok(Found(family::list(&app.db, &ctx, *id).await?))
}

/// Download a child's transcript.
#[utoipa::path(
    tag = "family",
    params(("learner_id" = LearnerId, Path), ("transcript_id" = TranscriptId, Path), TranscriptFileQuery),
    responses((status = 200, description = "The file.", body = Vec<u8>, content_type = "application/pdf"), Problems),
    security(("bearer" = ["family:read"]))
)]
#[get("/me/children/{learner_id}/transcripts/{transcript_id}/file")]
async fn get_child_transcript_file(
    ctx: Can<can::FamilyRead>,
    app: App,
    path: Path<(LearnerId, TranscriptId)>,
    query: ValidQuery<TranscriptFileQuery>,
) -> Answer<HttpResponse> {
    let (learner, transcript) = *path;
    Ok(file(query.form, family::file(&app.db, &ctx, learner, transcript, query.form, base(&app)).await?))
}

/// Ask for a mistake in a child's transcript to be put right.
#[utoipa::path(
    tag = "family",
    params(("learner_id" = LearnerId, Path), ("transcript_id" = TranscriptId, Path)),
    request_body = PostTranscriptCorrection,
    responses((status = 201, body = TranscriptCorrection), Problems),
    security(("bearer" = ["family:read"]))
)]
#[post("/me/children/{learner_id}/transcripts/{transcript_id}/corrections")]
async fn ask_child_correction(
    ctx: Can<can::FamilyRead>,
    app: App,
    path: Path<(LearnerId, TranscriptId)>,
    body: Valid<PostTranscriptCorrection>,
) -> Answer<Created<TranscriptCorrection>> {
    let (learner, transcript) = *path;
    Ok(Created(corrections::ask_as_family(&app.db, &ctx, learner, transcript, &body).await?))
}
