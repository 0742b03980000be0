//! Records: units, calendar, classes, learners, staff.

mod calendar;
mod classes;
mod consents;
pub mod growth;
mod guardians;
mod health;
mod imports;
mod learners;
mod members;
mod reach;
mod staff;
mod subjects;
mod units;
