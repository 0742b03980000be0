//! Confirming a guardian's address: a code is mailed to it and typed into Khuê. Before that no other mail goes there, so that nobody is
//! told of somebody else's child by a slip of the keyboard, and nobody's mailbox is filled by others.
//!
//! The code is kept as it is while it lives: it opens nothing but to who is signed in as this guardian, and the message is written when it
//! leaves. A code is good for [`LIFE`] and [`TRIES`] tries; there is one a [`PAUSE`], and [`MOST`] a day.

use super::{guardian, preferences};
use chrono::{DateTime, TimeDelta, Utc};
use dto::contact::{Channel, ContactPreferences, PostEmailCode};
use dto::{Code, GuardianId, UnitId};
use kernel::outbox::{self, Post};
use kernel::{Ctx, Db, Error, Event, Result, clock, id};
use records::contact::places_of;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use uuid::Uuid;

pub const LIFE: TimeDelta = TimeDelta::minutes(30);
pub const PAUSE: TimeDelta = TimeDelta::seconds(60);
pub const TRIES: i16 = 5;
pub const MOST: i16 = 5;
const DAY: TimeDelta = TimeDelta::hours(24);

/// The codes that were mailed of late.
struct Sent {
    at: DateTime<Utc>,
    count: i16,
    since: DateTime<Utc>,
}

async fn sent(conn: &impl ConnectionTrait, me: GuardianId) -> Result<Option<Sent>> {
    let mut query = Query::select();
    query.columns(["sent_at", "sent", "since"]).from("email_code").and_where(Expr::col("guardian_id").eq(me.0));
    let row = conn.query_one(&query).await?;
    row.map(|r| Ok(Sent { at: r.try_get_by_index(0)?, count: r.try_get_by_index(1)?, since: r.try_get_by_index(2)? })).transpose()
}

/// Mails a code to the address that stands in the preferences. Where it is confirmed already, nothing is sent.
///
/// Errors: `email_off`; `invalid` with `/email` where there is no address; `too_many_requests` with the seconds to wait.
pub async fn send_code(db: &Db, ctx: &Ctx, available: &[Channel]) -> Result<()> {
    let me = guardian(ctx)?;
    if !available.contains(&Channel::Email) {
        return Err(Error::new(Code::EmailOff));
    }
    db.write(ctx, async |tx| {
        let (conn, now) = (tx.conn(), tx.now());
        let choice = preferences::choices(conn, &[me.0]).await?.remove(&me.0).unwrap_or_default();
        if choice.mailbox().is_some() {
            return Ok(((), vec![Event::new(None, "email.code_kept", "guardian", me)]));
        }
        let Some(email) = choice.email else { return Err(Error::field("/email", Code::FieldRequired)) };
        let before = sent(conn, me).await?;
        let (count, since) = match &before {
            Some(sent) if now - sent.since < DAY => (sent.count, sent.since),
            _ => (0, now),
        };
        let free = match &before {
            Some(_) if count >= MOST => since + DAY,
            Some(sent) => sent.at + PAUSE,
            None => now,
        };
        if free > now {
            return Err(Error::new(Code::TooManyRequests).with("seconds", (free - now).num_seconds() + 1));
        }
        let letter = id::new::<Uuid>();
        let columns = ["id", "email", "code", "expires_at", "tries", "sent_at", "sent", "since"];
        let mut upsert = Query::insert();
        upsert
            .into_table("email_code")
            .columns(std::iter::once("guardian_id").chain(columns))
            .values_panic([
                me.0.into(),
                letter.into(),
                email.into(),
                format!("{:06}", rand::random_range(0..1_000_000u32)).into(),
                (now + LIFE).into(),
                0i16.into(),
                now.into(),
                (count + 1).into(),
                since.into(),
            ])
            // Of two at once the second looks again, and has to wait.
            .on_conflict(
                OnConflict::column("guardian_id")
                    .update_columns(columns)
                    .action_and_where(
                        Expr::col(("email_code", "sent_at")).eq(before.map_or(DateTime::<Utc>::UNIX_EPOCH, |sent| sent.at)),
                    )
                    .to_owned(),
            );
        if conn.execute(&upsert).await?.rows_affected() == 0 {
            return Err(Error::lost());
        }
        // Whose dispatch an operator sees: the school of a child, as of all that leaves for this guardian.
        let school = places_of(conn, me).await?.first().map_or(UnitId(Uuid::nil()), |place| place.school_id);
        let post = Post {
            school,
            event_key: format!("email:{letter}"),
            channel: Channel::Email.as_str(),
            recipient: me.to_string(),
            due_at: now,
        };
        outbox::put_in(tx, &[post]).await?;
        Ok(((), vec![Event::new(None, "email.code_sent", "guardian", me)]))
    })
    .await
}

/// Confirms the address with the code that was mailed to it.
///
/// Errors: `invalid` with `/code` for a code that is wrong, past, spent, or of another address.
pub async fn confirm(db: &Db, ctx: &Ctx, body: &PostEmailCode, available: &[Channel]) -> Result<ContactPreferences> {
    let me = guardian(ctx)?;
    let typed: String = body.code.chars().filter(|c| !c.is_whitespace()).collect();
    let wrong = || Error::field("/code", Code::EmailCodeInvalid);
    let confirmed = db
        .write(ctx, async |tx| {
            let (conn, now) = (tx.conn(), tx.now());
            // Counts the try before it looks: of many at once no more than these are looked at.
            let mut count = Query::update();
            count
                .table("email_code")
                .value("tries", Expr::col("tries").add(1i16))
                .and_where(Expr::col("guardian_id").eq(me.0))
                .and_where(Expr::col("tries").lt(TRIES))
                .and_where(Expr::col("expires_at").gt(now))
                .returning(Query::returning().columns(["email", "code"]));
            let row = conn.query_one(&count).await?.ok_or_else(wrong)?;
            let (email, code): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            if code != typed {
                return Ok((None, vec![Event::new(None, "email.code_wrong", "guardian", me)]));
            }
            let mut confirm = Query::update();
            confirm
                .table("contact_preference")
                .value("email_confirmed_at", now)
                .value("version", Expr::col("version").add(1))
                .and_where(Expr::col("guardian_id").eq(me.0))
                .and_where(Expr::col("email").eq(email));
            if conn.execute(&confirm).await?.rows_affected() == 0 {
                return Err(wrong());
            }
            let mut spent = Query::update();
            spent.table("email_code").value("expires_at", now).and_where(Expr::col("guardian_id").eq(me.0));
            conn.execute(&spent).await?;
            let event = Event::new(None, "email.confirmed", "guardian", me);
            Ok((Some(preferences::read(conn, me, available).await?), vec![event]))
        })
        .await?;
    confirmed.ok_or_else(wrong)
}

/// The address and the code of a message that is about to leave; none where it is past or another was sent since.
pub(super) async fn letter(conn: &impl ConnectionTrait, letter: Uuid) -> Result<Option<(String, String)>> {
    let mut query = Query::select();
    query
        .columns(["email", "code"])
        .from("email_code")
        .and_where(Expr::col("id").eq(letter))
        .and_where(Expr::col("expires_at").gt(clock::now()));
    conn.query_one(&query).await?.map(|r| Ok((r.try_get_by_index(0)?, r.try_get_by_index(1)?))).transpose()
}
