//! Consent, requests about data, retention, erasure.

use crate::answer::{Answer, Changed, Created, CreatedVersion, Disposition, Found, FoundVersion, Saved, file};
use crate::download::download;
use crate::extract::{App, Can, Id, Path, Valid, ValidQuery, Version, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{HttpRequest, HttpResponse, get, post, put};
use dto::consents::{
    ConsentPurpose, DataRequest, DeclineErasure, Erasure, ErasurePolicy, ErasurePreview, ErasureQuery, ErasureRequest,
    LearnerConsents, PostConsent, PostConsentPurpose, PostDataRequest, PostErasure, PostPaperConsent, PutDataAnswer,
    PutErasurePolicy, RetentionRule, SchoolConsentQuery, SchoolConsents,
};
use dto::page::PageQuery;
use dto::{ConsentRecordId, DataRequestId, ErasureId, LearnerId, Page, UnitId};
use records::consents;

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(list_consent_purposes)
        .service(post_consent_purpose)
        .service(get_child_consents)
        .service(post_child_consent)
        .service(post_data_export)
        .service(post_own_data_export)
        .service(list_child_data_requests)
        .service(post_data_request)
        .service(get_school_consents)
        .service(post_paper_consent)
        .service(list_data_requests)
        .service(put_data_answer)
        .service(list_retention_rules)
        .service(get_learner_consents)
        .service(get_consent_scan)
        .service(get_erasure_preview)
        .service(post_erasure)
        .service(list_erasures)
        .service(post_erasure_confirmation)
        .service(decline_erasure)
        .service(get_erasure_policy)
        .service(put_erasure_policy);
}

/// List the purposes of consent with the texts in force.
#[utoipa::path(
    tag = "consents",
    responses((status = 200, body = Page<ConsentPurpose>), Problems),
    security(("bearer" = ["consent:read"]))
)]
#[get("/consent-purposes")]
async fn list_consent_purposes(ctx: Can<can::ConsentRead>, app: App) -> Answer<Found<Page<ConsentPurpose>>> {
    Ok(Found(consents::purposes(&app.db, &ctx).await?))
}

/// Publish a text of a purpose.
///
/// Where it asks for more than the text before (`ask_again`), consents to earlier texts stop holding.
#[utoipa::path(
    tag = "consents",
    request_body = PostConsentPurpose,
    responses((status = 201, body = ConsentPurpose), Problems),
    security(("bearer" = ["purpose:write"]))
)]
#[post("/consent-purposes")]
async fn post_consent_purpose(
    ctx: Can<can::PurposeWrite>,
    app: App,
    body: Valid<PostConsentPurpose>,
) -> Answer<Created<ConsentPurpose>> {
    Ok(Created(consents::publish(&app.db, &ctx, &body).await?))
}

/// Read the consents of one's child.
#[utoipa::path(
    tag = "consents",
    params(("learner_id" = LearnerId, Path)),
    responses((status = 200, body = LearnerConsents), Problems),
    security(("bearer" = ["family:read"]))
)]
#[get("/me/children/{learner_id}/consents")]
async fn get_child_consents(ctx: Can<can::FamilyRead>, app: App, id: Id<LearnerId>) -> Answer<Found<LearnerConsents>> {
    Ok(Found(consents::of_child(&app.db, &ctx, *id).await?))
}

/// Consent, refuse or withdraw in one's own name (Luật 91/2025 Đ.24).
///
/// A representative and, from seven years on, the child each speak for themselves. A withdrawal holds at once.
#[utoipa::path(
    tag = "consents",
    params(("learner_id" = LearnerId, Path)),
    request_body = PostConsent,
    responses((status = 200, body = LearnerConsents), Problems),
    security(("bearer" = ["consent:give"]))
)]
#[post("/me/children/{learner_id}/consents")]
async fn post_child_consent(
    ctx: Can<can::ConsentGive>,
    app: App,
    id: Id<LearnerId>,
    body: Valid<PostConsent>,
) -> Answer<Changed<LearnerConsents>> {
    Ok(Changed(consents::give(&app.db, &ctx, *id, &body).await?))
}

