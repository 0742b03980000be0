//! One file a page.

pub mod check;
pub mod contact;
pub mod door;
pub mod family;
pub mod filters;
pub mod gradebook;
pub mod home;
pub mod identity;
pub mod office;
pub mod offline;
pub mod papers;
pub mod params;
pub mod place;
pub mod progress;
pub mod public;
pub mod records;
