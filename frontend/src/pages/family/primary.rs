//! A primary pupil's term and year for the family (TT 27/2020): levels in words, tests, qualities and competencies.

use crate::i18n::{lang, t, texts};
use crate::pages::gradebook::primary::{award_text, completion_text, completion_tone, group_pill};
use crate::pages::gradebook::sheet::point_name;
use crate::pages::gradebook::sheet::value::{Value, level_word, low, show, speak};
use crate::ui::{Pill, Tone};
use dto::gradebook::{PrimaryResult, ReportSubject, SubjectResult, TermReport};
use leptos::prelude::*;
use regulations::tt27::{self, Trait, TraitKind};
use regulations::{CellValue, Point, PrimarySlot, Slot};

texts! {
    SUBJECT: "Môn học, hoạt động", "Subject or activity";
    TRAITS: "Phẩm chất, năng lực", "Qualities and competencies";
    LEVEL: "Mức", "Level";
    TEST: "Điểm KT", "Test";
    NOT_YET: "chưa có", "none yet";
    WHOLE: "Xem cả bảng", "See the whole table";
    GROUP: "Kết quả giáo dục", "Result of the year";
    COMPLETION: "Chương trình lớp học", "The grade";
    AWARD: "Khen thưởng", "Award";
    LEGEND: "T: Hoàn thành tốt (môn học), Tốt (phẩm chất, năng lực) · H: Hoàn thành · Đ: Đạt · C: Chưa hoàn thành, Cần cố gắng · số: điểm kiểm tra", "T: completed well (subjects), good (qualities, competencies) · H: completed · Đ: met · C: not yet completed, needs effort · figures: tests";
}

/// A term with levels.
pub fn is(term: &TermReport) -> bool {
    term.subjects.iter().any(|subject| subject.slots.iter().any(|slot| matches!(slot, Slot::Primary(_))))
}

/// A sheet of qualities or competencies.
pub fn is_sheet(subject: &ReportSubject) -> bool {
    TraitKind::of_sheet(&subject.subject_code).is_some()
}

fn cell(subject: &ReportSubject, slot: PrimarySlot) -> Option<CellValue> {
    subject.cells.iter().find(|cell| cell.slot == Slot::Primary(slot)).and_then(|cell| cell.value)
}

/// Group, completion and title.
pub fn facts(result: &PrimaryResult) -> AnyView {
    let group = result.group.map(|group| view! { <div><dt>{t(GROUP)}</dt><dd>{group_pill(Some(group))}</dd></div> });
    let completion = result.completion.map(|c| {
        view! { <div><dt>{t(COMPLETION)}</dt><dd><Pill label=completion_text(c) tone=completion_tone(c) /></dd></div> }
    });
    let award =
        result.award.map(|a| view! { <div><dt>{t(AWARD)}</dt><dd><Pill label=award_text(a) tone=Tone::Brand /></dd></div> });
    view! { {group}{completion}{award} }.into_any()
}

/// "Hoàn thành tốt", and the mark of the test.
pub fn outcome(result: &SubjectResult) -> AnyView {
    let of_trait = tt27::trait_of(&result.subject_code).is_some();
    let word = result.level.and_then(|level| level_word(level, of_trait, lang()));
    let weak = result.level == Some(CellValue::Weak);
    let test = result.test.map(|mark| {
        let class = if mark.hundredths() < 500 { "v low num" } else { "v num" };
        view! { <b class=class title=t(TEST)>{mark.to_string()}</b> }
    });
    view! { {word.map(|word| view! { <b class="v word" class:low=weak>{word}</b> })}{test} }.into_any()
}

/// Level and test of each point in one line.
pub fn marks(subject: &ReportSubject) -> AnyView {
    let group = |point: Point| {
        let values: Vec<AnyView> = [PrimarySlot::Level(point), PrimarySlot::Test(point)]
            .into_iter()
            .filter_map(|slot| cell(subject, slot))
            .map(|value| shown(value).into_any())
            .collect();
        (!values.is_empty())
            .then(|| view! { <span class="group"><abbr title=point_name(point)>{short(point)}</abbr>{values}</span> })
    };
    let groups = [group(Point::Mid), group(Point::End)];
    if groups.iter().all(Option::is_none) {
        return view! { <div class="marks quiet">{t(NOT_YET)}</div> }.into_any();
    }
    view! { <div class="marks num">{groups.into_iter().flatten().collect_view()}</div> }.into_any()
}

