//! Registers of a class as PDF files.

use super::client::{self, Body};
use super::query::{Query, segment};
use super::{Result, get, post};
use dto::gradebook::Period;
use dto::registers::{PostRegisterRun, RegisterForm, RegisterRun};
use dto::{ClassId, LearnerId, Page, RegisterRunId, UnitId};

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

/// The last runs over all classes of a school, newest first.
pub async fn runs(school: UnitId) -> Result<Page<RegisterRun>> {
    get(&format!("/units/{school}/register-runs")).await
}

pub async fn start_run(school: UnitId, body: &PostRegisterRun) -> Result<RegisterRun> {
    post(&format!("/units/{school}/register-runs"), body).await
}

/// The ZIP of a run that is done.
pub async fn run_file(school: UnitId, run: RegisterRunId) -> Result<web_sys::Blob> {
    client::blob("GET", &format!("/units/{school}/register-runs/{run}/file"), Body::Empty).await
}
