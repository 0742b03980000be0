//! One unit: what it is, where it lay and lies, what is under it.

use crate::api::{ApiError, records};
use crate::format;
use crate::i18n::{lang, t, texts, tf, tx};
use crate::pages::params::param;
use crate::pages::records::unit_forms::{EditUnit, EndUnit, MoveUnit, NewUnit, kinds_under};
use crate::state::who;
use crate::ui::{Button, Crumb, Dialog, Empty, Header, Icon, Loader, Look, Pill, Tone, icon, load, toast};
use dto::UnitId;
use dto::access::Permission;
use dto::units::{Unit, UnitDetail, UnitKind, UnitQuery};
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    CODE: "Mã", "Code";
    CODE_SET: "Bộ mã", "Code set";
    LEVELS: "Cấp học", "Levels";
    OPENED: "Thành lập", "Opened";
    CLOSED_ON: "Giải thể", "Closed";
    PLACES: "Trực thuộc qua các thời kì", "Placed under, in time";
    FROM: "từ {day}", "from {day}";
    UNTIL: "đến trước {day}", "until {day}";
    UNDER: "Đơn vị trực thuộc", "Units under it";
    NOTHING_UNDER: "Không có đơn vị trực thuộc", "Nothing lies under it";
    ABOUT: "Thông tin", "About";
    SEE_CLASSES: "Lớp của trường", "Classes of the school";
    EDIT: "Sửa", "Edit";
    MOVE: "Chuyển đơn vị", "Move";
    END: "Giải thể", "Close";
    END_OPEN: "Ngày giải thể", "Closing day";
    NEW: "Thêm đơn vị trực thuộc", "Add a unit under it";
    ADDED: "Đã thêm {name}", "{name} was added";
    MOVED: "Đã chuyển sang {name}", "Moved under {name}";
    NOW: "hiện nay", "now";
    SHORT_NAME: "Tên gọn", "Short name";
}

#[component]
pub fn UnitPage() -> impl IntoView {
    let id = param::<UnitId>("unit");
    let detail = load(move || {
        let id = id.get();
        async move {
            let id = id.ok_or(ApiError::Unexpected { status: 404, request_id: None })?;
            records::unit(id).await
        }
    });
    detail.show(move |value| page(value, detail))
}

