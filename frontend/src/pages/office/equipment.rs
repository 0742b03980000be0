//! The inventory of a school: found as one types, entered by the dozen, labels printed.

use super::figures::{number, typed};
use crate::api::{equipment as api, rooms};
use crate::format;
use crate::i18n::{lang, t, texts, tf};
use crate::pages::filters::Filters;
use crate::pages::records::pick::{filled, of_school, searched};
use crate::state::who;
use crate::ui::{
    Button, Dialog, Empty, Field, Form, FormFault, Header, Icon, Loader, Look, Pill, SearchField, SelectField, Tone,
    choose_school, file, load, or_all, pages, table, toast,
};
use chrono::Datelike;
use dto::access::Permission;
use dto::equipment::*;
use dto::finance::Vnd;
use dto::rooms::RoomQuery;
use dto::{Page, UnitId};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;

texts! {
    TITLE: "Sổ thiết bị", "Inventory";
    UNDER: "Mỗi món một mã trên nhãn; quét nhãn để đánh dấu còn, chuyển chỗ hay hỏng.", "Each item has a code on its label; scan it to mark it found, moved or broken.";
    FIND: "Tìm thiết bị", "Find equipment";
    HOLDER: "Tên, mã, số hay nơi để, không cần dấu", "Name, code, number or place";
    KIND: "Loại", "Kind";
    STATE: "Tình trạng", "State";
    UNSEEN: "Chưa thấy trong năm nay", "Not seen this year";
    ANY_TIME: "Mọi lúc", "At any time";
    SEEN: "Kiểm kê", "Last seen";
    NAME: "Tên", "Name";
    PLACE: "Nơi để", "Place";
    ROOM: "Phòng (nếu có trong sổ phòng)", "Room of the register";
    NO_ROOM: "Không chọn", "None";
    CODE: "Số, mã nhãn", "Number, label";
    NUMBER: "Số của trường", "School's number";
    NONE: "Chưa có thiết bị nào như vậy", "No such equipment";
    NONE_TEXT: "Thêm thiết bị rồi in nhãn dán lên từng món.", "Add equipment, then print labels for it.";
    ADD: "Thêm thiết bị", "Add equipment";
    COPIES: "Số lượng (mỗi món một mã)", "How many (each with a code)";
    ADDED: "Đã thêm {n} món", "{n} items were added";
    LABELS: "In nhãn", "Print labels";
    TAKING: "Kiểm kê", "Stock-taking";
    DRAWING: "Đang lập nhãn…", "Drawing the labels…";
    YEAR: "Năm đưa vào dùng", "In use since";
    SOURCE: "Nguồn", "Paid by";
    PRICE: "Giá (đồng)", "Price (VND)";
    NOTE: "Ghi chú", "Note";
    OPEN_CODE: "Mở theo mã trên nhãn", "Open by the code on a label";
    OPEN: "Mở", "Open";
}

pub fn tone(state: EquipmentState) -> Tone {
    match state {
        EquipmentState::Good => Tone::Ok,
        EquipmentState::Repair => Tone::Warn,
        EquipmentState::Broken | EquipmentState::Lost => Tone::Bad,
        EquipmentState::Disposed => Tone::Quiet,
    }
}

/// A code as it stands on the label.
pub fn printed(code: &str) -> String {
    match code.split_at_checked(5) {
        Some((left, right)) => format!("{left}-{right}"),
        None => code.to_owned(),
    }
}

