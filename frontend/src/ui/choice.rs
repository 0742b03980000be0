//! Choosing from a search: the quick search of the shell, and a field that searches.

use super::{Icon, effect, icon};
use crate::i18n::{t, tx};
use leptos::html;
use leptos::prelude::*;
use std::time::Duration;

/// One thing to choose. `key` is what the page gets back.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    pub key: String,
    pub label: String,
    pub note: String,
    pub glyph: Icon,
}

/// The list under an input, moved through with the arrows. ARIA combobox with a listbox.
fn listbox(id: &'static str, options: Signal<Vec<Choice>>, now: RwSignal<usize>, on_pick: Callback<Choice>) -> impl IntoView {
    move || {
        options
            .get()
            .into_iter()
            .enumerate()
            .map(|(i, choice)| {
                let (label, note, glyph) = (choice.label.clone(), choice.note.clone(), choice.glyph);
                view! {
                    <div
                        role="option" id=format!("{id}-{i}") aria-selected=move || (now.get() == i).to_string()
                        on:mousemove=move |_| if now.get_untracked() != i { now.set(i) }
                        on:mousedown=move |event| { event.prevent_default(); on_pick.run(choice.clone()) }
                    >
                        {icon(glyph)}
                        <span class="grow">{label}<small>{note}</small></span>
                    </div>
                }
            })
            .collect_view()
    }
}

fn keys(
    options: Signal<Vec<Choice>>,
    now: RwSignal<usize>,
    on_pick: Callback<Choice>,
) -> impl Fn(leptos::ev::KeyboardEvent) + Clone {
    move |event| {
        let len = options.read_untracked().len();
        match event.key().as_str() {
            "ArrowDown" if len > 0 => now.update(|n| *n = (*n + 1) % len),
            "ArrowUp" if len > 0 => now.update(|n| *n = (*n + len - 1) % len),
            "Enter" if len > 0 => {
                let choice = options.read_untracked().get(now.get_untracked()).cloned();
                if let Some(choice) = choice {
                    on_pick.run(choice);
                }
            }
            _ => return,
        }
        event.prevent_default();
    }
}

fn typed(query: RwSignal<String>, now: RwSignal<usize>) -> impl Fn(leptos::ev::Event) + Clone {
    let timer = StoredValue::new(None::<TimeoutHandle>);
    move |event| {
        let text = event_target_value(&event);
        if let Some(timer) = timer.get_value() {
            timer.clear();
        }
        let set = move || {
            now.set(0);
            query.set(text);
        };
        timer.set_value(set_timeout_with_handle(set, Duration::from_millis(140)).ok());
    }
}

/// The inside of the quick search: a large input and its hits.
#[component]
pub fn Finder(
    query: RwSignal<String>,
    #[prop(into)] options: Signal<Vec<Choice>>,
    #[prop(into)] busy: Signal<bool>,
    on_pick: Callback<Choice>,
) -> impl IntoView {
    let now = RwSignal::new(0);
    let input = NodeRef::<html::Input>::new();
    effect(move || {
        if let Some(input) = input.get() {
            let _ = input.focus();
        }
    });
    let active = move || (!options.read().is_empty()).then(|| format!("finder-{}", now.get()));
    view! {
        <div class="finder">
            <div class="box">
                {icon(Icon::Search)}
                <input
                    node_ref=input type="text" role="combobox" aria-label=t(tx::FIND) aria-autocomplete="list" aria-expanded="true" aria-controls="finder-list"
                    aria-activedescendant=active autocomplete="off" spellcheck="false" placeholder=t(tx::FIND) on:input=typed(query, now) on:keydown=keys(options, now, on_pick)
                />
                <kbd>"Esc"</kbd>
            </div>
            <div class="options" role="listbox" id="finder-list" aria-label=t(tx::FIND_TITLE)>{listbox("finder", options, now, on_pick)}</div>
            {move || options.read().is_empty().then(|| view! {
                <p class="hint quiet options" role="status">
                    {if busy.get() { t(tx::LOADING) } else if query.read().trim().is_empty() { t(tx::FIND_HINT) } else { t(tx::FIND_NOTHING) }}
                </p>
            })}
        </div>
    }
    .into_any()
}

/// A field that searches. `chosen` holds what was picked; typing anew clears it.
#[component]
pub fn Combo(
    #[prop(into)] label: String,
    name: &'static str,
    query: RwSignal<String>,
    #[prop(into)] options: Signal<Vec<Choice>>,
    chosen: RwSignal<Option<Choice>>,
    #[prop(optional, into)] hint: String,
    #[prop(optional, into)] fault: Signal<Option<String>>,
) -> impl IntoView {
    let now = RwSignal::new(0);
    let open = RwSignal::new(false);
    let pick = Callback::new(move |choice: Choice| {
        chosen.set(Some(choice));
        open.set(false);
    });
    let on_keys = keys(options, now, pick);
    let on_typed = typed(query, now);
    let shown = move || open.get() && !options.read().is_empty();
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <div class="combo">
                <input
                    id=name type="text" role="combobox" placeholder=t(tx::TYPE_TO_FIND) aria-autocomplete="list" aria-expanded=move || shown().to_string() aria-controls=format!("{name}-list")
                    aria-activedescendant=move || shown().then(|| format!("{name}-{}", now.get())) autocomplete="off" spellcheck="false"
                    aria-invalid=move || fault.read().is_some().then_some("true")
                    prop:value=move || chosen.read().as_ref().map(|c| c.label.clone()).unwrap_or_default()
                    on:focus=move |_| open.set(true)
                    on:blur=move |_| open.set(false)
                    on:input=move |event| { open.set(true); if chosen.read_untracked().is_some() { let text = event_target_value(&event); chosen.set(None); restore(&event, &text); } on_typed(event) }
                    on:keydown=move |event| if event.key() == "Escape" { open.set(false) } else if open.get_untracked() { on_keys(event) }
                />
                <div class="options" role="listbox" id=format!("{name}-list") hidden=move || !shown()>{listbox(name, options, now, pick)}</div>
            </div>
            {(!hint.is_empty()).then(|| view! { <p class="hint">{hint}</p> })}
            {move || fault.get().map(|text| view! { <p class="wrong" role="alert">{icon(Icon::Alert)}<span>{text}</span></p> })}
        </div>
    }
    .into_any()
}

/// Clearing the choice empties the input; what the person has just typed is put back.
fn restore(event: &leptos::ev::Event, text: &str) {
    use wasm_bindgen::JsCast;
    if let Some(input) = event.target().and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok()) {
        let text = text.to_owned();
        request_animation_frame(move || {
            if input.value().is_empty() {
                input.set_value(&text);
            }
        });
    }
}
