//! Between the outbox, which knows when, the contact book, which knows what and for whom, and the channels, which know how.

use super::{Channels, Sent};
use dto::contact::Channel;
use futures::future::LocalBoxFuture;
use gradebook::contact_book::letters;
use kernel::outbox::{Item, Outcome, Outlet};
use kernel::{Db, Result, Tx};
use std::sync::Arc;

/// What stands behind the outbox.
pub struct PostOffice {
    channels: Arc<Channels>,
    available: Vec<Channel>,
}

impl PostOffice {
    pub fn new(channels: Arc<Channels>) -> Self {
        PostOffice { available: channels.available(), channels }
    }

    async fn deliver(&self, db: &Db, item: &Item) -> Outcome {
        if item.channel == oversight::exchange::CHANNEL {
            return oversight::exchange::deliver(db, item, self.channels.exchange()).await;
        }
        let sender = item.channel.parse().ok().and_then(|channel| self.channels.sender(channel));
        let Some(sender) = sender else { return Outcome::Never("this channel is switched off".to_owned()) };
        let letter = match letters::compose(db, item).await {
            Ok(Some(letter)) => letter,
            Ok(None) => return Outcome::Done,
            Err(error) => {
                tracing::error!(%error, id = %item.id, "a message could not be written");
                return Outcome::Later(format!("writing: {}", error.code().as_str()));
            }
        };
        match sender.send(&letter).await {
            Sent::As(outcome) => outcome,
            Sent::Gone => match letters::gone(db, item).await {
                Ok(()) => Outcome::Done,
                Err(error) => Outcome::Later(format!("forgetting a device: {}", error.code().as_str())),
            },
        }
    }
}

impl Outlet for PostOffice {
    fn fan_out<'a>(&'a self, tx: &'a Tx<'_>, item: &'a Item) -> LocalBoxFuture<'a, Result<()>> {
        Box::pin(letters::recipients_in(tx, item, &self.available))
    }

    fn send<'a>(&'a self, db: &'a Db, item: &'a Item) -> LocalBoxFuture<'a, Outcome> {
        Box::pin(async move {
            let outcome = self.deliver(db, item).await;
            let word = match &outcome {
                Outcome::Done => "done",
                Outcome::Later(_) => "later",
                Outcome::Never(_) => "never",
            };
            crate::metrics::sent(&item.channel, word);
            tracing::debug!(id = %item.id, channel = %item.channel, outcome = word, "message");
            outcome
        })
    }
}
