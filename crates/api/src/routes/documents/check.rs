//! What anyone may know who holds the code of a transcript.

use crate::answer::{Answer, Found};
use crate::extract::{App, Path};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::get;
use documents::transcripts::check;
use dto::transcripts::{TranscriptCheck, TrustList};

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(check_transcript).service(get_trust);
}

/// Whether a transcript stands, by the code in its QR code.
///
/// Needs no account. The code is of 128 random bits: who holds it holds the paper. It tells the school, the year, the content's hash,
/// who signed when, and of the name only its ends. That the file in hand is the one that was signed, is checked without a server, on
/// the check page or by `khue transcript verify`.
#[utoipa::path(
    tag = "transcripts",
    params(("check_code" = String, Path)),
    responses((status = 200, body = TranscriptCheck), Problems),
)]
#[get("/public/transcripts/{check_code}")]
async fn check_transcript(app: App, path: Path<String>) -> Answer<Found<TranscriptCheck>> {
    Ok(Found(check::by_code(&app.db, &path).await?))
}

/// Whom this installation trusts: authorities, and their lists of revoked certificates.
///
/// Needs no account. With them a file is checked in the browser, and nothing of it is sent.
#[utoipa::path(tag = "transcripts", responses((status = 200, body = TrustList), Problems))]
#[get("/public/trust")]
async fn get_trust(app: App) -> Answer<Found<TrustList>> {
    Ok(Found(app.signing.trust.clone()))
}
