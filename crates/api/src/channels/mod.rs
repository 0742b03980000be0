//! The ways out of the house, behind one trait: push, mail, SMS, Zalo. Each is off until it is set.
//!
//! What a message says and whom it is for is the domain's (`gradebook::contact_book::letters`); here it is only carried. Neither names,
//! addresses nor words go into logs or into the table of what was given up.

mod exchange;
mod gateway;
mod mail;
mod office;
mod push;
mod remote;
pub mod scan;
mod webpush;

pub use office::PostOffice;
pub use remote::HttpTransport;
pub use webpush::{Keys as VapidKeys, encrypt};

use dto::Code;
use dto::contact::{Channel, PostPushSubscription};
use futures::future::LocalBoxFuture;
use gradebook::contact_book::letters::Letter;
use kernel::outbox::Outcome;
use kernel::{Error, Result, config};
use std::path::Path;
use std::time::Duration;

/// How a channel fared with a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    As(Outcome),
    /// The address is no longer there and is to be forgotten.
    Gone,
}

/// A way out. It gets the same [`Letter::key`] at every try and passes it on in whatever form its receiver can tell repetitions by.
pub trait Sender: Send + Sync {
    fn send<'a>(&'a self, letter: &'a Letter) -> LocalBoxFuture<'a, Sent>;
}

/// The channels that are switched on.
#[derive(Default)]
pub struct Channels {
    push: Option<push::Push>,
    others: Vec<(Channel, Box<dyn Sender>)>,
    exchange: Option<exchange::HttpExchange>,
    /// Where links of messages begin; empty: no links.
    pub(crate) public_url: String,
}

impl Channels {
    /// Opens what the settings switch on.
    pub fn open(settings: &config::Channels, data: &Path) -> Result<Channels> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(10))
            .build()
            .map_err(Error::internal)?;
        let mut channels = Channels { public_url: settings.public_url.trim_end_matches('/').to_owned(), ..Channels::default() };
        if !settings.push.subject.is_empty() {
            channels.push = Some(push::Push::open(&settings.push, data, client.clone())?);
        }
        if !settings.email.url.is_empty() {
            let mail = mail::Mail::open(&settings.email, &channels.public_url)?;
            channels.others.push((Channel::Email, Box::new(mail)));
        }
        if !settings.sms.url.is_empty() {
            channels.others.push((Channel::Sms, Box::new(gateway::Sms::new(&settings.sms, client.clone()))));
        }
        if !settings.zalo.url.is_empty() {
            channels.others.push((Channel::Zalo, Box::new(gateway::Zalo::new(&settings.zalo, client.clone()))));
        }
        if !settings.exchange.url.is_empty() {
            channels.exchange = Some(exchange::HttpExchange::new(&settings.exchange, client));
        }
        Ok(channels)
    }

    pub fn available(&self) -> Vec<Channel> {
        let push = self.push.is_some().then_some(Channel::Push);
        push.into_iter().chain(self.others.iter().map(|(channel, _)| *channel)).collect()
    }

    /// The way to the authorities.
    pub fn exchange(&self) -> Option<&dyn oversight::exchange::Exchange> {
        self.exchange.as_ref().map(|way| way as &dyn oversight::exchange::Exchange)
    }

    fn sender(&self, channel: Channel) -> Option<&dyn Sender> {
        match channel {
            Channel::Push => self.push.as_ref().map(|p| p as &dyn Sender),
            other => self.others.iter().find(|(channel, _)| *channel == other).map(|(_, sender)| sender.as_ref()),
        }
    }

    /// The public key that browsers subscribe with.
    pub fn push_key(&self) -> Option<String> {
        self.push.as_ref().map(push::Push::public_key)
    }

    /// Is this a subscription that messages can and may be sent to?
    pub fn check_subscription(&self, body: &PostPushSubscription) -> Result<()> {
        let push = self.push.as_ref().ok_or_else(|| Error::new(Code::PushOff))?;
        push.check(body)
    }
}
