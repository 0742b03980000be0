use super::{Icon, effect, icon};
use crate::i18n::{t, tx};
use leptos::html;
use leptos::prelude::*;

/// A modal dialog: the browser's own, so focus stays inside, Esc closes, and focus goes back. Its content lives while it is open.
#[component]
pub fn Dialog(
    open: RwSignal<bool>,
    #[prop(into)] title: String,
    /// Without its head, for the quick search.
    #[prop(optional)]
    bare: bool,
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    effect(move || {
        let Some(dialog) = node.get() else { return };
        match (open.get(), dialog.open()) {
            (true, false) => {
                let _ = dialog.show_modal();
            }
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    // A press on the veil closes; the veil belongs to the dialog element itself.
    let veil = move |event: leptos::ev::MouseEvent| {
        let Some(dialog) = node.get_untracked() else { return };
        let dialog: &web_sys::EventTarget = dialog.as_ref();
        if event.target().as_ref() == Some(dialog) {
            open.set(false);
        }
    };
    let label = title.clone();
    view! {
        <dialog node_ref=node class:find=bare aria-label=label on:close=move |_| open.set(false) on:mousedown=veil>
            {move || open.get().then(|| view! {
                <div class="inside">
                    {(!bare).then(|| view! {
                        <header>
                            <h2>{title.clone()}</h2>
                            <button type="button" class="btn plain icon-only" aria-label=t(tx::CLOSE) on:click=move |_| open.set(false)>{icon(Icon::Cross)}</button>
                        </header>
                    })}
                    {children()}
                </div>
            })}
        </dialog>
    }
    .into_any()
}
