//! What hubs tell each other, and what one makes of it.

use super::{Hub, LONGEST};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use uuid::Uuid;

/// Bytes of one letter: PostgreSQL takes fewer than 8,000.
const LETTER: usize = 7_800;
/// Bytes of one thing that is said, with room for the letter around it.
const SAID: usize = 7_600;
/// Things that wait to be carried while the other servers cannot be reached.
const WAITING: usize = 4_096;

/// Somebody who is at a topic.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Present {
    pub connection: u64,
    /// The same for each window of one person.
    pub person: String,
    /// JSON.
    pub says: String,
    pub came: DateTime<Utc>,
}

/// Another server, as this one knows it.
pub(super) struct Server {
    heard: Instant,
    /// By topic: the event that tells of them, and who is there.
    pub people: HashMap<String, (String, Vec<Present>)>,
}

/// One thing that a hub tells the others.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Said {
    /// A message of a topic, or of all topics that begin so. Without data: it was too long.
    Told { topic: String, under: bool, event: String, data: Option<String> },
    /// Everybody who is at a topic by way of the sender.
    Here { topic: String, event: String, people: Vec<Present> },
    /// The sender begins, or begins again: nobody is anywhere by it until it says so, and it knows of nobody.
    Began,
    /// The sender could not say everything.
    Missed,
    /// The sender lives.
    Lives,
    /// The sender ends.
    Ended,
}

impl Said {
    pub fn told(topic: &str, under: bool, event: &str, data: &str) -> Said {
        let told = |data| Said::Told { topic: topic.to_owned(), under, event: event.to_owned(), data };
        let whole = told((data.len() <= LONGEST).then(|| data.to_owned()));
        if whole.length() > SAID { told(None) } else { whole }
    }

    pub fn here(topic: &str, event: &str, mut people: Vec<Present>) -> Said {
        loop {
            let said = Said::Here { topic: topic.to_owned(), event: event.to_owned(), people: people.clone() };
            if said.length() <= SAID {
                return said;
            }
            // More people than one letter can name: those who came first.
            people.truncate(people.len() / 2);
        }
    }

    fn length(&self) -> usize {
        serde_json::to_string(self).map_or(usize::MAX, |text| text.len())
    }
}

/// What goes out at once.
#[derive(Serialize, Deserialize)]
struct Letter<T> {
    from: Uuid,
    said: T,
}

impl Hub {
    /// Whether there is a way to other servers.
    pub(crate) fn is_carried(&self) -> bool {
        self.0.out.get().is_some()
    }

    /// Opens the way to other servers. `None` where it is open already.
    pub(super) fn open(&self) -> Option<mpsc::Receiver<Said>> {
        let (out, waiting) = mpsc::channel(WAITING);
        self.0.out.set(out).is_ok().then_some(waiting)
    }

    /// Puts something on its way to the others.
    pub(super) fn carry(&self, said: impl FnOnce() -> Said) {
        if let Some(out) = self.0.out.get()
            && out.try_send(said()).is_err()
        {
            self.0.lost.store(true, Ordering::Relaxed);
        }
    }

    /// Whether something could not be put on its way since this was last asked.
    pub(super) fn has_lost(&self) -> bool {
        self.0.lost.swap(false, Ordering::Relaxed)
    }

    /// As few letters as hold all of it, in its order.
    pub(super) fn letters(&self, said: &[Said]) -> Vec<String> {
        let mut letters = Vec::new();
        let mut rest = said;
        while !rest.is_empty() {
            let (mut taken, mut bytes) = (0, 0);
            while let Some(next) = rest.get(taken) {
                bytes += next.length() + 1;
                if taken > 0 && bytes + 64 > LETTER {
                    break;
                }
                taken += 1;
            }
            letters.extend(serde_json::to_string(&Letter { from: self.0.me, said: &rest[..taken] }));
            rest = &rest[taken..];
        }
        letters
    }

