//! The rounds of a school: open one, go to its classes, finish it.

use crate::api::health;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::state::who;
use crate::ui::{
    Button, DateField, Dialog, Empty, Field, Form, FormFault, Icon, Loader, Look, Pages, Pill, SelectField, Tone, pages, toast,
};
use dto::access::Permission;
use dto::health::{ClassHealthCount, HealthOverview, HealthRound, HealthRoundKind, PostHealthRound, PutHealthRound};
use dto::{HealthRoundId, UnitId};
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    TITLE: "Đợt khám", "Rounds of checks";
    NEW: "Mở đợt khám", "Open a round";
    NAME: "Tên đợt khám", "Name";
    NAME_HINT: "Ví dụ: Khám đầu năm học 2026-2027", "Such as: Start of the year 2026-2027";
    KIND: "Loại", "Kind";
    DAY: "Ngày khám", "Day";
    EXAMINER: "Đơn vị khám (không bắt buộc)", "Who examines (not required)";
    OPENED: "Đã mở đợt khám", "The round is open";
    NONE: "Chưa có đợt khám nào", "No rounds yet";
    CHECKED: "{n} em đã khám", "{n} examined";
    FINISH: "Kết thúc", "Finish";
    REOPEN: "Mở lại", "Open again";
    FINISHED: "Đã kết thúc", "Finished";
    FINISHED_NOW: "Đã kết thúc đợt khám; kết quả không sửa được nữa", "The round is finished; results no longer change";
    SHOW: "Xem số liệu", "Show figures";
    TO_CLASS: "Nhập kết quả theo lớp", "Enter results by class";
}

#[component]
pub fn Rounds(
    school: UnitId,
    classes: Vec<ClassHealthCount>,
    round: RwSignal<Option<HealthRoundId>>,
    figures: Loader<Option<HealthOverview>>,
) -> impl IntoView {
    let list = pages(move |after| health::rounds(school, after));
    let writes = who().can(Permission::HealthWrite);
    let open = RwSignal::new(false);
    let classes = StoredValue::new(classes);
    view! {
        <section class="panel" aria-labelledby="rounds-title">
            <header>
                <h2 id="rounds-title" class="grow">{t(TITLE)}</h2>
                {list.export("dot-kham")}
                {writes.then(|| view! { <Button label=t(NEW) look=Look::Primary glyph=Icon::Plus on_press=Callback::new(move |()| open.set(true)) /> })}
            </header>
            <div class="body">
                {list.show(move |items| {
                    if items.is_empty() {
                        return view! { <Empty title=t(NONE) glyph=Icon::Table /> }.into_any();
                    }
                    let lines = items.into_iter().map(|one| line(one, classes.get_value(), writes, round, list, figures)).collect_view();
                    view! { <ul class="lines">{lines}</ul> }.into_any()
                })}
            </div>
            <Dialog open=open title=t(NEW)>{move || view! { <New school=school open=open list=list figures=figures /> }}</Dialog>
        </section>
    }
    .into_any()
}

fn line(
    one: HealthRound,
    classes: Vec<ClassHealthCount>,
    writes: bool,
    round: RwSignal<Option<HealthRoundId>>,
    list: Pages<HealthRound>,
    figures: Loader<Option<HealthOverview>>,
) -> AnyView {
    let (id, finished) = (one.id, one.finished);
    let under = format!("{} · {}", one.kind.label(lang()), format::date(one.held_on));
    let examiner = one.examiner.clone().map(|examiner| view! { <span class="quiet">{examiner}</span> });
    let links = classes
        .into_iter()
        .map(|c| {
            let href = format!("/office/health/rounds/{id}/classes/{}", c.class_id);
            view! { <A href=href attr:class="btn small">{c.class_name}</A> }
        })
        .collect_view();
    let form = Form::new();
    let kept = StoredValue::new(one.clone());
    let turn = move |to: bool| {
        let now = kept.get_value();
        let version = now.version;
        let body = PutHealthRound { name: now.name, kind: now.kind, held_on: now.held_on, examiner: now.examiner, finished: to };
        form.send(async move { health::put_round(id, version, &body).await }, move |saved| {
            kept.set_value(saved);
            if to {
                toast::say(t(FINISHED_NOW));
            }
            list.reload();
            figures.reload();
        });
    };
    let press = Callback::new(move |()| turn(!finished));
    let turning = if finished { t(REOPEN) } else { t(FINISH) };
    view! {
        <li>
            <div class="grow stack">
                <span class="row tight"><b data-col=t(NAME)>{one.name}</b><span data-col=t(tx::STATUS)>{finished.then(|| view! { <Pill label=t(FINISHED) tone=Tone::Ok /> })}</span></span>
                <p class="quiet num" data-col=t(TITLE)>{under}" · "{tf(CHECKED, &[("n", &one.checked.to_string())])}" "{examiner}</p>
                <details><summary>{t(TO_CLASS)}</summary><div class="row">{links}</div></details>
                <FormFault form=form />
            </div>
            <Button label=t(SHOW) small=true on_press=Callback::new(move |()| round.set(Some(id))) />
            {writes.then(|| view! { <Button label=turning small=true busy=form.busy on_press=press /> })}
        </li>
    }
    .into_any()
}

#[component]
fn New(school: UnitId, open: RwSignal<bool>, list: Pages<HealthRound>, figures: Loader<Option<HealthOverview>>) -> impl IntoView {
    let form = Form::new();
    let (name, examiner) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let kind = RwSignal::new(HealthRoundKind::StartOfYear.as_str().to_owned());
    let day = RwSignal::new(format::today().to_string());
    let kinds: Vec<(String, String)> =
        HealthRoundKind::ALL.iter().map(|k| (k.as_str().to_owned(), k.label(lang()).to_owned())).collect();
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Ok(held_on) = day.get_untracked().parse() else { return };
        let body = PostHealthRound {
            name: name.get_untracked(),
            kind: kind.get_untracked().parse().unwrap_or(HealthRoundKind::Periodic),
            held_on,
            examiner: Some(examiner.get_untracked()).filter(|e| !e.trim().is_empty()),
        };
        form.send(async move { health::create_round(school, &body).await }, move |_| {
            open.set(false);
            toast::say(t(OPENED));
            list.reload();
            figures.reload();
        });
    };
    view! {
        <form class="stack" on:submit=send>
            <Field label=t(NAME) name="round-name" value=name required=true max=120 hint=t(NAME_HINT) fault=form.fault("/name") />
            <SelectField label=t(KIND) name="round-kind" value=kind options=kinds />
            <DateField label=t(DAY) name="round-day" value=day required=true fault=form.fault("/held_on") />
            <Field label=t(EXAMINER) name="round-examiner" value=examiner max=200 fault=form.fault("/examiner") />
            <FormFault form=form fields=&["/name", "/held_on", "/examiner"] />
            <footer>
                <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
                <Button label=t(NEW) look=Look::Primary busy=form.busy />
            </footer>
        </form>
    }
    .into_any()
}
