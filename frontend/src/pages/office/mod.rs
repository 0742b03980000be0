//! A school's own records: staff, plans, facilities, health, transfers, quality, exchange. A program of its own.

mod budget_items;
mod equipment;
mod equipment_item;
mod figures;
mod photos;
mod projects;

pub use budget_items::BudgetItemsPage;
pub use equipment::EquipmentPage;
pub use equipment_item::EquipmentItemPage;
pub use figures::{BudgetPage, FacilitiesPage, SettlementPage};
pub use projects::ProjectsPage;

use crate::i18n::{Text, t, texts};
use crate::state::who;
use crate::ui::{Header, Icon, icon};
use dto::access::Permission;
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    TITLE: "Hồ sơ nhà trường", "School records";
    UNDER: "Mỗi số liệu nhập một lần, mọi sổ sách và báo cáo lấy từ đây.", "Each figure is entered once; every register and report is made of it.";
}

/// One kind of record, as the start page shows it to whoever may open it.
struct Area {
    href: &'static str,
    glyph: Icon,
    name: Text,
    about: Text,
    needs: Permission,
}

const fn text(vi: &'static str, en: &'static str) -> Text {
    Text { vi, en }
}

/// In the order of a school's work.
const AREAS: &[Area] = &[
    Area {
        href: "/staff",
        glyph: Icon::Person,
        name: text("Nhân sự", "Staff"),
        about: text("Hồ sơ cán bộ, giáo viên, nhân viên; phân công giảng dạy.", "Posts, teaching, and what each person brings."),
        needs: Permission::StaffRead,
    },
    Area {
        href: "/imports",
        glyph: Icon::Upload,
        name: text("Nhập từ tệp", "Import from files"),
        about: text("Danh sách Excel của trường, xem trước rồi mới ghi.", "A school's Excel lists, looked at before they count."),
        needs: Permission::ImportWrite,
    },
    Area {
        href: "/office/facilities",
        glyph: Icon::Home,
        name: text("Cơ sở vật chất", "Facilities"),
        about: text("Kiểm kê mỗi năm một lần, hiệu trưởng kí duyệt.", "Counted once a year and signed by the principal."),
        needs: Permission::FacilityRead,
    },
    Area {
        href: "/office/equipment",
        glyph: Icon::Screen,
        name: text("Sổ thiết bị", "Inventory"),
        about: text(
            "Mỗi món một nhãn QR; quét là biết còn, hỏng hay chuyển chỗ.",
            "A QR label on each item; a scan says where it is and how.",
        ),
        needs: Permission::FacilityRead,
    },
    Area {
        href: "/office/finance",
        glyph: Icon::Chart,
        name: text("Tài chính, đầu tư", "Finance and investment"),
        about: text(
            "Dự toán, quyết toán, dự án; tổng hợp lên cấp trên.",
            "Budgets, settlements and projects, with totals above.",
        ),
        needs: Permission::FinanceRead,
    },
];

#[component]
pub fn OfficePage() -> impl IntoView {
    let who = who();
    let areas = AREAS
        .iter()
        .filter(|area| who.can(area.needs))
        .map(|area| {
            // Some are pages of the other program.
            let elsewhere = (!area.href.starts_with("/office")).then_some("external");
            view! {
                <li>
                    <A href=area.href attr:rel=elsewhere attr:class="area">
                        {icon(area.glyph)}
                        <strong>{t(area.name)}</strong>
                        <span>{t(area.about)}</span>
                    </A>
                </li>
            }
        })
        .collect_view();
    view! {
        <Header title=t(TITLE) under=t(UNDER) />
        <ul class="areas">{areas}</ul>
    }
    .into_any()
}
