/// The way to a service over HTTPS; `api::channels` has one on reqwest.
pub trait RemoteTransport: Send + Sync {
    /// POSTs a body and gives back the body of a 2xx answer; else what went wrong, for the log.
    fn post<'a>(&'a self, path: &'a str, content_type: &'a str, body: Vec<u8>) -> BoxFuture<'a, Result<Vec<u8>, String>>;
}
impl RemoteSigner {
    /// Asks the service for the certificates of a credential.
    pub async fn open(transport: Box<dyn RemoteTransport>, credential: &str) -> Result<RemoteSigner, SigningError>;
}
