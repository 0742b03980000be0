//! What leaves the house, for administrators.

use crate::answer::{Answer, Done, Found};
use crate::extract::{App, Can, Id, ValidQuery, can};
use crate::problem::Problems;
use crate::routes::Routes;
use actix_web::{get, post};
use dto::contact::{Delivery, DeliveryQuery};
use dto::page::PageQuery;
use dto::{DeliveryId, Page};
use gradebook::contact_book::deliveries;

pub fn configure(cfg: &mut impl Routes) {
    cfg.service(list_deliveries).service(retry_delivery);
}

/// List outgoing messages: those given up, or in another state. Neither content nor recipient is in it.
#[utoipa::path(
    tag = "contact",
    params(DeliveryQuery, PageQuery),
    responses((status = 200, body = Page<Delivery>), Problems),
    security(("bearer" = ["delivery:manage"]))
)]
#[get("/deliveries")]
async fn list_deliveries(
    ctx: Can<can::DeliveryManage>,
    app: App,
    query: ValidQuery<DeliveryQuery>,
    page: ValidQuery<PageQuery>,
) -> Answer<Found<Page<Delivery>>> {
    Ok(Found(deliveries::list(&app.db, &ctx, &query, &page).await?))
}

/// Try a message again that was given up.
#[utoipa::path(
    tag = "contact",
    params(("delivery_id" = DeliveryId, Path)),
    responses((status = 204, description = "Waiting again"), Problems),
    security(("bearer" = ["delivery:manage"]))
)]
#[post("/deliveries/{delivery_id}/retry")]
async fn retry_delivery(ctx: Can<can::DeliveryManage>, app: App, id: Id<DeliveryId>) -> Answer<Done> {
    deliveries::retry(&app.db, &ctx, *id).await?;
    Ok(Done)
}
