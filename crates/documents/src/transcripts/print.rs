//! The paper of a transcript: a preview, a copy, or what is sealed.

use super::query::{self, Stored};
use crate::rendering::{self, Attachment, Sheet, Signed};
use chrono::{DateTime, Utc};
use dto::transcripts::TranscriptState;
use kernel::Result;
use sea_orm::ConnectionTrait;

/// The paper without a signature of its own: a preview before the seal, a copy after it. `archive`: the moment of making, for what is
/// kept for good, with the signed XML inside.
pub(super) async fn pdf(
    conn: &impl ConnectionTrait,
    stored: &Stored,
    copy: bool,
    archive: Option<(DateTime<Utc>, Vec<u8>, Signed)>,
    base: &str,
) -> Result<Vec<u8>> {
    let content = stored.content()?;
    let mut signatures: Vec<Signed> = query::signatures(conn, stored.school_id, stored.id)
        .await?
        .into_iter()
        .filter_map(|signature| {
            let role = signature.form_role();
            Some(Signed { role, name: signature.signer?, time: signature.signed_at? })
        })
        .collect();
    let draft = archive.is_none() && !matches!(stored.state, TranscriptState::Sealed | TranscriptState::Issued);
    let (content_hash, check_url) = (stored.content_hash.clone(), format!("{base}/check/{}", stored.check_code));
    let name = format!("hoc-ba-{}.xml", stored.id);
    let draw = move || {
        let (attachments, at) = match archive {
            Some((at, xml, seal)) => {
                signatures.push(seal);
                // The hash stands here for whoever compares the paper with the data in it.
                let description = format!("Học bạ số đã ký (TT 70/2026/TT-BGDĐT), SHA-256 của nội dung: {content_hash}");
                (vec![Attachment { name, mime: "application/xml".to_owned(), description, bytes: xml }], Some(at))
            }
            None => (Vec::new(), None),
        };
        let sheet =
            Sheet { content: &content, content_hash: &content_hash, check_url: &check_url, signatures: &signatures, copy, draft };
        rendering::draw(&sheet, attachments, at)
    };
    rendering::beside(draw).await
}

/// The paper that is to be kept, with the sealed XML inside; its own seal comes after.
pub(super) async fn archived(
    conn: &impl ConnectionTrait,
    stored: &Stored,
    seal: String,
    at: DateTime<Utc>,
    xml: &[u8],
    base: &str,
) -> Result<Vec<u8>> {
    let seal = Signed { role: transcript::Role::Seal, name: seal, time: at };
    pdf(conn, stored, false, Some((at, xml.to_vec(), seal)), base).await
}
