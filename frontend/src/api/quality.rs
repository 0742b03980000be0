//! Data quality.

use super::query::Query;
use super::{Result, get, post, post_empty};
use dto::quality::*;
use dto::{Page, QualityFindingId, UnitId};

pub async fn findings(query: &QualityQuery, after: Option<String>) -> Result<Page<QualityFinding>> {
    let query = Query::new()
        .with("school_id", Some(query.school_id))
        .with("rule", query.rule)
        .with("state", query.state)
        .with("overdue", query.overdue)
        .with("owner", query.owner)
        .with("after", after);
    get(&query.on("/quality/findings")).await
}

pub async fn overview(unit: UnitId) -> Result<QualityOverview> {
    get(&Query::new().with("unit_id", Some(unit)).on("/quality/overview")).await
}

pub async fn steps(id: QualityFindingId) -> Result<Page<QualityStep>> {
    get(&format!("/quality/findings/{id}/steps")).await
}

pub async fn look(school_id: UnitId) -> Result<QualityRun> {
    post("/quality/runs", &PostQualityRun { school_id }).await
}

pub async fn fix(id: QualityFindingId) -> Result<QualityFinding> {
    post_empty(&format!("/quality/findings/{id}/fix")).await
}

pub async fn fix_all(body: &FixFindings) -> Result<QualityRun> {
    post("/quality/fixes", body).await
}

pub async fn accept(id: QualityFindingId, body: &AcceptFinding) -> Result<QualityFinding> {
    post(&format!("/quality/findings/{id}/accept"), body).await
}
