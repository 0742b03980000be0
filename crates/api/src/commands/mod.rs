//! The commands of `khue`.

mod audit;
mod demo;
mod evaluate;
mod exit;
mod keys;
mod migrate;
mod openapi;
mod serve;
mod transcript;

use clap::{Args, Parser, Subcommand};
use kernel::config::Config;
use kernel::db::DbOptions;
use std::path::PathBuf;
use std::process::ExitCode;

/// Khuê: the open platform on which a province runs its schools.
#[derive(Parser)]
#[command(
    name = "khue",
    version,
    about,
    after_help = "Example:\n  khue migrate && khue demo --size school --marks semester1 && khue serve"
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API at /api/v1, its document at /openapi.json, a reader at /docs and the pages at /.
    #[command(after_help = "Example:\n  khue serve --port 8080 --data ./data")]
    Serve(serve::Serve),
    /// Bring the schema of the database up to date.
    #[command(after_help = "Example:\n  khue migrate --database postgres://khue@localhost/khue")]
    Migrate(migrate::Migrate),
    /// Fill an empty database with a synthetic province and print the accounts to sign in with.
    #[command(after_help = "Example:\n  khue demo --size school --marks semester1 --json")]
    Demo(demo::Demo),
    /// Print the OpenAPI document; needs no server and no database.
    #[command(after_help = "Example:\n  khue openapi > openapi.json")]
    Openapi(openapi::OpenApi),
    /// Check the log of who did what, its chains and signed daily roots.
    #[command(after_help = "Example:\n  khue audit verify --data ./data")]
    Audit(audit::Audit),
    /// The keys that seal sensitive fields at rest.
    #[command(after_help = "Example:\n  khue keys rotate-data --data ./data")]
    Keys(keys::Keys),
    /// Evaluate learner-years from standard input, one JSON object a line, to standard output.
    #[command(after_help = "Examples:\n  khue evaluate < in.ndjson > out.ndjson\n  khue evaluate --schema TT27")]
    Evaluate(evaluate::Evaluate),
    /// Take a school's data along: everything as one archive, and back into an empty installation.
    #[command(after_help = "Example:\n  khue exit export --school 94001 --out 94001.zip")]
    Exit(exit::Exit),
    /// Check a digital transcript (học bạ số).
    #[command(after_help = "Example:\n  khue transcript verify hoc-ba.xml --trust ca/")]
    Transcript(transcript::Transcript),
}

/// Where the database is.
#[derive(Args, Clone)]
pub struct Place {
    /// The data folder: the SQLite file, keys, stored files.
    #[arg(long, default_value = "./data")]
    data: PathBuf,
    /// `postgres://…` or `sqlite://…`; left out: SQLite in the data folder.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database: Option<String>,
    /// A settings file; see the commented defaults in the documentation.
    #[arg(long)]
    config: Option<PathBuf>,
}

impl Place {
    fn config(&self) -> kernel::Result<Config> {
        Config::load(self.config.as_deref())
    }

    fn options(&self, config: &Config) -> DbOptions {
        DbOptions { url: self.database.clone().filter(|u| !u.is_empty()), data: self.data.clone(), pool: config.database.pool }
    }
}

/// Runs a command to its end.
pub fn run(cli: Cli) -> ExitCode {
    let outcome = match cli.command {
        Command::Serve(c) => serve::run(c),
        Command::Migrate(c) => migrate::run(c),
        Command::Demo(c) => demo::run(c),
        Command::Openapi(c) => openapi::run(c),
        Command::Audit(c) => audit::run(c),
        Command::Keys(c) => keys::run(c),
        Command::Evaluate(c) => return evaluate::run(c),
        Command::Exit(c) => return exit::run(c),
        Command::Transcript(c) => return transcript::run(c),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("khue: {e:#}");
            ExitCode::FAILURE
        }
    }
}

/// One line an event on standard error; `RUST_LOG` chooses, `KHUE_LOG=json` writes JSON.
fn log() {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,sea_orm_migration=warn"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second call in one process (tests) keeps the first.
    let _already_set = if std::env::var("KHUE_LOG").is_ok_and(|v| v == "json") {
        builder.json().try_init()
    } else {
        builder.compact().try_init()
    };
}
