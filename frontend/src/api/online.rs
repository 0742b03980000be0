//! Whether the server can be reached, as the browser and the last call saw it.

use leptos::prelude::*;
use std::sync::LazyLock;
use wasm_bindgen::prelude::*;

static ONLINE: LazyLock<ArcRwSignal<bool>> = LazyLock::new(|| ArcRwSignal::new(true));

/// Tracked: the last call was answered and the browser believes that it has a line.
pub fn is() -> bool {
    ONLINE.get()
}

pub(super) fn set(online: bool) {
    if ONLINE.get_untracked() != online {
        ONLINE.set(online);
    }
}

/// Listens to the browser's own events.
pub fn watch() {
    for (event, online) in [("online", true), ("offline", false)] {
        let heard = Closure::<dyn Fn()>::new(move || set(online));
        let _ = window().add_event_listener_with_callback(event, heard.as_ref().unchecked_ref());
        heard.forget();
    }
    set(window().navigator().on_line());
}
