//! A school's full export; files and figures for the Ministry; registers of a school.

use super::client::{self, Body};
use super::query::Query;
use super::{Result, delete, get, post, post_empty, post_file, put_unversioned};
use dto::exchange::*;
use dto::exit::{ExitContents, PostExit, SchoolExit};
use dto::{ClassId, ExitId, LearnerId, Page, SchoolYearId, UnitId};

pub async fn exit_contents() -> Result<ExitContents> {
    get("/exit/contents").await
}

pub async fn exits(school: UnitId) -> Result<Page<SchoolExit>> {
    get(&format!("/units/{school}/exits?limit=10")).await
}

pub async fn start_exit(school: UnitId, body: &PostExit) -> Result<SchoolExit> {
    post(&format!("/units/{school}/exits"), body).await
}

pub async fn exit_file(school: UnitId, exit: ExitId) -> Result<web_sys::Blob> {
    client::blob("POST", &format!("/units/{school}/exits/{exit}/file"), Body::Empty).await
}

pub async fn exports(school: UnitId) -> Result<Page<ExportItem>> {
    get(&format!("/units/{school}/exports")).await
}

pub async fn check_export(school: UnitId, kind: ExportKind) -> Result<ExportCheck> {
    get(&format!("/units/{school}/exports/{kind}/check")).await
}

pub async fn make_export(school: UnitId, kind: ExportKind, anyway: bool) -> Result<web_sys::Blob> {
    let query = Query::new().with("anyway", anyway.then_some("true"));
    client::blob("POST", &query.on(&format!("/units/{school}/exports/{kind}/file")), Body::Empty).await
}

pub async fn send_export(school: UnitId, kind: ExportKind, anyway: bool) -> Result<ExchangePackage> {
    let query = Query::new().with("anyway", anyway.then_some("true"));
    post_empty(&query.on(&format!("/units/{school}/exports/{kind}/send"))).await
}

pub async fn put_template(school: UnitId, kind: ExportKind, file: web_sys::File) -> Result<ExportTemplate> {
    let query = Query::new().with("file_name", Some(file.name()));
    post_file(&query.on(&format!("/units/{school}/exports/{kind}/template")), file).await
}

pub async fn remove_template(school: UnitId, kind: ExportKind) -> Result<()> {
    delete(&format!("/units/{school}/exports/{kind}/template")).await
}

pub async fn packages(school: UnitId) -> Result<Page<ExchangePackage>> {
    get(&format!("/units/{school}/exchange-packages?limit=20")).await
}

pub async fn report(school: UnitId, kind: ExportKind) -> Result<MinistryReport> {
    get(&format!("/units/{school}/reports/{kind}")).await
}

pub async fn put_figures(school: UnitId, kind: ExportKind, body: &PutReportFigures) -> Result<MinistryReport> {
    put_unversioned(&format!("/units/{school}/reports/{kind}/figures"), body).await
}

pub async fn class_list(class: ClassId, copy: bool) -> Result<web_sys::Blob> {
    let query = Query::new().with("copy", copy.then_some("true"));
    client::blob("GET", &query.on(&format!("/classes/{class}/list")), Body::Empty).await
}

pub async fn admissions(school: UnitId, year: Option<SchoolYearId>, copy: bool) -> Result<web_sys::Blob> {
    let query = Query::new().with("school_year_id", year).with("copy", copy.then_some("true"));
    client::blob("GET", &query.on(&format!("/units/{school}/registers/admissions")), Body::Empty).await
}

pub async fn learner_file(learner: LearnerId, copy: bool) -> Result<web_sys::Blob> {
    let query = Query::new().with("copy", copy.then_some("true"));
    client::blob("GET", &query.on(&format!("/learners/{learner}/file")), Body::Empty).await
}
