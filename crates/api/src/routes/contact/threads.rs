//! Threads between families and teachers.

use crate::answer::{Answer, Changed, Created, Done, Found};
use crate::extract::{App, Can, Id, Path, Valid, ValidQuery, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{get, post, put};
use dto::contact::{
    Contact, Message, MessageQuery, PostMessage, PostReason, PostThread, PutThreadState, Thread, ThreadDetail, ThreadQuery,
};
use dto::page::PageQuery;
use dto::{Page, ThreadId};
use gradebook::contact_book::threads;

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(list_contacts)
        .service(list_threads)
        .service(post_thread)
        .service(get_thread)
        .service(post_message)
        .service(put_thread_state)
        .service(report_message);
}

/// List whom the caller may write to.
///
/// A guardian: the homeroom and subject teachers of the children. A teacher: the families of the homeroom class and of who is taught.
#[utoipa::path(
    tag = "contact",
    params(ThreadQuery),
    responses((status = 200, body = Page<Contact>), Problems),
    security(("bearer" = ["contact:thread"]))
)]
#[get("/contacts")]
async fn list_contacts(ctx: Can<can::ContactThread>, app: App, query: ValidQuery<ThreadQuery>) -> Answer<Found<Page<Contact>>> {
    Ok(Found(threads::contacts(&app.db, &ctx, &query).await?))
}

/// List the caller's threads.
#[utoipa::path(
    tag = "contact",
    params(ThreadQuery, PageQuery),
    responses((status = 200, body = Page<Thread>), Problems),
    security(("bearer" = ["contact:thread"]))
)]
#[get("/threads")]
async fn list_threads(
    ctx: Can<can::ContactThread>,
    app: App,
    query: ValidQuery<ThreadQuery>,
    page: ValidQuery<PageQuery>,
) -> Answer<Found<Page<Thread>>> {
    Ok(Found(threads::list(&app.db, &ctx, &query, &page).await?))
}

/// Open a thread.
///
/// The one between a learner's guardians and a teacher; there is one, whoever opens it.
#[utoipa::path(
    tag = "contact",
    request_body = PostThread,
    responses((status = 201, body = Thread), Problems),
    security(("bearer" = ["contact:thread"]))
)]
#[post("/threads")]
async fn post_thread(ctx: Can<can::ContactThread>, app: App, body: Valid<PostThread>) -> Answer<Created<Thread>> {
    Ok(Created(threads::open(&app.db, &ctx, &body).await?))
}

/// Read a thread.
#[utoipa::path(
    tag = "contact",
    params(("thread_id" = ThreadId, Path), MessageQuery),
    responses((status = 200, body = ThreadDetail), Problems),
    security(("bearer" = ["contact:thread"]))
)]
#[get("/threads/{thread_id}")]
async fn get_thread(
    ctx: Can<can::ContactThread>,
    app: App,
    id: Id<ThreadId>,
    query: ValidQuery<MessageQuery>,
) -> Answer<Found<ThreadDetail>> {
    Ok(Found(threads::get(&app.db, &ctx, *id, &query).await?))
}

/// Write a message.
///
/// The same `client_key` again, after an answer that was lost, gives the same message.
#[utoipa::path(
    tag = "contact",
    params(("thread_id" = ThreadId, Path)),
    request_body = PostMessage,
    responses((status = 201, body = Message), Problems),
    security(("bearer" = ["contact:thread"]))
)]
#[post("/threads/{thread_id}/messages")]
async fn post_message(
    ctx: Can<can::ContactThread>,
    app: App,
    id: Id<ThreadId>,
    body: Valid<PostMessage>,
) -> Answer<Created<Message>> {
    Ok(Created(threads::send(&app.db, &ctx, *id, &body).await?))
}

/// Say how far one has read, and mute.
#[utoipa::path(
    tag = "contact",
    params(("thread_id" = ThreadId, Path)),
    request_body = PutThreadState,
    responses((status = 200, body = Thread), Problems),
    security(("bearer" = ["contact:thread"]))
)]
#[put("/threads/{thread_id}/state")]
async fn put_thread_state(
    ctx: Can<can::ContactThread>,
    app: App,
    id: Id<ThreadId>,
    body: Valid<PutThreadState>,
) -> Answer<Changed<Thread>> {
    Ok(Changed(threads::put_state(&app.db, &ctx, *id, &body).await?))
}

/// Report a message to who leads the school.
#[utoipa::path(
    tag = "contact",
    params(("thread_id" = ThreadId, Path), ("seq" = u32, Path)),
    request_body = PostReason,
    responses((status = 204, description = "Reported"), Problems),
    security(("bearer" = ["contact:thread"]))
)]
#[post("/threads/{thread_id}/messages/{seq}/reports")]
async fn report_message(
    ctx: Can<can::ContactThread>,
    app: App,
    path: Path<(ThreadId, u32)>,
    body: Valid<PostReason>,
) -> Answer<Done> {
    let (thread, seq) = *path;
    threads::report(&app.db, &ctx, thread, seq, &body).await?;
    Ok(Done)
}
