//! Classes.

use crate::answer::{Answer, CreatedVersion, Found, FoundVersion, Saved};
use crate::extract::{App, Can, Id, Valid, ValidQuery, Version, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{get, post, put};
use dto::classes::{Class, ClassQuery, PostClass, PutClass};
use dto::page::PageQuery;
use dto::{ClassId, Page};

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(list_classes).service(create_class).service(get_class).service(put_class);
}

/// List classes, by grade and name.
///
/// Of the current school year where none is named: those of the caller's schools; for a teacher, those taught and the
/// homeroom class.
#[utoipa::path(
    tag = "classes",
    params(ClassQuery, PageQuery),
    responses((status = 200, body = Page<Class>), Problems),
    security(("bearer" = ["class:read"]))
)]
#[get("/classes")]
async fn list_classes(
    ctx: Can<can::ClassRead>,
    app: App,
    query: ValidQuery<ClassQuery>,
    page: ValidQuery<PageQuery>,
) -> Answer<Found<Page<Class>>> {
    Ok(Found(records::classes::list(&app.db, &ctx, &query, &page).await?))
}

/// Create a class.
///
/// With the subjects that every class of its grade has.
#[utoipa::path(
    tag = "classes",
    request_body = PostClass,
    responses((status = 201, body = Class), Problems),
    security(("bearer" = ["class:write"]))
)]
#[post("/classes")]
async fn create_class(ctx: Can<can::ClassWrite>, app: App, body: Valid<PostClass>) -> Answer<CreatedVersion<Class>> {
    let class = records::classes::create(&app.db, &ctx, &body).await?;
    let version = class.version;
    Ok(CreatedVersion(class, version))
}

/// Read a class.
#[utoipa::path(
    tag = "classes",
    params(("class_id" = ClassId, Path)),
    responses((status = 200, body = Class), Problems),
    security(("bearer" = ["class:read"]))
)]
#[get("/classes/{class_id}")]
async fn get_class(ctx: Can<can::ClassRead>, app: App, id: Id<ClassId>) -> Answer<FoundVersion<Class>> {
    let class = records::classes::get(&app.db, &ctx, *id).await?;
    let version = class.version;
    Ok(FoundVersion(class, version))
}

/// Change a class's name and homeroom teacher.
#[utoipa::path(
    tag = "classes",
    params(("class_id" = ClassId, Path), ("If-Match" = String, Header, description = "The version that was read.")),
    request_body = PutClass,
    responses((status = 200, body = Class), Problems),
    security(("bearer" = ["class:write"]))
)]
#[put("/classes/{class_id}")]
async fn put_class(
    ctx: Can<can::ClassWrite>,
    app: App,
    id: Id<ClassId>,
    version: Version,
    body: Valid<PutClass>,
) -> Answer<Saved<Class>> {
    let class = records::classes::put(&app.db, &ctx, *id, *version, &body).await?;
    let version = class.version;
    Ok(Saved(class, version))
}
