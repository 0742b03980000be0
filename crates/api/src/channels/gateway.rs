//! SMS and Zalo through gateways that take messages over HTTP.

use super::push::of_status;
use super::{Sender, Sent};
use futures::future::LocalBoxFuture;
use gradebook::contact_book::letters::{Address, Letter};
use kernel::config::HttpChannel;
use kernel::outbox::Outcome;
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde::Deserialize;
use serde_json::json;

fn phone(letter: &Letter) -> Option<&str> {
    match &letter.to {
        Address::Phone(phone) => Some(phone),
        _ => None,
    }
}

async fn ask(request: RequestBuilder) -> Result<Response, Outcome> {
    let answer = request.send().await.map_err(|_| Outcome::Later("the gateway does not answer".to_owned()))?;
    match answer.status() {
        status if status.is_success() => Ok(answer),
        // The gateway has had this key before.
        StatusCode::CONFLICT => Err(Outcome::Done),
        status => Err(of_status(status)),
    }
}

/// An SMS gateway: title alone, since a message is short and is read by whoever holds the phone.
pub struct Sms {
    settings: HttpChannel,
    client: Client,
}

impl Sms {
    pub fn new(settings: &HttpChannel, client: Client) -> Self {
        Sms { settings: settings.clone(), client }
    }
}

impl Sender for Sms {
    fn send<'a>(&'a self, letter: &'a Letter) -> LocalBoxFuture<'a, Sent> {
        Box::pin(async move {
            let Some(to) = phone(letter) else { return Sent::As(Outcome::Never("no phone number".to_owned())) };
            let body = json!({ "to": to, "text": letter.title, "sender": self.settings.sender, "idempotency_key": letter.key });
            let request = self
                .client
                .post(&self.settings.url)
                .bearer_auth(&self.settings.token)
                .header("idempotency-key", letter.key.to_string())
                .json(&body);
            Sent::As(ask(request).await.map_or_else(|outcome| outcome, |_| Outcome::Done))
        })
    }
}

/// A Zalo Official Account, by messages of a template with `title` and `body`; `sender` is the template's id.
pub struct Zalo {
    settings: HttpChannel,
    client: Client,
}

/// Zalo answers 200 and says in the body whether it took the message: `error` 0.
#[derive(Deserialize)]
struct ZaloAnswer {
    error: i64,
}

impl Zalo {
    pub fn new(settings: &HttpChannel, client: Client) -> Self {
        Zalo { settings: settings.clone(), client }
    }
}

impl Sender for Zalo {
    fn send<'a>(&'a self, letter: &'a Letter) -> LocalBoxFuture<'a, Sent> {
        Box::pin(async move {
            let Some(to) = phone(letter) else { return Sent::As(Outcome::Never("no phone number".to_owned())) };
            // 0912… is 84912… abroad.
            let to = to.strip_prefix('0').map_or_else(|| to.trim_start_matches('+').to_owned(), |rest| format!("84{rest}"));
            let body = json!({
                "phone": to,
                "template_id": self.settings.sender,
                "template_data": { "title": letter.title, "body": letter.body },
                "tracking_id": letter.key,
            });
            let request = self.client.post(&self.settings.url).header("access_token", &self.settings.token).json(&body);
            Sent::As(match ask(request).await {
                Err(outcome) => outcome,
                Ok(answer) => match answer.json::<ZaloAnswer>().await {
                    Ok(ZaloAnswer { error: 0 }) => Outcome::Done,
                    Ok(ZaloAnswer { error }) => Outcome::Never(format!("Zalo {error}")),
                    Err(_) => Outcome::Later("an answer that could not be read".to_owned()),
                },
            })
        })
    }
}
