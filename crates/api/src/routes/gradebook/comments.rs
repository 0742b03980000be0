//! Comments on learners, and a school's phrases for them.

use crate::answer::{Answer, Changed, CreatedVersion, Done, Found, Saved};
use crate::extract::{App, Can, Path, Valid, ValidQuery, Version, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{delete, get, post, put};
use dto::calendar::Term;
use dto::comments::{CommentChange, CommentSheet, CommentsSaved, Phrase, PhraseQuery, PutComments, PutPhrase};
use dto::page::PageQuery;
use dto::{ClassId, LearnerId, Page, PhraseId, UnitId};
use gradebook::{comments, phrases};

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(get_comments)
        .service(put_comments)
        .service(get_comment_history)
        .service(list_phrases)
        .service(post_phrase)
        .service(put_phrase)
        .service(delete_phrase);
}

/// Read the comments of a class, subject and term (TT 22/2021 Đ.5).
#[utoipa::path(
    tag = "comments",
    params(("class_id" = ClassId, Path), ("subject_code" = String, Path), ("term" = Term, Path)),
    responses((status = 200, body = CommentSheet), Problems),
    security(("bearer" = ["mark:read"]))
)]
#[get("/classes/{class_id}/subjects/{subject_code}/terms/{term}/comments")]
async fn get_comments(ctx: Can<can::MarkRead>, app: App, path: Path<(ClassId, String, Term)>) -> Answer<Found<CommentSheet>> {
    let (class, subject, term) = &*path;
    Ok(Found(comments::sheet(&app.db, &ctx, *class, subject, *term).await?))
}

/// Save comments.
///
/// Each carries the version that its writer saw; conflicts come back row by row with what stands there, the rest is saved.
#[utoipa::path(
    tag = "comments",
    params(("class_id" = ClassId, Path), ("subject_code" = String, Path), ("term" = Term, Path)),
    request_body = PutComments,
    responses((status = 200, body = CommentsSaved), Problems),
    security(("bearer" = ["mark:write"]))
)]
#[put("/classes/{class_id}/subjects/{subject_code}/terms/{term}/comments")]
async fn put_comments(
    ctx: Can<can::MarkWrite>,
    app: App,
    path: Path<(ClassId, String, Term)>,
    body: Valid<PutComments>,
) -> Answer<Changed<CommentsSaved>> {
    let (class, subject, term) = &*path;
    Ok(Changed(comments::put(&app.db, &ctx, *class, subject, *term, &body).await?))
}

/// Read all writes of a comment, newest first.
///
/// Who, when, before, after. Where nobody has written there are none.
#[utoipa::path(
    tag = "comments",
    params(
        ("class_id" = ClassId, Path),
        ("subject_code" = String, Path),
        ("term" = Term, Path),
        ("learner_id" = LearnerId, Path)
    ),
    responses((status = 200, body = Page<CommentChange>), Problems),
    security(("bearer" = ["mark:read"]))
)]
#[get("/classes/{class_id}/subjects/{subject_code}/terms/{term}/comments/{learner_id}/history")]
async fn get_comment_history(
    ctx: Can<can::MarkRead>,
    app: App,
    path: Path<(ClassId, String, Term, LearnerId)>,
) -> Answer<Found<Page<CommentChange>>> {
    let (class, subject, term, learner) = &*path;
    Ok(Found(comments::history(&app.db, &ctx, *class, subject, *term, *learner).await?))
}

/// List the phrases of a school.
///
/// For whoever reads marks there. `{tên}` and `{họ tên}` in a phrase stand for the learner's name.
#[utoipa::path(
    tag = "comments",
    params(("unit_id" = UnitId, Path), PhraseQuery, PageQuery),
    responses((status = 200, body = Page<Phrase>), Problems),
    security(("bearer" = ["mark:read"]))
)]
#[get("/units/{unit_id}/phrases")]
async fn list_phrases(
    ctx: Can<can::MarkRead>,
    app: App,
    school: Path<UnitId>,
    query: ValidQuery<PhraseQuery>,
    page: ValidQuery<PageQuery>,
) -> Answer<Found<Page<Phrase>>> {
    Ok(Found(phrases::list(&app.db, &ctx, *school, &query, &page).await?))
}

/// Add a phrase to a school's bank.
#[utoipa::path(
    tag = "comments",
    params(("unit_id" = UnitId, Path)),
    request_body = PutPhrase,
    responses((status = 201, body = Phrase), Problems),
    security(("bearer" = ["phrase:write"]))
)]
#[post("/units/{unit_id}/phrases")]
async fn post_phrase(
    ctx: Can<can::PhraseWrite>,
    app: App,
    school: Path<UnitId>,
    body: Valid<PutPhrase>,
) -> Answer<CreatedVersion<Phrase>> {
    let phrase = phrases::create(&app.db, &ctx, *school, &body).await?;
    let version = phrase.version;
    Ok(CreatedVersion(phrase, version))
}

/// Change a phrase: one's own, or, for principal and deputy, any of the school.
#[utoipa::path(
    tag = "comments",
    params(("unit_id" = UnitId, Path), ("phrase_id" = PhraseId, Path), ("If-Match" = String, Header, description = "The version that was read.")),
    request_body = PutPhrase,
    responses((status = 200, body = Phrase), Problems),
    security(("bearer" = ["phrase:write"]))
)]
#[put("/units/{unit_id}/phrases/{phrase_id}")]
async fn put_phrase(
    ctx: Can<can::PhraseWrite>,
    app: App,
    path: Path<(UnitId, PhraseId)>,
    version: Version,
    body: Valid<PutPhrase>,
) -> Answer<Saved<Phrase>> {
    let (school, phrase) = *path;
    let phrase = phrases::put(&app.db, &ctx, school, phrase, *version, &body).await?;
    let version = phrase.version;
    Ok(Saved(phrase, version))
}

/// Remove a phrase. Comments that were made with it stay.
#[utoipa::path(
    tag = "comments",
    params(("unit_id" = UnitId, Path), ("phrase_id" = PhraseId, Path)),
    responses((status = 204, description = "Removed."), Problems),
    security(("bearer" = ["phrase:write"]))
)]
#[delete("/units/{unit_id}/phrases/{phrase_id}")]
async fn delete_phrase(ctx: Can<can::PhraseWrite>, app: App, path: Path<(UnitId, PhraseId)>) -> Answer<Done> {
    let (school, phrase) = *path;
    phrases::delete(&app.db, &ctx, school, phrase).await?;
    Ok(Done)
}
