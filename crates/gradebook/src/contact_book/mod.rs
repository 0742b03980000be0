//! The contact book: what a school tells families, and what families and teachers write to each other.
//!
//! | module | verbs |
//! |---|---|
//! | [`notices`] | publish ([`notices::notify_in`] for events of other modules), who has read, recall |
//! | [`email`] | confirming a guardian's address before mail goes to it |
//! | [`feed`] | one feed for all children of a guardian, and the receipt |
//! | [`threads`] | threads between a learner's guardians and the homeroom or a subject teacher |
//! | [`review`] | reported messages; the school reads a thread only with a reason that is kept |
//! | [`leave`] | requests for leave and their answers |
//! | [`preferences`] | what a guardian wants to be told of, how, when not; devices for push |
//! | [`adoption`] | which guardians have never come |
//! | [`live`] | that there is something new, told at once to who looks |
//! | [`letters`] | who is told outside of Khuê, and in which words |
//! | [`deliveries`] | what was given up, for administrators |
//!
//! **Fan-out on read.** A notice is one row with a target (school, grade, class, learner), however many families it is for, and a feed
//! finds it by the children's places. So to publish results to a class is one row, and to a province one a class; a receipt is
//! written when it is read. Only what leaves the house (push, mail, SMS) has a row for each recipient, made by the outbox afterwards.

pub mod adoption;
pub mod deliveries;
pub mod email;
pub mod feed;
pub mod leave;
pub mod letters;
pub mod live;
pub mod notices;
pub mod preferences;
pub mod review;
pub mod threads;

pub(crate) mod words;

use dto::access::Permission;
use dto::{Code, GuardianId};
use kernel::{Ctx, Error, Result};

pub use words::Said;

/// The guardian who asks.
fn guardian(ctx: &Ctx) -> Result<GuardianId> {
    ctx.reach(Permission::ContactFamily).guardian.map(GuardianId).ok_or_else(|| Error::new(Code::NotFound))
}

/// A name of one of the enumerations of `dto`, as a table keeps it.
fn stored<T: std::str::FromStr>(text: &str) -> Result<T> {
    text.parse().map_err(|_| Error::internal(format!("unknown name {text:?} in the database")))
}

/// Text as people typed it, without the blanks around it; `field_required` where nothing is left.
fn typed(pointer: &str, text: &str) -> Result<String> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::field(pointer, Code::FieldRequired));
    }
    Ok(text.to_owned())
}
