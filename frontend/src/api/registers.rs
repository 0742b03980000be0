//! Registers of a class as PDF files.

use super::Result;
use super::client::{self, Body};
use super::query::{Query, segment};
use dto::gradebook::Period;
use dto::registers::RegisterForm;
use dto::{ClassId, LearnerId};

pub async fn register(
    class: ClassId,
    form: RegisterForm,
    copy: bool,
    period: Option<Period>,
    learner: Option<LearnerId>,
) -> Result<web_sys::Blob> {
    let query = Query::new().with("copy", copy.then_some("true")).with("period", period).with("learner_id", learner);
    client::blob("GET", &query.on(&format!("/classes/{class}/registers/{form}")), Body::Empty).await
}

pub async fn subject_register(class: ClassId, subject: &str, copy: bool) -> Result<web_sys::Blob> {
    let query = Query::new().with("copy", copy.then_some("true"));
    client::blob("GET", &query.on(&format!("/classes/{class}/subjects/{}/register", segment(subject))), Body::Empty).await
}

/// A child's slip of the current school year.
pub async fn child_slip(learner: LearnerId) -> Result<web_sys::Blob> {
    client::blob("GET", &format!("/me/children/{learner}/slip"), Body::Empty).await
}
