//! One school year of one learner: result and its reason in plain words, subjects, every mark. No rank and no class average:
//! those are nobody's business but the school's (TT 15/2026 Đ.22 k.2).

use super::primary;
use crate::format;
use crate::i18n::{Text, lang, t, texts, tf};
use crate::pages::gradebook::primary::group_text;
use crate::pages::gradebook::sheet::value::{Value, low, show};
use crate::pages::gradebook::sheet::{Column, column_name, value::Kind};
use crate::pages::gradebook::why::{headline, level_text, reasons, tone};
use crate::ui::{Button, Dialog, Empty, Icon, Look, Pill, Tone, icon};
use dto::calendar::Term;
use dto::gradebook::{LearnerReport, LearnerResult, Period, ReportSubject, SubjectResult, TermReport, TermState};
use leptos::prelude::*;
use regulations::{Level, Promotion, Slot, SubjectKind};

texts! {
    PERIOD: "Kì", "Period";
    WHY: "Vì sao {level}?", "Why {level}?";
    WHY_TITLE: "Vì sao?", "Why?";
    LEARNING: "Học tập", "Learning";
    CONDUCT: "Rèn luyện", "Conduct";
    ABSENCES: "Nghỉ {n} buổi", "Absent {n} half-days";
    PROMOTION: "Lên lớp", "Promotion";
    AWARD: "Danh hiệu", "Award";
    OPEN: "Nhà trường chưa chốt {term}. Dưới đây là điểm đến lúc này.", "The school has not closed {term} yet. These are the marks so far.";
    CLOSED_ON: "Kết quả chính thức, chốt ngày {day}", "Final, closed on {day}";
    FINAL: "Kết quả chính thức", "Final";
    YEAR_LATER: "Kết quả cả năm có sau khi chốt học kì II", "The year's result comes after semester II is closed";
    NO_MARKS: "Chưa có điểm nào trong học kì này", "No marks in this term yet";
    NO_MARKS_TEXT: "Điểm hiện ở đây ngay khi thầy cô nhập.", "Marks appear here as soon as teachers enter them.";
    SUBJECTS: "Các môn", "Subjects";
    TABLE: "Xem cả bảng điểm", "See the whole table";
    LIST: "Xem theo môn", "See by subject";
    SUBJECT: "Môn", "Subject";
    AVERAGE: "ĐTB", "Average";
    REGULAR: "Thường xuyên", "Regular";
    MIDTERM: "Giữa kì", "Midterm";
    FINAL_TEST: "Cuối kì", "Final";
    PASS: "Đạt", "Pass";
    FAIL: "Chưa đạt", "Not yet pass";
    EXEMPT: "Miễn", "Exempt";
    LEGEND: "TX: thường xuyên · GK: giữa kì · CK: cuối kì · V: vắng · M: miễn", "Reg.: regular · Mid.: midterm · Fin.: final";
    NOT_YET: "chưa có", "none yet";
}

/// The period that one wants to see first: the year when it is there, else the newest term with marks.
fn first(report: &LearnerReport) -> Period {
    if report.year.is_some() {
        return Period::Year;
    }
    let filled = |term: &TermReport| term.subjects.iter().any(|s| s.cells.iter().any(|c| c.value.is_some()));
    match report.terms.iter().rev().find(|t| filled(t)).map(|t| t.term) {
        Some(Term::S2) => Period::S2,
        _ => Period::S1,
    }
}

pub fn report(report: LearnerReport) -> AnyView {
    let now = RwSignal::new(first(&report));
    let tabs = Period::ALL
        .iter()
        .map(|period| {
            let period = *period;
            view! { <button type="button" role="tab" aria-selected=move || (now.get() == period).to_string() on:click=move |_| now.set(period)>{period.label(lang())}</button> }
        })
        .collect_view();
    let report = StoredValue::new(report);
    view! {
        <div class="tabs" role="tablist" aria-label=t(PERIOD)>{tabs}</div>
        <div role="tabpanel" aria-label=move || now.get().label(lang()) class="stack">
            {move || report.with_value(|r| match now.get() {
                Period::S1 => term(r, Term::S1),
                Period::S2 => term(r, Term::S2),
                Period::Year => year(r),
            })}
        </div>
    }
    .into_any()
}

fn year(report: &LearnerReport) -> AnyView {
    let Some(result) = &report.year else {
        return view! { <div class="panel"><Empty title=t(YEAR_LATER) glyph=Icon::Clock /></div> }.into_any();
    };
    // The subjects of the year are those of its terms.
    let subjects = report.terms.last().map(|t| t.subjects.clone()).unwrap_or_default();
    let lines = subjects.iter().map(|s| subject_line(s, Some(result), false)).collect_view();
    view! {
        {card(Period::Year, result, t(FINAL).to_owned())}
        <section class="panel subjects"><ul>{lines}</ul></section>
    }
    .into_any()
}

