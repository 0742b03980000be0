//! The secret of an installation: one root of 32 bytes, from which the keys for each purpose are derived; and the key that
//! [seals](seal) the log, the [ring] that seals sensitive fields, and [passphrases](passphrase) that seal them on their way elsewhere.

mod passphrase;
mod ring;
mod seal;

pub use passphrase::{DERIVATION, Passphrase};
pub use ring::DataKeys;
pub use seal::{SealKey, read_root};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::{DecodingKey, EncodingKey};
use kernel::{Error, Result};
use rand::RngCore;
use sha2::{Digest, Sha256};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

const ROOT_BYTES: usize = 32;
/// Nodes that share a PostgreSQL database share the secret: in base64 here …
const ENV_SECRET: &str = "KHUE_JWT_SECRET";
/// … or in a file named here.
const ENV_FILE: &str = "KHUE_JWT_KEY";

/// The keys of this installation. Cheap to clone; prints nothing of itself.
#[derive(Clone)]
pub struct Keys {
    pub(crate) sign: EncodingKey,
    pub(crate) verify: DecodingKey,
    pepper: [u8; 32],
    data: DataKeys,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(…)")
    }
}

impl Keys {
    /// The secret of `KHUE_JWT_SECRET` (base64, at least 32 bytes), else of the file that `KHUE_JWT_KEY` names, else of
    /// `keys/jwt.key` in the data folder, which is made on the first start and readable by its owner alone.
    ///
    /// A new secret ends every access token, one-time code and device token; refresh tokens stay good.
    pub fn load_or_create(data: &Path) -> Result<Keys> {
        let ring = DataKeys::load_or_create(data)?;
        let keys = if let Ok(text) = std::env::var(ENV_SECRET) {
            decode(&text).and_then(|b| Keys::from_secret(&b)).map_err(|e| Error::internal(format!("{ENV_SECRET}: {e}")))
        } else if let Ok(path) = std::env::var(ENV_FILE) {
            Keys::from_file(Path::new(&path))
        } else {
            Keys::from_file(&file(data, "jwt.key")?)
        }?;
        // Never derived from the secret above: that one may be replaced at any time, this one must still open what it sealed.
        Ok(Keys { data: ring, ..keys })
    }

    /// What seals sensitive fields at rest.
    pub fn data(&self) -> &DataKeys {
        &self.data
    }

    fn from_file(path: &Path) -> Result<Keys> {
        Keys::from_secret(&read(path)?).map_err(|e| Error::internal(format!("the key file {}: {e}", path.display())))
    }

    /// Keys from a secret of at least 32 bytes.
    pub fn from_secret(root: &[u8]) -> Result<Keys> {
        if root.len() < ROOT_BYTES {
            return Err(Error::internal(format!("the secret needs at least {ROOT_BYTES} bytes")));
        }
        let sign = hmac_sha256(root, &[b"khue access token 1"]);
        Ok(Keys {
            sign: EncodingKey::from_secret(&sign),
            verify: DecodingKey::from_secret(&sign),
            pepper: hmac_sha256(root, &[b"khue keyed hashes 1"]),
            data: DataKeys::of(hmac_sha256(root, &[b"khue data key 1"])),
        })
    }

    /// A hash that nobody can make or reverse by trying without the secret. `purpose` separates the uses.
    pub(crate) fn keyed_hash(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
        // Each part with its length, so that no two lists of parts give the same message.
        let mut message = Vec::with_capacity(64);
        for part in std::iter::once(purpose.as_bytes()).chain(parts.iter().copied()) {
            message.extend_from_slice(&(part.len() as u64).to_be_bytes());
            message.extend_from_slice(part);
        }
        hmac_sha256(&self.pepper, &[&message])
    }
}

fn decode(text: &str) -> Result<Vec<u8>> {
    STANDARD.decode(text.trim()).map_err(|_| Error::internal("the secret is not base64"))
}

