//! The growth tables as text, and back.
//!
//! `cargo run -p regulations --features growth --example growth_tables` prints every row as `table sex key L M S`, separated by tabs,
//! with the digits that WHO published; compare it with WHO's files. With `pack` it reads such lines and writes the packed bytes.

use regulations::preschool::growth::{Sex, rows};
use std::io::{BufRead, Write};

fn main() -> std::io::Result<()> {
    let stdout = std::io::stdout();
    let mut out = std::io::BufWriter::new(stdout.lock());
    if std::env::args().nth(1).as_deref() == Some("pack") {
        out.write_all(&pack(std::io::stdin().lock())?)?;
        return out.flush();
    }
    for (table, sex, key, row) in rows() {
        let sex = if sex == Sex::Male { "male" } else { "female" };
        writeln!(out, "{table}\t{sex}\t{key}\t{}\t{}\t{}", decimal(row.l, 4), decimal(row.m, 4), decimal(row.s, 5))?;
    }
    out.flush()
}

fn decimal(value: i32, digits: u32) -> String {
    let unit = 10u32.pow(digits);
    let (sign, value) = (if value < 0 { "-" } else { "" }, value.unsigned_abs());
    format!("{sign}{}.{:0width$}", value / unit, value % unit, width = digits as usize)
}

fn whole(text: &str, digits: usize) -> Option<i64> {
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let part = part.trim_end_matches('0');
    if part.len() > digits {
        return None;
    }
    format!("{whole}{part:0<digits$}").parse::<i64>().ok().map(|n| sign * n)
}

fn put(into: &mut Vec<u8>, value: i64) {
    let mut value = ((value << 1) ^ (value >> 63)) as u64;
    while value >= 128 {
        into.push((value & 127) as u8 | 128);
        value >>= 7;
    }
    into.push(value as u8);
}

/// A table's name and sex, its first key, and its rows.
type Read = ((String, String), i64, Vec<[i64; 3]>);

/// Lines in the order in which they are printed.
fn pack(lines: impl BufRead) -> std::io::Result<Vec<u8>> {
    let wrong = || std::io::Error::other("lines of: table, sex, key, L, M, S");
    let mut tables: Vec<Read> = Vec::new();
    for line in lines.lines() {
        let line = line?;
        let cells: Vec<&str> = line.split('\t').collect();
        let [table, sex, key, l, m, s] = cells[..] else { return Err(wrong()) };
        let key: i64 = key.parse().map_err(|_| wrong())?;
        let row = [whole(l, 4), whole(m, 4), whole(s, 5)];
        let [Some(l), Some(m), Some(s)] = row else { return Err(wrong()) };
        let name = (table.to_owned(), sex.to_owned());
        if tables.last().is_none_or(|(last, ..)| *last != name) {
            tables.push((name, key, Vec::new()));
        }
        if let Some((_, _, rows)) = tables.last_mut() {
            rows.push([l, m, s]);
        }
    }
    let mut bytes = Vec::new();
    for (_, first, rows) in tables {
        put(&mut bytes, first);
        put(&mut bytes, rows.len() as i64);
        let (mut value, mut step) = ([0; 3], [0; 3]);
        for row in rows {
            for n in 0..3 {
                let by = row[n] - value[n];
                put(&mut bytes, by - step[n]);
                step[n] = by;
            }
            value = row;
        }
    }
    Ok(bytes)
}
