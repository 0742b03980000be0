//! Absences by date, and evidence for conduct.

use crate::answer::{Answer, Changed, Created, Done, Found};
use crate::extract::{App, Can, Path, Valid, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{delete, get, post, put};
use dto::calendar::Term;
use dto::council::{AbsenceSheet, AbsencesSaved, ConductNote, PostConductNote, PutAbsences};
use dto::{ClassId, ConductNoteId, Page};

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(get_absences).service(put_absences);
    cfg.service(list_conduct_notes).service(create_conduct_note).service(remove_conduct_note);
}

/// Read the absences of a class in a term, by date (TT 22/2021 Đ.12 k.1c).
#[utoipa::path(
    tag = "conduct",
    params(("class_id" = ClassId, Path), ("term" = Term, Path)),
    responses((status = 200, body = AbsenceSheet), Problems),
    security(("bearer" = ["mark:read"]))
)]
#[get("/classes/{class_id}/terms/{term}/absences")]
async fn get_absences(ctx: Can<can::MarkRead>, app: App, path: Path<(ClassId, Term)>) -> Answer<Found<AbsenceSheet>> {
    let (class, term) = *path;
    Ok(Found(gradebook::absences::sheet(&app.db, &ctx, class, term).await?))
}

/// Save absences by date.
///
/// Each entry carries the version that its writer saw; conflicts come back entry by entry with what stands there, the rest is saved.
#[utoipa::path(
    tag = "conduct",
    params(("class_id" = ClassId, Path), ("term" = Term, Path)),
    request_body = PutAbsences,
    responses((status = 200, body = AbsencesSaved), Problems),
    security(("bearer" = ["conduct:write"]))
)]
#[put("/classes/{class_id}/terms/{term}/absences")]
async fn put_absences(
    ctx: Can<can::ConductWrite>,
    app: App,
    path: Path<(ClassId, Term)>,
    body: Valid<PutAbsences>,
) -> Answer<Changed<AbsencesSaved>> {
    let (class, term) = *path;
    Ok(Changed(gradebook::absences::put(&app.db, &ctx, class, term, &body).await?))
}

/// List the evidence for conduct of a class in a term, newest first.
#[utoipa::path(
    tag = "conduct",
    params(("class_id" = ClassId, Path), ("term" = Term, Path)),
    responses((status = 200, body = Page<ConductNote>), Problems),
    security(("bearer" = ["mark:read"]))
)]
#[get("/classes/{class_id}/terms/{term}/conduct-notes")]
async fn list_conduct_notes(ctx: Can<can::MarkRead>, app: App, path: Path<(ClassId, Term)>) -> Answer<Found<Page<ConductNote>>> {
    let (class, term) = *path;
    Ok(Found(gradebook::notes::list(&app.db, &ctx, class, term).await?))
}

/// Write a note on a learner's conduct.
#[utoipa::path(
    tag = "conduct",
    params(("class_id" = ClassId, Path), ("term" = Term, Path)),
    request_body = PostConductNote,
    responses((status = 201, body = ConductNote), Problems),
    security(("bearer" = ["conduct:write"]))
)]
#[post("/classes/{class_id}/terms/{term}/conduct-notes")]
async fn create_conduct_note(
    ctx: Can<can::ConductWrite>,
    app: App,
    path: Path<(ClassId, Term)>,
    body: Valid<PostConductNote>,
) -> Answer<Created<ConductNote>> {
    let (class, term) = *path;
    Ok(Created(gradebook::notes::create(&app.db, &ctx, class, term, &body).await?))
}

/// Take a note away; the log keeps it.
#[utoipa::path(
    tag = "conduct",
    params(("class_id" = ClassId, Path), ("term" = Term, Path), ("note_id" = ConductNoteId, Path)),
    responses((status = 204), Problems),
    security(("bearer" = ["conduct:write"]))
)]
#[delete("/classes/{class_id}/terms/{term}/conduct-notes/{note_id}")]
async fn remove_conduct_note(ctx: Can<can::ConductWrite>, app: App, path: Path<(ClassId, Term, ConductNoteId)>) -> Answer<Done> {
    let (class, term, note) = *path;
    gradebook::notes::remove(&app.db, &ctx, class, term, note).await?;
    Ok(Done)
}
