//! Closing semester I of the whole province, and with it publishing to every family: by the API, on a copy of the database.
//!
//! Beside it the same averages and levels in DuckDB over the same marks, which neither explains nor tells anybody
//! (`tests/bench/duckdb_closing.py`).

use crate::people::sign_in;
use crate::site::{Site, number};
use crate::{Engine, Options};
use anyhow::{Context, ensure};
use dto::calendar::Term;
use dto::closing_runs::{ClosingRun, PostClosingRun, RunState};
use dto::page::Page;
use dto::units::Unit;
use sea_orm::ConnectionTrait;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What the call is named on the command line.
pub const NAME: &str = "closing of the province";

/// Measures on a copy, and prints.
pub async fn measure(options: &Options, site: Site) -> anyhow::Result<()> {
    let engine = site.engine;
    eprintln!("{}: copying the database to close its semester", engine.name());
    let site = site.onto_copy(options).await?;
    // Those that the bench enrolled twice have no marks in the class of 75.
    site.db.migrator().execute_unprepared("DELETE FROM enrolment WHERE ordinal > 100").await?;
    let token = sign_in(&site, "quantri").await?;
    let units: Page<Unit> = site
        .client
        .get(format!("{}/units?kind=department", site.base))
        .bearer_auth(&token)
        .send()
        .await?
        .error_for_status()?
        .json()
        .await?;
    let unit = units.items.first().context("a department")?.id;
    let body = PostClosingRun { unit_id: unit, term: Term::S1 };
    eprintln!("{}: closing", engine.name());
    let (began, cpu) = (Instant::now(), site.cpu());
    let runs = format!("{}/closing-runs", site.base);
    let mut run: ClosingRun =
        site.client.post(&runs).bearer_auth(&token).json(&body).send().await?.error_for_status()?.json().await?;
    let mut peak = site.server_memory();
    while run.state == RunState::Running {
        tokio::time::sleep(Duration::from_millis(250)).await;
        peak = peak.max(site.server_memory());
        run = site.client.get(format!("{runs}/{}", run.id)).bearer_auth(&token).send().await?.error_for_status()?.json().await?;
    }
    let (took, cpu) = (began.elapsed(), site.cpu() - cpu);
    ensure!(run.closed > 0, "no class was ready: was the database made with --complete?");
    let frozen = number(&site.db, "SELECT count(*) FROM result WHERE period = '1'").await?;
    println!(
        "\n{}, {NAME}, semester I: {} classes closed ({} not ready), {} learners, each result with its explanation and its family told: \
         {:.1} s, {:.1} CPU s, {:.0} learners a second; server at most {peak:.0} MB; {frozen} results frozen in all",
        engine.name(),
        run.closed,
        run.waiting,
        run.learners,
        took.as_secs_f64(),
        cpu.as_secs_f64(),
        f64::from(run.learners) / took.as_secs_f64(),
    );
    let copy = site.sqlite_file();
    site.close().await?;
    if let (Engine::Sqlite, Some(file)) = (engine, copy) {
        yardstick(&file)?;
    }
    Ok(())
}

/// DuckDB over the marks of this database, by Python, where `KHUE_BENCH_PYTHON` names one that has it.
fn yardstick(file: &Path) -> anyhow::Result<()> {
    let Some(python) = std::env::var_os("KHUE_BENCH_PYTHON") else {
        println!("DuckDB: not measured (KHUE_BENCH_PYTHON names no Python with duckdb)");
        return Ok(());
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("duckdb_closing.py");
    let status = Command::new(python).arg(script).arg(file).stdin(Stdio::null()).status().context("python")?;
    ensure!(status.success(), "the yardstick failed");
    Ok(())
}
