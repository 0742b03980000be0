//! The dispatcher.

use super::{FAN_OUT, Item, Outcome, Outlet, rows};
use crate::config::Outbox;
use crate::{Db, Result, clock};
use chrono::{DateTime, TimeDelta, Utc};
use futures::StreamExt;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::timeout;

/// How many rows are taken at once.
const TAKEN: u64 = 64;
/// No wait between two tries is longer.
const LONGEST_WAIT: i64 = 3600;
/// After an error of the database.
const PAUSE: Duration = Duration::from_secs(2);

/// Sends what falls due until `stop` says so; then ends what is in flight and returns.
pub async fn run(db: Db, outlet: &dyn Outlet, settings: &Outbox, mut stop: watch::Receiver<bool>) {
    let mut swept = None;
    while !*stop.borrow() {
        let wait = match round(&db, outlet, settings).await {
            Ok(None) => continue,
            Ok(Some(wait)) => wait,
            Err(error) => {
                tracing::error!(%error, "the outbox cannot be read");
                PAUSE
            }
        };
        if swept.is_none_or(|at: DateTime<Utc>| clock::now() - at > TimeDelta::hours(1)) {
            swept = Some(clock::now());
            let before = clock::now() - TimeDelta::days(i64::from(settings.keep_days));
            if let Err(error) = db.keep_book(async |tx| rows::forget(tx, before).await).await {
                tracing::warn!(%error, "the outbox cannot be swept");
            }
        }
        tokio::select! {
            () = db.bell().notified() => {}
            () = tokio::time::sleep(wait) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Sends one handful. `None`: there may be more; else how long nothing is due.
async fn round(db: &Db, outlet: &dyn Outlet, settings: &Outbox) -> Result<Option<Duration>> {
    let poll = Duration::from_secs(settings.poll_seconds);
    // Looked at without a write first: an idle server writes nothing.
    let Some(due) = rows::next_due(db.read()).await? else { return Ok(Some(poll)) };
    if let Ok(wait) = (due - clock::now()).to_std()
        && !wait.is_zero()
    {
        return Ok(Some(wait.min(poll)));
    }
    let lease = TimeDelta::seconds(i64::try_from(settings.lease_seconds).unwrap_or(i64::MAX / 1_000_000));
    let items = db.keep_book(async |tx| rows::take(tx, TAKEN, tx.now() + lease).await).await?;
    let (events, messages): (Vec<Item>, Vec<Item>) = items.into_iter().partition(|item| item.channel == FAN_OUT);
    fan_out(db, outlet, settings, &events).await?;
    let sent: Vec<(&Item, Outcome)> = futures::stream::iter(&messages)
        .map(|item| async move {
            let limit = Duration::from_secs(settings.send_seconds);
            let outcome = timeout(limit, outlet.send(db, item)).await;
            (item, outcome.unwrap_or_else(|_| Outcome::Later("no answer in time".to_owned())))
        })
        .buffer_unordered(settings.at_once)
        .collect()
        .await;
    if !sent.is_empty() {
        db.keep_book(async |tx| {
            let done: Vec<&Item> = sent.iter().filter(|(_, o)| *o == Outcome::Done).map(|(item, _)| *item).collect();
            rows::done(tx, &done).await?;
            for (item, outcome) in &sent {
                match outcome {
                    Outcome::Done => {}
                    Outcome::Later(why) => rows::failed(tx, item, why, again(item, settings, tx.now())).await?,
                    Outcome::Never(why) => rows::failed(tx, item, why, None).await?,
                }
            }
            Ok(())
        })
        .await?;
    }
    Ok(None)
}

/// When to try again; none where it has been tried often enough.
fn again(item: &Item, settings: &Outbox, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let attempts = u16::try_from(item.attempts).unwrap_or(u16::MAX);
    if attempts >= settings.tries {
        return None;
    }
    let first = i64::try_from(settings.retry_seconds).unwrap_or(LONGEST_WAIT);
    let wait = first.saturating_mul(1 << attempts.saturating_sub(1).min(20)).min(LONGEST_WAIT);
    Some(now + TimeDelta::seconds(wait))
}

/// Finds the recipients of events: of all in one transaction; where that fails, of each in its own, so that one bad event holds up
/// no other.
async fn fan_out(db: &Db, outlet: &dyn Outlet, settings: &Outbox, events: &[Item]) -> Result<()> {
    if events.is_empty() {
        return Ok(());
    }
    let together = async |some: &[Item]| {
        db.keep_book(async |tx| {
            for item in some {
                outlet.fan_out(tx, item).await?;
            }
            rows::done(tx, &some.iter().collect::<Vec<_>>()).await
        })
        .await
    };
    if together(events).await.is_ok() {
        return Ok(());
    }
    for item in events {
        if let Err(error) = together(std::slice::from_ref(item)).await {
            tracing::error!(%error, id = %item.id, "an event found no recipients");
            let why = format!("recipients: {}", error.code().as_str());
            db.keep_book(async |tx| rows::failed(tx, item, &why, again(item, settings, tx.now())).await).await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_an_hour_and_end() {
        let settings =
            Outbox { poll_seconds: 1, lease_seconds: 1, send_seconds: 1, retry_seconds: 30, tries: 9, at_once: 1, keep_days: 1 };
        let now = clock::now();
        let after = |attempts| {
            let item = Item {
                school: dto::UnitId(uuid::Uuid::nil()),
                event_key: "e".into(),
                channel: "email".into(),
                recipient: "r".into(),
                id: uuid::Uuid::nil(),
                attempts,
                created_at: now,
            };
            again(&item, &settings, now).map(|at| (at - now).num_seconds())
        };
        assert_eq!([1, 2, 3, 7, 8].map(after), [Some(30), Some(60), Some(120), Some(1920), Some(3600)]);
        assert_eq!(after(9), None);
    }
}
