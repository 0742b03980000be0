//! The individual education plan of a learner: proposed by the homeroom teacher, decided by the principal. For whom there is none to
//! see, the page has no such part.

use crate::api::gradebook;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::state::who;
use crate::ui::{Button, Check, Dialog, Empty, Field, Form, FormFault, Icon, Look, Pill, Tone, load, toast};
use dto::access::Permission;
use dto::plans::{DecideIndividualPlan, IndividualPlan, IndividualPlans, PlanState, PutIndividualPlan};
use dto::{ClassId, LearnerId};
use leptos::prelude::*;

texts! {
    TITLE: "Kế hoạch giáo dục cá nhân", "Individual education plan";
    NONE: "Chưa có kế hoạch", "No plan";
    NONE_TEXT: "Dành cho học sinh khuyết tật: môn trong kế hoạch không tính vào kết quả (TT 22/2021 Đ.11; tiểu học: TT 28/2020).", "For learners with disabilities: the subjects of the plan count for no result (TT 22/2021 Đ.11; primary schools: TT 28/2020).";
    PROPOSE: "Đề xuất", "Propose";
    CHANGE: "Đề xuất thay đổi", "Propose a change";
    DECIDE: "Xem xét", "Decide";
    APPROVE: "Duyệt", "Approve";
    DECLINE: "Không duyệt", "Decline";
    IN_FORCE: "Đang áp dụng", "In force";
    PROPOSED: "Đề xuất", "Proposed";
    NO_SUBJECT: "không môn nào", "no subject";
    DOCUMENT: "Văn bản", "Document";
    DOCUMENT_HINT: "Số và ngày của kế hoạch trong hồ sơ của nhà trường", "Number and day of the plan in the school's files";
    NOTE: "Ý kiến của hiệu trưởng", "The principal's note";
    SUBJECTS: "Môn đánh giá theo kế hoạch", "Subjects assessed by the plan";
    SUBJECTS_HINT: "Bỏ chọn tất cả để kết thúc kế hoạch.", "Choose none to end the plan.";
    BY: "{name}, {day}", "{name}, {day}";
}

/// The part of the learner's page, in the class that they are in today.
#[component]
pub fn LearnerPlan(learner: LearnerId, class: ClassId) -> impl IntoView {
    // Who may not see plans, and classes without, are answered alike.
    let plans = load(move || async move { Ok(gradebook::individual_plans(class).await.ok()) });
    let (editing, deciding) = (RwSignal::new(false), RwSignal::new(false));
    let done = Callback::new(move |()| {
        editing.set(false);
        deciding.set(false);
        toast::say(t(tx::SAVED));
        plans.reload();
    });
    plans.show(move |found| match found {
        Some(found) => panel(found, learner, editing, deciding, done),
        None => ().into_any(),
    })
}

fn panel(
    found: IndividualPlans,
    learner: LearnerId,
    editing: RwSignal<bool>,
    deciding: RwSignal<bool>,
    done: Callback<()>,
) -> AnyView {
    let item = found.items.iter().find(|item| item.learner_id == learner).cloned();
    let proposes = found.writable && who().can(Permission::PlanWrite);
    let waits = item.as_ref().is_some_and(|item| item.state == PlanState::Proposed);
    let decides = found.decides && waits && who().can(Permission::PlanDecide);
    let body = match &item {
        Some(item) => facts(&found, item),
        None => view! { <Empty title=t(NONE) text=t(NONE_TEXT) glyph=Icon::Book /> }.into_any(),
    };
    let label = t(if item.is_some() { CHANGE } else { PROPOSE });
    let (found, item) = (StoredValue::new(found), StoredValue::new(item));
    view! {
        <section class="panel">
            <header>
                <h2 class="grow">{t(TITLE)}</h2>
                {proposes.then(|| view! { <Button small=true label=label on_press=Callback::new(move |()| editing.set(true)) /> })}
                {decides.then(|| view! { <Button small=true look=Look::Primary label=t(DECIDE) on_press=Callback::new(move |()| deciding.set(true)) /> })}
            </header>
            <div class="body">{body}</div>
        </section>
        <Dialog open=editing title=t(TITLE)><Propose found=found item=item learner=learner done=done /></Dialog>
        <Dialog open=deciding title=t(DECIDE)>{move || item.get_value().map(|item| view! { <Decide class=found.with_value(|f| f.class_id) item=item done=done /> })}</Dialog>
    }
    .into_any()
}

fn names(found: &IndividualPlans, codes: &[String]) -> String {
    let known = |code: &String| {
        let subject = found.subjects.iter().find(|s| s.subject_code == *code);
        subject.map_or(code.clone(), |s| lang().pick(&s.name_vi, &s.name_en).to_owned())
    };
    if codes.is_empty() { t(NO_SUBJECT).to_owned() } else { codes.iter().map(known).collect::<Vec<_>>().join(", ") }
}

