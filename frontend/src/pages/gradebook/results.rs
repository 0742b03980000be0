//! Results of a class in a semester or the year: averages, levels, promotion, award, and why.

use super::nowhere;
use super::primary;
use super::why::{level_text, reasons, tone};
use crate::api::gradebook;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::params::param;
use crate::pages::records::class::{class_head, class_of_address, fold};
use crate::state::who;
use crate::ui::{Button, Dialog, Empty, Icon, Pill, SearchField, Tone, effect, icon, load};
use dto::ClassId;
use dto::access::Permission;
use dto::gradebook::{ClassResults, LearnerResult, Period, SubjectResult, TermState};
use leptos::prelude::*;
use leptos_router::components::A;
use regulations::{Award, CellValue, Lang, Level, Mark, Promotion, format_cell};

texts! {
    TITLE: "Kết quả {period}", "Results: {period}";
    PERIOD: "Kì", "Period";
    LEARNING: "Học tập", "Learning";
    CONDUCT: "Rèn luyện", "Conduct";
    ABSENCES: "Nghỉ", "Absent";
    PROMOTION: "Lên lớp", "Promotion";
    AWARD: "Danh hiệu", "Award";
    WHY: "Vì sao?", "Why?";
    WHY_OF: "Vì sao? {name}", "Why? {name}";
    FROZEN: "Kết quả đã chốt, tính theo {policy}.", "Final results under {policy}.";
    AS_IT_STANDS: "Tạm tính theo điểm đến lúc này, theo {policy}. Kết quả chính thức có khi chốt học kì.", "As the marks stand now, under {policy}. Final when the term is closed.";
    SINCE: "Buổi nghỉ đã khác lúc chốt: {list}. Kết quả giữ như đã ký; muốn tính lại thì đề nghị hiệu trưởng mở lại học kì.", "Absences are no longer those that were closed: {list}. The result stays as signed; to count them, ask the principal to reopen the term.";
    UNKNOWN: "chưa đủ", "incomplete";
    NOBODY: "Lớp chưa có học sinh", "The class has no learners yet";
    NO_MATCH: "Không có học sinh nào như vậy", "No such learner";
    FIND: "Tìm trong lớp", "Find in the class";
    HOLDER: "Tên, không cần dấu", "Name, without marks";
    SHOW_ALL: "Bỏ lọc", "Show all";
    FORMER: "Kết quả ở trường cũ", "Former schools";
    PRINT_TITLE: "BẢNG TỔNG HỢP KẾT QUẢ · {period}", "SUMMARY OF RESULTS · {period}";
    PRINT_UNDER: "Lớp {class} · Năm học {year} · {school}", "Class {class} · School year {year} · {school}";
    PRINT_HOMEROOM: "Giáo viên chủ nhiệm", "Homeroom teacher";
    PRINT_HEAD: "Hiệu trưởng", "Principal";
    PRINT_SIGN: "(Ký, ghi rõ họ tên)", "(Signature and full name)";
    PRINT_DAY: "Ngày …… tháng …… năm ………", "Date ………………";
}

/// What the chart filters by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Facet {
    Learning(Option<Level>),
    Conduct(Option<Level>),
    Promotion(Option<Promotion>),
    Award(Option<Award>),
    Primary(primary::Facet),
}

impl Facet {
    fn holds(self, row: &LearnerResult) -> bool {
        match self {
            Facet::Learning(level) => row.learning == level,
            Facet::Conduct(level) => row.conduct == level,
            Facet::Promotion(promotion) => row.promotion == promotion,
            Facet::Award(award) => row.award == award,
            Facet::Primary(facet) => facet.holds(row),
        }
    }
}

#[component]
pub fn ResultsPage() -> impl IntoView {
    let (_, class) = class_of_address();
    let (id, period) = (param::<ClassId>("class"), param::<Period>("period"));
    let results = load(move || {
        let place = id.get().zip(period.get());
        async move {
            let (id, period) = place.ok_or_else(nowhere)?;
            gradebook::results(id, period).await
        }
    });
    let print = Callback::new(move |()| {
        let _ = window().print();
    });
    view! {
        {class.show(move |class| {
            let former = who().can(Permission::ConductWrite);
            let id = class.id;
            class_head(&class, view! {
                {former.then(|| view! { <A href=format!("/classes/{id}/former") attr:class="btn">{icon(Icon::Book)}{t(FORMER)}</A> })}
                <Button label=t(tx::PRINT) glyph=Icon::Print on_press=print />
            }.into_any())
        })}
        {results.show(|answer| view! { <Loaded answer=answer /> })}
    }
}

