//! `make bench`: the release server on a whole province with marks, on SQLite and on PostgreSQL, and beside it the ceiling: the
//! same rows read and written by raw SQL through the same driver in the same run. Prints tables; asserts nothing.
//!
//! | module | what it does |
//! |---|---|
//! | [`site`] | makes the database once and keeps it; starts the server as a process of its own |
//! | [`postgres`] | a private, durable cluster |
//! | [`people`] | who asks: teachers with classes of 45, and with sheets of 450 cells |
//! | [`calls`] | the calls that are measured |
//! | [`ceiling`] | the same by raw SQL |
//! | [`closing`] | closing a semester of the whole province, beside DuckDB |
//! | [`imports`] | the dry run of a file of 100,000 rows |
//! | [`lists`] | every list, search and other read of the document, by one client |
//! | [`papers`] | registers of a class as PDF files |
//! | [`plans`] | finding teaching plans |
//! | [`rollover`] | the year rollover of the whole province, and its undo |
//! | [`signing`] | 1,500 transcripts signed by a principal, and sealed with their PDF |
//! | [`load`] | clients in a closed loop; latencies |
//! | [`process`] | CPU time and memory from `/proc` |
//!
//! Server, database and clients share the machine: requests a second are those of the whole, CPU a request counts the server and
//! the database alone.

mod calls;
mod ceiling;
mod closing;
mod imports;
mod lists;
mod load;
mod papers;
mod people;
mod plans;
mod postgres;
mod process;
mod rollover;
mod signing;
mod site;
mod table;

use anyhow::Context;
use clap::{Parser, ValueEnum};
use std::path::PathBuf;
use std::time::Duration;

#[derive(Parser)]
#[command(name = "khue-bench", about = "Measures the release server on a province with marks")]
pub struct Options {
    /// Shorter measurements: to see that it works, not to compare.
    #[arg(long)]
    quick: bool,
    /// One engine alone.
    #[arg(long, value_enum)]
    engine: Option<Engine>,
    /// A smaller database.
    #[arg(long, value_enum, default_value_t = api::demo::Size::Province)]
    size: api::demo::Size,
    /// The program to measure.
    #[arg(long, env = "KHUE_BIN", default_value = "target/release/khue")]
    khue: PathBuf,
    /// Where databases are kept between runs.
    #[arg(long, env = "KHUE_BENCH_CACHE")]
    cache: Option<PathBuf>,
    /// Only calls whose name holds this text.
    #[arg(long)]
    only: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub fn name(self) -> &'static str {
        match self {
            Engine::Sqlite => "SQLite",
            Engine::Postgres => "PostgreSQL",
        }
    }
}

impl Options {
    /// How long one call is measured with one number of clients, after a tenth of that to warm up.
    fn span(&self) -> Duration {
        Duration::from_millis(if self.quick { 400 } else { 2500 })
    }

    fn cache(&self) -> PathBuf {
        self.cache
            .clone()
            .unwrap_or_else(|| PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(".cache/khue/bench"))
    }

    fn wants(&self, name: &str) -> bool {
        self.only.as_ref().is_none_or(|only| name.contains(only.as_str()))
    }
}

/// Clients at once.
const CLIENTS: [usize; 3] = [1, 8, 64];

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let engines = match options.engine {
        Some(engine) => vec![engine],
        None => vec![Engine::Sqlite, Engine::Postgres],
    };
    // One thread for all clients: they share the machine with what they measure.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    for engine in engines {
        runtime.block_on(measure(&options, engine)).with_context(|| engine.name())?;
    }
    Ok(())
}

async fn measure(options: &Options, engine: Engine) -> anyhow::Result<()> {
    let site = site::Site::open(options, engine).await?;
    let people = people::People::find(&site, *CLIENTS.iter().max().unwrap_or(&1)).await?;
    let mut table = table::Table::default();
    for call in calls::ALL {
        if !options.wants(call.name()) {
            continue;
        }
        for clients in CLIENTS {
            eprintln!("{}: {}, {clients} clients", engine.name(), call.name());
            let measured = calls::measure(*call, &site, &people, clients, options.span()).await?;
            // The least that one request or one statement at a time can cost is what a single client shows.
            let ceiling = ceiling::measure(*call, &site, &people, clients, options.span() / 2).await?;
            table.add(call.name(), clients, &measured, ceiling.as_ref());
        }
    }
    println!(
        "\n{} ({}), {} CPUs, {}",
        engine.name(),
        site.about(),
        std::thread::available_parallelism().map_or(1, |n| n.get()),
        site.durability().await?
    );
    println!("server before its first request: {:.0} MB; after the load: {:.0} MB", site.idle_memory(), site.server_memory());
    table.print();
    if options.wants(lists::NAME) {
        lists::measure(options, &site).await?;
    }
    if options.wants(papers::NAME) {
        papers::measure(options, &site, &people).await?;
    }
    if options.wants(plans::NAME) {
        plans::measure(options, &site, &people).await?;
    }
    if options.wants(imports::NAME) {
        imports::measure(&site, &people).await?;
    }
    if options.wants(closing::NAME) {
        closing::measure(options, site).await?;
    } else {
        site.close().await?;
    }
    if options.wants(rollover::NAME) {
        rollover::measure(options, engine).await?;
    }
    if options.wants(signing::NAME) { signing::measure(options, engine).await } else { Ok(()) }
}
