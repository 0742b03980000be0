//! A child's growth: the charts, what they say in words, and every measurement. For the school and for the family.

use super::growth_chart::{chart_name, chart_view, cm, decimal, kg, words, z_text};
use crate::api::{ApiError, growth};
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::params::param;
use crate::ui::{Button, Crumb, Empty, Header, Icon, Pill, Tone, icon, load};
use dto::LearnerId;
use dto::growth::{GrowthEntry, GrowthScore, LearnerGrowth};
use leptos::prelude::*;
use regulations::preschool::growth::{GrowthClass, MeasuringPosition};

texts! {
    TITLE: "Cân nặng, chiều cao", "Weight and height";
    OF: "Biểu đồ tăng trưởng của {name}", "Growth chart of {name}";
    CHARTS: "Biểu đồ", "Charts";
    NEAR: "Quanh tuổi của con", "Around the child's age";
    WHOLE: "Cả biểu đồ", "The whole chart";
    NOTHING: "Chưa có lần cân đo nào", "Not measured yet";
    NOTHING_TEXT: "Cân nặng và chiều cao hiện ở đây sau khi nhà trường cân đo.", "Weight and height appear here once the school has measured.";
    LATEST: "Lần đo gần nhất, {day}", "Last measured on {day}";
    AGE: "{months} tháng tuổi", "{months} months old";
    AGE_YEARS: "{years} tuổi {months} tháng", "{years} years {months} months";
    NEXT: "Lần cân đo tới: {day}", "Next measurement: {day}";
    NEXT_NOW: "Đã tới lúc cân đo", "It is time to measure again";
    ALL: "Các lần cân đo", "All measurements";
    DAY: "Ngày đo", "Day";
    AGE_HEAD: "Tuổi", "Age";
    WEIGHT: "Cân nặng (kg)", "Weight (kg)";
    HEIGHT: "Chiều cao (cm)", "Height (cm)";
    SHORT_WEIGHT: "Nặng (kg)", "Weight (kg)";
    SHORT_HEIGHT: "Cao (cm)", "Height (cm)";
    BMI: "BMI", "BMI";
    LYING: "nằm", "lying";
    Z_HEAD: "Điểm z", "z-scores";
    CHECK: "Nên đo lại", "Measure again";
    CHECK_TEXT: "Số đo này nằm rất xa chuẩn, có thể do cân, đo hay gõ nhầm. Hãy đo lại.", "This lies very far from the standard; it may be a slip. Measure again.";
    ABOUT: "So với chuẩn của Tổ chức Y tế Thế giới cho trẻ cùng tuổi, cùng giới tính; không so với bạn trong lớp. Biểu đồ để theo dõi, không thay cho khám của bác sĩ.", "Compared with the WHO standard for the same age and sex, never with classmates. The chart helps to watch growth; it does not replace a doctor.";
    KEY: "Vùng xanh: từ −2 đến +2, khoảng tăng trưởng thông thường. Vạch đậm ở giữa là mức trung bình của chuẩn.", "The green zone, −2 to +2, is the usual range. The strong line in the middle is the median of the standard.";
    BACK: "Kết quả của con", "The child's results";
}

#[component]
pub fn LearnerGrowthPage() -> impl IntoView {
    let id = param::<LearnerId>("learner");
    let answer = load(move || {
        let id = id.get();
        async move { growth::of_learner(id.ok_or(ApiError::Unexpected { status: 404, request_id: None })?).await }
    });
    answer.show(|growth| {
        let mut crumbs = Vec::new();
        if let Some((class, name)) = growth.class_id.zip(growth.class_name.clone()) {
            crumbs.push(Crumb(tx_class(&name), format!("/classes/{class}/growth")));
        }
        crumbs.push(Crumb(growth.full_name.clone(), format!("/learners/{}", growth.learner_id)));
        page(growth, crumbs)
    })
}

fn tx_class(name: &str) -> String {
    format!("{} {name}", t(tx::CLASS))
}

#[component]
pub fn ChildGrowthPage() -> impl IntoView {
    let id = param::<LearnerId>("learner");
    let answer = load(move || {
        let id = id.get();
        async move { growth::of_child(id.ok_or(ApiError::Unexpected { status: 404, request_id: None })?).await }
    });
    answer.show(|growth| {
        let crumbs = vec![Crumb(t(BACK).to_owned(), format!("/children/{}", growth.learner_id))];
        page(growth, crumbs)
    })
}

