//! Budgets and their settlements, the catalogue of their lines, investment projects.

use crate::answer::{self, Answer, Changed, CreatedVersion, Disposition, Found, FoundVersion, Saved};
use crate::extract::{App, Can, Path, Valid, ValidQuery, Version, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{HttpResponse, get, post, put};
use dto::figures::{
    FigureCampaign, FigureFileQuery, FigureFormat, FigureSet, FinanceSet, PutFigureCampaign, PutFigures, ReopenFigures,
    YearlySheet, YearlyTotals,
};
use dto::finance::{BudgetItem, Project, ProjectQuery, PutBudgetItem, PutProject};
use dto::page::{Page, PageQuery};
use dto::{ProjectId, UnitId};
use kernel::Ctx;
use records::{figures, finance};

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(list_finance_campaigns)
        .service(put_finance_campaign)
        .service(list_budget_items)
        .service(put_budget_item)
        .service(get_finance)
        .service(put_finance)
        .service(carry_finance)
        .service(sign_finance)
        .service(reopen_finance)
        .service(get_finance_totals)
        .service(download_finance_totals)
        .service(list_projects)
        .service(post_project)
        .service(get_project)
        .service(put_project);
}

/// The media type of a table as a file.
pub(super) fn media(format: FigureFormat) -> &'static str {
    match format {
        FigureFormat::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        FigureFormat::Csv => "text/csv; charset=utf-8",
    }
}

/// Totals of a set as a file.
pub(super) async fn table(
    app: &App,
    ctx: &Ctx,
    set: FigureSet,
    (unit, year): (UnitId, i16),
    query: &FigureFileQuery,
) -> Answer<HttpResponse> {
    let format = query.format.unwrap_or(FigureFormat::Xlsx);
    let file = figures::totals_file(&app.db, ctx, set, unit, year, format).await?;
    Ok(answer::file(media(format), Disposition::Attachment, &file.name, file.bytes))
}

/// List the budgets and settlements that the province has asked for, newest first.
#[utoipa::path(
    tag = "finance",
    responses((status = 200, body = Page<FigureCampaign>), Problems),
    security(("bearer" = ["finance:read"]))
)]
#[get("/finance-campaigns")]
async fn list_finance_campaigns(ctx: Can<can::FinanceRead>, app: App) -> Answer<Found<Page<FigureCampaign>>> {
    Ok(Found(figures::campaigns(&app.db, &ctx, &[FigureSet::Budget, FigureSet::Settlement]).await?))
}

/// Ask all schools for a budget or a settlement, or change what was asked.
///
/// `If-Match` is the version that was read, 0 while nothing was asked.
#[utoipa::path(
    tag = "finance",
    params(("set" = FinanceSet, Path), ("year" = i16, Path), ("If-Match" = String, Header, description = "The version that was read.")),
    request_body = PutFigureCampaign,
    responses((status = 200, body = FigureCampaign), Problems),
    security(("bearer" = ["finance:manage"]))
)]
#[put("/finance-campaigns/{set}/{year}")]
async fn put_finance_campaign(
    ctx: Can<can::FinanceManage>,
    app: App,
    path: Path<(FinanceSet, i16)>,
    version: Version,
    body: Valid<PutFigureCampaign>,
) -> Answer<Saved<FigureCampaign>> {
    let (set, year) = *path;
    let saved = figures::put_campaign(&app.db, &ctx, set.into(), year, *version, &body).await?;
    let version = saved.version;
    Ok(Saved(saved, version))
}

/// List the lines of budgets, those no longer in use too.
#[utoipa::path(
    tag = "finance",
    responses((status = 200, body = Page<BudgetItem>), Problems),
    security(("bearer" = ["finance:read"]))
)]
#[get("/budget-items")]
async fn list_budget_items(ctx: Can<can::FinanceRead>, app: App) -> Answer<Found<Page<BudgetItem>>> {
    Ok(Found(finance::items(&app.db, &ctx).await?))
}

/// Make or change a line of budgets.
///
/// `If-Match` is the version that was read, 0 for a new one. A line that is no longer active is asked for nowhere; what was entered stays.
#[utoipa::path(
    tag = "finance",
    params(("code" = String, Path), ("If-Match" = String, Header, description = "The version that was read.")),
    request_body = PutBudgetItem,
    responses((status = 200, body = BudgetItem), Problems),
    security(("bearer" = ["finance:manage"]))
)]
#[put("/budget-items/{code}")]
async fn put_budget_item(
    ctx: Can<can::FinanceManage>,
    app: App,
    code: Path<String>,
    version: Version,
    body: Valid<PutBudgetItem>,
) -> Answer<Saved<BudgetItem>> {
    let saved = finance::put_item(&app.db, &ctx, &code, *version, &body).await?;
    let version = saved.version;
    Ok(Saved(saved, version))
}

