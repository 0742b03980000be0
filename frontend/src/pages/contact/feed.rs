//! The feed of a family: all children, all schools, newest first.

use super::{FEED, PREFERENCES, day_of, titled, when};
use crate::api::{contact, gradebook};
use crate::i18n::{lang, t, texts};
use crate::state::who;
use crate::ui::{Empty, Icon, icon, load, pages};
use dto::LearnerId;
use dto::access::Permission;
use dto::contact::{EventKind, FeedItem};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;

texts! {
    ALL: "Tất cả", "All";
    OF_CHILD: "Chọn con", "Choose a child";
    NEW: "Mới", "New";
    NOTHING: "Chưa có thông báo nào", "Nothing yet";
    NOTHING_TEXT: "Thông báo của trường, của lớp, vắng học và kết quả sẽ hiện ở đây.", "Notices of school and class, absences and results show here.";
    SEE_RESULT: "Xem kết quả", "See the results";
    BY_SCHOOL: "Nhà trường", "The school";
}

#[component]
pub fn FeedPage() -> impl IntoView {
    titled(t(FEED));
    let learner = RwSignal::new(None::<LearnerId>);
    let items = pages(move |after| {
        let learner = learner.get();
        async move {
            let page = contact::feed(learner, after).await?;
            let unread = page.items.iter().filter(|i| i.read_at.is_none()).map(|i| i.id).collect();
            // What stands on the screen has been read. Where the line is gone now, the next visit says so.
            spawn_local(async move {
                let _ = contact::seen(unread).await;
            });
            Ok(page)
        }
    });
    super::fresh(Callback::new(move |()| items.reload()));
    let kids = load(gradebook::children);
    view! {
        <div class="family contact">
            <header class="row">
                <h1 class="grow">{t(FEED)}</h1>
                {who().can(Permission::ContactFamily).then(|| view! {
                    <A href="/contact-preferences" attr:class="btn plain icon-only" attr:aria-label=t(PREFERENCES) attr:title=t(PREFERENCES)>{icon(Icon::Bell)}</A>
                })}
            </header>
            {move || kids.get().filter(|page| page.items.len() > 1).map(|page| {
                let chip = move |id: Option<LearnerId>, name: String, class: Option<String>| view! {
                    <button type="button" class="kid" aria-current=move || (learner.get() == id).then_some("true") on:click=move |_| learner.set(id)>
                        <b>{name}</b>{class.map(|c| view! { <span>{c}</span> })}
                    </button>
                };
                view! {
                    <nav class="kids" aria-label=t(OF_CHILD)>
                        {chip(None, t(ALL).to_owned(), None)}
                        {page.items.into_iter().map(|k| chip(Some(k.learner_id), k.given_name, k.class_name)).collect_view()}
                    </nav>
                }
            })}
            {items.show(|items| {
                if items.is_empty() {
                    return view! { <div class="panel"><Empty title=t(NOTHING) text=t(NOTHING_TEXT) glyph=Icon::Bell /></div> }.into_any();
                }
                let mut days: Vec<(String, Vec<FeedItem>)> = Vec::new();
                for item in items {
                    let day = day_of(item.sent_at);
                    match days.last_mut() {
                        Some((last, group)) if *last == day => group.push(item),
                        _ => days.push((day, vec![item])),
                    }
                }
                days.into_iter().map(|(day, group)| view! {
                    <section class="day"><h2>{day}</h2>{group.into_iter().map(card).collect_view()}</section>
                }).collect_view().into_any()
            })}
        </div>
    }
}

pub(super) fn glyph(kind: EventKind) -> (Icon, &'static str) {
    match kind {
        EventKind::Absence => (Icon::Alert, "badge warn"),
        EventKind::Result => (Icon::Chart, "badge ok"),
        EventKind::Leave => (Icon::Check, "badge info"),
        EventKind::Timetable => (Icon::Clock, "badge info"),
        EventKind::Fee => (Icon::File, "badge warn"),
        _ => (Icon::Bell, "badge brand"),
    }
}

fn card(item: FeedItem) -> impl IntoView {
    let (sign, tone) = glyph(item.kind);
    let unread = item.read_at.is_none();
    // The day stands above.
    let time = when(item.sent_at).split(' ').next_back().unwrap_or_default().to_owned();
    let by = item.sent_by.unwrap_or_else(|| t(BY_SCHOOL).to_owned());
    let result = (item.kind == EventKind::Result).then(|| item.children.first().map(|c| c.learner_id)).flatten();
    view! {
        <article class="card" class:unread=unread>
            <span class=tone aria-hidden="true">{icon(sign)}</span>
            <div class="stack">
                <p class="meta">
                    {item.children.into_iter().map(|c| view! { <span class="pill brand">{c.given_name}</span> }).collect_view()}
                    <span>{item.kind.label(lang())}</span>
                    {unread.then(|| view! { <b class="new">{t(NEW)}</b> })}
                    <time class="end num">{time}</time>
                </p>
                <h3>{item.title}</h3>
                <p class="text">{item.body}</p>
                {result.map(|id| view! { <A href=format!("/children/{id}") attr:class="btn small">{t(SEE_RESULT)}{icon(Icon::Chevron)}</A> })}
                <p class="quiet">{by}" · "{item.school_name}</p>
            </div>
        </article>
    }
}
