//! Key stores (PKCS#12).
#![no_main]

use documents::signing::SoftwareSigner;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _signer = SoftwareSigner::from_pkcs12(bytes, "mật khẩu");
});
