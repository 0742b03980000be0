//! The first-aid log of a school: who was helped, whether the family knows.

use crate::api::health;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::state::who;
use crate::ui::{Button, Dialog, Empty, Field, Form, FormFault, Icon, Look, Pages, Pill, Tone, pages, toast};
use dto::UnitId;
use dto::access::Permission;
use dto::health::{FirstAid, PutFirstAid};
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    TITLE: "Sổ sơ cứu", "First-aid log";
    NONE: "Chưa có ca nào", "No cases yet";
    NONE_TEXT: "Ghi từ hồ sơ sức khoẻ của học sinh.", "Entered from a learner's health file.";
    TOLD: "Đã báo gia đình {at}: {how}", "Family told {at}: {how}";
    NOT_TOLD: "Chưa báo gia đình", "Family not told yet";
    TELL: "Ghi đã báo gia đình", "The family was told";
    HOW: "Báo cho ai, bằng cách nào", "Whom, and how";
    SAVED: "Đã ghi", "Noted";
    TO: "chuyển đến {place}", "sent to {place}";
}

/// One entry, as the log and the child's file show it.
pub fn told(entry: &FirstAid) -> AnyView {
    let family = match entry.told_at {
        Some(at) => {
            let how = entry.told_how.clone().unwrap_or_default();
            view! { <p class="quiet num">{tf(TOLD, &[("at", &format::instant(at)), ("how", &how)])}</p> }.into_any()
        }
        None => view! { <Pill label=t(NOT_TOLD) tone=Tone::Warn /> }.into_any(),
    };
    let to = entry.referred_to.as_ref().map(|place| view! { <span>" · "{tf(TO, &[("place", place)])}</span> });
    view! {
        <p><b>{entry.kind.label(lang())}</b>{to}</p>
        <p class="quiet num">{format::instant(entry.at)}" · "{entry.by.clone()}</p>
        {family}
    }
    .into_any()
}

#[component]
pub fn Log(school: UnitId) -> impl IntoView {
    let list = pages(move |after| health::first_aid(school, after));
    let writes = who().can(Permission::HealthWrite);
    let asked = RwSignal::new(None::<FirstAid>);
    let open = RwSignal::new(false);
    view! {
        <section class="panel" aria-labelledby="aid-title">
            <header><h2 id="aid-title" class="grow">{t(TITLE)}</h2>{list.export("so-so-cuu")}</header>
            <div class="body">
                {list.show(move |items| {
                    if items.is_empty() {
                        return view! { <Empty title=t(NONE) text=t(NONE_TEXT) glyph=Icon::Plus /> }.into_any();
                    }
                    let lines = items.into_iter().map(|entry| {
                        let href = format!("/office/health/learners/{}", entry.learner_id);
                        let class = entry.class_name.clone().map(|name| view! { <span class="quiet">{t(tx::CLASS)}" "{name}</span> });
                        let body = told(&entry);
                        let waits = writes && entry.told_at.is_none();
                        let name = entry.full_name.clone();
                        view! {
                            <li>
                                <div class="grow stack"><span class="row tight"><A href=href><b data-col=t(tx::FULL_NAME)>{name}</b></A><span data-col=t(tx::CLASS)>{class}</span></span><div class="stack" data-col=t(TITLE)>{body}</div></div>
                                {waits.then(|| {
                                    let press = Callback::new(move |()| { asked.set(Some(entry.clone())); open.set(true) });
                                    view! { <Button label=t(TELL) small=true on_press=press /> }
                                })}
                            </li>
                        }
                    }).collect_view();
                    view! { <ul class="lines">{lines}</ul> }.into_any()
                })}
            </div>
            <Dialog open=open title=t(TELL)>
                {move || asked.get().map(|entry| view! { <Tell entry=entry open=open list=list /> })}
            </Dialog>
        </section>
    }
    .into_any()
}

#[component]
fn Tell(entry: FirstAid, open: RwSignal<bool>, list: Pages<FirstAid>) -> impl IntoView {
    let form = Form::new();
    let how = RwSignal::new(String::new());
    let entry = StoredValue::new(entry);
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let entry = entry.get_value();
        let (id, version) = (entry.id, entry.version);
        let body = PutFirstAid {
            at: entry.at,
            kind: entry.kind,
            what: None,
            referred_to: entry.referred_to,
            told_at: Some(chrono::DateTime::from_timestamp_millis(js_sys::Date::now() as i64).unwrap_or(entry.at)),
            told_how: Some(how.get_untracked()),
        };
        form.send(async move { health::put_first_aid(id, version, &body).await }, move |_| {
            open.set(false);
            toast::say(t(SAVED));
            list.reload();
        });
    };
    view! {
        <form class="stack" on:submit=send>
            <Field label=t(HOW) name="aid-how" value=how required=true max=200 fault=form.fault("/told_how") />
            <FormFault form=form fields=&["/told_how"] />
            <footer>
                <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
                <Button label=t(tx::SAVE) look=Look::Primary busy=form.busy />
            </footer>
        </form>
    }
    .into_any()
}
