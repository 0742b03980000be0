//! Where a file is dropped, or chosen by a press or by the keyboard.

use super::{Icon, icon, toast};
use crate::i18n::{t, texts};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

texts! {
    ONE: "Mỗi lần một tệp: chỉ nhận tệp đầu tiên.", "One file at a time: only the first is taken.";
}

/// A field for one file. The input of the browser lies in it, out of sight but not out of reach: Tab gets there, Enter and Space open
/// the choice of files, and a screen reader says `title` as its name and `text` as what it is for.
#[component]
pub fn DropZone(
    /// Unique on the page.
    name: &'static str,
    title: &'static str,
    text: &'static str,
    /// Said instead of `text` while `busy`.
    #[prop(optional)]
    working: &'static str,
    /// As the browser's `accept`; the server looks at the file itself.
    accept: &'static str,
    /// A file is on its way; another one is not taken.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// A file stays on this thread.
    on_file: UnsyncCallback<web_sys::File>,
) -> impl IntoView {
    let over = RwSignal::new(false);
    let input = NodeRef::<html::Input>::new();
    let take = move |files: Option<web_sys::FileList>| {
        let Some(files) = files.filter(|_| !busy.get_untracked()) else { return };
        if files.length() > 1 {
            toast::say(t(ONE));
        }
        if let Some(file) = files.get(0) {
            on_file.run(file);
        }
    };
    // A file that falls beside the field is not opened in place of the page.
    for event in ["dragover", "drop"] {
        let stop = window_event_listener_untyped(event, |event| {
            if brings_files(&event) {
                event.prevent_default();
            }
        });
        on_cleanup(move || stop.remove());
    }
    let (title_id, text_id) = (format!("{name}-title"), format!("{name}-text"));
    view! {
        <label
            class="drop" class:over=over class:busy=busy aria-busy=move || busy.get().then_some("true")
            on:dragover=move |event| { event.prevent_default(); over.set(!busy.get_untracked()) }
            on:dragleave=move |_| over.set(false)
            on:drop=move |event| {
                event.prevent_default();
                over.set(false);
                take(event.data_transfer().and_then(|data| data.files()));
            }
        >
            {icon(Icon::Upload)}
            <b id=title_id.clone()>{title}</b>
            <span id=text_id.clone() role="status">{move || if busy.get() && !working.is_empty() { working } else { text }}</span>
            <input
                node_ref=input id=name class="sr" type="file" accept=accept aria-labelledby=title_id aria-describedby=text_id
                on:click=move |event| {
                    // Not disabled: whoever stands here with the keyboard would lose their place.
                    if busy.get_untracked() {
                        event.prevent_default();
                    }
                }
                on:change=move |_| {
                    let Some(input) = input.get_untracked() else { return };
                    take(input.files());
                    // The same file may be chosen again after it was corrected.
                    input.set_value("");
                }
            />
        </label>
    }
    .into_any()
}

/// Whether files are dragged, and not a text.
fn brings_files(event: &web_sys::Event) -> bool {
    let data = event.dyn_ref::<web_sys::DragEvent>().and_then(|event| event.data_transfer());
    data.is_some_and(|data| data.types().includes(&"Files".into(), 0))
}
