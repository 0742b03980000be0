//! One learner, as the school answers for their data: consents with their evidence, what was said on paper with its scan, and erasing
//! what need not be kept.

use super::erase::Erase;
use super::nowhere;
use crate::api::{consents, records};
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::params::param;
use crate::state::who;
use crate::ui::{
    Button, Crumb, Dialog, Field, Form, FormFault, Header, Icon, Loader, Look, Pill, SelectField, Tone, file, load, toast,
};
use dto::LearnerId;
use dto::access::Permission;
use dto::consents::*;
use dto::learners::LearnerDetail;
use leptos::html;
use leptos::prelude::*;

texts! {
    TITLE: "Quyền dữ liệu của {name}", "{name}'s data rights";
    UNDER: "Ai đã đồng ý gì, bằng chứng ở đâu; nhà trường giữ những gì về em và được xoá những gì.", "Who consented to what, and what shows it; what is kept of the child, and what may be erased.";
    LIST: "Đồng ý và quyền dữ liệu", "Consent and data rights";
    CONSENTS: "Sự đồng ý", "Consents";
    HOLDS: "Đang đồng ý", "Consented";
    NOT: "Chưa đủ đồng ý", "Not consented";
    WAITS: "còn chờ {who}", "waits for {who}";
    WORD: "{who} · {act} · bản {n} · {at} · {how}", "{who} · {act} · version {n} · {at} · {how}";
    SCAN: "Xem bản quét", "See the scan";
    PAPER: "Nhập phiếu giấy", "Enter a paper";
    PURPOSE: "Mục đích", "Purpose";
    SAYS: "Phiếu ghi", "The paper says";
    WHO: "Người ký phiếu", "Who signed";
    CHILD: "{name} (học sinh)", "{name} (the learner)";
    NOTE: "Số phiếu, nơi cất", "Number and place of the paper";
    FILE: "Bản quét hoặc ảnh chụp phiếu (PDF, PNG, JPEG)", "Scan or photo of the paper (PDF, PNG, JPEG)";
    SAVE: "Ghi phiếu", "Keep it";
    SAVED: "Đã ghi phiếu", "Kept";
    TEXT: "Nội dung đã in trên phiếu (bản {n})", "The text that is printed on it (version {n})";
}

#[component]
pub fn LearnerConsentsPage() -> impl IntoView {
    let learner = param::<LearnerId>("learner");
    let found = load(move || {
        let id = learner.get();
        async move { consents::of_learner(id.ok_or_else(nowhere)?).await }
    });
    let detail = load(move || {
        let id = learner.get();
        async move { records::learner(id.ok_or_else(nowhere)?).await }
    });
    let writing = RwSignal::new(false);
    let (may, erases) = (who().can(Permission::ConsentWrite), who().can(Permission::ErasureWrite));
    view! {
        {found.show(move |all| {
            let id = all.learner_id;
            let crumbs = vec![Crumb(t(LIST).to_owned(), "/office/consents".to_owned())];
            let press = Callback::new(move |()| writing.set(true));
            let stored = StoredValue::new(all.clone());
            let items = all.items.into_iter().map(|item| one(id, item)).collect_view();
            view! {
                <Header title=tf(TITLE, &[("name", &all.full_name)]) under=t(UNDER) crumbs=crumbs>
                    {may.then(|| view! { <Button label=t(PAPER) look=Look::Primary glyph=Icon::Upload on_press=press /> })}
                </Header>
                <div class="split lead">
                    <section class="panel"><header><h2>{t(CONSENTS)}</h2></header><div class="body"><ul class="lines">{items}</ul></div></section>
                    <div class="stack wide">{erases.then(|| view! { <Erase learner=id /> })}</div>
                </div>
                <Dialog open=writing title=t(PAPER)>
                    {move || detail.show(move |detail| view! { <Paper all=stored.get_value() detail=detail open=writing found=found /> })}
                </Dialog>
            }
        })}
    }
    .into_any()
}

fn one(learner: LearnerId, item: LearnerConsent) -> AnyView {
    let title = lang().pick(&item.purpose.title_vi, &item.purpose.title_en).to_owned();
    let state = if item.holds {
        view! { <Pill label=t(HOLDS) tone=Tone::Ok /> }.into_any()
    } else {
        let waits: Vec<&str> = item.waits_for.iter().map(|party| party.label(lang())).collect();
        let waits = (!waits.is_empty()).then(|| tf(WAITS, &[("who", &waits.join(", "))]));
        view! { <Pill label=t(NOT) />{waits.map(|waits| view! { <span class="quiet">{waits}</span> })} }.into_any()
    };
    let some = !item.records.is_empty();
    let records = item.records.into_iter().map(|record| said(learner, record)).collect_view();
    view! {
        <li><div class="grow stack">
            <span class="row tight"><b>{title}</b>{state}</span>
            {some.then(|| view! { <ul class="quiet num">{records}</ul> })}
        </div></li>
    }
    .into_any()
}