/// The circular of a policy: "TT22/1" is of Thông tư 22/2021/TT-BGDĐT.
pub(super) fn circular(policy: &str) -> String {
    let code = policy.split('/').next().unwrap_or_default();
    code.replace("TT22", "Thông tư 22/2021/TT-BGDĐT").replace("TT27", "Thông tư 27/2020/TT-BGDĐT")
}

#[component]
fn Loaded(answer: ClassResults) -> impl IntoView {
    let class = answer.class_id;
    let facet = RwSignal::new(None::<Facet>);
    let q = RwSignal::new(String::new());
    let why = RwSignal::new(None::<usize>);
    let periods = Period::ALL
        .iter()
        .map(|to| {
            let here = (*to == answer.period).then_some("page");
            view! { <A href=format!("/classes/{class}/results/{to}") attr:aria-current=here>{to.label(lang())}</A> }
        })
        .collect_view();
    let policy = circular(&answer.policy);
    let note = match answer.state {
        TermState::Closed => {
            view! { <p class="quiet row">{icon(Icon::Lock)}<span>{tf(FROZEN, &[("policy", &policy)])}</span></p> }.into_any()
        }
        TermState::Open => {
            view! { <p class="strip info">{icon(Icon::Info)}<span>{tf(AS_IT_STANDS, &[("policy", &policy)])}</span></p> }
                .into_any()
        }
    };
    let since: Vec<String> = answer.absences_since.iter().map(|s| format!("{} {} → {}", s.full_name, s.closed, s.now)).collect();
    let since = (!since.is_empty()).then(
        || view! { <p class="strip no-print">{icon(Icon::Alert)}<span>{tf(SINCE, &[("list", &since.join("; "))])}</span></p> },
    );
    let print_title = tf(PRINT_TITLE, &[("period", &answer.period.label(lang()).to_uppercase())]);
    let print_under =
        tf(PRINT_UNDER, &[("class", &answer.class_name), ("year", &answer.school_year), ("school", &answer.school_name)]);
    if answer.rows.is_empty() {
        return view! { <nav class="tabs" aria-label=t(PERIOD)>{periods}</nav> <Empty title=t(NOBODY) glyph=Icon::People /> }
            .into_any();
    }
    let chart = chart(&answer, facet);
    let folded: Vec<String> = answer.rows.iter().map(|r| fold(&r.full_name)).collect();
    let answer = StoredValue::new(answer);
    let shown = Memo::new(move |_| {
        let (facet, q) = (facet.get(), fold(q.read().trim()));
        answer.with_value(|a| {
            (0..a.rows.len())
                .filter(|n| folded[*n].contains(&q) && facet.is_none_or(|f| f.holds(&a.rows[*n])))
                .collect::<Vec<_>>()
        })
    });
    let open = RwSignal::new(false);
    effect(move || open.set(why.read().is_some()));
    effect(move || {
        if !open.get() && why.read_untracked().is_some() {
            why.set(None);
        }
    });
    view! {
        <div class="results stack">
            <div class="only-print print-head"><p class="h">{print_title}</p><p>{print_under}</p></div>
            <nav class="tabs" aria-label=t(PERIOD)>{periods}</nav>
            {note}
            {since}
            {chart}
            <div class="filters no-print">
                <SearchField label=t(FIND) name="find_result" value=q placeholder=t(HOLDER) />
                {move || facet.read().is_some().then(|| view! { <Button label=t(SHOW_ALL) glyph=Icon::Cross on_press=Callback::new(move |()| facet.set(None)) /> })}
            </div>
            {move || {
                let rows = shown.get();
                if rows.is_empty() {
                    view! { <Empty title=t(NO_MATCH) glyph=Icon::Search /> }.into_any()
                } else {
                    answer.with_value(|a| table(a, &rows, why))
                }
            }}
            <div class="only-print print-foot"><div class="signs">
                <div><p>{t(PRINT_DAY)}</p><b>{t(PRINT_HOMEROOM)}</b><p>{t(PRINT_SIGN)}</p></div>
                <div><p>{t(PRINT_DAY)}</p><b>{t(PRINT_HEAD)}</b><p>{t(PRINT_SIGN)}</p></div>
            </div></div>
            <Dialog open=open title=t(WHY)>
                {move || why.get().map(|n| answer.with_value(|a| explain(&a.rows[n])))}
            </Dialog>
        </div>
    }
    .into_any()
}