/// Take a copy of everything that is kept about one's child: a ZIP of JSON files, and of the files that are the child's. The log says
/// that it was handed out.
///
/// Under `files/` scans of consents and signed transcripts, each told in `files.json` with its `path`. They take at most 32 MB; what is
/// more has no `path`, but `at`, where it is read.
#[utoipa::path(
    tag = "consents",
    params(("learner_id" = LearnerId, Path)),
    responses((status = 200, description = "The files", content_type = "application/zip", body = Vec<u8>), Problems),
    security(("bearer" = ["consent:give"]))
)]
#[post("/me/children/{learner_id}/data-export")]
async fn post_data_export(ctx: Can<can::ConsentGive>, app: App, id: Id<LearnerId>) -> Answer<HttpResponse> {
    let bytes = consents::export(&app.db, &ctx, &app.files, app.keys.data(), *id).await?;
    Ok(file("application/zip", Disposition::Attachment, "du-lieu.zip", bytes))
}

/// Take a copy of everything that is kept about oneself: a ZIP of JSON files, and of one's own files. The log says that it was handed out.
///
/// The account, its sessions and messages, and the record as a member of staff or as a guardian; under `files/` papers of the record,
/// files of one's teaching plans, scans of one's consents, each told in `files.json` with its `path`. They take at most 32 MB; what is
/// more has no `path`, but `at`, where it is read. What is kept about a child is the child's copy.
#[utoipa::path(
    tag = "consents",
    responses((status = 200, description = "The files", content_type = "application/zip", body = Vec<u8>), Problems),
    security(("bearer" = ["account:self"]))
)]
#[post("/me/data-export")]
async fn post_own_data_export(ctx: Can<can::AccountSelf>, app: App) -> Answer<HttpResponse> {
    let bytes = consents::own::export(&app.db, &ctx, &app.files).await?;
    Ok(file("application/zip", Disposition::Attachment, "du-lieu-cua-toi.zip", bytes))
}

/// List the requests about one's child's data, newest first.
#[utoipa::path(
    tag = "consents",
    params(("learner_id" = LearnerId, Path), PageQuery),
    responses((status = 200, body = Page<DataRequest>), Problems),
    security(("bearer" = ["family:read"]))
)]
#[get("/me/children/{learner_id}/data-requests")]
async fn list_child_data_requests(
    ctx: Can<can::FamilyRead>,
    app: App,
    id: Id<LearnerId>,
    page: ValidQuery<PageQuery>,
) -> Answer<Found<Page<DataRequest>>> {
    Ok(Found(consents::requests_of_child(&app.db, &ctx, *id, &page).await?))
}

/// Ask the school about one's child's data: to correct, explain, erase. The clock of the answer begins.
#[utoipa::path(
    tag = "consents",
    params(("learner_id" = LearnerId, Path)),
    request_body = PostDataRequest,
    responses((status = 201, body = DataRequest), Problems),
    security(("bearer" = ["consent:give"]))
)]
#[post("/me/children/{learner_id}/data-requests")]
async fn post_data_request(
    ctx: Can<can::ConsentGive>,
    app: App,
    id: Id<LearnerId>,
    body: Valid<PostDataRequest>,
) -> Answer<CreatedVersion<DataRequest>> {
    let made = consents::ask(&app.db, &ctx, *id, &body).await?;
    let version = made.version;
    Ok(CreatedVersion(made, version))
}

/// Read how a purpose stands in a school: by class, and child by child of one class.
#[utoipa::path(
    tag = "consents",
    params(("school_id" = UnitId, Path), SchoolConsentQuery),
    responses((status = 200, body = SchoolConsents), Problems),
    security(("bearer" = ["consent:read"]))
)]
#[get("/schools/{school_id}/consents")]
async fn get_school_consents(
    ctx: Can<can::ConsentRead>,
    app: App,
    id: Id<UnitId>,
    query: ValidQuery<SchoolConsentQuery>,
) -> Answer<Found<SchoolConsents>> {
    Ok(Found(consents::of_school(&app.db, &ctx, *id, &query).await?))
}

/// Enter what was said on paper.
#[utoipa::path(
    tag = "consents",
    params(("learner_id" = LearnerId, Path)),
    request_body = PostPaperConsent,
    responses((status = 200, body = LearnerConsents), Problems),
    security(("bearer" = ["consent:write"]))
)]
#[post("/learners/{learner_id}/consents")]
async fn post_paper_consent(
    ctx: Can<can::ConsentWrite>,
    app: App,
    id: Id<LearnerId>,
    body: Valid<PostPaperConsent>,
) -> Answer<Changed<LearnerConsents>> {
    Ok(Changed(consents::paper(&app.db, &ctx, *id, &body).await?))
}

