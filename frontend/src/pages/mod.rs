//! One file a page.

pub mod check;
pub mod contact;
pub mod door;
pub mod family;
pub mod gradebook;
pub mod home;
pub mod identity;
pub mod office;
pub mod offline;
pub mod papers;
pub mod params;
pub mod progress;
pub mod records;
