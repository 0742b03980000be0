//! Signing services and time-stamp authorities over HTTPS.

use documents::signing::RemoteTransport;
use futures::future::BoxFuture;
use kernel::{Error, Result};
use reqwest::Client;
use std::time::Duration;

/// A certificate chain or a time-stamp has a few kilobytes.
const MAX_ANSWER: usize = 4 << 20;

/// One service: its address and who we are to it.
#[derive(Clone)]
pub struct HttpTransport {
    /// Without a slash at its end.
    url: String,
    token: String,
    client: Client,
}

impl HttpTransport {
    /// `token` is sent as a bearer token; empty: none. An empty `url`: what is posted to are whole addresses.
    pub fn new(url: &str, token: &str) -> Result<HttpTransport> {
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(10))
            .timeout(Duration::from_secs(60))
            .build()
            .map_err(Error::internal)?;
        Ok(HttpTransport { url: url.trim_end_matches('/').to_owned(), token: token.to_owned(), client })
    }
}

impl RemoteTransport for HttpTransport {
    fn post<'a>(
        &'a self,
        path: &'a str,
        content_type: &'a str,
        body: Vec<u8>,
    ) -> BoxFuture<'a, std::result::Result<Vec<u8>, String>> {
        Box::pin(async move {
            let url = match (self.url.as_str(), path) {
                ("", path) => path.to_owned(),
                (url, "") => url.to_owned(),
                (url, path) => format!("{url}/{path}"),
            };
            let mut request = self.client.post(url).header("content-type", content_type).body(body);
            if !self.token.is_empty() {
                request = request.bearer_auth(&self.token);
            }
            let mut answer = request.send().await.map_err(|_| "the service does not answer".to_owned())?;
            if !answer.status().is_success() {
                return Err(format!("the service answered {}", answer.status().as_u16()));
            }
            let mut bytes = Vec::new();
            while let Some(part) = answer.chunk().await.map_err(|_| "the answer broke off".to_owned())? {
                bytes.extend(&part);
                if bytes.len() > MAX_ANSWER {
                    return Err("the answer is too long".to_owned());
                }
            }
            Ok(bytes)
        })
    }
}
