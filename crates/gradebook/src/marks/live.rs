//! Who has a sheet open, and what changes in it while they look.
//!
//! Writers announce what they saved on the topic of the sheet; [`watch`] listens to it. The caller's reach is checked when they
//! begin to listen, as for a read; a stream is ended by its server after the life of an access token, and checked again.

use crate::facts::{self, ClassFacts, SectionFacts};
use crate::people::Names;
use crate::value;
use chrono::{DateTime, Utc};
use dto::access::Permission;
use dto::calendar::Term;
use dto::live::{ReloadReason, SheetCell, SheetCells, SheetHello, SheetPerson, SheetReload};
use dto::{AccountId, Lang, LearnerId};
use dto::{ClassId, UnitId};
use kernel::live::{Message, Next, Subscription};
use kernel::{Ctx, Db, Error, Result, Tx, clock};
use regulations::Slot;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use uuid::Uuid;

/// The names of events; see [`dto::live`].
pub const HELLO: &str = "hello";
pub const CELLS: &str = "cells";
pub const PRESENCE: &str = "presence";
pub const RELOAD: &str = "reload";
pub const BYE: &str = "bye";

/// What a write of another server changed, by ids alone. Goes to no reader: [`Watch::next`] makes [`CELLS`] of it.
const CHANGED: &str = "changed";

#[derive(Serialize, Deserialize)]
struct Changed {
    by: Option<AccountId>,
    at: DateTime<Utc>,
    /// Each with the version that it was left with.
    cells: Vec<(LearnerId, Slot, i64)>,
}

fn topic(class: &ClassFacts, term: Term, subject: &str) -> String {
    format!("{}{subject}", topics(class, term))
}

/// What the names of all topics of a class's term begin with.
fn topics(class: &ClassFacts, term: Term) -> String {
    format!("marks/{}/{}/{}/", class.school_id, class.id, value::term_number(term))
}

/// Somebody who watches a sheet.
pub struct Watch {
    pub hello: SheetHello,
    events: Subscription,
    db: Db,
    lang: Lang,
    section: SectionFacts,
    term: Term,
    names: HashMap<AccountId, String>,
    /// Heard, and not passed on yet.
    heard: Option<Next>,
}

#[derive(Serialize, Deserialize)]
struct People {
    people: Vec<SheetPerson>,
}

/// Begins to watch a sheet, from `after` on, the last id seen. `None` while the program is stopping.
pub async fn watch(db: &Db, ctx: &Ctx, class: ClassId, subject: &str, term: Term, after: Option<&str>) -> Result<Option<Watch>> {
    let section = facts::section(db.read(), ctx, Permission::MarkRead, Permission::MarkWrite, class, subject, term).await?;
    let account = ctx.account.ok_or_else(|| Error::internal("a sheet is watched by somebody"))?;
    let Some(mut events) = db.live().subscribe(&topic(&section.class, term, &section.subject.code), after) else {
        return Ok(None);
    };
    let role = ctx.roles.iter().map(|on| on.role).find(|role| role.permissions().contains(&Permission::MarkRead));
    let person = SheetPerson {
        account_id: account,
        // Each reader's own server finds the names of those whom it lists.
        name: String::new(),
        role: role.ok_or_else(|| Error::internal("a reader without a role that reads"))?,
        writes: section.class.writable,
        since: clock::now(),
    };
    let who = serde_json::to_string(&person).map_err(Error::internal)?;
    let list = events.announce(PRESENCE, &account.to_string(), &who);
    let hello = SheetHello { resumed: events.resumed, connection: events.connection, people: Vec::new() };
    let (db, names) = (db.clone(), HashMap::new());
    let mut watch = Watch { hello, events, db, lang: ctx.lang, section, term, names, heard: None };
    watch.hello.people = watch.people(&list).await?;
    Ok(Some(watch))
}

impl Watch {
    /// The id to come back to if nothing more arrives.
    pub fn last_id(&self) -> &str {
        &self.events.last_id
    }

    /// What this reader gets next; waits for it. Who stops waiting loses nothing.
    pub async fn next(&mut self) -> Next {
        loop {
            let heard = match self.heard.take() {
                Some(heard) => heard,
                None => self.events.next().await,
            };
            // Kept until it is made: this may be dropped while the database is asked.
            self.heard = Some(heard.clone());
            let made = match heard {
                Next::Message(message) => self.made(message).await,
                other => Some(other),
            };
            self.heard = None;
            if let Some(made) = made {
                return made;
            }
        }
    }

