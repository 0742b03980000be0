//! The keys that seal sensitive fields at rest: AES-256-GCM (NIST SP 800-38D), one key at a time, older ones kept to read with.
//!
//! A sealed field is the text `k<id>.<base64url of nonce, ciphertext, tag>`. Where it lies (table, school, learner, field) is vouched for, so
//! that a sealed text moved to another child does not open. The ring is a file of lines `<id> <key in base64>`; the highest id seals.

use super::{ROOT_BYTES, decode, write_private};
use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use kernel::{Error, Result};
use rand::RngCore;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

/// Nodes that share a database share the ring: its lines here, `;` between them. Rotation is then the operator's: add a line.
const ENV_RING: &str = "KHUE_DATA_KEYS";

/// The ring of an installation. Cheap to clone; prints nothing of itself.
#[derive(Clone)]
pub struct DataKeys(Arc<Inner>);

struct Inner {
    path: Option<PathBuf>,
    known: RwLock<Known>,
}

#[derive(Default)]
struct Known {
    keys: BTreeMap<u32, [u8; ROOT_BYTES]>,
    /// When the file that they were read from changed, and its length.
    changed: Option<(SystemTime, u64)>,
}

impl std::fmt::Debug for DataKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DataKeys(…)")
    }
}

impl DataKeys {
    /// The ring of `KHUE_DATA_KEYS`, else of `keys/data.keys` in the data folder, which is made on the first start and readable by its
    /// owner alone. Whoever loses it loses what is sealed: it belongs into the backup, apart from the database.
    pub fn load_or_create(data: &Path) -> Result<DataKeys> {
        if let Ok(text) = std::env::var(ENV_RING) {
            let known = Known { keys: read(&text.replace(';', "\n"))?, changed: None };
            return Ok(DataKeys(Arc::new(Inner { path: None, known: RwLock::new(known) })));
        }
        let path = data.join("keys").join("data.keys");
        if !path.exists() {
            write_private(&path, line(1, &new_key()).as_bytes(), false)
                .map_err(|e| Error::internal(format!("cannot make {}: {e}", path.display())))?;
        }
        let ring = DataKeys(Arc::new(Inner { path: Some(path), known: RwLock::default() }));
        ring.refresh()?;
        Ok(ring)
    }

    /// A ring of one key, for tests.
    pub(super) fn of(key: [u8; ROOT_BYTES]) -> DataKeys {
        let known = Known { keys: BTreeMap::from([(1, key)]), changed: None };
        DataKeys(Arc::new(Inner { path: None, known: RwLock::new(known) }))
    }

    /// The id of the key that seals.
    pub fn current(&self) -> Result<u32> {
        self.refresh()?;
        let known = self.0.known.read().unwrap_or_else(PoisonError::into_inner);
        known.keys.keys().next_back().copied().ok_or_else(|| Error::internal("the ring of data keys is empty"))
    }

    /// Puts a new key into the ring's file; from then on it seals. Gives its id. What is sealed with older keys still opens.
    pub fn rotate(&self) -> Result<u32> {
        let Some(path) = &self.0.path else {
            return Err(Error::internal(format!("the ring is in {ENV_RING}: add a line to it there")));
        };
        self.refresh()?;
        let mut text = std::fs::read_to_string(path).map_err(Error::internal)?;
        let id = read(&text)?.keys().next_back().map_or(1, |id| id + 1);
        if !text.ends_with('\n') {
            text.push('\n');
        }
        text.push_str(&line(id, &new_key()));
        write_private(path, text.as_bytes(), true)
            .map_err(|e| Error::internal(format!("cannot write {}: {e}", path.display())))?;
        self.0.known.write().unwrap_or_else(PoisonError::into_inner).changed = None;
        self.refresh()?;
        Ok(id)
    }

    /// Reads the file again where it has changed: another process may have rotated.
    fn refresh(&self) -> Result<()> {
        let Some(path) = &self.0.path else { return Ok(()) };
        let fault = |e: std::io::Error| Error::internal(format!("the data keys {}: {e}", path.display()));
        let changed = std::fs::metadata(path).and_then(|m| Ok((m.modified()?, m.len()))).map_err(fault)?;
        if self.0.known.read().unwrap_or_else(PoisonError::into_inner).changed == Some(changed) {
            return Ok(());
        }
        let keys = read(&std::fs::read_to_string(path).map_err(fault)?)?;
        *self.0.known.write().unwrap_or_else(PoisonError::into_inner) = Known { keys, changed: Some(changed) };
        Ok(())
    }

    fn key(&self, id: u32) -> Result<RandomizedNonceKey> {
        let find = || self.0.known.read().unwrap_or_else(PoisonError::into_inner).keys.get(&id).copied();
        let bytes = match find() {
            Some(bytes) => bytes,
            None => {
                self.refresh()?;
                find().ok_or_else(|| Error::internal(format!("the data key {id} is not in the ring")))?
            }
        };
        RandomizedNonceKey::new(&AES_256_GCM, &bytes).map_err(|_| Error::internal("no key can be made of the data key"))
    }