fn explain(row: &LearnerResult) -> AnyView {
    if row.primary.is_some() {
        return view! {
            <p>{format::name(&row.full_name, &row.given_name)}</p>
            <div class="row">{primary::pills(row)}</div>
            {reasons(row.reasons.clone())}
        }
        .into_any();
    }
    let pills = [(LEARNING, row.learning), (CONDUCT, row.conduct)]
        .into_iter()
        .map(|(label, level)| view! { <span class="row tight"><span class="muted">{t(label)}</span>{level_pill(level)}</span> })
        .collect_view();
    view! {
        <p>{format::name(&row.full_name, &row.given_name)}</p>
        <div class="row">{pills}</div>
        {reasons(row.reasons.clone())}
    }
    .into_any()
}

fn level_pill(level: Option<Level>) -> AnyView {
    match level {
        Some(level) => view! { <Pill label=level_text(level) tone=tone(level) /> }.into_any(),
        None => view! { <span class="quiet">{t(UNKNOWN)}</span> }.into_any(),
    }
}

/// `8,3`, `Đ`, `CĐ`, `M`; in primary classes `T 9`, `H`; or nothing.
pub fn subject_text(result: &SubjectResult) -> String {
    if let Some(level) = result.level {
        let letter = format_cell(&level, Lang::Vi);
        return result.test.map(|test| format!("{letter} {test}")).unwrap_or(letter);
    }
    match (result.average, result.passed) {
        _ if result.exempt => "M".to_owned(),
        // By the individual education plan.
        _ if result.plan => "KH".to_owned(),
        (Some(mark), _) => lang().pick(&mark.to_average_vi(), &mark.to_average()).to_owned(),
        (_, Some(passed)) => if passed { "Đ" } else { "CĐ" }.to_owned(),
        _ => String::new(),
    }
}

pub fn subject_low(result: &SubjectResult) -> bool {
    let below = |mark: Option<Mark>| mark.is_some_and(|m| m.hundredths() < 500);
    result.passed == Some(false) || result.level == Some(CellValue::Weak) || below(result.average) || below(result.test)
}

