//! A key that does not leave its token or HSM (PKCS#11).

use super::{Digest, Signer, SigningError};
use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::rsa::{PkcsMgfType, PkcsPssParams};
use cryptoki::mechanism::{Mechanism, MechanismType};
use cryptoki::object::{Attribute, AttributeType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::types::AuthPin;
use futures::future::BoxFuture;
use sha2::Digest as _;
use sha2::Sha256;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use transcript::Algorithm;

/// `DigestInfo` of SHA-256 up to the digest (RFC 8017 9.2): the token pads and signs.
const SHA256_INFO: [u8; 19] =
    [0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];

/// Where a key is.
pub struct Pkcs11Token<'a> {
    /// The vendor's library (`.so`).
    pub module: &'a Path,
    /// The token's label; none: the only token that is there.
    pub label: Option<&'a str>,
    pub pin: &'a str,
}

/// The one signing key of a token with its certificate. Its session is used by one at a time.
pub struct Pkcs11Signer {
    session: Arc<Mutex<(Session, ObjectHandle)>>,
    algorithm: Algorithm,
    certificates: Vec<Vec<u8>>,
}

fn failed(e: Error) -> SigningError {
    match e {
        Error::Pkcs11(RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange | RvError::PinLocked, _) => {
            SigningError::WrongPassword
        }
        other => SigningError::Unavailable(format!("the token: {other}")),
    }
}

/// A library may be initialised once in a process.
fn library(module: &Path) -> Result<Pkcs11, SigningError> {
    static OPEN: OnceLock<Mutex<Vec<(PathBuf, Pkcs11)>>> = OnceLock::new();
    let mut open = OPEN.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, library)) = open.iter().find(|(path, _)| path == module) {
        return Ok(library.clone());
    }
    let library = Pkcs11::new(module).map_err(failed)?;
    library.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)).map_err(failed)?;
    open.push((module.to_owned(), library.clone()));
    Ok(library)
}

/// A token is logged in for the whole process: while one person's session is open, the token asks nobody else for a PIN. So it is
/// asked for here: whoever comes while the token is open has to know the PIN that opened it.
fn log_in(session: &Session, token: (PathBuf, String), pin: &str) -> Result<(), SigningError> {
    static OPENED: Mutex<BTreeMap<(PathBuf, String), [u8; 32]>> = Mutex::new(BTreeMap::new());
    let digest: [u8; 32] = Sha256::digest(pin).into();
    let mut opened = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
    match session.login(UserType::User, Some(&AuthPin::from(pin.to_owned()))) {
        Ok(()) => {
            opened.insert(token, digest);
            Ok(())
        }
        Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) if opened.get(&token) == Some(&digest) => Ok(()),
        Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Err(SigningError::WrongPassword),
        Err(e) => Err(failed(e)),
    }
}

impl Pkcs11Signer {
    /// Opens a token and finds its key. Blocks while the token works: call it where blocking is allowed.
    ///
    /// # Errors
    /// `Unavailable`, `WrongPassword`, `KeyStore` where the token has no certificate with its key, `Refused`.
    pub fn open(token: &Pkcs11Token) -> Result<Pkcs11Signer, SigningError> {
        let library = library(token.module)?;
        let slots = library.get_slots_with_initialized_token().map_err(failed)?;
        let mut found = None;
        for slot in slots {
            let info = library.get_token_info(slot).map_err(failed)?;
            if token.label.is_none_or(|label| info.label() == label) {
                found = Some(slot);
                break;
            }
        }
        let slot = found.ok_or_else(|| SigningError::Unavailable("the token is not there".to_owned()))?;
        let session = library.open_ro_session(slot).map_err(failed)?;
        let serial = library.get_token_info(slot).map_err(failed)?.serial_number().to_owned();
        log_in(&session, (token.module.to_owned(), serial), token.pin)?;
        let certificates = session.find_objects(&[Attribute::Class(ObjectClass::CERTIFICATE)]).map_err(failed)?;
        let mut own = None;
        let mut others = Vec::new();
        for object in certificates {
            let (mut id, mut der) = (Vec::new(), Vec::new());
            for attribute in session.get_attributes(object, &[AttributeType::Id, AttributeType::Value]).map_err(failed)? {
                match attribute {
                    Attribute::Id(value) => id = value,
                    Attribute::Value(value) => der = value,
                    _ => {}
                }
            }
            let of = [Attribute::Class(ObjectClass::PRIVATE_KEY), Attribute::Id(id)];
            match session.find_objects(&of).map_err(failed)?.first() {
                Some(key) if own.is_none() => own = Some((der, *key)),
                _ => others.push(der),
            }
        }
        let (certificate, key) =
            own.ok_or_else(|| SigningError::KeyStore("the token has no certificate with its key".to_owned()))?;
        let algorithm = Algorithm::of_certificate(&certificate)?;
        others.insert(0, certificate);
        Ok(Pkcs11Signer { session: Arc::new(Mutex::new((session, key))), algorithm, certificates: others })
    }
}

impl Signer for Pkcs11Signer {
    fn certificates(&self) -> &[Vec<u8>] {
        &self.certificates
    }

    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    fn sign<'a>(&'a self, digests: &'a [Digest]) -> BoxFuture<'a, Result<Vec<Vec<u8>>, SigningError>> {
        let session = Arc::clone(&self.session);
        let algorithm = self.algorithm;
        let digests = digests.to_vec();
        Box::pin(async move {
            let work = move || {
                let session = session.lock().unwrap_or_else(PoisonError::into_inner);
                let (session, key) = &*session;
                let pss = PkcsPssParams { hash_alg: MechanismType::SHA256, mgf: PkcsMgfType::MGF1_SHA256, s_len: 32.into() };
                let one = |digest: &Digest| match algorithm {
                    Algorithm::RsaSha256 => {
                        session.sign(&Mechanism::RsaPkcs, *key, &[&SHA256_INFO[..], digest.as_slice()].concat())
                    }
                    Algorithm::RsaPssSha256 => session.sign(&Mechanism::RsaPkcsPss(pss), *key, digest),
                    Algorithm::EcdsaSha256 | Algorithm::EcdsaSha384 => session.sign(&Mechanism::Ecdsa, *key, digest),
                };
                digests.iter().map(|d| one(d).map_err(failed)).collect()
            };
            tokio::task::spawn_blocking(work).await.map_err(|e| SigningError::Unavailable(e.to_string()))?
        })
    }
}
