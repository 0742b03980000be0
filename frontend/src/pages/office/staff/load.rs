//! The loads of a school: who is over, who is under, and why.

use super::why::{periods, state_pill, why};
use super::{crumbs, tabs};
use crate::api::staff;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::filters::Filters;
use crate::pages::records::growth_chart::words;
use crate::ui::{
    Button, Check, DateField, Dialog, Empty, Form, FormFault, Header, Icon, Loader, Look, SelectField, choose_school, load,
    save_as, toast,
};
use dto::staff_load::{LoadPolicy, PutLoadPolicy, SchoolLoads, StaffLoad};
use leptos::prelude::*;
use leptos_router::components::A;
use regulations::tt05_2025::{LoadChoices, LoadState, NormSchool, OvertimeBase, Periods};
use wasm_bindgen::JsValue;

texts! {
    TITLE: "Định mức tiết dạy", "Loads";
    UNDER: "Số tiết phải dạy và được phân công của từng người, theo TT 05/2025/TT-BGDĐT.", "What each has to teach and is assigned, by TT 05/2025/TT-BGDĐT.";
    ON: "Tính theo ngày", "As of";
    EVERYBODY: "Mọi người", "Everybody";
    SHOW: "Chỉ xem", "Show";
    REQUIRED: "Phải dạy", "Required";
    TAUGHT: "Phân công", "Assigned";
    DIFFERENCE: "Chênh/tuần", "Over or short";
    STATE: "Nhận xét", "State";
    WEEKLY: "tiết/tuần", "periods a week";
    AWAY: "đang nghỉ", "on leave";
    ELSEWHERE: "dạy cả trường khác", "at other schools too";
    NOBODY: "Không có ai", "Nobody";
    NOBODY_TEXT: "Bỏ điều kiện lọc, hoặc chọn trường khác.", "Remove the filter, or choose another school.";
    WHY: "Vì sao: {name}", "Why: {name}";
    EXPORT: "Tải bảng (CSV)", "Download (CSV)";
    POLICY: "Cách tính của trường", "How the school reckons";
    KIND: "Loại trường", "Kind of school";
    ORDINARY: "Trường phổ thông", "Ordinary school";
    SEMI: "PTDT bán trú", "Semi-boarding";
    BOARDING: "PTDT nội trú", "Boarding";
    DISABILITY: "Trường, lớp dành cho người khuyết tật", "For learners with disabilities";
    BASE: "50 % dạy thêm giờ tính trên", "Overtime is half of";
    REDUCED: "số tiết còn phải dạy sau khi giảm", "what is left after reductions";
    NORM: "định mức chưa giảm", "the whole norm";
    BASE_HINT: "Văn bản chưa nói rõ; trường chọn theo hướng dẫn của Sở.", "The circular does not say; as the department instructs.";
    COUNT: "Tính chào cờ, sinh hoạt lớp của giáo viên chủ nhiệm vào số tiết dạy", "Count assembly and class hour as taught";
    CHART: "Biểu đồ số tiết mỗi tuần: cột là được phân công, vạch là phải dạy", "Periods a week: bars are assigned, marks are required";
    SUMMARY: "{under} thiếu · {even} đủ · {over} thừa · {cap} vượt mức", "{under} short · {even} even · {over} over · {cap} beyond the limit";
    BAR: "{name}: {taught} trên {required} tiết/tuần", "{name}: {taught} of {required} a week";
}

fn state_of(row: &StaffLoad) -> &'static str {
    match row.load.state {
        None => "",
        Some(LoadState::Under) => "under",
        Some(LoadState::Even) => "even",
        Some(LoadState::Over) => "over",
        Some(LoadState::OverCap) => "over_cap",
    }
}

