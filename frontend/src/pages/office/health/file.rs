//! A child's health file at the school; what is sealed is opened for a purpose.

use super::file_forms::{AddAid, AddCondition, AddVaccination};
use super::opening::{Purpose, looks};
use super::{log, nowhere, words};
use crate::api::health;
use crate::format;
use crate::i18n::{lang, t, texts, tf};
use crate::pages::params::param;
use crate::state::who;
use crate::ui::{
    Button, Crumb, Dialog, Empty, Form, FormFault, Header, Icon, Loader, Look, Pill, Tone, icon, load, save_as, toast,
};
use dto::LearnerId;
use dto::access::Permission;
use dto::health::*;
use leptos::prelude::*;

texts! {
    HEALTH: "Sức khoẻ học đường", "School health";
    TITLE: "Hồ sơ sức khoẻ · {name}", "Health file · {name}";
    GROWTH: "Biểu đồ tăng trưởng", "Growth charts";
    CHART_PDF: "Biểu đồ PDF", "Charts as PDF";
    OPEN: "Mở thông tin nhạy cảm", "Open what is sealed";
    CHECKS: "Các lần khám", "Checks";
    VACCINATIONS: "Tiêm chủng", "Vaccinations";
    CONDITIONS: "Bệnh, dị ứng, khuyết tật", "Conditions";
    FIRST_AID: "Sơ cứu, chuyển tuyến", "First aid";
    NONE: "Chưa có", "None yet";
    ADD: "Thêm", "Add";
    SEALED: "Nội dung đã mã hoá", "Sealed";
    SHARED: "chủ nhiệm được biết", "the homeroom teacher is told";
    ENDED: "không còn", "no longer";
    DOSE: "mũi {n}", "dose {n}";
    SINCE: "từ {day}", "since {day}";
    TELLS: "Chủ nhiệm: {text}", "Homeroom: {text}";
    REMOVE: "Bỏ", "Remove";
    REMOVED: "Đã bỏ mũi tiêm", "The vaccination is removed";
    EDIT: "Sửa", "Edit";
}

#[component]
pub fn HealthFilePage() -> impl IntoView {
    let learner = param::<LearnerId>("learner");
    let file = load(move || {
        let id = learner.get();
        async move { health::file(id.ok_or_else(nowhere)?).await }
    });
    let opened = RwSignal::new(None::<OpenedHealth>);
    let asking = RwSignal::new(false);
    let form = Form::new();
    let send = Callback::new(move |body: PostHealthView| {
        let Some(id) = learner.get_untracked() else { return };
        form.send(async move { health::open(id, &body).await }, move |found| {
            opened.set(Some(found));
            asking.set(false);
            file.reload();
        });
    });
    let may_open = who().can(Permission::HealthOpen);
    file.show(move |found| {
        let id = found.learner_id;
        let title = tf(TITLE, &[("name", &found.full_name)]);
        let under = format!("{} · {}", format::date(found.birth_date), found.school_name.clone().unwrap_or_default());
        let close = Callback::new(move |()| asking.set(false));
        let chart = Form::new();
        let pdf = Callback::new(move |()| chart.send(health::growth_chart(id, false), |blob| save_as(&blob, "bieu-do-tang-truong.pdf")));
        view! {
            <Header title=title under=under crumbs=vec![Crumb(t(HEALTH).to_owned(), "/office/health".to_owned())]>
                <a class="btn" href=format!("/learners/{id}/growth") rel="external">{icon(Icon::Chart)}{t(GROWTH)}</a>
                <Button label=t(CHART_PDF) glyph=Icon::File busy=chart.busy on_press=pdf />
                {may_open.then(|| view! { <Button label=t(OPEN) look=Look::Primary glyph=Icon::Lock on_press=Callback::new(move |()| asking.set(true)) /> })}
            </Header>
            <FormFault form=chart />
            <Dialog open=asking title=t(OPEN)>{move || view! { <Purpose form=form send=send cancel=close /> }}</Dialog>
            {whole(found, opened, Some(file))}
        }
    })
}

