//! Who of a closed class goes to which class of the next school year.

use crate::answer::{Answer, Changed, Created, Found};
use crate::extract::{App, Can, Id, Valid, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{delete, get, post};
use dto::ClassId;
use dto::council::{NextYear, PostNextYear};

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(get_next_year).service(apply_next_year).service(undo_next_year);
}

/// Read who goes to which class of the next school year, or who was put where.
#[utoipa::path(
    tag = "council",
    params(("class_id" = ClassId, Path)),
    responses((status = 200, body = NextYear), Problems),
    security(("bearer" = ["class:write"]))
)]
#[get("/classes/{class_id}/next-year")]
async fn get_next_year(ctx: Can<can::ClassWrite>, app: App, id: Id<ClassId>) -> Answer<Found<NextYear>> {
    Ok(Found(gradebook::next_year::get(&app.db, &ctx, *id).await?))
}

/// Fill the next school year's classes from a closed class, as one action.
///
/// A preschool class has no year to close and is filled from as it is. Classes that are missing are made. Who has a class of that year
/// already is left there.
#[utoipa::path(
    tag = "council",
    params(("class_id" = ClassId, Path)),
    request_body = PostNextYear,
    responses((status = 201, body = NextYear), Problems),
    security(("bearer" = ["class:write"]))
)]
#[post("/classes/{class_id}/next-year")]
async fn apply_next_year(
    ctx: Can<can::ClassWrite>,
    app: App,
    id: Id<ClassId>,
    body: Valid<PostNextYear>,
) -> Answer<Created<NextYear>> {
    Ok(Created(gradebook::next_year::apply(&app.db, &ctx, *id, &body).await?))
}

/// Undo the filling as a whole.
///
/// Refused where anybody was moved or has marks there by now. Classes that it made and nobody has used go too.
#[utoipa::path(
    tag = "council",
    params(("class_id" = ClassId, Path)),
    responses((status = 200, body = NextYear), Problems),
    security(("bearer" = ["class:write"]))
)]
#[delete("/classes/{class_id}/next-year")]
async fn undo_next_year(ctx: Can<can::ClassWrite>, app: App, id: Id<ClassId>) -> Answer<Changed<NextYear>> {
    Ok(Changed(gradebook::next_year::undo(&app.db, &ctx, *id).await?))
}
