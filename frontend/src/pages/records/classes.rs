//! The classes of a school in a school year.

use crate::api::records;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::filters::Filters;
use crate::pages::records::class_forms::NewClass;
use crate::pages::records::pick::searched;
use crate::state::{calendar, who};
use crate::ui::{Button, Dialog, Empty, Header, Icon, Look, SearchField, SelectField, icon, or_all, pages, toast};
use dto::access::Permission;
use dto::calendar::Grade;
use dto::classes::{Class, ClassQuery};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;

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
    let filters = Filters::new();
    let school = filters.school();
    let (q, grade, year) = (filters.text("q"), filters.text("grade"), filters.text("year"));
    let classes = pages(move |after| {
        let query = ClassQuery {
            school_id: school.id(),
            school_year_id: year.get().parse().ok(),
            grade: grade.get().parse().ok(),
            q: searched(q),
        };
        async move { records::classes(&query, after).await }
    });
    let grades = or_all(Grade::ALL.iter().map(|g| (g, g.label(lang()))));
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
            {classes.export("lop-hoc")}
            {who.can(Permission::ImportWrite).then(|| view! { <A href="/office/imports" attr:rel="external" attr:class="btn">{icon(Icon::Upload)}{t(tx::IMPORT)}</A> })}
            {who.can(Permission::ClassWrite).then(|| view! { <Button label=t(NEW) look=Look::Primary glyph=Icon::Plus on_press=Callback::new(move |()| adding.set(true)) /> })}
        </Header>
        <div class="filters">
            <SearchField label=t(FIND_CLASS) name="q" value=q placeholder=t(HOLDER) />
            {school.field("school")}
            <SelectField label=t(tx::GRADE) name="grade" value=grade options=grades />
            <SelectField label=t(tx::SCHOOL_YEAR) name="year" value=year options=years />
            {filters.show()}
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
            let grade = grade.label(lang());
            let learners: u32 = group.iter().map(|c| c.learners).sum();
            view! {
                <section class="stack">
                    <div class="row"><h2>{grade}</h2><span class="quiet num">{tf(tx::LEARNERS_N, &[("n", &format::count(learners.into()))])}</span></div>
                    <div class="tiles">
                        {group.into_iter().map(|class| tile(class, grade, several)).collect_view()}
                    </div>
                </section>
            }
        })
        .collect_view()
}

/// What carries `data-col` is what an export reads; what the heading above says of all is there hidden.
fn tile(class: Class, grade: &'static str, several: bool) -> AnyView {
    let homeroom = match class.homeroom {
        Some(homeroom) => view! { <small data-col=t(tx::HOMEROOM)>{homeroom.full_name}</small> }.into_any(),
        None => view! { <small>{t(tx::NO_HOMEROOM)}</small> }.into_any(),
    };
    let school = class.school_name;
    view! {
        <A href=format!("/classes/{}", class.id) attr:class="tile" attr:data-row="">
            <span class="row"><b class="grow" data-col=t(tx::CLASS)>{class.name}</b><span hidden data-col=t(tx::GRADE)>{grade}</span><span class="num muted r" data-col=t(tx::LEARNERS)>{class.learners}</span></span>
            {homeroom}
            {match several {
                true => view! { <small data-col=t(tx::SCHOOL)>{school}</small> }.into_any(),
                false => view! { <span hidden data-col=t(tx::SCHOOL)>{school}</span> }.into_any(),
            }}
            <span hidden data-col=t(tx::SCHOOL_YEAR)>{class.school_year}</span>
        </A>
    }
    .into_any()
}
