//! What a guardian wants to be told of outside of the feed, how, and when not; and the devices that take push.

use super::{guardian, stored};
use chrono::{DateTime, FixedOffset, TimeDelta, Timelike, Utc};
use dto::contact::{
    Channel, ContactPreferences, EventKind, KindChannels, PostPushSubscription, PushSubscription, PutContactPreferences,
};
use dto::{Code, GuardianId, Page, PushSubscriptionId};
use kernel::{Ctx, Db, Error, Event, Result, id};
use records::contact::guardian as guardian_record;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Order, Query};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Told where nothing was chosen.
const DEFAULT: &[Channel] = &[Channel::Push];
/// No more devices an account; the oldest goes.
const DEVICES: usize = 10;

/// A guardian's choice.
#[derive(Clone, Debug, Default)]
pub(super) struct Choice {
    kinds: BTreeMap<EventKind, Vec<Channel>>,
    pub email: Option<String>,
    pub confirmed_at: Option<DateTime<Utc>>,
    quiet: Option<(u16, u16)>,
    version: i64,
}

impl Choice {
    pub fn channels(&self, kind: EventKind) -> &[Channel] {
        self.kinds.get(&kind).map_or(DEFAULT, Vec::as_slice)
    }

    /// Where mail goes: an address that its owner has confirmed.
    pub fn mailbox(&self) -> Option<&str> {
        self.email.as_deref().filter(|_| self.confirmed_at.is_some())
    }

    /// Not before: the end of the quiet hours, if it is in them now.
    pub fn not_before(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let Some((from, to)) = self.quiet else { return now };
        let Some(zone) = FixedOffset::east_opt(7 * 3600) else { return now };
        let here = now.with_timezone(&zone);
        let minute = u16::try_from(here.hour() * 60 + here.minute()).unwrap_or(0);
        let wait = match from <= to {
            true if (from..to).contains(&minute) => to - minute,
            false if minute >= from => 1440 - minute + to,
            false if minute < to => to - minute,
            _ => return now,
        };
        now + TimeDelta::minutes(i64::from(wait)) - TimeDelta::seconds(i64::from(here.second()))
    }
}

/// The choices of guardians; who made none is not in it.
pub(super) async fn choices(conn: &impl ConnectionTrait, guardians: &[Uuid]) -> Result<HashMap<Uuid, Choice>> {
    let mut found = HashMap::new();
    for some in guardians.chunks(500) {
        let mut query = Query::select();
        query
            .columns(["guardian_id", "channels", "email", "quiet_from", "quiet_to", "version", "email_confirmed_at"])
            .from("contact_preference")
            .and_where(Expr::col("guardian_id").is_in(some.iter().copied()));
        for row in conn.query_all(&query).await? {
            let kinds: Vec<KindChannels> = serde_json::from_str(&row.try_get_by_index::<String>(1)?).map_err(Error::internal)?;
            let quiet: (Option<i16>, Option<i16>) = (row.try_get_by_index(3)?, row.try_get_by_index(4)?);
            let minutes = |n: i16| u16::try_from(n).unwrap_or(0);
            let choice = Choice {
                kinds: kinds.into_iter().map(|k| (k.kind, k.channels)).collect(),
                email: row.try_get_by_index(2)?,
                quiet: quiet.0.zip(quiet.1).map(|(from, to)| (minutes(from), minutes(to))),
                version: row.try_get_by_index(5)?,
                confirmed_at: row.try_get_by_index(6)?,
            };
            found.insert(row.try_get_by_index(0)?, choice);
        }
    }
    Ok(found)
}

pub(super) async fn read(conn: &impl ConnectionTrait, me: GuardianId, available: &[Channel]) -> Result<ContactPreferences> {
    let choice = choices(conn, &[me.0]).await?.remove(&me.0).unwrap_or_default();
    let (_, phone) = guardian_record(conn, me).await?.ok_or_else(|| Error::new(Code::NotFound))?;
    Ok(ContactPreferences {
        kinds: EventKind::ALL
            .iter()
            .map(|kind| KindChannels { kind: *kind, channels: choice.channels(*kind).to_vec() })
            .collect(),
        email_confirmed: choice.mailbox().is_some(),
        email: choice.email,
        phone,
        quiet_from: choice.quiet.map(|(from, _)| from),
        quiet_to: choice.quiet.map(|(_, to)| to),
        available: available.to_vec(),
        version: choice.version,
    })
}

/// What the caller wants; `available`: the channels that are switched on.
pub async fn get(db: &Db, ctx: &Ctx, available: &[Channel]) -> Result<ContactPreferences> {
    read(db.read(), guardian(ctx)?, available).await
}

