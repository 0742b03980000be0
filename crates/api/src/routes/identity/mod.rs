//! Identity: who is calling, and on what they may.

mod accounts;
mod cookies;
mod filters;
mod me;
mod password_resets;
mod sessions;

use crate::routes::Routes;

pub fn configure(cfg: &mut impl Routes) {
    sessions::configure(cfg);
    me::configure(cfg);
    filters::configure(cfg);
    password_resets::configure(cfg);
    accounts::configure(cfg);
}