fn page(detail: UnitDetail, loader: Loader<UnitDetail>) -> impl IntoView {
    let UnitDetail { unit, ancestors, placements } = detail;
    let id = unit.id;
    let writes = who().can(Permission::UnitWrite);
    let mut crumbs = vec![Crumb(t(tx::UNITS).to_owned(), "/units".to_owned())];
    crumbs.extend(ancestors.into_iter().map(|a| Crumb(a.name, format!("/units/{}", a.id))));
    let school = unit.kind == UnitKind::School;
    let levels = unit.levels.iter().map(|l| l.label(lang())).collect::<Vec<_>>().join(", ");
    let under = load(move || async move { records::units(&UnitQuery { parent_id: Some(id), ..Default::default() }, None).await });
    let (adding, editing, moving, ending) =
        (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let open = |dialog: RwSignal<bool>| Callback::new(move |()| dialog.set(true));
    // Nobody moves or ends the unit that their own role stands on.
    let own = who().with(|me| me.roles.iter().any(|role| role.unit_id == Some(id)));
    let moves = writes && !own && !unit.kind.parents().is_empty() && !placements.is_empty();
    let adds = writes && unit.closed_on.is_none() && !kinds_under(unit.kind).is_empty();
    let stored = StoredValue::new(unit.clone());
    // A neighbour of the new unit lends its code set.
    let like = move || under.get().and_then(|page| page.items.into_iter().next()).unwrap_or_else(|| stored.get_value());
    let added = Callback::new(move |unit: Unit| {
        adding.set(false);
        toast::say(tf(ADDED, &[("name", &unit.name)]));
        loader.reload();
    });
    let changed = Callback::new(move |()| {
        editing.set(false);
        ending.set(false);
        toast::say(t(tx::SAVED));
        loader.reload();
    });
    let moved = Callback::new(move |detail: UnitDetail| {
        moving.set(false);
        let above = detail.ancestors.last().map(|a| a.name.clone()).unwrap_or_default();
        toast::say(tf(MOVED, &[("name", &above)]));
        loader.set(detail);
    });
    view! {
        <Header title=unit.name crumbs=crumbs under=unit.kind.label(lang())>
            {school.then(|| view! { <A href=format!("/classes?school={id}") attr:class="btn">{icon(Icon::Book)}{t(SEE_CLASSES)}</A> })}
            {writes.then(|| view! { <Button label=t(EDIT) on_press=open(editing) /> })}
            {moves.then(|| view! { <Button label=t(MOVE) on_press=open(moving) /> <Button label=t(if unit.closed_on.is_some() { END_OPEN } else { END }) look=Look::Danger on_press=open(ending) /> })}
            {adds.then(|| view! { <Button label=t(NEW) look=Look::Primary glyph=Icon::Plus on_press=open(adding) /> })}
        </Header>
        <div class="split lead">
            <section class="panel">
                <header><h2>{t(UNDER)}</h2></header>
                <div class="body">
                    {under.show(|page| {
                        if page.items.is_empty() {
                            return view! { <Empty title=t(NOTHING_UNDER) glyph=Icon::Tree /> }.into_any();
                        }
                        view! {
                            <ul class="lines">
                                {page.items.into_iter().map(|u| view! {
                                    <li><span class="grow"><A href=format!("/units/{}", u.id)>{u.name}</A></span>{u.closed_on.map(|day| view! { <Pill label=format!("{} {}", t(CLOSED_ON), format::date(day)) tone=Tone::Warn /> })}<span class="quiet">{u.kind.label(lang())}</span><span class="quiet num">{u.code}</span></li>
                                }).collect_view()}
                            </ul>
                        }.into_any()
                    })}
                </div>
            </section>
            <div class="stack wide">
                <section class="panel">
                    <header><h2>{t(ABOUT)}</h2></header>
                    <dl class="body facts">
                        <dt>{t(SHORT_NAME)}</dt><dd>{unit.short_name}</dd>
                        <dt>{t(CODE)}</dt><dd class="num">{unit.code}</dd>
                        <dt>{t(CODE_SET)}</dt><dd>{format!("{} · {}", unit.code_set, unit.code_set_version)}</dd>
                        {(!levels.is_empty()).then(|| view! { <dt>{t(LEVELS)}</dt><dd>{levels}</dd> })}
                        <dt>{t(OPENED)}</dt><dd class="num">{format::date(unit.opened_on)}</dd>
                        {unit.closed_on.map(|day| view! { <dt>{t(CLOSED_ON)}</dt><dd class="num">{format::date(day)}</dd> })}
                    </dl>
                </section>
                {(!placements.is_empty()).then(|| view! {
                    <section class="panel">
                        <header><h2>{t(PLACES)}</h2></header>
                        <ul class="body lines">
                            {placements.into_iter().map(|p| view! {
                                <li>
                                    <span class="grow"><A href=format!("/units/{}", p.parent_id)>{p.parent_name}</A></span>
                                    <span class="quiet num">
                                        {tf(FROM, &[("day", &format::date(p.valid_from))])}
                                        {p.valid_to.map(|day| format!(", {}", tf(UNTIL, &[("day", &format::date(day))])))}
                                    </span>
                                    {p.valid_to.is_none().then(|| view! { <Pill label=t(NOW) tone=Tone::Ok /> })}
                                </li>
                            }).collect_view()}
                        </ul>
                    </section>
                })}
            </div>
        </div>
        <Dialog open=adding title=t(NEW)><NewUnit parent=stored.get_value() like=like() done=added /></Dialog>
        <Dialog open=editing title=t(EDIT)><EditUnit unit=stored.get_value() done=changed /></Dialog>
        <Dialog open=moving title=t(MOVE)><MoveUnit unit=stored.get_value() done=moved /></Dialog>
        <Dialog open=ending title=t(END)><EndUnit unit=stored.get_value() done=changed /></Dialog>
    }
}
