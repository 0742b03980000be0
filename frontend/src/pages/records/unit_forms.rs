//! Forms of a unit: a new one under it, its own data, another place, its end.

use crate::api::records;
use crate::format;
use crate::i18n::{lang, t, texts, tx};
use crate::pages::records::pick::{Picked, filled};
use crate::ui::{Button, Check, DateField, Field, Form, FormFault, Look, SelectField};
use dto::UnitId;
use dto::units::*;
use leptos::prelude::*;

texts! {
    KIND: "Loại đơn vị", "Kind of unit";
    NAME: "Tên đầy đủ", "Full name";
    SHORT_NAME: "Tên gọn", "Short name";
    SHORT_HINT: "Hiện ở nơi hẹp, ví dụ: THCS Nguyễn Du", "Shown where there is little room, such as: THCS Nguyễn Du";
    CODE: "Mã đơn vị", "Code";
    CODE_SETS: "Bộ mã và phiên bản", "Code set and its version";
    CODE_SET: "Bộ mã", "Code set";
    CODE_SET_VERSION: "Phiên bản", "Version";
    CODE_SET_HINT: "Cùng một mã có thể chỉ đơn vị khác ở bộ mã cũ; chỉ sửa khi Bộ ban hành bộ mã mới.", "The same code may mean another unit in an older set; change this only when the Ministry issues a new set.";
    LEVELS: "Cấp học", "Levels";
    OPENED: "Ngày thành lập", "Opened on";
    PARENT: "Đơn vị cấp trên mới", "New unit above";
    PARENT_HINT: "Gõ tên hoặc mã, không cần dấu", "Type its name or code, without marks";
    FROM: "Từ ngày", "From";
    FROM_HINT: "Ngày đầu tiên thuộc đơn vị mới; lịch sử trước ngày này giữ nguyên.", "The first day under the new unit; the history before it stays.";
    MOVE: "Chuyển đơn vị", "Move the unit";
    MOVE_TEXT: "Mọi thứ bên dưới đi cùng. Người phụ trách đơn vị cấp trên cũ sẽ không còn thấy đơn vị này.", "All that lies under it goes along. Those who look after the old unit above no longer see it.";
    PICK_PARENT: "Hãy chọn đơn vị cấp trên", "Choose the unit above";
    CLOSED: "Ngày giải thể", "Closed on";
    CLOSED_HINT: "Ngày đầu tiên không còn hoạt động. Hồ sơ và lịch sử vẫn được giữ.", "The first day on which it no longer works. Records and history stay.";
    END: "Giải thể đơn vị", "Close the unit";
    REOPEN: "Bỏ ngày giải thể", "Take the closing back";
}

const FIELDS: &[&str] = &[
    "/kind",
    "/name",
    "/short_name",
    "/code",
    "/code_set",
    "/code_set_version",
    "/opened_on",
    "/closed_on",
    "/valid_from",
    "/levels",
];

/// What a new unit and a known one share.
#[derive(Clone, Copy)]
struct Own {
    name: RwSignal<String>,
    short_name: RwSignal<String>,
    code: RwSignal<String>,
    code_set: RwSignal<String>,
    code_set_version: RwSignal<String>,
    levels: StoredValue<Vec<(SchoolLevel, RwSignal<bool>)>>,
}

impl Own {
    /// `like`: whose code set a new unit begins with.
    fn new(unit: Option<&Unit>, like: &Unit) -> Own {
        let text = |value: Option<&String>| RwSignal::new(value.cloned().unwrap_or_default());
        let has = |level: SchoolLevel| unit.is_some_and(|u| u.levels.contains(&level));
        Own {
            name: text(unit.map(|u| &u.name)),
            short_name: text(unit.map(|u| &u.short_name)),
            code: text(unit.map(|u| &u.code)),
            code_set: text(Some(&like.code_set)),
            code_set_version: text(Some(&like.code_set_version)),
            levels: StoredValue::new(SchoolLevel::ALL.iter().map(|level| (*level, RwSignal::new(has(*level)))).collect()),
        }
    }

