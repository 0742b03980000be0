//! One file a page.

pub mod door;
pub mod family;
pub mod gradebook;
pub mod home;
pub mod identity;
pub mod offline;
pub mod params;
pub mod records;
