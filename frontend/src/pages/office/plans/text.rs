//! The simple text of a plan: headings, items, paragraphs. Everything is drawn as text; nothing in it is markup.

use dto::teaching_plans::{LineChange, LineFate};
use leptos::prelude::*;

/// A text as it is read.
pub fn drawn(body: &str) -> AnyView {
    let mut out: Vec<AnyView> = Vec::new();
    let mut items: Vec<AnyView> = Vec::new();
    let close = |items: &mut Vec<AnyView>, out: &mut Vec<AnyView>| {
        if !items.is_empty() {
            out.push(view! { <ul>{std::mem::take(items)}</ul> }.into_any());
        }
    };
    for line in body.lines().map(str::trim) {
        if let Some(item) = line.strip_prefix("- ") {
            items.push(view! { <li>{item.to_owned()}</li> }.into_any());
            continue;
        }
        close(&mut items, &mut out);
        if let Some(text) = line.strip_prefix("## ") {
            out.push(view! { <h4>{text.to_owned()}</h4> }.into_any());
        } else if let Some(text) = line.strip_prefix("# ") {
            out.push(view! { <h3>{text.to_owned()}</h3> }.into_any());
        } else if !line.is_empty() {
            out.push(view! { <p>{line.to_owned()}</p> }.into_any());
        }
    }
    close(&mut items, &mut out);
    view! { <div class="plan-text">{out}</div> }.into_any()
}

/// How a text differs from the one before.
pub fn differences(changes: Vec<LineChange>) -> AnyView {
    let lines = changes
        .into_iter()
        .map(|change| match change.fate {
            LineFate::Same => view! { <p>{change.text}</p> }.into_any(),
            LineFate::Added => view! { <p><ins>{change.text}</ins></p> }.into_any(),
            LineFate::Removed => view! { <p><del>{change.text}</del></p> }.into_any(),
        })
        .collect_view();
    view! { <div class="plan-text changes">{lines}</div> }.into_any()
}
