//! One item: what the QR code of its label opens, on a phone before the thing itself.

use super::equipment::{Fields, printed, tone};
use super::figures::number;
use super::photos::{self, Shown};
use crate::api::equipment as api;
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::params::param;
use crate::pages::records::pick::filled;
use crate::ui::{Button, Crumb, Dialog, Field, Form, FormFault, Header, Icon, Loader, Look, NotFound, Pill, load, toast};
use dto::equipment::*;
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    LIST: "Sổ thiết bị", "Inventory";
    FOUND: "Còn, đúng chỗ", "Here, as it was";
    MOVED: "Chuyển chỗ", "Moved";
    REPAIR: "Cần sửa", "Needs repair";
    BROKEN: "Hỏng", "Broken";
    LOST: "Không tìm thấy", "Missing";
    GOOD: "Dùng tốt", "In good order";
    SAID: "Đã ghi: {state}, {place}", "Noted: {state}, {place}";
    NEW_PLACE: "Đang ở đâu?", "Where is it now?";
    NOTE: "Ghi chú", "Note";
    EDIT: "Sửa thông tin", "Edit";
    SAVED: "Đã lưu thiết bị", "The item is saved";
    PLACE: "Nơi để", "Place";
    ROOM: "Phòng", "Room";
    OPEN_ROOM: "Mở phòng", "Open the room";
    KIND: "Loại", "Kind";
    CODE: "Mã trên nhãn", "Code on the label";
    NUMBER: "Số của trường", "School's number";
    YEAR: "Năm đưa vào dùng", "In use since";
    SOURCE: "Nguồn", "Paid by";
    PRICE: "Giá", "Price";
    SEEN: "Kiểm kê lần cuối", "Last seen";
    HISTORY: "Đã thấy", "What was seen";
    BY: "{who} · {at}", "{who} · {at}";
    NOW: "Món này bây giờ thế nào?", "How is it now?";
}

#[component]
pub fn EquipmentItemPage() -> impl IntoView {
    let code = param::<String>("code");
    let item = load(move || {
        let code = code.get();
        async move {
            match code {
                Some(code) => api::item(&code).await.map(Some),
                None => Ok(None),
            }
        }
    });
    view! {
        {item.show(move |found| match found {
            Some(found) => shown(found, item),
            None => view! { <NotFound /> }.into_any(),
        })}
    }
}

fn shown(found: Equipment, item: Loader<Option<Equipment>>) -> AnyView {
    let editing = RwSignal::new(false);
    let kept = StoredValue::new(found.clone());
    let fact = |label: &'static str, value: Option<String>| {
        value.filter(|v| !v.is_empty()).map(|value| view! { <dt>{label}</dt><dd>{value}</dd> })
    };
    let events = found
        .events
        .iter()
        .map(|event| {
            let by = tf(BY, &[("who", &event.by), ("at", &format::instant(event.at))]);
            view! {
                <li>
                    <div class="grow"><b>{event.place.clone()}</b><p class="quiet num">{by}</p>{event.note.clone().map(|note| view! { <p class="because">"“"{note}"”"</p> })}</div>
                    <Pill label=event.state.label(lang()) tone=tone(event.state) />
                </li>
            }
        })
        .collect_view();
    view! {
        <Header title=found.name.clone() crumbs=vec![Crumb(t(LIST).to_owned(), "/office/equipment".to_owned())] under=found.school_name.clone()>
            <Pill label=found.state.label(lang()) tone=tone(found.state) />
            {found.writable.then(|| view! { <Button label=t(EDIT) on_press=Callback::new(move |()| editing.set(true)) /> })}
        </Header>
        {found.writable.then(|| view! { <Sight found=found.clone() item=item /> })}
        <section class="panel"><dl class="body facts">
            {fact(t(PLACE), Some(found.place.clone()))}
            {found.room_id.map(|room| view! { <dt>{t(ROOM)}</dt><dd><A href=format!("/office/rooms/{}/{room}", found.school_id)>{t(OPEN_ROOM)}</A></dd> })}
            {fact(t(KIND), Some(found.kind.label(lang()).to_owned()))}
            {fact(t(CODE), Some(printed(&found.code)))}
            {fact(t(NUMBER), found.number.clone())}
            {fact(t(YEAR), found.acquired_year.map(|year| year.to_string()))}
            {fact(t(SOURCE), found.source.clone())}
            {fact(t(PRICE), found.price.map(|price| format!("{} đ", number(price.0))))}
            {fact(t(SEEN), found.seen_on.map(format::date))}
            {fact(t(NOTE), found.note.clone())}
        </dl></section>
        {photos::of(found.school_id, Shown::Item(found.code.clone()), found.writable)}
        <section class="panel"><header><h2>{t(HISTORY)}</h2></header><ul class="lines">{events}</ul></section>
        <Dialog open=editing title=t(EDIT)><Edit found=kept.get_value() item=item open=editing /></Dialog>
    }
    .into_any()
}