/// Read the budget or the settlement of a school in a year.
///
/// Its lines are the province's catalogue; the sum of investment comes from the projects and is not typed.
#[utoipa::path(
    tag = "finance",
    params(("unit_id" = UnitId, Path), ("set" = FinanceSet, Path), ("year" = i16, Path)),
    responses((status = 200, body = YearlySheet), Problems),
    security(("bearer" = ["finance:read"]))
)]
#[get("/units/{unit_id}/finance/{set}/{year}")]
async fn get_finance(
    ctx: Can<can::FinanceRead>,
    app: App,
    path: Path<(UnitId, FinanceSet, i16)>,
) -> Answer<FoundVersion<YearlySheet>> {
    let (school, set, year) = *path;
    let found = figures::get(&app.db, &ctx, set.into(), school, year).await?;
    let version = found.version;
    Ok(FoundVersion(found, version))
}

/// Enter the budget or the settlement of a school.
///
/// All amounts at once, in đồng; what is left out is empty. Refused with `figures_signed` once it is signed.
#[utoipa::path(
    tag = "finance",
    params(("unit_id" = UnitId, Path), ("set" = FinanceSet, Path), ("year" = i16, Path), ("If-Match" = String, Header, description = "The version that was read.")),
    request_body = PutFigures,
    responses((status = 200, body = YearlySheet), Problems),
    security(("bearer" = ["finance:write"]))
)]
#[put("/units/{unit_id}/finance/{set}/{year}")]
async fn put_finance(
    ctx: Can<can::FinanceWrite>,
    app: App,
    path: Path<(UnitId, FinanceSet, i16)>,
    version: Version,
    body: Valid<PutFigures>,
) -> Answer<Saved<YearlySheet>> {
    let (school, set, year) = *path;
    let saved = figures::put(&app.db, &ctx, set.into(), school, year, *version, &body).await?;
    let version = saved.version;
    Ok(Saved(saved, version))
}

/// Take last year's signed amounts into every empty field.
#[utoipa::path(
    tag = "finance",
    params(("unit_id" = UnitId, Path), ("set" = FinanceSet, Path), ("year" = i16, Path)),
    responses((status = 200, body = YearlySheet), Problems),
    security(("bearer" = ["finance:write"]))
)]
#[post("/units/{unit_id}/finance/{set}/{year}/carry")]
async fn carry_finance(
    ctx: Can<can::FinanceWrite>,
    app: App,
    path: Path<(UnitId, FinanceSet, i16)>,
) -> Answer<Changed<YearlySheet>> {
    let (school, set, year) = *path;
    Ok(Changed(figures::carry(&app.db, &ctx, set.into(), school, year).await?))
}

/// Sign the budget or the settlement of a school.
///
/// As the signer saw it (`If-Match`); its amounts, and those of the projects of the year, are frozen from then on.
#[utoipa::path(
    tag = "finance",
    params(("unit_id" = UnitId, Path), ("set" = FinanceSet, Path), ("year" = i16, Path), ("If-Match" = String, Header, description = "The version that was read.")),
    responses((status = 200, body = YearlySheet), Problems),
    security(("bearer" = ["finance:sign"]))
)]
#[put("/units/{unit_id}/finance/{set}/{year}/signature")]
async fn sign_finance(
    ctx: Can<can::FinanceSign>,
    app: App,
    path: Path<(UnitId, FinanceSet, i16)>,
    version: Version,
) -> Answer<Saved<YearlySheet>> {
    let (school, set, year) = *path;
    let saved = figures::sign(&app.db, &ctx, set.into(), school, year, *version).await?;
    let version = saved.version;
    Ok(Saved(saved, version))
}

/// Open a signed budget or settlement again, with a reason.
#[utoipa::path(
    tag = "finance",
    params(("unit_id" = UnitId, Path), ("set" = FinanceSet, Path), ("year" = i16, Path)),
    request_body = ReopenFigures,
    responses((status = 200, body = YearlySheet), Problems),
    security(("bearer" = ["finance:sign"]))
)]
#[post("/units/{unit_id}/finance/{set}/{year}/reopen")]
async fn reopen_finance(
    ctx: Can<can::FinanceSign>,
    app: App,
    path: Path<(UnitId, FinanceSet, i16)>,
    body: Valid<ReopenFigures>,
) -> Answer<Changed<YearlySheet>> {
    let (school, set, year) = *path;
    Ok(Changed(figures::reopen(&app.db, &ctx, set.into(), school, year, &body).await?))
}

