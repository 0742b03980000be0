//! Whole years at former schools.

use crate::answer::{Answer, Created, Disposition, Done, Found, Saved, file};
use crate::extract::{App, Can, FileBody, Id, Path, Valid, Version, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{HttpResponse, delete, get, post, put};
use dto::former_years::{FormerYear, FormerYears, PutFormerYear};
use dto::{ClassId, LearnerId};
use gradebook::former::years;

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(list_former_years)
        .service(take_former_year)
        .service(put_former_year)
        .service(remove_former_year)
        .service(get_former_year_file);
}

/// List the school years that learners of a class spent at schools outside of these records.
#[utoipa::path(
    tag = "transcripts",
    params(("class_id" = ClassId, Path)),
    responses((status = 200, body = FormerYears), Problems),
    security(("bearer" = ["transcript:read"]))
)]
#[get("/classes/{class_id}/former-years")]
async fn list_former_years(ctx: Can<can::TranscriptRead>, app: App, id: Id<ClassId>) -> Answer<Found<FormerYears>> {
    Ok(Found(years::list(&app.db, &ctx, *id).await?))
}

/// Take a former year from a signed transcript of another installation.
///
/// The body is the file, XML or PDF. It is checked as `khue transcript verify` does, with the authorities that this server trusts, and
/// refused with everything that is wrong with it; it has to be of this learner, by personal ID, else by name and day of birth. Its
/// results cannot be changed afterwards; subjects are found in the programme by code, else by name, and what is left is mapped with
/// PUT. A year that was typed, or taken from another file, gives way.
#[utoipa::path(
    tag = "transcripts",
    params(("class_id" = ClassId, Path), ("learner_id" = LearnerId, Path)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The transcript, at most 4 MB"),
    responses((status = 201, body = FormerYear), Problems),
    security(("bearer" = ["transcript:prepare"]))
)]
#[post("/classes/{class_id}/former-years/{learner_id}")]
async fn take_former_year(
    ctx: Can<can::TranscriptPrepare>,
    app: App,
    path: Path<(ClassId, LearnerId)>,
    file: FileBody,
) -> Answer<Created<FormerYear>> {
    let (class, learner) = *path;
    let (trust, now) = (app.signing.checks()?, kernel::clock::now());
    Ok(Created(years::take(&app.db, &ctx, class, learner, file.0.into(), trust, now).await?))
}

/// Record a former year from a paper transcript, or say which subjects a signed one's results belong to.
///
/// `If-Match` is the version of what was read, 0 while nothing is recorded. Of a signed year everything but `subject_code` has to be
/// as it was read.
#[utoipa::path(
    tag = "transcripts",
    params(
        ("class_id" = ClassId, Path), ("learner_id" = LearnerId, Path), ("school_year" = String, Path, description = "2025-2026"),
        ("If-Match" = String, Header, description = "The version that was read."),
    ),
    request_body = PutFormerYear,
    responses((status = 200, body = FormerYear), Problems),
    security(("bearer" = ["transcript:prepare"]))
)]
#[put("/classes/{class_id}/former-years/{learner_id}/{school_year}")]
async fn put_former_year(
    ctx: Can<can::TranscriptPrepare>,
    app: App,
    path: Path<(ClassId, LearnerId, String)>,
    version: Version,
    body: Valid<PutFormerYear>,
) -> Answer<Saved<FormerYear>> {
    let (class, learner, year) = &*path;
    let saved = years::put(&app.db, &ctx, *class, *learner, year, *version, &body).await?;
    let version = saved.version;
    Ok(Saved(saved, version))
}

/// Take a former year away, with its file; the log keeps what it said.
#[utoipa::path(
    tag = "transcripts",
    params(("class_id" = ClassId, Path), ("learner_id" = LearnerId, Path), ("school_year" = String, Path, description = "2025-2026")),
    responses((status = 204), Problems),
    security(("bearer" = ["transcript:prepare"]))
)]
#[delete("/classes/{class_id}/former-years/{learner_id}/{school_year}")]
async fn remove_former_year(
    ctx: Can<can::TranscriptPrepare>,
    app: App,
    path: Path<(ClassId, LearnerId, String)>,
) -> Answer<Done> {
    let (class, learner, year) = &*path;
    years::remove(&app.db, &ctx, *class, *learner, year).await?;
    Ok(Done)
}

/// The signed file that a former year was taken from, byte for byte as it came.
#[utoipa::path(
    tag = "transcripts",
    params(("class_id" = ClassId, Path), ("learner_id" = LearnerId, Path), ("school_year" = String, Path, description = "2025-2026")),
    responses(
        (status = 200, description = "The transcript, XML or PDF.", body = Vec<u8>, content_type = "application/octet-stream"),
        Problems,
    ),
    security(("bearer" = ["transcript:read"]))
)]
#[get("/classes/{class_id}/former-years/{learner_id}/{school_year}/file")]
async fn get_former_year_file(
    ctx: Can<can::TranscriptRead>,
    app: App,
    path: Path<(ClassId, LearnerId, String)>,
) -> Answer<HttpResponse> {
    let (class, learner, year) = &*path;
    let (form, bytes) = years::file(&app.db, &ctx, *class, *learner, year).await?;
    Ok(file("application/octet-stream", Disposition::Attachment, &format!("hoc-ba-{year}.{form}"), bytes))
}
