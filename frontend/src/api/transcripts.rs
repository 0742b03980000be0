//! Digital transcripts, signing, the keys for it, corrections.

use super::client::{self, Body};
use super::{Result, delete, get, post, post_file, put, put_unversioned};
use dto::former_years::{FormerYear, FormerYears, PutFormerYear};
use dto::transcripts::*;
use dto::{ClassId, LearnerId, Page, SigningKeyId, SigningRunId, TranscriptCorrectionId, TranscriptId, UnitId};

pub async fn of_class(class: ClassId) -> Result<ClassTranscripts> {
    get(&format!("/classes/{class}/transcripts")).await
}

/// `step`: "" makes drafts, "/reconcile" lets them stand, "/issue" issues what is sealed.
pub async fn step(class: ClassId, step: &'static str, body: &TranscriptSelection) -> Result<ClassTranscripts> {
    post(&format!("/classes/{class}/transcripts{step}"), body).await
}

pub async fn put_comments(class: ClassId, body: &PutTranscriptComments) -> Result<TranscriptCommentsSaved> {
    put_unversioned(&format!("/classes/{class}/transcripts/comments"), body).await
}

pub async fn one(id: TranscriptId) -> Result<Transcript> {
    get(&format!("/transcripts/{id}")).await
}

pub async fn file(id: TranscriptId, form: TranscriptForm) -> Result<web_sys::Blob> {
    client::blob("GET", &format!("/transcripts/{id}/file?form={form}"), Body::Empty).await
}

pub async fn reopen(id: TranscriptId, body: &ReopenTranscript) -> Result<Transcript> {
    post(&format!("/transcripts/{id}/reopen"), body).await
}

pub async fn revoke(id: TranscriptId, body: &RevokeTranscript) -> Result<Transcript> {
    post(&format!("/transcripts/{id}/revoke"), body).await
}

pub async fn give(id: TranscriptId, body: &PostTranscriptIssue) -> Result<Transcript> {
    post(&format!("/transcripts/{id}/issues"), body).await
}

pub async fn ask(id: TranscriptId, body: &PostTranscriptCorrection) -> Result<TranscriptCorrection> {
    post(&format!("/transcripts/{id}/corrections"), body).await
}

pub async fn corrections(school: UnitId) -> Result<Page<TranscriptCorrection>> {
    get(&format!("/units/{school}/transcript-corrections")).await
}

pub async fn answer(id: TranscriptCorrectionId, body: &PutTranscriptCorrection) -> Result<TranscriptCorrection> {
    put_unversioned(&format!("/transcript-corrections/{id}"), body).await
}

pub async fn tasks() -> Result<Page<SigningTask>> {
    get("/me/signing-tasks").await
}

pub async fn start_run(body: &PostSigningRun) -> Result<SigningRun> {
    post("/signing-runs", body).await
}

pub async fn run(id: SigningRunId) -> Result<SigningRun> {
    get(&format!("/signing-runs/{id}")).await
}

/// The keys of the caller, or with a school its seal and those of its staff.
pub async fn keys(school: Option<UnitId>) -> Result<Page<SigningKey>> {
    get(&keys_path(school)).await
}

pub async fn add_key(school: Option<UnitId>, body: &PostSigningKey) -> Result<SigningKey> {
    post(&keys_path(school), body).await
}

pub async fn remove_key(school: Option<UnitId>, key: SigningKeyId) -> Result<()> {
    delete(&format!("{}/{key}", keys_path(school))).await
}

fn keys_path(school: Option<UnitId>) -> String {
    match school {
        Some(school) => format!("/units/{school}/signing-keys"),
        None => "/me/signing-keys".to_owned(),
    }
}

pub async fn of_child(learner: LearnerId) -> Result<Page<FamilyTranscript>> {
    get(&format!("/me/children/{learner}/transcripts")).await
}

pub async fn child_file(learner: LearnerId, id: TranscriptId, form: TranscriptForm) -> Result<web_sys::Blob> {
    client::blob("GET", &format!("/me/children/{learner}/transcripts/{id}/file?form={form}"), Body::Empty).await
}

pub async fn ask_for_child(
    learner: LearnerId,
    id: TranscriptId,
    body: &PostTranscriptCorrection,
) -> Result<TranscriptCorrection> {
    post(&format!("/me/children/{learner}/transcripts/{id}/corrections"), body).await
}

/// Needs nobody to be signed in.
pub async fn check(code: &str) -> Result<TranscriptCheck> {
    client::anonymous("GET", &format!("/public/transcripts/{code}"), Body::Empty).await
}

/// Whom the check of a file trusts. Needs nobody to be signed in.
pub async fn trust() -> Result<TrustList> {
    client::anonymous("GET", "/public/trust", Body::Empty).await
}

pub async fn former_years(class: ClassId) -> Result<FormerYears> {
    get(&format!("/classes/{class}/former-years")).await
}

/// Sends a signed transcript; the server checks it.
pub async fn take_former_year(class: ClassId, learner: LearnerId, file: web_sys::File) -> Result<FormerYear> {
    post_file(&format!("/classes/{class}/former-years/{learner}"), file).await
}

pub async fn put_former_year(
    class: ClassId,
    learner: LearnerId,
    school_year: &str,
    version: i64,
    body: &PutFormerYear,
) -> Result<FormerYear> {
    put(&format!("/classes/{class}/former-years/{learner}/{school_year}"), version, body).await
}

pub async fn remove_former_year(class: ClassId, learner: LearnerId, school_year: &str) -> Result<()> {
    delete(&format!("/classes/{class}/former-years/{learner}/{school_year}")).await
}

pub async fn former_year_file(class: ClassId, learner: LearnerId, school_year: &str) -> Result<web_sys::Blob> {
    client::blob("GET", &format!("/classes/{class}/former-years/{learner}/{school_year}/file"), Body::Empty).await
}