/// List the requests about data to a school, newest first.
#[utoipa::path(
    tag = "consents",
    params(("school_id" = UnitId, Path), PageQuery),
    responses((status = 200, body = Page<DataRequest>), Problems),
    security(("bearer" = ["consent:read"]))
)]
#[get("/schools/{school_id}/data-requests")]
async fn list_data_requests(
    ctx: Can<can::ConsentRead>,
    app: App,
    id: Id<UnitId>,
    page: ValidQuery<PageQuery>,
) -> Answer<Found<Page<DataRequest>>> {
    Ok(Found(consents::requests_of_school(&app.db, &ctx, *id, &page).await?))
}

/// Answer a request about data.
#[utoipa::path(
    tag = "consents",
    params(("request_id" = DataRequestId, Path), ("If-Match" = String, Header, description = "The version that was read.")),
    request_body = PutDataAnswer,
    responses((status = 200, body = DataRequest), Problems),
    security(("bearer" = ["consent:write"]))
)]
#[put("/data-requests/{request_id}/answer")]
async fn put_data_answer(
    ctx: Can<can::ConsentWrite>,
    app: App,
    id: Id<DataRequestId>,
    version: Version,
    body: Valid<PutDataAnswer>,
) -> Answer<Saved<DataRequest>> {
    let saved = consents::answer(&app.db, &ctx, *id, *version, &body).await?;
    let version = saved.version;
    Ok(Saved(saved, version))
}

/// List how long each kind of record is kept.
#[utoipa::path(
    tag = "consents",
    responses((status = 200, body = Page<RetentionRule>), Problems),
    security(("bearer" = ["consent:read"]))
)]
#[get("/retention-rules")]
async fn list_retention_rules(ctx: Can<can::ConsentRead>, app: App) -> Answer<Found<Page<RetentionRule>>> {
    Ok(Found(consents::retention(&app.db, &ctx).await?))
}

/// Ask for kinds of records of a learner to be erased that need not be kept.
///
/// Nothing goes by it: another person confirms within the days of the school's policy.
#[utoipa::path(
    tag = "consents",
    params(("learner_id" = LearnerId, Path)),
    request_body = PostErasure,
    responses((status = 201, body = ErasureRequest), Problems),
    security(("bearer" = ["erasure:write"]))
)]
#[post("/learners/{learner_id}/erasures")]
async fn post_erasure(
    ctx: Can<can::ErasureWrite>,
    app: App,
    id: Id<LearnerId>,
    body: Valid<PostErasure>,
) -> Answer<Created<ErasureRequest>> {
    Ok(Created(consents::ask_erasure(&app.db, &ctx, *id, &body).await?))
}

/// List what was asked to be erased at schools where the caller may confirm it, newest first.
#[utoipa::path(
    tag = "consents",
    params(ErasureQuery, PageQuery),
    responses((status = 200, body = Page<ErasureRequest>), Problems),
    security(("bearer" = ["erasure:confirm"]))
)]
#[get("/erasures")]
async fn list_erasures(
    ctx: Can<can::ErasureConfirm>,
    app: App,
    query: ValidQuery<ErasureQuery>,
    page: ValidQuery<PageQuery>,
) -> Answer<Found<Page<ErasureRequest>>> {
    Ok(Found(consents::erasures(&app.db, &ctx, &query, &page).await?))
}

/// Confirm what another person asked to erase: now it is erased. The log stays whole and says who asked, who confirmed, and what went.
#[utoipa::path(
    tag = "consents",
    params(("erasure_id" = ErasureId, Path)),
    responses((status = 200, body = Erasure), Problems),
    security(("bearer" = ["erasure:confirm"]))
)]
#[post("/erasures/{erasure_id}/confirmation")]
async fn post_erasure_confirmation(ctx: Can<can::ErasureConfirm>, app: App, id: Id<ErasureId>) -> Answer<Changed<Erasure>> {
    Ok(Changed(consents::confirm_erasure(&app.db, &ctx, *id).await?))
}

