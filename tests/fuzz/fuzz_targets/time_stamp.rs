//! The token of a time-stamping authority (RFC 3161).
#![no_main]

use libfuzzer_sys::fuzz_target;
use transcript::read_time_stamp;

fuzz_target!(|bytes: &[u8]| {
    let _time = read_time_stamp(bytes, b"message");
});
