//! `khue evaluate`: learner-years as JSON, one a line, in the order of the input, in constant memory.
//!
//! The shapes are those of the command-line contracts, and of [`schema`]; lines of different circulars may follow each other. [`run`] stops writing at the first fault but goes on checking, so
//! that every fault is told; a caller that must write nothing at all on a fault uses [`run_checked`]
//! for an input that is a file, and [`run_spooled`] for a pipe.

mod diagnose;
mod input;
mod output;
mod schema;
mod tt27;
mod tt58;

pub use schema::schema;

use serde::Deserialize;
use std::borrow::Cow;
use std::fmt;
use std::io::{self, BufRead, Read, Seek, SeekFrom, Write};

use crate::policy::{Adjustment, Policy, Regulation};

/// The longest line that is read, in bytes; a learner-year of twelve subjects has about 3,000.
pub const MAX_LINE: usize = 1 << 20;

/// Something wrong in the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The line, from 1.
    pub line: u64,
    /// Where in the line, such as `subjects[1].semester1.midterm`; empty for the line as a whole.
    pub field: String,
    /// What was expected there.
    pub expected: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let field = if self.field.is_empty() { "the line" } else { &self.field };
        write!(f, "line {}: {field}: expected {}", self.line, self.expected)
    }
}

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Learner-years read without a fault.
    pub learners: u64,
    /// Faults told.
    pub faults: u64,
}

/// Evaluates each line of `reader` and writes a line to `writer`. Blank lines are passed over.
///
/// Each fault is given to `on_fault` at once. From the first on nothing more is written, but what came before has been:
/// the writer has to be one whose content can still be thrown away.
pub fn run(
    reader: impl BufRead,
    mut writer: impl Write,
    adjustment: Adjustment,
    on_fault: impl FnMut(Fault),
) -> io::Result<Stats> {
    let policy = Policy { adjustment, ..Policy::tt22() };
    let primary = Policy::tt27();
    let mut out = Vec::with_capacity(16384);
    let stats = each(reader, on_fault, |line| {
        out.clear();
        match line {
            LearnerYear::Tt22(learner) => output::write(learner, &policy, &mut out),
            LearnerYear::Tt27(learner) => tt27::write(learner, &primary, &mut out),
            LearnerYear::Tt58(learner) => tt58::write(learner, &mut out),
        }
        writer.write_all(&out)
    })?;
    writer.flush()?;
    Ok(stats)
}

/// Reads and checks as [`run`] does, and evaluates nothing: the first of two passes over an input that can be read again.
pub fn check(reader: impl BufRead, on_fault: impl FnMut(Fault)) -> io::Result<Stats> {
    each(reader, on_fault, |_| Ok(()))
}

/// A line without a fault, by its regulation.
enum LearnerYear<'l> {
    Tt22(input::Learner<'l>),
    Tt27(tt27::Learner<'l>),
    Tt58(tt58::Learner),
}

/// The circular that a line names; where it names none that is known, it is read as one of TT 22/2021, which says what is wrong.
fn circular(line: &[u8]) -> Regulation {
    #[derive(Deserialize)]
    struct Which<'a> {
        #[serde(borrow)]
        regulation: Cow<'a, str>,
    }
    let of = |name: &[u8]| match name {
        b"TT27" => Regulation::Tt27,
        b"TT58" => Regulation::Tt58,
        _ => Regulation::Tt22,
    };
    // Lines usually name their circular at once. A quote inside a string is escaped, so this can only be the key.
    const NEAR: usize = 256;
    const KEY: &[u8] = b"\"regulation\":\"";
    let near = &line[..line.len().min(NEAR)];
    if let Some(at) = near.windows(KEY.len()).position(|part| part == KEY) {
        let value = &near[at + KEY.len()..];
        if let Some(end) = value.iter().position(|byte| *byte == b'"') {
            return of(&value[..end]);
        }
    }
    serde_json::from_slice::<input::Object<Which<'_>>>(line).map_or(Regulation::Tt22, |which| of(which.regulation.as_bytes()))
}

