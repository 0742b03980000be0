//! The line between the hubs of several servers before one PostgreSQL: LISTEN and NOTIFY on one connection of each.
//!
//! Why not NOTIFY in the transaction of the write: PostgreSQL lets no two transactions that notify commit at the same time in one
//! database, which would put every save of a mark behind every other's wait for the disk. So it goes out right after the commit, many at
//! once; what a server that dies had not said costs others nothing but the liveness.

use super::Hub;
use super::carried::Said;
use crate::{Error, Result};
use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use std::str::FromStr;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::{MissedTickBehavior, interval, timeout};

const CHANNEL: &str = "khue_live";
/// Things that go out in one statement.
const AT_ONCE: usize = 512;
/// No wait before the next try to connect is longer.
const LONGEST_WAIT: Duration = Duration::from_secs(15);
/// Longest time for one statement.
const PATIENCE: Duration = Duration::from_secs(10);
/// A server that was not heard of for so many beats is not there any more.
const SILENT_BEATS: u32 = 3;

/// Carries between one hub and the others. Made by [`crate::Db::carrier`].
pub struct Carrier {
    hub: Hub,
    place: PgConnectOptions,
    beat: Duration,
    waiting: mpsc::Receiver<Said>,
    listener: Option<PgListener>,
    /// What was being said when the line broke may not have been heard.
    unsure: bool,
}

impl Carrier {
    /// Listens when this returns.
    pub(crate) async fn open(hub: Hub, url: &str, beat: Duration) -> Result<Carrier> {
        let place = PgConnectOptions::from_str(url).map_err(Error::internal)?.application_name("khue live");
        let listener = Some(listen(&place).await.map_err(Error::internal)?);
        let waiting = hub.open().ok_or_else(|| Error::internal("a hub has one carrier"))?;
        Ok(Carrier { hub, place, beat, waiting, listener, unsure: false })
    }

    /// Carries until `stop` says so. A line that breaks is made again; then everybody is told to read again.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) {
        let mut wait = Duration::ZERO;
        loop {
            let session = match self.listener.take() {
                Some(listener) => self.carry(listener, &mut stop).await,
                None => match listen(&self.place).await {
                    Ok(listener) => {
                        tracing::info!("live events go between the servers again");
                        wait = Duration::ZERO;
                        self.hub.forget_all();
                        self.hub.missed();
                        self.carry(listener, &mut stop).await
                    }
                    Err(error) => Err(error),
                },
            };
            match session {
                Ok(()) => return,
                Err(error) => tracing::warn!(%error, "live events do not go between the servers; trying again"),
            }
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                _ = stop.wait_for(|stop| *stop) => return,
            }
            wait = (wait * 2).clamp(Duration::from_millis(250), LONGEST_WAIT);
        }
    }

    /// Over one connection, until it breaks (the error) or `stop` says so.
    async fn carry(&mut self, mut listener: PgListener, stop: &mut watch::Receiver<bool>) -> sqlx::Result<()> {
        let mut first = vec![Said::Began];
        if std::mem::take(&mut self.unsure) {
            first.push(Said::Missed);
        }
        first.extend(self.hub.introduce());
        self.say(&mut listener, first).await?;
        let mut beats = interval(self.beat);
        beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                heard = listener.try_recv() => match heard? {
                    Some(letter) => self.hub.hear(letter.payload()),
                    // It could connect again by itself; here that is one with all other ways to lose a line.
                    None => return Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset).into()),
                },
                Some(said) = self.waiting.recv() => {
                    let said = self.and_what_waits(said);
                    self.say(&mut listener, said).await?;
                }
                _ = beats.tick() => {
                    self.hub.forget_silent(self.beat * SILENT_BEATS);
                    // An idle server says nothing, but looks whether the line is there.
                    let said = if self.hub.is_inhabited() { vec![Said::Lives] } else { Vec::new() };
                    self.say(&mut listener, said).await?;
                }
                _ = stop.wait_for(|stop| *stop) => {
                    let said = self.and_what_waits(Said::Ended);
                    return self.say(&mut listener, said).await;
                }
            }
        }
    }

    fn and_what_waits(&mut self, said: Said) -> Vec<Said> {
        let mut all = vec![said];
        while all.len() < AT_ONCE
            && let Ok(next) = self.waiting.try_recv()
        {
            all.push(next);
        }
        if self.hub.has_lost() {
            all.push(Said::Missed);
        }
        all
    }

    async fn say(&mut self, listener: &mut PgListener, said: Vec<Said>) -> sqlx::Result<()> {
        let letters = self.hub.letters(&said);
        let statement = sqlx::query("SELECT pg_notify($1, letter) FROM unnest($2::text[]) AS letter");
        // What is heard meanwhile waits in the listener.
        let sent = timeout(PATIENCE, statement.bind(CHANNEL).bind(letters).execute(listener)).await;
        let sent = sent.unwrap_or_else(|_| Err(std::io::Error::from(std::io::ErrorKind::TimedOut).into()));
        self.unsure |= sent.is_err() && !said.is_empty();
        sent.map(|_| ())
    }
}

async fn listen(place: &PgConnectOptions) -> sqlx::Result<PgListener> {
    // Its own pool of one: a listener that was lost in the pool of requests would be a connection less for them.
    let pool = PgPoolOptions::new().max_connections(1).max_lifetime(None).idle_timeout(None).acquire_timeout(PATIENCE);
    let mut listener = PgListener::connect_with(&pool.connect_with(place.clone()).await?).await?;
    listener.eager_reconnect(false);
    listener.listen(CHANNEL).await?;
    Ok(listener)
}