#[component]
pub fn LoadPage() -> impl IntoView {
    let filters = Filters::new();
    let school = filters.school();
    let (on, only) = (filters.text_or("on", format::today().to_string()), filters.text("only"));
    let found = load(move || {
        let (id, on) = (school.id(), on.get().parse().ok());
        async move {
            match id {
                Some(id) => staff::loads(id, on).await.map(Some),
                None => Ok(None),
            }
        }
    });
    let setting = RwSignal::new(false);
    let (open, which) = (RwSignal::new(false), RwSignal::new(None::<StaffLoad>));
    let states = [LoadState::Under, LoadState::Even, LoadState::Over, LoadState::OverCap];
    let codes = ["under", "even", "over", "over_cap"];
    let mut options = vec![(String::new(), t(EVERYBODY).to_owned())];
    options.extend(codes.iter().zip(states).map(|(code, state)| ((*code).to_owned(), state.text(words()).to_owned())));
    let export = Callback::new(move |()| {
        if let Some(Some(loads)) = found.get_untracked() {
            download(&loads, &only.get_untracked());
        }
    });
    let print = Callback::new(move |()| {
        let _ = window().print();
    });
    view! {
        <Header title=t(TITLE) crumbs=crumbs() under=t(UNDER)>
            <Button label=t(EXPORT) glyph=Icon::File on_press=export />
            <Button label=t(tx::PRINT) glyph=Icon::Print on_press=print />
            {move || found.get().flatten().is_some_and(|loads| loads.writable).then(|| view! { <Button label=t(POLICY) on_press=Callback::new(move |()| setting.set(true)) /> })}
        </Header>
        {tabs()}
        <div class="filters">
            {school.field("load-school")}
            <DateField label=t(ON) name="load-on" value=on />
            <SelectField label=t(SHOW) name="load-only" value=only options=options />
            {filters.show()}
        </div>
        {found.show(move |loads| match loads {
            Some(loads) => view! { {move || table(&loads, &only.read(), open, which)} }.into_any(),
            None => choose_school(),
        })}
        <Dialog open=open title=t(TITLE)>
            {move || which.get().map(|row| {
                let (href, name) = (format!("/office/staff/{}", row.staff_id), tf(WHY, &[("name", &row.full_name)]));
                view! { <div class="stack"><p><A href=href><b>{name}</b></A></p>{why(&row)}</div> }
            })}
        </Dialog>
        <Dialog open=setting title=t(POLICY)>
            {move || found.get().flatten().map(|loads| view! { <Policy loads=loads found=found open=setting /> })}
        </Dialog>
    }
    .into_any()
}

fn weekly(n: Option<Periods>) -> String {
    n.map_or_else(|| "–".to_owned(), periods)
}

fn difference(row: &StaffLoad) -> Option<Periods> {
    Some(row.load.taught_weekly.minus(row.load.required_weekly?))
}

