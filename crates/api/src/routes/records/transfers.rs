//! Learners going from school to school.

use crate::answer::{Answer, Changed, Created, Found};
use crate::extract::{App, Can, Id, Path, Valid, ValidQuery, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{get, post};
use dto::page::PageQuery;
use dto::transfers::{
    PostFamilyTransfer, PostTransfer, PostTransferAnswer, PostTransferPlacement, PostTransferRelease, PostTransferWithdrawal,
    Transfer, TransferQuery, TransferSchool, TransferSchoolQuery, TransferTally,
};
use dto::{LearnerId, Page, TransferId};

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(list_transfers)
        .service(tally_transfers)
        .service(ask_transfer)
        .service(get_transfer)
        .service(answer_transfer)
        .service(release_transfer)
        .service(place_transfer)
        .service(withdraw_transfer)
        .service(list_child_transfers)
        .service(ask_child_transfer)
        .service(withdraw_child_transfer)
        .service(list_transfer_schools);
}

/// List transfers, the newest first.
///
/// Those of the schools that one reaches, from either side.
#[utoipa::path(
    tag = "transfers",
    params(TransferQuery, PageQuery),
    responses((status = 200, body = Page<Transfer>), Problems),
    security(("bearer" = ["transfer:read"]))
)]
#[get("/transfers")]
async fn list_transfers(
    ctx: Can<can::TransferRead>,
    app: App,
    query: ValidQuery<TransferQuery>,
    page: ValidQuery<PageQuery>,
) -> Answer<Found<Page<Transfer>>> {
    Ok(Found(records::transfers::list(&app.db, &ctx, &query, &page).await?))
}

/// Count the transfers that wait for something.
#[utoipa::path(
    tag = "transfers",
    responses((status = 200, body = TransferTally), Problems),
    security(("bearer" = ["transfer:read"]))
)]
#[get("/transfers/tally")]
async fn tally_transfers(ctx: Can<can::TransferRead>, app: App) -> Answer<Found<TransferTally>> {
    Ok(Found(records::transfers::tally(&app.db, &ctx).await?))
}

/// Ask for a transfer as a school.
///
/// The sending school for a learner of its own; the receiving school by a number of the child. A child who is at no school is claimed
/// instead.
#[utoipa::path(
    tag = "transfers",
    request_body = PostTransfer,
    responses((status = 201, body = Transfer), Problems),
    security(("bearer" = ["transfer:write"]))
)]
#[post("/transfers")]
async fn ask_transfer(ctx: Can<can::TransferWrite>, app: App, body: Valid<PostTransfer>) -> Answer<Created<Transfer>> {
    Ok(Created(gradebook::school_transfers::ask(&app.db, &ctx, &body).await?))
}

/// Read a transfer.
#[utoipa::path(
    tag = "transfers",
    params(("transfer_id" = TransferId, Path)),
    responses((status = 200, body = Transfer), Problems),
    security(("bearer" = ["transfer:read"]))
)]
#[get("/transfers/{transfer_id}")]
async fn get_transfer(ctx: Can<can::TransferRead>, app: App, id: Id<TransferId>) -> Answer<Found<Transfer>> {
    Ok(Found(records::transfers::get(&app.db, &ctx, *id).await?))
}

/// Answer a transfer as the receiving school.
///
/// A refusal has a reason. The class may be named now or later.
#[utoipa::path(
    tag = "transfers",
    params(("transfer_id" = TransferId, Path)),
    request_body = PostTransferAnswer,
    responses((status = 200, body = Transfer), Problems),
    security(("bearer" = ["transfer:decide"]))
)]
#[post("/transfers/{transfer_id}/answer")]
async fn answer_transfer(
    ctx: Can<can::TransferDecide>,
    app: App,
    id: Id<TransferId>,
    body: Valid<PostTransferAnswer>,
) -> Answer<Changed<Transfer>> {
    Ok(Changed(gradebook::school_transfers::answer(&app.db, &ctx, *id, &body).await?))
}

/// Let a learner go as the sending school.
///
/// From that day the learner is the receiving school's, with record, marks, transcripts and health, and in the class that it named.
#[utoipa::path(
    tag = "transfers",
    params(("transfer_id" = TransferId, Path)),
    request_body = PostTransferRelease,
    responses((status = 200, body = Transfer), Problems),
    security(("bearer" = ["transfer:decide"]))
)]
#[post("/transfers/{transfer_id}/release")]
async fn release_transfer(
    ctx: Can<can::TransferDecide>,
    app: App,
    id: Id<TransferId>,
    body: Valid<PostTransferRelease>,
) -> Answer<Changed<Transfer>> {
    Ok(Changed(gradebook::school_transfers::release(&app.db, &ctx, *id, &body).await?))
}

