//! Passwords: argon2id, and the rules for a new one.

mod common;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use dto::Code;
use kernel::{Error, Result};
use std::sync::LazyLock;
use tokio::sync::{Semaphore, SemaphorePermit};

/// OWASP Password Storage Cheat Sheet, first choice for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Made with the same parameters from a password that nobody has: verifying against it costs what a real one costs, so that the
/// time of an answer does not tell whether a user name exists.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$a2h1ZS1ub2JvZHktMDAwMQ$zF0Qe5t2mC7c0m1x2kqYt8n3rV5sW6uXyZaBcDeFgHI";

/// Each hash takes 19 MiB and a core for tens of milliseconds; more of them at once than cores only costs memory.
static ROOM: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(std::thread::available_parallelism().map_or(2, |n| n.get()).clamp(1, 16)));

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).expect("the parameters are within argon2's bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Leave to hash. Held from the look at the throttle to the note of a failure, it also bounds how many guesses can be under way
/// before the first of them is counted.
pub(crate) struct Leave(#[allow(dead_code, reason = "held, not read")] SemaphorePermit<'static>);

pub(crate) async fn leave() -> Result<Leave> {
    ROOM.acquire().await.map(Leave).map_err(|_| Error::new(Code::Busy))
}

/// Hashes a password, off the request threads. Costs 19 MiB and tens of milliseconds.
pub async fn hash(password: &str) -> Result<String> {
    let _leave = leave().await?;
    let password = password.to_owned();
    tokio::task::spawn_blocking(move || hash_now(&password)).await.map_err(Error::internal)?
}

/// The same on this thread, for programs that have nothing else to do (synthetic data).
pub fn hash_now(password: &str) -> Result<String> {
    argon2()
        .hash_password(kernel::text::nfc(password).as_bytes())
        .map(|h| h.to_string())
        .map_err(|e| Error::internal(format!("argon2: {e}")))
}

/// Is it the password of `hash`? `None` (no such account, no password yet) costs as much and is never right.
pub(crate) async fn verify(_leave: &Leave, password: &str, hash: Option<&str>) -> Result<bool> {
    // Keyboards differ in how they spell an accented letter; the password is the same (RFC 8265, 4.2).
    let (password, known) = (kernel::text::nfc(password), hash.is_some());
    let hash = hash.unwrap_or(NOBODY).to_owned();
    let same = tokio::task::spawn_blocking(move || {
        let parsed =
            PasswordHash::new(&hash).map_err(|e| Error::internal(format!("a stored password hash is not readable: {e}")))?;
        Ok::<bool, Error>(argon2().verify_password(password.as_bytes(), &parsed).is_ok())
    })
    .await
    .map_err(Error::internal)??;
    Ok(same && known)
}

/// May this be the password of this user? At least 8 characters (NIST SP 800-63B, 5.1.1.2), not the user name, not one of the
/// common ones, not one character or a plain row of digits again and again. No rules about kinds of characters: they make
/// passwords that people write down.
pub fn check_new(username: &str, password: &str, pointer: &str) -> Result<()> {
    if acceptable(username, password) {
        Ok(())
    } else {
        Err(Error::new(Code::PasswordWeak).and_field(pointer, Code::PasswordWeak))
    }
}

fn acceptable(username: &str, password: &str) -> bool {
    let folded = kernel::text::fold(password).replace(' ', "");
    let name = username.to_ascii_lowercase();
    let mut characters: Vec<char> = folded.chars().collect();
    characters.sort_unstable();
    characters.dedup();
    password.chars().count() >= 8
        && characters.len() >= 3
        && folded != name
        && folded.strip_prefix(name.as_str()).is_none_or(|rest| rest.chars().count() > 3 || name.is_empty())
        && !common::is_common(&folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_named() {
        for weak in [
            "short77",
            "aaaaaaaa",
            "12121212",
            "12345678",
            "Password1",
            "matkhau123",
            "Mật khẩu 123",
            "hoa.nguyen",
            "HOA.NGUYEN",
            "hoa.nguyen1",
            "iloveyou",
            "anhyeuem",
            "87654321",
            "qwertyuiop",
            "hocsinh123",
            "giaovien2026",
            "abcd1234",
        ] {
            assert!(!acceptable("hoa.nguyen", weak), "{weak}");
        }
        for good in ["trời mưa to quá", "con meo den 7", "Ho4-Sen.Tr4ng", "nguyenhoa.thcs-ltv"] {
            assert!(acceptable("hoa.nguyen", good), "{good}");
        }
        let error = check_new("hoa", "12345678", "/new_password").unwrap_err();
        assert_eq!(error.code(), Code::PasswordWeak);
        assert_eq!(error.problem(dto::Lang::Vi, "r").errors[0].pointer, "/new_password");
    }

    #[tokio::test]
    async fn a_hash_is_the_owasp_one_and_verifies() {
        let hash = super::hash("con meo den 7").await.unwrap();
        for hash in [hash.as_str(), NOBODY] {
            assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        }
        let leave = leave().await.unwrap();
        assert!(verify(&leave, "con meo den 7", Some(&hash)).await.unwrap());
        assert!(!verify(&leave, "con meo den 8", Some(&hash)).await.unwrap());
        let composed = hash_now("Tr\u{1edd}i m\u{1b0}a to").unwrap();
        assert!(verify(&leave, "Tr\u{1a1}\u{300}i mu\u{31b}a to", Some(&composed)).await.unwrap());
        assert!(!verify(&leave, "con meo den 7", None).await.unwrap());
        assert!(verify(&leave, "x", Some("not a hash")).await.is_err());
    }
}
