//! Where children are to be measured: on the first page of the nurse and of class teachers of preschool.

use crate::api::growth;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::ui::{Icon, icon, load};
use dto::growth::GrowthDue;
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    WHAT: "{n}/{all} em tới lúc cân đo", "{n} of {all} children are to be measured";
    MORE: "và {n} lớp nữa", "and {n} more classes";
}

/// Classes that are shown; the others are counted.
const SHOWN: usize = 8;

/// Nothing where nobody is due.
#[component]
pub fn Measuring() -> impl IntoView {
    let due = load(growth::due);
    move || {
        due.get().map(|page| {
            let more = page.items.len().saturating_sub(SHOWN);
            view! {
                <div class="todos">{page.items.into_iter().take(SHOWN).map(line).collect_view()}</div>
                {(more > 0).then(|| view! { <p class="quiet">{tf(MORE, &[("n", &more.to_string())])}</p> })}
            }
        })
    }
}

fn line(item: GrowthDue) -> impl IntoView {
    let what = tf(WHAT, &[("n", &format::count(item.due.into())), ("all", &format::count(item.learners.into()))]);
    let title = format!("{} {} · {}", t(tx::CLASS), item.class_name, item.grade.label(lang()));
    view! {
        <A href=format!("/classes/{}/growth", item.class_id) attr:class="todo">
            <span class="badge info">{icon(Icon::Person)}</span>
            <span><b>{title}</b><span>{what}</span></span>
            <span></span>
        </A>
    }
}
