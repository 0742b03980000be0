//! The pages of Khuê: a single-page application that knows the API and nothing else.
//!
//! `api` is the only module that does HTTP, `ui` holds small parts that fetch nothing, `pages` one file a page.

mod api;
mod app;
mod format;
mod i18n;
mod pages;
mod prefs;
mod shell;
mod state;
mod ui;

fn main() {
    console_error_panic_hook::set_once();
    prefs::start();
    leptos::mount::mount_to_body(app::App);
    // The splash of index.html has done its work.
    if let Some(body) = leptos::prelude::document().body() {
        let _ = body.class_list().add_1("mounted");
    }
}
