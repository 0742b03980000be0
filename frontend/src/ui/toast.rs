//! Short words at the bottom: it is done, and it can be undone.

use super::{Icon, icon};
use crate::i18n::{t, tx};
use leptos::prelude::*;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

type Undo = Arc<dyn Fn() + Send + Sync>;

#[derive(Clone)]
struct Toast {
    id: u32,
    text: String,
    undo: Option<Undo>,
}

static TOASTS: LazyLock<ArcRwSignal<Vec<Toast>>> = LazyLock::new(|| ArcRwSignal::new(Vec::new()));

/// Says something for some seconds.
pub fn say(text: impl Into<String>) {
    push(text.into(), None);
}

/// Says what was done and offers to undo it.
pub fn with_undo(text: impl Into<String>, undo: impl Fn() + Send + Sync + 'static) {
    push(text.into(), Some(Arc::new(undo)));
}

fn push(text: String, undo: Option<Undo>) {
    let seconds = if undo.is_some() { 12 } else { 5 };
    let mut id = 0;
    TOASTS.update(|toasts| {
        id = toasts.iter().map(|t| t.id).max().unwrap_or(0) + 1;
        // Old ones make room.
        if toasts.len() > 2 {
            toasts.remove(0);
        }
        toasts.push(Toast { id, text, undo });
    });
    set_timeout(move || drop_toast(id), Duration::from_secs(seconds));
}

fn drop_toast(id: u32) {
    TOASTS.update(|toasts| toasts.retain(|t| t.id != id));
}

/// The place where they appear; once, in the shell.
#[component]
pub fn Toasts() -> impl IntoView {
    let toasts = TOASTS.clone();
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <For each=move || toasts.get() key=|toast| toast.id let(toast)>
                {
                    let Toast { id, text, undo } = toast;
                    view! {
                        <div class="toast">
                            <span class="grow">{text}</span>
                            {undo.map(|undo| view! { <button type="button" on:click=move |_| { undo(); drop_toast(id) }>{t(tx::UNDO)}</button> })}
                            <button type="button" class="icon-only" aria-label=t(tx::CLOSE) on:click=move |_| drop_toast(id)>{icon(Icon::Cross)}</button>
                        </div>
                    }
                }
            </For>
        </div>
    }
}
