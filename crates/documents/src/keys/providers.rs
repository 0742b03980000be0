//! The ways in which a key can be kept, as this server has them.

use super::Found;
use crate::signing::{
    Holder, KeyKind as Algorithm, RemoteSigner, RemoteTransport, Responders, Signer, SigningError, SoftwareSigner, TestAuthority,
    TimeStamper,
};
#[cfg(feature = "pkcs11")]
use crate::signing::{Pkcs11Signer, Pkcs11Token};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::Days;
use dto::Code;
use dto::transcripts::{KeyKind, KeySource};
use kernel::{Error, Result, clock};
use std::path::Path;
use std::sync::Arc;
use transcript::CertificateFacts;

/// Makes the way to a signing service anew for each key that is opened.
pub type Remote = dyn Fn() -> Box<dyn RemoteTransport> + Send + Sync;

/// What this server can sign with beside key files, which always work.
#[derive(Clone, Default)]
pub struct Providers {
    /// Makes certificates of no legal force, so that signing can be tried.
    pub trial: Option<Arc<TestAuthority>>,
    pub remote: Option<Arc<Remote>>,
    pub stamper: Option<Arc<TimeStamper>>,
    /// The vendor's library of tokens at this server (PKCS#11).
    pub module: Option<Arc<Path>>,
    /// Asks whether a certificate is revoked before it signs.
    pub responders: Option<Arc<Responders>>,
}

/// What a signer's error is to a person. What only the log may see goes there.
pub fn problem(error: SigningError) -> Error {
    match error {
        SigningError::KeyStore(inside) => {
            tracing::info!(%inside, "a key store cannot be read");
            Error::new(Code::SigningKeyUnreadable)
        }
        SigningError::WrongPassword => Error::new(Code::SigningKeyWrong),
        SigningError::WrongKey => Error::new(Code::SigningKeyMismatch),
        SigningError::Revoked => Error::new(Code::CertificateRevoked),
        SigningError::StatusUnknown(inside) => {
            tracing::warn!(%inside, "a responder does not say whether a certificate is revoked");
            Error::new(Code::CertificateStatusUnknown)
        }
        SigningError::Refused(fault) => {
            tracing::info!(%fault, "a certificate cannot sign");
            Error::new(Code::SigningKeyUnreadable)
        }
        SigningError::Unavailable(inside) => {
            tracing::warn!(%inside, "a signing service or token does not answer");
            Error::new(Code::SigningServiceDown)
        }
    }
}

/// A certificate for trials is good for a school year.
const TRIAL_DAYS: Days = Days::new(365);

impl Providers {
    pub fn stamper(&self) -> Option<Arc<TimeStamper>> {
        self.stamper.clone()
    }

    /// Opens a key that somebody wants to keep, and gives what is kept of it. `name`: whose, for a certificate that is made here.
    pub(crate) async fn take_in(&self, source: &KeySource, name: &str, school: Option<&str>, seal: bool) -> Result<Found> {
        let off = || Error::new(Code::SigningUnavailable);
        let (kind, store, signer, trial): (_, _, Arc<dyn Signer>, _) = match source {
            KeySource::Pkcs12 { file, password } => {
                let unreadable = |_| Error::field("/source/file", Code::SigningKeyUnreadable);
                let bytes = BASE64_STANDARD.decode(file.trim()).map_err(unreadable)?;
                let signer = open_file(bytes, password.clone()).await?;
                (KeyKind::Pkcs12, file.trim().to_owned(), signer, false)
            }
            KeySource::Trial { password } => {
                let authority = self.trial.clone().ok_or_else(off)?;
                let (name, school, password) = (name.to_owned(), school.unwrap_or_default().to_owned(), password.clone());
                // Key derivation is slow on purpose.
                let made = move || -> std::result::Result<_, SigningError> {
                    let now = clock::now();
                    let holder = match seal {
                        true => Holder::School { name: &name },
                        false => Holder::Person { name: &name, school: &school },
                    };
                    let signer = authority.issue(holder, Algorithm::P256, now, now + TRIAL_DAYS)?;
                    Ok((signer.to_pkcs12(&password)?, signer))
                };
                let made = tokio::task::spawn_blocking(made).await.map_err(Error::internal)?;
                let (file, signer) = made.map_err(problem)?;
                (KeyKind::Pkcs12, BASE64_STANDARD.encode(file), Arc::new(signer), true)
            }
            KeySource::Pkcs11 { token, pin } => {
                (KeyKind::Pkcs11, token.clone(), self.find(KeyKind::Pkcs11, token, pin).await?, false)
            }
            KeySource::Remote { credential_id } => {
                (KeyKind::Remote, credential_id.clone(), self.find(KeyKind::Remote, credential_id, "").await?, false)
            }
        };
        let signer = self.vouch(signer).await?;
        let own = signer.certificates().first().ok_or_else(|| Error::new(Code::SigningKeyUnreadable))?;
        let certificate = CertificateFacts::of(own).map_err(|_| Error::new(Code::SigningKeyUnreadable))?;
        Ok(Found { kind, store, certificate, trial })
    }

    /// Opens a key that is kept, once its authority's responder was asked about it.
    pub(crate) async fn open(&self, kind: KeyKind, store: &str, password: &str) -> Result<Arc<dyn Signer>> {
        self.vouch(self.find(kind, store, password).await?).await
    }

    async fn vouch(&self, signer: Arc<dyn Signer>) -> Result<Arc<dyn Signer>> {
        match &self.responders {
            Some(responders) => responders.vouch(signer, clock::now()).await.map_err(problem),
            None => Ok(signer),
        }
    }

    async fn find(&self, kind: KeyKind, store: &str, password: &str) -> Result<Arc<dyn Signer>> {
        let off = || Error::new(Code::SigningUnavailable);
        match kind {
            KeyKind::Pkcs12 => {
                let bytes = BASE64_STANDARD.decode(store).map_err(Error::internal)?;
                open_file(bytes, password.to_owned()).await
            }
            KeyKind::Remote => {
                let transport = self.remote.as_ref().ok_or_else(off)?;
                let signer: Arc<dyn Signer> = Arc::new(RemoteSigner::open(transport(), store).await.map_err(problem)?);
                Ok(signer)
            }
            #[cfg(feature = "pkcs11")]
            KeyKind::Pkcs11 => {
                let module = self.module.clone().ok_or_else(off)?;
                let (label, pin) = (store.to_owned(), password.to_owned());
                // A token works slowly.
                let open = move || Pkcs11Signer::open(&Pkcs11Token { module: &module, label: Some(&label), pin: &pin });
                let signer = tokio::task::spawn_blocking(open).await.map_err(Error::internal)?.map_err(problem)?;
                Ok(Arc::new(signer))
            }
            #[cfg(not(feature = "pkcs11"))]
            KeyKind::Pkcs11 => Err(off()),
        }
    }
}

async fn open_file(bytes: Vec<u8>, password: String) -> Result<Arc<dyn Signer>> {
    // Key derivation is slow on purpose.
    let opened = tokio::task::spawn_blocking(move || SoftwareSigner::from_pkcs12(&bytes, &password)).await;
    Ok(Arc::new(opened.map_err(Error::internal)?.map_err(problem)?))
}
