//! Digital transcripts, and the keys that they are signed with.

mod check;
mod corrections;
mod family;
mod keys;
mod signing;
mod transcripts;

use crate::answer::{self, Disposition};
use crate::routes::Routes;
use crate::state::AppState;
use actix_web::HttpResponse;
use dto::transcripts::TranscriptForm;

pub fn configure(cfg: &mut impl Routes) {
    transcripts::configure(cfg);
    signing::configure(cfg);
    keys::configure(cfg);
    corrections::configure(cfg);
    family::configure(cfg);
    check::configure(cfg);
}

/// A file of a transcript as it is sent.
fn file(form: TranscriptForm, (name, bytes): (String, Vec<u8>)) -> HttpResponse {
    let media = match form {
        TranscriptForm::Xml => "application/xml",
        TranscriptForm::Pdf | TranscriptForm::Copy => "application/pdf",
    };
    answer::file(media, Disposition::Attachment, &name, bytes)
}

/// Where people reach Khuê, for the QR code of a transcript.
fn base(app: &AppState) -> &str {
    &app.config.channels.public_url
}
