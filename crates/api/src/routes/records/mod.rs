//! Records: units, calendar, classes, learners, staff, imports.

mod calendar;
mod claims;
mod classes;
mod codes;
mod consents;
mod duplicates;
mod equipment;
mod facilities;
mod facility_photos;
mod file_imports;
mod files;
mod finance;
mod growth;
mod guardians;
mod health;
mod imports;
mod learners;
mod members;
mod network;
mod publications;
mod quality;
mod rooms;
mod staff;
mod staff_load;
mod staff_records;
mod subjects;
mod teaching;
mod teaching_plans;
mod trainings;
mod transfers;
mod units;

use crate::routes::Routes;

pub fn configure(cfg: &mut impl Routes) {
    units::configure(cfg);
    network::configure(cfg);
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
    staff_records::configure(cfg);
    staff_load::configure(cfg);
    trainings::configure(cfg);
    teaching::configure(cfg);
    imports::configure(cfg);
    file_imports::configure(cfg);
    quality::configure(cfg);
    growth::configure(cfg);
    facilities::configure(cfg);
    facility_photos::configure(cfg);
    rooms::configure(cfg);
    equipment::configure(cfg);
    finance::configure(cfg);
    files::configure(cfg);
    health::configure(cfg);
    consents::configure(cfg);
    publications::configure(cfg);
    teaching_plans::configure(cfg);
}
