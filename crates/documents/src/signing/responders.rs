//! Asking the responder that a certificate names whether the certificate is revoked (OCSP, RFC 6960), before it signs. What was answered is
//! kept in this process for as long as the answer says, and goes into the signatures.

use super::{RemoteTransport, Signer, SigningError};
use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use transcript::{Algorithm, Trust};

/// Who waits for a key to open waits no longer than this for a responder.
const PATIENCE: Duration = Duration::from_secs(10);
/// Certificates whose answers are kept at once.
const KEPT: usize = 10_000;

struct Kept {
    answer: Option<Vec<u8>>,
    until: DateTime<Utc>,
}

/// The way to responders, and what they answered.
pub struct Responders {
    trust: Trust,
    transport: Box<dyn RemoteTransport>,
    patience: Duration,
    /// By the certificate's SHA-256. No answer: it is revoked.
    kept: Mutex<HashMap<[u8; 32], Kept>>,
}

impl Responders {
    /// `transport` posts to whole addresses. Only responders of certificates that `trust` stands behind are asked.
    pub fn new(trust: Trust, transport: Box<dyn RemoteTransport>) -> Responders {
        Responders { trust, transport, patience: PATIENCE, kept: Mutex::default() }
    }

    /// With another time to wait than ten seconds.
    pub fn with_patience(self, patience: Duration) -> Responders {
        Responders { patience, ..self }
    }

    /// What the responder says of a signer's certificate (DER: the signer's first): its answer, where it says that all is well. None where
    /// nobody is to be asked, or where a list at hand says so too and the responder is silent.
    ///
    /// # Errors
    /// `Revoked`, `StatusUnknown`.
    pub async fn ask(&self, certificates: &[Vec<u8>], at: DateTime<Utc>) -> Result<Option<Vec<u8>>, SigningError> {
        let Some(own) = certificates.first().map(|der| <[u8; 32]>::from(Sha256::digest(der))) else { return Ok(None) };
        if let Some(kept) = self.kept(&own, at) {
            return kept.map(Some).ok_or(SigningError::Revoked);
        }
        let question = match self.trust.question(certificates, at) {
            Ok(Some(question)) => question,
            Ok(None) => return Ok(None),
            Err(_) => return Err(SigningError::Revoked),
        };
        let asked = self.transport.post(&question.url, "application/ocsp-request", question.request.clone());
        let answer = match tokio::time::timeout(self.patience, asked).await {
            Ok(Ok(answer)) => answer,
            _ if question.known => return Ok(None),
            Ok(Err(why)) => return Err(SigningError::StatusUnknown(why)),
            Err(_) => return Err(SigningError::StatusUnknown("the responder does not answer in time".to_owned())),
        };
        let said = match question.read(&answer, at) {
            Ok(said) => said,
            Err(_) if question.known => return Ok(None),
            Err(fault) => return Err(SigningError::StatusUnknown(fault.to_string())),
        };
        let answer = (!said.revoked).then_some(answer);
        if let Some(until) = said.until {
            self.keep(own, Kept { answer: answer.clone(), until }, at);
        }
        answer.map(Some).ok_or(SigningError::Revoked)
    }

    fn kept(&self, own: &[u8; 32], at: DateTime<Utc>) -> Option<Option<Vec<u8>>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(own).filter(|kept| at < kept.until).map(|kept| kept.answer.clone())
    }

    fn keep(&self, own: [u8; 32], answer: Kept, at: DateTime<Utc>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.retain(|_, one| at < one.until);
        }
        if kept.len() < KEPT {
            kept.insert(own, answer);
        }
    }

    /// The same signer, once its certificate was asked about.
    ///
    /// # Errors
    /// As [`Responders::ask`].
    pub async fn vouch(&self, signer: Arc<dyn Signer>, at: DateTime<Utc>) -> Result<Arc<dyn Signer>, SigningError> {
        Ok(match self.ask(signer.certificates(), at).await? {
            Some(answer) => Arc::new(Vouched { signer, answer }),
            None => signer,
        })
    }
}

/// A signer with what its authority's responder said.
struct Vouched {
    signer: Arc<dyn Signer>,
    answer: Vec<u8>,
}

impl Signer for Vouched {
    fn certificates(&self) -> &[Vec<u8>] {
        self.signer.certificates()
    }

    fn algorithm(&self) -> Algorithm {
        self.signer.algorithm()
    }

    fn sign<'a>(&'a self, digests: &'a [super::Digest]) -> BoxFuture<'a, Result<Vec<Vec<u8>>, SigningError>> {
        self.signer.sign(digests)
    }

    fn revocation_answer(&self) -> Option<&[u8]> {
        Some(&self.answer)
    }
}
