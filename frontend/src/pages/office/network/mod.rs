//! The network of a unit on any day: its tree, figures, what decisions did to it, and new decisions.

mod change;
mod codes;
mod undo;

pub use codes::CodesPage;

use crate::api::{network as api, records};
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::filters::Filters;
use crate::pages::place;
use crate::state::who;
use crate::ui::{Button, Check, Choice, Dialog, Empty, Header, Icon, Look, Pill, Tone, icon, load, pages, toast};
use change::{ChangeForm, What};
use chrono::NaiveDate;
use dto::access::Permission;
use dto::network::{NetworkUnit, UnitEvent, UnitNetwork};
use dto::units::{UnitKind, UnitQuery};
use dto::{UnitDecisionId, UnitId};
use leptos::prelude::*;
use undo::UndoForm;

texts! {
    WHEN: "Từ ngày", "From";
    WHAT: "Việc", "What";
    PAPER: "Quyết định", "Decision";
    TITLE: "Mạng lưới trường", "Network of schools";
    UNDER: "Tên, cơ quan quản lí, số lớp và số học sinh đúng như của ngày được chọn.", "Names, managers, classes and learners as of the day you choose.";
    ON: "Ngày", "Day";
    TODAY: "Hôm nay", "Today";
    TREE: "Cây đơn vị", "Tree of units";
    OPEN: "Mở {name}", "Open {name}";
    PICK: "Chọn một đơn vị ở cây bên cạnh", "Choose a unit in the tree";
    CODE: "Mã", "Code";
    OPENED: "Thành lập", "Opened";
    CLOSED: "Giải thể", "Closed";
    LEVELS: "Cấp học", "Levels";
    ABOVE: "Thuộc", "Under";
    SCHOOLS: "Trường", "Schools";
    CLASSES: "Lớp năm học {year}", "Classes of {year}";
    CLASSES_NONE: "Lớp", "Classes";
    LEARNERS: "Học sinh", "Learners";
    HISTORY: "Lịch sử", "History";
    BELOW: "Gồm cả các đơn vị bên dưới", "With all units below";
    NO_HISTORY: "Chưa có quyết định nào", "No decision yet";
    NO_HISTORY_TEXT: "Mỗi lần thành lập, đổi tên, sáp nhập, tách, giải thể hay chuyển cơ quan quản lí hiện ở đây cùng số quyết định.", "Each opening, renaming, merging, splitting, closing and moving shows here with its decision.";
    DECISION: "QĐ {number} ngày {day}", "Decision {number} of {day}";
    WAS: "Tên cũ: {name}", "Formerly {name}";
    FROM_TO: "Từ {from} sang {to}", "From {from} to {to}";
    WITH: "Cùng với: {names}", "With: {names}";
    WENT_OVER: "{learners} học sinh, {classes} lớp chuyển theo", "{learners} learners and {classes} classes went over";
    BY: "{who} ghi lúc {at}", "Recorded by {who} at {at}";
    DONE: "Đã ghi quyết định", "The decision is recorded";
    GOODS_WENT: "{rooms} phòng, {items} thiết bị chuyển theo", "{rooms} rooms and {items} items of the inventory went over";
    STAFF_WENT: "{n} vị trí công tác chuyển theo", "{n} posts of staff went over";
    UNDONE: "Đã hoàn tác", "Taken back";
    UNDO_DONE: "Đã hoàn tác quyết định; mọi thứ trở lại như trước", "The decision was taken back; everything is as it was";
}

