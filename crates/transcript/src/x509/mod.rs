//! Certificates: reading, what they say, and signatures by their keys. RSA from 2048 to 4096 bits, ECDSA on P-256 and P-384.

mod chain;
mod ocsp;
mod pem;
mod scheme;

pub use chain::Trust;
pub use ocsp::{StatusAnswer, StatusQuestion};
pub(crate) use pem::blocks;
pub(crate) use scheme::{Hash, Scheme};

use crate::{Algorithm, Fault, FaultCode};
use chrono::{DateTime, Utc};
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use rsa::pkcs1::DecodeRsaPublicKey;
use rsa::traits::PublicKeyParts;
use rsa::{Pkcs1v15Sign, Pss, RsaPublicKey};
use scheme::{RSA, RSA_PSS};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256, Sha384, Sha512};
use x509_cert::der::asn1::{ObjectIdentifier, Utf8StringRef};
use x509_cert::der::{Decode, Encode, Tag, Tagged};
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage};
use x509_cert::name::Name;
use x509_cert::spki::SubjectPublicKeyInfoOwned;
use x509_cert::time::Time;

const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const ORGANIZATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const OCSP_SIGNING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.9");
const TIME_STAMPING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8");
/// The critical extensions that are understood: key usage, alternative names, basic constraints, policies, extended key usage.
const UNDERSTOOD: [&str; 5] = ["2.5.29.15", "2.5.29.17", "2.5.29.19", "2.5.29.32", "2.5.29.37"];
/// A certificate has a few kilobytes.
const MAX_CERTIFICATE: usize = 32 << 10;

#[derive(Clone)]
enum Key {
    Rsa(Box<RsaPublicKey>),
    /// For RSASSA-PSS alone (RFC 4055 3.1), as this says or in any of its ways.
    RsaPss(Box<RsaPublicKey>, Option<Scheme>),
    P256(Box<p256::ecdsa::VerifyingKey>),
    P384(Box<p384::ecdsa::VerifyingKey>),
}

/// What a certificate says of itself; nothing of it is checked here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateFacts {
    /// The common name, or the whole name where there is none.
    pub subject: String,
    pub organization: Option<String>,
    pub issuer: String,
    /// In hex.
    pub serial: String,
    pub not_before: DateTime<Utc>,
    pub not_after: DateTime<Utc>,
    /// SHA-256 of the certificate, in hex.
    pub fingerprint: String,
}

impl CertificateFacts {
    /// # Errors
    /// `certificate-malformed`.
    pub fn of(der: &[u8]) -> Result<CertificateFacts, Fault> {
        Ok(Certificate::parse(der)?.facts())
    }
}

#[derive(Clone)]
pub(crate) struct Certificate {
    pub der: Vec<u8>,
    pub inner: x509_cert::Certificate,
    key: Option<Key>,
}

fn instant(time: Time) -> DateTime<Utc> {
    i64::try_from(time.to_unix_duration().as_secs()).ok().and_then(|s| DateTime::from_timestamp(s, 0)).unwrap_or_default()
}

fn attribute(name: &Name, oid: ObjectIdentifier) -> Option<String> {
    let found = name.0.iter().flat_map(|rdn| rdn.0.iter()).find(|a| a.oid == oid)?;
    match found.value.tag() {
        Tag::BmpString => {
            let units: Vec<u16> = found.value.value().chunks_exact(2).map(|c| u16::from_be_bytes([c[0], c[1]])).collect();
            String::from_utf16(&units).ok()
        }
        Tag::Utf8String => found.value.decode_as::<Utf8StringRef>().ok().map(|s| s.as_str().to_owned()),
        _ => std::str::from_utf8(found.value.value()).ok().map(str::to_owned),
    }
}

