//! The learners that one reaches: found by name without marks or by code, by school and class.

use crate::api::records;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::filters::Filters;
use crate::pages::records::learner_forms::{NewLearner, Typed};
use crate::pages::records::pick::{School, searched};
use crate::state::who;
use crate::ui::{
    Button, Dialog, Empty, Header, Icon, Look, Pill, SearchField, SelectField, Tone, effect, load, or_all, pages, table, toast,
};
use dto::ClassId;
use dto::access::Permission;
use dto::calendar::Grade;
use dto::classes::{Class, ClassQuery};
use dto::learners::{LearnerItem, LearnerQuery};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;

texts! {
    FIND: "Tìm học sinh", "Find a learner";
    HOLDER: "Họ tên hoặc mã định danh", "Name or code";
    NEW: "Tiếp nhận học sinh", "Add a learner";
    NOBODY: "Không thấy học sinh nào", "No learner found";
    NOBODY_TEXT: "Thử chỉ gõ tên, không dấu: “anh”, “thi anh”, “nguyen thi anh”.", "Try the given name alone, without marks: “anh”, “thi anh”, “nguyen thi anh”.";
    ADDED: "Đã lập hồ sơ của {name}", "The record of {name} was made";
}

#[component]
pub fn Learners() -> impl IntoView {
    let who = who();
    let above = who.above_schools();
    let filters = Filters::new();
    let school = filters.school();
    let (q, grade, class) = (filters.text("q"), filters.text("grade"), filters.text("class"));
    let learners = pages(move |after| {
        let query = LearnerQuery {
            q: searched(q),
            school_id: if above { school.id() } else { None },
            grade: grade.read().parse().ok(),
            class_id: class.read().parse().ok(),
        };
        async move { records::learners(&query, 50, after).await }
    });
    let grades = or_all(Grade::ALL.iter().map(|g| (g, g.label(lang()))));
    let typed = Typed::asked().filter(|_| who.can(Permission::LearnerWrite));
    let adding = RwSignal::new(typed.is_some());
    let navigate = use_navigate();
    if typed.is_some() {
        // Asked once: a reload shows the list, and a number does not stay in the address.
        let school = untrack(|| school.id()).filter(|_| above).map(|id| format!("?school={id}")).unwrap_or_default();
        navigate(&format!("/learners{school}"), NavigateOptions { replace: true, ..NavigateOptions::default() });
    }
    let added = Callback::new(move |(learner, _): (dto::learners::Learner, chrono::NaiveDate)| {
        adding.set(false);
        toast::say(tf(ADDED, &[("name", &learner.full_name)]));
        navigate(&format!("/learners/{}", learner.id), NavigateOptions::default());
    });
    // For the first form alone: the next child is another.
    let typed = StoredValue::new(typed);
    view! {
        <Header title=t(tx::LEARNERS)>
            {learners.export("hoc-sinh")}
            {who.can(Permission::LearnerWrite).then(|| view! { <Button label=t(NEW) look=Look::Primary glyph=Icon::Plus on_press=Callback::new(move |()| adding.set(true)) /> })}
        </Header>
        <div class="filters">
            <SearchField label=t(FIND) name="q" value=q placeholder=t(HOLDER) />
            {above.then(|| school.field("school"))}
            {who.can(Permission::ClassRead).then(|| view! { <SelectField label=t(tx::GRADE) name="grade" value=grade options=grades /> })}
            {who.can(Permission::ClassRead).then(|| of_class(class, grade, school, above))}
            {filters.show()}
        </div>
        {learners.show(|items| {
            if items.is_empty() {
                return view! { <div class="panel"><Empty title=t(NOBODY) text=t(NOBODY_TEXT) glyph=Icon::People /></div> }.into_any();
            }
            let rows = items.into_iter().map(row).collect();
            table(t(tx::LEARNERS), &[tx::FULL_NAME, tx::CLASS, tx::BIRTH_DATE], &[tx::SEX, tx::SCHOOL, tx::STATUS], rows)
        })}
        <Dialog open=adding title=t(NEW)><NewLearner school=school typed=typed.try_update_value(Option::take).flatten() made=added /></Dialog>
    }
    .into_any()
}

/// The filter by class: those of the school and grade, and the one that is chosen, wherever it is.
fn of_class(class: RwSignal<String>, grade: RwSignal<String>, school: School, above: bool) -> AnyView {
    let classes = load(move || {
        let school_id = if above { school.id() } else { None };
        async move {
            match above && school_id.is_none() {
                true => Ok(Vec::new()),
                false => records::all_classes(ClassQuery { school_id, ..ClassQuery::default() }).await,
            }
        }
    });
    // Of a former year, or of a school that is not chosen.
    let known = move |id: &str| classes.get().unwrap_or_default().into_iter().find(|class| class.id.to_string() == id);
    let other = load(move || {
        let id = class.read().parse::<ClassId>().ok().filter(|id| classes.get().is_some() && known(&id.to_string()).is_none());
        async move {
            match id {
                Some(id) => records::class(id).await.map(Some),
                None => Ok(None),
            }
        }
    });
    let chosen = move || other.get().flatten().filter(|found: &Class| found.id.to_string() == *class.read());
    // Another grade has other classes, and so has another school.
    effect(move || {
        let found = known(&class.read()).or_else(chosen);
        let another = grade.read().parse::<Grade>().is_ok_and(|grade| found.is_some_and(|found| found.grade != grade));
        if another {
            class.set(String::new());
        }
    });
    effect(move || {
        let elsewhere = chosen().is_some_and(|found| school.id().is_some_and(|school| school != found.school_id));
        if above && elsewhere && classes.get().is_some() && !classes.busy() {
            class.set(String::new());
        }
    });
    let options = Signal::derive(move || {
        let grade = grade.read().parse::<Grade>().ok();
        let classes =
            classes.get().unwrap_or_default().into_iter().filter(|class| grade.is_none_or(|grade| class.grade == grade));
        let classes = classes.map(|class| (class.id, class.name));
        or_all(classes.chain(chosen().map(|found| (found.id, format!("{} · {}", found.name, found.school_year)))))
    });
    view! { <SelectField label=t(tx::CLASS) name="class" value=class options=options /> }.into_any()
}

fn row(learner: LearnerItem) -> AnyView {
    let class = learner.class_id.zip(learner.class_name);
    let state = learner.status.label(lang());
    let state = match learner.status.present() {
        true => view! { <span class="muted">{state}</span> }.into_any(),
        false => view! { <Pill label=state tone=Tone::Warn /> }.into_any(),
    };
    view! {
        <tr>
            <th scope="row"><A href=format!("/learners/{}", learner.id) attr:class="row-link">{format::name(&learner.full_name, &learner.given_name)}</A></th>
            <td>{class.map(|(id, name)| view! { <A href=format!("/classes/{id}") attr:class="row-link">{name}</A> })}</td>
            <td class="num">{format::date(learner.birth_date)}</td>
            <td class="hide">{learner.sex.label(lang())}</td>
            <td class="hide muted">{learner.school_name}</td>
            <td class="hide">{state}</td>
        </tr>
    }
    .into_any()
}
