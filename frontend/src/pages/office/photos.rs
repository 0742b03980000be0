//! Photos of a school's facilities, or of one item, over the years: a condition is seen by looking. The school arranges them, with
//! buttons or by dragging.

use crate::api::equipment::{self as api, PostPhoto};
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::records::pick::filled;
use crate::ui::{Button, DateField, Dialog, Field, Form, FormFault, Icon, Look, Pages, SelectField, effect, icon, pages, toast};
use dto::facility_photos::*;
use dto::{FacilityPhotoId, RoomId, UnitId};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;

texts! {
    TITLE: "Ảnh hiện trạng", "Photos";
    NONE: "Chưa có ảnh. Ảnh chụp cùng một chỗ mỗi năm cho thấy tình trạng thay đổi ra sao.", "No photos yet. The same place each year shows how its condition changes.";
    ADD: "Thêm ảnh", "Add a photo";
    TOPIC: "Ảnh chụp gì", "What it shows";
    CAPTION: "Chú thích", "Caption";
    CHOOSE: "Chọn ảnh hoặc chụp", "Choose or take a photo";
    SENT: "Đã gửi {part}%", "{part}% sent";
    ADDED: "Đã thêm ảnh", "The photo is added";
    REMOVE: "Xoá ảnh", "Remove";
    REMOVE_TITLE: "Xoá ảnh này?", "Remove this photo?";
    REMOVE_TEXT: "Ảnh bị xoá hẳn, không lấy lại được.", "The photo is gone for good.";
    REMOVED: "Đã xoá ảnh", "The photo is removed";
    EDIT: "Sửa chú thích", "Edit the caption";
    TAKEN: "Ngày chụp", "Taken on";
    CHANGED: "Đã sửa chú thích", "The caption is changed";
    SOONER: "Đưa lên trước: {what}", "Move forward: {what}";
    LATER: "Đưa xuống sau: {what}", "Move back: {what}";
    ARRANGED: "Đã xếp lại ảnh", "The photos are arranged";
}

/// What the photos show.
#[derive(Clone)]
pub enum Shown {
    School,
    /// An item of the inventory, by its code.
    Item(String),
    Room(RoomId),
}

impl Shown {
    fn query(&self) -> FacilityPhotoQuery {
        let (equipment_code, room_id) = match self {
            Shown::School => (None, None),
            Shown::Item(code) => (Some(code.clone()), None),
            Shown::Room(room) => (None, Some(*room)),
        };
        FacilityPhotoQuery { topic: None, equipment_code, room_id }
    }
}

pub fn of(school: UnitId, item: Shown, writable: bool) -> AnyView {
    let query = item.query();
    let list = pages(move |after| {
        let query = query.clone();
        async move { api::photos(school, &query, after).await }
    });
    let adding = RwSignal::new(false);
    let one = One { photo: RwSignal::new(None), removing: RwSignal::new(false), editing: RwSignal::new(false) };
    let item = StoredValue::new(item);
    view! {
        <section class="panel no-print">
            <header><h2>{t(TITLE)}</h2>{writable.then(|| view! { <Button label=t(ADD) small=true glyph=Icon::Plus on_press=Callback::new(move |()| adding.set(true)) /> })}</header>
            <div class="body">{list.show(move |photos| {
                if photos.is_empty() {
                    return view! { <p class="quiet">{t(NONE)}</p> }.into_any();
                }
                let order = Order::new(school, photos, list);
                view! {
                    <ul class="photos">
                        <For each=move || order.photos.get() key=|photo| photo.id let(photo)>{shown(photo, writable.then_some((order, one)))}</For>
                    </ul>
                }.into_any()
            })}</div>
        </section>
        <Dialog open=adding title=t(ADD)><Add school=school item=item.get_value() open=adding list=list /></Dialog>
        <Dialog open=one.editing title=t(EDIT)>{move || one.photo.get().map(|photo| view! { <Edit photo=photo open=one.editing list=list /> })}</Dialog>
        <Dialog open=one.removing title=t(REMOVE_TITLE)>{move || one.photo.get().map(|photo| view! { <Remove photo=photo open=one.removing list=list /> })}</Dialog>
    }
    .into_any()
}

