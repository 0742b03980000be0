//! A school's own records: staff, plans, facilities, health, transfers, quality, exchange. Two programs: who there is, and how a school is
//! run; what a family sees of its child goes with the papers.

mod child_transfer;
mod claim;
mod codes;
mod duplicates;
pub mod imports;
pub mod network;
pub mod quality;
pub mod rollover;
pub mod staff;
mod transfer_steps;
mod transfers;

pub use child_transfer::ChildTransferPage;
pub use claim::ClaimPage;
pub use codes::CodesPage;
pub use duplicates::DuplicatesPage;
pub use transfers::TransfersPage;
mod exchange;
mod exit;
mod register_run;
mod registers;

pub use exchange::{ExchangeKindPage, ExchangePage, ReportPage};
pub use exit::ExitPage;
pub use registers::SchoolRegistersPage;
mod budget_items;
mod equipment;
mod equipment_item;
mod figures;
mod photos;
mod projects;
mod publications;
mod rooms;
mod stocktaking;

pub use budget_items::BudgetItemsPage;
pub use equipment::EquipmentPage;
pub use equipment_item::EquipmentItemPage;
pub use figures::{BudgetPage, FacilitiesPage, SettlementPage};
pub use projects::ProjectsPage;
pub use publications::PublicationsPage;
pub use rooms::{RoomPage, RoomsPage};
pub use stocktaking::StocktakingPage;
mod packages;
mod plans;

pub use packages::PackagesPage;

pub use plans::{GroupsPage, NewPlanPage, PlanPage, PlansPage, StoragePage};
pub mod consents;
pub mod health;

use crate::i18n::{Text, t, texts};
use crate::state::who;
use crate::ui::{Header, Icon, Tab, Tabs, icon};
use dto::LearnerId;
use dto::access::Permission;
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    CHILD: "Hồ sơ của con", "The child's record";
    CHILD_HEALTH: "Sức khoẻ", "Health";
    CHILD_RIGHTS: "Quyền dữ liệu", "Data rights";
    TITLE: "Hồ sơ nhà trường", "School records";
    STUDENTS: "Học sinh", "Learners";
    TEACHING: "Nhân sự, giảng dạy", "Staff and teaching";
    CARE: "Sức khoẻ, quyền dữ liệu", "Health and data rights";
    THINGS: "Phòng, thiết bị, tài chính", "Rooms, things and money";
    DATA: "Dữ liệu, báo cáo", "Data and reports";
    OUTSIDE: "Công khai, mạng lưới", "The public and the network";
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

