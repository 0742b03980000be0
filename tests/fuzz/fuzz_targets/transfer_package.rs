//! Transfer packages: the ZIP, its manifest, and that each file is as the manifest says.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _files = gradebook::packages::files(bytes);
});
