//! Training courses.

use crate::answer::{Answer, CreatedVersion, Found, FoundVersion, Saved};
use crate::extract::{App, Can, Id, Valid, ValidQuery, Version, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{get, post, put};
use dto::page::PageQuery;
use dto::trainings::{PostCertificates, PutAttendance, PutTraining, RevokeCertificates, Training, TrainingItem, TrainingQuery};
use dto::{Page, TrainingId};
use records::trainings;

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(list_trainings)
        .service(create_training)
        .service(get_training)
        .service(put_training)
        .service(put_training_attendance)
        .service(certify_training)
        .service(revoke_training_certificates);
}

fn saved(training: Training) -> Saved<Training> {
    let version = training.version;
    Saved(training, version)
}

/// List training courses, the latest first: of units in reach, and those in which their people take part.
#[utoipa::path(
    tag = "staff",
    params(TrainingQuery, PageQuery),
    responses((status = 200, body = Page<TrainingItem>), Problems),
    security(("bearer" = ["staff:read"]))
)]
#[get("/trainings")]
async fn list_trainings(
    ctx: Can<can::StaffRead>,
    app: App,
    query: ValidQuery<TrainingQuery>,
    page: ValidQuery<PageQuery>,
) -> Answer<Found<Page<TrainingItem>>> {
    Ok(Found(trainings::list(&app.db, &ctx, &query, &page).await?))
}

/// Plan a training course.
#[utoipa::path(
    tag = "staff",
    request_body = PutTraining,
    responses((status = 201, body = Training), Problems),
    security(("bearer" = ["training:write"]))
)]
#[post("/trainings")]
async fn create_training(ctx: Can<can::TrainingWrite>, app: App, body: Valid<PutTraining>) -> Answer<CreatedVersion<Training>> {
    let training = trainings::create(&app.db, &ctx, &body).await?;
    let version = training.version;
    Ok(CreatedVersion(training, version))
}

/// Read a training course with those who take part, as far as the caller reaches them.
#[utoipa::path(
    tag = "staff",
    params(("training_id" = TrainingId, Path)),
    responses((status = 200, body = Training), Problems),
    security(("bearer" = ["staff:read"]))
)]
#[get("/trainings/{training_id}")]
async fn get_training(ctx: Can<can::StaffRead>, app: App, id: Id<TrainingId>) -> Answer<FoundVersion<Training>> {
    let training = trainings::get(&app.db, &ctx, *id).await?;
    let version = training.version;
    Ok(FoundVersion(training, version))
}

/// Change a training course.
#[utoipa::path(
    tag = "staff",
    params(("training_id" = TrainingId, Path), ("If-Match" = String, Header, description = "The version that was read.")),
    request_body = PutTraining,
    responses((status = 200, body = Training), Problems),
    security(("bearer" = ["training:write"]))
)]
#[put("/trainings/{training_id}")]
async fn put_training(
    ctx: Can<can::TrainingWrite>,
    app: App,
    id: Id<TrainingId>,
    version: Version,
    body: Valid<PutTraining>,
) -> Answer<Saved<Training>> {
    Ok(saved(trainings::put(&app.db, &ctx, *id, *version, &body).await?))
}

/// Write who takes part and how many hours each was there.
#[utoipa::path(
    tag = "staff",
    params(("training_id" = TrainingId, Path), ("If-Match" = String, Header, description = "The version that was read.")),
    request_body = PutAttendance,
    responses((status = 200, body = Training), Problems),
    security(("bearer" = ["training:write"]))
)]
#[put("/trainings/{training_id}/attendance")]
async fn put_training_attendance(
    ctx: Can<can::TrainingWrite>,
    app: App,
    id: Id<TrainingId>,
    version: Version,
    body: Valid<PutAttendance>,
) -> Answer<Saved<Training>> {
    Ok(saved(trainings::put_attendance(&app.db, &ctx, *id, *version, &body).await?))
}

/// Give certificates to all who came long enough, in one act; each goes into the record of the person.
#[utoipa::path(
    tag = "staff",
    params(("training_id" = TrainingId, Path), ("If-Match" = String, Header, description = "The version that was read.")),
    request_body = PostCertificates,
    responses((status = 200, body = Training), Problems),
    security(("bearer" = ["training:write"]))
)]
#[post("/trainings/{training_id}/certificates")]
async fn certify_training(
    ctx: Can<can::TrainingWrite>,
    app: App,
    id: Id<TrainingId>,
    version: Version,
    body: Valid<PostCertificates>,
) -> Answer<Saved<Training>> {
    Ok(saved(trainings::certify(&app.db, &ctx, *id, *version, &body).await?))
}

/// Take certificates back, of some or of all.
#[utoipa::path(
    tag = "staff",
    params(("training_id" = TrainingId, Path), ("If-Match" = String, Header, description = "The version that was read.")),
    request_body = RevokeCertificates,
    responses((status = 200, body = Training), Problems),
    security(("bearer" = ["training:write"]))
)]
#[post("/trainings/{training_id}/certificates/revocation")]
async fn revoke_training_certificates(
    ctx: Can<can::TrainingWrite>,
    app: App,
    id: Id<TrainingId>,
    version: Version,
    body: Valid<RevokeCertificates>,
) -> Answer<Saved<Training>> {
    Ok(saved(trainings::revoke(&app.db, &ctx, *id, *version, &body).await?))
}
