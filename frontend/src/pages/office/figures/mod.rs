//! Yearly figures: a school enters and signs them; whoever is above sees the totals and who is missing, and goes down the tree.
//! Facilities, budgets and settlements are three sets of the same pages.

mod chart;
mod sheet;
mod totals;

use super::photos::{self, Shown};
use crate::api::figures;
use crate::format;
use crate::i18n::{Text, lang, t, texts, tf, tx};
use crate::pages::params::param;
use crate::pages::place;
use crate::state::who;
use crate::ui::{Button, Choice, Crumb, Empty, Form, FormFault, Header, Icon, load, save_as};
use chrono::Datelike;
use dto::UnitId;
use dto::access::Permission;
use dto::figures::*;
use dto::units::UnitKind;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;

texts! {
    FACILITIES_UNDER: "Mỗi trường kiểm kê một lần trong năm, hiệu trưởng ký duyệt; mọi báo cáo lấy đúng số liệu này.", "Each school counts once a year and the principal signs; every report reads this figure.";
    FINANCE_UNDER: "Số liệu do trường nhập, hiệu trưởng ký duyệt; cấp trên xem tổng hợp.", "Entered by the school, signed by the principal; totals are seen above.";
    YEAR_BEFORE: "Năm trước", "The year before";
    YEAR_AFTER: "Năm sau", "The year after";
    YEAR: "Năm {year}", "Year {year}";
    NO_UNIT: "Tài khoản này chưa gắn với đơn vị nào", "This account belongs to no unit";
    SETS: "Loại số liệu", "Kind of figures";
    ITEMS: "Danh mục khoản mục", "Budget lines";
    PROJECTS: "Dự án đầu tư", "Investment projects";
    EQUIPMENT: "Sổ thiết bị", "Inventory";
}

/// Where a set of a unit and year is shown.
fn address(set: FigureSet, unit: UnitId, year: i16) -> String {
    match set {
        FigureSet::Facilities => format!("/office/facilities/{unit}/{year}"),
        other => format!("/office/finance/{other}/{unit}/{year}"),
    }
}

/// The year that one enters now.
fn year_now(set: FigureSet) -> i16 {
    let today = format::today();
    let year = i16::try_from(today.year()).unwrap_or(2026);
    // A school year is counted once it has begun.
    if set == FigureSet::Facilities && today.month() < 8 { year - 1 } else { year }
}

/// The unit of the person's first role that stands on one.
pub fn own_unit() -> Option<UnitId> {
    who().with(|me| me.roles.iter().find_map(|grant| grant.unit_id))
}

/// May the person ask all schools for a set?
fn may_manage(set: FigureSet) -> bool {
    who().can(match set {
        FigureSet::Facilities => Permission::FacilityManage,
        _ => Permission::FinanceManage,
    })
}

/// An amount or a count as people write it.
pub fn number(value: i64) -> String {
    format::count(u64::try_from(value).unwrap_or(0))
}

/// What was typed, with or without separators; nothing where it is no whole number.
pub fn typed(text: &str) -> Option<i64> {
    let digits: String = text.chars().filter(|c| !matches!(c, '.' | ',' | ' ' | '\u{a0}')).collect();
    digits.parse().ok().filter(|value| *value >= 0)
}

#[component]
pub fn FacilitiesPage() -> impl IntoView {
    page(FigureSet::Facilities)
}

#[component]
pub fn BudgetPage() -> impl IntoView {
    page(FigureSet::Budget)
}

#[component]
pub fn SettlementPage() -> impl IntoView {
    page(FigureSet::Settlement)
}

fn page(set: FigureSet) -> AnyView {
    let (unit, year) = (param::<UnitId>("unit"), param::<i16>("year"));
    let mine = own_unit();
    let place = Memo::new(move |_| Some((unit.get().or(mine)?, year.get().unwrap_or_else(|| year_now(set)))));
    // The tree beside takes the page along.
    let navigate = use_navigate();
    let go = Callback::new(move |to: Choice| {
        let (Ok(unit), Some((_, year))) = (to.key.parse(), place.get_untracked()) else { return };
        navigate(&address(set, unit, year), NavigateOptions::default());
    });
    place::about(UnitKind::ALL, Signal::derive(move || place.get().map(|(unit, _)| unit)), go);
    let found = load(move || {
        let place = place.get();
        async move {
            match place {
                Some((unit, year)) => figures::totals(set, unit, year).await.map(Some),
                None => Ok(None),
            }
        }
    });
    view! {
        {found.show(move |found| match found {
            Some(found) => shown(found),
            None => view! { <div class="panel"><Empty title=t(NO_UNIT) glyph=Icon::Home /></div> }.into_any(),
        })}
    }
    .into_any()
}

