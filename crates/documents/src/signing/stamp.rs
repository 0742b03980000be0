//! Time-stamps (RFC 3161): a request over a digest, and a token from an authority that is reached through a [`RemoteTransport`].

use super::cms::wrap;
use super::{RemoteTransport, SigningError};
use sha2::Digest as _;
use sha2::Sha256;
use transcript::read_time_stamp;
use x509_cert::der::asn1::{Any, ObjectIdentifier, OctetString};
use x509_cert::der::{self, Decode, Encode, Tag};
use x509_cert::spki::AlgorithmIdentifierOwned;

const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");

/// SHA-256.
pub(super) type Imprint = [u8; 32];

/// A time-stamp authority.
pub struct TimeStamper {
    transport: Box<dyn RemoteTransport>,
}

/// `MessageImprint`.
pub(super) fn imprint(digest: &Imprint) -> der::Result<Vec<u8>> {
    let algorithm = AlgorithmIdentifierOwned { oid: SHA256, parameters: None }.to_der()?;
    wrap(Tag::Sequence, &[&algorithm, &OctetString::new(digest.to_vec())?.to_der()?])
}

/// `TimeStampReq` that asks for the authority's certificate too. A nonce is not needed: no two signatures have one imprint.
fn request(digest: &Imprint) -> der::Result<Vec<u8>> {
    wrap(Tag::Sequence, &[&1u8.to_der()?, &imprint(digest)?, &true.to_der()?])
}

/// The digest that a request asks a time-stamp for.
pub(super) fn read_request(request: &[u8]) -> Option<Imprint> {
    let parts = Vec::<Any>::from_der(request).ok()?;
    let imprint = Vec::<Any>::from_der(&parts.get(1)?.to_der().ok()?).ok()?;
    imprint.get(1)?.decode_as::<OctetString>().ok()?.as_bytes().try_into().ok()
}

/// The token of a `TimeStampResp` whose status is granted (0) or granted with changes (1).
fn token(response: &[u8]) -> Option<Vec<u8>> {
    let parts = Vec::<Any>::from_der(response).ok()?;
    let status = Vec::<Any>::from_der(&parts.first()?.to_der().ok()?).ok()?;
    let granted = status.first()?.decode_as::<u8>().is_ok_and(|s| s <= 1);
    granted.then(|| parts.get(1)?.to_der().ok())?
}

impl TimeStamper {
    /// `transport` posts to the authority's one address.
    pub fn new(transport: Box<dyn RemoteTransport>) -> TimeStamper {
        TimeStamper { transport }
    }

    /// A token in DER over SHA-256 of the message.
    ///
    /// # Errors
    /// `Unavailable` when the authority does not answer, refuses, or answers to something else.
    pub async fn stamp(&self, message: &[u8]) -> Result<Vec<u8>, SigningError> {
        let body = request(&Sha256::digest(message).into())?;
        let answer = self.transport.post("", "application/timestamp-query", body).await.map_err(SigningError::Unavailable)?;
        let token = token(&answer).ok_or_else(|| SigningError::Unavailable("the time-stamp authority refused".to_owned()))?;
        read_time_stamp(&token, message)
            .map_err(|_| SigningError::Unavailable("the time-stamp authority stamped something else".to_owned()))?;
        Ok(token)
    }
}
