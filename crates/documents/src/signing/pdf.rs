//! PAdES (EN 319 142-1, B-B and B-T): the school's signature as an incremental update of a PDF, so that what was there stays byte
//! for byte.

use super::cms::detached;
use super::{Signer, SigningError, TimeStamper};
use chrono::{DateTime, Utc};
use std::fmt::Write;
use transcript::pdf::{Pdf, Spanned, Value};
use transcript::{CertificateFacts, FaultCode};

/// Room for the signature besides its certificates: attributes, value, and a time-stamp with the authority's own chain.
const ROOM: usize = 12 << 10;
/// Printed, hidden from nobody, not to be moved.
const WIDGET_FLAGS: u8 = 132;

fn refused(code: FaultCode) -> SigningError {
    SigningError::Refused(code.fault())
}

/// A text string in UTF-16.
fn text(value: &str) -> String {
    let mut out = String::from("<FEFF");
    for unit in value.encode_utf16() {
        // Writing to a string does not fail.
        let _ = write!(out, "{unit:04X}");
    }
    out.push('>');
    out
}

fn source<'a>(pdf: &'a [u8], of: &Spanned) -> Result<&'a str, SigningError> {
    pdf.get(of.span.clone()).and_then(|b| std::str::from_utf8(b).ok()).ok_or_else(|| refused(FaultCode::PdfMalformed))
}

/// A dictionary as it is written, with one entry more.
fn with_entry(pdf: &[u8], dictionary: &Spanned, entry: &str) -> Result<String, SigningError> {
    let written = source(pdf, dictionary)?;
    let open = written.strip_suffix(">>").ok_or_else(|| refused(FaultCode::PdfMalformed))?;
    Ok(format!("{open}\n{entry}\n>>"))
}

/// The page (or its list of annotations) with one annotation more: object number and what it becomes.
fn annotated(pdf: &[u8], file: &Pdf, field: u32) -> Result<(u32, String), SigningError> {
    let (number, page) = file.first_page().ok_or_else(|| refused(FaultCode::PdfMalformed))?;
    let longer = |list: &Spanned| {
        let written = source(pdf, list)?;
        let open = written.strip_suffix(']').ok_or_else(|| refused(FaultCode::PdfMalformed))?;
        Ok::<_, SigningError>(format!("{open} {field} 0 R]"))
    };
    match page.get("Annots") {
        None => Ok((number, with_entry(pdf, &page, &format!("/Annots [{field} 0 R]"))?)),
        Some(list) => match list.value {
            Value::Ref(of) => Ok((of, longer(&file.object(of).ok_or_else(|| refused(FaultCode::PdfMalformed))?)?)),
            _ => {
                let written = source(pdf, &page)?;
                let (from, to) = (list.span.start - page.span.start, list.span.end - page.span.start);
                Ok((number, format!("{}{}{}", &written[..from], longer(list)?, &written[to..])))
            }
        },
    }
}

/// Adds the school's signature (`ETSI.CAdES.detached`) to a PDF: B-B, or B-T with a time-stamper.
///
/// `pdf` is what the renderer makes: with a plain cross-reference table, not signed yet.
///
/// # Errors
/// `Refused` with `pdf-malformed`, or `signed-already`; what the signer and the time-stamper have.
pub async fn sign_pdf(
    pdf: &[u8],
    signer: &dyn Signer,
    time: DateTime<Utc>,
    stamper: Option<&TimeStamper>,
) -> Result<Vec<u8>, SigningError> {
    let certificates = signer.certificates();
    let own = certificates.first().ok_or(SigningError::WrongKey)?;
    let room = ROOM + certificates.iter().map(Vec::len).sum::<usize>();
    let name = CertificateFacts::of(own)?.subject;
    let (mut out, hole) = update(pdf, &name, time, room)?;

    let digest = signer.algorithm().digest(&[&out[..hole.start], &out[hole.end..]]);
    let signature = hex::encode(detached(digest, signer, stamper).await?);
    // Inside the angle brackets.
    let place = &mut out[hole.start + 1..hole.end - 1];
    if signature.len() > place.len() {
        return Err(refused(FaultCode::TooLarge));
    }
    place[..signature.len()].copy_from_slice(signature.as_bytes());
    Ok(out)
}