#[component]
pub fn NetworkPage() -> impl IntoView {
    let filters = Filters::new();
    let day = filters.text_or("on", format::today().to_string());
    let on = Memo::new(move |_| day.read().parse::<NaiveDate>().unwrap_or_else(|_| format::today()));
    let chosen = RwSignal::new(None::<UnitId>);
    let go = Callback::new(move |to: Choice| chosen.set(to.key.parse().ok()));
    place::about(UnitKind::ALL, chosen.into(), go);
    // Counts decisions: the tree is read anew after each.
    let changed = RwSignal::new(0_u32);
    let tops = load(|| async { records::units(&UnitQuery::default(), None).await });
    let detail = load(move || {
        let (id, on) = (chosen.get(), on.get());
        changed.track();
        async move {
            match id {
                Some(id) => api::network(id, on).await.map(Some),
                None => Ok(None),
            }
        }
    });
    Effect::new(move |_| {
        if chosen.read_untracked().is_none() {
            chosen.set(tops.get().and_then(|page| page.items.first().map(|unit| unit.id)));
        }
    });
    let print = Callback::new(move |()| {
        let _ = window().print();
    });
    view! {
        <Header title=t(TITLE) under=t(UNDER)><Button label=t(tx::PRINT) glyph=Icon::Print on_press=print /></Header>
        <div class="filters">
            <div class="field"><label for="network-on">{t(ON)}</label>
                <input id="network-on" type="date" class="input" prop:value=day on:change=move |event| day.set(event_target_value(&event)) />
            </div>
            <Button label=t(TODAY) on_press=Callback::new(move |()| day.set(format::today().to_string())) />
            {filters.show()}
        </div>
        <div class="split network">
            <section class="panel" aria-label=t(TREE)><div class="body">
                {tops.show(move |page| {
                    let tops = page.items;
                    view! {
                        <ul class="tree">
                            {move || {
                                changed.track();
                                let on = on.get();
                                tops.iter().map(|unit| top(unit.id, on, chosen)).collect_view()
                            }}
                        </ul>
                    }
                })}
            </div></section>
            <div class="stack">{detail.show(move |found| match found {
                Some(found) => view! { <Detail found=found changed=changed /> }.into_any(),
                None => view! { <div class="panel"><Empty title=t(PICK) glyph=Icon::Tree /></div> }.into_any(),
            })}</div>
        </div>
    }
    .into_any()
}

/// A topmost unit, opened: its first level comes with it.
fn top(id: UnitId, on: NaiveDate, chosen: RwSignal<Option<UnitId>>) -> AnyView {
    let found = load(move || api::network(id, on));
    view! {
        {found.show(move |found: UnitNetwork| branch(found.unit, Some(found.children), on, chosen))}
    }
    .into_any()
}

/// One unit and, when opened, what lay under it.
fn branch(unit: NetworkUnit, children: Option<Vec<NetworkUnit>>, on: NaiveDate, chosen: RwSignal<Option<UnitId>>) -> AnyView {
    let open = RwSignal::new(children.is_some());
    let (id, name) = (unit.id, unit.name.clone());
    let known = StoredValue::new(children);
    let toggle = if unit.children > 0 {
        let label = tf(OPEN, &[("name", &name)]);
        view! { <button type="button" aria-expanded=move || open.get().to_string() aria-label=label on:click=move |_| open.update(|open| *open = !*open)>{icon(Icon::Chevron)}</button> }.into_any()
    } else {
        view! { <i></i> }.into_any()
    };
    let glyph = if unit.kind.teaches() { Icon::Home } else { Icon::Tree };
    view! {
        <li>
            <div class="node" class:on=move || chosen.get() == Some(id)>
                {toggle}
                <span class="muted">{icon(glyph)}</span>
                <span class="grow"><button type="button" class="named" aria-pressed=move || (chosen.get() == Some(id)).to_string() on:click=move |_| chosen.set(Some(id))>{name}</button></span>
                <span class="quiet num" title=t(LEARNERS)>{format::count(unit.learners.into())}</span>
            </div>
            {move || open.get().then(|| match known.get_value() {
                Some(children) => list(children, on, chosen),
                None => {
                    let found = load(move || api::network(id, on));
                    found.show(move |found| list(found.children, on, chosen))
                }
            })}
        </li>
    }
    .into_any()
}

fn list(children: Vec<NetworkUnit>, on: NaiveDate, chosen: RwSignal<Option<UnitId>>) -> AnyView {
    view! { <ul>{children.into_iter().map(|unit| branch(unit, None, on, chosen)).collect_view()}</ul> }.into_any()
}