    /// Seals a text for a place. Gives it with the id of its key.
    pub fn seal(&self, place: &[&[u8]], text: &str) -> Result<(String, u32)> {
        let id = self.current()?;
        let mut bytes = text.as_bytes().to_vec();
        let nonce = self
            .key(id)?
            .seal_in_place_append_tag(Aad::from(bound(id, place)), &mut bytes)
            .map_err(|_| Error::internal("a field could not be sealed"))?;
        let mut whole = nonce.as_ref().to_vec();
        whole.append(&mut bytes);
        Ok((format!("k{id}.{}", URL_SAFE_NO_PAD.encode(whole)), id))
    }

    /// Opens what was sealed for this place.
    ///
    /// Errors: `internal` where the key is missing, or the text was changed or moved.
    pub fn open(&self, place: &[&[u8]], sealed: &str) -> Result<String> {
        let broken = || Error::internal("a sealed field does not open at its place");
        let (id, body) = sealed.strip_prefix('k').and_then(|s| s.split_once('.')).ok_or_else(broken)?;
        let id: u32 = id.parse().map_err(|_| broken())?;
        let mut bytes = URL_SAFE_NO_PAD.decode(body).map_err(|_| broken())?;
        if bytes.len() < NONCE_LEN {
            return Err(broken());
        }
        let mut rest = bytes.split_off(NONCE_LEN);
        let nonce = Nonce::try_assume_unique_for_key(&bytes).map_err(|_| broken())?;
        let opened = self.key(id)?.open_in_place(nonce, Aad::from(bound(id, place)), &mut rest).map_err(|_| broken())?;
        String::from_utf8(opened.to_vec()).map_err(|_| broken())
    }
}

/// The place with each part's length, so that no two places give the same bytes.
fn bound(id: u32, place: &[&[u8]]) -> Vec<u8> {
    let mut bound = b"khue field 1".to_vec();
    bound.extend_from_slice(&id.to_be_bytes());
    for part in place {
        bound.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bound.extend_from_slice(part);
    }
    bound
}

fn new_key() -> [u8; ROOT_BYTES] {
    let mut key = [0u8; ROOT_BYTES];
    rand::rng().fill_bytes(&mut key);
    key
}

fn line(id: u32, key: &[u8; ROOT_BYTES]) -> String {
    format!("{id} {}\n", STANDARD.encode(key))
}

fn read(text: &str) -> Result<BTreeMap<u32, [u8; ROOT_BYTES]>> {
    let fault = || Error::internal("a line of the data keys is no id and key of 32 bytes");
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| {
            let (id, key) = line.split_once(' ').ok_or_else(fault)?;
            let key: [u8; ROOT_BYTES] = decode(key)?.try_into().map_err(|_| fault())?;
            Ok((id.parse().map_err(|_| fault())?, key))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_at_its_place_alone() {
        let ring = DataKeys::of([7; 32]);
        let place: [&[u8]; 3] = [b"health_condition.detail", b"school", b"child"];
        let (sealed, id) = ring.seal(&place, "Dị ứng tôm").unwrap();
        assert!(id == 1 && sealed.starts_with("k1.") && !sealed.contains("tôm"));
        assert_eq!(ring.open(&place, &sealed).unwrap(), "Dị ứng tôm");
        assert_ne!(ring.seal(&place, "Dị ứng tôm").unwrap().0, sealed, "no nonce twice");
        assert!(ring.open(&[b"health_condition.detail", b"school", b"other"], &sealed).is_err());
        assert!(ring.open(&[b"health_condition.detail", b"schoolc", b"hild"], &sealed).is_err());
        assert!(DataKeys::of([8; 32]).open(&place, &sealed).is_err());
        for broken in ["", "k1", "k1.", "k1.AAAA", "x1.AAAA", "k9.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
            assert!(ring.open(&place, broken).is_err(), "{broken:?}");
        }
    }

    #[test]
    fn a_new_key_seals_and_old_ones_still_open_in_every_process() {
        let data = tempfile::tempdir().unwrap();
        let here = DataKeys::load_or_create(data.path()).unwrap();
        let there = DataKeys::load_or_create(data.path()).unwrap();
        let (old, _) = here.seal(&[b"x"], "cũ").unwrap();
        assert_eq!(here.rotate().unwrap(), 2);
        let (new, id) = here.seal(&[b"x"], "mới").unwrap();
        assert_eq!(id, 2);
        assert_eq!((there.open(&[b"x"], &old).unwrap(), there.open(&[b"x"], &new).unwrap()), ("cũ".into(), "mới".into()));
        assert_eq!(there.current().unwrap(), 2);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(data.path().join("keys/data.keys")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        assert_eq!(std::fs::read_dir(data.path().join("keys")).unwrap().count(), 1, "no draft is left");
    }
}
