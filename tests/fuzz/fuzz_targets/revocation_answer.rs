//! A responder's answer whether a certificate is revoked (OCSP, RFC 6960).
#![no_main]

use libfuzzer_sys::fuzz_target;
use transcript::Trust;

fuzz_target!(|bytes: &[u8]| {
    let _added = Trust::new().add_revocation_answer(bytes);
});
