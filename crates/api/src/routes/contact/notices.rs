//! Notices to classes, grades and schools; whom the contact book reaches.

use crate::answer::{Answer, Created, Done, Found};
use crate::extract::{App, Can, Id, Valid, ValidQuery, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{delete, get, post};
use dto::contact::{ClassAdoption, GuardianAdoption, Notice, NoticeQuery, PostNotice, Reader, ReaderQuery};
use dto::page::PageQuery;
use dto::{ClassId, NoticeId, Page, UnitId};
use gradebook::contact_book::{adoption, notices};

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(list_notices)
        .service(post_notice)
        .service(get_notice)
        .service(list_readers)
        .service(recall_notice)
        .service(get_class_adoption)
        .service(get_school_adoption);
}

/// List notices that were sent.
#[utoipa::path(
    tag = "contact",
    params(NoticeQuery, PageQuery),
    responses((status = 200, body = Page<Notice>), Problems),
    security(("bearer" = ["notice:write"]))
)]
#[get("/notices")]
async fn list_notices(
    ctx: Can<can::NoticeWrite>,
    app: App,
    query: ValidQuery<NoticeQuery>,
    page: ValidQuery<PageQuery>,
) -> Answer<Found<Page<Notice>>> {
    Ok(Found(notices::list(&app.db, &ctx, &query, &page).await?))
}

/// Send a notice.
///
/// A homeroom teacher to the own class; principal, deputy and clerk to a class, a grade or the whole school.
#[utoipa::path(
    tag = "contact",
    request_body = PostNotice,
    responses((status = 201, body = Notice), Problems),
    security(("bearer" = ["notice:write"]))
)]
#[post("/notices")]
async fn post_notice(ctx: Can<can::NoticeWrite>, app: App, body: Valid<PostNotice>) -> Answer<Created<Notice>> {
    Ok(Created(notices::create(&app.db, &ctx, &body).await?))
}

/// Read a notice, with how many have read it.
#[utoipa::path(
    tag = "contact",
    params(("notice_id" = NoticeId, Path)),
    responses((status = 200, body = Notice), Problems),
    security(("bearer" = ["notice:write"]))
)]
#[get("/notices/{notice_id}")]
async fn get_notice(ctx: Can<can::NoticeWrite>, app: App, id: Id<NoticeId>) -> Answer<Found<Notice>> {
    Ok(Found(notices::get(&app.db, &ctx, *id).await?))
}

/// List whom a notice is for, and when each read it.
#[utoipa::path(
    tag = "contact",
    params(("notice_id" = NoticeId, Path), ReaderQuery, PageQuery),
    responses((status = 200, body = Page<Reader>), Problems),
    security(("bearer" = ["notice:write"]))
)]
#[get("/notices/{notice_id}/readers")]
async fn list_readers(
    ctx: Can<can::NoticeWrite>,
    app: App,
    id: Id<NoticeId>,
    query: ValidQuery<ReaderQuery>,
    page: ValidQuery<PageQuery>,
) -> Answer<Found<Page<Reader>>> {
    Ok(Found(notices::readers(&app.db, &ctx, *id, &query, &page).await?))
}

/// Take a notice back.
///
/// It leaves the feeds, and what has not yet left by a channel does not.
#[utoipa::path(
    tag = "contact",
    params(("notice_id" = NoticeId, Path)),
    responses((status = 204, description = "Taken back"), Problems),
    security(("bearer" = ["notice:write"]))
)]
#[delete("/notices/{notice_id}")]
async fn recall_notice(ctx: Can<can::NoticeWrite>, app: App, id: Id<NoticeId>) -> Answer<Done> {
    notices::recall(&app.db, &ctx, *id).await?;
    Ok(Done)
}

/// List the guardians of a class and when they were last here.
#[utoipa::path(
    tag = "contact",
    params(("class_id" = ClassId, Path)),
    responses((status = 200, body = Page<GuardianAdoption>), Problems),
    security(("bearer" = ["notice:write"]))
)]
#[get("/classes/{class_id}/contact-adoption")]
async fn get_class_adoption(ctx: Can<can::NoticeWrite>, app: App, id: Id<ClassId>) -> Answer<Found<Page<GuardianAdoption>>> {
    Ok(Found(adoption::of_class(&app.db, &ctx, *id).await?))
}

/// Count, class by class, the guardians who have come.
#[utoipa::path(
    tag = "contact",
    params(("unit_id" = UnitId, Path)),
    responses((status = 200, body = Page<ClassAdoption>), Problems),
    security(("bearer" = ["notice:write"]))
)]
#[get("/units/{unit_id}/contact-adoption")]
async fn get_school_adoption(ctx: Can<can::NoticeWrite>, app: App, id: Id<UnitId>) -> Answer<Found<Page<ClassAdoption>>> {
    Ok(Found(adoption::of_school(&app.db, &ctx, *id).await?))
}
