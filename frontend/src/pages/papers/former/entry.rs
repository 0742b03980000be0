//! Typing a year from a paper transcript: subjects of the grade are offered, what is left empty is left out.

use crate::api::transcripts;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::ui::{Button, Field, Form, FormFault, Look, SelectField};
use dto::calendar::Grade;
use dto::former_years::{FormerPeriod, FormerYear, FormerYearOutcome, FormerYearSubject, FormerYearValue, PutFormerYear};
use dto::{ClassId, LearnerId};
use leptos::prelude::*;
use regulations::curriculum;

texts! {
    YEAR: "Năm học", "School year";
    GRADE: "Khối", "Grade";
    SCHOOL: "Trường cũ", "Former school";
    CLASS: "Lớp", "Class";
    DOCUMENT: "Căn cứ", "Document";
    DOCUMENT_HINT: "Ví dụ: Học bạ giấy, trang 7", "Such as: paper transcript, page 7";
    VALUES: "Kết quả từng môn (7,9 · Đ · CĐ · T · H · C · M)", "Results by subject (7,9 · Đ · CĐ · T · H · C · M)";
    VALUES_HINT: "Môn để trống sẽ không ghi.", "A subject that is left empty is left out.";
    CELL: "{name}, {period}", "{name}, {period}";
    CONDUCT: "Rèn luyện / hạnh kiểm cả năm", "Conduct of the year";
    LEARNING: "Học tập / học lực cả năm", "Learning of the year";
    PROMOTION: "Lên lớp", "Promotion";
    AWARD: "Danh hiệu", "Award";
    ABSENCES: "Số buổi nghỉ", "Half-days missed";
}

const PERIODS: [FormerPeriod; 3] = [FormerPeriod::S1, FormerPeriod::S2, FormerPeriod::Year];

/// Code, label, and the name that is printed.
const OUTCOMES: [(&str, crate::i18n::Text, &str); 5] = [
    ("conduct", CONDUCT, "Kết quả rèn luyện"),
    ("learning", LEARNING, "Kết quả học tập"),
    ("promotion", PROMOTION, "Lên lớp"),
    ("award", AWARD, "Danh hiệu"),
    ("absences", ABSENCES, "Số buổi nghỉ học"),
];

/// A subject of the grade with what is typed for it.
#[derive(Clone)]
struct Line {
    name: String,
    code: Option<String>,
    cells: [RwSignal<String>; 3],
}

#[component]
pub(super) fn Entry(
    class: ClassId,
    learner: LearnerId,
    /// The one that is corrected.
    year: Option<FormerYear>,
    grade: Grade,
    this_year: String,
    done: Callback<()>,
) -> impl IntoView {
    let form = Form::new();
    let stands = year.as_ref().map(|year| &year.content);
    let begun: i32 = this_year.get(..4).and_then(|first| first.parse().ok()).unwrap_or(2026);
    let years: Vec<(String, String)> =
        (0..12).map(|back| format!("{}-{}", begun - back, begun - back + 1)).map(|year| (year.clone(), year)).collect();
    let text = |of: Option<String>| RwSignal::new(of.unwrap_or_default());
    let chosen = text(year.as_ref().map(|year| year.school_year.clone()).or_else(|| Some(format!("{}-{}", begun - 1, begun))));
    let before = grade.number().map(|grade| grade.saturating_sub(1).max(1)).unwrap_or(1);
    let grade = text(Some(stands.map_or(before, |year| year.grade).to_string()));
    let school = text(stands.map(|year| year.from_school.clone()));
    let document = text(stands.map(|year| year.document.clone()));
    let class_name = text(stands.map(|year| year.class_name.clone()));
    let outcomes = OUTCOMES.map(|(code, ..)| {
        text(
            stands
                .and_then(|year| year.outcomes.iter().find(|one| one.code == code && one.period == FormerPeriod::Year))
                .map(|one| one.value.clone()),
        )
    });
    let kept = StoredValue::new(stands.cloned());
    let lines = Memo::new_with_compare(move |_| lines(grade.read().parse().unwrap_or(1), kept.get_value().as_ref()), |_, _| true);
    let version = year.as_ref().map_or(0, |year| year.version);
    let known = year.is_some();
    let send = move || {
        let body = PutFormerYear {
            from_school: school.get_untracked(),
            document: document.get_untracked(),
            grade: grade.read_untracked().parse().unwrap_or(1),
            class_name: class_name.get_untracked(),
            subjects: lines.get_untracked().iter().filter_map(typed).collect(),
            outcomes: said(&outcomes, kept.get_value().as_ref()),
        };
        let school_year = chosen.get_untracked();
        form.send(async move { transcripts::put_former_year(class, learner, &school_year, version, &body).await }, move |_| {
            done.run(())
        });
    };
    let grades: Vec<(String, String)> = (1..=12u8).map(|grade| (grade.to_string(), grade.to_string())).collect();
    let fields = OUTCOMES
        .iter()
        .zip(outcomes)
        .map(|((code, label, _), value)| view! { <Field label=t(*label) name=code value=value max=60 /> })
        .collect_view();
    view! {
        <form class="stack" on:submit=move |event| { event.prevent_default(); send() }>
            <div class="fields">
                {(!known).then(|| view! { <SelectField label=t(YEAR) name="school_year" value=chosen options=Signal::stored(years.clone()) /> })}
                <SelectField label=t(GRADE) name="grade" value=grade options=Signal::stored(grades) />
                <Field label=t(CLASS) name="class_name" value=class_name max=30 fault=form.fault("/class_name") />
            </div>
            <Field label=t(SCHOOL) name="from_school" value=school required=true max=200 fault=form.fault("/from_school") />
            <Field label=t(DOCUMENT) name="document" value=document required=true max=300 hint=t(DOCUMENT_HINT) fault=form.fault("/document") />
            <fieldset>
                <legend>{t(VALUES)}</legend>
                <p class="quiet">{t(VALUES_HINT)}</p>
                {move || grid(&lines.get())}
            </fieldset>
            <div class="fields">{fields}</div>
            <FormFault form=form fields=&["/class_name", "/from_school", "/document"] />
            <footer><Button label=t(tx::SAVE) look=Look::Primary busy=form.busy /></footer>
        </form>
    }
    .into_any()
}

