//! Records: units, calendar, classes, learners, staff.

mod bucket;
mod calendar;
mod classes;
mod equipment;
mod facility_photos;
mod figures;
pub mod files;
pub mod growth;
mod guardians;
mod imports;
mod learners;
mod members;
mod reach;
mod staff;
mod subjects;
mod units;
