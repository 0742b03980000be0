//! What others should see at once: messages to whoever listens to a topic, after the commit and in its order.
//!
//! One hub in one process, in memory; what it says is carried to the hubs of the other servers of the same database, and what they say to
//! it ([`carrier`]). What a write announces ([`crate::Tx::announce`]) goes out when it has committed and not
//! before; a write that ran again announces once. Nothing correct may depend on a message: readers can always read again, and are
//! told so (`reload`) where they missed something.
//!
//! Memory is bounded: a topic keeps the last [`KEPT`] messages of at most [`LONGEST`] bytes, shared by all its readers, for who
//! comes back ([`Hub::subscribe`] with the last id) and for who is slow. A reader who falls further behind gets [`Next::Missed`]
//! instead. A topic that nobody listens to is forgotten after [`GRACE`].

mod carried;
mod carrier;

pub use carrier::Carrier;

use crate::clock;
use carried::{Present, Said, Server};
use std::borrow::Cow;
use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{broadcast, mpsc};
use uuid::Uuid;

/// Messages that a topic remembers, and that a reader may be behind.
pub const KEPT: usize = 64;
/// Bytes of the longest message that is kept; a longer one goes out as "too long".
pub const LONGEST: usize = 16 * 1024;
/// How long a topic without readers is remembered.
pub const GRACE: Duration = Duration::from_secs(300);

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// To come back to; none for what is worth nothing later.
    pub id: Option<String>,
    pub event: Cow<'static, str>,
    /// JSON in one line.
    pub data: Arc<str>,
}

/// What a reader gets next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    Message(Message),
    /// There was more than this reader got: who was too slow, or whose server was cut off from the others for a while.
    Missed,
    /// There was a message too long to be kept: read again, and come back to this id.
    TooLong {
        id: String,
    },
    /// The program is stopping.
    Stopped,
}

/// All topics. Cheap to clone.
#[derive(Clone, Default)]
pub struct Hub(Arc<Inner>);

impl std::fmt::Debug for Hub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hub").field("topics", &self.topics().by_name.len()).finish()
    }
}

struct Inner {
    /// Names this hub to the others.
    me: Uuid,
    topics: Mutex<Topics>,
    connections: AtomicU64,
    /// The way to the other servers; none where there is one server alone.
    out: OnceLock<mpsc::Sender<Said>>,
    /// Something did not fit into it.
    lost: AtomicBool,
}

impl Default for Inner {
    fn default() -> Self {
        Inner {
            me: Uuid::now_v7(),
            topics: Mutex::default(),
            connections: AtomicU64::default(),
            out: OnceLock::new(),
            lost: AtomicBool::default(),
        }
    }
}

#[derive(Default)]
struct Topics {
    by_name: HashMap<String, Topic>,
    /// Who is where at the other servers.
    elsewhere: HashMap<Uuid, Server>,
    stopped: bool,
}

