//! Mark sheets, conduct, results and closing.

mod closing;
mod conduct;
mod history;
mod learner;
mod marks;
pub mod primary;
mod results;
pub mod sheet;
pub mod why;

pub use closing::ClosingPage;
pub use conduct::ConductPage;
pub use learner::LearnerReportPage;
pub use marks::MarkSheetPage;
pub use results::{ResultsPage, subject_text};

use crate::api::ApiError;

/// The address names nothing that could be asked for.
pub fn nowhere() -> ApiError {
    ApiError::Unexpected { status: 404, request_id: None }
}
