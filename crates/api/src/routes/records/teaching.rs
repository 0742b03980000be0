//! What a teacher has this school year.

use crate::answer::{Answer, Found};
use crate::extract::{App, Can, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::get;
use dto::Page;
use dto::staff::TeachingItem;

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(list_own_teaching);
}

/// List one's own classes and subjects of the current school year.
///
/// The homeroom class first, then each class and subject taught, in whatever schools.
#[utoipa::path(tag = "staff", responses((status = 200, body = Page<TeachingItem>), Problems), security(("bearer" = ["class:read"])))]
#[get("/me/teaching")]
async fn list_own_teaching(ctx: Can<can::ClassRead>, app: App) -> Answer<Found<Page<TeachingItem>>> {
    Ok(Found(records::staff::teaching_of(&app.db, &ctx).await?))
}
