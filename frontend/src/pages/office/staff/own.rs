//! One's own record: all of it, and what one proposes to have corrected.

use super::proposals::said;
use super::record_form::{RecordForm, Way};
use super::sections::{Acts, sections, timeline};
use super::why;
use crate::api::staff::{self, Whose};
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::office::consents::OwnCopy;
use crate::ui::{Button, Crumb, Dialog, Empty, Header, Icon, Loader, Look, Pill, load, toast};
use dto::staff_records::{OwnStaffRecord, ProposalState, RecordKind, StaffProposal, StaffRecord};
use leptos::prelude::*;
use leptos::task::spawn_local;

texts! {
    TITLE: "Hồ sơ của tôi", "My record";
    UNDER: "Thấy sai hoặc thiếu, hãy đề nghị sửa; văn thư hoặc hiệu trưởng duyệt.", "Where something is wrong or missing, propose it; the school's office answers.";
    PROPOSE: "Đề nghị bổ sung", "Propose an addition";
    PROPOSE_IT: "Đề nghị sửa", "Propose a change";
    PROPOSED: "Đã gửi đề nghị", "The proposal is sent";
    MINE: "Đề nghị của tôi", "My proposals";
    NONE: "Chưa có đề nghị nào", "No proposals yet";
    TAKE_BACK: "Rút", "Take back";
    TAKEN_BACK: "Đã rút đề nghị", "The proposal is taken back";
    ANSWERED: "{who} trả lời lúc {at}", "{who} answered at {at}";
    LOAD: "Định mức tiết dạy", "Load";
    TIMELINE: "Dòng thời gian", "Timeline";
    EMPTY: "Hồ sơ chưa có gì", "The record is empty";
    EMPTY_TEXT: "Bạn có thể đề nghị bổ sung bằng cấp, chứng chỉ, quyết định của mình.", "You can propose your degrees, certificates and decisions.";
}

#[component]
pub fn OwnRecordPage() -> impl IntoView {
    let own = load(move || async move { staff::own().await });
    let above = vec![Crumb(t(tx::OFFICE).to_owned(), "/office".to_owned())];
    view! {
        <Header title=t(TITLE) crumbs=above under=t(UNDER) />
        {own.show(move |found| page(found, own))}
    }
    .into_any()
}

fn page(found: OwnStaffRecord, own: Loader<OwnStaffRecord>) -> AnyView {
    let id = found.staff.id;
    let periods = load(move || async move { why::if_any(staff::own_load().await) });
    let (adding, changing) = (RwSignal::new(false), RwSignal::new(false));
    let which = RwSignal::new(None::<StaffRecord>);
    let posts: Vec<_> =
        found.staff.posts.iter().filter(|p| p.valid_to.is_none_or(|end| end > format::today())).cloned().collect();
    let posts = StoredValue::new(posts);
    let done = Callback::new(move |()| {
        adding.set(false);
        changing.set(false);
        toast::say(t(PROPOSED));
        own.reload();
    });
    let acts = Acts {
        whose: Whose::Mine,
        keeps: false,
        school: None,
        change: Some(Callback::new(move |record| {
            which.set(Some(record));
            changing.set(true);
        })),
        history: None,
        changed: Callback::new(move |()| own.reload()),
    };
    let add = Callback::new(move |()| adding.set(true));
    let facts = [
        (t(tx::BIRTH_DATE), found.staff.birth_date.map(format::date)),
        (t(tx::SEX), Some(found.staff.sex.label(lang()).to_owned())),
        (t(tx::PHONE), found.staff.phone.clone()),
        (t(tx::MINISTRY_CODE), found.staff.ministry_code.clone()),
    ];
    let facts = facts
        .into_iter()
        .map(|(name, value)| view! { <dt>{name}</dt><dd class="num">{value.unwrap_or_else(|| "–".to_owned())}</dd> })
        .collect_view();
    view! {
        <div class="split lead">
            <div class="stack">
                <section class="panel"><header><h2 class="grow">{found.staff.full_name.clone()}</h2><Button label=t(PROPOSE) look=Look::Primary glyph=Icon::Plus on_press=add /></header><dl class="body facts">{facts}</dl></section>
                {if found.records.is_empty() {
                    view! { <div class="panel"><Empty title=t(EMPTY) text=t(EMPTY_TEXT) glyph=Icon::File /></div> }.into_any()
                } else {
                    sections(&found.records, acts)
                }}
            </div>
            <div class="stack">
                <section class="panel"><header><h2>{t(LOAD)}</h2></header><div class="body">{why::optional(periods)}</div></section>
                <section class="panel"><header><h2>{t(MINE)}</h2></header><div class="body">{mine(found.proposals, own)}</div></section>
                <section class="panel"><header><h2>{t(TIMELINE)}</h2></header><div class="body">{timeline(&found.staff.posts, &found.records)}</div></section>
                <OwnCopy />
            </div>
        </div>
        <Dialog open=adding title=t(PROPOSE)><RecordForm staff=id record=None kind=RecordKind::Degree posts=posts.get_value() way=Way::Propose done=done /></Dialog>
        <Dialog open=changing title=t(PROPOSE_IT)>
            {move || which.get().map(|record| {
                let kind = record.facts.kind();
                view! { <RecordForm staff=id record=Some(record) kind=kind posts=posts.get_value() way=Way::Propose done=done /> }
            })}
        </Dialog>
    }
    .into_any()
}

fn mine(proposals: Vec<StaffProposal>, own: Loader<OwnStaffRecord>) -> AnyView {
    if proposals.is_empty() {
        return view! { <Empty title=t(NONE) glyph=Icon::Check /> }.into_any();
    }
    let lines = proposals
        .into_iter()
        .map(|proposal| {
            let (id, pending) = (proposal.id, proposal.state == ProposalState::Pending);
            let take = Callback::new(move |()| {
                spawn_local(async move {
                    match staff::take_back(id).await {
                        Ok(_) => {
                            toast::say(t(TAKEN_BACK));
                            own.reload();
                        }
                        Err(error) => toast::say(error.text()),
                    }
                });
            });
            let answered = proposal.decided_at.map(|at| {
                tf(ANSWERED, &[("who", proposal.decided_by.as_deref().unwrap_or_default()), ("at", &format::instant(at))])
            });
            view! {
                <li>
                    <span class="grow">
                        <span class="row tight"><b>{said(&proposal.change)}</b><Pill label=proposal.state.label(lang()) tone=super::proposals::tone(proposal.state) /></span>
                        <small class="quiet num">{format::instant(proposal.proposed_at)}</small>
                        {answered.map(|text| view! { <br /><small class="quiet num">{text}</small> })}
                        {proposal.answer.map(|text| view! { <p class="because">"“"{text}"”"</p> })}
                    </span>
                    {pending.then(|| view! { <Button small=true look=Look::Plain label=t(TAKE_BACK) on_press=take /> })}
                </li>
            }
        })
        .collect_view();
    view! { <ul class="lines">{lines}</ul> }.into_any()
}
