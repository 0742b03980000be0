//! The key that signs the daily roots of the log: Ed25519 (RFC 8032), as a JWS (RFC 7515, RFC 8037).

use super::{ROOT_BYTES, decode, file, read};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use kernel::db::audit_root::Root;
use kernel::{Error, Result};
use std::path::Path;

/// Nodes that share a database share the key: 32 bytes in base64 here.
const ENV_SECRET: &str = "KHUE_SEAL_SECRET";

/// Signs roots, and says which public key they are to be checked with. Prints nothing of itself.
#[derive(Clone)]
pub struct SealKey {
    sign: EncodingKey,
    public: String,
}

impl std::fmt::Debug for SealKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SealKey({})", self.public)
    }
}

impl SealKey {
    /// The key of `KHUE_SEAL_SECRET` (32 bytes in base64), else of `keys/seal.key` in the data folder, which is made on the first
    /// start and readable by its owner alone.
    pub fn load_or_create(data: &Path) -> Result<SealKey> {
        match std::env::var(ENV_SECRET) {
            Ok(text) => decode(&text).and_then(|seed| SealKey::from_seed(&seed)),
            Err(_) => SealKey::from_seed(&read(&file(data, "seal.key")?)?),
        }
        .map_err(|e| Error::internal(format!("the key that seals the log: {e}")))
    }

    /// The key of a seed of 32 bytes.
    pub fn from_seed(seed: &[u8]) -> Result<SealKey> {
        if seed.len() != ROOT_BYTES {
            return Err(Error::internal(format!("it needs {ROOT_BYTES} bytes")));
        }
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| Error::internal("no key can be made of it"))?;
        let der = pair.to_pkcs8().map_err(|_| Error::internal("the key cannot be written"))?;
        Ok(SealKey { sign: EncodingKey::from_ed_der(der.as_ref()), public: URL_SAFE_NO_PAD.encode(pair.public_key().as_ref()) })
    }

    /// The public key, as the `x` of its JWK (RFC 8037): base64url of 32 bytes. It is the `kid` of what this key signs.
    pub fn public(&self) -> &str {
        &self.public
    }

    pub fn sign(&self, root: &Root) -> Result<String> {
        let header = Header { kid: Some(self.public.clone()), ..Header::new(Algorithm::EdDSA) };
        jsonwebtoken::encode(&header, root, &self.sign).map_err(|e| Error::internal(format!("cannot sign a root: {e}")))
    }
}

/// What a signed root says, where one of these public keys signed it.
pub fn read_root(jws: &str, trusted: &[&str]) -> Option<Root> {
    let kid = jsonwebtoken::decode_header(jws).ok()?.kid?;
    let key = trusted.iter().find(|key| **key == kid).and_then(|key| DecodingKey::from_ed_components(key).ok())?;
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_issuer(&["khue"]);
    validation.set_required_spec_claims(&["iss"]);
    // A root does not expire.
    validation.validate_exp = false;
    jsonwebtoken::decode::<Root>(jws, &key, &validation).ok().map(|token| token.claims)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root() -> Root {
        let day = chrono::NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
        Root { iss: "khue".into(), day, root: "00".repeat(32), chains: 3, prev: String::new(), iat: 1_795_280_000 }
    }

    /// RFC 8032, 7.1, test 1: the public key of this seed.
    #[test]
    fn the_public_key_is_the_one_of_the_rfc() {
        let seed = hex::decode("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60").unwrap();
        let expected = hex::decode("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a").unwrap();
        assert_eq!(SealKey::from_seed(&seed).unwrap().public(), URL_SAFE_NO_PAD.encode(expected));
        assert!(SealKey::from_seed(&seed[1..]).is_err());
    }

    #[test]
    fn only_a_trusted_key_is_believed_and_nothing_can_be_changed() {
        let (key, other) = (SealKey::from_seed(&[1; 32]).unwrap(), SealKey::from_seed(&[2; 32]).unwrap());
        let jws = key.sign(&root()).unwrap();
        assert_eq!(read_root(&jws, &[key.public()]), Some(root()));
        assert_eq!(read_root(&jws, &[other.public()]), None);
        assert_eq!(read_root(&jws, &[]), None);
        let changed = other.sign(&Root { chains: 4, ..root() }).unwrap();
        let mixed =
            [jws.split('.').next().unwrap(), changed.split('.').nth(1).unwrap(), jws.split('.').nth(2).unwrap()].join(".");
        assert_eq!(read_root(&mixed, &[key.public()]), None);
    }

    #[test]
    fn the_key_is_made_once() {
        let data = tempfile::tempdir().unwrap();
        let first = SealKey::load_or_create(data.path()).unwrap();
        assert_eq!(SealKey::load_or_create(data.path()).unwrap().public(), first.public());
    }
}
