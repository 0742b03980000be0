use super::{Icon, icon, toast};
use crate::i18n::{t, tx};
use leptos::prelude::*;

/// How strongly a button speaks. One `Primary` a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    #[default]
    Normal,
    Primary,
    Plain,
    Danger,
}

impl Look {
    pub fn class(self) -> &'static str {
        match self {
            Look::Normal => "btn",
            Look::Primary => "btn primary",
            Look::Plain => "btn plain",
            Look::Danger => "btn danger",
        }
    }
}

/// A button with a verb. While `busy` it shows that it works and takes no second press. Without `on_press` it submits its form.
#[component]
pub fn Button(
    #[prop(into)] label: String,
    #[prop(optional)] look: Look,
    #[prop(optional, into)] glyph: Option<Icon>,
    #[prop(optional, into)] busy: Signal<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional)] small: bool,
    #[prop(optional, into)] on_press: Option<Callback<()>>,
) -> impl IntoView {
    let press = move |_| {
        if let Some(on_press) = on_press {
            on_press.run(());
        }
    };
    view! {
        <button
            type=if on_press.is_some() { "button" } else { "submit" }
            class=look.class()
            class:small=small
            disabled=move || busy.get() || disabled.get()
            aria-busy=move || busy.get().then_some("true")
            on:click=press
        >
            {move || if busy.get() { view! { <i class="spin" aria-hidden="true"></i> }.into_any() } else { glyph.map(icon).into_any() }}
            {label}
        </button>
    }
    .into_any()
}

/// Puts a text into the clipboard and says so.
#[component]
pub fn CopyButton(#[prop(into)] text: String) -> impl IntoView {
    let press = Callback::new(move |()| {
        let _ = window().navigator().clipboard().write_text(&text);
        toast::say(t(tx::COPIED));
    });
    view! { <Button label=t(tx::COPY) glyph=Icon::File on_press=press /> }
}
