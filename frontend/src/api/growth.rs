//! Weight and height of children.

use super::{Result, get, put_unversioned};
use chrono::NaiveDate;
use dto::growth::*;
use dto::{ClassId, LearnerId, Page};

pub async fn of_class(class: ClassId, day: NaiveDate) -> Result<ClassGrowth> {
    get(&format!("/classes/{class}/growth/{day}")).await
}

pub async fn put(class: ClassId, day: NaiveDate, body: &PutGrowth) -> Result<GrowthSaved> {
    put_unversioned(&format!("/classes/{class}/growth/{day}"), body).await
}

pub async fn of_learner(learner: LearnerId) -> Result<LearnerGrowth> {
    get(&format!("/learners/{learner}/growth")).await
}

pub async fn of_child(learner: LearnerId) -> Result<LearnerGrowth> {
    get(&format!("/me/children/{learner}/growth")).await
}

/// Classes in which somebody is to be measured by today.
pub async fn due() -> Result<Page<GrowthDue>> {
    get("/me/growth-due").await
}
