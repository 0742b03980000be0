//! The paper of a transcript.

use super::qr::{Qr, qr};
use super::{Attachment, Extras, Form, render_with};
use chrono::{DateTime, FixedOffset, Utc};
use kernel::Result;
use serde::{Serialize, Serializer};
use transcript::{Content, Role};

/// A transcript as it is drawn.
#[derive(Clone, Debug)]
pub struct Sheet<'a> {
    pub content: &'a Content,
    /// SHA-256 of the canonical content, in hexadecimal; the XML carries the same.
    pub content_hash: &'a str,
    /// What the QR code opens.
    pub check_url: &'a str,
    /// In any order; a role that has not signed is missing.
    pub signatures: &'a [Signed],
    /// Marked across each page: who holds it holds a copy.
    pub copy: bool,
    /// Marked across each page: "BẢN NHÁP – CHƯA KÝ".
    pub draft: bool,
}

/// A signature as the paper shows it.
#[derive(Clone, Debug, Serialize)]
pub struct Signed {
    #[serde(flatten)]
    pub role: Role,
    /// Of the certificate.
    pub name: String,
    /// Printed in Vietnam's time.
    #[serde(serialize_with = "in_vietnam")]
    pub time: DateTime<Utc>,
}

fn in_vietnam<S: Serializer>(at: &DateTime<Utc>, to: S) -> Result<S::Ok, S::Error> {
    let text = match FixedOffset::east_opt(7 * 3600) {
        Some(vietnam) => at.with_timezone(&vietnam).format("%H:%M %d/%m/%Y").to_string(),
        None => at.to_rfc3339(),
    };
    to.serialize_str(&text)
}

/// What the template reads.
#[derive(Serialize)]
struct Data<'a> {
    content: &'a Content,
    content_hash: &'a str,
    check_url: &'a str,
    qr: Qr,
    signatures: &'a [Signed],
    copy: bool,
    draft: bool,
}

/// The PDF of a transcript, with its files inside. `archive` is the moment of making for PDF/A-3b; `None` where only a look is wanted.
pub fn draw(sheet: &Sheet<'_>, attachments: Vec<Attachment>, archive: Option<DateTime<Utc>>) -> Result<Vec<u8>> {
    let data = Data {
        content: sheet.content,
        content_hash: sheet.content_hash,
        check_url: sheet.check_url,
        qr: qr(sheet.check_url)?,
        signatures: sheet.signatures,
        copy: sheet.copy,
        draft: sheet.draft,
    };
    render_with(Form::Transcript, &data, &Extras { attachments, archive })
}
