//! Mark sheets.

use crate::answer::{Answer, Changed, Found};
use crate::extract::{App, Can, Path, Valid, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{get, put};
use dto::calendar::Term;
use dto::gradebook::{CellChange, MarkSheet, MarksSaved, PutMarks};
use dto::{ClassId, LearnerId, Page};
use regulations::Slot;

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(get_marks).service(put_marks).service(get_mark_history);
}

/// Read a mark sheet.
///
/// All that its page needs in one call: the columns that the annual periods ask for (TT 22/2021 Đ.6, Đ.7), every learner of the
/// class (of an elective subject, those who take it), and each cell with its version. A cell that is not listed is empty and has
/// version 0. A subject teacher reads the subjects assigned to them, a homeroom teacher all of their class.
#[utoipa::path(
    tag = "marks",
    params(("class_id" = ClassId, Path), ("subject_code" = String, Path), ("term" = Term, Path)),
    responses((status = 200, body = MarkSheet), Problems),
    security(("bearer" = ["mark:read"]))
)]
#[get("/classes/{class_id}/subjects/{subject_code}/terms/{term}/marks")]
async fn get_marks(ctx: Can<can::MarkRead>, app: App, path: Path<(ClassId, String, Term)>) -> Answer<Found<MarkSheet>> {
    let (class, subject, term) = &*path;
    Ok(Found(gradebook::marks::sheet(&app.db, &ctx, *class, subject, *term).await?))
}

/// Save cells of a mark sheet.
///
/// Each cell carries the version that its writer saw. What another has changed meanwhile comes back as `conflict` with the present
/// value, who wrote it and when; what does not fit comes back as `refused` with a code; all others are saved, in one transaction.
/// A cell that holds the value already is `unchanged`, so a request may be sent again after a lost answer.
#[utoipa::path(
    tag = "marks",
    params(("class_id" = ClassId, Path), ("subject_code" = String, Path), ("term" = Term, Path)),
    request_body = PutMarks,
    responses((status = 200, body = MarksSaved), Problems),
    security(("bearer" = ["mark:write"]))
)]
#[put("/classes/{class_id}/subjects/{subject_code}/terms/{term}/marks")]
async fn put_marks(
    ctx: Can<can::MarkWrite>,
    app: App,
    path: Path<(ClassId, String, Term)>,
    body: Valid<PutMarks>,
) -> Answer<Changed<MarksSaved>> {
    let (class, subject, term) = &*path;
    Ok(Changed(gradebook::marks::put(&app.db, &ctx, *class, subject, *term, &body).await?))
}

/// Read the history of a cell.
///
/// Every write, newest first: who, when, from where (typed, pasted, imported, …), the value before and after, and why.
#[utoipa::path(
    tag = "marks",
    params(
        ("class_id" = ClassId, Path), ("subject_code" = String, Path), ("term" = Term, Path), ("learner_id" = LearnerId, Path),
        ("slot" = Slot, Path),
    ),
    responses((status = 200, body = Page<CellChange>), Problems),
    security(("bearer" = ["mark:read"]))
)]
#[get("/classes/{class_id}/subjects/{subject_code}/terms/{term}/marks/{learner_id}/{slot}/history")]
async fn get_mark_history(
    ctx: Can<can::MarkRead>,
    app: App,
    path: Path<(ClassId, String, Term, LearnerId, Slot)>,
) -> Answer<Found<Page<CellChange>>> {
    let (class, subject, term, learner, slot) = &*path;
    Ok(Found(gradebook::marks::history(&app.db, &ctx, *class, subject, *term, *learner, *slot).await?))
}
