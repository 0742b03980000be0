//! Codes of provinces, communes and former districts, and what each became.

use crate::api::network as api;
use crate::i18n::{lang, t, texts};
use crate::pages::filters::Filters;
use crate::pages::records::pick::searched;
use crate::ui::{Dialog, Empty, Header, Icon, Pill, SearchField, SelectField, Tone, load, or_all, pages};
use dto::network::{AdminCode, AdminCodeHistory, AdminCodeQuery, AdminKind};
use leptos::prelude::*;

texts! {
    TITLE: "Mã đơn vị hành chính", "Administrative codes";
    UNDER: "Từ 01/07/2025 có 34 tỉnh, thành phố và 3.321 xã, phường, đặc khu (QĐ 19/2025/QĐ-TTg). Cùng một mã có thể chỉ nơi khác trong danh mục cũ.", "Since 1 July 2025 there are 34 provinces and 3,321 communes (QĐ 19/2025/QĐ-TTg). The same code may mean another place in the list before.";
    FIND: "Tìm", "Find";
    HOLDER: "Tên hoặc mã, không cần dấu", "Name or code, without marks";
    KIND: "Cấp", "Tier";
    LIST: "Danh mục", "List";
    NOW: "Từ 01/07/2025", "Since 1 July 2025";
    BEFORE: "Trước 01/07/2025", "Before 1 July 2025";
    NAME: "Tên", "Name";
    CODE: "Mã", "Code";
    IN: "Thuộc", "In";
    NOTHING: "Không có mã nào như vậy", "There is no such code";
    BECAME: "Nay là", "Now";
    CAME_OF: "Được lập từ", "Came of";
    UNKNOWN: "Nguồn dữ liệu không cho biết nơi này nay thuộc đâu.", "The source does not say what became of it.";
    SAME: "Không đổi địa giới từ đơn vị nào trong danh mục cũ.", "No unit of the list before is known for it.";
    FORMER: "2025-01-04", "2025-01-04";
}

#[component]
pub fn CodesPage() -> impl IntoView {
    let filters = Filters::new();
    let (q, kind, version) = (filters.text("q"), filters.text("kind"), filters.text("version"));
    let found = pages(move |after| {
        let query = AdminCodeQuery {
            q: searched(q),
            kind: kind.get().parse().ok(),
            parent: None,
            version: Some(version.get()).filter(|version| !version.is_empty()),
        };
        async move { api::codes(&query, after).await }
    });
    let kinds = or_all(AdminKind::ALL.iter().map(|kind| (kind, kind.label(lang()))));
    let versions = vec![(String::new(), t(NOW).to_owned()), (t(FORMER).to_owned(), t(BEFORE).to_owned())];
    let open = RwSignal::new(false);
    let chosen = RwSignal::new(None::<AdminCode>);
    let pick = Callback::new(move |code: AdminCode| {
        chosen.set(Some(code));
        open.set(true);
    });
    view! {
        <Header title=t(TITLE) under=t(UNDER)>{found.export("ma-hanh-chinh")}</Header>
        <div class="filters">
            <SearchField label=t(FIND) name="code-q" value=q placeholder=t(HOLDER) />
            <SelectField label=t(KIND) name="code-kind" value=kind options=kinds />
            <SelectField label=t(LIST) name="code-version" value=version options=versions />
            {filters.show()}
        </div>
        {found.show(move |items| {
            if items.is_empty() {
                return view! { <div class="panel"><Empty title=t(NOTHING) glyph=Icon::Search /></div> }.into_any();
            }
            // Provinces lie in nothing.
            let inside = items.iter().any(|code| code.parent_name.is_some());
            let lines = items.into_iter().map(|code| line(code, inside, pick)).collect_view();
            view! {
                <div class="table" tabindex="0" role="region" aria-label=t(TITLE)>
                    <table>
                        <thead><tr><th scope="col">{t(CODE)}</th><th scope="col">{t(NAME)}</th>{inside.then(|| view! { <th scope="col">{t(IN)}</th> })}</tr></thead>
                        <tbody>{lines}</tbody>
                    </table>
                </div>
            }
            .into_any()
        })}
        {move || chosen.get().map(|code| {
            let title = code.name.clone();
            view! { <Dialog open=open title=title><Story code=code.clone() /></Dialog> }
        })}
    }
    .into_any()
}

fn line(code: AdminCode, inside: bool, pick: Callback<AdminCode>) -> AnyView {
    let (number, name, parent) = (code.code.clone(), code.name.clone(), code.parent_name.clone().unwrap_or_default());
    view! {
        <tr>
            <td class="num">{number}</td>
            <th scope="row"><button type="button" class="named" on:click=move |_| pick.run(code.clone())>{name}</button></th>
            {inside.then(|| view! { <td>{parent}</td> })}
        </tr>
    }
    .into_any()
}

#[component]
fn Story(code: AdminCode) -> impl IntoView {
    let found = load(move || {
        let code = code.clone();
        async move { api::code(&code.code_set_version, code.kind, &code.code).await }
    });
    found.show(|found: AdminCodeHistory| {
        let former = found.code.code_set_version == t(FORMER);
        let others = if former { found.became } else { found.came_of };
        let none = if former { UNKNOWN } else { SAME };
        view! {
            <div class="stack">
                <p><Pill label=found.code.kind.label(lang()) tone=Tone::Quiet />" "<span class="num">{format!("{} ({} · {})", found.code.code, found.code.code_set, found.code.code_set_version)}</span></p>
                {found.code.parent_name.map(|name| view! { <p class="muted">{name}</p> })}
                <h3>{t(if former { BECAME } else { CAME_OF })}</h3>
                {if others.is_empty() {
                    view! { <p class="quiet">{t(none)}</p> }.into_any()
                } else {
                    let lines = others.into_iter().map(|code| view! {
                        <li><span class="num">{code.code}</span><span class="grow"><b>{code.name}</b>" "<span class="muted">{code.parent_name.unwrap_or_default()}</span></span></li>
                    });
                    view! { <ul class="lines">{lines.collect_view()}</ul> }.into_any()
                }}
            </div>
        }
        .into_any()
    })
}
