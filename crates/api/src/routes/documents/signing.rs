//! Signing: what waits for whom, and many signatures in one act.

use super::base;
use crate::answer::{Answer, Created, Found};
use crate::extract::{App, Can, Path, Valid, can};
use crate::problem::Problems;
use crate::routes::Routes;
use crate::work;
use actix_web::{get, post};
use documents::transcripts::{self, runs};
use dto::transcripts::{PostSigningRun, SigningRun, SigningTask};
use dto::{Page, SigningRunId};

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(list_signing_tasks).service(start_signing_run).service(get_signing_run);
}

/// List what waits for one's signature.
///
/// By class: subjects that one teaches, the homeroom class, and for whoever holds the school's seal or signs as its principal each
/// class. `ready` is what can be signed now, `waiting` what waits for somebody before.
#[utoipa::path(
    tag = "transcripts",
    responses((status = 200, body = Page<SigningTask>), Problems),
    security(("bearer" = ["transcript:sign"]))
)]
#[get("/me/signing-tasks")]
async fn list_signing_tasks(ctx: Can<can::TranscriptSign>, app: App) -> Answer<Found<Page<SigningTask>>> {
    Ok(Found(Page { items: transcripts::tasks(&app.db, &ctx).await?, next: None }))
}

/// Sign many transcripts in one act.
///
/// Opens the key with its password, and answers at once; how far it is, is read at its address. The password is not kept: a server
/// that is stopped in the middle leaves what it signed, and the rest is signed by beginning again. The seal of a school is used by
/// itself, for one school.
#[utoipa::path(
    tag = "transcripts",
    request_body = PostSigningRun,
    responses((status = 201, body = SigningRun), Problems),
    security(("bearer" = ["transcript:sign"]))
)]
#[post("/signing-runs")]
async fn start_signing_run(ctx: Can<can::TranscriptSign>, app: App, body: Valid<PostSigningRun>) -> Answer<Created<SigningRun>> {
    let begun = runs::start(&app.db, &ctx, &app.signing.providers, &body).await?;
    let run = begun.run.clone();
    work::drive_signing_run(app.db.clone(), begun, base(&app).to_owned());
    Ok(Created(run))
}

/// How far a signing run of one's own is, and what could not be signed.
#[utoipa::path(
    tag = "transcripts",
    params(("signing_run_id" = SigningRunId, Path)),
    responses((status = 200, body = SigningRun), Problems),
    security(("bearer" = ["transcript:sign"]))
)]
#[get("/signing-runs/{signing_run_id}")]
async fn get_signing_run(ctx: Can<can::TranscriptSign>, app: App, path: Path<SigningRunId>) -> Answer<Found<SigningRun>> {
    Ok(Found(runs::get(&app.db, &ctx, *path).await?))
}
