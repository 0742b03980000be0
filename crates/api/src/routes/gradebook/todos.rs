//! What is left to do.

use crate::answer::{Answer, Found};
use crate::extract::{App, Can, can};
use crate::problem::Problems;
use actix_web::get;
use dto::Page;
use dto::gradebook::Todo;
use utoipa_actix_web::service_config::ServiceConfig;

pub fn configure(cfg: &mut ServiceConfig) {
    cfg.service(list_todos);
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
