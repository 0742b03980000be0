//! Records: units, calendar, classes, learners, staff, imports.

mod calendar;
mod claims;
mod classes;
mod codes;
mod duplicates;
mod growth;
mod guardians;
mod imports;
mod learners;
mod members;
mod staff;
mod subjects;
mod teaching;
mod transfers;
mod units;

use crate::routes::Routes;

pub fn configure(cfg: &mut impl Routes) {
    units::configure(cfg);
    calendar::configure(cfg);
    classes::configure(cfg);
    members::configure(cfg);
    subjects::configure(cfg);
    // Their addresses stand under the learners'.
    claims::configure(cfg);
    duplicates::configure(cfg);
    learners::configure(cfg);
    codes::configure(cfg);
    transfers::configure(cfg);
    guardians::configure(cfg);
    staff::configure(cfg);
    teaching::configure(cfg);
    imports::configure(cfg);
    growth::configure(cfg);
}
