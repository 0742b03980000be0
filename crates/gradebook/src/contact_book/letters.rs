//! Who is told outside of Khuê, and in which words.
//!
//! The outbox asks twice: first for the recipients of an event ([`recipients_in`]: one statement for all of a notice), then, when a
//! message is about to leave, for its words ([`compose`]). Between the two a notice may have been recalled or a child have left: then
//! there is nothing to send.

use super::notices::{self, is_news};
use super::preferences::{self, Choice};
use super::{email, feed, stored, threads, words};
use dto::contact::{Channel, EventKind, Side};
use dto::{Code, GuardianId, Lang, NoticeId, ThreadId, UnitId};
use kernel::outbox::{self, Item, Post};
use kernel::{Ctx, Db, Error, Result, Tx};
use records::contact as people;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Where a message goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    Push { endpoint: String, p256dh: String, auth: String },
    Email(String),
    Phone(String),
}

/// A message about to leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub to: Address,
    pub lang: Lang,
    pub title: String,
    pub body: String,
    /// Within Khuê: "/feed".
    pub path: String,
    /// The same at every try.
    pub key: Uuid,
}

/// What an event of the outbox is.
enum Told {
    Notice(NoticeId),
    Message(ThreadId, i32),
    /// A code for an address that is to be confirmed.
    EmailCode(Uuid),
}

fn told(item: &Item) -> Result<Told> {
    let mut parts = item.event_key.split(':');
    let unknown = || Error::internal("an event of an unknown kind");
    match (parts.next(), parts.next(), parts.next()) {
        (Some("notice"), Some(id), None) => Ok(Told::Notice(stored(id)?)),
        (Some("message"), Some(id), Some(seq)) => Ok(Told::Message(stored(id)?, stored(seq)?)),
        (Some("email"), Some(id), None) => Ok(Told::EmailCode(stored(id)?)),
        _ => Err(unknown()),
    }
}

/// Puts a row into the outbox for each channel and recipient that an event is to reach.
pub async fn recipients_in(tx: &Tx<'_>, item: &Item, available: &[Channel]) -> Result<()> {
    if available.is_empty() {
        return Ok(());
    }
    let conn = tx.conn();
    match told(item)? {
        Told::Notice(id) => {
            let Some(row) = notice(conn, item.school, id).await? else { return Ok(()) };
            if row.recalled_at.is_some() || !is_news(row.sent_at) {
                return Ok(());
            }
            let found = people::recipients(conn, row.school, &row.target, None, None, 100_000).await?;
            let phones: BTreeMap<Uuid, Option<String>> = found.into_iter().map(|r| (r.guardian_id, r.phone)).collect();
            post(tx, item, row.kind, phones, available).await
        }
        Told::Message(id, seq) => {
            let Some((row, from, _)) = message(conn, item.school, id, seq).await? else { return Ok(()) };
            let to = threads::to_be_told(conn, &row, from).await?;
            let mut phones: BTreeMap<Uuid, Option<String>> = to.into_iter().map(|person| (person, None)).collect();
            let guardians = people::guardians_of(conn, &[row.learner.0]).await?;
            for guardian in guardians.into_values().flatten() {
                if let Some(phone) = phones.get_mut(&guardian.guardian_id) {
                    *phone = guardian.phone;
                }
            }
            post(tx, item, EventKind::Message, phones, available).await
        }
        // Has its recipient from the beginning.
        Told::EmailCode(_) => Ok(()),
    }
}

async fn post(
    tx: &Tx<'_>,
    item: &Item,
    kind: EventKind,
    phones: BTreeMap<Uuid, Option<String>>,
    available: &[Channel],
) -> Result<()> {
    let conn = tx.conn();
    let ids: Vec<Uuid> = phones.keys().copied().collect();
    let choices = preferences::choices(conn, &ids).await?;
    let accounts = identity::accounts::of_people(conn, &ids).await?;
    let mut devices: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    if available.contains(&Channel::Push) {
        let all: Vec<Uuid> = accounts.values().map(|(account, _)| account.0).collect();
        for (account, device) in preferences::devices_of(conn, &all).await? {
            devices.entry(account).or_default().push(device);
        }
    }
    let none = Choice::default();
    let mut posts = Vec::new();
    for (person, phone) in phones {
        let choice = choices.get(&person).unwrap_or(&none);
        let due_at = choice.not_before(tx.now());
        let mut put = |channel: Channel, recipient: String| {
            posts.push(Post {
                school: item.school,
                event_key: item.event_key.clone(),
                channel: channel.as_str(),
                recipient,
                due_at,
            });
        };
        for channel in choice.channels(kind).iter().copied().filter(|c| available.contains(c)) {
            match channel {
                Channel::Push => {
                    let own = accounts.get(&person).and_then(|(account, _)| devices.get(&account.0));
                    own.into_iter().flatten().for_each(|device| put(channel, device.to_string()));
                }
                Channel::Email if choice.mailbox().is_some() => put(channel, person.to_string()),
                Channel::Sms | Channel::Zalo if phone.is_some() => put(channel, person.to_string()),
                _ => {}
            }
        }
    }
    outbox::put_in(tx, &posts).await
}

async fn notice(conn: &impl ConnectionTrait, school: UnitId, id: NoticeId) -> Result<Option<notices::Row>> {
    let mut query = notices::select();
    query.and_where(Expr::col(("n", "school_id")).eq(school.0)).and_where(Expr::col(("n", "id")).eq(id.0));
    conn.query_one(&query).await?.as_ref().map(notices::row).transpose()
}

