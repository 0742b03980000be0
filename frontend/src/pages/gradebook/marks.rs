//! The mark sheet of a class, a subject and a semester.

use super::history::HistoryDialog;
use super::nowhere;
use super::sheet::value::{Kind, Value};
use super::sheet::{Column, Grid, Home, PasteButton, Row, Rule, SaveLine, Sheet, SheetView, Tally};
use crate::api::query::segment;
use crate::api::{gradebook, records};
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::params::param;
use crate::state::who;
use crate::ui::{Button, Crumb, Header, Icon, Loader, effect, icon, load};
use chrono::{DateTime, Utc};
use dto::access::Permission;
use dto::calendar::Term;
use dto::classes::{ClassQuery, ClassSubject};
use dto::deadlines::SlotGroup;
use dto::gradebook::{MarkSheet, TermState};
use dto::staff::TeachingItem;
use dto::{ClassId, Page};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::{use_navigate, use_query_map};
use regulations::Slot;
use regulations::tt27::TraitKind;

texts! {
    TITLE: "Sổ điểm {subject}", "Mark sheet: {subject}";
    TITLE_PRIMARY: "Đánh giá {subject}", "Assessment: {subject}";
    TERM: "Học kì", "Semester";
    SUBJECT: "Môn", "Subject";
    PREVIOUS: "Lớp trước: {class}", "Previous class: {class}";
    NEXT: "Lớp sau: {class}", "Next class: {class}";
    CLOSED: "{term} đã chốt, sổ điểm chỉ để xem. Hiệu trưởng có thể mở lại, kèm lí do.", "{term} is closed: the sheet is read only. The principal can reopen it with a reason.";
    CLOSED_OPEN: "Đến trang chốt học kì", "Go to closing";
    READ_ONLY: "Bạn xem được sổ điểm này; điểm do {teachers} nhập.", "You may read this sheet; {teachers} enters the marks.";
    NO_TEACHER: "giáo viên được phân công", "the assigned teacher";
    PLANS: "Đánh giá theo kế hoạch giáo dục cá nhân, không cần đủ cột điểm: {names}.", "Assessed by an individual education plan, no mark is missing: {names}.";
    DUE: "Hạn nhập điểm {day}", "Marks are due {day}";
    LATE: "Quá hạn nhập điểm từ {day}", "Marks were due {day}";
    RELOAD: "Tải lại bảng", "Reload the sheet";
    JUST_CLOSED: "Học kì vừa được chốt. Các ô chưa lưu vẫn còn trên màn hình.", "The term has just been closed. Unsaved cells are still on your screen.";
    PRINT_TITLE: "SỔ ĐIỂM MÔN {subject}", "MARK SHEET: {subject}";
    PRINT_TITLE_PRIMARY: "BẢNG THEO DÕI, ĐÁNH GIÁ: {subject}", "ASSESSMENT: {subject}";
    PRINT_UNDER: "Lớp {class} · {term} · Năm học {year}", "Class {class} · {term} · School year {year}";
    PRINT_TEACHER: "Giáo viên bộ môn", "Subject teacher";
    PRINT_HEAD: "Hiệu trưởng", "Principal";
    PRINT_SIGN: "(Ký, ghi rõ họ tên)", "(Signature and full name)";
    PRINT_DAY: "Ngày …… tháng …… năm ………", "Date ………………";
    PRINT_NOTE_SUBJECT: "T: Hoàn thành tốt · H: Hoàn thành · C: Chưa hoàn thành · V: vắng, chưa kiểm tra bù · M: miễn", "T: completed well · H: completed · C: not yet completed · V: absent, not made up yet · M: exempt";
    PRINT_NOTE_TRAIT: "T: Tốt · Đ: Đạt · C: Cần cố gắng", "T: good · Đ: met · C: needs effort";
    PRINT_NOTE: "V: vắng, chưa kiểm tra bù · M: miễn", "absent: not made up yet · exempt";
}