/// What a write tells once it has committed.
pub(crate) struct Announced {
    pub topic: String,
    /// All topics that begin so.
    pub under: bool,
    /// The event and its data as this server's readers get it.
    pub here: Option<(&'static str, String)>,
    /// The same for the other servers, where it differs.
    pub elsewhere: Option<(&'static str, String)>,
}

struct Topic {
    /// Differs for each life of a topic, so that an id of another life, or of another server, is known as such.
    life: String,
    last: u64,
    kept: VecDeque<(u64, Message)>,
    sender: broadcast::Sender<Next>,
    /// What readers say of themselves, by connection.
    present: Vec<Present>,
    /// The event that tells of them.
    told_by: Option<&'static str>,
    idle_since: Option<Instant>,
}

impl Topic {
    fn new() -> Topic {
        Topic {
            life: Uuid::now_v7().simple().to_string(),
            last: 0,
            kept: VecDeque::new(),
            sender: broadcast::Sender::new(KEPT),
            present: Vec::new(),
            told_by: None,
            idle_since: None,
        }
    }

    fn id(&self, number: u64) -> String {
        format!("{}-{number}", self.life)
    }

    /// Nobody listening is no fault.
    fn send(&self, next: Next) {
        let _ = self.sender.send(next);
    }

    fn publish(&mut self, event: Cow<'static, str>, data: Arc<str>) {
        if data.len() > LONGEST {
            return self.too_long();
        }
        self.last += 1;
        let message = Message { id: Some(self.id(self.last)), event, data };
        self.kept.push_back((self.last, message.clone()));
        if self.kept.len() > KEPT {
            self.kept.pop_front();
        }
        self.send(Next::Message(message));
    }

    /// Whoever comes back to before it has missed it; whoever listens is told.
    fn too_long(&mut self) {
        self.last += 1;
        self.kept.clear();
        self.send(Next::TooLong { id: self.id(self.last) });
    }

    /// Something was not heard, and nobody knows what: no id of before is good any more.
    fn missed(&mut self) {
        self.life = Uuid::now_v7().simple().to_string();
        self.kept.clear();
        self.send(Next::Missed);
    }

    /// What came after an id; none where that is not known.
    fn since(&self, id: &str) -> Option<Vec<Message>> {
        let (life, number) = id.rsplit_once('-')?;
        let number: u64 = number.parse().ok()?;
        if life != self.life || number > self.last {
            return None;
        }
        let oldest = self.kept.front().map_or(self.last + 1, |(first, _)| *first);
        if number + 1 < oldest {
            return None;
        }
        Some(self.kept.iter().filter(|(n, _)| *n > number).map(|(_, message)| message.clone()).collect())
    }
}

/// A reader of one topic; leaving is dropping it.
pub struct Subscription {
    hub: Hub,
    topic: String,
    /// Of this reader, unique in the process.
    pub connection: u64,
    /// What was missed since the id given follows, and nothing is missing.
    pub resumed: bool,
    /// The id to come back to if nothing more arrives.
    pub last_id: String,
    waiting: VecDeque<Message>,
    receiver: broadcast::Receiver<Next>,
    presence: Option<&'static str>,
}

impl Hub {
    fn topics(&self) -> MutexGuard<'_, Topics> {
        self.0.topics.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells whoever listens to a topic. `data` is JSON in one line.
    pub fn publish(&self, topic: &str, event: &'static str, data: String) {
        if let Some(topic) = self.topics().by_name.get_mut(topic) {
            topic.publish(event.into(), data.into());
        }
    }

    /// Tells whoever listens to a topic whose name begins so.
    pub fn publish_under(&self, prefix: &str, event: &'static str, data: &str) {
        for (name, topic) in &mut self.topics().by_name {
            if name.starts_with(prefix) {
                topic.publish(event.into(), data.into());
            }
        }
    }

    /// Tells what a write announced, here and at the other servers.
    pub(crate) fn say(&self, announced: Announced) {
        let Announced { topic, under, here, elsewhere } = announced;
        if let Some((event, data)) = elsewhere.as_ref().or(here.as_ref()) {
            self.carry(|| Said::told(&topic, under, event, data));
        }
        match here {
            Some((event, data)) if under => self.publish_under(&topic, event, &data),
            Some((event, data)) => self.publish(&topic, event, data),
            None => {}
        }
    }

    /// Listens to a topic, from `after` on where that is still known. `None` once the program is stopping.
    pub fn subscribe(&self, name: &str, after: Option<&str>) -> Option<Subscription> {
        let mut topics = self.topics();
        if topics.stopped {
            return None;
        }
        topics.by_name.retain(|known, topic| known == name || topic.idle_since.is_none_or(|since| since.elapsed() < GRACE));
        let topic = topics.by_name.entry(name.to_owned()).or_insert_with(Topic::new);
        topic.idle_since = None;
        let missed = after.and_then(|id| topic.since(id));
        Some(Subscription {
            hub: self.clone(),
            topic: name.to_owned(),
            connection: self.0.connections.fetch_add(1, Ordering::Relaxed) + 1,
            resumed: missed.is_some(),
            last_id: if missed.is_some() { after.unwrap_or_default().to_owned() } else { topic.id(topic.last) },
            waiting: missed.unwrap_or_default().into(),
            receiver: topic.sender.subscribe(),
            presence: None,
        })
    }

    /// Ends all subscriptions; there will be no more.
    pub fn stop(&self) {
        let mut topics = self.topics();
        topics.stopped = true;
        for topic in topics.by_name.values() {
            topic.send(Next::Stopped);
        }
    }

    /// Whether anybody of this server listens to a topic, or may come back to it.
    pub fn knows(&self, topic: &str) -> bool {
        self.topics().by_name.contains_key(topic)
    }

    /// Topics that are remembered; for tests and figures.
    pub fn len(&self) -> usize {
        self.topics().by_name.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Subscription {
    /// The next message; waits for it.
    pub async fn next(&mut self) -> Next {
        if let Some(message) = self.waiting.pop_front() {
            return Next::Message(message);
        }
        match self.receiver.recv().await {
            Ok(next) => next,
            Err(broadcast::error::RecvError::Lagged(_)) => Next::Missed,
            Err(broadcast::error::RecvError::Closed) => Next::Stopped,
        }
    }

    /// Says who this is (JSON), to everybody on the topic, until this reader leaves: an `event` that lists what all say of
    /// themselves under `people`, each person once, in the order they came. Gives that list.
    pub fn announce(&mut self, event: &'static str, person: &str, says: &str) -> String {
        self.presence = Some(event);
        let mut topics = self.hub.topics();
        let Some(topic) = topics.by_name.get_mut(&self.topic) else { return people([]) };
        let came = clock::now();
        topic.told_by = Some(event);
        topic.present.push(Present { connection: self.connection, person: person.to_owned(), says: says.to_owned(), came });
        self.hub.carry(|| Said::here(&self.topic, event, topic.present.clone()));
        topics.tell_who_is_here(&self.topic, event.into())
    }
}

impl Topics {
    /// Tells the readers of a topic who is there, at whatever server; gives the list.
    fn tell_who_is_here(&self, name: &str, event: Cow<'static, str>) -> String {
        let topic = self.by_name.get(name);
        let elsewhere = self.elsewhere.values().filter_map(|server| server.people.get(name)).flat_map(|(_, people)| people);
        let list = people(topic.into_iter().flat_map(|topic| &topic.present).chain(elsewhere));
        if let Some(topic) = topic {
            topic.send(Next::Message(Message { id: None, event, data: list.as_str().into() }));
        }
        list
    }
}

/// Everybody once, however many windows they have.
fn people<'a>(present: impl IntoIterator<Item = &'a Present>) -> String {
    let mut all: Vec<&Present> = present.into_iter().collect();
    all.sort_by_key(|who| who.came);
    let mut seen: Vec<&Present> = Vec::with_capacity(all.len());
    for who in all {
        if seen.iter().all(|known| known.person != who.person) {
            seen.push(who);
        }
    }
    let says: Vec<&str> = seen.iter().map(|who| who.says.as_str()).collect();
    format!("{{\"people\":[{}]}}", says.join(","))
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let mut topics = self.hub.topics();
        let Some(topic) = topics.by_name.get_mut(&self.topic) else { return };
        if let Some(event) = self.presence {
            topic.present.retain(|present| present.connection != self.connection);
            self.hub.carry(|| Said::here(&self.topic, event, topic.present.clone()));
            topics.tell_who_is_here(&self.topic, event.into());
        }
        // This reader's own receiver is still counted.
        if let Some(topic) = topics.by_name.get_mut(&self.topic)
            && topic.sender.receiver_count() <= 1
        {
            topic.idle_since = Some(Instant::now());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(next: Next) -> String {
        match next {
            Next::Message(message) => message.data.to_string(),
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn who_comes_back_gets_what_was_missed() {
        let hub = Hub::default();
        hub.publish("t", "x", "nobody".into());
        let mut first = hub.subscribe("t", None).unwrap();
        assert!(!first.resumed);
        hub.publish("t", "x", "1".into());
        hub.publish("other", "x", "2".into());
        let Next::Message(one) = first.next().await else { panic!() };
        assert_eq!(&*one.data, "1");
        drop(first);
        hub.publish("t", "x", "3".into());
        let mut again = hub.subscribe("t", one.id.as_deref()).unwrap();
        assert!(again.resumed);
        assert_eq!(data(again.next().await), "3");
        // The id of a subscription to which nothing came is good too.
        let last = again.last_id.clone();
        drop(again);
        assert_eq!(data(hub.subscribe("t", Some(&last)).unwrap().next().await), "3");
        for unknown in ["", "x", "x-1", &format!("{}-99", last.rsplit_once('-').unwrap().0)] {
            assert!(!hub.subscribe("t", Some(unknown)).unwrap().resumed, "{unknown}");
        }
    }

    #[tokio::test]
    async fn memory_is_bounded_and_the_slow_are_told() {
        let hub = Hub::default();
        let mut slow = hub.subscribe("t", None).unwrap();
        let start = slow.last_id.clone();
        for n in 0..KEPT * 3 {
            hub.publish("t", "x", n.to_string());
        }
        assert_eq!(slow.next().await, Next::Missed);
        assert_eq!(data(slow.next().await), (KEPT * 2).to_string());
        assert!(!hub.subscribe("t", Some(&start)).unwrap().resumed);
        // What is too long is not kept at all.
        let mut reader = hub.subscribe("t", None).unwrap();
        hub.publish("t", "x", "y".repeat(LONGEST + 1));
        let Next::TooLong { id } = reader.next().await else { panic!() };
        assert!(!hub.subscribe("t", Some(&reader.last_id)).unwrap().resumed);
        assert!(hub.subscribe("t", Some(&id)).unwrap().resumed);
    }

    #[tokio::test]
    async fn presence_is_told_and_ends() {
        let hub = Hub::default();
        let mut a = hub.subscribe("t", None).unwrap();
        assert_eq!(a.announce("presence", "a", "\"a\""), "{\"people\":[\"a\"]}");
        assert_eq!(data(a.next().await), "{\"people\":[\"a\"]}");
        let mut twice = hub.subscribe("t", None).unwrap();
        twice.announce("presence", "a", "\"a\"");
        assert_eq!(data(a.next().await), "{\"people\":[\"a\"]}");
        let mut b = hub.subscribe("t", None).unwrap();
        b.announce("presence", "b", "\"b\"");
        assert_eq!(data(a.next().await), "{\"people\":[\"a\",\"b\"]}");
        drop(twice);
        assert_eq!(data(a.next().await), "{\"people\":[\"a\",\"b\"]}");
        drop(b);
        assert_eq!(data(a.next().await), "{\"people\":[\"a\"]}");
        hub.stop();
        assert_eq!(a.next().await, Next::Stopped);
        assert!(hub.subscribe("t", None).is_none());
    }
}