/// The file, with what was opened of it where it was.
pub fn whole(found: LearnerHealth, opened: RwSignal<Option<OpenedHealth>>, file: Option<Loader<LearnerHealth>>) -> AnyView {
    let writes = found.writable;
    let id = found.learner_id;
    let file = file.filter(|_| writes);
    view! {
        <div class="split">
            <div class="stack">
                {conditions(&found, opened, file)}
                {aid(&found, opened, file)}
            </div>
            <div class="stack">
                {checks(&found, opened)}
                {vaccinations(id, found.vaccinations, file)}
                {looks(found.views)}
            </div>
        </div>
    }
    .into_any()
}

fn panel(title: &'static str, empty: bool, add: Option<RwSignal<bool>>, body: AnyView) -> AnyView {
    let add = add.map(
        |open| view! { <Button label=t(ADD) small=true glyph=Icon::Plus on_press=Callback::new(move |()| open.set(true)) /> },
    );
    let body = if empty {
        view! { <Empty title=t(NONE) glyph=Icon::File /> }.into_any()
    } else {
        view! { <ul class="lines">{body}</ul> }.into_any()
    };
    view! { <section class="panel"><header><h2>{title}</h2>{add}</header><div class="body">{body}</div></section> }.into_any()
}

fn sealed() -> AnyView {
    view! { <p class="quiet row tight">{icon(Icon::Lock)}<span>{t(SEALED)}</span></p> }.into_any()
}

fn conditions(found: &LearnerHealth, opened: RwSignal<Option<OpenedHealth>>, file: Option<Loader<LearnerHealth>>) -> AnyView {
    let id = found.learner_id;
    let adding = RwSignal::new(false);
    let editing = RwSignal::new(None::<Condition>);
    let lines = found
        .conditions
        .iter()
        .map(|stub| {
            let stub = stub.clone();
            let mine = stub.id;
            let since =
                stub.since.map(|day| view! { <span class="quiet num">{tf(SINCE, &[("day", &format::date(day))])}</span> });
            let words = move || {
                let found = opened.get().and_then(|o| o.conditions.into_iter().find(|c| c.id == mine));
                match found {
                    None => sealed(),
                    Some(condition) => {
                        let edit = file.map(|_| {
                            let kept = condition.clone();
                            let press = Callback::new(move |()| {
                                editing.set(Some(kept.clone()));
                                adding.set(true)
                            });
                            view! { <Button label=t(EDIT) small=true on_press=press /> }
                        });
                        view! {
                            <p>{condition.detail}</p>
                            {condition.alert.map(|text| view! { <p class="because">{tf(TELLS, &[("text", &text)])}</p> })}
                            {edit}
                        }
                        .into_any()
                    }
                }
            };
            view! {
                <li><div class="grow stack">
                    <span class="row tight"><b>{stub.kind.label(lang())}</b>{since}
                        {stub.shared.then(|| view! { <Pill label=t(SHARED) tone=Tone::Info /> })}
                        {(!stub.active).then(|| view! { <Pill label=t(ENDED) /> })}
                    </span>
                    {words}
                </div></li>
            }
        })
        .collect_view()
        .into_any();
    let add = file.map(|_| adding);
    if let Some(open) = add {
        Effect::new(move |_| {
            if !open.get() {
                editing.set(None)
            }
        });
    }
    view! {
        {panel(t(CONDITIONS), found.conditions.is_empty(), add, lines)}
        {file.map(|file| view! {
            <Dialog open=adding title=t(CONDITIONS)>
                {move || view! { <AddCondition learner=id was=editing.get_untracked() open=adding file=file opened=opened /> }}
            </Dialog>
        })}
    }
    .into_any()
}