    async fn made(&mut self, message: Message) -> Option<Next> {
        let made = match &*message.event {
            PRESENCE => self.people(&message.data).await.map(|people| to_json(&People { people }).map(|data| (PRESENCE, data))),
            CHANGED => self.cells(&message.data).await.map(|cells| cells.and_then(|c| to_json(&c).map(|data| (CELLS, data)))),
            _ => return Some(Next::Message(message)),
        };
        match made {
            Ok(made) => {
                made.map(|(event, data)| Next::Message(Message { id: message.id, event: event.into(), data: data.into() }))
            }
            Err(error) => {
                tracing::warn!(%error, "what changed in a sheet could not be read");
                Some(Next::Missed)
            }
        }
    }

    /// Who is here, with their names.
    async fn people(&mut self, list: &str) -> Result<Vec<SheetPerson>> {
        let People { mut people } = serde_json::from_str(list).map_err(Error::internal)?;
        for person in &mut people {
            person.name = self.name(Some(person.account_id)).await?;
        }
        Ok(people)
    }

    /// The cells of a write elsewhere. One that has changed since is left to what tells of that.
    async fn cells(&mut self, changed: &str) -> Result<Option<SheetCells>> {
        let changed: Changed = serde_json::from_str(changed).map_err(Error::internal)?;
        let is: HashMap<(LearnerId, Slot), i64> = changed.cells.iter().map(|(l, s, version)| ((*l, *s), *version)).collect();
        let all = super::query::cells(self.db.read(), &self.section, self.term).await?;
        let cells: Vec<SheetCell> = all
            .into_iter()
            .filter(|(learner, cell)| is.get(&(*learner, cell.slot)) == Some(&cell.version))
            .map(|(learner_id, c)| SheetCell { learner_id, slot: c.slot, value: c.value, version: c.version })
            .collect();
        if cells.is_empty() {
            return Ok(None);
        }
        Ok(Some(SheetCells { account_id: changed.by, by: self.name(changed.by).await?, at: changed.at, cells }))
    }

    async fn name(&mut self, account: Option<AccountId>) -> Result<String> {
        if let Some(name) = account.and_then(|id| self.names.get(&id)) {
            return Ok(name.clone());
        }
        let name = Names::of(self.db.read(), self.lang, [account.map(Uuid::from)]).await?.name(account.map(Uuid::from));
        if let Some(id) = account {
            self.names.insert(id, name.clone());
        }
        Ok(name)
    }
}

fn to_json(data: &impl Serialize) -> Option<String> {
    serde_json::to_string(data).ok()
}

/// Tells watchers what a write of cells left, once it has committed.
pub(super) async fn announce(tx: &Tx<'_>, section: &SectionFacts, term: Term, cells: Vec<SheetCell>) -> Result<()> {
    if cells.is_empty() {
        return Ok(());
    }
    let (account, at) = (tx.ctx().account, tx.now());
    let topic = topic(&section.class, term, &section.subject.code);
    let ids = Changed { by: account, at, cells: cells.iter().map(|c| (c.learner_id, c.slot, c.version)).collect() };
    // Cells and the name of who wrote them go no further than this server, and only where somebody may hear them.
    let here = if tx.has_listeners(&topic) {
        let names = Names::of(tx.conn(), tx.ctx().lang, [account.map(Uuid::from)]).await?;
        let message = SheetCells { account_id: account, by: names.name(account.map(Uuid::from)), at, cells };
        Some((CELLS, serde_json::to_string(&message).map_err(Error::internal)?))
    } else {
        None
    };
    tx.announce_by_ids(topic, here, (CHANGED, serde_json::to_string(&ids).map_err(Error::internal)?));
    Ok(())
}

/// Tells watchers of all sheets of a class's term that the state changed.
pub(crate) fn announce_state(tx: &Tx<'_>, class: &ClassFacts, term: Term) {
    tx.announce_under(topics(class, term), RELOAD, reload(ReloadReason::State));
}

/// Tells watchers of one sheet that what may be written changed.
pub(crate) fn announce_lock(tx: &Tx<'_>, class: &ClassFacts, term: Term, subject: &str) {
    tx.announce(topic(class, term, subject), RELOAD, reload(ReloadReason::State));
}

/// Tells watchers of all sheets of a school that what may be written changed.
pub(crate) fn announce_school(tx: &Tx<'_>, school: UnitId) {
    tx.announce_under(format!("marks/{school}/"), RELOAD, reload(ReloadReason::State));
}

/// The data of a `reload`.
pub fn reload(why: ReloadReason) -> String {
    serde_json::to_string(&SheetReload { why }).unwrap_or_default()
}
