//! Transfer packages.

use crate::answer::{Answer, Changed, Created, Disposition, Found, file};
use crate::extract::{App, Can, FileBody, Id, Valid, ValidQuery, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{HttpResponse, get, post};
use dto::packages::{AcceptTransferPackage, DeclineTransferPackage, PostTransferPackage, TransferPackage, WithdrawAcceptance};
use dto::page::{Page, PageQuery};
use dto::{LearnerId, TransferPackageId, UnitId};
use gradebook::packages;

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(make_transfer_package)
        .service(receive_transfer_package)
        .service(list_transfer_packages)
        .service(accept_transfer_package)
        .service(decline_transfer_package)
        .service(reopen_transfer_package)
        .service(withdraw_transfer_package);
}

/// Make a learner's transfer package, for a school outside of these records.
///
/// One ZIP: `record.json` (the learner, guardians, school years with their results), the signed transcripts that were issued or brought
/// along, with a passphrase `health.json` (growth, checks, vaccinations, and conditions where the family has consented to that; locked),
/// `manifest.json` with the SHA-256 of each, and `manifest.p7s`, the school's seal over the manifest (CMS, detached). The log says to
/// whom it was given and why.
#[utoipa::path(
    tag = "transcripts",
    params(("learner_id" = LearnerId, Path)),
    request_body = PostTransferPackage,
    responses((status = 200, description = "The package.", body = Vec<u8>, content_type = "application/zip"), Problems),
    security(("bearer" = ["transcript:issue"]))
)]
#[post("/learners/{learner_id}/transfer-package")]
async fn make_transfer_package(
    ctx: Can<can::TranscriptIssue>,
    app: App,
    id: Id<LearnerId>,
    body: Valid<PostTransferPackage>,
) -> Answer<HttpResponse> {
    let (name, bytes) = packages::make(&app.db, &ctx, (&app.signing.providers, app.keys.data()), *id, &body).await?;
    Ok(file("application/zip", Disposition::Attachment, &name, bytes))
}

/// Receive a transfer package: it is checked and kept, and waits for a decision.
///
/// The seal of the sending school and the signatures of every transcript inside are checked with the authorities that this server
/// trusts; a package that was changed in anything is refused with what is wrong.
#[utoipa::path(
    tag = "transcripts",
    params(("unit_id" = UnitId, Path)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The package, at most 10 MB"),
    responses((status = 201, body = TransferPackage), Problems),
    security(("bearer" = ["learner:write"]))
)]
#[post("/units/{unit_id}/transfer-packages")]
async fn receive_transfer_package(
    ctx: Can<can::LearnerWrite>,
    app: App,
    id: Id<UnitId>,
    file: FileBody,
) -> Answer<Created<TransferPackage>> {
    let (trust, now) = (app.signing.checks()?, kernel::clock::now());
    Ok(Created(packages::receive(&app.db, &ctx, *id, file.0.into(), trust, now).await?))
}

/// List the transfer packages that a school received, the newest first.
#[utoipa::path(
    tag = "transcripts",
    params(("unit_id" = UnitId, Path), PageQuery),
    responses((status = 200, body = Page<TransferPackage>), Problems),
    security(("bearer" = ["learner:write"]))
)]
#[get("/units/{unit_id}/transfer-packages")]
async fn list_transfer_packages(
    ctx: Can<can::LearnerWrite>,
    app: App,
    id: Id<UnitId>,
    page: ValidQuery<PageQuery>,
) -> Answer<Found<Page<TransferPackage>>> {
    Ok(Found(packages::list(&app.db, &ctx, *id, &page).await?))
}

/// Take the learner of a package in: a record, guardians, a place in a class, and the school years of before.
///
/// A child who is known here already (`personal_id_taken`) is claimed or transferred instead; the years of the package can be added to
/// that record one by one (`POST /classes/{class_id}/former-years/{learner_id}`). A health record that is inside needs its passphrase, and
/// is sealed with the keys of this installation.
#[utoipa::path(
    tag = "transcripts",
    params(("transfer_package_id" = TransferPackageId, Path)),
    request_body = AcceptTransferPackage,
    responses((status = 200, body = TransferPackage), Problems),
    security(("bearer" = ["learner:write"]))
)]
#[post("/transfer-packages/{transfer_package_id}/accept")]
async fn accept_transfer_package(
    ctx: Can<can::LearnerWrite>,
    app: App,
    id: Id<TransferPackageId>,
    body: Valid<AcceptTransferPackage>,
) -> Answer<Changed<TransferPackage>> {
    let (trust, now) = (app.signing.checks()?, kernel::clock::now());
    Ok(Changed(packages::accept(&app.db, &ctx, app.keys.data(), *id, &body, trust, now).await?))
}

/// Decline a package, with the reason.
#[utoipa::path(
    tag = "transcripts",
    params(("transfer_package_id" = TransferPackageId, Path)),
    request_body = DeclineTransferPackage,
    responses((status = 200, body = TransferPackage), Problems),
    security(("bearer" = ["learner:write"]))
)]
#[post("/transfer-packages/{transfer_package_id}/decline")]
async fn decline_transfer_package(
    ctx: Can<can::LearnerWrite>,
    app: App,
    id: Id<TransferPackageId>,
    body: Valid<DeclineTransferPackage>,
) -> Answer<Changed<TransferPackage>> {
    Ok(Changed(packages::decline(&app.db, &ctx, *id, &body).await?))
}

/// Take a decline back: the package waits for a decision again.
#[utoipa::path(
    tag = "transcripts",
    params(("transfer_package_id" = TransferPackageId, Path)),
    responses((status = 200, body = TransferPackage), Problems),
    security(("bearer" = ["learner:write"]))
)]
#[post("/transfer-packages/{transfer_package_id}/reopen")]
async fn reopen_transfer_package(
    ctx: Can<can::LearnerWrite>,
    app: App,
    id: Id<TransferPackageId>,
) -> Answer<Changed<TransferPackage>> {
    Ok(Changed(packages::reopen(&app.db, &ctx, *id).await?))
}

/// Take the acceptance of a package back, as long as nothing rests on what came in.
///
/// Learner, guardians, place in the class, years of before and the health record go again, and the package waits as it was received.
/// `package_rests` tells what has been written or changed since.
#[utoipa::path(
    tag = "transcripts",
    params(("transfer_package_id" = TransferPackageId, Path)),
    request_body = WithdrawAcceptance,
    responses((status = 200, body = TransferPackage), Problems),
    security(("bearer" = ["learner:write"]))
)]
#[post("/transfer-packages/{transfer_package_id}/withdrawal")]
async fn withdraw_transfer_package(
    ctx: Can<can::LearnerWrite>,
    app: App,
    id: Id<TransferPackageId>,
    body: Valid<WithdrawAcceptance>,
) -> Answer<Changed<TransferPackage>> {
    Ok(Changed(packages::withdraw(&app.db, &ctx, *id, &body).await?))
}
