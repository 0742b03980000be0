//! Two records of one child.

use crate::answer::{Answer, Changed, Created, Done, Found};
use crate::extract::{App, Can, Id, Valid, ValidQuery, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{get, post};
use dto::one_record::{
    CompareQuery, DuplicateComparison, DuplicatePair, DuplicateQuery, LearnerMerge, PostDistinction, PostMerge, PostSplit,
};
use dto::page::PageQuery;
use dto::{LearnerMergeId, Page};

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(list_duplicates)
        .service(compare_learners)
        .service(distinguish_learners)
        .service(list_merges)
        .service(merge_learners)
        .service(split_learners);
}

/// List records that may be of one child.
///
/// Same folded name and birth date, and a record without a personal ID or a guardian in common. A pair is there where one of its
/// records is in the unit; of the other is told what an offer would tell.
#[utoipa::path(
    tag = "learners",
    params(DuplicateQuery, PageQuery),
    responses((status = 200, body = Page<DuplicatePair>), Problems),
    security(("bearer" = ["learner:merge"]))
)]
#[get("/learners/duplicates")]
async fn list_duplicates(
    ctx: Can<can::LearnerMerge>,
    app: App,
    query: ValidQuery<DuplicateQuery>,
    page: ValidQuery<PageQuery>,
) -> Answer<Found<Page<DuplicatePair>>> {
    Ok(Found(records::duplicates::list(&app.db, &ctx, &query, &page).await?))
}

/// Read two records side by side.
///
/// With how much hangs on each.
#[utoipa::path(
    tag = "learners",
    params(CompareQuery),
    responses((status = 200, body = DuplicateComparison), Problems),
    security(("bearer" = ["learner:merge"]))
)]
#[get("/learners/duplicates/comparison")]
async fn compare_learners(
    ctx: Can<can::LearnerMerge>,
    app: App,
    query: ValidQuery<CompareQuery>,
) -> Answer<Found<DuplicateComparison>> {
    Ok(Found(records::duplicates::compare(&app.db, &ctx, &query).await?))
}

/// Say that two who look like one child are two.
#[utoipa::path(
    tag = "learners",
    request_body = PostDistinction,
    responses((status = 204), Problems),
    security(("bearer" = ["learner:merge"]))
)]
#[post("/learners/distinctions")]
async fn distinguish_learners(ctx: Can<can::LearnerMerge>, app: App, body: Valid<PostDistinction>) -> Answer<Done> {
    records::duplicates::distinguish(&app.db, &ctx, &body).await?;
    Ok(Done)
}

/// List what was merged, the newest first.
#[utoipa::path(
    tag = "learners",
    params(PageQuery),
    responses((status = 200, body = Page<LearnerMerge>), Problems),
    security(("bearer" = ["learner:merge"]))
)]
#[get("/learners/merges")]
async fn list_merges(ctx: Can<can::LearnerMerge>, app: App, page: ValidQuery<PageQuery>) -> Answer<Found<Page<LearnerMerge>>> {
    Ok(Found(records::duplicates::merges(&app.db, &ctx, &page).await?))
}

/// Make one record of two.
///
/// Everything that hangs on the merged record moves to the kept one. Where both have something in one place, the kept record's stands.
/// It can be split again.
#[utoipa::path(
    tag = "learners",
    request_body = PostMerge,
    responses((status = 201, body = LearnerMerge), Problems),
    security(("bearer" = ["learner:merge"]))
)]
#[post("/learners/merges")]
async fn merge_learners(ctx: Can<can::LearnerMerge>, app: App, body: Valid<PostMerge>) -> Answer<Created<LearnerMerge>> {
    Ok(Created(records::duplicates::merge(&app.db, &ctx, app.keys.data(), &body).await?))
}

/// Split what was merged wrongly.
///
/// Every row that moved goes back. What was added since stays with the kept record.
#[utoipa::path(
    tag = "learners",
    params(("merge_id" = LearnerMergeId, Path)),
    request_body = PostSplit,
    responses((status = 200, body = LearnerMerge), Problems),
    security(("bearer" = ["learner:merge"]))
)]
#[post("/learners/merges/{merge_id}/split")]
async fn split_learners(
    ctx: Can<can::LearnerMerge>,
    app: App,
    id: Id<LearnerMergeId>,
    body: Valid<PostSplit>,
) -> Answer<Changed<LearnerMerge>> {
    Ok(Changed(records::duplicates::split(&app.db, &ctx, app.keys.data(), *id, &body).await?))
}
