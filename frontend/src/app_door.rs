//! The door as a program of its own: two addresses, no router, nothing of what lies behind.

use crate::api::{online, session};
use crate::i18n;
use crate::pages::door::{Reset, SignIn};
use leptos::prelude::*;
use leptos::task::spawn_local;

#[component]
pub fn DoorApp() -> impl IntoView {
    online::watch();
    spawn_local(session::finish_leaving());
    let resetting = window().location().pathname().is_ok_and(|path| path == "/reset");
    move || {
        i18n::track();
        if resetting { view! { <Reset /> }.into_any() } else { view! { <SignIn /> }.into_any() }
    }
}
