//! A private PostgreSQL that waits for the disk, with its data kept between runs.

use anyhow::{Context, bail, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub struct Cluster {
    bin: PathBuf,
    data: PathBuf,
    port: u16,
    as_postgres: bool,
}

impl Cluster {
    /// Starts the cluster in `folder`, and makes it first where there is none. PostgreSQL does not run as root: then it runs as
    /// the user `postgres`, who has to be able to reach the folder.
    pub fn start(folder: &Path) -> anyhow::Result<Cluster> {
        let bin = newest_bin()?;
        let as_postgres = run_by_root();
        fs::create_dir_all(folder)?;
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let cluster = Cluster { bin, data: folder.join("data"), port, as_postgres };
        if as_postgres {
            ensure!(Command::new("chown").arg("postgres").arg(folder).status()?.success(), "chown of {}", folder.display());
        }
        if !cluster.data.join("PG_VERSION").exists() {
            cluster.call("initdb", &["-U", "khue", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"], &[])?;
        }
        let settings = format!(
            "-p {port} -k {} -c listen_addresses=127.0.0.1 -c fsync=on -c synchronous_commit=on -c full_page_writes=on -c shared_buffers=256MB \
             -c max_wal_size=2GB -c max_connections=100",
            folder.display()
        );
        let log = folder.join("server.log");
        cluster.call("pg_ctl", &["-w", "-t", "120", "-l", &log.display().to_string(), "-o", &settings, "start"], &[])?;
        Ok(cluster)
    }

    pub fn url(&self, database: &str) -> String {
        format!("postgres://khue@127.0.0.1:{}/{database}", self.port)
    }

    /// The process whose children serve the connections.
    pub fn pid(&self) -> anyhow::Result<u32> {
        let text = fs::read_to_string(self.data.join("postmaster.pid"))?;
        text.lines().next().and_then(|line| line.trim().parse().ok()).context("postmaster.pid")
    }

    fn call(&self, program: &str, args: &[&str], env: &[(&str, &str)]) -> anyhow::Result<()> {
        let program = self.bin.join(program);
        let mut command = if self.as_postgres {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(&program);
            command
        } else {
            Command::new(&program)
        };
        let folder = self.data.parent().unwrap_or(&self.data);
        let out = command
            .arg("-D")
            .arg(&self.data)
            .args(args)
            .envs(env.iter().copied())
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .status();
        if !out.with_context(|| program.display().to_string())?.success() {
            bail!("{} failed; see {}", program.display(), folder.join("server.log").display());
        }
        Ok(())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Err(e) = self.call("pg_ctl", &["-m", "fast", "-w", "stop"], &[]) {
            eprintln!("PostgreSQL is left running: {e:#}");
        }
    }
}

fn run_by_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|about| std::os::unix::fs::MetadataExt::uid(&about) == 0)
}

fn newest_bin() -> anyhow::Result<PathBuf> {
    let version = |path: &PathBuf| path.parent().and_then(|p| p.file_name()?.to_str()?.parse::<u32>().ok()).unwrap_or(0);
    let versions = fs::read_dir("/usr/lib/postgresql").context("PostgreSQL is not installed (apt-get install postgresql)")?;
    let found = versions.flatten().map(|entry| entry.path().join("bin")).filter(|bin| bin.join("initdb").exists());
    found.max_by_key(version).context("PostgreSQL is not installed (apt-get install postgresql)")
}

/// Where a cluster can lie so that its user reaches it: not under root's own folders.
pub fn folder(cache: &Path) -> PathBuf {
    if run_by_root() && cache.starts_with("/root") {
        PathBuf::from("/var/tmp/khue-bench-postgres")
    } else {
        cache.join("postgres")
    }
}
