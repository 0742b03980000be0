//! Units, classes, learners, staff, imports.

pub mod class;
mod class_forms;
pub mod classes;
pub mod electives;
pub mod growth;
pub mod growth_chart;
pub mod growth_class;
pub mod growth_due;
pub mod import;
pub mod imports;
pub mod learner;
pub mod learner_forms;
mod learner_plan;
pub mod learners;
pub mod pick;
pub mod staff_forms;
pub mod staff_member;
pub mod subjects;
pub mod unit;
mod unit_forms;
pub mod units;
pub mod years;
