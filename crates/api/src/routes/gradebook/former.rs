//! Terms at former schools.

use crate::answer::{Answer, Done, Found, Saved};
use crate::extract::{App, Can, Id, Path, Valid, Version, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{delete, get, put};
use dto::calendar::Term;
use dto::former::{FormerTerm, FormerTerms, PutFormerTerm};
use dto::{ClassId, LearnerId};

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(list_former_terms).service(put_former_term).service(remove_former_term);
}

/// List the terms that learners of a class spent at former schools, with what a form for one needs.
#[utoipa::path(
    tag = "results",
    params(("class_id" = ClassId, Path)),
    responses((status = 200, body = FormerTerms), Problems),
    security(("bearer" = ["result:read"]))
)]
#[get("/classes/{class_id}/former-terms")]
async fn list_former_terms(ctx: Can<can::ResultRead>, app: App, id: Id<ClassId>) -> Answer<Found<FormerTerms>> {
    Ok(Found(gradebook::former::list(&app.db, &ctx, *id).await?))
}

/// Record what a former school gave of a term, from a paper.
///
/// It stands in the place of the learner's term in this class; the year is made with it (TT 22/2021 Đ.9), in a primary class with the
/// second term alone (TT 27/2020 Đ.9). `If-Match` is the version of what was read, 0 while nothing is recorded.
#[utoipa::path(
    tag = "results",
    params(
        ("class_id" = ClassId, Path), ("term" = Term, Path), ("learner_id" = LearnerId, Path),
        ("If-Match" = String, Header, description = "The version that was read."),
    ),
    request_body = PutFormerTerm,
    responses((status = 200, body = FormerTerm), Problems),
    security(("bearer" = ["conduct:write"]))
)]
#[put("/classes/{class_id}/former-terms/{term}/{learner_id}")]
async fn put_former_term(
    ctx: Can<can::ConductWrite>,
    app: App,
    path: Path<(ClassId, Term, LearnerId)>,
    version: Version,
    body: Valid<PutFormerTerm>,
) -> Answer<Saved<FormerTerm>> {
    let (class, term, learner) = *path;
    let saved = gradebook::former::put(&app.db, &ctx, class, term, learner, *version, &body).await?;
    let version = saved.version;
    Ok(Saved(saved, version))
}

/// Take a record of a term at a former school away; the log keeps it.
#[utoipa::path(
    tag = "results",
    params(("class_id" = ClassId, Path), ("term" = Term, Path), ("learner_id" = LearnerId, Path)),
    responses((status = 204), Problems),
    security(("bearer" = ["conduct:write"]))
)]
#[delete("/classes/{class_id}/former-terms/{term}/{learner_id}")]
async fn remove_former_term(ctx: Can<can::ConductWrite>, app: App, path: Path<(ClassId, Term, LearnerId)>) -> Answer<Done> {
    let (class, term, learner) = *path;
    gradebook::former::remove(&app.db, &ctx, class, term, learner).await?;
    Ok(Done)
}
