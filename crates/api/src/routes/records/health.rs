//! School health: check rounds, health files, the first-aid log.

use crate::answer::{self, Answer, Changed, Created, CreatedVersion, Disposition, Done, Found, Saved};
use crate::extract::{App, Can, Id, Path, Valid, ValidQuery, Version, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{HttpResponse, delete, get, post, put};
use dto::health::{
    ChildHealth, ClassAlerts, ClassHealth, ClassHealthSaved, Condition, FirstAid, HealthOverview, HealthOverviewQuery,
    HealthRound, LearnerHealth, OpenedHealth, PostHealthRound, PostHealthView, PostVaccination, PutClassHealth, PutCondition,
    PutFirstAid, PutHealthRound, Vaccination,
};
use dto::page::PageQuery;
use dto::{ClassId, FirstAidId, HealthConditionId, HealthRoundId, LearnerId, Page, UnitId, VaccinationId};
use records::health;

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(list_health_rounds)
        .service(post_health_round)
        .service(put_health_round)
        .service(get_class_health)
        .service(put_class_health)
        .service(get_class_health_list)
        .service(get_health_overview)
        .service(get_learner_health)
        .service(post_health_view)
        .service(post_vaccination)
        .service(delete_vaccination)
        .service(post_condition)
        .service(put_condition)
        .service(list_first_aid)
        .service(post_first_aid)
        .service(put_first_aid)
        .service(post_health_alerts_view)
        .service(get_child_health);
}

/// List a school's rounds of health checks, newest first.
#[utoipa::path(
    tag = "health",
    params(("school_id" = UnitId, Path), PageQuery),
    responses((status = 200, body = Page<HealthRound>), Problems),
    security(("bearer" = ["health:read"]))
)]
#[get("/schools/{school_id}/health-rounds")]
async fn list_health_rounds(
    ctx: Can<can::HealthRead>,
    app: App,
    id: Id<UnitId>,
    page: ValidQuery<PageQuery>,
) -> Answer<Found<Page<HealthRound>>> {
    Ok(Found(health::rounds(&app.db, &ctx, *id, &page).await?))
}

/// Open a round of health checks (TTLT 13/2016; NĐ 165/2026 Đ.5 for the start of the year).
#[utoipa::path(
    tag = "health",
    params(("school_id" = UnitId, Path)),
    request_body = PostHealthRound,
    responses((status = 201, body = HealthRound), Problems),
    security(("bearer" = ["health:write"]))
)]
#[post("/schools/{school_id}/health-rounds")]
async fn post_health_round(
    ctx: Can<can::HealthWrite>,
    app: App,
    id: Id<UnitId>,
    body: Valid<PostHealthRound>,
) -> Answer<CreatedVersion<HealthRound>> {
    let made = health::create_round(&app.db, &ctx, *id, &body).await?;
    let version = made.version;
    Ok(CreatedVersion(made, version))
}

/// Change a round of health checks, or finish it.
#[utoipa::path(
    tag = "health",
    params(("round_id" = HealthRoundId, Path), ("If-Match" = String, Header, description = "The version that was read.")),
    request_body = PutHealthRound,
    responses((status = 200, body = HealthRound), Problems),
    security(("bearer" = ["health:write"]))
)]
#[put("/health-rounds/{round_id}")]
async fn put_health_round(
    ctx: Can<can::HealthWrite>,
    app: App,
    id: Id<HealthRoundId>,
    version: Version,
    body: Valid<PutHealthRound>,
) -> Answer<Saved<HealthRound>> {
    let saved = health::put_round(&app.db, &ctx, *id, *version, &body).await?;
    let version = saved.version;
    Ok(Saved(saved, version))
}

/// Read a class in a round of health checks.
///
/// Without what is sealed (mental health, notes): of that the sheet says only whether there is something.
#[utoipa::path(
    tag = "health",
    params(("round_id" = HealthRoundId, Path), ("class_id" = ClassId, Path)),
    responses((status = 200, body = ClassHealth), Problems),
    security(("bearer" = ["health:read"]))
)]
#[get("/health-rounds/{round_id}/classes/{class_id}")]
async fn get_class_health(
    ctx: Can<can::HealthRead>,
    app: App,
    path: Path<(HealthRoundId, ClassId)>,
) -> Answer<Found<ClassHealth>> {
    let (round, class) = *path;
    Ok(Found(health::sheet(&app.db, &ctx, round, class).await?))
}

/// Save what a round of health checks found in a class.
///
/// Each row carries the versions that its writer saw; conflicts come back row by row with what stands there, the rest is saved.
/// Weight and height go where the children's growth is kept.
#[utoipa::path(
    tag = "health",
    params(("round_id" = HealthRoundId, Path), ("class_id" = ClassId, Path)),
    request_body = PutClassHealth,
    responses((status = 200, body = ClassHealthSaved), Problems),
    security(("bearer" = ["health:write"]))
)]
#[put("/health-rounds/{round_id}/classes/{class_id}")]
async fn put_class_health(
    ctx: Can<can::HealthWrite>,
    app: App,
    path: Path<(HealthRoundId, ClassId)>,
    body: Valid<PutClassHealth>,
) -> Answer<Changed<ClassHealthSaved>> {
    let (round, class) = *path;
    Ok(Changed(health::put_sheet(&app.db, &ctx, app.keys.data(), round, class, &body).await?))
}

