//! What guardians and learners see.

use crate::answer::{Answer, Found};
use crate::extract::{App, Can, Id, ValidQuery, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::get;
use dto::gradebook::{Child, LearnerReport, ReportQuery};
use dto::{LearnerId, Page};

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(list_children).service(get_child_report);
}

/// List one's children.
///
/// A guardian's children in any school; for a learner, themself.
#[utoipa::path(tag = "family", responses((status = 200, body = Page<Child>), Problems), security(("bearer" = ["family:read"])))]
#[get("/me/children")]
async fn list_children(ctx: Can<can::FamilyRead>, app: App) -> Answer<Found<Page<Child>>> {
    Ok(Found(records::family::children(&app.db, &ctx).await?))
}

/// Read a child's report of a school year.
///
/// Marks as they stand, and each result that has been closed, with its reasons. No rank, no class average, and nothing of another
/// child (TT 15/2026 Đ.22 k.2).
#[utoipa::path(
    tag = "family",
    params(("learner_id" = LearnerId, Path), ReportQuery),
    responses((status = 200, body = LearnerReport), Problems),
    security(("bearer" = ["family:read"]))
)]
#[get("/me/children/{learner_id}/report")]
async fn get_child_report(
    ctx: Can<can::FamilyRead>,
    app: App,
    id: Id<LearnerId>,
    query: ValidQuery<ReportQuery>,
) -> Answer<Found<LearnerReport>> {
    Ok(Found(gradebook::family::report(&app.db, &ctx, *id, query.school_year_id).await?))
}
