//! The server as a process of its own, so that it can be killed or told to stop.

use crate::harness::TestApp;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// The `khue` binary of `KHUE_BIN`, else the one beside this test's own.
pub fn khue() -> PathBuf {
    if let Some(path) = std::env::var_os("KHUE_BIN") {
        return path.into();
    }
    let path = std::env::current_exe().unwrap().parent().and_then(|d| d.parent()).unwrap().join("khue");
    assert!(path.exists(), "no {}: build it first (`make test` does)", path.display());
    path
}

/// Starts it over the database of a test; the address it listens on.
pub fn start(app: &TestApp) -> (Child, String) {
    start_with(app, |_| {})
}

/// With other settings.
pub fn start_with(app: &TestApp, change: impl FnOnce(&mut Command)) -> (Child, String) {
    let mut command = Command::new(khue());
    command
        .args(["serve", "--port", "0", "--data"])
        .arg(app.folder())
        .env("DATABASE_URL", app.url())
        .env("KHUE__LIMITS__REQUESTS_PER_SECOND", "100000")
        .env("KHUE__LIMITS__REQUESTS_BURST", "100000")
        .env("KHUE__LIMITS__HEARTBEAT_SECONDS", "1")
        // How long a statement took is the machine's own affair.
        .env("RUST_LOG", "warn,sqlx=error")
        .stdout(Stdio::piped());
    change(&mut command);
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    (child, line.trim().to_owned())
}
