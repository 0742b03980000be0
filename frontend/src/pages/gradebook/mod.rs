//! Mark sheets, conduct, results and closing.

mod around;
mod closing;
mod closing_runs;
mod comments;
mod conduct;
mod council;
mod days;
mod deadlines;
mod excel;
mod former;
mod history;
mod late;
mod learner;
mod marks;
mod next_year;
mod opening;
mod past;
mod phrases;
mod preschool;
mod preschool_child;
mod preschool_grid;
mod preschool_items;
pub mod primary;
mod reassessment;
mod registers;
mod results;
pub mod sheet;
mod summer;
pub mod why;

pub use closing::ClosingPage;
pub use closing_runs::ClosingRunsPage;
pub use comments::CommentsPage;
pub use conduct::ConductPage;
pub use council::CouncilPage;
pub use days::DaysPage;
pub use deadlines::DeadlinesPage;
pub use former::FormerPage;
pub use learner::LearnerReportPage;
pub use marks::MarkSheetPage;
pub use next_year::NextYearPage;
pub use opening::OpeningPage;
pub use phrases::PhrasesPage;
pub use preschool::PreschoolPage;
pub use preschool_child::PreschoolChild;
pub use preschool_items::PreschoolItemsPage;
pub use reassessment::ReassessmentPage;
pub use registers::RegistersPage;
pub use results::{ResultsPage, subject_text};
pub use summer::SummerPage;

use crate::api::ApiError;

/// The address names nothing that could be asked for.
pub fn nowhere() -> ApiError {
    ApiError::Unexpected { status: 404, request_id: None }
}
