//! Mail by SMTP.

use super::{Sender, Sent};
use futures::future::LocalBoxFuture;
use gradebook::contact_book::letters::{Address, Letter};
use kernel::config::EmailChannel;
use kernel::outbox::Outcome;
use kernel::{Error, Result};
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

pub struct Mail {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    public_url: String,
}

impl Mail {
    pub fn open(settings: &EmailChannel, public_url: &str) -> Result<Mail> {
        let wrong = |what: &str| Error::internal(format!("settings: {what}"));
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(&settings.url)
            .map_err(|_| wrong("channels.email.url is not a URL of SMTP"))?
            .build();
        let from = settings.from.parse().map_err(|_| wrong("channels.email.from is not an address"))?;
        Ok(Mail { transport, from, public_url: public_url.to_owned() })
    }

    fn message(&self, letter: &Letter) -> Option<Message> {
        let Address::Email(to) = &letter.to else { return None };
        let mut text = format!("{}\r\n", letter.body.replace('\n', "\r\n"));
        if !self.public_url.is_empty() {
            text.push_str(&format!("\r\n{}{}\r\n", self.public_url, letter.path));
        }
        Message::builder()
            .from(self.from.clone())
            .to(to.parse().ok()?)
            .subject(letter.title.as_str())
            // The same at every try: by this a mailbox knows the second copy.
            .message_id(Some(format!("<{}@khue>", letter.key.simple())))
            .header(ContentType::TEXT_PLAIN)
            .body(text)
            .ok()
    }
}

impl Sender for Mail {
    fn send<'a>(&'a self, letter: &'a Letter) -> LocalBoxFuture<'a, Sent> {
        Box::pin(async move {
            let Some(message) = self.message(letter) else { return Sent::As(Outcome::Never("not an address".to_owned())) };
            Sent::As(match self.transport.send(message).await {
                Ok(_) => Outcome::Done,
                // The server's words may hold the address: its code is enough.
                Err(e) => {
                    let why =
                        e.status().map_or_else(|| "the mail server does not answer".to_owned(), |code| format!("SMTP {code}"));
                    if e.is_permanent() { Outcome::Never(why) } else { Outcome::Later(why) }
                }
            })
        })
    }
}
