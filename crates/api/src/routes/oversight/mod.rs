//! What a school owes others about itself, and what it takes along.

mod exchange;
mod exit;
mod reports;

use crate::routes::Routes;

/// The media type of .xlsx.
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

pub fn configure(cfg: &mut impl Routes) {
    exit::configure(cfg);
    exchange::configure(cfg);
    reports::configure(cfg);
}
