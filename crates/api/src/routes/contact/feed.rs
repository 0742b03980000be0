//! What the schools tell: the feed of a guardian, or of a learner.

use crate::answer::{Answer, Done, Found};
use crate::extract::{App, Can, Valid, ValidQuery, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{get, post};
use dto::Page;
use dto::contact::{FeedItem, FeedQuery, PostSeen};
use dto::page::PageQuery;
use gradebook::contact_book::feed;

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(list_feed).service(post_feed_seen);
}

/// List what the schools tell the caller.
///
/// A guardian: one feed for all children in all schools, newest first. A learner: what concerns oneself; what is for the family alone
/// (fees, answers to requests for leave) is not in it.
#[utoipa::path(
    tag = "contact",
    params(FeedQuery, PageQuery),
    responses((status = 200, body = Page<FeedItem>), Problems),
    security(("bearer" = ["contact:feed"]))
)]
#[get("/me/feed")]
async fn list_feed(
    ctx: Can<can::ContactFeed>,
    app: App,
    query: ValidQuery<FeedQuery>,
    page: ValidQuery<PageQuery>,
) -> Answer<Found<Page<FeedItem>>> {
    Ok(Found(feed::list(&app.db, &ctx, &query, &page).await?))
}

/// Leave read receipts.
///
/// The feed was opened and these notices stood on the screen. What the caller may not see is passed over.
#[utoipa::path(
    tag = "contact",
    request_body = PostSeen,
    responses((status = 204, description = "Kept"), Problems),
    security(("bearer" = ["contact:feed"]))
)]
#[post("/me/feed/seen")]
async fn post_feed_seen(ctx: Can<can::ContactFeed>, app: App, body: Valid<PostSeen>) -> Answer<Done> {
    feed::seen(&app.db, &ctx, &body).await?;
    Ok(Done)
}
