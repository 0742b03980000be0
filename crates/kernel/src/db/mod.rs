//! The database: a pool to read from, and one way to write.

mod audit;
mod connect;
mod gate;
pub mod schema;

pub use audit::{AuditEntry, Event, chain_hash, entries, root as audit_root, verify_chain};
pub use connect::DbOptions;

use crate::live::{Announced, Carrier, Hub};
use crate::{Ctx, Error, Result, clock};
use chrono::{DateTime, Utc};
use dto::Code;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

/// How often a write that lost against another runs again before the caller is told that the server is busy.
const TRIES: u32 = 16;

/// The open database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    options: Arc<DbOptions>,
    read: DatabaseConnection,
    write: DatabaseConnection,
    /// Rung after a commit that put something into the outbox.
    bell: Arc<Notify>,
    live: Hub,
}

/// A write in progress. Made by [`Db::write`] alone.
pub struct Tx<'a> {
    conn: &'a DatabaseTransaction,
    ctx: &'a Ctx,
    now: DateTime<Utc>,
    posted: AtomicBool,
    announced: Mutex<Vec<Announced>>,
    live: &'a Hub,
}

impl Tx<'_> {
    pub fn conn(&self) -> &DatabaseTransaction {
        self.conn
    }
    pub fn ctx(&self) -> &Ctx {
        self.ctx
    }
    /// The instant of this write, the same in every row of it.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }
    /// Something goes into the outbox: its dispatcher is woken once this is committed.
    pub(crate) fn posted(&self) {
        self.posted.store(true, Ordering::Relaxed);
    }
    /// Tells whoever listens to a topic, at whatever server, once this write has committed; see [`crate::live`]. `data` is JSON in one
    /// line, short, and names things by their ids alone.
    pub fn announce(&self, topic: String, event: &'static str, data: String) {
        self.tell(Announced { topic, under: false, here: Some((event, data)), elsewhere: None });
    }
    /// The same, to all topics whose name begins so.
    pub fn announce_under(&self, prefix: String, event: &'static str, data: String) {
        self.tell(Announced { topic: prefix, under: true, here: Some((event, data)), elsewhere: None });
    }
    /// What is told in full here (where anybody hears it), and by ids alone to readers at other servers, who look it up.
    pub fn announce_by_ids(&self, topic: String, here: Option<(&'static str, String)>, ids: (&'static str, String)) {
        self.tell(Announced { topic, under: false, here, elsewhere: Some(ids) });
    }
    fn tell(&self, announced: Announced) {
        self.announced.lock().unwrap_or_else(PoisonError::into_inner).push(announced);
    }
    /// Whether anybody of this server would hear it.
    pub fn has_listeners(&self, topic: &str) -> bool {
        self.live.knows(topic)
    }
    /// Whether there may be other servers, who would hear it.
    pub fn is_carried(&self) -> bool {
        self.live.is_carried()
    }
}

impl Db {
    /// Opens (and for SQLite makes) the database. Migrations are a command of their own.
    pub async fn connect(options: &DbOptions) -> Result<Db> {
        connect::connect(options).await
    }

    pub(crate) fn from_pools(options: &DbOptions, read: DatabaseConnection, write: DatabaseConnection) -> Db {
        Db { options: Arc::new(options.clone()), read, write, bell: Arc::default(), live: Hub::default() }
    }

    /// The same database for work on another runtime, which is the one that calls this.
    ///
    /// A connection of PostgreSQL hangs on the runtime that opened it and is dead once that has ended. Workers end each at its own
    /// time when a server stops, so in a pool of all of them the last ones would be handed dead connections. Therefore each
    /// runtime has a pool of its own, of at most `pool`; who listens and what is rung is one for all. SQLite's connections have threads of
    /// their own and are shared.
    pub async fn for_this_runtime(&self, pool: u32) -> Result<Db> {
        if self.backend() == DbBackend::Sqlite {
            return Ok(self.clone());
        }
        let own = connect::connect(&DbOptions { pool, ..(*self.options).clone() }).await?;
        Ok(Db { bell: self.bell.clone(), live: self.live.clone(), ..own })
    }

    /// For reading. What it finds must come through a finder that is scoped to the caller.
    pub fn read(&self) -> &DatabaseConnection {
        &self.read
    }

