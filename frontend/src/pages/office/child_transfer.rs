//! A guardian asks for a child's transfer, and sees where it stands.

use super::transfers::told;
use crate::api::{ApiError, transfers};
use crate::format;
use crate::i18n::{t, texts, tx};
use crate::pages::params::param;
use crate::pages::records::pick::filled;
use crate::state::who;
use crate::ui::{Button, Choice, Combo, Crumb, DateField, Field, Form, FormFault, Header, Icon, Loader, Look, load, toast};
use dto::access::Permission;
use dto::transfers::*;
use dto::{LearnerId, Page};
use leptos::prelude::*;

texts! {
    TITLE: "Xin chuyển trường", "Transfer";
    UNDER: "Gửi một lần cho cả hai trường. Không cần nộp lại hồ sơ, học bạ: hồ sơ đi theo con.", "Sent once to both schools. No papers are handed in again: the record goes along.";
    TO: "Trường muốn đến", "The school to go to";
    ON: "Ngày muốn chuyển", "From which day";
    REASON: "Lí do", "Reason";
    SEND: "Gửi yêu cầu", "Send";
    SENT: "Đã gửi. Hai trường đã nhận được yêu cầu.", "Sent. Both schools have it.";
    NONE: "Chưa có yêu cầu chuyển trường nào", "No transfer was asked for";
    PICK: "Hãy chọn trường muốn đến", "Choose the school to go to";
    BACK: "Rút yêu cầu", "Withdraw";
    WHY: "Lí do rút", "Why";
    WITHDRAWN: "Đã rút yêu cầu", "Withdrawn";
}

fn nowhere() -> ApiError {
    ApiError::Unexpected { status: 404, request_id: None }
}

#[component]
pub fn ChildTransferPage() -> impl IntoView {
    let learner = param::<LearnerId>("learner");
    let list = load(move || {
        let learner = learner.get();
        async move { transfers::of_child(learner.ok_or_else(nowhere)?).await }
    });
    let back = move || learner.get_untracked().map(|id| format!("/children/{id}")).unwrap_or_else(|| "/".to_owned());
    view! {
        <Header title=t(TITLE) under=t(UNDER) crumbs=vec![Crumb(t(tx::CHILDREN).to_owned(), back())] />
        {list.show(move |page| {
            let Some(learner) = learner.get_untracked() else { return ().into_any() };
            let under_way = page.items.iter().any(|one| one.state.open());
            let ask = (!under_way && who().can(Permission::TransferFamily)).then(|| view! { <Ask learner=learner list=list /> });
            let items = page.items.into_iter().map(|one| view! { <One one=one learner=learner list=list /> }).collect_view();
            view! { {ask}{items} }.into_any()
        })}
        {move || list.get().is_some_and(|page| page.items.is_empty()).then(|| view! { <p class="quiet">{t(NONE)}</p> })}
    }
    .into_any()
}

#[component]
fn Ask(learner: LearnerId, list: Loader<Page<Transfer>>) -> impl IntoView {
    let form = Form::new();
    let (query, chosen) = (RwSignal::new(String::new()), RwSignal::new(None::<Choice>));
    let (on, reason) = (RwSignal::new(format::today().to_string()), RwSignal::new(String::new()));
    let hits = load(move || {
        let q = query.get().trim().to_owned();
        async move {
            let page = transfers::schools(learner, &q).await?;
            let choice = |school: TransferSchool| Choice {
                key: school.id.to_string(),
                label: school.name,
                note: school.place,
                glyph: Icon::Home,
            };
            Ok(page.items.into_iter().map(choice).collect::<Vec<_>>())
        }
    });
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let picked = chosen.get_untracked().and_then(|choice| choice.key.parse().ok());
        let (Some(to_school_id), Ok(wished_on)) = (picked, on.get_untracked().parse()) else {
            toast::say(t(PICK));
            return;
        };
        let body = PostFamilyTransfer { to_school_id, wished_on, reason: filled(reason) };
        form.send(async move { transfers::ask_for_child(learner, &body).await }, move |_| {
            toast::say(t(SENT));
            list.reload();
        });
    };
    view! {
        <form class="panel" on:submit=send>
            <div class="body stack">
                <Combo label=t(TO) name="to-school" query=query options=Signal::derive(move || hits.get().unwrap_or_default()) chosen=chosen fault=form.fault("/to_school_id") />
                <DateField label=t(ON) name="wished-on" value=on required=true fault=form.fault("/wished_on") />
                <Field label=t(REASON) name="reason" value=reason max=500 fault=form.fault("/reason") />
                <FormFault form=form fields=&["/to_school_id", "/wished_on", "/reason"] />
                <div class="row"><Button label=t(SEND) look=Look::Primary busy=form.busy /></div>
            </div>
        </form>
    }
    .into_any()
}

#[component]
fn One(one: Transfer, learner: LearnerId, list: Loader<Page<Transfer>>) -> impl IntoView {
    let form = Form::new();
    let why = RwSignal::new(String::new());
    let id = one.id;
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let body = PostTransferWithdrawal { reason: why.get_untracked() };
        form.send(async move { transfers::withdraw_for_child(learner, id, &body).await }, move |_| {
            toast::say(t(WITHDRAWN));
            list.reload();
        });
    };
    view! {
        <section class="panel">
            <header><h2>{one.full_name.clone()}</h2></header>
            <div class="body stack">
                {told(&one)}
                {one.may_withdraw.then(|| view! {
                    <form class="stack" on:submit=send>
                        <Field label=t(WHY) name="why" value=why required=true max=500 fault=form.fault("/reason") />
                        <FormFault form=form fields=&["/reason"] />
                        <div class="row"><Button label=t(BACK) look=Look::Danger busy=form.busy /></div>
                    </form>
                })}
            </div>
        </section>
    }
    .into_any()
}
