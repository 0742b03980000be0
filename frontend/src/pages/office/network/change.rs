//! A decision on a unit: its number and days, what it does, and what hangs on that before it is sent.

use crate::api::{network as api, records, rooms as rooms_api};
use crate::format;
use crate::i18n::{Text, lang, t, texts, tf};
use crate::pages::records::pick::{Picked, filled};
use crate::state::calendar;
use crate::ui::{Button, Check, DateField, Field, Form, FormFault, Icon, Look, icon, load};
use chrono::NaiveDate;
use dto::classes::ClassQuery;
use dto::network::{NetworkUnit, NewSchool, PostUnitChange, SplitOff, UnitChange, UnitConsequences, UnitNetwork};
use dto::rooms::RoomQuery;
use dto::units::{SchoolLevel, UnitKind};
use dto::{ClassId, RoomId, UnitId};
use leptos::prelude::*;

texts! {
    OPEN: "Thành lập trường", "Open a school";
    RENAME: "Đổi tên", "Rename";
    MERGE: "Sáp nhập vào trường khác", "Merge into another school";
    SPLIT: "Tách trường", "Split";
    CLOSE: "Giải thể", "Close";
    MOVE: "Chuyển cơ quan quản lí", "Move to another manager";
    MOVE_ALL: "Chuyển mọi trường đi", "Move all schools away";
    NUMBER: "Số quyết định", "Decision number";
    DECIDED: "Ngày quyết định", "Decided on";
    EFFECTIVE: "Có hiệu lực từ", "In force from";
    EFFECTIVE_HINT: "Mọi số liệu trước ngày này giữ nguyên như cũ.", "All figures before this day stay as they were.";
    NOTE: "Ghi chú (không bắt buộc)", "Note (not required)";
    NAME: "Tên đầy đủ", "Full name";
    SHORT: "Tên gọn", "Short name";
    CODE: "Mã trường", "Code";
    LEVELS: "Cấp học", "Levels";
    INTO: "Trường tiếp nhận", "The school that goes on";
    INTO_NEW: "Lập một trường mới từ các trường này", "A new school comes of them";
    ALSO: "Trường cùng sáp nhập (nếu có)", "Another school that ends (if any)";
    PARENT: "Cơ quan quản lí mới", "New manager";
    NEW_SCHOOL: "Trường mới", "The new school";
    CLOSES: "Trường cũ chấm dứt hoạt động", "The old school ends";
    GO_ALONG: "Lớp chuyển sang trường mới (năm học chưa bắt đầu)", "Classes that go along (of years that have not begun)";
    NO_COMING: "Trường chưa có lớp nào của năm học sắp tới; học sinh ở lại trường cũ cho đến khi được xếp lớp.", "The school has no classes of a coming year yet; learners stay until they have one.";
    SEND: "Ghi quyết định", "Record the decision";
    AHEAD: "Điều gì sẽ xảy ra với {name}", "What happens to {name}";
    A_LEARNERS: "{n} học sinh đang học", "{n} learners";
    A_GO: "chuyển sang trường tiếp nhận, kèm lịch sử", "go over to the school that goes on, with their history";
    A_RUNNING: "{n} lớp đang học giữ nguyên sổ điểm, do trường tiếp nhận quản lí", "{n} running classes keep their sheets and lie under the school that goes on";
    A_COMING: "{n} lớp của năm học tới chuyển theo", "{n} classes of the coming year go over";
    A_STAFF: "{n} vị trí công tác của cán bộ, giáo viên, nhân viên chuyển sang trường tiếp nhận theo số quyết định này", "{n} posts of staff go over to the school that goes on, by the number of this decision";
    A_STAYING: "{n} vị trí không chuyển theo (trường tiếp nhận đã có hiệu trưởng, hoặc người đó đã giữ vị trí ấy): cần quyết định riêng", "{n} posts do not go over (there is a principal, or the same person in that post): they need decisions of their own";
    A_STAFF_OWN: "{n} vị trí công tác của cán bộ, giáo viên, nhân viên: cần quyết định điều động riêng", "{n} posts of staff: they need decisions of their own";
    STAFF_TO: "Nơi nhận cán bộ, giáo viên, nhân viên (nếu có)", "Where the staff goes (if anywhere)";
    A_ROOMS: "{n} phòng chuyển sang trường tiếp nhận, kèm ảnh và lịch sử", "{n} rooms go over to the school that goes on, with photos and history";
    A_RENAMED: "{n} phòng trùng mã với phòng của trường tiếp nhận: mã được thêm số ở sau", "{n} rooms have the code of a room there: theirs gets a number behind it";
    A_EQUIPMENT: "{n} thiết bị trong sổ tài sản chuyển theo, giữ nguyên mã trên nhãn", "{n} items of the inventory go along and keep the codes on their labels";
    ROOMS_ALONG: "Phòng chuyển sang trường mới (kèm thiết bị trong phòng)", "Rooms that go along (with what stands in them)";
    A_CAMPUS: "{n} điểm trường đi cùng", "{n} campuses go along";
    A_REFUSED: "Còn {n} học sinh trong các lớp: chưa thể giải thể. Hãy sáp nhập hoặc chuyển các em trước.", "{n} learners are in classes: it cannot be closed. Merge it, or transfer them first.";
    A_CLOSES: "Không còn học sinh trong lớp nào; trường được đóng lại, hồ sơ và lịch sử vẫn giữ.", "Nobody is in a class; the school is closed, its records and history stay.";
}

