//! Yearly figures of schools with sign-off, and their totals.

use super::client::{self, Body};
use super::query::Query;
use super::{Result, get, post, post_empty, put};
use dto::UnitId;
use dto::figures::*;

/// Where a set lies under a unit.
fn of(set: FigureSet, unit: UnitId) -> String {
    match set {
        FigureSet::Facilities => format!("/units/{unit}/facilities"),
        other => format!("/units/{unit}/finance/{other}"),
    }
}

fn at(set: FigureSet, unit: UnitId, year: i16) -> String {
    format!("{}/{year}", of(set, unit))
}

pub async fn sheet(set: FigureSet, school: UnitId, year: i16) -> Result<YearlySheet> {
    get(&at(set, school, year)).await
}

pub async fn put_sheet(set: FigureSet, school: UnitId, year: i16, version: i64, body: &PutFigures) -> Result<YearlySheet> {
    put(&at(set, school, year), version, body).await
}

/// Last year's figures into every empty field.
pub async fn carry(set: FigureSet, school: UnitId, year: i16) -> Result<YearlySheet> {
    post_empty(&format!("{}/carry", at(set, school, year))).await
}

pub async fn sign(set: FigureSet, school: UnitId, year: i16, version: i64) -> Result<YearlySheet> {
    put(&format!("{}/signature", at(set, school, year)), version, &()).await
}

pub async fn reopen(set: FigureSet, school: UnitId, year: i16, reason: String) -> Result<YearlySheet> {
    post(&format!("{}/reopen", at(set, school, year)), &ReopenFigures { reason }).await
}

pub async fn totals(set: FigureSet, unit: UnitId, year: i16) -> Result<YearlyTotals> {
    get(&format!("{}/totals", at(set, unit, year))).await
}

pub async fn totals_file(set: FigureSet, unit: UnitId, year: i16, format: FigureFormat) -> Result<web_sys::Blob> {
    let path = Query::new().with("format", Some(format)).on(&format!("{}/totals/file", at(set, unit, year)));
    client::blob("GET", &path, Body::Empty).await
}

/// Figures of facilities over the years.
pub async fn facility_series(unit: UnitId) -> Result<FigureSeries> {
    get(&of(FigureSet::Facilities, unit)).await
}

pub async fn put_campaign(set: FigureSet, year: i16, version: i64, body: &PutFigureCampaign) -> Result<FigureCampaign> {
    let path = match set {
        FigureSet::Facilities => format!("/facility-campaigns/{year}"),
        other => format!("/finance-campaigns/{other}/{year}"),
    };
    put(&path, version, body).await
}
