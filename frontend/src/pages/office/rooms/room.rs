//! One room: what the QR code on its door opens. Who sits here, what stands here, how it was over the years.

use super::super::equipment::{printed, tone as state_tone};
use super::super::photos::{self, Shown};
use super::fields::Edit;
use super::{metres, place, tone};
use crate::api::rooms as api;
use crate::format;
use crate::i18n::{lang, t, texts, tf};
use crate::pages::params::param;
use crate::ui::{Button, Crumb, Dialog, Form, FormFault, Header, Icon, Loader, NotFound, Pill, load, toast};
use dto::equipment::EquipmentItem;
use dto::rooms::*;
use dto::{RoomId, UnitId};
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    LIST: "Phòng của trường", "Rooms";
    EDIT: "Sửa thông tin", "Edit";
    SAVED: "Đã lưu phòng {code}", "Room {code} is saved";
    BACK: "Đã đưa về như trước", "It is as it was";
    PLACE: "Nơi", "Place";
    KIND: "Loại phòng", "Kind";
    CONSTRUCTION: "Kết cấu", "Construction";
    AREA: "Diện tích", "Area";
    SEATS: "Số chỗ ngồi", "Seats";
    BUILT: "Năm xây dựng", "Built in";
    CLASSES: "Lớp đang ngồi", "Classes";
    FORMER: "Các năm trước", "Former years";
    ENDED: "Thôi dùng từ ngày", "No more in use from";
    NOTE: "Ghi chú", "Note";
    EQUIPMENT: "Thiết bị trong phòng", "What stands here";
    NO_EQUIPMENT: "Chưa gắn thiết bị nào với phòng này. Mở một món trong Sổ thiết bị rồi chọn phòng.", "Nothing is linked with this room. Open an item of the inventory and choose the room.";
    YEARS: "Tình trạng qua các năm", "Condition over the years";
    HISTORY: "Lịch sử", "History";
    FIRST: "Lập phòng", "Entered";
    CHANGED: "Sửa: {fields}", "Changed: {fields}";
    RESTORE: "Đưa về bản này", "Back to this";
    BY: "{who} · {at}", "{who} · {at}";
}

/// The fields of a body by the words of the form.
fn field(name: &str) -> &'static str {
    let (vi, en) = match name {
        "code" => ("mã", "code"),
        "name" => ("tên", "name"),
        "building" => ("nhà", "building"),
        "floor" => ("tầng", "floor"),
        "kind" => ("loại phòng", "kind"),
        "construction" => ("kết cấu", "construction"),
        "condition" => ("tình trạng", "condition"),
        "area_dm2" => ("diện tích", "area"),
        "seats" => ("số chỗ", "seats"),
        "built_year" => ("năm xây dựng", "year"),
        "class_ids" => ("lớp", "classes"),
        "ended_on" => ("ngày thôi dùng", "end"),
        _ => ("ghi chú", "note"),
    };
    lang().pick(vi, en)
}

#[component]
pub fn RoomPage() -> impl IntoView {
    let (school, id) = (param::<UnitId>("school"), param::<RoomId>("room"));
    let room = load(move || {
        let (school, id) = (school.get(), id.get());
        async move {
            match school.zip(id) {
                Some((school, id)) => api::room(school, id).await.map(Some),
                None => Ok(None),
            }
        }
    });
    view! {
        {room.show(move |found| match found {
            Some(found) => shown(found, room),
            None => view! { <NotFound /> }.into_any(),
        })}
    }
}

