//! Kinds of imports of this floor: marks of a sheet, and results that a former school gave. All else about imports is
//! `records::imports::kinds`.

mod former;
mod marks;
mod who;

use records::imports::kinds::Kind;

/// The kinds of this floor.
pub fn kinds() -> Vec<Box<dyn Kind>> {
    vec![Box::new(marks::Marks), Box::new(former::FormerResults)]
}
