//! Teaching plans and subject groups.

use crate::answer::{self, Answer, Changed, CreatedVersion, Disposition, Done, Found, FoundVersion, Saved};
use crate::download::download;
use crate::extract::{App, Can, Id, Path, Valid, ValidQuery, Version, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{HttpRequest, HttpResponse, delete, get, post, put};
use dto::page::PageQuery;
use dto::teaching_plans::{
    PostTeachingPlan, PutSubjectGroup, PutTeachingPlan, PutTeachingPlanPolicy, ReviewTeachingPlan, SubjectGroup, TeachingPlan,
    TeachingPlanItem, TeachingPlanPolicy, TeachingPlanQuery, TeachingPlanVersion,
};
use dto::{FileId, Page, SubjectGroupId, TeachingPlanId, UnitId};
use records::teaching_plans as plans;

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(list_subject_groups)
        .service(create_subject_group)
        .service(put_subject_group)
        .service(remove_subject_group)
        .service(list_teaching_plans)
        .service(create_teaching_plan)
        .service(get_teaching_plan)
        .service(put_teaching_plan)
        .service(remove_teaching_plan)
        .service(submit_teaching_plan)
        .service(withdraw_teaching_plan)
        .service(review_teaching_plan)
        .service(get_teaching_plan_version)
        .service(download_teaching_plan_paper)
        .service(get_teaching_plan_policy)
        .service(put_teaching_plan_policy)
        .service(download_teaching_plan_file);
}

/// List the subject groups of a school.
#[utoipa::path(
    tag = "teaching-plans",
    params(("unit_id" = UnitId, Path)),
    responses((status = 200, body = Page<SubjectGroup>), Problems),
    security(("bearer" = ["teaching-plan:read"]))
)]
#[get("/units/{unit_id}/subject-groups")]
async fn list_subject_groups(ctx: Can<can::TeachingPlanRead>, app: App, unit: Id<UnitId>) -> Answer<Found<Page<SubjectGroup>>> {
    Ok(Found(plans::groups(&app.db, &ctx, *unit).await?))
}

/// Make a subject group.
#[utoipa::path(
    tag = "teaching-plans",
    params(("unit_id" = UnitId, Path)),
    request_body = PutSubjectGroup,
    responses((status = 201, body = SubjectGroup), Problems),
    security(("bearer" = ["subject-group:write"]))
)]
#[post("/units/{unit_id}/subject-groups")]
async fn create_subject_group(
    ctx: Can<can::SubjectGroupWrite>,
    app: App,
    unit: Id<UnitId>,
    body: Valid<PutSubjectGroup>,
) -> Answer<CreatedVersion<SubjectGroup>> {
    let made = plans::create_group(&app.db, &ctx, *unit, &body).await?;
    let version = made.version;
    Ok(CreatedVersion(made, version))
}

/// Change a subject group: its name, its head, its members.
#[utoipa::path(
    tag = "teaching-plans",
    params(("unit_id" = UnitId, Path), ("group_id" = SubjectGroupId, Path), ("if-match" = String, Header)),
    request_body = PutSubjectGroup,
    responses((status = 200, body = SubjectGroup), Problems),
    security(("bearer" = ["subject-group:write"]))
)]
#[put("/units/{unit_id}/subject-groups/{group_id}")]
async fn put_subject_group(
    ctx: Can<can::SubjectGroupWrite>,
    app: App,
    path: Path<(UnitId, SubjectGroupId)>,
    version: Version,
    body: Valid<PutSubjectGroup>,
) -> Answer<Saved<SubjectGroup>> {
    let (unit, group) = *path;
    let saved = plans::put_group(&app.db, &ctx, unit, group, *version, &body).await?;
    let version = saved.version;
    Ok(Saved(saved, version))
}