/// What a decision may do from here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Open,
    Rename,
    Merge,
    Split,
    Close,
    Move,
    MoveAll,
}

impl What {
    pub fn label(self) -> Text {
        match self {
            What::Open => OPEN,
            What::Rename => RENAME,
            What::Merge => MERGE,
            What::Split => SPLIT,
            What::Close => CLOSE,
            What::Move => MOVE,
            What::MoveAll => MOVE_ALL,
        }
    }
}

const FIELDS: &[&str] = &["/decision_number", "/decided_on", "/effective_on", "/note", "/change/name", "/change/short_name"];

/// A school to be opened, as it is typed.
#[derive(Clone, Copy)]
struct Typed {
    name: RwSignal<String>,
    short_name: RwSignal<String>,
    code: RwSignal<String>,
    levels: StoredValue<Vec<(SchoolLevel, RwSignal<bool>)>>,
}

impl Typed {
    fn new(levels: &[SchoolLevel]) -> Typed {
        let empty = || RwSignal::new(String::new());
        let levels = SchoolLevel::ALL.iter().map(|level| (*level, RwSignal::new(levels.contains(level)))).collect();
        Typed { name: empty(), short_name: empty(), code: empty(), levels: StoredValue::new(levels) }
    }

    /// `like`: whose code set it begins with.
    fn school(self, parent_id: UnitId, like: &NetworkUnit) -> NewSchool {
        let text = |value: RwSignal<String>| value.get_untracked().trim().to_owned();
        NewSchool {
            parent_id,
            name: text(self.name),
            short_name: text(self.short_name),
            code: text(self.code),
            code_set: like.code_set.clone(),
            code_set_version: like.code_set_version.clone(),
            levels: self
                .levels
                .with_value(|all| all.iter().filter(|(_, on)| on.get_untracked()).map(|(level, _)| *level).collect()),
        }
    }

    fn fields(self) -> AnyView {
        let levels = self.levels.get_value();
        view! {
            <fieldset class="field stack"><legend class="label">{t(NEW_SCHOOL)}</legend>
                <Field label=t(NAME) name="new_name" value=self.name required=true max=200 />
                <div class="fields">
                    <Field label=t(SHORT) name="new_short" value=self.short_name required=true max=60 />
                    <Field label=t(CODE) name="new_code" value=self.code required=true max=20 />
                </div>
                <div class="checks" role="group" aria-label=t(LEVELS)>
                    {levels.into_iter().map(|(level, on)| view! { <Check label=level.label(lang()) value=on /> }).collect_view()}
                </div>
            </fieldset>
        }
        .into_any()
    }
}

