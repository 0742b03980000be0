//! Mark sheets, conduct, results and closing.

mod closing;
mod conduct;
mod history;
mod learner;
mod marks;
mod results;
pub mod sheet;
pub mod why;

pub use closing::ClosingPage;
pub use conduct::ConductPage;
pub use learner::LearnerReportPage;
pub use marks::MarkSheetPage;
pub use results::ResultsPage;

use crate::api::ApiError;
use dto::calendar::Term;
use dto::gradebook::Period;

/// The address names nothing that could be asked for.
pub fn nowhere() -> ApiError {
    ApiError::Unexpected { status: 404, request_id: None }
}

pub fn period_of(term: Term) -> Period {
    match term {
        Term::S1 => Period::S1,
        Term::S2 => Period::S2,
    }
}