/// Decline what was asked to be erased, with the reason; who asked takes it back so.
#[utoipa::path(
    tag = "consents",
    params(("erasure_id" = ErasureId, Path)),
    request_body = DeclineErasure,
    responses((status = 200, body = ErasureRequest), Problems),
    security(("bearer" = ["erasure:confirm"]))
)]
#[post("/erasures/{erasure_id}/decline")]
async fn decline_erasure(
    ctx: Can<can::ErasureConfirm>,
    app: App,
    id: Id<ErasureId>,
    body: Valid<DeclineErasure>,
) -> Answer<Changed<ErasureRequest>> {
    Ok(Changed(consents::decline_erasure(&app.db, &ctx, *id, &body).await?))
}

/// Read who may confirm what is erased at a school, and within how many days.
#[utoipa::path(
    tag = "consents",
    params(("school_id" = UnitId, Path)),
    responses((status = 200, body = ErasurePolicy), Problems),
    security(("bearer" = ["erasure:write"]))
)]
#[get("/schools/{school_id}/erasure-policy")]
async fn get_erasure_policy(ctx: Can<can::ErasureWrite>, app: App, school: Id<UnitId>) -> Answer<FoundVersion<ErasurePolicy>> {
    let found = consents::erasure_policy(&app.db, &ctx, *school).await?;
    let version = found.version;
    Ok(FoundVersion(found, version))
}

/// Say who may confirm what is erased at a school, and within how many days.
#[utoipa::path(
    tag = "consents",
    params(("school_id" = UnitId, Path), ("If-Match" = String, Header, description = "The version that was read.")),
    request_body = PutErasurePolicy,
    responses((status = 200, body = ErasurePolicy), Problems),
    security(("bearer" = ["erasure:write"]))
)]
#[put("/schools/{school_id}/erasure-policy")]
async fn put_erasure_policy(
    ctx: Can<can::ErasureWrite>,
    app: App,
    school: Id<UnitId>,
    version: Version,
    body: Valid<PutErasurePolicy>,
) -> Answer<Saved<ErasurePolicy>> {
    let saved = consents::put_erasure_policy(&app.db, &ctx, *school, *version, &body).await?;
    let version = saved.version;
    Ok(Saved(saved, version))
}

/// The consents of a learner as their school sees them, with the scans of what was said on paper.
#[utoipa::path(
    tag = "consents",
    params(("learner_id" = LearnerId, Path)),
    responses((status = 200, body = LearnerConsents), Problems),
    security(("bearer" = ["consent:read"]))
)]
#[get("/learners/{learner_id}/consents")]
async fn get_learner_consents(ctx: Can<can::ConsentRead>, app: App, id: Id<LearnerId>) -> Answer<Found<LearnerConsents>> {
    Ok(Found(consents::of_learner(&app.db, &ctx, *id).await?))
}

/// Read the scan of a consent that was given on paper.
#[utoipa::path(
    tag = "consents",
    params(("learner_id" = LearnerId, Path), ("record_id" = ConsentRecordId, Path)),
    responses((status = 200, description = "The scan.", body = Vec<u8>, content_type = "application/octet-stream"), Problems),
    security(("bearer" = ["consent:read"]))
)]
#[get("/learners/{learner_id}/consents/{record_id}/scan")]
async fn get_consent_scan(
    ctx: Can<can::ConsentRead>,
    app: App,
    path: Path<(LearnerId, ConsentRecordId)>,
    req: HttpRequest,
) -> Answer<HttpResponse> {
    let (learner, record) = *path;
    let file = consents::scan(&app.db, &ctx, learner, record).await?;
    download(&req, &app.files, &file).await
}

/// What is kept of a learner, kind by kind: what may be erased, what stays and why; and that the school's log is whole.
#[utoipa::path(
    tag = "consents",
    params(("learner_id" = LearnerId, Path)),
    responses((status = 200, body = ErasurePreview), Problems),
    security(("bearer" = ["erasure:write"]))
)]
#[get("/learners/{learner_id}/erasures")]
async fn get_erasure_preview(ctx: Can<can::ErasureWrite>, app: App, id: Id<LearnerId>) -> Answer<Found<ErasurePreview>> {
    Ok(Found(consents::erasure_preview(&app.db, &ctx, *id).await?))
}
