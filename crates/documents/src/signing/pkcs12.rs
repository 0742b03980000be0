//! PKCS#12 (RFC 7292): one private key and certificates behind a password. PBES2 with AES and a MAC over SHA-2, nothing older.

use super::SigningError;
use super::cms::wrap;
use aws_lc_rs::{hmac, rand};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::encrypted_data::EncryptedData;
use cms::enveloped_data::EncryptedContentInfo;
use pkcs5::EncryptionScheme;
use pkcs5::pbes2::{Kdf, Parameters};
use pkcs12::cert_type::CertBag;
use pkcs12::digest_info::DigestInfo;
use pkcs12::kdf::{Pkcs12KeyType, derive_key_utf8};
use pkcs12::mac_data::MacData;
use pkcs12::pfx::{Pfx, Version};
use pkcs12::safe_bag::SafeBag;
use sha2::{Sha256, Sha384, Sha512};
use x509_cert::der::asn1::{Any, AnyRef, ContextSpecific, ObjectIdentifier, OctetString, OctetStringRef};
use x509_cert::der::{Decode, Encode, Tag};
use x509_cert::spki::AlgorithmIdentifierOwned;

const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const ENCRYPTED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.6");
const KEY_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.1");
const SHROUDED_KEY_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.2");
const CERT_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.3");
const X509: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.22.1");
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");
/// A file is opened once; what takes longer than this only keeps the server busy.
const MAX_ROUNDS: u32 = 1_000_000;
const MAX_BYTES: usize = 256 << 10;
const ROUNDS: u32 = 100_000;

fn bad(what: &str) -> SigningError {
    SigningError::KeyStore(what.to_owned())
}

fn old() -> SigningError {
    bad("it is protected in an old way (RC2, 3DES or SHA-1): export it again with AES-256")
}

/// The key in PKCS#8 and the certificates, both in DER.
///
/// # Errors
/// `WrongPassword`, `KeyStore`.
pub(super) fn read(file: &[u8], password: &str) -> Result<(Vec<u8>, Vec<Vec<u8>>), SigningError> {
    if file.len() > MAX_BYTES {
        return Err(bad("it is too large"));
    }
    let pfx = Pfx::from_der(file).map_err(|_| bad("this is not a PKCS#12 file"))?;
    if pfx.auth_safe.content_type != DATA {
        return Err(bad("it is not protected by a password"));
    }
    let safe = pfx.auth_safe.content.decode_as::<OctetStringRef>()?.as_bytes().to_vec();
    check_mac(pfx.mac_data.as_ref(), &safe, password)?;

    let mut keys = Vec::new();
    let mut certificates = Vec::new();
    for info in Vec::<ContentInfo>::from_der(&safe)? {
        let bags = match info.content_type {
            DATA => info.content.decode_as::<OctetStringRef>()?.as_bytes().to_vec(),
            ENCRYPTED_DATA => {
                let data: EncryptedData = info.content.decode_as()?;
                let secret = data.enc_content_info.encrypted_content.ok_or_else(|| bad("a part of it is empty"))?;
                decrypt(&data.enc_content_info.content_enc_alg.to_der()?, secret.as_bytes(), password)?
            }
            _ => continue,
        };
        for bag in Vec::<SafeBag>::from_der(&bags)? {
            // The value still has its context tag around it.
            let value = AnyRef::from_der(&bag.bag_value)?.value();
            match bag.bag_id {
                KEY_BAG => keys.push(value.to_vec()),
                SHROUDED_KEY_BAG => {
                    let parts = Vec::<Any>::from_der(value)?;
                    let [scheme, secret] = parts.as_slice() else { return Err(bad("its key cannot be read")) };
                    keys.push(decrypt(&scheme.to_der()?, secret.decode_as::<OctetStringRef>()?.as_bytes(), password)?);
                }
                CERT_BAG => {
                    let bag = CertBag::from_der(value)?;
                    if bag.cert_id == X509 {
                        certificates.push(bag.cert_value.as_bytes().to_vec());
                    }
                }
                _ => {}
            }
        }
    }
    match (keys.pop(), keys.is_empty()) {
        (Some(key), true) => Ok((key, certificates)),
        (Some(_), false) => Err(bad("it has more than one key")),
        (None, _) => Err(bad("it has no key")),
    }
}