    /// Takes a letter of another server, and passes over one's own and what is none.
    pub(super) fn hear(&self, letter: &str) {
        let Ok(Letter { from, said }) = serde_json::from_str::<Letter<Vec<Said>>>(letter) else {
            tracing::debug!("a letter of another version of the program");
            return;
        };
        if from == self.0.me {
            return;
        }
        for said in said {
            match said {
                Said::Told { topic: name, under, event, data } => {
                    let mut topics = self.topics();
                    let heard = topics.by_name.iter_mut();
                    for (_, topic) in heard.filter(|(known, _)| if under { known.starts_with(&name) } else { **known == name }) {
                        match &data {
                            Some(data) => topic.publish(event.clone().into(), data.as_str().into()),
                            None => topic.too_long(),
                        }
                    }
                }
                Said::Here { topic, event, people } => {
                    let mut topics = self.topics();
                    let there = &mut topics.server(from).people;
                    if people.is_empty() {
                        there.remove(&topic);
                    } else {
                        there.insert(topic.clone(), (event.clone(), people));
                    }
                    topics.tell_who_is_here(&topic, event.into());
                }
                Said::Began => {
                    self.topics().forget(|server, _| server == from);
                    self.introduce().into_iter().for_each(|here| self.carry(|| here));
                }
                Said::Missed => self.missed(),
                Said::Lives => {}
                Said::Ended => self.topics().forget(|server, _| server == from),
            }
        }
        if let Some(server) = self.topics().elsewhere.get_mut(&from) {
            server.heard = Instant::now();
        }
    }

    /// Everybody who is anywhere by way of this server.
    pub(super) fn introduce(&self) -> Vec<Said> {
        let topics = self.topics();
        let inhabited = topics.by_name.iter().filter(|(_, topic)| !topic.present.is_empty());
        inhabited.filter_map(|(name, topic)| Some(Said::here(name, topic.told_by?, topic.present.clone()))).collect()
    }

    /// Whether anybody is anywhere by way of this server.
    pub(super) fn is_inhabited(&self) -> bool {
        self.topics().by_name.values().any(|topic| !topic.present.is_empty())
    }

    /// Tells everybody to read again.
    pub(super) fn missed(&self) {
        self.topics().by_name.values_mut().for_each(super::Topic::missed);
    }

    /// The other servers are not known any more; each says again who is there.
    pub(super) fn forget_all(&self) {
        self.topics().forget(|_, _| true);
    }

    /// Forgets servers that were not heard of for so long.
    pub(super) fn forget_silent(&self, silent: Duration) {
        self.topics().forget(|_, server| server.heard.elapsed() > silent);
    }
}

impl super::Topics {
    fn server(&mut self, id: Uuid) -> &mut Server {
        self.elsewhere.entry(id).or_insert_with(|| Server { heard: Instant::now(), people: HashMap::new() })
    }