/// The photo that a dialog is about.
#[derive(Clone, Copy)]
struct One {
    photo: RwSignal<Option<FacilityPhoto>>,
    removing: RwSignal<bool>,
    editing: RwSignal<bool>,
}

/// The order that is seen at once, and sent behind it: the newest, one at a time.
#[derive(Clone, Copy)]
struct Order {
    school: UnitId,
    photos: RwSignal<Vec<FacilityPhoto>>,
    list: Pages<FacilityPhoto>,
    /// The one under the pointer.
    dragged: StoredValue<Option<FacilityPhotoId>>,
    sending: StoredValue<bool>,
    waits: StoredValue<bool>,
}

impl Order {
    fn new(school: UnitId, photos: Vec<FacilityPhoto>, list: Pages<FacilityPhoto>) -> Order {
        Order {
            school,
            photos: RwSignal::new(photos),
            list,
            dragged: StoredValue::new(None),
            sending: StoredValue::new(false),
            waits: StoredValue::new(false),
        }
    }

    fn ids(self) -> Vec<FacilityPhotoId> {
        self.photos.with_untracked(|photos| photos.iter().map(|photo| photo.id).collect())
    }

    /// Where a photo stands. Tracked.
    fn at(self, id: FacilityPhotoId) -> Option<usize> {
        self.photos.with(|photos| photos.iter().position(|photo| photo.id == id))
    }

    /// Puts a photo to the place `to`, counted from 0.
    fn put(self, id: FacilityPhotoId, to: usize) {
        let Some(from) = untrack(|| self.at(id)) else { return };
        let before = self.ids();
        if from == to || to >= before.len() {
            return;
        }
        self.photos.update(|photos| {
            let photo = photos.remove(from);
            photos.insert(to, photo);
        });
        self.send();
        toast::with_undo(t(ARRANGED), move || {
            let place = |photo: &FacilityPhoto| before.iter().position(|id| *id == photo.id);
            if self.photos.try_update(|photos| photos.sort_by_key(place)).is_some() {
                self.send();
            }
        });
    }

    fn send(self) {
        if self.sending.get_value() {
            self.waits.set_value(true);
            return;
        }
        self.sending.set_value(true);
        let ids = self.ids();
        spawn_local(async move {
            let answer = api::arrange_photos(self.school, ids).await;
            // The page may be gone by now.
            if self.sending.try_update_value(|sending| *sending = false).is_none() {
                return;
            }
            if let Err(error) = answer {
                self.waits.set_value(false);
                toast::say(error.text());
                self.list.reload();
            } else if self.waits.try_update_value(std::mem::take) == Some(true) {
                self.send();
            }
        });
    }
}

