//! A QR code as the grey pixels of its modules: a template draws it as an image of a few hundred bytes.

use fast_qr::{ECL, QRBuilder};
use kernel::{Error, Result};
use serde::Serialize;

/// Modules without the quiet zone, which the paper around it is.
#[derive(Clone, Debug, Serialize)]
pub struct Qr {
    /// Modules a side.
    pub size: usize,
    /// `size * size` greys, row by row: 0 is black, 255 white.
    pub pixels: Vec<u8>,
}

/// `text` with level M of error correction (15 % of the code may be lost, as under a stamp).
pub fn qr(text: &str) -> Result<Qr> {
    let code = QRBuilder::new(text)
        .ecl(ECL::M)
        .build()
        .map_err(|e| Error::internal(format!("no QR code of {} bytes: {e:?}", text.len())))?;
    let dark = |x: usize, y: usize| code[y][x].value();
    let pixels = (0..code.size).flat_map(|y| (0..code.size).map(move |x| if dark(x, y) { 0 } else { 255 })).collect();
    Ok(Qr { size: code.size, pixels })
}