/// The thread of a message, from which side it came, and its text.
async fn message(
    conn: &impl ConnectionTrait,
    school: UnitId,
    id: ThreadId,
    seq: i32,
) -> Result<Option<(threads::Row, Side, String)>> {
    let mut query = Query::select();
    query
        .columns(["side", "body"])
        .from("thread_message")
        .and_where(Expr::col("school_id").eq(school.0))
        .and_where(Expr::col("thread_id").eq(id.0))
        .and_where(Expr::col("seq").eq(seq));
    let Some(found) = conn.query_one(&query).await? else { return Ok(None) };
    let all = Condition::all().add(Expr::col(("t", "school_id")).eq(school.0));
    let row = threads::find(conn, &Ctx::system("outbox"), id, all).await?;
    Ok(Some((row, stored(&found.try_get_by_index::<String>(0)?)?, found.try_get_by_index(1)?)))
}

/// The words and the address of a message; `None` where there is nothing to send any more.
pub async fn compose(db: &Db, item: &Item) -> Result<Option<Letter>> {
    let conn = db.read();
    let channel: Channel = stored(&item.channel)?;
    if let Told::EmailCode(id) = told(item)? {
        return code(conn, item, id).await;
    }
    // Whose it is: of a device the person who signed in there, else the guardian.
    let (to, person) = if channel == Channel::Push {
        let Some(device) = preferences::device(conn, &item.recipient).await? else { return Ok(None) };
        let Some(person) = identity::accounts::person_of(conn, device.account).await? else { return Ok(None) };
        (Address::Push { endpoint: device.endpoint, p256dh: device.p256dh, auth: device.auth }, person)
    } else {
        let person: Uuid = stored(&item.recipient)?;
        let address = match channel {
            Channel::Email => {
                let choice = preferences::choices(conn, &[person]).await?.remove(&person);
                choice.and_then(|choice| choice.mailbox().map(|email| Address::Email(email.to_owned())))
            }
            _ => people::guardian(conn, GuardianId(person)).await?.and_then(|(_, phone)| phone).map(Address::Phone),
        };
        let Some(address) = address else { return Ok(None) };
        (address, person)
    };
    let accounts = identity::accounts::of_people(conn, &[person]).await?;
    let lang = accounts.get(&person).map_or(Lang::Vi, |(_, lang)| *lang);
    let (title, body, path) = match told(item)? {
        Told::Notice(id) => {
            let Some(row) = notice(conn, item.school, id).await? else { return Ok(None) };
            let names = feed::names_of_children(conn, GuardianId(person), &row).await?;
            if row.recalled_at.is_some() || names.is_empty() {
                return Ok(None);
            }
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let (title, body) = row.said.say(lang, &words::list(&names, lang));
            (title, body, "/feed".to_owned())
        }
        Told::Message(id, seq) => {
            let Some((row, from, _)) = message(conn, item.school, id, seq).await? else { return Ok(None) };
            let names = people::Names::of(conn, &[], &[row.class.0], &[row.learner.0]).await?;
            let (full, given) = names.learners.get(&row.learner.0).cloned().unwrap_or_default();
            let class = names.classes.get(&row.class.0).cloned().unwrap_or_default();
            // What was written is read in Khuê alone.
            let title = match (from, lang) {
                (Side::Staff, Lang::Vi) => format!("Giáo viên của {given} nhắn tin"),
                (Side::Staff, Lang::En) => format!("A message from {given}'s teacher"),
                (Side::Family, Lang::Vi) => format!("Gia đình em {full} ({class}) nhắn tin"),
                (Side::Family, Lang::En) => format!("A message from the family of {full} ({class})"),
            };
            let body = lang.pick("Mở sổ liên lạc để đọc và trả lời.", "Open the contact book to read and answer.");
            (title, body.to_owned(), format!("/threads/{id}"))
        }
        Told::EmailCode(_) => return Ok(None),
    };
    Ok(Some(Letter { to, lang, title, body, path, key: item.id }))
}

/// The mail with a code.
async fn code(conn: &impl ConnectionTrait, item: &Item, id: Uuid) -> Result<Option<Letter>> {
    let Some((email, code)) = email::letter(conn, id).await? else { return Ok(None) };
    let person: Uuid = stored(&item.recipient)?;
    let lang = identity::accounts::of_people(conn, &[person]).await?.get(&person).map_or(Lang::Vi, |(_, lang)| *lang);
    let minutes = email::LIFE.num_minutes();
    let (title, body) = match lang {
        Lang::Vi => (
            format!("{code} là mã xác nhận địa chỉ thư của bạn"),
            format!("Mã xác nhận: {code}\nMã dùng được trong {minutes} phút. Nếu bạn không yêu cầu, hãy bỏ qua thư này."),
        ),
        Lang::En => (
            format!("{code} confirms your e-mail address"),
            format!("Your code: {code}\nIt is good for {minutes} minutes. If you did not ask for it, ignore this mail."),
        ),
    };
    Ok(Some(Letter { to: Address::Email(email), lang, title, body, path: "/contact-preferences".to_owned(), key: item.id }))
}

/// A device that takes push messages no longer exists.
pub async fn gone(db: &Db, item: &Item) -> Result<()> {
    match preferences::device_is_gone(db, stored(&item.recipient)?).await {
        Err(e) if e.code() == Code::NotFound => Ok(()),
        other => other,
    }
}
