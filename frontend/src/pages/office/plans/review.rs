//! The review of a plan by the head of the group or by who leads the school. Alt+Enter accepts, Alt+R returns.

use crate::api::{teaching_plans, transcripts};
use crate::i18n::{t, texts};
use crate::state::who;
use crate::ui::{Button, Form, FormFault, Icon, Loader, Look, PasswordField, SelectField, load, toast};
use dto::Page;
use dto::access::Permission;
use dto::teaching_plans::*;
use leptos::prelude::*;

texts! {
    REVIEW: "Duyệt kế hoạch", "Review";
    NOTE: "Nhận xét cho giáo viên", "A word to the teacher";
    HINT: "Alt+Enter: duyệt; Alt+R: trả lại. Góp ý và trả lại cần có nhận xét.", "Alt+Enter accepts, Alt+R returns. Commenting and returning need a word.";
    COMMENT: "Góp ý", "Comment";
    RETURN: "Trả lại để sửa", "Return";
    ENDORSE: "Duyệt, chuyển ban giám hiệu", "Endorse";
    APPROVE: "Phê duyệt", "Approve";
    COMMENTED: "Đã gửi góp ý", "The comment is sent";
    RETURNED: "Đã trả lại cho giáo viên", "Returned to the teacher";
    KEY: "Ký số khi phê duyệt", "Sign the approval";
    NO_KEY: "Không ký", "Without a signature";
    CHOOSE_KEY: "Chọn chứng thư số", "Choose a key";
    MUST: "Trường yêu cầu ký số. Thêm chứng thư số ở mục Chứng thư số của tôi nếu chưa có.", "This school asks for a signature. Add a key under My keys if there is none.";
    FREE: "Có thể phê duyệt mà không ký số; bản ký số là tệp PDF ai cũng kiểm tra được.", "One may approve without a signature; a signed paper can be checked by anybody.";
    PASSWORD: "Mật khẩu của khoá", "Password of the key";
    ACCEPTED: "Đã duyệt", "Accepted";
}

#[component]
pub fn Review(found: TeachingPlan, plan: Loader<TeachingPlan>) -> impl IntoView {
    let form = Form::new();
    let note = RwSignal::new(String::new());
    let (id, revision) = (found.item.id, found.item.revision);
    let (key, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (approves, must) = (found.may_approve, found.signature_required);
    let signs = approves && who().can(Permission::KeyOwn);
    let keys =
        load(
            move || async move { if signs { transcripts::keys(None).await } else { Ok(Page { items: Vec::new(), next: None }) } },
        );
    let options = Signal::derive(move || {
        let mut all = vec![(String::new(), t(if must { CHOOSE_KEY } else { NO_KEY }).to_owned())];
        let known = keys.get().map(|page| page.items).unwrap_or_default();
        all.extend(
            known.into_iter().filter(|key| !key.seal).map(|key| (key.id.to_string(), format!("{} · {}", key.label, key.subject))),
        );
        all
    });
    let asks = move || {
        let chosen = key.get();
        keys.get().is_some_and(|page| page.items.iter().any(|key| key.id.to_string() == chosen && key.needs_password))
    };
    let send = move |verdict: ReviewVerdict| {
        let note = Some(note.get_untracked().trim().to_owned()).filter(|note| !note.is_empty());
        let signature = (verdict == ReviewVerdict::Accept)
            .then(|| key.get_untracked().parse().ok())
            .flatten()
            .map(|key_id| PlanSigning { key_id, password: Some(password.get_untracked()).filter(|text| !text.is_empty()) });
        let body = ReviewTeachingPlan { verdict, note, revision, signature };
        form.send(async move { teaching_plans::review(id, &body).await }, move |after| {
            toast::say(t(match verdict {
                ReviewVerdict::Comment => COMMENTED,
                ReviewVerdict::Return => RETURNED,
                ReviewVerdict::Accept => ACCEPTED,
            }));
            plan.set(after);
        });
    };
    let keys = move |event: leptos::ev::KeyboardEvent| {
        let verdict = match event.key().as_str() {
            "Enter" if event.alt_key() => ReviewVerdict::Accept,
            "r" | "R" if event.alt_key() => ReviewVerdict::Return,
            _ => return,
        };
        event.prevent_default();
        send(verdict);
    };
    let fault = form.fault("/note");
    let accept = if found.may_approve { APPROVE } else { ENDORSE };
    view! {
        <form class="panel no-print" on:submit=move |event| { event.prevent_default(); send(ReviewVerdict::Accept) } on:keydown=keys>
            <header><h2>{t(REVIEW)}</h2></header>
            <div class="body stack">
                <div class="field">
                    <label for="review-note">{t(NOTE)}</label>
                    <textarea id="review-note" rows="4" maxlength="2000" aria-describedby="review-hint" aria-invalid=move || fault.read().is_some().then_some("true") prop:value=note on:input=move |event| note.set(event_target_value(&event))></textarea>
                    <p class="hint" id="review-hint">{t(HINT)}</p>
                    {move || fault.get().map(|text| view! { <p class="wrong" role="alert"><span>{text}</span></p> })}
                </div>
                {approves.then(|| view! {
                    <SelectField label=t(KEY) name="review-key" value=key options=options hint=t(if must { MUST } else { FREE }) />
                    {move || asks().then(|| view! { <PasswordField label=t(PASSWORD) name="review-password" value=password autocomplete="off" /> })}
                })}
                <FormFault form=form fields=&["/note"] />
                <div class="row">
                    <Button label=t(COMMENT) glyph=Icon::Chat disabled=form.busy on_press=Callback::new(move |()| send(ReviewVerdict::Comment)) />
                    <Button label=t(RETURN) look=Look::Danger glyph=Icon::Undo disabled=form.busy on_press=Callback::new(move |()| send(ReviewVerdict::Return)) />
                    <Button label=t(accept) look=Look::Primary glyph=Icon::Check busy=form.busy />
                </div>
            </div>
        </form>
    }
    .into_any()
}
