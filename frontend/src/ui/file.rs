//! Files that the server made, handed to the browser.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Saves a file under a name.
pub fn save_as(blob: &web_sys::Blob, name: &str) {
    let Ok(url) = web_sys::Url::create_object_url_with_blob(blob) else { return };
    if let Ok(link) = document().create_element("a") {
        let _ = link.set_attribute("href", &url);
        let _ = link.set_attribute("download", name);
        if let Ok(link) = link.dyn_into::<web_sys::HtmlElement>() {
            link.click();
        }
    }
    // The browser has taken it by then.
    set_timeout(move || _ = web_sys::Url::revoke_object_url(&url), std::time::Duration::from_secs(30));
}

/// Opens a file in a tab of its own; saves it where the browser opens none.
pub fn open(blob: &web_sys::Blob, name: &str) {
    let Ok(url) = web_sys::Url::create_object_url_with_blob(blob) else { return };
    match window().open_with_url_and_target(&url, "_blank") {
        // As long as somebody may still read it there.
        Ok(Some(_)) => set_timeout(move || _ = web_sys::Url::revoke_object_url(&url), std::time::Duration::from_secs(600)),
        _ => save_as(blob, name),
    }
}