#[component]
fn Detail(found: UnitNetwork, changed: RwSignal<u32>) -> impl IntoView {
    let unit = found.unit.clone();
    let above = found.above.iter().map(|unit| unit.name.clone()).collect::<Vec<_>>().join(" › ");
    let levels = unit.levels.iter().map(|level| level.label(lang())).collect::<Vec<_>>().join(", ");
    let classes = found.school_year.as_ref().map_or_else(|| t(CLASSES_NONE).to_owned(), |year| tf(CLASSES, &[("year", year)]));
    let figure =
        |label: String, count: u32| view! { <div><b class="num">{format::count(count.into())}</b><span>{label}</span></div> };
    let may = who().can(Permission::UnitReorganise) && unit.closed_on.is_none();
    view! {
        <section class="panel">
            <header><h2>{unit.name.clone()}</h2><Pill label=unit.kind.label(lang()) tone=Tone::Quiet /></header>
            <div class="body stack">
                <div class="figures">
                    {(!unit.kind.teaches()).then(|| figure(t(SCHOOLS).to_owned(), unit.schools))}
                    {figure(classes, unit.classes)}
                    {figure(t(LEARNERS).to_owned(), unit.learners)}
                </div>
                <dl class="facts">
                    <dt>{t(CODE)}</dt><dd class="num">{format!("{} ({} · {})", unit.code, unit.code_set, unit.code_set_version)}</dd>
                    {(!levels.is_empty()).then(|| view! { <dt>{t(LEVELS)}</dt><dd>{levels}</dd> })}
                    {(!above.is_empty()).then(|| view! { <dt>{t(ABOVE)}</dt><dd>{above}</dd> })}
                    <dt>{t(OPENED)}</dt><dd class="num">{format::date(unit.opened_on)}</dd>
                    {unit.closed_on.map(|day| view! { <dt>{t(CLOSED)}</dt><dd class="num">{format::date(day)}</dd> })}
                </dl>
                {may.then(|| view! { <Actions found=found.clone() changed=changed /> })}
            </div>
        </section>
        <History unit=unit.id teaches=unit.kind.teaches() changed=changed />
    }
    .into_any()
}

#[component]
fn Actions(found: UnitNetwork, changed: RwSignal<u32>) -> impl IntoView {
    let what = RwSignal::new(None::<What>);
    let open = RwSignal::new(false);
    let choices: &[What] = match found.unit.kind {
        UnitKind::School => &[What::Rename, What::Merge, What::Split, What::Move, What::Close],
        UnitKind::Campus => &[What::Rename, What::Close],
        UnitKind::Commune | UnitKind::Department => &[What::Open, What::MoveAll, What::Rename],
        UnitKind::District | UnitKind::Ministry => &[],
    };
    let buttons = choices
        .iter()
        .map(|choice| {
            let choice = *choice;
            let press = Callback::new(move |()| {
                what.set(Some(choice));
                open.set(true);
            });
            let look = if choice == What::Close { Look::Danger } else { Look::Normal };
            view! { <Button label=t(choice.label()) small=true look=look on_press=press /> }
        })
        .collect_view();
    let found = StoredValue::new(found);
    let done = Callback::new(move |()| {
        open.set(false);
        changed.update(|n| *n += 1);
        toast::say(t(DONE));
    });
    view! {
        <div class="row no-print">{buttons}</div>
        {move || what.get().map(|what| view! {
            <Dialog open=open title=t(what.label())><ChangeForm what=what found=found.get_value() done=done /></Dialog>
        })}
    }
    .into_any()
}

