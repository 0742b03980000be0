//! Signing: whose key it is does not matter to what is signed. A key in software, on a token, or behind a signing service is a
//! [`Signer`]; [`sign_xml`] puts a role's signature into a transcript, [`sign_pdf`] the school's into its PDF.
//!
//! What is wrong is a [`SigningError`]: callers turn it into a problem for people, with the fault's sentences where there is one.

mod authority;
mod cms;
mod pdf;
#[cfg(feature = "pkcs11")]
mod pkcs11;
mod pkcs12;
mod remote;
mod responders;
mod software;
mod stamp;

pub use authority::{Holder, KeyKind, TEST_MARK, TestAuthority, TestTimeStamper};
pub use pdf::sign_pdf;
#[cfg(feature = "pkcs11")]
pub use pkcs11::{Pkcs11Signer, Pkcs11Token};
pub use remote::{RemoteSigner, RemoteTransport};
pub use responders::Responders;
pub use software::SoftwareSigner;
pub use stamp::TimeStamper;

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use futures::{StreamExt, TryStreamExt, stream};
use transcript::{Algorithm, Document, Fault, Preparation, Role, Signature};

/// Questions to a time-stamp authority under way at once.
const STAMPS_AT_ONCE: usize = 8;

/// The digest of what is signed, as [`Algorithm::digest`] makes it.
pub type Digest = Vec<u8>;

/// Somebody's key, wherever it is kept.
pub trait Signer: Send + Sync {
    /// DER: the holder's certificate first, then those above it.
    fn certificates(&self) -> &[Vec<u8>];

    fn algorithm(&self) -> Algorithm;

    /// Signs several digests in one act, so that a token asks for its PIN, and a service for its consent, once: as many values come
    /// back, in the same order. ECDSA: r and s, each of [`Algorithm::field_bytes`].
    fn sign<'a>(&'a self, digests: &'a [Digest]) -> BoxFuture<'a, Result<Vec<Vec<u8>>, SigningError>>;

    /// What the authority's responder said of the certificate, where it was asked: DER of an OCSP answer.
    fn revocation_answer(&self) -> Option<&[u8]> {
        None
    }
}

#[derive(Debug, thiserror::Error)]
pub enum SigningError {
    /// The document or the certificate does not allow this signature.
    #[error("{0}")]
    Refused(#[from] Fault),
    /// The key store cannot be read: not PKCS#12, damaged, or protected in a way that is no longer safe.
    #[error("the key store cannot be read: {0}")]
    KeyStore(String),
    #[error("the password or PIN is wrong")]
    WrongPassword,
    /// A token, signing service or time-stamp authority did not do it now; another try may help.
    #[error("{0}")]
    Unavailable(String),
    /// The authority took the certificate back.
    #[error("the certificate is revoked")]
    Revoked,
    /// The authority's responder does not say whether it did.
    #[error("whether the certificate is revoked cannot be told: {0}")]
    StatusUnknown(String),
    /// The key does not belong to the certificate, or what came back is not a signature by it.
    #[error("the signature that came back does not belong to the certificate")]
    WrongKey,
}

/// Signs any file (CAdES-BES, with a time-stamp CAdES-T): DER of a CMS signature that is kept beside it.
///
/// # Errors
/// What the signer and the time-stamper have.
pub async fn sign_file(file: &[u8], signer: &dyn Signer, stamper: Option<&TimeStamper>) -> Result<Vec<u8>, SigningError> {
    cms::detached(signer.algorithm().digest(&[file]), signer, stamper).await
}

/// Signs one transcript as one role.
///
/// # Errors
/// As [`sign_many`].
pub async fn sign_xml(
    document: &mut Document,
    role: &Role,
    signer: &dyn Signer,
    time: DateTime<Utc>,
    stamper: Option<&TimeStamper>,
) -> Result<(), SigningError> {
    let mut results = sign_many(std::slice::from_mut(document), role, signer, time, stamper).await?;
    results.pop().unwrap_or(Ok(()))
}

/// Signs many transcripts as one role in one act of the signer. A transcript that cannot be signed (an earlier signature is missing,
/// it names somebody else) has its fault in its place, and the others are signed all the same.
///
/// # Errors
/// What concerns all of them: the signer or the time-stamp authority fails. Then no document is changed.
pub async fn sign_many(
    documents: &mut [Document],
    role: &Role,
    signer: &dyn Signer,
    time: DateTime<Utc>,
    stamper: Option<&TimeStamper>,
) -> Result<Vec<Result<(), SigningError>>, SigningError> {
    let preparation = Preparation { certificates: signer.certificates().to_vec(), time };
    let prepared: Vec<Result<Signature, Fault>> = documents.iter().map(|d| d.prepare(role.clone(), &preparation)).collect();
    let digests: Vec<Digest> = prepared.iter().flatten().map(Signature::digest).collect();
    let values = match digests.is_empty() {
        true => Vec::new(),
        false => signer.sign(&digests).await?,
    };
    if values.len() != digests.len() {
        return Err(SigningError::WrongKey);
    }
    let mut values = values.into_iter();
    let finish = |signature: Result<Signature, Fault>| {
        let value = if signature.is_ok() { values.next() } else { None };
        async move {
            let mut signature = match signature {
                Ok(signature) => signature,
                Err(fault) => return Ok(Err(SigningError::Refused(fault))),
            };
            signature.set_value(value.unwrap_or_default());
            if !signature.holds() {
                return Err(SigningError::WrongKey);
            }
            if let Some(answer) = signer.revocation_answer() {
                signature.set_revocation_answer(answer.to_vec());
            }
            if let Some(stamper) = stamper {
                let token = stamper.stamp(&signature.stamped()).await?;
                signature.set_time_stamp(token);
            }
            Ok(Ok(signature))
        }
    };
    let finished: Vec<_> = stream::iter(prepared.into_iter().map(finish)).buffered(STAMPS_AT_ONCE).try_collect().await?;
    let placed = documents.iter_mut().zip(finished).map(|(document, signature)| signature.map(|s| document.insert(s)));
    Ok(placed.collect())
}