fn table(answer: &ClassResults, rows: &[usize], why: RwSignal<Option<usize>>) -> AnyView {
    let year = answer.period == Period::Year;
    let levels = answer.rows.iter().any(|row| row.primary.is_some());
    let lang = lang();
    let heads = answer
        .subjects
        .iter()
        .map(|s| view! { <th scope="col" class="up"><span>{lang.pick(&s.name_vi, &s.name_en).to_owned()}</span></th> })
        .collect_view();
    let lines = rows
        .iter()
        .map(|n| {
            let (n, row) = (*n, &answer.rows[*n]);
            let marks = row
                .subjects
                .iter()
                .map(|s| view! { <td class="r" class:low=subject_low(s)>{subject_text(s)}</td> })
                .collect_view();
            let ends = year.then(|| {
                let promotion = row.promotion.map(|p| {
                    let tone = match p {
                        Promotion::Promoted => Tone::Ok,
                        Promotion::Reassess | Promotion::SummerTraining => Tone::Warn,
                        Promotion::Retained => Tone::Bad,
                    };
                    view! { <Pill label=lang.pick(p.vi(), p.en()) tone=tone /> }
                });
                let award = row.award.map(|a| view! { <Pill label=lang.pick(a.vi(), a.en()) tone=Tone::Brand /> });
                view! { <td>{promotion}</td><td>{award}</td> }
            });
            let (ordinal, absences) = (row.ordinal, row.absences);
            // Many columns of levels: what they come to stands before them.
            let begins = (levels && year).then(|| primary::ends(row));
            let ends = match levels {
                true => None,
                false => Some(
                    view! { <td>{level_pill(row.learning)}</td><td>{level_pill(row.conduct)}</td><td class="r">{absences}</td>{ends} }
                        .into_any(),
                ),
            };
            let label = tf(WHY_OF, &[("name", &row.full_name)]);
            let name = format::name(&row.full_name, &row.given_name);
            let href = format!("/learners/{}/report", row.learner_id);
            view! {
                <tr>
                    <td class="i">{ordinal}</td>
                    <th scope="row" class="name"><A href=href attr:class="row-link">{name}</A></th>
                    {begins}
                    {marks}
                    {ends}
                    <td class="no-print"><button type="button" class="link" aria-label=label on:click=move |_| why.set(Some(n))>{t(WHY)}</button></td>
                </tr>
            }
        })
        .collect_view();
    let first = (levels && year).then(primary::heads);
    let last = match levels {
        true => None,
        false => Some(
            view! {
                <th scope="col">{t(LEARNING)}</th><th scope="col">{t(CONDUCT)}</th><th scope="col" class="r">{t(ABSENCES)}</th>
                {year.then(|| view! { <th scope="col">{t(PROMOTION)}</th><th scope="col">{t(AWARD)}</th> })}
            }
            .into_any(),
        ),
    };
    view! {
        <div class="table tall" tabindex="0" role="region" aria-label=tf(TITLE, &[("period", answer.period.label(lang))])>
            <table class="num">
                <thead><tr>
                    <th scope="col" class="i">{t(tx::ORDINAL)}</th><th scope="col" class="name">{t(tx::FULL_NAME)}</th>
                    {first}
                    {heads}
                    {last}
                    <th scope="col" class="no-print"><span class="sr">{t(WHY)}</span></th>
                </tr></thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// Bars with words; a press shows only those learners.
fn chart(answer: &ClassResults, facet: RwSignal<Option<Facet>>) -> AnyView {
    let all = answer.rows.len().max(1);
    if answer.rows.iter().any(|row| row.primary.is_some()) {
        if answer.period != Period::Year {
            return ().into_any();
        }
        let own = primary::bars().into_iter().map(|(title, bars)| {
            let bars = bars.into_iter().map(|(of, label, class)| (Facet::Primary(of), label, class));
            (title, bars.collect::<Vec<_>>())
        });
        return figures(answer, facet, all, own.collect());
    }
    let levels = [Some(Level::Good), Some(Level::Fair), Some(Level::Pass), Some(Level::Fail), None];
    let name = |level: Option<Level>| level.map_or(t(UNKNOWN), level_text).to_owned();
    let class = |level: Option<Level>| match level {
        Some(Level::Good) => "b1",
        Some(Level::Fair) => "b2",
        Some(Level::Pass) => "b4",
        Some(Level::Fail) => "b5",
        None => "b0",
    };
    let mut groups: Vec<(&'static str, Bars)> = vec![
        (t(LEARNING), levels.iter().map(|l| (Facet::Learning(*l), name(*l), class(*l))).collect()),
        (t(CONDUCT), levels.iter().map(|l| (Facet::Conduct(*l), name(*l), class(*l))).collect()),
    ];
    if answer.period == Period::Year {
        let lang = lang();
        let ends = [
            (Promotion::Promoted, "b1"),
            (Promotion::Reassess, "b4"),
            (Promotion::SummerTraining, "b4"),
            (Promotion::Retained, "b5"),
        ];
        let awards = [(Award::Excellent, "b1"), (Award::Good, "b2")];
        groups.push((
            t(PROMOTION),
            ends.into_iter().map(|(p, c)| (Facet::Promotion(Some(p)), lang.pick(p.vi(), p.en()).to_owned(), c)).collect(),
        ));
        groups.push((
            t(AWARD),
            awards.into_iter().map(|(a, c)| (Facet::Award(Some(a)), lang.pick(a.vi(), a.en()).to_owned(), c)).collect(),
        ));
    }
    figures(answer, facet, all, groups)
}

type Bars = Vec<(Facet, String, &'static str)>;

fn figures(answer: &ClassResults, facet: RwSignal<Option<Facet>>, all: usize, groups: Vec<(&'static str, Bars)>) -> AnyView {
    let figures = groups
        .into_iter()
        .map(|(title, bars)| {
            let lines = bars
                .into_iter()
                .filter_map(|(of, label, class)| {
                    let n = answer.rows.iter().filter(|r| of.holds(r)).count();
                    let always = match of {
                        Facet::Learning(level) | Facet::Conduct(level) => level.is_some(),
                        Facet::Primary(facet) => facet.always(),
                        Facet::Promotion(_) | Facet::Award(_) => false,
                    };
                    (n > 0 || always).then(|| {
                        let width = format!("{}%", n * 100 / all);
                        view! {
                            <button type="button" class="bar" aria-pressed=move || (facet.get() == Some(of)).to_string() disabled=n == 0
                                on:click=move |_| facet.update(|f| *f = if *f == Some(of) { None } else { Some(of) })>
                                <span>{label}</span><span class="track" aria-hidden="true"><i class=class style:width=width></i></span><b>{n}</b>
                            </button>
                        }
                    })
                })
                .collect_view();
            view! { <figure><figcaption>{title}</figcaption>{lines}</figure> }
        })
        .collect_view();
    view! { <div class="level-chart num">{figures}</div> }.into_any()
}