/// Total the signed budgets or settlements of a year under a unit.
#[utoipa::path(
    tag = "finance",
    params(("unit_id" = UnitId, Path), ("set" = FinanceSet, Path), ("year" = i16, Path)),
    responses((status = 200, body = YearlyTotals), Problems),
    security(("bearer" = ["finance:read"]))
)]
#[get("/units/{unit_id}/finance/{set}/{year}/totals")]
async fn get_finance_totals(
    ctx: Can<can::FinanceRead>,
    app: App,
    path: Path<(UnitId, FinanceSet, i16)>,
) -> Answer<Found<YearlyTotals>> {
    let (unit, set, year) = *path;
    Ok(Found(figures::totals(&app.db, &ctx, set.into(), unit, year).await?))
}

/// Download the totals of a year as .xlsx or .csv.
#[utoipa::path(
    tag = "finance",
    params(("unit_id" = UnitId, Path), ("set" = FinanceSet, Path), ("year" = i16, Path), FigureFileQuery),
    responses((status = 200, description = "The file.", body = Vec<u8>, content_type = "application/octet-stream"), Problems),
    security(("bearer" = ["finance:read"]))
)]
#[get("/units/{unit_id}/finance/{set}/{year}/totals/file")]
async fn download_finance_totals(
    ctx: Can<can::FinanceRead>,
    app: App,
    path: Path<(UnitId, FinanceSet, i16)>,
    query: ValidQuery<FigureFileQuery>,
) -> Answer<HttpResponse> {
    let (unit, set, year) = *path;
    table(&app, &ctx, set.into(), (unit, year), &query).await
}

/// List investment projects of the schools at and under a unit.
#[utoipa::path(
    tag = "finance",
    params(("unit_id" = UnitId, Path), ProjectQuery, PageQuery),
    responses((status = 200, body = Page<Project>), Problems),
    security(("bearer" = ["finance:read"]))
)]
#[get("/units/{unit_id}/projects")]
async fn list_projects(
    ctx: Can<can::FinanceRead>,
    app: App,
    unit: Path<UnitId>,
    query: ValidQuery<ProjectQuery>,
    page: ValidQuery<PageQuery>,
) -> Answer<Found<Page<Project>>> {
    Ok(Found(finance::projects(&app.db, &ctx, *unit, &query, &page).await?))
}

/// Enter an investment project of a school.
#[utoipa::path(
    tag = "finance",
    params(("unit_id" = UnitId, Path)),
    request_body = PutProject,
    responses((status = 201, body = Project), Problems),
    security(("bearer" = ["finance:write"]))
)]
#[post("/units/{unit_id}/projects")]
async fn post_project(
    ctx: Can<can::FinanceWrite>,
    app: App,
    school: Path<UnitId>,
    body: Valid<PutProject>,
) -> Answer<CreatedVersion<Project>> {
    Ok(CreatedVersion(finance::create_project(&app.db, &ctx, *school, &body).await?, 1))
}

/// Read an investment project.
#[utoipa::path(
    tag = "finance",
    params(("unit_id" = UnitId, Path), ("project_id" = ProjectId, Path)),
    responses((status = 200, body = Project), Problems),
    security(("bearer" = ["finance:read"]))
)]
#[get("/units/{unit_id}/projects/{project_id}")]
async fn get_project(ctx: Can<can::FinanceRead>, app: App, path: Path<(UnitId, ProjectId)>) -> Answer<FoundVersion<Project>> {
    let (school, project) = *path;
    let found = finance::project(&app.db, &ctx, school, project).await?;
    let version = found.version;
    Ok(FoundVersion(found, version))
}

/// Change an investment project.
///
/// `figures_signed` where an amount of a year differs whose budget or settlement is signed.
#[utoipa::path(
    tag = "finance",
    params(("unit_id" = UnitId, Path), ("project_id" = ProjectId, Path), ("If-Match" = String, Header, description = "The version that was read.")),
    request_body = PutProject,
    responses((status = 200, body = Project), Problems),
    security(("bearer" = ["finance:write"]))
)]
#[put("/units/{unit_id}/projects/{project_id}")]
async fn put_project(
    ctx: Can<can::FinanceWrite>,
    app: App,
    path: Path<(UnitId, ProjectId)>,
    version: Version,
    body: Valid<PutProject>,
) -> Answer<Saved<Project>> {
    let (school, project) = *path;
    let saved = finance::put_project(&app.db, &ctx, school, project, *version, &body).await?;
    let version = saved.version;
    Ok(Saved(saved, version))
}
