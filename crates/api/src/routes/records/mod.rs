//! Records: units, calendar, classes, learners, staff, imports.

mod calendar;
mod classes;
mod files;
mod growth;
mod guardians;
mod imports;
mod learners;
mod members;
mod staff;
mod subjects;
mod teaching;
mod teaching_plans;
mod units;

use crate::routes::Routes;

pub fn configure(cfg: &mut impl Routes) {
    units::configure(cfg);
    calendar::configure(cfg);
    classes::configure(cfg);
    members::configure(cfg);
    subjects::configure(cfg);
    learners::configure(cfg);
    guardians::configure(cfg);
    staff::configure(cfg);
    teaching::configure(cfg);
    imports::configure(cfg);
    growth::configure(cfg);
    files::configure(cfg);
    teaching_plans::configure(cfg);
}