    fn forget(&mut self, gone: impl Fn(Uuid, &Server) -> bool) {
        let ids: Vec<Uuid> = self.elsewhere.iter().filter(|(id, server)| gone(**id, server)).map(|(id, _)| *id).collect();
        let servers: Vec<Server> = ids.iter().filter_map(|id| self.elsewhere.remove(id)).collect();
        for (topic, (event, _)) in servers.into_iter().flat_map(|server| server.people) {
            self.tell_who_is_here(&topic, event.into());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Next, Subscription};
    use super::*;

    /// What waits at one is brought to the other.
    fn bring(from: &Hub, waiting: &mut mpsc::Receiver<Said>, to: &Hub) {
        let mut said = Vec::new();
        while let Ok(next) = waiting.try_recv() {
            said.push(next);
        }
        for letter in from.letters(&said) {
            assert!(letter.len() < 8_000);
            to.hear(&letter);
            // One's own comes back too.
            from.hear(&letter);
        }
    }

    async fn data(reader: &mut Subscription) -> String {
        match reader.next().await {
            Next::Message(message) => message.data.to_string(),
            other => panic!("{other:?}"),
        }
    }

    fn announced(topic: &str, under: bool, data: &str) -> super::super::Announced {
        super::super::Announced { topic: topic.into(), under, here: Some(("x", data.into())), elsewhere: None }
    }

    #[tokio::test]
    async fn what_one_says_is_heard_at_the_other_once() {
        let (a, b) = (Hub::default(), Hub::default());
        let mut out = a.open().unwrap();
        let (mut here, mut there) = (a.subscribe("t/1", None).unwrap(), b.subscribe("t/1", None).unwrap());
        a.say(announced("t/1", false, "1"));
        a.say(announced("t/", true, "2"));
        a.say(announced("t/1", false, &"y".repeat(8_000)));
        a.say(super::super::Announced { elsewhere: Some(("z", "id".into())), ..announced("t/1", false, "3") });
        bring(&a, &mut out, &b);
        assert_eq!([data(&mut here).await, data(&mut here).await], ["1", "2"]);
        assert_eq!(data(&mut here).await.len(), 8_000);
        assert_eq!(data(&mut here).await, "3");
        assert_eq!([data(&mut there).await, data(&mut there).await], ["1", "2"]);
        assert!(matches!(there.next().await, Next::TooLong { .. }));
        assert_eq!(data(&mut there).await, "id");
        // Many small things in as few letters as hold them.
        (0..500).for_each(|n| a.say(announced("t/2", false, &n.to_string())));
        bring(&a, &mut out, &b);
        b.hear("no letter");
        b.hear(r#"{"from":"01997d3e-0000-7000-8000-000000000000","said":[{"unheard_of":{}}]}"#);
    }

    #[tokio::test]
    async fn who_is_where_is_known_at_both_and_ends_with_a_server() {
        let (a, b) = (Hub::default(), Hub::default());
        let (mut from_a, mut from_b) = (a.open().unwrap(), b.open().unwrap());
        let mut first = a.subscribe("t", None).unwrap();
        first.announce("presence", "a", "\"a\"");
        bring(&a, &mut from_a, &b);
        // Known before anybody listens there.
        let mut second = b.subscribe("t", None).unwrap();
        assert_eq!(second.announce("presence", "b", "\"b\""), "{\"people\":[\"a\",\"b\"]}");
        bring(&b, &mut from_b, &a);
        assert_eq!([data(&mut first).await, data(&mut first).await], ["{\"people\":[\"a\"]}", "{\"people\":[\"a\",\"b\"]}"]);
        // The same person at both: once.
        let mut again = b.subscribe("t", None).unwrap();
        again.announce("presence", "a", "\"a\"");
        bring(&b, &mut from_b, &a);
        assert_eq!(data(&mut first).await, "{\"people\":[\"a\",\"b\"]}");
        // One that begins again is told, and one that is silent is forgotten.
        b.forget_all();
        b.carry(|| Said::Began);
        bring(&b, &mut from_b, &a);
        assert_eq!(data(&mut first).await, "{\"people\":[\"a\"]}");
        bring(&a, &mut from_a, &b);
        assert_eq!(b.topics().tell_who_is_here("t", "presence".into()), "{\"people\":[\"a\",\"b\"]}");
        b.forget_silent(Duration::from_secs(60));
        assert_eq!(b.topics().tell_who_is_here("t", "presence".into()), "{\"people\":[\"a\",\"b\"]}");
        b.forget_silent(Duration::ZERO);
        drop(again);
        assert_eq!(b.topics().tell_who_is_here("t", "presence".into()), "{\"people\":[\"b\"]}");
    }

    #[tokio::test]
    async fn after_a_gap_everybody_reads_again_and_no_id_of_before_is_good() {
        let hub = Hub::default();
        let mut reader = hub.subscribe("t", None).unwrap();
        hub.publish("t", "x", "1".into());
        let Next::Message(one) = reader.next().await else { panic!() };
        hub.missed();
        assert_eq!(reader.next().await, Next::Missed);
        assert!(!hub.subscribe("t", one.id.as_deref()).unwrap().resumed);
    }
}
