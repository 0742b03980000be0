//! Digital transcripts of a class, and each of them.

use super::{base, file};
use crate::answer::{Answer, Changed, Found, FoundVersion};
use crate::extract::{App, Can, Id, Path, Valid, ValidQuery, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{HttpResponse, get, post, put};
use documents::transcripts;
use dto::transcripts::{
    ClassTranscripts, PostTranscriptIssue, PutTranscriptComments, ReopenTranscript, RevokeTranscript, Transcript,
    TranscriptCommentsSaved, TranscriptFileQuery, TranscriptSelection,
};
use dto::{ClassId, TranscriptId};

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(list_class_transcripts).service(prepare_transcripts).service(put_transcript_comments);
    cfg.service(reconcile_transcripts).service(issue_transcripts).service(get_transcript).service(get_transcript_file);
    cfg.service(reopen_transcript).service(give_transcript).service(revoke_transcript);
}

/// Read the transcripts of a class.
///
/// A line for each learner whose year ended in it: how far the transcript is, what a draft lacks, and whether the record says something
/// else by now.
#[utoipa::path(
    tag = "transcripts",
    params(("class_id" = ClassId, Path)),
    responses((status = 200, body = ClassTranscripts), Problems),
    security(("bearer" = ["transcript:read"]))
)]
#[get("/classes/{class_id}/transcripts")]
async fn list_class_transcripts(ctx: Can<can::TranscriptRead>, app: App, id: Id<ClassId>) -> Answer<Found<ClassTranscripts>> {
    Ok(Found(gradebook::transcripts::of_class(&app.db, &ctx, *id).await?))
}

/// Make the transcripts of a class as drafts.
///
/// From what the closed year says; drafts that are there are made again where the record has changed. What is no draft any more stays.
#[utoipa::path(
    tag = "transcripts",
    params(("class_id" = ClassId, Path)),
    request_body = TranscriptSelection,
    responses((status = 200, body = ClassTranscripts), Problems),
    security(("bearer" = ["transcript:prepare"]))
)]
#[post("/classes/{class_id}/transcripts")]
async fn prepare_transcripts(
    ctx: Can<can::TranscriptPrepare>,
    app: App,
    id: Id<ClassId>,
    body: Valid<TranscriptSelection>,
) -> Answer<Changed<ClassTranscripts>> {
    Ok(Changed(gradebook::transcripts::prepare(&app.db, &ctx, *id, &body).await?))
}

/// Save the homeroom teacher's comments about the year.
///
/// Each carries the version that its writer saw; conflicts come back with what stands there, the rest is saved.
#[utoipa::path(
    tag = "transcripts",
    params(("class_id" = ClassId, Path)),
    request_body = PutTranscriptComments,
    responses((status = 200, body = TranscriptCommentsSaved), Problems),
    security(("bearer" = ["transcript:prepare"]))
)]
#[put("/classes/{class_id}/transcripts/comments")]
async fn put_transcript_comments(
    ctx: Can<can::TranscriptPrepare>,
    app: App,
    id: Id<ClassId>,
    body: Valid<PutTranscriptComments>,
) -> Answer<Changed<TranscriptCommentsSaved>> {
    Ok(Changed(gradebook::transcripts::put_comments(&app.db, &ctx, *id, &body).await?))
}

/// Let drafts stand, so that they can be signed.
///
/// Refused as a whole where one of them lacks something, or says something else than the record (TT 70/2026 Đ.9: complete, checked,
/// confirmed).
#[utoipa::path(
    tag = "transcripts",
    params(("class_id" = ClassId, Path)),
    request_body = TranscriptSelection,
    responses((status = 200, body = ClassTranscripts), Problems),
    security(("bearer" = ["transcript:prepare"]))
)]
#[post("/classes/{class_id}/transcripts/reconcile")]
async fn reconcile_transcripts(
    ctx: Can<can::TranscriptPrepare>,
    app: App,
    id: Id<ClassId>,
    body: Valid<TranscriptSelection>,
) -> Answer<Changed<ClassTranscripts>> {
    Ok(Changed(gradebook::transcripts::reconcile(&app.db, &ctx, *id, &body).await?))
}

