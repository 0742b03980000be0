//! Learners going from school to school.

use super::query::Query;
use super::{Result, get, post};
use dto::transfers::*;
use dto::{LearnerId, Page, TransferId};

pub async fn list(query: &TransferQuery, after: Option<String>) -> Result<Page<Transfer>> {
    let query = Query::new()
        .with("school_id", query.school_id)
        .with("side", query.side)
        .with("state", query.state)
        .with("open", query.open)
        .with("overdue", query.overdue)
        .with("after", after);
    get(&query.on("/transfers")).await
}

pub async fn tally() -> Result<TransferTally> {
    get("/transfers/tally").await
}

pub async fn ask(body: &PostTransfer) -> Result<Transfer> {
    post("/transfers", body).await
}

pub async fn answer(id: TransferId, body: &PostTransferAnswer) -> Result<Transfer> {
    post(&format!("/transfers/{id}/answer"), body).await
}

pub async fn release(id: TransferId, body: &PostTransferRelease) -> Result<Transfer> {
    post(&format!("/transfers/{id}/release"), body).await
}

pub async fn place(id: TransferId, body: &PostTransferPlacement) -> Result<Transfer> {
    post(&format!("/transfers/{id}/placement"), body).await
}

pub async fn withdraw(id: TransferId, body: &PostTransferWithdrawal) -> Result<Transfer> {
    post(&format!("/transfers/{id}/withdrawal"), body).await
}

pub async fn of_child(learner: LearnerId) -> Result<Page<Transfer>> {
    get(&format!("/me/children/{learner}/transfers")).await
}

pub async fn schools(learner: LearnerId, q: &str) -> Result<Page<TransferSchool>> {
    let query = Query::new().with("limit", Some(30)).with("q", Some(q).filter(|q| !q.is_empty()));
    get(&query.on(&format!("/me/children/{learner}/transfer-schools"))).await
}

pub async fn ask_for_child(learner: LearnerId, body: &PostFamilyTransfer) -> Result<Transfer> {
    post(&format!("/me/children/{learner}/transfers"), body).await
}

pub async fn withdraw_for_child(learner: LearnerId, id: TransferId, body: &PostTransferWithdrawal) -> Result<Transfer> {
    post(&format!("/me/children/{learner}/transfers/{id}/withdrawal"), body).await
}
