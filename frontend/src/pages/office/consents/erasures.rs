//! What was asked to be erased: a second person looks, confirms or declines; and who that may be at a school.

use crate::api::consents;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::filters::Filters;
use crate::state::who;
use crate::ui::{
    Button, Check, Crumb, Dialog, Empty, Field, Form, FormFault, Header, Icon, Look, Pages, Pill, SelectField, Tone, load, pages,
    toast,
};
use dto::UnitId;
use dto::access::Permission;
use dto::consents::*;
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    TITLE: "Xoá dữ liệu cần hai người", "Erasing takes two";
    UNDER: "Một người đề nghị, một người khác xác nhận. Trước khi xác nhận, không có gì bị xoá; nhật ký ghi cả hai.", "One person asks, another confirms. Nothing goes before; the log names both.";
    RIGHTS: "Đồng ý và quyền dữ liệu", "Consent and data rights";
    NONE: "Không có đề nghị nào", "No requests";
    NONE_TEXT: "Đề nghị xoá được lập ở trang quyền dữ liệu của từng học sinh.", "A request is made on the data rights page of a learner.";
    BY: "{who} đề nghị lúc {at}, xác nhận trước hết ngày {day}", "{who} asked at {at}; to be confirmed by {day}";
    DECIDED: "{who} quyết định lúc {at}", "{who} decided at {at}";
    ROWS: "{kind}: {n} dòng", "{kind}: {n} rows";
    CONFIRM: "Xác nhận xoá…", "Confirm…";
    DECLINE: "Không xoá…", "Decline…";
    TAKE_BACK: "Rút lại đề nghị…", "Take it back…";
    OWN: "Bạn đã đề nghị: cần một người khác xác nhận", "You asked for it: another person must confirm";
    TYPE: "Gõ lại họ tên học sinh để xác nhận: {name}", "Type the learner's name to confirm: {name}";
    NO_WAY_BACK: "Xoá rồi không lấy lại được.", "What is erased cannot be had back.";
    DO: "Xoá vĩnh viễn", "Erase for good";
    DONE: "Đã xoá {n} dòng; nhật ký còn nguyên", "{n} rows erased; the log is whole";
    REASON: "Lí do", "Reason";
    KEEP: "Không xoá", "Do not erase";
    KEPT: "Đã ghi: không xoá gì", "Nothing is erased";
    POLICY: "Ai xác nhận, trong bao lâu", "Who confirms, and how long it waits";
    DAYS: "Số ngày chờ xác nhận (1 đến 60)", "Days to wait for a confirmation (1 to 60)";
    ABOVE: "Cấp trên (xã, tỉnh) cũng xác nhận được: cho trường không có người thứ hai", "Officers above the school confirm too: for a school that has nobody else";
    POLICY_IS: "Chưa đối chiếu được văn bản nào quy định số ngày; trường tự đặt.", "No regulation that could be read sets the days; the school does.";
}

/// How many rows a request is about.
pub(super) fn rows(one: &ErasureRequest) -> String {
    format::count(one.kinds.iter().map(|kind| kind.rows).sum::<u64>())
}

/// A request: what, why, who, until when.
pub(super) fn told(one: &ErasureRequest) -> AnyView {
    let tone = match one.state {
        ErasureState::Asked => Tone::Warn,
        ErasureState::Confirmed => Tone::Ok,
        ErasureState::Declined | ErasureState::Expired => Tone::Quiet,
    };
    let kinds: Vec<String> = one
        .kinds
        .iter()
        .map(|kind| tf(ROWS, &[("kind", lang().pick(&kind.name_vi, &kind.name_en)), ("n", &format::count(kind.rows))]))
        .collect();
    let by = tf(BY, &[("who", &one.asked_by), ("at", &format::instant(one.asked_at)), ("day", &format::date(one.until_on))]);
    let decided = one.decided_at.map(|at| {
        let text = tf(DECIDED, &[("who", one.decided_by.as_deref().unwrap_or_default()), ("at", &format::instant(at))]);
        view! { <p class="quiet num">{text}{one.note.clone().map(|note| format!(" · “{note}”"))}</p> }
    });
    view! {
        <span class="row tight"><Pill label=one.state.label(lang()) tone=tone /><span class="num">{kinds.join(" · ")}</span></span>
        <p class="because">"“"{one.reason.clone()}"”"</p>
        <p class="quiet num">{by}</p>
        {decided}
    }
    .into_any()
}

/// What may be decided about a request, and what to do afterwards.
#[component]
pub(super) fn Decide(one: ErasureRequest, then: Callback<()>) -> impl IntoView {
    let (confirming, declining) = (RwSignal::new(false), RwSignal::new(false));
    let may = who().can(Permission::ErasureConfirm);
    if one.state != ErasureState::Asked || !may {
        return ().into_any();
    }
    let (mine, stored) = (one.mine, StoredValue::new(one));
    let decline = if mine { TAKE_BACK } else { DECLINE };
    view! {
        <div class="row tight no-print">
            {(!mine).then(|| view! { <Button label=t(CONFIRM) small=true look=Look::Danger on_press=Callback::new(move |()| confirming.set(true)) /> })}
            <Button label=t(decline) small=true on_press=Callback::new(move |()| declining.set(true)) />
        </div>
        {mine.then(|| view! { <p class="quiet">{t(OWN)}</p> })}
        <Dialog open=confirming title=t(CONFIRM)>{move || view! { <Confirm one=stored.get_value() open=confirming then=then /> }}</Dialog>
        <Dialog open=declining title=t(decline)>{move || view! { <Decline one=stored.get_value() open=declining then=then /> }}</Dialog>
    }
    .into_any()
}