fn term(report: &LearnerReport, which: Term) -> AnyView {
    let Some(term) = report.terms.iter().find(|t| t.term == which) else {
        return view! { <div class="panel"><Empty title=t(NO_MARKS) text=t(NO_MARKS_TEXT) glyph=Icon::Book /></div> }.into_any();
    };
    let period = if which == Term::S1 { Period::S1 } else { Period::S2 };
    let any = term.subjects.iter().any(|s| s.cells.iter().any(|c| c.value.is_some()));
    let head = match (&term.result, term.state) {
        (Some(result), _) => {
            let day = term.closed_at.map(|at| tf(CLOSED_ON, &[("day", &format::date(at.date_naive()))])).unwrap_or_default();
            card(period, result, day)
        }
        (None, TermState::Open | TermState::Closed) if any => {
            view! { <p class="strip info">{icon(Icon::Info)}<span>{tf(OPEN, &[("term", which.label(lang()))])}</span></p> }
                .into_any()
        }
        _ => ().into_any(),
    };
    if !any && term.result.is_none() {
        return view! { <div class="panel"><Empty title=t(NO_MARKS) text=t(NO_MARKS_TEXT) glyph=Icon::Book /></div> }.into_any();
    }
    let whole = RwSignal::new(false);
    let term = StoredValue::new(term.clone());
    view! {
        {head}
        {move || term.with_value(|term| if whole.get() { table(term) } else { list(term) })}
        <button type="button" class="btn wide no-print" aria-pressed=move || whole.get().to_string() on:click=move |_| whole.update(|w| *w = !*w)>
            {icon(Icon::Table)}{move || if whole.get() { t(LIST) } else { t(TABLE) }}
        </button>
    }
    .into_any()
}

/// The result in one word, why in one sentence, and all reasons one press away.
fn card(period: Period, result: &LearnerResult, day: String) -> AnyView {
    let open = RwSignal::new(false);
    let level = result.learning.map(|level| view! { <Pill label=level_text(level) tone=tone(level) /> });
    let sentence = headline(&result.reasons).unwrap_or_default();
    let fact = |label: &'static str, level: Option<Level>| {
        level.map(|level| view! { <div><dt>{label}</dt><dd><Pill label=level_text(level) tone=tone(level) /></dd></div> })
    };
    let lang = lang();
    // A primary pupil's completion of the grade says it already.
    let promotion = result.promotion.filter(|_| result.primary.is_none()).map(|p| {
        let tone = if p == Promotion::Promoted { Tone::Ok } else { Tone::Warn };
        view! { <div><dt>{t(PROMOTION)}</dt><dd><Pill label=lang.pick(p.vi(), p.en()) tone=tone /></dd></div> }
    });
    let award = result
        .award
        .map(|a| view! { <div><dt>{t(AWARD)}</dt><dd><Pill label=lang.pick(a.vi(), a.en()) tone=Tone::Brand /></dd></div> });
    let group = result.primary.as_ref().and_then(|primary| primary.group);
    let own = result.primary.as_ref().map(primary::facts);
    let why = match (result.learning, group) {
        (Some(level), _) => tf(WHY, &[("level", level_text(level))]),
        (_, Some(group)) => tf(WHY, &[("level", group_text(group))]),
        _ => t(WHY_TITLE).to_owned(),
    };
    let list = StoredValue::new(result.reasons.clone());
    view! {
        <section class="panel result">
            <h2>{period.label(lang)}" "{level}</h2>
            <p class="sentence num">{sentence}</p>
            <dl>{fact(t(LEARNING), result.learning)}{fact(t(CONDUCT), result.conduct)}{promotion}{award}{own}</dl>
            <p class="quiet num">{day}{result.absences.map(|n| format!(" · {}", tf(ABSENCES, &[("n", &n.to_string())])))}</p>
            <Button label=why.clone() look=Look::Normal glyph=Icon::Info on_press=Callback::new(move |()| open.set(true)) />
        </section>
        <Dialog open=open title=why>{move || reasons(list.get_value())}</Dialog>
    }
    .into_any()
}

fn list(term: &TermReport) -> AnyView {
    let lines = term.subjects.iter().map(|s| subject_line(s, term.result.as_ref(), true)).collect_view();
    view! {
        <section class="panel subjects" aria-label=t(SUBJECTS)><ul>{lines}</ul></section>
        <p class="quiet">{t(if primary::is(term) { primary::LEGEND } else { LEGEND })}</p>
    }
    .into_any()
}

/// A subject, or in primary classes a group of qualities or competencies.
fn subject_line(subject: &ReportSubject, result: Option<&LearnerResult>, marks: bool) -> AnyView {
    if primary::is_sheet(subject) {
        return primary::sheet(subject, result.map(|r| r.subjects.as_slice()), marks);
    }
    line(subject, result.and_then(|r| r.subjects.iter().find(|x| x.subject_code == subject.subject_code)), marks)
}

