//! The pages of Khuê: a single-page application that knows the API and nothing else.
//!
//! Seven programs stand on this crate. [`door`] is what a person meets first: signing in, and what a school shows to anybody, alone and
//! light. Behind it, [`family`] is what guardians and learners see, for phones on slow lines, [`inside`] is what teachers work with,
//! [`people`] who there is (learners, staff, accounts, units), [`office`] how a school is run, and [`papers`] transcripts and signing,
//! for staff and families. [`check`] is for anybody: whether a transcript in hand is genuine. What is behind the door comes while the
//! password is typed, and the browser keeps it.
//!
//! `api` is the only module that does HTTP, `ui` holds small parts that fetch nothing, `pages` one file a page, `offline` what the
//! device keeps.

pub mod api;
pub mod app;
pub mod app_check;
pub mod app_door;
pub mod format;
pub mod i18n;
pub mod keys;
pub mod offline;
pub mod pages;
pub mod prefs;
pub mod shell;
pub mod state;
pub mod tree;
pub mod ui;

/// Starts the pages behind the door.
pub fn inside() {
    start(app::App);
}

/// Starts the pages of families.
pub fn family() {
    start(app::FamilyApp);
}

/// Starts the pages of papers.
pub fn papers() {
    start(app::PapersApp);
}

/// Starts the pages of who there is: learners, staff, accounts, units.
pub fn people() {
    start(app::PeopleApp);
}

/// Starts the pages of how a school is run.
pub fn office() {
    start(app::OfficeApp);
}

/// Starts the check of transcripts.
pub fn check() {
    start(app_check::CheckApp);
}

/// Starts the door.
pub fn door() {
    start(app_door::DoorApp);
}

fn start<V: leptos::prelude::IntoView + 'static>(app: fn() -> V) {
    console_error_panic_hook::set_once();
    prefs::start();
    leptos::mount::mount_to_body(app);
    // The splash of index.html has done its work.
    if let Some(body) = leptos::prelude::document().body() {
        let _ = body.class_list().add_1("mounted");
    }
}
