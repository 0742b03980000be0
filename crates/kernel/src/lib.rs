//! What every domain stands on: the database with its one way to write, who is asking, errors, time, ids, text.
//!
//! | module | idea |
//! |---|---|
//! | [`db`] | [`db::Db::write`] is the only way to begin and to end a write: audited, retried, durable |
//! | [`ctx`] | who asks, and how far each permission of theirs reaches |
//! | [`files`] | the store of files, by content |
//! | [`outbox`] | what is to leave the house, written with the change that causes it |
//! | [`error`] | one error with a code of `dto::codes` |
//! | [`page`] | cursors of seek pagination |
//! | [`text`] | Vietnamese text: folding, order, names |
//! | [`clock`], [`id`] | instants, school days, UUIDv7 |
//! | [`live`] | what others should see at once, after the commit |
//! | [`config`] | settings, checked at start |

pub mod clock;
pub mod config;
pub mod ctx;
pub mod db;
pub mod error;
pub mod files;
pub mod id;
pub mod live;
pub mod outbox;
pub mod page;
pub mod text;

pub use ctx::Ctx;
pub use db::{Db, Event, Tx};
pub use error::{Error, Result};
