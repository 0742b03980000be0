//! What every handler may use.

use crate::limits::Limiter;
use identity::Keys;
use kernel::Db;
use kernel::config::Config;

pub struct AppState {
    pub db: Db,
    pub keys: Keys,
    pub config: Config,
    pub limiter: Limiter,
}

impl AppState {
    pub fn new(db: Db, keys: Keys, config: Config) -> Self {
        let limiter = Limiter::new(&config.limits);
        AppState { db, keys, config, limiter }
    }
}

/// The state as handlers take it.
pub type App = actix_web::web::Data<AppState>;