/// Large buttons: one press says how the item is.
#[component]
fn Sight(found: Equipment, item: Loader<Option<Equipment>>) -> impl IntoView {
    let form = Form::new();
    let moving = RwSignal::new(false);
    let code = StoredValue::new(found.code.clone());
    let before = (found.place.clone(), found.state, found.room_id);
    let say = Callback::new(move |body: PostSighting| {
        let code = code.get_value();
        let before = before.clone();
        form.send(async move { api::sight(&code, &body).await }, move |seen: Equipment| {
            moving.set(false);
            let said = tf(SAID, &[("state", seen.state.label(lang())), ("place", &seen.place)]);
            let changed = seen.place != before.0 || seen.state != before.1;
            let code = seen.code.clone();
            item.set(Some(seen));
            if !changed {
                return toast::say(said);
            }
            toast::with_undo(said, move || {
                let (code, back) = (
                    code.clone(),
                    PostSighting { place: Some(before.0.clone()), state: Some(before.1), room_id: before.2, note: None },
                );
                leptos::task::spawn_local(async move {
                    match api::sight(&code, &back).await {
                        Ok(seen) => item.set(Some(seen)),
                        Err(error) => toast::say(error.text()),
                    }
                });
            });
        });
    });
    let state =
        move |state: EquipmentState| Callback::new(move |()| say.run(PostSighting { state: Some(state), ..Default::default() }));
    let (place, note) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let well = found.state == EquipmentState::Good;
    view! {
        <section class="panel no-print" aria-label=t(NOW)><header><h2>{t(NOW)}</h2></header><div class="body stack">
            <div class="sight">
                <Button label=t(FOUND) look=Look::Primary glyph=Icon::Check busy=form.busy on_press=Callback::new(move |()| say.run(PostSighting::default())) />
                <Button label=t(MOVED) glyph=Icon::Arrow disabled=form.busy on_press=Callback::new(move |()| moving.set(true)) />
                {(!well).then(|| view! { <Button label=t(GOOD) disabled=form.busy on_press=state(EquipmentState::Good) /> })}
                <Button label=t(REPAIR) disabled=form.busy on_press=state(EquipmentState::Repair) />
                <Button label=t(BROKEN) look=Look::Danger disabled=form.busy on_press=state(EquipmentState::Broken) />
                <Button label=t(LOST) look=Look::Danger disabled=form.busy on_press=state(EquipmentState::Lost) />
            </div>
            <FormFault form=form />
        </div></section>
        <Dialog open=moving title=t(MOVED)>
            <form class="stack" on:submit=move |event| { event.prevent_default(); say.run(PostSighting { place: filled(place), note: filled(note), ..PostSighting::default() }) }>
                <Field label=t(NEW_PLACE) name="new-place" value=place required=true autofocus=true max=120 fault=form.fault("/place") />
                <Field label=t(NOTE) name="sight-note" value=note max=500 />
                <FormFault form=form fields=&["/place"] />
                <footer><Button label=t(tx::SAVE) look=Look::Primary busy=form.busy /></footer>
            </form>
        </Dialog>
    }
    .into_any()
}

#[component]
fn Edit(found: Equipment, item: Loader<Option<Equipment>>, open: RwSignal<bool>) -> impl IntoView {
    let fields = Fields::new(Some(&found));
    let form = Form::new();
    let (code, version, school) = (found.code, found.version, found.school_id);
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (code, body) = (code.clone(), fields.body());
        form.send(async move { api::put_item(&code, version, &body).await }, move |saved| {
            open.set(false);
            item.set(Some(saved));
            toast::say(t(SAVED));
        });
    };
    view! {
        <form class="stack" on:submit=send>
            {fields.show(school, form, false)}
            <FormFault form=form fields=&["/name", "/place", "/acquired_year", "/price"] />
            <footer><Button label=t(tx::SAVE) look=Look::Primary busy=form.busy /></footer>
        </form>
    }
    .into_any()
}
