//! What a class studies, who teaches it, and who takes the chosen subjects.

use crate::answer::{Answer, Changed, Found};
use crate::extract::{App, Can, Id, Path, Valid, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{get, put};
use dto::classes::{ClassSubject, PutClassSubjects, PutSubjectEnrolments};
use dto::{ClassId, LearnerId, Page};

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(list_class_subjects)
        .service(put_class_subjects)
        .service(list_subject_learners)
        .service(put_subject_learners)
        .service(list_topic_learners)
        .service(put_topic_learners);
}

/// List the subjects of a class with their teachers.
#[utoipa::path(
    tag = "classes",
    params(("class_id" = ClassId, Path)),
    responses((status = 200, body = Page<ClassSubject>), Problems),
    security(("bearer" = ["class:read"]))
)]
#[get("/classes/{class_id}/subjects")]
async fn list_class_subjects(ctx: Can<can::ClassRead>, app: App, id: Id<ClassId>) -> Answer<Found<Page<ClassSubject>>> {
    Ok(Found(records::classes::subjects(&app.db, &ctx, *id).await?))
}

/// Replace the subjects of a class and their teachers.
///
/// Who is taken off has taught until today; who is added teaches from today on. Marks are never removed by it.
#[utoipa::path(
    tag = "classes",
    params(("class_id" = ClassId, Path)),
    request_body = PutClassSubjects,
    responses((status = 200, body = Page<ClassSubject>), Problems),
    security(("bearer" = ["assignment:write"]))
)]
#[put("/classes/{class_id}/subjects")]
async fn put_class_subjects(
    ctx: Can<can::AssignmentWrite>,
    app: App,
    id: Id<ClassId>,
    body: Valid<PutClassSubjects>,
) -> Answer<Changed<Page<ClassSubject>>> {
    Ok(Changed(records::classes::put_subjects(&app.db, &ctx, *id, &body).await?))
}

/// List who takes a subject of a class.
#[utoipa::path(
    tag = "classes",
    params(("class_id" = ClassId, Path), ("subject_code" = String, Path)),
    responses((status = 200, body = Page<LearnerId>), Problems),
    security(("bearer" = ["class:read"]))
)]
#[get("/classes/{class_id}/subjects/{subject_code}/learners")]
async fn list_subject_learners(
    ctx: Can<can::ClassRead>,
    app: App,
    path: Path<(ClassId, String)>,
) -> Answer<Found<Page<LearnerId>>> {
    Ok(Found(records::classes::subject_learners(&app.db, &ctx, path.0.0, &path.0.1).await?))
}

/// Replace who takes a chosen subject (grades 10-12).
#[utoipa::path(
    tag = "classes",
    params(("class_id" = ClassId, Path), ("subject_code" = String, Path)),
    request_body = PutSubjectEnrolments,
    responses((status = 200, body = Page<LearnerId>), Problems),
    security(("bearer" = ["class:write"]))
)]
#[put("/classes/{class_id}/subjects/{subject_code}/learners")]
async fn put_subject_learners(
    ctx: Can<can::ClassWrite>,
    app: App,
    path: Path<(ClassId, String)>,
    body: Valid<PutSubjectEnrolments>,
) -> Answer<Changed<Page<LearnerId>>> {
    Ok(Changed(records::classes::put_subject_learners(&app.db, &ctx, path.0.0, &path.0.1, &body).await?))
}

/// List who takes the specialised topics of a subject (grades 10-12).
///
/// Empty while nobody has been named: then whoever has a mark of them takes them, and nobody is asked for one.
#[utoipa::path(
    tag = "classes",
    params(("class_id" = ClassId, Path), ("subject_code" = String, Path)),
    responses((status = 200, body = Page<LearnerId>), Problems),
    security(("bearer" = ["class:read"]))
)]
#[get("/classes/{class_id}/subjects/{subject_code}/topic-learners")]
async fn list_topic_learners(
    ctx: Can<can::ClassRead>,
    app: App,
    path: Path<(ClassId, String)>,
) -> Answer<Found<Page<LearnerId>>> {
    Ok(Found(records::classes::topic_learners(&app.db, &ctx, path.0.0, &path.0.1).await?))
}

/// Replace who takes the specialised topics of a subject (grades 10-12).
///
/// Of who is named a mark of them is asked before the second term closes; of the others none is taken.
#[utoipa::path(
    tag = "classes",
    params(("class_id" = ClassId, Path), ("subject_code" = String, Path)),
    request_body = PutSubjectEnrolments,
    responses((status = 200, body = Page<LearnerId>), Problems),
    security(("bearer" = ["class:write"]))
)]
#[put("/classes/{class_id}/subjects/{subject_code}/topic-learners")]
async fn put_topic_learners(
    ctx: Can<can::ClassWrite>,
    app: App,
    path: Path<(ClassId, String)>,
    body: Valid<PutSubjectEnrolments>,
) -> Answer<Changed<Page<LearnerId>>> {
    Ok(Changed(records::classes::put_topic_learners(&app.db, &ctx, path.0.0, &path.0.1, &body).await?))
}
