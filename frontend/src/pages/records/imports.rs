//! Start of the import: drop a file, and what was imported before.

use crate::api::records;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::records::import::STEPS;
use crate::pages::records::pick::School;
use crate::ui::{Empty, Field, Form, FormFault, Header, Icon, Pill, SelectField, Steps, Tone, icon, load, toast};
use dto::UnitId;
use dto::calendar::Grade;
use dto::imports::{ImportItem, ImportQuery, ImportState};
use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;

texts! {
    DROP: "Kéo tệp vào đây, hoặc bấm để chọn", "Drop the file here, or press to choose";
    DROP_TEXT: "Tệp .xlsx hoặc .csv: danh sách lớp của Bộ, vnEdu, C1-HocSinh, hoặc bảng có tiêu đề cột. Chưa ghi gì cho đến khi bạn xem thử và đồng ý.", "An .xlsx or .csv file: the Ministry's class list, vnEdu, C1-HocSinh, or any table with headers. Nothing is written before you have seen the dry run and agreed.";
    READING: "Đang đọc tệp và so với dữ liệu của trường…", "Reading the file and comparing it with the school's data…";
    PICK_SCHOOL: "Hãy chọn trường trước khi thả tệp", "Choose the school before dropping a file";
    ONE_CLASS: "Tệp chỉ có một lớp và không có cột lớp?", "Is the file one class, without a class column?";
    CLASS_NAME: "Tên lớp cho mọi dòng", "Class of all rows";
    CLASS_HINT: "Để trống nếu tệp có cột lớp", "Leave empty where the file has a class column";
    GRADE_HINT: "Chỉ cần cho lớp chưa có mà tên không cho biết khối", "Only for classes that do not exist yet and whose name does not tell the grade";
    BY_NAME: "Theo tên lớp", "By the class's name";
    BEFORE: "Các lần nhập trước", "Earlier imports";
    NO_BEFORE: "Trường chưa nhập tệp nào", "Nothing has been imported yet";
    OTHER_KINDS: "Nhân sự, điểm, kết quả cũ", "Staff, marks, former results";
    ROWS: "{n} dòng", "{n} rows";
    NEW_ROWS: "{n} thêm mới", "{n} new";
    TOO_LARGE: "Tệp {name} nặng {mb} MB. Danh sách lớp chỉ vài MB: hãy kiểm tra lại tệp.", "The file {name} has {mb} MB. A class list has a few MB at most: check the file.";
}

/// Bytes; the server has its own limit, this one saves a slow line the way there.
const LARGEST: f64 = 20.0 * 1024.0 * 1024.0;

