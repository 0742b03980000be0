//! The network of schools by decisions and days; administrative codes.

use super::query::{Query, segment};
use super::{Result, get, post};
use chrono::NaiveDate;
use dto::network::*;
use dto::{Page, UnitDecisionId, UnitId};

pub async fn network(unit: UnitId, on: NaiveDate) -> Result<UnitNetwork> {
    get(&Query::new().with("on", Some(on)).on(&format!("/units/{unit}/network"))).await
}

pub async fn history(unit: UnitId, below: bool, after: Option<String>) -> Result<Page<UnitEvent>> {
    let query = Query::new().with("below", below.then_some(true)).with("after", after);
    get(&query.on(&format!("/units/{unit}/history"))).await
}

pub async fn consequences(unit: UnitId, on: NaiveDate, into: Option<UnitId>) -> Result<UnitConsequences> {
    get(&Query::new().with("on", Some(on)).with("into", into).on(&format!("/units/{unit}/consequences"))).await
}

pub async fn change(body: &PostUnitChange) -> Result<UnitChanged> {
    post("/unit-changes", body).await
}

pub async fn decision(id: UnitDecisionId) -> Result<UnitDecision> {
    get(&format!("/unit-decisions/{id}")).await
}

pub async fn undo(id: UnitDecisionId, body: &PostUnitUndo) -> Result<UnitDecision> {
    post(&format!("/unit-decisions/{id}/undo"), body).await
}

pub async fn codes(query: &AdminCodeQuery, after: Option<String>) -> Result<Page<AdminCode>> {
    let query = Query::new()
        .with("q", query.q.as_deref())
        .with("kind", query.kind)
        .with("parent", query.parent.as_deref())
        .with("version", query.version.as_deref())
        .with("after", after);
    get(&query.on("/admin-codes")).await
}

pub async fn code(version: &str, kind: AdminKind, code: &str) -> Result<AdminCodeHistory> {
    get(&format!("/admin-codes/{}/{kind}/{}", segment(version), segment(code))).await
}
