//! Is a certificate revoked? The question to the responder that it names, and its answer (OCSP, RFC 6960; without nonces, as RFC 9654 has
//! it, so that an answer may be kept as long as it says).

use super::chain::Trust;
use super::{Certificate, Hash, Scheme};
use crate::{Fault, FaultCode};
use chrono::{DateTime, TimeDelta, Utc};
use sha1::{Digest, Sha1};
use x509_cert::der::asn1::{Any, AnyRef, BitStringRef, GeneralizedTime, Null, ObjectIdentifier, OctetString};
use x509_cert::der::{self, Decode, Encode, Reader, SliceReader, Tag};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::AuthorityInfoAccessSyntax;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::AlgorithmIdentifierOwned;

const SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
const RESPONDER: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1");
const BASIC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.1");
/// `[0]` and `[1]` around something else.
const FIRST: u8 = 0xA0;
const SECOND: u8 = 0xA1;
/// `responseStatus`: successful.
const SUCCESSFUL: [u8; 3] = [0x0A, 1, 0];
const MAX_ANSWER: usize = 64 << 10;
const MAX_CERTIFICATES: usize = 4;
/// Clocks differ by so much.
const SKEW: TimeDelta = TimeDelta::minutes(5);

/// What a responder says of one certificate.
#[derive(Clone)]
pub(super) struct Said {
    hash: ObjectIdentifier,
    issuer_name: Vec<u8>,
    issuer_key: Vec<u8>,
    serial: SerialNumber,
    standing: Standing,
    this_update: DateTime<Utc>,
    next_update: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy)]
enum Standing {
    Good,
    Revoked(DateTime<Utc>),
    Unknown,
}

/// An answer whose form is right; whose it is, is asked for each certificate.
#[derive(Clone)]
pub(super) struct Answer {
    signed: Vec<u8>,
    scheme: Scheme,
    signature: Vec<u8>,
    certificates: Vec<Certificate>,
    produced_at: DateTime<Utc>,
    said: Vec<Said>,
}

/// What stands inside a value.
fn value(tlv: &[u8]) -> Option<&[u8]> {
    AnyRef::from_der(tlv).ok().map(|any| any.value())
}

/// The values inside a constructed one.
fn inside(tlv: &[u8]) -> Option<SliceReader<'_>> {
    SliceReader::new(value(tlv)?).ok()
}

fn next<'a>(values: &mut SliceReader<'a>) -> Option<&'a [u8]> {
    values.tlv_bytes().ok()
}

/// The next value, if it has this tag.
fn tagged<'a>(values: &mut SliceReader<'a>, tag: u8) -> Option<&'a [u8]> {
    if values.peek_byte() == Some(tag) { next(values) } else { None }
}

fn time(tlv: &[u8]) -> Option<DateTime<Utc>> {
    let seconds = GeneralizedTime::from_der(tlv).ok()?.to_unix_duration().as_secs();
    DateTime::from_timestamp(i64::try_from(seconds).ok()?, 0)
}

/// Extensions in their `[1]`, if there are: none that has to be understood.
fn nothing_critical(extensions: Option<&[u8]>) -> Option<()> {
    let Some(extensions) = extensions else { return Some(()) };
    let list = Vec::<Extension>::from_der(value(extensions)?).ok()?;
    (!list.iter().any(|extension| extension.critical)).then_some(())
}

impl Said {
    /// `SingleResponse`.
    fn read(tlv: &[u8]) -> Option<Said> {
        let mut one = inside(tlv)?;
        let mut id = inside(next(&mut one)?)?;
        let hash = AlgorithmIdentifierOwned::from_der(next(&mut id)?).ok()?.oid;
        let issuer_name = value(next(&mut id)?)?.to_vec();
        let issuer_key = value(next(&mut id)?)?.to_vec();
        let serial = SerialNumber::from_der(next(&mut id)?).ok()?;
        let status = next(&mut one)?;
        let standing = match status.first()? {
            0x80 => Standing::Good,
            0xA1 => Standing::Revoked(time(next(&mut inside(status)?)?)?),
            0x82 => Standing::Unknown,
            _ => return None,
        };
        let this_update = time(next(&mut one)?)?;
        let next_update = match tagged(&mut one, FIRST) {
            Some(tlv) => Some(time(value(tlv)?)?),
            None => None,
        };
        nothing_critical(tagged(&mut one, SECOND))?;
        Some(Said { hash, issuer_name, issuer_key, serial, standing, this_update, next_update })
    }

