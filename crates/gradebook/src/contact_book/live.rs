//! That there is something new for somebody, told at once to who has a page open. Never what it is: that is read, with the reader's reach.
//!
//! Two kinds of topics. `me/{account}` is of one account: the ends of a thread are few and known when it is written. `feed/{school}` is
//! of a school: a notice is one row for however many families, so its target goes out once, and each stream passes on what
//! concerns the places of its own reader ([`Watch::next`]). Places are those at the beginning of a stream, which lives as long as an access token.

use super::feed::{Reader, reaches};
use super::threads::{Row, people_at};
use dto::access::Permission;
use dto::contact::{EventKind, NoticeTarget, Side};
use dto::live::{MyNews, NewsOf};
use dto::{AccountId, UnitId};
use futures::future::select_all;
use kernel::live::{Message, Next, Subscription};
use kernel::{Ctx, Db, Error, Result, Tx, clock};
use records::contact::Place;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The names of events; see [`dto::live::MyEvent`].
pub const HELLO: &str = "hello";
pub const NEWS: &str = "news";

/// A notice on its way through the program: whom it is for. Goes to no reader.
#[derive(Serialize, Deserialize)]
struct Published {
    school: UnitId,
    kind: EventKind,
    target: NoticeTarget,
}

fn own(account: AccountId) -> String {
    format!("me/{account}")
}

fn feed(school: UnitId) -> String {
    format!("feed/{school}")
}

fn news(news: &MyNews) -> String {
    serde_json::to_string(news).unwrap_or_default()
}

/// A notice was published or taken back.
pub(super) fn notice(tx: &Tx<'_>, school: UnitId, kind: EventKind, target: &NoticeTarget) {
    let topic = feed(school);
    // Most schools have nobody listening most of the time.
    if (tx.is_carried() || tx.has_listeners(&topic))
        && let Ok(data) = serde_json::to_string(&Published { school, kind, target: target.clone() })
    {
        tx.announce(topic, NEWS, data);
    }
}

/// Something happened in a thread: both ends hear of it, and whoever wrote does so in their other windows.
pub(super) async fn thread(tx: &Tx<'_>, row: &Row) -> Result<()> {
    let mut people = people_at(tx.conn(), row, Side::Family).await?;
    people.extend(people_at(tx.conn(), row, Side::Staff).await?);
    let data = news(&MyNews { what: NewsOf::Thread, thread_id: Some(row.id) });
    for (account, _) in identity::accounts::of_people(tx.conn(), &people).await?.into_values() {
        tx.announce(own(account), NEWS, data.clone());
    }
    Ok(())
}

/// Somebody who wants to be told.
pub struct Watch {
    /// The own topic, then one of each school.
    topics: Vec<Subscription>,
    reader: Option<Reader>,
    places: Vec<Place>,
    threads: bool,
}

/// Begins to watch. `None` while the program is stopping.
pub async fn watch(db: &Db, ctx: &Ctx, account: AccountId) -> Result<Option<Watch>> {
    let reader = Reader::of(ctx);
    let places = match reader {
        Some(reader) => reader.places(db.read()).await?,
        None => Vec::new(),
    };
    let schools: BTreeSet<UnitId> =
        places.iter().filter(|place| place.holds(clock::now())).map(|place| place.school_id).collect();
    let names = std::iter::once(own(account)).chain(schools.into_iter().map(feed));
    let topics: Option<Vec<Subscription>> = names.map(|name| db.live().subscribe(&name, None)).collect();
    Ok(topics.map(|topics| Watch { topics, reader, places, threads: ctx.can(Permission::ContactThread) }))
}

impl Watch {
    /// What this reader gets next; waits for it. What is not theirs is passed over.
    pub async fn next(&mut self) -> Next {
        loop {
            // Dropping the others' waiting loses none of their messages.
            let (next, ..) = select_all(self.topics.iter_mut().map(|topic| Box::pin(topic.next()))).await;
            match next {
                Next::Message(message) => {
                    if let Some(data) = self.heard(&message) {
                        return Next::Message(Message { id: None, event: NEWS.into(), data: data.into() });
                    }
                }
                other => return other,
            }
        }
    }

    fn heard(&self, message: &Message) -> Option<String> {
        let Ok(published) = serde_json::from_str::<Published>(&message.data) else {
            return self.threads.then(|| message.data.to_string());
        };
        let reader = self.reader?;
        let concerns = |place: &Place| reaches(place, published.school, &published.target, clock::now());
        (reader.takes(published.kind) && self.places.iter().any(concerns))
            .then(|| news(&MyNews { what: NewsOf::Feed, thread_id: None }))
    }
}

/// The data of the first event.
pub fn hello() -> Result<String> {
    serde_json::to_string(&dto::live::MyHello {}).map_err(Error::internal)
}