/// By whose work it is, each in the order in which it is done.
const AREAS: &[(Text, &[Area])] = &[
    (
        STUDENTS,
        &[
            Area {
                href: "/office/transfers",
                glyph: Icon::Arrow,
                name: text("Chuyển trường", "Transfers"),
                about: text(
                    "Yêu cầu đến và đi, thời hạn từng bước; tiếp nhận học sinh đã có hồ sơ.",
                    "Requests in and out with their clocks; children who have a record.",
                ),
                needs: Permission::TransferRead,
            },
            Area {
                href: "/office/packages",
                glyph: Icon::File,
                name: text("Gói chuyển trường ngoài tỉnh", "Transfer packages"),
                about: text(
                    "Lập gói có dấu số cho học sinh đi tỉnh khác; nhận, kiểm tra gói từ tỉnh khác.",
                    "Sealed packages for children who leave the province; those of others received and checked.",
                ),
                needs: Permission::TranscriptIssue,
            },
            Area {
                href: "/office/duplicates",
                glyph: Icon::People,
                name: text("Hồ sơ trùng", "Duplicate records"),
                about: text(
                    "Một em một hồ sơ: xem cạnh nhau, gộp, tách lại.",
                    "One child, one record: side by side, merged, split again.",
                ),
                needs: Permission::LearnerMerge,
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
                href: "/office/rollover",
                glyph: Icon::Arrow,
                name: text("Kết chuyển năm học", "Year rollover"),
                about: text(
                    "Lên lớp, ở lại, hoàn thành: xem trước, chỉnh sửa, chạy một lần cho cả trường.",
                    "Who goes up, repeats and completes: looked at, changed, done at once.",
                ),
                needs: Permission::YearRollover,
            },
        ],
    ),
    (
        TEACHING,
        &[
            Area {
                href: "/office/staff",
                glyph: Icon::Person,
                name: text("Nhân sự", "Staff"),
                about: text(
                    "Hồ sơ từng người theo thời gian; kiêm nhiệm, nghỉ, đánh giá, bồi dưỡng.",
                    "Each person's record over time; duties, leave, evaluations, training.",
                ),
                needs: Permission::StaffRead,
            },
            Area {
                href: "/office/staff-load",
                glyph: Icon::Chart,
                name: text("Định mức tiết dạy", "Loads"),
                about: text(
                    "Ai thừa, ai thiếu tiết, và vì sao (TT 05/2025).",
                    "Who is over, who is short, and why (TT 05/2025).",
                ),
                needs: Permission::StaffRead,
            },
            Area {
                href: "/office/my-record",
                glyph: Icon::File,
                name: text("Hồ sơ của tôi", "My record"),
                about: text(
                    "Xem hồ sơ, số tiết, chứng nhận của mình; đề nghị sửa.",
                    "One's own record, load and certificates; propose corrections.",
                ),
                needs: Permission::StaffSelf,
            },
            Area {
                href: "/office/plans",
                glyph: Icon::Book,
                name: text("Kế hoạch bài dạy", "Teaching plans"),
                about: text(
                    "Soạn hoặc tải lên, nộp, tổ trưởng và ban giám hiệu duyệt; tìm lại sau nhiều năm.",
                    "Written or uploaded, submitted, reviewed; found again years later.",
                ),
                needs: Permission::TeachingPlanRead,
            },
        ],
    ),
    (
        CARE,
        &[
            Area {
                href: "/office/health",
                glyph: Icon::Chart,
                name: text("Sức khoẻ học đường", "School health"),
                about: text(
                    "Khám theo lớp, hồ sơ sức khoẻ, sổ sơ cứu, số liệu của trường.",
                    "Checks by class, health files, the first-aid log, figures.",
                ),
                needs: Permission::HealthCount,
            },
            Area {
                href: "/office/health/alerts",
                glyph: Icon::Alert,
                name: text("Lưu ý sức khoẻ của lớp", "Health alerts of the class"),
                about: text(
                    "Điều giáo viên chủ nhiệm cần biết về các em.",
                    "What the homeroom teacher must know of the children.",
                ),
                needs: Permission::HealthAlert,
            },
            Area {
                href: "/office/consents",
                glyph: Icon::Check,
                name: text("Đồng ý và quyền dữ liệu", "Consent and data rights"),
                about: text(
                    "Ai chưa trả lời, yêu cầu của gia đình và thời hạn.",
                    "Who has not answered, requests of families and their clocks.",
                ),
                needs: Permission::ConsentRead,
            },
            Area {
                href: "/office/erasures",
                glyph: Icon::Lock,
                name: text("Xoá dữ liệu cần hai người", "Erasing takes two"),
                about: text(
                    "Đề nghị xoá của người khác đang chờ xác nhận.",
                    "What others asked to erase, waiting to be confirmed.",
                ),
                needs: Permission::ErasureConfirm,
            },
        ],
    ),
    (
        THINGS,
        &[
            Area {
                href: "/office/facilities",
                glyph: Icon::Home,
                name: text("Cơ sở vật chất", "Facilities"),
                about: text("Kiểm kê mỗi năm một lần, hiệu trưởng ký duyệt.", "Counted once a year and signed by the principal."),
                needs: Permission::FacilityRead,
            },
            Area {
                href: "/office/rooms",
                glyph: Icon::Table,
                name: text("Phòng của trường", "Rooms"),
                about: text(
                    "Sơ đồ phòng, tình trạng qua các năm, lớp và thiết bị trong phòng, biển phòng.",
                    "A plan of the rooms, their condition over the years, who sits there, door labels.",
                ),
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
        ],
    ),
    (
        DATA,
        &[
            Area {
                href: "/office/imports",
                glyph: Icon::Upload,
                name: text("Nhập từ tệp", "Import from files"),
                about: text(
                    "Học sinh, nhân sự, điểm, kết quả cũ từ Excel hoặc CSV; xem trước, sửa tại chỗ rồi mới ghi.",
                    "Learners, staff, marks, former results from Excel or CSV; looked at and corrected before they count.",
                ),
                needs: Permission::FileImport,
            },
            Area {
                href: "/office/quality",
                glyph: Icon::Chart,
                name: text("Chất lượng dữ liệu", "Data quality"),
                about: text(
                    "Hồ sơ còn thiếu hoặc sai, ai phụ trách, hạn đến khi nào.",
                    "What is missing or wrong in the records, whose it is, until when.",
                ),
                needs: Permission::QualityRead,
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
                href: "/office/plans/storage",
                glyph: Icon::File,
                name: text("Kho tệp", "Storage"),
                about: text("Tệp của trường chiếm bao nhiêu chỗ.", "What the school's files take."),
                needs: Permission::StorageRead,
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
        ],
    ),
    (
        OUTSIDE,
        &[
            Area {
                href: "/office/publications",
                glyph: Icon::Globe,
                name: text("Tin công khai", "Public page"),
                about: text(
                    "Đăng tin, ảnh cho mọi người; học sinh chỉ có mặt khi gia đình đồng ý.",
                    "News and photos for everybody; children only with consent.",
                ),
                needs: Permission::PublicationWrite,
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
        ],
    ),
];

/// The ways between a family's pages here.
fn ways(child: LearnerId) -> AnyView {
    let tab = |text, what: &str| Tab { label: t(text).to_owned(), href: format!("/office/children/{child}/{what}") };
    view! { <Tabs label=t(CHILD) items=vec![tab(CHILD_HEALTH, "health"), tab(CHILD_RIGHTS, "consents")] /> }.into_any()
}

fn card(area: &'static Area) -> AnyView {
    view! {
        <li>
            <A href=area.href attr:class="area">
                {icon(area.glyph)}
                <strong>{t(area.name)}</strong>
                <span>{t(area.about)}</span>
            </A>
        </li>
    }
    .into_any()
}

#[component]
pub fn OfficePage() -> impl IntoView {
    let who = who();
    let groups = AREAS
        .iter()
        .filter_map(|(name, areas)| {
            let open: Vec<&'static Area> = areas.iter().filter(|area| who.can(area.needs)).collect();
            (!open.is_empty()).then(|| {
                let cards = open.into_iter().map(card).collect_view();
                view! { <section class="area-group"><h2>{t(*name)}</h2><ul class="areas">{cards}</ul></section> }
            })
        })
        .collect_view();
    view! {
        <Header title=t(TITLE) under=t(UNDER) />
        {groups}
    }
    .into_any()
}
