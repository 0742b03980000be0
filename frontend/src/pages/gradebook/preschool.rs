//! The assessment of a preschool class: at the end of a theme or of the age stage, the outcomes of the programme or the standards of
//! five-year-olds. Children down, items across, one domain at a time.

use super::nowhere;
use super::preschool_grid::{Grid, GridView};
use crate::api::preschool;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::params::param;
use crate::pages::records::class::{class_head, class_of_address};
use crate::ui::{Button, DateField, Dialog, Empty, Field, Form, FormFault, Icon, Loader, Look, SelectField, icon, load};
use dto::ClassId;
use dto::access::Permission;
use dto::preschool::{PreschoolList, PreschoolSheet, PreschoolStages, PutPreschoolStage};
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    LISTS: "Đánh giá theo", "Assess by";
    STAGE: "Thời điểm", "Stage";
    THEME: "Chủ đề {n}: {name}", "Theme {n}: {name}";
    NEW_THEME: "Thêm chủ đề", "Add a theme";
    THEME_NAME: "Tên chủ đề", "Name of the theme";
    THEME_HOLDER: "ví dụ: Trường mầm non", "for example: Our nursery school";
    ENDS_ON: "Ngày kết thúc", "Ends on";
    READ_ONLY: "Bạn xem được bảng này; cô chủ nhiệm lớp đánh giá.", "You may read this; the class teacher assesses.";
    NO_ITEMS: "Trường chưa có danh sách kết quả mong đợi cho độ tuổi này", "The school has no list of outcomes for this age yet";
    NO_ITEMS_TEXT: "Ban giám hiệu nhập danh sách theo kế hoạch giáo dục của trường, rồi các lớp cùng độ tuổi dùng chung.", "The school's leaders enter the list of the school's plan; all classes of the age share it.";
    EDIT_ITEMS: "Danh sách của trường", "The school's list";
    NO_RANK: "Mỗi trẻ Đạt hoặc Chưa đạt theo từng nội dung; không cộng điểm, không xếp hạng, không so sánh giữa các trẻ.", "Each child by itself, achieved or not yet: no points, no ranks, no comparison.";
}

#[component]
pub fn PreschoolPage() -> impl IntoView {
    let (_, class) = class_of_address();
    let (id, list) = (param::<ClassId>("class"), param::<PreschoolList>("list"));
    let stages = load(move || {
        let place = id.get().zip(list.get());
        async move {
            let (id, list) = place.ok_or_else(nowhere)?;
            preschool::stages(id, list).await
        }
    });
    let print = Callback::new(move |()| {
        let _ = window().print();
    });
    view! {
        {class.show(move |class| class_head(&class, view! { <Button label=t(tx::PRINT) glyph=Icon::Print on_press=print /> }.into_any()))}
        {stages.show(move |answer| page(answer, list.get_untracked().unwrap_or(PreschoolList::Outcomes), stages))}
    }
}

fn page(stages: PreschoolStages, list: PreschoolList, loader: Loader<PreschoolStages>) -> AnyView {
    let class = stages.class_id;
    // The latest theme that there is, else the end of the age stage.
    let first = stages.stages.iter().map(|s| s.number).max().unwrap_or(0);
    let chosen = RwSignal::new(first.to_string());
    let adding = RwSignal::new(false);
    let options: Vec<(String, String)> = stages
        .stages
        .iter()
        .map(|stage| {
            let name = match stage.number {
                0 => stage.name.clone(),
                n => tf(THEME, &[("n", &n.to_string()), ("name", &stage.name)]),
            };
            (stage.number.to_string(), name)
        })
        .collect();
    let sheet = load(move || {
        let stage = chosen.read().parse::<u8>().unwrap_or(0);
        async move { preschool::sheet(class, list, stage).await }
    });
    let several = stages.lists.len() > 1;
    let ways = several.then(|| {
        let ways = stages
            .lists
            .iter()
            .map(|to| {
                let to = *to;
                let here = (to == list).then_some("page");
                view! { <A href=format!("/classes/{class}/preschool/{to}") attr:aria-current=here>{to.label(lang())}</A> }
            })
            .collect_view();
        view! { <nav class="tabs" aria-label=t(LISTS)>{ways}</nav> }
    });
    let next = first + 1;
    view! {
        <div class="preschool stack">
            <div class="switch no-print">{ways}</div>
            <div class="filters">
                <SelectField label=t(STAGE) name="stage" value=chosen options=Signal::stored(options) />
                {stages.writable.then(|| view! { <Button label=t(NEW_THEME) glyph=Icon::Plus on_press=Callback::new(move |()| adding.set(true)) /> })}
            </div>
            {sheet.show(sheet_view)}
            <p class="quiet">{t(NO_RANK)}</p>
            <Dialog open=adding title=t(NEW_THEME)><NewTheme class=class number=next done=Callback::new(move |()| { adding.set(false); loader.reload() }) /></Dialog>
        </div>
    }
    .into_any()
}

fn sheet_view(sheet: PreschoolSheet) -> AnyView {
    let edit = crate::state::who().can(Permission::ClassWrite).then(|| {
        let href = format!("/units/{}/preschool/{}/{}", sheet.school_id, sheet.list, sheet.grade);
        view! { <A href=href attr:class="btn no-print">{icon(Icon::Table)}{t(EDIT_ITEMS)}</A> }
    });
    if sheet.items.is_empty() {
        return view! { <div class="panel"><Empty title=t(NO_ITEMS) text=t(NO_ITEMS_TEXT) glyph=Icon::Book>{edit}</Empty></div> }
            .into_any();
    }
    let writable = sheet.writable;
    let title = format!("{} · {} · {} · {}", sheet.list.label(lang()), sheet.stage.name, sheet.class_name, sheet.school_name);
    view! {
        <h2 class="only-print">{title}</h2>
        {edit}
        {(!writable).then(|| view! { <p class="strip info no-print">{icon(Icon::Eye)}<span>{t(READ_ONLY)}</span></p> })}
        <GridView grid=Grid::new(sheet) />
    }
    .into_any()
}

#[component]
fn NewTheme(class: ClassId, number: u8, done: Callback<()>) -> impl IntoView {
    let (name, ends_on) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let form = Form::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let body = PutPreschoolStage { name: name.get_untracked(), ends_on: ends_on.get_untracked().parse().ok(), version: 0 };
        let call = async move { preschool::put_stage(class, number, &body).await };
        form.send(call, move |_| done.run(()));
    };
    view! {
        <form class="stack" on:submit=submit>
            <FormFault form=form fields=&["/name"] />
            <Field label=t(THEME_NAME) name="theme_name" value=name required=true autofocus=true max=200 hint=t(THEME_HOLDER) fault=form.fault("/name") />
            <DateField label=t(ENDS_ON) name="theme_ends" value=ends_on />
            <footer><Button label=t(tx::SAVE) look=Look::Primary busy=form.busy /></footer>
        </form>
    }
}
