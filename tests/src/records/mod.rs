//! Records: units, calendar, classes, learners, staff.

mod bucket;
mod calendar;
mod classes;
mod consents;
mod duplicates;
mod equipment;
mod facility_photos;
mod figures;
pub mod file_imports;
pub mod files;
pub mod growth;
mod guardians;
mod health;
mod imports;
mod learners;
mod members;
mod network;
mod one_record;
mod quality;
mod reach;
mod staff;
mod staff_load;
mod staff_records;
mod subjects;
mod teaching_plans;
mod trainings;
mod units;
