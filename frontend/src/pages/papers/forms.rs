//! Dialogs that ask for a few words: why a transcript is reopened or revoked, to whom it was given, what is to be corrected.

use crate::api::{ApiError, transcripts};
use crate::format;
use crate::i18n::{lang, t, texts, tx};
use crate::ui::{Button, DateField, Dialog, Field, Form, FormFault, Look, SelectField, toast};
use dto::TranscriptId;
use dto::transcripts::*;
use leptos::prelude::*;

texts! {
    REASON: "Lí do", "Reason";
    REOPEN: "Đưa về bản nháp", "Back to a draft";
    REOPEN_TEXT: "Các chữ ký đã có không còn hiệu lực và phải ký lại từ đầu.", "Signatures that are there become void, and all sign again.";
    REOPENED: "Đã đưa về bản nháp", "It is a draft again";
    REVOKE: "Thu hồi học bạ", "Revoke the transcript";
    REVOKE_TEXT: "Học bạ đã ban hành không sửa tại chỗ: thu hồi bằng quyết định, rồi lập bản mới thay thế.", "An issued transcript is never edited: revoke it by decision, then make another in its place.";
    DECISION: "Số quyết định", "Decision number";
    DECIDED: "Ngày quyết định", "Day of the decision";
    REVOKED: "Đã thu hồi", "Revoked";
    GIVE: "Ghi nhận cấp học bạ", "Note that it was given";
    GIVE_TEXT: "Ghi lại việc cấp cho ai, để làm gì (TT 70/2026 Đ.10).", "To whom it was given, and what for (TT 70/2026 Đ.10).";
    FORM: "Hình thức", "Form";
    RECIPIENT: "Cấp cho", "Given to";
    PURPOSE: "Mục đích", "Purpose";
    GIVEN: "Đã ghi nhận", "Noted";
    ASK: "Đề nghị sửa", "Ask for a correction";
    ASK_TEXT: "Nêu rõ chỗ sai và thông tin đúng. Nhà trường trả lời trong 10 ngày làm việc.", "Say what is wrong and what is right. The school answers within 10 working days.";
    WHAT: "Nội dung", "What";
    ASKED: "Đã gửi đề nghị", "The request was sent";
    SEND: "Gửi", "Send";
}

fn footer(open: RwSignal<bool>, label: &'static str, look: Look, form: Form) -> AnyView {
    view! {
        <footer>
            <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
            <Button label=label look=look busy=form.busy />
        </footer>
    }
    .into_any()
}

fn text_field(label: &'static str, name: &'static str, value: RwSignal<String>, fault: Signal<Option<String>>) -> AnyView {
    view! { <Field label=label name=name value=value required=true max=500 fault=fault /> }.into_any()
}

#[component]
pub fn Reopen(open: RwSignal<bool>, id: TranscriptId, done: Callback<Transcript>) -> impl IntoView {
    view! {
        <Dialog open=open title=t(REOPEN)>
            {
                let (form, reason) = (Form::new(), RwSignal::new(String::new()));
                let send = move || {
                    let body = ReopenTranscript { reason: reason.get_untracked() };
                    form.send(async move { transcripts::reopen(id, &body).await }, move |answer| {
                        open.set(false);
                        toast::say(t(REOPENED));
                        done.run(answer);
                    });
                };
                view! {
                    <form class="stack" on:submit=move |event| { event.prevent_default(); send() }>
                        <p>{t(REOPEN_TEXT)}</p>
                        {text_field(t(REASON), "reason", reason, form.fault("/reason"))}
                        <FormFault form=form fields=&["/reason"] />
                        {footer(open, t(REOPEN), Look::Danger, form)}
                    </form>
                }
            }
        </Dialog>
    }
}