/// Issue the sealed transcripts of a class.
#[utoipa::path(
    tag = "transcripts",
    params(("class_id" = ClassId, Path)),
    request_body = TranscriptSelection,
    responses((status = 200, body = ClassTranscripts), Problems),
    security(("bearer" = ["transcript:issue"]))
)]
#[post("/classes/{class_id}/transcripts/issue")]
async fn issue_transcripts(
    ctx: Can<can::TranscriptIssue>,
    app: App,
    id: Id<ClassId>,
    body: Valid<TranscriptSelection>,
) -> Answer<Changed<ClassTranscripts>> {
    transcripts::issue(&app.db, &ctx, *id, body.learner_ids.as_deref()).await?;
    Ok(Changed(gradebook::transcripts::of_class(&app.db, &ctx, *id).await?))
}

/// Read a transcript with its signatures, its history, and to whom it was given.
#[utoipa::path(
    tag = "transcripts",
    params(("transcript_id" = TranscriptId, Path)),
    responses((status = 200, body = Transcript), Problems),
    security(("bearer" = ["transcript:read"]))
)]
#[get("/transcripts/{transcript_id}")]
async fn get_transcript(ctx: Can<can::TranscriptRead>, app: App, id: Id<TranscriptId>) -> Answer<FoundVersion<Transcript>> {
    let transcript = transcripts::get(&app.db, &ctx, *id).await?;
    let version = transcript.version;
    Ok(FoundVersion(transcript, version))
}

/// Download a transcript.
///
/// `xml`: the signed data. `pdf`: the sealed rendition, which carries the XML; before the seal a preview that says so on each page.
/// `copy`: to be printed, marked as a copy.
#[utoipa::path(
    tag = "transcripts",
    params(("transcript_id" = TranscriptId, Path), TranscriptFileQuery),
    responses((status = 200, description = "The file.", body = Vec<u8>, content_type = "application/pdf"), Problems),
    security(("bearer" = ["transcript:read"]))
)]
#[get("/transcripts/{transcript_id}/file")]
async fn get_transcript_file(
    ctx: Can<can::TranscriptRead>,
    app: App,
    path: Path<TranscriptId>,
    query: ValidQuery<TranscriptFileQuery>,
) -> Answer<HttpResponse> {
    Ok(file(query.form, transcripts::file(&app.db, &ctx, *path, query.form, base(&app)).await?))
}

/// Take a transcript that is not issued back to be a draft.
///
/// Signatures that it had are void; who had signed is kept in its history.
#[utoipa::path(
    tag = "transcripts",
    params(("transcript_id" = TranscriptId, Path)),
    request_body = ReopenTranscript,
    responses((status = 200, body = Transcript), Problems),
    security(("bearer" = ["transcript:prepare"]))
)]
#[post("/transcripts/{transcript_id}/reopen")]
async fn reopen_transcript(
    ctx: Can<can::TranscriptPrepare>,
    app: App,
    id: Id<TranscriptId>,
    body: Valid<ReopenTranscript>,
) -> Answer<Changed<Transcript>> {
    Ok(Changed(transcripts::reopen(&app.db, &ctx, *id, &body).await?))
}

/// Note that a transcript was given to somebody.
///
/// When, by whom, in which form, to whom and what for (TT 70/2026 Đ.10).
#[utoipa::path(
    tag = "transcripts",
    params(("transcript_id" = TranscriptId, Path)),
    request_body = PostTranscriptIssue,
    responses((status = 200, body = Transcript), Problems),
    security(("bearer" = ["transcript:issue"]))
)]
#[post("/transcripts/{transcript_id}/issues")]
async fn give_transcript(
    ctx: Can<can::TranscriptIssue>,
    app: App,
    id: Id<TranscriptId>,
    body: Valid<PostTranscriptIssue>,
) -> Answer<Changed<Transcript>> {
    Ok(Changed(transcripts::give(&app.db, &ctx, *id, &body).await?))
}

/// Revoke an issued transcript, with the decision.
///
/// What is issued is never edited: it is revoked, and another is made that takes its place (TT 70/2026 Đ.7).
#[utoipa::path(
    tag = "transcripts",
    params(("transcript_id" = TranscriptId, Path)),
    request_body = RevokeTranscript,
    responses((status = 200, body = Transcript), Problems),
    security(("bearer" = ["transcript:revoke"]))
)]
#[post("/transcripts/{transcript_id}/revoke")]
async fn revoke_transcript(
    ctx: Can<can::TranscriptRevoke>,
    app: App,
    id: Id<TranscriptId>,
    body: Valid<RevokeTranscript>,
) -> Answer<Changed<Transcript>> {
    Ok(Changed(transcripts::revoke(&app.db, &ctx, *id, &body).await?))
}