#[component]
fn History(unit: UnitId, teaches: bool, changed: RwSignal<u32>) -> impl IntoView {
    let may = who().can(Permission::UnitReorganise);
    let (open, chosen) = (RwSignal::new(false), RwSignal::new(None::<UnitDecisionId>));
    let undo = Callback::new(move |id| {
        chosen.set(Some(id));
        open.set(true);
    });
    let done = Callback::new(move |()| {
        open.set(false);
        changed.update(|n| *n += 1);
        toast::say(t(UNDO_DONE));
    });
    let below = RwSignal::new(!teaches);
    let lines = pages(move |after| {
        let below = below.get();
        async move { api::history(unit, below, after).await }
    });
    view! {
        <section class="panel" aria-labelledby="history-title">
            <header>
                <h2 id="history-title">{t(HISTORY)}</h2>
                {(!teaches).then(|| view! { <Check label=t(BELOW) value=below /> })}
                {lines.export("quyet-dinh-mang-luoi")}
            </header>
            <div class="body">
                {lines.show(move |items| {
                    if items.is_empty() {
                        return view! { <Empty title=t(NO_HISTORY) text=t(NO_HISTORY_TEXT) glyph=Icon::Clock /> }.into_any();
                    }
                    view! { <ol class="timeline">{items.into_iter().map(|line| event(line, undo, may)).collect_view()}</ol> }.into_any()
                })}
            </div>
        </section>
        {move || chosen.get().filter(|_| open.get()).map(|id| view! {
            <Dialog open=open title=t(undo::UNDO)><UndoForm id=id open=open done=done /></Dialog>
        })}
    }
    .into_any()
}

fn event(event: UnitEvent, undo: Callback<UnitDecisionId>, may: bool) -> AnyView {
    let decided = event.decision_id.filter(|_| may && event.undone_at.is_none());
    let back = decided.map(|id| {
        view! { <span class="no-print"><Button label=t(undo::UNDO) small=true glyph=Icon::Undo on_press=Callback::new(move |()| undo.run(id)) /></span> }
    });
    let staff = (event.detail.staff > 0).then(|| tf(STAFF_WENT, &[("n", &format::count(event.detail.staff.into()))]));
    let detail = event.detail;
    let others = detail.others.iter().map(|unit| unit.name.clone()).collect::<Vec<_>>().join(", ");
    let moved = detail.parent_after.as_ref().map(|to| {
        let from = detail.parent_before.as_ref().map(|unit| unit.name.clone()).unwrap_or_default();
        tf(FROM_TO, &[("from", &from), ("to", &to.name)])
    });
    let over = (detail.learners + detail.classes > 0).then(|| {
        tf(WENT_OVER, &[("learners", &format::count(detail.learners.into())), ("classes", &format::count(detail.classes.into()))])
    });
    let goods = (detail.rooms + detail.equipment > 0).then(|| {
        tf(GOODS_WENT, &[("rooms", &format::count(detail.rooms.into())), ("items", &format::count(detail.equipment.into()))])
    });
    let decision = tf(DECISION, &[("number", &event.decision_number), ("day", &format::date(event.decided_on))]);
    let by = tf(BY, &[("who", &event.recorded_by), ("at", &format::instant(event.recorded_at))]);
    view! {
        <li data-row="">
            <time class="num" data-col=t(WHEN)>{format::date(event.effective_on)}</time>
            <p data-col=t(WHAT)><Pill label=event.kind.label(lang()) tone=Tone::Brand />" "<b>{event.unit_name}</b>{event.undone_at.map(|_| view! { " "<Pill label=t(UNDONE) tone=Tone::Warn /> })}</p>
            {detail.name_before.map(|name| view! { <p>{tf(WAS, &[("name", &name)])}</p> })}
            {moved.map(|text| view! { <p>{text}</p> })}
            {(!others.is_empty()).then(|| view! { <p>{tf(WITH, &[("names", &others)])}</p> })}
            {over.map(|text| view! { <p>{text}</p> })}
            {staff.map(|text| view! { <p>{text}</p> })}
            {goods.map(|text| view! { <p>{text}</p> })}
            {event.note.map(|note| view! { <p class="because">{note}</p> })}
            <p class="quiet num" data-col=t(PAPER)>{format!("{decision} · {by}")}</p>
            {back}
        </li>
    }
    .into_any()
}