fn aid(found: &LearnerHealth, opened: RwSignal<Option<OpenedHealth>>, file: Option<Loader<LearnerHealth>>) -> AnyView {
    let id = found.learner_id;
    let adding = RwSignal::new(false);
    let lines = found
        .first_aid
        .iter()
        .map(|entry| {
            let (mine, body) = (entry.id, log::told(entry));
            let words = move || {
                let found = opened.get().and_then(|o| o.first_aid.into_iter().find(|f| f.id == mine));
                found.map_or_else(sealed, |f| view! { <p>{f.what}</p> }.into_any())
            };
            view! { <li><div class="grow stack">{body}{words}</div></li> }
        })
        .collect_view()
        .into_any();
    view! {
        {panel(t(FIRST_AID), found.first_aid.is_empty(), file.map(|_| adding), lines)}
        {file.map(|file| view! { <Dialog open=adding title=t(FIRST_AID)>{move || view! { <AddAid learner=id open=adding file=file /> }}</Dialog> })}
    }
    .into_any()
}

fn checks(found: &LearnerHealth, opened: RwSignal<Option<OpenedHealth>>) -> AnyView {
    let lines = found
        .checks
        .iter()
        .map(|check| {
            let (round, hidden) = (check.round_id, check.sealed);
            let facts = words::lines(&check.findings).into_iter().map(|line| view! { <p>{line}</p> }).collect_view();
            let more = move || {
                let found = opened.get().and_then(|o| o.checks.into_iter().find(|c| c.round_id == round));
                match found {
                    Some(check) => words::opened(&check.findings)
                        .into_iter()
                        .map(|line| view! { <p class="because">{line}</p> })
                        .collect_view()
                        .into_any(),
                    None if hidden => sealed(),
                    None => ().into_any(),
                }
            };
            view! {
                <li><div class="grow stack">
                    <b>{check.round_name.clone()}</b>
                    <p class="quiet num">{format::date(check.held_on)}" · "{check.school_name.clone()}</p>
                    {facts}{more}
                </div></li>
            }
        })
        .collect_view()
        .into_any();
    panel(t(CHECKS), found.checks.is_empty(), None, lines)
}

fn vaccinations(id: LearnerId, all: Vec<Vaccination>, file: Option<Loader<LearnerHealth>>) -> AnyView {
    let adding = RwSignal::new(false);
    let empty = all.is_empty();
    let lines = all
        .into_iter()
        .map(|one| {
            let form = Form::new();
            let day = one.given_on.map(|day| format!(" · {}", format::date(day)));
            let remove = file.map(|file| {
                let kept = one.clone();
                let press = Callback::new(move |()| {
                    let kept = kept.clone();
                    let vaccination = kept.id;
                    form.send(async move { health::remove_vaccination(id, vaccination).await }, move |()| {
                        let again = PostVaccination { vaccine: kept.vaccine, dose: kept.dose, given_on: kept.given_on, source: kept.source };
                        toast::with_undo(t(REMOVED), move || {
                            let again = again.clone();
                            form.send(async move { health::add_vaccination(id, &again).await }, move |_| file.reload());
                        });
                        file.reload();
                    });
                });
                view! { <Button label=t(REMOVE) small=true look=Look::Plain busy=form.busy on_press=press /> }
            });
            view! {
                <li>
                    <div class="grow"><b>{one.vaccine}</b>" · "{tf(DOSE, &[("n", &one.dose.to_string())])}<span class="num">{day}</span>
                        <p class="quiet">{one.source.label(lang())}</p></div>
                    {remove}
                </li>
            }
        })
        .collect_view()
        .into_any();
    view! {
        {panel(t(VACCINATIONS), empty, file.map(|_| adding), lines)}
        {file.map(|file| view! { <Dialog open=adding title=t(VACCINATIONS)>{move || view! { <AddVaccination learner=id open=adding file=file /> }}</Dialog> })}
    }
    .into_any()
}