    fn body(self, teaches: bool, closed_on: Option<chrono::NaiveDate>) -> PutUnit {
        let text = |s: RwSignal<String>| s.get_untracked().trim().to_owned();
        let levels = self.levels.with_value(|all| all.iter().filter(|(_, on)| on.get_untracked()).map(|(l, _)| *l).collect());
        PutUnit {
            name: text(self.name),
            short_name: text(self.short_name),
            code: text(self.code),
            code_set: text(self.code_set),
            code_set_version: text(self.code_set_version),
            levels: if teaches { levels } else { Vec::new() },
            closed_on,
        }
    }

    fn fields(self, form: Form, teaches: Signal<bool>) -> AnyView {
        let levels = self.levels.get_value();
        view! {
            <Field label=t(NAME) name="unit_name" value=self.name required=true autofocus=true max=200 fault=form.fault("/name") />
            <div class="fields">
                <Field label=t(SHORT_NAME) name="short_name" value=self.short_name required=true max=60 hint=t(SHORT_HINT) fault=form.fault("/short_name") />
                <Field label=t(CODE) name="code" value=self.code required=true max=20 fault=form.fault("/code") />
            </div>
            {move || teaches.get().then(|| view! {
                <fieldset class="field"><legend class="label">{t(LEVELS)}</legend>
                    <div class="checks">{levels.clone().into_iter().map(|(level, on)| view! { <Check label=level.label(lang()) value=on /> }).collect_view()}</div>
                </fieldset>
            })}
            <details class="fold"><summary>{t(CODE_SETS)}</summary>
                <p class="quiet">{t(CODE_SET_HINT)}</p>
                <div class="fields">
                    <Field label=t(CODE_SET) name="code_set" value=self.code_set required=true max=40 fault=form.fault("/code_set") />
                    <Field label=t(CODE_SET_VERSION) name="code_set_version" value=self.code_set_version required=true max=40 fault=form.fault("/code_set_version") />
                </div>
            </details>
        }
        .into_any()
    }
}

/// The kinds that may lie under a unit of this kind.
pub fn kinds_under(parent: UnitKind) -> Vec<UnitKind> {
    // The district is history: nothing new of its kind is made.
    UnitKind::ALL.iter().copied().filter(|kind| *kind != UnitKind::District && kind.parents().contains(&parent)).collect()
}

/// `like`: a unit beside the new one, or the parent; it lends its code set.
#[component]
pub fn NewUnit(parent: Unit, like: Unit, done: Callback<Unit>) -> impl IntoView {
    let kinds = kinds_under(parent.kind);
    let first = if kinds.contains(&UnitKind::School) { Some(UnitKind::School) } else { kinds.first().copied() };
    let kind = RwSignal::new(first.map(|k| k.to_string()).unwrap_or_default());
    let options = kinds.iter().map(|k| (k.to_string(), k.label(lang()).to_owned())).collect::<Vec<_>>();
    let own = Own::new(None, &like);
    let opened = RwSignal::new(format::today().to_string());
    let form = Form::new();
    let teaches = Signal::derive(move || kind.read().parse().is_ok_and(UnitKind::teaches));
    let parent_id = parent.id;
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (Ok(kind), Ok(opened_on)) = (kind.get_untracked().parse::<UnitKind>(), opened.get_untracked().parse()) else {
            return;
        };
        let PutUnit { name, short_name, code, code_set, code_set_version, levels, .. } = own.body(kind.teaches(), None);
        let body = PostUnit { kind, parent_id, name, short_name, code, code_set, code_set_version, levels, opened_on };
        form.send(async move { records::create_unit(&body).await }, move |unit| done.run(unit));
    };
    view! {
        <form class="stack form" on:submit=submit>
            <FormFault form=form fields=FIELDS />
            <SelectField label=t(KIND) name="kind" value=kind options=options fault=form.fault("/kind") />
            {own.fields(form, teaches)}
            <DateField label=t(OPENED) name="opened_on" value=opened required=true fault=form.fault("/opened_on") />
            <footer><Button label=t(tx::SAVE) look=Look::Primary busy=form.busy /></footer>
        </form>
    }
    .into_any()
}

