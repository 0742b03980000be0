//! Inputs with their label above and their fault in words below.

use super::{Icon, effect, icon};
use crate::i18n::{t, tx};
use leptos::prelude::*;

/// Label, input, hint and fault, tied together for a screen reader.
fn frame(
    label: String,
    name: &'static str,
    required: bool,
    hint: Option<String>,
    fault: Signal<Option<String>>,
    input: AnyView,
) -> AnyView {
    view! {
        <div class="field">
            <label for=name>{label}{required.then(|| view! { <span class="need" aria-hidden="true">" *"</span> })}</label>
            {input}
            {hint.map(|hint| view! { <p class="hint" id=format!("{name}-hint")>{hint}</p> })}
            {move || fault.get().map(|text| view! { <p class="wrong" id=format!("{name}-fault") role="alert">{icon(Icon::Alert)}<span>{text}</span></p> })}
        </div>
    }
    .into_any()
}

fn described(name: &'static str, hint: bool, fault: Signal<Option<String>>) -> impl Fn() -> Option<String> + Clone + Send + Sync {
    move || match (hint, fault.read().is_some()) {
        (_, true) => Some(format!("{name}-fault")),
        (true, false) => Some(format!("{name}-hint")),
        (false, false) => None,
    }
}

/// A line of text. `name` is unique on the page: it is the input's id too.
#[component]
pub fn Field(
    #[prop(into)] label: String,
    name: &'static str,
    value: RwSignal<String>,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional)] required: bool,
    #[prop(optional)] autofocus: bool,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(optional)] max: Option<u32>,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional, into)] fault: Signal<Option<String>>,
) -> impl IntoView {
    let described = described(name, hint.is_some(), fault);
    let input = view! {
        <input
            id=name name=name type=kind required=required autofocus=autofocus autocomplete=autocomplete maxlength=max
            autocapitalize=(autocomplete == "username" || kind == "email").then_some("none")
            spellcheck="false"
            aria-invalid=move || fault.read().is_some().then_some("true")
            aria-describedby=described
            prop:value=value
            on:input=move |event| value.set(event_target_value(&event))
        />
    }
    .into_any();
    frame(label, name, required, hint, fault, input)
}

/// A day. The value is ISO ("2026-09-05"), as the browser's own picker gives it.
#[component]
pub fn DateField(
    #[prop(into)] label: String,
    name: &'static str,
    value: RwSignal<String>,
    #[prop(optional)] required: bool,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional, into)] fault: Signal<Option<String>>,
) -> impl IntoView {
    let described = described(name, hint.is_some(), fault);
    let input = view! {
        <input
            id=name name=name type="date" required=required
            aria-invalid=move || fault.read().is_some().then_some("true") aria-describedby=described
            prop:value=value on:input=move |event| value.set(event_target_value(&event))
        />
    }
    .into_any();
    frame(label, name, required, hint, fault, input)
}

/// A password that can be shown.
#[component]
pub fn PasswordField(
    #[prop(into)] label: String,
    name: &'static str,
    value: RwSignal<String>,
    /// `current-password` or `new-password`.
    autocomplete: &'static str,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional, into)] fault: Signal<Option<String>>,
) -> impl IntoView {
    let shown = RwSignal::new(false);
    let described = described(name, hint.is_some(), fault);
    let input = view! {
        <div class="with">
            <input
                id=name name=name required=true autocomplete=autocomplete autocapitalize="none" spellcheck="false" maxlength=200
                type=move || if shown.get() { "text" } else { "password" }
                aria-invalid=move || fault.read().is_some().then_some("true") aria-describedby=described
                prop:value=value on:input=move |event| value.set(event_target_value(&event))
            />
            <button
                type="button" class="btn plain icon-only" aria-pressed=move || shown.get().to_string()
                aria-label=move || if shown.get() { t(tx::HIDE_PASSWORD) } else { t(tx::SHOW_PASSWORD) }
                on:click=move |_| shown.update(|s| *s = !*s)
            >
                {move || icon(if shown.get() { Icon::EyeOff } else { Icon::Eye })}
            </button>
        </div>
    }
    .into_any();
    frame(label, name, true, hint, fault, input)
}

/// A choice among few. `options`: value and label.
#[component]
pub fn SelectField(
    #[prop(into)] label: String,
    name: &'static str,
    value: RwSignal<String>,
    #[prop(into)] options: Signal<Vec<(String, String)>>,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional, into)] fault: Signal<Option<String>>,
) -> impl IntoView {
    let described = described(name, hint.is_some(), fault);
    let input = view! {
        <select
            id=name name=name aria-invalid=move || fault.read().is_some().then_some("true") aria-describedby=described
            on:change=move |event| value.set(event_target_value(&event))
        >
            {move || options.get().into_iter().map(|(key, label)| {
                let mine = key.clone();
                view! { <option value=key prop:selected=move || *value.read() == mine>{label}</option> }
            }).collect_view()}
        </select>
    }
    .into_any();
    frame(label, name, false, hint, fault, input)
}

/// The options of a filter, and before them none of them.
pub fn or_all<K: ToString, L: Into<String>>(options: impl IntoIterator<Item = (K, L)>) -> Vec<(String, String)> {
    let all = (String::new(), t(tx::ALL).to_owned());
    std::iter::once(all).chain(options.into_iter().map(|(key, label)| (key.to_string(), label.into()))).collect()
}

/// Search as one types; the value follows after a short rest.
#[component]
pub fn SearchField(
    #[prop(into)] label: String,
    name: &'static str,
    value: RwSignal<String>,
    #[prop(into)] placeholder: String,
) -> impl IntoView {
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let input = NodeRef::<leptos::html::Input>::new();
    // What was typed is never written over by itself: an input method may be in the middle of a letter.
    effect(move || {
        let value = value.get();
        if let Some(input) = input.get()
            && input.value() != value
        {
            input.set_value(&value);
        }
    });
    let typed = move |event| {
        let text = event_target_value(&event);
        if let Some(timer) = timer.get_value() {
            timer.clear();
        }
        let set = move || value.set(text);
        timer.set_value(set_timeout_with_handle(set, std::time::Duration::from_millis(180)).ok());
    };
    view! {
        <div class="field grow">
            <label for=name>{label}</label>
            <div class="search">
                {icon(Icon::Search)}
                <input id=name name=name type="search" node_ref=input autocomplete="off" spellcheck="false" placeholder=placeholder prop:value=value.get_untracked() on:input=typed />
            </div>
        </div>
    }
    .into_any()
}

/// A box to tick.
#[component]
pub fn Check(#[prop(into)] label: String, value: RwSignal<bool>) -> impl IntoView {
    view! {
        <label class="check">
            <input type="checkbox" prop:checked=value on:change=move |event| value.set(event_target_checked(&event)) />
            <span>{label}</span>
        </label>
    }
    .into_any()
}
