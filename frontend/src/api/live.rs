//! Server-sent events over `fetch`: the browser's own reader of them cannot send the token.

use super::client::{Stream, events};
use super::error::{ApiError, Result};
use js_sys::{Date, Reflect, Uint8Array};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal, ReadableStreamDefaultReader};

/// One event, or a heartbeat (no name and no data).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frame {
    pub id: Option<String>,
    pub event: String,
    pub data: String,
}

/// Gives each event to `hear` as it comes, until the stream ends, fails, or is stopped.
pub async fn listen(path: &str, last: Option<String>, stop: AbortSignal, hear: impl Fn(Frame)) -> Result<()> {
    let response = events(path, Stream { last, stop }).await?;
    let Some(body) = response.body() else { return Ok(()) };
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    let mut frames = Frames::default();
    loop {
        let part = JsFuture::from(reader.read()).await.map_err(|_| ApiError::Offline)?;
        let value = Reflect::get(&part, &"value".into()).unwrap_or_default();
        if value.is_undefined() {
            return Ok(());
        }
        frames.push(&Uint8Array::new(&value).to_vec()).into_iter().for_each(&hear);
    }
}

/// How often is looked where there is no stream.
const LOOK: Duration = Duration::from_secs(15);
/// A stream that is silent for longer than this many milliseconds is dead: the server speaks every 10 s.
const SILENCE: f64 = 45_000.0;

/// Says, until the page goes, that there may be something new for who is signed in: at once by a stream, where one can be had.
pub fn on_news(again: Callback<()>) {
    // The stream that is open, and when something was heard on it.
    let line = StoredValue::new_local(None::<(AbortController, f64)>);
    let connect = move || {
        let Ok(stop) = AbortController::new() else { return };
        let signal = stop.signal();
        line.set_value(Some((stop, Date::now())));
        spawn_local(async move {
            let hear = move |frame: Frame| {
                line.try_update_value(|line| {
                    if let Some((_, heard)) = line {
                        *heard = Date::now();
                    }
                });
                if matches!(frame.event.as_str(), "hello" | "news" | "reload") {
                    again.try_run(());
                }
            };
            let _ended = listen("/me/events", None, signal, hear).await;
            line.try_set_value(None);
        });
    };
    connect();
    let look = move || {
        let open = line.with_value(|line| match line {
            Some((stop, heard)) => {
                if Date::now() - heard > SILENCE {
                    stop.abort();
                }
                true
            }
            None => false,
        });
        if !open && !document().hidden() {
            again.run(());
            connect();
        }
    };
    let timer = set_interval_with_handle(look, LOOK).ok();
    on_cleanup(move || {
        if let Some(timer) = timer {
            timer.clear();
        }
        if let Some(Some((stop, _))) = line.try_update_value(Option::take) {
            stop.abort();
        }
    });
}

/// What has come of the stream and is no whole event yet.
#[derive(Default)]
struct Frames(Vec<u8>);

impl Frames {
    /// The events that are whole now. Letters may be cut anywhere, so bytes are kept.
    fn push(&mut self, bytes: &[u8]) -> Vec<Frame> {
        self.0.extend(bytes.iter().filter(|b| **b != b'\r'));
        let mut whole = Vec::new();
        while let Some(end) = self.0.windows(2).position(|w| w == b"\n\n") {
            let rest = self.0.split_off(end + 2);
            let text = std::mem::replace(&mut self.0, rest);
            whole.push(frame(&String::from_utf8_lossy(&text)));
        }
        whole
    }
}

fn frame(text: &str) -> Frame {
    let mut frame = Frame::default();
    for line in text.lines() {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "id" => frame.id = Some(value.to_owned()),
            "event" => value.clone_into(&mut frame.event),
            "data" => frame.data.push_str(value),
            _ => {}
        }
    }
    frame
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_whole_however_they_are_cut() {
        let text = "id: a-1\nevent: cells\ndata: {\"by\":\"Bích\"}\n\n: hb\n\nevent: bye\ndata: {}\n\n";
        for size in [1, 2, 3, 7, 100] {
            let mut frames = Frames::default();
            let all: Vec<Frame> = text.as_bytes().chunks(size).flat_map(|part| frames.push(part)).collect();
            assert_eq!(all.iter().map(|f| f.event.as_str()).collect::<Vec<_>>(), ["cells", "", "bye"], "{size}");
            assert_eq!((all[0].id.as_deref(), all[0].data.as_str()), (Some("a-1"), "{\"by\":\"Bích\"}"));
            assert_eq!(all[1], Frame::default());
        }
    }
}