/// Remove a subject group.
///
/// Plans that were of it stay. Refused with `subject_group_used` while plans wait for its head.
#[utoipa::path(
    tag = "teaching-plans",
    params(("unit_id" = UnitId, Path), ("group_id" = SubjectGroupId, Path)),
    responses((status = 204), Problems),
    security(("bearer" = ["subject-group:write"]))
)]
#[delete("/units/{unit_id}/subject-groups/{group_id}")]
async fn remove_subject_group(ctx: Can<can::SubjectGroupWrite>, app: App, path: Path<(UnitId, SubjectGroupId)>) -> Answer<Done> {
    let (unit, group) = *path;
    plans::remove_group(&app.db, &ctx, unit, group).await?;
    Ok(Done)
}

/// Find teaching plans of a school.
///
/// The school's library (all that was ever submitted), one's own, or what waits for one's review; the newest first. `q` looks for whole
/// words without regard to marks and case, in title, text, teacher, subject, grade and year; filters go together with it.
#[utoipa::path(
    tag = "teaching-plans",
    params(TeachingPlanQuery, PageQuery),
    responses((status = 200, body = Page<TeachingPlanItem>), Problems),
    security(("bearer" = ["teaching-plan:read"]))
)]
#[get("/teaching-plans")]
async fn list_teaching_plans(
    ctx: Can<can::TeachingPlanRead>,
    app: App,
    query: ValidQuery<TeachingPlanQuery>,
    page: ValidQuery<PageQuery>,
) -> Answer<Found<Page<TeachingPlanItem>>> {
    Ok(Found(plans::list(&app.db, &ctx, &query, &page).await?))
}

/// Make a teaching plan of one's own.
#[utoipa::path(
    tag = "teaching-plans",
    request_body = PostTeachingPlan,
    responses((status = 201, body = TeachingPlan), Problems),
    security(("bearer" = ["teaching-plan:write"]))
)]
#[post("/teaching-plans")]
async fn create_teaching_plan(
    ctx: Can<can::TeachingPlanWrite>,
    app: App,
    body: Valid<PostTeachingPlan>,
) -> Answer<CreatedVersion<TeachingPlan>> {
    let made = plans::create(&app.db, &ctx, &body).await?;
    let version = made.item.version;
    Ok(CreatedVersion(made, version))
}

/// Read a teaching plan with its submissions and what happened to it.
///
/// Its author reads what stands now; everybody else what was submitted last.
#[utoipa::path(
    tag = "teaching-plans",
    params(("plan_id" = TeachingPlanId, Path)),
    responses((status = 200, body = TeachingPlan), Problems),
    security(("bearer" = ["teaching-plan:read"]))
)]
#[get("/teaching-plans/{plan_id}")]
async fn get_teaching_plan(
    ctx: Can<can::TeachingPlanRead>,
    app: App,
    id: Id<TeachingPlanId>,
) -> Answer<FoundVersion<TeachingPlan>> {
    let found = plans::get(&app.db, &ctx, *id).await?;
    let version = found.item.version;
    Ok(FoundVersion(found, version))
}

/// Change one's own teaching plan.
///
/// Not while somebody is to review it (`teaching_plan_state`; withdraw it first). After it was approved this begins a new version; what
/// was approved stays as it was.
#[utoipa::path(
    tag = "teaching-plans",
    params(("plan_id" = TeachingPlanId, Path), ("if-match" = String, Header)),
    request_body = PutTeachingPlan,
    responses((status = 200, body = TeachingPlan), Problems),
    security(("bearer" = ["teaching-plan:write"]))
)]
#[put("/teaching-plans/{plan_id}")]
async fn put_teaching_plan(
    ctx: Can<can::TeachingPlanWrite>,
    app: App,
    id: Id<TeachingPlanId>,
    version: Version,
    body: Valid<PutTeachingPlan>,
) -> Answer<Saved<TeachingPlan>> {
    let saved = plans::put(&app.db, &ctx, *id, *version, &body).await?;
    let version = saved.item.version;
    Ok(Saved(saved, version))
}