fn shown(photo: FacilityPhoto, tools: Option<(Order, One)>) -> AnyView {
    let source = RwSignal::new(None::<String>);
    let asked = photo.clone();
    spawn_local(async move {
        let url = api::picture(&asked).await.ok().and_then(|blob| web_sys::Url::create_object_url_with_blob(&blob).ok());
        if let Some(url) = url {
            // The page may be gone by now.
            if source.try_set(Some(url.clone())).is_some() {
                let _ = web_sys::Url::revoke_object_url(&url);
            }
        }
    });
    on_cleanup(move || {
        if let Some(url) = source.try_get_untracked().flatten() {
            let _ = web_sys::Url::revoke_object_url(&url);
        }
    });
    let what = photo.caption.clone().unwrap_or_else(|| photo.topic.label(lang()).to_owned());
    let (alt, day, topic) = (what.clone(), format::date(photo.taken_on), photo.topic.label(lang()));
    let id = photo.id;
    let drag = move |_: leptos::ev::DragEvent| {
        if let Some((order, _)) = tools {
            order.dragged.set_value(Some(id));
        }
    };
    let dragged = move || tools.and_then(|(order, _)| order.dragged.get_value().map(|photo| (order, photo)));
    let over = move |event: leptos::ev::DragEvent| {
        if dragged().is_some() {
            event.prevent_default();
        }
    };
    let drop = move |event: leptos::ev::DragEvent| {
        if let Some((order, photo)) = dragged() {
            event.prevent_default();
            order.dragged.set_value(None);
            if let Some(to) = untrack(|| order.at(id)) {
                order.put(photo, to);
            }
        }
    };
    let end = move |_: leptos::ev::DragEvent| {
        if let Some((order, _)) = tools {
            order.dragged.set_value(None);
        }
    };
    view! {
        <li draggable=tools.map(|_| "true") on:dragstart=drag on:dragover=over on:drop=drop on:dragend=end>
            <div class="picture">{move || match source.get() {
                Some(url) => view! { <img src=url alt=alt.clone() loading="lazy" draggable="false" /> }.into_any(),
                None => icon(Icon::File).into_any(),
            }}</div>
            <b>{what.clone()}</b>
            <span class="quiet num">{day}" · "{topic}</span>
            {tools.map(|(order, one)| buttons(photo, &what, order, one))}
        </li>
    }
    .into_any()
}

/// What can be done with a photo. A button that has moved a photo keeps the keyboard.
fn buttons(photo: FacilityPhoto, what: &str, order: Order, one: One) -> AnyView {
    let id = photo.id;
    let about = move |open: RwSignal<bool>| {
        let photo = photo.clone();
        Callback::new(move |()| {
            one.photo.set(Some(photo.clone()));
            open.set(true);
        })
    };
    let step = move |sooner: bool| {
        let label = tf(if sooner { SOONER } else { LATER }, &[("what", what)]);
        let key = format!("{id}-{sooner}");
        let last = move || order.photos.read().len().saturating_sub(1);
        let stuck = move || order.at(id).is_none_or(|at| if sooner { at == 0 } else { at >= last() });
        let press = {
            let key = key.clone();
            move |_| {
                let Some(at) = untrack(|| order.at(id)).filter(|_| !untrack(stuck)) else { return };
                order.put(id, if sooner { at - 1 } else { at + 1 });
                let key = key.clone();
                request_animation_frame(move || {
                    let button = document().get_element_by_id(&key);
                    if let Some(button) = button.and_then(|button| button.dyn_into::<web_sys::HtmlElement>().ok()) {
                        let _ = button.focus();
                    }
                });
            }
        };
        view! {
            <button
                type="button" id=key class="btn plain icon-only small" class:turned=sooner aria-label=label.clone() title=label
                aria-disabled=move || stuck().then_some("true") on:click=press
            >
                {icon(Icon::Arrow)}
            </button>
        }
    };
    view! {
        <span class="row tight">
            {step(true)}
            {step(false)}
            <Button label=t(EDIT) small=true look=Look::Plain on_press=about(one.editing) />
            <Button label=t(REMOVE) small=true look=Look::Plain on_press=about(one.removing) />
        </span>
    }
    .into_any()
}

