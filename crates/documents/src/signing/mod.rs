//! TEMPORARY
use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use transcript::{Algorithm, Document, Fault, Role};
pub type Digest = [u8; 32];
pub trait Signer: Send + Sync {
    fn certificates(&self) -> &[Vec<u8>];
    fn algorithm(&self) -> Algorithm;
    fn sign<'a>(&'a self, digests: &'a [Digest]) -> BoxFuture<'a, Result<Vec<Vec<u8>>, SigningError>>;
}
#[derive(Debug, thiserror::Error)]
pub enum SigningError {
    #[error("{0}")]
    Refused(#[from] Fault),
    #[error("the key store cannot be read: {0}")]
    KeyStore(String),
    #[error("the password or PIN is wrong")]
    WrongPassword,
    #[error("{0}")]
    Unavailable(String),
    #[error("x")]
    WrongKey,
}
pub async fn sign_many(
    _: &mut [Document],
    _: &Role,
    _: &dyn Signer,
    _: DateTime<Utc>,
    _: Option<&TimeStamper>,
) -> Result<Vec<Result<(), SigningError>>, SigningError> {
    Err(SigningError::WrongKey)
}
pub async fn sign_pdf(_: &[u8], _: &dyn Signer, _: DateTime<Utc>, _: Option<&TimeStamper>) -> Result<Vec<u8>, SigningError> {
    Err(SigningError::WrongKey)
}
pub struct TimeStamper;
pub enum KeyKind {
    P256,
    Rsa2048,
}
pub enum Holder<'a> {
    Person { name: &'a str, school: &'a str },
    School { name: &'a str },
}
pub struct TestAuthority;
impl TestAuthority {
    pub fn new(_: DateTime<Utc>) -> Result<TestAuthority, SigningError> {
        Ok(TestAuthority)
    }
    pub fn root(&self) -> &[u8] {
        &[]
    }
    pub fn save(&self) -> (Vec<u8>, Vec<u8>) {
        (vec![], vec![])
    }
    pub fn open(_: &[u8], _: &[u8]) -> Result<TestAuthority, SigningError> {
        Ok(TestAuthority)
    }
    pub fn issue(&self, _: Holder, _: KeyKind, _: DateTime<Utc>, _: DateTime<Utc>) -> Result<SoftwareSigner, SigningError> {
        Err(SigningError::WrongKey)
    }
}
pub struct SoftwareSigner;
impl SoftwareSigner {
    pub fn from_pkcs12(_: &[u8], _: &str) -> Result<SoftwareSigner, SigningError> {
        Err(SigningError::WrongKey)
    }
    pub fn to_pkcs12(&self, _: &str) -> Result<Vec<u8>, SigningError> {
        Err(SigningError::WrongKey)
    }
}
impl Signer for SoftwareSigner {
    fn certificates(&self) -> &[Vec<u8>] {
        &[]
    }
    fn algorithm(&self) -> Algorithm {
        panic!()
    }
    fn sign<'a>(&'a self, _: &'a [Digest]) -> BoxFuture<'a, Result<Vec<Vec<u8>>, SigningError>> {
        panic!()
    }
}
pub trait RemoteTransport: Send + Sync {
    fn post<'a>(&'a self, path: &'a str, content_type: &'a str, body: Vec<u8>) -> BoxFuture<'a, Result<Vec<u8>, String>>;
}
pub struct RemoteSigner;
impl RemoteSigner {
    pub async fn open(_: Box<dyn RemoteTransport>, _: &str) -> Result<RemoteSigner, SigningError> {
        Err(SigningError::WrongKey)
    }
}
impl Signer for RemoteSigner {
    fn certificates(&self) -> &[Vec<u8>] {
        &[]
    }
    fn algorithm(&self) -> Algorithm {
        panic!()
    }
    fn sign<'a>(&'a self, _: &'a [Digest]) -> BoxFuture<'a, Result<Vec<Vec<u8>>, SigningError>> {
        panic!()
    }
}