/// Draw what a round of health checks found in a class as PDF, without what is sealed.
#[utoipa::path(
    tag = "health",
    params(("round_id" = HealthRoundId, Path), ("class_id" = ClassId, Path)),
    responses((status = 200, description = "The file.", body = Vec<u8>, content_type = "application/pdf"), Problems),
    security(("bearer" = ["health:read"]))
)]
#[get("/health-rounds/{round_id}/classes/{class_id}/list")]
async fn get_class_health_list(
    ctx: Can<can::HealthRead>,
    app: App,
    path: Path<(HealthRoundId, ClassId)>,
) -> Answer<HttpResponse> {
    let (round, class) = *path;
    let file = documents::health::class_list(&app.db, &ctx, round, class).await?;
    Ok(answer::file("application/pdf", Disposition::Inline, &file.name, file.bytes))
}

/// Read the figures of a school's health work: counts, never a name.
#[utoipa::path(
    tag = "health",
    params(("school_id" = UnitId, Path), HealthOverviewQuery),
    responses((status = 200, body = HealthOverview), Problems),
    security(("bearer" = ["health:count"]))
)]
#[get("/schools/{school_id}/health-overview")]
async fn get_health_overview(
    ctx: Can<can::HealthCount>,
    app: App,
    id: Id<UnitId>,
    query: ValidQuery<HealthOverviewQuery>,
) -> Answer<Found<HealthOverview>> {
    Ok(Found(health::overview(&app.db, &ctx, *id, query.round_id).await?))
}

/// Read a learner's health file, without what is sealed.
#[utoipa::path(
    tag = "health",
    params(("learner_id" = LearnerId, Path)),
    responses((status = 200, body = LearnerHealth), Problems),
    security(("bearer" = ["health:read"]))
)]
#[get("/learners/{learner_id}/health")]
async fn get_learner_health(ctx: Can<can::HealthRead>, app: App, id: Id<LearnerId>) -> Answer<Found<LearnerHealth>> {
    Ok(Found(health::of_learner(&app.db, &ctx, *id).await?))
}

/// Open what is sealed of a learner's health file, for a purpose.
///
/// Each look is kept with its purpose, for the family to see, and in the log.
#[utoipa::path(
    tag = "health",
    params(("learner_id" = LearnerId, Path)),
    request_body = PostHealthView,
    responses((status = 200, body = OpenedHealth), Problems),
    security(("bearer" = ["health:open"]))
)]
#[post("/learners/{learner_id}/health/views")]
async fn post_health_view(
    ctx: Can<can::HealthOpen>,
    app: App,
    id: Id<LearnerId>,
    body: Valid<PostHealthView>,
) -> Answer<Changed<OpenedHealth>> {
    Ok(Changed(health::open(&app.db, &ctx, app.keys.data(), *id, &body).await?))
}

/// Keep a vaccination of a learner.
#[utoipa::path(
    tag = "health",
    params(("learner_id" = LearnerId, Path)),
    request_body = PostVaccination,
    responses((status = 201, body = Vaccination), Problems),
    security(("bearer" = ["health:write"]))
)]
#[post("/learners/{learner_id}/vaccinations")]
async fn post_vaccination(
    ctx: Can<can::HealthWrite>,
    app: App,
    id: Id<LearnerId>,
    body: Valid<PostVaccination>,
) -> Answer<Created<Vaccination>> {
    Ok(Created(health::add_vaccination(&app.db, &ctx, *id, &body).await?))
}

/// Take out a vaccination that was entered by mistake.
#[utoipa::path(
    tag = "health",
    params(("learner_id" = LearnerId, Path), ("vaccination_id" = VaccinationId, Path)),
    responses((status = 204), Problems),
    security(("bearer" = ["health:write"]))
)]
#[delete("/learners/{learner_id}/vaccinations/{vaccination_id}")]
async fn delete_vaccination(ctx: Can<can::HealthWrite>, app: App, path: Path<(LearnerId, VaccinationId)>) -> Answer<Done> {
    let (learner, vaccination) = *path;
    health::remove_vaccination(&app.db, &ctx, learner, vaccination).await?;
    Ok(Done)
}

