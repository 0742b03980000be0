use leptos::prelude::*;
#[component]
pub fn LearnerReportPage() -> impl IntoView { view! { <p></p> } }
