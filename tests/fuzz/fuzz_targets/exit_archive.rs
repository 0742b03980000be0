//! Exports of a school that another installation takes in: the ZIP, its manifest and its parts.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _school = oversight::exit::school(bytes);
    let _parts = oversight::exit::parts(bytes);
});
