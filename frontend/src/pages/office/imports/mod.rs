//! Files of any kind into the records: which kind, of what, the file; and what was brought before.

mod columns;
mod grid;
mod one;

pub use one::FileImportPage;

use crate::api::{file_imports, records};
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::filters::Filters;
use crate::pages::records::pick::{School, filled};
use crate::ui::{
    Button, DropZone, Empty, Field, Form, FormFault, Header, Icon, Pill, SelectField, Steps, Tone, load, pages, save_as, toast,
};
use dto::calendar::{Grade, Term};
use dto::classes::ClassQuery;
use dto::file_imports::*;
use dto::imports::ImportState;
use dto::{ClassId, Page};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;

texts! {
    FILE: "Tệp", "File";
    ROWS: "Số dòng", "Rows";
    WHEN: "Lúc, người nhập", "When and by whom";
    TITLE: "Nhập từ tệp", "Import from files";
    UNDER: "Xem trước từng dòng, sửa ngay tại chỗ, rồi mới ghi; ghi rồi vẫn hoàn tác được.", "Look at each row, correct it here, then write; what was written can be undone.";
    KIND: "Loại dữ liệu", "Kind of records";
    CLASS: "Lớp", "Class";
    SUBJECT: "Môn", "Subject";
    TERM: "Học kì", "Semester";
    CHOOSE: "Hãy chọn", "Choose";
    FIRST: "Hãy chọn đủ trường, lớp, môn trước khi thả tệp", "Choose the school, class and subject before dropping the file";
    DROP: "Kéo tệp vào đây, hoặc bấm để chọn", "Drop the file here, or press to choose";
    DROP_TEXT: "Tệp .xlsx hoặc .csv, đến 100.000 dòng. Cột được nhận theo tiêu đề; chưa ghi gì cho đến khi bạn đồng ý.", "An .xlsx or .csv file of up to 100,000 rows. Columns are known by their headers; nothing is written before you agree.";
    READING: "Đang đọc tệp và so với dữ liệu của trường…", "Reading the file and comparing it with the school's data…";
    TEMPLATE: "Tải tệp mẫu", "Download the template";
    BEFORE: "Các lần nhập trước", "Earlier imports";
    NO_BEFORE: "Chưa nhập tệp nào", "Nothing has been imported yet";
    COUNTS: "{n} dòng · {m} thêm mới hoặc đổi", "{n} rows · {m} new or changed";
    MORE: "Tệp chỉ có một lớp và không có cột lớp? Tệp có nhiều trang?", "Is the file one class, without a class column? Has it several sheets?";
    CLASS_NAME: "Tên lớp cho mọi dòng", "Class of all rows";
    CLASS_HINT: "Để trống nếu tệp có cột lớp", "Leave empty where the file has a class column";
    GRADE_HINT: "Chỉ cần cho lớp chưa có mà tên không cho biết khối", "Only for classes that do not exist yet and whose name does not tell the grade";
    BY_NAME: "Theo tên lớp", "By the class's name";
    SHEET: "Tên trang cần đọc", "Sheet to read";
    SHEET_HINT: "Để trống: trang có tiêu đề khớp nhất", "Leave empty: the sheet whose headers fit best";
    CLASS_LISTS: "Danh sách lớp đã nhập ở trang cũ", "Class lists that were imported at the former page";
    PICK: "Chọn tệp", "Choose the file";
    LOOK: "Xem trước và sửa", "Look and correct";
    DONE: "Ghi vào hồ sơ", "Write the records";
}

/// The kind of class lists.
const LEARNERS: &str = "learners";

/// The steps of the way.
const STEPS: [crate::i18n::Text; 3] = [PICK, LOOK, DONE];

#[component]
pub fn FileImportsPage() -> impl IntoView {
    let school = Filters::new().school();
    let kinds = load(file_imports::kinds);
    view! {
        <Header title=t(TITLE) under=t(UNDER) />
        <Steps labels=STEPS.iter().map(|s| t(*s)).collect() now=0usize />
        <div class="split lead">
            {kinds.show(move |kinds| view! { <Start kinds=kinds.items school=school /> })}
            <section class="panel" aria-labelledby="before-title">
                <header><h2 id="before-title">{t(BEFORE)}</h2></header>
                <div class="body">{move || school.id().map(earlier)}</div>
            </section>
        </div>
    }
    .into_any()
}

/// What the file is of.
#[derive(Clone, Copy)]
struct Of {
    school: School,
    kind: RwSignal<String>,
    class: RwSignal<String>,
    subject: RwSignal<String>,
    term: RwSignal<String>,
    class_name: RwSignal<String>,
    grade: RwSignal<String>,
    sheet: RwSignal<String>,
    kinds: StoredValue<Vec<FileImportKind>>,
}

