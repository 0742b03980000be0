//! The check of transcripts as a program of its own: for anybody, with no account and no router.

use crate::api::online;
use crate::i18n;
use crate::pages::check::CheckPage;
use leptos::prelude::*;

#[component]
pub fn CheckApp() -> impl IntoView {
    online::watch();
    move || {
        i18n::track();
        view! { <CheckPage /> }
    }
}
