//! The review of a plan by the head of the group or by who leads the school. Alt+Enter accepts, Alt+R returns.

use crate::api::teaching_plans;
use crate::i18n::{t, texts};
use crate::ui::{Button, Form, FormFault, Icon, Loader, Look, toast};
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
    ACCEPTED: "Đã duyệt", "Accepted";
}

#[component]
pub fn Review(found: TeachingPlan, plan: Loader<TeachingPlan>) -> impl IntoView {
    let form = Form::new();
    let note = RwSignal::new(String::new());
    let (id, revision) = (found.item.id, found.item.revision);
    let send = move |verdict: ReviewVerdict| {
        let note = Some(note.get_untracked().trim().to_owned()).filter(|note| !note.is_empty());
        let body = ReviewTeachingPlan { verdict, note, revision };
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
