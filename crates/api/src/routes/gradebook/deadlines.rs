//! Deadlines of marks, asking to open what they locked, and who is late.

use crate::answer::{Answer, Created, Found, FoundVersion, Saved};
use crate::extract::{App, Can, Path, Valid, ValidQuery, Version, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{get, post, put};
use dto::calendar::Term;
use dto::deadlines::{
    DecideOpening, LateMarks, MarkDeadlines, MarkOpening, OpeningQuery, PostMarkOpening, PutMarkDeadlines, YearQuery,
};
use dto::page::PageQuery;
use dto::{ClassId, MarkOpeningId, Page, UnitId};
use gradebook::deadlines;

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(get_mark_deadlines)
        .service(put_mark_deadlines)
        .service(get_late_marks)
        .service(list_mark_openings)
        .service(decide_mark_opening)
        .service(list_sheet_openings)
        .service(post_mark_opening);
}

/// Read the marks deadlines of a school in a term.
///
/// The last day on which teachers may write each group of columns; a group without a day has no deadline.
#[utoipa::path(
    tag = "deadlines",
    params(("unit_id" = UnitId, Path), ("term" = Term, Path), YearQuery),
    responses((status = 200, body = MarkDeadlines), Problems),
    security(("bearer" = ["mark:read"]))
)]
#[get("/units/{unit_id}/terms/{term}/mark-deadlines")]
async fn get_mark_deadlines(
    ctx: Can<can::MarkRead>,
    app: App,
    path: Path<(UnitId, Term)>,
    query: ValidQuery<YearQuery>,
) -> Answer<FoundVersion<MarkDeadlines>> {
    let (school, term) = *path;
    let found = deadlines::get(&app.db, &ctx, school, term, query.school_year_id).await?;
    let version = found.version;
    Ok(FoundVersion(found, version))
}

/// Set the marks deadlines of a school in a term.
///
/// After the day the cells are locked for teachers (`marks_locked`), until somebody opens them again. A day in the past locks at
/// once; putting a day off opens. `If-Match` is the version of what was read, 0 while none were set.
#[utoipa::path(
    tag = "deadlines",
    params(("unit_id" = UnitId, Path), ("term" = Term, Path), YearQuery, ("If-Match" = String, Header, description = "The version that was read.")),
    request_body = PutMarkDeadlines,
    responses((status = 200, body = MarkDeadlines), Problems),
    security(("bearer" = ["deadline:write"]))
)]
#[put("/units/{unit_id}/terms/{term}/mark-deadlines")]
async fn put_mark_deadlines(
    ctx: Can<can::DeadlineWrite>,
    app: App,
    path: Path<(UnitId, Term)>,
    query: ValidQuery<YearQuery>,
    version: Version,
    body: Valid<PutMarkDeadlines>,
) -> Answer<Saved<MarkDeadlines>> {
    let (school, term) = *path;
    let saved = deadlines::put(&app.db, &ctx, school, term, query.school_year_id, *version, &body).await?;
    let version = saved.version;
    Ok(Saved(saved, version))
}

/// List who is late with marks.
///
/// What was due before today in this school and term, is not there and was not opened again: by teacher, most first, with class,
/// subject and count. Empty where the school has set no deadline.
#[utoipa::path(
    tag = "deadlines",
    params(("unit_id" = UnitId, Path), ("term" = Term, Path), YearQuery),
    responses((status = 200, body = LateMarks), Problems),
    security(("bearer" = ["mark:read"]))
)]
#[get("/units/{unit_id}/terms/{term}/late-marks")]
async fn get_late_marks(
    ctx: Can<can::MarkRead>,
    app: App,
    path: Path<(UnitId, Term)>,
    query: ValidQuery<YearQuery>,
) -> Answer<Found<LateMarks>> {
    let (school, term) = *path;
    Ok(Found(deadlines::late(&app.db, &ctx, school, term, query.school_year_id).await?))
}

/// List a school's requests to open marks, newest first.
#[utoipa::path(
    tag = "deadlines",
    params(("unit_id" = UnitId, Path), OpeningQuery, PageQuery),
    responses((status = 200, body = Page<MarkOpening>), Problems),
    security(("bearer" = ["mark:read"]))
)]
#[get("/units/{unit_id}/mark-openings")]
async fn list_mark_openings(
    ctx: Can<can::MarkRead>,
    app: App,
    school: Path<UnitId>,
    query: ValidQuery<OpeningQuery>,
    page: ValidQuery<PageQuery>,
) -> Answer<Found<Page<MarkOpening>>> {
    Ok(Found(deadlines::openings(&app.db, &ctx, *school, query.state, &page).await?))
}

/// Answer a request to open marks.
///
/// Approved, the columns are open until the end of the day given; refused, they stay locked. Once: `opening_decided`.
#[utoipa::path(
    tag = "deadlines",
    params(("unit_id" = UnitId, Path), ("opening_id" = MarkOpeningId, Path), ("If-Match" = String, Header, description = "The version that was read.")),
    request_body = DecideOpening,
    responses((status = 200, body = MarkOpening), Problems),
    security(("bearer" = ["deadline:write"]))
)]
#[put("/units/{unit_id}/mark-openings/{opening_id}/decision")]
async fn decide_mark_opening(
    ctx: Can<can::DeadlineWrite>,
    app: App,
    path: Path<(UnitId, MarkOpeningId)>,
    version: Version,
    body: Valid<DecideOpening>,
) -> Answer<Saved<MarkOpening>> {
    let (school, opening) = *path;
    let saved = deadlines::decide(&app.db, &ctx, school, opening, *version, &body).await?;
    let version = saved.version;
    Ok(Saved(saved, version))
}

/// List the requests to open one mark sheet, newest first.
#[utoipa::path(
    tag = "deadlines",
    params(("class_id" = ClassId, Path), ("subject_code" = String, Path), ("term" = Term, Path)),
    responses((status = 200, body = Page<MarkOpening>), Problems),
    security(("bearer" = ["mark:read"]))
)]
#[get("/classes/{class_id}/subjects/{subject_code}/terms/{term}/mark-openings")]
async fn list_sheet_openings(
    ctx: Can<can::MarkRead>,
    app: App,
    path: Path<(ClassId, String, Term)>,
) -> Answer<Found<Page<MarkOpening>>> {
    let (class, subject, term) = &*path;
    Ok(Found(deadlines::of_section(&app.db, &ctx, *class, subject, *term).await?))
}

/// Ask to open locked columns of a mark sheet.
///
/// With a reason, for principal or deputy to answer. Refused with `marks_not_locked` where there is nothing to open, and with
/// `opening_pending` where one of the columns has been asked for already.
#[utoipa::path(
    tag = "deadlines",
    params(("class_id" = ClassId, Path), ("subject_code" = String, Path), ("term" = Term, Path)),
    request_body = PostMarkOpening,
    responses((status = 201, body = MarkOpening), Problems),
    security(("bearer" = ["mark:write"]))
)]
#[post("/classes/{class_id}/subjects/{subject_code}/terms/{term}/mark-openings")]
async fn post_mark_opening(
    ctx: Can<can::MarkWrite>,
    app: App,
    path: Path<(ClassId, String, Term)>,
    body: Valid<PostMarkOpening>,
) -> Answer<Created<MarkOpening>> {
    let (class, subject, term) = &*path;
    Ok(Created(deadlines::request(&app.db, &ctx, *class, subject, *term, &body).await?))
}