/// Put who came into a class.
///
/// The marks of terms that are open in both classes come along, with the source `transfer`.
#[utoipa::path(
    tag = "transfers",
    params(("transfer_id" = TransferId, Path)),
    request_body = PostTransferPlacement,
    responses((status = 200, body = Transfer), Problems),
    security(("bearer" = ["transfer:write"]))
)]
#[post("/transfers/{transfer_id}/placement")]
async fn place_transfer(
    ctx: Can<can::TransferWrite>,
    app: App,
    id: Id<TransferId>,
    body: Valid<PostTransferPlacement>,
) -> Answer<Changed<Transfer>> {
    Ok(Changed(gradebook::school_transfers::place(&app.db, &ctx, *id, &body).await?))
}

/// Take a transfer back as the school that asked.
#[utoipa::path(
    tag = "transfers",
    params(("transfer_id" = TransferId, Path)),
    request_body = PostTransferWithdrawal,
    responses((status = 200, body = Transfer), Problems),
    security(("bearer" = ["transfer:write"]))
)]
#[post("/transfers/{transfer_id}/withdrawal")]
async fn withdraw_transfer(
    ctx: Can<can::TransferWrite>,
    app: App,
    id: Id<TransferId>,
    body: Valid<PostTransferWithdrawal>,
) -> Answer<Changed<Transfer>> {
    Ok(Changed(gradebook::school_transfers::withdraw(&app.db, &ctx, *id, &body).await?))
}

/// List a child's transfers.
#[utoipa::path(
    tag = "transfers",
    params(("learner_id" = LearnerId, Path)),
    responses((status = 200, body = Page<Transfer>), Problems),
    security(("bearer" = ["family:read"]))
)]
#[get("/me/children/{learner_id}/transfers")]
async fn list_child_transfers(ctx: Can<can::FamilyRead>, app: App, id: Id<LearnerId>) -> Answer<Found<Page<Transfer>>> {
    Ok(Found(records::transfers::of_child(&app.db, &ctx, *id).await?))
}

/// Ask for a child's transfer.
#[utoipa::path(
    tag = "transfers",
    params(("learner_id" = LearnerId, Path)),
    request_body = PostFamilyTransfer,
    responses((status = 201, body = Transfer), Problems),
    security(("bearer" = ["transfer:family"]))
)]
#[post("/me/children/{learner_id}/transfers")]
async fn ask_child_transfer(
    ctx: Can<can::TransferFamily>,
    app: App,
    id: Id<LearnerId>,
    body: Valid<PostFamilyTransfer>,
) -> Answer<Created<Transfer>> {
    Ok(Created(gradebook::school_transfers::ask_as_family(&app.db, &ctx, *id, &body).await?))
}

/// Take a child's transfer back.
///
/// Only what the family asked for, and before the child has gone.
#[utoipa::path(
    tag = "transfers",
    params(("learner_id" = LearnerId, Path), ("transfer_id" = TransferId, Path)),
    request_body = PostTransferWithdrawal,
    responses((status = 200, body = Transfer), Problems),
    security(("bearer" = ["transfer:family"]))
)]
#[post("/me/children/{learner_id}/transfers/{transfer_id}/withdrawal")]
async fn withdraw_child_transfer(
    ctx: Can<can::TransferFamily>,
    app: App,
    path: Path<(LearnerId, TransferId)>,
    body: Valid<PostTransferWithdrawal>,
) -> Answer<Changed<Transfer>> {
    let withdrawn = gradebook::school_transfers::withdraw_as_family(&app.db, &ctx, path.0.0, path.0.1, &body).await?;
    Ok(Changed(withdrawn))
}

/// List the schools that a child could go to, by name.
#[utoipa::path(
    tag = "transfers",
    params(("learner_id" = LearnerId, Path), TransferSchoolQuery, PageQuery),
    responses((status = 200, body = Page<TransferSchool>), Problems),
    security(("bearer" = ["transfer:family"]))
)]
#[get("/me/children/{learner_id}/transfer-schools")]
async fn list_transfer_schools(
    ctx: Can<can::TransferFamily>,
    app: App,
    id: Id<LearnerId>,
    query: ValidQuery<TransferSchoolQuery>,
    page: ValidQuery<PageQuery>,
) -> Answer<Found<Page<TransferSchool>>> {
    Ok(Found(records::transfers::schools(&app.db, &ctx, *id, &query, &page).await?))
}
