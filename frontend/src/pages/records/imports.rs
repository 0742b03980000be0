//! Where files used to be dropped: the one door for files of every kind is `/office/imports`. Imports of class lists that were made here are still
//! read and undone at their own addresses.

use leptos::prelude::*;

#[component]
pub fn Imports() -> impl IntoView {
    Effect::new(|_| {
        let _ = window().location().replace("/office/imports");
    });
}

/// The file that was uploaded last, so that another sheet of it can be read without choosing the file again.
pub mod last {
    use dto::ImportId;
    use dto::imports::ImportQuery;
    use std::cell::RefCell;

    thread_local! {
        static LAST: RefCell<Option<(ImportId, web_sys::File, ImportQuery)>> = const { RefCell::new(None) };
    }

    pub fn keep(id: ImportId, file: web_sys::File, query: ImportQuery) {
        LAST.set(Some((id, file, query)));
    }

    /// The file of this import, while the page has not been loaded anew since.
    pub fn of(id: ImportId) -> Option<(web_sys::File, ImportQuery)> {
        LAST.with_borrow(|last| {
            last.as_ref().filter(|(of, _, _)| *of == id).map(|(_, file, query)| (file.clone(), query.clone()))
        })
    }
}
