//! Records: units, calendar, classes, learners, staff.

mod bucket;
mod calendar;
mod classes;
mod equipment;
mod figures;
mod files;
pub mod file_imports;
mod duplicates;
mod consents;
pub mod growth;
mod guardians;
mod health;
mod imports;
mod learners;
mod members;
mod quality;
mod network;
mod one_record;
mod reach;
mod staff;
mod staff_load;
mod staff_records;
mod subjects;
mod trainings;
mod units;
