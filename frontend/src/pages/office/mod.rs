//! A school's own records: staff, plans, facilities, health, transfers, quality, exchange. A program of its own.

pub mod network;
pub mod rollover;

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
        href: "/office/network",
        glyph: Icon::Tree,
        name: text("Mạng lưới trường", "Network of schools"),
        about: text(
            "Thành lập, đổi tên, sáp nhập, tách, giải thể theo quyết định; xem mạng lưới của mọi ngày.",
            "Opened, renamed, merged, split and closed by decisions; the network of any day.",
        ),
        needs: Permission::UnitRead,
    },
    Area {
        href: "/office/codes",
        glyph: Icon::Globe,
        name: text("Mã đơn vị hành chính", "Administrative codes"),
        about: text(
            "34 tỉnh, 3.321 xã từ 01/07/2025; tra mã cũ sang mã mới.",
            "34 provinces and 3,321 communes since 1 July 2025; from old codes to new ones.",
        ),
        needs: Permission::UnitRead,
    },
    Area {
        href: "/office/rollover",
        glyph: Icon::Arrow,
        name: text("Kết chuyển năm học", "Year rollover"),
        about: text(
            "Lên lớp, ở lại, hoàn thành: xem trước, chỉnh sửa, chạy một lần cho cả trường.",
            "Who goes up, repeats and completes: looked at, changed, done at once.",
        ),
        needs: Permission::YearRollover,
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