/// A sheet with levels (TT 27/2020).
fn primary(sheet: &MarkSheet) -> bool {
    sheet.slots.iter().any(|slot| matches!(slot, Slot::Primary(_)))
}

fn column(sheet: &MarkSheet) -> impl Iterator<Item = Column> + '_ {
    sheet.slots.iter().map(|slot| Column { slot: Some(*slot), kind: Kind::of(*slot, &sheet.subject_code, sheet.kind) })
}

/// The grid of what the server has.
pub fn grid(sheet: &MarkSheet) -> Grid {
    let rows = sheet
        .rows
        .iter()
        .map(|r| Row {
            learner: r.learner_id,
            ordinal: r.ordinal,
            full_name: r.full_name.clone(),
            given_name: r.given_name.clone(),
            left: r.left,
        })
        .collect();
    let mut grid = Grid::new(column(sheet).collect(), rows, sheet.writable);
    let locked = |slot: &Slot| sheet.locks.iter().any(|lock| lock.locked && lock.group == SlotGroup::of(*slot));
    grid.locked = sheet.slots.iter().map(locked).collect();
    for (n, row) in sheet.rows.iter().enumerate() {
        for cell in &row.cells {
            if let Some(m) = sheet.slots.iter().position(|slot| *slot == cell.slot) {
                grid.stands(n * sheet.slots.len() + m, cell.value.map(Value::Mark), cell.version);
            }
        }
    }
    grid
}

#[component]
pub fn MarkSheetPage() -> impl IntoView {
    let (class, subject, term) = (param::<ClassId>("class"), param::<String>("subject"), param::<Term>("term"));
    let marks = load(move || {
        let place = class.get().zip(subject.get()).zip(term.get());
        async move {
            let ((class, subject), term) = place.ok_or_else(nowhere)?;
            gradebook::mark_sheet(class, &subject, term).await
        }
    });
    let subjects = load(move || {
        let class = class.get();
        async move { records::class_subjects(class.ok_or_else(nowhere)?).await }
    });
    marks.show(move |(answer, copy)| view! { <Loaded answer=answer copy=copy marks=marks subjects=subjects /> })
}

/// A sheet, and when it was copied where it is the copy of this device.
pub type Opened = (MarkSheet, Option<DateTime<Utc>>);

#[component]
fn Loaded(
    answer: MarkSheet,
    copy: Option<DateTime<Utc>>,
    marks: Loader<Opened>,
    subjects: Loader<Page<ClassSubject>>,
) -> impl IntoView {
    let home = Home::Marks { class: answer.class_id, subject: answer.subject_code.clone(), term: answer.term };
    let subject = lang().pick(&answer.subject_name_vi, &answer.subject_name_en).to_owned();
    let short = format!("{subject} {} · {}", answer.class_name, answer.term.label(lang()));
    let sheet = Sheet::new(grid(&answer), Rule::of(&answer), home, short, copy);
    effect(move || {
        if sheet.outdated.get() {
            marks.reload();
        }
    });
    go_where_asked(sheet, &answer);
    let history = RwSignal::new(None::<usize>);
    let title = tf(if primary(&answer) { TITLE_PRIMARY } else { TITLE }, &[("subject", &subject)]);
    let label = format!("{title} {}", answer.class_name);
    let crumbs = vec![
        Crumb(t(tx::CLASSES).to_owned(), "/classes".to_owned()),
        Crumb(answer.class_name.clone(), format!("/classes/{}", answer.class_id)),
    ];
    let print = Callback::new(move |()| {
        let _ = window().print();
    });
    let writable = answer.writable;
    view! {
        <div class="sheet-page">
            <PrintHead answer=answer.clone() subject=subject.clone() />
            <Header title=title crumbs=crumbs>
                <SaveLine sheet=sheet />
                {writable.then(|| view! { <PasteButton sheet=sheet /> })}
                <Button label=t(tx::PRINT) glyph=Icon::Print on_press=print />
            </Header>
            <Switch answer=answer.clone() subjects=subjects />
            <super::around::Around answer=answer.clone() marks=marks />
            <Notices answer=answer.clone() sheet=sheet marks=marks />
            <SheetView sheet=sheet label=label on_history=Callback::new(move |at| history.set(Some(at))) />
            <Tally sheet=sheet />
            <PrintFoot answer=answer />
            <HistoryDialog sheet=sheet at=history />
        </div>
    }
    .into_any()
}

