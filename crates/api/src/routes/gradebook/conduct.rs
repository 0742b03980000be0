//! Conduct and absences.

use crate::answer::{Answer, Changed, Found};
use crate::extract::{App, Can, Path, Valid, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{get, put};
use dto::ClassId;
use dto::calendar::Term;
use dto::gradebook::{ConductSaved, ConductSheet, PutConduct};

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(get_conduct).service(put_conduct);
}

/// Read conduct and absences of a class in a term (TT 22/2021 Đ.8, Đ.12).
#[utoipa::path(
    tag = "conduct",
    params(("class_id" = ClassId, Path), ("term" = Term, Path)),
    responses((status = 200, body = ConductSheet), Problems),
    security(("bearer" = ["mark:read"]))
)]
#[get("/classes/{class_id}/terms/{term}/conduct")]
async fn get_conduct(ctx: Can<can::MarkRead>, app: App, path: Path<(ClassId, Term)>) -> Answer<Found<ConductSheet>> {
    let (class, term) = *path;
    Ok(Found(gradebook::conduct::sheet(&app.db, &ctx, class, term).await?))
}

/// Save conduct and absences.
///
/// Each row carries the version that its writer saw; conflicts come back row by row with what stands there, the rest is saved.
#[utoipa::path(
    tag = "conduct",
    params(("class_id" = ClassId, Path), ("term" = Term, Path)),
    request_body = PutConduct,
    responses((status = 200, body = ConductSaved), Problems),
    security(("bearer" = ["conduct:write"]))
)]
#[put("/classes/{class_id}/terms/{term}/conduct")]
async fn put_conduct(
    ctx: Can<can::ConductWrite>,
    app: App,
    path: Path<(ClassId, Term)>,
    body: Valid<PutConduct>,
) -> Answer<Changed<ConductSaved>> {
    let (class, term) = *path;
    Ok(Changed(gradebook::conduct::put(&app.db, &ctx, class, term, &body).await?))
}