/// Remove one's own teaching plan that was never submitted.
#[utoipa::path(
    tag = "teaching-plans",
    params(("plan_id" = TeachingPlanId, Path)),
    responses((status = 204), Problems),
    security(("bearer" = ["teaching-plan:write"]))
)]
#[delete("/teaching-plans/{plan_id}")]
async fn remove_teaching_plan(ctx: Can<can::TeachingPlanWrite>, app: App, id: Id<TeachingPlanId>) -> Answer<Done> {
    plans::remove(&app.db, &ctx, *id).await?;
    Ok(Done)
}

/// Submit one's own teaching plan.
///
/// What it says now is kept as a version with its hash. It waits for the head of its subject group, and where there is none, or the head
/// wrote it, for who leads the school.
#[utoipa::path(
    tag = "teaching-plans",
    params(("plan_id" = TeachingPlanId, Path), ("if-match" = String, Header)),
    responses((status = 200, body = TeachingPlan), Problems),
    security(("bearer" = ["teaching-plan:write"]))
)]
#[post("/teaching-plans/{plan_id}/submit")]
async fn submit_teaching_plan(
    ctx: Can<can::TeachingPlanWrite>,
    app: App,
    id: Id<TeachingPlanId>,
    version: Version,
) -> Answer<Saved<TeachingPlan>> {
    let saved = plans::submit(&app.db, &ctx, *id, *version).await?;
    let version = saved.item.version;
    Ok(Saved(saved, version))
}

/// Take one's own teaching plan back before it is approved.
#[utoipa::path(
    tag = "teaching-plans",
    params(("plan_id" = TeachingPlanId, Path)),
    responses((status = 200, body = TeachingPlan), Problems),
    security(("bearer" = ["teaching-plan:write"]))
)]
#[post("/teaching-plans/{plan_id}/withdraw")]
async fn withdraw_teaching_plan(
    ctx: Can<can::TeachingPlanWrite>,
    app: App,
    id: Id<TeachingPlanId>,
) -> Answer<Changed<TeachingPlan>> {
    Ok(Changed(plans::withdraw(&app.db, &ctx, *id).await?))
}

/// Comment on a submitted teaching plan, return it, or accept it.
///
/// The head of its subject group endorses it, who leads the school approves it; nobody reviews their own. Accepting names the submission that
/// was read, and is kept with the account, the time and the hash of the content; after a newer submission it is refused with
/// `teaching_plan_newer`. With a key of one's own the approval is a signed PDF besides; `teaching_plan_unsigned` where the school asks for that.
#[utoipa::path(
    tag = "teaching-plans",
    params(("plan_id" = TeachingPlanId, Path)),
    request_body = ReviewTeachingPlan,
    responses((status = 200, body = TeachingPlan), Problems),
    security(("bearer" = ["teaching-plan:review"]))
)]
#[post("/teaching-plans/{plan_id}/reviews")]
async fn review_teaching_plan(
    ctx: Can<can::TeachingPlanReview>,
    app: App,
    id: Id<TeachingPlanId>,
    body: Valid<ReviewTeachingPlan>,
) -> Answer<Changed<TeachingPlan>> {
    Ok(Changed(documents::plans::review(&app.db, &ctx, &app.signing.providers, *id, &body).await?))
}

/// Read one submission of a teaching plan, and how its text differs from the one before.
#[utoipa::path(
    tag = "teaching-plans",
    params(("plan_id" = TeachingPlanId, Path), ("revision" = u32, Path)),
    responses((status = 200, body = TeachingPlanVersion), Problems),
    security(("bearer" = ["teaching-plan:read"]))
)]
#[get("/teaching-plans/{plan_id}/versions/{revision}")]
async fn get_teaching_plan_version(
    ctx: Can<can::TeachingPlanRead>,
    app: App,
    path: Path<(TeachingPlanId, u32)>,
) -> Answer<Found<TeachingPlanVersion>> {
    let (plan, revision) = *path;
    Ok(Found(plans::version(&app.db, &ctx, plan, revision).await?))
}

