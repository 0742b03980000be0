//! Records: units, calendar, classes, learners, staff, imports.

mod calendar;
mod classes;
mod consents;
mod growth;
mod guardians;
mod health;
mod imports;
mod learners;
mod members;
mod staff;
mod subjects;
mod teaching;
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
    health::configure(cfg);
    consents::configure(cfg);
}