impl Of {
    /// Tracked.
    fn scope(self) -> FileImportScope {
        let kind = self.kind.get();
        self.kinds.with_value(|kinds| kinds.iter().find(|k| k.kind == kind).map_or(FileImportScope::School, |k| k.scope))
    }

    /// Rows of a class list, which may be of one class that no column names. Not tracked.
    fn of_learners(self) -> bool {
        self.kind.with_untracked(|kind| kind == LEARNERS)
    }

    /// None while something is not chosen.
    fn query(self, file_name: Option<String>) -> Option<FileImportQuery> {
        let scope = self.scope();
        let class_id = self.class.get_untracked().parse::<ClassId>().ok().filter(|_| scope != FileImportScope::School);
        let subject = Some(self.subject.get_untracked()).filter(|s| !s.is_empty() && scope == FileImportScope::Section);
        let whole = match scope {
            FileImportScope::School => true,
            FileImportScope::Class => class_id.is_some(),
            FileImportScope::Section => class_id.is_some() && subject.is_some(),
        };
        let school_id = self.school.id().filter(|_| whole)?;
        Some(FileImportQuery {
            kind: self.kind.get_untracked(),
            school_id,
            school_year_id: None,
            class_id,
            term: subject.as_ref().and_then(|_| self.term.get_untracked().parse().ok()),
            subject_code: subject,
            class_name: filled(self.class_name).filter(|_| self.of_learners()),
            grade: self.grade.get_untracked().parse().ok().filter(|_| self.of_learners()),
            file_name,
            sheet: filled(self.sheet),
        })
    }
}

#[component]
fn Start(kinds: Vec<FileImportKind>, school: School) -> impl IntoView {
    let first = kinds.first().map(|k| k.kind.clone()).unwrap_or_default();
    let options = kinds.iter().map(|k| (k.kind.clone(), lang().pick(&k.name_vi, &k.name_en).to_owned())).collect::<Vec<_>>();
    let of = Of {
        school,
        kind: RwSignal::new(first),
        class: RwSignal::new(String::new()),
        subject: RwSignal::new(String::new()),
        term: RwSignal::new(crate::state::term_now().to_string()),
        class_name: RwSignal::new(String::new()),
        grade: RwSignal::new(String::new()),
        sheet: RwSignal::new(String::new()),
        kinds: StoredValue::new(kinds),
    };
    let about = move || {
        let kind = of.kind.get();
        of.kinds.with_value(|kinds| {
            kinds.iter().find(|k| k.kind == kind).map(|k| lang().pick(&k.about_vi, &k.about_en).to_owned()).unwrap_or_default()
        })
    };
    let grades = std::iter::once((String::new(), t(BY_NAME).to_owned()))
        .chain(Grade::ALL.iter().map(|g| (g.to_string(), g.label(lang()).to_owned())))
        .collect::<Vec<_>>();
    let form = Form::new();
    let template = Callback::new(move |()| {
        let Some(query) = of.query(None) else {
            toast::say(t(FIRST));
            return;
        };
        let kind = query.kind.clone();
        let query = FileTemplateQuery {
            school_id: query.school_id,
            school_year_id: None,
            class_id: query.class_id,
            subject_code: query.subject_code,
            term: query.term,
        };
        let name = format!("{kind}.xlsx");
        form.send(async move { file_imports::template(&kind, &query).await }, move |blob| save_as(&blob, &name));
    });
    view! {
        <section class="stack">
            <div class="fields">
                <SelectField label=t(KIND) name="kind" value=of.kind options=options />
                {school.field("school")}
            </div>
            <p class="muted">{about}</p>
            {move || (of.scope() != FileImportScope::School).then(|| view! { <Classes of=of /> })}
            <DropFile of=of form=form />
            <FormFault form=form />
            <details class="fold">
                <summary>{t(MORE)}</summary>
                <div class="fields">
                    {move || (of.kind.get() == LEARNERS).then(|| view! {
                        <Field label=t(CLASS_NAME) name="class_name" value=of.class_name max=30 hint=t(CLASS_HINT) />
                        <SelectField label=t(tx::GRADE) name="grade" value=of.grade options=grades.clone() hint=t(GRADE_HINT) />
                    })}
                    <Field label=t(SHEET) name="sheet" value=of.sheet max=100 hint=t(SHEET_HINT) />
                </div>
            </details>
            <div><Button label=t(TEMPLATE) glyph=Icon::File busy=form.busy on_press=template /></div>
        </section>
    }
    .into_any()
}