#[component]
pub fn Imports() -> impl IntoView {
    let school = School::new();
    let class_name = RwSignal::new(String::new());
    let grade = RwSignal::new(String::new());
    let form = Form::new();
    let over = RwSignal::new(false);
    let input = NodeRef::<html::Input>::new();
    let navigate = use_navigate();
    let send = Callback::new(move |file: send_file::Picked| {
        let file = file.take();
        let Some(school_id) = school.id() else {
            toast::say(t(PICK_SCHOOL));
            return;
        };
        if file.size() > LARGEST {
            toast::say(tf(TOO_LARGE, &[("name", &file.name()), ("mb", &format::count((file.size() / 1_048_576.0) as u64))]));
            return;
        }
        let query = ImportQuery {
            school_id,
            school_year_id: None,
            class_name: Some(class_name.get_untracked().trim().to_owned()).filter(|c| !c.is_empty()),
            grade: grade.get_untracked().parse().ok(),
            file_name: Some(file.name().chars().take(200).collect()),
            sheet: None,
        };
        let navigate = navigate.clone();
        let (kept, again) = (file.clone(), query.clone());
        form.send(async move { records::upload(&query, file).await }, move |import| {
            last::keep(import.id, kept, again);
            navigate(&format!("/imports/{}", import.id), NavigateOptions::default())
        });
    });
    let grades = std::iter::once((String::new(), t(BY_NAME).to_owned()))
        .chain(Grade::ALL.iter().map(|g| (g.to_string(), g.label(lang()).to_owned())))
        .collect::<Vec<_>>();
    view! {
        <Header title=t(tx::IMPORT)><A href="/office/imports" attr:class="btn" attr:rel="external">{icon(Icon::File)}{t(OTHER_KINDS)}</A></Header>
        <Steps labels=STEPS.iter().map(|s| t(*s)).collect() now=0usize />
        <div class="split lead">
            <section class="stack">
                {school.field("school")}
                <label
                    class="drop" class:over=move || over.get()
                    on:dragover=move |event| { event.prevent_default(); over.set(true) }
                    on:dragleave=move |_| over.set(false)
                    on:drop=move |event| {
                        event.prevent_default();
                        over.set(false);
                        if let Some(file) = event.data_transfer().and_then(|d| d.files()).and_then(|f| f.get(0)) {
                            send.run(send_file::Picked::new(file));
                        }
                    }
                >
                    {icon(Icon::Upload)}
                    <b>{t(DROP)}</b>
                    <span>{move || t(if form.busy.get() { READING } else { DROP_TEXT })}</span>
                    <input
                        node_ref=input class="sr" type="file" accept=".xlsx,.csv,.xls,text/csv" disabled=move || form.busy.get()
                        on:change=move |_| {
                            let Some(input) = input.get_untracked() else { return };
                            if let Some(file) = input.files().and_then(|f| f.get(0)) {
                                send.run(send_file::Picked::new(file));
                            }
                            // The same file may be chosen again after it was corrected.
                            input.set_value("");
                        }
                    />
                </label>
                <FormFault form=form />
                <details class="fold">
                    <summary>{t(ONE_CLASS)}</summary>
                    <div class="fields">
                        <Field label=t(CLASS_NAME) name="class_name" value=class_name max=30 hint=t(CLASS_HINT) />
                        <SelectField label=t(tx::GRADE) name="grade" value=grade options=grades hint=t(GRADE_HINT) />
                    </div>
                </details>
            </section>
            <section class="panel">
                <header><h2>{t(BEFORE)}</h2></header>
                <div class="body">{move || school.id().map(earlier)}</div>
            </section>
        </div>
    }
}

fn earlier(school: UnitId) -> AnyView {
    load(move || records::imports(school)).show(|page| {
        if page.items.is_empty() {
            return view! { <Empty title=t(NO_BEFORE) glyph=Icon::File /> }.into_any();
        }
        view! { <ul class="lines">{page.items.into_iter().map(line).collect_view()}</ul> }.into_any()
    })
}

fn line(item: ImportItem) -> impl IntoView {
    let tone = match item.state {
        ImportState::DryRun => Tone::Quiet,
        ImportState::Applied => Tone::Ok,
        ImportState::Undone => Tone::Warn,
    };
    let counts = format!(
        "{} · {}",
        tf(ROWS, &[("n", &item.summary.rows.to_string())]),
        tf(NEW_ROWS, &[("n", &item.summary.new.to_string())])
    );
    let by = item.created_by.map(|by| format!(" · {by}")).unwrap_or_default();
    view! {
        <li>
            <span class="grow"><A href=format!("/imports/{}", item.id)><b>{item.file_name}</b></A><br /><small class="muted num">{counts}" · "{format::instant(item.created_at)}{by}</small></span>
            <Pill label=item.state.label(lang()) tone=tone />
        </li>
    }
}

/// A file of the browser on its way through a callback, which wants what may cross threads. There is one thread.
mod send_file {
    use leptos::prelude::*;

    #[derive(Clone, Copy)]
    pub struct Picked(StoredValue<web_sys::File, LocalStorage>);

    impl Picked {
        pub fn new(file: web_sys::File) -> Picked {
            Picked(StoredValue::new_local(file))
        }

        pub fn take(self) -> web_sys::File {
            self.0.get_value()
        }
    }
}

/// The file that was uploaded last, so that another sheet of it can be read without choosing the file again.
pub mod last {
    use dto::ImportId;
    use dto::imports::ImportQuery;
    use std::cell::RefCell;

    thread_local! {
        static LAST: RefCell<Option<(ImportId, web_sys::File, ImportQuery)>> = const { RefCell::new(None) };
    }

    pub fn keep(id: ImportId, file: web_sys::File, query: ImportQuery) {
        LAST.set(Some((id, file, query)));
    }

    /// The file of this import, while the page has not been loaded anew since.
    pub fn of(id: ImportId) -> Option<(web_sys::File, ImportQuery)> {
        LAST.with_borrow(|last| {
            last.as_ref().filter(|(of, _, _)| *of == id).map(|(_, file, query)| (file.clone(), query.clone()))
        })
    }
}
