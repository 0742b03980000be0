//! Requests for leave: a guardian's own, and the form for another.

use super::{LEAVE, area, titled, when};
use crate::api::{ApiError, contact, gradebook};
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::ui::{
    Button, DateField, Dialog, Empty, Form, FormFault, Icon, Look, Pill, SelectField, Tone, effect, load, pages, toast,
};
use dto::contact::{LeaveRequest, LeaveSessions, LeaveState, PostLeaveAnswer, PostLeaveRequest};
use dto::{ClassId, LearnerId};
use leptos::prelude::*;

texts! {
    ASK: "Xin nghỉ học", "Ask for leave";
    FOR: "Con", "Child";
    FROM: "Từ ngày", "From";
    TO: "Đến hết ngày", "Until (included)";
    SESSIONS: "Buổi", "Part of the day";
    REASON: "Lí do", "Reason";
    SEND: "Gửi đơn", "Send";
    SENT: "Đã gửi đơn cho giáo viên chủ nhiệm", "Sent to the homeroom teacher";
    NOTHING: "Chưa có đơn nào", "No requests yet";
    NOTHING_TEXT: "Đơn được giáo viên chủ nhiệm đồng ý thì tính là nghỉ có phép.", "Leave that the homeroom teacher accepts counts as permitted absence.";
    NOTHING_CLASS: "Gia đình học sinh gửi đơn xin nghỉ thì đơn hiện ở đây.", "Requests of the families show here.";
    WITHDRAW: "Rút đơn", "Withdraw";
    WITHDRAWN: "Đã rút đơn", "Withdrawn";
    ONE_DAY: "Ngày {from}", "On {from}";
    DAYS: "Từ {from} đến {to}", "From {from} to {to}";
    BY: "{name} gửi lúc {at}", "{name}, {at}";
    ANSWER: "Trả lời", "Answer";
    ACCEPT: "Đồng ý", "Accept";
    DECLINE: "Không đồng ý", "Decline";
    ANSWER_TEXT: "Lời nhắn cho gia đình (không bắt buộc)", "A word to the family (optional)";
    ANSWERED: "Đã trả lời, gia đình được báo", "Answered; the family is told";
}

fn tone(state: LeaveState) -> Tone {
    match state {
        LeaveState::Sent => Tone::Warn,
        LeaveState::Accepted => Tone::Ok,
        LeaveState::Declined => Tone::Bad,
        LeaveState::Withdrawn => Tone::Quiet,
    }
}

fn card(request: &LeaveRequest, actions: AnyView) -> impl IntoView + use<> {
    let (from, to) = (format::date(request.from_on), format::date(request.to_on));
    let days = if from == to { tf(ONE_DAY, &[("from", &from)]) } else { tf(DAYS, &[("from", &from), ("to", &to)]) };
    let by = tf(BY, &[("name", &request.guardian_name), ("at", &when(request.created_at))]);
    view! {
        <article class="card">
            <div class="stack">
                <p class="meta">
                    <span class="pill brand">{request.learner_name.clone()}</span><span>{t(tx::CLASS)}" "{request.class_name.clone()}</span>
                    <span class="end"><Pill label=request.state.label(lang()) tone=tone(request.state) /></span>
                </p>
                <h3>{days}" · "{request.sessions.label(lang())}</h3>
                <p class="text">{request.reason.clone()}</p>
                {request.answer.clone().map(|answer| view! { <p class="text said">{answer}</p> })}
                <p class="quiet">{by}</p>
                {actions}
            </div>
        </article>
    }
}

#[component]
pub fn LeavePage() -> impl IntoView {
    titled(t(LEAVE));
    let requests = pages(contact::my_leave);
    let asking = RwSignal::new(false);
    view! {
        <div class="family contact">
            <header class="row"><h1 class="grow">{t(LEAVE)}</h1><Button label=t(ASK) glyph=Icon::Plus look=Look::Primary on_press=Callback::new(move |()| asking.set(true)) /></header>
            {requests.show(move |items| {
                if items.is_empty() {
                    return view! { <div class="panel"><Empty title=t(NOTHING) text=t(NOTHING_TEXT) glyph=Icon::File /></div> }.into_any();
                }
                items.into_iter().map(|request| {
                    let (id, waits) = (request.id, request.state == LeaveState::Sent);
                    let form = Form::new();
                    let withdraw = Callback::new(move |()| form.send(contact::withdraw_leave(id), move |_| { toast::say(t(WITHDRAWN)); requests.reload() }));
                    let actions = waits.then(|| view! { <FormFault form=form /><div class="row"><Button label=t(WITHDRAW) small=true busy=form.busy on_press=withdraw /></div> });
                    card(&request, actions.into_any())
                }).collect_view().into_any()
            })}
        </div>
        <Dialog open=asking title=t(ASK)><Ask open=asking done=Callback::new(move |()| requests.reload()) /></Dialog>
    }
}

