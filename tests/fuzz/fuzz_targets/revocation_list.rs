//! Lists of revoked certificates (PEM or DER).
#![no_main]

use libfuzzer_sys::fuzz_target;
use transcript::Trust;

fuzz_target!(|bytes: &[u8]| {
    let _added = Trust::new().add_revocation_list(bytes);
});