fn facts(found: &IndividualPlans, item: &IndividualPlan) -> AnyView {
    let tone = match item.state {
        PlanState::Proposed => Tone::Warn,
        PlanState::Approved => Tone::Ok,
        PlanState::Declined => Tone::Quiet,
    };
    let by = |name: &str, at| tf(BY, &[("name", name), ("day", &format::instant(at))]);
    let proposal = (item.state != PlanState::Approved).then(|| {
        view! { <dt>{t(PROPOSED)}</dt><dd>{names(found, &item.subject_codes)}<br /><small class="muted">{by(&item.proposed_by, item.proposed_at)}</small></dd> }
    });
    let note = item.note.clone().map(|note| view! { <dt>{t(NOTE)}</dt><dd>{note}</dd> });
    let decided = item.decided_by.as_deref().zip(item.decided_at).map(|(name, at)| by(name, at));
    view! {
        <p class="row tight"><Pill label=item.state.label(lang()) tone=tone /><small class="muted">{decided}</small></p>
        <dl class="facts">
            <dt>{t(IN_FORCE)}</dt><dd>{names(found, &item.in_force)}</dd>
            {proposal}
            <dt>{t(DOCUMENT)}</dt><dd>{item.document.clone()}</dd>
            {note}
        </dl>
    }
    .into_any()
}

#[component]
fn Propose(
    found: StoredValue<IndividualPlans>,
    item: StoredValue<Option<IndividualPlan>>,
    learner: LearnerId,
    done: Callback<()>,
) -> impl IntoView {
    let item = item.get_value();
    let document = RwSignal::new(item.as_ref().map(|item| item.document.clone()).unwrap_or_default());
    let chosen: Vec<(String, String, RwSignal<bool>)> = found.with_value(|found| {
        let on = |code: &str| item.as_ref().is_some_and(|item| item.subject_codes.iter().any(|own| own == code));
        let name = |s: &dto::gradebook::ResultSubject| lang().pick(&s.name_vi, &s.name_en).to_owned();
        found.subjects.iter().map(|s| (s.subject_code.clone(), name(s), RwSignal::new(on(&s.subject_code)))).collect()
    });
    let boxes = chosen.iter().map(|(_, name, on)| view! { <Check label=name.clone() value=*on /> }).collect_view();
    let (class, version) = (found.with_value(|f| f.class_id), item.map_or(0, |item| item.version));
    let form = Form::new();
    let send = move || {
        let codes = chosen.iter().filter(|(_, _, on)| on.get_untracked()).map(|(code, ..)| code.clone()).collect();
        let body = PutIndividualPlan { subject_codes: codes, document: document.read_untracked().trim().to_owned() };
        form.send(async move { gradebook::put_individual_plan(class, learner, version, &body).await }, move |_| done.run(()));
    };
    view! {
        <form class="stack" on:submit=move |event| { event.prevent_default(); send() }>
            <fieldset class="field"><legend class="label">{t(SUBJECTS)}</legend><div class="fields narrow">{boxes}</div><p class="hint">{t(SUBJECTS_HINT)}</p></fieldset>
            <Field label=t(DOCUMENT) name="plan_document" value=document required=true max=300 hint=t(DOCUMENT_HINT) fault=form.fault("/document") />
            <FormFault form=form fields=&["/document"] />
            <footer><Button label=t(PROPOSE) look=Look::Primary busy=form.busy /></footer>
        </form>
    }
    .into_any()
}

#[component]
fn Decide(class: ClassId, item: IndividualPlan, done: Callback<()>) -> impl IntoView {
    let note = RwSignal::new(String::new());
    let form = Form::new();
    let (learner, version) = (item.learner_id, item.version);
    let decide = move |approve| {
        let text = note.read_untracked().trim().to_owned();
        let body = DecideIndividualPlan { approve, note: (!text.is_empty()).then_some(text), version };
        form.send(async move { gradebook::decide_individual_plan(class, learner, &body).await }, move |_| done.run(()));
    };
    view! {
        <div class="stack">
            <p><b>{item.full_name}</b>" · "{item.document}</p>
            <Field label=t(NOTE) name="plan_note" value=note max=500 fault=form.fault("/note") />
            <FormFault form=form fields=&["/note"] />
            <footer>
                <Button label=t(DECLINE) busy=form.busy on_press=Callback::new(move |()| decide(false)) />
                <Button label=t(APPROVE) look=Look::Primary busy=form.busy on_press=Callback::new(move |()| decide(true)) />
            </footer>
        </div>
    }
    .into_any()
}
