//! A certification authority for tests and the demo: what it issues says in every certificate that it is worth nothing.

use super::{SigningError, SoftwareSigner};
use chrono::{DateTime, Utc};

/// Stands in the subject of every certificate of the [`TestAuthority`].
pub const TEST_MARK: &str = "THỬ NGHIỆM – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    P256,
    Rsa2048,
}

/// Who a certificate is for.
#[derive(Clone, Copy, Debug)]
pub enum Holder<'a> {
    /// A person of a school.
    Person { name: &'a str, school: &'a str },
    /// The school's seal.
    School { name: &'a str },
}

impl TestAuthority {
    /// A new authority, its root valid for ten years from a day before `now`.
    pub fn new(now: DateTime<Utc>) -> Result<TestAuthority, SigningError>;
    /// The root's certificate and key (PKCS#8), to open the same authority again.
    pub fn save(&self) -> (Vec<u8>, Vec<u8>);
    pub fn open(certificate: &[u8], key: &[u8]) -> Result<TestAuthority, SigningError>;
    /// DER of the root: the anchor that verifiers of the demo trust.
    pub fn root(&self) -> &[u8];
    /// A key and its certificate, valid from `from` to `to`.
    pub fn issue(&self, holder: Holder, kind: KeyKind, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<SoftwareSigner, SigningError>;
    /// DER of a list of revoked certificates: (certificate in DER, since when).
    pub fn revocation_list(&self, revoked: &[(&[u8], DateTime<Utc>)], this_update: DateTime<Utc>) -> Result<Vec<u8>, SigningError>;
}
