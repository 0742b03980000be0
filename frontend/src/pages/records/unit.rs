//! One unit: what it is, where it lay and lies, what is under it.

use crate::api::{ApiError, records};
use crate::format;
use crate::i18n::{lang, t, texts, tx};
use crate::pages::params::param;
use crate::ui::{Crumb, Empty, Header, Icon, icon, load};
use dto::UnitId;
use dto::units::{UnitDetail, UnitKind, UnitQuery};
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
    detail.show(page)
}

fn page(detail: UnitDetail) -> impl IntoView {
    let UnitDetail { unit, ancestors, placements } = detail;
    let id = unit.id;
    let mut crumbs = vec![Crumb(t(tx::UNITS).to_owned(), "/units".to_owned())];
    crumbs.extend(ancestors.into_iter().map(|a| Crumb(a.name, format!("/units/{}", a.id))));
    let school = unit.kind == UnitKind::School;
    let levels = unit.levels.iter().map(|l| l.label(lang())).collect::<Vec<_>>().join(", ");
    let under = load(move || async move { records::units(&UnitQuery { parent_id: Some(id), ..Default::default() }, None).await });
    view! {
        <Header title=unit.name crumbs=crumbs under=unit.kind.label(lang())>
            {school.then(|| view! { <A href=format!("/classes?school={id}") attr:class="btn">{icon(Icon::Book)}{t(SEE_CLASSES)}</A> })}
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
                                    <li><span class="grow"><A href=format!("/units/{}", u.id)>{u.name}</A></span><span class="quiet">{u.kind.label(lang())}</span><span class="quiet num">{u.code}</span></li>
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
                                        {crate::i18n::tf(FROM, &[("day", &format::date(p.valid_from))])}
                                        {p.valid_to.map(|day| format!(", {}", crate::i18n::tf(UNTIL, &[("day", &format::date(day))])))}
                                    </span>
                                </li>
                            }).collect_view()}
                        </ul>
                    </section>
                })}
            </div>
        </div>
    }
}
