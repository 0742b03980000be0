//! Who is late with marks, by teacher.

use super::marks::address;
use crate::format;
use crate::i18n::{lang, t, texts, tf};
use crate::ui::{Empty, Icon, Pill, Tone};
use dto::calendar::Term;
use dto::deadlines::{LateMarks, LateSection, LateTeacher};
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    NOBODY: "Không ai trễ hạn", "Nobody is late";
    NOBODY_TEXT: "Khi qua hạn mà còn ô trống, giáo viên và lớp hiện ở đây.", "When a deadline has passed and cells are empty, teacher and class show here.";
    NO_TEACHER: "Chưa phân công giáo viên", "No teacher assigned";
    CELLS: "{n} ô trống", "{n} cells";
    SHEETS: "{n} sổ điểm", "{n} sheets";
    GROUP: "{group}: thiếu {n}/{all}, hạn {day}", "{group}: {n} of {all} missing, due {day}";
    TOTAL: "Tất cả còn {n} ô quá hạn của {teachers} giáo viên", "{n} overdue cells of {teachers} teachers in all";
}

pub fn late(answer: LateMarks) -> AnyView {
    if answer.teachers.is_empty() {
        return view! { <Empty title=t(NOBODY) text=t(NOBODY_TEXT) glyph=Icon::Check /> }.into_any();
    }
    let term = answer.deadlines.term;
    let total =
        tf(TOTAL, &[("n", &format::count(answer.missing.into())), ("teachers", &format::count(answer.teachers.len() as u64))]);
    let teachers = answer.teachers.into_iter().map(|teacher| one(teacher, term)).collect_view();
    let place = format!("{} · {} · {}", answer.deadlines.school_name, term.label(lang()), answer.deadlines.school_year);
    view! { <p class="only-print">{place}</p> <p class="muted num">{total}</p> <div class="owed">{teachers}</div> }.into_any()
}

fn one(teacher: LateTeacher, term: Term) -> AnyView {
    let name = teacher.staff.map_or_else(|| t(NO_TEACHER).to_owned(), |staff| staff.full_name);
    let under = tf(SHEETS, &[("n", &format::count(teacher.sections.len() as u64))]);
    let count = tf(CELLS, &[("n", &format::count(teacher.missing.into()))]);
    let few = teacher.sections.len() <= 3;
    let lines = teacher.sections.into_iter().map(|section| line(section, term)).collect_view();
    view! {
        <details class="panel" open=few>
            <summary><span class="grow"><b>{name}</b><small class="num">{under}</small></span><Pill label=count tone=Tone::Warn /></summary>
            <div class="body"><ul class="lines">{lines}</ul></div>
        </details>
    }
    .into_any()
}

fn line(section: LateSection, term: Term) -> AnyView {
    let href = address(section.class_id, &section.subject_code, term);
    let subject = lang().pick(&section.subject_name_vi, &section.subject_name_en).to_owned();
    let groups = section
        .groups
        .iter()
        .map(|group| {
            tf(
                GROUP,
                &[
                    ("group", group.group.label(lang())),
                    ("n", &group.missing.to_string()),
                    ("all", &group.cells.to_string()),
                    ("day", &format::date(group.due_on)),
                ],
            )
        })
        .collect::<Vec<_>>()
        .join(" · ");
    view! { <li><span class="grow"><A href=href>{section.class_name}" · "{subject}</A><small class="quiet num">" "{groups}</small></span></li> }.into_any()
}
