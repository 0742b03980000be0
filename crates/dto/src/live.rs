//! The live mark sheet: what `GET …/marks/events` sends, as server-sent events (`text/event-stream`).
//!
//! | `event:` | `data:` | `id:` |
//! |---|---|---|
//! | `hello` | [`SheetHello`]: first of all, once | yes |
//! | `cells` | [`SheetCells`]: what one commit changed | yes |
//! | `presence` | [`SheetPresence`]: everybody who has the sheet open, after each change | no |
//! | `reload` | [`SheetReload`]: read the sheet anew | yes |
//! | `bye` | [`SheetBye`]: the stream ends after this, by itself; open another | no |
//!
//! Lines that begin with `:` are heartbeats. A client opens the stream, then reads the sheet, then takes each cell whose version is
//! above the one it holds: so that nothing is missed between the two, and what arrives twice does no harm.

use crate::access::{Role, names};
use crate::{AccountId, LearnerId, ThreadId};
use chrono::{DateTime, Utc};
use regulations::{CellValue, Slot};
use serde::{Deserialize, Serialize};

/// Any event of the stream, by its name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "event", content = "data", rename_all = "lowercase")]
pub enum SheetEvent {
    Hello(SheetHello),
    Cells(SheetCells),
    Presence(SheetPresence),
    Reload(SheetReload),
    Bye(SheetBye),
}

impl SheetEvent {
    /// Reads one event of the stream; `None` for a name that this version does not know, which is to be passed over.
    pub fn parse(event: &str, data: &str) -> Option<SheetEvent> {
        match event {
            "hello" => serde_json::from_str(data).ok().map(SheetEvent::Hello),
            "cells" => serde_json::from_str(data).ok().map(SheetEvent::Cells),
            "presence" => serde_json::from_str(data).ok().map(SheetEvent::Presence),
            "reload" => serde_json::from_str(data).ok().map(SheetEvent::Reload),
            "bye" => serde_json::from_str(data).ok().map(SheetEvent::Bye),
            _ => None,
        }
    }
}

/// The first event of a stream.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SheetHello {
    /// What was missed since `Last-Event-ID` follows. False: nothing is known of what was missed, read the sheet.
    pub resumed: bool,
    /// Of this stream, to know oneself among `people`.
    pub connection: u64,
    pub people: Vec<SheetPerson>,
}

/// Somebody who has the sheet open; once, however many windows they have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SheetPerson {
    pub account_id: AccountId,
    pub name: String,
    pub role: Role,
    /// May enter marks here.
    pub writes: bool,
    pub since: DateTime<Utc>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SheetPresence {
    pub people: Vec<SheetPerson>,
}

/// Cells as one write left them; sent after its commit, to its writer too.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SheetCells {
    /// Absent: the program itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_id: Option<AccountId>,
    pub by: String,
    pub at: DateTime<Utc>,
    pub cells: Vec<SheetCell>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SheetCell {
    pub learner_id: LearnerId,
    pub slot: Slot,
    /// Absent: the cell was cleared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<CellValue>,
    pub version: i64,
}

/// Read the sheet anew: more changed than events can say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SheetReload {
    pub why: ReloadReason,
}

/// The stream ends; open another, with `Last-Event-ID`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SheetBye {
    pub why: ByeReason,
    /// Wait so long before opening another, in milliseconds; spread, so that not all come back at once.
    pub retry_ms: u32,
}

/// Any event of `GET /me/events`, by its name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "event", content = "data", rename_all = "lowercase")]
pub enum MyEvent {
    /// The stream is open: what was read before it is to be read again.
    Hello(MyHello),
    News(MyNews),
    /// More came than the stream could carry: read what is on the screen.
    Reload(SheetReload),
    Bye(SheetBye),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MyHello {}

/// There is something new for the caller; what it is, is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MyNews {
    pub what: NewsOf,
    /// Of `thread`: which one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread_id: Option<ThreadId>,
}

names! {
    NewsOf {
        /// A notice was sent or taken back.
        Feed = "feed", "Thông báo", "A notice";
        /// Somebody wrote in a thread, or has read it.
        Thread = "thread", "Tin nhắn", "A thread";
    }
}

names! {
    ReloadReason {
        /// The stream was away for longer than the server remembers, or the server is another.
        TooOld = "too_old", "Đã mất kết nối lâu", "Away for too long";
        /// This reader was too slow for what was sent.
        Slow = "slow", "Đường truyền chậm", "The line is slow";
        /// One write changed more cells than go into one event.
        Many = "many", "Nhiều ô vừa thay đổi", "Many cells changed at once";
        /// The sheet as a whole changed: the term was closed or opened, a deadline was set or an opening granted.
        State = "state", "Trạng thái sổ điểm vừa thay đổi", "The state of the sheet changed";
    }
}

names! {
    ByeReason {
        /// The access token of this stream has run its time: come back with a fresh one.
        Renew = "renew", "Làm mới phiên", "Renew the session";
        Stopping = "stopping", "Máy chủ khởi động lại", "The server is restarting";
    }
}
