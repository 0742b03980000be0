//! Kết chuyển năm học.

use super::query::Query;
use super::{Result, get, post, put};
use dto::rollover::*;
use dto::{ClassId, Page, RolloverRunId, UnitId};

pub async fn rollover(school: UnitId) -> Result<Rollover> {
    get(&format!("/units/{school}/rollover")).await
}

pub async fn put_rollover(school: UnitId, version: i64, body: &PutRollover) -> Result<Rollover> {
    put(&format!("/units/{school}/rollover"), version, body).await
}

pub async fn lines(school: UnitId, class: ClassId) -> Result<Page<RolloverLine>> {
    get(&format!("/units/{school}/rollover/classes/{class}")).await
}

pub async fn start(body: &PostRolloverRun) -> Result<RolloverRun> {
    post("/rollover-runs", body).await
}

pub async fn runs(unit: Option<UnitId>) -> Result<Page<RolloverRun>> {
    get(&Query::new().with("unit_id", unit).with("limit", Some(10)).on("/rollover-runs")).await
}

pub async fn schools(run: RolloverRunId, after: Option<String>) -> Result<Page<RolloverSchool>> {
    get(&Query::new().with("after", after).on(&format!("/rollover-runs/{run}/schools"))).await
}
