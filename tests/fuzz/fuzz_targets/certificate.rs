//! Certificates (DER), and files of anchors (PEM or DER).
#![no_main]

use libfuzzer_sys::fuzz_target;
use transcript::{CertificateFacts, Trust};

fuzz_target!(|bytes: &[u8]| {
    let _facts = CertificateFacts::of(bytes);
    let mut trust = Trust::new();
    if trust.add_anchors(bytes).is_err() {
        assert!(trust.is_empty(), "a file that is refused leaves nothing behind");
    }
});
