//! Learners and their statuses.

use crate::answer::{Answer, Created, CreatedVersion, Found, FoundVersion, Saved};
use crate::extract::{App, Can, Id, Valid, ValidQuery, Version, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{get, post, put};
use dto::learners::{Learner, LearnerDetail, LearnerItem, LearnerQuery, PostLearner, PostStatus, PutLearner};
use dto::page::PageQuery;
use dto::{LearnerId, Page};

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(list_learners).service(create_learner).service(get_learner).service(put_learner).service(add_status);
}

/// List or search learners.
///
/// In the order of a class list. Every word of `q` must be in the name, with or without marks; six or more digits find the
/// start of a personal ID or Ministry code. `grade` is that of the class of the current school year.
#[utoipa::path(
    tag = "learners",
    params(LearnerQuery, PageQuery),
    responses((status = 200, body = Page<LearnerItem>), Problems),
    security(("bearer" = ["learner:read"]))
)]
#[get("/learners")]
async fn list_learners(
    ctx: Can<can::LearnerRead>,
    app: App,
    query: ValidQuery<LearnerQuery>,
    page: ValidQuery<PageQuery>,
) -> Answer<Found<Page<LearnerItem>>> {
    Ok(Found(records::learners::list(&app.db, &ctx, &query, &page).await?))
}

/// Create a learner at a school.
#[utoipa::path(
    tag = "learners",
    request_body = PostLearner,
    responses((status = 201, body = Learner), Problems),
    security(("bearer" = ["learner:write"]))
)]
#[post("/learners")]
async fn create_learner(ctx: Can<can::LearnerWrite>, app: App, body: Valid<PostLearner>) -> Answer<CreatedVersion<Learner>> {
    let learner = records::learners::create(&app.db, &ctx, &body).await?;
    let version = learner.version;
    Ok(CreatedVersion(learner, version))
}

/// Read a learner.
///
/// With the history of statuses, classes, guardians, and what looks odd in the personal ID.
#[utoipa::path(
    tag = "learners",
    params(("learner_id" = LearnerId, Path)),
    responses((status = 200, body = LearnerDetail), Problems),
    security(("bearer" = ["learner:read"]))
)]
#[get("/learners/{learner_id}")]
async fn get_learner(ctx: Can<can::LearnerRead>, app: App, id: Id<LearnerId>) -> Answer<FoundVersion<LearnerDetail>> {
    let detail = records::learners::get(&app.db, &ctx, *id).await?;
    let version = detail.learner.version;
    Ok(FoundVersion(detail, version))
}

/// Change a learner's own data.
#[utoipa::path(
    tag = "learners",
    params(("learner_id" = LearnerId, Path), ("If-Match" = String, Header, description = "The version that was read.")),
    request_body = PutLearner,
    responses((status = 200, body = Learner), Problems),
    security(("bearer" = ["learner:write"]))
)]
#[put("/learners/{learner_id}")]
async fn put_learner(
    ctx: Can<can::LearnerWrite>,
    app: App,
    id: Id<LearnerId>,
    version: Version,
    body: Valid<PutLearner>,
) -> Answer<Saved<Learner>> {
    let learner = records::learners::put(&app.db, &ctx, *id, *version, &body).await?;
    let version = learner.version;
    Ok(Saved(learner, version))
}

/// Give a learner a new status from a day on.
///
/// Who leaves the school leaves the class that day.
#[utoipa::path(
    tag = "learners",
    params(("learner_id" = LearnerId, Path)),
    request_body = PostStatus,
    responses((status = 201, body = LearnerDetail), Problems),
    security(("bearer" = ["learner:write"]))
)]
#[post("/learners/{learner_id}/statuses")]
async fn add_status(
    ctx: Can<can::LearnerWrite>,
    app: App,
    id: Id<LearnerId>,
    body: Valid<PostStatus>,
) -> Answer<Created<LearnerDetail>> {
    Ok(Created(records::learners::add_status(&app.db, &ctx, *id, &body).await?))
}
