//! The check of a file: every signature, its chain, and what is missing.

mod file;
mod pdf;

pub use file::verify_file;

use crate::cms::check_stamp;
use crate::content::{Content, Role};
use crate::x509::{Certificate, CertificateFacts};
use crate::xml::signature::Target;
use crate::{Document, Fault, FaultCode, Signature, content_hash, parse};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::borrow::Cow;

pub use crate::x509::Trust;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    Xml,
    Pdf,
}

/// The answer to "is this transcript genuine?".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Every required signature is there and valid, and nothing was changed.
    pub valid: bool,
    /// None when the file is neither.
    pub form: Option<Form>,
    /// SHA-256 of the canonical content, as the PDF prints it.
    pub content_hash: Option<String>,
    /// What it says; not to be believed unless `valid`.
    pub content: Option<Content>,
    /// In the order of signing.
    pub signatures: Vec<SignatureReport>,
    /// The school's signature of a PDF as a file.
    pub pdf_signature: Option<SignatureReport>,
    /// Roles that have to sign and have not.
    pub missing: Vec<Role>,
    /// What is wrong with the file as such.
    pub faults: Vec<Fault>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignatureReport {
    #[serde(flatten)]
    pub role: Role,
    /// The common name of the certificate.
    pub signer: String,
    /// When the signer says it signed.
    pub claimed_time: Option<DateTime<Utc>>,
    pub time_stamp: Option<Stamp>,
    /// The signer's certificate first. Down from an anchor when the chain holds, else what came with the signature.
    pub chain: Vec<CertificateFacts>,
    pub revocation: Revocation,
    pub valid: bool,
    pub faults: Vec<Fault>,
}

/// A time that an authority vouches for (RFC 3161).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    pub time: DateTime<Utc>,
    pub authority: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Revocation {
    Good,
    Revoked,
    /// No list and no answer at hand covers the certificates of the chain. It does not make a signature invalid.
    Unknown,
}

/// Checks a transcript, XML or PDF. Never panics, whatever the bytes are.
///
/// `at`: the instant at which certificates have to be valid where no time-stamp proves an earlier one; usually now.
pub fn verify(bytes: &[u8], trust: &Trust, at: DateTime<Utc>) -> Report {
    if bytes.starts_with(b"%PDF-") {
        return pdf::verify(bytes, trust, at);
    }
    let report = Report::of(Form::Xml);
    // A byte order mark and spaces do not make a file somebody else's.
    let begin = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if begin.iter().find(|b| !b.is_ascii_whitespace()) != Some(&b'<') {
        return Report { form: None, ..report.because(FaultCode::NotOurs.fault()) };
    }
    match parse(bytes) {
        Ok(document) => check(report, &document, trust, at),
        Err(fault) => report.because(fault),
    }
}

impl Report {
    fn of(form: Form) -> Report {
        Report {
            valid: false,
            form: Some(form),
            content_hash: None,
            content: None,
            signatures: Vec::new(),
            pdf_signature: None,
            missing: Vec::new(),
            faults: Vec::new(),
        }
    }

    fn because(mut self, fault: Fault) -> Report {
        self.valid = false;
        self.faults.push(fault);
        self
    }
}

/// Adds what the signatures of the XML say.
fn check(report: Report, document: &Document, trust: &Trust, at: DateTime<Utc>) -> Report {
    let trust = &knowing(trust, document);
    let signatures: Vec<_> = document.signatures().iter().map(|s| check_signature(s, document, trust, at)).collect();
    let missing = document.missing();
    let mut faults = report.faults;
    faults.extend(missing.iter().map(|role| FaultCode::Missing.because(&role.to_string())));
    Report {
        valid: faults.is_empty() && signatures.iter().all(|s| s.valid),
        content_hash: content_hash(document.content()).ok(),
        content: Some(document.content().clone()),
        signatures,
        missing,
        faults,
        ..report
    }
}

/// The trust with what the signatures themselves bring of responders' answers.
fn knowing<'a>(trust: &'a Trust, document: &Document) -> Cow<'a, Trust> {
    trust.knowing(document.signatures().iter().filter_map(|s| s.revocation_answer.as_deref()))
}

