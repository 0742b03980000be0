//! Transfer packages: what one installation gives another of a learner.

use super::client::{self, json_body};
use super::query::Query;
use super::{Result, get, post, post_empty, post_file};
use dto::packages::*;
use dto::{LearnerId, Page, TransferPackageId, UnitId};

pub async fn make(learner: LearnerId, body: &PostTransferPackage) -> Result<web_sys::Blob> {
    client::blob("POST", &format!("/learners/{learner}/transfer-package"), json_body(body)?).await
}

pub async fn receive(school: UnitId, file: web_sys::File) -> Result<TransferPackage> {
    post_file(&format!("/units/{school}/transfer-packages"), file).await
}

pub async fn list(school: UnitId, after: Option<String>) -> Result<Page<TransferPackage>> {
    get(&Query::new().with("after", after).on(&format!("/units/{school}/transfer-packages"))).await
}

pub async fn accept(id: TransferPackageId, body: &AcceptTransferPackage) -> Result<TransferPackage> {
    post(&format!("/transfer-packages/{id}/accept"), body).await
}

pub async fn decline(id: TransferPackageId, body: &DeclineTransferPackage) -> Result<TransferPackage> {
    post(&format!("/transfer-packages/{id}/decline"), body).await
}

pub async fn reopen(id: TransferPackageId) -> Result<TransferPackage> {
    post_empty(&format!("/transfer-packages/{id}/reopen")).await
}

pub async fn withdraw(id: TransferPackageId, body: &WithdrawAcceptance) -> Result<TransferPackage> {
    post(&format!("/transfer-packages/{id}/withdrawal"), body).await
}
