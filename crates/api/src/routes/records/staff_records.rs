//! What is known of staff over time, one's own record, and proposals to correct it.

use crate::answer::{self, Answer, Changed, Created, CreatedVersion, Disposition, Found, Saved};
use crate::extract::{App, Can, Id, Path, Valid, ValidQuery, Version, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{HttpRequest, HttpResponse, delete, get, post, put};
use dto::page::PageQuery;
use dto::staff_records::{
    DecideStaffProposal, EvaluationSheet, OwnStaffRecord, PostRecordFile, PostStaffProposal, PutEvaluations, PutStaffRecord,
    PutWithdrawn, StaffProposal, StaffProposalQuery, StaffRecord, StaffRecordQuery, UnitStaffRecord,
};
use dto::{FileId, Page, SchoolYearId, StaffId, StaffProposalId, StaffRecordId, UnitId};
use records::staff::records as verbs;

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(list_staff_records)
        .service(create_staff_record)
        .service(put_staff_record)
        .service(put_staff_record_withdrawn)
        .service(get_staff_record_history)
        .service(get_staff_certificate)
        .service(attach_staff_file)
        .service(detach_staff_file)
        .service(get_staff_file)
        .service(get_own_staff_file)
        .service(list_unit_staff_records)
        .service(get_evaluations)
        .service(put_evaluations)
        .service(get_own_staff_record)
        .service(get_own_certificate)
        .service(create_staff_proposal)
        .service(withdraw_staff_proposal)
        .service(list_staff_proposals)
        .service(decide_staff_proposal);
}

/// List the records of a member of staff: contracts, degrees, subjects, titles, duties, leave, evaluations, training.
///
/// By kind, each kind's newest first; with those that were taken back. Identity numbers and the salary coefficient only for who may change them.
#[utoipa::path(
    tag = "staff",
    params(("staff_id" = StaffId, Path)),
    responses((status = 200, body = Page<StaffRecord>), Problems),
    security(("bearer" = ["staff:read"]))
)]
#[get("/staff/{staff_id}/records")]
async fn list_staff_records(ctx: Can<can::StaffRead>, app: App, id: Id<StaffId>) -> Answer<Found<Page<StaffRecord>>> {
    Ok(Found(verbs::list(&app.db, &ctx, *id).await?))
}

/// Enter a record of a member of staff.
#[utoipa::path(
    tag = "staff",
    params(("staff_id" = StaffId, Path)),
    request_body = PutStaffRecord,
    responses((status = 201, body = StaffRecord), Problems),
    security(("bearer" = ["staff:write"]))
)]
#[post("/staff/{staff_id}/records")]
async fn create_staff_record(
    ctx: Can<can::StaffWrite>,
    app: App,
    id: Id<StaffId>,
    body: Valid<PutStaffRecord>,
) -> Answer<CreatedVersion<StaffRecord>> {
    let record = verbs::create(&app.db, &ctx, *id, &body).await?;
    let version = record.version;
    Ok(CreatedVersion(record, version))
}

/// Change a record; its kind stays. What stood there is kept in its history.
#[utoipa::path(
    tag = "staff",
    params(
        ("staff_id" = StaffId, Path),
        ("record_id" = StaffRecordId, Path),
        ("If-Match" = String, Header, description = "The version that was read."),
    ),
    request_body = PutStaffRecord,
    responses((status = 200, body = StaffRecord), Problems),
    security(("bearer" = ["staff:write"]))
)]
#[put("/staff/{staff_id}/records/{record_id}")]
async fn put_staff_record(
    ctx: Can<can::StaffWrite>,
    app: App,
    path: Path<(StaffId, StaffRecordId)>,
    version: Version,
    body: Valid<PutStaffRecord>,
) -> Answer<Saved<StaffRecord>> {
    let (staff, record) = *path;
    let record = verbs::put(&app.db, &ctx, staff, record, *version, &body).await?;
    let version = record.version;
    Ok(Saved(record, version))
}

