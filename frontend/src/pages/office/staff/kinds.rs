//! One kind of record over a school: who is away, what a year's evaluations said, who holds which duty.

use super::describe::{details, headline, span};
use super::{crumbs, tabs};
use crate::api::{records as calendar, staff};
use crate::format;
use crate::i18n::{lang, t, texts, tx};
use crate::pages::filters::Filters;
use crate::pages::records::pick::of_school;
use crate::state::who;
use crate::ui::{DateField, Empty, Header, Icon, SelectField, load, or_all, pages};
use dto::access::Permission;
use dto::staff_records::{RecordKind, StaffRecordQuery, UnitStaffRecord};
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    TITLE: "Theo loại hồ sơ", "Records by kind";
    UNDER: "Hôm nay ai nghỉ, ai kiêm nhiệm gì, xếp loại của cả năm.", "Who is away today, who holds what, the evaluations of a year.";
    KIND: "Loại", "Kind";
    ON: "Vào ngày", "On";
    ANY: "Để trống: mọi ngày", "Left empty: any day";
    WHAT: "Nội dung", "What";
    WHEN: "Thời gian", "When";
    NONE: "Không có ai", "Nobody";
    NONE_TEXT: "Thử ngày khác hoặc loại khác. Nhập ở hồ sơ của từng người.", "Try another day or kind. Records are entered in each person's file.";
}

#[component]
pub fn KindsPage() -> impl IntoView {
    let filters = Filters::new();
    let school = filters.school();
    let kind = filters.text_or("kind", RecordKind::Leave.to_string());
    let on = filters.text_or("on", format::today().to_string());
    let year = filters.text("year");
    let found = pages(move |after| {
        let kind = kind.get().parse().unwrap_or(RecordKind::Leave);
        let of_year = kind == RecordKind::Evaluation;
        let query = StaffRecordQuery {
            kind,
            school_year_id: year.get().parse().ok().filter(|_| of_year),
            on: on.get().parse().ok().filter(|_| !of_year),
        };
        let unit = school.id();
        async move { of_school(unit, async |unit| staff::of_unit(unit, &query, after).await).await }
    });
    let years = load(move || async move { Ok(calendar::school_years().await?.items) });
    let writes = who().can(Permission::StaffWrite);
    let kinds: Vec<_> = RecordKind::ALL
        .iter()
        .filter(|kind| writes || !kind.is_private())
        .map(|kind| (kind.to_string(), kind.label(lang()).to_owned()))
        .collect();
    let when = move || {
        if kind.read().parse() == Ok(RecordKind::Evaluation) {
            let options = or_all(years.get().unwrap_or_default().into_iter().map(|year| (year.id, year.code)));
            view! { <SelectField label=t(tx::SCHOOL_YEAR) name="kinds-year" value=year options=options /> }.into_any()
        } else {
            view! { <DateField label=t(ON) name="kinds-on" value=on hint=t(ANY) /> }.into_any()
        }
    };
    view! {
        <Header title=t(TITLE) crumbs=crumbs() under=t(UNDER)>{found.export("ho-so-nhan-su")}</Header>
        {tabs()}
        <div class="filters"><SelectField label=t(KIND) name="kinds-kind" value=kind options=kinds />{when}{school.field("kinds-school")}{filters.show()}</div>
        {found.show(move |items| {
            if items.is_empty() {
                let (title, text) = if school.id().is_some() { (t(NONE), t(NONE_TEXT)) } else { (t(tx::PICK_SCHOOL), "") };
                return view! { <div class="panel"><Empty title=title text=text glyph=Icon::People /></div> }.into_any();
            }
            let rows = items.into_iter().map(row).collect_view();
            view! {
                <div class="table" tabindex="0" role="region" aria-label=t(TITLE)>
                    <table>
                        <thead><tr><th scope="col">{t(tx::FULL_NAME)}</th><th scope="col">{t(WHAT)}</th><th scope="col" class="hide">{t(WHEN)}</th></tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            }
            .into_any()
        })}
    }
    .into_any()
}

fn row(one: UnitStaffRecord) -> AnyView {
    let more = details(&one.record).join(" · ");
    view! {
        <tr>
            <th scope="row"><A href=format!("/office/staff/{}", one.record.staff_id) attr:class="row-link">{one.staff_name}</A></th>
            <td><b>{headline(&one.record.facts)}</b><br /><small class="muted">{more}</small></td>
            <td class="hide num muted">{span(&one.record)}</td>
        </tr>
    }
    .into_any()
}
