//! The check of a PDF: the school's signature over the whole file, then the transcript that it carries.

use super::{Form, Report, Signer, check, knowing};
use crate::cms::{DATA, open, trimmed};
use crate::content::Role;
use crate::pdf::Pdf;
use crate::x509::Trust;
use crate::{FaultCode, parse};
use chrono::{DateTime, Utc};

pub(super) fn verify(bytes: &[u8], trust: &Trust, at: DateTime<Utc>) -> Report {
    let report = Report::of(Form::Pdf);
    let pdf = match Pdf::open(bytes) {
        Ok(pdf) => pdf,
        Err(fault) => return report.because(fault),
    };
    // A PDF without a transcript is not ours, signed or not; unless what was appended hides it.
    let (seal, file) = match (pdf.signature(), pdf.attachment()) {
        (Ok(seal), Ok(file)) => (seal, file),
        (Err(fault), _) if fault.code == FaultCode::PdfAppended => return report.because(fault),
        (_, Err(fault)) | (Err(fault), _) => return report.because(fault),
    };
    let document = match parse(&file.bytes) {
        Ok(document) => document,
        Err(fault) => return report.because(fault),
    };
    let report = check(report, &document, trust, at);

    let mut faults = Vec::new();
    let opened = trimmed(&seal.contents)
        .ok_or_else(|| FaultCode::PdfMalformed.fault())
        .and_then(|der| open(der, DATA, Some(&seal.covered), FaultCode::PdfMalformed, FaultCode::PdfChanged));
    let role = Role::Seal;
    let signed = match &opened {
        Ok(opened) => {
            if !opened.binds_certificate {
                faults.push(FaultCode::CertificateMismatch.fault());
            }
            Signer {
                role: &role,
                named: document.named(&role),
                certificate: Ok(opened.certificate.clone()),
                others: opened.others.clone(),
                claimed_time: seal.time,
                time_stamp: opened.time_stamp.as_deref().map(|token| (token, opened.signature.clone())),
                faults,
            }
            // The school's key made both seals.
            .check(&knowing(trust, &document), at)
        }
        Err(fault) => return report.because(fault.clone()),
    };
    // The description of the attachment states the hash that the pages print.
    let stated = file.description.as_deref().and_then(|d| d.split_whitespace().find(|word| word.len() == 64));
    let mut report = Report { valid: report.valid && signed.valid, pdf_signature: Some(signed), ..report };
    if stated.is_some() && stated != report.content_hash.as_deref() {
        report = report.because(FaultCode::PdfHash.fault());
    }
    report
}