/// `?learner=&slot=` leads to a cell, as the list of what is missing does.
fn go_where_asked(sheet: Sheet, answer: &MarkSheet) {
    let query = use_query_map();
    let (learner, slot) = query.with_untracked(|q| (q.get("learner"), q.get("slot")));
    let Some(row) = learner.and_then(|id| answer.rows.iter().position(|r| r.learner_id.to_string() == id)) else { return };
    let column = slot.and_then(|code| answer.slots.iter().position(|s| s.code() == code)).unwrap_or_default();
    let to = sheet.with(|g| g.place(row * g.columns.len() + column));
    sheet.go(to, false);
    set_timeout(move || sheet.focus(), std::time::Duration::from_millis(60));
}

/// Semester, subject, and the class before and after.
#[component]
fn Switch(answer: MarkSheet, subjects: Loader<Page<ClassSubject>>) -> impl IntoView {
    let (class, code, term, school) = (answer.class_id, answer.subject_code.clone(), answer.term, answer.school_id);
    let navigate = use_navigate();
    let terms = Term::ALL
        .iter()
        .map(|to| {
            let href = address(class, &code, *to);
            let here = (*to == term).then_some("page");
            view! { <A href=href attr:aria-current=here>{to.label(lang())}</A> }
        })
        .collect_view();
    let options = {
        let code = code.clone();
        move || {
            let known = subjects.get().map(|page| page.items).unwrap_or_default();
            known
                .into_iter()
                .map(|s| view! { <option value=s.subject_code.clone() selected=s.subject_code == code>{lang().pick(&s.name_vi, &s.name_en).to_owned()}</option> })
                .collect_view()
        }
    };
    // A teacher goes on among the classes that they teach the same subject in; others among those of the school.
    let wanted = code.clone();
    let near = load(move || {
        let wanted = wanted.clone();
        async move {
            let teaching = records::teaching().await.map(|p| p.items).unwrap_or_default();
            let mine: Vec<(ClassId, String)> = teaching
                .into_iter()
                .filter(|i: &TeachingItem| i.subject_code.as_deref() == Some(wanted.as_str()))
                .map(|i| (i.class_id, i.class_name))
                .collect();
            if mine.iter().any(|(id, _)| *id == class) {
                return Ok(mine);
            }
            let query = ClassQuery { school_id: Some(school), ..ClassQuery::default() };
            records::classes(&query, None).await.map(|p| p.items.into_iter().map(|c| (c.id, c.name)).collect())
        }
    });
    let steps = move || {
        let all = near.get().unwrap_or_default();
        let here = all.iter().position(|(id, _)| *id == class);
        let link = |at: Option<usize>, text, turn: bool| {
            let (id, name) = all.get(at?)?.clone();
            let label = tf(text, &[("class", &name)]);
            let glyph = view! { <span class:turn=turn>{icon(Icon::Chevron)}</span> };
            Some(
                view! { <A href=address(id, &code, term) attr:class="btn icon-only small" attr:aria-label=label.clone() attr:title=label>{glyph}</A> },
            )
        };
        view! {
            {link(here.and_then(|n| n.checked_sub(1)), PREVIOUS, true)}
            {link(here.map(|n| n + 1), NEXT, false)}
        }
    };
    let due = answer.marks_due_on.filter(|_| answer.state == TermState::Open).map(|day| {
        let late = day < format::today();
        let text = tf(if late { LATE } else { DUE }, &[("day", &format::weekday(day))]);
        view! { <span class:late=late class="due num">{text}</span> }
    });
    view! {
        <div class="switch no-print">
            <nav class="tabs" aria-label=t(TERM)>{terms}</nav>
            <select class="input" aria-label=t(SUBJECT) on:change=move |event| navigate(&address(class, &event_target_value(&event), term), Default::default())>{options}</select>
            <span class="place"><A href=format!("/classes/{class}")>{answer.class_name.clone()}</A>{steps}</span>
            {due}
        </div>
    }
    .into_any()
}

