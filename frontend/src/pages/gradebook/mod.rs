//! Mark sheets, conduct, results and closing.

mod around;
mod closing;
mod comments;
mod conduct;
mod deadlines;
mod excel;
mod history;
mod late;
mod learner;
mod marks;
mod opening;
mod phrases;
mod results;
pub mod sheet;
pub mod why;

pub use closing::ClosingPage;
pub use comments::CommentsPage;
pub use conduct::ConductPage;
pub use deadlines::DeadlinesPage;
pub use learner::LearnerReportPage;
pub use marks::MarkSheetPage;
pub use opening::OpeningPage;
pub use phrases::PhrasesPage;
pub use results::{ResultsPage, subject_text};

use crate::api::ApiError;

/// The address names nothing that could be asked for.
pub fn nowhere() -> ApiError {
    ApiError::Unexpected { status: 404, request_id: None }
}