/// What is known of a signer, whichever form the signature has.
struct Signer<'a> {
    role: &'a Role,
    named: Vec<&'a str>,
    certificate: Result<Certificate, Fault>,
    others: Vec<Certificate>,
    claimed_time: Option<DateTime<Utc>>,
    /// The token and what it has to be over.
    time_stamp: Option<(&'a [u8], Vec<u8>)>,
    faults: Vec<Fault>,
}

impl Signer<'_> {
    /// The questions that come after the mathematics: when, whose certificate, from whom, still good.
    fn check(self, trust: &Trust, at: DateTime<Utc>) -> SignatureReport {
        let mut faults = self.faults;
        let mut report = SignatureReport {
            role: self.role.clone(),
            signer: String::new(),
            claimed_time: self.claimed_time,
            time_stamp: None,
            chain: Vec::new(),
            revocation: Revocation::Unknown,
            valid: false,
            faults: Vec::new(),
        };
        if let Some((token, message)) = self.time_stamp {
            match check_stamp(token, &message, trust) {
                Ok(stamp) => report.time_stamp = Some(stamp),
                Err(fault) => faults.push(fault),
            }
        }
        match self.certificate {
            Ok(certificate) => {
                report.signer = certificate.common_name();
                report.chain = std::iter::once(&certificate).chain(&self.others).map(Certificate::facts).collect();
                let when = report.time_stamp.as_ref().map_or(at, |s| s.time);
                faults.extend(certificate.check_usage().err());
                match trust.check(&certificate, &self.others, when, report.time_stamp.is_some()) {
                    Ok(checked) => {
                        report.chain = checked.path.iter().map(Certificate::facts).collect();
                        report.revocation = if checked.revocation_known { Revocation::Good } else { Revocation::Unknown };
                        if !certificate.is_named(&self.named) {
                            faults.push(FaultCode::NotNamed.because(&report.signer));
                        }
                    }
                    Err(fault) => {
                        if fault.code == FaultCode::Revoked {
                            report.revocation = Revocation::Revoked;
                        }
                        faults.push(fault);
                    }
                }
            }
            Err(fault) => faults.push(fault),
        }
        SignatureReport { valid: faults.is_empty(), faults, ..report }
    }
}

fn check_signature(signature: &Signature, document: &Document, trust: &Trust, at: DateTime<Utc>) -> SignatureReport {
    let mut faults = Vec::new();
    for (index, digest) in signature.digests.iter().enumerate() {
        let actual = signature.target_digest(document, index);
        if actual.as_ref() != Some(digest) {
            let code = match (signature.target(index), actual) {
                (Target::Earlier, None) => FaultCode::OutOfOrder,
                (Target::Earlier, _) => FaultCode::EarlierChanged,
                (Target::Content, _) => FaultCode::ContentChanged,
                (Target::Whole, _) => FaultCode::DocumentChanged,
            };
            if !faults.iter().any(|f: &Fault| f.code == code) {
                faults.push(code.fault());
            }
        }
    }
    if Sha256::digest(signature.signed_properties().canonical())[..] != signature.properties_digest {
        faults.push(FaultCode::PropertiesChanged.fault());
    }
    let mut parsed = signature.certificates.iter().map(|der| Certificate::parse(der));
    let certificate = parsed.next().unwrap_or_else(|| Err(FaultCode::CertificateMalformed.fault()));
    let others = parsed.filter_map(Result::ok).collect();
    if let Ok(certificate) = &certificate {
        if Sha256::digest(&certificate.der)[..] != signature.certificate_digest {
            faults.push(FaultCode::CertificateMismatch.fault());
        }
        match certificate.algorithm() {
            Ok(_) if !certificate.fits(signature.algorithm) => faults.push(FaultCode::UnexpectedAlgorithm.fault()),
            Ok(_) => {
                if !certificate.verify(signature.algorithm.scheme(), &signature.signed_info(), &signature.value, true) {
                    faults.push(FaultCode::SignatureInvalid.fault());
                }
            }
            Err(fault) => faults.push(fault),
        }
    }
    let signer = Signer {
        role: &signature.role,
        named: document.named(&signature.role),
        certificate,
        others,
        claimed_time: Some(signature.time),
        time_stamp: signature.time_stamp.as_deref().map(|token| (token, signature.stamped())),
        faults,
    };
    signer.check(trust, at)
}
