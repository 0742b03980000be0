//! Papers: what is drawn, and what stands in it; what is signed, and how anybody checks it.

pub mod attest;
mod rendering;

use std::io::Write;
use std::process::Command;

/// What one of poppler's tools says of a PDF.
pub fn ask(tool: &str, before: &[&str], pdf: &[u8], after: &[&str]) -> String {
    let mut file = tempfile::NamedTempFile::with_suffix(".pdf").unwrap();
    file.write_all(pdf).unwrap();
    let said = Command::new(tool).args(before).arg(file.path()).args(after).output().unwrap();
    assert!(said.status.success(), "{tool}: {}", String::from_utf8_lossy(&said.stderr));
    String::from_utf8(said.stdout).unwrap()
}

/// The words of a PDF, in the order of the page, with single spaces.
pub fn words(pdf: &[u8]) -> String {
    ask("pdftotext", &["-raw"], pdf, &["-"]).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How many pages it has.
pub fn pages(pdf: &[u8]) -> usize {
    let said = ask("pdfinfo", &[], pdf, &[]);
    said.lines().find_map(|line| line.strip_prefix("Pages:")).unwrap().trim().parse().unwrap()
}
