//! A service that looks at files for viruses, over HTTP.

use actix_web::web::Bytes;
use futures::future::BoxFuture;
use futures::stream::{BoxStream, StreamExt};
use kernel::config::Files;
use kernel::files::{ScanService, Store};
use kernel::{Error, Result};
use reqwest::Client;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// `POST url` with the file as the body, and the token as bearer where there is one.
struct HttpScan {
    url: String,
    token: String,
    client: Client,
}

impl ScanService for HttpScan {
    fn look(&self, file: BoxStream<'static, Bytes>) -> BoxFuture<'static, std::result::Result<u16, String>> {
        let body = reqwest::Body::wrap_stream(file.map(Ok::<_, std::io::Error>));
        let mut request = self.client.post(&self.url).header("content-type", "application/octet-stream").body(body);
        if !self.token.is_empty() {
            request = request.bearer_auth(&self.token);
        }
        Box::pin(async move {
            let answer = request.send().await.map_err(|_| "the service does not answer".to_owned())?;
            Ok(answer.status().as_u16())
        })
    }
}

/// The store of files of the settings, with whoever looks at them.
pub fn store(settings: &Files, data: &Path) -> Result<Store> {
    let store = Store::open(settings, data)?;
    if settings.scan_url.is_empty() {
        return Ok(store);
    }
    let client = Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(Duration::from_secs(10))
        .timeout(Duration::from_secs(settings.scan_seconds))
        .build()
        .map_err(Error::internal)?;
    let service = HttpScan { url: settings.scan_url.clone(), token: settings.scan_token.clone(), client };
    Ok(store.with_scan_service(Arc::new(service), settings.scan_seconds))
}
