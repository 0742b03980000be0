//! Teaching plans and subject groups.

use super::query::Query;
use super::{Result, delete, get, post, post_at, post_empty, put};
use dto::teaching_plans::*;
use dto::{FileId, Page, SubjectGroupId, TeachingPlanId, UnitId};

pub async fn list(query: &TeachingPlanQuery, after: Option<String>) -> Result<Page<TeachingPlanItem>> {
    let path = Query::new()
        .with("school_id", Some(query.school_id))
        .with("shelf", query.shelf)
        .with("q", query.q.as_deref())
        .with("school_year_id", query.school_year_id)
        .with("grade", query.grade)
        .with("subject_code", query.subject_code.as_deref())
        .with("staff_id", query.staff_id)
        .with("group_id", query.group_id)
        .with("state", query.state)
        .with("kind", query.kind)
        .with("after", after)
        .on("/teaching-plans");
    get(&path).await
}

pub async fn plan(id: TeachingPlanId) -> Result<TeachingPlan> {
    get(&format!("/teaching-plans/{id}")).await
}

pub async fn create(body: &PostTeachingPlan) -> Result<TeachingPlan> {
    post("/teaching-plans", body).await
}

pub async fn put_plan(id: TeachingPlanId, version: i64, body: &PutTeachingPlan) -> Result<TeachingPlan> {
    put(&format!("/teaching-plans/{id}"), version, body).await
}

pub async fn remove(id: TeachingPlanId) -> Result<()> {
    delete(&format!("/teaching-plans/{id}")).await
}

pub async fn submit(id: TeachingPlanId, version: i64) -> Result<TeachingPlan> {
    post_at(&format!("/teaching-plans/{id}/submit"), version).await
}

pub async fn withdraw(id: TeachingPlanId) -> Result<TeachingPlan> {
    post_empty(&format!("/teaching-plans/{id}/withdraw")).await
}

pub async fn review(id: TeachingPlanId, body: &ReviewTeachingPlan) -> Result<TeachingPlan> {
    post(&format!("/teaching-plans/{id}/reviews"), body).await
}

pub async fn version(id: TeachingPlanId, revision: u32) -> Result<TeachingPlanVersion> {
    get(&format!("/teaching-plans/{id}/versions/{revision}")).await
}

/// The signed paper of an approved submission.
pub async fn paper(id: TeachingPlanId, revision: u32) -> Result<web_sys::Blob> {
    super::files::content(&format!("/teaching-plans/{id}/versions/{revision}/paper")).await
}

pub async fn policy(school: UnitId) -> Result<TeachingPlanPolicy> {
    get(&format!("/units/{school}/teaching-plan-policy")).await
}

pub async fn put_policy(school: UnitId, version: i64, body: &PutTeachingPlanPolicy) -> Result<TeachingPlanPolicy> {
    put(&format!("/units/{school}/teaching-plan-policy"), version, body).await
}

/// Where a file of a plan is.
pub fn file_path(id: TeachingPlanId, file: FileId) -> String {
    format!("/teaching-plans/{id}/files/{file}")
}

pub async fn groups(school: UnitId) -> Result<Page<SubjectGroup>> {
    get(&format!("/units/{school}/subject-groups")).await
}

pub async fn create_group(school: UnitId, body: &PutSubjectGroup) -> Result<SubjectGroup> {
    post(&format!("/units/{school}/subject-groups"), body).await
}

pub async fn put_group(school: UnitId, id: SubjectGroupId, version: i64, body: &PutSubjectGroup) -> Result<SubjectGroup> {
    put(&format!("/units/{school}/subject-groups/{id}"), version, body).await
}

pub async fn remove_group(school: UnitId, id: SubjectGroupId) -> Result<()> {
    delete(&format!("/units/{school}/subject-groups/{id}")).await
}
