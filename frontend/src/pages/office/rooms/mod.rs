//! The rooms of a school: a plan by building and floor, a list with filters, door labels, the register as a file.

mod fields;
mod room;

pub use room::RoomPage;

use super::figures::number;
use crate::api::rooms as api;
use crate::i18n::{Text, lang, t, texts, tf};
use crate::pages::filters::Filters;
use crate::pages::records::pick::{of_school, searched};
use crate::state::who;
use crate::ui::{
    Button, Dialog, Empty, Form, FormFault, Header, Icon, Look, Pill, SearchField, SelectField, Tone, choose_school, file, load,
    or_all, pages, save_as, table, toast,
};
use dto::UnitId;
use dto::access::Permission;
use dto::rooms::*;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;

texts! {
    TITLE: "Phòng của trường", "Rooms";
    UNDER: "Từng phòng với loại, kết cấu, diện tích, tình trạng qua các năm. Số liệu kiểm kê hằng năm được đếm từ đây.", "Each room with its kind, construction, area and condition over the years. The yearly count is made of it.";
    FIND: "Tìm phòng", "Find a room";
    HOLDER: "Mã, tên hay nhà, không cần dấu", "Code, name or building";
    KIND: "Loại phòng", "Kind";
    CONSTRUCTION: "Kết cấu", "Construction";
    CONDITION: "Tình trạng", "Condition";
    BUILDING: "Nhà", "Building";
    IN_USE: "Đang dùng", "In use";
    ENDED: "Thôi dùng", "No more in use";
    USE: "Sử dụng", "Use";
    ADD: "Thêm phòng", "Add a room";
    ADDED: "Đã thêm phòng {code}", "Room {code} is added";
    DOORS: "In biển phòng", "Door labels";
    DRAWING: "Đang lập biển phòng…", "Drawing the labels…";
    FILE: "Sổ phòng (Excel)", "Register (Excel)";
    NONE: "Chưa có phòng nào như vậy", "No such rooms";
    NONE_TEXT: "Thêm từng phòng, hoặc nhập cả danh sách từ Excel ở mục Nhập từ tệp.", "Add rooms one by one, or bring the list in from Excel under Import from files.";
    PLAN: "Sơ đồ", "Plan";
    LIST: "Danh sách", "List";
    VIEW: "Cách xem", "View";
    FLOOR: "Tầng {floor}", "Floor {floor}";
    ONE_HOUSE: "Các phòng", "Rooms";
    SEATS: "{n} chỗ", "{n} seats";
    ROOMS: "{n} phòng", "{n} rooms";
    AREA: "{n} m²", "{n} m²";
    CLASSES: "Lớp", "Classes";
    NAME: "Tên phòng", "Name";
    PLACE: "Nơi", "Place";
    AREA_HEAD: "Diện tích", "Area";
}

pub(super) fn tone(condition: RoomCondition) -> Tone {
    match condition {
        RoomCondition::Good => Tone::Ok,
        RoomCondition::Repair => Tone::Warn,
        RoomCondition::Unusable => Tone::Bad,
    }
}

/// Square decimetres as people write square metres.
pub(super) fn metres(dm2: i64) -> String {
    let comma = crate::i18n::lang().pick(",", ".");
    match (dm2 / 100, dm2 % 100) {
        (whole, 0) => number(whole),
        (whole, part) if part % 10 == 0 => format!("{}{comma}{}", number(whole), part / 10),
        (whole, part) => format!("{}{comma}{part:02}", number(whole)),
    }
}

pub(super) fn place(room: &RoomItem) -> String {
    let floor = tf(FLOOR, &[("floor", &room.floor.to_string())]);
    if room.building.is_empty() { floor } else { format!("{} · {floor}", room.building) }
}

/// Rooms as they lie; the other look is a list.
const PLAN_LOOK: &str = "plan";

