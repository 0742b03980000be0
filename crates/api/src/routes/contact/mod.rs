//! The contact book.

mod deliveries;
mod feed;
mod leave;
mod live;
mod notices;
mod preferences;
mod review;
mod threads;

use crate::routes::Routes;

pub fn configure(cfg: &mut impl Routes) {
    feed::configure(cfg);
    notices::configure(cfg);
    threads::configure(cfg);
    review::configure(cfg);
    leave::configure(cfg);
    live::configure(cfg);
    preferences::configure(cfg);
    deliveries::configure(cfg);
}
