//! Requests to correct transcripts, each with its clock of ten working days.

use super::{nowhere, own_school, ways};
use crate::api::transcripts;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::ui::{Button, Dialog, Empty, Form, FormFault, Header, Icon, Look, Pill, SelectField, Tone, load, toast};
use dto::transcripts::{CorrectionState, PutTranscriptCorrection, TranscriptCorrection};
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    TITLE: "Đề nghị sửa học bạ", "Requests for correction";
    UNDER: "Trả lời trong 10 ngày làm việc (TT 70/2026 Đ.22). Chấp nhận thì thu hồi bản cũ và lập bản mới.", "To be answered within 10 working days (TT 70/2026 Đ.22). What is accepted is revoked and made again.";
    NONE: "Chưa có đề nghị nào", "No request yet";
    NONE_TEXT: "Phụ huynh và giáo viên gửi đề nghị từ trang của học bạ đã ban hành.", "Guardians and teachers send them from an issued transcript.";
    DUE: "Hạn {day}", "Due {day}";
    LATE: "Quá hạn {day}", "Overdue since {day}";
    ASKED: "{who} · {at}", "{who} · {at}";
    ANSWER: "Trả lời", "Answer";
    DECISION: "Quyết định", "Decision";
    WORDS: "Nội dung trả lời", "The answer";
    DONE: "Đã trả lời", "Answered";
}

/// A request as a line; with how it was answered.
pub(super) fn line(item: &TranscriptCorrection) -> AnyView {
    let (label, tone) = match (item.state, item.late) {
        (CorrectionState::Open, false) => (tf(DUE, &[("day", &format::date(item.due_on))]), Tone::Info),
        (CorrectionState::Open, true) => (tf(LATE, &[("day", &format::date(item.due_on))]), Tone::Bad),
        (state, _) => (state.label(lang()).to_owned(), if state == CorrectionState::Accepted { Tone::Ok } else { Tone::Quiet }),
    };
    let asked = tf(ASKED, &[("who", &item.asked_by), ("at", &format::instant(item.asked_at))]);
    let answer = item.answer.clone().map(|text| view! { <p><b>{item.answered_by.clone()}</b>": "{text}</p> });
    view! { <div class="grow"><p class="row tight"><Pill label=label tone=tone /><span class="muted">{asked}</span></p><p>{item.text.clone()}</p>{answer}</div> }.into_any()
}

#[component]
pub fn CorrectionsPage() -> impl IntoView {
    let school = own_school();
    let items = load(move || async move { transcripts::corrections(school.ok_or_else(nowhere)?).await });
    let (open, chosen) = (RwSignal::new(false), RwSignal::new(None::<TranscriptCorrection>));
    let again = Callback::new(move |()| items.reload());
    view! {
        <Header title=t(TITLE) under=t(UNDER) />
        {ways()}
        {items.show(move |page| {
            if page.items.is_empty() {
                return view! { <div class="panel"><Empty title=t(NONE) text=t(NONE_TEXT) glyph=Icon::Check /></div> }.into_any();
            }
            let rows = page.items.into_iter().map(|item| {
                let href = format!("/papers/transcripts/{}", item.transcript_id);
                let who = format!("{} · {} · {}", item.full_name, item.class_name, item.school_year);
                let shown = line(&item);
                let answers = item.state == CorrectionState::Open;
                let press = Callback::new(move |()| { chosen.set(Some(item.clone())); open.set(true); });
                view! {
                    <li class="top"><div class="grow stack tight"><A href=href><b>{who}</b></A>{shown}</div>
                        {answers.then(|| view! { <Button label=t(ANSWER) small=true on_press=press /> })}
                    </li>
                }
            });
            view! { <section class="panel"><ul class="lines">{rows.collect_view()}</ul></section> }.into_any()
        })}
        <Dialog open=open title=t(ANSWER)>
            {move || chosen.get().map(|item| view! { <Answer item=item open=open again=again /> })}
        </Dialog>
    }
}

#[component]
fn Answer(item: TranscriptCorrection, open: RwSignal<bool>, again: Callback<()>) -> impl IntoView {
    let form = Form::new();
    let words = RwSignal::new(String::new());
    let state = RwSignal::new(CorrectionState::Accepted.to_string());
    let of = |state: CorrectionState| (state.to_string(), state.label(lang()).to_owned());
    let options = vec![of(CorrectionState::Accepted), of(CorrectionState::Refused)];
    let id = item.id;
    let send = move || {
        let Ok(state) = state.get_untracked().parse() else { return };
        let body = PutTranscriptCorrection { state, answer: words.get_untracked() };
        form.send(async move { transcripts::answer(id, &body).await }, move |_| {
            open.set(false);
            toast::say(t(DONE));
            again.run(());
        });
    };
    view! {
        <form class="stack" on:submit=move |event| { event.prevent_default(); send() }>
            <p>{item.text}</p>
            <SelectField label=t(DECISION) name="decision" value=state options=Signal::stored(options) fault=form.fault("/state") />
            <div class="field"><label for="words">{t(WORDS)}</label>
                <textarea id="words" rows="4" maxlength="1000" required prop:value=words on:input=move |event| words.set(event_target_value(&event))></textarea></div>
            <FormFault form=form fields=&["/state"] />
            <footer>
                <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
                <Button label=t(ANSWER) look=Look::Primary busy=form.busy />
            </footer>
        </form>
    }
}
