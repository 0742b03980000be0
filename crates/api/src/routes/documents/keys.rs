//! The keys that people sign with, and the seals of schools.

use crate::answer::{Answer, Created, Done, Found};
use crate::extract::{App, Can, Id, Path, Valid, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{delete, get, post};
use documents::keys;
use dto::transcripts::{PostSigningKey, SigningKey};
use dto::{Page, SigningKeyId, UnitId};

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(list_own_signing_keys).service(add_signing_key).service(remove_signing_key);
    cfg.service(list_school_signing_keys).service(add_seal).service(remove_seal);
}

/// List one's own signing keys.
#[utoipa::path(
    tag = "transcripts",
    responses((status = 200, body = Page<SigningKey>), Problems),
    security(("bearer" = ["key:own"]))
)]
#[get("/me/signing-keys")]
async fn list_own_signing_keys(ctx: Can<can::KeyOwn>, app: App) -> Answer<Found<Page<SigningKey>>> {
    Ok(Found(keys::own(&app.db, &ctx).await?))
}

/// Keep a signing key.
///
/// A PKCS#12 file, a key on the server's token, or a credential of the remote signing service; it is opened once, to look at it. The
/// password or PIN is not kept.
#[utoipa::path(
    tag = "transcripts",
    request_body = PostSigningKey,
    responses((status = 201, body = SigningKey), Problems),
    security(("bearer" = ["key:own"]))
)]
#[post("/me/signing-keys")]
async fn add_signing_key(ctx: Can<can::KeyOwn>, app: App, body: Valid<PostSigningKey>) -> Answer<Created<SigningKey>> {
    Ok(Created(keys::add(&app.db, &ctx, &app.signing.providers, &body).await?))
}

/// Take a signing key of one's own away. What was signed with it stands.
#[utoipa::path(
    tag = "transcripts",
    params(("signing_key_id" = SigningKeyId, Path)),
    responses((status = 204), Problems),
    security(("bearer" = ["key:own"]))
)]
#[delete("/me/signing-keys/{signing_key_id}")]
async fn remove_signing_key(ctx: Can<can::KeyOwn>, app: App, path: Path<SigningKeyId>) -> Answer<Done> {
    keys::remove(&app.db, &ctx, *path).await?;
    Ok(Done)
}

/// List the keys of a school: its seal, and those of its staff.
///
/// So that the end of a certificate is seen in time: `ends_within_days` is 60, 30 or 7 before it, and 0 after.
#[utoipa::path(
    tag = "transcripts",
    params(("unit_id" = UnitId, Path)),
    responses((status = 200, body = Page<SigningKey>), Problems),
    security(("bearer" = ["transcript:issue"]))
)]
#[get("/units/{unit_id}/signing-keys")]
async fn list_school_signing_keys(ctx: Can<can::TranscriptIssue>, app: App, id: Id<UnitId>) -> Answer<Found<Page<SigningKey>>> {
    Ok(Found(keys::of_school(&app.db, &ctx, *id).await?))
}

/// Keep the seal of a school.
#[utoipa::path(
    tag = "transcripts",
    params(("unit_id" = UnitId, Path)),
    request_body = PostSigningKey,
    responses((status = 201, body = SigningKey), Problems),
    security(("bearer" = ["transcript:issue"]))
)]
#[post("/units/{unit_id}/signing-keys")]
async fn add_seal(
    ctx: Can<can::TranscriptIssue>,
    app: App,
    id: Id<UnitId>,
    body: Valid<PostSigningKey>,
) -> Answer<Created<SigningKey>> {
    Ok(Created(keys::add_seal(&app.db, &ctx, &app.signing.providers, *id, &body).await?))
}

/// Take the seal of a school away. What was sealed with it stands.
#[utoipa::path(
    tag = "transcripts",
    params(("unit_id" = UnitId, Path), ("signing_key_id" = SigningKeyId, Path)),
    responses((status = 204), Problems),
    security(("bearer" = ["transcript:issue"]))
)]
#[delete("/units/{unit_id}/signing-keys/{signing_key_id}")]
async fn remove_seal(ctx: Can<can::TranscriptIssue>, app: App, path: Path<(UnitId, SigningKeyId)>) -> Answer<Done> {
    let (unit, key) = *path;
    keys::remove_seal(&app.db, &ctx, unit, key).await?;
    Ok(Done)
}
