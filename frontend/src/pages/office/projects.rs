//! Investment projects of a school, or of all schools under a unit.

use super::figures::{number, own_unit, typed};
use crate::api::finance as api;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::filters::Filters;
use crate::pages::records::pick::{filled, of_school, searched};
use crate::state::who;
use crate::ui::{
    Button, DateField, Dialog, Empty, Field, Form, FormFault, Header, Icon, Look, Pages, Pill, Progress, SearchField,
    SelectField, Tone, or_all, pages, toast,
};
use dto::UnitId;
use dto::access::Permission;
use dto::finance::*;
use leptos::prelude::*;

texts! {
    PROJECT: "Dự án", "Project";
    ABOUT: "Trường, quyết định, nguồn, thời gian", "School, decision, source, years";
    TITLE: "Dự án đầu tư", "Investment projects";
    UNDER: "Quyết định, tổng mức, tiến độ và vốn từng năm.", "Decision, total, progress, and the money of each year.";
    FIND: "Tìm dự án", "Find a project";
    HOLDER: "Tên hay số quyết định", "Name or decision";
    STATE: "Trạng thái", "State";
    NONE: "Chưa có dự án nào", "No projects yet";
    NONE_TEXT: "Kế toán hoặc hiệu trưởng nhập dự án của trường ở đây.", "The accountant or the principal enters the school's projects here.";
    ADD: "Thêm dự án", "Add a project";
    EDIT: "Sửa dự án", "Edit the project";
    NAME: "Tên dự án", "Name";
    DECISION: "Số quyết định", "Decision";
    DECIDED: "Ngày quyết định", "Decided on";
    SOURCE: "Nguồn vốn", "Paid by";
    TOTAL: "Tổng mức (đồng)", "Total (VND)";
    FROM: "Từ năm", "From";
    TO: "Đến năm", "To";
    PROGRESS: "Tiến độ (%)", "Progress (%)";
    DONE: "Đã làm {n}%", "{n}% is done";
    YEAR: "Năm", "Year";
    PLANNED: "Kế hoạch vốn", "Planned";
    SPENT: "Đã giải ngân", "Spent";
    NOTE: "Ghi chú", "Note";
    SAVED: "Đã lưu dự án", "The project is saved";
    AMOUNT: "{n} đồng", "{n} VND";
    OF_YEAR: "{what} năm {year}", "{what} of {year}";
}

fn tone(state: ProjectState) -> Tone {
    match state {
        ProjectState::Planned => Tone::Info,
        ProjectState::Running => Tone::Warn,
        ProjectState::Done => Tone::Ok,
        ProjectState::Stopped => Tone::Quiet,
    }
}

#[component]
pub fn ProjectsPage() -> impl IntoView {
    let unit = own_unit();
    let may = who().can(Permission::FinanceWrite);
    let filters = Filters::new();
    let (q, state) = (filters.text("q"), filters.text("state"));
    let list = pages(move |after| {
        let asked = ProjectQuery { q: searched(q), state: state.get().parse().ok(), year: None };
        async move { of_school(unit, async |unit| api::projects(unit, &asked, after).await).await }
    });
    let open = RwSignal::new(false);
    let edited = RwSignal::new(None::<Project>);
    let states = or_all(ProjectState::ALL.iter().map(|state| (state, state.label(lang()))));
    let add = Callback::new(move |()| {
        edited.set(None);
        open.set(true);
    });
    view! {
        <Header title=t(TITLE) under=t(UNDER)>
            {list.export("du-an-dau-tu")}
            <Button label=t(tx::PRINT) glyph=Icon::Print on_press=Callback::new(move |()| _ = window().print()) />
            {may.then(|| view! { <Button label=t(ADD) look=Look::Primary glyph=Icon::Plus on_press=add /> })}
        </Header>
        <div class="filters no-print">
            <SearchField label=t(FIND) name="q" value=q placeholder=t(HOLDER) />
            <SelectField label=t(STATE) name="state" value=state options=Signal::stored(states) />
            {filters.show()}
        </div>
        {list.show(move |items| cards(items, may, edited, open))}
        <Dialog open=open title=t(EDIT)>{move || unit.map(|unit| view! { <Edit unit=unit project=edited.get_untracked() open=open list=list /> })}</Dialog>
    }
}

