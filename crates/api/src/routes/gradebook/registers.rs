//! Registers of a class as PDF files.

use crate::answer::{self, Answer, Created, Disposition, Found};
use crate::extract::{App, Can, Id, Path, Valid, ValidQuery, can};
use crate::problem::Problems;
use crate::routes::Routes;
use crate::work;
use actix_web::{HttpResponse, get, post};
use dto::gradebook::ReportQuery;
use dto::registers::{AdmissionsQuery, CopyQuery, PostRegisterRun, RegisterForm, RegisterQuery, RegisterRun};
use dto::{ClassId, LearnerId, Page, RegisterRunId, UnitId};
use gradebook::registers::{self, File, runs};

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(get_register)
        .service(get_subject_register)
        .service(get_child_slip)
        .service(get_class_list)
        .service(get_admissions)
        .service(get_learner_file)
        .service(start_register_run)
        .service(list_register_runs)
        .service(get_register_run)
        .service(fetch_register_run);
}

fn pdf(file: File) -> HttpResponse {
    answer::file("application/pdf", Disposition::Inline, &file.name, file.bytes)
}

/// Draw a register of a class as PDF.
///
/// From the marks, results, conduct, absences, notes and decisions as they stand: of closed terms what was frozen. With `copy` each page is marked
/// "BẢN SAO". Certificates are there once both terms are closed.
#[utoipa::path(
    tag = "registers",
    params(("class_id" = ClassId, Path), ("form" = RegisterForm, Path), RegisterQuery),
    responses((status = 200, description = "The file.", body = Vec<u8>, content_type = "application/pdf"), Problems),
    security(("bearer" = ["result:read"]))
)]
#[get("/classes/{class_id}/registers/{form}")]
async fn get_register(
    ctx: Can<can::ResultRead>,
    app: App,
    path: Path<(ClassId, RegisterForm)>,
    query: ValidQuery<RegisterQuery>,
) -> Answer<HttpResponse> {
    let (class, form) = *path;
    Ok(pdf(registers::of_class(&app.db, &ctx, class, form, &query).await?))
}

/// Draw the mark table of one subject as PDF.
///
/// Both terms with their averages and the year's. Who reads the mark sheet may draw it.
#[utoipa::path(
    tag = "registers",
    params(("class_id" = ClassId, Path), ("subject_code" = String, Path), CopyQuery),
    responses((status = 200, description = "The file.", body = Vec<u8>, content_type = "application/pdf"), Problems),
    security(("bearer" = ["mark:read"]))
)]
#[get("/classes/{class_id}/subjects/{subject_code}/register")]
async fn get_subject_register(
    ctx: Can<can::MarkRead>,
    app: App,
    path: Path<(ClassId, String)>,
    query: ValidQuery<CopyQuery>,
) -> Answer<HttpResponse> {
    let (class, subject) = &*path;
    Ok(pdf(registers::of_subject(&app.db, &ctx, *class, subject, query.copy).await?))
}

/// Draw a child's report slip of a school year as PDF.
///
/// What the report says, on one page to print and sign. No rank, no class average, and nothing of another child (TT 15/2026 Đ.22 k.2).
#[utoipa::path(
    tag = "family",
    params(("learner_id" = LearnerId, Path), ReportQuery),
    responses((status = 200, description = "The file.", body = Vec<u8>, content_type = "application/pdf"), Problems),
    security(("bearer" = ["family:read"]))
)]
#[get("/me/children/{learner_id}/slip")]
async fn get_child_slip(
    ctx: Can<can::FamilyRead>,
    app: App,
    id: Id<LearnerId>,
    query: ValidQuery<ReportQuery>,
) -> Answer<HttpResponse> {
    Ok(pdf(registers::of_child(&app.db, &ctx, *id, query.school_year_id).await?))
}

/// Draw the list of a class as PDF.
#[utoipa::path(
    tag = "registers",
    params(("class_id" = ClassId, Path), CopyQuery),
    responses((status = 200, description = "The file.", body = Vec<u8>, content_type = "application/pdf"), Problems),
    security(("bearer" = ["class:read"]))
)]
#[get("/classes/{class_id}/list")]
async fn get_class_list(
    ctx: Can<can::ClassRead>,
    app: App,
    id: Id<ClassId>,
    query: ValidQuery<CopyQuery>,
) -> Answer<HttpResponse> {
    Ok(pdf(registers::class_list(&app.db, &ctx, *id, query.copy).await?))
}

