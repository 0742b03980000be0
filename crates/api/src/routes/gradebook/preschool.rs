//! What preschool children reach.

use crate::answer::{Answer, Changed, Found};
use crate::extract::{App, Can, Id, Path, Valid, ValidQuery, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{get, put};
use dto::calendar::Grade;
use dto::gradebook::ReportQuery;
use dto::preschool::{
    ChildPreschool, PreschoolChange, PreschoolItems, PreschoolList, PreschoolSaved, PreschoolSheet, PreschoolStage,
    PreschoolStages, PutPreschool, PutPreschoolItems, PutPreschoolStage,
};
use dto::{ClassId, LearnerId, Page, UnitId};

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(get_preschool_items)
        .service(put_preschool_items)
        .service(list_preschool_stages)
        .service(put_preschool_stage)
        .service(get_preschool_sheet)
        .service(put_preschool_sheet)
        .service(get_preschool_cell_history)
        .service(get_child_preschool);
}

/// Read what a school assesses in an age group.
///
/// The outcomes of its own plan, or the standards of five-year-olds: until a school has a list of its own, the 120 numbers of TT
/// 23/2010 with their domains, and words where Khuê has read them.
#[utoipa::path(
    tag = "preschool",
    params(("unit_id" = UnitId, Path), ("list" = PreschoolList, Path), ("grade" = Grade, Path)),
    responses((status = 200, body = PreschoolItems), Problems),
    security(("bearer" = ["mark:read"]))
)]
#[get("/units/{unit_id}/preschool/{list}/{grade}")]
async fn get_preschool_items(
    ctx: Can<can::MarkRead>,
    app: App,
    path: Path<(UnitId, PreschoolList, Grade)>,
) -> Answer<Found<PreschoolItems>> {
    let (unit, list, grade) = *path;
    Ok(Found(gradebook::preschool::items(&app.db, &ctx, unit, list, grade).await?))
}

/// Replace what a school assesses in an age group.
#[utoipa::path(
    tag = "preschool",
    params(("unit_id" = UnitId, Path), ("list" = PreschoolList, Path), ("grade" = Grade, Path)),
    request_body = PutPreschoolItems,
    responses((status = 200, body = PreschoolItems), Problems),
    security(("bearer" = ["class:write"]))
)]
#[put("/units/{unit_id}/preschool/{list}/{grade}")]
async fn put_preschool_items(
    ctx: Can<can::ClassWrite>,
    app: App,
    path: Path<(UnitId, PreschoolList, Grade)>,
    body: Valid<PutPreschoolItems>,
) -> Answer<Changed<PreschoolItems>> {
    let (unit, list, grade) = *path;
    Ok(Changed(gradebook::preschool::put_items(&app.db, &ctx, unit, list, grade, &body).await?))
}

/// List the stages at whose end a class is assessed.
///
/// The themes of its plan, then the end of the age stage (number 0).
#[utoipa::path(
    tag = "preschool",
    params(("class_id" = ClassId, Path), ("list" = PreschoolList, Path)),
    responses((status = 200, body = PreschoolStages), Problems),
    security(("bearer" = ["mark:read"]))
)]
#[get("/classes/{class_id}/preschool/{list}")]
async fn list_preschool_stages(
    ctx: Can<can::MarkRead>,
    app: App,
    path: Path<(ClassId, PreschoolList)>,
) -> Answer<Found<PreschoolStages>> {
    let (class, list) = *path;
    Ok(Found(gradebook::preschool::stages(&app.db, &ctx, class, list).await?))
}

/// Make a theme, or change its name or day.
#[utoipa::path(
    tag = "preschool",
    params(("class_id" = ClassId, Path), ("stage" = u8, Path, description = "1 to 40.")),
    request_body = PutPreschoolStage,
    responses((status = 200, body = PreschoolStage), Problems),
    security(("bearer" = ["preschool:write"]))
)]
#[put("/classes/{class_id}/preschool-stages/{stage}")]
async fn put_preschool_stage(
    ctx: Can<can::PreschoolWrite>,
    app: App,
    path: Path<(ClassId, u8)>,
    body: Valid<PutPreschoolStage>,
) -> Answer<Changed<PreschoolStage>> {
    let (class, stage) = *path;
    Ok(Changed(gradebook::preschool::put_stage(&app.db, &ctx, class, stage, &body).await?))
}

