//! The outbox: what is to leave the house.
//!
//! A row is written in the same transaction as the change that causes it ([`put_in`]), so neither can be without the other. A
//! dispatcher ([`run`]) takes rows that are due and hands them to the [`Outlet`]. The key of a row is event, channel and
//! recipient: each leaves at most once as far as the receiver can see by [`Item::id`], which goes with every try; and at least once, since
//! a row is done only after the receiver took it.
//!
//! Taking a row moves its `due_at` behind the lease. So a dispatcher that was killed needs no clearing up: what it held falls due again.
//! On PostgreSQL several dispatchers pass each other's rows (SKIP LOCKED); on SQLite there is one writer, which is the same.

mod dispatch;
mod rows;

pub use dispatch::run;
pub use rows::{Backlog, backlog, list, retry_in};

use crate::{Db, Result, Tx};
use chrono::{DateTime, Utc};
use dto::UnitId;
use futures::future::LocalBoxFuture;
use uuid::Uuid;

/// The channel of the first step of an event: to find its recipients.
pub const FAN_OUT: &str = "fanout";

/// What is to leave.
#[derive(Clone, Debug)]
pub struct Post {
    pub school: UnitId,
    /// Names the event for ever: "notice:…".
    pub event_key: String,
    /// [`FAN_OUT`] or the name of a channel.
    pub channel: &'static str,
    /// Empty for [`FAN_OUT`].
    pub recipient: String,
    /// Not before.
    pub due_at: DateTime<Utc>,
}

/// A row that the dispatcher holds.
#[derive(Clone, Debug)]
pub struct Item {
    pub school: UnitId,
    pub event_key: String,
    pub channel: String,
    pub recipient: String,
    /// The idempotency key for the receiver: the same at every try.
    pub id: Uuid,
    /// This try included.
    pub attempts: i16,
    pub created_at: DateTime<Utc>,
}

/// How a try ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The receiver took it, or there is nothing to send any more.
    Done,
    /// Try again later. The text is for operators: no names, no content.
    Later(String),
    /// No use to try again.
    Never(String),
}

/// What stands behind the outbox.
pub trait Outlet {
    /// Finds the recipients of an event and puts a row for each channel and recipient ([`put_in`]), in the transaction in which the
    /// event's own row is done.
    fn fan_out<'a>(&'a self, tx: &'a Tx<'_>, item: &'a Item) -> LocalBoxFuture<'a, Result<()>>;

    /// Sends to one recipient. May happen again with the same [`Item::id`].
    fn send<'a>(&'a self, db: &'a Db, item: &'a Item) -> LocalBoxFuture<'a, Outcome>;
}

/// Puts rows into the outbox of this transaction. What is there already stays as it is.
pub async fn put_in(tx: &Tx<'_>, posts: &[Post]) -> Result<()> {
    if posts.is_empty() {
        return Ok(());
    }
    rows::insert(tx, posts).await?;
    tx.posted();
    Ok(())
}