/// Take a record back, or put it back.
#[utoipa::path(
    tag = "staff",
    params(
        ("staff_id" = StaffId, Path),
        ("record_id" = StaffRecordId, Path),
        ("If-Match" = String, Header, description = "The version that was read."),
    ),
    request_body = PutWithdrawn,
    responses((status = 200, body = StaffRecord), Problems),
    security(("bearer" = ["staff:write"]))
)]
#[put("/staff/{staff_id}/records/{record_id}/withdrawn")]
async fn put_staff_record_withdrawn(
    ctx: Can<can::StaffWrite>,
    app: App,
    path: Path<(StaffId, StaffRecordId)>,
    version: Version,
    body: Valid<PutWithdrawn>,
) -> Answer<Saved<StaffRecord>> {
    let (staff, record) = *path;
    let record = verbs::put_withdrawn(&app.db, &ctx, staff, record, *version, body.withdrawn).await?;
    let version = record.version;
    Ok(Saved(record, version))
}

/// Read a record as it stands and as it stood before, newest first.
#[utoipa::path(
    tag = "staff",
    params(("staff_id" = StaffId, Path), ("record_id" = StaffRecordId, Path)),
    responses((status = 200, body = Page<StaffRecord>), Problems),
    security(("bearer" = ["staff:read"]))
)]
#[get("/staff/{staff_id}/records/{record_id}/history")]
async fn get_staff_record_history(
    ctx: Can<can::StaffRead>,
    app: App,
    path: Path<(StaffId, StaffRecordId)>,
) -> Answer<Found<Page<StaffRecord>>> {
    let (staff, record) = *path;
    Ok(Found(verbs::history(&app.db, &ctx, staff, record).await?))
}

fn pdf(file: documents::certificates::File) -> HttpResponse {
    answer::file("application/pdf", Disposition::Inline, &file.name, file.bytes)
}

/// Draw the certificate of a training as PDF, to print and sign.
#[utoipa::path(
    tag = "staff",
    params(("staff_id" = StaffId, Path), ("record_id" = StaffRecordId, Path)),
    responses((status = 200, description = "The file.", body = Vec<u8>, content_type = "application/pdf"), Problems),
    security(("bearer" = ["staff:read"]))
)]
#[get("/staff/{staff_id}/records/{record_id}/certificate")]
async fn get_staff_certificate(ctx: Can<can::StaffRead>, app: App, path: Path<(StaffId, StaffRecordId)>) -> Answer<HttpResponse> {
    let (staff, record) = *path;
    Ok(pdf(documents::certificates::of_staff(&app.db, &ctx, staff, record).await?))
}

/// Attach a file that was uploaded to a record.
#[utoipa::path(
    tag = "staff",
    params(("staff_id" = StaffId, Path), ("record_id" = StaffRecordId, Path)),
    request_body = PostRecordFile,
    responses((status = 201, body = StaffRecord), Problems),
    security(("bearer" = ["staff:write"]))
)]
#[post("/staff/{staff_id}/records/{record_id}/files")]
async fn attach_staff_file(
    ctx: Can<can::StaffWrite>,
    app: App,
    path: Path<(StaffId, StaffRecordId)>,
    body: Valid<PostRecordFile>,
) -> Answer<Created<StaffRecord>> {
    let (staff, record) = *path;
    Ok(Created(verbs::attach(&app.db, &ctx, staff, record, &body).await?))
}

/// Take a file away from a record.
#[utoipa::path(
    tag = "staff",
    params(("staff_id" = StaffId, Path), ("record_id" = StaffRecordId, Path), ("file_id" = FileId, Path)),
    responses((status = 200, body = StaffRecord), Problems),
    security(("bearer" = ["staff:write"]))
)]
#[delete("/staff/{staff_id}/records/{record_id}/files/{file_id}")]
async fn detach_staff_file(
    ctx: Can<can::StaffWrite>,
    app: App,
    path: Path<(StaffId, StaffRecordId, FileId)>,
) -> Answer<Changed<StaffRecord>> {
    let (staff, record, file) = *path;
    Ok(Changed(verbs::detach(&app.db, &ctx, staff, record, file).await?))
}

