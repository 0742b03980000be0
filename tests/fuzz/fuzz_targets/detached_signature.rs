//! A detached CMS signature over a file: a transfer package's seal.
#![no_main]

use chrono::DateTime;
use libfuzzer_sys::fuzz_target;
use transcript::{Trust, verify_file};

fuzz_target!(|bytes: &[u8]| {
    let report = verify_file(b"manifest", bytes, "manifest.json", &Trust::new(), DateTime::UNIX_EPOCH);
    assert!(!report.valid, "nobody is trusted here");
});
