//! The contact book: the feed of a family, threads, requests for leave, preferences; for staff notices, who read them, whom it reaches.

mod adoption;
mod compose;
mod deliveries;
mod device;
mod feed;
mod leave;
mod notices;
mod preferences;
mod reports;
mod thread;
mod threads;

pub use adoption::{ClassContactPage, SchoolAdoptionPage};
pub use deliveries::DeliveriesPage;
pub use feed::FeedPage;
pub use leave::LeavePage;
pub use notices::{NoticePage, NoticesPage};
pub use preferences::PreferencesPage;
pub use reports::ReportsPage;
pub use thread::ThreadPage;
pub use threads::ThreadsPage;

use crate::format;
use crate::i18n::tx::{FEED, LEAVE, NOTICES, REPORTS, THREADS};
use crate::i18n::{t, texts};
use chrono::{DateTime, Utc};
use leptos::prelude::*;

texts! {
    PREFERENCES: "Cách nhận thông báo", "How to be told";
    ADOPTION: "Phụ huynh đã dùng", "Who has come";
    TODAY: "Hôm nay", "Today";
}

/// 14:32 today, else the day before it.
fn when(at: DateTime<Utc>) -> String {
    let text = format::instant(at);
    match text.split_once(' ') {
        Some((time, day)) if day == format::date(format::today()) => time.to_owned(),
        Some((time, day)) => format!("{day} {time}"),
        None => text,
    }
}

/// Reads a list anew when there is something new, but not under somebody who has scrolled into it.
fn fresh(again: Callback<()>) {
    crate::api::live::on_news(Callback::new(move |()| {
        if document().document_element().is_none_or(|page| page.scroll_top() < 200) {
            again.run(())
        }
    }));
}

/// A name for what one is about to send: sent again after a lost answer, it is the same thing.
fn new_key() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}

/// Drafts live in this tab alone: a shared computer keeps none.
mod draft {
    use leptos::prelude::window;

    fn storage() -> Option<web_sys::Storage> {
        window().session_storage().ok().flatten()
    }

    pub fn read(key: &str) -> Option<String> {
        storage()?.get_item(&format!("khue.draft.{key}")).ok().flatten()
    }

    pub fn keep(key: &str, text: &str) {
        let Some(storage) = storage() else { return };
        let name = format!("khue.draft.{key}");
        // Storage may be full or switched off: then the draft lives as long as the page.
        let _ = if text.is_empty() { storage.remove_item(&name) } else { storage.set_item(&name, text) };
    }
}

/// A title of the window and of the page.
fn titled(text: &str) {
    document().set_title(&format!("{text} · Khuê"));
}

/// A text of several lines.
fn area(label: &'static str, name: &'static str, value: RwSignal<String>, max: u32, fault: Signal<Option<String>>) -> AnyView {
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <textarea
                id=name name=name maxlength=max rows="4" prop:value=value
                aria-invalid=move || fault.read().is_some().then_some("true")
                on:input=move |event| value.set(event_target_value(&event))
            ></textarea>
            {move || fault.get().map(|text| view! { <p class="wrong" role="alert">{text}</p> })}
        </div>
    }
    .into_any()
}

/// The word for this day, for headings.
fn day_of(at: DateTime<Utc>) -> String {
    let day = (at + chrono::TimeDelta::hours(7)).date_naive();
    if day == format::today() { t(TODAY).to_owned() } else { format::weekday(day) }
}