/// Of which class, and of which subject and term.
#[component]
fn Classes(of: Of) -> impl IntoView {
    let classes = load(move || {
        let school_id = of.school.id();
        async move {
            match school_id {
                Some(_) => records::classes(&ClassQuery { school_id, school_year_id: None, grade: None, q: None }, None).await,
                None => Ok(Page { items: Vec::new(), next: None }),
            }
        }
    });
    let subjects = load(move || {
        let class = of.class.get().parse::<ClassId>().ok();
        async move {
            match class {
                Some(class) => records::class_subjects(class).await,
                None => Ok(Page { items: Vec::new(), next: None }),
            }
        }
    });
    let choose = || std::iter::once((String::new(), t(CHOOSE).to_owned()));
    let class_options = Signal::derive(move || {
        let found = classes.get().map(|page| page.items).unwrap_or_default();
        choose().chain(found.into_iter().map(|c| (c.id.to_string(), c.name))).collect::<Vec<_>>()
    });
    let subject_options = Signal::derive(move || {
        let found = subjects.get().map(|page| page.items).unwrap_or_default();
        choose()
            .chain(found.into_iter().map(|s| (s.subject_code, lang().pick(&s.name_vi, &s.name_en).to_owned())))
            .collect::<Vec<_>>()
    });
    let terms = Term::ALL.iter().map(|term| (term.to_string(), term.label(lang()).to_owned())).collect::<Vec<_>>();
    view! {
        <div class="fields">
            <SelectField label=t(CLASS) name="class" value=of.class options=class_options />
            {move || (of.scope() == FileImportScope::Section).then(|| view! {
                <SelectField label=t(SUBJECT) name="subject" value=of.subject options=subject_options />
                <SelectField label=t(TERM) name="term" value=of.term options=terms.clone() />
            })}
        </div>
    }
    .into_any()
}

/// Where the file is dropped.
#[component]
fn DropFile(of: Of, form: Form) -> impl IntoView {
    let navigate = use_navigate();
    let take = UnsyncCallback::new(move |file: web_sys::File| {
        let Some(query) = of.query(Some(file.name().chars().take(200).collect())) else {
            toast::say(t(FIRST));
            return;
        };
        let navigate = navigate.clone();
        form.send(async move { file_imports::upload(&query, file).await }, move |import| {
            navigate(&format!("/office/imports/{}", import.id), NavigateOptions::default())
        });
    });
    view! {
        <DropZone name="import-file" title=t(DROP) text=t(DROP_TEXT) working=t(READING) accept=".xlsx,.csv,.xls,text/csv" busy=form.busy on_file=take />
    }
    .into_any()
}

fn earlier(school: dto::UnitId) -> AnyView {
    view! { {of_any_kind(school)} {of_class_lists(school)} }.into_any()
}

/// Class lists of before there was one door, which can still be read and undone.
fn of_class_lists(school: dto::UnitId) -> AnyView {
    load(move || records::imports(school)).show(|page| {
        if page.items.is_empty() {
            return ().into_any();
        }
        let lines = page.items.into_iter().map(|item| {
            view! {
                <li>
                    <span class="grow"><A href=format!("/imports/{}", item.id)><b>{item.file_name}</b></A><br /><small class="muted num">{format::instant(item.created_at)}</small></span>
                    <Pill label=item.state.label(lang()) tone=tone(item.state) />
                </li>
            }
        });
        view! { <h3>{t(CLASS_LISTS)}</h3><ul class="lines">{lines.collect_view()}</ul> }.into_any()
    })
}

fn of_any_kind(school: dto::UnitId) -> AnyView {
    let found = pages(move |after| file_imports::imports(school, after));
    let list = found.show(|items| {
        if items.is_empty() {
            return view! { <Empty title=t(NO_BEFORE) glyph=Icon::File /> }.into_any();
        }
        view! { <ul class="lines">{items.into_iter().map(line).collect_view()}</ul> }.into_any()
    });
    view! { <div class="stack">{list}<div class="row">{found.export("cac-lan-nhap")}</div></div> }.into_any()
}

/// How a state looks.
fn tone(state: ImportState) -> Tone {
    match state {
        ImportState::DryRun => Tone::Quiet,
        ImportState::Applied => Tone::Ok,
        ImportState::Undone => Tone::Warn,
    }
}

fn line(item: FileImportItem) -> impl IntoView {
    let writes = item.summary.new + item.summary.changed;
    let counts = tf(COUNTS, &[("n", &format::count(item.summary.rows.into())), ("m", &format::count(writes.into()))]);
    let by = item.created_by.map(|by| format!(" · {by}")).unwrap_or_default();
    let name = if item.file_name.is_empty() { item.kind } else { item.file_name };
    view! {
        <li>
            <span class="grow"><A href=format!("/office/imports/{}", item.id)><b data-col=t(FILE)>{name}</b></A><br /><small class="muted num"><span data-col=t(ROWS)>{counts}</span>" · "<span data-col=t(WHEN)>{format::instant(item.created_at)}{by}</span></small></span>
            <span data-col=t(tx::STATUS)><Pill label=item.state.label(lang()) tone=tone(item.state) /></span>
        </li>
    }
}

/// The way back to the start.
fn crumbs() -> Vec<crate::ui::Crumb> {
    vec![crate::ui::Crumb(t(tx::IMPORT).to_owned(), "/office/imports".to_owned())]
}