/// Read a file of a record.
#[utoipa::path(
    tag = "staff",
    params(("staff_id" = StaffId, Path), ("record_id" = StaffRecordId, Path), ("file_id" = FileId, Path)),
    responses(
        (status = 200, content_type = "application/octet-stream", description = "The file"),
        (status = 206, content_type = "application/octet-stream", description = "The range of it"),
        Problems
    ),
    security(("bearer" = ["staff:read"]))
)]
#[get("/staff/{staff_id}/records/{record_id}/files/{file_id}")]
async fn get_staff_file(
    ctx: Can<can::StaffRead>,
    app: App,
    path: Path<(StaffId, StaffRecordId, FileId)>,
    req: HttpRequest,
) -> Answer<HttpResponse> {
    let (staff, record, file) = *path;
    let file = verbs::file(&app.db, &ctx, staff, record, file).await?;
    crate::download::download(&req, &app.files, &file).await
}

/// Read a file of one's own record.
#[utoipa::path(
    tag = "staff",
    params(("record_id" = StaffRecordId, Path), ("file_id" = FileId, Path)),
    responses(
        (status = 200, content_type = "application/octet-stream", description = "The file"),
        (status = 206, content_type = "application/octet-stream", description = "The range of it"),
        Problems
    ),
    security(("bearer" = ["staff:self"]))
)]
#[get("/me/staff-record/records/{record_id}/files/{file_id}")]
async fn get_own_staff_file(
    ctx: Can<can::StaffSelf>,
    app: App,
    path: Path<(StaffRecordId, FileId)>,
    req: HttpRequest,
) -> Answer<HttpResponse> {
    let (record, file) = *path;
    let file = verbs::own_file(&app.db, &ctx, record, file).await?;
    crate::download::download(&req, &app.files, &file).await
}

/// List the records of one kind of a unit's staff of today: who is on leave on a day, what a year's evaluations said.
#[utoipa::path(
    tag = "staff",
    params(("unit_id" = UnitId, Path), StaffRecordQuery, PageQuery),
    responses((status = 200, body = Page<UnitStaffRecord>), Problems),
    security(("bearer" = ["staff:read"]))
)]
#[get("/units/{unit_id}/staff-records")]
async fn list_unit_staff_records(
    ctx: Can<can::StaffRead>,
    app: App,
    id: Id<UnitId>,
    query: ValidQuery<StaffRecordQuery>,
    page: ValidQuery<PageQuery>,
) -> Answer<Found<Page<UnitStaffRecord>>> {
    Ok(Found(verbs::of_unit(&app.db, &ctx, *id, &query, &page).await?))
}

/// Read one's own record as a member of staff, with one's proposals.
#[utoipa::path(
    tag = "staff",
    responses((status = 200, body = OwnStaffRecord), Problems),
    security(("bearer" = ["staff:self"]))
)]
#[get("/me/staff-record")]
async fn get_own_staff_record(ctx: Can<can::StaffSelf>, app: App) -> Answer<Found<OwnStaffRecord>> {
    Ok(Found(verbs::own(&app.db, &ctx).await?))
}

/// Draw one's own certificate of a training as PDF.
#[utoipa::path(
    tag = "staff",
    params(("record_id" = StaffRecordId, Path)),
    responses((status = 200, description = "The file.", body = Vec<u8>, content_type = "application/pdf"), Problems),
    security(("bearer" = ["staff:self"]))
)]
#[get("/me/staff-record/records/{record_id}/certificate")]
async fn get_own_certificate(ctx: Can<can::StaffSelf>, app: App, id: Id<StaffRecordId>) -> Answer<HttpResponse> {
    Ok(pdf(documents::certificates::own(&app.db, &ctx, *id).await?))
}

