//! Registers of a class: each as a card with what it is, opened or saved as a PDF.

use super::nowhere;
use crate::api::{ApiError, records, registers};
use crate::i18n::{lang, t, texts, tf};
use crate::pages::records::class::{class_head, class_of_address};
use crate::ui::{Button, Check, Form, FormFault, Icon, SelectField, file, load};
use dto::classes::Class;
use dto::gradebook::Period;
use dto::registers::RegisterForm;
use dto::{ClassId, LearnerId};
use leptos::prelude::*;
use std::time::Duration;

texts! {
    TITLE: "Sổ sách", "Registers";
    INTRO: "Mỗi sổ được lập ngay từ điểm, kết quả và ghi chép đang có; không phải nhập lại. Kì đã chốt lấy đúng số liệu đã chốt.", "Each register is drawn at once from the marks, results and notes that are kept; nothing is typed again. Closed terms are as they were closed.";
    COPY: "In dấu “BẢN SAO” trên mỗi trang", "Mark each page as a copy (BẢN SAO)";
    ASSESSMENT_IS: "Danh sách, điểm từng môn của hai học kì, tổng hợp kết quả. Cả sổ trong một tệp.", "The list, each subject’s marks of both semesters, the results. The whole register in one file.";
    MARKS_IS: "Bảng tổng hợp của cả lớp, hoặc bảng điểm của một môn.", "Results of the whole class, or the marks of one subject.";
    HOMEROOM_IS: "Danh sách, giáo viên dạy lớp, chuyên cần, rèn luyện, ghi chép hằng ngày, biên bản xét kết quả.", "The list, the teachers, absences, conduct, notes by date, the minutes of the council.";
    HOMEROOM_PRIMARY_IS: "Danh sách, giáo viên dạy lớp, ngày nghỉ, ghi chép hằng ngày, tổng hợp kết quả.", "The list, the teachers, absences, notes by date, the results.";
    ROLL_IS: "Ngày nghỉ của từng em, mỗi tháng một trang: P có phép, K không phép.", "Who was away on which day, a page a month: P with permission, K without.";
    SLIPS_IS: "Mỗi em một trang để gửi gia đình, có chỗ ghi ý kiến. Không xếp hạng, không so sánh với bạn.", "A page for each learner to send home, with room for a reply. No ranks, no comparisons.";
    AWARDS_IS: "Mỗi em đạt danh hiệu của năm học một tờ, khổ A4 ngang. Có khi đã chốt hai học kì.", "A certificate for each learner with an award of the year. There once both semesters are closed.";
    WHAT: "Bảng nào", "Which table";
    WHO: "Của ai", "Of whom";
    WHOLE_CLASS: "Cả lớp", "The whole class";
    ALL_PERIODS: "Tất cả các môn, ba bảng", "All subjects, three tables";
    ALL_SUBJECTS: "Tất cả các môn, {period}", "All subjects, {period}";
    OPEN: "Xem", "Open";
    DOWNLOAD: "Tải PDF", "Download PDF";
    OF: "{what}: {form}", "{what}: {form}";
    MAKING: "Đang lập sổ, {n} giây…", "Drawing, {n} seconds…";
}

#[component]
pub fn RegistersPage() -> impl IntoView {
    let (_, class) = class_of_address();
    view! { {class.show(|class| view! { {class_head(&class, ().into_any())} <Cards class=class /> })} }
}

#[component]
fn Cards(class: Class) -> impl IntoView {
    document().set_title(&format!("{} {} · Khuê", t(TITLE), class.name));
    let copy = RwSignal::new(false);
    let id = class.id;
    let subjects = load(move || async move { records::class_subjects(id).await });
    let members = load(move || async move { records::members(id).await });
    let tables = Signal::derive(move || {
        let mut options = vec![(String::new(), t(ALL_PERIODS).to_owned())];
        let period = |period: &Period| tf(ALL_SUBJECTS, &[("period", &period.label(lang()).to_lowercase())]);
        options.extend(Period::ALL.iter().map(|p| (p.as_str().to_owned(), period(p))));
        let known = subjects.get().map(|page| page.items).unwrap_or_default();
        options
            .extend(known.into_iter().map(|s| (format!("={}", s.subject_code), lang().pick(&s.name_vi, &s.name_en).to_owned())));
        options
    });
    let learners = Signal::derive(move || {
        let mut options = vec![(String::new(), t(WHOLE_CLASS).to_owned())];
        let known = members.get().map(|page| page.items).unwrap_or_default();
        options.extend(known.into_iter().map(|m| (m.learner_id.to_string(), format!("{}. {}", m.ordinal, m.full_name))));
        options
    });
    let primary = class.grade.number().is_some_and(|grade| grade <= 5);
    let cards = RegisterForm::ALL
        .iter()
        .map(|form| {
            let (about, choices) = match form {
                RegisterForm::Assessment => (ASSESSMENT_IS, None),
                RegisterForm::Marks => (MARKS_IS, Some((WHAT, "table", tables))),
                RegisterForm::Homeroom => (if primary { HOMEROOM_PRIMARY_IS } else { HOMEROOM_IS }, None),
                RegisterForm::Roll => (ROLL_IS, None),
                RegisterForm::Slips => (SLIPS_IS, Some((WHO, "slip", learners))),
                RegisterForm::Awards => (AWARDS_IS, Some((WHO, "award", learners))),
            };
            let choice = RwSignal::new(String::new());
            let field = choices.map(|(label, name, options)| {
                view! { <SelectField label=t(label) name=name value=choice options=options /> }
            });
            view! { <Card form=*form about=t(about) class=(id, class.name.clone()) copy=copy choice=choice>{field.into_any()}</Card> }
        })
        .collect_view();
    view! {
        <p class="muted">{t(INTRO)}</p>
        <Check label=t(COPY) value=copy />
        <ul class="registers">{cards}</ul>
    }
    .into_any()
}

