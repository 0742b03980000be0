//! The tree of units, opened branch by branch, or searched.

use crate::api::records;
use crate::i18n::{lang, t, texts, tx};
use crate::ui::{Bones, Empty, Fault, Header, Icon, Pill, SearchField, Tone, icon, load};
use dto::units::{Unit, UnitKind, UnitQuery};
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    FIND_UNIT: "Tìm đơn vị", "Find a unit";
    FIND_HOLDER: "Tên hoặc mã, không cần dấu", "Name or code, without marks";
    NO_UNIT: "Không có đơn vị nào như vậy", "There is no such unit";
    OPEN: "Mở {name}", "Open {name}";
    CLOSED: "Đã giải thể", "Closed";
    TREE: "Cây đơn vị", "Tree of units";
}

#[component]
pub fn Units() -> impl IntoView {
    let q = RwSignal::new(String::new());
    let units = load(move || {
        let q = q.get().trim().to_owned();
        async move { records::units(&UnitQuery { q: Some(q).filter(|q| !q.is_empty()), ..Default::default() }, None).await }
    });
    view! {
        <Header title=t(tx::UNITS) />
        <div class="filters"><SearchField label=t(FIND_UNIT) name="q" value=q placeholder=t(FIND_HOLDER) /></div>
        <section class="panel" aria-label=t(TREE)><div class="body">
            {units.show(move |page| {
                if page.items.is_empty() {
                    return view! { <Empty title=t(NO_UNIT) glyph=Icon::Tree /> }.into_any();
                }
                // The few topmost units open by themselves; hits of a search stay closed.
                let open = q.read_untracked().is_empty() && page.items.len() <= 2;
                view! { <ul class="tree">{page.items.into_iter().map(|unit| branch(unit, open)).collect_view()}</ul> }.into_any()
            })}
        </div></section>
    }
}

/// One unit and, when opened, what lies under it.
fn branch(unit: Unit, open: bool) -> AnyView {
    let open = RwSignal::new(open && unit.children > 0);
    let id = unit.id;
    let name = unit.name.clone();
    let kind = unit.kind;
    let levels = unit.levels.iter().map(|l| l.label(lang())).collect::<Vec<_>>().join(", ");
    let glyph = match kind {
        UnitKind::School | UnitKind::Campus => Icon::Home,
        _ => Icon::Tree,
    };
    view! {
        <li>
            <div class="node">
                {if unit.children > 0 {
                    let label = crate::i18n::tf(OPEN, &[("name", &name)]);
                    view! {
                        <button type="button" aria-expanded=move || open.get().to_string() aria-label=label on:click=move |_| open.update(|o| *o = !*o)>{icon(Icon::Chevron)}</button>
                    }.into_any()
                } else {
                    view! { <i></i> }.into_any()
                }}
                <span class="muted">{icon(glyph)}</span>
                <A href=format!("/units/{id}")>{name}</A>
                {unit.closed_on.is_some().then(|| view! { <Pill label=t(CLOSED) /> })}
                <span class="quiet nowrap">{if levels.is_empty() { kind.label(lang()).to_owned() } else { levels }}</span>
                {(unit.children > 0).then(|| view! { <Pill label=crate::format::count(unit.children.into()) tone=Tone::Quiet /> })}
            </div>
            {move || open.get().then(|| children(id))}
        </li>
    }
    .into_any()
}

fn children(parent: dto::UnitId) -> AnyView {
    let under = RwSignal::new(Vec::<Unit>::new());
    let failed = RwSignal::new(None);
    let done = RwSignal::new(false);
    // A commune has tens of schools, a province hundreds of units: all pages of the branch are read.
    leptos::task::spawn_local(async move {
        let query = UnitQuery { parent_id: Some(parent), ..Default::default() };
        let mut after = None;
        loop {
            match records::units(&query, after).await {
                Ok(page) => {
                    under.try_update(|u| u.extend(page.items));
                    after = page.next;
                    if after.is_none() {
                        break;
                    }
                }
                Err(error) => {
                    failed.try_set(Some(error));
                    break;
                }
            }
        }
        done.try_set(true);
    });
    view! {
        <ul>
            <For each=move || under.get() key=|unit| unit.id let(unit)>{branch(unit, false)}</For>
        </ul>
        {move || (!done.get()).then(|| view! { <Bones lines=3 /> })}
        {move || failed.get().map(|error| view! { <Fault error=error /> })}
    }
    .into_any()
}
