//! Packages for the authorities over HTTPS. The wire format of NDXP and LGSP is not published, so none is pretended: one POST carries the package as
//! a ZIP (`manifest.json` and the file) to the address of the settings, and whatever comes back is kept as the receipt.

use kernel::config::HttpChannel;
use oversight::exchange::{Exchange, Package, Reply};
use reqwest::{Client, StatusCode};

/// Bytes of an answer that are read.
const MAX_ANSWER: usize = 64 << 10;

pub struct HttpExchange {
    settings: HttpChannel,
    client: Client,
}

impl HttpExchange {
    pub fn new(settings: &HttpChannel, client: Client) -> Self {
        HttpExchange { settings: settings.clone(), client }
    }

    async fn tried(&self, package: &Package) -> Reply {
        let later = |status| Reply::Later { status, answer: String::new() };
        let Ok(archive) = package.archive() else { return later(None) };
        let mut request = self
            .client
            .post(&self.settings.url)
            .header("content-type", "application/zip")
            .header("idempotency-key", package.id.to_string())
            .body(archive);
        if !self.settings.token.is_empty() {
            request = request.bearer_auth(&self.settings.token);
        }
        if !self.settings.sender.is_empty() {
            request = request.header("x-sender", &self.settings.sender);
        }
        let Ok(mut answer) = request.send().await else { return later(None) };
        let status = answer.status();
        let mut bytes = Vec::new();
        while bytes.len() < MAX_ANSWER {
            match answer.chunk().await {
                Ok(Some(part)) => bytes.extend(&part),
                Ok(None) => break,
                Err(_) => return later(None),
            }
        }
        let answer = String::from_utf8_lossy(&bytes).into_owned();
        let code = status.as_u16();
        match status {
            _ if status.is_success() => Reply::Accepted { status: code, answer },
            // Not its last word: it is busy, or we are to sign in anew.
            StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                Reply::Later { status: Some(code), answer }
            }
            _ if status.is_client_error() => Reply::Refused { status: code, answer },
            _ => Reply::Later { status: Some(code), answer },
        }
    }
}

impl Exchange for HttpExchange {
    fn send<'a>(&'a self, package: &'a Package) -> futures::future::LocalBoxFuture<'a, Reply> {
        Box::pin(self.tried(package))
    }
}
