//! The next step of a transfer: answer, release, place, withdraw.

use crate::api::transfers;
use crate::format;
use crate::i18n::{t, texts, tx};
use crate::pages::records::pick::filled;
use crate::ui::{Button, DateField, Dialog, Field, Form, FormFault, Look, SelectField, load, toast};
use dto::classes::ClassQuery;
use dto::transfers::*;
use leptos::prelude::*;

texts! {
    ANSWER: "Trả lời", "Answer";
    ACCEPT: "Đồng ý nhận", "Accept";
    REFUSE: "Từ chối", "Refuse";
    RELEASE: "Cho chuyển", "Release";
    PLACE: "Xếp lớp", "Place";
    WITHDRAW: "Rút yêu cầu", "Withdraw";
    CLASS_LATER: "Xếp lớp sau", "Named later";
    NOTE: "Lời nhắn; khi từ chối phải có lí do", "A word; a refusal needs a reason";
    MOVED_ON: "Ngày bắt đầu ở trường mới", "First day at the new school";
    RELEASE_TEXT: "Từ ngày này hồ sơ, điểm, học bạ, sức khoẻ của em thuộc trường mới. Không hoàn tác được.", "From this day the child's record, marks, transcripts and health are the new school's. It cannot be undone.";
    RELEASE_NOTE: "Lời nhắn (không bắt buộc)", "A word (not required)";
    ENROLLED_ON: "Vào lớp từ ngày", "In the class from";
    WHY: "Lí do", "Reason";
    DONE: "Đã ghi", "Done";
}

#[derive(Clone, Copy, PartialEq)]
enum Step {
    Answer,
    Release,
    Place,
    Withdraw,
}

/// The buttons that this caller has on this transfer.
#[component]
pub fn Act(transfer: Transfer, done: Callback<()>) -> impl IntoView {
    let step = RwSignal::new(None::<Step>);
    let open = RwSignal::new(false);
    let steps = [
        (transfer.may_answer, Step::Answer, ANSWER),
        (transfer.may_release, Step::Release, RELEASE),
        (transfer.may_place, Step::Place, PLACE),
        (transfer.may_withdraw, Step::Withdraw, WITHDRAW),
    ];
    let buttons = steps
        .into_iter()
        .filter(|(may, ..)| *may)
        .map(|(_, to, name)| {
            let press = Callback::new(move |()| {
                step.set(Some(to));
                open.set(true);
            });
            view! { <Button label=t(name) small=true on_press=press /> }
        })
        .collect_view();
    let title = transfer.full_name.clone();
    let transfer = StoredValue::new(transfer);
    view! {
        <div class="row tight no-print">{buttons}</div>
        <Dialog open=open title=title>
            {move || step.get().filter(|_| open.get()).map(|step| view! { <Take step=step transfer=transfer.get_value() open=open done=done /> })}
        </Dialog>
    }
    .into_any()
}

#[component]
fn Take(step: Step, transfer: Transfer, open: RwSignal<bool>, done: Callback<()>) -> impl IntoView {
    let form = Form::new();
    let id = transfer.id;
    let (class, note) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let day = RwSignal::new(Ord::max(format::today(), transfer.wished_on).to_string());
    let needs_class = matches!(step, Step::Answer | Step::Place);
    let classes = load(move || {
        let query = ClassQuery { school_id: Some(transfer.to_school_id), ..ClassQuery::default() };
        async move {
            if !needs_class {
                return Ok(Vec::new());
            }
            Ok(crate::api::records::classes(&query, None).await?.items)
        }
    });
    let options = Signal::derive(move || {
        let later = (step == Step::Answer).then(|| (String::new(), t(CLASS_LATER).to_owned()));
        let found = classes.get().unwrap_or_default().into_iter().map(|class| (class.id.to_string(), class.name));
        let options: Vec<(String, String)> = later.into_iter().chain(found).collect();
        options
    });
    let chosen = move || {
        let picked = class.get_untracked();
        // The list shows its first class as chosen where nothing was.
        let first = || options.get_untracked().into_iter().map(|(key, _)| key).next().unwrap_or_default();
        if picked.is_empty() { first() } else { picked }.parse().ok()
    };
    let finished = move |_: Transfer| {
        open.set(false);
        toast::say(t(DONE));
        done.run(());
    };
    let answer = move |accept: bool| {
        let body = PostTransferAnswer { accept, class_id: chosen().filter(|_| accept), note: filled(note) };
        form.send(async move { transfers::answer(id, &body).await }, finished);
    };
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let on = day.get_untracked().parse().unwrap_or_else(|_| format::today());
        match step {
            Step::Answer => answer(true),
            Step::Release => {
                let body = PostTransferRelease { moved_on: on, note: filled(note) };
                form.send(async move { transfers::release(id, &body).await }, finished);
            }
            Step::Place => {
                let Some(class_id) = chosen() else { return };
                let body = PostTransferPlacement { class_id, enrolled_on: on };
                form.send(async move { transfers::place(id, &body).await }, finished);
            }
            Step::Withdraw => {
                let body = PostTransferWithdrawal { reason: note.get_untracked() };
                form.send(async move { transfers::withdraw(id, &body).await }, finished);
            }
        }
    };
    let (verb, says) = match step {
        Step::Answer => (ACCEPT, NOTE),
        Step::Release => (RELEASE, RELEASE_NOTE),
        Step::Place => (PLACE, WHY),
        Step::Withdraw => (WITHDRAW, WHY),
    };
    let fault = if step == Step::Withdraw { form.fault("/reason") } else { form.fault("/note") };
    view! {
        <form class="stack" on:submit=send>
            {(step == Step::Release).then(|| view! { <p>{t(RELEASE_TEXT)}</p> })}
            {needs_class.then(|| view! { <SelectField label=t(tx::CLASS) name="transfer-class" value=class options=options fault=form.fault("/class_id") /> })}
            {(step == Step::Release).then(|| view! { <DateField label=t(MOVED_ON) name="moved-on" value=day required=true fault=form.fault("/moved_on") /> })}
            {(step == Step::Place).then(|| view! { <DateField label=t(ENROLLED_ON) name="enrolled-on" value=day required=true fault=form.fault("/enrolled_on") /> })}
            {(step != Step::Place).then(|| view! { <Field label=t(says) name="transfer-note" value=note max=500 required={step == Step::Withdraw} fault=fault /> })}
            <FormFault form=form fields=&["/class_id", "/moved_on", "/enrolled_on", "/note", "/reason"] />
            <footer>
                <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
                {(step == Step::Answer).then(|| {
                    // Not a submit: the form accepts.
                    view! { <button type="button" class="btn danger" disabled=form.busy on:click=move |_| answer(false)>{t(REFUSE)}</button> }
                })}
                <Button label=t(verb) look=Look::Primary busy=form.busy />
            </footer>
        </form>
    }
    .into_any()
}
