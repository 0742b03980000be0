//! A key in this process, out of a PKCS#12 file.

use super::{Digest, Signer, SigningError, pkcs12};
use aws_lc_rs::digest;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256,
    RsaEncoding, RsaKeyPair,
};
use futures::future::BoxFuture;
use transcript::Algorithm;
use x509_cert::Certificate;
use x509_cert::der::Decode;

enum Key {
    Rsa(Box<RsaKeyPair>),
    Ec(EcdsaKeyPair),
}

/// A key and its certificates, held in memory.
pub struct SoftwareSigner {
    key: Key,
    algorithm: Algorithm,
    pkcs8: Vec<u8>,
    certificates: Vec<Vec<u8>>,
}

impl std::fmt::Debug for SoftwareSigner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SoftwareSigner").finish_non_exhaustive()
    }
}

impl SoftwareSigner {
    /// From a PKCS#12 file (.p12, .pfx) that is protected with PBES2 (AES), as OpenSSL 3 and current browsers write it.
    ///
    /// # Errors
    /// `WrongPassword`, `KeyStore`, `WrongKey`.
    pub fn from_pkcs12(file: &[u8], password: &str) -> Result<SoftwareSigner, SigningError> {
        let (key, certificates) = pkcs12::read(file, password)?;
        SoftwareSigner::from_pkcs8(&key, certificates)
    }

    /// From a key in PKCS#8 and its certificates in DER, in any order.
    ///
    /// # Errors
    /// `KeyStore` where the key is neither RSA nor on P-256 or P-384; `WrongKey` where no certificate is of this key; `Refused` where its
    /// certificate is of a kind that is not taken.
    pub fn from_pkcs8(pkcs8: &[u8], mut certificates: Vec<Vec<u8>>) -> Result<SoftwareSigner, SigningError> {
        let key = if let Ok(key) = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8) {
            Key::Ec(key)
        } else if let Ok(key) = EcdsaKeyPair::from_pkcs8(&ECDSA_P384_SHA384_FIXED_SIGNING, pkcs8) {
            Key::Ec(key)
        } else if let Ok(key) = RsaKeyPair::from_pkcs8(pkcs8) {
            Key::Rsa(Box::new(key))
        } else {
            return Err(SigningError::KeyStore("the key is neither RSA of 2048 bits or more nor on P-256 or P-384".to_owned()));
        };
        let public = match &key {
            Key::Rsa(key) => key.public_key().as_ref(),
            Key::Ec(key) => key.public_key().as_ref(),
        };
        let own = certificates.iter().position(|der| {
            let of = |c: Certificate| c.tbs_certificate.subject_public_key_info.subject_public_key.as_bytes() == Some(public);
            Certificate::from_der(der).is_ok_and(of)
        });
        certificates.swap(0, own.ok_or(SigningError::WrongKey)?);
        let algorithm = Algorithm::of_certificate(&certificates[0])?;
        Ok(SoftwareSigner { key, algorithm, pkcs8: pkcs8.to_vec(), certificates })
    }

    /// The key and its certificates as a PKCS#12 file with AES-256.
    ///
    /// # Errors
    /// `KeyStore`.
    pub fn to_pkcs12(&self, password: &str) -> Result<Vec<u8>, SigningError> {
        pkcs12::write(&self.pkcs8, &self.certificates, password)
    }

    fn sign_one(&self, digest: &Digest) -> Result<Vec<u8>, SigningError> {
        let failed = |_| SigningError::KeyStore("the key cannot sign".to_owned());
        let hash = if self.algorithm == Algorithm::EcdsaSha384 { &digest::SHA384 } else { &digest::SHA256 };
        let digest = digest::Digest::import_less_safe(digest, hash).map_err(failed)?;
        match &self.key {
            Key::Rsa(key) => {
                let scheme: &'static dyn RsaEncoding =
                    if self.algorithm == Algorithm::RsaPssSha256 { &RSA_PSS_SHA256 } else { &RSA_PKCS1_SHA256 };
                let mut value = vec![0; key.public_modulus_len()];
                key.sign_digest(scheme, &digest, &mut value).map_err(failed)?;
                Ok(value)
            }
            Key::Ec(key) => Ok(key.sign_digest(&digest).map_err(failed)?.as_ref().to_vec()),
        }
    }
}

impl Signer for SoftwareSigner {
    fn certificates(&self) -> &[Vec<u8>] {
        &self.certificates
    }

    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    fn sign<'a>(&'a self, digests: &'a [Digest]) -> BoxFuture<'a, Result<Vec<Vec<u8>>, SigningError>> {
        Box::pin(async move {
            let mut values = Vec::with_capacity(digests.len());
            for digest in digests {
                values.push(self.sign_one(digest)?);
                // Fifteen hundred of them are a second of work: others get their turn between.
                tokio::task::yield_now().await;
            }
            Ok(values)
        })
    }
}