fn cards(items: Vec<Project>, may: bool, edited: RwSignal<Option<Project>>, open: RwSignal<bool>) -> AnyView {
    if items.is_empty() {
        return view! { <div class="panel"><Empty title=t(NONE) text=t(NONE_TEXT) glyph=Icon::Chart /></div> }.into_any();
    }
    items.into_iter().map(|project| card(project, may, edited, open)).collect_view().into_any()
}

fn card(project: Project, may: bool, edited: RwSignal<Option<Project>>, open: RwSignal<bool>) -> AnyView {
    let rows = project
        .years
        .iter()
        .map(|year| view! { <tr><th scope="row" class="num">{year.year}</th><td class="r num">{number(year.planned.0)}</td><td class="r num">{number(year.disbursed.0)}</td></tr> })
        .collect_view();
    let decision =
        [project.decision_number.clone(), project.decided_on.map(format::date)].into_iter().flatten().collect::<Vec<_>>();
    let about = [
        vec![project.school_name.clone()],
        decision,
        vec![project.source.clone(), format!("{}–{}", project.from_year, project.to_year)],
    ]
    .concat()
    .join(" · ");
    let progress = tf(DONE, &[("n", &project.progress.to_string())]);
    let years = !project.years.is_empty();
    let (name, label, total) = (project.name.clone(), project.name.clone(), tf(AMOUNT, &[("n", &number(project.total.0))]));
    let (state, percent, note) = (project.state, u32::from(project.progress), project.note.clone());
    let press = Callback::new(move |()| {
        edited.set(Some(project.clone()));
        open.set(true);
    });
    view! {
        <section class="panel" data-row="">
            <header><h2 data-col=t(PROJECT)>{name}</h2><span data-col=t(STATE)><Pill label=state.label(lang()) tone=tone(state) /></span>{may.then(|| view! { <Button label=t(EDIT) small=true on_press=press /> })}</header>
            <div class="body stack">
                <p class="quiet num" data-col=t(ABOUT)>{about}</p>
                <p class="num"><b data-col=t(TOTAL)>{total}</b>" · "<span data-col=t(PROGRESS)>{progress.clone()}</span></p>
                <Progress percent=Signal::stored(percent) label=progress />
                {note.map(|note| view! { <p data-col=t(NOTE)>{note}</p> })}
                {years.then(|| view! {
                    <div class="table" tabindex="0" role="region" aria-label=label>
                        <table><thead><tr><th scope="col">{t(YEAR)}</th><th scope="col" class="r">{t(PLANNED)}</th><th scope="col" class="r">{t(SPENT)}</th></tr></thead><tbody>{rows}</tbody></table>
                    </div>
                })}
            </div>
        </section>
    }
    .into_any()
}

/// The money of one year while it is typed.
#[derive(Clone, Copy)]
struct Line {
    year: i16,
    planned: RwSignal<String>,
    spent: RwSignal<String>,
}

fn line(year: i16, known: Option<&ProjectYear>) -> Line {
    let text = |amount: Option<Vnd>| RwSignal::new(amount.filter(|v| v.0 > 0).map(|v| number(v.0)).unwrap_or_default());
    Line { year, planned: text(known.map(|y| y.planned)), spent: text(known.map(|y| y.disbursed)) }
}

