//! Units, classes, learners, staff, imports.

pub mod class;
pub mod classes;
pub mod growth;
mod growth_chart;
pub mod growth_class;
pub mod growth_due;
pub mod import;
pub mod imports;
pub mod learner;
mod learner_forms;
pub mod learners;
pub mod pick;
pub mod staff;
pub mod subjects;
pub mod unit;
pub mod units;
