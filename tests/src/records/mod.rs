//! Records: units, calendar, classes, learners, staff.

mod calendar;
mod classes;
mod duplicates;
pub mod growth;
mod guardians;
mod imports;
mod learners;
mod members;
mod one_record;
mod reach;
mod staff;
mod subjects;
mod units;
