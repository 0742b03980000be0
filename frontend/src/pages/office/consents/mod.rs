//! Consent: what a family gives and asks, and what the school sees of it.

mod child;
mod erase;
mod erasures;
mod learner;
mod own;
mod requests;
mod school;

pub use child::ChildConsentsPage;
pub use erasures::ErasuresPage;
pub use learner::LearnerConsentsPage;
pub use own::OwnCopy;
pub use school::ConsentsPage;

use crate::api::ApiError;

fn nowhere() -> ApiError {
    ApiError::Unexpected { status: 404, request_id: None }
}
