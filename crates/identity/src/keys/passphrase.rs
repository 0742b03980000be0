//! Sealing under a passphrase, for what leaves an installation: whoever is told the passphrase opens it, wherever they are.
//!
//! The key is made by argon2id (RFC 9106, 4: the second recommended choice) with a salt that follows from what is sealed (a school, a
//! package), so that the same passphrase gives the same key at the other side without anything kept. Fields are sealed by AES-256-GCM
//! with a nonce made of place and text by HMAC (as RFC 5297 and RFC 8452 do it): the same field sealed twice is the same text, which
//! shows that nothing changed and nothing else, and two texts never share a nonce but by a chance of 2^-96.

use super::{ROOT_BYTES, hmac_sha256};
use crate::passwords;
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use dto::Code;
use kernel::{Error, Result};

/// How keys are made of passphrases: part of a format, since both sides do it.
pub const DERIVATION: &str = "argon2id v=19 m=65536 t=3 p=4; AES-256-GCM, nonce by HMAC-SHA-256";
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;
const LANES: u32 = 4;

/// What a right passphrase opens.
const CHECK: &[&[u8]] = &[b"passphrase check"];
const CHECKED: &str = "khue";

/// The keys of a passphrase. Cheap to clone; prints nothing of itself.
#[derive(Clone)]
pub struct Passphrase {
    seal: [u8; ROOT_BYTES],
    nonce: [u8; ROOT_BYTES],
}

impl std::fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passphrase(…)")
    }
}

impl Passphrase {
    /// The keys of a passphrase for something that `about` names. Costs 64 MiB and some tenths of a second, off the request threads.
    pub async fn derive(passphrase: &str, about: &[&[u8]]) -> Result<Passphrase> {
        // Keyboards differ in how they spell an accented letter; the passphrase is the same.
        let text = kernel::text::nfc(passphrase.trim());
        let salt = hmac_sha256(b"khue passphrase 1", &[&bound(b"salt", about)]);
        let leave = passwords::leave().await?;
        let made = tokio::task::spawn_blocking(move || {
            let mut out = [0u8; 2 * ROOT_BYTES];
            let params = argon2::Params::new(MEMORY_KIB, PASSES, LANES, Some(out.len()))
                .map_err(|e| Error::internal(format!("argon2: {e}")))?;
            argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params)
                .hash_password_into(text.as_bytes(), &salt[..16], &mut out)
                .map_err(|e| Error::internal(format!("argon2: {e}")))?;
            Ok::<_, Error>(out)
        });
        let out = made.await.map_err(Error::internal)??;
        drop(leave);
        let half = |at: usize| -> [u8; ROOT_BYTES] { std::array::from_fn(|n| out[at + n]) };
        Ok(Passphrase { seal: half(0), nonce: half(ROOT_BYTES) })
    }

    fn key(&self) -> Result<LessSafeKey> {
        let key =
            UnboundKey::new(&AES_256_GCM, &self.seal).map_err(|_| Error::internal("no key can be made of the passphrase"))?;
        Ok(LessSafeKey::new(key))
    }

    /// Seals a text for a place: `p1.` and base64url of nonce, ciphertext, tag. The same text at the same place gives the same.
    pub fn seal(&self, place: &[&[u8]], text: &str) -> Result<String> {
        let aad = bound(b"field", place);
        let nonce = hmac_sha256(&self.nonce, &[&bound(b"nonce", &[&aad, text.as_bytes()])]);
        let mut whole = nonce[..NONCE_LEN].to_vec();
        let nonce = Nonce::try_assume_unique_for_key(&whole).map_err(|_| Error::internal("no nonce"))?;
        let mut bytes = text.as_bytes().to_vec();
        self.key()?
            .seal_in_place_append_tag(nonce, Aad::from(&aad), &mut bytes)
            .map_err(|_| Error::internal("a field could not be sealed"))?;
        whole.append(&mut bytes);
        Ok(format!("p1.{}", URL_SAFE_NO_PAD.encode(whole)))
    }

    /// Opens what was sealed for this place.
    ///
    /// Errors: `passphrase_wrong` where it was sealed under another, changed, or moved.
    pub fn open(&self, place: &[&[u8]], sealed: &str) -> Result<String> {
        let wrong = || Error::new(Code::PassphraseWrong);
        let body = sealed.strip_prefix("p1.").ok_or_else(wrong)?;
        let mut bytes = URL_SAFE_NO_PAD.decode(body).map_err(|_| wrong())?;
        if bytes.len() < NONCE_LEN {
            return Err(wrong());
        }
        let mut rest = bytes.split_off(NONCE_LEN);
        let nonce = Nonce::try_assume_unique_for_key(&bytes).map_err(|_| wrong())?;
        let opened = self.key()?.open_in_place(nonce, Aad::from(bound(b"field", place)), &mut rest).map_err(|_| wrong())?;
        String::from_utf8(opened.to_vec()).map_err(|_| wrong())
    }

    /// A text that only this passphrase opens, to be put beside what is sealed.
    pub fn check(&self) -> Result<String> {
        self.seal(CHECK, CHECKED)
    }

    /// Whether a check was made by this passphrase.
    ///
    /// Errors: `passphrase_wrong`.
    pub fn verify(&self, check: &str) -> Result<()> {
        self.open(CHECK, check).map(drop)
    }
}

/// Parts with their lengths, so that no two lists of them give the same bytes.
fn bound(what: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let mut bound = b"khue passphrase 1 ".to_vec();
    for part in std::iter::once(what).chain(parts.iter().copied()) {
        bound.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bound.extend_from_slice(part);
    }
    bound
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn of(passphrase: &str, about: &str) -> Passphrase {
        Passphrase::derive(passphrase, &[about.as_bytes()]).await.unwrap()
    }

    #[tokio::test]
    async fn the_same_passphrase_seals_the_same_and_opens_it_and_no_other_does() {
        let one = of("mưa rào tháng bảy", "trường").await;
        let place: [&[u8]; 2] = [b"health_condition.sealed", b"child"];
        let sealed = one.seal(&place, "Dị ứng tôm").unwrap();
        assert!(sealed.starts_with("p1.") && !sealed.contains("tôm"));
        // Typed with decomposed letters and a space behind it.
        let again = of("mưa ra\u{300}o tháng bảy ", "trường").await;
        assert_eq!(again.seal(&place, "Dị ứng tôm").unwrap(), sealed);
        assert_eq!(again.open(&place, &sealed).unwrap(), "Dị ứng tôm");
        assert!(again.verify(&one.check().unwrap()).is_ok());
        assert_ne!(one.seal(&place, "Dị ứng cua").unwrap()[..19], sealed[..19], "another text, another nonce");
        let other: [&[u8]; 2] = [b"health_condition.sealed", b"other"];
        assert_ne!(one.seal(&other, "Dị ứng tôm").unwrap(), sealed);
        let wrong = |opened: Result<String>| opened.unwrap_err().code() == Code::PassphraseWrong;
        assert!(wrong(one.open(&other, &sealed)));
        assert!(wrong(of("mưa rào tháng tám", "trường").await.open(&place, &sealed)));
        assert!(wrong(of("mưa rào tháng bảy", "trường khác").await.open(&place, &sealed)));
        for broken in ["", "p1.", "p1.AAAA", "k1.AAAA", &sealed[..sealed.len() - 2]] {
            assert!(wrong(one.open(&place, broken)), "{broken:?}");
        }
    }
}
