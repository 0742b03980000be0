//! What a school shows to the public.

use crate::answer::{Answer, Changed, Created, Found};
use crate::download::download;
use crate::extract::{App, Can, Id, Path, Valid, ValidQuery, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{HttpRequest, HttpResponse, get, post};
use dto::page::PageQuery;
use dto::publications::{PostPublication, PublicItem, PublicSchool, Publication};
use dto::{Page, PublicationId, UnitId};
use records::publications;

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(list_publications)
        .service(post_publication)
        .service(withdraw_publication)
        .service(restore_publication)
        .service(get_public_school)
        .service(list_public_items)
        .service(get_public_photo);
}

/// List what a school has published, the newest first, with whether the public sees it now.
#[utoipa::path(
    tag = "consents",
    params(("school_id" = UnitId, Path), PageQuery),
    responses((status = 200, body = Page<Publication>), Problems),
    security(("bearer" = ["publication:write"]))
)]
#[get("/schools/{school_id}/publications")]
async fn list_publications(
    ctx: Can<can::PublicationWrite>,
    app: App,
    id: Id<UnitId>,
    page: ValidQuery<PageQuery>,
) -> Answer<Found<Page<Publication>>> {
    Ok(Found(publications::list(&app.db, &ctx, *id, &page).await?))
}

/// Publish on the school's public page.
///
/// Refused (`consent_missing`) where somebody who is shown or named has not consented to that: guardian, and the child from seven on.
#[utoipa::path(
    tag = "consents",
    params(("school_id" = UnitId, Path)),
    request_body = PostPublication,
    responses((status = 201, body = Publication), Problems),
    security(("bearer" = ["publication:write"]))
)]
#[post("/schools/{school_id}/publications")]
async fn post_publication(
    ctx: Can<can::PublicationWrite>,
    app: App,
    id: Id<UnitId>,
    body: Valid<PostPublication>,
) -> Answer<Created<Publication>> {
    Ok(Created(publications::publish(&app.db, &ctx, *id, &body).await?))
}

/// Take something off the public page.
#[utoipa::path(
    tag = "consents",
    params(("school_id" = UnitId, Path), ("publication_id" = PublicationId, Path)),
    responses((status = 200, body = Publication), Problems),
    security(("bearer" = ["publication:write"]))
)]
#[post("/schools/{school_id}/publications/{publication_id}/withdraw")]
async fn withdraw_publication(
    ctx: Can<can::PublicationWrite>,
    app: App,
    path: Path<(UnitId, PublicationId)>,
) -> Answer<Changed<Publication>> {
    let (school, id) = *path;
    Ok(Changed(publications::withdraw(&app.db, &ctx, school, id).await?))
}

/// Put back what was taken off the public page.
///
/// Consents are asked anew: refused (`consent_missing`) where somebody who is shown or named does not consent today, or has left the
/// school.
#[utoipa::path(
    tag = "consents",
    params(("school_id" = UnitId, Path), ("publication_id" = PublicationId, Path)),
    responses((status = 200, body = Publication), Problems),
    security(("bearer" = ["publication:write"]))
)]
#[post("/schools/{school_id}/publications/{publication_id}/restore")]
async fn restore_publication(
    ctx: Can<can::PublicationWrite>,
    app: App,
    path: Path<(UnitId, PublicationId)>,
) -> Answer<Changed<Publication>> {
    let (school, id) = *path;
    Ok(Changed(publications::restore(&app.db, &ctx, school, id).await?))
}

/// The school that a public page is of. Needs no account.
#[utoipa::path(
    tag = "consents",
    params(("school_id" = UnitId, Path)),
    responses((status = 200, body = PublicSchool), Problems),
)]
#[get("/public/schools/{school_id}")]
async fn get_public_school(app: App, id: Path<UnitId>) -> Answer<Found<PublicSchool>> {
    Ok(Found(publications::school(&app.db, *id).await?))
}

/// What a school shows to the public, the newest first.
///
/// Needs no account. What a family has withdrawn its consent to is not in it from that moment on.
#[utoipa::path(
    tag = "consents",
    params(("school_id" = UnitId, Path), PageQuery),
    responses((status = 200, body = Page<PublicItem>), Problems),
)]
#[get("/public/schools/{school_id}/publications")]
async fn list_public_items(app: App, id: Path<UnitId>, page: ValidQuery<PageQuery>) -> Answer<Found<Page<PublicItem>>> {
    Ok(Found(publications::public(&app.db, *id, &page).await?))
}

/// The photo of what a school shows to the public. Needs no account.
#[utoipa::path(
    tag = "consents",
    params(("school_id" = UnitId, Path), ("publication_id" = PublicationId, Path)),
    responses((status = 200, description = "The picture.", body = Vec<u8>, content_type = "application/octet-stream"), Problems),
)]
#[get("/public/schools/{school_id}/publications/{publication_id}/photo")]
async fn get_public_photo(app: App, path: Path<(UnitId, PublicationId)>, req: HttpRequest) -> Answer<HttpResponse> {
    let (school, id) = *path;
    let file = publications::photo(&app.db, school, id).await?;
    download(&req, &app.files, &file).await
}