#[component]
fn Confirm(one: ErasureRequest, open: RwSignal<bool>, then: Callback<()>) -> impl IntoView {
    let form = Form::new();
    let typed = RwSignal::new(String::new());
    let (id, name) = (one.id, one.learner_name.clone());
    let ask = tf(TYPE, &[("name", &name)]);
    let ready = Signal::derive(move || typed.read().trim() == name);
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        form.send(async move { consents::confirm_erasure(id).await }, move |gone| {
            open.set(false);
            toast::say(tf(DONE, &[("n", &rows(&gone.request))]));
            then.run(());
        });
    };
    view! {
        <form class="stack" on:submit=send>
            {told(&one)}
            <Field label=ask name="erasure-name" value=typed max=200 required=true />
            <p class="wrong">{t(NO_WAY_BACK)}</p>
            <FormFault form=form />
            <footer>
                <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
                <Button label=t(DO) look=Look::Danger busy=form.busy disabled=Signal::derive(move || !ready.get()) />
            </footer>
        </form>
    }
    .into_any()
}

#[component]
fn Decline(one: ErasureRequest, open: RwSignal<bool>, then: Callback<()>) -> impl IntoView {
    let form = Form::new();
    let reason = RwSignal::new(String::new());
    let id = one.id;
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let body = DeclineErasure { reason: reason.get_untracked() };
        form.send(async move { consents::decline_erasure(id, &body).await }, move |_| {
            open.set(false);
            toast::say(t(KEPT));
            then.run(());
        });
    };
    view! {
        <form class="stack" on:submit=send>
            {told(&one)}
            <Field label=t(REASON) name="erasure-reason" value=reason max=500 required=true fault=form.fault("/reason") />
            <FormFault form=form fields=&["/reason"] />
            <footer>
                <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
                <Button label=t(KEEP) look=Look::Primary busy=form.busy />
            </footer>
        </form>
    }
    .into_any()
}

#[component]
pub fn ErasuresPage() -> impl IntoView {
    let filters = Filters::new();
    let school = filters.school();
    let state = filters.text_or("state", ErasureState::Asked.as_str());
    let list = pages(move |after| {
        let query = ErasureQuery { school_id: school.id(), state: state.read().parse().ok() };
        async move { consents::erasures(&query, after).await }
    });
    let sets = who().can(Permission::ErasureWrite);
    let states: Vec<(String, String)> = std::iter::once((String::new(), t(tx::ALL).to_owned()))
        .chain(ErasureState::ALL.iter().map(|s| (s.as_str().to_owned(), s.label(lang()).to_owned())))
        .collect();
    view! {
        <Header title=t(TITLE) under=t(UNDER) crumbs=vec![Crumb(t(RIGHTS).to_owned(), "/office/consents".to_owned())] />
        <div class="filters">
            {school.field("erasure-school")}
            <SelectField label=t(tx::STATUS) name="erasure-state" value=state options=Signal::stored(states) />
            {filters.show()}
        </div>
        <div class="stack">
            <section class="panel"><div class="body">{list.show(move |items| lines(items, list))}</div></section>
            {move || school.id().filter(|_| sets).map(|school| view! { <Policy school=school /> })}
        </div>
    }
    .into_any()
}

fn lines(items: Vec<ErasureRequest>, list: Pages<ErasureRequest>) -> AnyView {
    if items.is_empty() {
        return view! { <Empty title=t(NONE) text=t(NONE_TEXT) glyph=Icon::Check /> }.into_any();
    }
    let then = Callback::new(move |()| list.reload());
    let lines = items
        .into_iter()
        .map(|one| {
            let body = told(&one);
            let to = format!("/office/learners/{}/consents", one.learner_id);
            // Who is above the school may confirm without seeing the school's list of consents.
            let name = one.learner_name.clone();
            let name = if who().can(Permission::ConsentRead) {
                view! { <A href=to><b>{name}</b></A> }.into_any()
            } else {
                view! { <b>{name}</b> }.into_any()
            };
            let at = one.school_name.clone();
            view! {
                <li><div class="grow stack">
                    <span class="row tight">{name}<span class="quiet">{at}</span></span>
                    {body}
                    <Decide one=one then=then />
                </div></li>
            }
        })
        .collect_view();
    view! { <ul class="lines">{lines}</ul> }.into_any()
}

/// Who confirms at a school, and how long a request waits.
#[component]
fn Policy(school: UnitId) -> impl IntoView {
    let form = Form::new();
    let policy = load(move || async move { consents::erasure_policy(school).await });
    view! {
        <section class="panel" aria-labelledby="erasure-policy"><header><h2 id="erasure-policy">{t(POLICY)}</h2></header><div class="body stack">
            <p class="muted">{t(POLICY_IS)}</p>
            {policy.show(move |found| {
                let days = RwSignal::new(found.confirm_days.to_string());
                let above = RwSignal::new(found.from_above);
                let send = move |event: leptos::ev::SubmitEvent| {
                    event.prevent_default();
                    let body = PutErasurePolicy {
                        confirm_days: days.get_untracked().trim().parse().unwrap_or(0),
                        from_above: above.get_untracked(),
                    };
                    form.send(async move { consents::put_erasure_policy(school, found.version, &body).await }, move |saved| {
                        policy.set(saved);
                        toast::say(t(tx::SAVED));
                    });
                };
                view! {
                    <form class="stack" on:submit=send>
                        <Field label=t(DAYS) name="erasure-days" kind="number" value=days required=true fault=form.fault("/confirm_days") />
                        <Check label=t(ABOVE) value=above />
                        <div class="row"><Button label=t(tx::SAVE) look=Look::Primary busy=form.busy /></div>
                    </form>
                }
            })}
            <FormFault form=form fields=&["/confirm_days"] />
        </div></section>
    }
    .into_any()
}