pub fn address(class: ClassId, subject: &str, term: Term) -> String {
    format!("/classes/{class}/subjects/{}/terms/{term}", segment(subject))
}

#[component]
fn Notices(answer: MarkSheet, sheet: Sheet, marks: Loader<Opened>) -> impl IntoView {
    let closing = who().can(Permission::ResultRead).then(|| format!("/classes/{}/closing/{}", answer.class_id, answer.term));
    let notice = if answer.state == TermState::Closed {
        let text = tf(CLOSED, &[("term", answer.term.label(lang()))]);
        let link = closing.map(|href| view! { <A href=href>{t(CLOSED_OPEN)}</A> });
        Some(view! { <p class="strip info">{icon(Icon::Lock)}<span>{text}</span>{link}</p> }.into_any())
    } else if !answer.writable {
        let names: Vec<&str> = answer.teachers.iter().map(|t| t.full_name.as_str()).collect();
        let names = if names.is_empty() { t(NO_TEACHER).to_owned() } else { names.join(", ") };
        Some(
            view! { <p class="strip info">{icon(Icon::Eye)}<span>{tf(READ_ONLY, &[("teachers", &names)])}</span></p> }.into_any(),
        )
    } else {
        None
    };
    let planned: Vec<&str> = answer.rows.iter().filter(|row| row.plan).map(|row| row.full_name.as_str()).collect();
    let planned = (!planned.is_empty()).then(|| {
        view! { <p class="strip info no-print">{icon(Icon::Info)}<span>{tf(PLANS, &[("names", &planned.join(", "))])}</span></p> }
    });
    let just_closed = move || {
        sheet.closed.get().then(|| {
            view! { <div class="strip bad" role="alert">{icon(Icon::Lock)}<span>{t(JUST_CLOSED)}</span><Button label=t(RELOAD) small=true on_press=Callback::new(move |()| marks.reload()) /></div> }
        })
    };
    view! { {notice} {planned} {just_closed} }
}

/// What stands above the table on paper.
#[component]
fn PrintHead(answer: MarkSheet, subject: String) -> impl IntoView {
    let under =
        tf(PRINT_UNDER, &[("class", &answer.class_name), ("term", answer.term.label(lang())), ("year", &answer.school_year)]);
    view! {
        <div class="only-print print-head">
            <p>{answer.school_name.clone()}</p>
            <p class="h">{tf(if primary(&answer) { PRINT_TITLE_PRIMARY } else { PRINT_TITLE }, &[("subject", &subject.to_uppercase())])}</p>
            <p>{under}</p>
        </div>
    }
}

#[component]
fn PrintFoot(answer: MarkSheet) -> impl IntoView {
    let teachers = answer.teachers.iter().map(|t| t.full_name.clone()).collect::<Vec<_>>().join(", ");
    let note = match TraitKind::of_sheet(&answer.subject_code) {
        Some(_) => PRINT_NOTE_TRAIT,
        None if primary(&answer) => PRINT_NOTE_SUBJECT,
        None => PRINT_NOTE,
    };
    view! {
        <div class="only-print print-foot">
            <p>{t(note)}</p>
            <div class="signs">
                <div><p>{t(PRINT_DAY)}</p><b>{t(PRINT_TEACHER)}</b><p>{t(PRINT_SIGN)}</p><p class="by">{teachers}</p></div>
                <div><p>{t(PRINT_DAY)}</p><b>{t(PRINT_HEAD)}</b><p>{t(PRINT_SIGN)}</p></div>
            </div>
        </div>
    }
}