    fn is_of(&self, certificate: &Certificate, issuer: &Certificate) -> bool {
        let hashed = |bytes: &[u8]| match self.hash {
            SHA1 => Some(Sha1::digest(bytes).to_vec()),
            other => {
                let algorithm = AlgorithmIdentifierOwned { oid: other, parameters: None };
                Hash::of_digest(&algorithm).map(|hash| hash.digest(bytes))
            }
        };
        let Some((name, key)) = issuer.name_and_key() else { return false };
        self.serial == certificate.inner.tbs_certificate.serial_number
            && hashed(&name).is_some_and(|hash| hash == self.issuer_name)
            && hashed(key).is_some_and(|hash| hash == self.issuer_key)
    }

    fn until(&self) -> DateTime<Utc> {
        self.next_update.unwrap_or(self.this_update).checked_add_signed(SKEW).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// Was it revoked at that instant? Who is good at one time was so at each before: what is revoked stays so.
    pub fn revoked_at(&self, at: DateTime<Utc>) -> Option<bool> {
        match self.standing {
            Standing::Revoked(since) if since <= at => Some(true),
            Standing::Revoked(_) | Standing::Good if at <= self.until() => Some(false),
            _ => None,
        }
    }
}

impl Answer {
    /// `OCSPResponse`, in DER.
    pub fn read(der: &[u8]) -> Option<Answer> {
        if der.len() > MAX_ANSWER {
            return None;
        }
        let mut response = inside(der)?;
        if next(&mut response)? != SUCCESSFUL {
            return None;
        }
        let mut typed = inside(value(tagged(&mut response, FIRST)?)?)?;
        if ObjectIdentifier::from_der(next(&mut typed)?).ok()? != BASIC {
            return None;
        }
        let mut basic = inside(value(next(&mut typed)?)?)?;
        let signed = next(&mut basic)?;
        let algorithm = AlgorithmIdentifierOwned::from_der(next(&mut basic)?).ok()?;
        let signature = BitStringRef::from_der(next(&mut basic)?).ok()?.as_bytes()?.to_vec();
        let mut certificates = Vec::new();
        if let Some(list) = tagged(&mut basic, FIRST) {
            let mut list = inside(value(list)?)?;
            while let Some(der) = next(&mut list).filter(|_| certificates.len() < MAX_CERTIFICATES) {
                certificates.push(Certificate::parse(der).ok()?);
            }
        }

        let mut data = inside(signed)?;
        let _version = tagged(&mut data, FIRST);
        // Whose it is, is told by the key that signed it.
        let _responder = next(&mut data)?;
        let produced_at = time(next(&mut data)?)?;
        let mut list = inside(next(&mut data)?)?;
        let mut said = Vec::new();
        while let Some(one) = next(&mut list) {
            said.push(Said::read(one)?);
        }
        nothing_critical(tagged(&mut data, SECOND))?;
        let scheme = Scheme::of(&algorithm, None)?;
        Some(Answer { signed: signed.to_vec(), scheme, signature, certificates, produced_at, said })
    }

    /// What it says of a certificate, if its authority stands behind it: by its own key, or by one that it issued for this alone.
    pub fn says(&self, certificate: &Certificate, issuer: &Certificate) -> Option<&Said> {
        let said = self.said.iter().find(|said| said.is_of(certificate, issuer))?;
        let by = |key: &Certificate| key.verify(self.scheme, &self.signed, &self.signature, false);
        let named = |key: &Certificate| {
            key.answers()
                && key.strange_extension().is_none()
                && (key.not_before()..=key.not_after()).contains(&self.produced_at)
                && key.issued_by(issuer)
        };
        (by(issuer) || self.certificates.iter().any(|key| named(key) && by(key))).then_some(said)
    }
}

/// The question whether a signer's certificate is revoked.
pub struct StatusQuestion {
    /// Of the responder that the certificate names.
    pub url: String,
    /// What it is asked (DER of `OCSPRequest`), by POST as `application/ocsp-request`.
    pub request: Vec<u8>,
    /// A list at hand says already that it is not revoked.
    pub known: bool,
    certificate: Certificate,
    issuer: Certificate,
}

/// What a responder says of the certificate that was asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatusAnswer {
    pub revoked: bool,
    /// How long the answer holds; none: another may be there at once.
    pub until: Option<DateTime<Utc>>,
}

