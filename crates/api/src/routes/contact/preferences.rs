//! What a guardian wants to be told, how, and when not; devices that take push.

use crate::answer::{Answer, Changed, Created, Done, Found, FoundVersion, Saved};
use crate::extract::{App, Can, Id, Valid, Version, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{delete, get, post, put};
use dto::contact::{ContactPreferences, PostEmailCode, PostPushSubscription, PushKey, PushSubscription, PutContactPreferences};
use dto::{Page, PushSubscriptionId};
use gradebook::contact_book::{email, preferences};

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(get_contact_preferences)
        .service(put_contact_preferences)
        .service(send_email_code)
        .service(confirm_email)
        .service(get_push_key)
        .service(list_push_subscriptions)
        .service(post_push_subscription)
        .service(delete_push_subscription);
}

/// Read by which channels one is told of what, and the quiet hours.
#[utoipa::path(
    tag = "contact",
    responses((status = 200, body = ContactPreferences), Problems),
    security(("bearer" = ["contact:family"]))
)]
#[get("/me/contact-preferences")]
async fn get_contact_preferences(ctx: Can<can::ContactFamily>, app: App) -> Answer<FoundVersion<ContactPreferences>> {
    let found = preferences::get(&app.db, &ctx, &app.channels.available()).await?;
    let version = found.version;
    Ok(FoundVersion(found, version))
}

/// Change by which channels one is told of what, and the quiet hours.
#[utoipa::path(
    tag = "contact",
    request_body = PutContactPreferences,
    responses((status = 200, body = ContactPreferences), Problems),
    security(("bearer" = ["contact:family"]))
)]
#[put("/me/contact-preferences")]
async fn put_contact_preferences(
    ctx: Can<can::ContactFamily>,
    app: App,
    version: Version,
    body: Valid<PutContactPreferences>,
) -> Answer<Saved<ContactPreferences>> {
    let saved = preferences::put(&app.db, &ctx, version.0, &body, &app.channels.available()).await?;
    let version = saved.version;
    Ok(Saved(saved, version))
}

/// Mail a code to the own address.
///
/// To the address that stands in the preferences. Until it is confirmed no other mail goes there. A code is good for 30 minutes and five
/// tries; there is one a minute, and five a day. Where the address is confirmed already, nothing is sent.
#[utoipa::path(
    tag = "contact",
    responses((status = 204, description = "On its way"), Problems),
    security(("bearer" = ["contact:family"]))
)]
#[post("/me/contact-preferences/email-codes")]
async fn send_email_code(ctx: Can<can::ContactFamily>, app: App) -> Answer<Done> {
    email::send_code(&app.db, &ctx, &app.channels.available()).await?;
    Ok(Done)
}

/// Confirm the own address with the code that was mailed to it.
#[utoipa::path(
    tag = "contact",
    request_body = PostEmailCode,
    responses((status = 200, body = ContactPreferences), Problems),
    security(("bearer" = ["contact:family"]))
)]
#[post("/me/contact-preferences/email-confirmation")]
async fn confirm_email(
    ctx: Can<can::ContactFamily>,
    app: App,
    body: Valid<PostEmailCode>,
) -> Answer<Changed<ContactPreferences>> {
    Ok(Changed(email::confirm(&app.db, &ctx, &body, &app.channels.available()).await?))
}

/// Read the key that a browser subscribes to push with (RFC 8292).
#[utoipa::path(
    tag = "contact",
    responses((status = 200, body = PushKey), Problems),
    security(("bearer" = ["account:self"]))
)]
#[get("/push-key")]
async fn get_push_key(_ctx: Can<can::AccountSelf>, app: App) -> Answer<Found<PushKey>> {
    Ok(Found(PushKey { key: app.channels.push_key() }))
}

/// List one's devices that take push messages.
#[utoipa::path(
    tag = "contact",
    responses((status = 200, body = Page<PushSubscription>), Problems),
    security(("bearer" = ["account:self"]))
)]
#[get("/me/push-subscriptions")]
async fn list_push_subscriptions(ctx: Can<can::AccountSelf>, app: App) -> Answer<Found<Page<PushSubscription>>> {
    Ok(Found(preferences::devices(&app.db, &ctx).await?))
}

/// Let a device take push messages.
#[utoipa::path(
    tag = "contact",
    request_body = PostPushSubscription,
    responses((status = 201, body = PushSubscription), Problems),
    security(("bearer" = ["account:self"]))
)]
#[post("/me/push-subscriptions")]
async fn post_push_subscription(
    ctx: Can<can::AccountSelf>,
    app: App,
    body: Valid<PostPushSubscription>,
) -> Answer<Created<PushSubscription>> {
    app.channels.check_subscription(&body)?;
    Ok(Created(preferences::add_device(&app.db, &ctx, &body).await?))
}

/// Forget a device.
#[utoipa::path(
    tag = "contact",
    params(("push_subscription_id" = PushSubscriptionId, Path)),
    responses((status = 204, description = "Forgotten"), Problems),
    security(("bearer" = ["account:self"]))
)]
#[delete("/me/push-subscriptions/{push_subscription_id}")]
async fn delete_push_subscription(ctx: Can<can::AccountSelf>, app: App, id: Id<PushSubscriptionId>) -> Answer<Done> {
    preferences::remove_device(&app.db, &ctx, *id).await?;
    Ok(Done)
}