#[component]
fn Add(school: UnitId, item: Shown, open: RwSignal<bool>, list: Pages<FacilityPhoto>) -> impl IntoView {
    let form = Form::new();
    let input = NodeRef::<html::Input>::new();
    let start = if matches!(item, Shown::Item(_)) { PhotoTopic::Equipment } else { PhotoTopic::Rooms };
    let topic = RwSignal::new(start.to_string());
    let caption = RwSignal::new(String::new());
    let of_item = !matches!(item, Shown::School);
    let query = item.query();
    let sent = RwSignal::new(None::<u64>);
    let topics: Vec<_> = PhotoTopic::ALL.iter().map(|topic| (topic.to_string(), topic.label(lang()).to_owned())).collect();
    effect(move || {
        if let Some(input) = input.get() {
            let _ = input.focus();
        }
    });
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(file) = input.get_untracked().and_then(|input| input.files()).and_then(|files| files.get(0)) else { return };
        let body = PostPhoto {
            topic: topic.get_untracked().parse().unwrap_or(start),
            equipment_code: query.equipment_code.clone(),
            room_id: query.room_id,
            caption: filled(caption),
        };
        form.send(
            async move { api::add_photo(school, file, body, move |done, all| sent.set(Some(done * 100 / all.max(1)))).await },
            move |_| {
                open.set(false);
                list.reload();
                toast::say(t(ADDED));
            },
        );
    };
    view! {
        <form class="stack" on:submit=send>
            <div class="field"><label for="photo-file">{t(CHOOSE)}</label><input id="photo-file" type="file" accept="image/png,image/jpeg,image/webp" required=true node_ref=input /></div>
            {(!of_item).then(|| view! { <SelectField label=t(TOPIC) name="photo-topic" value=topic options=Signal::stored(topics) /> })}
            <Field label=t(CAPTION) name="photo-caption" value=caption max=300 fault=form.fault("/caption") />
            {move || sent.get().filter(|_| form.busy.get()).map(|part| view! { <p class="quiet num" role="status">{tf(SENT, &[("part", &part.to_string())])}</p> })}
            <FormFault form=form fields=&["/caption"] />
            <footer>
                <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
                <Button label=t(ADD) look=Look::Primary busy=form.busy />
            </footer>
        </form>
    }
    .into_any()
}

#[component]
fn Edit(photo: FacilityPhoto, open: RwSignal<bool>, list: Pages<FacilityPhoto>) -> impl IntoView {
    let form = Form::new();
    let caption = RwSignal::new(photo.caption.clone().unwrap_or_default());
    let (topic, day) = (RwSignal::new(photo.topic.to_string()), RwSignal::new(photo.taken_on.to_string()));
    let topics: Vec<_> = PhotoTopic::ALL.iter().map(|topic| (topic.to_string(), topic.label(lang()).to_owned())).collect();
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let photo = photo.clone();
        let body = PutFacilityPhoto {
            topic: topic.get_untracked().parse().unwrap_or(photo.topic),
            taken_on: day.get_untracked().parse().unwrap_or(photo.taken_on),
            caption: filled(caption),
        };
        form.send(async move { api::put_photo(&photo, &body).await }, move |_| {
            open.set(false);
            list.reload();
            toast::say(t(CHANGED));
        });
    };
    view! {
        <form class="stack" on:submit=send>
            <Field label=t(CAPTION) name="photo-new-caption" value=caption max=300 autofocus=true fault=form.fault("/caption") />
            <SelectField label=t(TOPIC) name="photo-new-topic" value=topic options=Signal::stored(topics) />
            <DateField label=t(TAKEN) name="photo-new-day" value=day required=true fault=form.fault("/taken_on") />
            <FormFault form=form fields=&["/caption", "/taken_on"] />
            <footer>
                <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
                <Button label=t(tx::SAVE) look=Look::Primary busy=form.busy />
            </footer>
        </form>
    }
    .into_any()
}

#[component]
fn Remove(photo: FacilityPhoto, open: RwSignal<bool>, list: Pages<FacilityPhoto>) -> impl IntoView {
    let form = Form::new();
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let photo = photo.clone();
        form.send(async move { api::remove_photo(&photo).await }, move |()| {
            open.set(false);
            list.reload();
            toast::say(t(REMOVED));
        });
    };
    view! {
        <form class="stack" on:submit=send>
            <p>{t(REMOVE_TEXT)}</p>
            <FormFault form=form />
            <footer>
                <Button label=t(tx::CANCEL) on_press=Callback::new(move |()| open.set(false)) />
                <Button label=t(REMOVE) look=Look::Danger busy=form.busy />
            </footer>
        </form>
    }
    .into_any()
}
