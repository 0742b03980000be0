//! Closing a term of a class.

use crate::answer::{Answer, Changed, Found};
use crate::extract::{App, Can, Path, Valid, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{get, post};
use dto::ClassId;
use dto::calendar::Term;
use dto::gradebook::{Closing, ReopenTerm};

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(get_closing).service(close_term).service(reopen_term);
}

/// What a term of a class still needs.
///
/// What is missing, by teacher, then by learner; and when the term was closed and reopened before, by whom and why.
#[utoipa::path(
    tag = "closing",
    params(("class_id" = ClassId, Path), ("term" = Term, Path)),
    responses((status = 200, body = Closing), Problems),
    security(("bearer" = ["result:read"]))
)]
#[get("/classes/{class_id}/terms/{term}/closing")]
async fn get_closing(ctx: Can<can::ResultRead>, app: App, path: Path<(ClassId, Term)>) -> Answer<Found<Closing>> {
    let (class, term) = *path;
    Ok(Found(gradebook::closing::get(&app.db, &ctx, class, term).await?))
}

/// Close a term of a class.
///
/// Refused with `term_not_ready` while something is missing. Then marks and conduct of the term are locked and its results are
/// frozen with the regulation that made them; once both terms are closed, those of the year too.
#[utoipa::path(
    tag = "closing",
    params(("class_id" = ClassId, Path), ("term" = Term, Path)),
    responses((status = 200, body = Closing), Problems),
    security(("bearer" = ["term:close"]))
)]
#[post("/classes/{class_id}/terms/{term}/close")]
async fn close_term(ctx: Can<can::TermClose>, app: App, path: Path<(ClassId, Term)>) -> Answer<Changed<Closing>> {
    let (class, term) = *path;
    Ok(Changed(gradebook::closing::close(&app.db, &ctx, class, term).await?))
}

/// Open a closed term again.
///
/// For the principal, with a reason that is kept. The frozen results of the term and of the year go; the log keeps them.
#[utoipa::path(
    tag = "closing",
    params(("class_id" = ClassId, Path), ("term" = Term, Path)),
    request_body = ReopenTerm,
    responses((status = 200, body = Closing), Problems),
    security(("bearer" = ["term:reopen"]))
)]
#[post("/classes/{class_id}/terms/{term}/reopen")]
async fn reopen_term(
    ctx: Can<can::TermReopen>,
    app: App,
    path: Path<(ClassId, Term)>,
    body: Valid<ReopenTerm>,
) -> Answer<Changed<Closing>> {
    let (class, term) = *path;
    Ok(Changed(gradebook::closing::reopen(&app.db, &ctx, class, term, &body).await?))
}
