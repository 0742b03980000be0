//! Requests about data with their clocks: as families and the school see them, and the school's answer.

use crate::api::consents;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::state::who;
use crate::ui::{Button, Dialog, Empty, Form, FormFault, Icon, Look, Pages, Pill, Tone, pages, toast};
use dto::UnitId;
use dto::access::Permission;
use dto::consents::{DataRequest, DataRequestState, PutDataAnswer};
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    TITLE: "Yêu cầu về dữ liệu", "Requests about data";
    NONE: "Chưa có yêu cầu nào", "No requests yet";
    BY: "{who} · {at}", "{who} · {at}";
    DUE: "trả lời trước {day}", "answer by {day}";
    LATE: "Quá hạn", "Late";
    ANSWERED: "{who} trả lời lúc {at}", "{who} answered at {at}";
    ANSWER: "Trả lời", "Answer";
    TEXT: "Trả lời gia đình", "The answer to the family";
    DONE: "Đã giải quyết", "Done";
    REFUSE: "Không thực hiện được", "Cannot be done";
    SENT: "Đã trả lời", "Answered";
}

/// One request with its answer.
pub fn told(one: &DataRequest) -> AnyView {
    let tone = match one.state {
        DataRequestState::Open => Tone::Warn,
        DataRequestState::Done => Tone::Ok,
        DataRequestState::Refused => Tone::Quiet,
    };
    let waits = one.state == DataRequestState::Open;
    let answered = one.answered_at.map(|at| {
        let who = one.answered_by.clone().unwrap_or_default();
        view! {
            <p class="because">"“"{one.answer.clone().unwrap_or_default()}"”"</p>
            <p class="quiet num">{tf(ANSWERED, &[("who", &who), ("at", &format::instant(at))])}</p>
        }
    });
    view! {
        <span class="row tight"><b>{one.kind.label(lang())}</b><Pill label=one.state.label(lang()) tone=tone />
            {one.late.then(|| view! { <Pill label=t(LATE) tone=Tone::Bad /> })}</span>
        <p>{one.body.clone()}</p>
        <p class="quiet num">{tf(BY, &[("who", &one.asked_by), ("at", &format::instant(one.asked_at))])}
            {waits.then(|| format!(" · {}", tf(DUE, &[("day", &format::date(one.due_on))])))}</p>
        {answered}
    }
    .into_any()
}

/// The requests to a school.
#[component]
pub fn Requests(school: UnitId) -> impl IntoView {
    let list = pages(move |after| consents::requests_of_school(school, after));
    let may = who().can(Permission::ConsentWrite);
    let asked = RwSignal::new(None::<DataRequest>);
    let open = RwSignal::new(false);
    view! {
        <section class="panel" aria-labelledby="data-title">
            <header><h2 id="data-title" class="grow">{t(TITLE)}</h2>{list.export("yeu-cau-du-lieu")}</header>
            <div class="body">
                {list.show(move |mut items| {
                    if items.is_empty() {
                        return view! { <Empty title=t(NONE) glyph=Icon::Chat /> }.into_any();
                    }
                    // Those that wait stand first.
                    items.sort_by_key(|one| one.state != DataRequestState::Open);
                    let lines = items.into_iter().map(|one| {
                        let body = told(&one);
                        let name = one.learner_name.clone();
                        let waits = may && one.state == DataRequestState::Open;
                        view! {
                            <li>
                                <div class="grow stack"><A href=format!("/office/learners/{}/consents", one.learner_id)><b data-col=t(tx::FULL_NAME)>{name}</b></A><div class="stack" data-col=t(TITLE)>{body}</div></div>
                                {waits.then(|| {
                                    let press = Callback::new(move |()| { asked.set(Some(one.clone())); open.set(true) });
                                    view! { <Button label=t(ANSWER) small=true on_press=press /> }
                                })}
                            </li>
                        }
                    }).collect_view();
                    view! { <ul class="lines">{lines}</ul> }.into_any()
                })}
            </div>
            <Dialog open=open title=t(ANSWER)>
                {move || asked.get().map(|one| view! { <Answer one=one open=open list=list /> })}
            </Dialog>
        </section>
    }
    .into_any()
}

#[component]
fn Answer(one: DataRequest, open: RwSignal<bool>, list: Pages<DataRequest>) -> impl IntoView {
    let form = Form::new();
    let text = RwSignal::new(String::new());
    let shown = told(&one);
    let (id, version) = (one.id, one.version);
    let fault = form.fault("/answer");
    let decide = move |done: bool| {
        let body = PutDataAnswer { done, answer: text.get_untracked() };
        form.send(async move { consents::answer(id, version, &body).await }, move |_| {
            open.set(false);
            toast::say(t(SENT));
            list.reload();
        });
    };
    view! {
        <form class="stack" on:submit=move |event| { event.prevent_default(); decide(true) }>
            {shown}
            <div class="field">
                <label for="answer-text">{t(TEXT)}</label>
                <textarea id="answer-text" maxlength="2000" required=true prop:value=text on:input=move |event| text.set(event_target_value(&event))></textarea>
                {move || fault.get().map(|text| view! { <p class="wrong" role="alert">{text}</p> })}
            </div>
            <FormFault form=form fields=&["/answer"] />
            <footer>
                <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
                <Button label=t(REFUSE) disabled=form.busy on_press=Callback::new(move |()| decide(false)) />
                <Button label=t(DONE) look=Look::Primary busy=form.busy />
            </footer>
        </form>
    }
    .into_any()
}