/// Propose a correction of one's own record.
///
/// It changes nothing until who keeps the record approves.
#[utoipa::path(
    tag = "staff",
    request_body = PostStaffProposal,
    responses((status = 201, body = StaffProposal), Problems),
    security(("bearer" = ["staff:self"]))
)]
#[post("/me/staff-record/proposals")]
async fn create_staff_proposal(
    ctx: Can<can::StaffSelf>,
    app: App,
    body: Valid<PostStaffProposal>,
) -> Answer<Created<StaffProposal>> {
    Ok(Created(verbs::propose(&app.db, &ctx, &body).await?))
}

/// Take one's own proposal back.
#[utoipa::path(
    tag = "staff",
    params(("proposal_id" = StaffProposalId, Path)),
    responses((status = 200, body = StaffProposal), Problems),
    security(("bearer" = ["staff:self"]))
)]
#[delete("/me/staff-record/proposals/{proposal_id}")]
async fn withdraw_staff_proposal(ctx: Can<can::StaffSelf>, app: App, id: Id<StaffProposalId>) -> Answer<Changed<StaffProposal>> {
    Ok(Changed(verbs::withdraw(&app.db, &ctx, *id).await?))
}

/// List proposals of people whose record the caller keeps, newest first.
#[utoipa::path(
    tag = "staff",
    params(StaffProposalQuery, PageQuery),
    responses((status = 200, body = Page<StaffProposal>), Problems),
    security(("bearer" = ["staff:write"]))
)]
#[get("/staff-proposals")]
async fn list_staff_proposals(
    ctx: Can<can::StaffWrite>,
    app: App,
    query: ValidQuery<StaffProposalQuery>,
    page: ValidQuery<PageQuery>,
) -> Answer<Found<Page<StaffProposal>>> {
    Ok(Found(verbs::proposals(&app.db, &ctx, &query, &page).await?))
}

/// Approve a proposal, which makes the change, or refuse it.
#[utoipa::path(
    tag = "staff",
    params(("staff_id" = StaffId, Path), ("proposal_id" = StaffProposalId, Path)),
    request_body = DecideStaffProposal,
    responses((status = 200, body = StaffProposal), Problems),
    security(("bearer" = ["staff:write"]))
)]
#[put("/staff/{staff_id}/proposals/{proposal_id}/decision")]
async fn decide_staff_proposal(
    ctx: Can<can::StaffWrite>,
    app: App,
    path: Path<(StaffId, StaffProposalId)>,
    body: Valid<DecideStaffProposal>,
) -> Answer<Changed<StaffProposal>> {
    let (staff, proposal) = *path;
    Ok(Changed(verbs::decide(&app.db, &ctx, staff, proposal, &body).await?))
}

/// Read the evaluations of a year of all teachers of a school as one sheet.
#[utoipa::path(
    tag = "staff",
    params(("unit_id" = UnitId, Path), ("school_year_id" = SchoolYearId, Path)),
    responses((status = 200, body = EvaluationSheet), Problems),
    security(("bearer" = ["staff:read"]))
)]
#[get("/units/{unit_id}/evaluations/{school_year_id}")]
async fn get_evaluations(
    ctx: Can<can::StaffRead>,
    app: App,
    path: Path<(UnitId, SchoolYearId)>,
) -> Answer<Found<EvaluationSheet>> {
    Ok(Found(verbs::evaluations(&app.db, &ctx, path.0.0, path.0.1).await?))
}

/// Write many evaluations of a year at once.
///
/// All or nothing; each carries the version that was read. Whoever is left out stays as they are.
#[utoipa::path(
    tag = "staff",
    params(("unit_id" = UnitId, Path), ("school_year_id" = SchoolYearId, Path)),
    request_body = PutEvaluations,
    responses((status = 200, body = EvaluationSheet), Problems),
    security(("bearer" = ["staff:write"]))
)]
#[put("/units/{unit_id}/evaluations/{school_year_id}")]
async fn put_evaluations(
    ctx: Can<can::StaffWrite>,
    app: App,
    path: Path<(UnitId, SchoolYearId)>,
    body: Valid<PutEvaluations>,
) -> Answer<Changed<EvaluationSheet>> {
    Ok(Changed(verbs::put_evaluations(&app.db, &ctx, path.0.0, path.0.1, &body).await?))
}
