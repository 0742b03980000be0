//! Signatures in CMS (RFC 5652): the school's in a PDF, an authority's in a time-stamp.

use crate::x509::{Certificate, Hash, Scheme, Trust};
use crate::{Fault, FaultCode, Stamp};
use chrono::{DateTime, NaiveDateTime, Utc};
use cms::cert::CertificateChoices;
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{SignedData, SignerIdentifier, SignerInfo};
use sha2::{Digest, Sha256};
use x509_cert::attr::Attribute;
use x509_cert::der::asn1::{AnyRef, ObjectIdentifier, OctetString, OctetStringRef};
use x509_cert::der::{Decode, Encode, Header, Reader, SliceReader, Tag, Tagged};
use x509_cert::ext::pkix::SubjectKeyIdentifier;
use x509_cert::spki::AlgorithmIdentifierOwned;

const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
pub(crate) const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
const TIME_STAMP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.14");
const MAX_CERTIFICATES: usize = 16;

/// A CMS signature whose mathematics is right; whose it is, is another question.
pub(crate) struct Opened {
    pub certificate: Certificate,
    pub others: Vec<Certificate>,
    pub signature: Vec<u8>,
    /// The token of a signature time-stamp.
    pub time_stamp: Option<Vec<u8>>,
    /// ESS signing-certificate-v2 is there and names the certificate (EN 319 122-1: the signature cannot be given to another).
    pub binds_certificate: bool,
    content: Option<Vec<u8>>,
}

/// The first DER value of what may be padded with zeros behind.
pub(crate) fn trimmed(der: &[u8]) -> Option<&[u8]> {
    let mut reader = SliceReader::new(der).ok()?;
    let header = Header::decode(&mut reader).ok()?;
    let end = usize::try_from(reader.position()).ok()?.checked_add(usize::try_from(header.length).ok()?)?;
    let (value, padding) = der.split_at_checked(end)?;
    padding.iter().all(|b| *b == 0).then_some(value)
}

/// Opens a signature over `detached`, or over what it carries itself.
///
/// # Errors
/// The code that the caller has for a signature that cannot be read (`malformed`), or for one that is wrong (`wrong`).
pub(crate) fn open(
    der: &[u8],
    kind: ObjectIdentifier,
    detached: Option<&[u8]>,
    malformed: FaultCode,
    changed: FaultCode,
) -> Result<Opened, Fault> {
    let bad = || malformed.fault();
    let info = ContentInfo::from_der(der).map_err(|_| bad())?;
    if info.content_type != SIGNED_DATA {
        return Err(bad());
    }
    let signed: SignedData = info.content.decode_as().map_err(|_| bad())?;
    let carried = match &signed.encap_content_info.econtent {
        Some(any) => Some(any.decode_as::<OctetStringRef>().map_err(|_| bad())?.as_bytes().to_vec()),
        None => None,
    };
    if signed.encap_content_info.econtent_type != kind || carried.is_some() == detached.is_some() {
        return Err(bad());
    }
    let message = detached.or(carried.as_deref()).ok_or_else(bad)?;
    let mut certificates = Vec::new();
    for choice in signed.certificates.iter().flat_map(|set| set.0.iter()).take(MAX_CERTIFICATES) {
        if let CertificateChoices::Certificate(certificate) = choice {
            certificates.push(Certificate::parse(&certificate.to_der().map_err(|_| bad())?)?);
        }
    }
    let [signer] = signed.signer_infos.0.as_slice() else { return Err(bad()) };
    // RFC 5652 5.1, 5.3: nothing in the file may be one thing or another.
    let version = if kind == DATA { CmsVersion::V1 } else { CmsVersion::V3 };
    let by_name = matches!(signer.sid, SignerIdentifier::IssuerAndSerialNumber(_));
    let hashes = signed.digest_algorithms.as_slice();
    if signed.version != version
        || signer.version != if by_name { CmsVersion::V1 } else { CmsVersion::V3 }
        || hashes.iter().map(|a| a.oid).ne([signer.digest_alg.oid])
    {
        return Err(bad());
    }
    let own = certificates.iter().position(|c| is_of(c, &signer.sid)).ok_or_else(bad)?;
    let certificate = certificates.remove(own);

    let attributes = signer.signed_attrs.as_ref().ok_or_else(bad)?;
    let hash = Hash::of_digest(&signer.digest_alg).ok_or_else(|| FaultCode::UnexpectedAlgorithm.fault())?;
    let content_type = single(attributes.iter(), CONTENT_TYPE).and_then(|v| v.decode_as::<ObjectIdentifier>().ok());
    if content_type != Some(kind) {
        return Err(bad());
    }
    let digest = single(attributes.iter(), MESSAGE_DIGEST).and_then(|v| v.decode_as::<OctetString>().ok()).ok_or_else(bad)?;
    if digest.as_bytes() != hash.digest(message) {
        return Err(changed.fault());
    }
    let scheme = Scheme::of(&signer.signature_algorithm, Some(hash));
    let scheme = scheme.ok_or_else(|| FaultCode::UnexpectedAlgorithm.fault())?;
    let to_sign = attributes.to_der().map_err(|_| bad())?;
    if !certificate.verify(scheme, &to_sign, signer.signature.as_bytes(), false) {
        return Err(FaultCode::SignatureInvalid.fault());
    }
    Ok(Opened {
        binds_certificate: binds(signer, &certificate),
        time_stamp: signer.unsigned_attrs.as_ref().and_then(|a| single(a.iter(), TIME_STAMP)).and_then(|v| v.to_der().ok()),
        signature: signer.signature.as_bytes().to_vec(),
        others: certificates,
        certificate,
        content: carried,
    })
}