fn check_mac(mac: Option<&MacData>, safe: &[u8], password: &str) -> Result<(), SigningError> {
    let mac = mac.ok_or_else(|| bad("it is not protected by a password"))?;
    if !(1..=MAX_ROUNDS as i32).contains(&mac.iterations) {
        return Err(bad("its protection cannot be checked"));
    }
    let salt = mac.mac_salt.as_bytes();
    let kind = Pkcs12KeyType::Mac;
    let (algorithm, key) = match mac.mac.algorithm.oid {
        SHA256 => (hmac::HMAC_SHA256, derive_key_utf8::<Sha256>(password, salt, kind, mac.iterations, 32)),
        SHA384 => (hmac::HMAC_SHA384, derive_key_utf8::<Sha384>(password, salt, kind, mac.iterations, 48)),
        SHA512 => (hmac::HMAC_SHA512, derive_key_utf8::<Sha512>(password, salt, kind, mac.iterations, 64)),
        _ => return Err(old()),
    };
    let key = hmac::Key::new(algorithm, &key?);
    hmac::verify(&key, safe, mac.mac.digest.as_bytes()).map_err(|_| SigningError::WrongPassword)
}

fn decrypt(scheme: &[u8], secret: &[u8], password: &str) -> Result<Vec<u8>, SigningError> {
    let scheme = EncryptionScheme::try_from(scheme).map_err(|_| old())?;
    let parameters = scheme.pbes2().ok_or_else(old)?;
    match &parameters.kdf {
        Kdf::Pbkdf2(kdf) if kdf.iteration_count <= MAX_ROUNDS => {}
        _ => return Err(bad("its protection cannot be opened")),
    }
    scheme.decrypt(password, secret).map_err(|_| SigningError::WrongPassword)
}

fn encrypt(plain: &[u8], password: &str) -> Result<(Vec<u8>, Vec<u8>), SigningError> {
    let failed = |_| bad("it cannot be written");
    let (mut salt, mut iv) = ([0; 16], [0; 16]);
    rand::fill(&mut salt).and_then(|()| rand::fill(&mut iv)).map_err(|_| bad("no random numbers"))?;
    let parameters = Parameters::pbkdf2_sha256_aes256cbc(ROUNDS, &salt, &iv).map_err(failed)?;
    let secret = parameters.encrypt(password, plain).map_err(failed)?;
    Ok((EncryptionScheme::from(parameters).to_der()?, secret))
}

fn bag(id: ObjectIdentifier, value: &[u8]) -> Result<Vec<u8>, SigningError> {
    let explicit = ContextSpecific {
        tag_number: x509_cert::der::TagNumber::N0,
        tag_mode: x509_cert::der::TagMode::Explicit,
        value: Any::from_der(value)?,
    };
    Ok(wrap(Tag::Sequence, &[&id.to_der()?, &explicit.to_der()?])?)
}

/// A file with one key and its certificates.
///
/// # Errors
/// `KeyStore`.
pub(super) fn write(pkcs8: &[u8], certificates: &[Vec<u8>], password: &str) -> Result<Vec<u8>, SigningError> {
    let (scheme, secret) = encrypt(pkcs8, password)?;
    let shrouded = wrap(Tag::Sequence, &[&scheme, &OctetString::new(secret)?.to_der()?])?;
    let key = wrap(Tag::Sequence, &[&bag(SHROUDED_KEY_BAG, &shrouded)?])?;
    let key = ContentInfo { content_type: DATA, content: Any::encode_from(&OctetString::new(key)?)? };

    let mut bags = Vec::new();
    for der in certificates {
        let value = CertBag { cert_id: X509, cert_value: OctetString::new(der.clone())? };
        bags.push(bag(CERT_BAG, &value.to_der()?)?);
    }
    let bags: Vec<&[u8]> = bags.iter().map(Vec::as_slice).collect();
    let (scheme, secret) = encrypt(&wrap(Tag::Sequence, &bags)?, password)?;
    let encrypted = EncryptedData {
        version: CmsVersion::V0,
        enc_content_info: EncryptedContentInfo {
            content_type: DATA,
            content_enc_alg: AlgorithmIdentifierOwned::from_der(&scheme)?,
            encrypted_content: Some(OctetString::new(secret)?),
        },
        unprotected_attrs: None,
    };
    let certificates = ContentInfo { content_type: ENCRYPTED_DATA, content: Any::encode_from(&encrypted)? };

    let safe = vec![key, certificates].to_der()?;
    let mut salt = [0; 16];
    rand::fill(&mut salt).map_err(|_| bad("no random numbers"))?;
    let mac_key = derive_key_utf8::<Sha256>(password, &salt, Pkcs12KeyType::Mac, ROUNDS as i32, 32)?;
    let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &mac_key), &safe);
    let pfx = Pfx {
        version: Version::V3,
        auth_safe: ContentInfo { content_type: DATA, content: Any::encode_from(&OctetString::new(safe)?)? },
        mac_data: Some(MacData {
            mac: DigestInfo {
                algorithm: AlgorithmIdentifierOwned {
                    oid: SHA256,
                    parameters: Some(Any::encode_from(&x509_cert::der::asn1::Null)?),
                },
                digest: OctetString::new(mac.as_ref().to_vec())?,
            },
            mac_salt: OctetString::new(salt.to_vec())?,
            iterations: ROUNDS as i32,
        }),
    };
    Ok(pfx.to_der()?)
}
