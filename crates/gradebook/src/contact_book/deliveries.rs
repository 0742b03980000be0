//! What is on its way out and what was given up, for administrators: without content and without recipients.

use dto::access::Permission;
use dto::contact::{Delivery, DeliveryQuery, DeliveryState};
use dto::page::PageQuery;
use dto::{DeliveryId, Page};
use kernel::{Ctx, Db, Event, Result, outbox, page};
use records::contact::schools_reached;

/// Outgoing messages of the caller's schools in a state, newest first.
pub async fn list(db: &Db, ctx: &Ctx, query: &DeliveryQuery, page: &PageQuery) -> Result<Page<Delivery>> {
    let state = query.state.unwrap_or(DeliveryState::Dead);
    let schools = schools_reached(ctx, Permission::DeliveryManage);
    outbox::list(db.read(), state, schools, page::decode(page.after.as_deref())?, page.limit()).await
}

/// Lets a message that was given up be tried again.
pub async fn retry(db: &Db, ctx: &Ctx, id: DeliveryId) -> Result<()> {
    db.write(ctx, async |tx| {
        let school = outbox::retry_in(tx, id, schools_reached(tx.ctx(), Permission::DeliveryManage)).await?;
        Ok(((), vec![Event::new(Some(school), "delivery.retried", "delivery", id)]))
    })
    .await
}