/// Changes it, as a whole. Version 0: nothing was chosen before.
pub async fn put(
    db: &Db,
    ctx: &Ctx,
    version: i64,
    body: &PutContactPreferences,
    available: &[Channel],
) -> Result<ContactPreferences> {
    let me = guardian(ctx)?;
    if body.quiet_from.is_some() != body.quiet_to.is_some() {
        let lacking = if body.quiet_from.is_none() { "/quiet_from" } else { "/quiet_to" };
        return Err(Error::field(lacking, Code::FieldRequired));
    }
    let mut kinds = BTreeMap::new();
    for (at, kind) in body.kinds.iter().enumerate() {
        let mut channels = kind.channels.clone();
        channels.sort_unstable();
        channels.dedup();
        if channels.contains(&Channel::Email) && body.email.is_none() {
            return Err(Error::field("/email", Code::FieldRequired));
        }
        if kinds.insert(kind.kind, channels).is_some() {
            return Err(Error::field(format!("/kinds/{at}/kind"), Code::FieldChoice));
        }
    }
    let kept: Vec<KindChannels> = kinds.into_iter().map(|(kind, channels)| KindChannels { kind, channels }).collect();
    let text = serde_json::to_string(&kept).map_err(Error::internal)?;
    let minutes = |n: Option<u16>| n.and_then(|n| i16::try_from(n).ok());
    db.write(ctx, async |tx| {
        let conn = tx.conn();
        let mut before = read(conn, me, available).await?;
        if before.version != version {
            return Err(Error::new(Code::VersionConflict));
        }
        // Another address is to be confirmed anew.
        let stood = choices(conn, &[me.0]).await?.remove(&me.0).filter(|choice| choice.email == body.email);
        let mut upsert = Query::insert();
        let mut again = OnConflict::column("guardian_id");
        again
            .update_columns(["channels", "email", "email_confirmed_at", "quiet_from", "quiet_to", "version"])
            .action_and_where(Expr::col(("contact_preference", "version")).eq(version));
        upsert
            .into_table("contact_preference")
            .columns(["guardian_id", "channels", "email", "email_confirmed_at", "quiet_from", "quiet_to", "version"])
            .values_panic([
                me.0.into(),
                text.as_str().into(),
                body.email.as_deref().into(),
                stood.and_then(|choice| choice.confirmed_at).into(),
                minutes(body.quiet_from).into(),
                minutes(body.quiet_to).into(),
                (version + 1).into(),
            ])
            .on_conflict(again);
        if conn.execute(&upsert).await?.rows_affected() == 0 {
            return Err(Error::new(Code::VersionConflict));
        }
        let mut after = read(conn, me, available).await?;
        let event = {
            // Addresses are nobody's business in the log.
            (before.email, before.phone, after.phone) = (None, None, after.phone.take());
            let mut shown = after.clone();
            (shown.email, shown.phone) = (None, None);
            Event::new(None, "contact_preferences.updated", "guardian", me).before(&before).after(&shown)
        };
        Ok((after, vec![event]))
    })
    .await
}

fn account(ctx: &Ctx) -> Result<Uuid> {
    ctx.account.map(Uuid::from).ok_or_else(|| Error::new(Code::Unauthenticated))
}

