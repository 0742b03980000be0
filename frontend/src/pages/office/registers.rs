//! Registers of a whole school: sổ đăng bộ by year, the lists and rolls of classes one after the other, the full record of one learner.

use super::register_run::WholeSchool;
use crate::api::{ApiError, oversight, records, registers};
use crate::i18n::{lang, t, texts, tf};
use crate::pages::filters::Filters;
use crate::pages::records::pick::Picked;
use crate::state::who;
use crate::ui::{
    Button, Check, Crumb, Form, FormFault, Header, Icon, Look, Progress, SelectField, choose_school, file, load, save_as,
};
use dto::access::Permission;
use dto::classes::{Class, ClassQuery};
use dto::registers::RegisterForm;
use dto::{LearnerId, SchoolYearId, UnitId};
use leptos::prelude::*;

texts! {
    TITLE: "Sổ sách của trường", "The school’s registers";
    UNDER: "Lập ngay từ hồ sơ đang có; không phải nhập lại.", "Drawn at once from what is kept; nothing is typed again.";
    OFFICE: "Hồ sơ nhà trường", "School records";
    COPY: "In dấu “BẢN SAO” trên mỗi trang", "Mark each page as a copy (BẢN SAO)";
    ADMISSIONS: "Sổ đăng bộ", "Register of admissions";
    ADMISSIONS_IS: "Học sinh vào trường trong năm, kể cả chuyển đến; ngày ra và lí do.", "Who came in the year, transfers included; when and why they left.";
    YEAR: "Năm học vào trường", "Year of admission";
    CLASSES: "Sổ của các lớp", "Registers of classes";
    CLASSES_IS: "Lập lần lượt cho từng lớp, mỗi lớp một tệp.", "Drawn class by class, a file for each.";
    WHAT: "Sổ", "Register";
    LIST: "Danh sách lớp", "List of the class";
    WHICH: "Lớp", "Class";
    ALL_CLASSES: "Tất cả các lớp", "All classes";
    DOSSIER: "Hồ sơ đầy đủ của một học sinh", "The full record of one learner";
    DOSSIER_IS: "Lí lịch, gia đình, quá trình học, kết quả, cân nặng và chiều cao trong một tệp.", "Who they are, family, schools, results, weight and height in one file.";
    LEARNER: "Học sinh", "Learner";
    LEARNER_HINT: "Gõ tên không cần dấu", "Type a name without marks";
    OPEN: "Xem", "Open";
    DOWNLOAD: "Tải PDF", "Download PDF";
    MAKE: "Lập và tải", "Draw and download";
    STOP: "Dừng", "Stop";
    DONE: "{done}/{all} lớp", "{done} of {all} classes";
    PROGRESS: "Tiến độ lập sổ", "How far it is";
}

/// Registers that are drawn of many classes: the list, or a form of the class's registers.
const LIST_KEY: &str = "list";

#[component]
pub fn SchoolRegistersPage() -> impl IntoView {
    let school = Filters::new().school();
    let copy = RwSignal::new(false);
    let crumbs = vec![Crumb(t(OFFICE).to_owned(), "/office".to_owned())];
    view! {
        <Header title=t(TITLE) under=t(UNDER) crumbs=crumbs />
        <div class="filters">{school.field("registers-school")}</div>
        <Check label=t(COPY) value=copy />
        {move || match school.id() {
            Some(id) => view! { <ul class="areas wide-areas"><Admissions school=id copy=copy />{who().can(Permission::ResultRead).then(|| view! { <WholeSchool school=id copy=copy /> })}<Classes school=id copy=copy /><Dossier school=id copy=copy /></ul> }.into_any(),
            None => choose_school(),
        }}
    }
}

fn named(blob: &web_sys::Blob, name: &str, open: bool) {
    if open { file::open(blob, name) } else { save_as(blob, name) }
}

#[component]
fn Admissions(school: UnitId, copy: RwSignal<bool>) -> impl IntoView {
    let (form, year) = (Form::new(), RwSignal::new(String::new()));
    let years = load(records::school_years);
    let options = Signal::derive(move || {
        let known = years.get().map(|page| page.items).unwrap_or_default();
        // Not the next year, of which nobody has come yet.
        if year.get_untracked().is_empty()
            && let Some(now) = known.iter().find(|year| year.current).or(known.first())
        {
            year.set(now.id.to_string());
        }
        known.into_iter().map(|year| (year.id.to_string(), year.code)).collect::<Vec<_>>()
    });
    let ask = move |open: bool| {
        Callback::new(move |()| {
            let (year, copy) = (year.get_untracked().parse::<SchoolYearId>().ok(), copy.get_untracked());
            form.send(async move { oversight::admissions(school, year, copy).await }, move |blob| {
                named(&blob, "so-dang-bo.pdf", open);
            });
        })
    };
    view! {
        <li class="panel card">
            <h2>{t(ADMISSIONS)}</h2><p class="muted">{t(ADMISSIONS_IS)}</p>
            <SelectField label=t(YEAR) name="year" value=year options=options />
            <div class="row"><Button label=t(OPEN) glyph=Icon::Eye busy=form.busy on_press=ask(true) /><Button label=t(DOWNLOAD) glyph=Icon::File busy=form.busy on_press=ask(false) /></div>
            <FormFault form=form />
        </li>
    }
}

