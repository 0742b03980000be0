//! Push messages to browsers (RFC 8030).

use super::webpush::{self, Keys};
use super::{Sender, Sent};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use dto::Code;
use dto::contact::PostPushSubscription;
use futures::future::LocalBoxFuture;
use gradebook::contact_book::letters::{Address, Letter};
use kernel::config::PushChannel;
use kernel::outbox::Outcome;
use kernel::{Error, Result, clock};
use reqwest::{Client, StatusCode, Url};
use std::path::Path;

/// A service keeps a message for a device that is switched off so long, in seconds.
const KEPT: &str = "86400";
/// An identification is good for so long, in seconds.
const IDENTIFIED: i64 = 12 * 3600;

pub struct Push {
    keys: Keys,
    subject: String,
    hosts: Vec<String>,
    client: Client,
}

impl Push {
    pub fn open(settings: &PushChannel, data: &Path, client: Client) -> Result<Push> {
        let keys = Keys::load_or_create(data)?;
        Ok(Push { keys, subject: settings.subject.clone(), hosts: settings.hosts.clone(), client })
    }

    pub fn public_key(&self) -> String {
        self.keys.public()
    }

    /// The server calls what a browser names: so only push services that the settings name, and only over TLS.
    fn url(&self, endpoint: &str) -> Option<Url> {
        let url = Url::parse(endpoint).ok()?;
        let host = url.host_str()?;
        let named = |name: &String| host == name || host.strip_suffix(name.as_str()).is_some_and(|head| head.ends_with('.'));
        let here = host == "127.0.0.1" && url.scheme() == "http";
        let plain = url.username().is_empty() && url.password().is_none();
        (plain && (url.scheme() == "https" || here) && self.hosts.iter().any(named)).then_some(url)
    }

    pub fn check(&self, body: &PostPushSubscription) -> Result<()> {
        if self.url(&body.endpoint).is_none() {
            return Err(Error::field("/endpoint", Code::FieldChoice));
        }
        let long = |text: &str, bytes: usize| URL_SAFE_NO_PAD.decode(text).is_ok_and(|b| b.len() == bytes);
        if !long(&body.auth, 16) {
            return Err(Error::field("/auth", Code::FieldFormat));
        }
        // A key that is no point of the curve shows when a message is encrypted for it.
        let key = URL_SAFE_NO_PAD.decode(&body.p256dh).unwrap_or_default();
        if key.len() != 65 || webpush::encrypt(b"", &key, &[0; 16]).is_err() {
            return Err(Error::field("/p256dh", Code::FieldFormat));
        }
        Ok(())
    }

    async fn push(&self, letter: &Letter) -> Result<Sent> {
        let never = |why: &str| Ok(Sent::As(Outcome::Never(why.to_owned())));
        let Address::Push { endpoint, p256dh, auth } = &letter.to else { return never("no push address") };
        let Some(url) = self.url(endpoint) else { return never("a push service that is not named") };
        let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).map_err(Error::internal);
        let body = webpush::encrypt(&message(letter), &decode(p256dh)?, &decode(auth)?)?;
        let origin = url.origin().ascii_serialization();
        let authorization = self.keys.authorization(&origin, &self.subject, clock::now().timestamp() + IDENTIFIED)?;
        let answer = self
            .client
            .post(url)
            .header("authorization", authorization)
            .header("content-encoding", "aes128gcm")
            .header("content-type", "application/octet-stream")
            .header("ttl", KEPT)
            .header("urgency", "normal")
            // A second try replaces the first while it waits at the service (RFC 8030 section 5.4).
            .header("topic", letter.key.simple().to_string())
            .body(body)
            .send()
            .await;
        Ok(match answer.map(|a| a.status()) {
            Ok(status) if status.is_success() => Sent::As(Outcome::Done),
            Ok(StatusCode::NOT_FOUND | StatusCode::GONE) => Sent::Gone,
            Ok(status) => Sent::As(of_status(status)),
            Err(_) => Sent::As(Outcome::Later("the push service does not answer".to_owned())),
        })
    }
}

/// Is it worth another try?
pub(super) fn of_status(status: StatusCode) -> Outcome {
    let why = format!("status {}", status.as_u16());
    match status {
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => Outcome::Later(why),
        s if s.is_server_error() => Outcome::Later(why),
        _ => Outcome::Never(why),
    }
}

/// What the service worker shows.
fn message(letter: &Letter) -> Vec<u8> {
    let mut body = letter.body.as_str();
    loop {
        let text = serde_json::json!({ "title": letter.title, "body": body, "path": letter.path, "key": letter.key }).to_string();
        if text.len() <= webpush::LONGEST || body.is_empty() {
            return text.into_bytes();
        }
        let keep = body.chars().count() / 2;
        body = body.char_indices().nth(keep).map_or("", |(at, _)| &body[..at]);
    }
}

impl Sender for Push {
    fn send<'a>(&'a self, letter: &'a Letter) -> LocalBoxFuture<'a, Sent> {
        Box::pin(async move {
            self.push(letter).await.unwrap_or_else(|e| {
                tracing::error!(error = %e, "a push message could not be made");
                Sent::As(Outcome::Never("encryption".to_owned()))
            })
        })
    }
}
