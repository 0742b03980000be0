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

/// What stands there, the oldest first.
#[derive(Clone, Default)]
struct Stack {
    /// The last id given. None is given twice: the timer of one that was closed by hand still comes, and would take a later one away.
    last: u32,
    toasts: Vec<Toast>,
}

impl Stack {
    /// As many as stand at once; old ones make room.
    const MOST: usize = 3;

    fn push(&mut self, text: String, undo: Option<Undo>) -> u32 {
        self.last += 1;
        if self.toasts.len() == Stack::MOST {
            self.toasts.remove(0);
        }
        self.toasts.push(Toast { id: self.last, text, undo });
        self.last
    }

    fn drop(&mut self, id: u32) {
        self.toasts.retain(|toast| toast.id != id);
    }
}

static TOASTS: LazyLock<ArcRwSignal<Stack>> = LazyLock::new(|| ArcRwSignal::new(Stack::default()));

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
    TOASTS.update(|stack| id = stack.push(text, undo));
    set_timeout(move || drop_toast(id), Duration::from_secs(seconds));
}

fn drop_toast(id: u32) {
    TOASTS.update(|stack| stack.drop(id));
}

/// The place where they appear; once, in the shell.
#[component]
pub fn Toasts() -> impl IntoView {
    let toasts = TOASTS.clone();
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <For each=move || toasts.read().toasts.clone() key=|toast| toast.id let(toast)>
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

#[cfg(test)]
mod tests {
    use super::Stack;

    #[test]
    fn the_timer_of_one_that_was_closed_by_hand_takes_no_other_away() {
        let mut stack = Stack::default();
        let first = stack.push("Đã lưu".to_owned(), None);
        stack.drop(first);
        let second = stack.push("Đã xoá".to_owned(), None);
        // Now the timer of the first comes.
        stack.drop(first);
        assert_ne!(first, second);
        assert_eq!(stack.toasts.iter().map(|toast| toast.id).collect::<Vec<_>>(), [second]);
    }

    #[test]
    fn old_ones_make_room() {
        let mut stack = Stack::default();
        let ids: Vec<u32> = (0..5).map(|n| stack.push(n.to_string(), None)).collect();
        assert_eq!(stack.toasts.iter().map(|toast| toast.id).collect::<Vec<_>>(), ids[2..]);
    }
}
