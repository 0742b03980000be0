use leptos::prelude::*;
#[component]
pub fn ResultsPage() -> impl IntoView { view! { <p></p> } }
