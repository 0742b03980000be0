//! One person, one record: offers, claims, codes, duplicates.

use super::query::Query;
use super::{Result, get, post};
use dto::learners::Learner;
use dto::one_record::*;
use dto::{LearnerId, LearnerMergeId, Page, UnitId};

pub async fn offers(body: &PostOffers) -> Result<LearnerOffers> {
    post("/learners/offers", body).await
}

pub async fn claim(body: &PostClaim) -> Result<Learner> {
    post("/learners/claims", body).await
}

pub async fn codes(learner: LearnerId) -> Result<LearnerCodes> {
    get(&format!("/learners/{learner}/codes")).await
}

pub async fn give_code(learner: LearnerId, body: &PostLearnerCode) -> Result<LearnerCodes> {
    post(&format!("/learners/{learner}/codes"), body).await
}

pub async fn duplicates(unit: Option<UnitId>, after: Option<String>) -> Result<Page<DuplicatePair>> {
    get(&Query::new().with("unit_id", unit).with("after", after).on("/learners/duplicates")).await
}

pub async fn comparison(left: LearnerId, right: LearnerId) -> Result<DuplicateComparison> {
    get(&format!("/learners/duplicates/comparison?left={left}&right={right}")).await
}

pub async fn distinguish(body: &PostDistinction) -> Result<()> {
    post("/learners/distinctions", body).await
}

pub async fn merges(after: Option<String>) -> Result<Page<LearnerMerge>> {
    get(&Query::new().with("after", after).on("/learners/merges")).await
}

pub async fn merge(body: &PostMerge) -> Result<LearnerMerge> {
    post("/learners/merges", body).await
}

pub async fn split(merge: LearnerMergeId, body: &PostSplit) -> Result<LearnerMerge> {
    post(&format!("/learners/merges/{merge}/split"), body).await
}