/// The subjects of a grade, and those of the record that it has not; with what stands.
fn lines(grade: u8, stands: Option<&PutFormerYear>) -> Vec<Line> {
    let standing = |name: &str, code: Option<&str>, period: FormerPeriod| {
        let of = |subject: &&FormerYearSubject| match code {
            Some(code) => subject.subject_code.as_deref() == Some(code),
            None => subject.name == name && subject.subject_code.is_none(),
        };
        let found =
            stands.and_then(|year| year.subjects.iter().find(of)).and_then(|s| s.values.iter().find(|v| v.period == period));
        RwSignal::new(found.map(|value| value.value.clone()).unwrap_or_default())
    };
    let line = |name: &str, code: Option<&str>| Line {
        name: name.to_owned(),
        code: code.map(str::to_owned),
        cells: PERIODS.map(|period| standing(name, code, period)),
    };
    let mut lines: Vec<Line> = curriculum::offerings(grade)
        .into_iter()
        .map(|offered| offered.subject)
        .map(|subject| line(subject.vi, Some(subject.code)))
        .collect();
    for subject in stands.into_iter().flat_map(|year| &year.subjects) {
        let there = lines.iter().any(|line| line.code.is_some() && line.code == subject.subject_code);
        if !there {
            lines.push(line(&subject.name, subject.subject_code.as_deref()));
        }
    }
    lines
}

fn grid(lines: &[Line]) -> AnyView {
    let heads = PERIODS.map(|period| view! { <th scope="col">{period.label(lang())}</th> }).collect_view();
    let rows = lines.iter().map(|line| {
        let cells = PERIODS
            .iter()
            .zip(line.cells)
            .map(|(period, value)| {
                let label = tf(CELL, &[("name", &line.name), ("period", period.label(lang()))]);
                view! { <td><input class="num" size="5" autocomplete="off" aria-label=label prop:value=value on:input=move |event| value.set(event_target_value(&event)) /></td> }
            })
            .collect_view();
        view! { <tr><th scope="row">{line.name.clone()}</th>{cells}</tr> }
    });
    view! { <div class="table former-grid"><table><thead><tr><th scope="col"></th>{heads}</tr></thead><tbody>{rows.collect_view()}</tbody></table></div> }
        .into_any()
}

fn typed(line: &Line) -> Option<FormerYearSubject> {
    let values: Vec<FormerYearValue> = PERIODS
        .into_iter()
        .zip(line.cells)
        .filter_map(|(period, value)| {
            let value = value.get_untracked().trim().to_owned();
            (!value.is_empty()).then_some(FormerYearValue { period, value, test: None })
        })
        .collect();
    (!values.is_empty()).then(|| FormerYearSubject { name: line.name.clone(), subject_code: line.code.clone(), values })
}

/// What was typed of the year, and what stood of other periods.
fn said(typed: &[RwSignal<String>; 5], stands: Option<&PutFormerYear>) -> Vec<FormerYearOutcome> {
    let others = stands.into_iter().flat_map(|year| &year.outcomes);
    let others =
        others.filter(|one| one.period != FormerPeriod::Year || !OUTCOMES.iter().any(|(code, ..)| *code == one.code)).cloned();
    let year = OUTCOMES.iter().zip(typed).filter_map(|((code, _, name), value)| {
        let value = value.get_untracked().trim().to_owned();
        (!value.is_empty()).then(|| FormerYearOutcome {
            code: (*code).to_owned(),
            name: (*name).to_owned(),
            period: FormerPeriod::Year,
            value,
        })
    });
    year.chain(others).collect()
}
