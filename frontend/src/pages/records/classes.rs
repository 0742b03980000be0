//! The classes of a school in a school year.

use crate::api::records;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::records::class_forms::NewClass;
use crate::pages::records::pick::School;
use crate::state::{calendar, who};
use crate::ui::{Button, Dialog, Empty, Header, Icon, Look, SearchField, SelectField, icon, pages, toast};
use dto::access::Permission;
use dto::calendar::Grade;
use dto::classes::{Class, ClassQuery};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::{use_navigate, use_query_map};

texts! {
    FIND_CLASS: "Tìm lớp", "Find a class";
    HOLDER: "Ví dụ: 8A2", "Such as 8A2";
    NEW: "Thêm lớp", "Add a class";
    ADDED: "Đã thêm lớp {name}", "Class {name} was added";
    NO_CLASS: "Chưa có lớp nào", "There is no class yet";
    NO_CLASS_TEXT: "Nhập danh sách từ Excel sẽ tạo luôn các lớp trong tệp; hoặc thêm từng lớp.", "Importing a list from Excel makes the classes in it; or add them one by one.";
    CURRENT_YEAR: "Hiện tại", "The current school year";
}

#[component]
pub fn Classes() -> impl IntoView {
    let who = who();
    let given = use_query_map();
    let school = School::new();
    let q = RwSignal::new(String::new());
    let grade = RwSignal::new(String::new());
    let year = RwSignal::new(String::new());
    let classes = pages(move |after| {
        let query = ClassQuery {
            school_id: school.id().or_else(|| given.read().get("school").and_then(|s| s.parse().ok())),
            school_year_id: year.get().parse().ok(),
            grade: grade.get().parse().ok(),
            q: Some(q.get().trim().to_owned()).filter(|q| !q.is_empty()),
        };
        async move { records::classes(&query, after).await }
    });
    let grades = std::iter::once((String::new(), t(tx::ALL).to_owned()))
        .chain(Grade::ALL.iter().map(|g| (g.to_string(), g.label(lang()).to_owned())))
        .collect::<Vec<_>>();
    let years = Signal::derive(move || {
        let years = calendar().map(|c| c.years()).unwrap_or_default();
        std::iter::once((String::new(), t(CURRENT_YEAR).to_owned()))
            .chain(years.into_iter().map(|y| (y.id.to_string(), y.code)))
            .collect::<Vec<_>>()
    });
    let adding = RwSignal::new(false);
    let several = who.above_schools();
    let navigate = use_navigate();
    let made = Callback::new(move |class: Class| {
        adding.set(false);
        toast::say(tf(ADDED, &[("name", &class.name)]));
        navigate(&format!("/classes/{}", class.id), NavigateOptions::default());
    });
    view! {
        <Header title=t(tx::CLASSES)>
            {who.can(Permission::ImportWrite).then(|| view! { <A href="/office/imports" attr:rel="external" attr:class="btn">{icon(Icon::Upload)}{t(tx::IMPORT)}</A> })}
            {who.can(Permission::ClassWrite).then(|| view! { <Button label=t(NEW) look=Look::Primary glyph=Icon::Plus on_press=Callback::new(move |()| adding.set(true)) /> })}
        </Header>
        <div class="filters">
            <SearchField label=t(FIND_CLASS) name="q" value=q placeholder=t(HOLDER) />
            {school.field("school")}
            <SelectField label=t(tx::GRADE) name="grade" value=grade options=grades />
            <SelectField label=t(tx::SCHOOL_YEAR) name="year" value=year options=years />
        </div>
        {classes.show(move |items| {
            if items.is_empty() {
                return view! { <div class="panel"><Empty title=t(NO_CLASS) text=t(NO_CLASS_TEXT) glyph=Icon::Book /></div> }.into_any();
            }
            list(items, several).into_any()
        })}
        <Dialog open=adding title=t(NEW)>
            <NewClass school=school done=made />
        </Dialog>
    }
}

/// The classes by grade, each a tile to press.
fn list(items: Vec<Class>, several: bool) -> impl IntoView {
    let mut groups: Vec<(Grade, Vec<Class>)> = Vec::new();
    for class in items {
        match groups.last_mut() {
            Some((grade, group)) if *grade == class.grade => group.push(class),
            _ => groups.push((class.grade, vec![class])),
        }
    }
    groups
        .into_iter()
        .map(|(grade, group)| {
            let learners: u32 = group.iter().map(|c| c.learners).sum();
            view! {
                <section class="stack">
                    <div class="row"><h2>{grade.label(lang())}</h2><span class="quiet num">{tf(tx::LEARNERS_N, &[("n", &format::count(learners.into()))])}</span></div>
                    <div class="tiles">
                        {group.into_iter().map(|class| view! {
                            <A href=format!("/classes/{}", class.id) attr:class="tile">
                                <span class="row"><b class="grow">{class.name}</b><span class="num muted">{class.learners}</span></span>
                                <small>{class.homeroom.map(|h| h.full_name).unwrap_or_else(|| t(tx::NO_HOMEROOM).to_owned())}</small>
                                {several.then(|| view! { <small>{class.school_name}</small> })}
                            </A>
                        }).collect_view()}
                    </div>
                </section>
            }
        })
        .collect_view()
}
