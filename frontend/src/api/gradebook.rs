//! Mark sheets, conduct, closing, results, and what a family sees.

use super::query::{Query, segment};
use super::{Result, delete, get, get_kept, post, post_empty, put, put_unversioned};
use chrono::{DateTime, Utc};
use dto::calendar::Term;
use dto::closing_runs::{ClosingRun, PostClosingRun, WaitingClass};
use dto::former::{FormerTerm, FormerTerms, PutFormerTerm};
use dto::gradebook::*;
use dto::plans::{DecideIndividualPlan, IndividualPlan, IndividualPlans, PutIndividualPlan};
use dto::{ClassId, ClosingRunId, LearnerId, Page, SchoolYearId, UnitId};
use regulations::Slot;

fn sheet(class: ClassId, subject: &str, term: Term) -> String {
    format!("/classes/{class}/subjects/{}/terms/{term}/marks", segment(subject))
}

/// With its time, where it is the copy of this device.
pub async fn mark_sheet(class: ClassId, subject: &str, term: Term) -> Result<(MarkSheet, Option<DateTime<Utc>>)> {
    get_kept(&sheet(class, subject, term)).await
}

/// Where its events come from.
pub fn sheet_events(class: ClassId, subject: &str, term: Term) -> String {
    format!("{}/events", sheet(class, subject, term))
}

pub async fn put_marks(class: ClassId, subject: &str, term: Term, body: &PutMarks) -> Result<MarksSaved> {
    put_unversioned(&sheet(class, subject, term), body).await
}

pub async fn cell_history(class: ClassId, subject: &str, term: Term, learner: LearnerId, slot: Slot) -> Result<Page<CellChange>> {
    get(&format!("{}/{learner}/{slot}/history", sheet(class, subject, term))).await
}

/// With its time, where it is the copy of this device.
pub async fn conduct(class: ClassId, term: Term) -> Result<(ConductSheet, Option<DateTime<Utc>>)> {
    get_kept(&format!("/classes/{class}/terms/{term}/conduct")).await
}

pub async fn put_conduct(class: ClassId, term: Term, body: &PutConduct) -> Result<ConductSaved> {
    put_unversioned(&format!("/classes/{class}/terms/{term}/conduct"), body).await
}

pub async fn closing(class: ClassId, term: Term) -> Result<Closing> {
    get(&format!("/classes/{class}/terms/{term}/closing")).await
}

pub async fn close(class: ClassId, term: Term) -> Result<Closing> {
    post_empty(&format!("/classes/{class}/terms/{term}/close")).await
}

pub async fn reopen(class: ClassId, term: Term, body: &ReopenTerm) -> Result<Closing> {
    post(&format!("/classes/{class}/terms/{term}/reopen"), body).await
}

pub async fn results(class: ClassId, period: Period) -> Result<ClassResults> {
    get(&format!("/classes/{class}/results/{period}")).await
}

pub async fn former_terms(class: ClassId) -> Result<FormerTerms> {
    get(&format!("/classes/{class}/former-terms")).await
}

pub async fn put_former_term(
    class: ClassId,
    term: Term,
    learner: LearnerId,
    version: i64,
    body: &PutFormerTerm,
) -> Result<FormerTerm> {
    put(&format!("/classes/{class}/former-terms/{term}/{learner}"), version, body).await
}

pub async fn remove_former_term(class: ClassId, term: Term, learner: LearnerId) -> Result<()> {
    delete(&format!("/classes/{class}/former-terms/{term}/{learner}")).await
}

pub async fn individual_plans(class: ClassId) -> Result<IndividualPlans> {
    get(&format!("/classes/{class}/individual-plans")).await
}

pub async fn put_individual_plan(
    class: ClassId,
    learner: LearnerId,
    version: i64,
    body: &PutIndividualPlan,
) -> Result<IndividualPlan> {
    put(&format!("/classes/{class}/individual-plans/{learner}"), version, body).await
}

pub async fn decide_individual_plan(class: ClassId, learner: LearnerId, body: &DecideIndividualPlan) -> Result<IndividualPlan> {
    post(&format!("/classes/{class}/individual-plans/{learner}/decision"), body).await
}

pub async fn learner_report(learner: LearnerId) -> Result<LearnerReport> {
    get(&format!("/learners/{learner}/report")).await
}

pub async fn todos() -> Result<Page<Todo>> {
    get("/me/todos").await
}

pub async fn children() -> Result<Page<Child>> {
    get("/me/children").await
}

pub async fn child_report(learner: LearnerId, year: Option<SchoolYearId>) -> Result<LearnerReport> {
    get(&Query::new().with("school_year_id", year).on(&format!("/me/children/{learner}/report"))).await
}

/// How far the classes of a school are in the term of today.
pub async fn progress(school: UnitId) -> Result<Page<ClassProgress>> {
    get(&format!("/units/{school}/progress")).await
}

pub async fn closing_runs() -> Result<Page<ClosingRun>> {
    get("/closing-runs?limit=20").await
}

pub async fn start_closing_run(body: &PostClosingRun) -> Result<ClosingRun> {
    post("/closing-runs", body).await
}

pub async fn waiting_classes(run: ClosingRunId) -> Result<Page<WaitingClass>> {
    get(&format!("/closing-runs/{run}/waiting")).await
}
