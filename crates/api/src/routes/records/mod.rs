//! Records: units, calendar, classes, learners, staff, imports.

mod calendar;
mod classes;
mod equipment;
mod facilities;
mod facility_photos;
mod finance;
mod files;
mod growth;
mod guardians;
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
    facilities::configure(cfg);
    facility_photos::configure(cfg);
    equipment::configure(cfg);
    finance::configure(cfg);
    files::configure(cfg);
}
