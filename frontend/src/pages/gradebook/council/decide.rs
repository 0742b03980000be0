//! A decision against the proposal: another level, or another end of the year, with a reason; and its approval.

use super::promotion_pill;
use crate::api::council;
use crate::format;
use crate::i18n::{lang, t, texts, tx};
use crate::ui::{Button, Form, FormFault, Icon, Loader, Look, SelectField, icon, toast};
use dto::ClassId;
use dto::council::{Council, CouncilRow, PutOverride};
use leptos::prelude::*;
use regulations::{Level, Promotion};

texts! {
    NOW: "Theo quy định", "By regulation";
    LEARNING: "Kết quả học tập", "Learning";
    CONDUCT: "Kết quả rèn luyện", "Conduct";
    PROMOTION: "Lên lớp", "Promotion";
    KEEP: "Giữ nguyên", "As proposed";
    FOLLOWS: "Theo các mức đã chọn", "Follows from the levels";
    REASON: "Lí do", "Reason";
    REASON_HINT: "Ghi căn cứ của hội đồng, ít nhất 5 ký tự. Lí do được lưu cùng tên bạn.", "What the council went by, at least 5 characters. It is kept with your name.";
    WAITS: "Quyết định cần hiệu trưởng duyệt mới có hiệu lực.", "The decision counts once the principal has approved it.";
    AT_ONCE: "Bạn là người duyệt: quyết định có hiệu lực ngay.", "You approve it: the decision counts at once.";
    SAVED: "Đã ghi quyết định", "The decision is kept";
    APPROVE: "Duyệt đề nghị", "Approve";
    APPROVED: "Đã duyệt", "Approved";
    PROPOSED_BY: "Người đề nghị:", "Proposed by";
    WITHDRAW: "Bỏ quyết định", "Take it back";
    WITHDRAWN: "Đã bỏ quyết định", "Taken back";
    WITHDRAW_REASON: "Hội đồng không thay đổi kết quả theo quy định.", "The council leaves the result as the regulation has it.";
}

#[component]
pub fn Decide(row: CouncilRow, class: ClassId, approver: bool, loader: Loader<Council>, open: RwSignal<bool>) -> impl IntoView {
    let stands = row.overridden.clone();
    let version = stands.as_ref().map_or(0, |decision| decision.version);
    let learner = row.decision.learner_id;
    let code = |level: Option<Level>| level.map_or(String::new(), |level| level.code().to_owned());
    let learning = RwSignal::new(code(stands.as_ref().and_then(|decision| decision.learning)));
    let conduct = RwSignal::new(code(stands.as_ref().and_then(|decision| decision.conduct)));
    let end = stands.as_ref().and_then(|decision| decision.promotion).map_or(String::new(), |end| end.code().to_owned());
    let end = RwSignal::new(end);
    let reason = RwSignal::new(stands.as_ref().map(|decision| decision.reason.clone()).unwrap_or_default());
    let form = Form::new();
    let done = move |said: &'static str| {
        move |answer: Council| {
            open.set(false);
            loader.set(answer);
            toast::say(said);
        }
    };
    let put = move |body: PutOverride, said: &'static str| {
        form.send(async move { council::decide(class, learner, version, &body).await }, done(said));
    };
    let send = move || {
        let body = PutOverride {
            learning: Level::from_code(&learning.read_untracked()),
            conduct: Level::from_code(&conduct.read_untracked()),
            promotion: Promotion::from_code(&end.read_untracked()),
            reason: reason.read_untracked().trim().to_owned(),
        };
        put(body, t(SAVED));
    };
    let withdraw = Callback::new(move |()| {
        let body = PutOverride { learning: None, conduct: None, promotion: None, reason: t(WITHDRAW_REASON).to_owned() };
        put(body, t(WITHDRAWN));
    });
    let approve = Callback::new(move |()| form.send(council::approve(class, learner, version), done(t(APPROVED))));
    let levels = || {
        let mut options = vec![(String::new(), t(KEEP).to_owned())];
        options.extend(Level::ALL.iter().rev().map(|level| (level.code().to_owned(), super::level_text(*level).to_owned())));
        options
    };
    let ends = || {
        let mut options = vec![(String::new(), t(FOLLOWS).to_owned())];
        let of = |end: Promotion| (end.code().to_owned(), lang().pick(end.vi(), end.en()).to_owned());
        options.extend([Promotion::Promoted, Promotion::Retained].map(of));
        options
    };
    let pending = stands.clone().filter(|decision| decision.approved_at.is_none());
    let pending = pending.map(|decision| {
        view! {
            <div class="strip info">
                {icon(Icon::People)}
                <span class="grow">{t(PROPOSED_BY)}" "{decision.proposed_by}". “"{decision.reason}"”"</span>
                {approver.then(|| view! { <Button label=t(APPROVE) small=true glyph=Icon::Check busy=form.busy on_press=approve /> })}
            </div>
        }
    });
    view! {
        <form class="stack" on:submit=move |event| { event.prevent_default(); send() }>
            <p class="row"><b>{format::name(&row.full_name, &row.given_name)}</b><span class="muted">{t(NOW)}</span>{promotion_pill(row.decision.after_summer.promotion)}</p>
            {pending}
            <SelectField label=t(LEARNING) name="decide_learning" value=learning options=Signal::derive(levels) />
            <SelectField label=t(CONDUCT) name="decide_conduct" value=conduct options=Signal::derive(levels) />
            <SelectField label=t(PROMOTION) name="decide_promotion" value=end options=Signal::derive(ends) />
            <div class="field">
                <label for="decide-reason">{t(REASON)}<span class="need" aria-hidden="true">" *"</span></label>
                <textarea id="decide-reason" required=true minlength="5" maxlength="500" aria-describedby="decide-reason-hint" prop:value=reason on:input=move |event| reason.set(event_target_value(&event))></textarea>
                <p class="hint" id="decide-reason-hint">{t(REASON_HINT)}</p>
            </div>
            <p class="quiet">{if approver { t(AT_ONCE) } else { t(WAITS) }}</p>
            <FormFault form=form />
            <footer>
                {stands.is_some().then(|| view! { <Button label=t(WITHDRAW) look=Look::Plain busy=form.busy on_press=withdraw /> })}
                <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
                <Button label=t(tx::SAVE) look=Look::Primary busy=form.busy />
            </footer>
        </form>
    }
    .into_any()
}