/// Draw a school's register of admissions (sổ đăng bộ) as PDF.
///
/// Who came in a year, the summer before it included, and how they left. Of somebody who is at another school by now, where they live and
/// who answers for them is not in it.
#[utoipa::path(
    tag = "registers",
    params(("unit_id" = UnitId, Path), AdmissionsQuery),
    responses((status = 200, description = "The file.", body = Vec<u8>, content_type = "application/pdf"), Problems),
    security(("bearer" = ["learner:read"]))
)]
#[get("/units/{unit_id}/registers/admissions")]
async fn get_admissions(
    ctx: Can<can::LearnerRead>,
    app: App,
    id: Id<UnitId>,
    query: ValidQuery<AdmissionsQuery>,
) -> Answer<HttpResponse> {
    Ok(pdf(registers::admissions(&app.db, &ctx, *id, &query).await?))
}

/// Draw the full record of one learner as PDF.
///
/// Who they are, their family, schools and statuses; results and growth as far as the caller may read them.
#[utoipa::path(
    tag = "registers",
    params(("learner_id" = LearnerId, Path), CopyQuery),
    responses((status = 200, description = "The file.", body = Vec<u8>, content_type = "application/pdf"), Problems),
    security(("bearer" = ["learner:read"]))
)]
#[get("/learners/{learner_id}/file")]
async fn get_learner_file(
    ctx: Can<can::LearnerRead>,
    app: App,
    id: Id<LearnerId>,
    query: ValidQuery<CopyQuery>,
) -> Answer<HttpResponse> {
    Ok(pdf(registers::dossier(&app.db, &ctx, *id, query.copy).await?))
}

/// Draw the registers of all classes of a school in one run.
///
/// Answers at once; how far it is, is read at its address, and done it is one ZIP with a folder a class. It goes on where it was after the server was
/// stopped. What a class has not (certificates before the year is closed) is skipped with why.
#[utoipa::path(
    tag = "registers",
    params(("unit_id" = UnitId, Path)),
    request_body = PostRegisterRun,
    responses((status = 201, body = RegisterRun), Problems),
    security(("bearer" = ["result:read"]))
)]
#[post("/units/{unit_id}/register-runs")]
async fn start_register_run(
    ctx: Can<can::ResultRead>,
    app: App,
    school: Id<UnitId>,
    body: Valid<PostRegisterRun>,
) -> Answer<Created<RegisterRun>> {
    let begun = runs::start(&app.db, &ctx, *school, &body).await?;
    work::drive_register_run(app.db.clone(), *school, begun.id);
    Ok(Created(begun))
}

/// List the last runs of a school's registers, newest first.
#[utoipa::path(
    tag = "registers",
    params(("unit_id" = UnitId, Path)),
    responses((status = 200, body = Page<RegisterRun>), Problems),
    security(("bearer" = ["result:read"]))
)]
#[get("/units/{unit_id}/register-runs")]
async fn list_register_runs(ctx: Can<can::ResultRead>, app: App, school: Id<UnitId>) -> Answer<Found<Page<RegisterRun>>> {
    Ok(Found(runs::list(&app.db, &ctx, *school).await?))
}

/// How far a run of a school's registers is, and what could not be drawn.
#[utoipa::path(
    tag = "registers",
    params(("unit_id" = UnitId, Path), ("run_id" = RegisterRunId, Path)),
    responses((status = 200, body = RegisterRun), Problems),
    security(("bearer" = ["result:read"]))
)]
#[get("/units/{unit_id}/register-runs/{run_id}")]
async fn get_register_run(
    ctx: Can<can::ResultRead>,
    app: App,
    path: Path<(UnitId, RegisterRunId)>,
) -> Answer<Found<RegisterRun>> {
    Ok(Found(runs::get(&app.db, &ctx, path.0.0, path.0.1).await?))
}

/// Download the registers of a run that is done, as one ZIP.
#[utoipa::path(
    tag = "registers",
    params(("unit_id" = UnitId, Path), ("run_id" = RegisterRunId, Path)),
    responses((status = 200, description = "The file.", body = Vec<u8>, content_type = "application/zip"), Problems),
    security(("bearer" = ["result:read"]))
)]
#[get("/units/{unit_id}/register-runs/{run_id}/file")]
async fn fetch_register_run(ctx: Can<can::ResultRead>, app: App, path: Path<(UnitId, RegisterRunId)>) -> Answer<HttpResponse> {
    let file = runs::archive(&app.db, &ctx, path.0.0, path.0.1).await?;
    Ok(answer::file("application/zip", Disposition::Attachment, &file.name, file.bytes))
}
