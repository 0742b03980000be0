//! Server-sent events: what a hub's topics say as the body of an answer that ends only with its reader, its time, or the server.

use actix_web::HttpResponse;
use actix_web::http::header::{self, ContentEncoding};
use actix_web::web::Bytes;
use dto::AccountId;
use dto::live::{ByeReason, ReloadReason, SheetBye};
use gradebook::contact_book::live::Watch as NewsWatch;
use gradebook::marks::live::{self, Watch as SheetWatch};
use kernel::live::{Message, Next};
use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Most streams of one account: windows that somebody forgot, not an attack.
pub const MOST: usize = 16;

/// How many streams each account has open.
#[derive(Clone, Default)]
pub struct Streams(Arc<Mutex<HashMap<AccountId, usize>>>);

/// One of them; given back when it is dropped.
pub struct Place {
    streams: Streams,
    account: AccountId,
}

impl Streams {
    /// `None` where the account has too many.
    pub fn take(&self, account: AccountId) -> Option<Place> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(account).or_default();
        if *count >= MOST {
            return None;
        }
        *count += 1;
        Some(Place { streams: self.clone(), account })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.streams.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.account) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.account);
            }
        }
    }
}

/// Where events come from.
pub trait Source: 'static {
    /// The next one; waits for it. Who stops waiting loses nothing.
    fn next(&mut self) -> impl Future<Output = Next>;
}

impl Source for SheetWatch {
    fn next(&mut self) -> impl Future<Output = Next> {
        SheetWatch::next(self)
    }
}

impl Source for NewsWatch {
    fn next(&mut self) -> impl Future<Output = Next> {
        NewsWatch::next(self)
    }
}

struct State<S> {
    events: S,
    first: Option<Bytes>,
    heartbeat: Duration,
    ends_at: Instant,
    ended: bool,
    _place: Place,
}

/// The answer: `first`, then what comes, a comment where nothing does for so long, and a `bye` after `life`. The reader takes one frame at
/// a time; what waits meanwhile is bounded by the hub.
pub fn respond<S: Source>(events: S, first: Message, heartbeat: Duration, life: Duration, place: Place) -> HttpResponse {
    let state =
        State { events, first: Some(frame(&first)), heartbeat, ends_at: Instant::now() + life, ended: false, _place: place };
    let body = futures::stream::unfold(state, |mut state| async move {
        let bytes = next(&mut state).await?;
        Some((Ok::<_, Infallible>(bytes), state))
    });
    HttpResponse::Ok()
        .content_type("text/event-stream; charset=utf-8")
        // Named, so that nothing between here and the reader compresses, and thereby holds back, what should arrive at once.
        .insert_header((header::CONTENT_ENCODING, ContentEncoding::Identity))
        .insert_header((header::CACHE_CONTROL, "no-store, no-transform"))
        .insert_header(("x-accel-buffering", "no"))
        .streaming(body)
}

async fn next<S: Source>(state: &mut State<S>) -> Option<Bytes> {
    if let Some(first) = state.first.take() {
        return Some(first);
    }
    if state.ended {
        return None;
    }
    let heartbeat = Instant::now() + state.heartbeat;
    Some(tokio::select! {
        // A stream whose time is up ends even where there is always something to say.
        biased;
        () = tokio::time::sleep_until(state.ends_at) => {
            state.ended = true;
            bye(ByeReason::Renew)
        }
        next = state.events.next() => match next {
            Next::Message(message) => frame(&message),
            Next::Missed => reload(None, ReloadReason::Slow),
            Next::TooLong { id } => reload(Some(id), ReloadReason::Many),
            Next::Stopped => {
                state.ended = true;
                bye(ByeReason::Stopping)
            }
        },
        () = tokio::time::sleep_until(heartbeat) => Bytes::from_static(b": hb\n\n"),
    })
}

fn reload(id: Option<String>, why: ReloadReason) -> Bytes {
    frame(&Message { id, event: live::RELOAD.into(), data: live::reload(why).into() })
}

/// Readers come back over some seconds, so that a server that has just started is not met by all at once.
fn bye(why: ByeReason) -> Bytes {
    let spread = u32::from(rand::random::<u16>()) % 4_000;
    let data = serde_json::to_string(&SheetBye { why, retry_ms: 500 + spread }).unwrap_or_default();
    frame(&Message { id: None, event: live::BYE.into(), data: data.into() })
}

fn frame(message: &Message) -> Bytes {
    let mut text = String::with_capacity(message.data.len() + 96);
    if let Some(id) = &message.id {
        text.push_str("id: ");
        text.push_str(id);
        text.push('\n');
    }
    text.push_str("event: ");
    text.push_str(&message.event);
    text.push_str("\ndata: ");
    text.push_str(&message.data);
    text.push_str("\n\n");
    text.into()
}
