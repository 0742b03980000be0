//! Kinds of imports of this floor: marks of a sheet, terms and years at former schools, what a round of health checks found in a class. All else about imports is
//! `records::imports::kinds`.

mod former;
mod health;
mod marks;
mod who;
mod years;

use records::imports::kinds::Kind;

/// The kinds of this floor.
pub fn kinds() -> Vec<Box<dyn Kind>> {
    vec![Box::new(marks::Marks), Box::new(former::FormerResults), Box::new(years::FormerYears), Box::new(health::HealthChecks)]
}
