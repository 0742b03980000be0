//! One plan: what it says, what can be done with it, what happened, its versions.

use super::edit::{Editor, size};
use super::review::Review;
use super::text::{differences, drawn};
use super::{TITLE, about, tone};
use crate::api::{ApiError, files, teaching_plans};
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::params::param;
use crate::ui::{Button, Crumb, Dialog, Form, FormFault, Header, Icon, Loader, Look, Pill, Tone, file, icon, load, toast};
use dto::TeachingPlanId;
use dto::files::StoredFile;
use dto::teaching_plans::*;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

texts! {
    EDIT: "Sửa", "Edit";
    SUBMIT: "Nộp", "Submit";
    SUBMITTED: "Đã nộp kế hoạch", "The plan was submitted";
    WITHDRAW: "Rút lại để sửa", "Take it back";
    WITHDRAWN: "Đã rút lại", "Taken back";
    REMOVE: "Xoá bản nháp", "Remove the draft";
    REMOVED: "Đã xoá bản nháp", "The draft was removed";
    SURE: "Bản nháp “{title}” chưa nộp lần nào; xoá rồi không lấy lại được.", "The draft “{title}” was never submitted; once removed it cannot be brought back.";
    HISTORY: "Quá trình", "What happened";
    VERSIONS: "Các bản đã nộp", "Submissions";
    VERSION: "Bản {n}", "Version {n}";
    SHOW: "Xem và so với bản trước", "Look, and compare";
    SIGNED: "{who} đã ký số lúc {at}", "Signed by {who}, {at}";
    PAPER: "Mở bản đã ký số", "Open the signed paper";
    HASH: "Mã băm nội dung", "Hash of the content";
    HASH_TEXT: "Phê duyệt gắn với đúng nội dung có mã này, tài khoản và thời điểm; nhật ký hằng đêm được ký số.", "An approval is of exactly this content, by this account at this time; the nightly log is signed.";
    OPEN_FILE: "Mở tệp", "Open the file";
    NOTHING: "Kế hoạch này chỉ có tệp kèm theo.", "This plan is its file alone.";
    BY: "{who} · {at}", "{who} · {at}";
}

#[component]
pub fn PlanPage() -> impl IntoView {
    let id = param::<TeachingPlanId>("plan");
    let plan = load(move || {
        let id = id.get();
        async move { teaching_plans::plan(id.ok_or(ApiError::Unexpected { status: 404, request_id: None })?).await }
    });
    let editing = RwSignal::new(false);
    plan.show(move |found| if editing.get() && found.may_edit { edit(found, plan, editing) } else { read(found, plan, editing) })
}

fn crumbs() -> Vec<Crumb> {
    vec![Crumb(t(TITLE).to_owned(), "/office/plans".to_owned())]
}

fn edit(found: TeachingPlan, plan: Loader<TeachingPlan>, editing: RwSignal<bool>) -> AnyView {
    let (title, school) = (found.item.title.clone(), found.item.school_id);
    let done = Callback::new(move |saved: TeachingPlan| {
        toast::say(t(tx::SAVED));
        editing.set(false);
        plan.set(saved);
    });
    view! {
        <Header title=title crumbs=crumbs()><Button label=t(tx::CANCEL) on_press=Callback::new(move |()| editing.set(false)) /></Header>
        <Editor school=school plan=found done=done />
    }
    .into_any()
}

fn read(found: TeachingPlan, plan: Loader<TeachingPlan>, editing: RwSignal<bool>) -> AnyView {
    let item = found.item.clone();
    let form = Form::new();
    let (id, version) = (item.id, item.version);
    let submit = Callback::new(move |()| {
        form.send(async move { teaching_plans::submit(id, version).await }, move |saved| {
            plan.set(saved);
            // A press too early is taken back.
            toast::with_undo(t(SUBMITTED), move || {
                form.send(async move { teaching_plans::withdraw(id).await }, move |back| plan.set(back));
            });
        })
    });
    let withdraw = Callback::new(move |()| {
        form.send(async move { teaching_plans::withdraw(id).await }, move |saved| {
            plan.set(saved);
            toast::say(t(WITHDRAWN));
        })
    });
    let removing = RwSignal::new(false);
    let body = if found.body.is_empty() { view! { <p class="quiet">{t(NOTHING)}</p> }.into_any() } else { drawn(&found.body) };
    let group = found.group_name.clone().map(|name| format!(" · {name}")).unwrap_or_default();
    let under = format!("{} · {}{group}", item.teacher, about(&item));
    view! {
        <Header title=item.title.clone() crumbs=crumbs() under=under>
            {found.may_edit.then(|| view! { <Button label=t(EDIT) on_press=Callback::new(move |()| editing.set(true)) /> })}
            {found.may_withdraw.then(|| view! { <Button label=t(WITHDRAW) glyph=Icon::Undo busy=form.busy on_press=withdraw /> })}
            {(found.may_submit && item.revision == 0).then(|| view! { <Button label=t(REMOVE) look=Look::Danger on_press=Callback::new(move |()| removing.set(true)) /> })}
            <Button label=t(tx::PRINT) glyph=Icon::Print on_press=Callback::new(move |()| _ = window().print()) />
            {found.may_submit.then(|| view! { <Button label=t(SUBMIT) look=Look::Primary glyph=Icon::Arrow busy=form.busy on_press=submit /> })}
        </Header>
        <p class="row"><Pill label=item.state.label(lang()) tone=tone(item.state) /></p>
        <FormFault form=form />
        <div class="split lead">
            <section class="panel"><div class="body stack">{found.file.clone().map(|f| file_line(id, f))}{body}</div></section>
            <div class="stack wide">
                {found.may_review.then(|| view! { <Review found=found.clone() plan=plan /> })}
                {history(&found.events)}
                {versions(id, found.versions)}
            </div>
        </div>
        {remove_dialog(id, item.title, removing)}
    }
    .into_any()
}

