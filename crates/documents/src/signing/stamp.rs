//! Time-stamps (RFC 3161): a request over a digest, and a token from an authority that is reached through a [`RemoteTransport`].

use super::{RemoteTransport, SigningError};

/// A time-stamp authority.
pub struct TimeStamper {
    transport: Box<dyn RemoteTransport>,
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
        let _ = (&self.transport, message);
        Err(SigningError::Unavailable("not wired".to_owned()))
    }
}