/// The PDF with everything but the signature's value, and where that goes.
fn update(pdf: &[u8], name: &str, time: DateTime<Utc>, room: usize) -> Result<(Vec<u8>, std::ops::Range<usize>), SigningError> {
    let malformed = || refused(FaultCode::PdfMalformed);
    let file = Pdf::open(pdf)?;
    let (previous, trailer) = file.newest();
    let (root, catalog) = file.catalog().ok_or_else(malformed)?;
    if catalog.get("AcroForm").is_some() {
        return Err(refused(FaultCode::Again));
    }
    let size = trailer.get("Size").and_then(Spanned::int).and_then(|n| u32::try_from(n).ok()).ok_or_else(malformed)?;
    let (dictionary, field) = (size, size + 1);
    let (page, _) = file.first_page().ok_or_else(malformed)?;
    let (annotated, with_annotation) = annotated(pdf, &file, field)?;

    let mut out = pdf.to_vec();
    out.push(b'\n');
    let mut offsets = Vec::new();
    let mut object = |out: &mut Vec<u8>, number: u32, body: &str| {
        offsets.push((number, out.len()));
        out.extend(format!("{number} 0 obj\n{body}\nendobj\n").into_bytes());
    };
    let form = format!("/AcroForm << /Fields [{field} 0 R] /SigFlags 3 >>");
    object(&mut out, root, &with_entry(pdf, &catalog, &form)?);
    object(&mut out, annotated, &with_annotation);
    let widget = format!(
        "<< /Type /Annot /Subtype /Widget /FT /Sig /T (seal) /Rect [0 0 0 0] /F {WIDGET_FLAGS} /P {page} 0 R /V {dictionary} 0 R >>"
    );
    object(&mut out, field, &widget);
    let begin = out.len();
    let body = format!(
        "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M (D:{}Z) /Name {}\n/ByteRange [{}]\n/Contents <{}> >>",
        time.format("%Y%m%d%H%M%S"),
        text(name),
        " ".repeat(40),
        "0".repeat(room * 2),
    );
    object(&mut out, dictionary, &body);
    let hole = find(&out, begin, b"/Contents <").ok_or_else(malformed)? + b"/Contents ".len();
    let hole = hole..hole + room * 2 + 2;
    let range_at = find(&out, begin, b"/ByteRange [").ok_or_else(malformed)? + b"/ByteRange [".len();

    offsets.sort_unstable();
    let start = out.len();
    let mut table = String::from("xref\n");
    for (number, offset) in &offsets {
        let _ = write!(table, "{number} 1\n{offset:010} 00000 n \n");
    }
    let mut kept = String::new();
    for key in ["Info", "ID"] {
        if let Some(value) = trailer.get(key) {
            // An identifier is a byte string: written anew in hex.
            let _ = match &value.value {
                Value::Array(items) => {
                    let items: Vec<_> =
                        items.iter().filter_map(Spanned::bytes).map(|b| format!("<{}>", hex::encode(b))).collect();
                    write!(kept, "/{key} [{}] ", items.join(" "))
                }
                _ => write!(kept, "/{key} {} ", source(pdf, value)?),
            };
        }
    }
    let _ =
        write!(table, "trailer\n<< /Size {} /Root {root} 0 R {kept}/Prev {previous} >>\nstartxref\n{start}\n%%EOF\n", field + 1);
    out.extend(table.into_bytes());
    let range = format!("0 {} {} {}", hole.start, hole.end, out.len() - hole.end);
    out[range_at..range_at + range.len()].copy_from_slice(range.as_bytes());
    Ok((out, hole))
}

fn find(bytes: &[u8], from: usize, what: &[u8]) -> Option<usize> {
    bytes[from..].windows(what.len()).position(|w| w == what).map(|at| from + at)
}