#[component]
pub fn Revoke(open: RwSignal<bool>, id: TranscriptId, done: Callback<Transcript>) -> impl IntoView {
    view! {
        <Dialog open=open title=t(REVOKE)>
            {
                let form = Form::new();
                let (reason, number) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
                let day = RwSignal::new(format::today().to_string());
                let send = move || {
                    let Ok(decided_on) = day.get_untracked().parse() else { return };
                    let body =
                        RevokeTranscript { reason: reason.get_untracked(), decision_number: number.get_untracked(), decided_on };
                    form.send(async move { transcripts::revoke(id, &body).await }, move |answer| {
                        open.set(false);
                        toast::say(t(REVOKED));
                        done.run(answer);
                    });
                };
                view! {
                    <form class="stack" on:submit=move |event| { event.prevent_default(); send() }>
                        <p>{t(REVOKE_TEXT)}</p>
                        {text_field(t(REASON), "reason", reason, form.fault("/reason"))}
                        {text_field(t(DECISION), "number", number, form.fault("/decision_number"))}
                        <DateField label=t(DECIDED) name="decided" value=day required=true fault=form.fault("/decided_on") />
                        <FormFault form=form fields=&["/reason", "/decision_number", "/decided_on"] />
                        {footer(open, t(REVOKE), Look::Danger, form)}
                    </form>
                }
            }
        </Dialog>
    }
}

#[component]
pub fn Give(open: RwSignal<bool>, id: TranscriptId, done: Callback<Transcript>) -> impl IntoView {
    view! {
        <Dialog open=open title=t(GIVE)>
            {
                let form = Form::new();
                let (recipient, purpose) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
                let kind = RwSignal::new(TranscriptForm::Pdf.to_string());
                let options: Vec<(String, String)> =
                    TranscriptForm::ALL.iter().map(|form| (form.to_string(), form.label(lang()).to_owned())).collect();
                let send = move || {
                    let Ok(kind) = kind.get_untracked().parse() else { return };
                    let body = PostTranscriptIssue { form: kind, recipient: recipient.get_untracked(), purpose: purpose.get_untracked() };
                    form.send(async move { transcripts::give(id, &body).await }, move |answer| {
                        open.set(false);
                        toast::say(t(GIVEN));
                        done.run(answer);
                    });
                };
                view! {
                    <form class="stack" on:submit=move |event| { event.prevent_default(); send() }>
                        <p>{t(GIVE_TEXT)}</p>
                        <SelectField label=t(FORM) name="form" value=kind options=Signal::stored(options) />
                        {text_field(t(RECIPIENT), "recipient", recipient, form.fault("/recipient"))}
                        {text_field(t(PURPOSE), "purpose", purpose, form.fault("/purpose"))}
                        <FormFault form=form fields=&["/recipient", "/purpose"] />
                        {footer(open, t(tx::SAVE), Look::Primary, form)}
                    </form>
                }
            }
        </Dialog>
    }
}

/// A call that sends the text of a request.
pub type Send = std::sync::Arc<
    dyn Fn(PostTranscriptCorrection) -> std::pin::Pin<Box<dyn Future<Output = Result<TranscriptCorrection, ApiError>>>>
        + std::marker::Send
        + Sync,
>;

#[component]
pub fn Ask(open: RwSignal<bool>, call: Send, done: Callback<()>) -> impl IntoView {
    view! {
        <Dialog open=open title=t(ASK)>
            {
                let (form, text) = (Form::new(), RwSignal::new(String::new()));
                let call = call.clone();
                let send = move || {
                    form.send(call(PostTranscriptCorrection { text: text.get_untracked() }), move |_| {
                        open.set(false);
                        toast::say(t(ASKED));
                        done.run(());
                    });
                };
                view! {
                    <form class="stack" on:submit=move |event| { event.prevent_default(); send() }>
                        <p>{t(ASK_TEXT)}</p>
                        <div class="field">
                            <label for="what">{t(WHAT)}</label>
                            <textarea id="what" rows="4" maxlength="1000" required prop:value=text on:input=move |event| text.set(event_target_value(&event))></textarea>
                        </div>
                        <FormFault form=form />
                        {footer(open, t(SEND), Look::Primary, form)}
                    </form>
                }
            }
        </Dialog>
    }
}
