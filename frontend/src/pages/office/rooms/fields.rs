//! The fields of a room while they are typed.

use crate::api::{records, rooms as api};
use crate::i18n::{lang, t, texts, tx};
use crate::pages::records::pick::filled;
use crate::ui::{Button, DateField, Field, Form, FormFault, Look, SelectField, load};
use dto::classes::ClassQuery;
use dto::rooms::*;
use dto::{ClassId, UnitId};
use leptos::prelude::*;

texts! {
    CODE: "Mã phòng", "Code";
    NAME: "Tên phòng", "Name";
    BUILDING: "Nhà, dãy", "Building";
    FLOOR: "Tầng", "Floor";
    FLOOR_HINT: "Tầng trệt là 1.", "The ground floor is 1.";
    KIND: "Loại phòng", "Kind";
    CONSTRUCTION: "Kết cấu", "Construction";
    CONDITION: "Tình trạng", "Condition";
    AREA: "Diện tích (m²)", "Area (m²)";
    SEATS: "Số chỗ ngồi", "Seats";
    BUILT: "Năm xây dựng", "Built in";
    ENDED: "Thôi dùng từ ngày", "No more in use from";
    NOTE: "Ghi chú", "Note";
    CLASS: "Lớp ngồi tại phòng", "The class that sits here";
    SECOND: "Lớp buổi kia", "The class of the other shift";
    NO_CLASS: "Không có", "None";
    AREA_WRONG: "Hãy ghi diện tích bằng số, ví dụ 54,5.", "Write the area as a number, such as 54.5.";
    ADD: "Thêm phòng", "Add a room";
}

const SHOWN: &[&str] =
    &["/code", "/name", "/building", "/floor", "/area_dm2", "/seats", "/built_year", "/ended_on", "/class_ids/0", "/class_ids/1"];

#[derive(Clone, Copy)]
pub struct Fields {
    code: RwSignal<String>,
    name: RwSignal<String>,
    building: RwSignal<String>,
    floor: RwSignal<String>,
    kind: RwSignal<String>,
    construction: RwSignal<String>,
    condition: RwSignal<String>,
    area: RwSignal<String>,
    seats: RwSignal<String>,
    built: RwSignal<String>,
    ended: RwSignal<String>,
    note: RwSignal<String>,
    first: RwSignal<String>,
    second: RwSignal<String>,
    /// Classes beyond the two that the form shows.
    more: StoredValue<Vec<ClassId>>,
    wrong: RwSignal<Option<String>>,
}

/// "54,5" in square decimetres; nothing where it is no area.
fn typed_area(text: &str) -> Option<i32> {
    let (whole, part) = text.trim().split_once([',', '.']).unwrap_or((text.trim(), ""));
    if part.len() > 2 || !part.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    whole.parse::<i32>().ok()?.checked_mul(100)?.checked_add(format!("{part:0<2}").parse().ok()?).filter(|dm2| *dm2 > 0)
}

impl Fields {
    pub fn new(room: Option<&Room>) -> Fields {
        let text = |text: Option<String>| RwSignal::new(text.unwrap_or_default());
        let item = room.map(|room| &room.item);
        let class = |n: usize| text(item.and_then(|i| i.classes.get(n)).map(|class| class.id.to_string()));
        let area = item.and_then(|i| i.area_dm2).map(|dm2| match (dm2 / 100, dm2 % 100) {
            (whole, 0) => whole.to_string(),
            (whole, part) => format!("{whole}{}{part:02}", lang().pick(",", ".")),
        });
        Fields {
            code: text(item.map(|i| i.code.clone())),
            name: text(item.map(|i| i.name.clone())),
            building: text(item.map(|i| i.building.clone())),
            floor: text(Some(item.map_or(1, |i| i.floor).to_string())),
            kind: text(Some(item.map_or(RoomKind::Classroom, |i| i.kind).to_string())),
            construction: text(Some(item.map_or(Construction::Permanent, |i| i.construction).to_string())),
            condition: text(Some(item.map_or(RoomCondition::Good, |i| i.condition).to_string())),
            area: text(area),
            seats: text(item.and_then(|i| i.seats).map(|n| n.to_string())),
            built: text(room.and_then(|r| r.built_year).map(|n| n.to_string())),
            ended: text(item.and_then(|i| i.ended_on).map(|day| day.to_string())),
            note: text(room.and_then(|r| r.note.clone())),
            first: class(0),
            second: class(1),
            more: StoredValue::new(item.map(|i| i.classes.iter().skip(2).map(|c| c.id).collect()).unwrap_or_default()),
            wrong: RwSignal::new(None),
        }
    }

