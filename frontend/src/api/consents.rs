//! Consent, requests about data, retention, erasure.

use super::client::{self, Body};
use super::query::Query;
use super::{Result, get, post, post_empty, post_file, put};
use dto::consents::*;
use dto::files::StoredFile;
use dto::{ClassId, ConsentRecordId, DataRequestId, ErasureId, LearnerId, Page, UnitId};

pub async fn purposes() -> Result<Page<ConsentPurpose>> {
    get("/consent-purposes").await
}

pub async fn publish(body: &PostConsentPurpose) -> Result<ConsentPurpose> {
    post("/consent-purposes", body).await
}

pub async fn of_child(learner: LearnerId) -> Result<LearnerConsents> {
    get(&format!("/me/children/{learner}/consents")).await
}

pub async fn say(learner: LearnerId, body: &PostConsent) -> Result<LearnerConsents> {
    post(&format!("/me/children/{learner}/consents"), body).await
}

/// Everything that is kept about the child, as a ZIP.
pub async fn export(learner: LearnerId) -> Result<web_sys::Blob> {
    client::blob("POST", &format!("/me/children/{learner}/data-export"), Body::Empty).await
}

/// Everything that is kept about oneself, as a ZIP.
pub async fn own_export() -> Result<web_sys::Blob> {
    client::blob("POST", "/me/data-export", Body::Empty).await
}

pub async fn requests_of_child(learner: LearnerId, after: Option<String>) -> Result<Page<DataRequest>> {
    get(&Query::new().with("after", after).on(&format!("/me/children/{learner}/data-requests"))).await
}

pub async fn ask(learner: LearnerId, body: &PostDataRequest) -> Result<DataRequest> {
    post(&format!("/me/children/{learner}/data-requests"), body).await
}

pub async fn of_school(school: UnitId, purpose: &str, class: Option<ClassId>) -> Result<SchoolConsents> {
    get(&Query::new().with("purpose", Some(purpose)).with("class_id", class).on(&format!("/schools/{school}/consents"))).await
}

pub async fn paper(learner: LearnerId, body: &PostPaperConsent) -> Result<LearnerConsents> {
    post(&format!("/learners/{learner}/consents"), body).await
}

pub async fn requests_of_school(school: UnitId, after: Option<String>) -> Result<Page<DataRequest>> {
    get(&Query::new().with("after", after).on(&format!("/schools/{school}/data-requests"))).await
}

pub async fn answer(id: DataRequestId, version: i64, body: &PutDataAnswer) -> Result<DataRequest> {
    put(&format!("/data-requests/{id}/answer"), version, body).await
}

pub async fn retention() -> Result<Page<RetentionRule>> {
    get("/retention-rules").await
}

pub async fn ask_erasure(learner: LearnerId, body: &PostErasure) -> Result<ErasureRequest> {
    post(&format!("/learners/{learner}/erasures"), body).await
}

pub async fn erasures(query: &ErasureQuery, after: Option<String>) -> Result<Page<ErasureRequest>> {
    let query = Query::new().with("school_id", query.school_id).with("state", query.state).with("after", after);
    get(&query.on("/erasures")).await
}

pub async fn confirm_erasure(id: ErasureId) -> Result<Erasure> {
    post_empty(&format!("/erasures/{id}/confirmation")).await
}

pub async fn decline_erasure(id: ErasureId, body: &DeclineErasure) -> Result<ErasureRequest> {
    post(&format!("/erasures/{id}/decline"), body).await
}

pub async fn erasure_policy(school: UnitId) -> Result<ErasurePolicy> {
    get(&format!("/schools/{school}/erasure-policy")).await
}

pub async fn put_erasure_policy(school: UnitId, version: i64, body: &PutErasurePolicy) -> Result<ErasurePolicy> {
    put(&format!("/schools/{school}/erasure-policy"), version, body).await
}

pub async fn of_learner(learner: LearnerId) -> Result<LearnerConsents> {
    get(&format!("/learners/{learner}/consents")).await
}

/// What was said on paper, with the scan where there is one.
pub async fn paper_with(
    learner: LearnerId,
    school: Option<UnitId>,
    body: PostPaperConsent,
    scan: Option<web_sys::File>,
) -> Result<LearnerConsents> {
    let file_id = match scan {
        None => None,
        Some(scan) => {
            let path = Query::new().with("school_id", school).with("name", Some(scan.name())).on("/files");
            Some(post_file::<StoredFile>(&path, scan).await?.id)
        }
    };
    paper(learner, &PostPaperConsent { file_id, ..body }).await
}

pub async fn scan(learner: LearnerId, record: ConsentRecordId) -> Result<web_sys::Blob> {
    client::blob("GET", &format!("/learners/{learner}/consents/{record}/scan"), Body::Empty).await
}

pub async fn erasure_preview(learner: LearnerId) -> Result<ErasurePreview> {
    get(&format!("/learners/{learner}/erasures")).await
}