#[component]
fn Ask(open: RwSignal<bool>, done: Callback<()>) -> impl IntoView {
    let kids = load(gradebook::children);
    let today = format::today().to_string();
    let (child, from, to) = (RwSignal::new(String::new()), RwSignal::new(today.clone()), RwSignal::new(today));
    let (sessions, reason) = (RwSignal::new(LeaveSessions::Day.as_str().to_owned()), RwSignal::new(String::new()));
    // The last day follows the first.
    effect(move || {
        let first = from.get();
        if to.with_untracked(|last| *last < first) {
            to.set(first);
        }
    });
    let options = Signal::derive(move || {
        let kids = kids.get().map(|page| page.items).unwrap_or_default();
        kids.into_iter()
            .map(|k| {
                (
                    k.learner_id.to_string(),
                    [Some(k.full_name), k.class_name].into_iter().flatten().collect::<Vec<_>>().join(" · "),
                )
            })
            .collect::<Vec<_>>()
    });
    effect(move || {
        if let Some((first, _)) = options.get().first()
            && child.with_untracked(String::is_empty)
        {
            child.set(first.clone());
        }
    });
    let parts: Vec<(String, String)> =
        LeaveSessions::ALL.iter().map(|s| (s.as_str().to_owned(), s.label(lang()).to_owned())).collect();
    let form = Form::new();
    let send = Callback::new(move |()| {
        let learner = child.get_untracked().parse::<LearnerId>();
        let body = (from.get_untracked().parse(), to.get_untracked().parse(), sessions.get_untracked().parse());
        let text = reason.get_untracked();
        let call = async move {
            let (Ok(learner), (Ok(from_on), Ok(to_on), Ok(sessions))) = (learner, body) else {
                return Err(ApiError::Unexpected { status: 0, request_id: None });
            };
            contact::ask_leave(learner, &PostLeaveRequest { from_on, to_on, sessions, reason: text }).await
        };
        form.send(call, move |_| {
            open.set(false);
            toast::say(t(SENT));
            done.run(());
        });
    });
    view! {
        <SelectField label=t(FOR) name="leave-child" value=child options=options />
        <div class="fields">
            <DateField label=t(FROM) name="leave-from" value=from required=true fault=form.fault("/from_on") />
            <DateField label=t(TO) name="leave-to" value=to required=true fault=form.fault("/to_on") />
        </div>
        <SelectField label=t(SESSIONS) name="leave-sessions" value=sessions options=parts />
        {area(t(REASON), "leave-reason", reason, 500, form.fault("/reason"))}
        <FormFault form=form fields=&["/from_on", "/to_on", "/reason"] />
        <footer>
            <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
            <Button label=t(SEND) look=Look::Primary busy=form.busy on_press=send />
        </footer>
    }
}

/// The requests of a homeroom class, to be answered.
#[component]
pub(super) fn OfClass(class: ClassId) -> impl IntoView {
    let requests = pages(move |after| contact::class_leave(class, after));
    let answering = RwSignal::new(None::<LeaveRequest>);
    let open = RwSignal::new(false);
    effect(move || open.set(answering.with(Option::is_some)));
    effect(move || {
        if !open.get() && answering.with_untracked(Option::is_some) {
            answering.set(None)
        }
    });
    view! {
        {requests.show(move |items| {
            if items.is_empty() {
                return view! { <div class="panel"><Empty title=t(NOTHING) text=t(NOTHING_CLASS) glyph=Icon::File /></div> }.into_any();
            }
            items.into_iter().map(|request| {
                let waits = request.state == LeaveState::Sent;
                let mine = request.clone();
                let answer = Callback::new(move |()| answering.set(Some(mine.clone())));
                let actions = waits.then(|| view! { <div class="row"><Button label=t(ANSWER) look=Look::Primary small=true on_press=answer /></div> });
                card(&request, actions.into_any())
            }).collect_view().into_any()
        })}
        <Dialog open=open title=t(ANSWER)>
            {move || answering.get().map(|request| {
                let text = RwSignal::new(String::new());
                let form = Form::new();
                let id = request.id;
                let send = move |accept: bool| {
                    let answer = Some(text.get_untracked()).filter(|t| !t.trim().is_empty());
                    form.send(async move { contact::answer_leave(class, id, &PostLeaveAnswer { accept, answer }).await }, move |_| {
                        open.set(false);
                        toast::say(t(ANSWERED));
                        requests.reload();
                    });
                };
                view! {
                    {card(&request, ().into_any())}
                    {area(t(ANSWER_TEXT), "leave-answer", text, 500, form.fault("/answer"))}
                    <FormFault form=form fields=&["/answer"] />
                    <footer>
                        <Button label=t(DECLINE) look=Look::Danger busy=form.busy on_press=Callback::new(move |()| send(false)) />
                        <Button label=t(ACCEPT) look=Look::Primary busy=form.busy on_press=Callback::new(move |()| send(true)) />
                    </footer>
                }
            })}
        </Dialog>
    }
}