fn page(growth: LearnerGrowth, crumbs: Vec<Crumb>) -> AnyView {
    let under = [
        Some(growth.full_name.clone()),
        growth.class_name.as_deref().map(tx_class),
        Some(format!("{} {}", t(tx::BIRTH_DATE).to_lowercase(), format::date(growth.birth_date))),
        Some(growth.sex.label(lang()).to_owned()),
    ];
    let under = under.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let print = Callback::new(move |()| {
        let _ = window().print();
    });
    let due = growth.due_on.map(|day| {
        let today = format::today();
        if day <= today {
            view! { <Pill label=t(NEXT_NOW) tone=Tone::Warn /> }.into_any()
        } else {
            view! { <span class="quiet">{tf(NEXT, &[("day", &format::date(day))])}</span> }.into_any()
        }
    });
    let body = if growth.entries.is_empty() {
        view! { <div class="panel"><Empty title=t(NOTHING) text=t(NOTHING_TEXT) glyph=Icon::Chart>{due}</Empty></div> }.into_any()
    } else {
        view! {
            {growth.entries.last().map(|entry| latest(entry, due.into_any()))}
            {charts(&growth)}
            {table(&growth.entries)}
        }
        .into_any()
    };
    view! {
        <Header title=t(TITLE) crumbs=crumbs under=under><Button label=t(tx::PRINT) glyph=Icon::Print on_press=print /></Header>
        <div class="growth stack">
            {body}
            <p class="strip info">{icon(Icon::Info)}<span>{t(ABOUT)}</span></p>
        </div>
    }
    .into_any()
}

/// The age on a day, in full months: "23 tháng tuổi", from five years on in years too.
pub fn age(days: u32) -> String {
    let months = u64::from(days) * 10_000 / 304_375;
    if months < 60 {
        return tf(AGE, &[("months", &months.to_string())]);
    }
    tf(AGE_YEARS, &[("years", &(months / 12).to_string()), ("months", &(months % 12).to_string())])
}

fn tone(class: GrowthClass) -> Tone {
    match class {
        GrowthClass::Normal => Tone::Ok,
        GrowthClass::RiskOfOverweight => Tone::Info,
        GrowthClass::SeverelyUnderweight
        | GrowthClass::SeverelyStunted
        | GrowthClass::SeverelyWasted
        | GrowthClass::SeverelyThin
        | GrowthClass::Obese => Tone::Bad,
        _ => Tone::Warn,
    }
}

/// What a z-score says, in a word.
pub fn score_pill(score: &GrowthScore) -> AnyView {
    if score.implausible {
        return view! { <span title=t(CHECK_TEXT)><Pill label=t(CHECK) tone=Tone::Bad /></span> }.into_any();
    }
    score.class.map(|class| view! { <Pill label=class.text(words()) tone=tone(class) /> }).into_any()
}

