//! A report of the year as a form: figures that are held are read-only, with their source and day; the few that are not are typed.

use super::crumbs;
use crate::api::{ApiError, oversight};
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::params::param;
use crate::ui::{Button, Field, Form, FormFault, Header, Icon, Loader, Look, load, toast};
use dto::UnitId;
use dto::exchange::*;
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    UNDER: "{school} · năm học {year}", "{school} · school year {year}";
    HELD: "Đã có trong hệ thống", "Held already";
    HELD_TEXT: "Không cần nhập. Sai ở đâu, sửa ở hồ sơ gốc.", "Not asked for. What is wrong is corrected in the record that it comes from.";
    ASKED: "Nhà trường nhập", "Typed by the school";
    FIGURE: "Chỉ tiêu", "Figure";
    VALUE: "Số liệu", "Value";
    SOURCE: "Nguồn", "Source";
    DAY: "Ngày", "Day";
    OPEN: "Chưa tính các lớp chưa chốt: {names}.", "Classes that are not closed are not counted: {names}.";
    CHECK: "Kiểm tra và lập tệp", "Check and make the file";
    NONE: "chưa có", "none yet";
    CHART: "Số học sinh theo khối", "Learners by grade";
}

/// Names of the inputs.
const NAMES: [&str; 8] = ["figure-1", "figure-2", "figure-3", "figure-4", "figure-5", "figure-6", "figure-7", "figure-8"];

#[component]
pub fn ReportPage() -> impl IntoView {
    let (unit, kind) = (param::<UnitId>("unit"), param::<ExportKind>("kind"));
    let found = load(move || {
        let place = unit.get().zip(kind.get());
        async move {
            let (unit, kind) = place.ok_or(ApiError::Unexpected { status: 404, request_id: None })?;
            oversight::report(unit, kind).await
        }
    });
    found.show(move |report| view! { <Form_ report=report found=found /> }.into_any())
}

#[component]
fn Form_(report: MinistryReport, found: Loader<MinistryReport>) -> impl IntoView {
    let (school, kind, year) = (report.school_id, report.kind, report.school_year_id);
    let under = tf(UNDER, &[("school", &report.school_name), ("year", &report.school_year)]);
    let open = (!report.open_classes.is_empty())
        .then(|| view! { <p class="note warn" role="status">{tf(OPEN, &[("names", &report.open_classes.join(", "))])}</p> });
    let (held, asked): (Vec<_>, Vec<_>) = report.figures.into_iter().partition(|figure| figure.held);
    let bars = chart(&held);
    let fields: Vec<(ReportFigure, RwSignal<String>)> = asked
        .into_iter()
        .map(|figure| {
            let text = RwSignal::new(figure.value.map(|n| n.to_string()).unwrap_or_default());
            (figure, text)
        })
        .collect();
    let fields = StoredValue::new(fields);
    let form = Form::new();
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let changed: Vec<PutReportFigure> = fields.with_value(|fields| {
            fields
                .iter()
                .filter_map(|(figure, text)| {
                    let value = text.get_untracked().trim().parse::<i64>().ok();
                    (value != figure.value).then(|| PutReportFigure {
                        figure: figure.figure.clone(),
                        value,
                        version: figure.version.unwrap_or(0),
                    })
                })
                .collect()
        });
        if changed.is_empty() {
            toast::say(t(tx::SAVED));
            return;
        }
        let body = PutReportFigures { school_year_id: Some(year), figures: changed };
        form.send(async move { oversight::put_figures(school, kind, &body).await }, move |report| {
            toast::say(t(tx::SAVED));
            found.set(report);
        });
    };
    let inputs = fields.with_value(|fields| {
        fields
            .iter()
            .zip(NAMES)
            .map(|((figure, text), name)| {
                let label = lang().pick(&figure.vi, &figure.en).to_owned();
                view! { <Field label=label name=name value=*text max=10 /> }
            })
            .collect_view()
    });
    let href = format!("/office/exchange/{school}/files/{kind}");
    let print = Callback::new(move |()| {
        let _ = window().print();
    });
    view! {
        <Header title=kind.label(lang()) under=under crumbs=crumbs()>
            <Button label=t(tx::PRINT) glyph=Icon::Print on_press=print />
            <A href=href attr:class="btn primary">{t(CHECK)}</A>
        </Header>
        {open}
        <div class="split lead">
            <section class="panel" aria-labelledby="held-title">
                <header><h2 id="held-title">{t(HELD)}</h2></header>
                <p class="body muted">{t(HELD_TEXT)}</p>
                {bars}
                {table(held)}
            </section>
            <section class="panel wide" aria-labelledby="asked-title">
                <header><h2 id="asked-title">{t(ASKED)}</h2></header>
                <form class="body stack" on:submit=send>
                    {inputs}
                    <FormFault form=form />
                    <Button label=t(tx::SAVE) look=Look::Primary busy=form.busy />
                </form>
            </section>
        </div>
    }
    .into_any()
}

fn table(figures: Vec<ReportFigure>) -> AnyView {
    let rows = figures
        .into_iter()
        .map(|figure| {
            let class = if figure.grade.is_some() { "of-grade" } else { "" };
            let value = figure.value.map_or_else(|| t(NONE).to_owned(), |n| format::count(u64::try_from(n).unwrap_or(0)));
            let source = lang().pick(&figure.source_vi, &figure.source_en).to_owned();
            let name = lang().pick(&figure.vi, &figure.en).to_owned();
            view! { <tr class=class><th scope="row">{name}<small class="show-narrow">{source.clone()}</small></th><td class="num">{value}</td><td class="hide">{source}</td><td class="num">{format::date(figure.as_of)}</td></tr> }
        })
        .collect_view();
    view! {
        <div class="table" tabindex="0" role="region" aria-label=t(HELD)>
            <table><thead><tr><th scope="col">{t(FIGURE)}</th><th scope="col" class="num">{t(VALUE)}</th><th scope="col" class="hide">{t(SOURCE)}</th><th scope="col" class="num">{t(DAY)}</th></tr></thead><tbody>{rows}</tbody></table>
        </div>
    }
    .into_any()
}

/// Learners of each grade as bars.
fn chart(figures: &[ReportFigure]) -> AnyView {
    let grades: Vec<(&str, i64)> = figures
        .iter()
        .filter(|figure| figure.figure.starts_with("learners.total."))
        .filter_map(|figure| Some((figure.grade?.label(lang()), figure.value?)))
        .collect();
    let most = grades.iter().map(|(_, n)| *n).max().unwrap_or(0);
    if most == 0 {
        return ().into_any();
    }
    let bars = grades
        .into_iter()
        .map(|(name, n)| {
            view! { <li><span>{name}</span><i style:width=format!("{}%", n * 100 / most)></i><b>{n}</b></li> }
        })
        .collect_view();
    view! { <ul class="bars" aria-label=t(CHART)>{bars}</ul> }.into_any()
}