/// What a card asks for: a choice is a period, a subject after "=", or a learner.
async fn fetch(class: ClassId, form: RegisterForm, copy: bool, choice: String) -> Result<web_sys::Blob, ApiError> {
    match form {
        RegisterForm::Marks => match choice.strip_prefix('=') {
            Some(subject) => registers::subject_register(class, subject, copy).await,
            None => registers::register(class, form, copy, choice.parse().ok(), None).await,
        },
        _ if choice.is_empty() => registers::register(class, form, copy, None, None).await,
        _ => {
            let learner: LearnerId = choice.parse().map_err(|_| nowhere())?;
            registers::register(class, form, copy, None, Some(learner)).await
        }
    }
}

#[component]
fn Card(
    form: RegisterForm,
    about: &'static str,
    class: (ClassId, String),
    copy: RwSignal<bool>,
    choice: RwSignal<String>,
    children: Children,
) -> impl IntoView {
    let (id, class_name) = class;
    let label = form.label(lang());
    let name = StoredValue::new(format!("{label} {class_name}.pdf"));
    let sending = Form::new();
    let opens = RwSignal::new(true);
    let ask = move |open: bool| {
        Callback::new(move |()| {
            opens.set(open);
            let hand = if open { file::open } else { file::save_as };
            let (copy, choice) = (copy.get_untracked(), choice.get_untracked());
            sending.send(fetch(id, form, copy, choice), move |blob| hand(&blob, &name.get_value()));
        })
    };
    let busy = move |open: bool| Signal::derive(move || sending.busy.get() && opens.get() == open);
    let other = move |open: bool| Signal::derive(move || sending.busy.get() && opens.get() != open);
    let spoken = |what| tf(OF, &[("what", t(what)), ("form", label)]);
    view! {
        <li class="panel register">
            <Picture form=form />
            <div class="about"><h2>{label}</h2><p class="muted">{about}</p></div>
            {children()}
            <div class="row tight" role="group" aria-label=spoken(TITLE)>
                <Button label=t(OPEN) glyph=Icon::Eye busy=busy(true) disabled=other(true) on_press=ask(true) />
                <Button label=t(DOWNLOAD) glyph=Icon::File busy=busy(false) disabled=other(false) on_press=ask(false) />
            </div>
            <Waiting busy=sending.busy />
            <FormFault form=sending />
        </li>
    }
    .into_any()
}

/// After a second of waiting: that something is being made, and for how long.
#[component]
fn Waiting(busy: RwSignal<bool>) -> impl IntoView {
    let seconds = RwSignal::new(0u32);
    let timer = StoredValue::new(None::<IntervalHandle>);
    let stop = move || {
        if let Some(Some(timer)) = timer.try_update_value(Option::take) {
            timer.clear();
        }
    };
    Effect::new(move |_| {
        stop();
        seconds.set(0);
        if busy.get() {
            timer.set_value(set_interval_with_handle(move || _ = seconds.try_update(|n| *n += 1), Duration::from_secs(1)).ok());
        }
    });
    on_cleanup(stop);
    view! {
        <p class="waiting" role="status">
            {move || (busy.get() && seconds.get() > 0).then(|| view! {
                <span>{tf(MAKING, &[("n", &seconds.get().to_string())])}</span>
                <i class="bar" aria-hidden="true"></i>
            })}
        </p>
    }
    .into_any()
}

/// The page in small: what one recognises the register by.
#[component]
fn Picture(form: RegisterForm) -> impl IntoView {
    let (view_box, lines) = match form {
        RegisterForm::Assessment => (
            "0 0 60 80",
            "M14 14h32M20 20h20M12 30h36v38H12zM12 37h36M12 44h36M12 51h36M12 58h36M24 30v38M30 30v38M36 30v38M42 30v38",
        ),
        RegisterForm::Marks => (
            "0 0 60 80",
            "M10 12h16M34 12h16M18 21h24M10 30h40v36H10zM10 38h40M10 45h40M10 52h40M10 59h40M22 30v36M29 30v36M36 30v36M43 30v36",
        ),
        RegisterForm::Homeroom => {
            ("0 0 60 80", "M9 7h42v66H9zM12 10h36v60H12zM20 28h20M17 34h26M18 50h10M32 50h10M18 56h10M32 56h10")
        }
        RegisterForm::Roll => {
            ("0 0 80 60", "M24 8h32M8 16h64v36H8zM8 23h64M8 30h64M8 37h64M8 44h64M28 16v36M36 16v36M44 16v36M52 16v36M60 16v36")
        }
        RegisterForm::Slips => (
            "0 0 60 80",
            "M10 12h14M36 12h14M20 20h20M10 28h40v20H10zM10 33h40M10 38h40M10 43h40M26 28v20M10 56h18M10 61h18M10 66h18M36 56h12M38 68h8",
        ),
        RegisterForm::Awards => ("0 0 80 60", "M6 6h68v48H6zM9 9h62v42H9zM26 20h28M20 29h40M30 36h20M50 44h14"),
    };
    view! {
        <svg class="page" viewBox=view_box aria-hidden="true">
            <rect width="100%" height="100%" rx="2"></rect>
            <path d=lines></path>
        </svg>
    }
    .into_any()
}