fn file_line(id: TeachingPlanId, stored: StoredFile) -> AnyView {
    let form = Form::new();
    let (path, name) = (teaching_plans::file_path(id, stored.id), stored.name.clone());
    let open = Callback::new(move |()| {
        let (path, name) = (path.clone(), name.clone());
        form.send(async move { files::content(&path).await }, move |blob| file::open(&blob, &name));
    });
    view! {
        <p class="strip info">{icon(Icon::File)}<span class="grow"><b>{stored.name}</b>" "<span class="num">{size(stored.size)}</span></span>
            <Button label=t(OPEN_FILE) small=true busy=form.busy on_press=open />
        </p>
        <FormFault form=form />
    }
    .into_any()
}

fn history(events: &[TeachingPlanEvent]) -> AnyView {
    if events.is_empty() {
        return ().into_any();
    }
    let lines = events
        .iter()
        .rev()
        .map(|event| {
            let tone = match event.act {
                TeachingPlanAct::Approved | TeachingPlanAct::Endorsed => Tone::Ok,
                TeachingPlanAct::Returned => Tone::Warn,
                _ => Tone::Quiet,
            };
            let by = tf(BY, &[("who", event.by.as_deref().unwrap_or("…")), ("at", &format::instant(event.at))]);
            view! {
                <li><div class="grow stack">
                    <span class="row tight"><Pill label=event.act.label(lang()) tone=tone /><span class="quiet num">{tf(VERSION, &[("n", &event.revision.to_string())])}</span></span>
                    {event.note.clone().map(|note| view! { <p class="because">"“"{note}"”"</p> })}
                    <p class="quiet num">{by}</p>
                </div></li>
            }
        })
        .collect_view();
    view! { <section class="panel" aria-labelledby="plan-history"><header><h2 id="plan-history">{t(HISTORY)}</h2></header><ul class="lines">{lines}</ul></section> }.into_any()
}

fn versions(id: TeachingPlanId, all: Vec<TeachingPlanVersionItem>) -> AnyView {
    if all.is_empty() {
        return ().into_any();
    }
    let open = RwSignal::new(false);
    let asked = RwSignal::new(None::<TeachingPlanVersion>);
    let form = Form::new();
    let lines = all
        .into_iter()
        .map(|version| {
            let revision = version.revision;
            let show = Callback::new(move |()| {
                form.send(async move { teaching_plans::version(id, revision).await }, move |found| {
                    asked.set(Some(found));
                    open.set(true);
                });
            });
            let open_paper = Callback::new(move |()| {
                let name = format!("ke-hoach-da-ki-{revision}.pdf");
                form.send(async move { teaching_plans::paper(id, revision).await }, move |blob| file::open(&blob, &name));
            });
            view! {
                <li><div class="grow stack">
                    <span class="row tight"><b class="num">{tf(VERSION, &[("n", &revision.to_string())])}</b>{version.approved.then(|| view! { <Pill label=TeachingPlanState::Approved.label(lang()) tone=Tone::Ok /> })}</span>
                    <span class="quiet num">{format::instant(version.submitted_at)}</span>
                    {version.paper.map(|paper| view! { <span class="quiet">{tf(SIGNED, &[("who", &paper.signer), ("at", &format::instant(paper.signed_at))])}</span><div><Button label=t(PAPER) small=true glyph=Icon::File disabled=form.busy on_press=open_paper /></div> })}
                </div><Button label=t(SHOW) small=true on_press=show /></li>
            }
        })
        .collect_view();
    view! {
        <section class="panel no-print" aria-labelledby="plan-versions">
            <header><h2 id="plan-versions">{t(VERSIONS)}</h2></header>
            <ul class="lines">{lines}</ul>
            <FormFault form=form />
        </section>
        <Dialog open=open title=t(VERSIONS)>
            {move || asked.get().map(|found| view! {
                <div class="stack">
                    <h3>{found.item.title}</h3>
                    {found.file.map(|f| file_line(id, f))}
                    {differences(found.changes)}
                    <p class="quiet">{t(HASH)}": "<code class="hash">{found.item.content_hash}</code></p>
                    <p class="quiet">{t(HASH_TEXT)}</p>
                </div>
            })}
        </Dialog>
    }
    .into_any()
}

fn remove_dialog(id: TeachingPlanId, title: String, open: RwSignal<bool>) -> AnyView {
    let form = Form::new();
    let navigate = use_navigate();
    let remove = Callback::new(move |()| {
        let navigate = navigate.clone();
        form.send(async move { teaching_plans::remove(id).await }, move |()| {
            toast::say(t(REMOVED));
            navigate("/office/plans", NavigateOptions::default());
        });
    });
    let sure = tf(SURE, &[("title", &title)]);
    view! {
        <Dialog open=open title=t(REMOVE)>
            <div class="stack">
                <p>{sure.clone()}</p>
                <FormFault form=form />
                <footer>
                    <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
                    <Button label=t(REMOVE) look=Look::Danger busy=form.busy on_press=remove />
                </footer>
            </div>
        </Dialog>
    }
    .into_any()
}