/// Read the sheet of a class at a stage.
///
/// Children down, items across; a cell that is not listed is empty and has version 0. Đạt or Chưa đạt for each child, without any sum,
/// rank or comparison.
#[utoipa::path(
    tag = "preschool",
    params(("class_id" = ClassId, Path), ("list" = PreschoolList, Path), ("stage" = u8, Path)),
    responses((status = 200, body = PreschoolSheet), Problems),
    security(("bearer" = ["mark:read"]))
)]
#[get("/classes/{class_id}/preschool/{list}/{stage}")]
async fn get_preschool_sheet(
    ctx: Can<can::MarkRead>,
    app: App,
    path: Path<(ClassId, PreschoolList, u8)>,
) -> Answer<Found<PreschoolSheet>> {
    let (class, list, stage) = *path;
    Ok(Found(gradebook::preschool::sheet(&app.db, &ctx, class, list, stage).await?))
}

/// Save cells of the sheet.
///
/// Each cell carries the version that its writer saw; conflicts come back cell by cell with what stands there, the rest is saved.
#[utoipa::path(
    tag = "preschool",
    params(("class_id" = ClassId, Path), ("list" = PreschoolList, Path), ("stage" = u8, Path)),
    request_body = PutPreschool,
    responses((status = 200, body = PreschoolSaved), Problems),
    security(("bearer" = ["preschool:write"]))
)]
#[put("/classes/{class_id}/preschool/{list}/{stage}")]
async fn put_preschool_sheet(
    ctx: Can<can::PreschoolWrite>,
    app: App,
    path: Path<(ClassId, PreschoolList, u8)>,
    body: Valid<PutPreschool>,
) -> Answer<Changed<PreschoolSaved>> {
    let (class, list, stage) = *path;
    Ok(Changed(gradebook::preschool::put(&app.db, &ctx, class, list, stage, &body).await?))
}

/// Read all writes of a cell, newest first.
///
/// Who, when, before, after. A cell that nobody has written has none.
#[utoipa::path(
    tag = "preschool",
    params(
        ("class_id" = ClassId, Path),
        ("list" = PreschoolList, Path),
        ("stage" = u8, Path),
        ("learner_id" = LearnerId, Path),
        ("code" = String, Path, description = "The code of the item.")
    ),
    responses((status = 200, body = Page<PreschoolChange>), Problems),
    security(("bearer" = ["mark:read"]))
)]
#[get("/classes/{class_id}/preschool/{list}/{stage}/{learner_id}/{code}/history")]
async fn get_preschool_cell_history(
    ctx: Can<can::MarkRead>,
    app: App,
    path: Path<(ClassId, PreschoolList, u8, LearnerId, String)>,
) -> Answer<Found<Page<PreschoolChange>>> {
    let (class, list, stage, learner, code) = &*path;
    Ok(Found(gradebook::preschool::history(&app.db, &ctx, *class, *list, *stage, *learner, code).await?))
}

/// Read what one's child reaches.
///
/// Of one school year, stage by stage: what the child reaches already, and what is being practised. Nothing of another child.
#[utoipa::path(
    tag = "preschool",
    params(("learner_id" = LearnerId, Path), ReportQuery),
    responses((status = 200, body = ChildPreschool), Problems),
    security(("bearer" = ["family:read"]))
)]
#[get("/me/children/{learner_id}/preschool")]
async fn get_child_preschool(
    ctx: Can<can::FamilyRead>,
    app: App,
    id: Id<LearnerId>,
    query: ValidQuery<ReportQuery>,
) -> Answer<Found<ChildPreschool>> {
    Ok(Found(gradebook::preschool::of_child(&app.db, &ctx, *id, query.school_year_id).await?))
}