fn said(learner: LearnerId, record: ConsentRecord) -> AnyView {
    let form = Form::new();
    let line = tf(
        WORD,
        &[
            ("who", &record.who),
            ("act", record.act.label(lang())),
            ("n", &record.version.to_string()),
            ("at", &format::instant(record.at)),
            ("how", record.evidence.label(lang())),
        ],
    );
    let scan = record.scan.map(|stored| {
        let id = record.id;
        let see = Callback::new(move |()| {
            let name = stored.name.clone();
            form.send(async move { consents::scan(learner, id).await }, move |blob| file::open(&blob, &name));
        });
        view! { <Button label=t(SCAN) small=true look=Look::Plain glyph=Icon::File busy=form.busy on_press=see /> }
    });
    view! { <li>{line}{record.note.map(|note| format!(" · {note}"))}" "{scan}<FormFault form=form /></li> }.into_any()
}

#[component]
fn Paper(all: LearnerConsents, detail: LearnerDetail, open: RwSignal<bool>, found: Loader<LearnerConsents>) -> impl IntoView {
    let form = Form::new();
    let input = NodeRef::<html::Input>::new();
    let learner = all.learner_id;
    let school = detail.learner.school_id;
    let purposes: Vec<ConsentPurpose> = all.items.into_iter().map(|item| item.purpose).collect();
    let purpose = RwSignal::new(purposes.first().map(|p| p.code.clone()).unwrap_or_default());
    let act = RwSignal::new(ConsentAct::Give.as_str().to_owned());
    let guardians: Vec<(String, String)> = detail
        .guardians
        .iter()
        .map(|g| (g.guardian_id.to_string(), format!("{} ({})", g.full_name, g.relation.label(lang()))))
        .collect();
    let signer = RwSignal::new(guardians.first().map(|(id, _)| id.clone()).unwrap_or_default());
    let child = all.child_asked.then(|| (String::new(), tf(CHILD, &[("name", &all.full_name)])));
    let signers: Vec<(String, String)> = guardians.into_iter().chain(child).collect();
    let note = RwSignal::new(String::new());
    let options: Vec<(String, String)> =
        purposes.iter().map(|p| (p.code.clone(), lang().pick(&p.title_vi, &p.title_en).to_owned())).collect();
    let acts: Vec<(String, String)> =
        ConsentAct::ALL.iter().map(|a| (a.as_str().to_owned(), a.label(lang()).to_owned())).collect();
    let purposes = StoredValue::new(purposes);
    let chosen = move || purposes.with_value(|all| all.iter().find(|p| p.code == *purpose.read()).cloned());
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(of) = untrack(chosen) else { return };
        let scan = input.get_untracked().and_then(|input| input.files()).and_then(|files| files.get(0));
        let body = PostPaperConsent {
            purpose: of.code,
            version: of.version,
            act: act.get_untracked().parse().unwrap_or(ConsentAct::Give),
            guardian_id: signer.get_untracked().parse().ok(),
            note: note.get_untracked(),
            file_id: None,
        };
        form.send(async move { consents::paper_with(learner, school, body, scan).await }, move |now| {
            open.set(false);
            toast::say(t(SAVED));
            found.set(now);
        });
    };
    let fault = form.fault("/file_id");
    view! {
        <form class="stack" on:submit=send>
            <SelectField label=t(PURPOSE) name="paper-purpose" value=purpose options=Signal::stored(options) />
            {move || chosen().map(|of| view! {
                <details><summary>{tf(TEXT, &[("n", &of.version.to_string())])}</summary><p class="because">{lang().pick(&of.text_vi, &of.text_en).to_owned()}</p></details>
            })}
            <SelectField label=t(WHO) name="paper-signer" value=signer options=Signal::stored(signers) fault=form.fault("/guardian_id") />
            <SelectField label=t(SAYS) name="paper-act" value=act options=Signal::stored(acts) />
            <Field label=t(NOTE) name="paper-note" value=note max=300 required=true fault=form.fault("/note") />
            <div class="field">
                <label for="paper-file">{t(FILE)}</label>
                <input id="paper-file" type="file" accept="application/pdf,image/png,image/jpeg,image/webp" node_ref=input />
                {move || fault.get().map(|text| view! { <p class="wrong" role="alert">{text}</p> })}
            </div>
            <FormFault form=form fields=&["/guardian_id", "/note", "/file_id"] />
            <footer>
                <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
                <Button label=t(SAVE) look=Look::Primary busy=form.busy />
            </footer>
        </form>
    }
    .into_any()
}
