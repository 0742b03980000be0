//! Signatures in CMS (RFC 5652) with the attributes of CAdES-BES (EN 319 122-1): for PDFs, and for the time-stamps of the test
//! authority.

use super::{Digest, Signer, SigningError, TimeStamper};
use sha2::Digest as _;
use sha2::Sha256;
use transcript::Algorithm;
use x509_cert::Certificate;
use x509_cert::attr::Attribute;
use x509_cert::der::asn1::{Any, Null, ObjectIdentifier, OctetString, SetOfVec};
use x509_cert::der::{self, Decode, Encode, Tag};
use x509_cert::spki::AlgorithmIdentifierOwned;

use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{CertificateSet, EncapsulatedContentInfo, SignedData, SignerIdentifier, SignerInfo, SignerInfos};

const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
pub(super) const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
pub(super) const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
const TIME_STAMP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.14");
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const MGF1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.8");
const ECDSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const ECDSA_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");

/// A signature in the making: its attributes are what the key signs.
pub(super) struct Draft {
    kind: ObjectIdentifier,
    content: Option<Vec<u8>>,
    certificates: Vec<Certificate>,
    algorithm: Algorithm,
    attributes: SetOfVec<Attribute>,
}

impl From<der::Error> for SigningError {
    fn from(e: der::Error) -> Self {
        SigningError::KeyStore(e.to_string())
    }
}

/// One DER value of this tag around others.
pub(super) fn wrap(tag: Tag, parts: &[&[u8]]) -> der::Result<Vec<u8>> {
    Any::new(tag, parts.concat())?.to_der()
}

fn attribute(oid: ObjectIdentifier, value: Any) -> der::Result<Attribute> {
    Ok(Attribute { oid, values: SetOfVec::try_from(vec![value])? })
}

fn plain(oid: ObjectIdentifier) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid, parameters: None }
}

/// Of the digests: a signature's own hash, as readers take them for one.
fn hash_of(algorithm: Algorithm) -> AlgorithmIdentifierOwned {
    plain(match algorithm {
        Algorithm::RsaSha256 | Algorithm::RsaPssSha256 | Algorithm::EcdsaSha256 => SHA256,
        Algorithm::EcdsaSha384 => SHA384,
    })
}

/// `RSASSA-PSS-params` (RFC 8017 A.2.3): SHA-256, MGF1 over it, 32 bytes of salt.
pub(super) fn pss_parameters() -> der::Result<Any> {
    let hash = plain(SHA256).to_der()?;
    let mask = wrap(Tag::Sequence, &[&MGF1.to_der()?, &hash])?;
    let field = |number: u8, value: &[u8]| [&[0xA0 | number, value.len() as u8], value].concat();
    Any::from_der(&wrap(Tag::Sequence, &[&field(0, &hash), &field(1, &mask), &field(2, &32u8.to_der()?)])?)
}

fn signature_algorithm(algorithm: Algorithm) -> der::Result<AlgorithmIdentifierOwned> {
    Ok(match algorithm {
        Algorithm::RsaSha256 => AlgorithmIdentifierOwned { oid: RSA, parameters: Some(Any::encode_from(&Null)?) },
        Algorithm::RsaPssSha256 => AlgorithmIdentifierOwned { oid: RSA_PSS, parameters: Some(pss_parameters()?) },
        Algorithm::EcdsaSha256 => plain(ECDSA_SHA256),
        Algorithm::EcdsaSha384 => plain(ECDSA_SHA384),
    })
}

impl Draft {
    /// Over a message with this digest; `content` is carried inside where it is given.
    pub fn new(
        kind: ObjectIdentifier,
        message_digest: Digest,
        content: Option<Vec<u8>>,
        certificates: &[Vec<u8>],
        algorithm: Algorithm,
    ) -> Result<Draft, SigningError> {
        let own = certificates.first().map(Sha256::digest);
        let own = own.ok_or_else(|| SigningError::KeyStore("no certificate".to_owned()))?;
        // SigningCertificateV2 { certs { ESSCertIDv2 { certHash } } }: SHA-256 is the default and is left out.
        let hash = OctetString::new(own.to_vec())?.to_der()?;
        let id = wrap(Tag::Sequence, &[&wrap(Tag::Sequence, &[&hash])?])?;
        let attributes = SetOfVec::try_from(vec![
            attribute(CONTENT_TYPE, Any::encode_from(&kind)?)?,
            attribute(MESSAGE_DIGEST, Any::encode_from(&OctetString::new(message_digest)?)?)?,
            attribute(SIGNING_CERTIFICATE_V2, Any::new(Tag::Sequence, id)?)?,
        ])?;
        let certificates = certificates.iter().map(|der| Certificate::from_der(der)).collect::<Result<_, _>>()?;
        Ok(Draft { kind, content, certificates, algorithm, attributes })
    }

