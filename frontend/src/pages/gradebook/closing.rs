use leptos::prelude::*;
#[component]
pub fn ClosingPage() -> impl IntoView { view! { <p></p> } }