fn latest(entry: &GrowthEntry, due: AnyView) -> AnyView {
    let figure = |value: Option<String>, unit: &'static str, label: &'static str| {
        value.map(|value| view! { <div><dt>{label}</dt><dd><b class="num">{value}</b>" "{unit}</dd></div> })
    };
    let scores = entry
        .scores
        .iter()
        .map(|score| {
            view! {
                <li>
                    <span class="grow">{score.indicator.text(words())}</span>
                    <span class="num muted">{z_text(score.z)}</span>
                    {score_pill(score)}
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="panel latest" aria-labelledby="latest">
            <header><h2 class="grow" id="latest">{tf(LATEST, &[("day", &format::date(entry.measured_on))])}</h2>{due}</header>
            <div class="body">
                <dl class="figures">
                    {figure(entry.weight_g.map(kg), "kg", t(WEIGHT).trim_end_matches(" (kg)"))}
                    {figure(entry.height_mm.map(cm), "cm", t(HEIGHT).trim_end_matches(" (cm)"))}
                    {figure(entry.bmi.map(|bmi| decimal(bmi.into(), 100, 1)), "kg/m²", t(BMI))}
                    <div><dt>{t(AGE_HEAD)}</dt><dd><b>{age(entry.age_days)}</b></dd></div>
                </dl>
                <ul class="lines">{scores}</ul>
            </div>
        </section>
    }
    .into_any()
}

fn charts(growth: &LearnerGrowth) -> AnyView {
    let both = growth.charts.iter().any(|c| c.school_age) && growth.charts.iter().any(|c| !c.school_age);
    // The chart of today's age first to be seen, and before the others those on which the last measurement stands: weight for age ends at
    // ten years.
    let scored = |indicator| growth.entries.last().is_some_and(|e| e.scores.iter().any(|score| score.indicator == indicator));
    let at_school_age = growth.entries.last().is_some_and(|e| e.age_days > regulations::preschool::growth::LAST_DAY_OF_STANDARDS);
    let mut sorted = growth.clone();
    sorted.charts.sort_by_key(|c| (c.school_age != at_school_age, !scored(c.indicator)));
    let growth = sorted;
    let (now, near) = (RwSignal::new(0), RwSignal::new(false));
    let wide = window().match_media("(min-width: 720px)").ok().flatten().is_some_and(|media| media.matches());
    let tabs = growth
        .charts
        .iter()
        .enumerate()
        .map(|(n, chart)| {
            let name = chart_name(chart, both);
            view! { <button type="button" role="tab" aria-selected=move || (now.get() == n).to_string() on:click=move |_| now.set(n)>{name}</button> }
        })
        .collect_view();
    let title = tf(OF, &[("name", &growth.full_name)]);
    let growth = StoredValue::new(growth);
    view! {
        <section class="panel charts" aria-label=t(CHARTS)>
            <div class="tabs" role="tablist" aria-label=t(CHARTS)>{tabs}</div>
            <figure role="tabpanel">
                <figcaption class="row">
                    <span class="grow"><b>{move || growth.with_value(|g| g.charts.get(now.get()).map(|c| chart_name(c, both)))}</b><span class="only-print">{title}</span></span>
                    <button type="button" class="btn small no-print" aria-pressed=move || near.get().to_string() on:click=move |_| near.update(|n| *n = !*n)>
                        {icon(Icon::Search)}{move || if near.get() { t(WHOLE) } else { t(NEAR) }}
                    </button>
                </figcaption>
                {move || growth.with_value(|g| g.charts.get(now.get()).map(|c| chart_view(c, &g.entries, near.get(), wide)))}
                <p class="quiet">{t(KEY)}</p>
            </figure>
        </section>
    }
    .into_any()
}

fn table(entries: &[GrowthEntry]) -> AnyView {
    let rows = entries
        .iter()
        .rev()
        .map(|entry| {
            let height = entry.height_mm.map(|mm| {
                let lying =
                    (entry.position == MeasuringPosition::Lying).then(|| view! { <small class="muted">" "{t(LYING)}</small> });
                view! { {cm(mm)}{lying} }
            });
            let scores = entry
                .scores
                .iter()
                .filter(|s| s.implausible || s.class.is_some_and(GrowthClass::is_concern))
                .map(score_pill)
                .collect_view();
            let z = entry
                .scores
                .iter()
                .map(|s| {
                    let name = s.indicator.text(words());
                    view! { <abbr title=name>{z_text(s.z)}</abbr>" " }
                })
                .collect_view();
            view! {
                <tr>
                    <th scope="row" class="num">{format::date(entry.measured_on)}</th>
                    <td class="hide">{age(entry.age_days)}</td>
                    <td class="r">{entry.weight_g.map(kg)}</td>
                    <td class="r">{height}</td>
                    <td class="r hide">{entry.bmi.map(|bmi| decimal(bmi.into(), 100, 1))}</td>
                    <td class="z num hide">{z}</td>
                    <td><span class="chips">{scores}</span></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="stack" aria-labelledby="all">
            <h2 id="all">{t(ALL)}</h2>
            <div class="table" tabindex="0" role="region" aria-label=t(ALL)>
                <table>
                    <thead><tr>
                        <th scope="col">{t(DAY)}</th><th scope="col" class="hide">{t(AGE_HEAD)}</th><th scope="col" class="r">{t(SHORT_WEIGHT)}</th>
                        <th scope="col" class="r">{t(SHORT_HEIGHT)}</th><th scope="col" class="r hide">{t(BMI)}</th><th scope="col" class="hide">{t(Z_HEAD)}</th><th></th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}
