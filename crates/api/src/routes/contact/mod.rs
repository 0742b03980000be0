//! The contact book.

mod deliveries;
mod feed;
mod leave;
mod live;
mod notices;
mod preferences;
mod review;
mod threads;

use utoipa_actix_web::service_config::ServiceConfig;

pub fn configure(cfg: &mut ServiceConfig) {
    feed::configure(cfg);
    notices::configure(cfg);
    threads::configure(cfg);
    review::configure(cfg);
    leave::configure(cfg);
    live::configure(cfg);
    preferences::configure(cfg);
    deliveries::configure(cfg);
}
