//! Identity: who is calling, and on what they may.

mod accounts;
mod cookies;
mod me;
mod password_resets;
mod sessions;

use utoipa_actix_web::service_config::ServiceConfig;

pub fn configure(cfg: &mut ServiceConfig) {
    sessions::configure(cfg);
    me::configure(cfg);
    password_resets::configure(cfg);
    accounts::configure(cfg);
}