/// A file of the folder `keys`, which is made with a new secret where it is not there.
fn file(data: &Path, name: &str) -> Result<PathBuf> {
    let path = data.join("keys").join(name);
    if !path.exists() {
        create(&path).map_err(|e| Error::internal(format!("cannot make {}: {e}", path.display())))?;
    }
    Ok(path)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    let at = |e: &dyn std::fmt::Display| Error::internal(format!("the key file {}: {e}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|e| at(&e))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(path).map_err(|e| at(&e))?.permissions().mode();
        if mode & 0o077 != 0 {
            tracing::warn!(path = %path.display(), "the key file can be read by others than its owner; chmod 600 it");
        }
    }
    decode(&text).map_err(|e| at(&e))
}

fn create(path: &Path) -> std::io::Result<()> {
    let mut root = [0u8; ROOT_BYTES];
    rand::rng().fill_bytes(&mut root);
    write_private(path, STANDARD.encode(root).as_bytes(), false)
}

/// Writes a file that its owner alone may read: beside `path` first, then linked there, so that of two processes that start together
/// both read the same one and none reads half of it. One that is there already stays, or is replaced.
fn write_private(path: &Path, content: &[u8], replace: bool) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let draft = folder.join(format!(".key.{}", kernel::id::new::<uuid::Uuid>().simple()));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(&draft)?;
    file.write_all(content)?;
    file.sync_all()?;
    if replace {
        return std::fs::rename(&draft, path);
    }
    let linked = std::fs::hard_link(&draft, path);
    std::fs::remove_file(&draft)?;
    match linked {
        Err(e) if e.kind() != ErrorKind::AlreadyExists => Err(e),
        _ => Ok(()),
    }
}

/// HMAC-SHA-256 (RFC 2104).
fn hmac_sha256(key: &[u8], message: &[&[u8]]) -> [u8; 32] {
    const BLOCK: usize = 64;
    let mut block = [0u8; BLOCK];
    if key.len() > BLOCK {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let mut inner = Sha256::new_with_prefix(block.map(|b| b ^ 0x36));
    message.iter().for_each(|part| inner.update(part));
    Sha256::new_with_prefix(block.map(|b| b ^ 0x5c)).chain_update(inner.finalize()).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231, cases 1, 2 and 6.
    #[test]
    fn hmac_is_the_one_of_the_rfc() {
        let cases: [(&[u8], &[u8], &str); 3] = [
            (&[0x0b; 20], b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
            (b"Jefe", b"what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
            (
                &[0xaa; 131],
                b"Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
        ];
        for (key, message, expected) in cases {
            assert_eq!(hex::encode(hmac_sha256(key, &[message])), expected);
        }
    }

    #[test]
    fn the_key_file_is_made_once_and_private() {
        let data = tempfile::tempdir().unwrap();
        let first = Keys::load_or_create(data.path()).unwrap();
        let again = Keys::load_or_create(data.path()).unwrap();
        assert_eq!(first.keyed_hash("test", &[b"x"]), again.keyed_hash("test", &[b"x"]));
        let file = data.path().join("keys/jwt.key");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        }
        assert_eq!(
            std::fs::read_dir(data.path().join("keys")).unwrap().count(),
            2,
            "no draft is left beside the secret and the ring"
        );
        std::fs::write(&file, "short").unwrap();
        assert!(Keys::load_or_create(data.path()).is_err());
    }

    #[test]
    fn keyed_hashes_separate_purposes_and_parts() {
        let keys = Keys::from_secret(&[7; 32]).unwrap();
        let other = Keys::from_secret(&[8; 32]).unwrap();
        let hash = keys.keyed_hash("a", &[b"bc"]);
        assert_ne!(hash, keys.keyed_hash("ab", &[b"c"]));
        assert_ne!(hash, keys.keyed_hash("a", &[b"b", b"c"]));
        assert_ne!(hash, other.keyed_hash("a", &[b"bc"]));
        assert!(Keys::from_secret(&[7; 31]).is_err());
    }
}
