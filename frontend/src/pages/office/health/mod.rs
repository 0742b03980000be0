//! School health: rounds and figures of the school, the sheet of a class, a child's file, what the homeroom teacher must know, and the
//! family's page.

mod alerts;
mod child;
mod file;
mod file_forms;
mod log;
mod opening;
mod overview;
mod rounds;
mod sheet;
mod words;

pub use alerts::HealthAlertsPage;
pub use child::ChildHealthPage;
pub use file::HealthFilePage;
pub use sheet::HealthSheetPage;

use crate::api::{ApiError, health};
use crate::i18n::{t, texts, tx};
use crate::pages::filters::Filters;
use crate::pages::records::pick::Picked;
use crate::state::who;
use crate::ui::{Button, Header, Icon, choose_school, load};
use dto::access::Permission;
use dto::{HealthRoundId, LearnerId};
use leptos::prelude::*;
use leptos_router::components::A;

texts! {
    TITLE: "Sức khoẻ học đường", "School health";
    UNDER: "Khám theo lớp, hồ sơ của từng em, sổ sơ cứu. Thông tin nhạy cảm được mã hoá và chỉ mở khi nêu rõ mục đích.", "Checks by class, each child's file, the first-aid log. What is sensitive is sealed and opens only for a stated purpose.";
    CHILD: "Tìm hồ sơ sức khoẻ của học sinh", "Find a learner's health file";
    OPEN_FILE: "Mở hồ sơ", "Open the file";
}

pub(super) fn nowhere() -> ApiError {
    ApiError::Unexpected { status: 404, request_id: None }
}

/// The school's page.
#[component]
pub fn HealthPage() -> impl IntoView {
    let who = who();
    let filters = Filters::new();
    let school = filters.school();
    let round = RwSignal::new(None::<HealthRoundId>);
    let figures = load(move || {
        let place = (school.id(), round.get());
        async move {
            match place {
                (Some(id), round) => health::overview(id, round).await.map(Some),
                (None, _) => Ok(None),
            }
        }
    });
    let print = Callback::new(move |()| {
        let _ = window().print();
    });
    let reads = who.can(Permission::HealthRead);
    let finder = Picked::new();
    let find = move || {
        let field = finder.learner_field(t(CHILD), "health-child", school.id(), "", Signal::stored(None));
        view! {
            <div class="filters no-print">
                {field}
                {move || finder.id::<LearnerId>().map(|id| view! { <A href=format!("/office/health/learners/{id}") attr:class="btn primary">{t(OPEN_FILE)}</A> })}
            </div>
        }
    };
    view! {
        <Header title=t(TITLE) under=t(UNDER)><Button label=t(tx::PRINT) glyph=Icon::Print on_press=print /></Header>
        <div class="filters">{school.field("health-school")}</div>
        {reads.then(|| view! { {find} })}
        {figures.show(move |found| match found {
            None => choose_school(),
            Some(found) => {
                let id = found.school_id;
                let classes = found.classes.clone();
                view! {
                    <div class="split lead">
                        <div class="stack">{overview::panel(found)}</div>
                        {reads.then(|| view! {
                            <div class="stack wide">
                                <rounds::Rounds school=id classes=classes round=round figures=figures />
                                <log::Log school=id />
                            </div>
                        })}
                    </div>
                }
                .into_any()
            }
        })}
    }
    .into_any()
}