    pub fn backend(&self) -> DbBackend {
        self.read.get_database_backend()
    }

    /// Who listens to what is written.
    pub fn live(&self) -> &Hub {
        &self.live
    }

    /// What carries live events between the servers of this database; none for SQLite, which has one server. `beat` is how often servers
    /// say that they live.
    pub async fn carrier(&self, beat: Duration) -> Result<Option<Carrier>> {
        match self.backend() {
            DbBackend::Postgres => Carrier::open(self.live.clone(), &self.options.url(), beat).await.map(Some),
            _ => Ok(None),
        }
    }

    /// The connection that migrations run on.
    pub fn migrator(&self) -> &DatabaseConnection {
        &self.write
    }

    /// What the dispatcher of the outbox waits for.
    pub(crate) fn bell(&self) -> &Notify {
        &self.bell
    }

    /// Runs `work` in one transaction and commits it together with its audit entries.
    ///
    /// No event, no commit: a closure that gives none is a programming error and rolls back. The account and session
    /// are checked inside the transaction, so that a disabled account cannot write although its token lives. Where the
    /// engine says that the transaction lost against another, all of it runs again; so `work` must not have effects outside.
    pub async fn write<T>(&self, ctx: &Ctx, work: impl AsyncFn(&Tx<'_>) -> Result<(T, Vec<Event>)>) -> Result<T> {
        self.retried(ctx, async |tx| {
            let (value, events) = work(tx).await?;
            if events.is_empty() {
                return Err(Error::internal("a write without an audit event"));
            }
            audit::append(tx, events).await?;
            Ok(value)
        })
        .await
    }

    /// The program's own book of what has left the outbox and what is still to leave. It is no record of anybody and nobody's act:
    /// the one kind of write that has no audit entry, and for the kernel alone.
    pub(crate) async fn keep_book<T>(&self, work: impl AsyncFn(&Tx<'_>) -> Result<T>) -> Result<T> {
        self.retried(&Ctx::system("outbox"), work).await
    }

    async fn retried<T>(&self, ctx: &Ctx, work: impl AsyncFn(&Tx<'_>) -> Result<T>) -> Result<T> {
        let mut tried = 0;
        loop {
            tried += 1;
            match self.attempt(ctx, &work).await {
                Err(e) if e.retryable() && tried < TRIES => {
                    // Waits grow, and differ by writer, so that two do not meet again and again.
                    let jitter = u64::from(rand::random::<u8>()) / 16;
                    tokio::time::sleep(Duration::from_millis(u64::from(tried * tried) + jitter)).await;
                }
                other => return other,
            }
        }
    }

    async fn attempt<T>(&self, ctx: &Ctx, work: &impl AsyncFn(&Tx<'_>) -> Result<T>) -> Result<T> {
        let options =
            TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..Default::default() };
        let conn = self.write.begin_with_options(options).await?;
        let tx = Tx {
            conn: &conn,
            ctx,
            now: clock::now(),
            posted: AtomicBool::new(false),
            announced: Mutex::default(),
            live: &self.live,
        };
        let done = async {
            gate::check(&tx).await?;
            work(&tx).await
        }
        .await;
        match done {
            Ok(value) => {
                let posted = tx.posted.load(Ordering::Relaxed);
                let announced = tx.announced.into_inner().unwrap_or_else(PoisonError::into_inner);
                conn.commit().await?;
                if posted {
                    self.bell.notify_one();
                }
                announced.into_iter().for_each(|a| self.live.say(a));
                Ok(value)
            }
            Err(e) => {
                // The first error is the one that matters; a failed rollback is the engine's own when the connection goes.
                if let Err(rollback) = conn.rollback().await {
                    tracing::debug!(%rollback, "rollback failed");
                }
                Err(e)
            }
        }
    }

    /// Closes both pools. What SQLite has in its write-ahead log is in the database then, so that one file can be handed on.
    pub async fn close(self) -> Result<()> {
        self.read.clone().close().await?;
        if self.backend() == DbBackend::Sqlite {
            self.write.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await?;
        }
        Ok(self.write.close().await?)
    }

    /// Is the database there and answering?
    pub async fn ping(&self) -> Result<()> {
        self.read.ping().await.map_err(|e| {
            tracing::warn!(error = %e, "database does not answer");
            Error::new(Code::Busy)
        })
    }
}
