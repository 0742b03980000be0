use super::effect;
use crate::i18n::{Text, t, texts};
use leptos::html;
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_location;
use wasm_bindgen::JsCast;

texts! {
    CRUMBS: "Bạn đang ở", "You are here";
}

/// What a pill means; its word says the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Quiet,
    Ok,
    Info,
    Warn,
    Bad,
    Brand,
}

#[component]
pub fn Pill(#[prop(into)] label: String, #[prop(optional)] tone: Tone) -> impl IntoView {
    let class = match tone {
        Tone::Quiet => "pill",
        Tone::Ok => "pill ok",
        Tone::Info => "pill info",
        Tone::Warn => "pill warn",
        Tone::Bad => "pill bad",
        Tone::Brand => "pill brand",
    };
    view! { <span class=class>{label}</span> }
}

/// A place above the page: its name and address.
#[derive(Clone, Debug)]
pub struct Crumb(pub String, pub String);

#[component]
pub fn Crumbs(items: Vec<Crumb>) -> impl IntoView {
    (!items.is_empty()).then(|| {
        view! {
            <nav aria-label=t(CRUMBS)>
                <ol class="crumbs">{items.into_iter().map(|Crumb(name, href)| view! { <li><A href=href>{name}</A></li> }).collect_view()}</ol>
            </nav>
        }
    })
}

/// The head of a page: where it is, what it is, and what can be done. Sets the window's title.
#[component]
pub fn Header(
    #[prop(into)] title: String,
    #[prop(optional)] crumbs: Vec<Crumb>,
    #[prop(optional, into)] under: Option<String>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    document().set_title(&format!("{title} · Khuê"));
    view! {
        <div class="top">
            <div class="title">
                <Crumbs items=crumbs />
                <h1>{title}</h1>
                {under.map(|text| view! { <p>{text}</p> })}
            </div>
            {children.map(|children| view! { <div class="actions">{children()}</div> })}
        </div>
    }
    .into_any()
}

/// A list as a table that scrolls inside of itself. The columns under `wide` come after the others, and a phone has no room for them.
pub fn table(label: &'static str, shown: &[Text], wide: &[Text], rows: Vec<AnyView>) -> AnyView {
    let head = |name: &Text, class| view! { <th scope="col" class=class>{t(*name)}</th> };
    let shown = shown.iter().map(|name| head(name, "")).collect_view();
    let wide = wide.iter().map(|name| head(name, "hide")).collect_view();
    view! {
        <div class="table" tabindex="0" role="region" aria-label=label>
            <table><thead><tr>{shown}{wide}</tr></thead><tbody>{rows}</tbody></table>
        </div>
    }
    .into_any()
}

/// A way between views of one thing; each has an address of its own.
#[derive(Clone, Debug)]
pub struct Tab {
    pub label: String,
    pub href: String,
}

#[component]
pub fn Tabs(#[prop(into)] label: String, items: Vec<Tab>) -> impl IntoView {
    let path = use_location().pathname;
    let nav = NodeRef::<html::Nav>::new();
    // On a phone not all of them fit: the one that is open comes into sight.
    effect(move || {
        let Some(nav) = nav.get() else { return };
        request_animation_frame(move || {
            let on =
                nav.query_selector("[aria-current]").ok().flatten().and_then(|on| on.dyn_into::<web_sys::HtmlElement>().ok());
            if let Some(on) = on {
                nav.set_scroll_left(on.offset_left() - 64);
            }
        });
    });
    view! {
        <nav class="tabs" aria-label=label node_ref=nav>
            {items.into_iter().map(|Tab { label, href }| {
                let of = href.clone();
                view! { <a href=href aria-current=move || within(&path.read(), &of).then_some("page")>{label}</a> }
            }).collect_view()}
        </nav>
    }
    .into_any()
}

/// `/classes/7/results/year` is within the tab of `/classes/7/results/1`: what a tab is about stands in its third part, and under
/// `/office` in its fourth.
fn within(path: &str, tab: &str) -> bool {
    let part = if tab.starts_with("/office/") { 4 } else { 3 };
    match tab.match_indices('/').nth(part) {
        Some((end, _)) => path.strip_prefix(&tab[..end]).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
        None => path == tab,
    }
}

#[cfg(test)]
mod tests {
    use super::effect;
    use super::within;

    #[test]
    fn a_tab_covers_what_lies_within_it() {
        assert!(within("/classes/7/results/year", "/classes/7/results/1") && within("/classes/7", "/classes/7"));
        assert!(!within("/classes/7/results/1", "/classes/7") && !within("/classes/8/results/1", "/classes/7/results/1"));
        assert!(!within("/office/children/7/consents", "/office/children/7/health"));
        assert!(within("/classes/7/council", "/classes/7/council") && !within("/classes/7/contact", "/classes/7/council"));
    }
}

/// How much of something is done, 0 to 100.
#[component]
pub fn Progress(#[prop(into)] percent: Signal<u32>, #[prop(into)] label: String) -> impl IntoView {
    view! {
        <div class="progress" role="progressbar" aria-label=label aria-valuemin="0" aria-valuemax="100" aria-valuenow=move || percent.get().to_string()>
            <i style:width=move || format!("{}%", percent.get().min(100))></i>
        </div>
    }
}

/// The steps of a wizard; `now` counts from 0.
#[component]
pub fn Steps(labels: Vec<&'static str>, #[prop(into)] now: Signal<usize>) -> impl IntoView {
    view! {
        <ol class="steps">
            {labels.into_iter().enumerate().map(|(i, label)| view! {
                <li class:on=move || now.get() == i class:past=move || i < now.get() aria-current=move || (now.get() == i).then_some("step")>{label}</li>
            }).collect_view()}
        </ol>
    }
}
