//! Mark sheets, conduct, results and closing.

mod closing;
mod conduct;
mod council;
mod days;
mod history;
mod learner;
mod marks;
mod preschool;
mod preschool_child;
mod preschool_grid;
mod preschool_items;
pub mod primary;
mod next_year;
mod results;
pub mod sheet;
mod summer;
pub mod why;

pub use closing::ClosingPage;
pub use conduct::ConductPage;
pub use council::CouncilPage;
pub use days::DaysPage;
pub use learner::LearnerReportPage;
pub use marks::MarkSheetPage;
pub use preschool::PreschoolPage;
pub use preschool_child::PreschoolChild;
pub use preschool_items::PreschoolItemsPage;
pub use next_year::NextYearPage;
pub use results::{ResultsPage, subject_text};
pub use summer::SummerPage;

use crate::api::ApiError;

/// The address names nothing that could be asked for.
pub fn nowhere() -> ApiError {
    ApiError::Unexpected { status: 404, request_id: None }
}