fn shown(found: Room, room: Loader<Option<Room>>) -> AnyView {
    let editing = RwSignal::new(false);
    let kept = StoredValue::new(found.clone());
    let fact = |label: &'static str, value: Option<String>| {
        value.filter(|v| !v.is_empty()).map(|value| view! { <dt>{label}</dt><dd>{value}</dd> })
    };
    let names = |classes: &[RoomClass], year: bool| {
        let name = |c: &RoomClass| if year { format!("{} ({})", c.name, c.school_year) } else { c.name.clone() };
        classes.iter().map(name).collect::<Vec<_>>().join(", ")
    };
    let done = Callback::new(move |saved: Room| {
        editing.set(false);
        let (code, before) = (saved.item.code.clone(), kept.get_value());
        let (school, id, version) = (saved.school_id, saved.item.id, saved.item.version);
        room.set(Some(saved));
        let said = tf(SAVED, &[("code", &code)]);
        let Some(body) = before.versions.first().map(|v| v.body.clone()) else { return toast::say(said) };
        toast::with_undo(said, move || restore(school, id, version, body.clone(), room));
    });
    let item = found.item.clone();
    let title = format!("{} · {}", item.code, item.name);
    view! {
        <Header title=title crumbs=vec![Crumb(t(LIST).to_owned(), "/office/rooms".to_owned())] under=found.school_name.clone()>
            <Pill label=item.condition.label(lang()) tone=tone(item.condition) />
            {found.writable.then(|| view! { <Button label=t(EDIT) on_press=Callback::new(move |()| editing.set(true)) /> })}
        </Header>
        <section class="panel"><dl class="body facts">
            {fact(t(PLACE), Some(place(&item)))}
            {fact(t(KIND), Some(item.kind.label(lang()).to_owned()))}
            {fact(t(CONSTRUCTION), Some(item.construction.label(lang()).to_owned()))}
            {fact(t(AREA), item.area_dm2.map(|dm2| format!("{} m²", metres(dm2.into()))))}
            {fact(t(SEATS), item.seats.map(|n| n.to_string()))}
            {fact(t(BUILT), found.built_year.map(|n| n.to_string()))}
            {fact(t(CLASSES), Some(names(&item.classes, false)))}
            {fact(t(FORMER), Some(names(&found.former_classes, true)))}
            {fact(t(ENDED), item.ended_on.map(format::date))}
            {fact(t(NOTE), found.note.clone())}
        </dl></section>
        {years(&found.conditions)}
        {equipment(found.equipment.clone())}
        {photos::of(found.school_id, Shown::Room(item.id), found.writable)}
        <History found=found room=room />
        <Dialog open=editing title=t(EDIT)><Edit room=kept.get_value() done=done /></Dialog>
    }
    .into_any()
}

/// Writes a former version as the next one.
fn restore(school: UnitId, id: RoomId, version: i64, body: PutRoom, room: Loader<Option<Room>>) {
    leptos::task::spawn_local(async move {
        match api::put_room(school, id, version, &body).await {
            Ok(saved) => {
                room.set(Some(saved));
                toast::say(t(BACK));
            }
            Err(error) => toast::say(error.text()),
        }
    });
}

fn years(conditions: &[RoomYear]) -> AnyView {
    let rows = conditions
        .iter()
        .map(|year| {
            view! {
                <li><b class="num grow">{year.year}</b><span class="quiet">{year.construction.label(lang())}</span><Pill label=year.condition.label(lang()) tone=tone(year.condition) /></li>
            }
        })
        .collect_view();
    view! { <section class="panel"><header><h2>{t(YEARS)}</h2></header><ul class="lines">{rows}</ul></section> }.into_any()
}

fn equipment(items: Vec<EquipmentItem>) -> AnyView {
    let none = items.is_empty().then(|| view! { <p class="body quiet">{t(NO_EQUIPMENT)}</p> });
    let rows = items
        .into_iter()
        .map(|item| {
            let (href, code) = (format!("/office/equipment/{}", item.code), printed(&item.code));
            view! {
                <li>
                    <div class="grow"><A href=href attr:class="row-link">{item.name}</A><p class="quiet num">{code}</p></div>
                    <Pill label=item.state.label(lang()) tone=state_tone(item.state) />
                </li>
            }
        })
        .collect_view();
    view! { <section class="panel"><header><h2>{t(EQUIPMENT)}</h2></header>{none}<ul class="lines">{rows}</ul></section> }
        .into_any()
}

#[component]
fn History(found: Room, room: Loader<Option<Room>>) -> impl IntoView {
    let form = Form::new();
    let (school, id, version, writable) = (found.school_id, found.item.id, found.item.version, found.writable);
    let rows = found
        .versions
        .into_iter()
        .map(|was| {
            let by = tf(BY, &[("who", &was.by), ("at", &format::instant(was.at))]);
            let what = match was.changed.as_slice() {
                [] => t(FIRST).to_owned(),
                changed => tf(CHANGED, &[("fields", &changed.iter().map(|name| field(name)).collect::<Vec<_>>().join(", "))]),
            };
            let body = was.body.clone();
            let back = Callback::new(move |()| {
                let body = body.clone();
                form.send(async move { api::put_room(school, id, version, &body).await }, move |saved| {
                    room.set(Some(saved));
                    toast::say(t(BACK));
                });
            });
            view! {
                <li>
                    <div class="grow"><b>{what}</b><p class="quiet num">{by}</p></div>
                    <Pill label=was.body.condition.label(lang()) tone=tone(was.body.condition) />
                    {(writable && was.version != version).then(|| view! { <Button label=t(RESTORE) small=true glyph=Icon::Undo disabled=form.busy on_press=back /> })}
                </li>
            }
        })
        .collect_view();
    view! { <section class="panel no-print"><header><h2>{t(HISTORY)}</h2></header><FormFault form=form /><ul class="lines">{rows}</ul></section> }
        .into_any()
}