/// The page of one unit and year.
fn shown(found: YearlyTotals) -> AnyView {
    let (set, unit, year) = (found.set, found.unit.id, found.year);
    let crumbs = found.above.iter().map(|above| Crumb(above.name.clone(), address(set, above.id, year))).collect();
    let under = if set == FigureSet::Facilities { FACILITIES_UNDER } else { FINANCE_UNDER };
    let form = Form::new();
    let save = move |format: FigureFormat| {
        let name = format!("{set}-{}.{format}", year_name(set, year));
        form.send(async move { figures::totals_file(set, unit, year, format).await }, move |blob| save_as(&blob, &name));
    };
    let pictures = set == FigureSet::Facilities && found.unit.kind == UnitKind::School;
    let body = match found.unit.kind {
        UnitKind::School => sheet::of_school(set, unit, year),
        _ => totals::of_unit(found.clone()),
    };
    view! {
        <Header title=format!("{} · {}", set.label(lang()), found.unit.name) crumbs=crumbs under=t(under)>
            <Button label="Excel" glyph=Icon::File busy=form.busy on_press=Callback::new(move |()| save(FigureFormat::Xlsx)) />
            <Button label="CSV" glyph=Icon::File busy=form.busy on_press=Callback::new(move |()| save(FigureFormat::Csv)) />
            <Button label=t(tx::PRINT) glyph=Icon::Print on_press=Callback::new(move |()| _ = window().print()) />
        </Header>
        <FormFault form=form />
        <div class="filters no-print">{sets(set, unit)}{years(set, unit, year)}</div>
        {body}
        {chart::over_years(set, unit)}
        {pictures.then(|| photos::of(unit, Shown::School, who().can(Permission::FacilityWrite)))}
    }
    .into_any()
}

/// Between the sets of finance, and to what belongs to a set.
fn sets(set: FigureSet, unit: UnitId) -> AnyView {
    let link = |href: String, label: &'static str, here: bool| {
        view! { <A href=href attr:class="btn small" attr:aria-current=here.then_some("page")>{label}</A> }
    };
    if set == FigureSet::Facilities {
        return view! { <nav class="row" aria-label=t(SETS)>{link("/office/equipment".to_owned(), t(EQUIPMENT), false)}</nav> }
            .into_any();
    }
    let finance = [FigureSet::Budget, FigureSet::Settlement]
        .map(|other| link(address(other, unit, year_now(other)), other.label(lang()), other == set))
        .collect_view();
    view! {
        <nav class="row" aria-label=t(SETS)>
            {finance}
            {link("/office/finance/projects".to_owned(), t(PROJECTS), false)}
            {may_manage(set).then(|| link("/office/finance/items".to_owned(), t(ITEMS), false))}
        </nav>
    }
    .into_any()
}

fn years(set: FigureSet, unit: UnitId, year: i16) -> AnyView {
    let step = move |to: i16, label: Text| view! { <A href=address(set, unit, to) attr:class="btn small" attr:aria-label=t(label)>{if to < year { "‹" } else { "›" }}</A> };
    view! {
        <div class="row tight">
            {step(year - 1, YEAR_BEFORE)}
            <b class="num">{tf(YEAR, &[("year", &year_name(set, year))])}</b>
            {step(year + 1, YEAR_AFTER)}
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::typed;

    #[test]
    fn amounts_are_read_with_their_separators() {
        assert_eq!((typed("6.500.000.000"), typed(" 12 "), typed("1,234")), (Some(6_500_000_000), Some(12), Some(1234)));
        assert_eq!((typed(""), typed("-3"), typed("x")), (None, None, None));
    }
}
