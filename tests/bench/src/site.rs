//! The database, made once, and the server over it as a process of its own.

use crate::postgres::{self, Cluster};
use crate::{Engine, Options, process};
use anyhow::{Context, bail, ensure};
use kernel::Db;
use kernel::db::DbOptions;
use sea_orm::{ConnectionTrait, Database, Statement};
use sha2::{Digest, Sha256};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The server's process; it ends with the bench, however that ends.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It has ended already where all went well.
        let _ended = self.0.kill();
        let _status = self.0.wait();
    }
}

pub struct Site {
    pub engine: Engine,
    /// `http://127.0.0.1:…/api/v1`
    pub base: String,
    pub client: reqwest::Client,
    /// For the ceiling, with the pools that the server has, and for looking people up.
    pub db: Db,
    server: Server,
    cluster: Option<Cluster>,
    /// Its data folder, and the URL of its database.
    data: PathBuf,
    url: String,
    about: String,
    idle: f64,
}

impl Site {
    pub async fn open(options: &Options, engine: Engine) -> anyhow::Result<Site> {
        let size = match options.size {
            api::demo::Size::School => "school",
            api::demo::Size::Commune => "commune",
            api::demo::Size::Province => "province",
        };
        Site::of(options, engine, size, &["--marks", "semester1", "--complete"]).await
    }

    /// A database of this size with these marks, and the server over it.
    pub async fn of(options: &Options, engine: Engine, size: &str, marks: &[&str]) -> anyhow::Result<Site> {
        ensure!(options.khue.exists(), "{} is not there: build it first (cargo build --release -p api)", options.khue.display());
        let which = marks.iter().skip(1).map(|word| word.trim_start_matches("--")).collect::<Vec<_>>().join("_");
        let name = format!("khue_{size}_{which}_{}", version()?);
        let cache = options.cache();
        let data = cache.join(&name);
        fs::create_dir_all(&data)?;
        let (cluster, url) = match engine {
            Engine::Sqlite => (None, format!("sqlite://{}?mode=rwc", data.join("khue.db").display())),
            Engine::Postgres => {
                let cluster = Cluster::start(&postgres::folder(&cache))?;
                let url = cluster.url(&name);
                (Some(cluster), url)
            }
        };
        let making = Making { size, marks, name: &name, data: &data, url: &url };
        fill(options, engine, &making, cluster.as_ref()).await?;
        Site::over(options, engine, size, cluster, data, url).await
    }

    /// The server over a database that is there.
    async fn over(
        options: &Options,
        engine: Engine,
        size: &str,
        cluster: Option<Cluster>,
        data: PathBuf,
        url: String,
    ) -> anyhow::Result<Site> {
        let mut server = Server(
            Command::new(&options.khue)
                .args(["serve", "--port", "0", "--data"])
                .arg(&data)
                .args(["--database", &url])
                // The limits of one caller are not what is measured.
                .env("KHUE__LIMITS__REQUESTS_PER_SECOND", "1000000")
                .env("KHUE__LIMITS__REQUESTS_BURST", "1000000")
                .env("KHUE__SIGNING__TRIAL", "true")
                .env("RUST_LOG", "error")
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .spawn()
                .context("the server does not start")?,
        );
        let mut address = String::new();
        let printed = server.0.stdout.take().context("the server's output")?;
        BufReader::new(printed).read_line(&mut address)?;
        if !address.starts_with("http") {
            bail!("the server ended before it listened");
        }
        let base = format!("{}/api/v1", address.trim());
        let db = Db::connect(&DbOptions { url: Some(url.clone()), data: data.clone(), pool: 8 }).await?;
        let client = reqwest::Client::builder().pool_max_idle_per_host(128).tcp_nodelay(true).build()?;
        let bytes = match engine {
            Engine::Sqlite => fs::metadata(data.join("khue.db"))?.len() as i64,
            Engine::Postgres => number(&db, "SELECT pg_database_size(current_database())").await?,
        };
        let marks = number(&db, "SELECT count(*) FROM mark").await?;
        let about = format!("{size}, {} MB, {marks} marks", bytes / 1_000_000);
        // Whatever a server does first, it does before it is called idle.
        tokio::time::sleep(Duration::from_secs(2)).await;
        let idle = process::memory(server.0.id());
        Ok(Site { engine, base, client, db, server, cluster, data, url, about, idle })
    }