    /// What the key signs.
    pub fn to_sign(&self) -> Result<Vec<u8>, SigningError> {
        Ok(self.attributes.to_der()?)
    }

    /// A DER of `ContentInfo`. `value` is as a [`super::Signer`] gives it.
    pub fn finish(self, value: &[u8], time_stamp: Option<&[u8]>) -> Result<Vec<u8>, SigningError> {
        let own = &self.certificates[0].tbs_certificate;
        let value = carried(self.algorithm, value)?;
        let unsigned_attrs = match time_stamp {
            Some(token) => Some(SetOfVec::try_from(vec![attribute(TIME_STAMP, Any::from_der(token)?)?])?),
            None => None,
        };
        let signer = SignerInfo {
            version: CmsVersion::V1,
            sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
                issuer: own.issuer.clone(),
                serial_number: own.serial_number.clone(),
            }),
            digest_alg: hash_of(self.algorithm),
            signed_attrs: Some(self.attributes),
            signature_algorithm: signature_algorithm(self.algorithm)?,
            signature: OctetString::new(value)?,
            unsigned_attrs,
        };
        let carried = self.content.map(|c| OctetString::new(c).and_then(|c| Any::encode_from(&c))).transpose()?;
        let signed = SignedData {
            version: if self.kind == DATA { CmsVersion::V1 } else { CmsVersion::V3 },
            digest_algorithms: SetOfVec::try_from(vec![hash_of(self.algorithm)])?,
            encap_content_info: EncapsulatedContentInfo { econtent_type: self.kind, econtent: carried },
            certificates: Some(CertificateSet::try_from(
                self.certificates.into_iter().map(CertificateChoices::Certificate).collect::<Vec<_>>(),
            )?),
            crls: None,
            signer_infos: SignerInfos::try_from(vec![signer])?,
        };
        Ok(ContentInfo { content_type: SIGNED_DATA, content: Any::encode_from(&signed)? }.to_der()?)
    }
}

/// A signature over what has this digest, kept apart from it (DER of `ContentInfo`): with a time-stamp where there is a stamper.
pub(super) async fn detached(
    digest: Digest,
    signer: &dyn Signer,
    stamper: Option<&TimeStamper>,
) -> Result<Vec<u8>, SigningError> {
    let certificates = signer.certificates();
    let own = certificates.first().ok_or(SigningError::WrongKey)?;
    let draft = Draft::new(DATA, digest, None, certificates, signer.algorithm())?;
    let to_sign = draft.to_sign()?;
    let algorithm = signer.algorithm();
    let value = signer.sign(&[algorithm.digest(&[&to_sign])]).await?.pop().unwrap_or_default();
    if !algorithm.holds(own, &to_sign, &value) {
        return Err(SigningError::WrongKey);
    }
    let token = match stamper {
        // Over the value as CMS carries it.
        Some(stamper) => Some(stamper.stamp(&carried(algorithm, &value)?).await?),
        None => None,
    };
    draft.finish(&value, token.as_deref())
}

/// A signature's value as CMS carries it.
pub(super) fn carried(algorithm: Algorithm, value: &[u8]) -> Result<Vec<u8>, SigningError> {
    match algorithm.field_bytes() {
        Some(size) => ecdsa_der(value, size),
        None => Ok(value.to_vec()),
    }
}

/// `ECDSA-Sig-Value` of r and s, of so many bytes each.
fn ecdsa_der(raw: &[u8], size: usize) -> Result<Vec<u8>, SigningError> {
    let (r, s) = raw.split_at_checked(size).filter(|(_, s)| s.len() == size).ok_or(SigningError::WrongKey)?;
    let integer = |bytes: &[u8]| {
        let begin = bytes.iter().position(|b| *b != 0).unwrap_or(bytes.len() - 1);
        let sign: &[u8] = if bytes[begin] & 0x80 != 0 { &[0] } else { &[] };
        wrap(Tag::Integer, &[sign, &bytes[begin..]])
    };
    Ok(wrap(Tag::Sequence, &[&integer(r)?, &integer(s)?])?)
}

/// r and s of an `ECDSA-Sig-Value`, in so many bytes each.
pub(super) fn ecdsa_raw(value: &[u8], size: usize) -> Option<Vec<u8>> {
    let parts = Vec::<Any>::from_der(value).ok()?;
    let [r, s] = parts.as_slice() else { return None };
    let mut out = Vec::with_capacity(2 * size);
    for part in [r, s] {
        let bytes = part.value();
        let bytes = bytes.strip_prefix(&[0]).unwrap_or(bytes);
        out.extend(std::iter::repeat_n(0, size.checked_sub(bytes.len())?));
        out.extend(bytes);
    }
    Some(out)
}