#[component]
pub fn ChangeForm(what: What, found: UnitNetwork, done: Callback<()>) -> impl IntoView {
    let unit = found.unit.clone();
    let id = unit.id;
    let like = found.children.iter().find(|child| child.kind == UnitKind::School).cloned().unwrap_or_else(|| unit.clone());
    let above = found.above.last().map(|unit| unit.id);
    let number = RwSignal::new(String::new());
    let today = || RwSignal::new(format::today().to_string());
    let (decided, effective, note) = (today(), today(), RwSignal::new(String::new()));
    let (name, short_name) = (RwSignal::new(unit.name.clone()), RwSignal::new(unit.short_name.clone()));
    let (into, also, parent) = (Picked::new(), Picked::new(), Picked::new());
    let (fresh, closes) = (RwSignal::new(false), RwSignal::new(false));
    let typed = Typed::new(if what == What::Open { &like.levels } else { &unit.levels });
    let going: RwSignal<Vec<(ClassId, RwSignal<bool>)>> = RwSignal::new(Vec::new());
    let rooms: RwSignal<Vec<(RoomId, RwSignal<bool>)>> = RwSignal::new(Vec::new());
    let form = Form::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (Ok(decided_on), Ok(effective_on)) = (decided.get_untracked().parse(), effective.get_untracked().parse()) else {
            return;
        };
        let text = |value: RwSignal<String>| value.get_untracked().trim().to_owned();
        // Where nothing was picked the server says so at the field.
        let change = match what {
            What::Open => UnitChange::Open { school: typed.school(id, &like) },
            What::Rename => UnitChange::Rename { unit_id: id, name: text(name), short_name: text(short_name) },
            What::Merge => UnitChange::Merge {
                unit_ids: std::iter::once(id).chain(also.id()).collect(),
                into_id: into.id().filter(|_| !fresh.get_untracked()),
                new: above.filter(|_| fresh.get_untracked()).map(|parent| typed.school(parent, &like)),
            },
            What::Split => {
                let class_ids = ticked(going);
                let room_ids = ticked(rooms);
                let Some(parent) = above else { return };
                UnitChange::Split {
                    unit_id: id,
                    new: vec![SplitOff { school: typed.school(parent, &like), class_ids, room_ids }],
                    closes: closes.get_untracked(),
                }
            }
            What::Close => UnitChange::Close { unit_id: id, staff_to_id: into.id() },
            What::Move | What::MoveAll => {
                let Some(parent_id) = parent.id() else { return };
                let (unit_ids, all_of) = if what == What::Move { (vec![id], None) } else { (Vec::new(), Some(id)) };
                UnitChange::Move { unit_ids, all_of, parent_id }
            }
        };
        let body = PostUnitChange { decision_number: text(number), decided_on, effective_on, note: filled(note), change };
        form.send(async move { api::change(&body).await }, move |_| done.run(()));
    };
    let own = match what {
        What::Open => typed.fields(),
        What::Rename => view! {
            <Field label=t(NAME) name="unit_name" value=name required=true max=200 fault=form.fault("/change/name") />
            <Field label=t(SHORT) name="short_name" value=short_name required=true max=60 fault=form.fault("/change/short_name") />
        }
        .into_any(),
        What::Merge => view! {
            {also.unit_field(t(ALSO), "merge-also", &[UnitKind::School], Some(id), "", Signal::stored(None))}
            <Check label=t(INTO_NEW) value=fresh />
            {move || if fresh.get() {
                typed.fields()
            } else {
                into.unit_field(t(INTO), "merge-into", &[UnitKind::School], Some(id), "", form.fault("/change/into_id"))
            }}
        }
        .into_any(),
        What::Split => view! {
            {typed.fields()}
            <Check label=t(CLOSES) value=closes />
            <Coming school=id effective=effective going=going />
            <RoomsAlong school=id rooms=rooms />
        }
        .into_any(),
        What::Close => into.unit_field(t(STAFF_TO), "close-staff", &[UnitKind::School], Some(id), "", form.fault("/change/staff_to_id")),
        What::Move => parent.unit_field(t(PARENT), "move-to", UnitKind::School.parents(), Some(id), "", Signal::stored(None)),
        What::MoveAll => parent.unit_field(t(PARENT), "move-to", UnitKind::School.parents(), Some(id), "", form.fault("/change/unit_ids")),
    };
    let weighs = matches!(what, What::Merge | What::Split | What::Close);
    view! {
        <form class="stack form" on:submit=submit>
            <div class="fields">
                <Field label=t(NUMBER) name="decision_number" value=number required=true autofocus=true max=60 fault=form.fault("/decision_number") />
                <DateField label=t(DECIDED) name="decided_on" value=decided required=true fault=form.fault("/decided_on") />
            </div>
            <DateField label=t(EFFECTIVE) name="effective_on" value=effective required=true hint=t(EFFECTIVE_HINT) fault=form.fault("/effective_on") />
            {own}
            <Field label=t(NOTE) name="change_note" value=note max=500 fault=form.fault("/note") />
            {weighs.then(|| view! { <Ahead unit=id what=what effective=effective into=into /> })}
            <FormFault form=form fields=FIELDS />
            <footer><Button label=t(SEND) look=if what == What::Close { Look::Danger } else { Look::Primary } busy=form.busy /></footer>
        </form>
    }
    .into_any()
}

