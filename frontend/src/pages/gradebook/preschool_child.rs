//! What a family sees of a preschool child: what the child reaches already, and what is being practised at school and at home.

use crate::api::preschool;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::ui::{Empty, Icon, icon, load};
use dto::LearnerId;
use dto::preschool::{ChildItem, ChildPreschool, ChildStage};
use leptos::prelude::*;
use regulations::preschool::{Domain, Outcome};

texts! {
    NOTHING: "Cô chưa ghi đánh giá nào trong năm học này", "No assessment yet this school year";
    NOTHING_TEXT: "Đánh giá hiện ở đây sau mỗi chủ đề và khi kết thúc độ tuổi.", "Assessments appear here after each theme and at the end of the age stage.";
    CAN: "Con đã làm được", "Your child can already";
    PRACTISE: "Con đang tập, gia đình cùng giúp con", "Still practising; the family can help";
    UNTIL: "đến {day}", "until {day}";
    ITEM: "Mục {code}", "Item {code}";
    TEACHER: "Cô chủ nhiệm: {name}", "Class teacher: {name}";
    ABOUT: "Mỗi trẻ lớn lên theo nhịp riêng. Nhà trường không xếp hạng và không so sánh các con với nhau.", "Every child grows at its own pace. The school neither ranks nor compares children.";
}

#[component]
pub fn PreschoolChild(id: LearnerId) -> impl IntoView {
    load(move || async move { preschool::of_child(id).await }).show(page)
}

fn page(child: ChildPreschool) -> AnyView {
    let under = format!("{} {} · {} · {}", t(tx::CLASS), child.class_name, child.school_name, child.school_year);
    let teacher = child.homeroom.as_ref().map(|name| tf(TEACHER, &[("name", name)]));
    let body = if child.stages.is_empty() {
        view! { <div class="panel"><Empty title=t(NOTHING) text=t(NOTHING_TEXT) glyph=Icon::Book /></div> }.into_any()
    } else {
        child.stages.into_iter().map(stage).collect_view().into_any()
    };
    view! {
        <section class="who"><h2>{child.full_name}</h2><p class="muted">{under}</p>{teacher.map(|t| view! { <p class="muted">{t}</p> })}</section>
        {body}
        <p class="strip info">{icon(Icon::Info)}<span>{t(ABOUT)}</span></p>
    }
    .into_any()
}

fn stage(stage: ChildStage) -> AnyView {
    let until = stage.ends_on.map(|day| view! { <span class="quiet num">{tf(UNTIL, &[("day", &format::date(day))])}</span> });
    let part = |outcome: Outcome, title: &'static str, glyph: Icon| {
        let items: Vec<&ChildItem> = stage.items.iter().filter(|item| item.outcome == outcome).collect();
        (!items.is_empty()).then(|| {
            let mut domains: Vec<Domain> = Vec::new();
            for item in &items {
                if !domains.contains(&item.domain) {
                    domains.push(item.domain);
                }
            }
            let groups = domains
                .into_iter()
                .map(|domain| {
                    let lines = items
                        .iter()
                        .filter(|item| item.domain == domain)
                        .map(|item| {
                            let text = if item.text.is_empty() { tf(ITEM, &[("code", &item.code)]) } else { item.text.clone() };
                            view! { <li>{text}</li> }
                        })
                        .collect_view();
                    view! { <li><b>{lang().pick(domain.vi(), domain.en())}</b><ul class="reached">{lines}</ul></li> }
                })
                .collect_view();
            let class = if outcome == Outcome::Achieved { "reach yes" } else { "reach not" };
            view! { <div class=class><h3>{icon(glyph)}{title}</h3><ul>{groups}</ul></div> }
        })
    };
    let (can, practise) = (part(Outcome::Achieved, t(CAN), Icon::Check), part(Outcome::NotYet, t(PRACTISE), Icon::Clock));
    view! {
        <section class="panel preschool-child">
            <header><h2 class="grow">{stage.name.clone()}</h2><span class="quiet">{stage.list.label(lang())}</span>{until}</header>
            <div class="body stack">{can}{practise}</div>
        </section>
    }
    .into_any()
}