    /// The same over a copy of the database, which may be spoilt.
    pub async fn onto_copy(mut self, options: &Options) -> anyhow::Result<Site> {
        self.stop().await?;
        let (engine, cluster) = (self.engine, self.cluster.take());
        let data = self.data.join("copy");
        let _may_be_absent = fs::remove_dir_all(&data);
        fs::create_dir_all(&data)?;
        let url = match &cluster {
            None => {
                // The last connection that closed has left no write-ahead log behind.
                ensure!(
                    fs::metadata(self.data.join("khue.db-wal")).map_or(true, |wal| wal.len() == 0),
                    "the database is still open"
                );
                fs::copy(self.data.join("khue.db"), data.join("khue.db"))?;
                format!("sqlite://{}?mode=rwc", data.join("khue.db").display())
            }
            Some(cluster) => {
                let name = self.url.rsplit('/').next().context("a name")?;
                let conn = Database::connect(cluster.url("postgres")).await?;
                conn.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name}_copy")).await?;
                conn.execute_unprepared(&format!("CREATE DATABASE {name}_copy TEMPLATE {name} STRATEGY file_copy")).await?;
                conn.close().await?;
                cluster.url(&format!("{name}_copy"))
            }
        };
        Site::over(options, engine, "copy", cluster, data, url).await
    }

    /// The file of a SQLite database.
    pub fn sqlite_file(&self) -> Option<PathBuf> {
        (self.engine == Engine::Sqlite).then(|| self.data.join("khue.db"))
    }

    pub fn about(&self) -> &str {
        &self.about
    }

    /// CPU time of the server and of the database so far.
    pub fn cpu(&self) -> Duration {
        process::cpu(self.server.0.id()) + self.database_cpu()
    }

    /// CPU time of PostgreSQL so far; SQLite runs inside the process that uses it.
    pub fn database_cpu(&self) -> Duration {
        self.cluster.as_ref().and_then(|cluster| cluster.pid().ok()).map_or(Duration::ZERO, process::cpu_of_family)
    }

    /// Memory of the server before its first request, in megabytes.
    pub fn idle_memory(&self) -> f64 {
        self.idle
    }

    pub fn server_memory(&self) -> f64 {
        process::memory(self.server.0.id())
    }

    /// What waits for the disk, as the connections say.
    pub async fn durability(&self) -> anyhow::Result<String> {
        let text = async |sql: &str| -> anyhow::Result<String> {
            let row =
                self.db.migrator().query_one_raw(Statement::from_string(self.db.backend(), sql)).await?.context("no row")?;
            Ok(row.try_get_by_index::<String>(0).or_else(|_| row.try_get_by_index::<i64>(0).map(|n| n.to_string()))?)
        };
        Ok(match self.engine {
            Engine::Sqlite => format!(
                "journal {}, synchronous {} (2 is FULL)",
                text("PRAGMA journal_mode").await?,
                text("PRAGMA synchronous").await?
            ),
            Engine::Postgres => {
                format!("fsync {}, synchronous_commit {}", text("SHOW fsync").await?, text("SHOW synchronous_commit").await?)
            }
        })
    }

    pub async fn close(mut self) -> anyhow::Result<()> {
        self.stop().await
    }

    async fn stop(&mut self) -> anyhow::Result<()> {
        self.db.clone().close().await?;
        // SIGTERM, so that it ends as it does in a school.
        let _sent = Command::new("kill").arg(self.server.0.id().to_string()).status();
        let until = Instant::now() + Duration::from_secs(20);
        while self.server.0.try_wait()?.is_none() {
            if Instant::now() > until {
                self.server.0.kill()?;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }
}

/// One number of the database.
pub async fn number(db: &Db, sql: &str) -> anyhow::Result<i64> {
    let row = db.read().query_one_raw(Statement::from_string(db.backend(), sql)).await?.context("no row")?;
    Ok(row.try_get_by_index(0)?)
}

/// A database that is to be made.
struct Making<'a> {
    size: &'a str,
    marks: &'a [&'a str],
    name: &'a str,
    data: &'a Path,
    url: &'a str,
}

/// Fills the database where that has not been done.
async fn fill(options: &Options, engine: Engine, making: &Making<'_>, cluster: Option<&Cluster>) -> anyhow::Result<()> {
    let Making { size, marks, name, data, url } = *making;
    let done = data.join(format!("{}.done", engine.name()));
    if done.exists() {
        return Ok(());
    }
    eprintln!("{}: making the database ({size}, {}); this is done once", engine.name(), marks.join(" "));
    match cluster {
        Some(cluster) => {
            let conn = Database::connect(cluster.url("postgres")).await?;
            conn.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name}")).await?;
            conn.execute_unprepared(&format!("CREATE DATABASE {name}")).await?;
            conn.close().await?;
        }
        None => {
            for file in ["khue.db", "khue.db-wal", "khue.db-shm"] {
                let _may_be_absent = fs::remove_file(data.join(file));
            }
        }
    }
    let began = Instant::now();
    let made = Command::new(&options.khue)
        .args(["demo", "--size", size])
        .args(marks)
        .args(["--json", "--data"])
        .arg(data)
        .args(["--database", url])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .context("khue demo")?;
    ensure!(made.success(), "khue demo failed");
    let took = began.elapsed().as_secs();
    eprintln!("{}: made in {took} s", engine.name());
    let db = Db::connect(&DbOptions { url: Some(url.to_owned()), data: data.to_owned(), pool: 2 }).await?;
    // PostgreSQL would look over new tables by itself within a minute; then is not now.
    db.migrator()
        .execute_unprepared(if engine == Engine::Postgres { "VACUUM ANALYZE" } else { "PRAGMA wal_checkpoint(TRUNCATE)" })
        .await?;
    db.close().await?;
    fs::write(done, format!("made in {took} s\n"))?;
    Ok(())
}

/// Changes with the schema and with the generator, so that a database of an older one is not measured.
fn version() -> anyhow::Result<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).context("the workspace")?;
    let mut files: Vec<PathBuf> = Vec::new();
    let mut folders = vec![root.join("migrations/src"), root.join("crates/api/src/demo")];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).with_context(|| format!("{}: run this inside the repository", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    let mut hash = Sha256::new();
    for file in files {
        hash.update(fs::read(file)?);
    }
    Ok(hex::encode(&hash.finalize()[..4]))
}
