//! Written by its own hands; the routes lead here.

use crate::ui::NotFound;
use leptos::prelude::*;

#[component]
pub fn MarkSheetPage() -> impl IntoView {
    view! { <NotFound /> }
}

#[component]
pub fn ConductPage() -> impl IntoView {
    view! { <NotFound /> }
}

#[component]
pub fn ResultsPage() -> impl IntoView {
    view! { <NotFound /> }
}

#[component]
pub fn ClosingPage() -> impl IntoView {
    view! { <NotFound /> }
}

#[component]
pub fn LearnerReportPage() -> impl IntoView {
    view! { <NotFound /> }
}