/// The own devices that take push.
pub async fn devices(db: &Db, ctx: &Ctx) -> Result<Page<PushSubscription>> {
    let mut query = Query::select();
    query
        .columns(["id", "device", "created_at"])
        .from("push_subscription")
        .and_where(Expr::col("account_id").eq(account(ctx)?))
        .order_by("id", Order::Asc);
    let items = db
        .read()
        .query_all(&query)
        .await?
        .iter()
        .map(|r| {
            Ok(PushSubscription {
                id: PushSubscriptionId(r.try_get_by_index(0)?),
                device: r.try_get_by_index(1)?,
                created_at: r.try_get_by_index(2)?,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(Page { items, next: None })
}

/// Takes a device. The browser's subscription belongs to who used it last; the caller has checked its host.
pub async fn add_device(db: &Db, ctx: &Ctx, body: &PostPushSubscription) -> Result<PushSubscription> {
    let me = account(ctx)?;
    let hash = hex::encode(Sha256::digest(body.endpoint.as_bytes()));
    db.write(ctx, async |tx| {
        let conn = tx.conn();
        let mut same = Query::delete();
        same.from_table("push_subscription").and_where(Expr::col("endpoint_hash").eq(hash.as_str()));
        conn.execute(&same).await?;
        let mut own = Query::select();
        own.column("id").from("push_subscription").and_where(Expr::col("account_id").eq(me)).order_by("id", Order::Desc);
        let old: Vec<Uuid> =
            conn.query_all(&own).await?.iter().skip(DEVICES - 1).map(|r| r.try_get_by_index(0)).collect::<Result<_, _>>()?;
        if !old.is_empty() {
            let mut oldest = Query::delete();
            oldest.from_table("push_subscription").and_where(Expr::col("id").is_in(old));
            conn.execute(&oldest).await?;
        }
        let id: PushSubscriptionId = id::new();
        let mut insert = Query::insert();
        insert
            .into_table("push_subscription")
            .columns(["id", "account_id", "session_id", "endpoint", "endpoint_hash", "p256dh", "auth", "device", "created_at"])
            .values_panic([
                id.0.into(),
                me.into(),
                tx.ctx().session.map(Uuid::from).into(),
                body.endpoint.as_str().into(),
                hash.as_str().into(),
                body.p256dh.as_str().into(),
                body.auth.as_str().into(),
                body.device.as_str().into(),
                tx.now().into(),
            ]);
        conn.execute(&insert).await?;
        let device = PushSubscription { id, device: body.device.clone(), created_at: tx.now() };
        Ok((device, vec![Event::new(None, "push.subscribed", "push_subscription", id)]))
    })
    .await
}

/// Forgets an own device.
pub async fn remove_device(db: &Db, ctx: &Ctx, id: PushSubscriptionId) -> Result<()> {
    let me = account(ctx)?;
    remove(db, ctx, id, Some(me)).await
}

/// Forgets a device that its push service no longer knows.
pub async fn device_is_gone(db: &Db, id: PushSubscriptionId) -> Result<()> {
    remove(db, &Ctx::system("push"), id, None).await
}

async fn remove(db: &Db, ctx: &Ctx, id: PushSubscriptionId, owner: Option<Uuid>) -> Result<()> {
    db.write(ctx, async |tx| {
        let mut delete = Query::delete();
        delete
            .from_table("push_subscription")
            .and_where(Expr::col("id").eq(id.0))
            .and_where_option(owner.map(|me| Expr::col("account_id").eq(me)));
        if tx.conn().execute(&delete).await?.rows_affected() == 0 {
            return Err(Error::new(Code::NotFound));
        }
        Ok(((), vec![Event::new(None, "push.unsubscribed", "push_subscription", id)]))
    })
    .await
}

/// A device as a message is sent to it; none where its owner has signed out there.
pub(super) struct Device {
    pub endpoint: String,
    pub p256dh: String,
    pub auth: String,
    pub account: Uuid,
}

pub(super) async fn device(conn: &impl ConnectionTrait, id: &str) -> Result<Option<Device>> {
    let id: Uuid = stored(id)?;
    let mut query = Query::select();
    query
        .columns(["endpoint", "p256dh", "auth", "account_id", "session_id"])
        .from("push_subscription")
        .and_where(Expr::col("id").eq(id));
    let row = conn.query_one(&query).await?;
    let Some(r) = row else { return Ok(None) };
    if let Some(session) = r.try_get_by_index::<Option<Uuid>>(4)?
        && identity::sessions::not_ended(conn, &[session]).await?.is_empty()
    {
        return Ok(None);
    }
    Ok(Some(Device {
        endpoint: r.try_get_by_index(0)?,
        p256dh: r.try_get_by_index(1)?,
        auth: r.try_get_by_index(2)?,
        account: r.try_get_by_index(3)?,
    }))
}

/// The devices of accounts on which nobody has signed out since.
pub(super) async fn devices_of(conn: &impl ConnectionTrait, accounts: &[Uuid]) -> Result<Vec<(Uuid, Uuid)>> {
    let mut found = Vec::new();
    for some in accounts.chunks(500) {
        let mut query = Query::select();
        query
            .columns(["account_id", "id", "session_id"])
            .from("push_subscription")
            .and_where(Expr::col("account_id").is_in(some.iter().copied()));
        for row in conn.query_all(&query).await? {
            found.push((row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index::<Option<Uuid>>(2)?));
        }
    }
    let sessions: Vec<Uuid> = found.iter().filter_map(|(_, _, session)| *session).collect();
    let stand = identity::sessions::not_ended(conn, &sessions).await?;
    found.retain(|(_, _, session)| session.is_none_or(|s| stand.contains(&s)));
    Ok(found.into_iter().map(|(account, device, _)| (account, device)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(quiet: Option<(u16, u16)>, now: &str) -> String {
        let now: DateTime<Utc> = now.parse().expect("an instant");
        Choice { quiet, ..Choice::default() }.not_before(now).to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
    }

    #[test]
    fn quiet_hours_are_those_of_vietnam() {
        let night = Some((21 * 60, 6 * 60));
        // 22:30 and 03:10 in Vietnam wait for six o'clock; 12:00 does not.
        assert_eq!(after(night, "2026-11-22T15:30:20Z"), "2026-11-22T23:00:00Z");
        assert_eq!(after(night, "2026-11-22T20:10:00Z"), "2026-11-22T23:00:00Z");
        assert_eq!(after(night, "2026-11-22T05:00:00Z"), "2026-11-22T05:00:00Z");
        // Hours within one day, their end excluded.
        let noon = Some((11 * 60, 13 * 60));
        assert_eq!(after(noon, "2026-11-22T05:00:00Z"), "2026-11-22T06:00:00Z");
        assert_eq!(after(noon, "2026-11-22T06:00:00Z"), "2026-11-22T06:00:00Z");
        assert_eq!(after(None, "2026-11-22T15:30:20Z"), "2026-11-22T15:30:20Z");
    }
}
