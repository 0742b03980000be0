//! Server-sent events, as a client reads them.

use super::{Actor, Reply, coverage};
use reqwest::{Method, StatusCode};
use std::time::Duration;

/// One event.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    pub id: Option<String>,
    pub event: String,
    pub data: String,
}

/// A stream that is open.
pub struct Events {
    response: reqwest::Response,
    buffer: String,
}

/// Far longer than anything takes; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(30);

impl Actor {
    /// Opens a stream, or gives the problem.
    pub async fn stream(&self, path: &str, last_event_id: Option<&str>) -> Result<Events, Reply> {
        let mut request =
            self.request(Method::GET, path).header("accept-encoding", "br, gzip").header("accept", "text/event-stream");
        if let Some(id) = last_event_id {
            request = request.header("last-event-id", id);
        }
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status(), response.headers().clone());
        if status != StatusCode::OK {
            // Once more, as what is not a stream is compressed.
            return Err(self.send(self.request(Method::GET, path)).await);
        }
        assert!(headers["content-type"].to_str().unwrap().starts_with("text/event-stream"));
        assert_eq!(headers["content-encoding"], "identity");
        let head = Reply { status, headers, body: Vec::new() };
        coverage::after(self.db(), &Method::GET, &format!("/api/v1{path}"), &head).await;
        Ok(Events { response, buffer: String::new() })
    }
}

impl Events {
    /// The next event; `None` at the end of the stream.
    pub async fn next(&mut self) -> Option<Event> {
        tokio::time::timeout(PATIENCE, self.read()).await.expect("an event in time")
    }

    async fn read(&mut self) -> Option<Event> {
        loop {
            if let Some(end) = self.buffer.find("\n\n") {
                let frame: String = self.buffer.drain(..end + 2).collect();
                let mut event = Event { id: None, event: String::new(), data: String::new() };
                for line in frame.lines() {
                    match line.split_once(": ") {
                        Some(("id", value)) => event.id = Some(value.to_owned()),
                        Some(("event", value)) => event.event = value.to_owned(),
                        Some(("data", value)) => event.data = value.to_owned(),
                        _ => assert!(line.is_empty() || line.starts_with(':'), "{line:?}"),
                    }
                }
                if !event.event.is_empty() {
                    return Some(event);
                }
                continue;
            }
            let chunk = self.response.chunk().await.expect("a chunk")?;
            self.buffer.push_str(std::str::from_utf8(&chunk).expect("text"));
        }
    }

    /// The next event of this name; others are passed over.
    pub async fn find(&mut self, name: &str) -> Event {
        loop {
            let event = self.next().await.unwrap_or_else(|| panic!("the stream ended before {name}"));
            if event.event == name {
                return event;
            }
        }
    }
}
