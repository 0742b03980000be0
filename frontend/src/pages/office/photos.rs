//! Photos of a school's facilities, or of one item, by year: a condition is seen by looking.

use crate::api::equipment::{self as api, PostPhoto};
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::records::pick::filled;
use crate::ui::{Button, Dialog, Field, Form, FormFault, Icon, Look, Pages, SelectField, effect, icon, pages, toast};
use dto::facility_photos::*;
use dto::{RoomId, UnitId};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

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
    let removing = RwSignal::new(None::<FacilityPhoto>);
    let asking = RwSignal::new(false);
    let item = StoredValue::new(item);
    view! {
        <section class="panel no-print">
            <header><h2>{t(TITLE)}</h2>{writable.then(|| view! { <Button label=t(ADD) small=true glyph=Icon::Plus on_press=Callback::new(move |()| adding.set(true)) /> })}</header>
            <div class="body">{list.show(move |photos| {
                if photos.is_empty() {
                    return view! { <p class="quiet">{t(NONE)}</p> }.into_any();
                }
                view! { <ul class="photos">{photos.into_iter().map(|photo| shown(photo, writable, removing, asking)).collect_view()}</ul> }.into_any()
            })}</div>
        </section>
        <Dialog open=adding title=t(ADD)><Add school=school item=item.get_value() open=adding list=list /></Dialog>
        <Dialog open=asking title=t(REMOVE_TITLE)>{move || removing.get().map(|photo| view! { <Remove photo=photo open=asking list=list /> })}</Dialog>
    }
    .into_any()
}

fn shown(photo: FacilityPhoto, writable: bool, removing: RwSignal<Option<FacilityPhoto>>, asking: RwSignal<bool>) -> AnyView {
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
    let press = Callback::new(move |()| {
        removing.set(Some(photo.clone()));
        asking.set(true);
    });
    view! {
        <li>
            <div class="picture">{move || match source.get() {
                Some(url) => view! { <img src=url alt=alt.clone() loading="lazy" /> }.into_any(),
                None => icon(Icon::File).into_any(),
            }}</div>
            <b>{what}</b>
            <span class="quiet num">{day}" · "{topic}</span>
            {writable.then(|| view! { <Button label=t(REMOVE) small=true look=Look::Plain on_press=press /> })}
        </li>
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
