//! A school's own records: staff, plans, facilities, health, transfers, quality, exchange. A program of its own.

mod exchange;
mod exit;
mod registers;

pub use exchange::{ExchangeKindPage, ExchangePage, ReportPage};
pub use exit::ExitPage;
pub use registers::SchoolRegistersPage;

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
        href: "/office/registers",
        glyph: Icon::Book,
        name: text("Sổ sách của trường", "The school’s registers"),
        about: text(
            "Sổ đăng bộ, danh sách lớp, sổ gọi tên, hồ sơ đầy đủ của một học sinh.",
            "Admissions, lists, rolls, the full record of one learner.",
        ),
        needs: Permission::LearnerRead,
    },
    Area {
        href: "/office/exchange",
        glyph: Icon::Arrow,
        name: text("Báo cáo, dữ liệu cho cấp trên", "Files and reports for the authorities"),
        about: text(
            "Kiểm tra từng dòng, điền tệp mẫu, gửi và nhận biên nhận.",
            "Checked row by row, filled into the official file, sent with receipts.",
        ),
        needs: Permission::ExchangeManage,
    },
    Area {
        href: "/office/exit",
        glyph: Icon::Door,
        name: text("Mang dữ liệu đi", "Take the data along"),
        about: text(
            "Toàn bộ dữ liệu của trường trong một tệp, định dạng mở.",
            "Everything of the school as one file in open formats.",
        ),
        needs: Permission::ExitManage,
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
