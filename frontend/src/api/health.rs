//! School health.

use super::client::{self, Body};
use super::query::Query;
use super::{Result, delete, get, post, put, put_unversioned};
use dto::health::*;
use dto::{ClassId, FirstAidId, HealthConditionId, HealthRoundId, LearnerId, Page, UnitId, VaccinationId};

pub async fn rounds(school: UnitId, after: Option<String>) -> Result<Page<HealthRound>> {
    get(&Query::new().with("after", after).on(&format!("/schools/{school}/health-rounds"))).await
}

pub async fn create_round(school: UnitId, body: &PostHealthRound) -> Result<HealthRound> {
    post(&format!("/schools/{school}/health-rounds"), body).await
}

pub async fn put_round(round: HealthRoundId, version: i64, body: &PutHealthRound) -> Result<HealthRound> {
    put(&format!("/health-rounds/{round}"), version, body).await
}

pub async fn sheet(round: HealthRoundId, class: ClassId) -> Result<ClassHealth> {
    get(&format!("/health-rounds/{round}/classes/{class}")).await
}

pub async fn put_sheet(round: HealthRoundId, class: ClassId, body: &PutClassHealth) -> Result<ClassHealthSaved> {
    put_unversioned(&format!("/health-rounds/{round}/classes/{class}"), body).await
}

pub async fn overview(school: UnitId, round: Option<HealthRoundId>) -> Result<HealthOverview> {
    get(&Query::new().with("round_id", round).on(&format!("/schools/{school}/health-overview"))).await
}

pub async fn file(learner: LearnerId) -> Result<LearnerHealth> {
    get(&format!("/learners/{learner}/health")).await
}

/// Leaves a look in the file.
pub async fn open(learner: LearnerId, body: &PostHealthView) -> Result<OpenedHealth> {
    post(&format!("/learners/{learner}/health/views"), body).await
}

pub async fn add_vaccination(learner: LearnerId, body: &PostVaccination) -> Result<Vaccination> {
    post(&format!("/learners/{learner}/vaccinations"), body).await
}

pub async fn remove_vaccination(learner: LearnerId, id: VaccinationId) -> Result<()> {
    delete(&format!("/learners/{learner}/vaccinations/{id}")).await
}

pub async fn add_condition(learner: LearnerId, body: &PutCondition) -> Result<Condition> {
    post(&format!("/learners/{learner}/conditions"), body).await
}

pub async fn put_condition(learner: LearnerId, id: HealthConditionId, version: i64, body: &PutCondition) -> Result<Condition> {
    put(&format!("/learners/{learner}/conditions/{id}"), version, body).await
}

pub async fn first_aid(school: UnitId, after: Option<String>) -> Result<Page<FirstAid>> {
    get(&Query::new().with("after", after).on(&format!("/schools/{school}/first-aid"))).await
}

pub async fn add_first_aid(learner: LearnerId, body: &PutFirstAid) -> Result<FirstAid> {
    post(&format!("/learners/{learner}/first-aid"), body).await
}

pub async fn put_first_aid(id: FirstAidId, version: i64, body: &PutFirstAid) -> Result<FirstAid> {
    put(&format!("/first-aid/{id}"), version, body).await
}

/// Leaves a look in the file of each child of whom there is something.
pub async fn alerts(class: ClassId, body: &PostHealthView) -> Result<ClassAlerts> {
    post(&format!("/classes/{class}/health-alerts/views"), body).await
}

pub async fn of_child(learner: LearnerId) -> Result<ChildHealth> {
    get(&format!("/me/children/{learner}/health")).await
}

/// What a round found in a class, as PDF.
pub async fn list(round: HealthRoundId, class: ClassId) -> Result<web_sys::Blob> {
    client::blob("GET", &format!("/health-rounds/{round}/classes/{class}/list"), Body::Empty).await
}

/// A child's growth charts, as PDF.
pub async fn growth_chart(learner: LearnerId, family: bool) -> Result<web_sys::Blob> {
    let place = if family { "/me/children" } else { "/learners" };
    client::blob("GET", &format!("{place}/{learner}/growth/chart"), Body::Empty).await
}