/// "8,4" with its bar, or a word.
fn outcome(result: Option<&SubjectResult>) -> AnyView {
    let Some(result) = result else { return ().into_any() };
    if result.level.is_some() {
        return primary::outcome(result);
    }
    match (result.average, result.passed) {
        _ if result.exempt => view! { <span class="v word">{t(EXEMPT)}</span> }.into_any(),
        (Some(mark), _) => {
            let width = format!("{}%", mark.hundredths() / 10);
            let class = if mark.hundredths() < 500 { "v low num" } else { "v num" };
            let text = lang().pick(&mark.to_average_vi(), &mark.to_average()).to_owned();
            view! { <span class="meter" aria-hidden="true"><i style:width=width></i></span><b class=class>{text}</b> }.into_any()
        }
        (_, Some(true)) => view! { <b class="v word">{t(PASS)}</b> }.into_any(),
        (_, Some(false)) => view! { <b class="v word low">{t(FAIL)}</b> }.into_any(),
        _ => ().into_any(),
    }
}

fn cell(subject: &ReportSubject, slot: Slot) -> Option<Value> {
    subject.cells.iter().find(|c| c.slot == slot).and_then(|c| c.value).map(Value::Mark)
}

/// As school records have it: TX, GK, CK. The legend under the list says what they are.
fn short(label: Text) -> &'static str {
    match label {
        REGULAR => lang().pick("TX", "Reg."),
        MIDTERM => lang().pick("GK", "Mid."),
        _ => lang().pick("CK", "Fin."),
    }
}

/// A subject: its result, and its marks in one line each kind of test.
fn line(subject: &ReportSubject, result: Option<&SubjectResult>, marks: bool) -> AnyView {
    let name = lang().pick(&subject.name_vi, &subject.name_en).to_owned();
    let group = |label: Text, slots: Vec<Slot>| {
        let values: Vec<AnyView> = slots
            .into_iter()
            .filter_map(|slot| cell(subject, slot))
            .map(|value| view! { <span class="cell" class:low=low(Some(value))>{show(Some(value), lang())}</span> }.into_any())
            .collect();
        (!values.is_empty()).then(|| view! { <span class="group"><abbr title=t(label)>{short(label)}</abbr>{values}</span> })
    };
    let regular = subject.slots.iter().copied().filter(|s| matches!(s, Slot::Regular(_))).collect();
    let any = subject.cells.iter().any(|c| c.value.is_some());
    let levels = subject.slots.iter().any(|slot| matches!(slot, Slot::Primary(_)));
    let groups = marks.then(|| {
        if levels {
            primary::marks(subject)
        } else if any {
            view! { <div class="marks num">{group(REGULAR, regular)}{group(MIDTERM, vec![Slot::Midterm])}{group(FINAL_TEST, vec![Slot::Final])}</div> }.into_any()
        } else {
            view! { <div class="marks quiet">{t(NOT_YET)}</div> }.into_any()
        }
    });
    view! { <li><div class="top-line"><span class="grow">{name}</span>{outcome(result)}</div>{groups}</li> }.into_any()
}

/// Every mark in one table.
fn table(term: &TermReport) -> AnyView {
    if primary::is(term) {
        return primary::table(term);
    }
    // Every column that a subject has, in the order of a sheet: the regular ones, midterm, final.
    let all = term.subjects.iter().flat_map(|s| &s.slots).copied();
    let slots: Vec<Slot> = all.collect::<std::collections::BTreeSet<_>>().into_iter().collect();
    let closed = term.result.is_some();
    let heads = slots
        .iter()
        .map(|slot| {
            let column = Column { slot: Some(*slot), kind: Kind::Mark(SubjectKind::Score) };
            view! { <th scope="col" class="r" aria-label=column_name(&column, true)>{slot.short_vi()}</th> }
        })
        .collect_view();
    let lines = term
        .subjects
        .iter()
        .map(|subject| {
            let cells = slots
                .iter()
                .map(|slot| {
                    let value = cell(subject, *slot);
                    let none = !subject.slots.contains(slot);
                    view! { <td class="r" class:low=low(value) class:none=none>{show(value, lang())}</td> }
                })
                .collect_view();
            let result = term.result.as_ref().and_then(|r| r.subjects.iter().find(|x| x.subject_code == subject.subject_code));
            let average = closed.then(|| {
                let text = result.map(crate::pages::gradebook::subject_text).unwrap_or_default();
                view! { <td class="r"><b>{text}</b></td> }
            });
            view! { <tr><th scope="row">{lang().pick(&subject.name_vi, &subject.name_en).to_owned()}</th>{cells}{average}</tr> }
        })
        .collect_view();
    view! {
        <div class="table whole num" tabindex="0" role="region" aria-label=t(TABLE)>
            <table>
                <thead><tr><th scope="col">{t(SUBJECT)}</th>{heads}{closed.then(|| view! { <th scope="col" class="r">{t(AVERAGE)}</th> })}</tr></thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
    .into_any()
}