#[component]
pub fn RoomsPage() -> impl IntoView {
    let filters = Filters::new();
    let school = filters.school();
    let may = who().can(Permission::FacilityWrite);
    let (q, kind, construction) = (filters.text("q"), filters.text("kind"), filters.text("construction"));
    let (condition, building, ended) = (filters.text("condition"), filters.text("building"), filters.text("use"));
    let look = filters.text_or("look", PLAN_LOOK);
    let planned = move || *look.read() == PLAN_LOOK;
    let asked = move || RoomQuery {
        q: searched(q),
        kind: kind.get().parse().ok(),
        construction: construction.get().parse().ok(),
        condition: condition.get().parse().ok(),
        building: Some(building.get()).filter(|building| !building.is_empty()),
        floor: None,
        ended: (ended.get() == "ended").then_some(true),
    };
    let list = pages(move |after| {
        let (school, asked) = (school.id(), asked());
        async move { of_school(school, async |school| api::list(school, &asked, after).await).await }
    });
    let counts = load(move || {
        let school = school.id();
        async move {
            match school {
                Some(school) => api::counts(school).await.map(Some),
                None => Ok(None),
            }
        }
    });
    let (adding, form) = (RwSignal::new(false), Form::new());
    let doors = Callback::new(move |()| {
        let Some(school) = school.id() else { return };
        let asked = untrack(asked);
        toast::say(t(DRAWING));
        form.send(async move { api::doors(school, &asked).await }, |blob| file::open(&blob, "bien-phong.pdf"));
    });
    let save = Callback::new(move |()| {
        let Some(school) = school.id() else { return };
        form.send(async move { api::file(school).await }, |blob| save_as(&blob, "phong.xlsx"));
    });
    let navigate = use_navigate();
    let done = Callback::new(move |made: Room| {
        adding.set(false);
        toast::say(tf(ADDED, &[("code", &made.item.code)]));
        navigate(&format!("/office/rooms/{}/{}", made.school_id, made.item.id), NavigateOptions::default());
    });
    let buildings = Signal::derive(move || {
        let known = counts.get().flatten().map(|counts| counts.buildings).unwrap_or_default();
        or_all(known.into_iter().filter(|b| !b.name.is_empty()).map(|b| (b.name.clone(), b.name)))
    });
    let kinds = or_all(RoomKind::ALL.iter().map(|v| (v, v.label(lang()))));
    let constructions = or_all(Construction::ALL.iter().map(|v| (v, v.label(lang()))));
    let conditions = or_all(RoomCondition::ALL.iter().map(|v| (v, v.label(lang()))));
    let uses = vec![(String::new(), t(IN_USE).to_owned()), ("ended".to_owned(), t(ENDED).to_owned())];
    let switch = move |which: &'static str, label: Text| {
        view! {
            <button type="button" aria-pressed=move || (*look.read() == which).to_string() on:click=move |_| look.set(which.to_owned())>{t(label)}</button>
        }
    };
    view! {
        <Header title=t(TITLE) under=t(UNDER)>
            {list.export("phong")}
            <Button label=t(DOORS) glyph=Icon::Print busy=form.busy on_press=doors />
            <Button label=t(FILE) glyph=Icon::Table disabled=form.busy on_press=save />
            {may.then(|| view! { <Button label=t(ADD) look=Look::Primary glyph=Icon::Plus on_press=Callback::new(move |()| adding.set(true)) /> })}
        </Header>
        <FormFault form=form />
        <div class="filters">
            {school.field("rooms-school")}
            <SearchField label=t(FIND) name="rooms-q" value=q placeholder=t(HOLDER) />
            <SelectField label=t(BUILDING) name="rooms-building" value=building options=buildings />
            <SelectField label=t(KIND) name="rooms-kind" value=kind options=Signal::stored(kinds) />
            <SelectField label=t(CONSTRUCTION) name="rooms-construction" value=construction options=Signal::stored(constructions) />
            <SelectField label=t(CONDITION) name="rooms-condition" value=condition options=Signal::stored(conditions) />
            <SelectField label=t(USE) name="rooms-ended" value=ended options=Signal::stored(uses) />
            {filters.show()}
        </div>
        <div class="row">
            <div class="either no-print" role="group" aria-label=t(VIEW)>{switch(PLAN_LOOK, PLAN)}{switch("list", LIST)}</div>
            {move || counts.get().flatten().map(|counts| view! {
                <Pill label=tf(ROOMS, &[("n", &counts.rooms.to_string())]) tone=Tone::Info />
                <Pill label=tf(AREA, &[("n", &metres(counts.area_dm2))]) />
            })}
        </div>
        {list.show(move |items| {
            let Some(school) = school.id() else {
                return choose_school();
            };
            if items.is_empty() {
                return view! { <div class="panel"><Empty title=t(NONE) text=t(NONE_TEXT) glyph=Icon::Home /></div> }.into_any();
            }
            if planned() { plan(school, items) } else { listed(school, items) }
        })}
        <Dialog open=adding title=t(ADD)>{move || school.id().map(|school| view! { <fields::Add school=school done=done /> })}</Dialog>
    }
    .into_any()
}