/// The classes of years that have not begun, to be ticked.
#[component]
fn Coming(school: UnitId, effective: RwSignal<String>, going: RwSignal<Vec<(ClassId, RwSignal<bool>)>>) -> impl IntoView {
    let years = calendar();
    let classes = load(move || {
        let day = effective.read().parse::<NaiveDate>().unwrap_or_else(|_| format::today());
        let years = years.map(|calendar| calendar.years()).unwrap_or_default();
        async move {
            let mut found = Vec::new();
            for year in years.into_iter().filter(|year| year.starts_on >= day) {
                let query = ClassQuery { school_id: Some(school), school_year_id: Some(year.id), ..ClassQuery::default() };
                found.extend(records::classes(&query, None).await?.items);
            }
            Ok(found)
        }
    });
    classes.show(move |classes| {
        let ticks: Vec<_> = classes.iter().map(|class| (class.id, RwSignal::new(false))).collect();
        going.set(ticks.clone());
        if classes.is_empty() {
            return view! { <p class="quiet">{t(NO_COMING)}</p> }.into_any();
        }
        let checks = classes.into_iter().zip(ticks).map(|(class, (_, on))| view! { <Check label=format!("{} · {}", class.name, class.school_year) value=on /> }).collect_view();
        view! { <fieldset class="field"><legend class="label">{t(GO_ALONG)}</legend><div class="checks">{checks}</div></fieldset> }.into_any()
    })
}

fn ticked<T: Copy + Send + Sync + 'static>(all: RwSignal<Vec<(T, RwSignal<bool>)>>) -> Vec<T> {
    all.get_untracked().into_iter().filter(|(_, on)| on.get_untracked()).map(|(one, _)| one).collect()
}

/// The rooms of the school's register, to be ticked; nothing where it keeps none.
#[component]
fn RoomsAlong(school: UnitId, rooms: RwSignal<Vec<(RoomId, RwSignal<bool>)>>) -> impl IntoView {
    let found = load(move || async move {
        let mut all = Vec::new();
        let mut after = None;
        loop {
            let page = rooms_api::list(school, &RoomQuery::default(), after).await?;
            all.extend(page.items);
            after = page.next;
            if after.is_none() {
                return Ok(all);
            }
        }
    });
    found.show(move |found| {
        let ticks: Vec<_> = found.iter().map(|room| (room.id, RwSignal::new(false))).collect();
        rooms.set(ticks.clone());
        if found.is_empty() {
            return ().into_any();
        }
        let checks = found.into_iter().zip(ticks).map(|(room, (_, on))| view! { <Check label=format!("{} · {}", room.code, room.name) value=on /> }).collect_view();
        view! { <fieldset class="field"><legend class="label">{t(ROOMS_ALONG)}</legend><div class="checks">{checks}</div></fieldset> }.into_any()
    })
}

/// What hangs on the unit on that day.
#[component]
fn Ahead(unit: UnitId, what: What, effective: RwSignal<String>, into: Picked) -> impl IntoView {
    let found = load(move || {
        let day = effective.read().parse::<NaiveDate>().unwrap_or_else(|_| format::today());
        let into = into.id();
        async move { api::consequences(unit, day, into).await }
    });
    found.show(move |found: UnitConsequences| {
        let n = |text: Text, count: u32| (count > 0).then(|| tf(text, &[("n", &format::count(count.into()))]));
        let mut lines = Vec::new();
        match what {
            What::Close if found.class_learners > 0 => lines.extend(n(A_REFUSED, found.class_learners)),
            What::Close => lines.push(t(A_CLOSES).to_owned()),
            What::Merge => {
                lines.extend(n(A_LEARNERS, found.learners).map(|text| format!("{text} {}", t(A_GO))));
                lines.extend(n(A_RUNNING, found.running_classes));
                lines.extend(n(A_COMING, found.coming_classes));
                lines.extend(n(A_CAMPUS, found.campuses));
                lines.extend(n(A_ROOMS, found.rooms));
                lines.extend(n(A_RENAMED, found.rooms_renamed));
                lines.extend(n(A_EQUIPMENT, found.equipment));
            }
            _ => lines.extend(n(A_LEARNERS, found.learners)),
        }
        if what == What::Merge || (what == What::Close && into.id::<UnitId>().is_some()) {
            lines.extend(n(A_STAFF, found.staff));
            lines.extend(n(A_STAYING, found.staff_staying));
        } else {
            lines.extend(n(A_STAFF_OWN, found.staff + found.staff_staying));
        }
        let refused = what == What::Close && found.class_learners > 0;
        view! {
            <div class=if refused { "strip bad" } else { "strip" } role="status">
                {icon(if refused { Icon::Alert } else { Icon::Info })}
                <div class="grow"><b>{tf(AHEAD, &[("name", &found.unit_name)])}</b><ul>{lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul></div>
            </div>
        }
        .into_any()
    })
}
