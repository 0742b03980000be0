//! Registers of a class as PDF files.

use crate::answer::{self, Answer, Disposition};
use crate::extract::{App, Can, Id, Path, ValidQuery, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{HttpResponse, get};
use dto::gradebook::ReportQuery;
use dto::registers::{AdmissionsQuery, CopyQuery, RegisterForm, RegisterQuery};
use dto::{ClassId, LearnerId, UnitId};
use gradebook::registers::{self, File};

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(get_register)
        .service(get_subject_register)
        .service(get_child_slip)
        .service(get_class_list)
        .service(get_admissions)
        .service(get_learner_file);
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
