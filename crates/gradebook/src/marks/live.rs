//! Who has a sheet open, and what changes in it while they look.
//!
//! Writers announce what they saved on the topic of the sheet; [`watch`] listens to it. The caller's reach is checked when they
//! begin to listen, as for a read; a stream is ended by its server after the life of an access token, and checked again.

use crate::facts::{self, ClassFacts, SectionFacts};
use crate::people::Names;
use crate::value;
use dto::access::Permission;
use dto::calendar::Term;
use dto::live::{ReloadReason, SheetCell, SheetCells, SheetHello, SheetPerson, SheetReload};
use dto::{ClassId, UnitId};
use kernel::live::Subscription;
use kernel::{Ctx, Db, Error, Result, Tx, clock};
use serde::Deserialize;
use uuid::Uuid;

/// The names of events; see [`dto::live`].
pub const HELLO: &str = "hello";
pub const CELLS: &str = "cells";
pub const PRESENCE: &str = "presence";
pub const RELOAD: &str = "reload";
pub const BYE: &str = "bye";

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
    pub events: Subscription,
}

/// Begins to watch a sheet, from `after` on, the last id seen. `None` while the program is stopping.
pub async fn watch(db: &Db, ctx: &Ctx, class: ClassId, subject: &str, term: Term, after: Option<&str>) -> Result<Option<Watch>> {
    let conn = db.read();
    let section = facts::section(conn, ctx, Permission::MarkRead, Permission::MarkWrite, class, subject, term).await?;
    let account = ctx.account.ok_or_else(|| Error::internal("a sheet is watched by somebody"))?;
    let names = Names::of(conn, ctx.lang, [Some(account.0)]).await?;
    let Some(mut events) = db.live().subscribe(&topic(&section.class, term, &section.subject.code), after) else {
        return Ok(None);
    };
    let role = ctx.roles.iter().map(|on| on.role).find(|role| role.permissions().contains(&Permission::MarkRead));
    let person = SheetPerson {
        account_id: account,
        name: names.name(Some(account.0)),
        role: role.ok_or_else(|| Error::internal("a reader without a role that reads"))?,
        writes: section.class.writable,
        since: clock::now(),
    };
    let who = serde_json::to_string(&person).map_err(Error::internal)?;
    let list = events.announce(PRESENCE, &account.to_string(), &who);
    #[derive(Deserialize)]
    struct People {
        people: Vec<SheetPerson>,
    }
    let People { people } = serde_json::from_str(&list).map_err(Error::internal)?;
    let hello = SheetHello { resumed: events.resumed, connection: events.connection, people };
    Ok(Some(Watch { hello, events }))
}

/// Tells watchers what a write of cells left, once it has committed.
pub(super) async fn announce(tx: &Tx<'_>, section: &SectionFacts, term: Term, cells: Vec<SheetCell>) -> Result<()> {
    if cells.is_empty() {
        return Ok(());
    }
    let account = tx.ctx().account;
    let topic = topic(&section.class, term, &section.subject.code);
    // The name is asked for only where somebody may hear it.
    if !tx.has_listeners(&topic) {
        return Ok(());
    }
    let names = Names::of(tx.conn(), tx.ctx().lang, [account.map(Uuid::from)]).await?;
    let message = SheetCells { account_id: account, by: names.name(account.map(Uuid::from)), at: tx.now(), cells };
    tx.announce(topic, CELLS, serde_json::to_string(&message).map_err(Error::internal)?);
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
