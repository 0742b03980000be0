//! Records: units, calendar, classes, learners, staff.

mod calendar;
mod classes;
pub mod growth;
mod guardians;
mod imports;
mod learners;
mod members;
mod network;
mod reach;
mod staff;
mod subjects;
mod units;