impl Trust {
    /// The question whether a signer's certificate (DER: the signer's first, then those above it) is revoked. None where it names no
    /// responder, or where no trusted authority stands behind it: the addresses of strangers are not called.
    ///
    /// # Errors
    /// `revoked`, by a list at hand.
    pub fn question(&self, certificates: &[Vec<u8>], at: DateTime<Utc>) -> Result<Option<StatusQuestion>, Fault> {
        let mut read = certificates.iter().filter_map(|der| Certificate::parse(der).ok());
        let Some(own) = read.next() else { return Ok(None) };
        let checked = match self.check(&own, &read.collect::<Vec<_>>(), at, false) {
            Ok(checked) => checked,
            Err(fault) if fault.code == FaultCode::Revoked => return Err(fault),
            Err(_) => return Ok(None),
        };
        let (Some(issuer), Some(url)) = (checked.path.get(1), own.responder()) else { return Ok(None) };
        let request = request(&own, issuer).ok_or_else(|| FaultCode::CertificateMalformed.because(&own.common_name()))?;
        Ok(Some(StatusQuestion { url, request, known: checked.revocation_known, issuer: issuer.clone(), certificate: own }))
    }
}

impl StatusQuestion {
    /// Reads what the responder answered at `at`.
    ///
    /// # Errors
    /// `revocation-answer-invalid`, with what is wrong with it.
    pub fn read(&self, answer: &[u8], at: DateTime<Utc>) -> Result<StatusAnswer, Fault> {
        let wrong = |what: &str| FaultCode::RevocationAnswer.because(what);
        let answer = Answer::read(answer).ok_or_else(|| wrong("form"))?;
        let said = answer.says(&self.certificate, &self.issuer).ok_or_else(|| wrong("authority"))?;
        if at > said.until() || said.this_update > at.checked_add_signed(SKEW).unwrap_or(at) {
            return Err(wrong("time"));
        }
        match said.standing {
            Standing::Good => Ok(StatusAnswer { revoked: false, until: said.next_update }),
            Standing::Revoked(_) => Ok(StatusAnswer { revoked: true, until: said.next_update }),
            Standing::Unknown => Err(wrong("unknown")),
        }
    }
}

impl Certificate {
    /// What answers name an authority by: its name in DER, and the bits of its key.
    fn name_and_key(&self) -> Option<(Vec<u8>, &[u8])> {
        let tbs = &self.inner.tbs_certificate;
        Some((tbs.subject.to_der().ok()?, tbs.subject_public_key_info.subject_public_key.as_bytes()?))
    }

    /// The first address of a responder (RFC 5280 4.2.2.1) over HTTP.
    fn responder(&self) -> Option<String> {
        let (_, AuthorityInfoAccessSyntax(access)) = self.inner.tbs_certificate.get::<AuthorityInfoAccessSyntax>().ok()??;
        access.into_iter().filter(|one| one.access_method == RESPONDER).find_map(|one| match one.access_location {
            GeneralName::UniformResourceIdentifier(url) => {
                Some(url.as_str().to_owned()).filter(|url| url.starts_with("http://") || url.starts_with("https://"))
            }
            _ => None,
        })
    }
}

/// `OCSPRequest` about one certificate. By SHA-1, which every responder knows: it only names, and signs nothing.
fn request(certificate: &Certificate, issuer: &Certificate) -> Option<Vec<u8>> {
    let (name, key) = issuer.name_and_key()?;
    let octets = |hash: Vec<u8>| OctetString::new(hash).and_then(|octets| octets.to_der());
    let sequence = |parts: &[Vec<u8>]| Any::new(Tag::Sequence, parts.concat()).and_then(|any| any.to_der());
    let build = || -> der::Result<Vec<u8>> {
        let hash = AlgorithmIdentifierOwned { oid: SHA1, parameters: Some(Any::encode_from(&Null)?) };
        let id = sequence(&[
            hash.to_der()?,
            octets(Sha1::digest(&name).to_vec())?,
            octets(Sha1::digest(key).to_vec())?,
            certificate.inner.tbs_certificate.serial_number.to_der()?,
        ])?;
        // OCSPRequest { tbsRequest { requestList { Request { reqCert } } } }
        sequence(&[sequence(&[sequence(&[sequence(&[id])?])?])?])
    };
    build().ok()
}
