//! Written by its own hands; the routes lead here.

use crate::ui::NotFound;
use leptos::prelude::*;

#[component]
pub fn ChildrenPage() -> impl IntoView {
    view! { <NotFound /> }
}

#[component]
pub fn ChildPage() -> impl IntoView {
    view! { <NotFound /> }
}
