//! The table.

use crate::load::Measured;
use std::time::Duration;

#[derive(Default)]
pub struct Table(Vec<[String; 11]>);

const HEAD: [&str; 11] =
    ["call", "clients", "req/s", "p50 ms", "p99 ms", "CPU ms", "RSS MB", "raw req/s", "raw p50", "raw CPU", "CPU ratio"];

fn millis(of: Duration) -> String {
    let ms = of.as_secs_f64() * 1000.0;
    if ms < 10.0 { format!("{ms:.2}") } else { format!("{ms:.0}") }
}

impl Table {
    pub fn add(&mut self, call: &str, clients: usize, measured: &Measured, ceiling: Option<&Measured>) {
        let ratio = |raw: &Measured| {
            let raw = raw.cpu.as_secs_f64();
            if raw > 0.0 { format!("{:.1}", measured.cpu.as_secs_f64() / raw) } else { "-".to_owned() }
        };
        let name = match measured.failures {
            0 => call.to_owned(),
            n => format!("{call} ({n} of {} failed)", measured.requests),
        };
        self.0.push([
            name,
            clients.to_string(),
            format!("{:.0}", measured.per_second),
            millis(measured.p50),
            millis(measured.p99),
            millis(measured.cpu),
            measured.memory.map_or_else(String::new, |mb| format!("{mb:.0}")),
            ceiling.map_or_else(|| "-".to_owned(), |raw| format!("{:.0}", raw.per_second)),
            ceiling.map_or_else(|| "-".to_owned(), |raw| millis(raw.p50)),
            ceiling.map_or_else(|| "-".to_owned(), |raw| millis(raw.cpu)),
            ceiling.map_or_else(|| "-".to_owned(), ratio),
        ]);
    }

    pub fn print(&self) {
        let width =
            |column: usize| self.0.iter().map(|row| row[column].chars().count()).chain([HEAD[column].len()]).max().unwrap_or(0);
        let widths: Vec<usize> = (0..HEAD.len()).map(width).collect();
        let line = |cells: &[&str]| {
            let padded: Vec<String> = cells
                .iter()
                .zip(&widths)
                .enumerate()
                .map(|(i, (cell, width))| if i == 0 { format!("{cell:<width$}") } else { format!("{cell:>width$}") })
                .collect();
            println!("{}", padded.join("  "));
        };
        line(&HEAD);
        for row in &self.0 {
            line(&row.each_ref().map(String::as_str));
        }
    }
}
