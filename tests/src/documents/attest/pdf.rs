//! The PDF: sealed by the school as a file, with the signed XML inside.

use super::{Office, at, codes, content, file, later, refused, run, signed_on};
use documents::rendering::{Attachment, Sheet, draw};
use documents::signing::{Holder, KeyKind, SigningError, sign_pdf};
use std::path::Path;
use std::process::Command;
use transcript::{Document, FaultCode, Form, Report, Role, content_hash, verify};

/// A PDF as the renderer builds it: plain objects, a cross-reference table, one attached file.
pub fn pdf(xml: Option<&[u8]>, description: &str) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n%\x80\x80\x80\x80\n".to_vec();
    let page = b"BT /F1 12 Tf 72 720 Td (Transcript) Tj ET";
    let names = if xml.is_some() { "/Names << /EmbeddedFiles << /Names [(hoc-ba.xml) 6 0 R] >> >>" } else { "" };
    let mut objects: Vec<Vec<u8>> = vec![
        format!("<< /Type /Catalog /Pages 2 0 R {names} >>").into_bytes(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_vec(),
        [format!("<< /Length {} >>\nstream\n", page.len()).as_bytes(), page, b"\nendstream"].concat(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_vec(),
    ];
    if let Some(xml) = xml {
        let description = format!("/Desc ({description})");
        objects.push(
            format!("<< /Type /Filespec /F (hoc-ba.xml) /UF (hoc-ba.xml) /EF << /F 7 0 R >> {description} >>").into_bytes(),
        );
        let head = format!("<< /Type /EmbeddedFile /Subtype /application#2Fxml /Length {} >>\nstream\n", xml.len());
        objects.push([head.as_bytes(), xml, b"\nendstream"].concat());
    }
    let mut offsets = Vec::new();
    for (number, body) in objects.iter().enumerate() {
        offsets.push(out.len());
        out.extend(format!("{} 0 obj\n", number + 1).into_bytes());
        out.extend(body);
        out.extend(b"\nendobj\n");
    }
    let start = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", offsets.len() + 1).into_bytes());
    for offset in &offsets {
        out.extend(format!("{offset:010} 00000 n \n").into_bytes());
    }
    let id = "<0123456789abcdef0123456789abcdef>";
    out.extend(
        format!("trailer\n<< /Size {} /Root 1 0 R /ID [{id} {id}] >>\nstartxref\n{start}\n%%EOF\n", offsets.len() + 1)
            .into_bytes(),
    );
    out
}

pub async fn sealed(office: &mut Office, document: &Document, stamped: bool) -> Vec<u8> {
    let hash = content_hash(document.content()).unwrap();
    let pdf = pdf(Some(&document.to_xml()), &format!("sha256 {hash}"));
    let stamper = stamped.then(|| office.stamper(signed_on()));
    let content = document.content().clone();
    sign_pdf(&pdf, office.signer(&content, &Role::Seal), signed_on(), stamper.as_ref()).await.unwrap()
}

/// What poppler says of the signature (whom it trusts is this machine's matter, not the file's).
fn pdfsig(folder: &Path, bytes: &[u8]) -> String {
    let said = run(Command::new("pdfsig").arg("-nocert").arg(file(folder, "t.pdf", bytes)));
    String::from_utf8_lossy(&[said.stdout, said.stderr].concat()).into_owned()
}

async fn sealed_and_checked(kind: KeyKind, stamped: bool) {
    let mut office = Office::new(kind);
    let document = office.signed(content()).await;
    let bytes = sealed(&mut office, &document, stamped).await;
    let report = office.check(&bytes);
    assert!(report.valid, "{:?}", codes(&report));
    assert_eq!((report.form, report.signatures.len()), (Some(Form::Pdf), 6));
    let seal = report.pdf_signature.unwrap();
    assert_eq!((seal.signer.as_str(), seal.claimed_time), ("Trường THCS Gia Hội", Some(signed_on())));
    assert_eq!(seal.time_stamp.is_some(), stamped);

    let folder = tempfile::tempdir().unwrap();
    let said = pdfsig(folder.path(), &bytes);
    assert!(said.contains("Signature is Valid") && said.contains("Total document signed"), "{said}");
    assert!(said.contains("ETSI.CAdES.detached"), "{said}");
    let mut changed = bytes.clone();
    let place = changed.windows(10).position(|w| w == b"Transcript").unwrap();
    changed[place] = b't';
    assert!(!pdfsig(folder.path(), &changed).contains("Signature is Valid"));
    refused_seal(&office.check(&changed), FaultCode::PdfChanged);
}

#[track_caller]
fn refused_seal(report: &Report, code: FaultCode) {
    assert!(!report.valid);
    assert!(report.faults.iter().any(|f| f.code == code), "{:?}", codes(report));
}

#[tokio::test]
async fn a_pdf_is_sealed_on_p256_and_pdfsig_agrees() {
    sealed_and_checked(KeyKind::P256, false).await;
}

#[tokio::test]
async fn a_pdf_is_sealed_on_p384_with_a_time_stamp_and_pdfsig_agrees() {
    sealed_and_checked(KeyKind::P384, true).await;
}

#[tokio::test]
async fn a_pdf_is_sealed_with_rsa_and_a_time_stamp_and_pdfsig_agrees() {
    sealed_and_checked(KeyKind::Rsa2048, true).await;
}

#[tokio::test]
async fn a_sealed_pdf_is_not_sealed_again_and_a_bare_one_is_told() {
    let mut office = Office::new(KeyKind::P256);
    let document = office.signed(content()).await;
    let xml = document.to_xml();
    refused(&office.check(&pdf(Some(&xml), "")), FaultCode::PdfUnsigned);
    refused(&office.check(&pdf(None, "")), FaultCode::NotOurs);
    let content = content();
    let sealed = sealed(&mut office, &document, false).await;
    let key = office.signer(&content, &Role::Seal);
    let again = sign_pdf(&sealed, key, signed_on(), None).await.unwrap_err();
    assert!(matches!(again, SigningError::Refused(f) if f.code == FaultCode::Again));
    assert!(sign_pdf(b"%PDF-1.7", key, signed_on(), None).await.is_err());
}

#[tokio::test]
async fn what_is_appended_to_a_pdf_is_seen() {
    let mut office = Office::new(KeyKind::P256);
    let document = office.signed(content()).await;
    let bytes = sealed(&mut office, &document, false).await;
    // A revision with another page, as an editor saves it: the signature still covers only what it did.
    let previous = bytes.windows(10).rposition(|w| w == b"startxref\n").unwrap() + 10;
    let previous = std::str::from_utf8(&bytes[previous..]).unwrap().lines().next().unwrap().to_owned();
    let append = |objects: &[(u32, &str)], root: &str| {
        let mut out = bytes.clone();
        let mut table = String::from("xref\n");
        for (number, body) in objects {
            table.push_str(&format!("{number} 1\n{:010} 00000 n \n", out.len()));
            out.extend(format!("{number} 0 obj\n{body}\nendobj\n").into_bytes());
        }
        let start = out.len();
        out.extend(
            format!("{table}trailer\n<< /Size 20 /Root {root} /Prev {previous} >>\nstartxref\n{start}\n%%EOF\n").into_bytes(),
        );
        out
    };
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>";
    refused(&office.check(&append(&[(3, page)], "1 0 R")), FaultCode::PdfAppended);
    // One that hides the signature, and the transcript.
    refused(&office.check(&append(&[(12, "<< /Type /Catalog /Pages 2 0 R >>")], "12 0 R")), FaultCode::PdfAppended);
    // Bytes behind the end.
    let mut tail = bytes.clone();
    tail.extend(b"\n% nothing\n%%EOF\n");
    refused(&office.check(&tail), FaultCode::PdfAppended);
    for end in [bytes.len() / 4, bytes.len() / 2, bytes.len() - 20, bytes.len() - 3] {
        refused(&office.check(&bytes[..end]), FaultCode::Truncated);
    }
}

/// Whole and sealed, but by somebody who is not the school, or with a hash of another transcript.
#[tokio::test]
async fn the_seal_has_to_be_the_schools() {
    let mut office = Office::new(KeyKind::P256);
    let document = office.signed(content()).await;
    let hash = content_hash(document.content()).unwrap();
    let bare = pdf(Some(&document.to_xml()), &format!("sha256 {hash}"));
    let other = office.issue(Holder::School { name: "Trường THCS Khác" });
    let report = office.check(&sign_pdf(&bare, &other, signed_on(), None).await.unwrap());
    assert!(!report.valid);
    assert_eq!(codes(&report), (vec![], vec![("seal".to_owned(), vec![FaultCode::NotNamed])]));
    // A teacher of this school, whose certificate names the school as well.
    let teacher = office.issue(Holder::Person { name: "Lê Văn Hoà", school: "Trường THCS Gia Hội" });
    let report = office.check(&sign_pdf(&bare, &teacher, signed_on(), None).await.unwrap());
    assert_eq!(codes(&report), (vec![], vec![("seal".to_owned(), vec![FaultCode::NotNamed])]));
    let mut strange = Office::new(KeyKind::P256);
    let content = content();
    let report = office.check(&sign_pdf(&bare, strange.signer(&content, &Role::Seal), signed_on(), None).await.unwrap());
    assert_eq!(codes(&report), (vec![], vec![("seal".to_owned(), vec![FaultCode::Untrusted])]));

    let wrong = pdf(Some(&document.to_xml()), &format!("sha256 {}", "0".repeat(64)));
    let wrong = sign_pdf(&wrong, office.signer(&content, &Role::Seal), signed_on(), None).await.unwrap();
    let report = office.check(&wrong);
    assert_eq!(codes(&report), (vec![FaultCode::PdfHash], vec![]));

    let sealed = sealed(&mut office, &document, false).await;
    assert!(verify(&sealed, &office.trust(), later(400)).pdf_signature.unwrap().faults[0].code == FaultCode::ExpiredUnstamped);
    assert!(verify(&sealed, &office.trust(), at(2026, 6, 2)).valid);
}

/// The paper that the renderer draws, as it is archived: sealed, whole for pdfsig, and still PDF/A with its XML inside.
#[tokio::test]
async fn the_drawn_paper_is_sealed() {
    let mut office = Office::new(KeyKind::P256);
    let document = office.signed(content()).await;
    let hash = content_hash(document.content()).unwrap();
    let sheet = Sheet {
        content: document.content(),
        content_hash: &hash,
        check_url: "https://khue.example/kiem-tra/1",
        signatures: &[],
        copy: false,
        draft: false,
    };
    let attachment = Attachment {
        name: "hoc-ba-2025-2026.xml".to_owned(),
        mime: "application/xml".to_owned(),
        description: format!("Học bạ số có chữ ký, SHA-256 {hash}"),
        bytes: document.to_xml(),
    };
    let drawn = draw(&sheet, vec![attachment], Some(signed_on())).unwrap();
    let content = content();
    let sealed = sign_pdf(&drawn, office.signer(&content, &Role::Seal), signed_on(), None).await.unwrap();
    assert!(sealed.starts_with(&drawn), "what was drawn stays as it is");
    let report = office.check(&sealed);
    assert!(report.valid, "{:?}", codes(&report));
    let folder = tempfile::tempdir().unwrap();
    let said = pdfsig(folder.path(), &sealed);
    assert!(said.contains("Signature is Valid") && said.contains("Total document signed"), "{said}");
    assert!(super::super::words(&sealed).contains("Nguyễn Đức An"));
    let mut changed = sealed.clone();
    let place = drawn.len() / 2;
    changed[place] ^= 1;
    assert!(!pdfsig(folder.path(), &changed).contains("Signature is Valid"));
    assert!(!office.check(&changed).valid);
}
