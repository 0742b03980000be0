//! Staff: the list of a school, one person's record over time, loads by TT 05/2025, training, one's own record.

mod describe;
mod evaluations;
mod kinds;
mod list;
mod load;
mod member;
mod own;
mod proposals;
mod record_form;
mod sections;
mod training;
mod trainings;
mod why;

pub use evaluations::EvaluationsPage;
pub use kinds::KindsPage;
pub use list::StaffList;
pub use load::LoadPage;
pub use member::OfficeMemberPage;
pub use own::OwnRecordPage;
pub use proposals::ProposalsPage;
pub use training::TrainingPage;
pub use trainings::TrainingsPage;

use crate::i18n::{t, texts, tx};
use crate::state::who;
use crate::ui::{Crumb, Tab, Tabs};
use dto::access::Permission;
use leptos::prelude::*;

texts! {
    PARTS: "Các phần của hồ sơ nhân sự", "Parts of the staff records";
    LIST: "Danh sách", "People";
    LOADS: "Định mức tiết dạy", "Loads";
    KINDS: "Nghỉ, đánh giá, kiêm nhiệm", "Leave, evaluations, duties";
    EVALUATIONS: "Đánh giá cả trường", "Evaluations";
    TRAININGS: "Bồi dưỡng", "Training";
    PROPOSALS: "Đề nghị sửa", "Proposals";
}

/// The parts of this area, for whoever may read staff.
pub(super) fn tabs() -> AnyView {
    let tab = |label: &'static str, href: &str| Tab { label: label.to_owned(), href: href.to_owned() };
    let mut items = vec![
        tab(t(LIST), "/office/staff"),
        tab(t(LOADS), "/office/staff-load"),
        tab(t(KINDS), "/office/staff-records"),
        tab(t(EVALUATIONS), "/office/evaluations"),
        tab(t(TRAININGS), "/office/trainings"),
    ];
    if who().can(Permission::StaffWrite) {
        items.push(tab(t(PROPOSALS), "/office/staff-proposals"));
    }
    view! { <Tabs label=t(PARTS) items=items /> }.into_any()
}

/// The way back to the list.
pub(super) fn crumbs() -> Vec<Crumb> {
    vec![Crumb(t(tx::OFFICE).to_owned(), "/office".to_owned()), Crumb(t(tx::STAFF).to_owned(), "/office/staff".to_owned())]
}
