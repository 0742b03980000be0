//! Opening the database, durably: an acknowledged write is on disk.

use super::Db;
use crate::{Error, Result};
use sea_orm::{ConnectOptions, Database};
use std::path::PathBuf;
use std::time::Duration;
use tracing::log::LevelFilter;

/// Where the database is.
#[derive(Clone)]
pub struct DbOptions {
    /// `sqlite://…` or `postgres://…`; `None`: `khue.db` in `data`.
    pub url: Option<String>,
    /// The data folder.
    pub data: PathBuf,
    /// Connections of the pool (PostgreSQL: all; SQLite: readers, beside the one writer).
    pub pool: u32,
}

/// Without the URL, which may have a password in it.
impl std::fmt::Debug for DbOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DbOptions").field("data", &self.data).field("pool", &self.pool).finish_non_exhaustive()
    }
}

impl DbOptions {
    pub fn url(&self) -> String {
        self.url.clone().unwrap_or_else(|| format!("sqlite://{}?mode=rwc", self.data.join("khue.db").display()))
    }
}

pub(super) async fn connect(options: &DbOptions) -> Result<Db> {
    let url = options.url();
    if url.starts_with("sqlite:") {
        if options.url.is_none() {
            std::fs::create_dir_all(&options.data)
                .map_err(|e| Error::internal(format!("cannot make the data folder {}: {e}", options.data.display())))?;
        }
        // The writer first: it makes the file and turns WAL on.
        let write = Database::connect(sqlite(&url, 1)).await?;
        let read = Database::connect(sqlite(&url, options.pool)).await?;
        Ok(Db::from_pools(options, read, write))
    } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
        let mut o = ConnectOptions::new(url);
        common(&mut o, options.pool);
        // An operator may have switched it off for the whole server; Khuê's own sessions always wait for the disk.
        // Compiling a statement takes longer than nearly all of them; it is begun by estimates of cost that counts over a province reach.
        let mut settings = vec![("synchronous_commit", "on"), ("application_name", "khue"), ("jit", "off")];
        // The default is that of turning disks: whole tables would be read where an index holds all that is asked. An address that names
        // a cost of its own stands.
        if !options.url().contains("random_page_cost") {
            settings.push(("random_page_cost", "1.1"));
        }
        o.map_sqlx_postgres_opts(move |p| p.options(settings.clone()));
        let pool = Database::connect(o).await?;
        Ok(Db::from_pools(options, pool.clone(), pool))
    } else {
        Err(Error::internal("the database URL must begin with sqlite: or postgres:"))
    }
}

fn common(o: &mut ConnectOptions, pool: u32) {
    o.max_connections(pool)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(10))
        .idle_timeout(Duration::from_secs(600))
        // A ping before every statement costs as much as many a statement. One that an engine or a firewall has dropped meanwhile
        // has been idle; what breaks under load answers "busy", and may be asked again.
        .test_before_acquire_if_idle_for(Duration::from_secs(5))
        .sqlx_logging_level(LevelFilter::Trace)
        // The default logs slow statements with their text; values are bound, so no personal data is in it.
        .sqlx_slow_statements_logging_settings(LevelFilter::Warn, Duration::from_secs(1));
}

fn sqlite(url: &str, pool: u32) -> ConnectOptions {
    use sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
    let mut o = ConnectOptions::new(url.to_owned());
    common(&mut o, pool);
    o.map_sqlx_sqlite_opts(|s| {
        s.journal_mode(SqliteJournalMode::Wal)
            // NORMAL loses acknowledged commits when the power goes; FULL does not.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            .pragma("cache_size", "-16000")
            .pragma("temp_store", "MEMORY")
            .statement_cache_capacity(256)
    });
    o
}
