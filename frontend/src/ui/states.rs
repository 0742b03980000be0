//! Empty, loading, failed, offline: every page has them.

use super::{Button, Icon, icon};
use crate::api::{ApiError, online};
use crate::i18n::{t, tx};
use leptos::prelude::*;

/// Nothing here yet: what it means and what to do next.
#[component]
pub fn Empty(
    #[prop(into)] title: String,
    #[prop(optional, into)] text: String,
    #[prop(optional, into)] glyph: Option<Icon>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            {icon(glyph.unwrap_or(Icon::Table))}
            <h2>{title}</h2>
            {(!text.is_empty()).then(|| view! { <p>{text}</p> })}
            {children.map(|children| children())}
        </div>
    }
    .into_any()
}

/// What a page of one school shows until a school is chosen.
pub fn choose_school() -> AnyView {
    view! { <div class="panel"><Empty title=t(tx::PICK_SCHOOL) text=t(tx::PICK_SCHOOL_HOW) glyph=Icon::Home /></div> }.into_any()
}

/// Grey bones where data will be.
#[component]
pub fn Bones(#[prop(default = 6)] lines: usize) -> impl IntoView {
    view! {
        <div class="bones" role="status">
            <span class="sr">{t(tx::LOADING)}</span>
            {(0..lines).map(|_| view! { <i></i> }).collect_view()}
        </div>
    }
    .into_any()
}

/// What failed, in words, with the request's id for support and a way to try again.
#[component]
pub fn Fault(error: ApiError, #[prop(optional, into)] retry: Option<Callback<()>>) -> impl IntoView {
    if error.status() == Some(404) {
        return view! { <NotFound /> }.into_any();
    }
    if error.status() == Some(403) {
        // Trying again changes nothing, and nothing failed: who may is told instead of what to report.
        return view! { <Empty title=t(tx::CLOSED_TITLE) text=format!("{} {}", error.text(), t(tx::CLOSED_TEXT)) glyph=Icon::Lock /> }.into_any();
    }
    let glyph = if matches!(error, ApiError::Offline) { Icon::Wifi } else { Icon::Alert };
    view! {
        <div class="fault" role="alert">
            {icon(glyph)}
            <h2>{t(tx::FAULT_TITLE)}</h2>
            <p>{error.text()}</p>
            {error.request_id().map(|id| view! { <p class="quiet">{t(tx::REQUEST_ID)}" "<code>{id.to_owned()}</code></p> })}
            {retry.map(|retry| view! { <Button label=t(tx::RETRY) glyph=Icon::Undo on_press=retry /> })}
        </div>
    }
    .into_any()
}

#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <Empty title=t(tx::NOT_FOUND_TITLE) text=t(tx::NOT_FOUND_TEXT) glyph=Icon::Search>
            <a href="/" class="btn">{t(tx::GO_HOME)}</a>
        </Empty>
    }
    .into_any()
}

/// Stands on top while the server cannot be reached.
#[component]
pub fn OfflineBanner(
    /// There are pages that go on without a line.
    #[prop(optional)]
    inside: bool,
) -> impl IntoView {
    let (text, way) = if inside { (tx::OFFLINE_INSIDE, true) } else { (tx::OFFLINE_BANNER, false) };
    view! {
        <div role="status">
            {move || (!online::is()).then(|| view! { <p class="offline">{icon(Icon::Wifi)}<span>{t(text)}</span>{way.then(|| view! { <a href="/offline">{t(tx::OFFLINE_LOOK)}</a> })}</p> })}
        </div>
    }
}
