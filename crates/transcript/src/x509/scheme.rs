//! How a signature was made, by the identifiers of its algorithms: RSA (PKCS#1 v1.5 and PSS) and ECDSA, each over SHA-2.

use rsa::pkcs1::RsaPssParams;
use sha2::{Digest, Sha256, Sha384, Sha512};
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::spki::AlgorithmIdentifierOwned;

pub(super) const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
pub(super) const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const RSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const RSA_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12");
const RSA_SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13");
const MGF1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.8");
const ECDSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const ECDSA_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");
const ECDSA_SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.4");
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    fn of(oid: ObjectIdentifier) -> Option<Hash> {
        match oid {
            SHA256 => Some(Hash::Sha256),
            SHA384 => Some(Hash::Sha384),
            SHA512 => Some(Hash::Sha512),
            _ => None,
        }
    }

    pub(crate) fn of_digest(algorithm: &AlgorithmIdentifierOwned) -> Option<Hash> {
        Hash::of(algorithm.oid)
    }

    pub(crate) fn digest(self, message: &[u8]) -> Vec<u8> {
        match self {
            Hash::Sha256 => Sha256::digest(message).to_vec(),
            Hash::Sha384 => Sha384::digest(message).to_vec(),
            Hash::Sha512 => Sha512::digest(message).to_vec(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// RSASSA-PKCS1-v1_5.
    Pkcs1(Hash),
    /// RSASSA-PSS (RFC 8017 8.1), its mask by MGF1 over the same hash; so many bytes of salt.
    Pss(Hash, u8),
    Ecdsa(Hash),
}

impl Scheme {
    /// Of a signature's algorithm; plain RSA names the hash elsewhere.
    pub(crate) fn of(algorithm: &AlgorithmIdentifierOwned, otherwise: Option<Hash>) -> Option<Scheme> {
        match algorithm.oid {
            RSA_SHA256 => Some(Scheme::Pkcs1(Hash::Sha256)),
            RSA_SHA384 => Some(Scheme::Pkcs1(Hash::Sha384)),
            RSA_SHA512 => Some(Scheme::Pkcs1(Hash::Sha512)),
            ECDSA_SHA256 => Some(Scheme::Ecdsa(Hash::Sha256)),
            ECDSA_SHA384 => Some(Scheme::Ecdsa(Hash::Sha384)),
            ECDSA_SHA512 => Some(Scheme::Ecdsa(Hash::Sha512)),
            RSA => otherwise.map(Scheme::Pkcs1),
            RSA_PSS => Scheme::pss(algorithm),
            _ => None,
        }
    }

    /// The parameters of RSASSA-PSS; what they leave out is SHA-1, which is not taken. The trailer has one value alone.
    pub(super) fn pss(algorithm: &AlgorithmIdentifierOwned) -> Option<Scheme> {
        let parameters = algorithm.parameters.as_ref()?.decode_as::<RsaPssParams>().ok()?;
        let mask = parameters.mask_gen.parameters.filter(|_| parameters.mask_gen.oid == MGF1)?;
        let hash = Hash::of(parameters.hash.oid)?;
        (Hash::of(mask.oid) == Some(hash)).then_some(Scheme::Pss(hash, parameters.salt_len))
    }

    pub(crate) fn hash(self) -> Hash {
        match self {
            Scheme::Pkcs1(hash) | Scheme::Pss(hash, _) | Scheme::Ecdsa(hash) => hash,
        }
    }
}