#[component]
pub fn EditUnit(unit: Unit, done: Callback<()>) -> impl IntoView {
    let own = Own::new(Some(&unit), &unit);
    let form = Form::new();
    let (id, version, teaches, closed_on) = (unit.id, unit.version, unit.kind.teaches(), unit.closed_on);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let body = own.body(teaches, closed_on);
        form.send(async move { records::put_unit(id, version, &body).await }, move |_| done.run(()));
    };
    view! {
        <form class="stack form" on:submit=submit>
            <FormFault form=form fields=FIELDS />
            {own.fields(form, Signal::stored(teaches))}
            <footer><Button label=t(tx::SAVE) look=Look::Primary busy=form.busy /></footer>
        </form>
    }
    .into_any()
}

#[component]
pub fn MoveUnit(unit: Unit, done: Callback<UnitDetail>) -> impl IntoView {
    let parent = Picked::new();
    let from = RwSignal::new(format::today().to_string());
    let form = Form::new();
    let missing = RwSignal::new(false);
    let fault = Signal::derive(move || missing.get().then(|| t(PICK_PARENT).to_owned()));
    let (id, kinds) = (unit.id, unit.kind.parents());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let chosen: Option<UnitId> = parent.id();
        missing.set(chosen.is_none());
        let (Some(parent_id), Ok(valid_from)) = (chosen, from.get_untracked().parse()) else { return };
        let body = PostPlacement { parent_id, valid_from };
        form.send(async move { records::place_unit(id, &body).await }, move |detail| done.run(detail));
    };
    view! {
        <form class="stack form" on:submit=submit>
            <p class="muted">{t(MOVE_TEXT)}</p>
            <FormFault form=form fields=FIELDS />
            {parent.unit_field(t(PARENT), "new_parent", kinds, Some(id), t(PARENT_HINT), fault)}
            <DateField label=t(FROM) name="valid_from" value=from required=true hint=t(FROM_HINT) fault=form.fault("/valid_from") />
            <footer><Button label=t(MOVE) look=Look::Primary busy=form.busy /></footer>
        </form>
    }
    .into_any()
}

/// The day on which a unit ends; or taking it back.
#[component]
pub fn EndUnit(unit: Unit, done: Callback<()>) -> impl IntoView {
    let day = RwSignal::new(unit.closed_on.unwrap_or_else(format::today).to_string());
    let form = Form::new();
    let (id, version, closed) = (unit.id, unit.version, unit.closed_on.is_some());
    let stored = StoredValue::new(unit);
    let send = move |closed_on: Option<chrono::NaiveDate>| {
        let Unit { name, short_name, code, code_set, code_set_version, levels, .. } = stored.get_value();
        let body = PutUnit { name, short_name, code, code_set, code_set_version, levels, closed_on };
        form.send(async move { records::put_unit(id, version, &body).await }, move |_| done.run(()));
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if let Some(day) = filled(day).and_then(|day| day.parse().ok()) {
            send(Some(day));
        }
    };
    view! {
        <form class="stack form" on:submit=submit>
            <FormFault form=form fields=FIELDS />
            <DateField label=t(CLOSED) name="closed_on" value=day required=true hint=t(CLOSED_HINT) fault=form.fault("/closed_on") />
            <footer>
                {closed.then(|| view! { <Button label=t(REOPEN) busy=form.busy on_press=Callback::new(move |()| send(None)) /> })}
                <Button label=t(END) look=Look::Danger busy=form.busy />
            </footer>
        </form>
    }
    .into_any()
}