/// Calls `good` with each learner until there is a fault.
fn each(
    mut reader: impl BufRead,
    mut on_fault: impl FnMut(Fault),
    mut good: impl FnMut(&LearnerYear<'_>) -> io::Result<()>,
) -> io::Result<Stats> {
    let mut stats = Stats::default();
    let mut line = Vec::with_capacity(8192);
    let mut number = 0;
    loop {
        let read = read_line(&mut reader, &mut line)?;
        if read == Reading::End {
            break;
        }
        number += 1;
        let faultless = stats.faults == 0;
        let mut tell = |field: String, expected: String| {
            stats.faults += 1;
            on_fault(Fault { line: number, field, expected });
        };
        if read == Reading::TooLong {
            tell(String::new(), format!("a line of at most {MAX_LINE} bytes"));
            continue;
        }
        let content = trimmed(&line, number == 1);
        if content.is_empty() {
            continue;
        }
        let circular = circular(content);
        let read = match circular {
            Regulation::Tt58 => tt58::read(content, &mut tell).map(LearnerYear::Tt58).ok_or(None),
            Regulation::Tt27 => tt27::read(content).map(LearnerYear::Tt27).map_err(Some),
            Regulation::Tt22 => input::read(content).map(LearnerYear::Tt22).map_err(Some),
        };
        match read {
            // Its faults have been told.
            Err(None) => {}
            Ok(learner) => {
                stats.learners += 1;
                if faultless {
                    good(&learner)?;
                }
            }
            Err(Some(refused)) => {
                let mut told = false;
                let diagnose = if circular == Regulation::Tt27 { tt27::diagnose } else { diagnose::diagnose };
                diagnose(content, &mut |field, expected| {
                    told = true;
                    tell(field, expected);
                });
                if !told {
                    tell(String::new(), refused);
                }
            }
        }
    }
    Ok(stats)
}

/// As [`run`], but checks all of `input` before it evaluates and writes anything: for an input that is a file, and
/// quicker than a spool. Reads from where `input` stands.
pub fn run_checked(
    mut input: impl Read + Seek,
    writer: impl Write,
    adjustment: Adjustment,
    mut on_fault: impl FnMut(Fault),
) -> io::Result<Stats> {
    let start = input.stream_position()?;
    let stats = check(io::BufReader::with_capacity(1 << 18, &mut input), &mut on_fault)?;
    if stats.faults > 0 {
        return Ok(stats);
    }
    input.seek(SeekFrom::Start(start))?;
    let writer = io::BufWriter::with_capacity(1 << 18, writer);
    run(io::BufReader::with_capacity(1 << 18, input), writer, adjustment, on_fault)
}

/// As [`run`], but writes to `spool` first and copies to `writer` only if there was no fault. `spool` is an empty file.
pub fn run_spooled(
    reader: impl BufRead,
    mut spool: impl Read + Write + Seek,
    mut writer: impl Write,
    adjustment: Adjustment,
    on_fault: impl FnMut(Fault),
) -> io::Result<Stats> {
    let stats = run(reader, io::BufWriter::with_capacity(1 << 18, &mut spool), adjustment, on_fault)?;
    if stats.faults == 0 {
        spool.seek(SeekFrom::Start(0))?;
        io::copy(&mut spool, &mut writer)?;
        writer.flush()?;
    }
    Ok(stats)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    Line,
    TooLong,
    End,
}

/// Reads one line without its end into `line`. Of a line that is too long, the rest is passed over.
fn read_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<Reading> {
    line.clear();
    let read = reader.by_ref().take(MAX_LINE as u64 + 1).read_until(b'\n', line)?;
    if read == 0 {
        return Ok(Reading::End);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
        return Ok(Reading::Line);
    }
    if read <= MAX_LINE {
        return Ok(Reading::Line);
    }
    loop {
        let (end, length) = {
            let block = match reader.fill_buf() {
                Ok(block) => block,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            match block.iter().position(|byte| *byte == b'\n') {
                Some(at) => (true, at + 1),
                None => (block.is_empty(), block.len()),
            }
        };
        reader.consume(length);
        if end {
            return Ok(Reading::TooLong);
        }
    }
}

fn trimmed(line: &[u8], first: bool) -> &[u8] {
    let line = if first { line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line) } else { line };
    line.trim_ascii()
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_more;
#[cfg(test)]
mod tests_tt27;
#[cfg(test)]
mod tests_tt58;