fn table(loads: &SchoolLoads, only: &str, open: RwSignal<bool>, which: RwSignal<Option<StaffLoad>>) -> AnyView {
    let rows: Vec<&StaffLoad> = loads.rows.iter().filter(|row| only.is_empty() || state_of(row) == only).collect();
    let count = |code: &str| loads.rows.iter().filter(|row| state_of(row) == code).count().to_string();
    let summary = tf(
        SUMMARY,
        &[("under", &count("under")), ("even", &count("even")), ("over", &count("over")), ("cap", &count("over_cap"))],
    );
    if rows.is_empty() {
        return view! { <div class="panel"><Empty title=t(NOBODY) text=t(NOBODY_TEXT) glyph=Icon::People /></div> }.into_any();
    }
    let lines = rows
        .iter()
        .map(|row| {
            let stored = StoredValue::new((*row).clone());
            let press = move |_| {
                which.set(Some(stored.get_value()));
                open.set(true);
            };
            let mut notes = vec![row.position.label(lang()).to_owned()];
            notes.extend(row.on_leave.then(|| t(AWAY).to_owned()));
            notes.extend(row.elsewhere.then(|| t(ELSEWHERE).to_owned()));
            let over = difference(row).map_or_else(|| "–".to_owned(), |n| if n.0 > 0 { format!("+{}", periods(n)) } else { periods(n) });
            view! {
                <tr>
                    <th scope="row"><button type="button" class="btn plain small" on:click=press>{row.full_name.clone()}</button><small class="muted hide">{notes.join(" · ")}</small></th>
                    <td class="r">{weekly(row.load.required_weekly)}</td>
                    <td class="r">{periods(row.load.taught_weekly)}</td>
                    <td class="r">{over}</td>
                    <td class="hide">{state_pill(row.load.state)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <p class="muted">{summary}</p>
        <div class="split lead">
            <div class="table" tabindex="0" role="region" aria-label=t(TITLE)>
                <table class="loads">
                    <thead><tr><th scope="col">{t(tx::FULL_NAME)}</th><th scope="col" class="r">{t(REQUIRED)}</th><th scope="col" class="r">{t(TAUGHT)}</th><th scope="col" class="r">{t(DIFFERENCE)}</th><th scope="col" class="hide">{t(STATE)}</th></tr></thead>
                    <tbody>{lines}</tbody>
                </table>
            </div>
            <section class="panel"><header><h2>{t(WEEKLY)}</h2></header><div class="body">{chart(&rows)}</div></section>
        </div>
    }
    .into_any()
}

/// A bar a person: what is assigned, with a mark at what is required. Lengths in units of a hundredth of a period.
fn chart(rows: &[&StaffLoad]) -> AnyView {
    const STEP: usize = 22;
    const LEFT: i32 = 150;
    const WIDTH: i32 = 250;
    let most = rows
        .iter()
        .map(|row| row.load.taught_weekly.0.max(row.load.required_weekly.map_or(0, |n| n.0)))
        .max()
        .unwrap_or(0)
        .max(100);
    let x = |n: i32| LEFT + n.max(0) * WIDTH / most;
    let height = rows.len() * STEP + 4;
    let bars = rows
        .iter()
        .enumerate()
        .map(|(at, row)| {
            let y = at * STEP + 3;
            let taught = row.load.taught_weekly;
            let told = tf(
                BAR,
                &[("name", &row.full_name), ("taught", &periods(taught)), ("required", &weekly(row.load.required_weekly))],
            );
            let name: String = row.full_name.chars().take(22).collect();
            let mark = row.load.required_weekly.map(|n| view! { <line class="required" x1={x(n.0)} x2={x(n.0)} y1={y} y2={y + 16} /> });
            view! {
                <g>
                    <title>{told}</title>
                    <text x={LEFT - 8} y={y + 12} text-anchor="end">{name}</text>
                    <rect class=format!("bar {}", state_of(row)) x={LEFT} y={y + 2} width={(x(taught.0) - LEFT).max(1)} height="12" rx="2" />
                    {mark}
                </g>
            }
        })
        .collect_view();
    view! { <svg class="load-chart" role="img" aria-label=t(CHART) viewBox=format!("0 0 {} {height}", LEFT + WIDTH + 6)>{bars}</svg> }
        .into_any()
}

/// What is seen, as a file that Excel opens.
fn download(loads: &SchoolLoads, only: &str) {
    let cell = |text: &str| {
        // A cell that begins like a formula is text.
        let guard = if text.starts_with(['=', '+', '-', '@']) { "'" } else { "" };
        format!("\"{guard}{}\"", text.replace('"', "\"\""))
    };
    let mut text = String::from("\u{feff}");
    let head = [t(tx::FULL_NAME), t(REQUIRED), t(TAUGHT), t(DIFFERENCE), t(STATE)];
    text.push_str(&head.map(cell).join(";"));
    text.push_str("\r\n");
    for row in loads.rows.iter().filter(|row| only.is_empty() || state_of(row) == only) {
        let state = row.load.state.map_or("", |state| state.text(words()));
        // Numbers stay numbers: a real minus sign, no guard.
        let number = |n: Option<Periods>| n.map(periods).unwrap_or_default().replace('−', "-");
        let line = [
            cell(&row.full_name),
            number(row.load.required_weekly),
            number(Some(row.load.taught_weekly)),
            number(difference(row)),
            cell(state),
        ];
        text.push_str(&line.join(";"));
        text.push_str("\r\n");
    }
    let parts = js_sys::Array::of1(&JsValue::from_str(&text));
    if let Ok(blob) = web_sys::Blob::new_with_str_sequence(&parts) {
        save_as(&blob, &format!("dinh-muc-tiet-day-{}.csv", loads.on));
    }
}

#[component]
fn Policy(loads: SchoolLoads, found: Loader<Option<SchoolLoads>>, open: RwSignal<bool>) -> impl IntoView {
    const KINDS: [NormSchool; 4] = [NormSchool::Ordinary, NormSchool::SemiBoarding, NormSchool::Boarding, NormSchool::Disability];
    let LoadPolicy { norm_school, choices, version } = loads.policy;
    let at = KINDS.iter().position(|kind| *kind == norm_school).unwrap_or_default();
    let kind = RwSignal::new(at.to_string());
    let base = RwSignal::new(if choices.overtime_base == OvertimeBase::Norm { "norm" } else { "reduced" }.to_owned());
    let counted = RwSignal::new(choices.homeroom_periods_count);
    let form = Form::new();
    let school = loads.school_id;
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let norm_school = kind.get_untracked().parse::<usize>().ok().and_then(|at| KINDS.get(at).copied()).unwrap_or_default();
        let overtime_base = if *base.read_untracked() == "norm" { OvertimeBase::Norm } else { OvertimeBase::Reduced };
        let choices = LoadChoices { overtime_base, homeroom_periods_count: counted.get_untracked() };
        let body = PutLoadPolicy { norm_school, choices };
        form.send(async move { staff::put_policy(school, version, &body).await }, move |_| {
            open.set(false);
            toast::say(t(tx::SAVED));
            found.reload();
        });
    };
    let kinds: Vec<_> = [ORDINARY, SEMI, BOARDING, DISABILITY]
        .into_iter()
        .enumerate()
        .map(|(at, name)| (at.to_string(), t(name).to_owned()))
        .collect();
    let bases = vec![("reduced".to_owned(), t(REDUCED).to_owned()), ("norm".to_owned(), t(NORM).to_owned())];
    view! {
        <form class="stack form" on:submit=submit>
            <SelectField label=t(KIND) name="policy-kind" value=kind options=kinds />
            <SelectField label=t(BASE) name="policy-base" value=base options=bases hint=t(BASE_HINT) />
            <Check label=t(COUNT) value=counted />
            <FormFault form=form />
            <footer><Button label=t(tx::SAVE) look=Look::Primary busy=form.busy /></footer>
        </form>
    }
    .into_any()
}
