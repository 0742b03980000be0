//! How long `khue evaluate` takes for a province: `cargo run --release -p regulations --features ndjson --example
//! evaluate_speed [learners]`. Lines come from memory and go nowhere, so that only the evaluation is measured.

use std::fmt::Write as _;
use std::io::{self, BufReader, Read, Write};
use std::time::Instant;

use regulations::curriculum::{Requirement, offerings};
use regulations::evaluate::run;
use regulations::{Adjustment, Policy, SubjectKind, regular_count};

/// The learners of one province (Sóc Trăng, end of 2021-2022).
const PROVINCE: usize = 256_347;
const DISTINCT: usize = 2_000;

fn main() -> io::Result<()> {
    let learners = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(PROVINCE);
    let mut seed = Seed(0x9e37_79b9_7f4a_7c15);
    let lines: Vec<String> = (0..DISTINCT).map(|number| line(number, &mut seed)).collect();
    if std::env::args().any(|argument| argument == "--print") {
        let mut out = io::stdout().lock();
        return (0..learners).try_for_each(|at| out.write_all(lines[at % DISTINCT].as_bytes()));
    }
    let reader = BufReader::with_capacity(1 << 18, Cycle { lines: &lines, left: learners, at: 0, within: 0 });
    let mut written = Count(0);
    let start = Instant::now();
    let stats = run(reader, &mut written, Adjustment::IgnoreSubject, |fault| println!("{fault}"))?;
    let time = start.elapsed();
    let read: usize = lines.iter().map(String::len).sum::<usize>() / DISTINCT * learners;
    println!(
        "{} learner-years, {} faults, {} MB in, {} MB out, {:.2} s",
        stats.learners,
        stats.faults,
        read >> 20,
        written.0 >> 20,
        time.as_secs_f64()
    );
    Ok(())
}

/// Twelve subjects of grade 8, marks around a learner's own ability.
fn line(number: usize, seed: &mut Seed) -> String {
    let policy = Policy::tt22();
    let ability = 45 + seed.below(45) as i32;
    let mut text = format!(r#"{{"id":"hs{number:07}","regulation":"TT22","grade":8,"subjects":["#);
    let compulsory = offerings(8).into_iter().filter(|offering| offering.requirement == Requirement::Compulsory);
    for (at, offering) in compulsory.enumerate() {
        let kind = offering.kind();
        let kind_text = if kind == SubjectKind::Score { "score" } else { "comment" };
        let comma = if at == 0 { "" } else { "," };
        let (code, periods) = (offering.subject.code, offering.annual_periods);
        let _ = write!(text, r#"{comma}{{"code":"{code}","kind":"{kind_text}","annual_periods":{periods}"#);
        for semester in 1..=2 {
            let mut cell = || match kind {
                SubjectKind::Comment if seed.below(200) == 0 => "\"CĐ\"".to_owned(),
                SubjectKind::Comment => "\"Đ\"".to_owned(),
                SubjectKind::Score => {
                    let tenths = (ability + seed.below(30) as i32 - 12).clamp(0, 100);
                    if tenths % 10 == 0 { format!("\"{}\"", tenths / 10) } else { format!("\"{}.{}\"", tenths / 10, tenths % 10) }
                }
            };
            let regular: Vec<_> = (0..regular_count(periods, kind, &policy)).map(|_| cell()).collect();
            let (midterm, last) = (cell(), cell());
            let regular = regular.join(",");
            let _ = write!(text, r#","semester{semester}":{{"regular":[{regular}],"midterm":{midterm},"final":{last}}}"#);
        }
        text.push('}');
    }
    let absences = seed.below(20);
    let _ = writeln!(text, r#"],"conduct":{{"semester1":"Tốt","semester2":"Khá"}},"absences":{absences}}}"#);
    text
}

struct Seed(u64);

impl Seed {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}

/// The lines, again and again.
struct Cycle<'l> {
    lines: &'l [String],
    left: usize,
    at: usize,
    within: usize,
}

impl Read for Cycle<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while filled < into.len() && self.left > 0 {
            let rest = &self.lines[self.at].as_bytes()[self.within..];
            let length = rest.len().min(into.len() - filled);
            into[filled..filled + length].copy_from_slice(&rest[..length]);
            filled += length;
            self.within += length;
            if length == rest.len() {
                self.within = 0;
                self.at = (self.at + 1) % self.lines.len();
                self.left -= 1;
            }
        }
        Ok(filled)
    }
}

struct Count(usize);

impl Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