    /// Nothing where the area is no number.
    pub fn body(self) -> Option<PutRoom> {
        let area = filled(self.area);
        let area_dm2 = area.as_deref().and_then(typed_area);
        self.wrong.set((area.is_some() && area_dm2.is_none()).then(|| t(AREA_WRONG).to_owned()));
        if self.wrong.get_untracked().is_some() {
            return None;
        }
        let mut class_ids: Vec<ClassId> =
            [self.first, self.second].into_iter().filter_map(|class| class.get_untracked().parse().ok()).collect();
        class_ids.extend(self.more.get_value());
        class_ids.dedup();
        Some(PutRoom {
            code: self.code.get_untracked(),
            name: self.name.get_untracked(),
            building: filled(self.building),
            floor: self.floor.get_untracked().trim().parse().unwrap_or(1),
            kind: self.kind.get_untracked().parse().unwrap_or(RoomKind::Other),
            construction: self.construction.get_untracked().parse().unwrap_or(Construction::Permanent),
            condition: self.condition.get_untracked().parse().unwrap_or(RoomCondition::Good),
            area_dm2,
            seats: self.seats.get_untracked().trim().parse().ok(),
            built_year: self.built.get_untracked().trim().parse().ok(),
            class_ids,
            ended_on: self.ended.get_untracked().parse().ok(),
            note: filled(self.note),
        })
    }

    pub fn show(self, school: UnitId, form: Form, known: bool) -> AnyView {
        let classes = load(move || async move {
            let asked = ClassQuery { school_id: Some(school), ..ClassQuery::default() };
            records::classes(&asked, None).await
        });
        let classes = Signal::derive(move || {
            let mut all = vec![(String::new(), t(NO_CLASS).to_owned())];
            all.extend(classes.get().map(|page| page.items).unwrap_or_default().into_iter().map(|c| (c.id.to_string(), c.name)));
            all
        });
        let kinds: Vec<_> = RoomKind::ALL.iter().map(|v| (v.to_string(), v.label(lang()).to_owned())).collect();
        let constructions: Vec<_> = Construction::ALL.iter().map(|v| (v.to_string(), v.label(lang()).to_owned())).collect();
        let conditions: Vec<_> = RoomCondition::ALL.iter().map(|v| (v.to_string(), v.label(lang()).to_owned())).collect();
        let area_fault = form.fault("/area_dm2");
        let area_fault = Signal::derive(move || self.wrong.get().or_else(|| area_fault.get()));
        view! {
            <div class="fields">
                <Field label=t(CODE) name="room-code" value=self.code required=true max=20 fault=form.fault("/code") />
                <Field label=t(NAME) name="room-name" value=self.name required=true max=120 fault=form.fault("/name") />
                <Field label=t(BUILDING) name="room-building" value=self.building max=60 fault=form.fault("/building") />
                <Field label=t(FLOOR) name="room-floor" value=self.floor kind="number" hint=t(FLOOR_HINT) fault=form.fault("/floor") />
                <SelectField label=t(KIND) name="room-kind" value=self.kind options=Signal::stored(kinds) />
                <SelectField label=t(CONSTRUCTION) name="room-construction" value=self.construction options=Signal::stored(constructions) />
                <SelectField label=t(CONDITION) name="room-condition" value=self.condition options=Signal::stored(conditions) />
                <Field label=t(AREA) name="room-area" value=self.area max=12 fault=area_fault />
                <Field label=t(SEATS) name="room-seats" value=self.seats kind="number" fault=form.fault("/seats") />
                <Field label=t(BUILT) name="room-built" value=self.built kind="number" fault=form.fault("/built_year") />
                <SelectField label=t(CLASS) name="room-class" value=self.first options=classes fault=form.fault("/class_ids/0") />
                <SelectField label=t(SECOND) name="room-second" value=self.second options=classes fault=form.fault("/class_ids/1") />
            </div>
            {known.then(|| view! { <DateField label=t(ENDED) name="room-ended" value=self.ended fault=form.fault("/ended_on") /> })}
            <Field label=t(NOTE) name="room-note" value=self.note max=500 />
            <FormFault form=form fields=SHOWN />
        }
        .into_any()
    }
}

#[component]
pub fn Add(school: UnitId, done: Callback<Room>) -> impl IntoView {
    let fields = Fields::new(None);
    let form = Form::new();
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if let Some(body) = fields.body() {
            form.send(async move { api::create(school, &body).await }, move |made| done.run(made));
        }
    };
    view! {
        <form class="stack" on:submit=send>
            {fields.show(school, form, false)}
            <footer><Button label=t(ADD) look=Look::Primary busy=form.busy /></footer>
        </form>
    }
    .into_any()
}

#[component]
pub fn Edit(room: Room, done: Callback<Room>) -> impl IntoView {
    let fields = Fields::new(Some(&room));
    let form = Form::new();
    let (school, id, version) = (room.school_id, room.item.id, room.item.version);
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if let Some(body) = fields.body() {
            form.send(async move { api::put_room(school, id, version, &body).await }, move |saved| done.run(saved));
        }
    };
    view! {
        <form class="stack" on:submit=send>
            {fields.show(school, form, true)}
            <footer><Button label=t(tx::SAVE) look=Look::Primary busy=form.busy /></footer>
        </form>
    }
    .into_any()
}
