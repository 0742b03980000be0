//! The reader of PDF files: objects, the signature's byte range, the attached XML.
#![no_main]

use libfuzzer_sys::fuzz_target;
use transcript::pdf::Pdf;

fuzz_target!(|bytes: &[u8]| {
    let Ok(pdf) = Pdf::open(bytes) else { return };
    let (_at, _trailer) = pdf.newest();
    let _catalog = pdf.catalog();
    let _page = pdf.first_page();
    let _signature = pdf.signature();
    let _attachment = pdf.attachment();
    for number in 0..64 {
        let _object = pdf.object(number);
    }
});