/// As school records have it: GK, CK.
fn short(point: Point) -> &'static str {
    match point {
        Point::Mid => lang().pick("GK", "Mid."),
        Point::End => lang().pick("CK", "End"),
    }
}

fn shown(value: CellValue) -> impl IntoView {
    let value = Some(Value::Mark(value));
    view! { <span class="cell" class:low=low(value)>{show(value, lang())}</span> }
}

fn traits(subject: &ReportSubject) -> impl Iterator<Item = &'static Trait> + use<> {
    let kind = TraitKind::of_sheet(&subject.subject_code);
    let slots = subject.slots.clone();
    tt27::traits()
        .iter()
        .filter(move |one| Some(one.kind) == kind && slots.contains(&Slot::Primary(PrimarySlot::Trait(Point::End, one.number))))
}

/// A group of qualities or competencies: each with its level; from the results where the period is closed, else as its cells stand.
pub fn sheet(subject: &ReportSubject, results: Option<&[SubjectResult]>, cells: bool) -> AnyView {
    let lines = traits(subject)
        .map(|one| {
            let result = results.and_then(|all| all.iter().find(|result| result.subject_code == one.code));
            let points = [Point::Mid, Point::End].map(|point| {
                let value = cell(subject, PrimarySlot::Trait(point, one.number)).filter(|_| cells)?;
                Some(view! { <span class="group"><abbr title=point_name(point)>{short(point)}</abbr>{shown(value)}</span> })
            });
            view! { <li><span class="grow">{one.text(speak(lang()))}</span><span class="marks num">{points.into_iter().flatten().collect_view()}</span>{result.map(outcome)}</li> }
        })
        .collect_view();
    let any = results.is_some() || subject.cells.iter().any(|cell| cell.value.is_some());
    let none = (!any).then(|| view! { <div class="marks quiet">{t(NOT_YET)}</div> });
    view! {
        <li>
            <div class="top-line"><span class="grow">{lang().pick(&subject.name_vi, &subject.name_en).to_owned()}</span></div>
            {none}
            {any.then(|| view! { <ul class="traits">{lines}</ul> })}
        </li>
    }
    .into_any()
}

/// Every level and test of a term in one table, then the qualities and competencies.
pub fn table(term: &TermReport) -> AnyView {
    let columns = [
        PrimarySlot::Level(Point::Mid),
        PrimarySlot::Test(Point::Mid),
        PrimarySlot::Level(Point::End),
        PrimarySlot::Test(Point::End),
    ];
    let lines = term
        .subjects
        .iter()
        .filter(|subject| !is_sheet(subject))
        .map(|subject| {
            let cells = columns
                .iter()
                .map(|slot| {
                    let value = cell(subject, *slot).map(Value::Mark);
                    let none = !subject.slots.contains(&Slot::Primary(*slot));
                    view! { <td class="r" class:low=low(value) class:none=none>{show(value, lang())}</td> }
                })
                .collect_view();
            view! { <tr><th scope="row">{lang().pick(&subject.name_vi, &subject.name_en).to_owned()}</th>{cells}</tr> }
        })
        .collect_view();
    let of_traits = term
        .subjects
        .iter()
        .filter(|subject| is_sheet(subject))
        .flat_map(|subject| traits(subject).map(move |one| (subject, one)))
        .map(|(subject, one)| {
            let cells = [Point::Mid, Point::End]
                .map(|point| {
                    let value = cell(subject, PrimarySlot::Trait(point, one.number)).map(Value::Mark);
                    view! { <td class="r" class:low=low(value)>{show(value, lang())}</td><td class="none"></td> }
                })
                .collect_view();
            view! { <tr><th scope="row">{one.text(speak(lang()))}</th>{cells}</tr> }
        })
        .collect_view();
    let points =
        [Point::Mid, Point::End].map(|point| view! { <th scope="colgroup" colspan="2">{point_name(point)}</th> }).collect_view();
    let each = [LEVEL, TEST, LEVEL, TEST].map(|label| view! { <th scope="col" class="r">{t(label)}</th> }).collect_view();
    view! {
        <div class="table whole num" tabindex="0" role="region" aria-label=t(WHOLE)>
            <table>
                <thead><tr><th scope="col" rowspan="2">{t(SUBJECT)}</th>{points}</tr><tr>{each}</tr></thead>
                <tbody>{lines}</tbody>
                <tbody><tr><th scope="rowgroup" colspan="5">{t(TRAITS)}</th></tr>{of_traits}</tbody>
            </table>
        </div>
        <p class="quiet">{t(LEGEND)}</p>
    }
    .into_any()
}