/// Download a file of a teaching plan.
///
/// Takes `Range`, `If-Range` and `If-None-Match`. Others than the author read the files that were submitted.
#[utoipa::path(
    tag = "teaching-plans",
    params(("plan_id" = TeachingPlanId, Path), ("file_id" = FileId, Path)),
    responses(
        (status = 200, content_type = "application/octet-stream", description = "The file"),
        (status = 206, content_type = "application/octet-stream", description = "The range of it"),
        Problems
    ),
    security(("bearer" = ["teaching-plan:read"]))
)]
#[get("/teaching-plans/{plan_id}/files/{file_id}")]
async fn download_teaching_plan_file(
    ctx: Can<can::TeachingPlanRead>,
    app: App,
    path: Path<(TeachingPlanId, FileId)>,
    req: HttpRequest,
) -> Answer<HttpResponse> {
    let (plan, file) = *path;
    let file = plans::file(&app.db, &ctx, plan, file).await?;
    download(&req, &app.files, &file).await
}

/// Download the approval of a submission as a signed PDF.
///
/// With all that was submitted, signed by the approver (PAdES); 404 where it was approved without a key.
#[utoipa::path(
    tag = "teaching-plans",
    params(("plan_id" = TeachingPlanId, Path), ("revision" = u32, Path)),
    responses((status = 200, description = "The file.", body = Vec<u8>, content_type = "application/pdf"), Problems),
    security(("bearer" = ["teaching-plan:read"]))
)]
#[get("/teaching-plans/{plan_id}/versions/{revision}/paper")]
async fn download_teaching_plan_paper(
    ctx: Can<can::TeachingPlanRead>,
    app: App,
    path: Path<(TeachingPlanId, u32)>,
) -> Answer<HttpResponse> {
    let (plan, revision) = *path;
    let bytes = plans::paper(&app.db, &ctx, plan, revision).await?;
    Ok(answer::file("application/pdf", Disposition::Inline, &format!("ke-hoach-da-ki-{revision}.pdf"), bytes))
}

/// Read what a school asks of approvals of teaching plans.
#[utoipa::path(
    tag = "teaching-plans",
    params(("unit_id" = UnitId, Path)),
    responses((status = 200, body = TeachingPlanPolicy), Problems),
    security(("bearer" = ["teaching-plan:read"]))
)]
#[get("/units/{unit_id}/teaching-plan-policy")]
async fn get_teaching_plan_policy(
    ctx: Can<can::TeachingPlanRead>,
    app: App,
    school: Id<UnitId>,
) -> Answer<FoundVersion<TeachingPlanPolicy>> {
    let found = plans::policy(&app.db, &ctx, *school).await?;
    let version = found.version;
    Ok(FoundVersion(found, version))
}

/// Say whether approvals of teaching plans must be signed at a school.
#[utoipa::path(
    tag = "teaching-plans",
    params(("unit_id" = UnitId, Path), ("If-Match" = String, Header, description = "The version that was read.")),
    request_body = PutTeachingPlanPolicy,
    responses((status = 200, body = TeachingPlanPolicy), Problems),
    security(("bearer" = ["subject-group:write"]))
)]
#[put("/units/{unit_id}/teaching-plan-policy")]
async fn put_teaching_plan_policy(
    ctx: Can<can::SubjectGroupWrite>,
    app: App,
    school: Id<UnitId>,
    version: Version,
    body: Valid<PutTeachingPlanPolicy>,
) -> Answer<Saved<TeachingPlanPolicy>> {
    let saved = plans::put_policy(&app.db, &ctx, *school, *version, &body).await?;
    let version = saved.version;
    Ok(Saved(saved, version))
}
