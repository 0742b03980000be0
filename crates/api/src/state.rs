//! What every handler may use.

use crate::limits::Limiter;
use crate::stream::Streams;
use identity::Keys;
use kernel::Db;
use kernel::config::Config;

pub struct AppState {
    pub db: Db,
    pub keys: Keys,
    pub config: Config,
    pub limiter: Limiter,
    pub streams: Streams,
}

impl AppState {
    pub fn new(db: Db, keys: Keys, config: Config) -> Self {
        let limiter = Limiter::new(&config.limits);
        AppState { db, keys, config, limiter, streams: Streams::default() }
    }
}

/// The state as handlers take it.
pub type App = actix_web::web::Data<AppState>;