#[component]
pub fn EquipmentPage() -> impl IntoView {
    let filters = Filters::new();
    let school = filters.school();
    let may = who().can(Permission::FacilityWrite);
    let (q, kind, state, unseen) = (filters.text("q"), filters.text("kind"), filters.text("state"), filters.text("unseen"));
    let asked = move || EquipmentQuery {
        q: searched(q),
        kind: kind.get().parse().ok(),
        state: state.get().parse().ok(),
        unseen_since: unseen.get().parse().ok(),
        room_id: None,
    };
    let list = pages(move |after| {
        let (school, asked) = (school.id(), asked());
        async move { of_school(school, async |school| api::list(school, &asked, after).await).await }
    });
    let counts = load(move || {
        let school = school.id();
        async move { of_school(school, async |school| api::counts(school).await).await }
    });
    let adding = RwSignal::new(false);
    let form = Form::new();
    let labels = Callback::new(move |()| {
        let Some(school) = school.id() else { return };
        let asked = untrack(asked);
        toast::say(t(DRAWING));
        form.send(async move { api::labels(school, &asked).await }, |blob| file::open(&blob, "nhan-thiet-bi.pdf"));
    });
    let done = Callback::new(move |n: usize| {
        adding.set(false);
        toast::say(tf(ADDED, &[("n", &n.to_string())]));
        list.reload();
        counts.reload();
    });
    let since = format!("{}-01-01", format::today().year());
    let unseen_options = vec![(String::new(), t(ANY_TIME).to_owned()), (since, t(UNSEEN).to_owned())];
    let kinds = or_all(EquipmentKind::ALL.iter().map(|kind| (kind, kind.label(lang()))));
    let states = or_all(EquipmentState::ALL.iter().map(|state| (state, state.label(lang()))));
    view! {
        <Header title=t(TITLE) under=t(UNDER)>
            <A href="/office/stocktaking" attr:class="btn">{t(TAKING)}</A>
            {list.export("so-thiet-bi")}
            <Button label=t(LABELS) glyph=Icon::Print busy=form.busy on_press=labels />
            {may.then(|| view! { <Button label=t(ADD) look=Look::Primary glyph=Icon::Plus on_press=Callback::new(move |()| adding.set(true)) /> })}
        </Header>
        <FormFault form=form />
        <div class="filters">
            {school.field("equipment-school")}
            <SearchField label=t(FIND) name="q" value=q placeholder=t(HOLDER) />
            <SelectField label=t(KIND) name="kind" value=kind options=Signal::stored(kinds) />
            <SelectField label=t(STATE) name="state" value=state options=Signal::stored(states) />
            <SelectField label=t(SEEN) name="unseen" value=unseen options=Signal::stored(unseen_options) />
            {filters.show()}
        </div>
        {tally(counts)}
        {list.show(move |items| listed(items, school.id().is_none()))}
        <ByCode />
        <Dialog open=adding title=t(ADD)>{move || school.id().map(|school| view! { <Add school=school done=done /> })}</Dialog>
    }
}

/// How many items in each state.
fn tally(counts: Loader<Page<EquipmentCount>>) -> AnyView {
    (move || {
        let counts = counts.get()?;
        if counts.items.is_empty() {
            return None;
        }
        let of = |state: EquipmentState| counts.items.iter().filter(|c| c.state == state).map(|c| c.items).sum::<u32>();
        let states: Vec<_> = EquipmentState::ALL.iter().map(|state| (*state, of(*state))).filter(|(_, n)| *n > 0).collect();
        let pills = states
            .into_iter()
            .map(|(state, n)| {
                let label = format!("{}: {}", state.label(lang()), number(n.into()));
                view! { <Pill label=label tone=tone(state) /> }
            })
            .collect_view();
        Some(view! { <div class="row">{pills}</div> })
    })
    .into_any()
}

fn listed(items: Vec<EquipmentItem>, no_school: bool) -> AnyView {
    if no_school {
        return choose_school();
    }
    if items.is_empty() {
        return view! { <div class="panel"><Empty title=t(NONE) text=t(NONE_TEXT) glyph=Icon::Screen /></div> }.into_any();
    }
    let rows = items
        .into_iter()
        .map(|item| {
            view! {
                <tr>
                    <th scope="row"><A href=format!("/office/equipment/{}", item.code) attr:class="row-link">{item.name}</A><small class="show-narrow">{item.place.clone()}</small></th>
                    <td><Pill label=item.state.label(lang()) tone=tone(item.state) /></td>
                    <td class="hide">{item.place}</td>
                    <td class="hide">{item.kind.label(lang())}</td>
                    <td class="hide num">{item.seen_on.map(format::date)}</td>
                    <td class="hide num">{item.number}<br/><span class="quiet">{printed(&item.code)}</span></td>
                </tr>
            }
            .into_any()
        })
        .collect();
    table(t(TITLE), &[NAME, STATE], &[PLACE, KIND, SEEN, CODE], rows)
}

/// For a label whose QR code does not scan.
#[component]
fn ByCode() -> impl IntoView {
    let code = RwSignal::new(String::new());
    let navigate = use_navigate();
    let go = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if let Some(code) = filled(code) {
            navigate(&format!("/office/equipment/{}", code.replace([' ', '/'], "")), leptos_router::NavigateOptions::default());
        }
    };
    view! {
        <form class="filters no-print" on:submit=go>
            <Field label=t(OPEN_CODE) name="open-code" value=code max=20 />
            <Button label=t(OPEN) />
        </form>
    }
    .into_any()
}

/// The fields of an item while they are typed.
#[derive(Clone, Copy)]
pub struct Fields {
    name: RwSignal<String>,
    kind: RwSignal<String>,
    number: RwSignal<String>,
    place: RwSignal<String>,
    room: RwSignal<String>,
    state: RwSignal<String>,
    year: RwSignal<String>,
    source: RwSignal<String>,
    price: RwSignal<String>,
    note: RwSignal<String>,
}

