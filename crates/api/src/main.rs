//! The `khue` command.

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    api::commands::run(api::commands::Cli::parse())
}