/// Rooms by floor.
type Floors = Vec<(i16, Vec<RoomItem>)>;

/// Each building with its floors, the highest above: as one sees the house from the yard.
fn plan(school: UnitId, items: Vec<RoomItem>) -> AnyView {
    let mut houses: Vec<(String, Floors)> = Vec::new();
    for room in items {
        let at = match houses.iter().position(|(name, _)| *name == room.building) {
            Some(at) => at,
            None => {
                houses.push((room.building.clone(), Vec::new()));
                houses.len() - 1
            }
        };
        let floors = &mut houses[at].1;
        match floors.iter_mut().find(|(floor, _)| *floor == room.floor) {
            Some((_, rooms)) => rooms.push(room),
            None => floors.push((room.floor, vec![room])),
        }
    }
    let houses = houses
        .into_iter()
        .map(|(name, mut floors)| {
            floors.sort_by_key(|(floor, _)| std::cmp::Reverse(*floor));
            let title = if name.is_empty() { t(ONE_HOUSE).to_owned() } else { name };
            let floors = floors
                .into_iter()
                .map(|(floor, rooms)| {
                    let rooms = rooms.into_iter().map(|room| card(school, room)).collect_view();
                    view! { <h3>{tf(FLOOR, &[("floor", &floor.to_string())])}</h3><ul class="floor">{rooms}</ul> }
                })
                .collect_view();
            view! { <section class="panel house"><header><h2>{title}</h2></header><div class="body">{floors}</div></section> }
        })
        .collect_view();
    houses.into_any()
}

fn card(school: UnitId, room: RoomItem) -> AnyView {
    let classes: Vec<&str> = room.classes.iter().map(|class| class.name.as_str()).collect();
    let area = room.area_dm2.map(|dm2| tf(AREA, &[("n", &metres(dm2.into()))]));
    let facts = [area.clone(), room.seats.map(|seats| tf(SEATS, &[("n", &seats.to_string())]))];
    let facts = facts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let sits = (!classes.is_empty()).then(|| classes.join(", "));
    let (condition, about) = (room.condition, room.construction.label(lang()));
    // As in the list: what an export reads.
    let columns = [
        (NAME, format!("{} · {}", room.code, room.name)),
        (CLASSES, classes.join(", ")),
        (CONDITION, condition.label(lang()).to_owned()),
        (PLACE, place(&room)),
        (KIND, room.kind.label(lang()).to_owned()),
        (CONSTRUCTION, about.to_owned()),
        (AREA_HEAD, area.unwrap_or_default()),
    ];
    let columns = columns.into_iter().map(|(head, text)| view! { <span hidden data-col=t(head)>{text}</span> }).collect_view();
    view! {
        <li data-row=""><A href=format!("/office/rooms/{school}/{}", room.id) attr:class="room-card">
            <b class="num">{room.code}</b>
            {sits.map(|sits| view! { <span class="sits">{sits}</span> })}
            <span>{room.name}</span>
            <small>{about}{(!facts.is_empty()).then(|| format!(" · {facts}"))}</small>
            {(condition != RoomCondition::Good).then(|| view! { <Pill label=condition.label(lang()) tone=tone(condition) /> })}
            {columns}
        </A></li>
    }
    .into_any()
}

fn listed(school: UnitId, items: Vec<RoomItem>) -> AnyView {
    let rows = items
        .into_iter()
        .map(|room| {
            let classes: Vec<&str> = room.classes.iter().map(|class| class.name.as_str()).collect();
            let (at, classes) = (place(&room), classes.join(", "));
            view! {
                <tr>
                    <th scope="row"><A href=format!("/office/rooms/{school}/{}", room.id) attr:class="row-link">{room.code}" · "{room.name}</A><small class="show-narrow">{at.clone()}</small></th>
                    <td>{classes}</td>
                    <td><Pill label=room.condition.label(lang()) tone=tone(room.condition) /></td>
                    <td class="hide">{at}</td>
                    <td class="hide">{room.kind.label(lang())}</td>
                    <td class="hide">{room.construction.label(lang())}</td>
                    <td class="hide num">{room.area_dm2.map(|dm2| tf(AREA, &[("n", &metres(dm2.into()))]))}</td>
                </tr>
            }
            .into_any()
        })
        .collect();
    table(t(TITLE), &[NAME, CLASSES, CONDITION], &[PLACE, KIND, CONSTRUCTION, AREA_HEAD], rows)
}
