//! The door as a program of its own: signing in, and the public pages of schools; no router, nothing of what lies behind.

use crate::api::{online, session};
use crate::i18n;
use crate::pages::door::{Reset, SignIn};
use crate::pages::public::{self, PublicPage};
use leptos::prelude::*;
use leptos::task::spawn_local;

#[component]
pub fn DoorApp() -> impl IntoView {
    online::watch();
    spawn_local(session::finish_leaving());
    let resetting = window().location().pathname().is_ok_and(|path| path == "/reset");
    move || {
        i18n::track();
        if let Some(school) = public::address() {
            view! { <PublicPage school=school /> }.into_any()
        } else if resetting {
            view! { <Reset /> }.into_any()
        } else {
            view! { <SignIn /> }.into_any()
        }
    }
}
