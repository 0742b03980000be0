//! Message encryption for web push (RFC 8291, over RFC 8188) and voluntary application server identification (RFC 8292).

use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::agreement::{ECDH_P256, PrivateKey, UnparsedPublicKey, agree};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Prk, Salt};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::{Error, Result};
use rand::RngCore;
use std::io::{ErrorKind, Write};
use std::path::Path;

/// One record holds the whole message.
const RECORD: u32 = 4096;
/// Most bytes of a message: a record less its header, delimiter and tag, as push services take it.
pub const LONGEST: usize = 3800;

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn expand<const N: usize>(prk: &Prk, info: &[&[u8]]) -> Result<[u8; N], Unspecified> {
    let mut out = [0; N];
    prk.expand(info, Length(N))?.fill(&mut out)?;
    Ok(out)
}

/// Encrypts a message for a browser: its public key (65 bytes) and its secret (16 bytes). The body of the request.
pub fn encrypt(message: &[u8], p256dh: &[u8], auth: &[u8]) -> Result<Vec<u8>> {
    let ours = PrivateKey::generate(&ECDH_P256).map_err(|_| Error::internal("no key for a push message"))?;
    let mut salt = [0; 16];
    rand::rng().fill_bytes(&mut salt);
    seal(message, p256dh, auth, &ours, salt).map_err(|_| Error::internal("a push message could not be encrypted"))
}

fn seal(message: &[u8], theirs: &[u8], auth: &[u8], ours: &PrivateKey, salt: [u8; 16]) -> Result<Vec<u8>, Unspecified> {
    let public = ours.compute_public_key()?;
    let public = public.as_ref();
    // RFC 8291 section 3.4: both keys and the secret go into the input keying material …
    let ikm: [u8; 32] = agree(ours, UnparsedPublicKey::new(&ECDH_P256, theirs), Unspecified, |shared| {
        let prk = Salt::new(HKDF_SHA256, auth).extract(shared);
        expand(&prk, &[b"WebPush: info\0", theirs, public])
    })?;
    // … and RFC 8188 sections 2.2 and 2.3 make key and nonce of it.
    let prk = Salt::new(HKDF_SHA256, &salt).extract(&ikm);
    let key: [u8; 16] = expand(&prk, &[b"Content-Encoding: aes128gcm\0"])?;
    let nonce: [u8; 12] = expand(&prk, &[b"Content-Encoding: nonce\0"])?;
    let mut record = message.to_vec();
    record.push(2);
    let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key)?);
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut record)?;
    let mut body = salt.to_vec();
    body.extend_from_slice(&RECORD.to_be_bytes());
    body.push(u8::try_from(public.len()).map_err(|_| Unspecified)?);
    body.extend_from_slice(public);
    body.append(&mut record);
    Ok(body)
}

/// The key pair by which push services know this installation.
pub struct Keys {
    pair: EcdsaKeyPair,
}

/// Nodes that share a database share the key, in a file named here.
const ENV_FILE: &str = "KHUE_VAPID_KEY";

impl Keys {
    /// The key of the file that `KHUE_VAPID_KEY` names, else of `keys/vapid.key` in the data folder, which is made on the first start. With
    /// another key every device has to subscribe again.
    pub fn load_or_create(data: &Path) -> Result<Keys> {
        let path = std::env::var(ENV_FILE).map_or_else(|_| data.join("keys").join("vapid.key"), Into::into);
        let wrong = |e: &dyn std::fmt::Display| Error::internal(format!("the key of web push {}: {e}", path.display()));
        if !path.exists() {
            let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(|e| wrong(&e))?;
            let der = pair.to_pkcs8v1().map_err(|e| wrong(&e))?;
            create(&path, der.as_ref()).map_err(|e| wrong(&e))?;
        }
        let der = std::fs::read(&path).map_err(|e| wrong(&e))?;
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der).map_err(|e| wrong(&e))?;
        Ok(Keys { pair })
    }

    /// The public key as browsers take it.
    pub fn public(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.pair.public_key().as_ref())
    }

    /// The header `Authorization` for an origin, good until `expires` (seconds since 1970; RFC 8292: a day at most).
    pub fn authorization(&self, origin: &str, subject: &str, expires: i64) -> Result<String> {
        let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let head = part(serde_json::json!({ "typ": "JWT", "alg": "ES256" }));
        let claims = part(serde_json::json!({ "aud": origin, "exp": expires, "sub": subject }));
        let signed = format!("{head}.{claims}");
        let signature = self
            .pair
            .sign(&SystemRandom::new(), signed.as_bytes())
            .map_err(|_| Error::internal("a push message could not be signed"))?;
        Ok(format!("vapid t={signed}.{}, k={}", URL_SAFE_NO_PAD.encode(signature), self.public()))
    }
}

/// Makes the file, readable by its owner alone; where another was quicker, theirs stands.
fn create(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(mut file) => {
            file.write_all(bytes)?;
            file.sync_all()
        }
        Err(e) if e.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(e) => Err(e),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey as Verifier};

    fn bytes(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).unwrap()
    }

    /// RFC 8291, section 5 and appendix A.
    #[test]
    fn the_vector_of_rfc_8291() {
        let ours = PrivateKey::from_private_key(&ECDH_P256, &bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")).unwrap();
        let theirs = bytes("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4");
        let auth = bytes("BTBZMqHH6r4Tts7J_aSIgg");
        let salt = bytes("DGv6ra1nlYgDCS1FRnbzlw").try_into().unwrap();
        let body = seal(b"When I grow up, I want to be a watermelon", &theirs, &auth, &ours, salt).unwrap();
        assert_eq!(
            URL_SAFE_NO_PAD.encode(body),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT\
             pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
    }

    #[test]
    fn the_identification_is_signed_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::load_or_create(folder.path()).unwrap();
        let again = Keys::load_or_create(folder.path()).unwrap();
        assert_eq!(keys.public(), again.public());
        let header = keys.authorization("https://push.example", "mailto:it@so.example.vn", 1_800_000_000).unwrap();
        let token = header.strip_prefix("vapid t=").unwrap().split(',').next().unwrap();
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let public = bytes(&keys.public());
        assert_eq!(public.len(), 65);
        Verifier::new(&ECDSA_P256_SHA256_FIXED, &public).verify(signed.as_bytes(), &bytes(signature)).unwrap();
        let claims: serde_json::Value = serde_json::from_slice(&bytes(signed.split('.').nth(1).unwrap())).unwrap();
        assert_eq!(claims["aud"], "https://push.example");
    }
}
