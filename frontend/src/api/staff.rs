//! Records of staff, loads, training.

use super::client::{self, Body};
use super::query::Query;
use super::{Result, delete_for, get, post, post_file, post_for, put, put_unversioned};
use chrono::NaiveDate;
use dto::files::StoredFile;
use dto::staff_load::*;
use dto::staff_records::*;
use dto::trainings::*;
use dto::{FileId, Page, SchoolYearId, StaffId, StaffProposalId, StaffRecordId, TrainingId, UnitId};

pub async fn records(staff: StaffId) -> Result<Page<StaffRecord>> {
    get(&format!("/staff/{staff}/records")).await
}

pub async fn create(staff: StaffId, body: &PutStaffRecord) -> Result<StaffRecord> {
    post(&format!("/staff/{staff}/records"), body).await
}

pub async fn change(staff: StaffId, record: StaffRecordId, version: i64, body: &PutStaffRecord) -> Result<StaffRecord> {
    put(&format!("/staff/{staff}/records/{record}"), version, body).await
}

pub async fn set_withdrawn(record: &StaffRecord, withdrawn: bool) -> Result<StaffRecord> {
    let path = format!("/staff/{}/records/{}/withdrawn", record.staff_id, record.id);
    put(&path, record.version, &PutWithdrawn { withdrawn }).await
}

pub async fn history(staff: StaffId, record: StaffRecordId) -> Result<Page<StaffRecord>> {
    get(&format!("/staff/{staff}/records/{record}/history")).await
}

/// The evaluations of a year of a whole school.
pub async fn evaluations(school: UnitId, year: SchoolYearId) -> Result<EvaluationSheet> {
    get(&format!("/units/{school}/evaluations/{year}")).await
}

pub async fn put_evaluations(school: UnitId, year: SchoolYearId, body: &PutEvaluations) -> Result<EvaluationSheet> {
    put_unversioned(&format!("/units/{school}/evaluations/{year}"), body).await
}

/// Whose record a paper or a file is read of: somebody's, or one's own.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    Staff(StaffId),
    Mine,
}

impl Whose {
    fn path(self, record: StaffRecordId) -> String {
        match self {
            Whose::Staff(staff) => format!("/staff/{staff}/records/{record}"),
            Whose::Mine => format!("/me/staff-record/records/{record}"),
        }
    }
}

pub async fn certificate(whose: Whose, record: StaffRecordId) -> Result<web_sys::Blob> {
    client::blob("GET", &format!("{}/certificate", whose.path(record)), Body::Empty).await
}

pub async fn file(whose: Whose, record: StaffRecordId, file: FileId) -> Result<web_sys::Blob> {
    client::blob("GET", &format!("{}/files/{file}", whose.path(record)), Body::Empty).await
}

/// Uploads a small file at a school and attaches it.
pub async fn attach(staff: StaffId, record: StaffRecordId, school_id: UnitId, file: web_sys::File) -> Result<StaffRecord> {
    let path = Query::new().with("school_id", Some(school_id)).with("name", Some(file.name())).on("/files");
    let stored: StoredFile = post_file(&path, file).await?;
    post(&format!("/staff/{staff}/records/{record}/files"), &PostRecordFile { school_id, file_id: stored.id }).await
}

pub async fn detach(staff: StaffId, record: StaffRecordId, file: FileId) -> Result<StaffRecord> {
    delete_for(&format!("/staff/{staff}/records/{record}/files/{file}")).await
}

pub async fn of_unit(unit: UnitId, query: &StaffRecordQuery, after: Option<String>) -> Result<Page<UnitStaffRecord>> {
    let query = Query::new()
        .with("kind", Some(query.kind))
        .with("school_year_id", query.school_year_id)
        .with("on", query.on)
        .with("after", after);
    get(&query.on(&format!("/units/{unit}/staff-records"))).await
}

pub async fn own() -> Result<OwnStaffRecord> {
    get("/me/staff-record").await
}

pub async fn own_load() -> Result<StaffLoad> {
    get("/me/staff-record/load").await
}

pub async fn propose(body: &PostStaffProposal) -> Result<StaffProposal> {
    post("/me/staff-record/proposals", body).await
}

pub async fn take_back(proposal: StaffProposalId) -> Result<StaffProposal> {
    delete_for(&format!("/me/staff-record/proposals/{proposal}")).await
}

pub async fn proposals(query: &StaffProposalQuery, after: Option<String>) -> Result<Page<StaffProposal>> {
    get(&Query::new().with("unit_id", query.unit_id).with("state", query.state).with("after", after).on("/staff-proposals")).await
}

pub async fn decide(proposal: &StaffProposal, body: &DecideStaffProposal) -> Result<StaffProposal> {
    put_unversioned(&format!("/staff/{}/proposals/{}/decision", proposal.staff_id, proposal.id), body).await
}

pub async fn loads(school: UnitId, on: Option<NaiveDate>) -> Result<SchoolLoads> {
    get(&Query::new().with("on", on).on(&format!("/units/{school}/staff-load"))).await
}

pub async fn load_of(staff: StaffId) -> Result<StaffLoad> {
    get(&format!("/staff/{staff}/load")).await
}

pub async fn put_policy(school: UnitId, version: i64, body: &PutLoadPolicy) -> Result<LoadPolicy> {
    put(&format!("/units/{school}/load-policy"), version, body).await
}

pub async fn trainings(unit: Option<UnitId>, after: Option<String>) -> Result<Page<TrainingItem>> {
    get(&Query::new().with("unit_id", unit).with("after", after).on("/trainings")).await
}

pub async fn training(id: TrainingId) -> Result<Training> {
    get(&format!("/trainings/{id}")).await
}

pub async fn create_training(body: &PutTraining) -> Result<Training> {
    post("/trainings", body).await
}

pub async fn put_training(id: TrainingId, version: i64, body: &PutTraining) -> Result<Training> {
    put(&format!("/trainings/{id}"), version, body).await
}

pub async fn put_attendance(id: TrainingId, version: i64, body: &PutAttendance) -> Result<Training> {
    put(&format!("/trainings/{id}/attendance"), version, body).await
}

pub async fn certify(id: TrainingId, version: i64, body: &PostCertificates) -> Result<Training> {
    post_for(&format!("/trainings/{id}/certificates"), version, body).await
}

pub async fn revoke(id: TrainingId, version: i64, body: &RevokeCertificates) -> Result<Training> {
    post_for(&format!("/trainings/{id}/certificates/revocation"), version, body).await
}