fn is_of(certificate: &Certificate, id: &SignerIdentifier) -> bool {
    let tbs = &certificate.inner.tbs_certificate;
    match id {
        SignerIdentifier::IssuerAndSerialNumber(id) => tbs.issuer == id.issuer && tbs.serial_number == id.serial_number,
        SignerIdentifier::SubjectKeyIdentifier(id) => {
            matches!(tbs.get::<SubjectKeyIdentifier>(), Ok(Some((_, own))) if own == *id)
        }
    }
}

fn single<'a>(attributes: impl Iterator<Item = &'a Attribute>, oid: ObjectIdentifier) -> Option<&'a x509_cert::der::Any> {
    let mut found = attributes.filter(|a| a.oid == oid);
    let attribute = found.next()?;
    (found.next().is_none() && attribute.values.len() == 1).then(|| attribute.values.get(0))?
}

/// `SigningCertificateV2 ::= SEQUENCE { SEQUENCE OF SEQUENCE { [hash algorithm, SHA-256 if left out], hash OCTET STRING, … } }`
fn binds(signer: &SignerInfo, certificate: &Certificate) -> bool {
    let read = || {
        let value = single(signer.signed_attrs.as_ref()?.iter(), SIGNING_CERTIFICATE_V2)?;
        let list = AnyRef::from_der(value.value()).ok()?;
        let first = AnyRef::try_from(first(list.value())?).ok()?;
        let mut inside = SliceReader::new(first.value()).ok()?;
        let mut next = AnyRef::decode(&mut inside).ok()?;
        let mut hash = Hash::Sha256;
        if next.tag() == Tag::Sequence {
            hash = Hash::of_digest(&next.decode_as::<AlgorithmIdentifierOwned>().ok()?)?;
            next = AnyRef::decode(&mut inside).ok()?;
        }
        Some(next.decode_as::<OctetStringRef>().ok()?.as_bytes() == hash.digest(&certificate.der))
    };
    read().unwrap_or(false)
}

/// The first value of several.
fn first(values: &[u8]) -> Option<&[u8]> {
    SliceReader::new(values).ok()?.tlv_bytes().ok()
}

/// Checks a time-stamp over `message`: that it is one, whose it is, and that it was made while its authority was good.
///
/// # Errors
/// `time-stamp-invalid`, with the code of what is wrong with it.
pub(crate) fn check_stamp(token: &[u8], message: &[u8], trust: &Trust) -> Result<Stamp, Fault> {
    let wrong = |what: &str| FaultCode::TimeStamp.because(what);
    let opened = open(token, TST_INFO, None, FaultCode::TimeStamp, FaultCode::TimeStamp).map_err(|f| wrong(f.code.as_str()))?;
    let info = opened.content.as_deref().ok_or_else(|| FaultCode::TimeStamp.fault())?;
    let (imprint, time) = read_info(info).ok_or_else(|| FaultCode::TimeStamp.fault())?;
    if imprint != Sha256::digest(message)[..] {
        return Err(wrong("imprint"));
    }
    if !opened.certificate.stamps_time() {
        return Err(wrong(FaultCode::KeyUsage.as_str()));
    }
    let checked = trust.check(&opened.certificate, &opened.others, time, true).map_err(|f| wrong(f.code.as_str()))?;
    Ok(Stamp { time, authority: checked.path.first().map(Certificate::common_name).unwrap_or_default() })
}

/// Reads a time-stamp token (RFC 3161, DER) over `message`: its mathematics and its imprint, not whose it is.
///
/// # Errors
/// `time-stamp-invalid`.
pub fn read_time_stamp(token: &[u8], message: &[u8]) -> Result<DateTime<Utc>, Fault> {
    let opened = open(token, TST_INFO, None, FaultCode::TimeStamp, FaultCode::TimeStamp)?;
    let (imprint, time) = opened.content.as_deref().and_then(read_info).ok_or_else(|| FaultCode::TimeStamp.fault())?;
    (imprint == Sha256::digest(message)[..]).then_some(time).ok_or_else(|| FaultCode::TimeStamp.because("imprint"))
}

/// `TSTInfo`: the imprint, if it is one of SHA-256, and the time. Fractions of a second, which DER readers refuse, are cut off.
fn read_info(der: &[u8]) -> Option<(Vec<u8>, DateTime<Utc>)> {
    let info = AnyRef::from_der(der).ok()?;
    let mut inside = SliceReader::new(info.value()).ok()?;
    let _version = u8::decode(&mut inside).ok()?;
    let _policy = ObjectIdentifier::decode(&mut inside).ok()?;
    let imprint = AnyRef::decode(&mut inside).ok()?;
    let _serial = AnyRef::decode(&mut inside).ok()?;
    let time = AnyRef::decode(&mut inside).ok()?;
    let mut parts = SliceReader::new(imprint.value()).ok()?;
    let algorithm = AlgorithmIdentifierOwned::decode(&mut parts).ok()?;
    let digest = OctetStringRef::decode(&mut parts).ok()?;
    let text = std::str::from_utf8(time.value()).ok().filter(|_| time.tag() == Tag::GeneralizedTime)?;
    let whole = text.strip_suffix('Z')?.split('.').next()?;
    let time = NaiveDateTime::parse_from_str(whole, "%Y%m%d%H%M%S").ok()?;
    (Hash::of_digest(&algorithm) == Some(Hash::Sha256)).then(|| (digest.as_bytes().to_vec(), time.and_utc()))
}