async fn drawn(class: &Class, what: &str, copy: bool) -> Result<web_sys::Blob, ApiError> {
    match what.parse::<RegisterForm>() {
        Ok(form) => registers::register(class.id, form, copy, None, None).await,
        Err(()) => oversight::class_list(class.id, copy).await,
    }
}

#[component]
fn Classes(school: UnitId, copy: RwSignal<bool>) -> impl IntoView {
    let form = Form::new();
    let (what, which) = (RwSignal::new(LIST_KEY.to_owned()), RwSignal::new(String::new()));
    let (done, all, stopped) = (RwSignal::new(0usize), RwSignal::new(0usize), RwSignal::new(false));
    let classes = load(move || async move {
        let query = ClassQuery { school_id: Some(school), ..ClassQuery::default() };
        let (mut items, mut after) = (Vec::new(), None);
        loop {
            let page = records::classes(&query, after).await?;
            items.extend(page.items);
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(items),
            }
        }
    });
    let forms = {
        let mut options = vec![(LIST_KEY.to_owned(), t(LIST).to_owned())];
        options.extend(RegisterForm::ALL.iter().map(|form| (form.to_string(), form.label(lang()).to_owned())));
        options
    };
    let options = Signal::derive(move || {
        let mut options = vec![(String::new(), t(ALL_CLASSES).to_owned())];
        options.extend(classes.get().unwrap_or_default().into_iter().map(|class| (class.id.to_string(), class.name)));
        options
    });
    let make = Callback::new(move |()| {
        let only = which.get_untracked();
        let chosen: Vec<Class> = classes
            .get_untracked()
            .unwrap_or_default()
            .into_iter()
            .filter(|class| only.is_empty() || class.id.to_string() == only)
            .collect();
        let (what, copy) = (what.get_untracked(), copy.get_untracked());
        done.set(0);
        all.set(chosen.len());
        stopped.set(false);
        form.send(
            async move {
                for class in &chosen {
                    if stopped.get_untracked() {
                        break;
                    }
                    let blob = drawn(class, &what, copy).await?;
                    save_as(&blob, &format!("{what}-{}.pdf", class.name));
                    done.update(|n| *n += 1);
                }
                Ok(())
            },
            |()| {},
        );
    });
    let percent = Signal::derive(move || match all.get() {
        0 => 0,
        all => u32::try_from(done.get() * 100 / all).unwrap_or(100),
    });
    let said = move || tf(DONE, &[("done", &done.get().to_string()), ("all", &all.get().to_string())]);
    view! {
        <li class="panel card">
            <h2>{t(CLASSES)}</h2><p class="muted">{t(CLASSES_IS)}</p>
            <SelectField label=t(WHAT) name="what" value=what options=Signal::stored(forms) />
            <SelectField label=t(WHICH) name="which" value=which options=options />
            <div class="row">
                <Button label=t(MAKE) glyph=Icon::File look=Look::Primary busy=form.busy on_press=make />
                {move || form.busy.get().then(|| view! { <Button label=t(STOP) on_press=Callback::new(move |()| stopped.set(true)) /> })}
            </div>
            {move || (all.get() > 1).then(|| view! { <Progress percent=percent label=t(PROGRESS) /><span role="status">{said}</span> })}
            <FormFault form=form />
        </li>
    }
}

#[component]
fn Dossier(school: UnitId, copy: RwSignal<bool>) -> impl IntoView {
    let (form, picked) = (Form::new(), Picked::new());
    let ask = move |open: bool| {
        Callback::new(move |()| {
            let Some(learner) = picked.id::<LearnerId>() else { return };
            let copy = copy.get_untracked();
            form.send(async move { oversight::learner_file(learner, copy).await }, move |blob| {
                named(&blob, "ho-so-hoc-sinh.pdf", open);
            });
        })
    };
    let none = Signal::derive(move || picked.chosen.read().is_none());
    let field = picked.learner_field(t(LEARNER), "dossier-learner", Some(school), t(LEARNER_HINT), Signal::stored(None));
    view! {
        <li class="panel card">
            <h2>{t(DOSSIER)}</h2><p class="muted">{t(DOSSIER_IS)}</p>
            {field}
            <div class="row"><Button label=t(OPEN) glyph=Icon::Eye busy=form.busy disabled=none on_press=ask(true) /><Button label=t(DOWNLOAD) glyph=Icon::File busy=form.busy disabled=none on_press=ask(false) /></div>
            <FormFault form=form />
        </li>
    }
}
