//! The summer, the council of a class, and the closing of its year.

use crate::answer::{Answer, Changed, Found, FoundVersion, Saved};
use crate::extract::{App, Can, Id, Path, Valid, Version, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{get, post, put};
use dto::council::{Council, PutMinutes, PutOverride, PutSummer, ReopenYear, SummerChange, SummerSaved, SummerSheet};
use dto::{ClassId, LearnerId, Page};

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(get_summer).service(put_summer).service(get_summer_history);
    cfg.service(get_council).service(put_council_minutes).service(put_council_decision).service(approve_council_decision);
    cfg.service(close_year).service(reopen_year);
}

/// Read who of a class is to be re-assessed or trained in the summer (TT 22/2021 Đ.13, Đ.14), and what came of it.
#[utoipa::path(
    tag = "council",
    params(("class_id" = ClassId, Path)),
    responses((status = 200, body = SummerSheet), Problems),
    security(("bearer" = ["result:read"]))
)]
#[get("/classes/{class_id}/summer")]
async fn get_summer(ctx: Can<can::ResultRead>, app: App, id: Id<ClassId>) -> Answer<Found<SummerSheet>> {
    Ok(Found(gradebook::summer::sheet(&app.db, &ctx, *id).await?))
}

/// Save results of the summer.
///
/// Each item carries the version that its writer saw; conflicts come back item by item with what stands there, the rest is saved.
#[utoipa::path(
    tag = "council",
    params(("class_id" = ClassId, Path)),
    request_body = PutSummer,
    responses((status = 200, body = SummerSaved), Problems),
    security(("bearer" = ["council:write"]))
)]
#[put("/classes/{class_id}/summer")]
async fn put_summer(
    ctx: Can<can::CouncilWrite>,
    app: App,
    id: Id<ClassId>,
    body: Valid<PutSummer>,
) -> Answer<Changed<SummerSaved>> {
    Ok(Changed(gradebook::summer::put(&app.db, &ctx, *id, &body).await?))
}

/// Read all writes of a learner's summer, newest first.
#[utoipa::path(
    tag = "council",
    params(("class_id" = ClassId, Path), ("learner_id" = LearnerId, Path)),
    responses((status = 200, body = Page<SummerChange>), Problems),
    security(("bearer" = ["result:read"]))
)]
#[get("/classes/{class_id}/summer/{learner_id}/history")]
async fn get_summer_history(
    ctx: Can<can::ResultRead>,
    app: App,
    path: Path<(ClassId, LearnerId)>,
) -> Answer<Found<Page<SummerChange>>> {
    let (class, learner) = *path;
    Ok(Found(gradebook::summer::history(&app.db, &ctx, class, learner).await?))
}

/// Read the council of a class.
///
/// What the regulation proposes for each learner, with what the summer made of it, what was decided, and the minutes. While a term is
/// open it shows how things stand; of a closed year what was frozen.
#[utoipa::path(
    tag = "council",
    params(("class_id" = ClassId, Path)),
    responses((status = 200, body = Council), Problems),
    security(("bearer" = ["result:read"]))
)]
#[get("/classes/{class_id}/council")]
async fn get_council(ctx: Can<can::ResultRead>, app: App, id: Id<ClassId>) -> Answer<FoundVersion<Council>> {
    let council = gradebook::council::get(&app.db, &ctx, *id).await?;
    let version = council.version;
    Ok(FoundVersion(council, version))
}

/// Keep the minutes of the council: who sat, when, and what was said.
#[utoipa::path(
    tag = "council",
    params(("class_id" = ClassId, Path), ("If-Match" = String, Header, description = "The version of the council that was read.")),
    request_body = PutMinutes,
    responses((status = 200, body = Council), Problems),
    security(("bearer" = ["council:write"]))
)]
#[put("/classes/{class_id}/council/minutes")]
async fn put_council_minutes(
    ctx: Can<can::CouncilWrite>,
    app: App,
    id: Id<ClassId>,
    version: Version,
    body: Valid<PutMinutes>,
) -> Answer<Saved<Council>> {
    let council = gradebook::council::put_minutes(&app.db, &ctx, *id, *version, &body).await?;
    let version = council.version;
    Ok(Saved(council, version))
}

/// Decide against the proposal for a learner, with a reason.
///
/// By whoever may close the year it is approved at once; else it waits for approval and counts for nothing until then. Without levels
/// and promotion it takes back what was decided. Not in a primary class (`decision_not_due`): there the principal decides of who was
/// assessed again.
#[utoipa::path(
    tag = "council",
    params(
        ("class_id" = ClassId, Path),
        ("learner_id" = LearnerId, Path),
        ("If-Match" = String, Header, description = "The version of the decision that was read; 0 where there was none.")
    ),
    request_body = PutOverride,
    responses((status = 200, body = Council), Problems),
    security(("bearer" = ["council:write"]))
)]
#[put("/classes/{class_id}/council/decisions/{learner_id}")]
async fn put_council_decision(
    ctx: Can<can::CouncilWrite>,
    app: App,
    path: Path<(ClassId, LearnerId)>,
    version: Version,
    body: Valid<PutOverride>,
) -> Answer<Changed<Council>> {
    let (class, learner) = *path;
    Ok(Changed(gradebook::council::put_override(&app.db, &ctx, class, learner, *version, &body).await?))
}

/// Approve a decision as it was seen.
#[utoipa::path(
    tag = "council",
    params(
        ("class_id" = ClassId, Path),
        ("learner_id" = LearnerId, Path),
        ("If-Match" = String, Header, description = "The version of the decision that was read.")
    ),
    responses((status = 200, body = Council), Problems),
    security(("bearer" = ["year:close"]))
)]
#[post("/classes/{class_id}/council/decisions/{learner_id}/approve")]
async fn approve_council_decision(
    ctx: Can<can::YearClose>,
    app: App,
    path: Path<(ClassId, LearnerId)>,
    version: Version,
) -> Answer<Changed<Council>> {
    let (class, learner) = *path;
    Ok(Changed(gradebook::council::approve(&app.db, &ctx, class, learner, *version).await?))
}

/// Close the year of a class.
///
/// Refused while a term is open, the minutes are missing (a primary class needs none), or a learner has no final result. Then every
/// decision is frozen with the regulation that made it.
#[utoipa::path(
    tag = "council",
    params(("class_id" = ClassId, Path)),
    responses((status = 200, body = Council), Problems),
    security(("bearer" = ["year:close"]))
)]
#[post("/classes/{class_id}/council/close")]
async fn close_year(ctx: Can<can::YearClose>, app: App, id: Id<ClassId>) -> Answer<Changed<Council>> {
    Ok(Changed(gradebook::council::close(&app.db, &ctx, *id).await?))
}

/// Open a closed year again.
///
/// With a reason that is kept. The frozen decisions go; the log keeps them.
#[utoipa::path(
    tag = "council",
    params(("class_id" = ClassId, Path)),
    request_body = ReopenYear,
    responses((status = 200, body = Council), Problems),
    security(("bearer" = ["year:close"]))
)]
#[post("/classes/{class_id}/council/reopen")]
async fn reopen_year(ctx: Can<can::YearClose>, app: App, id: Id<ClassId>, body: Valid<ReopenYear>) -> Answer<Changed<Council>> {
    Ok(Changed(gradebook::council::reopen(&app.db, &ctx, *id, &body).await?))
}
