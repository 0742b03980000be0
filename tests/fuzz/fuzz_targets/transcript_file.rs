//! A signed transcript, XML or PDF: what is said of any bytes, and that what is read is written again as it was.
#![no_main]

use chrono::DateTime;
use libfuzzer_sys::fuzz_target;
use transcript::{Trust, parse, verify};

fuzz_target!(|bytes: &[u8]| {
    let report = verify(bytes, &Trust::new(), DateTime::UNIX_EPOCH);
    assert!(!report.valid, "nobody is trusted here");
    if let Ok(document) = parse(bytes) {
        let written = document.to_xml();
        let again = parse(&written).expect("what we write, we read");
        assert_eq!(again.to_xml(), written);
    }
});