/// Two spellings of one name: letter case and spaces do not tell people apart.
fn folded(name: &str) -> String {
    name.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

impl Certificate {
    pub fn parse(der: &[u8]) -> Result<Certificate, Fault> {
        if der.len() > MAX_CERTIFICATE {
            return Err(FaultCode::CertificateMalformed.fault());
        }
        let inner = x509_cert::Certificate::from_der(der).map_err(|_| FaultCode::CertificateMalformed.fault())?;
        let key = key(&inner.tbs_certificate.subject_public_key_info);
        Ok(Certificate { der: der.to_vec(), inner, key })
    }

    pub fn common_name(&self) -> String {
        shown(&self.inner.tbs_certificate.subject)
    }

    pub fn not_before(&self) -> DateTime<Utc> {
        instant(self.inner.tbs_certificate.validity.not_before)
    }

    pub fn not_after(&self) -> DateTime<Utc> {
        instant(self.inner.tbs_certificate.validity.not_after)
    }

    pub fn facts(&self) -> CertificateFacts {
        let tbs = &self.inner.tbs_certificate;
        CertificateFacts {
            subject: self.common_name(),
            organization: attribute(&tbs.subject, ORGANIZATION),
            issuer: shown(&tbs.issuer),
            serial: hex::encode(tbs.serial_number.as_bytes()),
            not_before: self.not_before(),
            not_after: self.not_after(),
            fingerprint: hex::encode(Sha256::digest(&self.der)),
        }
    }

    /// Is the holder one of those whom a transcript names? By the common name alone: the organization of a teacher's certificate is
    /// the school too, and a teacher is not its seal.
    pub fn is_named(&self, names: &[&str]) -> bool {
        let own = attribute(&self.inner.tbs_certificate.subject, COMMON_NAME);
        own.is_some_and(|own| names.iter().any(|name| folded(name) == folded(&own)))
    }

    /// What its key signs transcripts with.
    pub fn algorithm(&self) -> Result<Algorithm, Fault> {
        match &self.key {
            Some(Key::Rsa(_)) => Ok(Algorithm::RsaSha256),
            Some(Key::RsaPss(..)) => Ok(Algorithm::RsaPssSha256),
            Some(Key::P256(_)) => Ok(Algorithm::EcdsaSha256),
            Some(Key::P384(_)) => Ok(Algorithm::EcdsaSha384),
            None => Err(FaultCode::WeakKey.because(&self.common_name())),
        }
    }

    /// May its key have signed so? One of RSA that is not bound to one way signs in both.
    pub fn fits(&self, algorithm: Algorithm) -> bool {
        self.algorithm() == Ok(algorithm) || (matches!(self.key, Some(Key::Rsa(_))) && algorithm == Algorithm::RsaPssSha256)
    }

    /// May this key sign documents (RFC 5280 4.2.1.3)?
    pub fn check_usage(&self) -> Result<(), Fault> {
        let usage = self.inner.tbs_certificate.get::<KeyUsage>();
        match usage.map_err(|_| FaultCode::CertificateMalformed.fault())? {
            Some((_, usage)) if !usage.digital_signature() && !usage.non_repudiation() => {
                Err(FaultCode::KeyUsage.because(&self.common_name()))
            }
            _ => Ok(()),
        }
    }

    /// May it answer for its authority whether certificates are revoked (RFC 6960 4.2.2.2)?
    fn answers(&self) -> bool {
        let usage = self.inner.tbs_certificate.get::<ExtendedKeyUsage>();
        matches!(usage, Ok(Some((_, ExtendedKeyUsage(of)))) if of.contains(&OCSP_SIGNING))
    }

    /// Is this for time-stamps and nothing else (RFC 3161 2.3)?
    pub fn stamps_time(&self) -> bool {
        let usage = self.inner.tbs_certificate.get::<ExtendedKeyUsage>();
        matches!(usage, Ok(Some((_, ExtendedKeyUsage(of)))) if of == [TIME_STAMPING])
    }

    /// The authority's own constraints: may it issue certificates, with this many authorities below it?
    fn is_authority(&self, below: usize) -> bool {
        let tbs = &self.inner.tbs_certificate;
        let constraints = matches!(
            tbs.get::<BasicConstraints>(),
            Ok(Some((_, c))) if c.ca && c.path_len_constraint.is_none_or(|n| usize::from(n) >= below)
        );
        constraints && tbs.get::<KeyUsage>().is_ok_and(|u| u.is_none_or(|(_, u)| u.key_cert_sign()))
    }

    /// May its key sign lists of revoked certificates?
    fn signs_lists(&self) -> bool {
        self.inner.tbs_certificate.get::<KeyUsage>().is_ok_and(|u| u.is_none_or(|(_, u)| u.crl_sign()))
    }

    /// A critical extension that is not understood.
    fn strange_extension(&self) -> Option<String> {
        let extensions = self.inner.tbs_certificate.extensions.iter().flatten();
        extensions.filter(|e| e.critical).map(|e| e.extn_id.to_string()).find(|id| !UNDERSTOOD.contains(&id.as_str()))
    }

    /// Did this key sign so? `raw`: r and s as XML-DSig has them, else in DER as X.509 and CMS do.
    pub fn verify(&self, scheme: Scheme, message: &[u8], signature: &[u8], raw: bool) -> bool {
        let digest = scheme.hash().digest(message);
        match (&self.key, scheme) {
            (Some(Key::Rsa(key)), Scheme::Pkcs1(hash)) => {
                let scheme = match hash {
                    Hash::Sha256 => Pkcs1v15Sign::new::<Sha256>(),
                    Hash::Sha384 => Pkcs1v15Sign::new::<Sha384>(),
                    Hash::Sha512 => Pkcs1v15Sign::new::<Sha512>(),
                };
                key.verify(scheme, &digest, signature).is_ok()
            }
            (Some(Key::Rsa(key)), Scheme::Pss(hash, salt)) => verify_pss(key, hash, salt, &digest, signature),
            (Some(Key::RsaPss(key, bound)), Scheme::Pss(hash, salt)) => {
                let within = bound.is_none_or(|b| matches!(b, Scheme::Pss(own, least) if own == hash && salt >= least));
                within && verify_pss(key, hash, salt, &digest, signature)
            }
            (Some(Key::P256(key)), Scheme::Ecdsa(_)) => {
                let signature =
                    if raw { p256::ecdsa::Signature::from_slice(signature) } else { p256::ecdsa::Signature::from_der(signature) };
                signature.is_ok_and(|s| key.verify_prehash(&digest, &s).is_ok())
            }
            (Some(Key::P384(key)), Scheme::Ecdsa(_)) => {
                let signature =
                    if raw { p384::ecdsa::Signature::from_slice(signature) } else { p384::ecdsa::Signature::from_der(signature) };
                signature.is_ok_and(|s| key.verify_prehash(&digest, &s).is_ok())
            }
            _ => false,
        }
    }

    /// Does the other's key stand behind this certificate?
    fn issued_by(&self, issuer: &Certificate) -> bool {
        self.inner.tbs_certificate.issuer == issuer.inner.tbs_certificate.subject
            && Scheme::of(&self.inner.signature_algorithm, None).is_some_and(|scheme| {
                let (Ok(tbs), Some(signature)) = (self.inner.tbs_certificate.to_der(), self.inner.signature.as_bytes()) else {
                    return false;
                };
                issuer.verify(scheme, &tbs, signature, false)
            })
    }
}

fn verify_pss(key: &RsaPublicKey, hash: Hash, salt: u8, digest: &[u8], signature: &[u8]) -> bool {
    let salt = usize::from(salt);
    let scheme = match hash {
        Hash::Sha256 => Pss::new_with_salt::<Sha256>(salt),
        Hash::Sha384 => Pss::new_with_salt::<Sha384>(salt),
        Hash::Sha512 => Pss::new_with_salt::<Sha512>(salt),
    };
    key.verify(scheme, digest, signature).is_ok()
}

fn shown(name: &Name) -> String {
    attribute(name, COMMON_NAME).or_else(|| attribute(name, ORGANIZATION)).unwrap_or_else(|| name.to_string())
}

fn key(info: &SubjectPublicKeyInfoOwned) -> Option<Key> {
    let bits = info.subject_public_key.as_bytes()?;
    let rsa = || RsaPublicKey::from_pkcs1_der(bits).ok().filter(|key| key.size() >= 256).map(Box::new);
    match info.algorithm.oid {
        RSA => rsa().map(Key::Rsa),
        RSA_PSS => {
            let bound = match &info.algorithm.parameters {
                Some(_) => Some(Scheme::pss(&info.algorithm)?),
                None => None,
            };
            rsa().map(|key| Key::RsaPss(key, bound))
        }
        EC => match info.algorithm.parameters.as_ref()?.decode_as::<ObjectIdentifier>().ok()? {
            P256 => p256::ecdsa::VerifyingKey::from_sec1_bytes(bits).ok().map(|k| Key::P256(Box::new(k))),
            P384 => p384::ecdsa::VerifyingKey::from_sec1_bytes(bits).ok().map(|k| Key::P384(Box::new(k))),
            _ => None,
        },
        _ => None,
    }
}
