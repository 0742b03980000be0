//! `khue evaluate`.

use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use regulations::evaluate::{Fault, Stats, run_checked, run_spooled, schema};
use regulations::{Adjustment, Regulation};
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write};
use std::process::ExitCode;

#[derive(Args)]
pub struct Evaluate {
    /// How the one-subject adjustment (TT 22/2021 Đ.9 k.3) sees the subject that may be overlooked: X leaves it out, R
    /// takes it as a 10.
    #[arg(long, value_enum, default_value_t = Mode::X)]
    adjustment: Mode,
    /// Print the JSON Schema (2020-12) of the lines of a circular, in and out, and read nothing.
    #[arg(long, value_enum, value_name = "CIRCULAR")]
    schema: Option<Circular>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Circular {
    #[value(name = "TT22")]
    Tt22,
    #[value(name = "TT27")]
    Tt27,
    #[value(name = "TT58")]
    Tt58,
}

impl From<Circular> for Regulation {
    fn from(circular: Circular) -> Regulation {
        match circular {
            Circular::Tt22 => Regulation::Tt22,
            Circular::Tt27 => Regulation::Tt27,
            Circular::Tt58 => Regulation::Tt58,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Mode {
    #[value(name = "X")]
    X,
    #[value(name = "R")]
    R,
}

impl From<Mode> for Adjustment {
    fn from(mode: Mode) -> Adjustment {
        match mode {
            Mode::X => Adjustment::IgnoreSubject,
            Mode::R => Adjustment::ReplaceByTen,
        }
    }
}

/// Status 0 when all was written; 2 when the input was wrong, and then nothing was; 1 when it could not be read or written.
pub fn run(args: Evaluate) -> ExitCode {
    if let Some(circular) = args.schema {
        return match io::stdout().lock().write_all(schema(circular.into()).as_bytes()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(e) => {
                eprintln!("khue: {e}");
                ExitCode::FAILURE
            }
        };
    }
    match evaluate(args.adjustment.into()) {
        Ok(stats) if stats.faults == 0 => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(2),
        Err(e) => {
            eprintln!("khue: {e}");
            ExitCode::FAILURE
        }
    }
}

fn evaluate(adjustment: Adjustment) -> io::Result<Stats> {
    let mut told = BufWriter::new(io::stderr());
    let mut failed = None;
    let mut tell = |fault: Fault| {
        if let Err(e) = writeln!(told, "{fault}") {
            failed.get_or_insert(e);
        }
    };
    let stdin = io::stdin();
    let out = io::stdout().lock();
    let stats = match seekable(&stdin) {
        // A file is read twice, checked and then evaluated: nothing is written of a wrong one, and nothing is stored.
        Some((file, length)) => run_checked(progress(Some(length)).wrap_read(file), out, adjustment, &mut tell)?,
        // What comes through a pipe can be read once: its answers wait in a file without a name until all is right.
        None => {
            let input = BufReader::with_capacity(1 << 18, progress(None).wrap_read(stdin.lock()));
            run_spooled(input, tempfile::tempfile()?, out, adjustment, &mut tell)?
        }
    };
    told.flush()?;
    failed.map_or(Ok(stats), Err)
}

/// Standard input as a file with its length, where it is one.
fn seekable(stdin: &io::Stdin) -> Option<(File, u64)> {
    #[cfg(unix)]
    {
        use std::os::fd::AsFd;
        let file = File::from(stdin.as_fd().try_clone_to_owned().ok()?);
        let about = file.metadata().ok()?;
        about.is_file().then_some((file, about.len()))
    }
    #[cfg(not(unix))]
    {
        let _ = stdin;
        None
    }
}

/// On standard error where that is a terminal; else nothing.
fn progress(length: Option<u64>) -> ProgressBar {
    match length {
        Some(length) => {
            let style = ProgressStyle::with_template("khue evaluate: {bar:40} {bytes}/{total_bytes} ({elapsed})");
            ProgressBar::new(length).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        }
        None => {
            let style = ProgressStyle::with_template("khue evaluate: {spinner} {bytes} ({elapsed})");
            ProgressBar::new_spinner().with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()))
        }
    }
}