#[component]
fn Edit(unit: UnitId, project: Option<Project>, open: RwSignal<bool>, list: Pages<Project>) -> impl IntoView {
    let form = Form::new();
    let this = format::today().to_string().get(..4).and_then(|year| year.parse::<i16>().ok()).unwrap_or(2026);
    let text = |text: Option<String>| RwSignal::new(text.unwrap_or_default());
    let known = project.as_ref();
    let name = text(known.map(|p| p.name.clone()));
    let decision = text(known.and_then(|p| p.decision_number.clone()));
    let decided = text(known.and_then(|p| p.decided_on).map(|day| day.to_string()));
    let source = text(known.map(|p| p.source.clone()));
    let state = text(Some(known.map_or(ProjectState::Planned, |p| p.state).to_string()));
    let total = text(known.map(|p| number(p.total.0)));
    let from = text(Some(known.map_or(this, |p| p.from_year).to_string()));
    let to = text(Some(known.map_or(this, |p| p.to_year).to_string()));
    let progress = text(Some(known.map_or(0, |p| p.progress).to_string()));
    let note = text(known.and_then(|p| p.note.clone()));
    let lines =
        RwSignal::new(known.map(|p| p.years.iter().map(|y| line(y.year, Some(y))).collect::<Vec<_>>()).unwrap_or_default());
    // A line for each year of the project; what is typed stays while the years change.
    let years = Memo::new(move |_| {
        let year = |text: RwSignal<String>| text.read().trim().parse::<i16>().ok();
        let (from, to) = (year(from)?, year(to)?);
        (from <= to && to.saturating_sub(from) < 50).then_some((from, to))
    });
    crate::ui::effect(move || {
        let Some((from, to)) = years.get() else { return };
        lines.update(|lines| {
            for year in from..=to {
                if !lines.iter().any(|line| line.year == year) {
                    lines.push(line(year, None));
                }
            }
            lines.sort_by_key(|line| line.year);
        });
    });
    let shown = move || {
        let Some((from, to)) = years.get() else { return Vec::new() };
        lines.get().into_iter().filter(|line| (from..=to).contains(&line.year)).collect::<Vec<_>>()
    };
    let project = StoredValue::new(project);
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let amount = |text: RwSignal<String>| Vnd(typed(&text.get_untracked()).unwrap_or(0));
        let number = |text: RwSignal<String>| text.get_untracked().trim().parse::<i16>().unwrap_or(0);
        let body = PutProject {
            name: name.get_untracked(),
            decision_number: filled(decision),
            decided_on: decided.get_untracked().parse().ok(),
            source: source.get_untracked(),
            state: state.get_untracked().parse().unwrap_or(ProjectState::Planned),
            total: amount(total),
            from_year: number(from),
            to_year: number(to),
            progress: u8::try_from(number(progress)).unwrap_or(0),
            note: filled(note),
            years: untrack(shown)
                .into_iter()
                .map(|line| ProjectYear { year: line.year, planned: amount(line.planned), disbursed: amount(line.spent) })
                .collect(),
        };
        let known = project.get_value();
        let call = async move {
            match known {
                Some(project) => api::put_project(&project, &body).await,
                None => api::create_project(unit, &body).await,
            }
        };
        form.send(call, move |_| {
            open.set(false);
            list.reload();
            toast::say(t(SAVED));
        });
    };
    let states: Vec<_> = ProjectState::ALL.iter().map(|state| (state.to_string(), state.label(lang()).to_owned())).collect();
    let rows = move || {
        shown()
            .into_iter()
            .map(|line| {
                let year = line.year.to_string();
                let input = |what: &'static str, value: RwSignal<String>| {
                    let label = tf(OF_YEAR, &[("what", what), ("year", &year)]);
                    view! { <td class="r"><input class="figure num" type="text" inputmode="numeric" maxlength="24" aria-label=label prop:value=value on:input=move |event| value.set(event_target_value(&event)) /></td> }
                };
                view! { <tr><th scope="row" class="num">{line.year}</th>{input(t(PLANNED), line.planned)}{input(t(SPENT), line.spent)}</tr> }
            })
            .collect_view()
    };
    view! {
        <form class="stack" on:submit=send>
            <Field label=t(NAME) name="project-name" value=name required=true max=300 fault=form.fault("/name") />
            <div class="fields">
                <Field label=t(DECISION) name="project-decision" value=decision max=60 />
                <DateField label=t(DECIDED) name="project-decided" value=decided fault=form.fault("/decided_on") />
                <Field label=t(SOURCE) name="project-source" value=source required=true max=120 fault=form.fault("/source") />
                <SelectField label=t(STATE) name="project-state" value=state options=Signal::stored(states) />
                <Field label=t(TOTAL) name="project-total" value=total required=true max=24 fault=form.fault("/total") />
                <Field label=t(PROGRESS) name="project-progress" value=progress kind="number" fault=form.fault("/progress") />
                <Field label=t(FROM) name="project-from" value=from kind="number" required=true fault=form.fault("/from_year") />
                <Field label=t(TO) name="project-to" value=to kind="number" required=true fault=form.fault("/to_year") />
            </div>
            <div class="table" tabindex="0" role="region" aria-label=t(YEAR)>
                <table><thead><tr><th scope="col">{t(YEAR)}</th><th scope="col" class="r">{t(PLANNED)}</th><th scope="col" class="r">{t(SPENT)}</th></tr></thead><tbody>{rows}</tbody></table>
            </div>
            <Field label=t(NOTE) name="project-note" value=note max=1000 />
            <FormFault form=form fields=&["/name", "/decided_on", "/source", "/total", "/progress", "/from_year", "/to_year"] />
            <footer>
                <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
                <Button label=t(tx::SAVE) look=Look::Primary busy=form.busy />
            </footer>
        </form>
    }
    .into_any()
}