/// Keep a condition of a learner; its words are sealed.
#[utoipa::path(
    tag = "health",
    params(("learner_id" = LearnerId, Path)),
    request_body = PutCondition,
    responses((status = 201, body = Condition), Problems),
    security(("bearer" = ["health:write"]))
)]
#[post("/learners/{learner_id}/conditions")]
async fn post_condition(
    ctx: Can<can::HealthWrite>,
    app: App,
    id: Id<LearnerId>,
    body: Valid<PutCondition>,
) -> Answer<CreatedVersion<Condition>> {
    let made = health::add_condition(&app.db, &ctx, app.keys.data(), *id, &body).await?;
    let version = made.version;
    Ok(CreatedVersion(made, version))
}

/// Change a condition of a learner.
#[utoipa::path(
    tag = "health",
    params(
        ("learner_id" = LearnerId, Path), ("condition_id" = HealthConditionId, Path),
        ("If-Match" = String, Header, description = "The version that was read."),
    ),
    request_body = PutCondition,
    responses((status = 200, body = Condition), Problems),
    security(("bearer" = ["health:write"]))
)]
#[put("/learners/{learner_id}/conditions/{condition_id}")]
async fn put_condition(
    ctx: Can<can::HealthWrite>,
    app: App,
    path: Path<(LearnerId, HealthConditionId)>,
    version: Version,
    body: Valid<PutCondition>,
) -> Answer<Saved<Condition>> {
    let saved = health::put_condition(&app.db, &ctx, app.keys.data(), *path, *version, &body).await?;
    let version = saved.version;
    Ok(Saved(saved, version))
}

/// List a school's first-aid log, without what happened.
#[utoipa::path(
    tag = "health",
    params(("school_id" = UnitId, Path), PageQuery),
    responses((status = 200, body = Page<FirstAid>), Problems),
    security(("bearer" = ["health:read"]))
)]
#[get("/schools/{school_id}/first-aid")]
async fn list_first_aid(
    ctx: Can<can::HealthRead>,
    app: App,
    id: Id<UnitId>,
    page: ValidQuery<PageQuery>,
) -> Answer<Found<Page<FirstAid>>> {
    Ok(Found(health::first_aid(&app.db, &ctx, *id, &page).await?))
}

/// Enter first aid or a referral of a learner; what happened is sealed.
#[utoipa::path(
    tag = "health",
    params(("learner_id" = LearnerId, Path)),
    request_body = PutFirstAid,
    responses((status = 201, body = FirstAid), Problems),
    security(("bearer" = ["health:write"]))
)]
#[post("/learners/{learner_id}/first-aid")]
async fn post_first_aid(
    ctx: Can<can::HealthWrite>,
    app: App,
    id: Id<LearnerId>,
    body: Valid<PutFirstAid>,
) -> Answer<CreatedVersion<FirstAid>> {
    let made = health::add_first_aid(&app.db, &ctx, app.keys.data(), *id, &body).await?;
    let version = made.version;
    Ok(CreatedVersion(made, version))
}

/// Change an entry of the first-aid log, as when the family has been told.
#[utoipa::path(
    tag = "health",
    params(("first_aid_id" = FirstAidId, Path), ("If-Match" = String, Header, description = "The version that was read.")),
    request_body = PutFirstAid,
    responses((status = 200, body = FirstAid), Problems),
    security(("bearer" = ["health:write"]))
)]
#[put("/first-aid/{first_aid_id}")]
async fn put_first_aid(
    ctx: Can<can::HealthWrite>,
    app: App,
    id: Id<FirstAidId>,
    version: Version,
    body: Valid<PutFirstAid>,
) -> Answer<Saved<FirstAid>> {
    let saved = health::put_first_aid(&app.db, &ctx, app.keys.data(), *id, *version, &body).await?;
    let version = saved.version;
    Ok(Saved(saved, version))
}

/// Open what the homeroom teacher must know of the children of a class, for a purpose.
///
/// Each look is kept for each child of whom there is something.
#[utoipa::path(
    tag = "health",
    params(("class_id" = ClassId, Path)),
    request_body = PostHealthView,
    responses((status = 200, body = ClassAlerts), Problems),
    security(("bearer" = ["health:alert"]))
)]
#[post("/classes/{class_id}/health-alerts/views")]
async fn post_health_alerts_view(
    ctx: Can<can::HealthAlert>,
    app: App,
    id: Id<ClassId>,
    body: Valid<PostHealthView>,
) -> Answer<Changed<ClassAlerts>> {
    Ok(Changed(health::alerts(&app.db, &ctx, app.keys.data(), *id, &body).await?))
}

/// Read one's child's health file, all of it, with who else opened it.
#[utoipa::path(
    tag = "health",
    params(("learner_id" = LearnerId, Path)),
    responses((status = 200, body = ChildHealth), Problems),
    security(("bearer" = ["family:read"]))
)]
#[get("/me/children/{learner_id}/health")]
async fn get_child_health(ctx: Can<can::FamilyRead>, app: App, id: Id<LearnerId>) -> Answer<Found<ChildHealth>> {
    Ok(Found(health::of_child(&app.db, &ctx, app.keys.data(), *id).await?))
}
