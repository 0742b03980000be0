//! What people reported; the school reads a thread only with a reason, which is kept.

use super::{REPORTS, area, titled, when};
use crate::api::contact;
use crate::i18n::{t, texts, tf, tx};
use crate::ui::{Button, Dialog, Empty, Form, FormFault, Header, Icon, Look as Shape, Pill, Tone, effect, pages, toast};
use dto::contact::{Message, MessageReport};
use leptos::prelude::*;

texts! {
    UNDER: "Tin nhắn giữa gia đình và giáo viên là riêng tư. Mỗi lần đọc cần lí do và được ghi lại.", "Messages between families and teachers are private. Each look needs a reason and is recorded.";
    NOTHING: "Không có tin nào bị báo", "Nothing was reported";
    NOTHING_TEXT: "Khi gia đình hoặc giáo viên báo một tin nhắn không phù hợp, việc đó hiện ở đây.", "When a family or a teacher reports a message, it shows here.";
    BY: "{name} báo lúc {at}", "{name}, {at}";
    LOOK: "Đọc cuộc trao đổi", "Read the thread";
    RESOLVE: "Ghi cách xử lí", "Say what was done";
    REASON: "Lí do đọc", "Reason for reading";
    WHAT: "Đã xử lí thế nào?", "What was done?";
    OPEN: "Chờ xử lí", "Open";
    DONE: "Đã xử lí", "Dealt with";
    SAVED: "Đã ghi", "Kept";
}

#[derive(Clone)]
enum Doing {
    Look(MessageReport),
    Resolve(MessageReport),
}

#[component]
pub fn ReportsPage() -> impl IntoView {
    titled(t(REPORTS));
    let reports = pages(contact::reports);
    let doing = RwSignal::new(None::<Doing>);
    let open = RwSignal::new(false);
    effect(move || open.set(doing.with(Option::is_some)));
    effect(move || {
        if !open.get() && doing.with_untracked(Option::is_some) {
            doing.set(None)
        }
    });
    view! {
        <Header title=t(REPORTS) under=t(UNDER) />
        {reports.show(move |items| {
            if items.is_empty() {
                return view! { <div class="panel"><Empty title=t(NOTHING) text=t(NOTHING_TEXT) glyph=Icon::Check /></div> }.into_any();
            }
            view! { <div class="contact stack">{items.into_iter().map(|r| card(r, doing)).collect_view()}</div> }.into_any()
        })}
        <Dialog open=open title=t(REPORTS)>
            {move || doing.get().map(|what| match what {
                Doing::Look(report) => view! { <Look report=report /> }.into_any(),
                Doing::Resolve(report) => view! { <Resolve report=report open=open done=Callback::new(move |()| reports.reload()) /> }.into_any(),
            })}
        </Dialog>
    }
}

fn card(report: MessageReport, doing: RwSignal<Option<Doing>>) -> impl IntoView {
    let (one, two) = (report.clone(), report.clone());
    let waits = report.resolved_at.is_none();
    let state = if waits { (OPEN, Tone::Warn) } else { (DONE, Tone::Ok) };
    view! {
        <article class="card"><div class="stack">
            <p class="meta"><span class="pill brand">{report.learner_name}</span><span>{t(tx::CLASS)}" "{report.class_name}</span><span class="end"><Pill label=t(state.0) tone=state.1 /></span></p>
            <p class="text">{report.reason}</p>
            {report.resolution.map(|text| view! { <p class="text said">{text}</p> })}
            <p class="quiet">{tf(BY, &[("name", &report.reported_by), ("at", &when(report.reported_at))])}</p>
            <div class="row">
                <Button label=t(LOOK) glyph=Icon::Eye small=true on_press=Callback::new(move |()| doing.set(Some(Doing::Look(one.clone())))) />
                {waits.then(|| view! { <Button label=t(RESOLVE) look=Shape::Primary small=true on_press=Callback::new(move |()| doing.set(Some(Doing::Resolve(two.clone())))) /> })}
            </div>
        </div></article>
    }
}

#[component]
fn Look(report: MessageReport) -> impl IntoView {
    let reason = RwSignal::new(String::new());
    let found = RwSignal::new(None::<Vec<Message>>);
    let form = Form::new();
    let (id, seq) = (report.thread_id, report.seq);
    let look = Callback::new(move |()| {
        let reason = reason.get_untracked();
        form.send(async move { contact::review_thread(id, reason).await }, move |detail| found.set(Some(detail.messages)));
    });
    move || {
        match found.get() {
        Some(messages) => view! {
            <ol class="bubbles contact">
                {messages.into_iter().map(|m| view! {
                    <li class="bubble" class:marked=m.seq == seq><div><b>{m.author}</b><p>{m.body}</p><small><time>{when(m.sent_at)}</time></small></div></li>
                }).collect_view()}
            </ol>
        }
        .into_any(),
        None => view! {
            <p class="muted">{t(UNDER)}</p>
            {area(t(REASON), "review-reason", reason, 500, form.fault("/reason"))}
            <FormFault form=form fields=&["/reason"] />
            <footer><Button label=t(LOOK) look=Shape::Primary busy=form.busy on_press=look /></footer>
        }
        .into_any(),
    }
    }
}

#[component]
fn Resolve(report: MessageReport, open: RwSignal<bool>, done: Callback<()>) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let form = Form::new();
    let id = report.id;
    let send = Callback::new(move |()| {
        let reason = text.get_untracked();
        form.send(async move { contact::resolve_report(id, reason).await }, move |_| {
            open.set(false);
            toast::say(t(SAVED));
            done.run(());
        });
    });
    view! {
        {area(t(WHAT), "resolve-reason", text, 500, form.fault("/reason"))}
        <FormFault form=form fields=&["/reason"] />
        <footer>
            <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
            <Button label=t(tx::SAVE) look=Shape::Primary busy=form.busy on_press=send />
        </footer>
    }
}
