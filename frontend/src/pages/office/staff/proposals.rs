//! Corrections that people propose to their own record, for who keeps it.

use super::describe::{details, headline};
use super::{crumbs, tabs};
use crate::api::staff;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::filters::Filters;
use crate::pages::records::pick::filled;
use crate::ui::{
    Button, Dialog, Empty, Field, Form, FormFault, Header, Icon, Look, Pill, SelectField, Tone, or_all, pages, toast,
};
use dto::staff_records::{
    DecideStaffProposal, ProposalState, PutStaffRecord, StaffChange, StaffProposal, StaffProposalQuery, StaffRecord,
};
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    ASKED: "Nội dung đề nghị", "Proposed change";
    AT: "Gửi lúc", "Sent at";
    TITLE: "Đề nghị sửa hồ sơ", "Proposed corrections";
    UNDER: "Giáo viên, nhân viên đề nghị; duyệt thì hồ sơ đổi ngay.", "Staff propose; approving makes the change at once.";
    STATE: "Trạng thái", "State";
    NONE: "Không có đề nghị nào", "No proposals";
    NONE_TEXT: "Đề nghị từ trang “Hồ sơ của tôi” hiện ở đây.", "What is proposed on the page “My record” shows here.";
    ADD: "Thêm: {what}", "Add: {what}";
    CHANGE: "Sửa thành: {what}", "Change to: {what}";
    OWN: "Sửa thông tin chung", "Change personal data";
    ANSWER: "Trả lời", "Answer";
    APPROVE: "Duyệt", "Approve";
    REFUSE: "Không duyệt", "Refuse";
    WORD: "Lời nhắn (không bắt buộc)", "A word (not required)";
    DECIDED: "Đã trả lời đề nghị", "The proposal is answered";
}

pub fn tone(state: ProposalState) -> Tone {
    match state {
        ProposalState::Pending => Tone::Warn,
        ProposalState::Approved => Tone::Ok,
        ProposalState::Refused | ProposalState::Withdrawn => Tone::Quiet,
    }
}

/// What is to be changed, in a few words.
pub fn said(change: &StaffChange) -> String {
    match change {
        StaffChange::Own { .. } => t(OWN).to_owned(),
        StaffChange::Add { record } => tf(ADD, &[("what", &headline(&record.facts))]),
        StaffChange::Change { record, .. } => tf(CHANGE, &[("what", &headline(&record.facts))]),
    }
}

/// The rest of it.
fn rest(change: &StaffChange, proposal: &StaffProposal) -> String {
    let as_record = |body: &PutStaffRecord| StaffRecord {
        id: dto::StaffRecordId(proposal.id.0),
        staff_id: proposal.staff_id,
        facts: body.facts.clone(),
        unit_id: body.unit_id,
        unit_name: None,
        school_year_id: body.school_year_id,
        school_year: None,
        first_on: body.first_on,
        last_on: body.last_on,
        decision_no: body.decision_no.clone(),
        decided_on: body.decided_on,
        note: body.note.clone(),
        working_days: None,
        files: Vec::new(),
        withdrawn: false,
        version: 0,
        updated_at: proposal.proposed_at,
        updated_by: String::new(),
    };
    match change {
        StaffChange::Own { staff, .. } => {
            [Some(staff.name.full()), staff.birth_date.map(format::date), staff.phone.clone(), staff.ministry_code.clone()]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" · ")
        }
        StaffChange::Add { record } | StaffChange::Change { record, .. } => {
            let record = as_record(record);
            let mut parts = vec![super::describe::span(&record)];
            parts.extend(details(&record));
            parts.retain(|part| !part.is_empty());
            parts.join(" · ")
        }
    }
}

#[component]
pub fn ProposalsPage() -> impl IntoView {
    let filters = Filters::new();
    let school = filters.school();
    let state = filters.text_or("state", ProposalState::Pending.to_string());
    let found = pages(move |after| {
        let query = StaffProposalQuery { unit_id: school.id(), state: state.get().parse().ok() };
        async move { staff::proposals(&query, after).await }
    });
    let (open, which) = (RwSignal::new(false), RwSignal::new(None::<StaffProposal>));
    let states = or_all(ProposalState::ALL.iter().map(|s| (s, s.label(lang()))));
    let done = Callback::new(move |()| {
        open.set(false);
        toast::say(t(DECIDED));
        found.reload();
    });
    view! {
        <Header title=t(TITLE) crumbs=crumbs() under=t(UNDER)>{found.export("de-nghi-sua-ho-so")}</Header>
        {tabs()}
        <div class="filters"><SelectField label=t(STATE) name="proposal-state" value=state options=states />{school.field("proposal-school")}{filters.show()}</div>
        {found.show(move |items| {
            if items.is_empty() {
                return view! { <div class="panel"><Empty title=t(NONE) text=t(NONE_TEXT) glyph=Icon::Check /></div> }.into_any();
            }
            let lines = items.into_iter().map(|proposal| line(proposal, open, which)).collect_view();
            view! { <div class="panel"><ul class="body lines long">{lines}</ul></div> }.into_any()
        })}
        <Dialog open=open title=t(ANSWER)>{move || which.get().map(|proposal| view! { <Decide proposal=proposal done=done /> })}</Dialog>
    }
    .into_any()
}

fn told(proposal: &StaffProposal) -> AnyView {
    view! {
        <div class="stack" data-col=t(ASKED)>
            <b>{said(&proposal.change)}</b>
            <small class="muted">{rest(&proposal.change, proposal)}</small>
            {proposal.note.clone().map(|note| view! { <p class="because">"“"{note}"”"</p> })}
        </div>
    }
    .into_any()
}

fn line(proposal: StaffProposal, open: RwSignal<bool>, which: RwSignal<Option<StaffProposal>>) -> AnyView {
    let pending = proposal.state == ProposalState::Pending;
    let told = told(&proposal);
    let (name, href, state) = (proposal.staff_name.clone(), format!("/office/staff/{}", proposal.staff_id), proposal.state);
    let at = format::instant(proposal.proposed_at);
    let press = Callback::new(move |()| {
        which.set(Some(proposal.clone()));
        open.set(true);
    });
    view! {
        <li>
            <div class="grow stack"><span class="row tight"><A href=href attr:data-col=t(tx::FULL_NAME)><b>{name}</b></A><span data-col=t(STATE)><Pill label=state.label(lang()) tone=tone(state) /></span><small class="quiet num" data-col=t(AT)>{at}</small></span>{told}</div>
            {pending.then(|| view! { <Button label=t(ANSWER) small=true on_press=press /> })}
        </li>
    }
    .into_any()
}

#[component]
fn Decide(proposal: StaffProposal, done: Callback<()>) -> impl IntoView {
    let form = Form::new();
    let word = RwSignal::new(String::new());
    let (name, told) = (proposal.staff_name.clone(), told(&proposal));
    let proposal = StoredValue::new(proposal);
    let decide = move |approve: bool| {
        let body = DecideStaffProposal { approve, answer: filled(word) };
        form.send(async move { staff::decide(&proposal.get_value(), &body).await }, move |_| done.run(()));
    };
    view! {
        <form class="stack" on:submit=move |event| { event.prevent_default(); decide(true) }>
            <p>{name}</p>
            {told}
            <Field label=t(WORD) name="proposal-word" value=word max=500 />
            <FormFault form=form />
            <footer>
                <Button label=t(REFUSE) look=Look::Danger disabled=form.busy on_press=Callback::new(move |()| decide(false)) />
                <Button label=t(APPROVE) look=Look::Primary busy=form.busy />
            </footer>
        </form>
    }
    .into_any()
}
