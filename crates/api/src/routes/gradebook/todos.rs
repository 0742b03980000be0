//! What is left to do.

use crate::answer::{Answer, Found};
use crate::extract::{App, Can, Id, ValidQuery, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::get;
use dto::gradebook::{ClassProgress, ProgressQuery, Todo};
use dto::{Page, UnitId};

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(list_todos).service(list_progress);
}

/// What is left for the caller to do in the gradebook, soonest first.
///
/// Marks that are missing in the subjects one teaches, conduct of the homeroom class, and classes to close; of the terms of the
/// current school year that have begun and are open.
#[utoipa::path(tag = "todos", responses((status = 200, body = Page<Todo>), Problems), security(("bearer" = ["class:read"])))]
#[get("/me/todos")]
async fn list_todos(ctx: Can<can::ClassRead>, app: App) -> Answer<Found<Page<Todo>>> {
    Ok(Found(gradebook::todos::list(&app.db, &ctx).await?))
}

/// How far the classes of a school are in a term.
///
/// For who leads the school or looks after it from above: how many of the cells and assessments that the term needs are there, class by
/// class. Not for a homeroom teacher, who has the closing of the one class.
#[utoipa::path(
    tag = "todos",
    params(("unit_id" = UnitId, Path), ProgressQuery),
    responses((status = 200, body = Page<ClassProgress>), Problems),
    security(("bearer" = ["result:read"]))
)]
#[get("/units/{unit_id}/progress")]
async fn list_progress(
    ctx: Can<can::ResultRead>,
    app: App,
    id: Id<UnitId>,
    query: ValidQuery<ProgressQuery>,
) -> Answer<Found<Page<ClassProgress>>> {
    Ok(Found(gradebook::todos::of_school(&app.db, &ctx, *id, &query).await?))
}