impl Fields {
    pub fn new(item: Option<&Equipment>) -> Fields {
        let text = |text: Option<String>| RwSignal::new(text.unwrap_or_default());
        Fields {
            name: text(item.map(|i| i.name.clone())),
            kind: text(Some(item.map_or(EquipmentKind::Teaching, |i| i.kind).to_string())),
            number: text(item.and_then(|i| i.number.clone())),
            place: text(item.map(|i| i.place.clone())),
            room: text(item.and_then(|i| i.room_id).map(|room| room.to_string())),
            state: text(Some(item.map_or(EquipmentState::Good, |i| i.state).to_string())),
            year: text(item.and_then(|i| i.acquired_year).map(|year| year.to_string())),
            source: text(item.and_then(|i| i.source.clone())),
            price: text(item.and_then(|i| i.price).map(|price| number(price.0))),
            note: text(item.and_then(|i| i.note.clone())),
        }
    }

    pub fn body(self) -> PutEquipment {
        PutEquipment {
            name: self.name.get_untracked(),
            kind: self.kind.get_untracked().parse().unwrap_or(EquipmentKind::Other),
            number: filled(self.number),
            place: self.place.get_untracked(),
            room_id: self.room.get_untracked().parse().ok(),
            state: self.state.get_untracked().parse().unwrap_or(EquipmentState::Good),
            acquired_year: self.year.get_untracked().trim().parse().ok(),
            source: filled(self.source),
            price: typed(&self.price.get_untracked()).map(Vnd),
            note: filled(self.note),
        }
    }

    /// `at` is the pointer of the item in what is sent: "" or "/item".
    pub fn show(self, school: UnitId, form: Form, nested: bool) -> AnyView {
        let rooms = load(move || async move { rooms::list(school, &RoomQuery::default(), None).await });
        let named = move || rooms.get().map(|page| page.items).unwrap_or_default();
        let options = Signal::derive(move || {
            let mut all = vec![(String::new(), t(NO_ROOM).to_owned())];
            all.extend(named().into_iter().map(|room| (room.id.to_string(), format!("{} · {}", room.code, room.name))));
            all
        });
        // Whoever picks a room need not say it again in words.
        crate::ui::effect(move || {
            let picked = self.room.get();
            let found = named().into_iter().find(|room| room.id.to_string() == picked);
            if let Some(room) = found.filter(|_| untrack(|| self.place.read().trim().is_empty())) {
                self.place.set(room.name);
            }
        });
        let kinds: Vec<_> = EquipmentKind::ALL.iter().map(|kind| (kind.to_string(), kind.label(lang()).to_owned())).collect();
        let states: Vec<_> =
            EquipmentState::ALL.iter().map(|state| (state.to_string(), state.label(lang()).to_owned())).collect();
        let fault = move |own: &'static str, within: &'static str| form.fault(if nested { within } else { own });
        view! {
            <Field label=t(NAME) name="item-name" value=self.name required=true max=200 fault=fault("/name", "/item/name") />
            <div class="fields">
                <SelectField label=t(KIND) name="item-kind" value=self.kind options=Signal::stored(kinds) />
                <SelectField label=t(STATE) name="item-state" value=self.state options=Signal::stored(states) />
                <SelectField label=t(ROOM) name="item-room" value=self.room options=options fault=fault("/room_id", "/item/room_id") />
                <Field label=t(PLACE) name="item-place" value=self.place required=true max=120 fault=fault("/place", "/item/place") />
                <Field label=t(NUMBER) name="item-number" value=self.number max=40 />
                <Field label=t(YEAR) name="item-year" value=self.year max=4 fault=fault("/acquired_year", "/item/acquired_year") />
                <Field label=t(PRICE) name="item-price" value=self.price max=24 fault=fault("/price", "/item/price") />
            </div>
            <Field label=t(SOURCE) name="item-source" value=self.source max=120 />
            <Field label=t(NOTE) name="item-note" value=self.note max=500 />
        }
        .into_any()
    }
}

#[component]
fn Add(school: UnitId, done: Callback<usize>) -> impl IntoView {
    let fields = Fields::new(None);
    let copies = RwSignal::new("1".to_owned());
    let form = Form::new();
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let body = PostEquipment { item: fields.body(), copies: copies.get_untracked().trim().parse().ok() };
        form.send(async move { api::create(school, &body).await }, move |made| done.run(made.items.len()));
    };
    view! {
        <form class="stack" on:submit=send>
            {fields.show(school, form, true)}
            <Field label=t(COPIES) name="item-copies" value=copies kind="number" fault=form.fault("/copies") />
            <FormFault form=form fields=&["/item/name", "/item/place", "/item/acquired_year", "/item/price", "/copies"] />
            <footer><Button label=t(ADD) look=Look::Primary busy=form.busy /></footer>
        </form>
    }
    .into_any()
}
